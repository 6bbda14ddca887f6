"""Names on the map: the places that matter most, where nothing else is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..layout.boxes import Box
from ..layout.labels import around, fit, measure, signed
from ..layout.style import clean, short
from .map_data import Array, MapBase, MapPlace, lon_lat
from .map_layout import MapLayout
from .map_signs import ARM

WORST = 5  # places named for their minutes
MOST_NAMES = 18  # with those of the bases, or all of these if they are more
MOST_BASES = 3  # of one place, with a line of their own
NAME, DETAIL = 8.0, 7.2  # type sizes [points]
IN_CELL = 6.4  # of numbers in cells [points]
LINE = 1.24  # from line to line, of the type's size
WIDEST = 118.0  # of a name [points]
FAR = (0.0, 5.0, 11.0, 20.0, 30.0)  # of labels from their circles [points]
LED = 5.0  # from which on a line leads to them [points]
COVERED = (0.12, 1.0, 0.12, 0.6)  # how bad for a point of a road, closure, shore; for a dot
NOT_SETTLED = "not settled"


class LabelRow(NamedTuple):
    """A line of a label."""

    text: str
    size: float
    bold: bool = False


class MapLabel(NamedTuple):
    """A label in its box, written against the side nearer its circle, with a line if far away."""

    rows: tuple[LabelRow, ...]
    box: Box
    to_left: bool
    leader: tuple[tuple[float, float], tuple[float, float]] | None = None


class Named(NamedTuple):
    """What a label is about: a place, the bases there, and whether it is among the worst."""

    place: MapPlace
    bases: tuple[MapBase, ...]
    worst: bool


@dataclass
class MapNames:
    """Labels that found room, and bases and worst places that did not: the key has them."""

    labels: list[MapLabel] = field(default_factory=list)
    left_out: list[Named] = field(default_factory=list)


def name_places(layout: MapLayout) -> MapNames:
    """
    Return names next to places: the worst first, then bases, then the busiest.

    A name goes to that of some spots around its circle which is clear of circles, signs, names and
    the frame, and that covers least of the roads. A busy place with none stays a circle without a
    name; a base or one of the worst places is told in the key.
    """
    found = MapNames()
    taken = list(layout.taken)
    lines = _points_of(layout)
    radii = {placed.place: placed.radius for placed in layout.places}
    for named in in_order(layout):
        must = named.worst or bool(named.bases)
        if layout.are_cells and must:
            found.left_out.append(named)
            found.labels += _number(layout, named.place, len(found.left_out))
            continue
        if layout.are_cells or (not must and len(found.labels) >= MOST_NAMES):
            continue
        x, y = layout.xy(lon_lat(named.place))[0]
        radius = radii.get(named.place, 0.0) + ARM * bool(named.bases)
        choices = (
            _best(layout, x, y, radius, rows, taken, lines) for rows in rows_of(named, layout)
        )
        label = next((choice for choice in choices if choice is not None), None)
        if label is None:
            found.left_out += [named] * must
            continue
        found.labels.append(label)
        taken.append(_wider(label.box, 1.5))
    return found


def _number(layout: MapLayout, place: MapPlace, number: int) -> list[MapLabel]:
    """Return the number of a place, by which the key names it, in its cell if there is room."""
    row = LabelRow(f"{number}", IN_CELL, bold=True)
    width, height = _width(row), LINE * row.size
    for placed in layout.places:
        room = layout.room(placed)
        if placed.place == place and 2 * room >= max(2 * height, width):
            middle = placed.y - 0.5 * room
            box = Box(placed.x - width / 2, middle - height / 2, placed.x + width / 2,
                      middle + height / 2)  # fmt: skip
            return [MapLabel((row,), box, to_left=False)]
    return []


def _points_of(layout: MapLayout) -> tuple[Array, Array]:
    """Return points along roads and shores, and how bad it is to cover each."""
    shore = [layout.xy(line) for line in layout.data.coast]
    roads, closed = layout.lines(layout.data.roads), layout.lines(layout.data.closed)
    dots = np.array([(p.x, p.y) for p in layout.places if p.place.callouts_per_day <= 0])
    parts = [_along(roads), _along(closed), _along(shore), dots.reshape(-1, 2)]
    weights = [np.full(len(part), w) for part, w in zip(parts, COVERED, strict=True)]
    every, weight = np.concatenate(parts), np.concatenate(weights)
    here = (every >= 0).all(axis=1) & (every <= (layout.wide, layout.tall)).all(axis=1)
    return every[here], weight[here]


def _along(lines: Sequence[Array]) -> Array:
    """Return points on lines, one about every five points of the page."""
    if not lines:
        return np.zeros((0, 2))
    starts = np.concatenate([line[:-1] for line in lines])
    sides = np.concatenate([line[1:] for line in lines]) - starts
    number = np.minimum(np.hypot(*sides.T) / 5 + 1, 1000).astype(np.int64)
    which = np.repeat(np.arange(len(starts)), number)
    first = np.cumsum(number) - number
    share = (np.arange(len(which)) - first[which]) / number[which]
    return np.asarray(starts[which] + share[:, np.newaxis] * sides[which])


def _best(
    layout: MapLayout, x: float, y: float, radius: float, rows: tuple[LabelRow, ...],
    taken: Sequence[Box], lines: tuple[Array, Array],
) -> MapLabel | None:  # fmt: skip
    """Return a label at the best free spot; None if there is none."""
    width = max(_width(row) for row in rows)
    height = sum(LINE * row.size for row in rows)
    boxes = [(far, box) for far in FAR for box in around(x, y, radius + far, width, height)]
    spots = np.array([box for _, box in boxes])
    left, bottom, right, top = spots.T
    free = (left > 3) & (bottom > 3) & (right < layout.wide - 3) & (top < layout.tall - 3)
    free &= ~_overlap(spots + np.array((-1, -1, 1, 1)), np.array(taken).reshape(-1, 4)).any(axis=1)
    if not free.any():
        return None
    points, weights = lines
    covered = _overlap(spots, np.hstack([points, points])) @ weights
    cost = covered + [0.06 * (i % 12) + 0.22 * far for i, (far, _) in enumerate(boxes)]
    for at in np.argsort(np.where(free, cost, np.inf), kind="stable")[: int(free.sum())]:
        far, box = boxes[int(at)]
        leader = _leader(x, y, radius, box) if far >= LED else None
        if leader is None or not _crosses(leader, taken):
            return MapLabel(rows, box, box.right <= x, leader)
    return None


def _width(row: LabelRow) -> float:
    return measure(row.text, row.size, "bold" if row.bold else "normal")[0]


def _overlap(boxes: Array, others: Array) -> NDArray[np.bool_]:
    """Return which boxes overlap which others. shape (boxes, others)"""
    left, bottom, right, top = boxes[:, :, np.newaxis].transpose(1, 0, 2)
    other_left, other_bottom, other_right, other_top = others.T
    found = (left < other_right) & (right > other_left)
    found &= bottom < other_top
    found &= top > other_bottom
    return np.asarray(found)


def _leader(
    x: float, y: float, radius: float, box: Box
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return a line from a circle's edge to the nearest point of a box."""
    end_x, end_y = min(max(x, box.left), box.right), min(max(y, box.bottom), box.top)
    away = max(1e-9, float(np.hypot(end_x - x, end_y - y)))
    share = min(1.0, (radius + 0.5) / away)
    return (x + share * (end_x - x), y + share * (end_y - y)), (end_x, end_y)


