"""Travel times: tables as written, straight lines by hand, networks against brute force."""

import random
from dataclasses import dataclass
from itertools import product

import pytest

from sim.log import NO_ACCESS
from sim.scenario import PlaceRow, find_scenario, read_scenario
from sim.world import build, rerouted
from sim.world.road_travel.travel import RoadView, StraightLines, TravelTimeTable

from ..worlds import MINUTE, hand_worked, random_roads, world_of

NETWORK = """
name: net
clock: {{start: 2025-01-06 00:00, length: 1 day, timezone: UTC}}
map:
  places: {{{places}}}
  roads: {{nodes: nodes.csv, edges: edges.csv, speed: {{night: 80%}}}}
demand: {{rate: 1 per day, kinds: {{job: {{share: 100%, on_scene: 1 min}}}}}}
bases: {{n0: {{}}}}
teams: {{T: {{base: n0}}}}
"""


def test_a_table_is_taken_as_written():
    """There and back may differ; a pair that is missing has no way; nowhere is zero."""
    text = hand_worked(places="A B C", times="A>B 5, B>A 7, B>C 2")
    times = world_of(text).travel.times

    assert times == (
        ((0, 5 * MINUTE, NO_ACCESS), (7 * MINUTE, 0, 2 * MINUTE), (NO_ACCESS, NO_ACCESS, 0)),
    )


def brute_force(rows, edges, share):
    """Return the time from every node to every other, by Floyd's algorithm. [ms]"""
    index = {row.split(",")[0]: i for i, row in enumerate(rows)}
    n = len(index)
    least = [[0 if a == b else NO_ACCESS for b in range(n)] for a in range(n)]
    for edge in edges:
        start, end, km, kmh, one_way = edge.split(",")
        drive = int(km) * 3_600_000 * 100 // (int(kmh) * share)  # whole for these speeds
        a, b = index[start], index[end]
        least[a][b] = min(least[a][b], drive)
        if one_way == "no":
            least[b][a] = min(least[b][a], drive)
    for c in range(n):
        for a in range(n):
            for b in range(n):
                least[a][b] = min(least[a][b], least[a][c] + least[c][b])
    return tuple(tuple(min(time, NO_ACCESS) for time in row) for row in least)


def network(seed, routing=None):
    """Return the world of a random network, its nodes and its edges as written; all are places."""
    roads = random_roads(random.Random(seed))
    rows = roads["nodes"].splitlines()[1:]
    rows = [f"n{i},{35 + i / 100},{36 + i / 100}" for i in range(len(rows))]
    edges = roads["edges"].splitlines()[1:]
    if seed % 2:
        edges = [e for e in edges if not e.startswith("n4,n5,")]  # some can no longer be reached
    places = ", ".join("{}: {{lat: {}, lon: {}}}".format(*row.split(",")) for row in rows)
    world = world_of(
        NETWORK.format(places=places),
        nodes="node,lat,lon\n" + "\n".join(rows),
        edges="from,to,km,kmh,one_way\n" + "\n".join(edges),
    )
    return (world if routing is None else rerouted(world, routing)), rows, edges


@pytest.mark.parametrize("seed", range(20))
def test_shortest_ways_are_those_that_brute_force_finds(seed):
    """One-way, parallel and missing roads; by day and, at 80 % of the speed, by night."""
    world, rows, edges = network(seed)

    day, night = world.travel.times
    assert day == brute_force(rows, edges, 100)
    assert night == brute_force(rows, edges, 80)


def test_a_place_is_reached_at_its_nearest_node():
    """P lies by n1, ten kilometres along a road at 60 km/h from n0."""
    places = "n0: {lat: 35, lon: 36}, P: {lat: 35.001, lon: 36.101}"
    world = world_of(
        NETWORK.format(places=places).replace(", speed: {night: 80%}", ""),
        nodes="node,lat,lon\nn0,35,36\nn1,35,36.1\nn2,35,36.3\n",
        edges="from,to,km,kmh\nn0,n1,10,60\nn1,n2,20,60\n",
    )

    assert tuple(world.travel.times) == (((0, 10 * MINUTE), (10 * MINUTE, 0)),)


