"""Travel times between many places: rows made when they are first asked for, and not all kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, cast

MADE_AT_ONCE = 250_000  # numbers: a table of these takes 9 MB, and a run is quickest with it
KEPT = 1_500_000  # numbers of one table that are kept as Python's own, which take 36 bytes each

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Sequence[int])


class OnDemand(dict[int, Item]):
    """
    Items by their number, each worked out when it is first asked for.

    Read like a tuple of them: ``items[n]``, ``len(items)``, ``for item in items``. It is a
    dictionary so that an item that is there is found without a call.

    Parameters
    ----------
    count
        How many there are.
    make
        Works one out by its number.

    """

    def __init__(self, count: int, make: Callable[[int], Item]) -> None:
        super().__init__()
        self.count, self.make = count, make

    def __missing__(self, number: int) -> Item:
        if not 0 <= number < self.count:
            raise IndexError(f"there is no number {number}; there are {self.count}")
        made = self.make(number)
        super().__setitem__(number, made)
        return made

    def __setitem__(self, number: int, item: Item) -> None:
        raise TypeError("times do not change")

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Item]:  # type: ignore[override]
        return map(self.__getitem__, range(self.count))

    def __reduce__(self) -> tuple[Any, ...]:
        return _as_it_was, (type(self), vars(self), dict(self.items()))


def _as_it_was(kind: type[OnDemand[Any]], about: dict[str, Any], items: dict[int, Any]) -> Any:
    """Return what another process worked on, with the items that were made there."""
    again = kind.__new__(kind)
    vars(again).update(about)
    dict.update(again, items)
    return again


class RowsOnDemand(OnDemand[Row]):
    """Rows of a table by the number of their place; of ``KEPT`` numbers the oldest row goes."""

    def __missing__(self, number: int) -> Row:
        made = super().__missing__(number)
        if dict.__len__(self) * len(made) > KEPT:
            super().pop(next(dict.__iter__(self)))
        return made


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
