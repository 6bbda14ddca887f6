"""Share curves: the share of callouts reached by each time, and differences of such curves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..inference.censoring import Bools, Floats, Ints, count_within
from ..inference.intervals import paired_difference, share
from ..observed.observations import Observations


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Shares (or their differences) at given times; ``nan`` where none. Shape (times,)"""

    value: Floats
    low: Floats
    high: Floats


def share_curve(obs: Observations, thresholds_ms: Ints, select: Bools | None = None) -> Curve:
    """
    Return the share of callouts reached within each threshold, with its interval.

    Parameters
    ----------
    obs
        Observations of one alternative.
    thresholds_ms
        Response times, ascending. [ms], shape (times,)
    select
        Which callouts count; all if not given. Shape (callouts,)

    Notes
    -----
    Each point is a `share` of the callouts whose state at that threshold is known. Before the
    first callout is reached the band is no higher than where the curve begins to rise, since
    the share cannot fall; likewise after the last.

    """
    within, determined = _counts(obs, thresholds_ms, select)
    points = [share(y, n) for y, n in zip(within.T, determined.T, strict=True)]
    curve = _curve([(point.value, point.low, point.high) for point in points])
    rising = np.flatnonzero((curve.value > 0) & (curve.value < 1))
    if len(rising):
        first, last = rising[0], rising[-1]
        curve.high[:first] = np.fmin(curve.high[:first], curve.high[first])
        curve.low[last + 1 :] = np.fmax(curve.low[last + 1 :], curve.low[last])
    return curve


def paired_share_curve(
    obs: Observations,
    baseline: Observations,
    thresholds_ms: Ints,
    select: Bools | None = None,
    baseline_select: Bools | None = None,
) -> Curve:
    """
    Return the difference of two share curves, ``obs`` minus ``baseline``, with its paired interval.

    Parameters
    ----------
    obs, baseline
        Observations of two alternatives over the same replications.
    thresholds_ms
        Response times, ascending. [ms], shape (times,)
    select, baseline_select
        Which callouts count in each; all if not given. Shape (callouts,)

    Raises
    ------
    SimError
        When the alternatives have different numbers of replications.

    """
    a, b = _counts(obs, thresholds_ms, select), _counts(baseline, thresholds_ms, baseline_select)
    points = [
        paired_difference(*columns) for columns in zip(a[0].T, a[1].T, b[0].T, b[1].T, strict=True)
    ]
    return _curve([(point.difference, point.low, point.high) for point in points])


def _counts(obs: Observations, thresholds: Ints, select: Bools | None) -> tuple[Ints, Ints]:
    times, reached = obs.response_times()
    chosen = slice(None) if select is None else select
    return count_within(
        np.asarray(thresholds, dtype=np.int64),
        times[chosen],
        reached[chosen],
        obs.replication[chosen],
        obs.replications,
    )


def _curve(points: list[tuple[float | None, float | None, float | None]]) -> Curve:
    columns = np.array(points, dtype=np.float64).reshape(-1, 3).T  # None becomes nan
    return Curve(*(column.copy() for column in columns))
