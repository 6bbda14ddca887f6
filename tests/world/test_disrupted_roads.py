"""Epochs and ways of roads that close, on the roads of ``tests/engine/test_roads.py``, by hand."""

import pytest

from sim.errors import ScenarioError
from sim.log import NO_ACCESS

from ..worlds import HOUR, MINUTE, world_of

NODES = "node,lat,lon\na,35.00,36.00\nb,35.00,36.20\nx,35.01,36.10\ny,34.90,36.10\n"
EDGES = (
    "from,to,km,kmh,road,sd,exposure\n"
    "a,x,10,60,North,10%,0\nx,b,10,60,North,10%,2\na,y,15,60,South,,0\ny,b,15,60,South,,1\n"
)
STRAIGHT = """
name: straight
clock: {start: 2025-01-06 00:00, length: 1 day, timezone: UTC}
map:
  places: {A: {lat: 35.00, lon: 36.00}, B: {lat: 35.00, lon: 36.20}}
  roads: {circuity: 1.3, speed: {day: 60 km/h}, travel_time_cv: 20%}
demand: {rate: 10 per day, kinds: {job: {share: 100%, on_scene: 10 min}}}
bases: {A: {}}
teams: {T: {base: A}}
"""
A, B = 0, 1


def drawn(around="", roads="", run="1 day", bases="{A: {}}", edges=EDGES, teams="T: {base: A}"):
    lines = [
        "name: drawn",
        f"clock: {{start: 2025-01-06 00:00, length: {run}, timezone: UTC}}",
        "map:",
        "  places: {A: {lat: 35.00, lon: 36.00}, B: {lat: 35.00, lon: 36.20}}",
        f"  roads: {{nodes: nodes.csv, edges: edges.csv{roads}}}",
        *(f"  {line}" for line in around.strip().splitlines()),
        "demand: {rate: 10 per day, kinds: {job: {share: 100%, on_scene: 10 min}}}",
        f"bases: {bases}",
        f"teams: {{{teams}}}",
    ]
    return world_of("\n".join(lines) + "\n", nodes=NODES, edges=edges)


def drive(world, at, known=()):
    """Return the minutes from A to B at an hour, by what is known of the hidden closures."""
    epoch = [e for e in world.access.epochs if e.begins <= at * HOUR][-1]
    period = epoch.minutes[known][at * 60 % 1440]
    return world.travel.times[period][A][B] / MINUTE


def test_a_world_without_any_of_it_has_no_access_to_look_at():
    assert drawn().access is None


