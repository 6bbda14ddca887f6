"""
Measuring what was written down: a dispatch record, or the log of a results folder.

Nothing is simulated. Of a results folder the replications are the unit of intervals, as in the
study itself; of a record its days are, which is less: days are not independent.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from sim.cycle_collector import no_collector
from sim.definitions import NOT_REACHED, P90, RESTRICTED_MEAN, TARGET
from sim.errors import Diagnostic, ResultsError, ScenarioError, UsageError
from sim.local_clock import LocalClock
from sim.log import MS_PER_DAY, CalloutRow, Event, EventRow, KeptLog, MissionRow, Names
from sim.outcomes import (
    OUTCOMES,
    Estimate,
    Observations,
    Sample,
    Standards,
    default_horizon,
    observe,
    stack,
    standards_of,
)
from sim.outcomes import summarise as estimates_of
from sim.outcomes.measured.record_log import (
    RecordLog,
    log_of,
    observe_record,
    of_reached,
    without_rosters,
)
from sim.scenario import Margin, ScenarioFile, Target
from sim.scenario.diagnostics.findings import Findings
from sim.scenario.fields.records import Layout
from sim.scenario.recorded import RecordRead, record_bytes, units_of
from sim.scenario.text.source import Node

from ..running.log_text import CALLOUT_COLUMNS, count, instant, moment
from ..running.study_tables import EstimateRow, Table, estimate_table
from .bounded_reading import lines_named
from .folder_layout import CALLOUTS
from .manifest_reading import manifest_next_to

WAITS = ("queue_time_mean", "queue_time_p90", "share_queued")
ARRIVALS = (
    NOT_REACHED, RESTRICTED_MEAN, P90, "response_median", "response_mean_reached", "survival",
    "never_reached", "abandoned", "unfinished",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Measured:
    """What was measured, and where and when it was; ``sites`` are the places with coordinates."""

    name: str
    samples: tuple[Sample, ...]
    clock: LocalClock
    end: int  # length of the period [ms]
    unit: str  # what intervals take as one: "replication", "day" or nothing
    waits: bool  # whether it is known when units were sent
    sites: dict[str, tuple[float, float]]  # latitude and longitude
    warnings: tuple[Diagnostic, ...] = ()
    arrivals: bool = True  # whether it is recorded when units were on scene
    read: RecordRead | None = None  # of a record: its rows, and what became of each

    @property
    def start(self) -> datetime:
        """Local time at which the period begins."""
        return self.clock.start

    @cached_property
    def summary(self) -> Table[EstimateRow]:
        """Every measure that a record can tell, by group, as `summary.csv` has it."""
        found = [(s.name, [*filter(self._is_known, estimates_of(s))]) for s in self.samples]
        if self.unit != "replication":  # cancelled ones are among those never reached
            found += [(s.name, of_reached(s)) for s in self.samples]
        return estimate_table("summary", found)

    def _is_known(self, estimate: Estimate) -> bool:
        measure = estimate.measure
        if not self.hours and estimate.group.startswith("hour:"):
            return False
        if not self.arrivals and (measure in ARRIVALS or measure.startswith(TARGET)):
            return False
        return measure != "utilisation" and (self.waits or measure not in WAITS)

    @property
    def hours(self) -> bool:
        """Whether it is known at which hour callouts were received."""
        return self.read is None or not self.read.dated_only


@no_collector()  # many objects, no cycles
def measure_record(
    path: Path,
    layout: Layout,
    tree: Node,
    scenario: ScenarioFile | None = None,
    targets: Sequence[Target] = (),
) -> Measured:
    """
    Return what a dispatch record says.

    Parameters
    ----------
    path
        CSV of the record.
    layout, tree
        How it is written, as read and as written (for messages).
    scenario
        Whose period, kinds, places and targets hold; else the period is the whole days that the
        record touches, and kinds and places are those it names.
    targets
        In place of the scenario's.

    Raises
    ------
    ScenarioError
        With every error, each with its row.

    """
    findings = Findings(tree)
    data = record_bytes(path)
    read = units_of(data, str(path), layout, findings, scenario)
    if findings.diagnostics:
        raise ScenarioError(findings.in_order())
    rows, start, end = read.rows, read.start, read.end
    kinds = {} if scenario is None else scenario.scenario.demand.kinds
    log = log_of(rows, {name: kind.priority for name, kind in kinds.items()})
    clock = LocalClock(start)  # times are those that clocks showed: every day has 24 hours
    days = end // MS_PER_DAY
    by_day = days >= 2 and end % MS_PER_DAY == 0
    found = observe_record(log, clock, end, by_day)
    length, numbers = (MS_PER_DAY, tuple(range(days))) if by_day else (end, (0,))
    sample = Sample(
        "record", found, log.names, _standards(scenario, targets, clock, end), length, numbers
    )
    return Measured(
        path.name, (sample,), clock, end, "day" if by_day else "",
        "dispatched" in layout.columns.instants, _sites(log, rows, scenario),
        tuple(findings.warnings), "on_scene" in layout.columns.instants, read,
    )  # fmt: skip


def _standards(
    scenario: ScenarioFile | None, targets: Sequence[Target], clock: LocalClock, end: int
) -> Standards:
    """Return what is measured against; who meets a need is not recorded, so nothing of that."""
    own = tuple(targets) or (() if scenario is None else scenario.scenario.targets)
    first = tuple(t.model_copy(update={"attendance": "first"}) for t in own)
    horizon = default_horizon(first, end)
    if scenario is None:
        margin = Margin()
        return Standards(
            first, {}, margin.time, margin.share, horizon, margin.unreached, clock=clock
        )
    declared = scenario.scenario.study.horizon
    return replace(
        standards_of(scenario.scenario), targets=first, attendance=False, pools=(),
        horizon=declared or horizon, least_reach=horizon,
    )  # fmt: skip


@dataclass(slots=True)
class _Coordinates:
    """Coordinates of callouts of a place, added up."""

    lat: float = 0.0
    lon: float = 0.0
    callouts: int = 0


def _sites(
    log: RecordLog, rows: Sequence[Any], scenario: ScenarioFile | None
) -> dict[str, tuple[float, float]]:
    """Return where places are: as the scenario says, or in the middle of their callouts."""
    if scenario is not None:
        places = scenario.places
        return {p.name: (p.lat, p.lon) for p in places if p.lat is not None and p.lon is not None}
    found: dict[str, _Coordinates] = {}
    for row in rows:
        if row.lat is not None and row.lon is not None:
            own = found.setdefault(row.place or row.area, _Coordinates())
            own.lat, own.lon, own.callouts = own.lat + row.lat, own.lon + row.lon, own.callouts + 1
    return {
        name: (own.lat / own.callouts, own.lon / own.callouts)
        for name, own in found.items()
        if name in log.names.places
    }


def is_own_log(path: Path) -> bool:
    """Return whether a file is a list of callouts as a results folder holds it."""
    try:
        header = next(csv.reader(lines_named(path)), [])
    except (ResultsError, csv.Error):
        return False
    return set(CALLOUT_COLUMNS[:-1]) <= {*header}


def measure_log(
    path: Path, scenario: ScenarioFile | None = None, targets: Sequence[Target] = ()
) -> Measured:
    """
    Return what the callouts of a results folder say, with the missions and events next to them.

    ``scenario`` says how long the period is and what is promised; else the manifest next to the
    file does the first; else the period is the whole days until the last callout received.

    Raises
    ------
    UsageError
        When a row is not as a results folder has it.

    """
    folder = path.parent
    try:
        logs, names, start, ahead = _read_log(path)
    except (LookupError, TypeError, ValueError, OverflowError, csv.Error) as error:
        raise UsageError(f"{path}: this list of callouts is damaged: {error!r}") from None
    if not logs:
        raise UsageError(f"{path}: there is no callout in this record")
    manifest = manifest_next_to(folder) or {}
    end = _length(manifest, scenario, logs)
    clock = scenario.scenario.clock.local if scenario else _clock(start, ahead, manifest)
    standards = _standards(scenario, targets, clock, end)
    if scenario is not None:
        standards = replace(
            standards_of(scenario.scenario), targets=tuple(targets) or scenario.scenario.targets
        )
    declared = None if scenario is None else scenario.scenario.study.horizon
    standards = replace(
        standards, horizon=declared or manifest.get("horizon_ms") or standards.horizon
    )
    found: dict[str, list[Observations]] = {}
    for (alternative, _), log in sorted(logs.items(), key=lambda item: item[0][1]):
        callouts, missions = log.plain
        seen = observe(
            sorted(callouts), missions, names=names, clock=clock, end=end,
            duty=[()] * len(names.teams), events=log.events, attendance=standards.attendance,
        )  # fmt: skip
        found.setdefault(alternative, []).append(without_rosters(seen))
    samples = tuple(
        Sample(name, stack(parts), names, standards, end, tuple(range(len(parts))))
        for name, parts in found.items()
    )
    sites = {} if scenario is None else _sites(RecordLog((), (), names), (), scenario)
    return Measured(path.name, samples, clock, end, "replication", True, sites)


def _clock(
    start: datetime, ahead: Mapping[int, timedelta], manifest: Mapping[str, Any]
) -> LocalClock:
    """
    Return the local clock of a log, with the changes that the manifest next to it knows of.

    Without one, clocks are taken to be changed just before the first callout that shows it.
    ``ahead`` is what local time is ahead of UTC at instants, where the log tells it.
    """
    if not ahead:
        return LocalClock(start)
    seen = sorted(ahead.items())
    changes = [
        [at, (new - old) // timedelta(milliseconds=1)]
        for (_, old), (at, new) in pairwise(seen)
        if new != old
    ]
    offset = next((by for at, by in reversed(seen) if at <= 0), seen[0][1])
    local = start.astimezone(UTC).replace(tzinfo=None) + offset
    changes = manifest.get("clock_changes", changes)
    return LocalClock.changed(local, changes, offset // timedelta(milliseconds=1))


def _length(
    manifest: Mapping[str, Any],
    scenario: ScenarioFile | None,
    logs: dict[tuple[str, int], KeptLog],
) -> int:
    if scenario is not None:
        return scenario.scenario.clock.length
    if "run_ms" in manifest:
        return int(manifest["run_ms"])
    last = max(row.received for log in logs.values() for row in log.callouts)
    return max(1, last // MS_PER_DAY + 1) * MS_PER_DAY


def _read_log(
    path: Path,
) -> tuple[dict[tuple[str, int], KeptLog], Names, datetime, dict[int, timedelta]]:
    """
    Return the log of each replication of each alternative, and the words they share.

    Then the instant 0, and by how much local time is ahead of UTC where callouts tell it.
    """
    words: dict[str, dict[str, int]] = {name: {} for name in ("kind", "place", "team", "hospital")}
    areas: dict[str, str] = {}
    logs: dict[tuple[str, int], KeptLog] = {}
    start: datetime | None = None
    ahead: dict[int, timedelta] = {}

    def number(what: str, word: str) -> int:
        return words[what].setdefault(word, len(words[what]))

    for row in csv.DictReader(lines_named(path)):
        log = logs.setdefault((row["alternative"], int(row["replication"])), KeptLog())
        areas.setdefault(row["place"], row["area"])
        begun = datetime.fromisoformat(row["received_at"])
        if start is None:  # what is written of a moment is cut to seconds
            start = begun - timedelta(seconds=instant(row["received_ms"]) // 1000)
        if begun.tzinfo is not None:
            ahead[instant(row["received_ms"])] = begun.utcoffset() or timedelta(0)
        log.callout(CalloutRow(
            count(row["callout"]), count(row["key"]), number("kind", row["kind"]),
            count(row["priority"]), number("place", row["place"]), instant(row["received_ms"]),
            instant(row["ready_ms"]), moment(row["dispatched_ms"]), moment(row["en_route_ms"]),
            moment(row["on_scene_ms"]), moment(row["cleared_ms"]), moment(row["ended_ms"]),
            _known(row["outcome"], path), count(row["teams"]),
            moment(row.get("attended_ms") or ""),
        ))  # fmt: skip
    missions, events = (_next_to(path, what) for what in ("missions", "events"))
    if missions is not None:
        for row in csv.DictReader(lines_named(missions)):
            hospital = number("hospital", row["hospital"]) if row["hospital"] else None
            logs[row["alternative"], int(row["replication"])].mission(MissionRow(
                count(row["callout"]), number("team", row["team"]), instant(row["dispatched_ms"]),
                moment(row["en_route_ms"]), moment(row["on_scene_ms"]), moment(row["left_ms"]),
                moment(row["at_hospital_ms"]), hospital, moment(row["cleared_ms"]), row["ending"],
            ))  # fmt: skip
    if missions is not None and events is not None:
        for row in csv.DictReader(lines_named(events)):
            if row["event"] == Event.RETURNING:  # the rest is not measured here
                logs[row["alternative"], int(row["replication"])].event(EventRow(
                    instant(row["at_ms"]), row["event"], number("team", row["team"]), None, None,
                    moment(row["until_ms"]),
                ))  # fmt: skip
    names = Names(
        tuple(words["kind"]), tuple(words["place"]), tuple(areas.values()),
        tuple(words["team"]), (), tuple(words["hospital"]),
    )  # fmt: skip
    return logs, names, start or datetime(2000, 1, 1), ahead


def _known(outcome: str, path: Path) -> str:
    """Return an outcome; earlier versions had other words."""
    if outcome not in OUTCOMES:
        raise UsageError(
            f"{path}: unknown outcome {outcome!r}; known here: {', '.join(OUTCOMES)}. "
            "A log of an earlier version cannot be read: run the scenario again"
        )
    return outcome


def _next_to(path: Path, what: str) -> Path | None:
    """Return another file of the log that a list of callouts belongs to, where it is there."""
    other = path.parent / path.name.replace("callouts", what)
    return _unlinked(other) if os.path.lexists(other) and other != path else None


def _unlinked(path: Path) -> Path:
    if path.is_symlink():
        raise ResultsError(f"{path} is a link, which is not followed: copy the file itself")
    return path


def own_callouts(path: Path) -> Path:
    """Return the list of callouts of a results folder, or the path itself where it is none."""
    return _unlinked(path / CALLOUTS) if path.is_dir() else path


__all__ = ["Measured", "is_own_log", "measure_log", "measure_record", "own_callouts"]
