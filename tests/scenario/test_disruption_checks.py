"""Errors about roads that close, hospitals, surges and danger: each one message at its place."""

import pytest

from sim.errors import ScenarioError

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
        ("checkpoints: [{place: C, delay: 5 min}]", "no place is called 'C'"),
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
