"""
The rows of a real record: each is a unit's part in a callout, with all its instants.

What cannot be read, what breaks the order of time and local times that are not clear are told with
their rows; rows are left out only where the record says so, and each is accounted for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sim import units

from ..fields.records import Layout
from ..text.source import Loc
from .cell_values import BadCellError, Position, point, position, priority, since_received
from .csv_tables import CsvTable, Row
from .record_clock import ChangedHourError, RecordClock, row_offset
from .record_table import RecordTable
from .row_problems import BadValues, RowProblem, first_rows
from .same_words import join_words
from .written_dates import ORDERS, DateProblem, order_of

MS_PER_DAY = units.MS_PER["day"]
MS_PER_HOUR = units.MS_PER["h"]
HALF_DAY = MS_PER_DAY // 2
FEWEST_DAYS = 7  # of a table with one row a day
NO_RECORD = "counts by day are a rate, not a record of callouts"
RECORD_HAS = (
    "a record has a row for each callout, or for each unit sent; a rate is written as "
    "demand: {rate: ...}"
)
NOWHERE: Position = None, None
BAD_VALUE = "a value that cannot be read"
DISORDERED = "instants that break the order of time"
TWICE = "a local time that comes twice"
SKIPPED = "a local time that does not exist"


class UnitRow(NamedTuple):
    """A unit's part in a callout. Instants are [ms] since the callout was received."""

    row: Row
    callout: str
    received: int  # [ms] since the start
    kind: str
    place: str
    area: str
    priority: int | None
    lat: float | None
    lon: float | None
    unit: str
    at: Mapping[str, int]  # by name of the instant, those that happened
    start: Position = NOWHERE  # where the unit was when dispatched: latitude and longitude


def read_units(
    table: RecordTable, written: Layout, clock: RecordClock, loc: Loc,
    kinds: Collection[str] = (), places: Collection[str] = (),
) -> list[UnitRow] | None:  # fmt: skip
    """
    Return the rows of a record in the order written; None where its columns or dates are wrong.

    Parameters
    ----------
    table, written
        The record and how it is written.
    clock
        Turns its dates and times into instants.
    loc
        Where the record is described, for messages.
    kinds, places
        Words that mean something: others that differ from them only in case, accents or white
        space are read as them.

    """
    if not table.require(*dict.fromkeys(written.columns.named)):
        return None
    if not table.rows:
        note_whole(table, "there is no callout in this record")
        return None
    if not _order_decided(table, written, clock):
        return None
    reader = _UnitReader(table, written, clock, loc)
    if reader.dated_only and _one_row_a_day(table, written, clock):
        return None
    reader.join(kinds, places)
    found = [read for i, row in enumerate(table.rows) if (read := reader.read(row, i)) is not None]
    reader.close()
    if not found and not table.findings.diagnostics:
        note_whole(table, "no row of this record is left")
    return found


def note_whole(table: CsvTable, message: str, help: str = "") -> None:
    """Note at the head of a record what is wrong with all of it."""
    table.note(Row(table.header_line, []), 0, message, help)


def _order_decided(table: RecordTable, written: Layout, clock: RecordClock) -> bool:
    """Settle the order of dates, as stated or from all of them; note where it is not settled."""
    if written.dates is not None:
        clock.dates.order = written.dates
        return True
    columns = [written.columns.date or written.columns.received]
    if written.columns.date is None and written.unit == "time":
        columns += written.columns.instants.values()
    found = order_of(
        (row, c, text)
        for c in columns
        for row, text in zip(table.rows, table.column(c), strict=True)
    )
    if isinstance(found, DateProblem):
        table.wrong(*found)
        return False
    clock.dates.order = found.order
    if found.order in ORDERS and found.row is not None:
        table.told.append(
            f"dates as {found.order}: '{found.text}' at row {found.row.line + 1} cannot be "
            "otherwise"
        )
    elif found.order == "serial":
        table.told.append(f"dates as numbers of a spreadsheet: '{found.text}'")
    return True


