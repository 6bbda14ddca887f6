"""
What is measured, and for which groups of callouts.

A measure is either a ratio of sums over callouts (means, shares, counts) or a quantile. Both
answer by group, with an interval over replications, and by replication, without.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from sim.log import MS_PER_DAY, MS_PER_MINUTE, Names, Outcome

from .censoring import Bools, Floats, Ints, ReachedBy
from .intervals import Interval, quantile, ratio, share
from .observations import Observations

if TYPE_CHECKING:
    from sim.scenario.models import Target

_LEFT_OUT = 0.05  # share of callouts without a value above which a mean or share says so


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """A division of callouts into groups; ``group`` indexes ``labels``. Shape (callouts,)"""

    labels: tuple[str, ...]
    group: Ints
    brief: bool = False  # only the measures that stay readable over many groups

    def count(self, obs: Observations, counted: Bools, weights: Ints | None = None) -> Floats:
        """Return sums over the callouts counted. Shape (replications, groups)"""
        cell = (obs.replication * len(self.labels) + self.group)[counted]
        sums = np.bincount(
            cell,
            weights=None if weights is None else weights[counted],
            minlength=obs.replications * len(self.labels),
        )
        return sums.astype(np.float64).reshape(obs.replications, len(self.labels))


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums of a ratio measure. Shape (replications, groups)"""

    amount: Floats
    size: Floats  # what it is divided by
    meant: Floats  # callouts it is meant for; those not in ``size`` have no value yet


class Measure(Protocol):
    """Something to estimate for each group of callouts."""

    @property
    def name(self) -> str:
        """What it is called in tables."""

    @property
    def unit(self) -> str:
        """Its unit in tables."""

    @property
    def brief(self) -> bool:
        """Whether it is shown for groupings with many groups too."""

    def by_group(self, obs: Observations, grouping: Grouping) -> list[Interval | None]:
        """Return an estimate per group in the unit of tables; None: nothing to measure."""

    def by_replication(self, obs: Observations, grouping: Grouping) -> Floats:
        """Return the value in each replication, ``nan``: none. Shape (replications, groups)"""


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """
    A ratio of sums over callouts.

    ``amount`` is summed over ``counted`` and divided by their number or, where ``per`` is
    given, by that much for each replication (days, or 1 for a mean count). ``scale`` turns the
    amount into the unit. ``meant`` are the callouts it would be known of if the run were longer.
    """

    name: str
    unit: str
    rule: Literal["mean", "share", "count"]
    counted: Bools
    amount: Ints | None = None  # None: 1 for each
    meant: Bools | None = None  # None: those counted
    per: float = 0.0
    scale: float = 1.0
    brief: bool = False

    def tally(self, obs: Observations, grouping: Grouping) -> Tally:
        """Return its sums per replication and group."""
        amount = grouping.count(obs, self.counted, self.amount)
        if self.per:
            constant = np.full_like(amount, self.per)
            return Tally(amount, constant, constant)
        size = grouping.count(obs, self.counted)
        return Tally(amount, size, size if self.meant is None else grouping.count(obs, self.meant))

    def by_group(self, obs: Observations, grouping: Grouping) -> list[Interval | None]:
        """Return an estimate per group in the unit of tables; None: nothing to measure."""
        tally = self.tally(obs, grouping)
        return [
            self._estimate(tally.amount[:, g], tally.size[:, g], float(tally.meant[:, g].sum()))
            for g in range(len(grouping.labels))
        ]

    def by_replication(self, obs: Observations, grouping: Grouping) -> Floats:
        """Return the value in each replication, ``nan``: none. Shape (replications, groups)"""
        tally = self.tally(obs, grouping)
        values = np.full_like(tally.amount, np.nan)
        np.divide(tally.amount, tally.size * self.scale, out=values, where=tally.size > 0)
        return values

    def _estimate(self, amount: Floats, size: Floats, meant: float) -> Interval | None:
        known = float(size.sum())
        if not known:
            return None
        if self.rule == "share":
            found = share(amount, size)
        elif self.rule == "count" and not amount.any():
            # No spread to judge by, and a count has no upper limit to take refuge in.
            return Interval(0.0, None, None, "none in any replication")
        else:
            found = _scaled(ratio(amount, size), self.scale)
        if self.rule == "count" and found.low is not None:
            found = replace(found, low=max(found.low, 0.0))
        left_out = 1 - known / meant
        if left_out > _LEFT_OUT:
            remark = f"{left_out:.0%} of callouts have no value and are left out"
            found = replace(found, weak="; ".join(filter(None, [found.weak, remark])))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Quantile:
    """The time within which a share ``p`` of callouts is reached (or dispatched) [min]."""

    name: str
    p: float
    times: Ints  # as in `Observations.response_times`
    reached: Bools
    brief: bool = False
    unit: str = "min"

    def by_group(self, obs: Observations, grouping: Grouping) -> list[Interval | None]:
        """Return an estimate per group in the unit of tables; None: nothing to measure."""
        found: list[Interval | None] = [None] * len(grouping.labels)
        for g, rows in _slices(grouping.group, len(grouping.labels)):
            one = quantile(
                self.times[rows],
                self.reached[rows],
                obs.replication[rows],
                self.p,
                obs.replications,
            )
            found[g] = _scaled(one, MS_PER_MINUTE)
        return found

    def by_replication(self, obs: Observations, grouping: Grouping) -> Floats:
        """Return the value in each replication, ``nan``: none. Shape (replications, groups)"""
        shape = (obs.replications, len(grouping.labels))
        values = np.full(shape[0] * shape[1], np.nan)
        for cell, rows in _slices(obs.replication * shape[1] + grouping.group, len(values)):
            time = ReachedBy(self.times[rows], self.reached[rows]).first_at(self.p)
            if time is not None:
                values[cell] = time / MS_PER_MINUTE
        return values.reshape(shape)


