"""
Distributions of the scenario file, by inversion: a uniform in, whole milliseconds out.

Inversion, and not a faster method, because it needs one uniform for one duration and is monotone:
under common random numbers a callout that is long under one alternative is long under the other,
also where they have different distributions [1]_.

References
----------
.. [1] A. M. Law, *Simulation Modeling and Analysis*, 5th ed., 2015, chapter 11.

"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.random_streams import Uniforms
from sim.scenario.fields.models import Distribution

Z90 = 1.2815515655446004  # the standard normal's 90th percentile

Durations = npt.NDArray[np.int64]
"""Durations. [ms]"""


def lognormal_parameters(distribution: Distribution) -> tuple[float, float]:
    """
    Return mean and standard deviation of the logarithm of a log-normal, of milliseconds.

    From median and 90th percentile, ``mu = log(median)`` and ``sigma = (log(p90) - mu) / Z90``; or
    from mean and sd, ``sigma^2 = log(1 + (sd / mean)^2)`` and ``mu = log(mean) - sigma^2 / 2``.
    """
    if distribution.median is not None and distribution.p90 is not None:
        mu = math.log(distribution.median)
        return mu, (math.log(distribution.p90) - mu) / Z90
    assert distribution.mean is not None
    assert distribution.sd is not None
    variance = math.log1p((distribution.sd / distribution.mean) ** 2)
    return math.log(distribution.mean) - variance / 2, math.sqrt(variance)


def expected(distribution: Distribution) -> int:
    """
    Return the mean duration, which is all that a dispatcher can know beforehand. [ms]

    An assumption: one who plans with a percentile would be more careful than rules here are.

    Examples
    --------
    A log-normal with median 10 min and 90th percentile 20 min has a mean of 11.6 min:

    >>> from sim.scenario import Distribution
    >>> expected(Distribution(median="10 min", p90="20 min")) / 60_000
    11.57...

    """
    if distribution.value is not None:
        return distribution.value
    if distribution.values is not None:
        return round(sum(distribution.values) / len(distribution.values))
    if distribution.mean is not None:
        return distribution.mean
    mu, sigma = lognormal_parameters(distribution)
    return round(math.exp(mu + sigma * sigma / 2))


def durations(distribution: Distribution, u: Uniforms) -> Durations:
    """
    Return the durations at the given uniforms. [ms], shape as ``u``

    Recorded values are drawn with equal probability, as they are: none beyond the longest on
    record. Rounding to whole milliseconds also removes the last-bit differences that ``exp`` and
    ``log`` show between processors.

    Parameters
    ----------
    distribution
        As the scenario has it, recorded values filled in and sorted.
    u
        Strictly between 0 and 1 (`sim.random_streams.uniforms`): at 1 a duration would be infinite.

    """
    if distribution.value is not None:
        return np.full(u.shape, distribution.value, dtype=np.int64)
    if distribution.values is not None:
        recorded = np.asarray(distribution.values, dtype=np.int64)
        return np.asarray(recorded[(u * len(recorded)).astype(np.int64)])
    drawn: Uniforms
    if distribution.distribution == "exponential":
        assert distribution.mean is not None
        drawn = np.asarray(-distribution.mean * np.log1p(-u), dtype=np.float64)
    elif distribution.distribution == "gamma":
        drawn = _gamma(distribution, u)
    else:
        from scipy.special import ndtri

        mu, sigma = lognormal_parameters(distribution)
        drawn = np.asarray(np.exp(mu + sigma * ndtri(u)), dtype=np.float64)
    return np.asarray(np.rint(drawn), dtype=np.int64)


def _gamma(distribution: Distribution, u: Uniforms) -> Uniforms:
    from scipy.special import gammaincinv

    assert distribution.mean is not None
    assert distribution.sd is not None
    shape = (distribution.mean / distribution.sd) ** 2
    return np.asarray(gammaincinv(shape, u) * (distribution.mean / shape), dtype=np.float64)
