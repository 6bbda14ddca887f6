"""
Callouts of a real record, to be run again: where, when, of which kind, what is used as recorded.

What lies outside the scenario (its time, its kinds, its map) is told row by row, and left out only
where the record says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from sim import units
from sim.errors import Diagnostic
from sim.local_clock import zone_of

from ..diagnostics.diagnostic import join, nearest
from ..diagnostics.findings import Findings
from ..fields.models import ClockSection, Place
from ..fields.records import Layout, Record
from ..text.source import Loc, Node, UnreadableError
from .geometry import NodeIndex
from .record_clock import RecordClock
from .record_table import RecordTable
from .row_problems import TOLD, RowProblem
from .table_rows import ListedRow, PlaceRow, RoadNode
from .unit_rows import UnitRow, by_callout, note_whole, read_units


@dataclass(frozen=True)
class ScenarioFrame:
    """What a scenario has: kinds, places with their coordinates, the length of its run. [ms]"""

    kinds: Collection[str] | None
    places: Collection[str] | None
    sites: Sequence[RoadNode]
    run: int | None


def read_record(
    table: RecordTable, record: Record, clock: RecordClock, known: ScenarioFrame, loc: Loc
) -> list[ListedRow]:
    """
    Return the callouts of a record, in the order received, with the times that are used as given.

    A callout is where and of what kind its first row says. Its recorded times are:

    * *handling*: received to the first entry of its units.
    * *on_scene*: arrival to leaving of the unit that left with a patient, the first that did; else
      arrival to clearing of the first unit on scene. Unknown where nobody came.
    * *transported*: whether any unit left with a patient.
    * *handover*: that unit's time at the hospital, until it was cleared.
    """
    rows = read_units(table, record, clock, loc, words_of(record, known.kinds), known.places or ())
    if rows is None:
        return []
    outside = RowProblem(
        table, (*loc, "outside"), "lie", "outside the scenario", record.outside == "leave out"
    )
    finder = CalloutMatcher(table, record, known, outside)
    listed = []
    for parts in by_callout(rows):
        where = finder.find(parts, f"{clock.start:%Y-%m-%d %H:%M}")
        if where is not None:
            kind, place = where
            times = times_used(record, parts)
            listed.append(ListedRow(parts[0].received, place, kind, *times))
    outside.close()
    if not listed and not table.findings.diagnostics:
        note_whole(table, "no callout of this record is left")
    return sorted(listed, key=lambda callout: callout.at_ms)


def times_used(
    record: Record, parts: Sequence[UnitRow]
) -> tuple[int | None, int | None, bool | None, int | None]:
    """Return work on scene, handling, whether transported, and handover, as far as used. [ms]"""
    entries = [p.at["entry"] for p in parts if "entry" in p.at]
    carrying = min((p for p in parts if "left" in p.at), key=lambda p: p.at["left"], default=None)
    there = [p for p in parts if "on_scene" in p.at]
    working = carrying if carrying is not None and "on_scene" in carrying.at else None
    if working is None and there:
        working = min(there, key=lambda p: p.at["on_scene"])
    on_scene = handling = handover = None
    transported = None
    if "on_scene" in record.uses and working is not None:
        until = working.at.get("left", working.at.get("cleared"))
        on_scene = None if until is None else until - working.at["on_scene"]
    if "handling" in record.uses and entries:
        handling = min(entries)
    if "transported" in record.uses:
        transported = carrying is not None
    if "handover" in record.uses and carrying is not None:
        begun, done = carrying.at.get("at_hospital"), carrying.at.get("cleared")
        handover = None if begun is None or done is None else done - begun
    return on_scene, handling, transported, handover


def words_of(record: Layout, kinds: Collection[str] | None) -> list[str]:
    """Return the values of the column of kinds that mean something."""
    return [word for words in record.kinds.values() for word in words] or list(kinds or ())


def warn_of_guesses(table: RecordTable) -> None:
    """Warn of what was guessed in reading a record."""
    for guess in table.guesses:
        table.findings.warnings.append(Diagnostic(guess, table.name, warning=True))


class CalloutMatcher:
    """Finds the kind and the place of a callout among the scenario's."""

    def __init__(
        self, table: RecordTable, record: Layout, known: ScenarioFrame, outside: RowProblem
    ) -> None:
        self.table, self.record, self.known, self.outside = table, record, known, outside
        self.kind_of = {word: kind for kind, words in record.kinds.items() for word in words}
        self.index = NodeIndex(known.sites) if known.sites else None
        self.places = None if known.places is None else dict.fromkeys(known.places)

    def find(self, parts: Sequence[UnitRow], start: str) -> tuple[str, str] | None:
        """
        Return the kind and the place of a callout; None where it is outside the scenario.

        Its rows are accounted for then. ``start`` is said of callouts before it.
        """
        first, account = parts[0], self.table.account
        rows = [part.row for part in parts]
        if not self.is_inside(first, start):
            account.leave("received before the start or after the end", rows)
            return None
        kind = self.kind(first)
        if kind is None:
            account.leave("of no known kind", rows)
            return None
        place = self.place(first)
        if place is None:
            account.leave("at no known place", rows)
            return None
        return kind, place

    def is_inside(self, part: UnitRow, start: str) -> bool:
        """Return whether a callout came within the run; note the row where it did not."""
        if self.known.run is None or 0 <= part.received < self.known.run:
            return True
        when = f"before the start, {start}" if part.received < 0 else "after the run"
        self.outside.note(part.row, self.record.columns.received, f"this is {when}")
        return False

    def kind(self, part: UnitRow) -> str | None:
        """Return the kind; None, with the row noted, where it is not known."""
        column, kinds = self.record.columns.kind, self.known.kinds
        if column is None:
            return next(iter(kinds)) if kinds else ""
        words = self.kind_of or dict.fromkeys(kinds or ())
        if part.kind in words or (not self.kind_of and kinds is None):
            return self.kind_of.get(part.kind, part.kind)
        hint = nearest(part.kind, words, "kinds") if len(self.outside.lines) < TOLD else ""
        self.outside.note(part.row, column, f"no kind of callout is called '{part.kind}'", hint)
        return None

    def place(self, part: UnitRow) -> str | None:
        """Return the place, by its name or else the nearest; None, with the row noted: none."""
        column = self.record.columns.place
        if column is not None and (part.place or self.record.columns.located is None):
            if self.places is None or part.place in self.places:
                return part.place
            hint = nearest(part.place, self.places, "places")
            self.outside.note(part.row, column, f"no place is called '{part.place}'", hint)
            return None
        if self.index is None:
            return part.area if self.places is None else None
        if part.lat is None or part.lon is None:
            cell = column or self.record.columns.located or ""
            self.outside.note(part.row, cell, "no place is given", "an empty cell is no place")
            return None
        node, away = self.index.nearest(part.lat, part.lon)
        if away <= self.record.within:
            return node.id
        self.outside.note(
            part.row,
            self.record.columns.located or "",
            f"{part.lat:g}, {part.lon:g} is outside the map: {away / 1000:.1f} km from the nearest "
            f"place, {node.id}",
            f"at most {units.say_length(self.record.within)} is allowed (within)",
        )
        return None


