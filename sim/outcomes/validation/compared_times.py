"""Statistics of a record and a simulation next to each other, each with how sure they are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..inference.censoring import SLACK, Bools, Floats, Ints
from .callout_times import UNKNOWN, CalloutTimes
from .day_blocks import (
    Binned,
    Uncertainty,
    blocks_in,
    combined,
    common_edges,
    day_weights,
    divided,
    replication_weights,
    variance_of,
)

MEDIAN, P90, MEAN = "median", "p90", "mean"
QUANTILES = {"p10": 0.1, "p25": 0.25, MEDIAN: 0.5, "p75": 0.75, P90: 0.9, "p95": 0.95}
IN_GROUPS = (MEDIAN, P90)
KNOWN = 1000.0  # degrees of freedom of a variance that is not estimated
FEWEST_CALLOUTS, FEWEST_DAYS = 30, 10  # of which anything is concluded


@dataclass(frozen=True, slots=True)
class ComparedStatistic:
    """
    A statistic of both, in the unit of the data; ``chance`` is of simulated minus recorded.

    ``callouts`` and ``days`` are how many of the record it rests on.
    """

    statistic: str
    recorded: float
    simulated: float
    chance: Uncertainty | None
    callouts: int
    days: int


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """
    A record and a simulation of the same days.

    ``paired`` says that the simulation ran on the record's own callouts. ``by_day`` and
    ``by_replication`` are how often each is drawn, of shape (draws, days) and (draws,
    replications). ``grain`` is to what the record's instants are written down. [ms]
    """

    recorded: CalloutTimes
    simulated: CalloutTimes
    days: int
    replications: int
    paired: bool
    by_day: Floats
    by_replication: Floats
    grain: int = 1

    @classmethod
    def of(
        cls, recorded: CalloutTimes, simulated: CalloutTimes, days: int, replications: int,
        paired: bool, seed: int, grain: int = 1,
    ) -> Sides:  # fmt: skip
        """Return both with the draws of their bootstrap."""
        weights = day_weights(days, seed), replication_weights(replications, seed)
        return cls(recorded, simulated, days, replications, paired, *weights, grain)


def order_statistic(ordered: Ints, p: float) -> float:
    """Return the quantile of rank ``ceil(N p)`` of times in rising order."""
    return float(ordered[max(0, math.ceil(len(ordered) * p - SLACK) - 1)])


def compared_times(
    sides: Sides, part: str, chosen: tuple[Bools, Bools], statistics: Sequence[str]
) -> list[ComparedStatistic]:
    """
    Return quantiles, and the mean where asked for, of a part in some callouts. [ms]

    Parameters
    ----------
    sides
        Record and simulation.
    part
        The part of the time.
    chosen
        Which callouts count, of the record and of the simulation. Shape (callouts,) each
    statistics
        Names in ``QUANTILES``, and ``mean``.

    Returns
    -------
    Nothing where either has no such time; of few callouts or days nothing of chance.

    """
    rec, sim = (
        _known(side, part, which)
        for side, which in zip((sides.recorded, sides.simulated), chosen, strict=True)
    )
    if not len(rec.times) or not len(sim.times):
        return []
    days = len(np.unique(rec.day))
    few = len(rec.times) < FEWEST_CALLOUTS or days < FEWEST_DAYS
    names = [name for name in statistics if name in QUANTILES]
    points = [[order_statistic(np.sort(s.times), QUANTILES[n]) for n in names] for s in (rec, sim)]
    chances: list[Uncertainty | None] = [None] * len(names)
    if not few:
        chances = _of_quantiles(sides, rec, sim, tuple(QUANTILES[n] for n in names))
    if MEAN in statistics:
        names.append(MEAN)
        for values, side in zip(points, (rec, sim), strict=True):
            values.append(float(side.times.mean()))
        chances.append(None if few else _of_mean(sides, rec, sim))
    return [
        ComparedStatistic(name, recorded, simulated, chance, len(rec.times), days)
        for name, recorded, simulated, chance in zip(names, *points, chances, strict=True)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    times: Ints
    day: Ints
    replication: Ints


def _known(side: CalloutTimes, part: str, chosen: Bools) -> _Known:
    kept = chosen & (side.times[part] != UNKNOWN)
    return _Known(side.times[part][kept], side.day[kept], side.replication[kept])


def _of_quantiles(
    sides: Sides, rec: _Known, sim: _Known, ps: tuple[float, ...]
) -> list[Uncertainty | None]:
    edges = common_edges(rec.times, sim.times)
    by_day = Binned.of(rec.times, rec.day, sides.days, edges).quantiles(sides.by_day, ps)
    if sides.paired:
        own = Binned.of(sim.times, sim.day, sides.days, edges)
        by_day = own.quantiles(sides.by_day, ps) - by_day
    runs = Binned.of(sim.times, sim.replication, sides.replications, edges)
    by_run = runs.quantiles(sides.by_replication, ps)
    # A quantile of times written to the minute stands still in most draws, and is yet known to no
    # more than the minute: either side is off by as much as half of it, evenly.
    rounding = sides.grain**2 / 6
    return [_chance(sides, by_day[:, i], by_run[:, i], rounding) for i in range(len(ps))]


def _of_mean(sides: Sides, rec: _Known, sim: _Known) -> Uncertainty | None:
    by_day = _means(rec.times, rec.day, sides.by_day)
    if sides.paired:
        by_day = _means(sim.times, sim.day, sides.by_day) - by_day
    return _chance(sides, by_day, _means(sim.times, sim.replication, sides.by_replication))


def _means(times: Ints, cluster: Ints, weights: Floats) -> Floats:
    """Return the mean in each draw of clusters; nan where nothing is drawn. Shape (draws,)"""
    size = weights.shape[1]
    sums = weights @ np.bincount(cluster, times, size)
    counts = weights @ np.bincount(cluster, minlength=size)
    return divided(sums, counts)


def _chance(
    sides: Sides, by_day: Floats, by_run: Floats, rounding: float = 0.0
) -> Uncertainty | None:
    return combined([
        variance_of(by_day, blocks_in(sides.days)), variance_of(by_run, sides.replications),
        (rounding, KNOWN),
    ])  # fmt: skip


def compared_counts(sides: Sides, chosen: tuple[Bools, Bools]) -> list[ComparedStatistic]:
    """
    Return callouts a day (``mean``) and, of all, how days differ: their index of dispersion.

    That is the variance over the mean of daily counts, in the simulation of each replication.
    """
    rec, sim = (_daily(sides, side, which) for side, which in zip(
        (sides.recorded, sides.simulated), chosen, strict=True
    ))  # fmt: skip
    callouts, days = int(rec.sum()), int(np.count_nonzero(rec))
    mean = _chance(
        sides, sides.by_day @ rec[0] / sides.days,
        sides.by_replication @ sim.mean(axis=1) / sides.replications,
    )  # fmt: skip
    found = [ComparedStatistic(MEAN, float(rec.mean()), float(sim.mean()), mean, callouts, days)]
    index = _dispersion(sim)
    if all(flags.all() for flags in chosen) and rec.sum() and np.isfinite(index).all():
        spread = _chance(
            sides, _drawn_dispersion(rec[0], sides.by_day),
            sides.by_replication @ index / sides.replications,
        )  # fmt: skip
        own = float(_dispersion(rec)[0])
        found.append(
            ComparedStatistic("dispersion index", own, float(index.mean()), spread, callouts, days)
        )
    return found


def _daily(sides: Sides, side: CalloutTimes, chosen: Bools) -> Ints:
    """Return callouts by day. Shape (replications, days), of a record (1, days)"""
    runs = 1 if side is sides.recorded else sides.replications
    at = side.replication[chosen] * sides.days + side.day[chosen]
    return np.bincount(at, minlength=runs * sides.days).reshape(runs, sides.days)


def _dispersion(daily: Ints) -> Floats:
    means = daily.mean(axis=1)
    variances = daily.var(axis=1, ddof=1)
    return divided(variances, means)


def _drawn_dispersion(daily: Ints, weights: Floats) -> Floats:
    days = len(daily)
    means = weights @ daily / days
    squares = weights @ (daily * daily) / days
    return divided((squares - means * means) * days / (days - 1), means)


def groups_of(
    side: CalloutTimes, names: Mapping[str, Sequence[str]], first_weekday: int
) -> dict[str, Bools]:
    """
    Return which callouts belong to each group, by name as in ``hour:07``.

    Parameters
    ----------
    side
        Recorded or simulated callouts.
    names
        ``kind`` by number; ``place``, ``area`` by number of the place; ``priority`` by number of
        the kind.
    first_weekday
        Weekday of the period's first day, 0 for Monday.

    """
    found: dict[str, Bools] = {"all": np.ones(len(side), dtype=np.bool_)}
    for begin in range(0, 24, 6):
        found[f"hours:{begin:02d}-{begin + 6:02d}"] = side.hour // 6 == begin // 6
    found |= {f"hour:{hour:02d}": side.hour == hour for hour in range(24)}
    weekday = (side.day + first_weekday) % 7
    found |= {f"weekday:{name}": weekday == i for i, name in enumerate(WEEKDAYS)}
    for by, number in (("kind", side.kind), ("priority", side.kind), ("area", side.place)):
        own = np.array(names[by], dtype=str)[number] if len(side) else np.array([], dtype=str)
        found |= {f"{by}:{name}": own == name for name in dict.fromkeys(names[by])}
    if list(names["place"]) != list(names["area"]):
        found |= {f"place:{n}": side.place == i for i, n in enumerate(names["place"])}
    return found


WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
