"""
Intervals that treat the replication as the unit.

Callouts of one replication have a busy or a quiet week in common, so they are not independent: an
interval from pooled callouts that promises 95 % may cover half as often. Every estimate here is a
ratio of sums over replications, and its error is judged by how the replications differ [1]_. The
interval itself is that of `envelope`; quantiles have their own (`quantiles`).

References
----------
.. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., 1977, sec. 6.3: ratio estimator
   (recalled, not checked).

"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.errors import SimError

from .censoring import Bools, Ints, ReachedBy
from .envelope import envelope
from .quantiles import SortedTimes, pooled
from .replications import (
    FEW,
    FEW_REPLICATIONS,
    NOTHING,
    Interval,
    PerReplication,
    Spread,
    spread,
)

PAIRING_FAILS = "pairing fails: variance reduction factor"
NONE_OR_ALL = "none or all: one-sided interval"


@dataclass(frozen=True, slots=True)
class Paired:
    """
    A difference between two alternatives that met the same callouts.

    ``variance_reduction_factor`` is what independent replications would give over what pairing
    gives: below 1 the pairing is broken. It and ``correlation`` are None where nothing varies.
    ``apart`` is the difference with its errors.
    """

    difference: float | None
    low: float | None
    high: float | None
    correlation: float | None
    variance_reduction_factor: float | None
    note: str = ""
    apart: Spread | None = None


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
    return plain(spread(y, n), level)


def plain(found: Spread | None, level: float = 0.95) -> Interval:
    """Return the interval of an estimate; None: nothing to measure."""
    if found is None:
        return Interval(None, None, None, NOTHING)
    if found.no_interval:
        return Interval(found.value, None, None, found.no_interval)
    low, high = envelope(found, level)
    return Interval(found.value, low, high, remarks(found))


def remarks(found: Spread) -> str:
    """Say what there is to know of an interval built on these errors, or nothing."""
    if found.replications < FEW:
        return FEW_REPLICATIONS
    if found.carrying < FEW:
        return f"only {found.carrying} replications have any"
    return ""


def share(y: PerReplication, n: PerReplication, level: float = 0.95) -> Interval:
    """
    Return a share with its interval, which stays in [0, 1].

    Parameters
    ----------
    y, n
        Per replication, how many of how many. Shape (replications,)
    level
        Confidence level.

    Notes
    -----
    A share of exactly 0 or 1 shows no variation to judge by. Its interval is then the one-sided
    rule of three on replications: with R replications that have callouts and none showing a
    case, at most ``1 - (1 - level)**(1/R)`` of replications would. It assumes nothing about
    callouts within a replication, so it is wide.

    """
    return within_one(spread(y, n), level)


def within_one(found: Spread | None, level: float = 0.95) -> Interval:
    """Return the interval of a share, as in `share`; None: nothing to measure."""
    if found is None:
        return Interval(None, None, None, NOTHING)
    value = found.value
    if found.no_interval:
        return Interval(value, None, None, found.no_interval)
    if not 0 < value < 1:
        bound = 1 - (1 - level) ** (1 / found.carrying)
        low, high = (0.0, bound) if value <= 0 else (1 - bound, 1.0)
        return Interval(value, low, high, NONE_OR_ALL)
    low, high = envelope(found, level)
    return Interval(value, max(low, 0.0), min(high, 1.0), remarks(found))


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
    See `quantiles.pooled`. Without censoring the estimate is the callout of rank ``ceil(N p)``. A
    bound that the data do not hold is None (no upper bound) or the smallest time (lower bound),
    and ``note`` says so.

    """
    callouts = SortedTimes.of(times, reached, replication)
    return pooled(ReachedBy(callouts.keys), callouts.replication, replications, p, level).interval


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
    a, b = spread(y_a, n_a), spread(y_b, n_b)
    if a is None or b is None:
        return Paired(None, None, None, None, None, NOTHING)
    return pair(a, b, level)


def pair(a: Spread, b: Spread, level: float = 0.95) -> Paired:
    """
    Return the difference of two estimates (a minus b) over the same replications, paired.

    Where either has callouts in fewer than two replications there is no interval. A variance
    ratio below 1 says that the alternatives did not meet the same draws, or gain nothing by it.
    """
    apart = a.minus(b)
    if apart.no_interval:
        return Paired(apart.value, None, None, None, None, apart.no_interval)
    low, high = envelope(apart, level)
    var_a, var_b, paired = (errors.squares() for errors in (a, b, apart))
    together = math.fsum((a.errors * b.errors).tolist())
    gain = (var_a + var_b) / paired if paired > 0 else None
    notes = [remarks(apart)]
    if gain is not None and gain < 1:
        notes.append(f"{PAIRING_FAILS} {math.floor(100 * gain) / 100:g}")
    return Paired(
        apart.value,
        low,
        high,
        together / math.sqrt(var_a * var_b) if var_a > 0 and var_b > 0 else None,
        gain,
        "; ".join(filter(None, notes)),
        apart,
    )
