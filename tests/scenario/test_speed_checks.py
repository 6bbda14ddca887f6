"""Speeds by priority and weather that cannot be, or change nothing: each told at its line."""

import re

import pytest

from sim.errors import ScenarioError

from ..worlds import file_of
from .test_disruption_checks import EDGES, NODES, TEXT

STRAIGHT = "circuity: 1.3, speed: {day: 60 km/h, night: 50 km/h}"
TABLE = "table: {A: {B: 9 min}, B: {A: 9 min}}"


def told(map_, roads="nodes: nodes.csv, edges: edges.csv", to=""):
    """Return where errors are, or warnings if there are none, and what is said."""
    text = TEXT.replace("nodes: nodes.csv, edges: edges.csv", roads)
    text = text.replace("MAP", map_).replace("DEMAND", "").replace("KIND", to)
    try:
        found = file_of(text, nodes=NODES, edges=EDGES).warnings
    except ScenarioError as error:
        found = error.diagnostics
    return [
        (m.line, m.where, m.message) for m in found if "lights" in m.where or "weath" in m.where
    ]


@pytest.mark.parametrize(
    ("map_", "where", "said"),
    [
        ("lights_and_sirens: {to_scene: {0: 120%}}", "map.lights_and_sirens.to_scene.0",
         "expected a priority from 1 to 9, found '0'"),
        ("lights_and_sirens: {to_scene: {urgent: 120%}}", "map.lights_and_sirens.to_scene.urgent",
         "expected a priority from 1 to 9, found 'urgent'"),
        ("lights_and_sirens: {to_scene: {1: 0%}}", "map.lights_and_sirens.to_scene.1",
         "it must be above 0"),
        ("lights_and_sirens: {to_scene: {1: 400%}}", "map.lights_and_sirens.to_scene.1",
         "it must be at most 3, found '400%'"),
        ("weather: [{speed: 0%}]", "map.weather.0.speed", "it must be above 0"),
        ("weather: [{from: day 2 00:00, until: day 1 00:00, speed: 80%}]", "map.weather.0.until",
         "it ends before it begins"),
        ("weather: [{from: day 9 00:00, speed: 80%}]", "map.weather.0.from",
         "this is after the run and changes nothing"),
        ("lights_and_sirens: {to_scene: {2: 120%}}", "map.lights_and_sirens.to_scene.2",
         "no kind of callout has priority 2: this changes nothing"),
        ("lights_and_sirens: {to_hospital: {1: 120%}}", "map.lights_and_sirens.to_hospital.1",
         "no kind of callout that ends at a hospital has priority 1: this changes nothing"),
        ("weather: [{speed: 110%}]", "map.weather.0.speed",
         "110% is faster than in other weather: is that meant?"),
        ("lights_and_sirens: {to_scene: {1: 90%}}", "map.lights_and_sirens.to_scene.1",
         "90% is slower than without lights and sirens: is that meant?"),
    ],
)  # fmt: skip
def test_a_speed_that_cannot_be_or_is_not_meant_is_told_at_its_line(map_, where, said):
    ((line, at, message),) = told(map_)

    assert (line, at) == (8, where)
    assert message.startswith(said)


def test_what_is_used_is_not_asked_about():
    assert (
        told(
            "lights_and_sirens: {to_scene: {1: 120%}, to_hospital: {1: 110%}}", to=", to: hospital"
        )
        == []
    )
    assert told("weather: [{hours: 20:00-06:00, speed: 80%}]") == []
    assert told("lights_and_sirens: {to_scene: {1: 120%}}", TABLE) == []


@pytest.mark.parametrize(
    ("roads", "speed", "said"),
    [
        (
            "nodes: nodes.csv, edges: fast.csv",
            "250%",
            "250% of 110 km/h, the fastest here, is 275 km/h",
        ),
        (STRAIGHT.replace("60", "130"), "200%", "200% of 130 km/h, the fastest here, is 260 km/h"),
    ],
)
def test_a_vehicle_that_is_faster_than_any_road_allows_is_told(roads, speed, said, monkeypatch):
    monkeypatch.setitem(globals(), "EDGES", EDGES.replace("60", "110"))
    ((line, at, message),) = told(
        f"lights_and_sirens: {{to_scene: {{1: {speed}}}}}", roads.replace("fast", "edges")
    )

    assert (line, at) == (8, "map.lights_and_sirens.to_scene.1")
    assert message == f"{said}: faster than any road allows"


