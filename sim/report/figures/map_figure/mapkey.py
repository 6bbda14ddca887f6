"""The map's key: what is counted, and what colours, marks, signs and lines mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from ..layout.labels import wrap
from ..layout.style import INK, SOFT, short
from . import map_signs as signs
from .map_classes import MapClasses
from .map_data import MapPlace
from .map_layout import MapLayout
from .map_marks import Mark, PlacedMark, draw_marks, mark_of
from .mapnames import MapNames, told

SIZE = 7.5  # of its type [points]
LINE = 1.35  # from line to line, of the type's size
GAP = 13.0  # between rows [points]
INDENT = 21.0  # of what is written next to a sign [points]
MOST_TOLD = 24  # bases without room on the map
MOST_AWAY = 6  # hospitals outside it


@dataclass
class KeyPen:
    """Axes whose y is points from the top, and marks and crosses that are drawn at once."""

    ax: Any
    marks: list[PlacedMark] = field(default_factory=list)


class KeyRow(NamedTuple):
    """A row of the key: its height [points], and how it is drawn at a height from above."""

    tall: float
    draw: Callable[[KeyPen, float], None]


def draw_rows(ax: Any, rows: Sequence[KeyRow]) -> None:
    """Draw rows from the top down on axes whose y is points from the top."""
    pen, y = KeyPen(ax), 0.0
    for row in rows:
        row.draw(pen, y)
        y += row.tall
    draw_marks(ax, pen.marks)


def key_rows(layout: MapLayout, names: MapNames, wide: float) -> list[KeyRow]:
    """Return the key of a map in a column so many points wide."""
    rows = _head(layout, wide) + class_rows(layout, wide, layout.classes)
    rows += _circles(layout, wide) + _signs(layout, wide)
    bold = sum(label.rows[0].bold for label in names.labels)
    if bold and not layout.are_cells:
        most = "later by most" if layout.data.compared else "longest"
        of = f" {bold}" if bold > 1 else ""
        rows.append(words(f"Bold: the{of} {most}", wide, SOFT, gap=3))
    rows += _left_out(layout, names, wide)
    return rows + _beyond(layout, wide)


def words(
    text: str, wide: float, colour: str = INK, bold: bool = False, x: float = 0.0, gap: float = 0.0
) -> KeyRow:
    """Return text from ``x``, wrapped to the column."""
    weight = "bold" if bold else "normal"
    lines = wrap(text, wide - x, SIZE, weight)

    def draw(pen: KeyPen, y: float) -> None:
        for number, line in enumerate(lines):
            pen.ax.text(
                x, y + (0.7 + LINE * number) * SIZE, line, fontsize=SIZE, color=colour,
                va="center", fontweight=weight, gid="label", parse_math=False,
            )  # fmt: skip

    return KeyRow(LINE * SIZE * len(lines) + GAP - LINE * SIZE + gap, draw)


def sign(text: str, wide: float, draw: Callable[[KeyPen, float], None], count: int = 1) -> KeyRow:
    """Return a sign or some, drawn at a height, with what they mean next to them."""
    row = words(text, wide, x=INDENT + 12.0 * (count - 1))

    def both(pen: KeyPen, y: float) -> None:
        row.draw(pen, y)
        draw(pen, y + 0.7 * SIZE)

    return KeyRow(row.tall, both)


def _head(layout: MapLayout, wide: float) -> list[KeyRow]:
    """Return what is measured, and which callouts are counted."""
    data = layout.data
    measure = data.measure[:1].upper() + data.measure[1:]
    rows = [words(short(measure, 160), wide, bold=True)]
    if data.counted:
        rows.append(words(f"Counted: {short(data.counted, 160)}", wide, SOFT, gap=3))
    return rows


def class_rows(layout: MapLayout, wide: float, classes: MapClasses) -> list[KeyRow]:
    """Return a row a class of minutes, and those of places without any."""
    busy = [p.place for p in layout.places if p.place.callouts_per_day > 0]
    square = classes.greys or layout.are_cells
    rows: list[KeyRow] = []
    if any(
        p.minutes is not None and p.settled and (p.minutes or not classes.compared) for p in busy
    ):
        rows += _compared(classes, wide) if classes.compared else _classes(classes, wide, square)
    unknown = {mark_of(p, classes): p for p in busy if mark_of(p, classes).shape not in ("^", "v")}
    for mark, place in unknown.items():
        text = _why_no_class(place, classes.compared)
        own = mark._replace(shape="s") if square else mark
        rows += [sign(text, wide, partial(_mark, marks=(own,)))] if text else []
    return [*rows[:-1], KeyRow(rows[-1].tall + 7, rows[-1].draw)] if rows else []


def _classes(classes: MapClasses, wide: float, square: bool) -> list[KeyRow]:
    shape = "s" if square else "o"
    marks = [Mark(classes.shade(n), shape, "ink") for n in range(len(classes.limits) + 1)]
    return [
        sign(text, wide, partial(_mark, marks=(mark,)))
        for text, mark in zip(classes.words(), marks, strict=True)
    ]


def _compared(classes: MapClasses, wide: float) -> list[KeyRow]:
    """Return a row with both triangles for each class of differences."""
    rows = [words("▼ sooner, ▲ later, by [min]", wide)]
    for number, text in enumerate(classes.words()):
        down = Mark(classes.shade(number, later=False), "v", "ink")
        up = Mark(classes.shade(number), "^", "ink")
        rows.append(sign(text, wide, partial(_mark, marks=(down, up)), 2))
    return rows


def _why_no_class(place: MapPlace, compared: bool) -> str:
    """Return why a place is in no class of minutes; "" where it is in one."""
    if compared and not place.settled:
        return "not settled"
    if place.minutes is None:
        return "too few callouts to measure"
    return "no difference" if compared else ""


def _mark(pen: KeyPen, y: float, marks: Sequence[Mark]) -> None:
    pen.marks += [(8.0 + 12.0 * i, y, 4.4, mark) for i, mark in enumerate(marks)]


def _circles(layout: MapLayout, wide: float) -> list[KeyRow]:
    """Return circles of round sizes, or that places are cells."""
    most = max((p.place.callouts_per_day for p in layout.places), default=0.0)
    if most <= 0:
        return []
    if layout.are_cells:
        return [words("Each cell is a place where callouts come from", wide, SOFT, gap=6)]
    circles = [_circle(amount, signs.radius_of(amount, most)) for amount in _round_amounts(most)]
    return [words("Callouts [1/day]", wide, bold=True), *circles, KeyRow(6.0, nothing)]


def nothing(pen: KeyPen, y: float) -> None:
    """Leave a gap."""


def _circle(amount: float, radius: float) -> KeyRow:
    half = max(radius, 0.6 * SIZE)

    def draw(pen: KeyPen, y: float) -> None:
        pen.marks.append((14.0, y + half, radius, Mark("#d7dde3", "o", "ink")))
        pen.ax.text(33, y + half, f"{amount:g}", fontsize=SIZE, color=INK, va="center", gid="label")

    return KeyRow(2 * half + 3, draw)


def _round_amounts(most: float) -> list[float]:
    """Return up to three round numbers, the largest at most ``most``, large first."""
    rounds = [m * 10.0**e for e in range(-4, 5) for m in (1, 2, 5)]
    least = most * (signs.LEAST / signs.LARGEST) ** 2  # smaller ones are drawn larger than they are
    fitting = [r for r in reversed(rounds) if least <= r <= most * 1.0001]
    return fitting[:5:2]


def _signs(layout: MapLayout, wide: float) -> list[KeyRow]:
    data = layout.data
    rows = [words("Symbols", wide, bold=True)]
    if any(p.place.callouts_per_day <= 0 for p in layout.places):
        rows.append(sign("place without callouts", wide, _draw_dot))
    if layout.bases:
        rows.append(sign("base", wide, _draw_base))
    if layout.hospitals:
        rows.append(sign("hospital", wide, _draw_hospital))
    if layout.checkpoints:
        rows.append(sign("checkpoint", wide, _draw_checkpoint))
    kinds = {signs.kind_of(road) for road in data.roads}
    rows += [
        sign(kind, wide, partial(_line, styles=(style,)))
        for kind, style in signs.ROADS.items()
        if kind in kinds
    ]
    if data.closed:
        styles = (signs.CASING, signs.CLOSED, signs.CLOSED_DASH)
        rows.append(sign("road closed at times", wide, partial(_line, styles=styles)))
    return rows if len(rows) > 1 else []


def _draw_dot(pen: KeyPen, y: float) -> None:
    pen.marks.append((8.0, y, signs.radius_of(0, 1), Mark(signs.NO_CALLOUTS, "o", "none")))


def _draw_base(pen: KeyPen, y: float) -> None:
    signs.draw_bases(pen.ax, [(8.0, y, 0.0)])


def _draw_hospital(pen: KeyPen, y: float) -> None:
    signs.draw_hospitals(pen.ax, [(8.0, y)])


def _draw_checkpoint(pen: KeyPen, y: float) -> None:
    pen.ax.plot(8, y, ls="", **signs.CHECKPOINT)


def _line(pen: KeyPen, y: float, styles: Sequence[dict[str, Any]]) -> None:
    for style in styles:
        dash = style.get("linestyles", ["-"])[0]
        pen.ax.plot([0, 16], [y, y], color=style["colors"], lw=style["linewidths"] + 0.2, ls=dash)


def _left_out(layout: MapLayout, names: MapNames, wide: float) -> list[KeyRow]:
    """Name the worst places and the bases that have no name on the map, in cells by number."""
    compared = layout.data.compared
    listed = [
        (f"{number} {told(named, compared)}" if layout.are_cells else told(named, compared), named)
        for number, named in enumerate(names.left_out, 1)
    ]
    where = "in numbered cells" if layout.are_cells else "not named on the map"
    rows: list[KeyRow] = []
    for heading, worst in (("Later by most" if compared else "Longest", True), ("Bases", False)):
        texts = [text for text, named in listed if named.worst == worst]
        if texts:
            rows += [KeyRow(4.0, nothing), words(f"{heading}, {where}", wide, bold=True)]
            rows += [words(text, wide) for text in texts[:MOST_TOLD]]
        if len(texts) > MOST_TOLD:
            rows.append(words(f"and {len(texts) - MOST_TOLD} more", wide, SOFT))
    return rows


def _beyond(layout: MapLayout, wide: float) -> list[KeyRow]:
    """Name the hospitals that lie outside the map."""
    rows = []
    away = sorted(
        short(hospital.name, 26)
        for hospital, (x, y) in zip(
            layout.data.hospitals,
            layout.xy([(h.lon, h.lat) for h in layout.data.hospitals]),
            strict=True,
        )
        if not layout.holds(x, y)
    )
    away = list(dict.fromkeys(away))
    if away:
        more = f" and {len(away) - MOST_AWAY} more" if len(away) > MOST_AWAY else ""
        rows.append(words(f"Outside the map: {', '.join(away[:MOST_AWAY])}{more}", wide, SOFT))
    return rows
