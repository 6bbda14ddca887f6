"""
Sheets of a workbook (.xlsx, .xls, .ods) as text with tabs, a line for each row of the sheet.

So every table is read in one way, and a message about row 17 is about row 17 of the sheet. Cells
that hold dates, times and numbers become text that cannot be taken for another date or number.
"""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from sim import units
from sim.errors import Diagnostic

from ..diagnostics.diagnostic import enumerated, nearest
from ..text.source import UnreadableError

MOST_UNPACKED = 1_000_000_000  # bytes of a workbook, which is a zip of XML
_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_EMPTY_TIME = time()


def is_workbook(data: bytes) -> bool:
    """Return whether bytes begin as workbooks do: a zip, or the container of old Excel files."""
    return data.startswith(_MARKS)


def sheet_text(data: bytes, name: str, sheet: str | None) -> tuple[str, str, int]:
    """
    Return a sheet as text with tabs, its name, and how many sheets the workbook has.

    Parameters
    ----------
    data
        Bytes of the workbook.
    name
        Of the file, for messages.
    sheet
        Name of the sheet; the first if not given.

    Raises
    ------
    UnreadableError
        When it is no workbook, has no such sheet, or the reader is not installed.

    """
    book = _opened(data, name)
    names = list(book.sheet_names)
    wanted = sheet if sheet is not None else next(iter(names), None)
    if wanted not in names:
        help = nearest(sheet or "", names) or f"sheets here: {enumerated(names) or 'none'}"
        raise UnreadableError(
            Diagnostic(f"there is no sheet {units.shown(sheet)}", name, help=help)
        )
    try:
        rows = book.get_sheet_by_name(wanted).to_python(skip_empty_area=False)
    except Exception as error:
        raise _damaged(name, error) from None
    return _lines(rows), str(wanted), len(names)


def _opened(data: bytes, name: str) -> Any:
    try:
        import python_calamine
    except ImportError:
        raise UnreadableError(
            Diagnostic(
                "workbooks are read by python-calamine, which is not installed", name,
                help="pip install 'rescuesim[excel]', or save the sheet as CSV UTF-8",
            )
        ) from None  # fmt: skip
    try:
        if data.startswith(_MARKS[0]):
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                unpacked = sum(part.file_size for part in packed.infolist())
            if unpacked > MOST_UNPACKED:
                said = f"this workbook unpacks to more than {MOST_UNPACKED // 1_000_000:,} MB"
                raise UnreadableError(Diagnostic(said, name))
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except UnreadableError:
        raise
    except Exception as error:  # it has an exception for each part of each format
        raise _damaged(name, error) from None


def _damaged(name: str, error: Exception) -> UnreadableError:
    told = " ".join(str(error).split())[:120]
    return UnreadableError(
        Diagnostic(
            f"this workbook cannot be read: {told}", name,
            help="open it and save it again as .xlsx or as CSV UTF-8; one with a password must be "
            "saved without",
        )
    )  # fmt: skip


def _lines(rows: list[list[Any]]) -> str:
    """Return rows as text with tabs; what parts cells and lines is taken out of them."""
    midnights = _columns_with_times(rows)
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    for row in rows:
        cells = [_said(cell, i in midnights) for i, cell in enumerate(row)]
        writer.writerow(cells if any(cells) else [])
    return text.getvalue()


def _columns_with_times(rows: list[list[Any]]) -> set[int]:
    """Return the columns of dates some of which have a time: a date alone is midnight there."""
    return {
        i for row in rows for i, cell in enumerate(row)
        if type(cell) is datetime and cell.time() != _EMPTY_TIME
    }  # fmt: skip


def _said(cell: Any, has_times: bool) -> str:
    """Return a cell as text: dates and times as ISO 8601 has them, numbers with a point."""
    kind = type(cell)
    if kind is str:
        return " ".join(cell.split()) if cell else cell
    if kind is float:
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if kind is datetime or kind is date:
        moment = cell if kind is datetime else datetime.combine(cell, _EMPTY_TIME)
        moment = _whole(moment)
        if not has_times and moment.time() == _EMPTY_TIME:
            return f"{moment:%Y-%m-%d}"
        return moment.isoformat(sep=" ")
    if kind is time:
        return _whole(datetime.combine(date(2000, 1, 1), cell)).time().isoformat()
    if kind is timedelta:
        return _clock(cell)
    return {True: "yes", False: "no"}[cell] if kind is bool else str(cell)


def _whole(moment: datetime) -> datetime:
    """Return an instant to the millisecond: the days of a spreadsheet are binary fractions."""
    part = moment.microsecond
    off = (part + 500) // 1000 * 1000 - part
    return moment + timedelta(microseconds=off) if off else moment


def _clock(time: timedelta) -> str:
    seconds = round(time.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' * (seconds < 0)}{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
