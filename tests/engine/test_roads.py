"""
Roads that close, checkpoints and curfews; minutes on paper.

From A to B it is 20 min through X, which halves the way, or 30 through Y, which halves that one.
"""

import pytest

from sim.log import Ending, Event

from ..worlds import Answer, logged, world_of

NODES = "node,lat,lon\na,35.00,36.00\nb,35.00,36.20\nx,35.01,36.10\ny,34.90,36.10\n"
EDGES = "from,to,km,kmh\na,x,10,60\nx,b,10,60\na,y,15,60\ny,b,15,60\n"


def drawn(
    *callouts,
    around="",
    teams="T: {base: A}",
    kinds="job: {share: 100%}",
    rest="",
    roads="",
    edges=EDGES,
    bases=None,
):
    """Return what a world on these roads gives; ``around`` are further lines of its map."""
    lines = [
        "name: drawn",
        "clock: {start: 2025-01-06 00:00, length: 1 day, timezone: UTC}",
        "map:",
        "  places:",
        "    A: {lat: 35.00, lon: 36.00}",
        "    B: {lat: 35.00, lon: 36.20}",
        f"  roads: {{nodes: nodes.csv, edges: edges.csv{roads}}}",
        *(f"  {line}" for line in around.strip().splitlines()),
        "demand:",
        "  kinds:",
    ]
    for kind in kinds.strip().splitlines():
        own = "" if "on_scene:" in kind else ", on_scene: 10 min"
        lines.append(f"    {kind.strip()[:-1]}{own}}}")
    lines.append("  callouts:")
    for callout in callouts:
        at, place, kind, *_ = callout.split()
        lines.append(f"    - {{at: 'day 1 {at}', place: {place}, kind: {kind}}}")
    lines.append(f"bases: {bases or ('{A: {}, B: {}}' if 'base: B' in teams else '{A: {}}')}")
    lines.append("teams:")
    lines += [f"  {line}" for line in teams.strip().splitlines()]
    world = world_of("\n".join([*lines, rest]) + "\n", nodes=NODES, edges=edges)
    return Answer(world, logged(world))


def events(day, *words):
    return [(e.at / 60_000, e.what, e.team) for e in day.log.events if e.what in words]


CLOSED = "closures: [{{edge: [x, b], from: 'day 1 {}', until: 'day 1 {}'{}}}]"


def test_a_closure_that_was_announced_is_gone_round_from_the_start():
    day = drawn(
        "00:05 B job", "03:00 B job", around=CLOSED.format("00:00", "02:00", "")
    )  # fmt: skip

    assert day.mission(0)[:3] == (5, 5, 35)
    assert day.mission(1)[:3] == (180, 180, 200)


def test_a_team_on_the_way_is_told_when_a_road_closes():
    """At 10 it is half-way to X: back to A takes 5, and 30 from there."""
    day = drawn("00:05 B job", around=CLOSED.format("00:10", "05:00", ""))

    assert day.mission(0)[:3] == (5, 5, 45)
    assert events(day, Event.TOLD_OF_CLOSURE, Event.MET_CLOSURE) == [(10, Event.TOLD_OF_CLOSURE, 0)]


def test_a_closure_nobody_knows_of_is_met_on_the_road_and_then_known():
    """The first meets it at X at 15: back to A by 25, at B by 55. Later ones go round at once."""
    day = drawn(
        "00:05 B job",
        "00:20 B job",
        around=CLOSED.format("00:00", "05:00", ", known: discovered"),
        teams="T: {base: A, count: 2}",
    )

    assert day.mission(0)[:3] == (5, 5, 55)
    assert day.mission(1)[:3] == (20, 20, 50)
    assert events(day, Event.MET_CLOSURE, Event.CLOSURE_KNOWN) == [
        (15, Event.MET_CLOSURE, 0),
        (15, Event.CLOSURE_KNOWN, None),
    ]


