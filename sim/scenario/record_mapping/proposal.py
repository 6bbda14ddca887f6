"""
A proposal of how a record is written, as commented YAML to be corrected by who knows the record.

Nothing that only a person knows is decided: which word is the most urgent priority, which time zone
it is, which of day and month comes first where both fit.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from sim import units
from sim.errors import Diagnostic

from ..diagnostics.findings import Findings
from ..fields.records import INSTANTS, Columns, Layout
from ..tables.record_table import RecordTable
from ..tables.same_words import join_words
from ..tables.unit_rows import NO_RECORD, RECORD_HAS, is_one_a_day
from ..tables.written_dates import DateProblem, WrittenDates, order_of
from ..text.source import Source, UnreadableError, read_tree
from .column_contents import Contents, contents_of
from .column_names import NAMES, Standard, bare_name, by_bare_name, standard_of

LISTED = 40  # words of a column that are listed
KINDS_LISTED = 400  # whoever puts kinds together needs every word
HEADS = 30  # rows among which the names of columns are looked for
_SORTS: dict[str, tuple[str, ...]] = {  # what a column must hold to be taken for a field
    "date": ("date",), "lat": ("number",), "lon": ("number",), "point": ("point",),
    "received": ("moment", "clock", "date"), "offset": ("words", "number", "clock"),
    **dict.fromkeys(INSTANTS, ("moment", "clock", "number")),
}  # fmt: skip
_TIMES = ("moment", "clock", "date")


@dataclass
class Proposal:
    """What is proposed: the text of the mapping, and what to do about it before it is used."""

    text: str
    rows: int
    to_do: list[str] = field(default_factory=list)


def propose(data: bytes, name: str, sheet: str | None = None) -> Proposal:
    """
    Return how a record seems to be written.

    Parameters
    ----------
    data, name
        Bytes and name of the file.
    sheet
        Of a workbook; the first if not given.

    Raises
    ------
    UnreadableError
        When it is no table.

    """
    table, header = _opened(data, name, sheet)
    if not table.rows:
        raise UnreadableError(Diagnostic("there is no row below the names of columns", name))
    held = {column: contents_of(table, column) for column in table.columns}
    followed = standard_of(table.columns)
    chosen = dict(followed[1]) if followed is not None else _chosen(held)
    _check_is_record(table, held, chosen.get("received"))
    return _ProposalText(table, held, chosen, header, sheet, followed and followed[0]).proposal()


def _opened(data: bytes, name: str, sheet: str | None) -> tuple[RecordTable, int | None]:
    """Return the table, and the line of the names of columns where it is not the first."""
    base = {"columns": {"received": "-"}, "sheet": sheet}
    findings = Findings(read_tree(Source(name, "{}")))

    def opened(header: int | None) -> RecordTable:
        layout = Layout.model_validate({**base, "header": header}, context={"file": True})
        return RecordTable(data, name, layout, findings)

    table = opened(None)
    first = table.first_rows(HEADS)
    widest = max(sum(map(bool, row.cells)) for row in first)
    line = next(row.line for row in first if sum(map(bool, row.cells)) >= 0.6 * widest)
    return (table, None) if line == table.header_line else (opened(line + 1), line + 1)


def _check_is_record(
    table: RecordTable, held: Mapping[str, Contents], received: str | None
) -> None:  # fmt: skip
    """
    Refuse a table with one row a day.

    Raises
    ------
    UnreadableError
        When it is one.

    """
    if received is None or held[received].sort != "date":
        return
    found = order_of((row, received, table.cell(row, received)) for row in table.rows)
    dates = WrittenDates("" if isinstance(found, DateProblem) else found.order)
    days = []
    for cell in filter(None, table.column(received)):
        with suppress(units.QuantityError):
            days.append(dates.day(cell) // units.MS_PER["day"])
    if is_one_a_day(days):
        said = f"this table has one row a day ({len(days)} rows): {NO_RECORD}"
        raise UnreadableError(Diagnostic(said, table.name, help=RECORD_HAS))


def _chosen(held: Mapping[str, Contents]) -> dict[str, str]:
    """Return the column taken for each field, by its name and by what it holds."""
    by_bare = by_bare_name(held)
    taken: dict[str, str] = {}
    for wanted, names in NAMES.items():
        allowed = _SORTS.get(wanted, ("words", "number"))
        for name in names:
            column = by_bare.get(name)
            if column and column not in taken.values() and held[column].sort in allowed:
                taken[wanted] = column
                break
    return _settled(taken, held)


def _settled(taken: dict[str, str], held: Mapping[str, Contents]) -> dict[str, str]:
    """Return the columns that fit together: one way to write times, both coordinates or none."""
    by_sort = {sort: [c for c, own in held.items() if own.sort == sort] for sort in _TIMES}
    if "received" not in taken:
        order = ("clock", "moment", "date") if "date" in taken else ("moment", "date")
        first = next((c for sort in order for c in by_sort[sort]), None)
        if first is not None:
            taken["received"] = first
    sort = held[taken["received"]].sort if "received" in taken else ""
    if sort != "clock":
        taken.pop("date", None)
    alike = {"moment": ("moment",), "clock": ("clock",)}.get(sort, ())
    numbers = sort == "moment" and not any(
        held[c].sort == "moment" for i, c in taken.items() if i in INSTANTS
    )
    for instant in INSTANTS:
        if instant in taken and held[taken[instant]].sort not in (
            ("number",) if numbers else alike
        ):
            del taken[instant]
    if "point" in taken or not {"lat", "lon"} <= taken.keys():
        taken.pop("lat", None)
        taken.pop("lon", None)
    return taken


class _ProposalText:
    """Writes a proposal, part by part."""

    def __init__(
        self, table: RecordTable, held: Mapping[str, Contents], chosen: dict[str, str],
        header: int | None, sheet: str | None, standard: Standard | None,
    ) -> None:  # fmt: skip
        self.table, self.held, self.chosen = table, held, chosen
        self.header, self.sheet, self.standard = header, sheet, standard
        self.to_do: list[str] = []

    def proposal(self) -> Proposal:
        """Return the whole of it."""
        lines = [*self._head(), *self._columns(), *self._times(), *self._kinds(),
                 *self._priorities(), *self._rest()]  # fmt: skip
        return Proposal("\n".join(lines) + "\n", self.table.rows_read, self.to_do)

    def _head(self) -> Iterable[str]:
        table = self.table
        yield f"# How {_plain(table.name)} is written: a proposal to correct."
        yield f"# {table.rows_read:,} rows, {', '.join(table.told)}."
        if self.standard is not None:
            yield f"# The names are those of {self.standard.name}: {self.standard.source}."
        if self.sheet is not None:
            yield f"sheet: {_quoted(self.sheet)}"
        if self.header is not None:
            yield f"header: {self.header}  # the line of the names of columns"

    def _columns(self) -> Iterable[str]:
        table = self.table
        yield "columns:"
        if "received" not in self.chosen:
            self.to_do.append("name the column of dates and times received")
            yield "  received: ?  # STATE the column of the date and time received"
        if not self._is_joined():
            self.chosen.pop("callout", None)
        if self._has_words_for_priorities():
            column = self.chosen.pop("priority")
            yield f"  # priority: {_quoted(column)}  # say below what its words mean"
        for name in Columns.model_fields:
            taken = self.chosen.get(name)
            if taken is not None:
                own = self.held[taken]
                sample = next(filter(None, table.column(taken)), "")
                share = own.filled / max(1, len(table.rows))
                yield (
                    f"  {name}: {_quoted(taken)}  # {_plain(sample)[:40]}; {share:.0%} of rows, "
                    f"{own.distinct:,} values"
                )
        missing = [i for i in ("dispatched", "on_scene", "cleared") if i not in self.chosen]
        if missing:
            yield f"  # not found: {', '.join(missing)}"
        rest = [c for c, own in self.held.items() if c not in self.chosen.values() and own.filled]
        if rest:
            yield f"  # not used: {', '.join(_plain(column) for column in rest)}"

    def _is_joined(self) -> bool:
        """Return whether rows that share the value taken for a callout's were received together."""
        callout, received = self.chosen.get("callout"), self.chosen.get("received")
        if callout is None or received is None:
            return True
        pairs = {*zip(self.table.column(callout), self.table.column(received), strict=True)}
        calls = {call for call, _ in pairs}
        if "" in calls or len(pairs) > 1.02 * len(calls):
            self.to_do.append(
                f"rows that share their {callout} were received at different times, so it is not "
                "proposed as `callout`: each row is a callout"
            )
            return False
        return True

    def _has_words_for_priorities(self) -> bool:
        column = self.chosen.get("priority")
        return column is not None and any(
            cell and cell not in "123456789" for cell in self.table.column(column)
        )

    def _times(self) -> Iterable[str]:
        numbers = [i for i in INSTANTS if i in self.chosen
                   and self.held[self.chosen[i]].sort == "number"]  # fmt: skip
        if numbers:
            self.to_do.append("state the unit of the times since received")
            yield "unit: s  # STATE it: ms, s, min or h since received"
        yield "# timezone: Europe/Berlin  # STATE where the clocks were, and take the # out"
        self.to_do.append("state the time zone")
        columns = [c for i, c in self.chosen.items() if i in ("date", "received", *INSTANTS)]
        dated = [c for c in columns if self.held[c].sort in ("moment", "date")]
        found = order_of(
            (row, c, text)
            for c in dated
            for row, text in zip(self.table.rows, self.table.column(c), strict=True)
        )
        if isinstance(found, DateProblem):
            self.to_do.append(f"state the order of dates: {found.message}")
            yield f"# dates: day/month/year  # STATE it: {_plain(found.message)}"
        else:
            yield f"dates: {found.order}"
        odd = dict.fromkeys(word for c in columns for word in self.held[c].odd)
        if odd:
            words = ", ".join(map(_quoted, list(odd)[:LISTED]))
            yield f"# empty: [{words}]  # values in place of a time: take out what is none"

    def _kinds(self) -> Iterable[str]:
        column = self.chosen.get("kind")
        if column is None:
            return
        cells = [cell for cell in self.table.column(column) if cell]
        read_as, _ = join_words(cells)
        counts = Counter(read_as.get(cell, cell) for cell in cells)
        yield "# kinds:  # put together what is one kind; without it each word is one"
        for word, count in counts.most_common(KINDS_LISTED):
            yield f"#   {_quoted(word)}: [{_quoted(word)}]  # {count:,} rows"
        if len(counts) > KINDS_LISTED:
            yield f"#   # and {len(counts) - KINDS_LISTED} more words"

    def _priorities(self) -> Iterable[str]:
        column = next((c for c in self.table.columns if bare_name(c) in NAMES["priority"]), None)
        if column is None or "priority" in self.chosen:
            return
        words = Counter(cell for cell in self.table.column(column) if cell)
        listed = ", ".join(_quoted(word) for word, _ in words.most_common(LISTED))
        yield f"# priorities: {{1: [...], 2: [...]}}  # 1 is the most urgent; the words: {listed}"

    def _rest(self) -> Iterable[str]:
        yield "# unreadable: leave out  # rows with values that cannot be read; else refused"
        yield "# disordered: leave out  # rows whose times break the order of time; else refused"


def _quoted(word: str) -> str:
    """Return a word as YAML reads it back, in quotes where it needs them."""
    return json.dumps(word, ensure_ascii=False)


def _plain(text: str) -> str:
    """Return a text that ends no comment."""
    return " ".join(text.split())
