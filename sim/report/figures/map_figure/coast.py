"""Which part of a map is sea: the faces a coastline cuts the map's frame into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

from ..layout.boxes import Box

Point = tuple[float, float]
Line = list[Point]


@dataclass(frozen=True)
class Faces:
    """The frame cut up: polygons of land and of sea; islands lie over the sea they stand in."""

    land: list[NDArray[np.float64]]
    sea: list[NDArray[np.float64]]
    islands: list[NDArray[np.float64]]


def faces(coast: Sequence[NDArray[np.float64]], frame: Box, ashore: NDArray[np.float64]) -> Faces:
    """
    Return land and sea within a frame.

    A coastline has sea on one side only, so the faces it cuts the frame into take turns along
    the frame's edge: every other stretch of edge is land. Which of the two colourings is right
    follows from ``ashore``, points known to be on land (most of them), shape (points, 2). Lines
    that end inside the frame are led on to its nearest edge.
    """
    pieces = [piece for line in join(coast) for piece in clip(line, frame)]
    rings = [np.array(p) for p in pieces if p[0] == p[-1] and len(p) > 3]
    chords = [_to_the_edge(p, frame) for p in pieces if p[0] != p[-1]]
    sides = _two_sides(chords, frame)
    inside = [sum(_inside(polygon, ashore) for polygon in side) for side in sides]
    if not chords:  # no shore crosses the frame: an island map if most points are within rings
        held = sum(_inside(ring, ashore) for ring in rings)
        island_map = bool(rings) and held > len(ashore) / 2
        return Faces([], sides[0], rings) if island_map else Faces(sides[0], [], [])
    land, sea = (0, 1) if inside[0] >= inside[1] else (1, 0)
    afloat = [r for r in rings if any(Path(s).contains_point(r[0]) for s in sides[sea])]
    return Faces(sides[land], sides[sea], afloat)


def _inside(polygon: NDArray[np.float64], points: NDArray[np.float64]) -> int:
    return int(Path(polygon).contains_points(points).sum()) if len(points) else 0


def join(lines: Sequence[NDArray[np.float64]]) -> list[Line]:
    """Return lines with those joined that end where another ends."""
    joined: list[Line] = []
    for line in lines:
        points: Line = [(float(x), float(y)) for x, y in line]
        if len(points) < 2:
            continue
        for other in joined.copy():
            if other[0] == other[-1] or points[0] == points[-1]:
                continue
            if points[0] in (other[0], other[-1]):
                points.reverse()
            if points[-1] == other[-1]:
                other = _take(joined, other)[::-1]
            elif points[-1] == other[0]:
                other = _take(joined, other)
            else:
                continue
            points += other[1:]
        joined.append(points)
    return joined


def _take(lines: list[Line], line: Line) -> Line:
    lines[:] = [other for other in lines if other is not line]
    return line


def clip(line: Line, frame: Box) -> list[Line]:
    """Return the parts of a line within the frame; their new ends lie exactly on its edge."""
    parts: list[Line] = []
    part: Line = []
    for a, b in pairwise(line):
        cut = _clip_segment(a, b, frame)
        if cut is None:
            continue
        if part and part[-1] == cut[0]:
            part.append(cut[1])
        else:
            part = list(cut)
            parts.append(part)
    whole = [p for p in parts if len(p) > 1 and p != [p[0]] * len(p)]
    if len(whole) > 1 and line[0] == line[-1] and whole[0][0] == whole[-1][-1]:
        whole[0] = whole.pop() + whole[0][1:]  # a ring that begins inside and leaves the frame
    return whole


def _clip_segment(a: Point, b: Point, frame: Box) -> tuple[Point, Point] | None:
    """
    Return the part of a segment within the frame [1]_.

    References
    ----------
    .. [1] Y.-D. Liang, B. A. Barsky, "A new concept and method for line clipping",
       *ACM Trans. Graph.* 3(1), 1984, 1-22.

    """
    left, bottom, right, top = frame
    dx, dy = b[0] - a[0], b[1] - a[1]
    enter, leave = 0.0, 1.0
    for p, q in ((-dx, a[0] - left), (dx, right - a[0]), (-dy, a[1] - bottom), (dy, top - a[1])):
        if p == 0:
            if q < 0:
                return None
        elif p < 0:
            enter = max(enter, q / p)
        else:
            leave = min(leave, q / p)
    if enter >= leave:
        return None
    start = a if enter == 0 else (a[0] + enter * dx, a[1] + enter * dy)
    end = b if leave == 1 else (a[0] + leave * dx, a[1] + leave * dy)
    return start, end


def _to_the_edge(line: Line, frame: Box) -> Line:
    return [_nearest_edge(line[0], frame), *line, _nearest_edge(line[-1], frame)]


def _nearest_edge(point: Point, frame: Box) -> Point:
    left, bottom, right, top = frame
    x, y = point
    ends = ((left, y), (right, y), (x, bottom), (x, top))
    return min(ends, key=lambda end: hypot(end[0] - x, end[1] - y))


def _along(point: Point, frame: Box) -> float:
    """Return how far along the frame's edge a point is, anticlockwise from bottom left."""
    left, bottom, right, top = frame
    wide, tall = right - left, top - bottom
    x, y = point
    away = (abs(y - bottom), abs(x - right), abs(y - top), abs(x - left))
    side = away.index(min(away))
    along = (x - left, wide + y - bottom, wide + tall + right - x, 2 * wide + tall + top - y)
    return along[side]


def _two_sides(chords: list[Line], frame: Box) -> list[list[NDArray[np.float64]]]:
    """Return the polygons on either side of lines that cross the frame from edge to edge."""
    left, bottom, right, top = frame
    wide, tall = right - left, top - bottom
    corners: list[tuple[float, Point]] = [
        (0.0, (left, bottom)), (wide, (right, bottom)), (wide + tall, (right, top)),
        (2 * wide + tall, (left, top)),
    ]  # fmt: skip
    if not chords:
        return [[np.array([corner for _, corner in corners])], []]
    ends = sorted(
        (_along(line[-last], frame), number, last)
        for number, line in enumerate(chords)
        for last in (0, 1)
    )
    where = {(number, last): i for i, (_, number, last) in enumerate(ends)}
    around = 2 * (wide + tall)
    sides: list[list[NDArray[np.float64]]] = [[], []]
    done: set[int] = set()
    for first in range(len(ends)):
        polygon: Line = []
        i = first
        while i not in done:
            done.add(i)
            j = (i + 1) % len(ends)
            begin, end = ends[i][0], ends[j][0] + (around if j <= i else 0)
            turns = sorted((s + k, c) for s, c in corners for k in (0, around))
            polygon += [corner for at, corner in turns if begin < at < end]
            _, number, last = ends[j]
            polygon += chords[number][::-1] if last else chords[number]
            i = where[number, 1 - last]
        if polygon:
            sides[first % 2].append(np.array(polygon))
    return sides
