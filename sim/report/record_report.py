"""A measured record on the terminal and in figures: what a run shows, as far as it is recorded."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from sim.definitions import NOT_REACHED, P90, RESTRICTED_MEAN, TARGET, definition
from sim.experiment.results.measured_place import MeasuredFacts, facts_of
from sim.experiment.results.measured_record import Measured
from sim.log import MS_PER_DAY, MS_PER_MINUTE
from sim.outcomes import Estimate, Sample, share_curve
from sim.outcomes.observed.cohorts import meant_by
from sim.outcomes.observed.workload import hours_measured
from sim.scenario import Target
from sim.units import say_duration

from .figure_input.figure_basis.hourly import callouts_by_hour, over_replications, per_hour
from .figure_input.figure_basis.recovery_kinds import are_recoveries, said_counted
from .figure_input.figure_basis.table_lookup import Key, estimates, numbers
from .figure_input.place_data import FEWEST, restricted_mean
from .figures import Band, Caption, Hourly, MapData, MapPlace, ShareCurves, TargetLine, save
from .figures.groups import Areas, Hours, figure_areas, figure_hours
from .figures.map_figure.mapping import figure_map
from .figures.share_curves import figure_share_curves
from .phrasing.phrases import phrase
from .phrasing.target_words import cohort_of, note_of
from .phrasing.words import bracketed, clean, say

POINTS = 240  # of a share curve
MOST_AREAS = 24  # with a row of their own in a figure
Rows = Mapping[Key, Estimate]
ENDED = "closed, no unit arrived"  # what a record tells of a callout that nobody reached
FIRST = (
    "callouts", "response_mean_reached", "reached_median", "reached_p90", NOT_REACHED,
    RESTRICTED_MEAN, P90,
)  # fmt: skip
AFTER_TARGETS = (
    "response_median", "attendance_restricted_mean", "attendance_p90", "survival",
    "queue_time_mean", "queue_time_p90", "share_queued",
)  # fmt: skip
GROUPINGS = {"By kind": "kind:", "By area": "area:", "By hour": "hour:"}
NO_DUTY = "Who was on duty is not in a record, so there is no utilisation."
COUNTS = ("never_reached", "never_attended", "unfinished", "lost", "abandoned", "dropped")


@dataclass(frozen=True)
class RecordCaption(Caption):
    """What stands under a figure of a record: no policy, no seed, nothing simulated."""

    told: str = ""

    def lines(self, is_map: bool = False) -> list[str]:
        """Return the caption's paragraphs."""
        return [self.told, *(clean(line) for line in self.attribution)]


def caption(found: Measured) -> RecordCaption:
    """Return what stands under a record's figures."""
    replications = found.samples[0].observations.replications
    simulated = facts_of(found).simulated
    source = "measured from simulated callouts" if simulated else "measured, not simulated"
    told = f"{clean(found.name)} · {_period(found)} · {source}"
    if found.unit:
        told += f" · intervals: each {found.unit} a unit"
    names = tuple(sample.name for sample in found.samples)
    return RecordCaption("", names, replications, 0.0, 0, title=clean(found.name), told=told)


def _period(found: Measured) -> str:
    return f"{say_duration(found.end)} from {found.start:%Y-%m-%d %H:%M}"


def print_measured(found: Measured) -> None:
    """Print what a record says: all callouts, by kind, by area and by hour."""
    width = max(get_terminal_size().columns, 100) if sys.stdout.isatty() else 110
    console = Console(width=width, highlight=False, markup=False)  # names may hold brackets
    console.print("\n" + clean(found.name), style="bold")
    facts = facts_of(found)
    simulated = facts.simulated
    source = "measured from simulated callouts" if simulated else "measured, nothing is simulated"
    console.print(
        f"{_period(found)} · {source} · {intervals_told(facts)}\n"
        "Response time runs from received to first unit on scene."
    )
    for table in measured_tables(facts, estimates(found.summary)):
        console.print(table)
    console.print(NO_DUTY)


def measured_tables(facts: MeasuredFacts, rows: Rows) -> Iterator[Table]:
    """Yield what a record says: all callouts, by kind, by area and by hour."""
    yield _overall(facts, rows)
    for title, prefix in GROUPINGS.items():
        table = _by_group(facts, rows, title, prefix)
        if table.row_count > 1:
            yield table


def intervals_told(facts: MeasuredFacts) -> str:
    """Say what intervals of a measurement rest on."""
    number = str(facts.replications)
    if facts.unit == "day":
        return phrase(
            "95 % intervals in brackets: each of {number} days a unit, as if independent",
            number=number,
        )
    if facts.unit == "replication":
        return phrase("{number} replications · 95 % intervals in brackets", number=number)
    return phrase("one record of less than two whole days: no intervals")


