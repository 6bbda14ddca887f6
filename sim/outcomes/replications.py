"""How replications differ: standard errors, Student t, and what makes intervals unreliable."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from .censoring import Floats

PerReplication = npt.NDArray[np.int64] | npt.NDArray[np.float64]

ENOUGH, FEW = 30, 10  # replications from which nothing, or only a remark, is said of their number
_DOMINANT = 0.10  # share of the squared errors that one replication may make up
_SKEWED = 0.3  # |skewness| / sqrt(replications) above which a t interval is off centre
_ROUNDING = 1e-12  # relative
NOTHING = "nothing to measure"
NO_INTERVAL = "one replication: no interval"
ONE_CARRIES = "all of it in one replication: no interval"


@dataclass(frozen=True, slots=True)
class Interval:
    """
    An estimate with its confidence interval, in the unit of the data.

    ``value`` is None where it does not exist (no callouts, a quantile never reached); ``low``
    and ``high`` are None where there is no such bound. ``weak`` says in words why the interval
    may be too short, and is empty where nothing speaks against it.
    """

    value: float | None
    low: float | None
    high: float | None
    weak: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """
    An estimate and what each replication adds to its error.

    ``errors`` average to the error of the estimate: to first order the estimate is ``value`` with
    standard error ``standard_error``. Unit of the value, shape (replications,). ``carrying`` is
    how many replications have anything to measure; the errors of the others are 0.
    ``hindered`` says why no interval can be had from these errors.
    """

    value: float
    errors: Floats
    carrying: int
    hindered: str = ""

    @property
    def replications(self) -> int:
        """How many replications there are, those with nothing to measure included."""
        return len(self.errors)

    @property
    def hindrance(self) -> str:
        """Why there can be no interval, or nothing."""
        if self.replications < 2:
            return NO_INTERVAL
        return ONE_CARRIES if self.carrying < 2 else self.hindered

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
        apart = Spread(
            self.value - other.value,
            self.errors - other.errors,
            min(self.carrying, other.carrying),
            self.hindered or other.hindered,
        )
        return apart.without_rounding(max(abs(self.value), abs(other.value)))


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


@lru_cache(maxsize=64)
def student_t(level: float, freedom: int) -> float:
    """Return how many standard errors a two-sided interval reaches (Student t)."""
    from scipy.special import stdtrit  # scipy.stats takes nearly three times as long to import

    return float(stdtrit(freedom, 0.5 + level / 2))


def reliability(spread: Spread) -> str:
    """
    Say why an interval built on these errors may be too short, or nothing.

    It is weak with few replications, when one of them makes up most of the spread, and when they
    lean to one side. "Fewer than 30 replications" alone is a remark, not an alarm.
    """
    size, total = spread.replications, spread.squares()
    if total <= 0:
        return "all replications alike"
    if size < FEW:  # the other signs mean nothing yet
        return f"fewer than {FEW} replications"
    if spread.carrying < FEW:
        return f"only {spread.carrying} replications have any"
    reasons = []
    if size < ENOUGH:
        reasons.append(f"fewer than {ENOUGH} replications")
    squares = spread.errors * spread.errors
    largest = float(squares.max())
    if largest > _DOMINANT * total:
        reasons.append(f"one replication makes up {largest / total:.0%} of the variance")
    skewness = math.fsum((squares * spread.errors).tolist()) / size / (total / size) ** 1.5
    if abs(skewness) / math.sqrt(size) > _SKEWED:
        reasons.append("replications lean to one side")
    return "; ".join(reasons)
