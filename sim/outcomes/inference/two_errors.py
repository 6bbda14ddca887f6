"""
An estimate with two errors: that of the simulation, and that of the record it was fitted to.

A record is drawn again ``B`` times, a model fitted to each, and each model run on the same ``n``
replications (`bootstrap`). What estimate ``b`` gives in replication ``r`` is

    y(b, r) = mean + record(b) + replication(r) + rest(b, r)

with both effects random, for all models meet the same random numbers. The variance of the record's
part is ``(MS_between - MS_rest) / n``, by analysis of variance of the two-way table without
interaction [1]_; with one-way analysis the replications that all models have in common would be
taken out of it, and it would often be negative. A negative estimate is set to zero.

Limits are those of two independent errors with limits of their own, ``value -+ sqrt(a^2 + b^2)``
(MOVER [2]_): ``a`` is how far the simulation's own interval reaches on that side, ``b`` is the
record's standard error times Student's t. So the interval is never narrower than that of the
simulation, and is that interval where the record has no error. The record's limits are normal ones:
of some twenty models there is no percentile of 2.5 % [3]_.

References
----------
.. [1] S. R. Searle, G. Casella, C. E. McCulloch, *Variance Components*, 1992, ch. 4: the two-way
   crossed classification (recalled, not checked).
.. [2] G. Y. Zou, A. Donner, "Construction of confidence limits about effect measures: a general
   approach", *Statist. Med.* 27(10), 2008, 1693-1702 (recalled, not checked).
.. [3] R. R. Barton, B. L. Nelson, W. Xie, "Quantifying input uncertainty via simulation confidence
   intervals", *INFORMS J. Comput.* 26(1), 2014, 74-87 (recalled, not checked).

"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import student
from .envelope import HallTransform, envelope, p_different, p_within
from .replications import Spread

_LEAST_P = 1e-12  # what is smaller is reported as this
_STEPS, _CLOSE = 100, 1e-10  # of the search for a p value, and when it ends
_ROUNDING = 1e-12  # relative, of the values


class VarianceSplit(NamedTuple):
    """
    The mean squares of estimates by model and replication, and the record's variance.

    ``record`` is the estimate as it comes, negative or not; ``mean`` the mean over all models.
    """

    between: float
    rest: float
    record: float
    mean: float


def variance_split(spreads: Sequence[Spread]) -> VarianceSplit:
    """
    Return the two-way analysis of variance of one measure under several models.

    Parameters
    ----------
    spreads
        The measure under each model, at least two of them, over the same replications, at least
        two.

    Raises
    ------
    ValueError
        When there are too few, or they have different numbers of replications.

    """
    replications = {spread.replications for spread in spreads}
    if len(spreads) < 2 or len(replications) != 1 or min(replications) < 2:
        raise ValueError("two models or more are needed, over the same two replications or more")
    n, models = replications.pop(), len(spreads)
    means = np.array([spread.value for spread in spreads])
    errors = np.array([spread.errors for spread in spreads])
    rest = errors - errors.mean(axis=1, keepdims=True) - errors.mean(axis=0) + errors.mean()
    mean = math.fsum(means.tolist()) / models
    between = n * math.fsum(((means - mean) ** 2).tolist()) / (models - 1)
    within = math.fsum((rest**2).ravel().tolist()) / ((models - 1) * (n - 1))
    nothing = n * float((means**2).max()) * _ROUNDING**2
    between, within = (0.0 if part <= nothing else part for part in (between, within))
    return VarianceSplit(between, within, (between - within) / n, mean)


@dataclass(frozen=True, slots=True, eq=False)
class TwoErrors:
    """
    An estimate with the error of its simulation and that of the record behind it.

    ``record`` is the standard error that comes from the record, in the unit of the value, and
    ``freedom`` the degrees of freedom of Student's t for it.
    """

    simulation: Spread
    record: float
    freedom: int

    @property
    def share(self) -> float:
        """The part of the whole variance that comes from the record; 0 where nothing varies."""
        simulated = self.simulation.standard_error() ** 2
        whole = simulated + self.record**2
        return self.record**2 / whole if whole > 0 else 0.0

    def reach(self, level: float = 0.95) -> float:
        """Return the half-width of an interval for the record's error alone."""
        return student.two_sided(level, self.freedom) * self.record

    def limits(self, level: float = 0.95) -> tuple[float, float]:
        """Return the limits of the two-sided interval for both errors together."""
        low, high = envelope(self.simulation, level)
        return widened(self.simulation.value, low, high, self.reach(level))

    def p_different(self) -> float:
        """Return the two-sided p value that the true value is zero."""
        if not self.record:
            return p_different(self.simulation)
        value = self.simulation.value
        return _rounded(2 * (self._p_above(0.0) if value > 0 else self._p_below(0.0)))

    def p_within(self, margin: float) -> float:
        """Return the p value of a true value outside plus and minus ``margin`` (TOST)."""
        if not self.record:
            return p_within(self.simulation, margin)
        return _rounded(max(self._p_above(-margin), self._p_below(margin)))

    def without_simulation(self) -> TwoErrors:
        """Return what endless replications would leave: the record's error alone."""
        quiet = Spread(
            self.simulation.value, np.zeros_like(self.simulation.errors), self.simulation.carrying
        )
        return TwoErrors(quiet, self.record, self.freedom)

    def _p_above(self, bound: float) -> float:
        return self._p(self.simulation.value - bound, 1)

    def _p_below(self, bound: float) -> float:
        return self._p(bound - self.simulation.value, -1)

    def _p(self, apart: float, side: int) -> float:
        """Return the level at which the one-sided limit is as far off as the bound; 1: beyond."""
        if apart <= 0:
            return 1.0
        hall = HallTransform.of(self.simulation)

        def off(t: float) -> float:  # nearly a straight line
            p = max(student.tail(t, self.freedom), _LEAST_P)
            return math.hypot(_reach(hall, p, side), t * self.record) - apart

        most = min(apart / self.record, student.quantile(1 - _LEAST_P, self.freedom))
        return student.tail(_root(off, 0.0, most), self.freedom)


def _root(rising: Callable[[float], float], low: float, high: float) -> float:
    """Return where a rising function is zero, or the end that is closest (Illinois)."""
    at_low, at_high, size = rising(low), rising(high), high - low
    if at_low >= 0 or at_high <= 0:
        return low if at_low >= 0 else high
    last = 0
    for _ in range(_STEPS):
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        at_middle = rising(middle)
        if at_middle < 0:
            moved, low, at_low = middle - low, middle, at_middle
            at_high, last = (at_high / 2 if last < 0 else at_high), -1
        else:
            moved, high, at_high = high - middle, middle, at_middle
            at_low, last = (at_low / 2 if last > 0 else at_low), 1
        if at_middle == 0 or moved <= _CLOSE * size:
            break
    return middle


def widened(value: float, low: float, high: float, reach: float) -> tuple[float, float]:
    """Return limits with a second, independent error that reaches as far to either side."""
    return value - math.hypot(value - low, reach), value + math.hypot(high - value, reach)


def _reach(hall: HallTransform, p: float, side: int) -> float:
    """Return how far the simulation's one-sided limit is from its value. Side 1: the lower."""
    if hall.error <= 0:
        return 0.0
    q = student.quantile(1 - p, hall.freedom)
    return hall.error * max(q, hall.reach(q) if side > 0 else -hall.reach(-q))


def _rounded(p: float) -> float:
    """Return a p value to six digits, before anything is concluded from it."""
    return float(f"{min(max(p, _LEAST_P), 1.0):.6g}")
