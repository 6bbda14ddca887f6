"""A measured record on the terminal and in figures: what a run shows, as far as it is recorded."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from sim.experiment.measuring import Measured
from sim.log import MS_PER_DAY, MS_PER_MINUTE
from sim.outcomes import Sample, ratio, share_curve
from sim.units import say_duration

from .figures import Band, Caption, Hourly, MapData, Place, ShareCurves, Target, save
from .figures.curves import figure_share_curves
from .figures.groups import Areas, Hours, figure_areas, figure_hours
from .figures.mapping import figure_map
from .tables import PLAIN, said_measure, with_interval
from .words import clean, say

POINTS = 240  # of a share curve
FEWEST = 10  # callouts at a place, for a 90th percentile
MOST_AREAS = 24  # with a row of their own in a figure
RECORDED = {
    "response_mean": "response time, mean of those reached",
    "reached_median": "response time, median of those reached",
    "reached_p90": "response time, 9 of 10 of those reached",
    "response_median": "response time, median of all",
    "response_p90": "response time, 9 of 10 of all",
    "wait_mean": "ready to dispatched, mean",
    "wait_p90": "ready to dispatched, 9 of 10",
    "gave_up": "closed with nobody there",
    "not_reached": "not reached",
    "unfinished": "unfinished",
}
ORDER = (
    "callouts", "response_mean", "reached_median", "reached_p90", "response_median",
    "response_p90", "attendance_mean", "attendance_p90", "wait_mean", "wait_p90",
    "share_waiting", "survival",
)  # fmt: skip

Row = tuple[Any, ...]


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
    told = f"{clean(found.name)} · {_period(found)} · measured, not simulated"
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
    console.print(
        f"{_period(found)} · measured, nothing is simulated · {_intervals(found)}\n"
        "Response time runs from received to first unit on scene."
    )
    summary = found.summary
    rows = {(r[0], r[1], r[2]): r for r in summary}
    names = [sample.name for sample in found.samples]
    console.print(_overall(found, rows, names))
    for title, prefix in (("By kind", "kind:"), ("By area", "area:"), ("By hour", "hour:")):
        table = _by_group(found, rows, names, title, prefix)
        if table.row_count > 1:
            console.print(table)
    console.print("Who was on duty is not in a record, so there is no utilisation.")


def _intervals(found: Measured) -> str:
    if found.unit == "day":
        days = found.samples[0].observations.replications
        return f"95 % intervals in brackets: each of {days} days a unit, as if independent"
    if found.unit == "replication":
        count = found.samples[0].observations.replications
        return f"{count} replications · 95 % intervals in brackets"
    return "one record of less than two whole days: no intervals"


def _overall(found: Measured, rows: dict[Any, Row], names: Sequence[str]) -> Table:
    table = Table()
    table.add_column("all callouts")
    for name in names:
        table.add_column(clean(name), justify="right")
    shares = list(dict.fromkeys(m for _, m, g in rows if m.startswith("share:") and g == "all"))
    for measure in (*ORDER[:4], *shares, *ORDER[4:], *PLAIN[1:]):
        each = [rows.get((name, measure, "all")) for name in names]
        if all(r is None or (measure in PLAIN[1:] and not r[3]) for r in each):
            continue
        cells = ["-" if r is None else with_interval(r) for r in each]
        table.add_row(_said(found, measure), *cells)
    return table


def _said(found: Measured, measure: str) -> str:
    """Return a measure as people say it, of a record in its own words."""
    if found.unit == "replication":
        return said_measure(measure)
    per_day = ", per day" * (measure in PLAIN[1:] and found.unit == "day")
    return RECORDED.get(measure, said_measure(measure)) + per_day


def _by_group(
    found: Measured, rows: dict[Any, Row], names: Sequence[str], title: str, prefix: str
) -> Table:
    own = found.unit == "replication"
    p90 = "response_p90" if own else "reached_p90"
    table = Table(title=f"{title}: response time", title_justify="left")
    table.add_column(title.removeprefix("By "))
    table.add_column("callouts", justify="right")
    for name in names:
        label = f"{clean(name)}: " * (len(names) > 1)
        table.add_column(f"{label}mean", justify="right")
        table.add_column("9 of 10 within" if own else "9 of 10 of those reached", justify="right")
    first = [g for n, m, g in rows if n == names[0] and m == "callouts" and g.startswith(prefix)]

    def often(group: str) -> float:
        return float(rows[names[0], "callouts", group][3] or 0.0)

    for group in sorted(first, key=(lambda g: g) if prefix == "hour:" else (lambda g: -often(g))):
        cells = [say(often(group), "per day")]
        for name in names:
            for measure in ("response_mean", p90):
                row = rows.get((name, measure, group))
                cells.append("-" if row is None else with_interval(row))
        table.add_row(clean(group.removeprefix(prefix)), *cells)
    return table


def draw_measured(
    found: Measured, into: Path, formats: Sequence[str] = ("png", "svg")
) -> list[Path]:
    """Draw what a record has the data for, and return the files written."""
    # it tells where it keeps its list of fonts, which is nobody's business here
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    into.mkdir(parents=True, exist_ok=True)
    under = caption(found)
    figures = [
        ("share-reached", figure_share_curves(share_curves(found), under)),
        ("day-profile", figure_hours(hours(found), under)),
        ("areas", figure_areas(areas(found), under)),
    ]
    data = map_data(found)
    if data is not None:
        figures.append(("map", figure_map(data, under)))
    return [path for name, figure in figures for path in save(figure, into / name, formats)]


def share_curves(found: Measured) -> ShareCurves:
    """Return the share reached against time, of the callouts that the first target is about."""
    promise = next(iter(found.samples[0].standards.targets), None)
    last = [np.quantile(t, 0.97) for s in found.samples if len(t := _reached(s))]
    wanted = [float(max(last, default=3_600_000)) / MS_PER_MINUTE]
    wanted += [1.2 * promise.within / MS_PER_MINUTE] if promise is not None else []
    minutes = np.linspace(0, 5 * np.ceil(max(wanted) / 5), POINTS + 1)
    at = np.rint(minutes * MS_PER_MINUTE).astype(np.int64)
    curves = []
    for sample in found.samples:
        curve = share_curve(sample.observations, at, _concerned(sample, promise))
        curves.append(Band(sample.name, curve.value, curve.low, curve.high))
    target = None
    if promise is not None:
        target = Target(promise.name, promise.within / MS_PER_MINUTE, promise.share)
    return ShareCurves(minutes, tuple(curves), (), target)


def _reached(sample: Sample) -> Any:
    response = sample.observations.response
    return response[response >= 0]


def _concerned(sample: Sample, promise: Any) -> Any:
    obs, kinds = sample.observations, sample.names.kinds
    if promise is not None and promise.kind is not None:
        return obs.kind == (kinds.index(promise.kind) if promise.kind in kinds else -1)
    if promise is not None and promise.priority is not None:
        return obs.priority == promise.priority
    return None


def hours(found: Measured) -> Hours:
    """Return callouts, busy units and response times by hour of the day."""
    obs = found.samples[0].observations
    counts = np.zeros((obs.replications, 24))
    np.add.at(counts, (obs.replication, obs.hour), 1)
    days = found.samples[0].end / MS_PER_DAY
    labels = [f"hour:{hour:02d}" for hour in range(24)]
    mean, p90 = _times(found, labels)
    busy = [
        Band(s.name, *_over(s.observations.busy_by_hour))
        for s in found.samples
        if s.observations.busy.any()
    ]
    return Hours(mean, p90, Hourly(*_over(counts / days)), tuple(busy))


def areas(found: Measured) -> Areas:
    """Return response times of the areas with most callouts."""
    rows = {(r[0], r[1], r[2]): r for r in found.summary}
    name = found.samples[0].name
    often = {
        g: r[3] or 0.0
        for (n, m, g), r in rows.items()
        if n == name and m == "callouts" and g.startswith("area:")
    }
    groups = sorted(often, key=lambda g: (-often[g], g))[:MOST_AREAS]
    mean, p90 = _times(found, groups)
    names = tuple(group.removeprefix("area:") for group in groups)
    return Areas(names, np.array([often[g] for g in groups]), mean, p90)


def _times(found: Measured, groups: Sequence[str]) -> tuple[tuple[Band, ...], tuple[Any, ...]]:
    """Return means with intervals, and 9 of 10, of groups. [min]"""
    rows = {(r[0], r[1], r[2]): r for r in found.summary}
    nine = "response_p90" if found.unit == "replication" else "reached_p90"
    means, p90s = [], []
    for sample in found.samples:
        each = [rows.get((sample.name, "response_mean", g)) for g in groups]
        numbers = [_numbers(row) for row in each]
        columns = np.array(numbers, dtype=np.float64).reshape(-1, 3).T
        means.append(Band(sample.name, *columns))
        late = [_numbers(rows.get((sample.name, nine, g)))[0] for g in groups]
        p90s.append(np.array(late, dtype=np.float64))
    return tuple(means), tuple(p90s)


def _numbers(row: Row | None) -> tuple[float, float, float]:
    if row is None or row[3] is None:
        return nan, nan, nan
    return row[3], row[3] if row[4] is None else row[4], row[3] if row[5] is None else row[5]


def _over(values: Any) -> tuple[Any, Any, Any]:
    """Return mean and interval over replications, column by column."""
    ones = np.ones(len(values))
    found = [ratio(column, ones) for column in np.nan_to_num(values).T]
    mean = np.array([f.value or 0.0 for f in found])
    low = np.array([f.value or 0.0 if f.low is None else f.low for f in found])
    high = np.array([f.value or 0.0 if f.high is None else f.high for f in found])
    return mean, np.maximum(low, 0.0), high


def map_data(found: Measured) -> MapData | None:
    """Return the map of a record: each place's callouts a day and 90th percentile."""
    if len(found.sites) < 2:
        return None
    sample = found.samples[0]
    obs, days = sample.observations, found.end / MS_PER_DAY
    if found.unit == "replication":
        days *= obs.replications
    places, names = [], np.array(sample.names.places)
    for name in dict.fromkeys(sample.names.places):
        if name in found.sites:
            here = np.isin(obs.place, np.flatnonzero(names == name))
            times = obs.response[here & (obs.response >= 0)]
            nine = None
            if len(times) >= FEWEST:
                nine = float(np.quantile(times, 0.9, method="inverted_cdf")) / MS_PER_MINUTE
            lat, lon = found.sites[name]
            places.append(Place(name, "", lon, lat, float(here.sum()) / days, nine))
    return MapData(
        coast=(), roads=(), places=tuple(places), bases=(), hospitals=(),
        measure="minutes within which 9 of 10 of those reached were",
        subtitle="Circles are places where callouts came from",
    )  # fmt: skip
