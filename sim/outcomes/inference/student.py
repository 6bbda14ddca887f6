"""
Student's t distribution, worked out here so that no numerical library decides its digits.

Quantiles of two versions of one numerical library differ in their last digits, and those
differences would reach the results. These use only arithmetic and ``exp``, ``log`` and ``lgamma``
of the C library, and round to twelve digits what they return.

References
----------
W. H. Press et al., *Numerical Recipes*, 3rd ed., 2007, sec. 6.4: incomplete beta function by
Lentz's continued fraction (recalled, not checked).

"""

from __future__ import annotations

import math
from functools import lru_cache

_TINY, _CONVERGED, _MOST_STEPS = 1e-300, 1e-16, 10_000
_MIDDLE = 1e-100  # so near to 0 that its square would vanish


def tail(t: float, freedom: float) -> float:
    """
    Return the chance that Student's t with ``freedom`` degrees of freedom exceeds ``t``.

    Examples
    --------
    >>> round(2 * tail(2.2621571628, 9), 10)
    0.05

    """
    if t < 0:
        return 1.0 - tail(-t, freedom)
    if t < _MIDDLE:
        return 0.5
    if math.isinf(t):
        return 0.0
    a, b = freedom / 2, 0.5
    x = freedom / (freedom + t * t)
    if x < (a + 1) / (a + b + 2):
        return _front(a, b, x) * _fraction(a, b, x) / a / 2
    y = t * t / (freedom + t * t)
    return (1 - _front(b, a, y) * _fraction(b, a, y) / b) / 2


@lru_cache(maxsize=512)
def quantile(p: float, freedom: float) -> float:
    """
    Return the value that Student's t stays below with chance ``p``, to twelve digits.

    Parameters
    ----------
    p
        Between 0.5 and 1.
    freedom
        Degrees of freedom, at least 1.

    Examples
    --------
    >>> quantile(0.975, 9)
    2.2621571628

    """
    beyond = 1 - p
    low, high = 0.0, 1.0
    while tail(high, freedom) > beyond:
        low, high = high, 2 * high
    while True:
        middle = (low + high) / 2
        if not low < middle < high:
            return float(f"{middle:.12g}")
        if tail(middle, freedom) > beyond:
            low = middle
        else:
            high = middle


def two_sided(level: float, freedom: float) -> float:
    """Return how many standard errors a two-sided interval of this level reaches."""
    return quantile(0.5 + level / 2, freedom)


def _front(a: float, b: float, x: float) -> float:
    logs = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(logs + a * math.log(x) + b * math.log1p(-x))


def _fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction of the incomplete beta function (modified Lentz)."""
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > _TINY else _TINY)
    found = d
    for m in range(1, _MOST_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        change = 1.0
        for term in (even, odd):
            d = 1 + term * d
            c = 1 + term / c
            d = 1 / (d if abs(d) > _TINY else _TINY)
            c = c if abs(c) > _TINY else _TINY
            change = c * d
            found *= change
        if abs(change - 1) < _CONVERGED:
            break
    return found
