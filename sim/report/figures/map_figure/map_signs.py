"""The map's signs, drawn alike on the map and in its key."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi, sqrt
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from ..layout.style import INK, okabe_ito
from .map_data import Array, MapRoad

NO_CALLOUTS = "#a3adb8"
NOT_SETTLED = "#7b8794"
LARGEST, LEAST = 13.0, 2.2  # radii of places with callouts [points]
ARM, ARM_WIDTH = 4.0, 4.2  # of a base's cross, as far as it is seen [points]
IN_CELL = 3.2  # radius of the mark of a difference in its cell [points]
HOSPITAL_HALF = 3.5  # half its side [points]

HOSPITAL = "#7a1f5c"
_SQUARE = [(-3.5, -3.5), (3.5, -3.5), (3.5, 3.5), (-3.5, 3.5)]
_LETTER = [(-1.9, -2.1), (-1.0, -2.1), (-1.0, -0.4), (1.0, -0.4), (1.0, -2.1), (1.9, -2.1),
           (1.9, 2.1), (1.0, 2.1), (1.0, 0.5), (-1.0, 0.5), (-1.0, 2.1), (-1.9, 2.1)]  # fmt: skip
CHECKPOINT: dict[str, Any] = {
    "marker": "D", "ms": 4.2, "mfc": okabe_ito["orange"], "mec": INK, "mew": 0.8,
}  # fmt: skip
CLOSED: dict[str, Any] = {"colors": okabe_ito["vermillion"], "linewidths": 2.4, "zorder": 1.8}
CASING: dict[str, Any] = {"colors": "white", "linewidths": 5.4, "zorder": 1.7}  # under it
CLOSED_DASH: dict[str, Any] = {  # over it: it is seen in grey print, too
    "colors": "white", "linewidths": 0.9, "linestyles": [(0, (2.5, 2.5))], "zorder": 1.9,
}  # fmt: skip

_DASHED: dict[str, Any] = {"linestyles": [(0, (3.5, 2))]}  # not a real road
_TRUNK: dict[str, Any] = {"colors": "#b3a184", "linewidths": 1.7, "zorder": 1.4}
_MINOR: dict[str, Any] = {"colors": "#c9c0b0", "linewidths": 0.8, "zorder": 1.2}
ROADS: dict[str, dict[str, Any]] = {
    "trunk road": {**_TRUNK, "capstyle": "round"},
    "trunk road (modelled)": {**_TRUNK, **_DASHED},
    "minor road": _MINOR,
    "minor road (modelled)": {**_MINOR, **_DASHED},
    "by boat": {
        "colors": "#6f8ba4", "linewidths": 0.9, "linestyles": [(0, (1, 1.6))], "zorder": 1.2,
    },
}  # fmt: skip


def road_kind(road_class: str, provenance: str = "") -> str:
    """Return how a road is drawn; classes that are not trunk or boat are minor."""
    word = road_class.strip().lower()
    if word in {"boat", "ferry"}:
        return "by boat"
    modelled = " (modelled)" if provenance.strip().lower() == "modelled" else ""
    return f"{'trunk' if word in {'motorway', 'trunk', 'primary'} else 'minor'} road{modelled}"


def kind_of(road: MapRoad) -> str:
    """Return how a road is drawn."""
    return road_kind(road.road_class, road.provenance)


def radius_of(callouts_per_day: float, most: float) -> float:
    """Return the radius of a place's circle, its area in proportion to its callouts. [points]"""
    if callouts_per_day <= 0 or most <= 0:
        return 1.3
    return max(LARGEST * sqrt(callouts_per_day / most), LEAST)


def area(radius: float) -> float:
    """Return the size of a marker as matplotlib has it. [points²]"""
    return pi * radius**2


def cross(x: float, y: float, radius: float) -> Array:
    """Return the corners of a base's cross, whose arms reach out from behind a circle. [points]"""
    long, half = (radius + ARM if radius else ARM_WIDTH), ARM_WIDTH / (2 if radius else 3)
    turns = [(-half, long), (half, long), (half, half), (long, half), (long, -half), (half, -half),
             (half, -long), (-half, -long), (-half, -half), (-long, -half), (-long, half),
             (-half, half)]  # fmt: skip
    return np.add(turns, (x, y), dtype=np.float64)


def draw_bases(ax: Any, sites: Sequence[tuple[float, float, float]], above: float = 2.9) -> None:
    """Draw crosses of bases at x and y, behind a circle of a radius or, where it is 0, alone."""
    crosses = [cross(*site) for site in sites]
    add_areas(ax, crosses, facecolor="white", edgecolor=INK, lw=0.9, zorder=above)


def draw_hospitals(ax: Any, sites: Sequence[tuple[float, float]]) -> None:
    """Draw a white H, which no font need provide, in a small dark square at x and y."""
    squares, letters = ([np.add(shape, site) for site in sites] for shape in (_SQUARE, _LETTER))
    add_areas(ax, squares, facecolor=HOSPITAL, edgecolor="white", lw=0.6, zorder=4.5)
    add_areas(ax, letters, facecolor="white", edgecolor="none", zorder=4.6)


def add_areas(ax: Any, corners: Sequence[Any], **style: Any) -> None:
    """Add polygons, all at once."""
    if len(corners):
        ax.add_collection(PolyCollection(corners, **style), autolim=False)


def add_lines(ax: Any, lines: Sequence[Any], **style: Any) -> None:
    """Add lines, all at once."""
    if len(lines):
        ax.add_collection(LineCollection(lines, **style), autolim=False)
