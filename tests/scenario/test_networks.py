"""A road network that a planner brings is read as tables of nodes and edges would be."""

from __future__ import annotations

import pytest

from sim.scenario import render
from sim.scenario.networks.network_files import with_credit
from sim.scenario.networks.road_speeds import DEFAULT_KMH, limit_kmh
from sim.world import build

from .conftest import SMALL

BEGIN, END = SMALL.index("  roads:"), SMALL.index("  hospitals:")


def scenario(name, more=""):
    """Return the small scenario on a network of one's own."""
    return f"{SMALL[:BEGIN]}  roads: {{network: {name}{more}}}\n{SMALL[END:]}"


def brought(desk, name, data, more=""):
    """Return the small scenario read with a network."""
    desk.put(name, data)
    return desk.read(text=scenario(name, more))


def refused(desk, name, data, more=""):
    """Return the one error for which a network is refused."""
    desk.put(name, data)
    (diagnostic,) = desk.refused(text=scenario(name, more))
    return diagnostic


def edges(found):
    """Return what counts of each edge, in the order of the file."""
    return [(e.start, e.end, e.metres, e.kmh, e.one_way) for e in found.edges]


def graphml(nodes, roads, head=""):
    """Return GraphML as osmnx writes it; roads are (from, to, attributes)."""
    names = ["y", "x", "highway", "length", "maxspeed", "speed_kph", "oneway", "name", "ref"]
    keys = "".join(f'  <key id="d{i}" attr.name="{n}" attr.type="string" />\n' for i, n in
                   enumerate([*names, "osmid"]))  # fmt: skip
    number = {name: f"d{i}" for i, name in enumerate([*names, "osmid"])}

    def data(about):
        return "".join(f'<data key="{number[k]}">{v}</data>' for k, v in about.items())

    drawn = [f'<node id="{n}">{data({"y": y, "x": x})}</node>\n' for n, y, x in nodes]
    drawn += [
        f'<edge source="{a}" target="{b}" id="0">{data({"osmid": 1, **about})}</edge>\n'
        for a, b, about in roads
    ]
    return (
        f"<?xml version='1.0' encoding='utf-8'?>\n{head}"
        f'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n{keys}'
        f'<graph edgedefault="directed">\n{"".join(drawn)}</graph></graphml>\n'
    )


TOWNS = [("1", 35.36, 35.921), ("2", 35.45, 35.85), ("3", 35.53, 35.79)]


def both(a, b, about):
    """Return a road in both directions, as osmnx writes it."""
    return [(a, b, about), (b, a, about)]


COAST = [
    *both("1", "2", {"highway": "primary", "length": "11800.4", "name": "Old road"}),
    *both("2", "3", {"highway": "trunk", "length": "10500.6", "maxspeed": "50 mph", "ref": "M1"}),
]


def test_graphml_from_osmnx_is_read(desk):
    """All its attributes are text, and each direction of a street is an edge of its own."""
    found = brought(desk, "roads.graphml", graphml(TOWNS, COAST))

    assert [(n.id, n.lat, n.lon) for n in found.nodes] == TOWNS
    assert edges(found) == [
        ("1", "2", 11_800, DEFAULT_KMH["primary"], False),
        ("2", "3", 10_501, 80.467, False),
    ]
    assert [e.road for e in found.edges] == ["Old road", "M1"]
    assert {e.provenance for e in found.edges} == {"osm"}
    assert found.warnings == ()


def test_a_network_gives_the_times_that_its_lengths_and_speeds_say(desk):
    """11.8 km at 60 km/h are 11.8 minutes, and 10.5 km at 30 km/h are 21 minutes."""
    roads = [
        *both("1", "2", {"highway": "primary", "length": "11800", "speed_kph": "60.0"}),
        *both("2", "3", {"highway": "trunk", "length": "10500"}),
    ]
    found = brought(desk, "roads.graphml", graphml(TOWNS, roads), ", kmh: {trunk: 30}")

    assert build(found).travel.times[0][0][1] == round((11.8 + 21.0) * 60_000)


def test_of_several_classes_and_limits_of_a_road_the_slowest_counts(desk):
    """osmnx joins streets and then lists what they had."""
    listed = {"length": "1000", "highway": "['primary', 'residential']"}
    more = [*both("1", "2", listed), *both("2", "3", {**listed, "maxspeed": "['40', '60']"})]
    found = brought(desk, "roads.graphml", graphml(TOWNS, more))

    assert [(e.kmh, e.road_class) for e in found.edges] == [
        (DEFAULT_KMH["residential"], "residential"),
        (40.0, "residential"),
    ]


