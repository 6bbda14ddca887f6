"""
Road networks as GeoJSON lines.

Where lines end, and where two of them share a corner, is a node; positions are equal when they are
to a millionth of a degree (a tenth of a metre). Lengths are great circles along the corners,
unless a line gives its own `km`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import inf
from typing import Any

from sim import units

from ..tables.csv_tables import YES_NO
from ..tables.geometry import distance
from ..tables.table_rows import RoadEdge, RoadNode
from .drafts import DamagedError, Draft, paired, road_name
from .road_speeds import FASTEST, SLOWEST, RoadSpeeds, direction

_NUMBERS = (int, float)
DIGITS = 6  # of a position in degrees
_FIRST = re.compile(r'"features"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_CLASSES = ("highway", "road_class", "class")
_IDS = ("osmid", "osm_id", "@id")
_PROPERTIES = (
    *_CLASSES, "kmh", "speed_kph", "maxspeed", "oneway", "one_way", "sd", "exposure", "no_go",
    "road", "ref", "name", "provenance", *_IDS,
)  # fmt: skip

Position = tuple[float, float]
About = dict[str, Any]


def read_geojson(text: str, speeds: RoadSpeeds, shapes: bool = False) -> Draft:
    """
    Return the network of the lines in a GeoJSON text, with their shapes if they are wanted.

    Raises
    ------
    DamagedError
        Saying what is wrong with it and where.

    """
    number = 0
    drawn: list[tuple[int, list[list[Position]]]] = []
    used: Counter[Position] = Counter()
    features = _features(text)
    draft, alike = Draft(has_shapes=shapes), FeatureTags(speeds)
    try:
        for number, feature in enumerate(features):
            lines = list(_lines(feature))
            for line in lines:
                used.update(line)
                used.update((line[0], line[-1]))
            drawn.append((number, lines))
        for number, lines in drawn:
            if lines:
                about = features[number].get("properties") or {}
                _add_lines(draft, lines, used, about, alike)
    except DamagedError as error:
        error.where, error.at = f"features[{number}]", _where(text, number)
        raise
    draft.edges = paired(draft.edges)
    return draft


def _features(text: str) -> list[Any]:
    try:
        found = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text) - 1 or error.msg.startswith("Unterminated")
        fix = "it may have been cut short: copy it again" if cut else ""
        raise DamagedError(f"not readable as GeoJSON: {error.msg}", fix, at=error.pos) from None
    except RecursionError:
        raise DamagedError("not GeoJSON: lists within lists without end", at=0) from None
    except ValueError as error:
        word = str(error).partition(" ")[0]
        at = max(0, text.find(word))
        raise DamagedError(f"not readable as GeoJSON: {str(error)[:120]}", at=at) from None
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection":
        raise DamagedError("not GeoJSON: a FeatureCollection of lines is expected", at=0)
    return features


def _refuse_constant(word: str) -> float:
    raise ValueError(f"{word} is not a number")


def _lines(feature: Any) -> Iterator[list[Position]]:
    """Yield the lines of a feature; points and areas, which are no roads, are passed over."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise DamagedError("a Feature is expected")
    geometry, about = feature.get("geometry"), feature.get("properties")
    if not isinstance(geometry, dict | None) or not isinstance(about, dict | None):
        raise DamagedError("its geometry and its properties are expected to be objects")
    kind = geometry.get("type") if geometry else None
    if geometry and kind in ("LineString", "MultiLineString"):
        points = geometry.get("coordinates")
        for line in (points,) if kind == "LineString" else _listed(points):
            yield _line(line)


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise DamagedError(f"a list of positions is expected, found {str(value)[:40]}")
    return value


def _line(points: Any) -> list[Position]:
    line: list[Position] = []
    for point in _listed(points):
        try:
            lon, lat = point if len(point) == 2 else point[:2]
            fits = -180 <= lon <= 180 and -90 <= lat <= 90
            numbers = type(lon) in _NUMBERS and type(lat) in _NUMBERS
        except (TypeError, ValueError):
            fits = numbers = False
        if not numbers:
            raise DamagedError(f"a position is [longitude, latitude], found {str(point)[:60]}")
        if not fits:
            raise DamagedError(
                f"the position {str(point)[:60]} is not on the Earth",
                "save the lines in degrees (EPSG:4326)",
            )
        position = round(float(lon), DIGITS), round(float(lat), DIGITS)
        if not line or line[-1] != position:
            line.append(position)
    if len(points) < 2:
        raise DamagedError(f"a line has two positions or more, found {len(points)}")
    return line


