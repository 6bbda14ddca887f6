"""
Teams whose vehicle is slower or faster than the ordinary one; minutes on paper.

By table from A to B it is 12 min, from B to the hospital in H 9, from A to H 30.
"""

import random
from functools import cache

import pytest

from sim.engine.foundation.atlases import Atlases
from sim.log import Ending, Event
from sim.outcomes import driving_facts
from sim.outcomes.explanation.whereabouts import Reason, Whereabouts
from sim.world import Distances

from ..worlds import MINUTE, Answer, answered, hand_worked, logged, world_of
from .drive_watch import Watched, drawn_world
from .test_drives import NUMBERS, compared_places
from .test_roads import drawn, events
from .test_speeds import test_the_arrival_that_a_rule_sees_is_that_of_the_drive as arrivals_agree

SLOW = "T: {base: A, speed: 50%}"
KINDS = "urgent: {share: 50%, priority: 1, to: hospital}\ncalm: {share: 50%, priority: 3}"
STRAIGHT = "  roads: {circuity: 1, speed: {day: 60 km/h}}"


def by_table(*callouts, teams=SLOW, kinds=KINDS, sirens="", rest="hospitals: {General: H}", **more):
    text = hand_worked(
        *callouts, places="A B H", times="A-B 12, B-H 9, A-H 30", kinds=kinds, teams=teams,
        rest=rest, **more,
    )  # fmt: skip
    world = world_of(text.replace("  roads:\n", f"  {sirens}\n  roads:\n") if sirens else text)
    return Answer(world, logged(world))


def test_a_slow_vehicle_is_slow_to_the_scene_to_hospital_and_home():
    """At B at 24, done at 34, at H at 34 + 18 = 52; home from H takes 60, until 112."""
    desk = "hospitals: {General: H}\ndispatch_centre: {dispatch_while_returning: false}"
    day = by_table("00:00 B urgent", "01:50 A calm", rest=desk)

    assert day.mission(0)[2] == 24
    assert day.log.missions[0].at_hospital == 52 * MINUTE
    assert [d.arrivals[0] / MINUTE for d in day.decisions("destination")] == [18]
    assert day.mission(1)[0] == 112


def test_it_multiplies_with_lights_and_sirens():
    """12 / (0.5 * 2) = 12 for the urgent, 24 for the other."""
    sirens = "lights_and_sirens: {to_scene: {1: 200%}}"
    day = by_table("00:00 B urgent", "04:00 B calm", sirens=sirens)

    assert [m.on_scene - m.dispatched for m in day.log.missions] == [12 * MINUTE, 24 * MINUTE]
    assert [d.arrivals[0] / MINUTE for d in day.decisions("dispatch")] == [12, 24]


def test_it_multiplies_with_weather():
    """20 / (0.8 * 0.5) = 50."""
    day = drawn("00:05 B job", around="weather: [{speed: 80%}]", teams=SLOW)

    assert day.mission(0)[1:3] == (5, 55)


def test_the_closest_is_who_arrives_first_and_not_who_is_nearest():
    """In B 12 min from A and 9 from H: the slow team in H takes 18."""
    teams = "Far: {base: A}\nSlow: {base: H, speed: 50%}"
    day = by_table("00:00 B calm", teams=teams, bases="A H")

    assert day.team(0) == "Far"
    (decision,) = day.decisions("dispatch")
    assert dict(zip(decision.candidates, decision.arrivals, strict=True)) == {
        0: 12 * MINUTE, 1: 18 * MINUTE,
    }  # fmt: skip


def test_on_straight_lines_the_time_is_exactly_that_of_the_speed():
    text = hand_worked("00:00 B job", places="A B", teams="T: {base: A, speed: 80%}")
    text = text.replace("A: {}", "A: {lat: 35, lon: 36}", 1)
    text = text.replace("B: {}", "B: {lat: 35.1, lon: 36}").replace(
        "demand:", STRAIGHT + "\ndemand:"
    )
    day = answered(text)

    (ax, ay), (bx, by) = day.world.travel.points
    assert ax == bx
    (mission,) = day.log.missions
    assert mission.on_scene == round((by - ay) * 3600 / (60 * 0.8))


def test_a_checkpoint_takes_as_long_for_a_slow_vehicle():
    """20 min at half the speed are 40, and 4 at the checkpoint."""
    day = drawn("00:00 B job", around="checkpoints: [{place: B, delay: 4 min}]", teams=SLOW)

    assert day.mission(0)[2] == 44
    assert day.decisions("dispatch")[0].arrivals[0] == 44 * MINUTE


def test_a_slow_vehicle_that_meets_a_closure_comes_round_slowly():
    """It meets the closure at X at 20: back to A by 40, and to B through Y in 60."""
    closed = "closures: [{edge: [x, b], known: discovered}]"
    day = drawn("00:00 B job", around=closed, teams=SLOW)

    assert events(day, Event.MET_CLOSURE) == [(20, Event.MET_CLOSURE, 0)]
    assert day.mission(0)[2] == 100


def test_a_slow_vehicle_is_reassigned_from_where_it_is_at_its_own_speed():
    """A quarter of the way to B at 6 of 24: on in 18 and to H in 18, or back in 6 and 60 on."""
    day = by_table(
        "00:00 B calm 10", "00:06 H urgent 10",
        rest="hospitals: {General: H}\npolicies: {on: {reassignment: by_priority}}",
    )  # fmt: skip

    assert day.mission(0)[4] == Ending.REASSIGNED
    assert day.mission(1)[:3] == (6, 6, 42)
    assert [d.arrivals[-1] / MINUTE for d in day.decisions("dispatch")][1] == 36


