"""
The rows of a real record: each is a unit's part in a callout, with all its instants.

Local times are turned into elapsed time since a start. Rows that break the order of time are told
one by one; they are left out only where the record says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sim import units
from sim.local_clock import zone_of

from ..fields.records import Layout
from ..text.source import Loc
from .csv_tables import CsvTable, Row
from .time_zones import doubtful

TOLD = 10  # rows of one sort that are reported one by one
MILLISECOND = timedelta(milliseconds=1)


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


@dataclass
class RowProblem:
    """Rows of one sort that are refused, or left out and counted."""

    table: CsvTable
    loc: Loc
    verb: str  # "break"
    rest: str  # "the order of time"
    leave_out: bool
    lines: list[int] = field(default_factory=list)

    def note(self, row: Row, column: str, message: str, help: str = "") -> None:
        """Note a row; it has its own message if it is refused and among the first."""
        self.lines.append(row.line + 1)
        if not self.leave_out and len(self.lines) <= TOLD:
            self.table.wrong(row, column, message, help)

    def close(self) -> None:
        """Tell how many there were."""
        count, findings = len(self.lines), self.table.findings
        if not count:
            return
        if self.leave_out:
            said = f"{count} rows {self.verb} {self.rest} and are left out"
            if count == 1:
                said = f"1 row {self.verb}s {self.rest} and is left out"
            first = ", ".join(map(str, self.lines[:TOLD])) + (", ..." if count > TOLD else "")
            findings.warn(
                self.loc,
                said,
                f"{self.table.source.name}: {first}",
            )
        elif count > TOLD:
            findings.error(
                self.loc,
                f"{count} rows in all {self.verb} {self.rest}",
                f"write {self.loc[-1]}: leave out, to go on without them",
            )


class DateReader:
    """Turns dates and times as written into elapsed time since a start. [ms]"""

    def __init__(self, start: datetime, here: str | None, there: str | None) -> None:
        self.name = there or here or ""
        self.zone = zone_of(self.name or None)
        self.doubts: list[tuple[str, str]] = []
        own = zone_of(here) if here is not None else self.zone
        self.start = start
        self.begins = start.replace(tzinfo=own).astimezone(UTC) if own is not None else None

    def at(self, written: str) -> int:
        """
        Return an instant. [ms] since the start

        Raises
        ------
        QuantityError
            When it is no date and time.

        """
        text = units.western_digits(written).strip()
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise units.QuantityError(
                f"expected a date and time, found {units.shown(written)}",
                "write '2025-03-06 06:30:00'",
            ) from None
        if not 1900 <= moment.year <= 2200:
            raise units.QuantityError(f"the year of {units.shown(written)} is not 1900 to 2200")
        if moment.tzinfo is None and (self.begins is None or self.zone is None):
            return round((moment - self.start) / MILLISECOND)
        if self.begins is None:
            return round((moment.replace(tzinfo=None) - self.start) / MILLISECOND)
        if moment.tzinfo is None and (doubt := doubtful(moment, self.zone, self.name)):
            self.doubts.append(doubt)
        known = moment if moment.tzinfo is not None else moment.replace(tzinfo=self.zone)
        return round((known.astimezone(UTC) - self.begins) / MILLISECOND)

    def tell(self, table: CsvTable, row: Row, column: str) -> None:
        """Warn of times read that the time zone skips or has twice, at the first row of them."""
        said, help = self.doubts[0]
        more = f" ({len(self.doubts)} times are so)" if len(self.doubts) > 1 else ""
        table.warn(row, column, said + more, help)


def read_units(
    table: CsvTable, written: Layout, clock: DateReader, loc: Loc
) -> list[UnitRow] | None:
    """
    Return the rows of a record in the order written; None where its columns are wrong.

    ``loc`` is where the record is described. Rows that break the order of time are told, and left
    out where the record says so.
    """
    if not table.require(*dict.fromkeys(written.columns.named)):
        return None
    if not table.rows:
        note_whole(table, "there is no callout in this record")
        return None
    leave_out = written.disordered == "leave out"
    disordered = RowProblem(table, (*loc, "disordered"), "break", "the order of time", leave_out)
    found, first = [], dict[str, tuple[int, str]]()
    in_doubt: Row | None = None
    for number, row in enumerate(table.rows):
        read = _unit_row(table, row, str(number), written, clock, first, disordered)
        if read is not None:
            found.append(read)
        if clock.doubts and in_doubt is None:
            in_doubt = row
    disordered.close()
    if in_doubt is not None:
        clock.tell(table, in_doubt, written.columns.received)
    if not found and not table.findings.diagnostics:
        note_whole(table, "no row of this record is left")
    return found


def note_whole(table: CsvTable, message: str) -> None:
    """Note at the head of a record what is wrong with all of it."""
    table.note(Row(table.header_line, []), 0, message)


def _unit_row(
    table: CsvTable,
    row: Row,
    number: str,
    written: Layout,
    clock: DateReader,
    first: dict[str, tuple[int, str]],
    disordered: RowProblem,
) -> UnitRow | None:
    columns = written.columns

    def cell(column: str | None) -> str:
        return "" if column is None else table.cell(row, column)

    callout = number if columns.callout is None else table.text(row, columns.callout)
    if callout is None:
        return None
    if callout not in first:  # a callout is received when its first row says
        try:
            first[callout] = clock.at(cell(columns.received)), cell(columns.received)
        except units.QuantityError as error:
            table.wrong(row, columns.received, str(error), error.help)
            return None
    received = first[callout][0]
    at = _instants(table, row, written, clock, received)
    lat = table.number(row, columns.lat, -90, 90) if columns.lat else None
    lon = table.number(row, columns.lon, -180, 180) if columns.lon else None
    priority = None
    if columns.priority is not None:
        given = table.number(row, columns.priority, 1, 9)
        priority = None if given is None else round(given)
        if given is not None and given != priority:
            table.wrong(row, columns.priority, f"a priority is a whole number, found {given:g}")
    if at is None or not _in_order(row, at, columns.instants, disordered):
        return None
    place, kind = cell(columns.place), cell(columns.kind)
    area, unit = cell(columns.area), cell(columns.unit)
    return UnitRow(row, callout, received, kind, place, area, priority, lat, lon, unit, at)


def _instants(
    table: CsvTable, row: Row, written: Layout, clock: DateReader, received: int
) -> dict[str, int] | None:
    """Return a row's instants; None, with the error noted, where one cannot be read."""
    at = {}
    for instant, column in written.columns.instants.items():
        text = table.cell(row, column)
        if not text:
            continue
        if written.unit == "time":
            try:
                at[instant] = clock.at(text) - received
            except units.QuantityError as error:
                table.wrong(row, column, str(error), error.help)
                return None
        else:
            number = table.as_number(text)
            if number is None:
                table.wrong(
                    row, column, f"{column} must be a number, found {units.shown(text)}",
                    "leave the cell empty for what did not happen",
                )  # fmt: skip
                return None
            if abs(number) * units.MS_PER[written.unit] > units.LONGEST:
                table.wrong(row, column, f"{units.shown(text)} {written.unit} is over a century")
                return None
            at[instant] = round(number * units.MS_PER[written.unit])
    return at


def _in_order(
    row: Row, at: Mapping[str, int], columns: Mapping[str, str], disordered: RowProblem
) -> bool:
    """Return whether a row's instants are in order; note it where they are not."""
    before, latest = "received", 0
    for instant, time in at.items():
        if time < latest:
            by = units.say_duration(latest - time)
            word = instant.replace("_", " ")
            message = f"{word} is {by} before {before.replace('_', ' ')}"
            disordered.note(row, columns[instant], message)
            return False
        before, latest = instant, time
    return True


def by_callout(rows: Iterable[UnitRow]) -> list[list[UnitRow]]:
    """Return the rows of each callout together, callouts in the order first written."""
    found: dict[str, list[UnitRow]] = {}
    for row in rows:
        found.setdefault(row.callout, []).append(row)
    return list(found.values())