def said_of(teams, roads="circuity: 1, speed: {day: 100 km/h}", rest="", to=""):
    """Return line, place and message of what is told of teams and vehicles."""
    text = TEXT.replace("nodes: nodes.csv, edges: edges.csv", roads).replace("DEMAND", "")
    text = text.replace("KIND", to).replace("MAP", "attribution: [none]")
    text = re.sub(r"teams: \{.*\}\n", f"teams:\n  {teams}\n{rest}", text)
    with pytest.raises(ScenarioError) as told:
        file_of(text, nodes=NODES, edges=EDGES)
    return [(m.where, m.message, m.help) for m in told.value.diagnostics]


@pytest.mark.parametrize(
    ("teams", "rest", "where", "message", "help"),
    [
        ("T: {base: A, speed: 0%}", "", "teams.T.speed", "it must be above 0, found '0%'", ""),
        ("T: {base: A, speed: 301%}", "", "teams.T.speed",
         "it must be at most 3, found '301%'", ""),
        ("T: {base: A, speed: 260%}", "", "teams.T.speed",
         "260% of 100 km/h, the fastest here, is 260 km/h: faster than any road allows",
         "at most 250%"),
        ("T: {base: A, vehicles: [car]}", "vehicles: {car: {base: A, speed: 260%}}\n",
         "vehicles.car.speed",
         "260% of 100 km/h, the fastest here, is 260 km/h: faster than any road allows",
         "at most 250%"),
        ("T: {base: A, vehicles: [car], speed: 80%}", "vehicles: {car: {base: A}}\n",
         "teams.T.speed", "this is of a team's own vehicle, and it takes one of `vehicles`",
         "give these vehicles a speed"),
        ("T: {base: A, vehicles: [car, van]}",
         "vehicles: {car: {base: A}, van: {base: A, speed: 80%}}\n", "teams.T.vehicles",
         "these vehicles are not as fast as each other (car 100%, van 80%), so nobody could tell "
         "when the team arrives before it takes one", "one speed, or a team for each"),
    ],
)  # fmt: skip
def test_a_vehicle_speed_that_cannot_be_is_told(teams, rest, where, message, help):
    ((at, said, fix),) = said_of(teams, rest=rest)

    assert (at, said) == (where, message)
    assert fix.startswith(help)


def test_a_vehicle_is_not_faster_than_any_road_with_lights_and_sirens_either():
    """100 km/h times 150 % times 200 % is 300; twice as fast as 150 km/h is not 250."""
    roads = "circuity: 1, speed: {day: 100 km/h}}\n  lights_and_sirens: {to_scene: {1: 200%}"
    (((at, message, help)),) = said_of("T: {base: A, speed: 150%}", roads=roads)

    assert at == "teams.T.speed"
    assert message.startswith("with lights and sirens or in the best weather this is 300 km/h")
    assert help == "at most 125%"


def test_by_a_table_nothing_is_faster_than_three_times_the_ordinary():
    roads = TABLE + "}\n  lights_and_sirens: {to_scene: {1: 200%}"
    (((at, message, help)),) = said_of("T: {base: A, speed: 160%}", roads=roads)

    assert (at, help) == ("teams.T.speed", "at most 150%")
    assert "this is 320% of the ordinary speed: faster than any road allows" in message


def test_without_roads_there_are_no_speeds():
    text = TEXT.replace("  roads: {nodes: nodes.csv, edges: edges.csv}\n", "").replace(
        ", B: {lat: 35.0, lon: 36.2}", ""
    )
    text = text.replace("DEMAND", "").replace("KIND", "")
    for written in ("lights_and_sirens: {to_scene: {1: 120%}}", "weather: [{speed: 80%}]"):
        with pytest.raises(ScenarioError, match="there are no roads here"):
            file_of(text.replace("MAP", written))


def test_a_table_of_times_knows_no_weather():
    ((_, where, message),) = told("weather: [{speed: 80%}]", TABLE)

    assert (where, message) == ("map.weather.0", "a table of times has no speeds")
