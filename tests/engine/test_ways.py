"""
The ways of drives, minutes on paper.

The roads are those of `test_roads`: from A to B it is 20 min through X, which halves the way, or
30 through Y, which halves that one.
"""

import pytest

from sim.log import Event
from sim.world import Courses, waypoints

from ..worlds import MINUTE, hand_worked, in_minutes, logged, world_of
from .test_roads import CLOSED, drawn

A, B, X, Y = (36.0, 35.0), (36.2, 35.0), (36.1, 35.01), (36.1, 34.9)
HALFWAY = (36.05, 35.005)  # from A to X


def ways_of(world, team=0):
    """Return callout and way of each drive of a team; instants in minutes."""
    rows = [row for row in logged(world, drives=True).drives if row.team == team]
    courses = Courses(world.travel, world.file.places)
    return [
        (row.callout, [(in_minutes(p.at), (round(p.lon, 6), round(p.lat, 6))) for p in way])
        for row, way in waypoints(courses, rows, 0, world.ends)
    ]


def ways(*callouts, team=0, **rest):
    return ways_of(drawn(*callouts, **rest).world, team)


def test_a_day_is_told_from_turnout_to_base():
    """It turns out at 5 and leaves at 7, is at B at 27, works until 37, and is home at 57."""
    day = ways("00:05 B job", rest="dispatch_centre: {turnout: 2 min}")

    assert day == [
        (None, [(0, A)]),
        (0, [(5, A), (7, A), (17, X), (27, B)]),
        (None, [(37, B), (47, X), (57, A)]),
    ]


def test_a_team_told_of_a_closure_turns_round_where_it_is():
    """At 10 it is half-way to X: back to A takes 5, and 30 from there."""
    day = ways("00:05 B job", around=CLOSED.format("00:10", "05:00", ""))

    assert day[1:3] == [
        (0, [(5, A), (10, HALFWAY)]),
        (0, [(10, HALFWAY), (15, A), (30, Y), (45, B)]),
    ]


def test_a_team_that_meets_a_closure_goes_back_from_there():
    day = ways("00:05 B job", around=CLOSED.format("00:00", "05:00", ", known: discovered"))

    assert day[1:3] == [
        (0, [(5, A), (15, X)]),
        (0, [(15, X), (25, A), (40, Y), (55, B)]),
    ]


def test_a_team_sent_on_from_its_way_home_turns_where_that_is_sooner():
    """At 50 it is 3 past X; on through A it is 27 to B, back through X 13."""
    day = ways("00:05 B job", "00:50 B job", rest="dispatch_centre: {turnout: 2 min}")

    assert day[2:4] == [
        (None, [(37, B), (47, X), (50, (36.07, 35.007))]),
        (1, [(50, (36.07, 35.007)), (53, X), (63, B)]),
    ]


def test_patients_are_driven_too():
    """It works at B until 35, and is at the hospital, in A, at 55; the handover takes 20."""
    day = ways(
        "00:05 B job",
        around="hospitals: {H: A}",
        kinds="job: {share: 100%, to: hospital, handover: 20 min}",
    )

    assert day[1:] == [
        (0, [(5, A), (15, X), (25, B)]),
        (0, [(35, B), (45, X), (55, A)]),
        (None, [(75, A)]),
    ]


def test_a_team_that_is_refused_was_at_the_checkpoint_then():
    """Its drive is slower all along, by how long it was held up there: so it would be elsewhere."""
    check = "{edge: [x, b], delay: {mean: 6 min, sd: 6 min}, refusal: 90%}"
    world = drawn(
        *(f"{hour:02d}:05 B job" for hour in range(0, 24, 4)),
        around=f"checkpoints: [{check}]",
        roads=", travel_time_cv: 20%",
    ).world
    log = logged(world, drives=True)
    refused = {e.at for e in log.events if e.what == Event.REFUSED_AT_CHECKPOINT}
    found = [*waypoints(Courses(world.travel, world.file.places), log.drives, 0, world.ends)]
    ends, begins = ({way[end].at: way[end][1:] for _, way in found} for end in (-1, 0))

    assert len(refused) > 3
    assert {ends[at] for at in refused} == {begins[at] for at in refused} == {X}


LINES = """
name: lines
clock: {start: 2025-01-06 00:00, length: 1 day, timezone: UTC}
map:
  places:
    A: {lat: 35.0, lon: 36.0}
    B: {lat: 35.0, lon: 36.2}
  roads: %s
demand:
  kinds: {job: {share: 100%%, on_scene: 10 min}}
  callouts:
    - {at: day 1 00:05, place: B, kind: job}
bases: {A: {}}
teams: {T: {base: A}}
"""


@pytest.mark.parametrize(
    "roads", ["{circuity: 1.3, speed: {day: 60 km/h}}", "{table: {A: {B: 20 min}, B: {A: 20 min}}}"]
)
def test_without_roads_a_way_is_a_straight_line(roads):
    world = world_of(LINES % roads)
    lasts = world.travel.times[0][0][1] / MINUTE

    assert [way for _, way in ways_of(world)] == [
        [(0, A)],
        [(5, A), (pytest.approx(5 + lasts), B)],
        [(pytest.approx(15 + lasts), B), (pytest.approx(15 + 2 * lasts), A)],
    ]


def test_without_coordinates_there_are_drives_but_no_ways():
    world = world_of(hand_worked("00:05 B job", places="A B", times="A-B 20"))

    assert ways_of(world) == [(None, []), (0, []), (None, [])]


def test_the_warm_up_is_cut_out_and_the_first_way_begins_at_0():
    """Received 20 min before 0, it is at X then."""
    text = drawn("00:05 B job").world
    rows = logged(text, drives=True).drives
    courses = Courses(text.travel, text.file.places)

    (row, way), *_ = waypoints(courses, rows, 15 * MINUTE, text.ends)

    assert row.at == 5 * MINUTE
    assert [(in_minutes(p.at), (p.lon, p.lat)) for p in way] == [(15, X), (25, B)]