def test_a_discovery_is_told_to_those_who_are_on_the_same_way():
    """The second is 5 min out when the first meets the closed road: back 5, then 30."""
    day = drawn(
        "00:05 B job",
        "00:10 B job",
        around=CLOSED.format("00:00", "05:00", ", known: discovered"),
        teams="T: {base: A, count: 2}",
    )

    assert day.mission(1)[:3] == (10, 10, 50)
    assert events(day, Event.TOLD_OF_CLOSURE) == [(15, Event.TOLD_OF_CLOSURE, 1)]


def test_a_closure_announced_after_a_while_may_be_met_before():
    day = drawn("00:05 B job", around=CLOSED.format("00:00", "05:00", ", known_after: 40 min"))

    assert day.mission(0)[:3] == (5, 5, 55)


def test_after_the_announcement_nobody_drives_into_it():
    day = drawn("00:45 B job", around=CLOSED.format("00:00", "05:00", ", known_after: 40 min"))

    assert day.mission(0)[:3] == (45, 45, 75)
    assert events(day, Event.MET_CLOSURE, Event.CLOSURE_KNOWN) == [(40, Event.CLOSURE_KNOWN, None)]


BOTH = """
closures:
  - {edge: [x, b], until: 'day 1 02:00'}
  - {edge: [y, b], until: 'day 1 03:00'}
"""


def test_a_place_without_access_waits_until_a_road_opens_and_is_counted():
    day = drawn("00:05 B job", around=BOTH)

    assert day.mission(0)[:3] == (120, 120, 140)
    assert events(day, Event.NO_ACCESS, Event.ACCESS_AGAIN, Event.REOPENED) == [
        (5, Event.NO_ACCESS, None),
        (120, Event.REOPENED, None),
        (120, Event.ACCESS_AGAIN, None),
        (180, Event.REOPENED, None),
    ]


def test_a_team_without_access_ends_its_mission_and_the_callout_waits():
    """At X at 15 it learns that both ways are closed; it is home at 25, and sent at 120 again."""
    day = drawn(
        "00:05 B job",
        around="closures:\n"
        "  - {edge: [x, b], until: 'day 1 02:00', known: discovered}\n"
        "  - {edge: [y, b], until: 'day 1 03:00'}",
    )

    assert day.mission(0) == (5, 5, None, 15, Ending.NO_ACCESS)
    assert day.mission(0, 1)[:3] == (120, 120, 140)


def test_a_free_team_on_its_way_home_meets_a_closed_road_too():
    """Free at B at 35, at X at 45: the road to A is closed, back to B by 55 and home by 85."""
    day = drawn(
        "00:05 B job",
        "01:20 A job",
        around="closures: [{edge: [a, x], from: 'day 1 00:30', known: discovered}]",
    )

    assert events(day, Event.MET_CLOSURE) == [(45, Event.MET_CLOSURE, 0)]
    assert day.mission(1)[:3] == (80, 80, 85)


def test_a_checkpoint_takes_its_time_and_the_desk_counts_on_it():
    """Through X it is now 26 min, still less than 30."""
    day = drawn("00:05 B job", around="checkpoints: [{edge: [x, b], delay: 6 min}]")

    assert day.mission(0)[:3] == (5, 5, 31)
    (decision,) = day.decisions("dispatch")
    assert decision.arrivals[0] == 26 * 60_000


def test_two_checkpoints_on_one_road_are_passed_one_after_the_other():
    """20 min, and 3 and 4 at the checkpoints; the road round takes 30."""
    day = drawn(
        "00:05 B job",
        around="checkpoints: [{place: B, delay: 3 min}, {edge: [x, b], delay: 4 min}]",
    )

    assert day.mission(0)[:3] == (5, 5, 32)


