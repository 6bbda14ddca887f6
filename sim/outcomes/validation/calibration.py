"""How a simulated distribution of times fits a recorded one, as a whole."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.log import MS_PER_MINUTE

from ..inference.censoring import Floats, Ints
from .callout_times import UNKNOWN
from .compared_times import Sides, order_statistic
from .day_blocks import divided

POINTS = 41  # times at which shares are compared, but for round ones
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240)  # between round times [min]
MOST_ROUND = 5
SHARES = np.arange(1, 100) / 100  # at which quantiles are compared


@dataclass(frozen=True, slots=True)
class Fit:
    """
    The distance of Kolmogorov and Smirnov between recorded and simulated times.

    It is the largest difference of their shares within any time. ``by_chance`` is the 95th
    percentile of the distance of one replication from the others, and ``p`` the share of
    replications that are as far as the record or farther, the record among them: days that belong
    together stay together. The usual p value would count callouts as independent, and is not given.
    """

    distance: float
    by_chance: float
    p: float
    recorded: int
    simulated: int


def ks_distance(a: Ints, b: Ints) -> float:
    """
    Return the largest difference of two empirical distribution functions.

    Parameters
    ----------
    a, b
        Times in rising order, at least one each.

    """
    at = np.concatenate([a, b])
    return float(np.abs(_shares(a, at) - _shares(b, at)).max())


def _shares(ordered: Ints, at: Ints) -> Floats:
    return np.asarray(np.searchsorted(ordered, at, "right") / len(ordered))


def fit_of(sides: Sides, part: str) -> Fit | None:
    """Return how a part of all callouts fits; None where either has none."""
    rec, sim, run = _times(sides, part)
    if not len(rec) or not len(sim):
        return None
    distance = ks_distance(rec, np.sort(sim))
    own = _of_replications(sim, run, sides.replications)
    farther = sum(other >= distance - 1e-12 for other in own)
    by_chance = sorted(own)[max(0, math.ceil(0.95 * len(own)) - 1)] if own else math.nan
    return Fit(distance, by_chance, (1 + farther) / (1 + len(own)), len(rec), len(sim))


def _times(sides: Sides, part: str) -> tuple[Ints, Ints, Ints]:
    rec, sim = sides.recorded.times[part], sides.simulated.times[part]
    known = sim != UNKNOWN
    return np.sort(rec[rec != UNKNOWN]), sim[known], sides.simulated.replication[known]


def _of_replications(times: Ints, run: Ints, replications: int) -> list[float]:
    """
    Return how far each replication is from the others.

    Notes
    -----
    Between two of its own times a replication's share is constant and that of the others rises, so
    the distance is found at its own times, on either side.

    """
    pooled = np.sort(times)
    found = []
    for number in range(replications):
        own = np.sort(times[run == number])
        rest = len(pooled) - len(own)
        if not len(own) or not rest:
            continue
        farthest = 0.0
        for side in ("left", "right"):
            mine = np.searchsorted(own, own, side)
            all_ = np.searchsorted(pooled, own, side)
            farthest = max(farthest, float(np.abs(mine / len(own) - (all_ - mine) / rest).max()))
        found.append(farthest)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """
    Shares of callouts within a time, recorded and predicted, and quantiles of both.

    ``recorded_low`` and ``recorded_high`` are a 95 % interval by blocks of days;
    ``simulated_low`` and ``simulated_high`` the least and the most of the replications: what a
    period as long as the record would show by chance. Shares have shape (times,), quantiles [ms]
    shape (99,), for 1 % to 99 %. ``round_times`` are a few of ``within`` to read the shares at.
    """

    within: Ints  # [ms]
    round_times: tuple[int, ...]  # [ms]
    recorded: Floats
    recorded_low: Floats
    recorded_high: Floats
    simulated: Floats
    simulated_low: Floats
    simulated_high: Floats
    recorded_quantiles: Floats
    simulated_quantiles: Floats


def calibration_of(sides: Sides, part: str) -> Calibration | None:
    """Return shares and quantiles of a part in all callouts; None where either has none."""
    rec, sim, run = _times(sides, part)
    if not len(rec) or not len(sim):
        return None
    ordered = np.sort(sim)
    last = max(order_statistic(rec, 0.97), order_statistic(ordered, 0.97))
    marks = round_times(last)
    within = np.union1d(np.rint(np.linspace(0, last, POINTS)).astype(np.int64), marks)
    within = within.astype(np.int64)
    drawn = _drawn_shares(sides, part, within)
    runs = [s for n in range(sides.replications) if len(s := np.sort(sim[run == n]))]
    each = np.array([_shares(own, within) for own in runs])
    low, high = np.nanpercentile(drawn, [2.5, 97.5], axis=0)
    quantiles = (np.array([order_statistic(o, p) for p in SHARES]) for o in (rec, ordered))
    return Calibration(
        within, marks, _shares(rec, within), low, high, _shares(ordered, within),
        each.min(axis=0), each.max(axis=0), *quantiles,
    )  # fmt: skip


def round_times(last: float) -> tuple[int, ...]:
    """
    Return at most five round times up to a last one. [ms]

    Examples
    --------
    >>> [time // 60_000 for time in round_times(44 * 60_000)]
    [10, 20, 30, 40]

    """
    minutes = last / MS_PER_MINUTE
    step = next((step for step in STEPS if minutes < step * (MOST_ROUND + 1)), STEPS[-1])
    count = min(MOST_ROUND, int(minutes // step))
    return tuple(step * number * MS_PER_MINUTE for number in range(1, count + 1))


def _drawn_shares(sides: Sides, part: str, within: Ints) -> Floats:
    """Return recorded shares within times, in each draw of days. Shape (draws, times)"""
    rec, day = sides.recorded.times[part], sides.recorded.day
    counts = np.zeros((sides.days, len(within) + 1))
    known = rec != UNKNOWN
    np.add.at(counts, (day[known], np.searchsorted(within, rec[known])), 1.0)
    cumulated = np.cumsum(sides.by_day @ counts, axis=1)
    return divided(cumulated[:, :-1], cumulated[:, -1:])
