"""
How unequal groups of callouts are: the worst group, the gap, Gini, Kolm and Pollak's equivalent.

Groups are places and kinds of callouts. The largest of several estimates lies above the largest
truth, the more so the noisier they are; the jackknife over replications takes most of that off
[1]_. Which group is the worst is said only where no other could be. See ``docs/fairness.md``.

References
----------
.. [1] M. H. Quenouille, "Notes on bias in estimation", *Biometrika* 43(3/4), 1956, 353-360;
   J. W. Tukey, "Bias and confidence in not quite large samples", *Ann. Math. Stat.* 29, 1958, 614.

"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sim.definitions import CALLOUTS, NOT_REACHED

from ..inference.censoring import Bools, Ints
from ..inference.envelope import p_above
from ..inference.replications import FEW, FEW_REPLICATIONS, Spread, spread
from ..observed.sample import Sample
from .judged import judged_times

By = Literal["area", "kind"]
LEAST = 10  # callouts that a group needs for an interval
ALPHA = 0.05
_Statistic = Callable[[Ints, Ints], float]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """
    Amounts and callouts of each group, which add up to those of all callouts.

    ``y`` are milliseconds, or callouts not reached; ``n`` are callouts. Whole numbers, shape
    (replications, groups). ``scale`` of ``y`` make one of the unit of tables, in which ``most``
    is the largest value there can be. Every group has callouts.
    """

    names: tuple[str, ...]
    y: Ints
    n: Ints
    scale: float
    most: float
    shares: bool  # whether values are shares of callouts

    @classmethod
    def of(cls, sample: Sample, by: By, measure: str) -> Groups:
        """Return a sample's share not reached, or restricted mean (``measure``), by group."""
        labels, code = _coded(sample, by)
        found, obs = judged_times(sample), sample.observations
        shares = measure == NOT_REACHED
        shape = (obs.replications, len(labels))
        cell = obs.replication * len(labels) + code
        counted = found.known if shares else np.ones(len(cell), dtype=np.bool_)
        n = _sums(cell, counted, None, shape)
        y = _sums(cell, counted, found.late if shares else found.restricted, shape)
        there = n.sum(axis=0) > 0
        names = tuple(name for name, has in zip(labels, there.tolist(), strict=True) if has)
        scale = CALLOUTS[measure].scale
        most = 1.0 if shares else sample.standards.horizon / scale
        return cls(names, y[:, there], n[:, there], scale, most, shares)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def replications(self) -> int:
        """How many replications there are."""
        return len(self.n)

    @property
    def carrying(self) -> int:
        """How many replications have callouts."""
        return int(np.count_nonzero(self.n.any(axis=1)))

    def only(self, which: Sequence[int]) -> Groups:
        """Return some of the groups."""
        own = list(which)
        names = tuple(self.names[g] for g in own)
        return replace(self, names=names, y=self.y[:, own], n=self.n[:, own])

    def with_enough(self) -> Groups:
        """Return those with ten callouts, and callouts in ten replications or in all there are."""
        carrying = np.count_nonzero(self.n, axis=0)
        fit = (self.n.sum(axis=0) >= LEAST) & (carrying >= min(FEW, self.replications))
        return self.only(np.flatnonzero(fit).tolist())

    def value(self, group: int) -> Spread:
        """Return the value of one group, in the unit of tables."""
        return self._spread(self.y[:, group], self.n[:, group])

    def whole(self) -> Spread:
        """Return the value of all groups together, in the unit of tables."""
        return self._spread(self.y.sum(axis=1), self.n.sum(axis=1))

    def _spread(self, y: Ints, n: Ints) -> Spread:
        found = spread(y, n)
        assert found is not None
        return replace(found, unusable=_unusable(self.replications)).scaled(self.scale)

    def values(self) -> list[float]:
        """Return the value of every group, in the unit of tables."""
        each = zip(self.y.sum(axis=0).tolist(), self.n.sum(axis=0).tolist(), strict=True)
        return [y / n / self.scale for y, n in each]

    def top(self) -> int:
        """Return the group with the largest value; ties go to the one with most callouts."""
        values, callouts = self.values(), self.n.sum(axis=0).tolist()
        return max(range(len(self)), key=lambda g: (values[g], callouts[g], -g))

    def same_as(self, other: Groups) -> bool:
        """Return whether every group has the same in every replication."""
        return (
            self.names == other.names
            and np.array_equal(self.y, other.y)
            and np.array_equal(self.n, other.n)
        )


