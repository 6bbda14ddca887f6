"""Rows of the log as columns of whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import numpy as np

from ..inference.censoring import NEVER, Ints

_Row = TypeVar("_Row")


def blocks(rows: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
    """Yield rows a thousand at a time: turning more of them at once runs out of cache."""
    for first in range(0, max(len(rows), 1), 1000):
        yield rows[first : first + 1000]


def whole(column: Sequence[int]) -> Ints:
    """Return a column of whole numbers."""
    return np.fromiter(column, dtype=np.int64, count=len(column))


def instants(column: Iterable[int | None]) -> Ints:
    """Return instants as whole numbers, ``NEVER`` for ``None``."""
    # numpy reads None as nan, several times as fast as a loop; 2**53 ms are 285,000 years.
    values = np.array(column, dtype=np.float64)
    return np.where(np.isnan(values), float(NEVER), values).astype(np.int64)
