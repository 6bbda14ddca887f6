"""Tables of the page: what stands in their cells, and those that are printed elsewhere, too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup
from rich.table import Table

from sim.report.phrasing.phrases import Phrase, ProperName, named

from .languages import name_of, said
from .page_words import SENTENCES

MOST_ROWS = 12  # of a table of the answer, before others are folded away


class TableCell(NamedTuple):
    """A cell; ``kind`` is *number*, *word*, *name* or *picture*."""

    text: Markup
    kind: str


class TableRow(NamedTuple):
    """A row: its heading, its cells, the place on the map it is about, and a mark."""

    heading: Markup
    cells: Sequence[TableCell]
    place: str = ""
    mark: Markup = Markup("")


class PageTable(NamedTuple):
    """
    A table with its caption; ``columns`` are headings, the first of the rows' headings.

    Rows of ``more`` are folded away below it.
    """

    caption: Markup
    columns: Sequence[TableCell]
    rows: Sequence[TableRow]
    more: Sequence[TableRow] = ()


def number(text: str) -> TableCell:
    """Return a cell with a number, or with the word in its place."""
    return TableCell(said(text), "number")


def worded(text: str) -> TableCell:
    """Return a cell with words."""
    return TableCell(said(text), "word")


def heading(text: Markup, kind: str = "number") -> TableCell:
    """Return a column's heading, which stands as its cells do."""
    return TableCell(text, kind)


def first_rows(table: PageTable) -> PageTable:
    """Return a table of which so many rows are seen that what follows it is seen, too."""
    return table._replace(rows=table.rows[:MOST_ROWS], more=table.rows[MOST_ROWS:])


def as_printed(table: Table, names: Collection[str]) -> PageTable:
    """
    Return a table as it is printed on a terminal.

    ``names`` are those of alternatives, groups and teams: what is one of them is no word.
    """
    columns = [
        TableCell(_cell(column.header, names), _kind(column.justify)) for column in table.columns
    ]
    rows, last = [], Markup("")
    for first, *rest in zip(*(column.cells for column in table.columns), strict=True):
        if first:
            own = last = _cell(first, names)
        else:  # the heading of the row above, for those who hear it
            own = Markup('<span class="unseen">{}</span>').format(last)
        cells = [
            TableCell(_cell(cell, names), column.kind)
            for cell, column in zip(rest, columns[1:], strict=True)
        ]
        rows.append(TableRow(own, cells))
    return PageTable(_cell(table.title or "", names), columns, rows)


def _kind(justify: str) -> str:
    return "number" if justify == "right" else "word"


def _cell(text: Any, names: Collection[str]) -> Markup:
    """Return what a cell has, line by line."""
    if isinstance(text, Phrase):
        return said(text)
    return Markup("<br>").join(_line(line, names) for line in str(text).split("\n"))


def _line(line: str, names: Collection[str]) -> Markup:
    if line in names:
        return name_of(line)
    if line in SENTENCES:
        return said(line)
    parts = line.split(", ")
    if len(parts) > 1 and any(part in names or part in SENTENCES for part in parts):
        return Markup(", ").join(_line(part, names) for part in parts)
    return said(line)


def names_of(names: Iterable[str]) -> list[ProperName]:
    """Return names as they are printed."""
    return [named(name) for name in names]