def test_parallel_roads_are_both_kept(desk):
    more = [*COAST, *both("1", "2", {"highway": "primary", "length": "9000"})]
    found = brought(desk, "roads.graphml", graphml(TOWNS, more))

    assert [e.metres for e in found.edges if (e.start, e.end) == ("1", "2")] == [11_800, 9_000]


def test_a_street_that_is_one_way_in_osmnx_stays_one_way(desk):
    about = {"highway": "primary", "length": "100", "oneway": "True"}
    round_about = [("1", "2", about), ("2", "3", about), ("3", "1", about)]
    found = brought(desk, "roads.graphml", graphml(TOWNS, round_about))

    assert [e.one_way for e in found.edges] == [True] * 3


@pytest.mark.parametrize(
    ("written", "kmh"),
    [("50", 50.0), ("30 mph", 48.28), ("50;30", 30.0), ("['60', '40 mph']", 60.0),
     ("none", None), ("RO:urban", None), ("0", None), ("signals;80", 80.0), ("", None)],
)  # fmt: skip
def test_speed_limits_are_read_as_openstreetmap_writes_them(written, kmh):
    assert limit_kmh(written) == kmh


def test_the_largest_connected_part_is_kept_and_what_was_dropped_is_told(desk):
    """A place on an island in the data would otherwise be cut off without a word."""
    islands = [("4", 35.6, 35.7), ("5", 35.61, 35.7), ("6", 35.7, 35.7)]
    roads = [
        *COAST,
        *both("4", "5", {"highway": "track", "length": "1100"}),
        ("6", "1", {"highway": "track", "length": "2000"}),
    ]
    found = brought(desk, "roads.graphml", graphml(TOWNS + islands, roads))

    assert [n.id for n in found.nodes] == ["1", "2", "3"]
    assert len(found.edges) == 2
    (warning,) = found.warnings
    assert warning.where == "map.roads.network"
    assert warning.message == (
        "kept the largest connected part: 3 of 6 nodes; dropped 3 nodes in 2 parts, 3.1 km of road"
    )


def test_a_place_far_from_the_kept_part_names_itself_and_the_distance(desk):
    """Jablah's node 1 is reached by a one-way road only, so that it is dropped."""
    roads = [("2", "1", {"highway": "primary", "length": "11800"}), *COAST[2:]]
    diagnostic = refused(desk, "roads.graphml", graphml(TOWNS, roads))

    assert diagnostic.where == "map.roads"
    assert diagnostic.message.startswith("'Jablah' lies 11.8 km from its nearest road node, '2'")
    assert diagnostic.help.endswith("write snap: 11.9 km")


NO_CLASS = graphml(TOWNS, [*COAST, ("1", "3", {"length": "1"})])
NAN = graphml([*TOWNS, ("4", "nan", "35.1")], COAST)
METRES = graphml([*TOWNS, ("4", "3926000.1", "254000.2")], COAST)
LOST = graphml(TOWNS, [*COAST, ("1", "9", {"highway": "primary", "length": "1"})])
TWICE = graphml([*TOWNS, TOWNS[0]], COAST)
NAMELESS = graphml([*TOWNS, ("", 35.5, 35.9)], COAST)
FAR = graphml(TOWNS, [*COAST, ("1", "3", {"highway": "primary", "length": "1e9"})])
LONG = graphml(TOWNS, [*COAST, ("1", "3", {"highway": "primary", "length": "long"})])
BOMB = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY big "&lol;&lol;&lol;">]>\n'
OUTSIDE = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n'