def test_a_checkpoint_is_logged_once_a_team_has_come_to_it():
    """
    At X at 15, held up to 21, at B at 31. In the second world its shift ends at 18, and it drops
    the callout where it is.
    """
    checked = "checkpoints: [{edge: [x, b], delay: 6 min}]"
    passed = drawn("00:05 B job", around=checked)
    dropped = drawn(
        "00:05 B job",
        around=checked,
        teams="T: {base: A, shifts: [s]}",
        rest="shifts: {s: {hours: 00:00-00:18}}\ndispatch_centre: {shift_end: drop}",
    )

    assert held_up(passed) == [(15, 21, 0)]
    assert passed.mission(0)[:3] == (5, 5, 31)
    assert held_up(dropped) == [(15, 18, 0)]


def held_up(day):
    """Return from when until when each team was held up at a checkpoint, and which team."""
    found = [e for e in day.log.events if e.what == Event.CHECKPOINT_DELAY]
    assert all((e.callout, e.who) == (0, 0) for e in found)
    return [(e.at / 60_000, e.until / 60_000, e.team) for e in found]


def test_no_checkpoint_is_logged_that_a_team_did_not_come_to():
    """Told at 10 that the road beyond X closes, it turns half-way to X and goes round by Y."""
    day = drawn(
        "00:05 B job",
        around="checkpoints: [{edge: [x, b], delay: 6 min}]\n"
        "closures: [{edge: [x, b], from: 'day 1 00:10', until: 'day 1 09:00'}]",
    )

    assert events(day, Event.TOLD_OF_CLOSURE) == [(10, Event.TOLD_OF_CLOSURE, 0)]
    assert held_up(day) == []


def test_a_free_team_without_access_to_its_base_is_logged_until_it_has_it():
    """Free at B at 35, it meets the closure at X at 45; the road round is closed until 05:00."""
    day = drawn(
        "00:05 B job",
        around="closures:\n"
        "  - {edge: [a, x], from: 'day 1 00:30', until: 'day 1 06:00', known: discovered}\n"
        "  - {edge: [a, y], from: 'day 1 00:30', until: 'day 1 05:00'}",
    )

    assert events(day, Event.NO_ACCESS_TO_BASE, Event.ACCESS_TO_BASE_AGAIN) == [
        (45, Event.NO_ACCESS_TO_BASE, 0),
        (300, Event.ACCESS_TO_BASE_AGAIN, 0),
    ]


def test_a_team_that_stands_by_on_a_road_meets_no_closure_further_on():
    """Half-way to X at 40 it hears that the only road home is closed: it would be at X at 45."""
    day = drawn(
        "00:05 B job",
        around="closures: [{edge: [a, x], from: 'day 1 00:30', until: 'day 1 05:00', "
        "known_after: 10 min}]",
        edges="from,to,km,kmh\na,x,10,60\nx,b,10,60\n",
    )

    assert events(day, Event.NO_ACCESS_TO_BASE, Event.MET_CLOSURE) == [
        (40, Event.NO_ACCESS_TO_BASE, 0)
    ]


def test_a_slow_checkpoint_is_gone_round():
    day = drawn("00:05 B job", around="checkpoints: [{edge: [x, b], delay: 20 min}]")

    assert day.mission(0)[:3] == (5, 5, 35)


def test_a_team_that_is_refused_goes_home_and_is_sent_again_after_a_while():
    day = drawn(
        *[f"{hour:02}:00 B job" for hour in range(0, 20, 4)],
        around="checkpoints: [{edge: [x, b], delay: 1 min, refusal: 60%, retry_after: 30 min}]",
    )

    refused = [m for m in day.log.missions if m.ending == Ending.REFUSED_AT_CHECKPOINT]
    assert refused
    for first in refused:
        later = [m for m in day.by_callout[first.callout] if m.dispatched > first.dispatched]
        assert all(m.dispatched >= first.cleared + 30 * 60_000 for m in later)
        assert first.cleared - first.dispatched == 11 * 60_000  # ten to X and one there