def test_straight_lines_are_as_long_as_the_detour_makes_them():
    """0.1 degrees on the equator are 11.132 km: at 60 km/h and 1.5 times as long, 16.698 min."""
    text = """
name: straight
clock: {start: 2025-01-06 00:00, length: 1 day, timezone: UTC}
map:
  places: {A: {lat: 0, lon: 0}, B: {lat: 0, lon: 0.1}, C: {lat: 0.1, lon: 0}}
  roads: {circuity: 1.5, speed: {day: 60 km/h, night: 30 km/h}}
demand: {rate: 1 per day, kinds: {job: {share: 100%, on_scene: 1 min}}}
bases: {A: {}}
teams: {T: {base: A}}
"""
    day, night = world_of(text).travel.times

    assert day[0][1] == day[1][0] == pytest.approx(16.698 * MINUTE, rel=1e-4)
    assert day[0][2] == pytest.approx(day[0][1], rel=1e-4)
    assert night[0][1] == 2 * day[0][1]
    assert day[1][2] == pytest.approx(day[0][1] * 2**0.5, rel=1e-3)


def test_lattakia_to_tartous_takes_about_an_hour_on_the_shipped_roads():
    """About 85 to 95 km, mostly motorway: an hour or so by day, more by night, the same back."""
    world = build(read_scenario(find_scenario("coast-routine")))
    lattakia, tartous = (world.names.places.index(p) for p in ("Lattakia", "Tartous"))

    by_period = [
        (times[lattakia][tartous] / MINUTE, times[tartous][lattakia] / MINUTE)
        for times in world.travel.times
    ]
    for there, back in by_period:
        assert 45 < there < 100
        assert back == pytest.approx(there, rel=0.05)


# -- ways by cost ------------------------------------------------------------------------------


def odd(road):
    """Return a cost of which no two ways have the same, and that has little to do with time."""
    return (road.metres * 7919 + road.drive * 31) % 1009 + road.metres / 1000 + road.drive * 1e-7


@pytest.mark.parametrize("seed", range(20))
def test_the_time_of_the_cheapest_way_is_that_of_its_roads(seed):
    """Floyd's algorithm on costs, with the time carried along, finds the same."""
    world, rows, edges = network(seed, odd)

    index = {row.split(",")[0]: i for i, row in enumerate(rows)}
    n = len(index)
    least = [[(0, 0) if a == b else (NO_ACCESS, NO_ACCESS) for b in range(n)] for a in range(n)]
    for edge in edges:
        start, end, km, kmh, one_way = edge.split(",")
        a, b = index[start], index[end]
        drive = int(km) * 3_600_000 // int(kmh)
        cost = round(1000 * odd(RoadView(int(km) * 1000, drive, 0, 0.0, open=True)))
        for x, y in ((a, b),) if one_way == "yes" else ((a, b), (b, a)):
            least[x][y] = min(least[x][y], (cost, drive))
    for c, a, b in product(range(n), repeat=3):
        through = tuple(x + y for x, y in zip(least[a][c], least[c][b], strict=True))
        least[a][b] = min(least[a][b], through)

    assert world.travel.times[0] == tuple(
        tuple(min(time, NO_ACCESS) for _, time in row) for row in least
    )


@pytest.mark.parametrize("seed", range(20))
def test_ways_by_a_cost_that_is_the_time_are_those_without_a_rule(seed):
    """Also where a team turns back, and when the cost is twice the time."""
    plain = network(seed)[0].travel
    for factor in (1, 2):
        same = network(seed, lambda road, factor=factor: factor * road.drive)[0].travel
        assert tuple(same.times) == tuple(plain.times)
        for leg, now, period in on_the_road(plain, random.Random(seed)):
            assert [same.reroute(leg, now, t, period) for t in range(len(plain.times[0]))] == [
                plain.reroute(leg, now, t, period) for t in range(len(plain.times[0]))
            ]


