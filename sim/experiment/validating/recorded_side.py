"""
The recorded side of a validation: callouts of a record with the kinds and places of a scenario.

All that reads the record is in `sim.scenario.recorded`; here its rows are laid next to a scenario.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from sim.errors import Diagnostic, ScenarioError, UsageError
from sim.local_clock import zone_of
from sim.log import MS_PER_DAY
from sim.outcomes.validation.callout_times import KnownCallout, UnitTimes, grain_of
from sim.scenario import ScenarioFile
from sim.scenario.diagnostics.findings import Findings
from sim.scenario.fields.records import Layout
from sim.scenario.recorded import IN_SCENARIO, read_layout, record_bytes, units_of
from sim.scenario.tables.record_callouts import check_kinds_told, sites_of, times_used
from sim.scenario.tables.table_rows import ListedRow
from sim.scenario.tables.unit_rows import UnitRow, by_callout
from sim.scenario.text.source import Loc, Node

from .matched_callouts import MatchedCallouts, only_place

LEAST_DAYS = 7
_UNIT = UnitTimes._fields
_CHAIN = ("entry", "dispatched", "en_route", "on_scene")


@dataclass(frozen=True)
class RecordPeriod:
    """Whole days of a record: [``first``, ``first`` + ``days``), from midnight to midnight."""

    first: datetime
    days: int
    cut: bool = False  # whether the first and the last day of the record are left out

    def __str__(self) -> str:
        last = self.first + timedelta(days=self.days - 1)
        return f"{self.days} days, {self.first:%Y-%m-%d} to {last:%Y-%m-%d}"


@dataclass(frozen=True, eq=False)
class RecordedSide:
    """
    A record as a validation needs it.

    ``listed`` are the callouts to run again, of the period and a day before and after it; their
    instants count from the midnight before the period. [ms]
    ``callouts`` are those of the period, whose instants count from its begin. [ms]
    Both count as clocks show it, so every day has 24 hours; intervals keep their length.
    """

    name: str
    data: bytes = field(repr=False)
    period: RecordPeriod
    instants: tuple[str, ...]  # those that the record has a column for
    callouts: tuple[KnownCallout, ...]
    listed: tuple[ListedRow, ...]
    grain: int  # to what its instants are written down [ms]
    left_out: int  # callouts of the record that lie in no kind or place of the scenario
    warnings: tuple[Diagnostic, ...]


def record_next_to(
    scenario: ScenarioFile,
    path: Path,
    mapping: Path | None = None,
    begin: datetime | None = None,
    until: datetime | None = None,
) -> RecordedSide:
    """
    Return a record as a mapping file, or else the scenario's ``demand.record``, describes it.

    Other parameters and errors are those of `read_recorded`.
    """
    if mapping is not None:
        layout, tree = read_layout(mapping)
        return read_recorded(path, layout, tree, scenario, begin, until)
    described = scenario.scenario.demand.record
    if described is None:
        raise UsageError(
            f"{scenario.path.name} has no demand.record, which says how a record is written: "
            "describe its columns with --map FILE"
        )
    return read_recorded(path, described, scenario.tree, scenario, begin, until)


def read_recorded(
    path: Path,
    layout: Layout,
    tree: Node,
    scenario: ScenarioFile,
    begin: datetime | None = None,
    until: datetime | None = None,
) -> RecordedSide:
    """
    Return a record with the kinds and places of a scenario.

    Parameters
    ----------
    path
        The record.
    layout, tree
        How it is written, as read and as written (for messages).
    scenario
        Whose kinds and places are meant.
    begin, until
        Midnights between which it is compared. If not given, the first and the last whole day of
        the record are run and not compared, so that no run begins with every team free.

    Raises
    ------
    ScenarioError
        With every error: rows that cannot be read, words that the scenario does not have, too few
        days.
    UsageError
        When there is no such file, or the period lies outside the record.

    """
    data = record_bytes(path)
    findings = Findings(tree)
    loc = IN_SCENARIO if tree.at(IN_SCENARIO) is not None else ()
    _check_columns(findings, layout, scenario, loc)
    if findings.diagnostics:
        raise ScenarioError(findings.in_order())
    read = units_of(data, str(path), layout, findings, None)
    if findings.diagnostics:
        raise ScenarioError(findings.in_order())
    if read.dated_only:
        raise UsageError(f"{path.name} has dates without times of day: no time can be compared")
    start = read.start
    parts = _in_zone(by_callout(read.rows), start, layout, scenario)
    matched = MatchedCallouts(findings, layout, scenario, loc)
    placed = [(own, *where) for own in parts if (where := matched.kind_and_place(own[0]))]
    matched.tell()
    _check_kinds(findings, placed, scenario, loc)
    if findings.diagnostics:
        raise ScenarioError(findings.in_order())
    period = _period(start, [own[0].received for own in parts], begin, until)
    callouts, listed = _of_period(placed, start, period, scenario)
    if not callouts:
        raise UsageError(f"{path}: there is no callout within {period}")
    return RecordedSide(
        path.name, data, period, tuple(layout.columns.instants), callouts, listed,
        grain_of(callouts), len(parts) - len(placed), tuple(findings.warnings),
    )  # fmt: skip


def _check_columns(findings: Findings, layout: Layout, scenario: ScenarioFile, loc: Loc) -> None:
    """Note what a record must have to be compared: kinds, where there are several, and where."""
    check_kinds_told(findings, layout, list(scenario.scenario.demand.kinds), loc)
    columns = layout.columns
    named = columns.place is not None or columns.area is not None
    if not named and columns.located is None and only_place(scenario) is None:
        findings.error(
            (*loc, "columns"), "no column says where callouts were, so none can be run again",
            "add columns: {place: ...}, or {lat: ..., lon: ...}, or {point: ...}",
        )  # fmt: skip
    elif not named and columns.located is not None and not sites_of(scenario.places):
        findings.error(
            (*loc, "columns", "lat" if columns.lat else "point"),
            "the places of the scenario have no coordinates",
            "add columns: {place: ...}",
        )  # fmt: skip
    if not {"on_scene", "dispatched"} & {*columns.instants}:
        findings.error(
            (*loc, "columns"), "no column says when units were dispatched or on scene, so no time "
            "can be compared", "add columns: {dispatched: ..., on_scene: ...}",
        )  # fmt: skip


def _in_zone(
    callouts: list[list[UnitRow]], start: datetime, layout: Layout, scenario: ScenarioFile
) -> list[list[UnitRow]]:
    """Return callouts by the scenario's clock, where the record has a time zone of its own."""
    there, here = zone_of(layout.timezone), zone_of(scenario.scenario.clock.timezone)
    if there is None or here is None:
        return callouts
    at = start.replace(tzinfo=there)
    apart = at.astimezone(here).replace(tzinfo=None) - start
    by = round(apart / timedelta(milliseconds=1))
    return [[row._replace(received=row.received + by) for row in own] for own in callouts]


