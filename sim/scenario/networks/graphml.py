"""
Road networks as osmnx saves them: GraphML, in which every attribute is text.

Nodes have x and y; an edge leads one way and has length [m], highway, and where osmnx was asked
for it speed_kph. A document type is refused, and with it every entity: nothing is fetched and
nothing unfolds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from math import hypot, isfinite
from typing import Any, TypeAlias
from xml.etree import ElementTree

from ..tables.geometry import distance
from ..tables.table_rows import RoadEdge, RoadNode
from .drafts import DamagedError, Draft, RoadPoints, paired, road_name
from .road_speeds import RoadSpeeds, direction

CHUNK = 1 << 20
MOST_METRES = 20_000_000

_LINE = re.compile(r"\s*LINESTRING\s*\(([^()]*)\)\s*")
_ENDS_EARLY = {"no element found", "unclosed token", "unclosed CDATA section"}

Attributes = dict[str, str]
Parser: TypeAlias = Any  # XMLPullParser, whose types are not the same in all releases


def read_graphml(text: str, speeds: RoadSpeeds, shapes: bool = False) -> Draft:
    """
    Return the network in a GraphML text, with the shapes of its roads if they are wanted.

    Raises
    ------
    DamagedError
        Saying what is wrong with it and where.

    """
    at = text.find("<!DOCTYPE")
    if at >= 0:
        raise DamagedError("a document type is not read", "leave the <!DOCTYPE ...> out", at=at)
    names: dict[str, str] = {}
    draft, directed, graphs = Draft(has_shapes=shapes), True, 0
    edges: list[tuple[str, str, Attributes]] = []
    for kind, element in _elements(text):
        if kind == "key":
            names[element.get("id", "")] = element.get("attr.name", "")
        elif kind == "graph":
            graphs += 1
            directed = element.get("edgedefault", "directed") == "directed"
        elif kind == "node":
            _add_node(draft, element.get("id", ""), _attributes(element, names), text)
        else:
            ends = element.get("source", ""), element.get("target", "")
            edges.append((*ends, _attributes(element, names)))
    if not graphs:
        raise DamagedError("there is no graph in this file", "GraphML from osmnx is expected")
    for start, end, about in edges:
        try:
            _add_edge(draft, start, end, about, directed, speeds)
        except DamagedError as error:
            error.at = _where(text, "edge", source=start, target=end)
            error.where = f"edge '{start}' to '{end}'"
            raise
    draft.edges = paired(draft.edges)
    return draft


def _elements(text: str) -> Iterator[tuple[str, ElementTree.Element]]:
    """Yield the keys, nodes and edges as they end, and the graph, each with its name."""
    parser: Parser = ElementTree.XMLPullParser(events=("end",))
    kinds: dict[str, str] = {}
    try:
        for begin in range(0, len(text), CHUNK):
            parser.feed(text[begin : begin + CHUNK])
            yield from _ended(parser, kinds)
        parser.close()
        yield from _ended(parser, kinds)
    except ElementTree.ParseError as error:
        line, column = error.position
        said = str(error).partition(": line")[0].partition(":")[0]
        what = "the file ends too soon" if said in _ENDS_EARLY else f"not XML: {said}"
        raise DamagedError(
            what, "it may have been cut short: copy it again", line=line, column=column + 1
        ) from None


def _ended(parser: Parser, kinds: dict[str, str]) -> Iterator[tuple[str, ElementTree.Element]]:
    for _, element in parser.read_events():
        kind = kinds.get(element.tag)
        if kind is None:
            kind = kinds[element.tag] = element.tag.rpartition("}")[2]
        if kind in ("key", "graph", "node", "edge"):
            yield kind, element
            element.clear()  # what it held is read: the whole tree would fill the memory


def _attributes(element: ElementTree.Element, names: dict[str, str]) -> Attributes:
    found = ((names.get(d.get("key", ""), ""), (d.text or "").strip()) for d in element)
    return {name: written for name, written in found if name and written}


def _add_node(draft: Draft, name: str, about: Attributes, text: str) -> None:
    try:
        lat, lon = (_number(about, axis) for axis in "yx")
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise DamagedError(
                f"x {lon:g} and y {lat:g} are not degrees of longitude and latitude",
                "save the graph before it is projected (or use crs epsg:4326)",
            )
        if not name or name in draft.nodes:
            raise DamagedError("a node has no id" if not name else "this node is given twice")
    except DamagedError as error:
        error.where, error.at = f"node '{name}'", _where(text, "node", id=name)
        raise
    draft.nodes[name] = RoadNode(name, lat, lon)


def _add_edge(
    draft: Draft, start: str, end: str, about: Attributes, directed: bool, speeds: RoadSpeeds
) -> None:
    for node in (start, end):
        if node not in draft.nodes:
            raise DamagedError(f"there is no node '{node}'")
    if start == end:
        return  # a loop leads nowhere else
    a, b = draft.nodes[start], draft.nodes[end]
    metres = _number(about, "length") if "length" in about else distance(a.lat, a.lon, b.lat, b.lon)
    if not 0 <= metres <= MOST_METRES:
        raise DamagedError(f"a length is from 0 to {MOST_METRES:,} m, found {metres:g}")
    limit = about.get("speed_kph") or about.get("maxspeed", "")
    kmh, road_class = speeds.of(limit, about.get("highway") or about.get("road_class", ""))
    one_way = directed or direction(about.get("oneway", "")) != 0
    if not directed and direction(about.get("oneway", "")) < 0:
        start, end = end, start
    road = road_name(about.get("ref", ""), about.get("name", ""))
    source = "osm" if "osmid" in about else about.get("provenance", "")
    edge = RoadEdge(start, end, round(metres), kmh, road_class, source, one_way, road=road)
    via = _between(about.get("geometry", ""), draft.nodes[start]) if draft.has_shapes else ()
    draft.add(edge, via)


def _between(written: str, start: RoadNode) -> RoadPoints:
    """Return the points between the ends of a LINESTRING, as osmnx writes it, from one node on."""
    match = _LINE.fullmatch(written)
    try:
        pairs = [part.split() for part in match[1].split(",")] if match else []
        points = [(float(lon), float(lat)) for lon, lat in pairs]
    except ValueError:
        return ()  # it is for drawing only
    ends = [hypot(lon - start.lon, lat - start.lat) for lon, lat in points[:1] + points[-1:]]
    if not all(map(isfinite, chain.from_iterable(points))):
        return ()
    return points[-2:0:-1] if len(ends) == 2 and ends[0] > ends[1] else points[1:-1]


def _number(about: Attributes, name: str) -> float:
    written = about.get(name)
    if written is None:
        raise DamagedError(f"it has no {name}")
    try:
        number = float(written)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise DamagedError(f"{name} must be a number, found '{written[:40]}'")
    return number


def _where(text: str, kind: str, **attributes: str) -> int:
    """Return where an element is written, 0 where it is not found."""
    first, *rest = attributes.values()
    for quote in "\"'":
        at = text.find(f"={quote}{first}{quote}")
        while at >= 0:
            begin = text.rfind("<", 0, at)
            tag = text[begin : text.find(">", at)]
            if tag.startswith(f"<{kind}") and all(f"{quote}{r}{quote}" in tag for r in rest):
                return begin
            at = text.find(f"={quote}{first}{quote}", at + 1)
    return 0