def _coded(sample: Sample, by: By) -> tuple[tuple[str, ...], Ints]:
    """Return the groups, and which of them each callout is in. Shape (callouts,)"""
    obs, names = sample.observations, sample.names
    if by == "kind":
        return names.kinds, obs.kind
    areas = tuple(dict.fromkeys(names.areas))
    area_of = np.array([areas.index(area) for area in names.areas], dtype=np.int64)
    return areas, area_of[obs.place]


def _sums(cell: Ints, which: Bools, amount: Ints | Bools | None, shape: tuple[int, int]) -> Ints:
    """Return sums by cell; without an amount, how many there are."""
    weights = None if amount is None else amount[which]
    sums = np.bincount(cell[which], weights=weights, minlength=shape[0] * shape[1])
    return sums.astype(np.int64).reshape(shape)  # of whole numbers below 2**53: exact


def largest(groups: Groups) -> Spread:
    """Return the value of the worst of the groups, without the bias of having been chosen."""
    return _jackknife(groups, _largest).scaled(groups.scale)


def gap(groups: Groups) -> Spread:
    """Return the largest less the smallest value of the groups, jackknifed in the same way."""
    return _jackknife(groups, _gap).scaled(groups.scale)


def gini(groups: Groups) -> Spread:
    """
    Return the Gini coefficient between the groups, jackknifed.

    Notes
    -----
    The sum over pairs of groups of ``w_g w_h |x_g - x_h|`` over the mean, with x the values and w
    the parts of the callouts: 0 if all are equal, else as if everybody had the value of their
    group. As x_g is a ratio of whole numbers, so is this, and exact to its one division. Where
    nobody has anything, nobody has less than others, and it is 0.

    """
    return _jackknife(groups, _gini)


def _jackknife(groups: Groups, statistic: _Statistic) -> Spread:
    """
    Return a statistic of sums without its first-order bias, with its errors by replication.

    That is ``R x - (R - 1) mean(x_r)`` with x_r the statistic without replication r; the errors
    are those of the pseudo-values ``R x - (R - 1) x_r``.
    """
    y, n, size = groups.y.sum(axis=0), groups.n.sum(axis=0), groups.replications
    whole = statistic(y, n)
    if size < 2:
        return Spread(whole, np.zeros(size), groups.carrying)
    without = [statistic(y - y_r, n - n_r) for y_r, n_r in zip(groups.y, groups.n, strict=True)]
    mean = math.fsum(without) / size
    errors = (size - 1) * (mean - np.array(without))
    value = whole + (size - 1) * (whole - mean)
    return Spread(value, errors, groups.carrying, _unusable(size)).without_rounding(whole)


def _unusable(replications: int) -> str:
    return FEW_REPLICATIONS if replications < FEW else ""


def _largest(y: Ints, n: Ints) -> float:
    return float((y / n).max())


def _gap(y: Ints, n: Ints) -> float:
    values = y / n
    return float(values.max() - values.min())


def _gini(y: Ints, n: Ints) -> float:
    # In Python's whole numbers, for the products do not fit into 64 bits.
    each = [pair for pair in zip(y.tolist(), n.tolist(), strict=True) if pair[1]]
    each.sort(key=lambda pair: pair[0] / pair[1])
    apart = below_y = below_n = 0
    for amount, callouts in each:
        apart += amount * below_n - callouts * below_y
        below_y, below_n = below_y + amount, below_n + callouts
    return apart / (below_n * below_y) if below_y else 0.0


