"""A response time and its parts: on paper, and their sum in worlds of every kind."""

import random

import pytest

from sim.outcomes.explanation.response_split import ResponsePart, parts_of_response
from sim.outcomes.explanation.whereabouts import Whereabouts
from sim.scenario import find_scenario, read_scenario
from sim.world import build

from ..engine.test_roads import drawn
from ..worlds import answered, hand_worked, logged
from .test_whereabouts import worlds_at_random


def parts(day, callout):
    """Return the parts of a response time in minutes."""
    known = Whereabouts(day.log, day.world)
    found = parts_of_response(known, day.callouts[callout])
    return {spent.part: spent.lasts / 60_000 for spent in found}


def test_call_handling_queue_turnout_and_drive_make_up_the_response_time():
    """Ready at 7, T is cleared at 40 where it is; the second turns out at once and drives 10."""
    text = hand_worked(
        "00:00 A job 38", "00:05 B job", places="A B", times="A-B 10",
        teams="T: {base: A, turnout: 2 min}", rest="dispatch_centre: {call_handling: 2 min}",
    )  # fmt: skip
    day = answered(text)

    assert parts(day, 0) == {ResponsePart.CALL_HANDLING: 2, ResponsePart.TURNOUT: 2}
    assert parts(day, 1) == {
        ResponsePart.CALL_HANDLING: 2,
        ResponsePart.NO_TEAM: 35,
        ResponsePart.DRIVE: 10,
    }


def test_a_drive_with_lights_and_sirens_is_expected_as_it_is():
    """20 min at twice the speed; the usual turnout is told from the drive."""
    day = drawn(
        "00:05 B job",
        around="lights_and_sirens: {to_scene: {1: 200%}}",
        teams="T: {base: A, turnout: 2 min}",
    )

    assert parts(day, 0) == {ResponsePart.TURNOUT: 2, ResponsePart.DRIVE: 10}


def test_a_rule_that_sends_nobody_is_told_from_having_nobody():
    text = hand_worked(
        "00:00 A low 60", "00:05 A low",
        kinds="low: {share: 100%, priority: 2}", teams="T: {base: A, count: 2}",
        rest="policies: {p: {dispatch: {cutoff: {reserve: {2: 1}}}}}",
    )  # fmt: skip

    assert parts(answered(text), 1) == {ResponsePart.KEPT: 55}


def test_permission_and_a_deferral_are_parts_of_their_own():
    """Permitted at 30; held for two hours, as one team stays free and there is only one."""
    text = hand_worked(
        "00:00 A job",
        kinds="job: {share: 100%, permission: 30 min, "
        "deferrable: {min_free_teams: 1, max_hold: 2 h}}",
    )

    assert parts(answered(text), 0) == {ResponsePart.PERMISSION: 30, ResponsePart.HELD: 120}


def test_a_team_staged_and_then_withdrawn_leaves_the_time_until_the_scene_is_safe():
    """In B at 10, staged to 25 and withdrawn; safe at 60, when it is sent from B at once."""
    kind = "shots: {{share: 100%, scene_hazard: {{safe_after: {}, withdraw_after: 15 min}}}}"
    world = {"places": "A B", "times": "A-B 10", "rest": "dispatch_centre: {turnout: 0 min}"}
    withdrawn = answered(hand_worked("00:00 B shots", kinds=kind.format("60 min"), **world))
    staged = answered(hand_worked("00:00 B shots", kinds=kind.format("20 min"), **world))

    assert parts(withdrawn, 0)[ResponsePart.UNSAFE] == 60
    assert parts(staged, 0) == {ResponsePart.DRIVE: 10, ResponsePart.STAGED: 10}


def test_a_crew_that_does_not_assemble_costs_the_time_out():
    text = hand_worked(
        "00:00 A job", places="A B", bases="A B", times="A-B 10",
        teams="Crew: {base: A, crew: 1, on_call: {volunteers: Town, assembly_timeout: 15 min}}\n"
        "Far: {base: B}",
        rest="volunteers: {Town: {people: 2, acceptance: 0%, answer_delay: 1 min, "
        "travel_to_base: 1 min}}",
    )  # fmt: skip

    assert parts(answered(text), 0) == {ResponsePart.NO_CREW: 15, ResponsePart.DRIVE: 10}


