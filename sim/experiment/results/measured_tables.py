"""
The tables of a measured record that people open: times, rates, and what became of its rows.

As CSV, on demand as European spreadsheets open it by a double click, and as a workbook with typed
columns.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.errors import UsageError
from sim.outcomes.measured.record_times import RateRow, TimeRow, record_rates, record_times
from sim.scenario.tables.row_problems import RowUse
from sim.whole_file import whole_file

from ..running.study_tables import Table
from .measured_place import RATES, ROWS, TIMES
from .measured_record import Measured

MARK = "\ufeff"  # by which spreadsheets know UTF-8
_WIDEST = 60  # characters of a column of a workbook


def record_tables(found: Measured) -> dict[str, Table[Any]]:
    """Return the tables of a record by the names of their files; none of a simulation's log."""
    read = found.read
    if read is None:
        return {}
    times = record_times(read.rows, read.start, not read.dated_only)
    rates = record_rates(read.rows, read.start, read.end, not read.dated_only)
    return {
        TIMES: Table("times", TimeRow._fields, times),
        RATES: Table("rates", RateRow._fields, rates),
        ROWS: Table("rows", RowUse._fields, read.use),
    }


def european_csv(table: Table[Any]) -> str:
    """Return a table as CSV with semicolons, decimal commas and a byte order mark."""
    rows = zip(*map(_with_commas, zip(*table.rows, strict=True)), strict=True)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(rows)
    return MARK + text.getvalue()


def _with_commas(column: Sequence[Any]) -> list[str]:
    """Return a column as text, its numbers with a decimal comma; text cannot be a formula."""
    plain = Table("", ("column",), tuple((cell,) for cell in column)).csv()
    cells = [row for (row,) in csv.reader(io.StringIO(plain, newline=""))]
    return [
        text.replace(".", ",") if isinstance(cell, float) else text
        for cell, text in zip(column, cells[1:], strict=True)
    ]


def write_workbook(path: Path, tables: Mapping[str, Table[Any]]) -> None:
    """
    Write tables as the sheets of a workbook, numbers as numbers.

    Raises
    ------
    UsageError
        When what writes workbooks is not installed.

    """
    import_writer()
    import xlsxwriter

    with whole_file(path) as partial:
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "nan_inf_to_errors": True,
        }
        book = xlsxwriter.Workbook(str(partial), options)
        bold = book.add_format({"bold": True})
        for table in tables.values():
            sheet = book.add_worksheet(table.name)
            sheet.write_row(0, 0, table.columns, bold)
            for i, row in enumerate(table, 1):
                _write_row(sheet, i, row)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, max(1, len(table)), len(table.columns) - 1)
            for i, width in enumerate(_widths(table)):
                sheet.set_column(i, i, width)
        book.close()


def import_writer() -> None:
    """
    See to it that workbooks can be written, before anything else is done.

    Raises
    ------
    UsageError
        When what writes them is not installed.

    """
    try:
        import xlsxwriter  # noqa: F401
    except ImportError:
        raise UsageError(
            "--excel: workbooks are written by XlsxWriter, which is not installed: "
            "pip install 'rescuesim[excel]'"
        ) from None


def _write_row(sheet: Any, i: int, row: Iterable[Any]) -> None:
    for j, cell in enumerate(row):
        if isinstance(cell, (int, float)):
            sheet.write_number(i, j, cell)
        elif cell is not None:
            sheet.write_string(i, j, str(cell))


def _widths(table: Table[Any]) -> list[int]:
    """Return how wide columns are, to be read without being drawn wider. [characters]"""
    first = [table.columns, *table.rows[:500]]
    return [
        min(_WIDEST, 2 + max(len(f"{cell:.6g}" if isinstance(cell, float) else str(cell))
                             for cell in column))
        for column in zip(*first, strict=True)
    ]  # fmt: skip
