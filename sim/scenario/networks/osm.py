"""
Road networks from OpenStreetMap extracts, as XML (.osm) or as .osm.pbf, read by osmium.

Kept are ways fit for cars, and of their nodes those where ways meet or end; lengths are summed
along the way. osmium is an extra: nothing else needs it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from ..tables.geometry import distance
from ..tables.table_rows import RoadEdge, RoadNode
from .drafts import DamagedError, Draft, RoadPoints, road_name
from .road_speeds import DEFAULT_KMH, RoadSpeeds, direction

PER_DEGREE = 10_000_000  # OpenStreetMap keeps positions as whole numbers
NOWHERE = 2_147_483_647  # of a node that is not in the extract
PROVENANCE = "osm"
_POSITION = re.compile(r"line (\d+), column (\d+)")
_QUOTED = re.compile(r"'([^']{1,80})'")
_NOT_FOR_CARS = {"track"}  # reached, if at all, by vehicles that few teams have
_NOT_THROUGH = {"parking_aisle", "driveway", "drive-through"}  # kinds of service road
_ACCESS = ("emergency", "motorcar", "motor_vehicle", "vehicle", "access")  # the first given counts
_TAGS = (*_ACCESS, "area", "service", "oneway", "junction", "maxspeed", "ref", "name")
_CLOSED = {"no", "private"}
_ROUND = {"roundabout", "circular"}
_ONE_WAY = {"motorway", "motorway_link"}  # where nothing else is said

Tags = Mapping[str, str]
Position = tuple[int, int]


class OsmWay(NamedTuple):
    """A stretch of road as drawn: its nodes and an edge that is like it."""

    nodes: tuple[int, ...]
    like: RoadEdge
    against: bool  # to be taken against the order of its nodes


def read_osm(data: bytes, form: str, speeds: RoadSpeeds, shapes: bool = False) -> Draft:
    """
    Return the network in an extract, with the shapes of its roads if they are wanted.

    ``form`` is "osm" or "osm.pbf".

    Raises
    ------
    DamagedError
        Saying what is wrong with it and where, or that osmium is not installed.

    """
    try:
        import osmium
    except ImportError:
        raise DamagedError(
            "OpenStreetMap extracts are read by osmium, which is not installed",
            "pip install 'rescuesim[osm]'",
        ) from None
    if form == "osm.pbf":
        _check_blocks(data)
    ways: list[OsmWay] = []
    at: dict[int, Position] = {}
    alike = WayTags(speeds)
    try:
        roads = osmium.FileProcessor(osmium.io.FileBuffer(data, form)).with_locations()
        for way in roads.with_filter(osmium.filter.KeyFilter("highway")):
            like = alike.of(way) if way.is_way() else None
            if like is not None:
                ways += [OsmWay(nodes, *like) for nodes in _stretches(way, at)]
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise _damage(str(error), data) from None
    for node, (x, y) in at.items():
        if abs(x) > 180 * PER_DEGREE or abs(y) > 90 * PER_DEGREE:
            raise DamagedError(f"node {node} does not lie on the Earth", where=f"node {node}")
    return _between_junctions(ways, at, shapes)


def _damage(said: str, data: bytes) -> DamagedError:
    """Return what osmium says of a damage, with the line where it or what it quotes gives one."""
    fix = "it may have been cut short: copy it again"
    position, quoted = _POSITION.search(said), _QUOTED.search(said)
    if position:
        what = said.partition(position[0])[2].lstrip(": ")[:120]
        line, column = (int(n) for n in position.groups())
        return DamagedError(f"not readable: {what}", fix, line=line, column=max(1, column))
    at = data.find(quoted[1].encode() + b'"') if quoted else -1
    line = data.count(b"\n", 0, at) + 1 if at >= 0 else 0
    column = at - data.rfind(b"\n", 0, max(at, 0)) + 1
    return DamagedError(f"not readable: {said[:120]}", fix, line=line, column=column)


class WayTags:
    """Edges with what ways say of themselves; much of it is said again and again."""

    def __init__(self, speeds: RoadSpeeds) -> None:
        self.speeds = speeds
        self.known: dict[tuple[str | None, ...], tuple[RoadEdge, bool] | None] = {}

    def of(self, way: Any) -> tuple[RoadEdge, bool] | None:
        """Return an edge like a way, and if it leads against it; None if it is no road for us."""
        tag = way.tags.get
        road_class = tag("highway")
        if road_class not in DEFAULT_KMH or road_class in _NOT_FOR_CARS:
            return None
        said = (road_class, *map(tag, _TAGS))
        if said not in self.known:
            tags = dict(zip(("highway", *_TAGS), said, strict=True))
            given = {name: value for name, value in tags.items() if value is not None}
            self.known[said] = self._like(given) if fit_for_cars(given) else None
        return self.known[said]

    def _like(self, tags: Tags) -> tuple[RoadEdge, bool]:
        kmh, road_class = self.speeds.of(tags.get("maxspeed", ""), tags["highway"])
        along = one_way(tags)
        road = road_name(tags.get("ref", ""), tags.get("name", ""))
        return RoadEdge("", "", 0, kmh, road_class, PROVENANCE, along != 0, road=road), along < 0


def fit_for_cars(tags: Tags) -> bool:
    """Return whether a rescue vehicle may take a road: no square, no driveway, not private."""
    if tags.get("area") == "yes" or tags.get("service") in _NOT_THROUGH:
        return False
    said = next((tags[key] for key in _ACCESS if key in tags), "yes")
    return said not in _CLOSED


def one_way(tags: Tags) -> int:
    """Return 1 for a way to be taken in the order of its nodes only, -1 against it, 0 both ways."""
    if "oneway" in tags:
        return direction(tags["oneway"])
    return int(tags.get("junction") in _ROUND or tags["highway"] in _ONE_WAY)


def _stretches(way: Any, at: dict[int, Position]) -> Iterator[tuple[int, ...]]:
    """Yield the nodes of a way in one piece, or in several where an extract cuts it."""
    nodes: list[int] = []
    for node in way.nodes:
        ref, location = node.ref, node.location
        x = location.x
        if x == NOWHERE:  # beyond the border of the extract
            if len(nodes) > 1:
                yield tuple(nodes)
            nodes = []
        elif not nodes or nodes[-1] != ref:
            at[ref] = x, location.y
            nodes.append(ref)
    if len(nodes) > 1:
        yield tuple(nodes)


def _between_junctions(ways: Sequence[OsmWay], at: Mapping[int, Position], shapes: bool) -> Draft:
    """Return the network in which only the nodes where ways meet or end are left."""
    used: Counter[int] = Counter()
    for way in ways:
        used.update(way.nodes)
        used.update((way.nodes[0], way.nodes[-1]))
    kept = [node for node in at if used[node] > 1]
    names = dict(zip(kept, map(str, kept), strict=True))
    degrees = {node: (y / PER_DEGREE, x / PER_DEGREE) for node, (x, y) in at.items()}
    nodes = {name: RoadNode(name, *degrees[node]) for node, name in names.items()}
    draft = Draft(nodes, has_shapes=shapes)
    for way in ways:
        begin, metres, first = way.nodes[0], 0.0, 1
        for number, (last, node) in enumerate(pairwise(way.nodes), 1):
            metres += distance(*degrees[last], *degrees[node])
            if node in names:
                if node != begin:
                    start, end = (node, begin) if way.against else (begin, node)
                    own = (names[start], names[end], round(metres))
                    via = _drawn(way, first, number, degrees) if shapes else ()
                    draft.add(way.like.between(*own), via)
                begin, metres, first = node, 0.0, number + 1
    return draft


def _drawn(
    way: OsmWay, first: int, end: int, degrees: Mapping[int, tuple[float, float]]
) -> RoadPoints:
    """Return the points of some nodes of a way, in the direction in which it is taken."""
    via = [degrees[node][::-1] for node in way.nodes[first:end]]
    return via[::-1] if way.against else via


def _check_blocks(data: bytes) -> None:
    """Note where a .pbf ends in the middle of a block, which osmium would tell without a place."""
    at = 0
    while at < len(data):
        head = int.from_bytes(data[at : at + 4], "big")
        size = _block_size(data[at + 4 : at + 4 + head]) if head < 65_536 else None
        if size is None:
            what = "this is not a .osm.pbf file" if at == 0 else "the file is damaged"
            raise DamagedError(what, "copy it again", where=f"byte {at:,}")
        if at + 4 + head + size > len(data):
            raise DamagedError(
                f"the file ends in the middle of the block that begins at byte {at:,}",
                "it was cut short: copy it again",
                where=f"byte {len(data):,}",
            )
        at += 4 + head + size


def _block_size(head: bytes) -> int | None:
    """Return the size that a BlobHeader gives (its field 3), None where there is none."""
    at = 0
    try:
        while at < len(head):
            field, at = _varint(head, at)
            number, at = _varint(head, at)
            if field == 3 << 3:
                return number
            if field & 7 == 2:
                at += number
            elif field & 7:
                return None
    except IndexError:
        return None
    return None


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, at
        shift += 7
