"""Errors about roads that close, hospitals, surges and danger: each one message at its place."""

import pytest

from sim.errors import ScenarioError
from sim.scenario.networks.stretches import is_inside

from ..worlds import file_of

NODES = "node,lat,lon\na,35.00,36.00\nb,35.00,36.20\nx,35.01,36.10\n"
EDGES = "from,to,km,kmh,road\na,x,10,60,M1\nx,b,10,60,M1\n"
TEXT = """
name: checked
clock: {start: 2025-01-06 00:00, length: 7 days, timezone: UTC}
map:
  places: {A: {lat: 35.0, lon: 36.0}, B: {lat: 35.0, lon: 36.2}}
  roads: {nodes: nodes.csv, edges: edges.csv}
  hospitals: {General: A}
  MAP
demand:
  rate: 10 per day
  kinds:
    job: {share: 100%, on_scene: 10 min KIND}
  DEMAND
bases: {A: {}}
teams: {T: {base: A}}
"""


def diagnostics(map_="", demand="", kind=""):
    text = TEXT.replace("MAP", map_).replace("DEMAND", demand).replace("KIND", kind)
    try:
        file_of(text, nodes=NODES, edges=EDGES)
    except ScenarioError as error:
        return [f"{m.line}: {m.message} | {m.help}" for m in error.diagnostics]
    return []


@pytest.mark.parametrize(
    ("map_", "said"),
    [
        ("closures: [{road: M2}]", "no road is called 'M2'"),
        ("closures: [{edge: [a, b]}]", "no road leads from 'a' to 'b' | from 'a' roads lead to x"),
        ("closures: [{edge: [a, y]}]", "no road node is called 'y'"),
        ("closures: [{road: M1, between: [A, C]}]", "no place is called 'C'"),
        ("closures: [{road: M1, from: day 2 00:00, until: day 1 00:00}]", "ends before it begins"),
        ("closures: [{area: [[95, 36], [34, 36], [34, 37]]}]", "(95, 36) is no latitude"),
        ("closures: [{}]", "found none of them"),
        ("closures: [{road: M1, edge: [a, x]}]", "found edge and road or between"),
        ("closures: [{road: M1, known: discovered, known_after: 1 h}]", "never announced"),
        ("closures: [{area: [[34, 36], [34, 37]]}]", "at least 3 are needed, found 2"),
        ("closures: [{area: [[10, 10], [10, 11], [11, 11]]}]", "no road lies in this area"),
        ("closures: [{between: [A, A]}]", "there is no route between 'A' and 'A'"),
        ("closures: [{area: [[34, 236], [34, 36], [34, 37]]}]", "(34, 236) is no latitude"),
        ("closures: [{road: M1, between: [A, A]}]", "no route along 'M1' between 'A' and 'A'"),
        ("checkpoints: [{place: C, delay: 5 min}]", "no place is called 'C'"),
        ("checkpoints: [{edge: [a, b], delay: 5 min}]", "no road leads from 'a' to 'b'"),
        ("checkpoints: [{delay: 5 min}]", "a checkpoint is at a place or on an edge"),
        ("checkpoints: [{place: A, delay: 0 min, refusal: 5%}]", "has lost some time"),
        ("curfews: [{hours: 20:00-06:00, speed: 0%}]", "it must be above 0"),
        ("hospital_closures: [{hospital: Genral}]", "did you mean 'General'"),
        (
            "closures: [" + ", ".join(["{road: M1, known: discovered}"] * 7) + "]",
            "more than 6 closures are in force and not announced",
        ),
    ],
)
def test_an_error_about_access_is_told_at_its_line(map_, said):
    (told,) = diagnostics(map_=map_)

    assert told.startswith("8: ")
    assert said in told


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ("from: day 9 00:00", "this is after the run and changes nothing"),
        ("until: 2025-01-05 00:00", "this is before the run and changes nothing"),
    ],
)
def test_a_closure_outside_the_run_is_warned_of_at_its_moment(window, said):
    """It is written in the belief that it matters."""
    text = TEXT.replace("MAP", f"closures: [{{road: M1, {window}}}]")
    text = text.replace("DEMAND", "").replace("KIND", "")

    warnings = file_of(text, nodes=NODES, edges=EDGES).warnings

    assert [(m.line, m.message) for m in warnings] == [(8, said)]


