"""Placing names beside points so that none covers another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

# right, left, above, below, then the corners: the order in which they read best
SIDES = (
    (1, 0, "left", "center"),
    (-1, 0, "right", "center"),
    (0, 1, "center", "bottom"),
    (0, -1, "center", "top"),
    (0.8, 0.8, "left", "bottom"),
    (0.8, -0.8, "left", "top"),
    (-0.8, 0.8, "right", "bottom"),
    (-0.8, -0.8, "right", "top"),
)


def place_labels(
    figure: Figure,
    ax: Any,
    points: Sequence[tuple[float, float, float, Sequence[str], int]],
    taken: Sequence[Bbox] = (),
    most: int = 18,
    **text: Any,
) -> list[Any]:
    """
    Write names beside points, the first ones first, where there is room; return the texts.

    ``points`` are x, y in data units, the radius of the mark in points, and the names to try,
    the best one first, and how many of ``SIDES`` may be used. Those for which no side is free
    stay without a name.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # placed now, so nothing may move any more
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    scale = figure.dpi / 72
    marks = [_mark(ax, x, y, radius * scale) for x, y, radius, *_ in points]
    boxes = list(taken)
    written: list[Any] = []
    inside = ax.get_window_extent(renderer)
    for i, (x, y, radius, names, sides) in enumerate(points):
        if len(written) == most:
            break
        others = boxes + marks[:i] + marks[i + 1 :]
        for name, (dx, dy, ha, va) in product(names, SIDES[:sides]):
            away = radius + 2.5
            label = ax.annotate(
                name, (x, y), xytext=(dx * away, dy * away), textcoords="offset points",
                ha=ha, va=va, **text,
            )  # fmt: skip
            box = label.get_window_extent(renderer).padded(1.5)
            fits = inside.contains(box.x0, box.y0) and inside.contains(box.x1, box.y1)
            if fits and not any(box.overlaps(other) for other in others):
                boxes.append(box)
                written.append(label)
                break
            label.remove()
    return written


def _mark(ax: Any, x: float, y: float, radius: float) -> Bbox:
    px, py = ax.transData.transform((x, y))
    return Bbox.from_extents(px - radius, py - radius, px + radius, py + radius)
