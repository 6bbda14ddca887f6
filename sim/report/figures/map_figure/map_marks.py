"""What stands for a place: a circle in the shade of its class or, for differences, a triangle."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ..layout.style import INK
from . import map_signs as signs
from .map_classes import MapClasses
from .map_data import MapPlace

PALE = "#eceff2"  # no difference
EDGES = {"ink": INK, "soft": signs.NOT_SETTLED, "none": "none"}
GROWTH = {"o": 1.0, "s": 0.9, "^": 1.2, "v": 1.2}  # a triangle is smaller than its circle


class Mark(NamedTuple):
    """How a place is drawn: its colour, its shape and its edge."""

    colour: str
    shape: str
    edge: str


PlacedMark = tuple[float, float, float, Mark]  # x, y and radius [points]


def mark_of(place: MapPlace, classes: MapClasses) -> Mark:
    """Return the mark of a place: a triangle down is sooner, up is later."""
    minutes = place.minutes
    plain = "s" if classes.greys else "o"
    if place.callouts_per_day <= 0:
        return Mark(signs.NO_CALLOUTS, "o", "none")  # no grey of minutes: it has no edge
    if minutes is None or (classes.compared and not place.settled):
        return Mark("white", plain, "soft" if classes.compared else "ink")
    number = classes.number(minutes)
    if not classes.compared:
        return Mark(classes.shade(number), plain, "ink")
    if not minutes:
        return Mark(PALE, plain, "ink")
    return Mark(classes.shade(number, minutes > 0), "^" if minutes > 0 else "v", "ink")


def draw_marks(ax: Any, marks: Iterable[PlacedMark]) -> None:
    """Draw marks at x and y with a radius [points], those of a shape at once; the first below."""
    shapes: dict[str, list[PlacedMark]] = {}
    for x, y, radius, mark in marks:
        shapes.setdefault(mark.shape, []).append((x, y, radius, mark))
    for shape, those in shapes.items():
        xs, ys, radii, drawn = zip(*those, strict=True)
        ax.scatter(
            xs, ys, [signs.area(radius) * GROWTH[shape] for radius in radii],
            c=[mark.colour for mark in drawn], marker=shape, zorder=3, lw=0.7,
            edgecolors=[EDGES[mark.edge] for mark in drawn],
        )  # fmt: skip