def _crosses(leader: tuple[tuple[float, float], tuple[float, float]], taken: Sequence[Box]) -> bool:
    start, end = np.array(leader)
    steps = np.linspace(0.15, 0.9, 8)[:, np.newaxis]
    points = start + steps * (end - start)
    boxes = np.array(taken).reshape(-1, 4)
    inside = _overlap(np.hstack([points, points]), boxes)
    own = _overlap(np.hstack([start, start])[np.newaxis] + (-1, -1, 1, 1), boxes)[0]
    return bool((inside & ~own).any())


def _wider(box: Box, by: float) -> Box:
    return Box(box.left - by, box.bottom - by, box.right + by, box.top + by)


def in_order(layout: MapLayout) -> list[Named]:
    """Return places with the bases there: the worst, those with bases, then by demand."""
    found: list[tuple[MapPlace, list[MapBase]]] = []
    left = list(layout.data.bases)
    for place in layout.data.places:
        its = [base for base in left if lon_lat(base) == lon_lat(place)]
        left = [base for base in left if base not in its]
        found.append((place, its))
    away: dict[tuple[float, float], list[MapBase]] = {}
    for base in left:  # away from every place
        away.setdefault(lon_lat(base), []).append(base)
    found += [(MapPlace(its[0].name, "", *at, 0.0, None), its) for at, its in away.items()]
    bad = worst(layout.data.places, layout.data.compared)
    here = [
        Named(place, tuple(bases), place in bad)
        for place, bases in found
        if layout.holds(*layout.xy(lon_lat(place))[0]) and (place.callouts_per_day > 0 or bases)
    ]
    rank = {place: number for number, place in enumerate(bad)}

    def order(named: Named) -> tuple[int, bool, float, str]:
        place = named.place
        return rank.get(place, WORST), not named.bases, -place.callouts_per_day, place.name

    return sorted(here, key=order)


