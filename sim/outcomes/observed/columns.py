"""
Columns of whole numbers: rows of the log, and facts with a name each.

Facts of one kind, as what is kept of each team, are a structured array: `facts["overtime"]` is a
column. Files hold them as plain numbers in the order of the names, see `plain` and `with_names`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from ..inference.censoring import NEVER, Ints

_Row = TypeVar("_Row")
Facts: TypeAlias = npt.NDArray[np.void]  # whole numbers under names, see `facts_named`
FactNames: TypeAlias = "np.dtype[np.void]"


def facts_named(*names: str) -> FactNames:
    """
    Return what an array of facts with these names is made of.

    Examples
    --------
    >>> teams = np.zeros(2, dtype=facts_named("breaks", "nights"))
    >>> teams["nights"][1] += 3
    >>> teams["nights"].tolist()
    [0, 3]
    """
    return np.dtype([(name, np.int64) for name in names])


def plain(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return facts as plain numbers, one more axis for their names; another column as it is."""
    names = column.dtype.names
    if names is None:
        return column
    return np.ascontiguousarray(column).view(np.int64).reshape(*column.shape, len(names))


def with_names(names: FactNames, numbers: Ints) -> Facts:
    """Return plain numbers, the last axis in the order of the names, as facts."""
    return np.ascontiguousarray(numbers).view(names).reshape(numbers.shape[:-1])


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