@pytest.mark.parametrize("seed", range(6))
def test_roads_of_a_small_network_are_those_looked_up_in_a_large_one(seed, monkeypatch):
    """One by one and all of a way at once; roads that are not there, too."""
    small = network(seed)[0].travel
    small_roads, nodes = small.roads[1], range(len(small.nodes))
    ways = [small.way(0, n, 1)[0] for n in nodes if small.times[1][0][n] < NO_ACCESS]
    found = [small_roads.along(way) for way in ways]
    pairs = [ends for ends in product(nodes, repeat=2) if ends in small_roads]
    roads = [small_roads[ends] for ends in pairs]

    monkeypatch.setattr("sim.world.road_travel.road_graph.FEW_ROADS", 0)
    large_roads = network(seed)[0].travel.roads[1]
    assert [large_roads.along(way) for way in ways] == found
    assert [ends for ends in product(nodes, repeat=2) if ends in large_roads] == pairs
    assert [large_roads[ends] for ends in pairs] == roads


# -- where a team on the road is ---------------------------------------------------------------


@dataclass
class Drive:
    """A drive as a team has it."""

    origin: object
    destination: int
    departs: int
    arrives: int
    period: int


def on_the_road(travel, rng, drives=30):
    """Yield drives, instants before, during and after them, and periods, at random."""
    places, periods = len(travel.times[0]), len(travel.times)
    while drives:
        start, end, target = (rng.randrange(places) for _ in range(3))
        leg = Drive(start, end, 1000, 0, rng.randrange(periods))
        leg.arrives = 1000 + travel.times[leg.period][start][end]
        if leg.arrives >= NO_ACCESS:
            continue
        drives -= 1
        yield leg, rng.randint(0, leg.arrives + 1000), rng.randrange(periods)
        total, spot, to_spot = travel.reroute(leg, rng.randint(1000, leg.arrives), target, 0)
        if total < NO_ACCESS:  # sent on from where it is: it may begin at a junction or a point
            onto = Drive(spot, target, 1000 + to_spot, 1000 + total, 0)
            yield onto, rng.randint(0, onto.arrives + 1000), rng.randrange(periods)


def assert_drives_are_onward(travel, seed):
    for leg, now, period in on_the_road(travel, random.Random(seed)):
        drives = travel.drives(leg, now, period)
        assert drives == tuple(
            travel.reroute(leg, now, target, period)[0] for target in range(len(travel.times[0]))
        )
        assert all(type(time) is int for time in drives)


@pytest.mark.parametrize("routing", [None, odd])
@pytest.mark.parametrize("seed", range(10))
def test_drives_are_what_onward_says_of_each_place_on_roads(seed, routing):
    """One-way roads, junctions and turning back among them."""
    assert_drives_are_onward(network(seed, routing)[0].travel, seed)


@pytest.mark.parametrize("seed", range(5))
def test_drives_are_what_onward_says_of_each_place_on_straight_lines(seed):
    """Whole metres and milliseconds, rounded in the same way."""
    rng = random.Random(seed)
    spots = [(rng.uniform(-60, 60), rng.uniform(-180, 180)) for _ in range(12)]
    places = [PlaceRow(f"P{i}", None, "", lat, lon, 1.0) for i, (lat, lon) in enumerate(spots)]

    assert_drives_are_onward(StraightLines(places, 1.3, [60, 45.5]), seed)


@pytest.mark.parametrize("seed", range(5))
def test_drives_are_what_onward_says_of_each_place_on_a_table(seed):
    """There and back may differ, and some pairs have no way."""
    rng = random.Random(seed)
    names = [f"P{i}" for i in range(7)]
    pairs = [(a, b) for a in names for b in names if a != b and rng.random() < 0.8]

    assert_drives_are_onward(
        TravelTimeTable({pair: rng.randint(1, 30) * 1000 for pair in pairs}, names), seed
    )


def test_times_can_be_held_on_to_because_nobody_can_change_them():
    """Policies see them by reference."""
    times = world_of(hand_worked(places="A B", times="A-B 5")).travel.times

    assert times == (((0, 5 * MINUTE), (5 * MINUTE, 0)),)  # tuples all through: lists differ