def aversion(sample: Sample, measure: str) -> float:
    """
    Return Kolm and Pollak's kappa for a baseline: sum of Y over sum of Y squared, over callouts.

    Of times it is per millisecond, and 0 where all are 0. Of shares, where every Y is 0 or 1, it
    is 1.
    """
    if measure == NOT_REACHED:
        return 1.0
    times = judged_times(sample).restricted
    high, low = times >> 15, times & 0x7FFF  # so that no sum of squares leaves 64 bits
    squares = (int((high * high).sum()) << 30) + (int((high * low).sum()) << 16)
    squares += int((low * low).sum())
    return int(times.sum()) / squares if squares else 0.0


def equivalent(groups: Groups, kappa: float) -> Spread:
    """
    Return Kolm and Pollak's equally-distributed equivalent of the groups' values.

    Parameters
    ----------
    groups
        All of them: those with few callouts weigh little.
    kappa
        `aversion` of the baseline, the same for all that is compared.

    Notes
    -----
    ``ln(sum_g w_g exp(kappa x_g)) / kappa``, with w_g a group's part of the callouts: the value
    that would be as good as this if everybody had it. It is the mean if all groups are equal, and
    more if not; if all wait c longer, so does it. Its errors are linearised in amounts and
    callouts, kappa taken as given.

    """
    if kappa <= 0:
        return groups.whole()
    callouts, total = groups.n.sum(axis=0), int(groups.n.sum())
    values = (groups.y.sum(axis=0) / callouts).tolist()
    top = max(values)  # from there no power overflows, and equal groups give it to the bit
    inner = math.fsum(
        w * _twelve(math.expm1(kappa * (x - top)))
        for w, x in zip((callouts / total).tolist(), values, strict=True)
    )
    value = top + _twelve(math.log1p(inner)) / kappa
    errors = np.zeros(groups.replications)
    for g, x in enumerate(values):
        weight = _twelve(math.exp(kappa * (x - value)))
        y, n = groups.y[:, g], groups.n[:, g]
        errors = errors + weight * (y - x * n) + (weight - 1) / kappa * n
    errors = errors / (total / groups.replications)
    found = Spread(value, errors, groups.carrying, _unusable(groups.replications))
    return found.without_rounding(value).scaled(groups.scale)


def _twelve(x: float) -> float:
    """Return what the C library gives without its last digits, in which libraries differ."""
    return float(f"{x:.12g}")


def could_be_worst(groups: Groups) -> tuple[int, ...]:
    """
    Return the groups that may have the largest value, the largest first.

    Parameters
    ----------
    groups
        Those with enough callouts.

    Notes
    -----
    A group stays in unless another is clearly larger: one-sided, with each comparison at 5 % over
    the number of others. Below ten replications all stay in.

    """
    found = [groups.value(g) for g in range(len(groups))]
    order = sorted(range(len(groups)), key=lambda g: -found[g].value)
    if groups.replications < FEW or len(order) < 2:
        return tuple(order)
    level = ALPHA / (len(order) - 1)
    callouts = groups.n.sum(axis=0).tolist()
    return tuple(
        g
        for g in order
        if not any(
            _is_above(found[other], found[g], callouts[g] if groups.shares else 0, level)
            for other in order
            if found[other].value > found[g].value
        )
    )


def _is_above(one: Spread, other: Spread, callouts: int, level: float) -> bool:
    """
    Return whether one value is clearly above another.

    A share of which there is no case shows no spread, and would seem certain. Then it must
    besides be unlikely that none of its ``callouts`` is one if they had the other's share.
    """
    if other.value <= 0 and callouts:
        none = _twelve(math.pow(1 - min(one.value, 1.0), callouts))
        if none >= level:
            return False
    return p_above(one.minus(other)) < level
