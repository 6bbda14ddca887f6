"""
A record read to be measured, not replayed: its units with the kinds and places of a scenario.

Where no scenario says otherwise, a record's own words are its kinds and places.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from sim import units
from sim.errors import Diagnostic, ScenarioError
from sim.local_clock import local_clock

from .diagnostics.findings import Findings
from .diagnostics.wording import note_refusals
from .fields.records import Layout
from .tables.csv_tables import CsvTable
from .tables.record_callouts import (
    CalloutMatcher,
    ScenarioFrame,
    check_kinds_told,
    sites_of,
    wrong_timezone,
)
from .tables.unit_rows import DateReader, RowProblem, UnitRow, by_callout, note_whole, read_units
from .text import files
from .text.source import Loc, Node, Source, UnreadableError, decode, read_tree
from .written_checks.cross_field import MAX_RUN
from .written_checks.reference_checks import note_unknown

if TYPE_CHECKING:
    from .reading import ScenarioFile

DAY = units.MS_PER["day"]
IN_SCENARIO: Loc = ("demand", "record")
_NO_START = datetime(2000, 1, 1)


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


def units_of(
    data: bytes, name: str, layout: Layout, findings: Findings, scenario: ScenarioFile | None
) -> tuple[list[UnitRow], datetime, int]:
    """
    Return a record's rows with their kinds and places, its start and its length. [ms]

    Errors are noted in ``findings``; what is returned then is of no use.
    """
    loc = IN_SCENARIO if findings.tree.at(IN_SCENARIO) is not None else ()
    if wrong_timezone(findings, layout, loc):
        return [], _NO_START, DAY
    try:
        table = CsvTable(data, name, findings)
    except UnreadableError as error:
        for diagnostic in error.diagnostics:
            findings.add(diagnostic)
        return [], _NO_START, DAY
    clock = _clock(table, layout, scenario)
    rows = read_units(table, layout, clock, loc) or []
    start, end = clock.start, DAY
    if scenario is not None:
        end = scenario.scenario.clock.length
    elif rows:
        first, last = (limit(row.received for row in rows) for limit in (min, max))
        here = local_clock(start, clock.name, min(first, 0) - 2 * DAY, last + 2 * DAY)
        moved = here.instant(here.day(first) * DAY)  # a midnight, as is the end
        start, end = here.moment(moved), here.instant((here.day(last) + 1) * DAY) - moved
        rows = [row._replace(received=row.received - moved) for row in rows]
    if end > MAX_RUN:
        years = f"{end / DAY / 365.25:,.0f} years"
        note_whole(table, f"this record runs over {years}; at most 20 are measured")
        return [], start, DAY
    return _settled(table, rows, layout, loc, scenario, end), start, end


def _clock(table: CsvTable, layout: Layout, scenario: ScenarioFile | None) -> DateReader:
    """Return the scenario's clock, or one that begins with the day of the first row."""
    if scenario is not None:
        own = scenario.scenario.clock
        return DateReader(own.start, own.timezone, layout.timezone)
    start = _NO_START
    for row in table.rows[:1]:
        try:
            written = datetime.fromisoformat(table.cell(row, layout.columns.received))
        except ValueError:
            break  # told with the row
        start = written.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    return DateReader(start, layout.timezone, layout.timezone)


def _settled(
    table: CsvTable,
    rows: list[UnitRow],
    layout: Layout,
    loc: Loc,
    scenario: ScenarioFile | None,
    end: int,
) -> list[UnitRow]:
    """Return the rows of callouts inside, of kinds and at places that are known."""
    kinds = list(layout.kinds) if scenario is None else list(scenario.scenario.demand.kinds)
    places = () if scenario is None else scenario.places
    if scenario is not None:
        check_kinds_told(table.findings, layout, kinds, loc)
        _check_words(table.findings, kinds, loc)
    known = ScenarioFrame(kinds or None, [p.name for p in places] or None, sites_of(places), end)
    leave_out = layout.outside == "leave out"
    outside = RowProblem(table, (*loc, "outside"), "lie", "outside the scenario", leave_out)
    finder = CalloutMatcher(table, layout, known, outside)
    area_of = {p.name: p.area for p in places}
    settled = []
    for parts in by_callout(rows):
        first = parts[0]
        if not finder.is_inside(first, _say_start(scenario)):
            continue
        kind = finder.kind(first)
        place = finder.place(first) if places or layout.columns.place else first.area
        if kind is not None and place is not None:
            area = area_of.get(place, first.area)
            settled += [p._replace(kind=kind, place=place, area=area) for p in parts]
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