def groupings(obs: Observations, names: Names) -> list[Grouping]:
    """Return all callouts together, then by kind, priority, area and hour of the day received."""
    areas = tuple(dict.fromkeys(names.areas))
    area_of = np.array([areas.index(area) for area in names.areas], dtype=np.int64)
    priorities = int(obs.priority.max(initial=0)) + 1
    return [
        Grouping(("all",), np.zeros_like(obs.kind)),
        Grouping(tuple(f"kind:{kind}" for kind in names.kinds), obs.kind),
        Grouping(tuple(f"priority:{n}" for n in range(priorities)), obs.priority),
        Grouping(tuple(f"area:{area}" for area in areas), area_of[obs.place], brief=True),
        Grouping(tuple(f"hour:{hour:02d}" for hour in range(24)), obs.hour, brief=True),
    ]


def paired_measures(obs: Observations, names: Names, targets: Sequence[Target]) -> list[Ratio]:
    """Return the measures in which alternatives are compared."""
    return [_mean_response(obs), *_shares(obs, names, targets), _mean_wait(obs)]


def measures(obs: Observations, names: Names, targets: Sequence[Target], end: int) -> list[Measure]:
    """Return all measures over callouts; ``end`` is the length of the measured period [ms]."""
    times, reached = obs.response_times()
    waits, sent = obs.wait_times()
    everyone = np.ones(len(reached), dtype=np.bool_)
    handled = sent | (obs.waited > 0) | ~obs.ended_as(Outcome.UNFINISHED)
    waited = (obs.waited > 0).astype(np.int64)
    return [
        Ratio("callouts", "per day", "count", everyone, per=end / MS_PER_DAY, brief=True),
        _mean_response(obs),
        Quantile("response_median", 0.5, times, reached),
        Quantile("response_p90", 0.9, times, reached, brief=True),
        *_shares(obs, names, targets),
        _mean_wait(obs),
        Quantile("wait_p90", 0.9, waits, sent),
        Ratio("share_waiting", "share", "share", handled, waited, meant=everyone),
        *_counts(obs, names, targets),
    ]


def _mean_response(obs: Observations) -> Ratio:
    """Mean response time of the callouts reached; how many were not is a measure of its own."""
    return _mean("response_mean", obs.response)


def _mean_wait(obs: Observations) -> Ratio:
    """Mean wait of the callouts dispatched."""
    return _mean("wait_mean", obs.wait)


def _mean(name: str, times: Ints) -> Ratio:
    known, everyone = times >= 0, np.ones(len(times), dtype=np.bool_)
    return Ratio(name, "min", "mean", known, times, everyone, scale=MS_PER_MINUTE, brief=True)


def _counts(obs: Observations, names: Names, targets: Sequence[Target]) -> Iterator[Ratio]:
    """Mean numbers per replication of callouts that did not end as they should."""
    which = {
        "not_reached": obs.response < 0,
        "unfinished": obs.ended_as(Outcome.UNFINISHED),
        "lost": obs.ended_as(Outcome.LOST),
        "gave_up": obs.ended_as(Outcome.GAVE_UP),
        "dropped": obs.ended_as(Outcome.DROPPED),
    }
    for target in targets:
        meant, determined, _ = _judged(obs, names, target)
        which[f"undetermined:{target.name}"] = meant & ~determined
    for name, counted in which.items():
        yield Ratio(name, "callouts", "count", counted, per=1.0)


def _shares(obs: Observations, names: Names, targets: Sequence[Target]) -> Iterator[Ratio]:
    """Share reached within each target, of the callouts of which that can be said."""
    for target in targets:
        meant, determined, within = _judged(obs, names, target)
        name = f"share:{target.name}"
        amount = within.astype(np.int64)
        yield Ratio(name, "share", "share", determined, amount, meant, brief=True)


def _judged(obs: Observations, names: Names, target: Target) -> tuple[Bools, Bools, Bools]:
    """
    Return the callouts a target is meant for, those that can be judged, and those within it.

    A callout that ended without being reached is late, and so is an unfinished one as soon as
    the target has passed; before that, it cannot be judged.
    """
    meant = np.ones(len(obs.kind), dtype=np.bool_)
    if target.kind is not None:
        known = target.kind in names.kinds
        meant &= (obs.kind == names.kinds.index(target.kind)) if known else False
    if target.priority is not None:
        meant &= obs.priority == target.priority
    times, reached = obs.response_times()
    determined = meant & (reached | (times >= target.within))
    return meant, determined, determined & reached & (times <= target.within)


def _slices(cells: Ints, count: int) -> Iterator[tuple[int, Ints]]:
    """Yield each cell that holds callouts, and which they are, in order."""
    order = np.argsort(cells, kind="stable")
    bounds = np.searchsorted(cells[order], np.arange(count + 1))
    for cell in np.flatnonzero(np.diff(bounds)).tolist():
        yield cell, order[bounds[cell] : bounds[cell + 1]]


def _scaled(interval: Interval, scale: float) -> Interval:
    """Return an interval in another unit."""
    value, low, high = (
        None if bound is None or math.isnan(bound) else bound / scale
        for bound in (interval.value, interval.low, interval.high)
    )
    return Interval(value, low, high, interval.weak)
