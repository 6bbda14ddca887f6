"""OpenStreetMap extracts become roads for cars between junctions."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest

from sim.scenario.tables.geometry import distance

from .test_networks import brought, edges, refused

NODES = {
    1: (35.36, 35.921), 2: (35.40, 35.90), 3: (35.45, 35.85), 4: (35.49, 35.82),
    5: (35.53, 35.79), 6: (35.45, 35.95), 7: (35.44, 35.86), 8: (35.46, 35.86),
}  # fmt: skip


def osm(*ways, nodes=NODES, head=""):
    """Return an extract as XML; a way is (nodes, tags)."""
    drawn = [f'<node id="{n}" version="1" lat="{y}" lon="{x}"/>' for n, (y, x) in nodes.items()]
    for i, (refs, tags) in enumerate(ways, 1):
        drawn.append(f'<way id="{i}" version="1">')
        drawn += [f'<nd ref="{ref}"/>' for ref in refs]
        drawn += [f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()]
        drawn.append("</way>")
    body = "\n".join(drawn)
    return f'<?xml version="1.0"?>\n{head}<osm version="0.6" generator="hand">\n{body}\n</osm>\n'


def metres(*nodes):
    """Return the length of a line through some nodes."""
    legs = pairwise(nodes)
    return round(sum(distance(*NODES[a], *NODES[b]) for a, b in legs))


def read(desk, *ways, **more):
    """Return the small scenario read with an extract."""
    return brought(desk, "roads.osm", osm(*ways, **more))


COAST = ([1, 2, 3, 4, 5], {"highway": "trunk", "ref": "M1;E5", "name": "Coast road"})


@pytest.fixture(autouse=True)
def _reader():
    pytest.importorskip("osmium", reason="the extra osm is not installed")


def test_only_junctions_are_kept_and_lengths_are_summed_along_the_way(desk):
    found = read(desk, COAST, ([3, 6], {"highway": "residential", "maxspeed": "20 mph"}))

    assert [n.id for n in found.nodes] == ["1", "3", "5", "6"]
    assert edges(found) == [
        ("1", "3", metres(1, 2, 3), 80, False),
        ("3", "5", metres(3, 4, 5), 80, False),
        ("3", "6", metres(3, 6), 32.187, False),
    ]
    assert [e.road for e in found.edges] == ["M1", "M1", ""]
    assert {e.provenance for e in found.edges} == {"osm"}


def test_xml_and_pbf_of_one_map_give_the_same_roads(desk, tmp_path):
    import osmium

    text = osm(COAST, ([3, 6], {"highway": "residential", "name": "شارع"}))
    with osmium.SimpleWriter(str(tmp_path / "copy.osm.pbf")) as writer:
        for thing in osmium.FileProcessor(osmium.io.FileBuffer(text.encode(), "osm")):
            writer.add(thing)
    found = brought(desk, "roads.osm", text)
    again = brought(desk, "roads.osm.pbf", (tmp_path / "copy.osm.pbf").read_bytes())

    assert (found.nodes, found.edges) == (again.nodes, again.edges)
    assert again.edges[2].road == "شارع"


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"oneway": "yes"}, ("3", "6", True)),
        ({"oneway": "-1"}, ("6", "3", True)),
        ({"oneway": "no"}, ("3", "6", False)),
        ({"highway": "motorway"}, ("3", "6", True)),
        ({"highway": "motorway", "oneway": "no"}, ("3", "6", False)),
    ],
)
def test_one_way_roads_lead_as_their_tags_say(desk, tags, expected):
    back = ([6, 8, 5], {"highway": "primary"})
    found = read(desk, COAST, ([3, 6], {"highway": "primary", **tags}), back)

    assert [(e.start, e.end, e.one_way) for e in found.edges][2] == expected


def test_a_roundabout_is_one_way_without_saying_so(desk):
    ring = ([3, 7, 6, 8, 3], {"highway": "primary", "junction": "roundabout"})
    found = read(desk, COAST, ring, ([6, 5], {"highway": "primary"}))

    around = [(e.start, e.end, e.metres) for e in found.edges if e.one_way]
    assert around == [("3", "6", metres(3, 7, 6)), ("6", "3", metres(6, 8, 3))]


@pytest.mark.parametrize(
    ("tags", "kept"),
    [
        ({"highway": "footway"}, False),
        ({"highway": "track"}, False),
        ({"highway": "proposed"}, False),
        ({"highway": "service", "service": "driveway"}, False),
        ({"highway": "residential", "access": "private"}, False),
        ({"highway": "residential", "access": "no", "emergency": "yes"}, True),
        ({"highway": "residential", "access": "no", "motor_vehicle": "yes"}, True),
        ({"highway": "residential", "motor_vehicle": "no"}, False),
        ({"highway": "service", "area": "yes"}, False),
        ({"highway": "service"}, True),
        ({"railway": "rail"}, False),
    ],
)
def test_only_roads_that_cars_may_take_are_kept(desk, tags, kept):
    found = read(desk, COAST, ([3, 6], tags))

    assert ("6" in [n.id for n in found.nodes]) == kept


def test_a_way_that_the_extract_cuts_ends_at_its_border(desk):
    """Nodes beyond the border are named by the way, but not in the file."""
    found = read(desk, COAST, ([5, 8, 99, 98, 6, 7], {"highway": "primary"}))

    assert [(e.start, e.end) for e in found.edges] == [("1", "5"), ("5", "8")]
    (warning,) = found.warnings
    assert "dropped 2 nodes in 1 part" in warning.message


TEXT = osm(COAST)
LINES = TEXT.count("\n")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (TEXT[:-30], LINES - 2, "not readable: "),
        (TEXT.replace("</way>", ""), LINES, "not readable: "),
        (TEXT.replace('lat="35.4"', 'lat="north"'), 4, "not readable: "),
        (osm(), 1, "there is no road in this file"),
        (osm(COAST, nodes={}), 1, "there is no road in this file"),
        (osm(([1, 2], {"highway": "footway"})), 1, "there is no road in this file"),
        (osm(COAST, head='<!DOCTYPE x [<!ENTITY x "y">]>\n'), 2, "not readable: "),
        (TEXT.replace('lat="35.4"', 'lat="95.4"'), 1, "node 2 does not lie on the Earth"),
        ("highways", 1, "not readable: "),
        ("", 1, ""),
    ],
)
def test_a_damaged_extract_is_told_by_line(desk, text, line, said):
    diagnostic = refused(desk, "roads.osm", text)

    assert diagnostic.file.endswith("roads.osm")
    assert said in diagnostic.message
    assert diagnostic.line in (0, line)


def test_a_truncated_pbf_is_told_by_byte(desk, tmp_path):
    """A download that broke off is the commonest damage there is."""
    import osmium

    with osmium.SimpleWriter(str(tmp_path / "copy.osm.pbf")) as writer:
        for thing in osmium.FileProcessor(osmium.io.FileBuffer(osm(COAST).encode(), "osm")):
            writer.add(thing)
    data = (tmp_path / "copy.osm.pbf").read_bytes()
    for end in (*range(1, len(data) - 1, 9), len(data) - 1):
        diagnostic = refused(desk, "roads.osm.pbf", data[:end])
        assert diagnostic.message
    assert diagnostic.message.startswith(
        "the file ends in the middle of the block that begins at byte"
    )
    assert diagnostic.where == f"byte {len(data) - 1:,}"


def test_what_is_no_pbf_is_said_to_be_none(desk):
    assert refused(desk, "roads.osm.pbf", "<osm></osm>").message == "this is not a .osm.pbf file"


def test_without_the_reader_it_is_said_how_to_install_it(desk, monkeypatch):
    monkeypatch.setitem(sys.modules, "osmium", None)
    diagnostic = refused(desk, "roads.osm", TEXT)

    assert "osmium, which is not installed" in diagnostic.message
    assert diagnostic.help == "pip install 'rescuesim[osm]'"
