"""
The interval of everything that is a ratio of sums over replications, and its p values.

Replications of a queue lean to one side, and a t interval built on them promises 95 % and keeps
90 to 93 %, with the true value above it. The interval here is the *envelope*: at each end the
farther of Student's t and of Hall's transformation, which takes the skewness of the errors out
[1]_. The p values come from the same formula, so that an interval that leaves out zero and a p
value below 5 % are one thing. How often it contains the true value is measured by ``rescuesim
coverage``.

References
----------
.. [1] P. Hall, "On the removal of skewness by transformation", *J. R. Stat. Soc. B* 54, 1992,
   221-228 (recalled, not checked).

"""

from __future__ import annotations

import math
from dataclasses import dataclass

from . import student
from .replications import Spread

_LEAST_P = 1e-12  # what is smaller is reported as this
# G1 of a small sample is smaller than the skewness it estimates; for replications that follow a
# gamma distribution by about this: the true over the mean measured value at 10, 20, 30 and 100.
_MEANS, _SHARES = 7, 3


@dataclass(frozen=True, slots=True)
class HallTransform:
    """
    Hall's transformation for one set of errors.

    ``error`` is the standard error, ``freedom`` that of Student's t, ``a`` the skewness that the
    transformation takes out, over the root of the number of replications.
    """

    error: float
    freedom: int
    a: float

    @classmethod
    def of(cls, found: Spread, correction: int = _MEANS) -> HallTransform:
        """Return the transformation for the errors of an estimate."""
        size, squares = found.replications, found.squares()
        error = math.sqrt(squares / (size * (size - 1)))
        if size < 3 or squares <= 0:
            return cls(error, size - 1, 0.0)
        cubes = math.fsum((found.errors * found.errors * found.errors).tolist())
        biased = cubes / size / (squares / size) ** 1.5
        skewness = math.sqrt(size * (size - 1)) / (size - 2) * biased
        return cls(error, size - 1, (1 + correction / size) * skewness / math.sqrt(size))

    @classmethod
    def of_share(cls, found: Spread) -> HallTransform:
        """Return the transformation for the share reached by a time, behind a quantile."""
        return cls.of(found, _SHARES)

    def reach(self, q: float) -> float:
        """Return how many standard errors the transformed interval reaches for a t of ``q``."""
        # 3 / a * (root - 1), without the difference, which for a small a has few digits left
        root = _cube_root(1 + self.a * (q - self.a / 6))
        return 3 * (q - self.a / 6) / (root * root + root + 1)

    def undo(self, y: float) -> float:
        """Return the t whose reach is ``y``."""
        a = self.a
        return y + a * y * y / 3 + a * a * y**3 / 27 + a / 6

    def limits(self, value: float, level: float) -> tuple[float, float]:
        """Return the limits of Hall's interval alone."""
        q = student.two_sided(level, self.freedom)
        return value - self.error * self.reach(q), value - self.error * self.reach(-q)


def envelope(found: Spread, level: float = 0.95) -> tuple[float, float]:
    """
    Return the limits of the two-sided interval of an estimate.

    Parameters
    ----------
    found
        The estimate with its errors, of at least two replications.
    level
        Confidence level.

    Notes
    -----
    Errors that are zero in every replication give an interval of no width.

    """
    hall = HallTransform.of(found)
    if hall.error <= 0:
        return found.value, found.value
    q = student.two_sided(level, hall.freedom)
    low = found.value - hall.error * max(q, hall.reach(q))
    high = found.value + hall.error * max(q, -hall.reach(-q))
    return low, high


def p_different(found: Spread, bound: float = 0.0) -> float:
    """Return the two-sided p value that the true value is ``bound``; see `settled`."""
    return _settled(2 * min(_p_above(found, bound), _p_below(found, bound)))


def p_above(found: Spread, bound: float = 0.0) -> float:
    """Return the p value of a true value of ``bound`` or less: small if it is clearly above."""
    return _settled(_p_above(found, bound))


def p_below(found: Spread, bound: float = 0.0) -> float:
    """Return the p value of a true value of ``bound`` or more: small if it is clearly below."""
    return _settled(_p_below(found, bound))


def p_within(found: Spread, margin: float) -> float:
    """Return the p value of a true value outside plus and minus ``margin`` (TOST)."""
    return _settled(max(_p_above(found, -margin), _p_below(found, margin)))


def settled(value: float, scale: float = 1.0) -> float:
    """
    Return a result as it is written down: to twelve digits, zero where only rounding is left.

    ``scale`` is the size of what it was worked out from, at least the unit's own.
    """
    return 0.0 if abs(value) <= 1e-12 * scale else float(f"{value:.12g}")


def _settled(p: float) -> float:
    """Return a p value to six digits, before anything is concluded from it."""
    return float(f"{min(max(p, _LEAST_P), 1.0):.6g}")


def _p_above(found: Spread, bound: float) -> float:
    hall, apart = HallTransform.of(found), found.value - bound
    if hall.error <= 0:
        return 0.5 if apart == 0 else float(apart < 0)
    y = apart / hall.error
    return max(student.tail(y, hall.freedom), student.tail(hall.undo(y), hall.freedom))


def _p_below(found: Spread, bound: float) -> float:
    hall, apart = HallTransform.of(found), found.value - bound
    if hall.error <= 0:
        return 0.5 if apart == 0 else float(apart > 0)
    y = apart / hall.error
    return max(student.tail(-y, hall.freedom), student.tail(-hall.undo(y), hall.freedom))


def _cube_root(x: float) -> float:
    # The power of the C library may be off in its last bit; these digits are not.
    return math.copysign(float(f"{abs(x) ** (1 / 3):.12g}"), x)
