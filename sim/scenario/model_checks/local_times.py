"""
Local times that clocks skip or show twice, where summer time begins or ends.

Such a time in a file is a slip, or comes from another clock. The run follows the change itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sim import units
from sim.local_clock import zone_of

from ..diagnostics.findings import Findings
from ..duty_hours.dated_parts import dated_parts
from ..fields.disruption_models import Dated
from ..fields.models import Scenario
from ..tables.csv_tables import CsvTable
from ..tables.time_zones import changes, doubtful
from ..text.source import Loc


def warn_of_local_times(findings: Findings, scenario: Scenario) -> None:
    """Warn of each time written in a scenario that its time zone skips or has twice, or of none."""
    zone = zone_of(scenario.clock.timezone)
    for loc, moment in _moments(scenario):
        doubt = doubtful(moment, zone, scenario.clock.timezone)
        if doubt is not None:
            findings.warn(loc, *doubt)
    if zone_of("UTC") is None and scenario.clock.timezone != "UTC":
        findings.warn(
            ("clock", "timezone"),
            f"this computer knows no time zones: where clocks of {scenario.clock.timezone} are "
            "put forward or back in the run, those of the run are not",
            "python -m pip install tzdata",
        )


def warn_of_rows(table: CsvTable, column: str, start: datetime, name: str) -> None:
    """Warn of the first time in a column that a time zone skips or has twice; count them."""
    zone = zone_of(name)
    if zone is None or not changes(zone, start):
        return
    found = []
    for row in table.rows:
        try:
            moment = units.moment(table.cell(row, column))
        except (units.QuantityError, OverflowError):
            continue
        doubt = doubtful(_dated(moment, start), zone, name)
        if doubt is not None:
            found.append((row, doubt))
    if found:
        row, (said, help) = found[0]
        table.warn(row, column, said + counted(len(found)), help)


def counted(rows: int) -> str:
    """Return how many rows are like the one that is told."""
    return f" ({rows} rows are so)" if rows > 1 else ""


def _dated(moment: int | datetime, start: datetime) -> datetime:
    """Return a moment as a date and time, counted from the calendar day of the start."""
    if isinstance(moment, datetime):
        return moment
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(milliseconds=moment)


def _moments(scenario: Scenario) -> Iterator[tuple[Loc, datetime]]:
    """Yield every local date and time in a scenario, and where it is written."""
    start = scenario.clock.start
    yield ("clock", "start"), start
    for loc, moment in _written(scenario):
        if moment is not None and (isinstance(moment, datetime) or abs(moment) < units.LONGEST):
            yield loc, _dated(moment, start)


def _written(scenario: Scenario) -> Iterator[tuple[Loc, int | datetime | None]]:
    map_, demand = scenario.map, scenario.demand
    windows: list[tuple[Loc, Sequence[Dated]]] = [
        (("map", "closures"), map_.closures),
        (("map", "checkpoints"), map_.checkpoints),
        (("map", "curfews"), map_.curfews),
        (("map", "weather"), map_.weather),
        (("map", "hospital_closures"), map_.hospital_closures),
        (("demand", "surges"), demand.surges),
        (("demand", "seasons"), demand.seasons),
    ]
    for name, kind in demand.kinds.items():
        windows.append((("demand", "kinds", name, "seasons"), kind.seasons or ()))
    for loc, listed in windows:
        for i, window in enumerate(listed):
            yield (*loc, i, "from"), window.begins
            yield (*loc, i, "until"), window.until
    for i, incident in enumerate(demand.incidents):
        yield ("demand", "incidents", i, "at"), incident.at
    if isinstance(demand.callouts, tuple):
        for i, callout in enumerate(demand.callouts):
            yield ("demand", "callouts", i, "at"), callout.at
    for loc, part in dated_parts(scenario):
        yield (*loc, "from"), part.begins
        yield (*loc, "until"), part.until
    for name, team in scenario.teams.items():
        if team.roster is not None and team.starts:
            yield ("teams", name, "starts"), team.starts
