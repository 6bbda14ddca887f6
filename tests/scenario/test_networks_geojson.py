"""Lines as GeoJSON become roads that meet where they share a corner."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from sim.scenario.tables.geometry import distance

from .test_networks import brought, edges, refused

JABLEH, MIDDLE, LATAKIA = [35.921, 35.36], [35.85, 35.45], [35.79, 35.53]


def feature(*points, kind="LineString", **about):
    """Return a line as a feature."""
    shape = {"type": kind, "coordinates": list(points)}
    return {"type": "Feature", "properties": about, "geometry": shape}


def collection(*features):
    """Return features as GeoJSON, each on a line of its own from the third on."""
    drawn = ",\n".join(json.dumps(f) for f in features)
    return f'{{"type": "FeatureCollection",\n"features": [\n{drawn}\n]}}'


def metres(*points):
    """Return the length of a line."""
    legs = pairwise(points)
    return round(sum(distance(a[1], a[0], b[1], b[0]) for a, b in legs))


def test_lines_meet_where_they_end_together(desk):
    """To a millionth of a degree, a tenth of a metre: nobody draws nearer than that."""
    near = [MIDDLE[0] + 4e-7, MIDDLE[1]]
    found = brought(
        desk,
        "roads.geojson",
        collection(
            feature(JABLEH, MIDDLE, highway="primary"), feature(near, LATAKIA, kmh=70, name="Coast")
        ),
    )

    assert [(n.lat, n.lon) for n in found.nodes] == [
        (35.36, 35.921),
        (35.45, 35.85),
        (35.53, 35.79),
    ]
    assert edges(found) == [
        ("35.36 35.921", "35.45 35.85", metres(JABLEH, MIDDLE), 65, False),
        ("35.45 35.85", "35.53 35.79", metres(MIDDLE, LATAKIA), 70, False),
    ]
    assert found.edges[1].road == "Coast"


def test_a_corner_that_two_lines_share_is_a_junction_and_others_are_none(desk):
    """A side road meets the coast road in its middle; its bend is no junction."""
    bend, aside = [35.9, 35.40], [35.95, 35.45]
    found = brought(
        desk,
        "roads.geojson",
        collection(
            feature(JABLEH, bend, MIDDLE, LATAKIA, highway="primary"),
            feature(MIDDLE, aside, highway="primary"),
        ),
    )

    assert [e.metres for e in found.edges] == [
        metres(JABLEH, bend, MIDDLE),
        metres(MIDDLE, LATAKIA),
        metres(MIDDLE, aside),
    ]
    assert len(found.nodes) == 4


def test_all_that_a_line_may_say_of_itself_is_read(desk):
    line = feature(
        JABLEH, LATAKIA,
        maxspeed="30 mph", highway="trunk", oneway=False, road="M1", sd="20%", exposure=2,
        no_go=True, provenance="modelled", km=30,
    )  # fmt: skip
    (edge,) = brought(desk, "roads.geojson", collection(line)).edges

    assert (edge.metres, edge.kmh, edge.road_class) == (30_000, 48.28, "trunk")
    assert (edge.sd, edge.exposure, edge.no_go, edge.road) == (0.2, 2.0, True, "M1")
    assert edge.provenance == "modelled"


@pytest.mark.parametrize(("oneway", "first"), [("-1", "b"), (-1, "b"), ("yes", "a"), (True, "a")])
def test_a_one_way_line_leads_as_it_says(desk, oneway, first):
    found = brought(
        desk,
        "roads.geojson",
        collection(
            feature(JABLEH, LATAKIA, highway="primary", oneway=oneway),
            feature(JABLEH, MIDDLE, LATAKIA, highway="primary"),
        ),
    )

    ends = {"a": "35.36 35.921", "b": "35.53 35.79"}
    assert (found.edges[0].start, found.edges[0].one_way) == (ends[first], True)


def test_a_line_in_several_parts_and_points_beside_it_are_read(desk):
    parts = feature([JABLEH, MIDDLE], [MIDDLE, LATAKIA], kind="MultiLineString", highway="primary")
    lamp = {"type": "Feature", "properties": None, "geometry": {"type": "Point"}}
    found = brought(desk, "roads.geojson", collection(lamp, parts, {**lamp, "geometry": None}))

    assert len(found.edges) == 2


def test_a_road_that_is_drawn_twice_counts_once(desk):
    """osmnx writes each direction of a street as a line of its own."""
    there = feature(JABLEH, LATAKIA, highway="primary", osmid=7)
    back = feature(LATAKIA, JABLEH, highway="primary", osmid=7)

    (edge,) = brought(desk, "roads.geojson", collection(there, back)).edges
    assert (edge.one_way, edge.provenance) == (False, "osm")


ROAD = feature(JABLEH, LATAKIA, highway="primary")
WRONG = '{"type": "FeatureCollection", "features": 3}'


@pytest.mark.parametrize(
    ("text", "line", "where", "said"),
    [
        (collection(ROAD)[:60], 3, "", "not readable as GeoJSON"),
        (collection(ROAD)[:-1], 4, "", "not readable as GeoJSON"),
        (collection(ROAD).replace("35.79", "NaN"), 3, "", "NaN is not a number"),
        (collection(ROAD, feature(JABLEH, [1e999, 3])), 4, "", "Infinity is not a number"),
        (collection(ROAD).replace("35.79", "1e999"), 3, "features[0]", "is not on the Earth"),
        (collection(ROAD, feature(JABLEH, [254e3, 39e5])), 4, "features[1]", "not on the Earth"),
        (collection(ROAD, feature(JABLEH, ["a", 3])), 4, "features[1]", "a position is"),
        (collection(ROAD, feature(JABLEH, [True, 3])), 4, "features[1]", "a position is"),
        (collection(ROAD, feature(JABLEH)), 4, "features[1]", "two positions or more, found 1"),
        (collection(ROAD, feature(None)), 4, "features[1]", "a position is"),
        (collection(ROAD, feature(JABLEH, LATAKIA, kmh="fast")), 4, "features[1]", "kmh must be"),
        (collection(ROAD, feature(JABLEH, LATAKIA, kmh=0)), 4, "features[1]", "kmh must be"),
        (collection(ROAD, feature(JABLEH, LATAKIA, sd=5, kmh=3)), 4, "features[1]", "sd: a share"),
        (collection(ROAD, feature(JABLEH, LATAKIA, no_go=5)), 4, "features[1]", "yes or no"),
        (collection(ROAD, 3), 4, "features[1]", "a Feature is expected"),
        (collection(ROAD, {"type": "Feature", "geometry": 3}), 4, "features[1]", "to be objects"),
        (collection(), 1, "", "there is no road in this file"),
        (WRONG, 1, "", "a FeatureCollection of lines is expected"),
        ("[" * 100_000, 1, "", "lists within lists without end"),
        ("3", 1, "", "a FeatureCollection of lines is expected"),
        ("", 1, "", "not readable as GeoJSON"),
    ],
)
def test_a_damaged_geojson_is_told_by_line(desk, text, line, where, said):
    diagnostic = refused(desk, "roads.geojson", text)

    assert said in diagnostic.message
    assert (diagnostic.line, diagnostic.where) == (line, where)
