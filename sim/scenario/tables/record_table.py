"""
A record of callouts as one table, whatever program wrote it: .csv, .xlsx, .xls or .ods.

Unlike the tables of a scenario, which are ours, a record is taken as it is: rows with more cells
than columns are kept apart, empty rows are counted, columns that nobody names may have any name.
"""

from __future__ import annotations

import csv
import unicodedata
from functools import cached_property

from sim import units
from sim.errors import Diagnostic

from ..diagnostics.findings import Findings
from ..fields.records import Layout
from ..text.source import Position, UnreadableError
from .code_pages import decode_table
from .csv_tables import CsvTable, Row
from .row_problems import RowAccount
from .workbooks import is_workbook, sheet_text

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}


class RecordTable(CsvTable):
    """The table of a record; ``told`` says how it was read, in sentences."""

    def __init__(self, data: bytes, name: str, layout: Layout, findings: Findings) -> None:
        self.told: list[str] = []
        self.guesses: list[str] = []  # of those, what may be wrong
        self.account = RowAccount()
        self.ragged: list[Row] = []
        self.empty_lines: list[int] = []
        self.twice: set[str] = set()
        self.is_sheet = is_workbook(data)
        text, delimiter = self._text(data, name, layout)
        if layout.header is not None:
            text = _without_head(text, layout.header, name)
        self._blank = frozenset(layout.empty)
        super().__init__(text, name, findings, delimiter)

    def _text(self, data: bytes, name: str, layout: Layout) -> tuple[str, str | None]:
        """Return the table as text and what parts its cells, as far as it is known."""
        if self.is_sheet:
            text, sheet, sheets = sheet_text(data, name, layout.sheet)
            of = f" of {sheets}" if sheets > 1 else ""
            self.told.append(f"sheet '{sheet}'{of}")
            return text, "\t"
        if layout.sheet is not None:
            raise UnreadableError(
                Diagnostic("this is text, not a workbook with sheets", name,
                           help="take `sheet` out")
            )  # fmt: skip
        found = decode_table(data, name, layout.encoding)
        self.told.append(f"text in {found.encoding}")
        if found.guessed:
            self.guesses.append(
                f"{name} is not UTF-8 text: it is read as {found.encoding}; if letters are wrong, "
                "state encoding: utf-16, windows-1252, windows-1256 or latin-1"
            )
        return found.text, SEPARATORS.get(layout.separator or "")

    def _read_at_once(self) -> list[list[str]] | None:
        return None

    @cached_property
    def _all_rows(self) -> list[Row]:
        reader, rows, begins = self._reader(), [], 0
        plain = unicodedata.is_normalized("NFC", self.text_read)
        empty: list[int] = []
        try:
            for cells in reader:
                trimmed = [c.strip() for c in cells]
                if not plain:
                    trimmed = [unicodedata.normalize("NFC", c) for c in trimmed]
                if any(trimmed):
                    rows.append(Row(begins, trimmed))
                    self.empty_lines += empty
                    empty.clear()
                elif rows:
                    empty.append(begins + 1)
                begins = reader.line_num
        except csv.Error as error:
            raise UnreadableError(
                self.source.diagnostic(
                    begins + 1, 1, f"not readable as CSV: {error}", "look for an unclosed quote"
                )
            ) from None
        return rows

    def _check_header(self, header: Row) -> None:
        for i, name in enumerate(header.cells):
            if name and self.columns.setdefault(name, i) != i:
                self.twice.add(name)

    def _fitting(self, rows: list[Row]) -> list[Row]:
        """Return the rows with a cell for each column; keep those with more apart."""
        width, kept = self._width, []
        for row in rows:
            cells = row.cells
            if len(cells) > width and any(cells[width:]):
                self.ragged.append(row)
                continue
            if len(cells) < width:
                cells += [""] * (width - len(cells))
            kept.append(row)
        if self._blank:
            kept = [Row(r.line, ["" if c in self._blank else c for c in r.cells]) for r in kept]
        return kept

    def first_rows(self, count: int) -> list[Row]:
        """Return the first rows that are not empty, the names of columns among them."""
        return self._all_rows[:count]

    def column(self, name: str) -> list[str]:
        """Return the cells of a column that is there, row by row."""
        i = self.columns[name]
        return [row.cells[i] for row in self.rows]

    def require(self, *columns: str) -> bool:
        """Return whether all these columns are there, each once; note each that is not."""
        for name in self.twice & {*columns}:
            spot = Position(self.source, self.header_line, 0, 1)
            said = f"there are two columns called {units.shown(name)}"
            self.findings.add(spot.diagnostic(said, "give one of them another name"))
        return super().require(*columns) and not self.twice & {*columns}

    @property
    def rows_read(self) -> int:
        """How many rows there are below the names of columns, empty ones among them."""
        return len(self.rows) + len(self.ragged) + len(self.empty_lines)


def _without_head(text: str, header: int, name: str) -> str:
    """Return a text with the lines above the names of columns emptied, so that lines stay."""
    lines = text.split("\n", header - 1)
    if len(lines) < header or not lines[-1].strip():
        raise UnreadableError(
            Diagnostic(f"there is no line {header} for the names of columns", name,
                       help="`header` counts lines from 1")
        )  # fmt: skip
    return "\n" * (header - 1) + lines[-1]