def _check_kinds(
    findings: Findings,
    placed: Sequence[tuple[list[UnitRow], str, str]],
    scenario: ScenarioFile,
    loc: Loc,
) -> None:
    """Note that all callouts are of one kind where the scenario has several."""
    if findings.diagnostics:
        return
    kinds = list(scenario.scenario.demand.kinds)
    found = {kind for _, kind, _ in placed}
    if not placed:
        findings.error(loc, "no callout of this record is left")
    elif len(kinds) > 1 and len(found) == 1:
        findings.error(
            (*loc, "columns", "kind"),
            f"every callout of this record is '{found.pop()}', and the scenario has "
            f"{len(kinds)} kinds: {', '.join(kinds)}",
            "map the record's words to kinds (kinds: ...), or validate a scenario of this kind",
        )


def _period(
    start: datetime, received: Sequence[int], begin: datetime | None, until: datetime | None
) -> RecordPeriod:
    """Return the whole days to compare."""
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + timedelta(days=min(received) // MS_PER_DAY)
    end = midnight + timedelta(days=max(received) // MS_PER_DAY + 1)
    own = begin or first + timedelta(days=1)
    last = until or end - timedelta(days=1)
    if (begin and not first <= begin < end) or (until and not first < until <= end):
        raise UsageError(
            f"--from, --until: the record is of {first:%Y-%m-%d} to "
            f"{end - timedelta(days=1):%Y-%m-%d}, both included"
        )
    days = (last - own) // timedelta(days=1)
    if days < LEAST_DAYS:
        span = max(0, days)
        raise UsageError(
            f"only {span} whole day{'s' * (span != 1)} can be compared ({first:%Y-%m-%d} to "
            f"{end - timedelta(days=1):%Y-%m-%d} are recorded whole, and the first and the last "
            "are run without being compared): from less than a week neither weekdays nor how days "
            "differ can be judged. --from and --until say which days are compared"
        )
    return RecordPeriod(own, days, begin is None or until is None)


def _of_period(
    placed: Sequence[tuple[list[UnitRow], str, str]],
    start: datetime,
    period: RecordPeriod,
    scenario: ScenarioFile,
) -> tuple[tuple[KnownCallout, ...], tuple[ListedRow, ...]]:
    kinds = {name: i for i, name in enumerate(scenario.scenario.demand.kinds)}
    places = {place.name: i for i, place in enumerate(scenario.places)}
    begins = round((period.first - start) / timedelta(milliseconds=1))
    length = period.days * MS_PER_DAY
    callouts, listed = [], []
    for parts, kind, place in placed:
        at = parts[0].received - begins
        if -MS_PER_DAY <= at < length + MS_PER_DAY:
            listed.append(_listed(parts, at + MS_PER_DAY, place, kind, scenario))
        if 0 <= at < length:
            callouts.append(_known(parts, at, kinds[kind], places[place]))
    return tuple(sorted(callouts, key=_by_time)), tuple(sorted(listed, key=lambda row: row.at_ms))


def _listed(
    parts: Sequence[UnitRow], at: int, place: str, kind: str, scenario: ScenarioFile
) -> ListedRow:
    """Return a callout to run again, with the recorded times that the scenario's record uses."""
    used = scenario.scenario.demand.record
    if used is None:
        return ListedRow(at, place, kind, None)
    row = ListedRow(at, place, kind, *times_used(used, parts))
    taken = scenario.scenario.demand.kinds[kind].to is not None
    return row if taken else replace(row, transported=None, hand_over_ms=None)


def _by_time(callout: KnownCallout) -> int:
    return callout.received


def _known(parts: Sequence[UnitRow], received: int, kind: int, place: int) -> KnownCallout:
    chain: Mapping[str, int] = {
        name: received + min(times)
        for name in _CHAIN
        if (times := [part.at[name] for part in parts if name in part.at])
    }
    units_ = [
        UnitTimes(*(None if (at := p.at.get(n)) is None else received + at for n in _UNIT))
        for p in parts
    ]
    return KnownCallout(received, kind, place, chain, units_)


def moved(scenario: ScenarioFile, recorded: RecordedSide, own_demand: bool) -> ScenarioFile:
    """
    Return a scenario on the period of a record, with a day before it and one after.

    Parameters
    ----------
    scenario
        Any.
    recorded
        The record, whose callouts take the place of the scenario's.
    own_demand
        Whether the scenario keeps its own demand instead.

    Raises
    ------
    ScenarioError
        When the scenario holds dates that do not fit the period of the record.

    """
    period = recorded.period
    start = period.first - timedelta(days=1)
    demand = scenario.scenario.demand
    values: dict[str | tuple[str, ...], object] = {
        "clock.start": f"{start:%Y-%m-%d %H:%M}",
        "clock.length": f"{period.days + 2} days",
    }
    if own_demand:
        values |= _trended(scenario, start)
    elif demand.rate is None:
        values |= {f"demand.{way}": None for way in ("record", "callouts") if getattr(demand, way)}
        first = recorded.listed[0]
        own = {"at": f"{start:%Y-%m-%d %H:%M}", "place": first.place, "kind": first.kind}
        values[("demand", "callouts")] = [own]
    if not own_demand and demand.incidents:
        values["demand.incidents"] = None  # the record has their callouts
    try:
        file = scenario.replace(values)
    except ScenarioError as error:
        told = Diagnostic(
            f"the scenario cannot be moved to the period of the record, {period}",
            help="dates in a scenario stay where they are: give --from and --until, or other dates",
        )
        raise ScenarioError([*error.diagnostics, told]) from None
    return file if own_demand else replace(file, callouts=_in_run(recorded.listed, file))


def _in_run(listed: Sequence[ListedRow], file: ScenarioFile) -> tuple[ListedRow, ...]:
    """Return callouts that count as clocks show it, as a run counts: by elapsed time."""
    clock = file.scenario.clock
    by_run = (replace(row, at_ms=clock.local.instant(row.at_ms)) for row in listed)
    return tuple(row for row in by_run if row.at_ms < clock.length)


def _trended(scenario: ScenarioFile, start: datetime) -> dict[str | tuple[str, ...], object]:
    """Return the scale that a trend comes to at another start: the rate is that of the start."""
    demand = scenario.scenario.demand
    if not demand.trend:
        return {}
    days = (start.date() - scenario.scenario.clock.start.date()).days
    return {"demand.scale": demand.scale * (1 + demand.trend) ** (days / 365.25)}
