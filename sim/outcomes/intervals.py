"""
Intervals that treat the replication as the unit.

Callouts of one replication share their luck (a busy week is busy for all), so they are not
independent: an interval from pooled callouts that promises 95 % may cover half as often. Every
estimate here is a ratio of sums over replications, and its error is judged by how the
replications differ [1]_. What may be too short for that says so in ``weak``.

References
----------
.. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., 1977, sec. 6.3 (ratio estimator);
   R. S. Woodruff, "Confidence intervals for medians and other position measures",
   *J. Am. Stat. Assoc.* 47, 1952, 635-646 (quantiles).

"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.errors import SimError

from .censoring import Bools, Floats, Ints, ReachedBy, count_within, influence
from .observations import Observations
from .replications import (
    NO_INTERVAL,
    NOTHING,
    PerReplication,
    relative_errors,
    reliability,
    standard_error,
    student_t,
)


@dataclass(frozen=True, slots=True)
class Interval:
    """
    An estimate with its confidence interval, in the unit of the data.

    ``value`` is None where it does not exist (no callouts, a quantile never reached); ``low``
    and ``high`` are None where there is no such bound. ``weak`` says in words why the interval
    may be too short, and is empty where nothing speaks against it.
    """

    value: float | None
    low: float | None
    high: float | None
    weak: str = ""


@dataclass(frozen=True, slots=True)
class Paired:
    """
    A difference between two alternatives that met the same callouts.

    ``variance_ratio`` is what independent replications would give over what pairing gives:
    below 1 the pairing is broken. It and ``correlation`` are None where nothing varies.
    """

    difference: float | None
    low: float | None
    high: float | None
    correlation: float | None
    variance_ratio: float | None
    weak: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Shares (or their differences) at given times; ``nan`` where none. Shape (times,)"""

    value: Floats
    low: Floats
    high: Floats


def ratio(y: PerReplication, n: PerReplication, level: float = 0.95) -> Interval:
    """
    Return a mean over callouts with its interval: the ratio of two sums.

    Parameters
    ----------
    y
        Per replication, the sum over its callouts. Shape (replications,)
    n
        Per replication, how many callouts (or how much time) that was. Shape (replications,)
    level
        Confidence level.

    """
    estimate = relative_errors(y, n)
    if estimate is None:
        return Interval(None, None, None, NOTHING)
    value, errors = estimate
    if len(errors) < 2:
        return Interval(value, None, None, NO_INTERVAL)
    half = student_t(level, len(errors)) * standard_error(errors)
    return Interval(value, value - half, value + half, reliability(errors))


def share(y: PerReplication, n: PerReplication, level: float = 0.95) -> Interval:
    """
    Return a share with its interval, which is taken on the logit scale to stay in [0, 1].

    Parameters
    ----------
    y, n
        Per replication, how many of how many. Shape (replications,)
    level
        Confidence level.

    Notes
    -----
    A share of exactly 0 or 1 shows no variation to judge by. Its interval is then the one-sided
    rule of three on replications: with R replications and none showing a case, at most
    ``1 - (1 - level)**(1/R)`` of replications would. It assumes nothing about callouts within a
    replication, so it is wide.

    """
    estimate = relative_errors(y, n)
    if estimate is None:
        return Interval(None, None, None, NOTHING)
    value, errors = estimate
    if len(errors) < 2:
        return Interval(value, None, None, NO_INTERVAL)
    if not 0 < value < 1:
        bound = 1 - (1 - level) ** (1 / len(errors))
        low, high = (0.0, bound) if value <= 0 else (1 - bound, 1.0)
        return Interval(value, low, high, "none or all of them: one-sided interval")
    half = student_t(level, len(errors)) * standard_error(errors) / (value * (1 - value))
    centre = math.log(value / (1 - value))
    low, high = _inverse_logit(centre - half), _inverse_logit(centre + half)
    # Two roundings through the logit must not push the value out of its own interval.
    return Interval(value, min(low, value), max(high, value), reliability(errors))


