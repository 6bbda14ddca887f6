"""The map: coast, roads, bases, and how long each place waits or who gains and who loses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.path import Path

from ..layout.boxes import Box
from ..layout.figure_page import MARGIN, Caption, new_sheet
from ..layout.labels import size_of
from ..layout.style import INK, LAND, SEA, SOFT, WIDTH, in_house_style
from . import map_signs as signs
from .map_data import MapData
from .map_ground import draw_land, draw_roads, frame
from .map_layout import MapLayout, layout_of
from .map_marks import draw_marks, mark_of
from .map_signs import add_areas, add_lines
from .mapkey import KeyRow, draw_rows, key_rows
from .mapnames import LINE, MapLabel, MapNames, name_places
from .recoveries_map import recovery_rows

KEY, GUTTER = 122.0, 10.0  # width of the key, and of the space before it [points]
TALLEST = 1.5  # height of a map over its width, where its key asks for more than its land does


@dataclass(frozen=True)
class MapPlan:
    """A map with its names and its key, worked out before it is drawn."""

    layout: MapLayout
    names: MapNames
    rows: list[KeyRow]

    @property
    def tall(self) -> float:
        """How tall map and key are. [points]"""
        return max(self.layout.tall, sum(row.tall for row in self.rows))


@in_house_style
def figure_map(data: MapData, caption: Caption) -> Figure:
    """Return a page with the map, and its key to the right."""
    wide = 72 * (WIDTH - 2 * MARGIN)
    plan = _plan(data, wide)
    why = [f"Not settled: {data.unsettled}."] if data.unsettled else []
    lines = [*why, *caption.lines(is_map=True), "No borders are drawn."]
    marks = "cells" if plan.layout.are_cells else "marks" if data.compared else "circles"
    words = f"{marks} are places where callouts come from"
    subtitle = f"{data.subtitle} · {words}" if data.subtitle else words.capitalize()
    sheet = new_sheet(plan.tall / 72, data.title, caption.above(subtitle), lines, constrained=False)
    ax = sheet.figure.add_axes((sheet.left, sheet.bottom, sheet.width, sheet.height))
    _draw(ax, plan, wide, plan.tall)
    return sheet.figure


@in_house_style
def draw_map(ax: Any, data: MapData) -> None:
    """Draw the map with its key to the right in the room of some axes, of which nothing is left."""
    wide, tall = size_of(ax)
    _draw(ax, _plan(data, wide, tall), wide, tall)


def _plan(data: MapData, wide: float, tall: float | None = None) -> MapPlan:
    """Return what to draw in a room so many points wide and, if not free, so many tall."""
    across = max(wide - KEY - GUTTER, 0.4 * wide)
    beside = wide - across - GUTTER
    layout = layout_of(data, across, tall)
    apart = recovery_rows(data, beside)
    if tall is None:  # as tall as its key: more land, not less map
        before = MapPlan(layout, MapNames(), key_rows(layout, MapNames(), beside) + apart)
        layout = layout_of(data, across, max(layout.tall, min(before.tall, TALLEST * across)))
    names = name_places(layout)
    return MapPlan(layout, names, key_rows(layout, names, beside) + apart)


def _draw(ax: Any, plan: MapPlan, wide: float, tall: float) -> None:
    """Draw map and key on axes of their own within the room of others."""
    ax.axis("off")
    layout = plan.layout
    ground = ax.inset_axes((0, 1 - layout.tall / tall, layout.wide / wide, layout.tall / tall))
    frame(ground, layout)
    draw_land(ground, layout)
    draw_roads(ground, layout)
    _draw_places(ground, layout)
    _draw_scale_bar(ground, layout)
    _draw_names(ground, layout, plan.names)
    start = (layout.wide + GUTTER) / wide
    key = ax.inset_axes((start, 0, 1 - start, 1))
    key.set(xlim=(0, (1 - start) * wide), ylim=(tall, 0))
    key.axis("off")
    draw_rows(key, plan.rows)


def _draw_places(ax: Any, layout: MapLayout) -> None:
    """Draw cells, crosses of bases behind circles, circles, and signs next to them."""
    classes = layout.classes
    marks = [(placed, mark_of(placed.place, classes)) for placed in layout.places]
    cells = [(placed.cell, mark.colour) for placed, mark in marks if placed.cell is not None]
    add_areas(
        ax, [cell for cell, _ in cells], facecolor=[colour for _, colour in cells],
        edgecolor="#9aa5b1", lw=0.5, zorder=1.1,
    )  # fmt: skip
    signs.draw_bases(ax, layout.bases, 3.1 if layout.are_cells else 2.9)
    circles = [(p.x, p.y, p.radius, mark) for p, mark in marks if p.cell is None]
    for placed, x, y in layout.marks_in_cells:
        mark = mark_of(placed.place, classes)
        circles += [(x, y, signs.IN_CELL, mark)] * (mark.shape in ("^", "v"))
    draw_marks(ax, circles)
    signs.draw_hospitals(ax, [(site.x, site.y) for site in layout.hospitals])
    if layout.checkpoints:
        xs, ys, _ = zip(*layout.checkpoints, strict=True)
        ax.plot(xs, ys, ls="", zorder=2.95, **signs.CHECKPOINT)


def _draw_scale_bar(ax: Any, layout: MapLayout) -> None:
    km, left, long, box = layout.scale_bar
    add_areas(
        ax,
        [_corners(box)],
        facecolor=_ground_at(layout, box),
        edgecolor="none",
        alpha=0.7,
        zorder=5.9,
    )
    ax.plot([left, left + long], [11, 11], color=INK, lw=2.2, zorder=6)
    ax.text(left, 15, f"{km:g} km", fontsize=8, color=INK, zorder=6, gid="label")


def _draw_names(ax: Any, layout: MapLayout, names: MapNames) -> None:
    """Write labels on plates of the colour of land or sea, with a line to those far away."""
    leaders = [label.leader for label in names.labels if label.leader is not None]
    add_lines(ax, leaders, colors=SOFT, linewidths=0.6, zorder=3.5)
    colours = [_ground_at(layout, label.box) for label in names.labels]
    plates = [_corners(label.box) for label in names.labels]
    pale = 1.0 if layout.are_cells else 0.78  # a number in a dark cell is read on its plate
    add_areas(ax, plates, facecolor=colours, edgecolor="none", alpha=pale, zorder=2.6)
    for label in names.labels:
        _write(ax, label)


def _corners(box: Box) -> list[tuple[float, float]]:
    left, bottom, right, top = box
    return [(left, bottom), (right, bottom), (right, top), (left, top)]


def _ground_at(layout: MapLayout, box: Box) -> str:
    """Return the colour of the ground under the middle of a label."""
    middle = ((box.left + box.right) / 2, (box.bottom + box.top) / 2)
    sea, islands = (
        any(Path(polygon).contains_point(middle) for polygon in polygons)
        for polygons in (layout.ground.sea, layout.ground.islands)
    )
    return SEA if sea and not islands else LAND


def _write(ax: Any, label: MapLabel) -> None:
    """Write a label's lines in its box, against the side nearer its circle."""
    top = label.box.top
    for row in label.rows:
        ax.text(
            label.box.right if label.to_left else label.box.left, top - 0.5 * LINE * row.size,
            row.text, fontsize=row.size, fontweight="bold" if row.bold else "normal", color=INK,
            ha="right" if label.to_left else "left", va="center", zorder=6, gid="label",
            parse_math=False,
        )  # fmt: skip
        top -= LINE * row.size
