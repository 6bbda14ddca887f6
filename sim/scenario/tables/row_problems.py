"""
Rows of a record that are refused, or left out and accounted for: used, and not used and why.

Every row read has one end. A bad value is told once, with how many rows hold it and the first of
them, however often it stands in the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from ..text.source import Loc
from .csv_tables import CsvTable, Row

TOLD = 10  # rows of one sort that are listed
USED = "used"


class RowUse(NamedTuple):
    """How many rows of a record came to one end: used, or why not; and the first of them."""

    use: str
    rows: int
    first: str


@dataclass
class RowAccount:
    """Why rows of a record are not used; rows are counted as people do, the header being line 1."""

    left: dict[str, list[int]] = field(default_factory=dict)

    def leave(self, why: str, rows: Iterable[Row]) -> None:
        """Account for rows that are not used."""
        lines = [row.line + 1 for row in rows]
        if lines:
            self.left.setdefault(why, []).extend(lines)

    def table(self, used: int) -> tuple[RowUse, ...]:
        """Return what became of every row; their sum is the rows read."""
        left = sorted(self.left.items(), key=lambda item: -len(item[1]))
        return (
            RowUse(USED, used, ""),
            *(RowUse(why, len(lines), first_rows(sorted(lines))) for why, lines in left),
        )


def first_rows(lines: list[int]) -> str:
    """Return the first of many lines as text."""
    return ", ".join(map(str, lines[:TOLD])) + (", ..." if len(lines) > TOLD else "")


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
            findings.warn(self.loc, said, f"{self.table.name}: {first_rows(self.lines)}")
        elif count > TOLD:
            findings.error(
                self.loc,
                f"{count} rows in all {self.verb} {self.rest}",
                f"write {self.loc[-1]}: leave out, to go on without them",
            )


@dataclass
class BadValues:
    """Values that cannot be read: each is told once, with its count and its first rows."""

    table: CsvTable
    loc: Loc
    leave_out: bool
    found: dict[tuple[str, str, str], list[Row]] = field(default_factory=dict)

    def note(self, row: Row, column: str, message: str, help: str = "") -> None:
        """Note a value at its cell."""
        self.found.setdefault((column, message, help), []).append(row)

    def close(self) -> None:
        """Tell what there was."""
        if not self.found:
            return
        if self.leave_out:
            lines = sorted({row.line + 1 for rows in self.found.values() for row in rows})
            verb = "row holds a value" if len(lines) == 1 else "rows hold a value"
            ends = "is" if len(lines) == 1 else "are"
            said = f"{len(lines)} {verb} that cannot be read and {ends} left out"
            each = "; ".join(f"{m} ({_counted(rows)})" for (_, m, _), rows in self._first())
            self.table.findings.warn(self.loc, said, f"{self.table.name}: {each}")
            return
        for (column, message, help), rows in self._first():
            more = f" ({_counted(rows)})" if len(rows) > 1 else ""
            if column:
                self.table.wrong(rows[0], column, message + more, help)
            else:
                self.table.note(rows[0], 0, message + more, help)
        if len(self.found) > TOLD:
            rest = len(self.found) - TOLD
            self.table.findings.error(
                self.loc, f"{rest} more sorts of values cannot be read",
                f"write {self.loc[-1]}: leave out, to go on without their rows",
            )  # fmt: skip

    def _first(self) -> list[tuple[tuple[str, str, str], list[Row]]]:
        """Return the values told: the most frequent ones, in the order of their first rows."""
        often = sorted(self.found.items(), key=lambda item: -len(item[1]))[:TOLD]
        return sorted(often, key=lambda item: item[1][0].line)


def _counted(rows: list[Row]) -> str:
    """Return how many rows hold a value, and the first of them."""
    lines = [row.line + 1 for row in rows]
    return f"{len(lines)} row{'s' * (len(lines) > 1)}: {first_rows(lines)}"
