"""What the columns of a record hold: dates, times of day, numbers, coordinates or words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sim import units

from ..tables.record_table import RecordTable
from ..tables.written_dates import ORDERS, WrittenDates

LOOKED_AT = 2000  # filled cells of a column
MOST, MOST_TIMES = 0.9, 0.5  # of the cells looked at that are of one sort
_POINT = re.compile(r"POINT\s*\(.+\)|\(\s*-?\d+\.\d+\s*,\s*-?\d+\.\d+\s*\)", re.IGNORECASE)
_ORDERS = ("year-month-day", *ORDERS)


@dataclass(frozen=True)
class Contents:
    """
    What a column holds: "moment", "date", "clock", "number", "point", "words" or "nothing".

    ``odd`` are words that stand in place of what most cells are, such as n/a.
    """

    sort: str
    filled: int
    distinct: int
    odd: tuple[str, ...] = ()


def contents_of(table: RecordTable, column: str) -> Contents:
    """Return what a column holds."""
    cells = [cell for cell in table.column(column) if cell]
    counts = Counter(cells)
    some = cells[:LOOKED_AT]
    if not some:
        return Contents("nothing", 0, 0)
    for sort, fits in _SORTS.items():
        known = {cell: fits(cell) for cell in dict.fromkeys(some)}
        least = MOST_TIMES if sort in _TIMES else MOST
        if sum(known[cell] for cell in some) >= least * len(some):
            odd = tuple(cell for cell in counts if not fits(cell)) if sort in _TIMES else ()
            return Contents(sort, len(cells), len(counts), odd)
    return Contents("words", len(cells), len(counts))


def _is_moment(cell: str) -> bool:
    return any(_reads(WrittenDates(order), cell, True) for order in _ORDERS)


def _is_date(cell: str) -> bool:
    return any(_reads(WrittenDates(order), cell, False) for order in _ORDERS)


def _reads(dates: WrittenDates, cell: str, with_time: bool) -> bool:
    try:
        return dates.read(cell).has_time == with_time
    except units.QuantityError:
        return False


def _is_clock(cell: str) -> bool:
    try:
        WrittenDates().clock(cell)
    except units.QuantityError:
        return False
    return ":" in cell


def _is_number(cell: str) -> bool:
    text = cell.replace(",", ".", 1)
    return bool(re.fullmatch(r"-?\d+(\.\d*)?", text))


def _is_point(cell: str) -> bool:
    return _POINT.fullmatch(cell) is not None


_TIMES = ("moment", "date", "clock")
_SORTS: dict[str, Callable[[str], bool]] = {
    "point": _is_point, "clock": _is_clock, "number": _is_number, "moment": _is_moment,
    "date": _is_date,
}  # fmt: skip
