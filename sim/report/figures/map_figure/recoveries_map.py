"""The small map of recoveries of the dead, which no colour mixes with callouts to the living."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ..layout.style import SOFT, short
from .map_classes import MapClasses, classes_of
from .map_data import MapData
from .map_ground import draw_land, frame
from .map_layout import MapLayout, layout_of
from .map_marks import draw_marks, mark_of
from .mapkey import KeyPen, KeyRow, class_rows, nothing, words

SCALE = 0.5  # of its marks
TALL = 130.0  # at most [points]


def recovery_rows(data: MapData, wide: float) -> list[KeyRow]:
    """Return the small map with its key, for a column so many points wide; none without any."""
    if not any(place.callouts_per_day > 0 for place in data.recoveries):
        return []
    own = replace(data, places=data.recoveries)
    layout = layout_of(own, wide)
    across = min(wide, wide * TALL / layout.tall)
    layout = layout_of(own, across)
    classes = classes_of(data.recoveries, data.compared, greys=True)
    per_day = sum(place.callouts_per_day for place in data.recoveries)
    title = f"Apart, in grey: {short(data.recoveries_counted, 120)}"
    return [
        KeyRow(8.0, nothing),
        words(title, wide, bold=True),
        words(f"Minutes as above; {per_day:.2g} a day in all", wide, SOFT, gap=3),
        KeyRow(layout.tall + 8, partial(_draw, layout=layout, classes=classes)),
        *class_rows(layout, wide, classes),
    ]


def _draw(pen: KeyPen, y: float, layout: MapLayout, classes: MapClasses) -> None:
    """Draw the small map below a height of the key, on axes of its own."""
    ax = pen.ax
    wide, tall = ax.get_xlim()[1], ax.get_ylim()[0]
    foot = 1 - (y + layout.tall) / tall
    inset = ax.inset_axes((0.0, foot, layout.wide / wide, layout.tall / tall))
    frame(inset, layout)
    draw_land(inset, layout)
    marks = [(p, mark_of(p.place, classes)) for p in layout.places if p.place.callouts_per_day > 0]
    draw_marks(inset, [(p.x, p.y, SCALE * p.radius, mark) for p, mark in marks])