def test_another_team_is_sent_where_one_was_refused():
    day = drawn(
        *[f"{hour:02}:00 B job" for hour in range(0, 20, 4)],
        around="checkpoints: [{edge: [x, b], delay: 1 min, refusal: 60%, retry_after: 3 h}]",
        teams="T: {base: A, count: 2}",
    )

    refused = [m for m in day.log.missions if m.ending == Ending.REFUSED_AT_CHECKPOINT]
    assert refused
    for first in refused:
        sent = [m.team for m in day.by_callout[first.callout] if m.dispatched == first.cleared]
        assert first.team not in sent


def test_a_curfew_slows_everybody_in_its_hours():
    day = drawn(
        "01:00 B job", "12:00 B job", around="curfews: [{hours: 00:00-06:00, speed: 50%}]"
    )  # fmt: skip

    assert day.mission(0)[:3] == (60, 60, 100)
    assert day.mission(1)[:3] == (720, 720, 740)


PATIENT = "job: {share: 100%, to: hospital, handover: 5 min}"


def test_a_closed_road_is_met_with_a_patient_on_board_too():
    """Picked up at B at 35; at X at 45 the road to A is closed: 10 back, 30 round; there at 85."""
    day = drawn(
        "00:05 B job",
        kinds=PATIENT,
        around="hospitals: {General: A}\n"
        "closures: [{edge: [a, x], from: 'day 1 00:30', known: discovered}]",
    )

    (mission,) = day.by_callout[0]
    assert (mission.left // 60_000, mission.at_hospital // 60_000) == (35, 85)


def test_a_patient_with_no_way_to_hospital_waits_on_board_until_there_is_one():
    """At X at 45 both ways are closed; one opens at 120, and A is 10 away."""
    day = drawn(
        "00:05 B job",
        kinds=PATIENT,
        around="hospitals: {General: A}\n"
        "closures:\n"
        "  - {edge: [a, x], from: 'day 1 00:30', until: 'day 1 02:00', known: discovered}\n"
        "  - {edge: [a, y], from: 'day 1 00:30'}",
    )

    (mission,) = day.by_callout[0]
    assert mission.at_hospital // 60_000 == 130


VARYING = ", travel_time_cv: 40%"


@pytest.mark.parametrize("more", ["", "U: {base: A}\n"])
@pytest.mark.parametrize("calls", [(), ("09:00 B job",)])
def test_the_luck_of_a_drive_belongs_to_the_callout_and_the_team(more, calls):
    """A team more, or a callout more, changes nobody's draws on the road."""
    alone = drawn("02:00 B job", roads=VARYING)

    day = drawn("02:00 B job", *calls, roads=VARYING, teams=f"T: {{base: A}}\n{more}")

    assert alone.mission(0)[2] != 140
    assert day.mission(0)[2] == alone.mission(0)[2]


def test_the_desk_expects_what_drives_take_on_average():
    day = drawn("02:00 B job", roads=VARYING)

    (decision,) = day.decisions("dispatch")
    assert decision.arrivals[0] == 20 * 60_000


def test_exposure_on_the_way_counts_for_each_person():
    """X to B has exposure 3 for 10 min, with four people: 120 person-minutes."""
    day = drawn("02:00 B job", edges=EDGES.replace("kmh\n", "kmh,exposure\n").replace(
        "x,b,10,60", "x,b,10,60,3"))  # fmt: skip

    assert [e.who for e in day.log.events if e.what == Event.EXPOSED] == [120 * 60]


def test_a_road_that_closes_behind_a_team_with_a_patient_changes_nothing_for_it():
    """Its exposure is that of the way it took, though there is no such way when it arrives."""
    day = drawn(
        "00:05 B job",
        kinds=PATIENT,
        edges=EDGES.replace("kmh\n", "kmh,exposure\n").replace("x,b,10,60", "x,b,10,60,3"),
        around="hospitals: {General: A}\n"
        "closures:\n"
        "  - {edge: [x, b], from: 'day 1 00:50'}\n"
        "  - {edge: [y, b], from: 'day 1 00:50'}",
    )

    assert [m.at_hospital // 60_000 for m in day.log.missions] == [55]
    assert [e.who for e in day.log.events if e.what == Event.EXPOSED] == [2 * 120 * 60]