def check_kinds_told(
    findings: Findings, record: Layout, kinds: Collection[str] | None, loc: Loc
) -> None:
    """Note that a record cannot tell the kinds of a scenario apart."""
    if kinds is not None and record.columns.kind is None and len(kinds) > 1:
        findings.error(
            (*loc, "columns"),
            f"the scenario has {len(kinds)} kinds, {join(list(kinds))}, and no column tells them "
            "apart",
            "add columns: {kind: ...}",
        )


def wrong_timezone(findings: Findings, record: Layout, loc: Loc) -> bool:
    """Return whether the record's time zone is none, and note it; some computers know none."""
    name = record.timezone
    if name is None or zone_of(name) is not None or zone_of("UTC") is None:
        return False
    said = f"there is no time zone {units.shown(name)}"
    findings.error((*loc, "timezone"), said, "time zones are named like Asia/Damascus")
    return True


def from_tree(
    read: tuple[str, bytes],
    findings: Findings,
    start: datetime,
    places: Sequence[str] | None,
    rows: Sequence[PlaceRow],
) -> list[ListedRow]:
    """
    Return the callouts of the record that a scenario as written describes.

    ``read`` are the name and the bytes of its file, ``places`` the names of all places, ``rows``
    those read from a table. None are returned where the description itself is wrong: that is told
    with the other parts of the scenario.
    """
    loc, tree = ("demand", "record"), findings.tree
    record, kinds = _described(tree, loc), _keys(tree, "demand", "kinds")
    if record is None:
        return []
    check_kinds_told(findings, record, kinds, loc)
    if wrong_timezone(findings, record, loc):
        return []
    table = opened(read[1], read[0], record, findings)
    if table is None:
        return []
    clock = RecordClock(start, _zone_here(tree.at(("clock", "timezone"))), record)
    run = tree.at(("clock", "length"))
    try:
        length = None if run is None else units.duration(run.plain())
    except units.QuantityError:
        length = None
    known = ScenarioFrame(kinds, places, sites_of(rows) or sites_of(_written_places(tree)), length)
    listed = read_record(table, record, clock, known, loc)
    warn_of_guesses(table)
    return listed


def opened(data: bytes, name: str, layout: Layout, findings: Findings) -> RecordTable | None:
    """Return the table of a record; None, with the error noted, where it is none."""
    try:
        return RecordTable(data, name, layout, findings)
    except UnreadableError as error:
        for diagnostic in error.diagnostics:
            findings.add(diagnostic)
        return None


def _described(tree: Node, loc: Loc) -> Record | None:
    node = tree.at(loc)
    try:
        return Record.model_validate(node.plain() if node else None, context={"file": True})
    except ValidationError:
        return None


def _keys(tree: Node, *loc: str) -> list[str] | None:
    node = tree.at(loc)
    return list(node.value) if node is not None and isinstance(node.value, dict) else None


def _zone_here(node: Node | None) -> str:
    """Return the scenario's time zone."""
    if node is not None and isinstance(node.value, str):
        return node.value
    return str(ClockSection.default_of("timezone"))


def sites_of(places: Iterable[PlaceRow]) -> list[RoadNode]:
    """
    Return where callouts may lie: places with coordinates, those with demand if any has some.

    A place of weight 0 is a base or a hospital, where nothing is received.
    """
    known = [p for p in places if p.lat is not None and p.lon is not None]
    weighty = [p for p in known if p.weight > 0] or known
    return [RoadNode(p.name, p.lat or 0.0, p.lon or 0.0) for p in weighty]


def _written_places(tree: Node) -> Iterator[PlaceRow]:
    """Yield the places written in the scenario itself, as far as they are right."""
    for name in _keys(tree, "map", "places") or ():
        node = tree.at(("map", "places", name))
        try:
            place = Place.model_validate(node.plain() if node else None, context={"file": True})
        except ValidationError:
            continue
        yield PlaceRow(name, None, name, place.lat, place.lon, place.weight)
