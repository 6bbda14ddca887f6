"""By which closed roads a place has no access to another, on paper."""

import pytest

from sim.world.road_travel.separation import separating

from ..worlds import world_of

NODES = "node,lat,lon\na,35.00,36.00\nb,35.00,36.20\nx,35.01,36.10\ny,34.90,36.10\nz,34.80,36.10\n"
EDGES = "from,to,km,kmh\na,x,10,60\nx,b,10,60\na,y,15,60\ny,b,15,60\ny,z,5,60\n"
CLOSED = ("[a, x]", "[x, b]", "[y, b]", "[y, z]")


@pytest.fixture(scope="module")
def travel():
    """From A to B through X or through Y, from which a road ends in Z; four closures."""
    closures = "".join(f"\n    - {{edge: {edge}, until: 'day 1 02:00'}}" for edge in CLOSED)
    text = (
        "name: separated\nclock: {start: 2025-01-06 00:00, length: 1 day, timezone: UTC}\n"
        "map:\n  places: {A: {lat: 35.00, lon: 36.00}, B: {lat: 35.00, lon: 36.20}}\n"
        f"  roads: {{nodes: nodes.csv, edges: edges.csv}}\n  closures:{closures}\n"
        "demand: {kinds: {job: {share: 100%, on_scene: 10 min}}, callouts: []}\n"
        "bases: {A: {}}\nteams: {T: {base: A}}\n"
    )
    return world_of(text, nodes=NODES, edges=EDGES).travel


@pytest.mark.parametrize(
    ("closed", "by"),
    [
        ((), ()),
        ((1,), ()),  # Y is open
        ((1, 2), (1, 2)),
        ((0, 1, 2), (0, 2)),  # whether the road beyond X is open makes no difference
        ((1, 2, 3), (1, 2)),  # from Z nothing leads on
    ],
)
def test_the_roads_that_separate_are_those_at_the_edge_of_what_can_be_reached(travel, closed, by):
    assert separating(travel, 0, 1, closed) == by


def test_a_table_has_no_roads_that_could_close():
    text = (
        "name: table\nclock: {start: 2025-01-06 00:00, length: 1 day, timezone: UTC}\n"
        "map: {places: {A: {}, B: {}}, roads: {table: {A: {B: 5 min}}}}\n"
        "demand: {kinds: {job: {share: 100%, on_scene: 10 min}}, callouts: []}\n"
        "bases: {A: {}}\nteams: {T: {base: A}}\n"
    )

    assert separating(world_of(text).travel, 1, 0, (0,)) == ()
