"""
Dates and times of day as tables write them, and which of day and month comes first.

The order is stated, or decided from all dates of a record together where only one fits. Where both
fit every date, as in a record of 1 to 12 March, nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sim import units

from .csv_tables import Row

MS_PER_DAY = units.MS_PER["day"]
ORDERS = ("day/month/year", "month/day/year")  # two numbers before the year
YEARS = range(1900, 2201)
_EPOCH = date(1970, 1, 1).toordinal()
_SERIAL_EPOCH = date(1899, 12, 30).toordinal() - _EPOCH  # day 0 of a spreadsheet
_ISO = re.compile(r"(?P<y>\d{4})(?P<by>[-/.]?)(?P<m>\d{1,2})(?P=by)(?P<d>\d{1,2})", re.ASCII)
_TRIPLE = re.compile(
    r"(?P<first>\d{1,2})(?P<by>[/.\-])(?P<second>\d{1,2})(?P=by)(?P<y>\d{4}|\d{2})", re.ASCII
)
_NUMBER = re.compile(r"\d{1,7}(?:[.,]\d{1,15})?", re.ASCII)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_NAMED = re.compile(
    r"(?:(?P<d>\d{1,2})[ .-]*(?P<m>[a-z]{3})[a-z]*\.?|(?P<m2>[a-z]{3})[a-z]*\.? *(?P<d2>\d{1,2}))"
    r"[ ,-]+(?P<y>\d{4})(?:,?\s+(?P<rest>.+))?",
    re.ASCII | re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?P<h>\d{1,2})[:.h](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<offset>Z|UTC|[+-]\d{2}(?::?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_OFFSET = re.compile(
    r"(?:UTC|GMT)?(?P<sign>[+-]?)(?P<h>\d{1,2})(?::?(?P<m>\d{2}))?", re.ASCII | re.IGNORECASE
)


class Written(NamedTuple):
    """A date and time as written: [ms] since 1970 on its own clock, and its offset from UTC."""

    at: int
    offset: int | None  # [ms]
    has_time: bool


@dataclass
class WrittenDates:
    """
    Reads dates and times of one order; what was read before is remembered.

    ``order`` is `year-month-day`, `day/month/year`, `month/day/year` or `serial`. Dates with the
    year first, or with the month as an English word, have one meaning and are read in any order.
    ``clocks`` are the times of day read so far, with their offsets from UTC. [ms]
    """

    order: str = "year-month-day"
    _days: dict[str, int] = field(default_factory=dict, repr=False)
    clocks: dict[str, tuple[int, int | None]] = field(default_factory=dict, repr=False)

    def read(self, written: str) -> Written:
        """
        Return what a date and time says.

        Raises
        ------
        QuantityError
            When it is none.

        """
        day, parted, clock = written.partition("T" if "T" in written[:11] else " ")
        known = self._days.get(day)
        if known is not None and parted:
            at = self.clocks.get(clock)
            if at is not None:
                return Written(known + at[0], at[1], True)
        return self._read(units.western_digits(written).strip())

    def _read(self, text: str) -> Written:
        named = _NAMED.fullmatch(text)
        if named is not None:
            clock = named["rest"] or ""
            day = self._named_day(named, text)
        elif self.order == "serial" and _NUMBER.fullmatch(text):
            return _serial(text)
        else:
            first, _, clock = text.partition("T" if "T" in text[:11] else " ")
            first, clock = first.rstrip(","), clock.strip()
            day = self.day(first)
        if not clock:
            return Written(day, None, False)
        at, offset = self.clock_of(clock, text)
        return Written(day + at, offset, True)

    def day(self, written: str) -> int:
        """
        Return a date. [ms] since 1970

        Raises
        ------
        QuantityError
            When it is none in this order.

        """
        known = self._days.get(written)
        if known is None:
            known = self._days[written] = self._day(units.western_digits(written).strip())
        return known

    def _day(self, text: str) -> int:
        if found := _ISO.fullmatch(text):
            return _day_of(found["y"], found["m"], found["d"], text)
        named = _NAMED.fullmatch(text)
        if named is not None and not named["rest"]:
            return self._named_day(named, text)
        if self.order == "serial" and _NUMBER.fullmatch(text):
            return _serial(text).at // MS_PER_DAY * MS_PER_DAY
        found = _TRIPLE.fullmatch(text)
        if found is None or self.order not in ORDERS:
            raise _no_date(text)
        first, second, year = found["first"], found["second"], found["y"]
        day, month = (first, second) if self.order == "day/month/year" else (second, first)
        year = year if len(year) == 4 else f"20{year}"
        return _day_of(year, month, day, text, f" as {self.order}")

    def _named_day(self, found: re.Match[str], text: str) -> int:
        month = _MONTHS.get((found["m"] or found["m2"]).lower())
        if month is None:
            raise _no_date(text)
        return _day_of(found["y"], str(month), found["d"] or found["d2"], text)

    def clock(self, written: str) -> int:
        """
        Return a time of day. [ms] since midnight

        Raises
        ------
        QuantityError
            When it is none.

        """
        known = self.clocks.get(written)
        return self.clock_of(written, written)[0] if known is None else known[0]

    def clock_of(self, written: str, whole: str) -> tuple[int, int | None]:
        """Return a time of day and its offset from UTC, from a cell that holds it. [ms]"""
        if len(written) == 8 and written.count(":") == 2:
            known = _quick_clock(written)
            if known is not None:
                self.clocks[written] = known, None
                return known, None
        found = _CLOCK.fullmatch(units.western_digits(written).strip())
        if found is None:
            raise _no_date(whole)
        hour, minute = int(found["h"]), int(found["m"])
        second = int(found["s"] or 0)
        if found["half"]:
            if not 1 <= hour <= 12:
                raise _no_date(whole)
            hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
        if hour > 23 or minute > 59 or second > 59:
            raise _no_date(whole)
        ms = round(int(found["f"] or 0) * 1000 / 10 ** len(found["f"] or ""))
        at = ((hour * 60 + minute) * 60 + second) * 1000 + ms
        offset = None if found["offset"] is None else offset_of(found["offset"])
        self.clocks[written] = at, offset
        return at, offset


def _quick_clock(written: str) -> int | None:
    """Return a time of day written 07:25:00, None where it is not. [ms]"""
    hour, minute, second = written.split(":")
    if not (written.isascii() and (hour + minute + second).isdigit()):
        return None
    if not len(hour) == len(minute) == len(second) or hour > "23" or max(minute, second) > "59":
        return None
    return ((int(hour) * 60 + int(minute)) * 60 + int(second)) * 1000


def offset_of(written: str) -> int:
    """
    Return an offset from UTC, from "+02:00", "-0330", "Z" or "2". [ms]

    Raises
    ------
    QuantityError
        When it is none.

    """
    text = written.strip().replace("−", "-")
    if text.upper() in ("Z", "UTC", "GMT"):
        return 0
    found = _OFFSET.fullmatch(text)
    if found is None or int(found["h"]) > 14 or int(found["m"] or 0) > 59:
        raise units.QuantityError(
            f"expected an offset from UTC, found {units.shown(written)}", "write '+02:00'"
        )
    ms = (int(found["h"]) * 60 + int(found["m"] or 0)) * units.MS_PER["min"]
    return -ms if found["sign"] == "-" else ms


def _no_date(text: str) -> units.QuantityError:
    return units.QuantityError(
        f"expected a date and time, found {units.shown(text)}", "write '2025-03-06 06:30:00'"
    )


def _day_of(year: str, month: str, day: str, text: str, how: str = "") -> int:
    """Return a calendar day. [ms] since 1970"""
    if int(year) not in YEARS:
        span = f"{YEARS[0]} to {YEARS[-1]}"
        raise units.QuantityError(f"the year of {units.shown(text)} is not {span}")
    try:
        return (date(int(year), int(month), int(day)).toordinal() - _EPOCH) * MS_PER_DAY
    except ValueError:
        said = f"there is no day {units.shown(text)}{how}"
        raise units.QuantityError(said) from None


def _serial(text: str) -> Written:
    """Return what the number of a spreadsheet says, to the millisecond."""
    days = float(text.replace(",", "."))
    at = round((days + _SERIAL_EPOCH) * MS_PER_DAY)
    if date.fromordinal(min(max(1, at // MS_PER_DAY + _EPOCH), 900_000)).year not in YEARS:
        raise units.QuantityError(f"{units.shown(text)} is no date from {YEARS[0]} to {YEARS[-1]}")
    return Written(at, None, True)


class DateProblem(NamedTuple):
    """Why the order of dates is not decided, at the cell that shows it."""

    row: Row
    column: str
    message: str
    help: str


class Evidence(NamedTuple):
    """What decides the order of dates: the cell that cannot be read in another way."""

    order: str
    row: Row | None = None
    text: str = ""


class _Cell(NamedTuple):
    """A cell with a date."""

    row: Row
    column: str
    text: str


@dataclass
class _Shapes:
    """The first cell of each shape of date in a record."""

    iso: _Cell | None = None
    serial: _Cell | None = None
    triple: _Cell | None = None
    short: _Cell | None = None  # its year has two digits
    day_first: _Cell | None = None  # its first number is above 12
    month_first: _Cell | None = None
    both: _Cell | None = None  # it is another day with the month first

    def look(self, row: Row, column: str, text: str) -> None:
        """Look at a date that has not been seen."""
        cell = _Cell(row, column, text)
        if found := _TRIPLE.fullmatch(text):
            first, second = int(found["first"]), int(found["second"])
            self.triple = self.triple or cell
            if len(found["y"]) == 2:
                self.short = self.short or cell
            if first > 12 >= second:
                self.day_first = self.day_first or cell
            elif second > 12 >= first:
                self.month_first = self.month_first or cell
            elif first != second:
                self.both = self.both or cell
        elif _ISO.fullmatch(text):
            self.iso = self.iso or cell
        elif _NUMBER.fullmatch(text):
            self.serial = self.serial or cell


def order_of(cells: Iterable[tuple[Row, str, str]]) -> Evidence | DateProblem:
    """
    Return the order of a record's dates, or why it is not decided.

    Parameters
    ----------
    cells
        Row, column and text of every cell that should hold a date.

    """
    shapes, seen = _Shapes(), set[str]()
    for row, column, text in cells:
        if not text:
            continue
        day = text.partition("T" if "T" in text[:11] else " ")[0].rstrip(",")
        if day not in seen:
            seen.add(day)
            shapes.look(row, column, units.western_digits(day))
    return _decided(shapes)


def _decided(shapes: _Shapes) -> Evidence | DateProblem:
    if shapes.triple is None:
        if shapes.iso is None and shapes.serial is not None:
            return Evidence("serial", shapes.serial.row, shapes.serial.text)
        return Evidence("year-month-day")
    day_first, month_first = shapes.day_first, shapes.month_first
    if shapes.iso is not None:
        return _problem(
            shapes.triple, f"there are dates of two forms: '{shapes.triple.text}' here, "
            f"'{shapes.iso.text}' at row {shapes.iso.row.line + 1}",
            "a spreadsheet that took some dates for another order has swapped their day and month: "
            f"export again with all dates as text, or state the order of the others: {_STATE}",
        )  # fmt: skip
    if day_first is not None and month_first is not None:
        return _problem(
            day_first, f"'{day_first.text}' has the day first and '{month_first.text}' at row "
            f"{month_first.row.line + 1} the month", f"{_STATE}; then what does not fit is told",
        )  # fmt: skip
    if shapes.short is not None:
        return _problem(shapes.short, f"the year of '{shapes.short.text}' has two digits", _STATE)
    if day_first is None and month_first is None and shapes.both is not None:
        text = shapes.both.text
        both = f"'{text}' can be {_both(text)}, and no date of this record says which"
        return _problem(shapes.both, both, f"state which comes first: {_STATE}")
    shown = day_first or month_first or shapes.triple
    order = "month/day/year" if month_first is not None else "day/month/year"
    return Evidence(order, shown.row, shown.text)


_STATE = "dates: day/month/year or dates: month/day/year"


def _problem(cell: _Cell, message: str, help: str) -> DateProblem:
    return DateProblem(cell.row, cell.column, message, help)


def _both(text: str) -> str:
    """Return both meanings of a date."""
    first, second, _ = map(int, re.split(r"[/.\-]", text))
    try:
        ways = [date(2000, second, first), date(2000, first, second)]
    except ValueError:  # a month 0
        return "with the day or the month first"
    return " or ".join(f"{day.day} {day:%B}" for day in ways)
