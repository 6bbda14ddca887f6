"""What the page's two maps are given of roads: shapes, closures, checkpoints, and drives."""

from itertools import accumulate

import pytest

import sim
from sim.experiment import Reported, read_results
from sim.experiment.running.drive_text import drives_text, read_drive_rows
from sim.log import Event
from sim.page.replay.packed_log import Thinning
from sim.page.replay.packed_roads import BACK, THERE, driven
from sim.page.replay.packed_world import SharedNames, world_content
from sim.page.replay.packing import SCALE
from sim.page.replay.parts import Shown, content, replay_parts
from sim.scenario import RoadEdge, read_scenario
from sim.world import build

from ..worlds import HOUR, logged, world_of
from .page_results import ARCH, arched

# A direct road from A to B by X, and a longer one by Y.
NODES = "node,lat,lon\na,35.00,36.00\nb,35.00,36.20\nx,35.01,36.10\ny,34.98,36.10\n"
EDGES = "from,to,km,kmh\na,x,10,60\nx,b,10,60\na,y,15,60\ny,b,15,60\n"
TEXT = """
name: closed-road
clock: {start: 2025-01-06 00:00, length: 1 day, timezone: UTC}
map:
  places: {A: {lat: 35.00, lon: 36.00}, B: {lat: 35.00, lon: 36.20}}
  roads: {nodes: nodes.csv, edges: edges.csv}
  closures:
    - {name: bridge, edge: [x, b], from: day 1 06:00, until: day 1 12:00, known_after: 2 h}
  checkpoints: [{name: gate, edge: [a, x], delay: 4 min, hours: 00:00-08:00}]
  hospitals: {General: {place: A, offload_bays: 1}}
demand:
  kinds: {job: {share: 100%, on_scene: 10 min, to: hospital, handover: 30 min}}
  callouts:
    - {at: "day 1 06:10", place: B, kind: job}
    - {at: "day 1 06:10", place: B, kind: job}
    - {at: "day 1 09:00", place: B, kind: job}
bases: {A: {}, B: {}}
teams: {T: {base: A, count: 2}}
policies: {all: {relocation: {ddsm: {longest: 40 min, within: 20 min}}}}
"""


@pytest.fixture(scope="module")
def run():
    world = world_of(TEXT, nodes=NODES, edges=EDGES)
    log = logged(world, drives=True)
    return Reported(log, world.names, world.scenario.clock.start, world)


@pytest.fixture(scope="module")
def drives(run):
    """The drives of the run, as a results folder has them."""
    head = "alternative,replication,team,at_ms,callout,origin,destination,departs_ms,arrives_ms,way"
    lines = [head, *drives_text(run.log, run.world, "all", 0).splitlines()]
    return [drive for _, _, drive in read_drive_rows(lines, {"all": run.names}, 0)]


@pytest.fixture(scope="module")
def packed(run, drives):
    return content(Shown({"all": run}, {"all": drives}, 8 * HOUR), Thinning())


def test_a_road_that_bends_is_packed_with_its_points_and_straight_where_drives_are(tmp_path):
    """Teams go along it, so that they are not seen next to the road that they drive on."""
    world = build(read_scenario(arched(tmp_path)))
    names = SharedNames()
    (starts, ends, *_, shapes, ways) = world_content(world, names, shapes=True)["roads"]

    points = [[x / SCALE, y / SCALE] for x, y in names.points.entries]
    line = [starts[0], *accumulate(shapes[0]), ends[0]]
    assert [points[number] for number in line] == ARCH
    assert ways == [THERE | BACK]
    assert world_content(world, names, shapes=False)["roads"][4] == [[]]


def test_of_roads_with_the_same_ends_drives_take_the_fastest():
    """And against a one-way road the other one."""
    slow = RoadEdge("a", "b", 1000, 30.0, "residential", "", False)
    fast = slow._replace(kmh=60.0, one_way=True)

    assert driven([slow, fast]) == [BACK, THERE]
    assert driven([slow, slow]) == [THERE | BACK, 0]


def test_a_closure_says_from_when_it_is_known(packed):
    """Until then the map shows it dotted: teams drive there, and turn back."""
    ((name, rows, spans),) = packed["worlds"][0]["closures"]

    hour = 3600
    assert packed["names"]["closures"][name] == "bridge"
    assert list(accumulate(rows)) == [1]
    assert spans == [[6 * hour, 8 * hour, 0], [8 * hour, 12 * hour, 1]]


def test_a_checkpoint_says_where_and_when_it_is(packed):
    ((name, point, spans),) = packed["worlds"][0]["checkpoints"]

    lon = list(accumulate(packed["points"][0]))[point] / SCALE
    assert packed["names"]["checkpoints"][name] == "gate"
    assert 36.0 < lon < 36.1, "on its road"
    assert spans == [[0, 8 * 3600]]


def test_events_name_the_closure_checkpoint_and_hospital_they_are_about(packed):
    """By the numbers that all alternatives share, which are not those of the log."""
    names, columns = packed["names"], packed["alternatives"][0]["events"]
    who = {
        names["words"][word]: number - 1
        for word, number in zip(columns[1], columns[4], strict=True)
    }

    assert names["closures"][who[Event.MET_CLOSURE]] == "bridge"
    assert names["checkpoints"][who[Event.CHECKPOINT_DELAY]] == "gate"
    assert names["hospitals"][who[Event.OFFLOAD_DELAY]] == "General"


def test_drives_pass_the_points_of_the_log_when_it_says_so(packed, drives):
    at, team, waits, lasts, _, ways = packed["alternatives"][0]["drives"]
    lon, lat = (list(accumulate(column)) for column in packed["points"])
    begins = list(accumulate(at))

    assert packed["on_roads"]
    assert len(begins) == len(drives) > 4
    for drive in drives:
        (row,) = (
            row
            for row, begin in enumerate(begins)
            if (begin, team[row]) == (drive.at // 1000, drive.team)
        )
        points = [*accumulate(packed["ways"][ways[row]][0])]
        moving = [p for p, q in zip(drive.way, drive.way[1:], strict=False) if p[1:] != q[1:]]
        moving = [*moving, drive.way[-1]]
        assert [(lon[p] / SCALE, lat[p] / SCALE) for p in points] == [
            pytest.approx(p[1:], abs=1e-5) for p in moving
        ]
        assert begins[row] + waits[row] == moving[0].at // 1000
        assert begins[row] + waits[row] + lasts[row] == drive.way[-1].at // 1000


def test_more_alternatives_are_there_as_far_as_there_is_room(tmp_path, monkeypatch):
    """The two that are compared first always are."""
    changes = {"clock.length": "1 day", "policies.third": {"dispatch": "closest"}}
    sim.compare(sim.load("first-steps", changes), replications=2).save(tmp_path / "three")
    results = read_results(tmp_path / "three")

    assert replay_parts(results, "today", "reserve", ["third"]).shown == (
        "today",
        "reserve",
        "third",
    )
    monkeypatch.setattr("sim.page.replay.parts.MOST", 100)
    assert replay_parts(results, "today", "reserve", ["third"]).shown == ("today", "reserve")
