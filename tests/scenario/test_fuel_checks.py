"""Fuel that cannot be counted, teams that nobody can fuel and tanks that are too small."""

import pytest

from sim.errors import ScenarioError

from ..worlds import file_of
from .test_disruption_checks import EDGES, NODES, TEXT

ROADS = "{nodes: nodes.csv, edges: edges.csv}"
TANK = "fuel: {tank: 60 l, consumption: 20 l/100 km}"


def told(teams, bases="{A: {fuel: {}}}", roads=ROADS, rest=""):
    """Return line, place, message and help of what is told."""
    text = TEXT.replace("MAP", "attribution: [none]").replace("DEMAND", "").replace("KIND", "")
    text = text.replace(ROADS, roads).replace("bases: {A: {}}", f"bases: {bases}")
    text = text.replace("teams: {T: {base: A}}", f"teams: {teams}\n{rest}")
    try:
        found = file_of(text, nodes=NODES, edges=EDGES).warnings
    except ScenarioError as error:
        found = error.diagnostics
    return [(m.line, m.where, m.message, m.help) for m in found if "fuel" in m.where]


@pytest.mark.parametrize(
    ("fuel", "where", "message"),
    [
        ("{tank: 60, consumption: 20 l/100 km}", "tank", "a volume needs a unit, found 60"),
        ("{tank: 0 l, consumption: 20 l/100 km}", "tank", "it must be above 0, found '0 l'"),
        ("{tank: 60 km, consumption: 20 l/100 km}", "tank", "expected a volume, found '60 km'"),
        ("{tank: 60 l, consumption: 20 l}", "consumption", "expected a consumption, found '20 l'"),
        ("{tank: 60 l, consumption: 0 l/100 km}", "consumption",
         "it must be above 0.0, found '0 l/100 km'"),
        ("{tank: 60 l, consumption: 20 l/100 km, idle: 20 l/100 km}", "idle",
         "expected a consumption, found '20 l/100 km'"),
        ("{tank: 60 l, consumption: 20 l/100 km, reserve: 100%}", "reserve",
         "it must be below 1.0, found '100%'"),
    ],
)  # fmt: skip
def test_a_quantity_of_fuel_that_cannot_be_is_told_at_its_line(fuel, where, message):
    ((line, at, said, _),) = told(f"{{T: {{base: A, fuel: {fuel}}}}}")

    assert (line, at) == (15, f"teams.T.fuel.{where}")
    assert said.startswith(message)


def test_fuel_needs_distances_and_a_vehicle_of_ones_own():
    table = "{table: {A: {B: 9 min}, B: {A: 9 min}}}"
    ((_, where, said, _),) = told(f"{{T: {{base: A, {TANK}}}}}", roads=table)
    assert (where, said) == (
        "teams.T.fuel",
        "with a table of times there are no distances, so nobody could tell what is burnt",
    )

    shared = f"{{T: {{base: A, vehicles: [car], {TANK}}}}}"
    ((_, where, said, _),) = told(shared, rest="vehicles: {car: {base: A}}")
    assert where == "teams.T.fuel"
    assert said.startswith("this is of a team's own vehicle")


def test_a_team_that_nobody_can_fuel_is_told_with_how_far_it_gets():
    """60 l less 6 l, at 20 l/100 km, are 270 km; half a tank less 6 l is 120 km."""
    ((line, where, said, _),) = told(f"{{T: {{base: A, {TANK}}}}}", bases="{A: {}}")
    assert (line, where) == (15, "teams.T.fuel")
    assert "what is in its tank at first lasts for 270 km, its reserve left" in said

    half = TANK.replace("}", ", at_start: 50%}")
    ((_, _, said, _),) = told(f"{{T: {{base: A, {half}}}}}", bases="{A: {}}")
    assert "lasts for 120 km" in said


def test_a_tank_smaller_than_the_way_there_and_back_is_told():
    """B is 0.2 degrees of longitude away at 35 degrees: 18.2 km, 36.4 there and back."""
    small = "fuel: {tank: 7 l, consumption: 20 l/100 km, reserve: 0%}"
    ((_, where, said, _),) = told(f"{{T: {{base: A, {small}}}}}")

    assert where == "teams.T.fuel.tank"
    assert said == (
        "with a full tank and its reserve left it drives 35 km; to B and back are 36 km or more, "
        "so it is never sent there"
    )
    large = small.replace("7 l", "7.4 l")
    assert told(f"{{T: {{base: A, {large}}}}}") == []


@pytest.mark.parametrize(
    ("depot", "where", "message"),
    [
        ("{delivery: {every: 1 day, amount: 9 l}}", "delivery",
         "fuel without a limit needs no delivery"),
        ("{stock: 9 l, delivery: {every: 8 days, amount: 9 l}}", "delivery",
         "the first delivery is after the run: none comes in it"),
        ("{stock: 9 l, delivery: {every: 1 day, amount: 9 l, from: day 9 00:00}}", "delivery",
         "the first delivery is after the run: none comes in it"),
        ("{stock: 9 l, delivery: {every: 0 days, amount: 9 l}}", "delivery.every",
         "it must be above 0"),
    ],
)  # fmt: skip
def test_deliveries_that_change_nothing_are_told(depot, where, message):
    ((_, at, said, _),) = told(f"{{T: {{base: A, {TANK}}}}}", bases=f"{{A: {{fuel: {depot}}}}}")

    assert at == f"bases.A.fuel.{where}"
    assert said.startswith(message)


def test_fuel_that_nobody_takes_is_told():
    ((_, at, said, _),) = told("{T: {base: A}}")

    assert (at, said) == ("bases.A.fuel", "no team has a tank (`fuel`), so nobody takes any")