def test_a_point_in_the_hollow_of_an_area_lies_outside_it():
    """The area is a horseshoe, open to the north."""
    horseshoe = [[34.9, 35.9], [34.9, 36.3], [35.1, 36.3], [35.1, 36.15], [35.0, 36.15]]
    horseshoe += [[35.0, 36.05], [35.1, 36.05], [35.1, 35.9]]

    assert not is_inside((35.05, 36.10), horseshoe)
    assert is_inside((35.05, 36.00), horseshoe)
    assert is_inside((34.95, 36.10), horseshoe)


@pytest.mark.parametrize(
    ("speed", "said"),
    [
        ("{day: 50 km/h, night: 40 km/h, hours: [HOURS]}", "in place of a night speed"),
        ("{day: 50 km/h, hours: [0%, HOURS]}", "a speed of 0% never arrives"),
    ],
)
def test_speeds_by_hour_are_the_only_ones_and_all_arrive(speed, said):
    hours = ", ".join(["100%"] * (24 - speed.count("0%, HOURS")))
    text = TEXT.replace("nodes: nodes.csv, edges: edges.csv", "circuity: 1.3, speed: SPEED")
    text = text.replace("SPEED", speed.replace("HOURS", hours))
    with pytest.raises(ScenarioError, match=said):
        file_of(text.replace("MAP", "").replace("DEMAND", "").replace("KIND", ""))


@pytest.mark.parametrize(
    ("map_", "said"),
    [
        ("curfews: [{hours: 20:00-06:00, speed: 50%}]", "a table of times has no speeds"),
        ("closures: [{between: [A, B]}]", "a closure needs a road network; these are a table"),
        (
            "checkpoints: [{place: A, delay: 5 min}]",
            "a checkpoint needs a road network; these are a table",
        ),
    ],
)
def test_a_table_of_times_cannot_be_slowed_or_closed(map_, said):
    text = TEXT.replace(
        "nodes: nodes.csv, edges: edges.csv", "table: {A: {B: 9 min}, B: {A: 9 min}}"
    )
    with pytest.raises(ScenarioError, match=said):
        file_of(text.replace("MAP", map_).replace("DEMAND", "").replace("KIND", ""))


def test_speeds_by_hour_are_twenty_four():
    text = TEXT.replace("edges: edges.csv}", "edges: edges.csv, speed: {hours: [100%, 80%]}}")
    with pytest.raises(ScenarioError, match="at least 24 are needed, found 2"):
        file_of(
            text.replace("MAP", "").replace("DEMAND", "").replace("KIND", ""),
            nodes=NODES,
            edges=EDGES,
        )


@pytest.mark.parametrize(
    ("demand", "said"),
    [
        ("surges: [{place: C, factor: 2}]", "no place is called 'C'"),
        ("surges: [{area: North, factor: 2}]", "no area is called 'North'"),
        ("surges: [{kinds: [fire], factor: 2}]", "no kind is called 'fire'"),
        ("surges: [{factor: -1}]", "it must be at least 0"),
        ("clusters: {branching_ratio: 0.99, after: 1 h}", "it must be at most 0.95"),
        ("clusters: {branching_ratio: 0.2, after: 1 h, kinds: [fire]}", "no kind is called 'fire'"),
        ("day_to_day: {dispersion_index: 0.5}", "it must be above 1"),
        ("incidents: [{at: 2024-12-31 00:00, place: A, kind: job}]", "this is before the run"),
        ("incidents: [{at: day 2 00:00, place: C, kind: job}]", "no place is called 'C'"),
        ("incidents: [{at: day 2 00:00, place: A, kind: fire}]", "no kind is called 'fire'"),
    ],
)
def test_an_error_about_demand_is_told_at_its_line(demand, said):
    (told,) = diagnostics(demand=demand)

    assert told.startswith("13: ")
    assert said in told


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (
            ", explosive_hazard: {needs: [explosives], clearance: 30 min}",
            "no team could clear an explosive hazard",
        ),
        (", explosive_hazard: {clearance: 30 min}", "explosive_hazard.needs"),
        (", scene_hazard: {share: 20%}", "safe_after"),
        (", people: {mean: 0.5}", "it must be at least 1"),
    ],
)
def test_an_error_about_a_kind_is_told_at_its_line(kind, said):
    told = diagnostics(kind=kind)

    assert len(told) == 1
    assert told[0].startswith("12: ")
    assert said in told[0] or "missing" in told[0]


def test_closures_need_roads():
    roads = "{nodes: nodes.csv, edges: edges.csv}"
    text = TEXT.replace(roads, "{circuity: 1.3, speed: {day: 50 km/h}}")
    with pytest.raises(ScenarioError, match="a closure needs a road network; these are straight"):
        file_of(
            text.replace("MAP", "closures: [{road: M1}]").replace("DEMAND", "").replace("KIND", "")
        )