def _one_row_a_day(table: RecordTable, written: Layout, clock: RecordClock) -> bool:
    """Return whether a table of dates has one row a day, which is no record; note it if so."""
    days = []
    for row in table.rows:
        try:
            days.append(clock.dates.day(table.cell(row, written.columns.received)) // MS_PER_DAY)
        except units.QuantityError:
            return False
    if not is_one_a_day(days):
        return False
    span = max(days) - min(days) + 1
    said = f"this table has one row a day ({len(days)} rows on {span} days): {NO_RECORD}"
    note_whole(table, said, RECORD_HAS)
    return True


def is_one_a_day(days: Collection[int]) -> bool:
    """Return whether these days, as numbers, are those of counts by day: each once, next to all."""
    distinct = {*days}
    if len(days) < FEWEST_DAYS or len(distinct) < len(days):
        return False
    return len(days) >= 0.9 * (max(distinct) - min(distinct) + 1)


class _DisorderedError(Exception):
    """A row whose instants are not in order; it has been noted."""


class _UnitReader:
    """Reads the rows of a record one by one, and keeps what is told of them."""

    def __init__(self, table: RecordTable, layout: Layout, clock: RecordClock, loc: Loc) -> None:
        self.table, self.layout, self.clock, self.columns = table, layout, clock, layout.columns
        leave_out = layout.disordered == "leave out"
        self.disordered = RowProblem(
            table, (*loc, "disordered"), "break", "the order of time", leave_out
        )
        self.bad = BadValues(table, (*loc, "unreadable"), layout.unreadable == "leave out")
        self.changed: dict[str, list[tuple[Row, ChangedHourError]]] = {TWICE: [], SKIPPED: []}
        self.in_doubt: Row | None = None  # the first with a local time that comes twice, as stated
        self.first: dict[str, tuple[int, int]] = {}  # a callout's instant and its local time
        self.read_as: dict[str, dict[str, str]] = {}  # by column
        named = (layout.columns.kind, layout.columns.place, layout.columns.area)
        self.words = [(c, table.columns.get(c or "", 0)) for c in named]
        self.instants = [(n, c, table.columns[c]) for n, c in layout.columns.instants.items()]
        self.priorities = {
            word: number for number, words in layout.priorities.items() for word in words
        }
        self.dated_only = clock.dated_only = self._is_dated_only()
        if self.dated_only:
            table.guesses.append(
                f"{table.name}: callouts have dates without times of day; hours are not known"
            )

    def _is_dated_only(self) -> bool:
        """Return whether dates are received without times of day."""
        some = False
        for row in () if self.columns.date is not None else self.table.rows:
            try:
                if self.clock.dates.read(self.table.cell(row, self.columns.received)).has_time:
                    return False
            except units.QuantityError:
                continue
            some = True
        return some

    def join(self, kinds: Collection[str], places: Collection[str]) -> None:
        """Join words that differ only in case, accents or white space, and say so."""
        known = {self.columns.kind: kinds, self.columns.place: places, self.columns.area: ()}
        for column, words in known.items():
            if column is None:
                continue
            self.read_as[column], joined = join_words(self.table.column(column), words)
            if joined:
                more = f" and {len(joined) - 5} more" if len(joined) > 5 else ""
                told = "; ".join(own.told() for own in joined[:5]) + more
                self.table.guesses.append(
                    f"column {column}: words that differ only in case, accents or spaces are read "
                    f"as one: {told}"
                )

    def read(self, row: Row, number: int) -> UnitRow | None:
        """Return a row; None where it is not used, accounted for."""
        try:
            return self._read(row, number)
        except BadCellError as error:
            self.bad.note(row, error.column, error.message, error.help)
            why = BAD_VALUE
        except ChangedHourError as error:
            why = TWICE if error.is_twice else SKIPPED
            self.changed[why].append((row, error))
        except _DisorderedError:
            why = DISORDERED
        self.table.account.leave(why, [row])
        return None

    def _read(self, row: Row, number: int) -> UnitRow:
        columns, table, cells = self.columns, self.table, row.cells
        callout = str(number) if columns.callout is None else table.cell(row, columns.callout)
        if not callout:
            raise BadCellError(columns.callout or "", f"{columns.callout} is empty")
        offset = None if columns.offset is None else self._offset(row)
        if callout not in self.first:  # a callout is received when its first row says
            self.first[callout] = self._received(row, offset)
        received, local = self.first[callout]
        at = self._instants(cells, received, local, offset)
        lat, lon = position(table, row, columns)
        urgency = priority(table, row, columns.priority, self.priorities)
        self._check_order(row, at)
        if self.clock.taken and self.in_doubt is None:
            self.in_doubt = row
        kind, place, area = (
            "" if c is None else self.read_as[c].get(cells[i], cells[i]) for c, i in self.words
        )
        unit = "" if columns.unit is None else table.cell(row, columns.unit)
        start = (
            (None, None) if columns.unit_point is None else point(table, row, columns.unit_point)
        )
        since = self.clock.since_start(received)
        return UnitRow(row, callout, since, kind, place, area, urgency, lat, lon, unit, at, start)

    def _offset(self, row: Row) -> int | None:
        column = self.columns.offset or ""
        try:
            return row_offset(self.table.cell(row, column))
        except units.QuantityError as error:
            raise BadCellError(column, str(error), error.help) from None

    def _received(self, row: Row, offset: int | None) -> tuple[int, int]:
        """Return when a callout was received: its instant, and local time if `date` is named."""
        columns, clock = self.columns, self.clock
        written, local, column = self.table.cell(row, columns.received), 0, columns.received
        try:
            if columns.date is not None or self.dated_only:
                column = columns.date or column
                local = clock.dates.day(self.table.cell(row, column))
                column = columns.received
                local += 0 if columns.date is None else clock.dates.clock(written)
                return clock.instant(local, offset), local
            return clock.at(written, offset), local
        except ChangedHourError as error:
            error.column = column
            raise
        except units.QuantityError as error:
            raise BadCellError(column, str(error), error.help) from None

    def _instants(
        self, cells: list[str], received: int, local: int, offset: int | None
    ) -> dict[str, int]:  # fmt: skip
        """Return a row's instants, those that happened. [ms] since received"""
        at: dict[str, int] = {}
        clock, dated = self.clock, self.columns.date is not None
        clocks, unit = clock.dates.clocks, self.layout.unit
        for instant, column, i in self.instants:
            text = cells[i]
            if not text:
                continue
            if unit != "time":
                at[instant] = since_received(self.table, column, text, unit)
                continue
            try:
                if dated and ":" in text[:3]:
                    known = clocks.get(text)
                    local = _rolled(local, clock.dates.clock(text) if known is None else known[0])
                    at[instant] = clock.instant(local, offset) - received
                else:
                    at[instant] = clock.at(text, offset) - received
            except ChangedHourError as error:
                error.column = column
                raise
            except units.QuantityError as error:
                raise BadCellError(column, str(error), error.help) from None
        return at

    def _check_order(self, row: Row, at: Mapping[str, int]) -> None:
        """Refuse a row whose instants are not in order."""
        before, latest = "received", 0
        for instant, time in at.items():
            if time < latest:
                by = units.say_duration(latest - time)
                word = instant.replace("_", " ")
                message = f"{word} is {by} before {before.replace('_', ' ')}"
                self.disordered.note(row, self.columns.instants[instant], message)
                raise _DisorderedError
            before, latest = instant, time

    def close(self) -> None:
        """Tell what was noted, and account for rows that never were rows of the table."""
        table = self.table
        for row in table.ragged:
            self.bad.note(
                row, "", f"this row has {len(row.cells)} cells, the header has "
                f"{len(table.columns)}", f"put text that holds a '{table.delimiter}' in quotes",
            )  # fmt: skip
        table.account.leave("more cells than columns", table.ragged)
        table.account.leave("an empty row", [Row(line - 1, []) for line in table.empty_lines])
        self.bad.close()
        self.disordered.close()
        self._tell_changed_hours()

    def _tell_changed_hours(self) -> None:
        """Warn of local times that clocks skip or show twice, at the first row of each sort."""
        for found in filter(None, self.changed.values()):
            lines = [row.line + 1 for row, _ in found]
            count = "1 row is" if len(lines) == 1 else f"{len(lines)} rows are"
            row, error = found[0]
            self.table.warn(
                row, error.column,
                f"{error} ({count} left out: {first_rows(lines)})", error.help,
            )  # fmt: skip
        if self.in_doubt is not None:
            taken = len(self.clock.taken)
            count = "1 time is" if taken == 1 else f"{taken} times are"
            self.table.warn(
                self.in_doubt, self.columns.received,
                f"{self.clock.taken[0]} ({count} so, read as the {self.layout.repeated_hour})",
                "name the `offset` of each row, if the record has it",
            )  # fmt: skip


def _rolled(before: int, clock: int) -> int:
    """
    Return the local time of a time of day after another. [ms] since 1970

    It is past midnight where it would else be more than half a day earlier. A smaller step back,
    and one over midnight of less than an hour, breaks the order of time, and is told as such.
    """
    local = before // MS_PER_DAY * MS_PER_DAY + clock
    if before - local > HALF_DAY:
        return local + MS_PER_DAY
    return local - MS_PER_DAY if local - before > MS_PER_DAY - MS_PER_HOUR else local


def by_callout(rows: Iterable[UnitRow]) -> list[list[UnitRow]]:
    """Return the rows of each callout together, callouts in the order first written."""
    found: dict[str, list[UnitRow]] = {}
    for row in rows:
        found.setdefault(row.callout, []).append(row)
    return list(found.values())