def test_who_returns_is_expected_from_where_it_is_at_its_own_speed():
    """On scene 24 to 34, half-way home at 46: from there 12 min to A."""
    day = by_table("00:00 B calm", "00:46 A calm")

    assert day.mission(1)[:3] == (46, 46, 58)
    assert [d.arrivals[0] / MINUTE for d in day.decisions("dispatch")][1] == 12


def test_a_shared_vehicle_makes_its_team_as_fast_as_it_is():
    text = hand_worked(
        "00:00 B job", places="A B", times="A-B 12", teams="T: {base: A, vehicles: [lorry]}",
        rest="vehicles: {lorry: {base: A, speed: 80%, count: 2}}",
    )  # fmt: skip
    day = answered(text)

    assert day.mission(0)[2] == 15
    assert day.decisions("dispatch")[0].arrivals == [15 * MINUTE]


def test_relocation_is_asked_with_the_drives_of_the_teams_own_vehicle():
    teams = "Slow: {base: A, speed: 50%}\nFast: {base: A}"
    day = by_table(
        "00:00 B calm", "00:00 B calm", teams=teams, bases="A H",
        rest="hospitals: {General: H}\npolicies: {list: {relocation: {priority_list: "
        "{order: [A, H]}}}}",
    )  # fmt: skip

    found = {d.subject: [a / MINUTE for a in d.arrivals] for d in day.decisions("relocation")}
    assert found == {0: [24, 18], 1: [12, 9]}


def test_the_map_of_a_rule_has_the_times_of_each_team():
    teams = "Slow: {base: A, speed: 50%}\nFast: {base: A}"
    atlas = Atlases(by_table("00:00 B calm", teams=teams).world)[0]

    assert atlas.team_speeds == (0.5, 1.0)
    assert [atlas.times_of(n)[0][1] / MINUTE for n in (0, 1)] == [24, 12]
    assert atlas.times[0][1] == 12 * MINUTE
    ordinary = Atlases(by_table("00:00 B calm", teams="T: {base: A}").world)[0]
    assert (ordinary.team_speeds, ordinary.team_times) == ((), ())
    assert ordinary.times_of(0) is ordinary.times


def test_a_rule_that_looks_ahead_knows_who_is_slow():
    """
    Both in A, and B at 1 is sure to follow: Slow would be there after 24, Fast after 12.

    This callout, in A itself, takes either as long; so Slow goes, for an hour, and Fast stays.
    """
    teams = "Fast: {base: A}\nSlow: {base: A, speed: 50%}"
    rules = "hospitals: {General: H}\npolicies: {sees: {dispatch: clairvoyant}, near: {}}"
    text = hand_worked(
        "00:00 A calm 60", "00:01 B calm", places="A B H", times="A-B 12, B-H 9, A-H 30",
        kinds=KINDS, teams=teams, rest=rules,
    )  # fmt: skip

    assert [answered(text, "near").team(n) for n in (0, 1)] == ["Fast", "Slow"]
    assert [answered(text, "sees").team(n) for n in (0, 1)] == ["Slow", "Fast"]


def test_a_slow_team_that_was_busy_is_told_as_near_as_it_would_have_been():
    """Slow, in B, would take 24 to A and not 12; it is on another callout."""
    teams = "Slow: {base: B, speed: 50%}\nFar: {base: H}"
    day = by_table("00:00 B calm 60", "00:20 A calm", teams=teams, bases="B H")

    known = Whereabouts(day.log, day.world)
    (found,) = known.nearer(day.callouts[1], known.decisions[1][0])
    assert (found.reason, found.arrival) == (Reason.ON_CALLOUT, 24 * MINUTE)


def test_how_far_a_team_drives_does_not_depend_on_how_fast_it_is():
    """To B and home: 20 km each way."""
    for speed, minutes in (("100%", 20), ("50%", 40), ("125%", 16)):
        day = drawn("00:05 B job", teams=f"T: {{base: A, speed: {speed}}}")
        log = logged(day.world, drives=True)
        driven = {0: [*Distances(day.world.travel).driven(log.drives, 0, day.world.ends)]}
        found = driving_facts(driven, [day.world.fleet.crews[0].place])
        assert day.mission(0)[2] == 5 + minutes
        assert (found["to_scene"].tolist(), found["home"].tolist()) == ([20_000], [20_000])


@cache
def with_own_speeds(number):
    """Return a run of a random world in which some teams have a speed of their own."""
    draws = random.Random(f"vehicles {number}")
    teams = drawn_world(number).scenario.teams
    speeds = {
        f"teams.{name}.speed": draws.choice(["60%", "80%", "130%"])
        for name, team in teams.items()
        if not team.vehicles and draws.random() < 0.7
    }
    watched = Watched(drawn_world(number, speeds), number)
    assert not speeds or watched.world.team_periods is not None
    return watched


@pytest.mark.parametrize("number", NUMBERS)
def test_a_way_is_where_the_engine_has_the_team_whatever_its_vehicle(number):
    assert compared_places(with_own_speeds(number)) > 100


@pytest.mark.parametrize("number", NUMBERS)
def test_the_arrival_that_a_rule_sees_is_that_of_the_teams_own_drive(number, monkeypatch):
    monkeypatch.setattr("tests.engine.test_speeds.with_speeds", with_own_speeds)
    arrivals_agree(number)
