"""
Times of which some are cut off by the end of the run before they are known.

A callout that nobody has reached when the run ends is not dropped and not scored with a magic
number: it counts as *not reached so far*. Kaplan and Meier's product [1]_ turns that into shares.
Callouts that ended without being reached (lost, gave up, dropped) are never reached: they stay
in every denominator and their time is ``NEVER``.

References
----------
.. [1] E. L. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations",
   *J. Am. Stat. Assoc.* 53, 1958, 457-481.

"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NEVER = 2**61  # [ms] later than any run ends; twice it, plus one, still fits in 64 bits
_SLACK = 1e-9  # in callouts: what N * p may be off by, 100 * 0.07 being 7.000000000000001


class ReachedBy:
    """
    The share of callouts reached by a given time (Kaplan-Meier, pooled).

    Parameters
    ----------
    times
        Time to being reached, or for how long a callout is known not to have been reached
        (``NEVER`` where it never will be). [ms], shape (callouts,)
    reached
        Whether it was reached at that time. Shape (callouts,)

    Notes
    -----
    At equal times those reached come before those cut off, by convention. With nothing cut off,
    the share is the plain share, exactly.

    """

    def __init__(self, times: Ints, reached: Bools) -> None:
        keys = np.sort(2 * times + ~reached)
        cut_off = (keys & 1).astype(np.bool_)
        self.total = len(keys)
        at_risk = self.total - np.arange(self.total, dtype=np.float64)
        # Without cutting off, the product telescopes to (at_risk - 1) / total, in whole numbers;
        # each cut-off before puts its own factor back in. That keeps plain data exact.
        factor = np.ones(self.total)
        inner = cut_off & (at_risk > 1)
        factor[inner] = at_risk[inner] / (at_risk[inner] - 1)
        left = (at_risk - 1) * np.cumprod(factor)
        self.times: Ints = keys[~cut_off] >> 1
        self._left: Floats = left[~cut_off]  # callouts still to reach after each time

    def share(self, time: float) -> float:
        """Return the share reached by a time [ms]."""
        known = int(np.searchsorted(self.times, time, side="right"))
        return 1.0 - float(self._left[known - 1]) / self.total if known else 0.0

    def first_at(self, share: float) -> int | None:
        """Return the first time by which at least this share is reached [ms]; None: never."""
        if share > 1 + _SLACK:
            return None
        to_go = self.total * (1 - share) + _SLACK
        rank = int(np.searchsorted(-self._left, -to_go, side="left"))
        return int(self.times[rank]) if rank < len(self.times) else None

    def last_at(self, share: float) -> int | None:
        """Return the last time by which at most this share is reached [ms]; None: too early."""
        to_go = self.total * (1 - share) - _SLACK
        rank = int(np.searchsorted(-self._left, -to_go, side="right")) - 1
        return int(self.times[rank]) if rank >= 0 else None


def influence(
    by: ReachedBy, time: int, times: Ints, reached: Bools, cluster: Ints, clusters: int
) -> Floats:
    """
    Return what each replication contributes to the error of the share reached by a time.

    Parameters
    ----------
    by
        The pooled shares of the same callouts.
    time
        Where the share is taken. [ms]
    times, reached
        As in `ReachedBy`. Shape (callouts,)
    cluster
        Replication of each callout, 0 to ``clusters - 1``. Shape (callouts,)
    clusters
        How many replications there are, those without a callout included.

    Returns
    -------
    Floats
        Sums of the influence values of the replications' callouts, adding up to 0.
        Shape (clusters,)

    Notes
    -----
    With nothing cut off before ``time`` a callout's influence is ``1{reached by then} - share``.
    Otherwise it is the derivative of the Kaplan-Meier product [1]_, the sum behind Greenwood's
    formula kept by replication, because callouts of one replication are not independent.

    References
    ----------
    .. [1] N. Reid, "Influence functions for censored data", *Ann. Stat.* 9, 1981, 78-92.

    """
    share = by.share(time)
    by_then = reached & (times <= time)
    if not np.any(~reached & (times < time)):
        reached_by_then = np.bincount(cluster[by_then], minlength=clusters)
        return np.asarray(reached_by_then - share * np.bincount(cluster, minlength=clusters))
    if share >= 1:
        return np.zeros(clusters)
    order = np.argsort(2 * times + ~reached, kind="stable")
    at_risk = by.total - np.arange(by.total, dtype=np.float64)
    jump = np.where(by_then[order], by.total / np.maximum(at_risk - 1, 1), 0.0)
    expected = np.cumsum(jump / at_risk)  # stops growing after the last one reached by then
    own = (1 - share) * (jump - expected)
    return np.asarray(np.bincount(cluster[order], weights=own, minlength=clusters))


def count_within(
    thresholds: Ints, times: Ints, reached: Bools, cluster: Ints, clusters: int
) -> tuple[Ints, Ints]:
    """
    Count, per replication, the callouts reached within each threshold and those it can judge.

    Parameters
    ----------
    thresholds
        Ascending. [ms], shape (thresholds,)
    times, reached, cluster, clusters
        As in `influence`.

    Returns
    -------
    within, determined
        Callouts reached within the threshold; callouts of which it is known whether they were:
        all but those cut off earlier than the threshold. Shape (clusters, thresholds)

    """
    width = len(thresholds) + 1  # one column more for what no threshold is long enough for

    def at_or_after(some: Bools, first: npt.NDArray[np.intp]) -> Ints:
        cells = np.bincount(cluster[some] * width + first, minlength=clusters * width)
        return np.asarray(np.cumsum(cells.reshape(clusters, width), axis=1)[:, :-1])

    within = at_or_after(reached, np.searchsorted(thresholds, times[reached], side="left"))
    cut_off = ~reached & (times < NEVER)
    unknown = at_or_after(cut_off, np.searchsorted(thresholds, times[cut_off], side="right"))
    return within, np.bincount(cluster, minlength=clusters)[:, np.newaxis] - unknown