def _add_lines(
    draft: Draft,
    lines: Sequence[Sequence[Position]],
    used: Counter[Position],
    about: About,
    alike: FeatureTags,
) -> None:
    """Add the stretches of a feature's lines from node to node."""
    like = alike.of(about)
    against = like.one_way and _along(about) < 0
    lengths = [[distance(*_turned(a), *_turned(b)) for a, b in pairwise(line)] for line in lines]
    drawn_km = sum(map(sum, lengths)) / 1000
    own_km = about.get("km") is not None and drawn_km > 0
    factor = _number(about, "km", 0, 20_000) / drawn_km if own_km else 1.0
    for line, each in zip(lines, lengths, strict=True):
        begin, metres, first = line[0], 0.0, 1
        for number, (position, length) in enumerate(zip(line[1:], each, strict=True), 1):
            metres += length * factor
            if used[position] > 1:
                start, end = _node(draft, begin), _node(draft, position)
                via = line[first:number]
                if against:
                    start, end, via = end, start, via[::-1]
                if start != end:
                    draft.add(like.between(start, end, round(metres)), via)
                begin, metres, first = position, 0.0, number + 1


def _turned(position: Position) -> Position:
    return position[1], position[0]


def _node(draft: Draft, position: Position) -> str:
    lon, lat = position
    name = f"{lat} {lon}"
    if name not in draft.nodes:
        draft.nodes[name] = RoadNode(name, lat, lon)
    return name


class FeatureTags:
    """Edges with what features say of themselves; much of it is said again and again."""

    def __init__(self, speeds: RoadSpeeds) -> None:
        self.speeds = speeds
        self.known: dict[tuple[Any, ...], RoadEdge] = {}

    def of(self, about: About) -> RoadEdge:
        """Return an edge with everything that a feature's properties say."""
        said = tuple(map(about.get, _PROPERTIES))
        try:
            known = self.known.get(said)
            if known is None:
                known = self.known[said] = _like(about, self.speeds)
        except TypeError:  # a list, which cannot be looked up
            return _like(about, self.speeds)
        return known


def _like(about: About, speeds: RoadSpeeds) -> RoadEdge:
    """Return an edge with everything that a feature's properties say."""
    said = {name: value for name, value in about.items() if value is not None}
    road_class = next((str(said[c]) for c in _CLASSES if c in said), "")
    own = next(
        (_number(said, n, SLOWEST, FASTEST) for n in ("kmh", "speed_kph") if n in said), None
    )
    kmh, one_class = speeds.of(str(said.get("maxspeed", "")), road_class, own)
    from_osm = any(name in said for name in _IDS)
    return RoadEdge(
        start="",
        end="",
        metres=0,
        kmh=kmh,
        road_class=one_class,
        provenance="osm" if from_osm else str(said.get("provenance", "")),
        one_way=_along(said) != 0,
        sd=_share(said, "sd") if "sd" in said else 0.0,
        exposure=_number(said, "exposure", 0, 1000) if "exposure" in said else 0.0,
        no_go=_yes(said, "no_go") if "no_go" in said else False,
        road=str(
            said.get("road") or road_name(str(said.get("ref", "")), str(said.get("name", "")))
        ),
    )


def _along(about: About) -> int:
    """Return 1 for a road to be taken along its line only, -1 against it, 0 both ways."""
    said = about.get("oneway", about.get("one_way"))
    return direction(said) if said else 0


def _share(about: About, name: str) -> float:
    try:
        return units.share(about[name])
    except units.QuantityError as error:
        raise DamagedError(f"{name}: {error}", error.help) from None


def _yes(about: About, name: str) -> bool:
    said = YES_NO.get(str(about[name]).strip().lower())
    if said is None:
        raise DamagedError(f"{name}: expected yes or no, found {about[name]!r:.40}")
    return said


def _number(about: About, name: str, low: float, high: float) -> float:
    value = about[name]
    try:
        number = inf if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = inf
    if not low <= number <= high:
        raise DamagedError(f"{name} must be a number from {low:g} to {high:g}, found {value!r:.40}")
    return number


def _where(text: str, number: int) -> int:
    """Return at which character a feature begins."""
    first = _FIRST.search(text)
    if not first:
        return 0
    at, decoder = first.end(), json.JSONDecoder()
    for _ in range(number):
        between = _BETWEEN.match(text, at)
        _, at = decoder.raw_decode(text, between.end() if between else at)
    between = _BETWEEN.match(text, at)
    return between.end() if between else at
