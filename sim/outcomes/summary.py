"""
The tables: estimates with intervals, values by replication, paired comparisons.

Values are in people's units: minutes, shares from 0 to 1, callouts. A group without callouts
has no row.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.errors import SimError
from sim.log import Names

from .censoring import Floats
from .intervals import Interval, Paired, paired_difference, share
from .measures import Grouping, Measure, groupings, measures, paired_measures
from .observations import Observations
from .replications import NOTHING

if TYPE_CHECKING:
    from sim.scenario.models import Target


class Estimate(NamedTuple):
    """A measure of one group with its 95 % interval; see `intervals.Interval` for None."""

    measure: str
    group: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    replications: int
    weak: str


class Comparison(NamedTuple):
    """A paired difference to the baseline with its 95 % interval; see `intervals.Paired`."""

    measure: str
    group: str
    difference: float
    low: float | None
    high: float | None
    unit: str
    correlation: float | None
    variance_ratio: float | None
    replications: int
    weak: str = ""


class Value(NamedTuple):
    """A measure of one group in one replication."""

    replication: int
    measure: str
    group: str
    value: float
    unit: str


def summarise(
    obs: Observations, names: Names, targets: Sequence[Target], end: int
) -> list[Estimate]:
    """
    Estimate every measure for all callouts and by kind, priority, area, hour and team.

    Parameters
    ----------
    obs
        Observations of one alternative, all its replications.
    names
        Words behind the numbers.
    targets
        Promises to measure against; one of a kind unknown to ``names`` has no rows.
    end
        Length of the measured period. [ms]

    """
    rows = []
    wanted = measures(obs, names, targets, end)
    for grouping in groupings(obs, names):
        columns = [(m, m.by_group(obs, grouping)) for m in _shown(wanted, grouping)]
        for g, group in _groups(obs, grouping):
            for measure, found in columns:
                rows.append(_estimate(measure.name, group, found[g], measure.unit, obs))
    for group, busy, on_duty in _teams(obs, names):
        rows.append(_estimate("busy_fraction", group, share(busy, on_duty), "share", obs))
    return [row for row in rows if row is not None]


def per_replication(
    obs: Observations, names: Names, targets: Sequence[Target], end: int
) -> list[Value]:
    """
    Return the same measures for each replication alone, ordered by replication.

    Parameters as in `summarise`. Where a replication has nothing to measure, or a quantile is
    not reached, there is no row.
    """
    columns: list[tuple[str, str, str, Floats]] = []
    wanted = measures(obs, names, targets, end)
    for grouping in groupings(obs, names):
        found = [(m, m.by_replication(obs, grouping)) for m in _shown(wanted, grouping)]
        for g, group in _groups(obs, grouping):
            columns += [(m.name, group, m.unit, values[:, g]) for m, values in found]
    for group, busy, on_duty in _teams(obs, names):
        fraction = np.full(obs.replications, np.nan)
        np.divide(busy, on_duty, out=fraction, where=on_duty > 0)
        columns.append(("busy_fraction", group, "share", fraction))
    return [
        Value(replication, measure, group, float(values[replication]), unit)
        for replication in range(obs.replications)
        for measure, group, unit, values in columns
        if not math.isnan(values[replication])
    ]


def compare(
    obs: Observations, baseline: Observations, names: Names, targets: Sequence[Target]
) -> list[Comparison]:
    """
    Return differences to the baseline, paired by replication.

    Parameters
    ----------
    obs, baseline
        Observations of two alternatives over the same replications, in the same order.
    names, targets
        As in `summarise`.

    Raises
    ------
    SimError
        When the alternatives have different numbers of replications.

    """
    if obs.replications != baseline.replications:
        raise SimError(
            f"{obs.replications} replications cannot be paired with {baseline.replications}; "
            "both must be the same"
        )
    rows = []
    pairs = list(
        zip(
            paired_measures(obs, names, targets),
            paired_measures(baseline, names, targets),
            strict=True,
        )
    )
    *shared, _hours = zip(groupings(obs, names), groupings(baseline, names), strict=True)
    for ours, theirs in shared:
        tallies = [(a, a.tally(obs, ours), b.tally(baseline, theirs)) for a, b in pairs]
        for g, group in enumerate(ours.labels[: len(theirs.labels)]):
            for measure, a, b in tallies:
                paired = paired_difference(
                    a.amount[:, g], a.size[:, g], b.amount[:, g], b.size[:, g]
                )
                rows.append(
                    _comparison(measure.name, group, paired, measure.unit, measure.scale, obs)
                )
    ours_busy, theirs_busy = (_busy(side) for side in (obs, baseline))
    paired = paired_difference(*ours_busy, *theirs_busy)
    rows.append(_comparison("busy_fraction", "all", paired, "share", 1.0, obs))
    return [row for row in rows if row is not None]


def _shown(wanted: Sequence[Measure], grouping: Grouping) -> list[Measure]:
    return [measure for measure in wanted if measure.brief or not grouping.brief]


def _groups(obs: Observations, grouping: Grouping) -> Iterator[tuple[int, str]]:
    """Yield the groups that hold callouts."""
    sizes = np.bincount(grouping.group, minlength=len(grouping.labels))
    for g, group in enumerate(grouping.labels):
        if sizes[g] or group == "all":
            yield g, group


def _busy(obs: Observations) -> tuple[Floats, Floats]:
    """Return time on missions and on duty of all teams together. [ms], shape (replications,)"""
    return obs.busy.sum(axis=1).astype(np.float64), obs.on_duty.sum(axis=1).astype(np.float64)


def _teams(obs: Observations, names: Names) -> Iterator[tuple[str, Floats, Floats]]:
    """Yield a group of teams, and their time on missions and on duty in each replication."""
    yield "all", *_busy(obs)
    for number, team in enumerate(names.teams):
        busy, on_duty = obs.busy[:, number], obs.on_duty[:, number]
        yield f"team:{team}", busy.astype(np.float64), on_duty.astype(np.float64)


def _estimate(
    measure: str, group: str, found: Interval | None, unit: str, obs: Observations
) -> Estimate | None:
    if found is None or found.weak == NOTHING:
        return None
    return Estimate(
        measure, group, found.value, found.low, found.high, unit, obs.replications, found.weak
    )


def _comparison(
    measure: str, group: str, found: Paired, unit: str, scale: float, obs: Observations
) -> Comparison | None:
    if found.difference is None:
        return None
    low, high = (None if bound is None else bound / scale for bound in (found.low, found.high))
    return Comparison(
        measure,
        group,
        found.difference / scale,
        low,
        high,
        unit,
        found.correlation,
        found.variance_ratio,
        obs.replications,
        found.weak,
    )
