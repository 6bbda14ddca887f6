"""
A record read to be measured, not replayed: its units with the kinds and places of a scenario.

Where no scenario says otherwise, a record's own words are its kinds and places.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from sim import units
from sim.errors import Diagnostic, ScenarioError, UsageError

from .diagnostics.findings import Findings
from .diagnostics.wording import note_refusals
from .fields.models import Scenario
from .fields.records import Layout
from .tables.record_callouts import (
    CalloutMatcher,
    ScenarioFrame,
    check_kinds_told,
    opened,
    sites_of,
    warn_of_guesses,
    words_of,
    wrong_timezone,
)
from .tables.record_clock import EPOCH, RecordClock
from .tables.record_days import whole_days
from .tables.record_table import RecordTable
from .tables.row_problems import RowProblem, RowUse
from .tables.unit_rows import UnitRow, by_callout, note_whole, read_units
from .text import files
from .text.source import Loc, Node, Source, UnreadableError, decode, read_tree
from .written_checks.cross_field import MAX_RUN
from .written_checks.reference_checks import note_unknown

if TYPE_CHECKING:
    from .reading import ScenarioFile

DAY = units.MS_PER["day"]
MOST_BYTES = 200_000_000  # of a record
IN_SCENARIO: Loc = ("demand", "record")
_NO_START = EPOCH  # from which is counted until the first day is known


def read_layout(path: Path) -> tuple[Layout, Node]:
    """
    Return how a record is written, from a YAML file that holds a scenario's `record` alone.

    Raises
    ------
    ScenarioError
        With every error, each at its place.

    """
    try:
        data = files.read_named(path, 1_000_000)
        tree = read_tree(Source(str(path), decode(data, str(path)), path.parent))
    except files.FileProblemError as problem:
        raise ScenarioError([Diagnostic(str(problem), help=problem.help)]) from None
    except UnreadableError as error:
        raise ScenarioError(list(error.diagnostics)) from None
    return _layout_of(tree), tree


def _layout_of(tree: Node) -> Layout:
    findings, plain = Findings(tree), tree.plain()
    if isinstance(plain, dict):  # a scenario's block may be taken as it is
        plain = {key: value for key, value in plain.items() if key not in ("file", "uses")}
    try:
        return Layout.model_validate(plain, context={"file": True})
    except ValidationError as error:
        note_refusals(error, findings, Layout.model_json_schema())
        raise ScenarioError(findings.in_order()) from None


class RecordRead(NamedTuple):
    """A record read to be measured: its rows, its period, and what became of every row."""

    rows: list[UnitRow]
    start: datetime
    end: int  # length of the period [ms]
    use: tuple[RowUse, ...] = ()
    told: tuple[str, ...] = ()  # how it was read
    dated_only: bool = False  # callouts have dates, no times of day


_NOTHING = RecordRead([], _NO_START, DAY)


def record_bytes(path: Path) -> bytes:
    """
    Return what is in the file of a record.

    Raises
    ------
    UsageError
        When it cannot be read, or is too large.

    """
    try:
        return files.read_named(path, MOST_BYTES)
    except files.FileProblemError as problem:
        raise UsageError(f"{problem}; {problem.help}".removesuffix("; ")) from None


def units_of(
    data: bytes, name: str, layout: Layout, findings: Findings, scenario: ScenarioFile | None
) -> RecordRead:
    """
    Return a record's rows with their kinds and places, its start and its length.

    Times are those that clocks there show. Errors are noted in ``findings``; what is returned then
    is of no use.
    """
    loc = IN_SCENARIO if findings.tree.at(IN_SCENARIO) is not None else ()
    if wrong_timezone(findings, layout, loc):
        return _NOTHING
    table = opened(data, name, layout, findings)
    if table is None:
        return _NOTHING
    try:
        return _measurable(table, layout, loc, scenario)
    except UnreadableError as error:  # of a table whose rows are read late
        for diagnostic in error.diagnostics:
            findings.add(diagnostic)
        return _NOTHING


def _measurable(
    table: RecordTable, layout: Layout, loc: Loc, scenario: ScenarioFile | None
) -> RecordRead:
    own = None if scenario is None else scenario.scenario
    start = _NO_START if own is None else own.clock.start
    clock = RecordClock(start, None if own is None else own.clock.timezone, layout, True)
    kinds, places = ([], []) if own is None else (
        list(own.demand.kinds), [p.name for p in scenario.places] if scenario else []
    )  # fmt: skip
    rows = read_units(table, layout, clock, loc, words_of(layout, kinds), places) or []
    begin, end = start, DAY if own is None else _shown_length(own)
    if own is None:
        rows, begin, end = whole_days(table, rows, layout, start)
    if end > MAX_RUN:
        years = f"{end / DAY / 365.25:,.0f} years"
        note_whole(table, f"this record runs over {years}; at most 20 are measured")
        return _NOTHING
    moved = (begin - start) // timedelta(milliseconds=1)
    settled = [
        row._replace(received=row.received - moved)
        for row in _settled(table, rows, layout, loc, scenario)
    ]
    warn_of_guesses(table)
    use, told = table.account.table(len(settled)), (*table.told, clock.told())
    return RecordRead(settled, begin, end, use, told, clock.dated_only)


def _shown_length(scenario: Scenario) -> int:
    """Return how much later clocks show it to be at the end of a run: as a record counts. [ms]"""
    clock = scenario.clock.local
    return clock.local(scenario.clock.length) - clock.local(0)


def _settled(
    table: RecordTable,
    rows: list[UnitRow],
    layout: Layout,
    loc: Loc,
    scenario: ScenarioFile | None,
) -> list[UnitRow]:
    """Return the rows of callouts inside, of kinds and at places that are known."""
    kinds = list(layout.kinds) if scenario is None else list(scenario.scenario.demand.kinds)
    places = () if scenario is None else scenario.places
    if scenario is not None:
        check_kinds_told(table.findings, layout, kinds, loc)
        _check_words(table.findings, kinds, loc)
    end = None if scenario is None else _shown_length(scenario.scenario)
    known = ScenarioFrame(kinds or None, [p.name for p in places] or None, sites_of(places), end)
    leave_out = layout.outside == "leave out"
    outside = RowProblem(table, (*loc, "outside"), "lie", "outside the scenario", leave_out)
    finder = CalloutMatcher(table, layout, known, outside)
    area_of = {p.name: p.area for p in places}
    settled = []
    for parts in by_callout(rows):
        found = finder.find(parts, _say_start(scenario))
        if found is not None:
            kind, place = found
            area = area_of.get(place, parts[0].area)
            settled += [
                p if (p.kind, p.place, p.area) == (kind, place, area)
                else p._replace(kind=kind, place=place, area=area)
                for p in parts
            ]  # fmt: skip
    outside.close()
    if rows and not settled and not table.findings.diagnostics:
        note_whole(table, "no callout of this record is left")
    return settled


def _check_words(findings: Findings, kinds: Collection[str], loc: Loc) -> None:
    """Note kinds of the mapping that the scenario has not."""
    described = findings.tree.at(loc)
    if described is not None:
        note_unknown(findings, Layout, {"kind": kinds}.get, described, loc)


def _say_start(scenario: ScenarioFile | None) -> str:
    return "" if scenario is None else f"{scenario.scenario.clock.start:%Y-%m-%d %H:%M}"
