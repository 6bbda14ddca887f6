"""Times between many places: the same as a table of all of them, in a tenth of its memory."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from sim.log import NO_ACCESS
from sim.world.road_travel import network as network_ways
from sim.world.road_travel import travel_rows
from sim.world.road_travel.best_ways import best_ways
from sim.world.road_travel.travel_rows import RowsOnDemand, TravelRows, column_of

from ..worlds import logged, world_of
from .test_travel import network

MANY = """
name: many
clock: {{start: 2025-01-06 00:00, length: 1 day, timezone: UTC}}
map:
  places: {{{places}}}
  roads: {{circuity: 1.3, speed: {{day: 60 km/h, night: 50 km/h}}}}
demand: {{rate: {rate} per day, where: equal, kinds: {{job: {{share: 100%, on_scene: 20 min}}}}}}
bases: {{A: {{place: p0}}, B: {{place: p1}}}}
teams: {{T: {{base: A}}, U: {{base: B}}, V: {{base: A}}}}
"""
IN_MEMORY = """
import sys
from sim.experiment import Runner, Task, design_of
from sim.scenario import read_scenario

design = design_of([read_scenario(sys.argv[1])])
Runner(design.alternatives, 1).run(Task(0, design.names, True))
(peak,) = (line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(int(peak.split()[1]) // 1024)
"""


def many(places, rate=400):
    """Return a scenario of places on straight lines."""
    at = (
        f"p{i}: {{lat: {35 + i * 37 % 101 / 100}, lon: {36 + i * 53 % 97 / 97}}}"
        for i in range(places)
    )
    return MANY.format(places=", ".join(at), rate=rate)


def test_a_row_is_made_when_it_is_asked_for_and_read_like_a_tuple():
    made = []

    def row(place):
        made.append(place)
        return (place, 10 + place)

    rows = RowsOnDemand(3, row)

    assert (rows[2], rows[2], made) == ((2, 12), (2, 12), [2])
    assert len(rows) == 3
    assert [*rows] == [(0, 10), (1, 11), (2, 12)]
    assert [*zip(*rows, strict=True)] == [(0, 1, 2), (10, 11, 12)]
    with pytest.raises(IndexError, match="there is no number 3"):
        rows[3]
    with pytest.raises(TypeError, match="do not change"):
        rows[0] = (1, 2)


def test_no_more_rows_are_kept_than_fit(monkeypatch):
    monkeypatch.setattr(travel_rows, "KEPT", 20)
    rows = RowsOnDemand(100, lambda place: tuple(range(place, place + 5)))

    assert [rows[i] for i in range(100)] == [tuple(range(i, i + 5)) for i in range(100)]
    assert len([*dict.keys(rows)]) == 4


def test_straight_lines_on_demand_give_the_same_log(monkeypatch):
    """Rows from arrays, and arrivals made row by row, in runs by day and by night."""
    text = many(40)
    world = world_of(text)
    whole = logged(world)
    monkeypatch.setattr(travel_rows, "MADE_AT_ONCE", 0)
    monkeypatch.setattr("sim.engine.foundation.availability.MADE_AT_ONCE", 0)
    monkeypatch.setattr(travel_rows, "KEPT", 300)
    again = world_of(text)
    on_demand = logged(again)

    assert isinstance(again.travel.times[0], TravelRows)
    assert isinstance(world.travel.times[0], tuple)
    assert tuple(again.travel.times[1]) == world.travel.times[1]
    assert on_demand.decisions == whole.decisions
    assert on_demand.missions == whole.missions


@pytest.mark.parametrize("seed", [3, 4])
def test_columns_are_those_of_the_whole_table(seed, monkeypatch):
    """On roads the way back may take longer, or not be there."""
    whole = network(seed)[0].travel
    assert not any(isinstance(times, TravelRows) for times in whole.times)
    monkeypatch.setattr(travel_rows, "MADE_AT_ONCE", 0)
    own = network(seed)[0].travel

    assert isinstance(own.times[0], TravelRows)
    assert [tuple(times) for times in own.times] == [*whole.times]
    for times, mine in zip(whole.times, own.times, strict=True):
        for place in range(len(times)):
            assert [*column_of(mine, place)] == [*column_of(times, place)]
    gaps = any(NO_ACCESS in row for times in whole.times for row in times)
    assert own.has_gaps == gaps


@pytest.mark.parametrize("seed", range(6))
def test_a_row_asked_for_alone_is_that_of_the_table(seed, monkeypatch):
    """One-way, parallel and missing roads, by day and by night; ways by a rule are as in runs."""
    for routing in (None, lambda road: 2 * road.drive, lambda road: 1 + road.metres % 7):
        travel = network(seed, routing)[0].travel
        found = [[tuple(travel.row(n, period)) for n in range(travel.places)] for period in (0, 1)]

        assert found == [[*times] for times in travel.times]

    monkeypatch.setattr(network_ways, "FEW_NODES", 0)
    travel = network(seed)[0].travel
    assert travel.row(2, 1) is travel.times[1][2]


def test_a_row_asked_for_alone_is_found_without_scipy(monkeypatch):
    monkeypatch.setattr(network_ways, "best_ways", None)
    travel = network(3)[0].travel

    assert travel.row(0, 0)[0] == 0


def test_times_are_the_same_in_a_process_that_takes_them_over(monkeypatch):
    """Where places are many, times were lost on the way: a study ended with an error."""
    expected = [tuple(times) for times in network(3)[0].travel.times]
    monkeypatch.setattr(travel_rows, "MADE_AT_ONCE", 0)
    own = network(3)[0].travel
    assert own.times[0][1] == expected[0][1]

    again = pickle.loads(pickle.dumps(own))

    monkeypatch.setattr(network_ways, "best_ways", None)  # they came with it
    assert [tuple(times) for times in again.times] == expected


def test_the_ways_of_a_state_are_worked_out_when_they_are_asked_for(monkeypatch):
    """Of many closures that nobody has met, most states are never believed."""
    made = []
    monkeypatch.setattr(network_ways, "best_ways", lambda *of: made.append(of) or best_ways(*of))
    travel = network(3)[0].travel

    assert made == []
    assert travel.times[1][0][0] == 0
    assert len(made) == 1


@pytest.mark.long
def test_five_thousand_places_take_less_than_500_megabytes(tmp_path):
    """It was 604 MB at 1,500. What `resource` says of a process counts the one that started it."""
    if not Path("/proc/self/status").exists():
        pytest.skip("only Linux says how much a process had at most")
    (tmp_path / "many.yaml").write_text(many(5000))

    done = subprocess.run(
        [sys.executable, "-c", IN_MEMORY, tmp_path / "many.yaml"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert int(done.stdout) < 500
