"""The coastline drawn behind maps, from GeoJSON. Only coasts: no borders are drawn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Line = tuple[tuple[float, float], ...]


def read_coastline(data: bytes) -> tuple[Line, ...]:
    """
    Return the lines of a GeoJSON text as (lon, lat) in degrees.

    A feature whose ``kind`` is something other than ``coastline`` is left out, and so is every
    geometry that is not a line.

    Raises
    ------
    ValueError
        Saying what is wrong, when this is not GeoJSON or a position is not on the Earth.

    """
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not readable as GeoJSON: {str(error)[:120]}") from None
    if not isinstance(found, dict) or not isinstance(found.get("type"), str):
        raise ValueError("not GeoJSON: a FeatureCollection of lines is expected")
    try:
        return tuple(_line(points) for points in _lines(found))
    except RecursionError:
        raise ValueError("not GeoJSON: features within features") from None


def _refuse_constant(word: str) -> float:
    raise ValueError(f"{word} is not a number")


def _lines(part: dict[str, Any]) -> Iterator[Any]:
    kind = part.get("type")
    if kind == "FeatureCollection":
        for feature in _list(part.get("features")):
            if isinstance(feature, dict) and feature.get("type") == "Feature":
                yield from _lines(feature)
    elif kind == "Feature":
        properties = part.get("properties")
        about = properties.get("kind") if isinstance(properties, dict) else None
        if about in (None, "coastline") and isinstance(part.get("geometry"), dict):
            yield from _lines(part["geometry"])
    elif kind == "LineString":
        yield part.get("coordinates")
    elif kind == "MultiLineString":
        yield from _list(part.get("coordinates"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _line(points: Any) -> Line:
    return tuple(_point(p) for p in _list(points))


def _point(point: Any) -> tuple[float, float]:
    numbers = point[:2] if isinstance(point, list) else []
    if len(numbers) != 2 or any(type(n) not in (int, float) for n in numbers):
        raise ValueError(f"a position is [longitude, latitude], found {str(point)[:60]}")
    lon, lat = (float(n) if abs(n) < 1e6 else 1e6 for n in numbers)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(f"the position {str(point)[:60]} is not on the Earth")
    return lon, lat
