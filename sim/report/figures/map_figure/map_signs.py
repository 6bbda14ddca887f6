"""The map's signs, drawn alike on the map and in its key."""

from __future__ import annotations

from math import pi
from typing import Any

import matplotlib as mpl
from matplotlib.path import Path

from ..layout.style import INK, okabe_ito
from .map_data import MapRoad

SHADES = mpl.colormaps["cividis_r"]  # long is dark, on the screen and in grey print
NO_CALLOUTS = "#a3adb8"

# A cross of five squares, which no font need provide.
_T = 1 / 3
_CROSS = Path(
    [(-_T, 1), (_T, 1), (_T, _T), (1, _T), (1, -_T), (_T, -_T), (_T, -1), (-_T, -1), (-_T, -_T),
     (-1, -_T), (-1, _T), (-_T, _T), (-_T, 1)],
    closed=True,
)  # fmt: skip
BASE: dict[str, Any] = {"marker": _CROSS, "ms": 7.5, "mfc": "white", "mec": INK, "mew": 0.9}
HOSPITAL: dict[str, Any] = {"letter": "H", "colour": "#7a1f5c"}
CHECKPOINT: dict[str, Any] = {
    "marker": "D", "ms": 4.2, "mfc": okabe_ito["orange"], "mec": INK, "mew": 0.8,
}  # fmt: skip
CLOSED: dict[str, Any] = {
    "colors": okabe_ito["vermillion"], "linewidths": 3.4, "alpha": 0.75, "zorder": 1.6,
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


def circle_area(callouts_per_day: float, most: float) -> float:
    """Return the area of a place's circle, in proportion to its callouts. [points²]"""
    if callouts_per_day <= 0 or most <= 0:
        return pi * 1.3**2
    return max(pi * 13.0**2 * callouts_per_day / most, pi * 2.2**2)


def boxed_letter(ax: Any, x: float, y: float, letter: str, colour: str, **place: Any) -> None:
    """Draw a white letter in a small dark square."""
    ax.plot(x, y, "s", ms=7, mfc=colour, mec="white", mew=0.6, zorder=4.5, ls="", **place)
    ax.text(x, y - 0.0, letter, fontsize=5.2, fontweight="bold", color="white", zorder=4.6,
            ha="center", va="center_baseline", **place)  # fmt: skip
