"""How replications differ: standard errors, Student t, and what makes intervals unreliable."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

PerReplication = npt.NDArray[np.int64] | npt.NDArray[np.float64]

ENOUGH, FEW = 30, 10  # replications from which nothing, or only a remark, is said of their number
_DOMINANT = 0.10  # share of the squared errors that one replication may make up
_SKEWED = 0.3  # |skewness| / sqrt(replications) above which a t interval is off centre
_ROUNDING = 1e-12  # relative
NOTHING = "nothing to measure"
NO_INTERVAL = "one replication: no interval"


def relative_errors(y: PerReplication, n: PerReplication) -> tuple[float, list[float]] | None:
    """Return a ratio and each replication's error relative to the mean size; None: no size."""
    size = math.fsum(n.tolist())
    if size <= 0:
        return None
    value = math.fsum(y.tolist()) / size
    errors = (y - value * n) / (size / len(n))
    errors[np.abs(errors) <= _ROUNDING * abs(value)] = 0.0  # alike but for the last bits
    return value, errors.tolist()


def standard_error(errors: list[float]) -> float:
    """Return the standard error of the mean of errors that add up to 0."""
    size = len(errors)
    return math.sqrt(math.fsum(e * e for e in errors) / (size * (size - 1)))


@lru_cache(maxsize=64)
def student_t(level: float, replications: int) -> float:
    """Return how many standard errors a two-sided interval reaches (Student t)."""
    from scipy.special import stdtrit  # scipy.stats takes nearly three times as long to import

    return float(stdtrit(replications - 1, 0.5 + level / 2))


def reliability(errors: list[float]) -> str:
    """
    Say why an interval built on these errors may be too short, or nothing. Shape (replications,)

    It is weak with few replications, when one of them makes up most of the spread, and when they
    lean to one side. "Fewer than 30 replications" alone is a remark, not an alarm.
    """
    size = len(errors)
    squares = [e * e for e in errors]
    total = math.fsum(squares)
    if total <= 0:
        return "all replications alike"
    if size < FEW:  # the other two signs mean nothing yet
        return f"fewer than {FEW} replications"
    reasons = []
    if size < ENOUGH:
        reasons.append(f"fewer than {ENOUGH} replications")
    if max(squares) > _DOMINANT * total:
        reasons.append(f"one replication makes up {max(squares) / total:.0%} of the variance")
    skewness = math.fsum(e**3 for e in errors) / size / (total / size) ** 1.5
    if abs(skewness) / math.sqrt(size) > _SKEWED:
        reasons.append("replications lean to one side")
    return "; ".join(reasons)
