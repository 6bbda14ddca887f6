"""How replications differ: an estimate with the error that each of them adds."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from . import student
from .censoring import Floats

PerReplication = npt.NDArray[np.int64] | npt.NDArray[np.float64]

FEW = 10  # replications below which nothing is concluded
_ROUNDING = 1e-12  # relative
NOTHING = "nothing to measure"
NO_INTERVAL = "one replication: no interval"
ONE_CARRIES = "all of it in one replication: no interval"
FEW_REPLICATIONS = f"fewer than {FEW} replications"


@dataclass(frozen=True, slots=True)
class Interval:
    """
    An estimate with its confidence interval, in the unit of the data.

    ``value`` is None where it does not exist (no callouts, a quantile never reached); ``low``
    and ``high`` are None where there is no such bound. ``note`` says in words what there is to
    know of the interval, and is empty where there is nothing.
    """

    value: float | None
    low: float | None
    high: float | None
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """
    An estimate and what each replication adds to its error.

    ``errors`` average to the error of the estimate: to first order the estimate is ``value`` with
    standard error ``standard_error``. Unit of the value, shape (replications,). ``carrying`` is
    how many replications have anything to measure; the errors of the others are 0.
    ``unusable`` says why no interval can be had from these errors.
    """

    value: float
    errors: Floats
    carrying: int
    unusable: str = ""

    @property
    def replications(self) -> int:
        """How many replications there are, those with nothing to measure included."""
        return len(self.errors)

    @property
    def no_interval(self) -> str:
        """Why there can be no interval, or nothing."""
        if self.replications < 2:
            return NO_INTERVAL
        return ONE_CARRIES if self.carrying < 2 else self.unusable

    def squares(self) -> float:
        """Return the sum of the squared errors."""
        return math.fsum((self.errors * self.errors).tolist())

    def standard_error(self) -> float:
        """Return the standard error of the estimate."""
        return math.sqrt(self.squares() / (self.replications * (self.replications - 1)))

    def without_rounding(self, size: float) -> Spread:
        """Return the same with errors that are 0 but for the last bits of ``size`` set to 0."""
        negligible = np.abs(self.errors) <= _ROUNDING * abs(size)
        return replace(self, errors=np.where(negligible, 0.0, self.errors))

    def scaled(self, scale: float) -> Spread:
        """Return the same in another unit, of which ``scale`` make one."""
        return replace(self, value=self.value / scale, errors=self.errors / scale)

    def minus(self, other: Spread) -> Spread:
        """Return the difference to another estimate over the same replications, paired."""
        size = max(abs(self.value), abs(other.value))
        value = self.value - other.value
        apart = Spread(
            0.0 if abs(value) <= _ROUNDING * size else value,
            self.errors - other.errors,
            min(self.carrying, other.carrying),
            self.unusable or other.unusable,
        )
        return apart.without_rounding(size)

    def stands_out(self) -> int | None:
        """
        Return the replication whose error is too far out to be chance, None if there is none.

        Notes
        -----
        Grubbs' two-sided test at 5 % [1]_. It is a place to look, not a reason to doubt the
        interval: the samples that hold the rare bad week are those whose intervals are right.

        References
        ----------
        .. [1] F. E. Grubbs, "Procedures for detecting outlying observations in samples",
           *Technometrics* 11(1), 1969, 1-21.

        """
        size, squares = self.replications, self.errors * self.errors
        if size < FEW or self.squares() <= 0:
            return None
        u = student.quantile(1 - 0.025 / size, size - 2)
        limit = (size - 1) / math.sqrt(size) * math.sqrt(u * u / (size - 2 + u * u))
        farthest = int(squares.argmax())
        if float(squares[farthest]) * (size - 1) > limit * limit * self.squares():
            return farthest
        return None


def spread(y: PerReplication, n: PerReplication) -> Spread | None:
    """
    Return the ratio of two sums over replications with its errors; None: nothing to divide by.

    Parameters
    ----------
    y, n
        Per replication, the amount and what it is divided by. Shape (replications,)

    """
    size = math.fsum(n.tolist())
    if size <= 0:
        return None
    value = math.fsum(y.tolist()) / size
    errors = np.asarray((y - value * n) / (size / len(n)), dtype=np.float64)
    return Spread(value, errors, int(np.count_nonzero(n))).without_rounding(value)
