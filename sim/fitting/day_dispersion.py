"""
How much days differ by more than chance: a gamma factor on each day's rate.

The count of a day with mean ``m`` then has the negative binomial distribution with variance
``m + v m^2``; ``v`` is the factor's variance, fitted by maximum likelihood [1]_. At the mean rate
``r`` the index of dispersion is ``1 + v r``, as scenarios have it.

References
----------
.. [1] J. F. Lawless, "Negative binomial and mixed Poisson regression", *Can. J. Statist.* 15(3),
   1987, 209-225.

"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import gammaincc, gammaln, ndtri

from .fitted_input import Floats

LEAST_DAYS = 14
LEAST, MOST = 1e-6, 100.0
NO_GAIN = 1e-4  # in log-likelihood: rounding


@dataclass(frozen=True)
class Dispersion:
    """
    The index of dispersion of daily counts at their mean, with its 95 % interval.

    ``p_value`` is that of the likelihood-ratio test that days differ by chance alone; ``days`` how
    many there are, 0 where they are too few.
    """

    index: float
    low: float
    high: float
    p_value: float
    days: int
    variance: float = 0.0


def dispersion_of(counts: Floats, expected: Floats) -> Dispersion:
    """Return the dispersion of the counts of days about what is expected of each. Shape (days,)"""
    keep = expected > 0
    n, e = counts[keep], expected[keep]
    if len(n) < LEAST_DAYS:
        return Dispersion(1.0, 1.0, 1.0, 1.0, 0)
    mean = float(e.mean())

    def loss(log_variance: float) -> float:
        return -_log_likelihood(n, e, float(np.exp(log_variance)))

    edges = np.log(LEAST), np.log(MOST)
    found = minimize_scalar(loss, bounds=edges, method="bounded", options={"xatol": 1e-7})
    top, at = -float(found.fun), float(found.x)
    flat = -loss(edges[0])
    gain = max(2 * (top - flat), 0.0)
    if gain < NO_GAIN:
        at, top = edges[0], flat
    limit = top - float(ndtri(0.975)) ** 2 / 2

    def above(log_variance: float) -> float:
        return float(-loss(log_variance) - limit)

    low = brentq(above, edges[0], at) if above(edges[0]) < 0 else -np.inf
    high = brentq(above, at, edges[1]) if above(edges[1]) < 0 else edges[1]
    variance = 0.0 if gain < NO_GAIN else float(np.exp(at))
    return Dispersion(
        1 + mean * variance, 1 + mean * float(np.exp(low)), 1 + mean * float(np.exp(high)),
        float(0.5 * gammaincc(0.5, gain / 2)) if gain >= NO_GAIN else 1.0, len(n), variance,
    )  # fmt: skip


def _log_likelihood(n: Floats, e: Floats, variance: float) -> float:
    a = 1 / variance
    terms = gammaln(a + n) - gammaln(a) - gammaln(n + 1) - a * np.log1p(e / a)
    return float(np.sum(terms + n * np.log(e / (a + e))))
