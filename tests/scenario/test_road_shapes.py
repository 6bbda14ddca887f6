"""Roads of a network file are drawn as they run, and not straight from junction to junction."""

from __future__ import annotations

import pytest

from sim.report.figure_input.figure_basis.road_sites import map_roads
from sim.scenario.road_shapes import road_shapes
from sim.world import build

from .test_networks import brought, scenario
from .test_networks_geojson import JABLEH, LATAKIA, MIDDLE, collection, feature
from .test_networks_osm import COAST, NODES, osm

BEND = [35.9, 35.40]
BAD = ("", "POINT (1 2)", "LINESTRING (a b, c d)", "LINESTRING (1 2 3, 4 5 6)", "LINESTRING ()",
       "LINESTRING (nan 2, 3 4, 5 6)")  # fmt: skip


def between(found):
    """Return the points between the ends of each road."""
    shape = road_shapes(found)
    return [[tuple(point) for point in shape(edge)] for edge in found.edges]


def graphml(geometry, back=""):
    """Return a road there and back between two towns, as osmnx writes it."""
    names = ("y", "x", "highway", "length", "geometry")
    keys = "".join(f'<key id="d{i}" attr.name="{n}" />\n' for i, n in enumerate(names))
    nodes = ((1, JABLEH), (2, LATAKIA))
    towns = "".join(
        f'<node id="{n}"><data key="d0">{y}</data><data key="d1">{x}</data></node>\n'
        for n, (x, y) in nodes
    )
    about = '<data key="d2">trunk</data><data key="d3">24000</data>'
    roads = "".join(
        f'<edge source="{a}" target="{b}">{about}<data key="d4">{line}</data></edge>\n'
        for a, b, line in ((1, 2, geometry), (2, 1, back))
    )
    return f'<graphml>{keys}<graph edgedefault="directed">{towns}{roads}</graph></graphml>'


def test_graphml_roads_run_as_their_geometry(desk):
    line = "LINESTRING (35.921 35.36, 35.9 35.4, 35.79 35.53)"

    assert between(brought(desk, "roads.graphml", graphml(line))) == [[(35.9, 35.4)]]


def test_a_geometry_written_from_the_other_end_is_turned(desk):
    line = "LINESTRING (35.79 35.53, 35.85 35.45, 35.9 35.4, 35.921 35.36)"

    found = brought(desk, "roads.graphml", graphml(line))

    assert between(found) == [[(35.9, 35.4), (35.85, 35.45)]]


@pytest.mark.parametrize("geometry", BAD)
def test_a_geometry_that_cannot_be_read_is_a_straight_line(desk, geometry):
    """It changes no drive, so it is no reason to refuse a network."""
    assert between(brought(desk, "roads.graphml", graphml(geometry))) == [[]]


def test_geojson_roads_run_along_their_lines_between_junctions(desk):
    coast = feature(JABLEH, BEND, MIDDLE, LATAKIA, highway="primary")
    aside = feature(MIDDLE, [36.0, 35.5], highway="primary")

    found = brought(desk, "roads.geojson", collection(coast, aside))

    assert between(found)[:2] == [[tuple(BEND)], []]


def test_osm_roads_run_through_their_nodes(desk):
    pytest.importorskip("osmium", reason="the extra osm is not installed")

    found = brought(desk, "roads.osm", osm(COAST))

    assert between(found) == [[NODES[n][::-1] for n in (2, 3, 4)]]


def test_a_one_way_road_against_its_nodes_runs_from_its_own_start(desk):
    pytest.importorskip("osmium", reason="the extra osm is not installed")
    back = ([1, 6, 8, 5], {"highway": "trunk", "oneway": "-1"})

    found = brought(desk, "roads.osm", osm(COAST, back))

    assert [edge.start for edge in found.edges] == ["1", "5"]
    assert between(found)[1] == [NODES[n][::-1] for n in (8, 6)]


def test_the_map_draws_roads_as_they_run(desk):
    desk.put("roads.geojson", collection(feature(JABLEH, BEND, LATAKIA, highway="primary")))
    found = desk.read(text=scenario("roads.geojson"))

    (road,) = map_roads(build(found), [0])

    assert road.line == (tuple(JABLEH), tuple(BEND), tuple(LATAKIA))


def test_roads_in_tables_have_no_shape(desk):
    found = desk.read()

    assert all(points == [] for points in between(found))
