"""Measures over the groups of one grouping: estimates, their errors, values by replication."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.definitions import Definition

from ..inference.censoring import Bools, Floats, Ints
from ..inference.intervals import plain, within_one
from ..inference.quantiles import AtQuantile
from ..inference.replications import NOTHING, Interval, Spread, spread
from ..observed.observations import Observations
from .measures import Ratio
from .worst import WorstColumn

_LEFT_OUT = 0.05  # share of callouts without a value above which a mean or share says so


@dataclass(frozen=True, slots=True, eq=False)
class GroupedSums:
    """Sums of a ratio measure. Shape (replications, groups), or that of a `Division`"""

    amount: Floats
    size: Floats  # what it is divided by
    meant: Floats  # callouts it is meant for; those not in ``size`` have no value yet

    def over(self, features: tuple[int, ...]) -> GroupedSums:
        """Return the sums over some features of a division. Shape (replications, groups)"""
        each = (self.amount, self.size, self.meant)
        return GroupedSums(*(sums.sum(axis=features).reshape(len(sums), -1) for sums in each))


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """Callouts by replication and some of their features, in cells."""

    cell: Ints  # which cell each callout is in, shape (callouts,)
    shape: tuple[int, ...]  # replications, then the features
    everyone: Floats  # callouts in each cell, of this shape
    brief: bool = False  # only the measures that stay readable over many groups

    @classmethod
    def of(cls, obs: Observations, *features: tuple[Ints, int], brief: bool = False) -> Division:
        """Return the division by some features, each with how many values it may take."""
        cell = obs.replication
        shape: tuple[int, ...] = (obs.replications,)
        for codes, size in features:
            cell = cell * size + codes
            shape = (*shape, size)
        cells = int(np.prod(shape))
        everyone = np.bincount(cell, minlength=cells).astype(np.float64).reshape(shape)
        return cls(cell, shape, everyone, brief)

    def count(self, which: Bools) -> Floats:
        """Return how many of these callouts are in each cell."""
        few = np.flatnonzero(which)
        if len(few) == len(which):
            return self.everyone
        return self.total(self.cell[few], None)

    def total(self, cell: Ints, amount: Floats | Ints | None) -> Floats:
        """Return sums by cell; without an amount, how often each cell is named."""
        sums = np.bincount(cell, weights=amount, minlength=int(np.prod(self.shape)))
        return sums.astype(np.float64, copy=False).reshape(self.shape)

    def tally(self, ratio: Ratio) -> GroupedSums:
        """Return the sums of a ratio."""
        size = self.count(ratio.counted)
        amount = size
        if ratio.amount is not None:
            amount = self.total(self.cell, ratio.amount)
        elif ratio.met is not None:
            amount = self.count(ratio.met)
        return GroupedSums(amount, size, size if ratio.meant is None else self.count(ratio.meant))


class RatioColumn:
    """A ratio measure over one grouping; its tally has shape (replications, groups)."""

    def __init__(self, ratio: Ratio, tally: GroupedSums) -> None:
        self.label, self.rule, self.most = ratio.label, ratio.rule, ratio.most
        self.amount, self.size, self.meant = tally.amount, tally.size, tally.meant
        if ratio.per:
            self.size = self.meant = np.full_like(tally.amount, ratio.per)

    def spread(self, group: int) -> Spread | None:
        """Return the estimate of a group with its errors, in the unit of tables."""
        found = spread(self.amount[:, group], self.size[:, group])
        return None if found is None else found.scaled(self.label.scale)

    def interval(self, group: int) -> Interval | None:
        """Return the estimate of a group in the unit of tables; None: nothing to measure."""
        found = self.spread(group)
        if found is None:
            return None
        if self.rule == "share":
            interval = within_one(found)
        elif self.rule == "time share" and found.value == 0:
            return Interval(0.0, None, None, "never used")
        elif self.rule == "count" and found.value == 0:
            # No spread to judge by, and a count has no upper limit to take refuge in.
            return Interval(0.0, None, None, "none in any replication")
        else:
            interval = plain(found)
        note = "; ".join(filter(None, [interval.note, remark(self.left_out(group))]))
        return replace(self._clipped(interval), note=note)

    def _clipped(self, interval: Interval) -> Interval:
        """Return an interval that does not leave the values there can be; none is below 0."""
        most = self.most / self.label.scale if self.most else 1.0
        low, high = interval.low, interval.high
        if low is not None:
            low = max(low, 0.0)
        if high is not None and (self.most or self.rule == "time share"):
            high = min(high, most)
        return replace(interval, low=low, high=high)

    def left_out(self, group: int) -> float:
        """Return the share of the callouts it is meant for that have no value."""
        meant = float(self.meant[:, group].sum())
        return 1 - float(self.size[:, group].sum()) / meant if meant else 0.0

    def values(self) -> Floats:
        """Return the value in each replication, ``nan``: none. Shape (replications, groups)"""
        values = np.full_like(self.amount, np.nan)
        np.divide(self.amount, self.size * self.label.scale, out=values, where=self.size > 0)
        return values


class QuantileColumn:
    """A quantile over one grouping."""

    def __init__(self, label: Definition, p: float, found: list[AtQuantile], times: Floats) -> None:
        self.label, self.p, self._found, self._times = label, p, found, times

    def exists(self, group: int) -> bool:
        """Return whether enough are reached for there to be such a time."""
        return self._found[group].interval.value is not None

    def spread(self, group: int) -> Spread | None:
        """Return the estimate of a group with its errors, in the unit of tables; None: none."""
        found = self._found[group].spread
        return None if found is None else found.scaled(self.label.scale)

    def ever(self, group: int) -> Spread | None:
        """Return the share ever reached where that is too small for the quantile to exist."""
        return self._found[group].ever

    def interval(self, group: int) -> Interval | None:
        """Return the estimate of a group in the unit of tables; None: nothing to measure."""
        found, scale = self._found[group].interval, self.label.scale
        if found.note == NOTHING:
            return None
        bounds = (found.value, found.low, found.high)
        value, low, high = (None if bound is None else bound / scale for bound in bounds)
        return Interval(value, low, high, found.note)

    def left_out(self, group: int) -> float:
        """Return 0: callouts not reached count as not reached."""
        return 0.0

    def values(self) -> Floats:
        """Return the value in each replication, ``nan``: none. Shape (replications, groups)"""
        return self._times / self.label.scale


Column = RatioColumn | QuantileColumn | WorstColumn


@dataclass(frozen=True, slots=True, eq=False)
class GroupedMeasures:
    """Measures over one grouping."""

    groups: tuple[tuple[int, str], ...]  # where they are in the columns; those with callouts
    columns: tuple[Column, ...]
    compared: bool = True  # whether alternatives are compared in it
    callouts: tuple[int, ...] = ()  # of each group of callouts, in all replications


def remark(left_out: float) -> str:
    """Say that callouts have no value and are left out, where they are more than a few."""
    return (
        f"{left_out:.0%} of callouts have no value and are left out" if left_out > _LEFT_OUT else ""
    )
