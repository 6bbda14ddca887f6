"""
CSV tables as spreadsheets write them, with every cell's place kept.

UTF-8 with or without a byte order mark; commas, semicolons or tabs, told by the header; decimal
commas where commas do not part the cells. A cell that is wrong is named by file, row and column.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from sim import units

from .findings import Findings
from .messages import join, nearest
from .source import Source, Spot, UnreadableError, decode

MAX_COLUMNS = 20_000
MAX_ROWS = 1_000_000
_NUMBER = re.compile(
    r"[-+]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:[eE][-+]?[0-9]{1,3})?"
)
_YES_NO = {
    **dict.fromkeys(("yes", "true", "1", "y"), True),
    **dict.fromkeys(("no", "false", "0", "n", ""), False),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table and the line, counted from 0, on which it begins."""

    line: int
    cells: list[str]


class Table:
    """A CSV table whose first row names its columns."""

    def __init__(self, data: bytes, name: str, findings: Findings) -> None:
        self.source = Source(name, decode(data, name))
        self.findings = findings
        header_line = next((line for line in self.source.lines if line.strip()), "")
        self.delimiter = max(",;\t", key=header_line.count)
        rows = self._rows()
        if not rows:
            raise UnreadableError(self.source.mistake(1, 1, "this table is empty"))
        self.header_line = rows[0].line
        self.columns: dict[str, int] = {}
        self.rows = rows[1:]
        if len(rows) > MAX_ROWS:
            raise UnreadableError(
                self.source.mistake(rows[MAX_ROWS].line + 1, 1, f"more than {MAX_ROWS:,} rows")
            )
        self._check_header(rows[0])
        self._check_lengths(len(rows[0].cells))

    def _rows(self) -> list[Row]:
        reader = csv.reader(
            io.StringIO(self.source.text, newline=""), delimiter=self.delimiter, strict=True
        )
        rows, begins = [], 0
        try:
            for cells in reader:
                trimmed = [unicodedata.normalize("NFC", c.strip()) for c in cells]
                if any(trimmed):
                    rows.append(Row(begins, trimmed))
                begins = reader.line_num
        except csv.Error as error:
            raise UnreadableError(
                self.source.mistake(
                    begins + 1, 1, f"not readable as CSV: {error}", "look for an unclosed quote"
                )
            ) from None
        return rows

    def _check_header(self, header: Row) -> None:
        if len(header.cells) > MAX_COLUMNS:
            self.note(header, 0, f"more than {MAX_COLUMNS:,} columns")
            raise UnreadableError
        for i, name in enumerate(header.cells):
            if name and self.columns.setdefault(name, i) != i:
                self.note(header, i, f"the column '{name}' is given twice")

    def _check_lengths(self, width: int) -> None:
        kept = []
        for row in self.rows:
            if len(row.cells) > width and any(row.cells[width:]):
                self.note(
                    row,
                    width,
                    f"this row has {len(row.cells)} cells, the header has {width}",
                    f"put text that holds a '{self.delimiter}' in quotes",
                )
            else:
                kept.append(row)
        self.rows = kept

    def require(self, *columns: str) -> bool:
        """Return whether all these columns are there; note each that is not."""
        missing = [c for c in columns if c not in self.columns]
        for column in missing:
            rest = [c for c in self.columns if c not in columns]
            spot = Spot(self.source, self.header_line, 0, 1)
            self.findings.add(
                spot.mistake(
                    f"the column '{column}' is missing",
                    nearest(column, rest) or f"columns here: {join(list(self.columns))}",
                )
            )
        return not missing

    def first_of(self, *columns: str) -> str | None:
        """Return the first of these columns that is there."""
        return next((c for c in columns if c in self.columns), None)

    def cell(self, row: Row, column: str) -> str:
        """Return the text of a cell; empty where the column or the cell is not there."""
        i = self.columns.get(column, -1)
        return row.cells[i] if 0 <= i < len(row.cells) else ""

    def number(
        self, row: Row, column: str, low: float = 0.0, high: float = 1e12, what: str = ""
    ) -> float | None:
        """Return the number in a cell; None, with the mistake noted, where it is none."""
        written = self.cell(row, column)
        number = self.as_number(written)
        said = f"{what or column} must be a number"
        if number is None:
            self.wrong(row, column, f"{said}, found {units.shown(written)}")
        elif not low <= number <= high:
            span = f"from {low:g} to {high:g}" if high < 1e12 else f"of at least {low:g}"
            self.wrong(row, column, f"{said} {span}, found {written}")
            number = None
        return number

    def as_number(self, written: str) -> float | None:
        """Return a cell's number, or None; decimal commas count where they part no cells."""
        text = units.western_digits(written).replace("−", "-")
        if self.delimiter != "," and "." not in text:
            text = text.replace(",", ".")
        if not _NUMBER.fullmatch(text):
            return None
        number = float(text)
        return number if abs(number) < float("inf") else None

    def share(self, row: Row, column: str) -> float:
        """Return the share in a cell, 0 where it is empty; note what is none. May pass 100%."""
        written = self.cell(row, column)
        if self.delimiter != "," and "." not in written:
            written = written.replace(",", ".")
        try:
            return units.share(written) if written else 0.0
        except units.QuantityError as error:
            self.wrong(row, column, str(error), error.help)
            return 0.0

    def yes(self, row: Row, column: str) -> bool:
        """Return whether a cell says yes, no where it is empty; note what is neither."""
        written = self.cell(row, column)
        said = _YES_NO.get(written.lower())
        if said is None:
            self.wrong(row, column, f"expected yes or no, found '{written}'")
        return bool(said)

    def text(self, row: Row, column: str) -> str | None:
        """Return the name in a cell; None, with the mistake noted, where it is empty or long."""
        written = self.cell(row, column)
        if not written:
            self.wrong(row, column, f"{column} is empty")
        elif len(written) > 100:
            self.wrong(row, column, f"{column} has more than 100 characters")
        elif any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in written):
            self.wrong(row, column, f"{column} holds a line break or a control character")
        else:
            return written
        return None

    def refers(
        self, row: Row, column: str, what: str, known: Collection[str] | None, plural: str
    ) -> str | None:
        """
        Return the name in a cell; None, with the mistake noted, if it is not among the known.

        Where nothing is known (None) because another table is wrong, every name passes.
        """
        name = self.text(row, column)
        if name is None or known is None or name in known:
            return name
        if self.findings.full:
            self.findings.uncounted += 1
        else:
            hint = nearest(name, sorted(known), plural)
            self.wrong(row, column, f"no {what} is called '{name}'", hint)
        return None

    def wrong(self, row: Row, column: str, message: str, help: str = "") -> None:
        """Note a mistake at a cell."""
        self.note(row, self.columns.get(column, 0), message, help, f"column {column}")

    def note(self, row: Row, index: int, message: str, help: str = "", where: str = "") -> None:
        """Note a mistake at the cell with a number."""
        if self.findings.full:
            self.findings.uncounted += 1
        else:
            self.findings.add(self.spot(row, index).mistake(message, help, where))

    def spot(self, row: Row, index: int) -> Spot:
        """Return where a cell is written, by reading its line once more with care for quotes."""
        line = self.source.lines[row.line] if row.line < len(self.source.lines) else ""
        begins, quoted, column = 0, False, 0
        for i, char in enumerate(line):
            if char == '"':
                quoted = not quoted
            elif char == self.delimiter and not quoted:
                if column == index:
                    return Spot(self.source, row.line, begins, max(1, i - begins))
                column, begins = column + 1, i + 1
        return Spot(self.source, row.line, begins, max(1, len(line) - begins))