def _overall(facts: MeasuredFacts, rows: Rows) -> Table:
    names = facts.alternatives
    table = Table()
    table.add_column("all callouts")
    for name in names:
        table.add_column(clean(name), justify="right")
    targets = list(dict.fromkeys(m for _, m, g in rows if m.startswith(TARGET) and g == "all"))
    for measure in (*FIRST, *targets, *AFTER_TARGETS, *COUNTS):
        each = [rows.get((name, measure, "all")) for name in names]
        if all(own is None or (measure in COUNTS and not own.value) for own in each):
            continue
        table.add_row(_said(facts, measure), *map(_cell, each))
    return table


def _said(facts: MeasuredFacts, measure: str) -> str:
    """Return a measure as people say it; of a record counts are a day's, not a run's."""
    if measure.startswith(TARGET):
        return clean(measure.removeprefix(TARGET))
    title = definition(measure).titled(facts.horizon_ms)
    if facts.unit == "replication" or measure not in COUNTS:
        return title
    title = ENDED if measure == "abandoned" else title
    return title.removesuffix(", per run") + ", per day" * (facts.unit == "day")


def _cell(row: Estimate | None) -> str:
    """Return a value with its interval; in place of a percentile that is not reached, a word."""
    if row is None:
        return "-"
    if row.value is None:
        return row.note.partition(":")[0]
    return bracketed(row.value, row.low, row.high, row.unit, False)


def _by_group(facts: MeasuredFacts, rows: Rows, title: str, prefix: str) -> Table:
    names = facts.alternatives
    mean, p90 = _shown(facts.unit)
    table = Table(title=f"{title}: response time", title_justify="left")
    table.add_column(title.removeprefix("By "))
    table.add_column("callouts", justify="right")
    for name in names:
        label = f"{clean(name)}: " * (len(names) > 1)
        for measure in (mean, p90):
            words = definition(measure).title.removeprefix("response time, ")
            table.add_column(label + words, justify="right")
    first = [g for n, m, g in rows if n == names[0] and m == "callouts" and g.startswith(prefix)]

    def often(group: str) -> float:
        return float(rows[names[0], "callouts", group].value or 0.0)

    for group in sorted(first, key=(lambda g: g) if prefix == "hour:" else (lambda g: -often(g))):
        cells = [say(often(group), "per day")]
        for name in names:
            cells += [_cell(rows.get((name, measure, group))) for measure in (mean, p90)]
        table.add_row(clean(group.removeprefix(prefix)), *cells)
    return table


def _shown(unit: str) -> tuple[str, str]:
    """Return the mean and percentile shown by group: of those reached where it is a record."""
    if unit == "replication":
        return RESTRICTED_MEAN, P90
    return "response_mean_reached", "reached_p90"


def draw_measured(
    found: Measured, into: Path, formats: Sequence[str] = ("png", "svg")
) -> list[Path]:
    """Draw what a record has the data for, and return the files written."""
    # it tells where it keeps its list of fonts, which is nobody's business here
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    into.mkdir(parents=True, exist_ok=True)
    under = caption(found)
    notes = tuple(filter(None, map(note_of, _drawn_targets(found))))
    figures = [
        ("share-reached", figure_share_curves(share_curves(found), replace(under, notes=notes))),
        ("day-profile", figure_hours(hours(found), under)),
        ("areas", figure_areas(areas(found), under)),
    ]
    data = map_data(found)
    if data is not None:
        figures.append(("map", figure_map(data, under)))
    return [path for name, figure in figures for path in save(figure, into / name, formats)]


def share_curves(found: Measured) -> ShareCurves:
    """Return the share reached against time, of the callouts that the first target is about."""
    targets = _drawn_targets(found)
    promise = next(iter(targets), None)
    within = [target.within / MS_PER_MINUTE for target in targets]
    last = [np.quantile(t, 0.97) for s in found.samples if len(t := _reached(s))]
    wanted = [float(max(last, default=3_600_000)) / MS_PER_MINUTE]
    wanted += [1.2 * target.within / MS_PER_MINUTE for target in targets]
    evenly = np.linspace(0, 5 * np.ceil(max(wanted) / 5), POINTS + 1)
    minutes = np.union1d(evenly, within)  # so that what is read at a target is what tables say
    at = np.rint(minutes * MS_PER_MINUTE).astype(np.int64)
    curves = []
    for sample in found.samples:
        concerned = None if promise is None else meant_by(sample, promise)
        curve = share_curve(sample.observations, at, concerned)
        curves.append(Band(sample.name, curve.value, curve.low, curve.high))
    lines = tuple(TargetLine(t.name, m, t.share) for t, m in zip(targets, within, strict=True))
    whose = cohort_of(promise)
    return ShareCurves(minutes, tuple(curves), (), lines, f"{whose} reached in time", whose)


def _drawn_targets(found: Measured) -> tuple[Target, ...]:
    """Return the target whose callouts the curves are of; none where there is no target."""
    return found.samples[0].standards.targets[:1]


