"""
The worst group of an alternative, and whether another alternative's worst is better or worse.

Two alternatives may have different worst groups, and neither is known for certain. So the
difference of the two largest values is not that of two groups: all that could be the worst have a
say in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.definitions import Definition

from ..inference.censoring import Floats
from ..inference.envelope import envelope, p_below
from ..inference.intervals import Paired, remarks
from ..inference.replications import Interval, Spread
from .inequality import Groups, could_be_worst, largest

TOO_FEW_GROUPS = "fewer than two groups have enough callouts"
NONE, ALL = "none in any replication", "the same in every replication"
_LEVEL = 0.95


def interval_of(found: Spread, most: float, shares: bool) -> Interval:
    """
    Return the interval of an estimate made from groups, between 0 and the ``most`` there can be.

    From shares that do not vary, as where everybody is reached, there is none.
    """
    value = min(max(found.value, 0.0), most)
    if found.no_interval:
        return Interval(value, None, None, found.no_interval)
    if shares and found.squares() <= 0:
        return Interval(value, None, None, NONE if value <= 0 else ALL)
    low, high = envelope(found, _LEVEL)
    return Interval(value, max(low, 0.0), min(high, most), remarks(found))


def worst_of(groups: Groups) -> Interval:
    """
    Return the value of the worst of some groups with its interval.

    Parameters
    ----------
    groups
        Those with enough callouts.

    Notes
    -----
    The estimate is jackknifed. The interval is the wider one, at each end, of the errors of the
    pseudo-values and of those of the group with the largest value; and it reaches as far up as
    that of any group that could be the worst.

    """
    if len(groups) < 2:
        return Interval(None, None, None, TOO_FEW_GROUPS)
    found, top = largest(groups), groups.value(groups.top())
    alone = Spread(found.value, top.errors, top.carrying, found.unusable)
    both = [interval_of(each, groups.most, groups.shares) for each in (found, alone)]
    if any(each.low is None or each.high is None for each in both):
        return both[0]
    uppers = [envelope(groups.value(g))[1] for g in could_be_worst(groups)]
    low = min(each.low for each in both if each.low is not None)
    high = max(*(each.high for each in both if each.high is not None), *uppers)
    return Interval(both[0].value, low, min(high, groups.most), both[0].note)


@dataclass(frozen=True, slots=True, eq=False)
class Separation:
    """
    How far the largest value of one alternative is from that of another.

    ``p`` is that of no difference and ``p_equivalence`` that of one as large as the margin; None
    where there is no interval.
    """

    paired: Paired
    identical: bool
    p: float | None
    p_equivalence: float | None


def worst_apart(own: Groups, baseline: Groups, margin: float | None) -> Separation:
    """
    Return the largest value of one alternative minus that of another, paired.

    Parameters
    ----------
    own, baseline
        Their groups with enough callouts, over the same replications.
    margin
        Below what it does not matter. Unit of the values

    Notes
    -----
    The largest value of ``own`` is less than that of the baseline only if each of its groups that
    could be the worst is. Of such a group that is shown if it is less than it was under the
    baseline itself, which pairing makes precise, or if it is less than the baseline's worst;
    for two ways to show it, each is at half the level (intersection-union [1]_, Bonferroni). The
    interval is what these tests do not exclude. Comparing only the two groups with the largest
    estimates gives shorter intervals, of which one in six to ten is wrong where two groups are
    equally bad and one of them changes (``docs/fairness.md``).

    References
    ----------
    .. [1] R. L. Berger, "Multiparameter hypothesis testing and acceptance sampling",
       *Technometrics* 24(4), 1982, 295-300.

    """
    if min(len(own), len(baseline)) < 2:
        return Separation(Paired(None, None, None, None, None, TOO_FEW_GROUPS), False, None, None)
    apart = own.value(own.top()).minus(baseline.value(baseline.top()))
    identical = own.same_as(baseline)
    if apart.no_interval:
        paired = Paired(apart.value, None, None, None, None, apart.no_interval)
        return Separation(paired, identical, None, None)
    less, more = _ways(own, baseline), _ways(baseline, own)
    low, high = 0.0 - _upper(more), _upper(less)  # and no -0.0
    p = min(1.0, 2 * min(_p_less(less, 0.0), _p_less(more, 0.0)))
    within = None if margin is None else max(_p_less(less, margin), _p_less(more, margin))
    paired = Paired(apart.value, low, high, None, None, remarks(apart), apart)
    return Separation(paired, identical, p, within)


def _ways(own: Groups, other: Groups) -> list[list[Spread]]:
    """Return, for each group that could be the worst, the differences that may show it less."""
    top, at = other.top(), {name: g for g, name in enumerate(other.names)}
    worst, found = other.value(top), []
    for g in could_be_worst(own):
        value, same = own.value(g), at.get(own.names[g], top)
        ways = [value.minus(worst)]
        if same != top:
            ways.append(value.minus(other.value(same)))
        found.append(ways)
    return found


def _upper(groups: list[list[Spread]]) -> float:
    return max(
        min(envelope(way, 1 - (1 - _LEVEL) / len(ways))[1] for way in ways) for ways in groups
    )


def _p_less(groups: list[list[Spread]], bound: float) -> float:
    """Return the p value of the difference being ``bound`` or more."""
    return max(min(1.0, len(ways) * min(p_below(way, bound) for way in ways)) for ways in groups)


class WorstColumn:
    """The worst group as a measure over all callouts."""

    def __init__(self, label: Definition, groups: Groups) -> None:
        self.label, self._all, self.groups = label, groups, groups.with_enough()

    def spread(self, group: int) -> Spread | None:
        """Return the estimate with its errors, in the unit of tables; None: too few groups."""
        return largest(self.groups) if len(self.groups) > 1 else None

    def interval(self, group: int) -> Interval:
        """Return the estimate in the unit of tables."""
        return worst_of(self.groups)

    def left_out(self, group: int) -> float:
        """Return 0: every callout has a restricted time."""
        return 0.0

    def values(self) -> Floats:
        """Return the largest value in each replication, ``nan``: none. Shape (replications, 1)"""
        found = np.full((self._all.replications, 1), math.nan)
        each = np.full(self._all.y.shape, -math.inf)
        np.divide(self._all.y, self._all.n, out=each, where=self._all.n > 0)
        if len(self._all):
            most = each.max(axis=1, keepdims=True) / self._all.scale
            found[np.isfinite(most)] = most[np.isfinite(most)]
        return found
