"""
Times of which some are censored by the end of the run before they are known.

A callout that nobody has reached when the run ends is not dropped and not given an invented time:
it counts as *not reached so far*. Kaplan and Meier's product [1]_ turns that into shares. Callouts
that ended without being reached (lost, abandoned, dropped) are never reached: they stay in every
denominator and their time is ``NEVER``.

References
----------
.. [1] E. L. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations",
   *J. Am. Stat. Assoc.* 53(282), 1958, 457-481.

"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NEVER = 2**61  # [ms] later than any run ends; twice it, plus one, still fits in 64 bits
SLACK = 1e-9  # in callouts: what N * p may be off by, 100 * 0.07 being 7.000000000000001


class ReachedBy:
    """
    The share of callouts reached by a given time (Kaplan-Meier, pooled).

    Parameters
    ----------
    keys
        Times and whether they are censored, as `sort_keys` writes them, ascending.
        Shape (callouts,)

    Notes
    -----
    At equal times those reached come before those censored, by convention. With nothing censored,
    the share is the plain share, exactly.

    """

    def __init__(self, keys: Ints) -> None:
        self.total = len(keys)
        self.keys = keys
        self.censored: Ints = np.flatnonzero(keys & 1)  # where in the keys
        self.reached = self.total - len(self.censored)
        before = self.censored - np.arange(len(self.censored))
        at_risk = self.total - self.censored[before < self.reached]
        self._before: list[int] = before.tolist()  # reached, before each that is censored
        # Without cutting off, the product telescopes to (at risk - 1) / total, in whole numbers;
        # each cut-off before puts its own factor back in. That keeps plain data exact.
        self._factor: list[float] = [1.0, *np.cumprod(at_risk / (at_risk - 1)).tolist()]

    def time(self, rank: int) -> int:
        """Return the time after which this many and one more are reached. [ms]"""
        return int(self.keys[rank + bisect_right(self._before, rank)]) >> 1

    def rank(self, time: int) -> int:
        """Return how many are reached before a time [ms], which is the rank of one reached then."""
        passed = int(np.searchsorted(self.keys, 2 * time, side="left"))
        return passed - int(np.searchsorted(self.censored, passed))

    def share(self, time: float) -> float:
        """Return the share reached by a time [ms]."""
        passed = int(np.searchsorted(self.keys, 2 * time, side="right"))
        known = passed - int(np.searchsorted(self.censored, passed))
        return 1.0 - self._left(known - 1) / self.total if known else 0.0

    def first_at(self, share: float) -> int | None:
        """Return the first time by which at least this share is reached [ms]; None: never."""
        if share > 1 + SLACK:
            return None
        to_go = self.total * (1 - share) + SLACK
        rank = bisect_left(range(self.reached), -to_go, key=lambda r: -self._left(r))
        return self.time(rank) if rank < self.reached else None

    def _left(self, rank: int) -> float:
        """Return how many callouts are still to be reached after the one of this rank."""
        censored = bisect_right(self._before, rank)
        return (self.total - 1 - rank - censored) * self._factor[censored]


def sort_keys(times: Ints, reached: Bools) -> Ints:
    """Return numbers that sort by time and, at equal times, those reached before those censored."""
    return np.asarray(2 * times + ~reached)


def influence(
    by: ReachedBy, time: int, replication: npt.NDArray[np.integer[Any]], sizes: Ints
) -> Floats:
    """
    Return what each replication contributes to the error of the share reached by a time.

    Parameters
    ----------
    by
        The pooled shares.
    time
        Where the share is taken. [ms]
    replication
        Of each callout, in the order of ``by.keys``. Shape (callouts,)
    sizes
        Callouts in each replication. Shape (replications,)

    Returns
    -------
    Floats
        Sums of the influence values of the replications' callouts, adding up to 0.
        Shape (replications,)

    Notes
    -----
    With nothing censored before ``time`` a callout's influence is ``1{reached by then} - share``.
    Otherwise it is the derivative of the Kaplan-Meier product [1]_, the sum behind Greenwood's
    formula kept by replication, because callouts of one replication are not independent.

    References
    ----------
    .. [1] N. Reid, "Influence functions for censored data", *Ann. Stat.* 9, 1981, 78-92
       (recalled, not checked).

    """
    share = by.share(time)
    first = int(np.searchsorted(by.keys, 2 * time, side="right"))  # reached by, or censored before
    early = np.bincount(replication[:first], minlength=len(sizes))
    censored = by.censored[: np.searchsorted(by.censored, first)]
    if not len(censored):
        return np.asarray(early - share * sizes)
    if share >= 1:
        return np.zeros(len(sizes))
    at_risk = by.total - censored
    # Those reached between two cut-offs all have the same influence: 1 plus the sum of
    # N / (a (a - 1)) over the cut-offs before, a being the callouts at risk at each.
    steps = np.cumsum(by.total / (at_risk * np.maximum(at_risk - 1, 1)))
    level = np.concatenate([[1.0], 1.0 + steps])
    own = np.repeat(level, np.diff(censored + 1, prepend=0, append=first))
    own[censored] -= by.total / at_risk
    later = level[-1] - by.total / max(by.total - first, 1)
    sums = np.bincount(replication[:first], weights=own, minlength=len(sizes))
    return np.asarray((1 - share) * (sums + (sizes - early) * later))


def count_within(
    thresholds: Ints, times: Ints, reached: Bools, replication: Ints, replications: int
) -> tuple[Ints, Ints]:
    """
    Count, per replication, the callouts reached within each threshold and those it can judge.

    Parameters
    ----------
    thresholds
        Ascending. [ms], shape (thresholds,)
    times, reached, replication
        As in `quantile`. Shape (callouts,)
    replications
        As in `influence`.

    Returns
    -------
    within, determined
        Callouts reached within the threshold; callouts of which it is known whether they were:
        all but those censored earlier than the threshold. Shape (replications, thresholds)

    """
    width = len(thresholds) + 1  # one column more for what no threshold is long enough for

    def at_or_after(some: Bools, first: npt.NDArray[np.intp]) -> Ints:
        cells = np.bincount(replication[some] * width + first, minlength=replications * width)
        return np.asarray(np.cumsum(cells.reshape(replications, width), axis=1)[:, :-1])

    within = at_or_after(reached, np.searchsorted(thresholds, times[reached], side="left"))
    censored = ~reached & (times < NEVER)
    unknown = at_or_after(censored, np.searchsorted(thresholds, times[censored], side="right"))
    return within, np.bincount(replication, minlength=replications)[:, np.newaxis] - unknown
