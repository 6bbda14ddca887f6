"""Places that fill the plane like a chequerboard or a honeycomb, and the cells around them."""

from __future__ import annotations

from math import cos, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from .map_data import Array

FEWEST = 9  # places of a grid
FILLED = 0.6  # of a grid's crossings that have a place
ALIKE = 0.02  # by how much distances between neighbours may differ
HEXAGON, SQUARE = 6, 4  # neighbours of a cell


def cells_of(points: Array) -> list[Array] | None:
    """
    Return the corners of the cell around each point; None where the points are no grid.

    Points on every crossing (or most) of some lines east and north have rectangles that end
    midway between the lines; others, each as far from its nearest neighbours, squares or hexagons.
    """
    if len(points) < FEWEST:
        return None
    return _rectangles(points) or _alike(points)


def room_in(cell: Array, x: float, y: float) -> float:
    """Return how far a cell's nearest side is from a point within it."""
    sides = np.roll(cell, -1, axis=0) - cell
    apart = cell - (x, y)
    across = np.abs(sides[:, 0] * apart[:, 1] - sides[:, 1] * apart[:, 0])
    return float((across / np.hypot(*sides.T)).min())


def _rectangles(points: Array) -> list[Array] | None:
    bounds = []
    for values in points.T:
        lines, which = _lines(values)
        if len(lines) < 3:
            return None
        bounds.append((lines, which))
    (columns, across), (rows, up) = bounds
    if len(points) < FILLED * len(columns) * len(rows):
        return None
    left, right = _ends(columns)
    bottom, top = _ends(rows)
    return [
        np.array(
            [(left[i], bottom[j]), (right[i], bottom[j]), (right[i], top[j]), (left[i], top[j])]
        )
        for i, j in zip(across, up, strict=True)
    ]


def _lines(values: Array) -> tuple[Array, NDArray[np.int64]]:
    """Return the distinct values, those that are nearly equal as one, and the number of each."""
    near = 1e-6 + 1e-4 * float(np.ptp(values))
    order = np.argsort(values, kind="stable")
    new = np.concatenate([[True], np.diff(values[order]) > near])
    which = np.empty(len(values), dtype=np.int64)
    which[order] = np.cumsum(new) - 1
    return values[order][new], which


def _ends(lines: Array) -> tuple[Array, Array]:
    """Return where the cells of lines begin and end: midway, but not far into a gap."""
    gaps = np.diff(lines)
    most = 0.5 * float(np.median(gaps))
    before = np.concatenate([gaps[:1], gaps]) / 2
    after = np.concatenate([gaps, gaps[-1:]]) / 2
    wide = 1.5 * most  # of uneven lines, a cell reaches a little further
    before = np.where(before > 2 * wide, most, before)
    after = np.where(after > 2 * wide, most, after)
    return lines - before, lines + after


def _alike(points: Array) -> list[Array] | None:
    """Return squares or hexagons around points that all have equally near neighbours."""
    apart = points[:, np.newaxis] - points[np.newaxis]
    far = np.hypot(apart[..., 0], apart[..., 1])
    np.fill_diagonal(far, np.inf)
    near = far.min(axis=1)
    step = float(np.median(near))
    if step <= 0 or np.abs(near - step).max() > ALIKE * step:
        return None
    neighbours = far < (1 + ALIKE) * step
    sides = int(neighbours.sum(axis=1).max())
    if sides not in (SQUARE, HEXAGON):
        return None
    one, other = np.argwhere(neighbours)[0]
    east, north = points[other] - points[one]
    turn = np.arctan2(north, east) + pi / sides
    radius = step / sqrt(3) if sides == HEXAGON else step / sqrt(2)
    angles = [turn + 2 * pi * i / sides for i in range(sides)]
    corners = radius * np.array([(cos(angle), sin(angle)) for angle in angles])
    return [corners + point for point in points]
