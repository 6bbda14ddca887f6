"""What lies under the places of a map: land, sea, shore and roads."""

from __future__ import annotations

from typing import Any

from ..layout.style import LAND, LINE, SEA
from . import map_signs as signs
from .map_layout import MapLayout
from .map_signs import add_areas, add_lines


def frame(ax: Any, layout: MapLayout) -> None:
    """Make the point the unit of axes, and draw the map's edge."""
    ax.set(xlim=(0, layout.wide), ylim=(0, layout.tall), xticks=[], yticks=[])
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set(visible=True, color=LINE)


def draw_land(ax: Any, layout: MapLayout) -> None:
    """Fill land and sea, and draw the shore."""
    ax.set_facecolor(LAND)
    add_areas(ax, layout.ground.sea, facecolor=SEA, edgecolor="none", zorder=0.2)
    add_areas(ax, layout.ground.islands, facecolor=LAND, edgecolor="none", zorder=0.3)
    shore = [layout.xy(line) for line in layout.data.coast]
    add_lines(ax, shore, colors="#8796a5", linewidths=0.9, zorder=0.4)


def draw_roads(ax: Any, layout: MapLayout) -> None:
    """Draw roads by their kind; over them, cased in white, those that are closed at times."""
    roads = layout.data.roads
    for kind, style in signs.ROADS.items():
        add_lines(ax, layout.lines([r for r in roads if signs.kind_of(r) == kind]), **style)
    closed = layout.lines(layout.data.closed)
    for style in (signs.CASING, signs.CLOSED, signs.CLOSED_DASH):
        add_lines(ax, closed, **style)