def quantile(
    times: Ints,
    reached: Bools,
    replication: Ints,
    p: float,
    replications: int,
    level: float = 0.95,
) -> Interval:
    """
    Return the time within which a share ``p`` of callouts is reached, with its interval. [ms]

    Parameters
    ----------
    times
        Time to being reached, or for how long a callout is known not to have been: so far if
        the run ended first, `NEVER` if it ended without. [ms], shape (callouts,)
    reached
        Whether it was reached at that time. Shape (callouts,)
    replication
        0 to ``replications - 1``. Shape (callouts,)
    p
        Share of callouts, in (0, 1).
    replications
        How many there are, those without a callout included.
    level
        Confidence level.

    Notes
    -----
    Woodruff's interval on replications: the share reached by the estimate has a standard error,
    and the interval holds the times at which ``p`` minus and plus ``t`` of these are reached.
    Without censoring the estimate is the callout of rank ``ceil(N p)``. A bound that the data do
    not hold is None (no upper bound) or the smallest time (lower bound), and ``weak`` says so.

    """
    if not len(times):
        return Interval(None, None, None, NOTHING)
    by = ReachedBy(times, reached)
    value = by.first_at(p)
    if value is None:
        return Interval(None, None, None, f"fewer than {p:.0%} were reached")
    if replications < 2:
        return Interval(float(value), None, None, NO_INTERVAL)
    per_replication = influence(by, value, times, reached, replication, replications)
    errors: list[float] = per_replication.tolist()
    # An influence is measured per callout, so its mean per replication is N / R of the share.
    half = student_t(level, replications) * standard_error(errors) * replications / len(times)
    low, high = by.last_at(p - half), by.first_at(p + half)
    reasons = [reliability(errors)]
    if low is None:
        low = int(by.times[0])
        reasons.append("too few callouts for a lower bound")
    if high is None:
        reasons.append("too few reached for an upper bound")
    bound = None if high is None else float(high)
    return Interval(float(value), float(low), bound, "; ".join(filter(None, reasons)))


def paired_difference(
    y_a: PerReplication,
    n_a: PerReplication,
    y_b: PerReplication,
    n_b: PerReplication,
    level: float = 0.95,
) -> Paired:
    """
    Return the difference of two ratios (a minus b) over the same replications, paired.

    Parameters
    ----------
    y_a, n_a, y_b, n_b
        Sums and counts of both alternatives as in `ratio`. Shape (replications,)
    level
        Confidence level.

    Raises
    ------
    SimError
        When the alternatives have different numbers of replications.

    """
    if len(y_a) != len(y_b):
        raise SimError(
            f"{len(y_a)} replications cannot be paired with {len(y_b)}; both must be the same"
        )
    a, b = relative_errors(y_a, n_a), relative_errors(y_b, n_b)
    if a is None or b is None:
        return Paired(None, None, None, None, None, NOTHING)
    difference, size = a[0] - b[0], len(a[1])
    if size < 2:
        return Paired(difference, None, None, None, None, NO_INTERVAL)
    apart = [u - v for u, v in zip(a[1], b[1], strict=True)]
    half = student_t(level, size) * standard_error(apart)
    var_a, var_b, paired = (math.fsum(z * z for z in errors) for errors in (a[1], b[1], apart))
    together = math.fsum(u * v for u, v in zip(a[1], b[1], strict=True))
    return Paired(
        difference,
        difference - half,
        difference + half,
        together / math.sqrt(var_a * var_b) if var_a > 0 and var_b > 0 else None,
        (var_a + var_b) / paired if paired > 0 else None,
        reliability(apart),
    )


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
    Each point is a `share` of the callouts whose fate at that threshold is known. Before the
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


def _inverse_logit(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


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
    columns = np.array(points, dtype=np.float64).reshape(-1, 3)  # None becomes nan
    return Curve(columns[:, 0].copy(), columns[:, 1].copy(), columns[:, 2].copy())
