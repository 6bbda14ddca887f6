"""Rectangles on a page or a map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle on a page or a map."""

    left: float
    bottom: float
    right: float
    top: float


def touches(box: Box, others: Iterable[Box]) -> bool:
    """Tell whether a box overlaps any other."""
    left, bottom, right, top = box
    return any(left < r and right > x and bottom < t and top > y for x, y, r, t in others)
