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
from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from sim import units

from ..diagnostics.diagnostic import enumerated, nearest
from ..diagnostics.findings import Findings
from ..text.source import Position, Source, UnreadableError, decode

T = TypeVar("T")

MAX_COLUMNS = 20_000
MAX_ROWS = 1_000_000
MAX_DIGITS = 40  # characters of a number
MAX_NAME = 100  # characters of a name
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_OF_NUMBERS = "0123456789+-.eE"
_PLAIN = bytes([9, 10, 13, *range(32, 127)])  # characters that decode to themselves
YES_NO = {
    **dict.fromkeys(("yes", "true", "1", "y"), True),
    **dict.fromkeys(("no", "false", "0", "n", ""), False),
}


class Row(NamedTuple):
    """A row of a table and the line, counted from 0, on which it begins."""

    line: int
    cells: list[str]


class CsvTable:
    """A CSV table whose first row names its columns."""

    def __init__(
        self, data: bytes | str, name: str, findings: Findings, delimiter: str | None = None
    ) -> None:
        self.name, self.findings = name, findings
        if isinstance(data, str):
            self.text_read = data
        else:
            plain = not data.translate(None, _PLAIN)
            self.text_read = data.decode("ascii") if plain else decode(data, name)
        self.delimiter = delimiter or max(",;\t", key=_first_line(self.text_read).count)
        self._cells = self._read_at_once()
        header = self._header()
        self.header_line = header.line
        self.columns: dict[str, int] = {}
        self._check_header(header)
        self._width = len(header.cells)
        if self._cells is not None and set(map(len, self._cells)) != {self._width}:
            self._cells = None  # a row too long or too short
        if self._cells is None:
            self.rows  # noqa: B018  # told now, before anybody asks for a cell

    @cached_property
    def source(self) -> Source:
        """The text with its lines, for telling where an error is."""
        return Source(self.name, self.text_read)

    def _read_at_once(self) -> list[list[str]] | None:
        """Return all rows as written, None where they must be read one by one with care."""
        if not unicodedata.is_normalized("NFC", self.text_read):
            return None
        try:
            cells = list(filter(None, self._reader()))
        except csv.Error:
            return None
        return cells if 0 < len(cells) <= MAX_ROWS + 1 and any(map(str.strip, cells[0])) else None

    def _reader(self) -> Any:
        text = io.StringIO(self.text_read, newline="")
        return csv.reader(text, delimiter=self.delimiter, strict=True)

    def _header(self) -> Row:
        if self._cells is not None:
            return Row(0, [c.strip() for c in self._cells.pop(0)])
        if not self._all_rows:
            raise UnreadableError(self.source.diagnostic(1, 1, "this table is empty"))
        return self._all_rows[0]

    @cached_property
    def rows(self) -> list[Row]:
        """The rows below the header that are not empty."""
        one_each = self.text_read.count("\n") - len(self._cells or ()) in (0, 1)
        if self._cells is not None and one_each and '"' not in self.text_read:
            trimmed = (Row(i, [c.strip() for c in row]) for i, row in enumerate(self._cells, 1))
            return [row for row in trimmed if any(row.cells)]
        if len(self._all_rows) > MAX_ROWS + 1:
            line = self._all_rows[MAX_ROWS + 1].line + 1
            raise UnreadableError(self.source.diagnostic(line, 1, f"more than {MAX_ROWS:,} rows"))
        return self._fitting(self._all_rows[1:])

    @cached_property
    def _all_rows(self) -> list[Row]:
        reader = self._reader()
        rows, begins = [], 0
        try:
            for cells in reader:
                trimmed = [unicodedata.normalize("NFC", c.strip()) for c in cells]
                if any(trimmed):
                    rows.append(Row(begins, trimmed))
                begins = reader.line_num
        except csv.Error as error:
            raise UnreadableError(
                self.source.diagnostic(
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
                self.note(header, i, f"the column {units.shown(name)} is given twice")

    def _fitting(self, rows: list[Row]) -> list[Row]:
        """Return the rows that are no longer than the header; note the others."""
        kept, width = [], self._width
        for row in rows:
            if len(row.cells) > width and any(row.cells[width:]):
                self.note(
                    row,
                    width,
                    f"this row has {len(row.cells)} cells, the header has {width}",
                    f"put text that holds a '{self.delimiter}' in quotes",
                )
            else:
                kept.append(row)
        return kept

    @cached_property
    def _turned(self) -> list[tuple[str, ...]]:
        return list(zip(*self._cells or (), strict=True))

    def whole(self, column: str) -> list[str] | None:
        """
        Return a column's cells all at once, for tables of a million rows.

        None where the column is not there, or the table has rows that must be looked at one by
        one. Rows of nothing but empty cells are among them.
        """
        i = self.columns.get(column)
        return None if i is None or not self._cells else list(map(str.strip, self._turned[i]))

    def whole_names(self, column: str) -> list[str] | None:
        """Return a column of names; None where one must be looked at alone."""
        names = self.whole(column)
        if not names or not "".join(names).isprintable():
            return None
        lengths = set(map(len, names))
        return names if min(lengths) > 0 and max(lengths) <= MAX_NAME else None

    def whole_numbers(self, column: str, low: float, high: float) -> list[float] | None:
        """Return a column as numbers; None where a cell is none between the limits."""
        written = self.whole(column)
        if not written:
            return None
        distinct = set(written)
        if "".join(distinct).strip(_OF_NUMBERS) or max(map(len, distinct)) > MAX_DIGITS:
            return None  # Python reads more than we do, such as 1_000 and nan
        try:
            meant = dict(zip(distinct, map(float, distinct), strict=True))
        except ValueError:
            return None
        fits = low <= min(meant.values()) and max(meant.values()) <= high
        return list(map(meant.__getitem__, written)) if fits else None

    def whole_as(self, column: str, read: Callable[[str], T | None], absent: T) -> list[T] | None:
        """Return what each cell of a column says; None where one says nothing that is read."""
        written = self.whole(column)
        if written is None:
            return None if column in self.columns else [absent] * len(self._cells or ())
        said = {word: read(word) for word in set(written)}
        known = {word: meant for word, meant in said.items() if meant is not None}
        return list(map(known.__getitem__, written)) if len(known) == len(said) else None

    def whole_yes(self, column: str) -> list[bool] | None:
        """Return a column of yes and no, no where a cell is empty."""
        return self.whole_as(column, lambda written: YES_NO.get(written.lower()), False)

    def require(self, *columns: str) -> bool:
        """Return whether all these columns are there; note each that is not."""
        missing = [c for c in columns if c not in self.columns]
        for column in missing:
            rest = [c for c in self.columns if c not in columns]
            spot = Position(self.source, self.header_line, 0, 1)
            self.findings.add(
                spot.diagnostic(
                    f"the column '{column}' is missing",
                    nearest(column, rest) or f"columns here: {enumerated(list(self.columns))}",
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
        """Return the number in a cell; None, with the error noted, where it is none."""
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
        if len(text) > MAX_DIGITS or not _NUMBER.fullmatch(text):
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
        said = YES_NO.get(written.lower())
        if said is None:
            self.wrong(row, column, f"expected yes or no, found {units.shown(written)}")
        return bool(said)

    def text(self, row: Row, column: str) -> str | None:
        """Return the name in a cell; None, with the error noted, where it is empty or long."""
        written = self.cell(row, column)
        if not written:
            self.wrong(row, column, f"{column} is empty")
        elif len(written) > MAX_NAME:
            self.wrong(row, column, f"{column} has more than {MAX_NAME} characters")
        elif any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in written):
            self.wrong(row, column, f"{column} holds a line break or a control character")
        else:
            return written
        return None

    def refers(
        self, row: Row, column: str, what: str, known: Collection[str] | None, plural: str
    ) -> str | None:
        """
        Return the name in a cell; None, with the error noted, if it is not among the known.

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
        """Note an error at a cell."""
        self.note(row, self.columns.get(column, 0), message, help, f"column {column}")

    def warn(self, row: Row, column: str, message: str, help: str = "") -> None:
        """Note at a cell something that can be meant, but seldom is."""
        spot = self.spot(row, self.columns.get(column, 0))
        told = spot.diagnostic(message, help, f"column {column}", warning=True)
        self.findings.warnings.append(told)

    def note(self, row: Row, index: int, message: str, help: str = "", where: str = "") -> None:
        """Note an error at the cell with a number."""
        if self.findings.full:
            self.findings.uncounted += 1
        else:
            self.findings.add(self.spot(row, index).diagnostic(message, help, where))

    def spot(self, row: Row, index: int) -> Position:
        """Return where a cell is written, by reading its line once more with care for quotes."""
        line = self.source.lines[row.line] if row.line < len(self.source.lines) else ""
        begins, quoted, column = 0, False, 0
        for i, char in enumerate(line):
            if char == '"':
                quoted = not quoted
            elif char == self.delimiter and not quoted:
                if column == index:
                    return Position(self.source, row.line, begins, max(1, i - begins))
                column, begins = column + 1, i + 1
        return Position(self.source, row.line, begins, max(1, len(line) - begins))


def _first_line(text: str) -> str:
    """Return the first line that is not blank."""
    begins = re.search(r"\S", text)
    if not begins:
        return ""
    at = begins.start()
    ends = re.compile(r"[\n\r]").search(text, at)
    return text[max(text.rfind(c, 0, at) for c in "\n\r") + 1 : ends.start() if ends else None]