def test_each_beginning_and_end_begins_an_epoch():
    world = drawn("closures: [{edge: [x, b], from: day 1 06:00, until: day 1 09:00}]")

    assert [(e.begins // HOUR, e.closed) for e in world.access.epochs] == [
        (0, ()), (6, (0,)), (9, ()),
    ]  # fmt: skip
    assert [drive(world, hour) for hour in (5, 6, 8, 9)] == [20, 30, 30, 20]


def test_a_closure_in_hours_of_the_day_makes_epochs_every_day():
    world = drawn("closures: [{edge: [x, b], hours: 22:00-04:00}]", run="2 days")

    assert [(e.begins // HOUR, e.closed) for e in world.access.epochs] == [
        (0, (0,)), (4, ()), (22, (0,)), (28, ()), (46, (0,)),
    ]  # fmt: skip


def test_what_is_announced_late_is_hidden_until_then():
    world = drawn("closures: [{edge: [x, b], from: day 1 06:00, known_after: 2 h}]")

    assert [(e.begins // HOUR, e.hidden) for e in world.access.epochs] == [
        (0, ()), (6, (0,)), (8, ()),
    ]  # fmt: skip
    assert drive(world, 7) == 20
    assert drive(world, 7, known=(0,)) == 30
    assert drive(world, 8) == 30


def test_a_closure_that_began_before_the_run_is_announced_when_its_own_time_is_up():
    """Closed the day before and announced two hours later: everybody has known since then."""
    world = drawn("closures: [{edge: [x, b], from: 2025-01-05 00:00, known_after: 2 h}]")

    assert [e.hidden for e in world.access.epochs] == [()]


def test_everything_the_desk_may_know_has_its_travel_times():
    world = drawn(
        "closures:\n  - {edge: [x, b], known: discovered}\n  - {edge: [y, b], known: discovered}"
    )

    (epoch,) = world.access.epochs
    assert set(epoch.minutes) == {(), (0,), (1,), (0, 1)}
    times = [drive(world, 1, known) for known in ((), (0,), (1,))]
    assert times == [20, 30, 20]
    assert world.travel.times[epoch.minutes[0, 1][60]][A][B] >= NO_ACCESS
    assert world.no_access(epoch) == {B}


def test_equal_states_share_their_travel_times():
    world = drawn("closures: [{edge: [x, b], hours: 22:00-04:00}]", run="20 days")

    assert len(world.travel.times) == 2


@pytest.mark.parametrize(
    ("closure", "minutes"),
    [
        ("{road: North}", 30),
        ("{road: South}", 20),
        ("{road: North, between: [A, B]}", 30),
        ("{between: [A, B]}", 30),
        ("{area: [[35.005, 36.05], [35.005, 36.15], [35.02, 36.15], [35.02, 36.05]]}", 30),
        ("{area: [[34.8, 36.05], [34.8, 36.15], [34.95, 36.15], [34.95, 36.05]]}", 20),
    ],
)
def test_a_closure_names_roads_in_several_ways(closure, minutes):
    assert drive(drawn(f"closures: [{closure}]"), 12) == minutes


MOTORWAY = (
    "from,to,km,kmh,road,one_way\n"
    "a,x,10,60,M,yes\nx,b,10,60,M,yes\nb,x,10,60,M,yes\nx,a,10,60,M,yes\n"
    "a,y,15,60,South,\ny,b,15,60,South,\n"
)


@pytest.mark.parametrize("between", ["[A, B]", "[B, A]"])
@pytest.mark.parametrize("road", ["road: M, ", ""])
def test_a_stretch_of_a_road_with_a_row_for_each_direction_closes_in_both(road, between):
    """As motorways are on real maps: else half of each would stay open."""
    world = drawn(f"closures: [{{{road}between: {between}}}]", edges=MOTORWAY)
    times = world.travel.times[world.period(0)]

    assert (times[A][B] / MINUTE, times[B][A] / MINUTE) == (30, 30)


def test_a_stretch_that_leads_only_the_other_way_is_closed_too():
    westward = MOTORWAY.replace("a,x,10,60,M,yes\nx,b,10,60,M,yes\n", "")
    world = drawn("closures: [{road: M, between: [A, B]}]", edges=westward)
    times = world.travel.times[world.period(0)]

    assert (times[A][B] / MINUTE, times[B][A] / MINUTE) == (30, 30)


def test_a_checkpoint_is_passed_on_the_way_into_its_place_and_not_out_of_it():
    world = drawn("checkpoints: [{place: B, delay: 6 min}]")
    times = world.travel.times[world.period(0)]

    assert (times[A][B] / MINUTE, times[B][A] / MINUTE) == (26, 20)


def test_a_checkpoint_holds_in_its_hours_only():
    world = drawn("checkpoints: [{place: B, delay: 6 min, hours: 08:00-16:00}]")

    assert [drive(world, hour) for hour in (7, 8, 15, 16)] == [20, 26, 26, 20]


def test_checkpoints_on_the_same_road_each_take_their_time():
    """One at the place by day and by night, and one on the road itself: none replaces another."""
    world = drawn(
        "checkpoints:\n"
        "  - {place: B, delay: 6 min, hours: 06:00-18:00}\n"
        "  - {place: B, delay: 20 min, hours: 18:00-06:00}\n"
        "  - {edge: [x, b], delay: 4 min, hours: 08:00-20:00}"
    )

    assert [drive(world, hour) for hour in (5, 7, 9, 19, 21)] == [40, 26, 30, 44, 40]


def test_a_way_passes_the_checkpoints_of_one_road_one_after_the_other():
    """The second is reached when the first is passed; both delays are counted in the time."""
    world = drawn("checkpoints: [{place: B, delay: 6 min}, {edge: [x, b], delay: 4 min}]")
    way = world.travel.way_of(A, B, world.period(0))

    passed = [(p.at / MINUTE, p.checkpoint, p.delay / MINUTE) for p in way.passages]
    assert passed == [(10, 0, 6), (16, 1, 4)]
    assert way.delay == 10 * MINUTE


def test_speeds_by_hour_hold_where_nothing_else_stands_in_the_way():
    """They are no day and night: each hour has its own."""
    hours = ", ".join(["100%"] * 12 + ["50%"] * 10 + ["80%"] * 2)
    world = drawn(roads=f", speed: {{hours: [{hours}]}}")
    times = [world.travel.times[world.period(h * HOUR)][A][B] for h in (0, 11, 12, 21, 22)]

    assert world.access is None
    assert [time / MINUTE for time in times] == [20, 20, 40, 40, 25]


def test_a_curfew_and_speeds_by_hour_multiply():
    hours = ", ".join(["100%"] * 12 + ["50%"] * 12)
    world = drawn(
        "curfews: [{hours: 10:00-14:00, until: day 2 00:00, speed: 80%}]",
        roads=f", speed: {{hours: [{hours}]}}",
        run="2 days",
    )

    assert [drive(world, hour) for hour in (9, 10, 12, 14)] == [20, 25, 50, 40]
    assert drive(world, 34) == 20


def test_a_way_tells_where_its_closures_and_checkpoints_are():
    world = drawn(
        "closures: [{edge: [x, b], from: day 1 06:00}]\ncheckpoints: [{edge: [a, x], delay: 4 min}]"
    )
    way = world.travel.way_of(A, B, world.period(0))

    first, second = way.passages
    assert (first.at, first.checkpoint, first.delay, first.closures) == (0, 0, 4 * MINUTE, ())
    assert (second.at, second.checkpoint, second.closures) == (14 * MINUTE, None, (0,))
    assert way.delay == 4 * MINUTE


def test_the_deviations_of_a_way_add_up_and_so_does_its_exposure():
    """10 % of 20 min where roads say so, else the share given; exposure 2 for 10 min."""
    world = drawn(roads=", travel_time_cv: 20%")
    north = world.travel.way_of(A, B, world.period(0))
    closed = drawn("closures: [{road: North}]", roads=", travel_time_cv: 20%")
    south = closed.travel.way_of(A, B, closed.period(0))

    assert (north.spread / MINUTE, north.exposure / MINUTE) == (2, 20)
    assert (south.spread / MINUTE, south.exposure / MINUTE) == (6, 15)


def test_a_drive_on_a_straight_line_is_as_uncertain_from_the_midst_of_it():
    """A team sent on from where it is has no other draws than one that begins at a place."""
    world = world_of(STRAIGHT)
    here = world.travel.points[A]
    way = world.travel.way_of(here, B, 0)

    assert way == world.travel.way_of(A, B, 0)
    assert way.spread == round(0.2 * world.travel.times[0][A][B])


def test_a_table_has_one_period_whatever_the_speed_at_night():
    """Its times are as written; a second period would have none."""
    table = "{table: {A: {A: 0 min, B: 10 min}, B: {A: 10 min, B: 0 min}}, "
    text = STRAIGHT.replace("{circuity: 1.3, speed: {day: 60 km/h}, ", table)
    world = world_of(text.replace("20%}", "20%, speed: {day: 100%, night: 80%}}"))

    assert {world.period(hour * HOUR) for hour in range(24)} == {0}
    assert world.travel.way_of(A, B, 0).spread == 2 * MINUTE


def test_drives_are_certain_where_nothing_is_said():
    assert drawn().travel.way_of(A, B, 0).spread == 0


def test_a_base_without_a_team_keeps_no_place_from_being_without_access():
    world = drawn("closures:\n  - {edge: [x, b]}\n  - {edge: [y, b]}", bases="{A: {}, B: {}}")

    assert world.no_access(world.access.epochs[0]) == {B}


def test_a_network_too_large_for_its_states_is_told_before_it_fills_the_memory(monkeypatch):
    """Else the machine would stop the run, and nobody would know why."""
    monkeypatch.setattr("sim.world.scenario_world.MOST_BYTES", 100)

    with pytest.raises(ScenarioError, match="2 states of the roads, 4 nodes and 2 places"):
        drawn("closures: [{edge: [x, b], from: day 1 06:00}]")