def _reached(sample: Sample) -> Any:
    response = sample.observations.response
    return response[response >= 0]


def hours(found: Measured) -> Hours:
    """Return callouts, busy units and response times by hour of the day."""
    obs = found.samples[0].observations
    measured = _hours_measured(found)
    weights = measured if found.clock.changes else None  # else all are alike
    labels = [f"hour:{hour:02d}" for hour in range(24)]
    mean, p90 = _times(found, labels)
    busy = [
        Band(s.name, *over_replications(s.observations.committed_by_hour, weights))
        for s in found.samples
        if s.observations.committed.any()
    ]
    callouts = Hourly(*over_replications(per_hour(callouts_by_hour(obs), measured), weights))
    return Hours(mean, p90, callouts, tuple(busy), words=_words(found))


def _hours_measured(found: Measured) -> Any:
    """
    Return how often each hour of the day occurs in each unit of intervals. Shape (units, 24)

    In a day of 23 hours one does not, and in one of 25 hours one does twice.
    """
    units = found.samples[0].observations.replications
    if found.unit != "day":
        return np.tile(hours_measured(found.clock, found.end), (units, 1))
    edges = pairwise([*found.clock.day_begins(found.end), found.end])
    return np.array([hours_measured(found.clock.since(a), b - a) for a, b in edges])


def areas(found: Measured) -> Areas:
    """Return response times of the areas with most callouts."""
    rows = estimates(found.summary)
    name = found.samples[0].name
    often = {
        g: own.value or 0.0
        for (n, m, g), own in rows.items()
        if n == name and m == "callouts" and g.startswith("area:")
    }
    groups = sorted(often, key=lambda g: (-often[g], g))[:MOST_AREAS]
    mean, p90 = _times(found, groups)
    names = tuple(group.removeprefix("area:") for group in groups)
    callouts = np.array([often[g] for g in groups])
    days = found.end / MS_PER_DAY
    return Areas(names, callouts, mean, p90, words=_words(found), days=days)


def _words(found: Measured) -> tuple[str, str]:
    mean, p90 = (definition(m).title.removeprefix("response time, ") for m in _shown(found.unit))
    return mean, p90


def _times(found: Measured, groups: Sequence[str]) -> tuple[tuple[Band, ...], tuple[Any, ...]]:
    """Return means with intervals, and 90th percentiles, of groups. [min]"""
    rows = estimates(found.summary)
    mean, p90 = _shown(found.unit)
    means, p90s = [], []
    for sample in found.samples:
        each = [numbers(rows.get((sample.name, mean, g))) for g in groups]
        columns = np.array(each, dtype=np.float64).reshape(-1, 3).T
        means.append(Band(sample.name, *columns))
        late = [numbers(rows.get((sample.name, p90, g)))[0] for g in groups]
        p90s.append(np.array(late, dtype=np.float64))
    return tuple(means), tuple(p90s)


def map_data(found: Measured) -> MapData | None:
    """
    Return the map of a record: each place's callouts a day and mean response time.

    Recoveries of the dead are apart from all other callouts.
    """
    if len(found.sites) < 2:
        return None
    sample = found.samples[0]
    counted, recoveries_counted = said_counted(sample.names.kinds)
    dead = are_recoveries(sample.observations.kind, sample.names.kinds)
    until = say_duration(sample.standards.horizon)
    measure = "mean response time [min] of those reached"
    if found.unit == "replication":
        measure = f"mean response time [min]; not reached within {until} counts as {until}"
    return MapData(
        coast=(), roads=(), places=_map_places(found, sample, ~dead), bases=(), hospitals=(),
        measure=measure, counted=counted, recoveries_counted=recoveries_counted,
        recoveries=_map_places(found, sample, dead) if dead.any() else (),
    )  # fmt: skip


def _map_places(found: Measured, sample: Sample, chosen: Any) -> tuple[MapPlace, ...]:
    """Return the places that have a position, with some of their callouts."""
    obs, days = sample.observations, found.end / MS_PER_DAY
    if found.unit == "replication":
        days *= obs.replications
    places, names = [], np.array(sample.names.places)
    for name in dict.fromkeys(sample.names.places):
        if name in found.sites:
            here = np.isin(obs.place, np.flatnonzero(names == name)) & chosen
            mean = _mean_here(found, sample, here)
            lat, lon = found.sites[name]
            places.append(MapPlace(name, "", lon, lat, float(here.sum()) / days, mean))
    return tuple(places)


def _mean_here(found: Measured, sample: Sample, here: Any) -> float | None:
    """Return the mean at a place, of a record of those reached; None: too few callouts. [min]"""
    if found.unit == "replication":
        return restricted_mean(sample, here)
    times = sample.observations.response[here & (sample.observations.response >= 0)]
    return float(times.mean()) / MS_PER_MINUTE if len(times) >= FEWEST else None
