"""
How far teams drove: recounted from the ways that a map shows, and worked on paper.

The recount takes each way as the log of drives has it, in degrees, and adds up its straight parts;
roads are as long as the straight lines between their nodes, so that both must agree.
"""

import random
from collections import defaultdict
from itertools import pairwise
from math import cos, hypot, radians

import pytest

from sim.log import Event
from sim.outcomes import driving_facts
from sim.world import Courses, Distances, waypoints

from ..engine.drive_watch import Watched, drawn_world
from ..engine.test_roads import drawn
from ..worlds import answered, hand_worked, logged, world_of

DEGREE = 111.32  # km of latitude
LAT, LON = (34.9, 35.3), (35.9, 36.3)
QUICK, MANY = range(6), range(6, 60)
NUMBERS = [*QUICK, *(pytest.param(n, marks=pytest.mark.long) for n in MANY)]


def km_between(a, b, middle):
    (ax, ay), (bx, by) = a, b
    return hypot((ax - bx) * cos(radians(middle)), ay - by) * DEGREE


def network(draws, nodes=14):
    """Return nodes and edges of a network whose roads are straight lines, there and back."""
    spots = [(round(draws.uniform(*LON), 4), round(draws.uniform(*LAT), 4)) for _ in range(nodes)]
    pairs = {(i, i + 1) for i in range(nodes - 1)}
    pairs |= {tuple(sorted(draws.sample(range(nodes), 2))) for _ in range(nodes)}
    edges = [
        f"n{a},n{b},{km_between(spots[a], spots[b], sum(LAT) / 2):.3f},{draws.choice([40, 70, 90])}"
        for a, b in sorted(pairs)
    ]
    table = [f"n{i},{lat},{lon}" for i, (lon, lat) in enumerate(spots)]
    return spots, "node,lat,lon\n" + "\n".join(table) + "\n", "from,to,km,kmh\n" + "\n".join(edges)


def busy_world(number):
    """Return a world in which teams are rerouted, refused, stood down, reassigned and moved."""
    draws = random.Random(f"distances {number}")
    spots, nodes, edges = network(draws)
    places = "".join(
        f"    P{i}: {{lat: {lat}, lon: {lon}}}\n" for i, (lon, lat) in enumerate(spots[:8])
    )
    shut = [row.split(",")[:2] for row in edges.splitlines()[1:]][3:6]
    closures = "".join(
        f"    - {{edge: [{a}, {b}], hours: 06:00-18:00, known: discovered}}\n" for a, b in shut
    )
    relocation = draws.choice(["home", "{ddsm: {longest: 40 min, within: 20 min}}"])
    sirens = draws.choice(
        ["", "  lights_and_sirens: {to_scene: {1: 130%}, to_hospital: {1: 110%}}\n"]
    )
    text = f"""
name: busy
clock: {{start: 2025-01-06 00:00, length: 3 days, warm_up: 12 h, timezone: UTC}}
map:
  places:
{places}  roads: {{nodes: nodes.csv, edges: edges.csv, travel_time_cv: 20%, speed: {{night: 80%}}}}
  hospitals: {{General: P7}}
  closures:
{closures}  checkpoints: [{{place: P2, delay: {{median: 4 min, p90: 15 min}}, refusal: 20%}}]
{sirens}demand:
  rate: 40 per day
  kinds:
    urgent: {{share: 50%, priority: 1, crew: 6, on_scene: 20 min, to: hospital}}
    calm: {{share: 50%, priority: 3, on_scene: {{median: 15 min, p90: 40 min}}}}
bases: {{P0: {{}}, P3: {{}}, P5: {{}}}}
shifts: {{day: {{hours: 08:00-20:00}}}}
teams: {{T: {{base: P0, count: 2}}, U: {{base: P3}}, V: {{base: P5, shifts: [day]}}}}
policies: {{all: {{reassignment: by_priority, relocation: {relocation}}}}}
"""
    return world_of(text, nodes=nodes, edges=edges)


def rows_of(log):
    found = defaultdict(list)
    for row in log.drives:
        found[row.team].append(row)
    return found


@pytest.mark.parametrize("number", NUMBERS)
def test_kilometres_are_those_of_the_ways_on_the_map(number):
    world = busy_world(number)
    courses, middle = Courses(world.travel, world.file.places), sum(LAT) / 2
    log = logged(world, drives=True)
    total = 0.0
    for rows in rows_of(log).values():
        own = Distances(world.travel).driven(rows, 0, world.ends)
        for (row, way), (same, metres) in zip(
            waypoints(courses, rows, 0, world.ends),
            [pair for pair in own if pair[0].at < world.ends and _holds(pair[0], rows)],
            strict=True,
        ):
            assert row == same
            points = [(p.lon, p.lat) for p in way]
            recounted = sum(km_between(a, b, middle) for a, b in pairwise(points))
            assert metres / 1000 == pytest.approx(recounted, rel=1e-3, abs=0.06), row
            total += metres / 1000
    assert total > 500
    assert any(e.what == Event.MET_CLOSURE for e in log.events)


def _holds(row, rows):
    """Return whether a drive held within the measured period, as ways are shown of."""
    later = [other.at for other in rows if other.at > row.at]
    return not later or later[0] > 0


@pytest.mark.parametrize("number", range(6))
def test_a_straight_line_is_as_long_as_its_circuity_says(number):
    """Recounted from the ways of random worlds without roads, by the haversine formula's plane."""
    world = drawn_world(number)
    if world.file.edges or world.file.times is not None:
        return
    watched, circuity = Watched(world, number, samples=1), world.travel.circuity
    middle = sum(p.lat for p in world.file.places) / len(world.file.places)
    for team, ways in watched.ways.items():
        recounted = sum(
            km_between((a.lon, a.lat), (b.lon, b.lat), middle)
            for _, way in ways
            for a, b in pairwise(way)
        )
        driven = Distances(world.travel).driven(watched.rows[team], 0, world.ends)
        metres = sum(length for _, length in driven)
        assert metres / 1000 == pytest.approx(recounted * circuity, rel=1e-3, abs=0.1)


def facts(world, rows_by_team):
    distances = Distances(world.travel)
    driven = {t: [*distances.driven(rows, 0, world.ends)] for t, rows in rows_by_team.items()}
    return driving_facts(driven, [crew.place for crew in world.fleet.crews])


def test_a_team_that_turns_back_has_driven_there_and_back():
    """To B it is 20 km. Told of a closure at 5 km, it drives these back, and 30 the other way."""
    day = drawn("00:05 B job")
    found = facts(day.world, rows_of(logged(day.world, drives=True)))
    assert found["to_scene"].tolist() == [20_000]
    assert found["home"].tolist() == [20_000]

    closed = "closures: [{edge: [x, b], from: 'day 1 00:10', until: 'day 1 05:00'}]"
    world = drawn("00:05 B job", around=closed).world
    found = facts(world, rows_of(logged(world, drives=True)))
    assert found["to_scene"].tolist() == [5_000 + 5_000 + 30_000]


def test_of_a_table_of_times_no_distance_is_known_and_relocations_are():
    text = hand_worked("00:00 B job 10", places="A B", times="A-B 12")
    log = logged(answered(text).world, drives=True)
    found = facts(answered(text).world, rows_of(log))

    assert found["to_scene"].tolist() == [-1]
    assert found["relocations"].tolist() == [0]
