"""
An estimate kept up to date while replications come in, one at a time.

After any number of replications it is what `summarise` gives for the same ones, to the bit: it is
made from the same sums and the same sorted times, which are added to rather than made again.
Procedures that look after every replication need that.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from sim.definitions import RESTRICTED_MEAN

from ..inference.censoring import Ints, ReachedBy, sort_keys
from ..inference.quantiles import AtQuantile, pooled
from ..inference.replications import Spread, spread
from ..observed.observations import Observations, stack
from ..observed.sample import Sample
from .grouped_sums import Column, QuantileColumn, RatioColumn
from .groupings import read_together
from .judged import expected_times
from .measures import Quantile, measures

_ATTENDANCE = "attendance_restricted_mean"
_LEVEL = 0.95
_NOTHING = np.zeros(0, dtype=np.int64)


class Running(Protocol):
    """
    An estimate over all callouts of the replications added so far, in the unit of tables.

    Of a quantile, ``value`` and ``spread`` are None where too few callouts are ever reached;
    ``ever`` is then the share that is. Where all three are None, there is nothing to measure.
    """

    def add(self, sample: Sample) -> None:
        """Add the next replication: a sample of that one alone."""

    def value(self) -> float | None:
        """Return the estimate."""

    def spread(self) -> Spread | None:
        """Return the estimate with the error that each replication adds."""

    def ever(self) -> Spread | None:
        """Return the share ever reached where that is too small for a quantile to exist."""


def running(measure: str, sample: Sample) -> Running | None:
    """
    Return what keeps an estimate of a measure, nothing added yet.

    ``sample`` is any of the alternative's; None: the measure is not measured there.
    """
    found = measures(sample, {measure})
    if not found:
        return _Stacked(measure) if _column(measure, sample) is not None else None
    (only,) = found
    if isinstance(only, Quantile):
        return _Quantile(only)
    if measure in (RESTRICTED_MEAN, _ATTENDANCE):
        return _Restricted(measure, sample.standards.horizon, only.label.scale)
    return _Ratio(measure)


def _column(measure: str, sample: Sample) -> Column | None:
    """Return a measure over all callouts."""
    for table in read_together(sample, {measure}):
        for column in table.columns:
            if column.label.name == measure:
                return column
    return None


class _Ratio:
    """Sums over the callouts of each replication, which do not change when another is added."""

    def __init__(self, measure: str) -> None:
        self._measure = measure
        self._amounts: list[float] = []
        self._sizes: list[float] = []
        self._scale = 1.0

    def add(self, sample: Sample) -> None:
        column = _column(self._measure, sample)
        assert isinstance(column, RatioColumn)
        self._amounts.append(float(column.amount[0, 0]))
        self._sizes.append(float(column.size[0, 0]))
        self._scale = column.label.scale

    def spread(self) -> Spread | None:
        found = spread(np.array(self._amounts), np.array(self._sizes))
        return None if found is None else found.scaled(self._scale)

    def value(self) -> float | None:
        found = self.spread()
        return None if found is None else found.value

    def ever(self) -> Spread | None:
        return None


class _Restricted:
    """
    Sums of restricted times.

    Those of callouts that were waiting when their run ended change with every replication, as the
    Kaplan-Meier curve behind them does; the others do not. So sums are kept of the others, those
    waiting one by one, and of the curve when how many were reached.
    """

    def __init__(self, measure: str, horizon: int, scale: float) -> None:
        self._attendance = measure == _ATTENDANCE
        self._horizon, self._scale = horizon, scale
        self._known: list[int] = []  # [ms] by replication, summed over the callouts known
        self._sizes: list[int] = []
        self._so_far = self._replication = _NOTHING  # of those waiting, in the order added
        self._instants = self._number = _NOTHING  # when any were reached, and how many

    def add(self, sample: Sample) -> None:
        obs = sample.observations
        times, reached = obs.attendance_times() if self._attendance else obs.response_times()
        known = reached | (times >= self._horizon)
        waiting = times[~known]
        self._so_far = np.concatenate([self._so_far, waiting])
        number = np.full_like(waiting, len(self._sizes))
        self._replication = np.concatenate([self._replication, number])
        self._known.append(int(np.minimum(times[known], self._horizon).sum()))
        self._sizes.append(len(times))
        self._reach(times[reached & (times < self._horizon)])

    def _reach(self, times: Ints) -> None:
        instants, number = np.unique(times, return_counts=True)
        at = np.searchsorted(self._instants, instants)
        there = np.append(self._instants, -1)[at] == instants
        self._number[at[there]] += number[there]
        self._number = np.insert(self._number, at[~there], number[~there])
        self._instants = np.insert(self._instants, at[~there], instants[~there])

    def spread(self) -> Spread | None:
        found = spread(self._amounts(), np.array(self._sizes, dtype=np.float64))
        return None if found is None else found.scaled(self._scale)

    def _amounts(self) -> Ints:
        """Return the sums by replication, those waiting filled in. [ms]"""
        amounts = np.array(self._known, dtype=np.int64)
        if len(self._so_far):
            before = np.cumsum(self._number) - self._number
            gone = np.searchsorted(np.sort(self._so_far), self._instants, side="left")
            at_risk = sum(self._sizes) - before - gone
            filled_in = expected_times(
                self._instants, self._number, at_risk, self._horizon, self._so_far
            )
            np.add.at(amounts, self._replication, filled_in)
        return amounts

    def value(self) -> float | None:
        found = self.spread()
        return None if found is None else found.value

    def ever(self) -> Spread | None:
        return None


class _Quantile:
    """Times kept sorted, with the replication of each."""

    def __init__(self, measure: Quantile) -> None:
        self._measure = measure
        self._keys, self._replication = _NOTHING, np.zeros(0, dtype=np.int32)
        self._replications = 0
        self._found: AtQuantile | None = None

    def add(self, sample: Sample) -> None:
        obs = sample.observations
        times, known = {
            "response": obs.response_times,
            "wait": obs.queue_times,
            "attendance": obs.attendance_times,
        }[self._measure.times]()
        keys = np.sort(sort_keys(times, known))
        at = np.searchsorted(self._keys, keys, side="right")
        self._keys = np.insert(self._keys, at, keys)
        self._replication = np.insert(self._replication, at, self._replications)
        self._replications += 1
        self._found = None

    def value(self) -> float | None:
        """Return the estimate: quick, for it needs no errors."""
        if not len(self._keys):
            return None
        found = ReachedBy(self._keys).first_at(self._measure.p)
        return None if found is None else found / self._measure.label.scale

    def spread(self) -> Spread | None:
        found = self._at().spread
        return None if found is None else found.scaled(self._measure.label.scale)

    def ever(self) -> Spread | None:
        return self._at().ever

    def _at(self) -> AtQuantile:
        if self._found is None:
            by, p = ReachedBy(self._keys), self._measure.p
            self._found = pooled(by, self._replication, self._replications, p, _LEVEL)
        return self._found


class _Stacked:
    """Any other measure: made again from all replications so far, whenever it is asked for."""

    def __init__(self, measure: str) -> None:
        self._measure = measure
        self._parts: list[Observations] = []
        self._last: Sample | None = None
        self._found: Column | None = None

    def add(self, sample: Sample) -> None:
        self._parts.append(sample.observations)
        self._last, self._found = sample, None

    def _all(self) -> Column | None:
        if self._found is None and self._last is not None:
            last, numbers = self._last, tuple(range(len(self._parts)))
            whole = Sample(
                last.name, stack(self._parts), last.names, last.standards, last.end, numbers
            )
            self._found = _column(self._measure, whole)
        return self._found

    def spread(self) -> Spread | None:
        found = self._all()
        return None if found is None else found.spread(0)

    def value(self) -> float | None:
        found = self.spread()
        return None if found is None else found.value

    def ever(self) -> Spread | None:
        found = self._all()
        return found.ever(0) if isinstance(found, QuantileColumn) else None