def worst(places: Iterable[MapPlace], compared: bool) -> list[MapPlace]:
    """Return the places with the longest times or, of differences, that lose the most."""
    known = [
        (place.minutes, place)
        for place in places
        if place.minutes is not None
        and place.callouts_per_day > 0
        and (not compared or (place.settled and place.minutes > 0))
    ]
    known.sort(key=lambda item: (-item[0], item[1].name))
    return [place for _, place in known[:WORST]]


def minutes_of(place: MapPlace, compared: bool) -> str:
    """Return what is written of a place: its minutes, or why there are none."""
    if place.callouts_per_day <= 0:
        return "no callouts"
    if compared:
        settled = place.settled and place.minutes is not None
        return f"{signed(place.minutes or 0.0)} min" if settled else NOT_SETTLED
    return "too few callouts" if place.minutes is None else f"{place.minutes:.0f} min"


def rows_of(named: Named, layout: MapLayout) -> list[tuple[LabelRow, ...]]:
    """Return what a label may say, the longest first: name, Arabic name, minutes and teams."""
    place, bases, bad = named
    facts = minutes_of(place, layout.data.compared)
    one = f"{facts} · {teams(bases[0].teams)}" if len(bases) == 1 else facts
    below = [LabelRow(one, DETAIL, bad)]
    below += [LabelRow(text, DETAIL) for text in base_rows(bases)] if len(bases) > 1 else []
    name = fit(short(place.name, 24), WIDEST, NAME, "bold" if bad else "normal")
    head, arabic = LabelRow(name, NAME, bad), clean(place.name_ar, 24)
    full = [LabelRow(fit(arabic, WIDEST, NAME), NAME)] if arabic and arabic != name else []
    rows = [(head, *full, *below)] if full else []
    rows.append((head, *below))
    if len(bases) > 1:
        every = f"{len(bases)} bases: {teams(sum(base.teams for base in bases))}"
        rows.append((head, below[0], LabelRow(every, DETAIL)))
    elif bad or bases:
        rows.append((LabelRow(f"{name}  {one}", DETAIL, bad),))
    return rows


def base_rows(bases: Sequence[MapBase]) -> list[str]:
    """Return a line for each of several bases of a place; of many, the rest in one line."""
    rows = [f"{short(base.name, 22)}: {teams(base.teams)}" for base in bases[:MOST_BASES]]
    more = bases[MOST_BASES:]
    count = sum(base.teams for base in more)
    return rows + ([f"{len(more)} more bases: {teams(count)}"] if more else [])


def teams(count: int) -> str:
    """Return how many teams, in words."""
    return f"{count or 'no'} team{'s' * (count != 1)}"


def told(named: Named, compared: bool) -> str:
    """Return what the key says of a place whose name has no room on the map."""
    count = sum(base.teams for base in named.bases)
    facts = [minutes_of(named.place, compared), *([teams(count)] if named.bases else [])]
    return f"{short(named.place.name, 22)} {' · '.join(facts)}"
