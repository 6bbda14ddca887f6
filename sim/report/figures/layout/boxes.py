"""Rectangles on a page or a map."""

from __future__ import annotations

from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle on a page or a map."""

    left: float
    bottom: float
    right: float
    top: float
