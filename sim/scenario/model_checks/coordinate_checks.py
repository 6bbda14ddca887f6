"""Places whose coordinates lie far from all others: swapped, without their sign, or mistyped."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, inf, radians
from statistics import median

from ..tables.table_rows import PlaceRow

METRES_PER_DEGREE = 111_195.0
FAR = 100_000.0  # from the middle of all places, and so many times as far as most: [m]
TIMES = 10.0
APART = 10_000.0  # from the nearest other place, where swapping would bring it among them [m]
MOST = 500  # places of which each is compared with each
MOST_TOLD = 5

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class OddPlace:
    """A place whose coordinates are seldom meant, and what may be."""

    name: str
    message: str
    help: str


def odd_places(places: Sequence[PlaceRow]) -> list[OddPlace]:
    """Return the places that lie far from all others, or among them if lat and lon are swapped."""
    points = {
        p.name: (p.lat, p.lon) for p in places if p.lat is not None and p.lon is not None
    }  # fmt: skip
    if len(points) < 3:
        return []
    found = {odd.name: odd for odd in [*_swapped(points), *_far(points)]}
    return [found[name] for name in points if name in found][:MOST_TOLD]


def _far(points: dict[str, Point]) -> Iterator[OddPlace]:
    """Yield places far from the middle of all, compared with how far most are."""
    middle = median(lat for lat, _ in points.values()), median(lon for _, lon in points.values())
    away = {name: _distance(point, middle) for name, point in points.items()}
    limit = max(FAR, TIMES * median(away.values()))
    for name, metres in away.items():
        if metres > limit:
            lat, lon = points[name]
            meant = [(lon, lat), (-lat, lon), (lat, -lon), (-lat, -lon)]
            near = [p for p in meant if abs(p[0]) <= 90 and _distance(p, middle) <= limit]
            yield OddPlace(
                name,
                f"'{name}' lies {metres / 1000:,.0f} km from the middle of all places",
                _instead(*near[0]) if near else "look at lat and lon, in degrees",
            )


def _swapped(points: dict[str, Point]) -> Iterator[OddPlace]:
    """Yield places apart from all others that would lie among them with lat and lon swapped."""
    if not 4 <= len(points) <= MOST:
        return
    others = sorted((point, name) for name, point in points.items())  # from south to north
    apart = {name: _nearest(name, point, others) for name, point in points.items()}
    usual = median(apart.values())
    for name, metres in apart.items():
        lat, lon = points[name]
        if metres > max(APART, 3 * usual) and abs(lon) <= 90:
            swapped = _nearest(name, (lon, lat), others)
            if swapped < metres / 4:
                yield OddPlace(
                    name,
                    f"'{name}' lies {metres / 1000:,.0f} km from the nearest other place, and "
                    f"{swapped / 1000:,.0f} km with lat and lon swapped",
                    _instead(lon, lat),
                )


def _instead(lat: float, lon: float) -> str:
    return f"did you mean lat: {lat:.12g}, lon: {lon:.12g}?"


def _nearest(name: str, point: Point, others: Sequence[tuple[Point, str]]) -> float:
    """Return how far the nearest of the others is, which stand from south to north. [m]"""
    here = bisect_left(others, (point, ""))
    least = inf
    for way in (range(here, len(others)), range(here - 1, -1, -1)):
        for other, named in map(others.__getitem__, way):
            if METRES_PER_DEGREE * abs(point[0] - other[0]) > least:
                break  # all that follow are farther north, or south
            if named != name:
                least = min(least, _distance(point, other))
    return least


def _distance(point: Point, other: Point) -> float:
    """Return about how far two points are apart. [m]"""
    east = (point[1] - other[1] + 180) % 360 - 180
    shrink = cos(radians((point[0] + other[0]) / 2))
    return METRES_PER_DEGREE * hypot(point[0] - other[0], east * shrink)
