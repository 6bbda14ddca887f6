"""Travel times between many places: rows made when they are first asked for, and not all kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, cast

MADE_AT_ONCE = 250_000  # numbers: a table of these takes 9 MB, and a run is quickest with it
KEPT = 1_500_000  # numbers of one table that are kept as Python's own, which take 36 bytes each

Row = TypeVar("Row", bound=Sequence[int])


class RowsOnDemand(dict[int, Row]):
    """
    Rows by the number of their place, each worked out when it is first asked for.

    Read like a tuple of rows: ``rows[place]``, ``len(rows)``, ``for row in rows``. It is a
    dictionary so that a row that is there is found without a call. Once ``KEPT`` numbers are held,
    the row made first goes for a new one.
    """

    def __init__(self, places: int, row: Callable[[int], Row]) -> None:
        super().__init__()
        self.places, self.row = places, row

    def __missing__(self, place: int) -> Row:
        if not 0 <= place < self.places:
            raise IndexError(f"there is no place {place}; there are {self.places}")
        made = self.row(place)
        if (super().__len__() + 1) * len(made) > KEPT:
            super().pop(next(super().__iter__()), None)
        super().__setitem__(place, made)
        return made

    def __setitem__(self, place: int, row: Row) -> None:
        raise TypeError("times do not change")

    def __len__(self) -> int:
        return self.places

    def __iter__(self) -> Iterator[Row]:  # type: ignore[override]
        return map(self.__getitem__, range(self.places))


class TravelRows(RowsOnDemand[tuple[int, ...]]):
    """
    Times from place to place; ``column`` has the times to a place. [ms]

    Parameters
    ----------
    places
        How many there are.
    row, column
        Work out the times from a place to all, and those from all to a place.

    """

    def __init__(
        self,
        places: int,
        row: Callable[[int], tuple[int, ...]],
        column: Callable[[int], tuple[int, ...]],
    ) -> None:
        super().__init__(places, row)
        self.column = column


Matrix = tuple[tuple[int, ...], ...]  # or ``TravelRows``, which are read in the same way
"""Expected time from place to place; ``NO_ACCESS`` where no way leads. [ms], (places, places)"""


def matrix(
    places: int,
    tables: int,
    row: Callable[[int], tuple[int, ...]],
    column: Callable[[int], tuple[int, ...]],
) -> Matrix:
    """
    Return times between places: all rows at once where they are few, else on demand.

    Parameters
    ----------
    places, tables
        How many places there are, and how many such tables.
    row, column
        As `TravelRows` takes them.

    """
    if places**2 * tables <= MADE_AT_ONCE:
        return tuple(map(row, range(places)))
    return cast("Matrix", TravelRows(places, row, column))


def column_of(times: Any, place: int) -> Sequence[int]:
    """Return the times of a ``Matrix`` to a place from all. [ms], shape (places,)"""
    if isinstance(times, TravelRows):
        return times.column(place)
    return [row[place] for row in times]