def test_checkpoints_closures_and_no_access_are_told_apart():
    """
    Through X it is 20 min and 6 at the checkpoint. Met at X at 15, the closure costs 10 back and
    10 more by Y. Without access until 02:00 the queue time is that.
    """
    checked = drawn("00:05 B job", around="checkpoints: [{edge: [x, b], delay: 6 min}]")
    met = drawn("00:05 B job", around="closures: [{edge: [x, b], known: discovered}]")
    cut = drawn(
        "00:05 B job",
        around="closures:\n  - {edge: [x, b], until: 'day 1 02:00'}\n"
        "  - {edge: [y, b], until: 'day 1 03:00'}",
    )

    assert parts(checked, 0) == {ResponsePart.DRIVE: 20, ResponsePart.CHECKPOINTS: 6}
    assert parts(met, 0) == {ResponsePart.DRIVE: 20, ResponsePart.REROUTED: 30}
    assert parts(cut, 0) == {ResponsePart.NO_ACCESS: 115, ResponsePart.DRIVE: 20}


def test_a_refusal_costs_what_the_refused_team_lost():
    """Ten to X and one there; then the other team goes, or the same after half an hour."""
    day = drawn(
        *[f"{hour:02}:00 B job" for hour in range(0, 20, 4)],
        around="checkpoints: [{edge: [x, b], delay: 1 min, refusal: 60%, retry_after: 30 min}]",
    )
    refused = [n for n, row in day.callouts.items() if len(day.by_callout[n]) > 1 and row.on_scene]

    assert refused
    for number in refused:
        tries = len(day.by_callout[number]) - 1
        assert parts(day, number)[ResponsePart.REFUSED] == 11 * tries


def test_a_drive_longer_or_shorter_than_expected_is_told_by_how_much():
    day = drawn(*["00:00 B job", "03:00 B job"] * 3, roads=", travel_time_cv: 40%",
                teams="T: {base: A, count: 6}")  # fmt: skip

    for number, row in day.callouts.items():
        found, lasted = parts(day, number), (row.on_scene - row.received) / 60_000
        assert found[ResponsePart.DRIVE] == 20
        assert found[ResponsePart.VARIATION] == pytest.approx(lasted - 20)


def test_who_nobody_reached_has_no_parts():
    day = answered(
        hand_worked("00:00 A job 60", "00:05 A job", rest="policies: {p: {queue: none}}")
    )

    assert parts(day, 1) == {}


def check_sums(world, log):
    """Check that the parts add up, that none is negative but the variation, and none is zero."""
    known = Whereabouts(log, world)
    for row in log.callouts:
        found = parts_of_response(known, row)
        whole = 0 if row.on_scene is None else row.on_scene - row.received
        assert sum(spent.lasts for spent in found) == whole, row
        for spent in found:
            assert spent.lasts > 0 or (spent.part == ResponsePart.VARIATION and spent.lasts), row
    return len(log.callouts)


@pytest.mark.parametrize("number", range(6))
def test_the_parts_add_up_to_the_response_time_whatever_happens(number):
    for world in worlds_at_random(100 + number):
        check_sums(world, logged(world, replication=number))


@pytest.mark.parametrize(
    "name",
    [
        "coast-march-2025",
        "lattakia-collapse",
        pytest.param("coast-volunteers", marks=pytest.mark.long),
        pytest.param("coast-fire-night", marks=pytest.mark.long),
        pytest.param("staffing-study", marks=pytest.mark.long),
    ],
)
def test_the_parts_add_up_in_shipped_scenarios(name):
    """To the millisecond, for each of hundreds of callouts."""
    world = build(read_scenario(find_scenario(name), {"clock.length": "10 days"}))
    alternative = random.Random(name).choice(list(world.scenario.policies))

    assert check_sums(world, logged(world, alternative)) > 60