@pytest.mark.parametrize(
    ("text", "line", "where", "said"),
    [
        (graphml(TOWNS, COAST)[:-40], 20, "", "the file ends too soon"),
        (graphml(TOWNS, COAST)[:300], 6, "", "the file ends too soon"),
        (graphml(TOWNS, COAST).replace("</node>", "</nod>", 1), 14, "", "not XML: mismatched tag"),
        ("name,lat,lon\n", 1, "", "not XML: syntax error"),
        ("", 1, "", "the file ends too soon"),
        ("<osm></osm>", 1, "", "there is no graph in this file"),
        (graphml(TOWNS, []), 1, "", "there is no road in this file"),
        (graphml(TOWNS, COAST, BOMB), 2, "", "a document type is not read"),
        (graphml(TOWNS, COAST, OUTSIDE), 2, "", "a document type is not read"),
        (NAN, 17, "node '4'", "y must be a number, found 'nan'"),
        (METRES, 17, "node '4'", "are not degrees of longitude and latitude"),
        (LOST, 21, "edge '1' to '9'", "there is no node '9'"),
        (TWICE, 14, "node '1'", "this node is given twice"),
        (NAMELESS, 17, "node ''", "a node has no id"),
        (FAR, 21, "edge '1' to '3'", "a length is from 0 to"),
        (LONG, 21, "edge '1' to '3'", "length must be a number, found 'long'"),
    ],
)  # fmt: skip
def test_a_damaged_graphml_is_told_by_line(desk, text, line, where, said):
    diagnostic = refused(desk, "roads.graphml", text)

    assert said in diagnostic.message
    assert (diagnostic.file.endswith("roads.graphml"), diagnostic.line, diagnostic.where) == (
        True,
        line,
        where,
    )


def test_a_class_without_a_speed_is_named_with_what_to_write(desk):
    strange = both("1", "3", {"highway": "escape", "length": "1"})
    diagnostic = refused(desk, "roads.graphml", graphml(TOWNS, [*COAST, *strange]))

    assert diagnostic.where == "map.roads.network"
    assert diagnostic.message == "there is no speed for 1 road of the class 'escape'"
    assert diagnostic.help.endswith("kmh: {escape: 30}")


def test_a_street_that_leads_back_to_where_it_began_is_no_road(desk):
    loop = ("2", "2", {"highway": "primary", "length": "400"})
    found = brought(desk, "roads.graphml", graphml(TOWNS, [*COAST, loop]))

    assert [(e.start, e.end) for e in found.edges] == [("1", "2"), ("2", "3")]


def test_a_road_with_neither_speed_nor_class_is_told(desk):
    assert "1 road in it has neither a speed nor a class" in (
        refused(desk, "roads.graphml", NO_CLASS).message
    )


def test_a_speed_for_a_class_that_no_road_has_is_warned_of(desk):
    """A slip of the pen would otherwise leave the assumed speed in force."""
    found = brought(desk, "roads.graphml", graphml(TOWNS, COAST), ", kmh: {primry: 30}")

    (warning,) = found.warnings
    assert warning.message == "no road is of the class 'primry'"
    assert "did you mean 'primary'?" in warning.help


@pytest.mark.parametrize("kmh", ["0", "2000", "-5"])
def test_a_speed_that_none_can_drive_is_refused(desk, kmh):
    diagnostic = refused(desk, "roads.graphml", graphml(TOWNS, COAST), f", kmh: {{trunk: {kmh}}}")

    assert "from 0.1 to 1000 km/h" in diagnostic.message


def test_another_kind_of_file_is_told_which_are_read(desk):
    diagnostic = refused(desk, "roads.shp", "x")

    assert diagnostic.message == "this kind of network is not read"
    assert ".graphml, .geojson, .osm, .osm.pbf" in diagnostic.help
    assert "roads.shp: error:" in render(diagnostic)


def test_a_network_that_is_not_there_is_told_at_its_name(desk):
    (diagnostic,) = desk.refused(text=scenario("roads.graphml"))

    assert diagnostic.message == "there is no file 'roads.graphml'"


def test_the_network_is_kept_among_the_inputs(desk):
    """A results folder can be run again alone."""
    found = brought(desk, "roads.graphml", graphml(TOWNS, COAST))

    assert "roads.graphml" in [i.name for i in found.inputs]
    assert "network: inputs/roads.graphml" in found.resolved_yaml()


def test_openstreetmap_is_credited_where_roads_came_from_it(desk):
    """Its licence asks for that on every map."""
    found = brought(desk, "roads.graphml", graphml(TOWNS, COAST))

    assert with_credit(("Places: GeoNames",), found.edges)[1:] == (
        "Roads (c) OpenStreetMap contributors, ODbL 1.0.",
    )
    assert with_credit(("(c) OpenStreetMap contributors",), found.edges) == (
        "(c) OpenStreetMap contributors",
    )
    assert with_credit((), [e._replace(provenance="") for e in found.edges]) == ()
