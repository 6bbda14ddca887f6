"""
Families of durations, fitted by maximum likelihood and compared by AIC.

A duration is exact; or right-censored: still going on at the end of the record; or left-censored:
recorded as zero, so shorter than the record's resolution. With density f and distribution F the
log-likelihood is the sum of ``log f(x)``, ``log(1 - F(x))`` and ``log F(x)`` over the three [1]_.

In a record to the minute both ends of a duration are cut to whole minutes. Where in a minute it
began is even, so ``d`` is recorded with probability ``(G(d + r) - 2 G(d) + G(d - r)) / r``, with
the resolution r and ``G(x)``, the integral of F from 0 to x; that is its likelihood.

Intervals are normal on the scale of the logarithm, with the inverse of the observed information.

References
----------
.. [1] J. P. Klein, M. L. Moeschberger, *Survival Analysis*, 2nd ed., 2003, sec. 3.5.
.. [2] H. Akaike, "A new look at the statistical model identification", *IEEE Trans. Autom.
   Control* 19(6), 1974, 716-723.

"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammainc, gammaincc, gammaincinv, gammaln, log_ndtr, ndtr, ndtri

from .fitted_input import Floats

Z90 = float(ndtri(0.9))
Z975 = float(ndtri(0.975))
LEAST_START = 1e-2  # [min]
CUT = 20  # resolutions, from which a duration is as good as exact
LEAST = 1e-300  # so that the logarithm of a probability that underflows is finite


@dataclass(frozen=True, eq=False)
class Times:
    """
    Durations of one sort: exact, right-censored, left-censored, and cut to a resolution. [min]

    ``step`` is that resolution; what is cut is between 0 and twenty times that, for a longer one is
    as good as exact.
    """

    exact: Floats
    going_on: Floats
    below: Floats
    cut: Floats = field(default_factory=lambda: np.array([]))
    step: float = 0.0

    @property
    def count(self) -> int:
        """How many there are, censored ones too."""
        return len(self.ended) + len(self.going_on)

    @cached_property
    def ended(self) -> Floats:
        """Those that have ended, as recorded."""
        return np.concatenate([self.exact, self.below, self.cut])

    @property
    def is_one(self) -> bool:
        """Whether all that have ended are the same."""
        return len(self.ended) > 0 and float(np.ptp(self.ended)) == 0.0

    @cached_property
    def cut_counts(self) -> tuple[Floats, Floats]:
        """The different ones that are cut, and how often each is recorded."""
        at, counts = np.unique(self.cut, return_counts=True)
        return at, counts.astype(np.float64)

    @cached_property
    def log(self) -> Floats:
        """Logarithms of the exact ones."""
        return np.log(self.exact)

    @cached_property
    def sums(self) -> tuple[float, float, float]:
        """Sums of the exact ones, of their logarithms, and of the squares of these."""
        return float(self.exact.sum()), float(self.log.sum()), float((self.log**2).sum())

    @property
    def middle(self) -> float:
        """A first guess of their mean, for the search."""
        return float(np.concatenate([self.positive, self.going_on]).mean())

    @property
    def positive(self) -> Floats:
        """Those that have ended, with half the resolution for zero, for the search."""
        ended = np.concatenate([self.exact, self.below / 2, self.cut])
        return np.asarray(np.maximum(ended, LEAST_START), dtype=np.float64)


class Family(NamedTuple):
    """
    A family of distributions, by parameters on the whole real line.

    ``exact`` is the log-likelihood of the exact durations; ``survival`` and ``distribution`` give
    ``log(1 - F)`` and ``log F``; ``partial`` the mean of what is at most x (0 beyond); ``quantile``
    inverts F. ``said`` gives the logarithms of what a
    scenario says of it, named by ``words``. ``written`` tells whether a scenario can have it.
    """

    name: str
    words: tuple[str, ...]
    written: bool
    exact: Callable[[Floats, Times], float]
    survival: Callable[[Floats, Floats], Floats]
    distribution: Callable[[Floats, Floats], Floats]
    partial: Callable[[Floats, Floats], Floats]
    quantile: Callable[[Floats, Floats], Floats]
    said: Callable[[Floats], Floats]


def _safe_log(probability: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(probability, LEAST)))


def _exponential(theta: Floats, times: Times) -> float:
    total = times.sums[0]
    return float(-len(times.exact) * theta[0] - total * np.exp(-theta[0]))


def _gamma(theta: Floats, times: Times) -> float:
    total, logs, _ = times.sums
    shape = np.exp(theta[1])
    log_scale = theta[0] - theta[1]
    n = len(times.exact)
    return float(
        (shape - 1) * logs - total * np.exp(-log_scale) - n * (shape * log_scale + gammaln(shape))
    )


def _lognormal(theta: Floats, times: Times) -> float:
    _, logs, squares = times.sums
    n, mu, sigma = len(times.exact), theta[0], np.exp(theta[1])
    residual = squares - 2 * mu * logs + n * mu * mu
    return float(-logs - n * (theta[1] + 0.5 * np.log(2 * np.pi)) - residual / (2 * sigma**2))


def _weibull(theta: Floats, times: Times) -> float:
    shape, z = np.exp(theta[1]), times.log - theta[0]
    n = len(times.exact)
    total = float(np.exp(np.minimum(shape * z, 700)).sum())
    return float(n * theta[1] + shape * z.sum() - times.sums[1] - total)


def _gamma_argument(theta: Floats, x: Floats) -> Floats:
    return np.asarray(x * np.exp(theta[1] - theta[0]))


def _standard(theta: Floats, x: Floats) -> Floats:
    return np.asarray((np.log(x) - theta[0]) * np.exp(-theta[1]))


def _hazard(theta: Floats, x: Floats) -> Floats:
    """Return the cumulative hazard of a Weibull distribution."""
    return np.asarray(np.exp(np.minimum(np.exp(theta[1]) * (np.log(x) - theta[0]), 700)))


FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        Family(
            "exponential", ("mean",), True, _exponential,
            lambda t, x: -x * np.exp(-t[0]),
            lambda t, x: _safe_log(-np.expm1(-x * np.exp(-t[0]))),
            lambda t, x: np.exp(t[0]) * gammainc(2.0, x * np.exp(-t[0])),
            lambda t, u: -np.log1p(-u) * np.exp(t[0]),
            lambda t: t[:1],
        ),
        Family(
            "gamma", ("mean", "sd"), True, _gamma,
            lambda t, x: _safe_log(gammaincc(np.exp(t[1]), _gamma_argument(t, x))),
            lambda t, x: _safe_log(gammainc(np.exp(t[1]), _gamma_argument(t, x))),
            lambda t, x: np.exp(t[0]) * gammainc(np.exp(t[1]) + 1, _gamma_argument(t, x)),
            lambda t, u: gammaincinv(np.exp(t[1]), u) * np.exp(t[0] - t[1]),
            lambda t: np.array([t[0], t[0] - t[1] / 2]),
        ),
        Family(
            "lognormal", ("median", "p90"), True, _lognormal,
            lambda t, x: log_ndtr(-_standard(t, x)),
            lambda t, x: log_ndtr(_standard(t, x)),
            lambda t, x: (
                np.exp(t[0] + np.exp(2 * t[1]) / 2) * ndtr(_standard(t, x) - np.exp(t[1]))
            ),
            lambda t, u: np.exp(t[0] + np.exp(t[1]) * ndtri(u)),
            lambda t: np.array([t[0], t[0] + Z90 * np.exp(t[1])]),
        ),
        Family(
            "Weibull", ("median", "p90"), False, _weibull,
            lambda t, x: -_hazard(t, x),
            lambda t, x: _safe_log(-np.expm1(-_hazard(t, x))),
            lambda t, x: (
                np.exp(t[0] + gammaln(1 + np.exp(-t[1])))
                * gammainc(1 + np.exp(-t[1]), _hazard(t, x))
            ),
            lambda t, u: np.exp(t[0] + np.log(-np.log1p(-u)) * np.exp(-t[1])),
            lambda t: t[0] + np.log(np.log([2.0, 10.0])) * np.exp(-t[1]),
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class FamilyFit:
    """
    A family fitted to durations: parameters, their covariance, log-likelihood and AIC.

    ``covariance`` is ``nan`` where the likelihood is not curved at its top.
    """

    family: Family
    theta: Floats
    covariance: Floats
    log_likelihood: float

    @property
    def aic(self) -> float:
        """Akaike's information criterion: ``2 k - 2 log L``; the smallest is preferred [2]_."""
        return 2 * len(self.theta) - 2 * self.log_likelihood

    @property
    def said(self) -> dict[str, tuple[float, float, float]]:
        """What a scenario says of it, each with its 95 % interval. [min]"""
        value = self.family.said(self.theta)
        slope = _jacobian(self.family.said, self.theta)
        error = np.sqrt(np.maximum(np.diag(slope @ self.covariance @ slope.T), 0))
        ends = np.exp([value, value - Z975 * error, value + Z975 * error])
        return {
            word: (float(v), float(low), float(high))
            for word, (v, low, high) in zip(self.family.words, ends.T, strict=True)
        }

    def share_within(self, minutes: Floats) -> Floats:
        """Return the share of durations up to some minutes. Shape as ``minutes``"""
        return np.asarray(np.exp(self.family.distribution(self.theta, minutes)))


def log_likelihood(family: Family, theta: Floats, times: Times) -> float:
    """Return the log-likelihood of durations."""
    found = family.exact(theta, times) if len(times.exact) else 0.0
    if len(times.going_on):
        found += float(family.survival(theta, times.going_on).sum())
    if len(times.below):
        found += float(family.distribution(theta, times.below).sum())
    if len(times.cut):
        at, counts = times.cut_counts
        found += float(counts @ _safe_log(_recorded_as(family, theta, at, times.step)))
    return found


def _recorded_as(family: Family, theta: Floats, at: Floats, step: float) -> Floats:
    """Return the probability that a duration is recorded as each of some, cut to a resolution."""
    ends = (_integral(family, theta, at + n * step) for n in (1, 0, -1))
    after, here, before = ends
    return np.asarray((after - 2 * here + before) / step)


def _integral(family: Family, theta: Floats, x: Floats) -> Floats:
    """Return the integral of F from 0 to x, which is ``x F(x)`` less the mean up to x."""
    found = np.zeros_like(x)
    inside = x > 0
    own = x[inside]
    share = np.exp(family.distribution(theta, own))
    found[inside] = own * share - family.partial(theta, own)
    return found


def fit_family(family: Family, times: Times) -> FamilyFit | None:
    """Return a family fitted to durations; None where they are too few, or all the same."""
    size = len(family.words)
    if len(times.ended) <= size or times.is_one:
        return None
    start = np.array([np.log(times.middle), 0.0])[:size]
    if family.name in ("lognormal", "Weibull"):
        logs = np.log(times.positive)
        spread = max(float(logs.std()), 0.05)
        start = np.array([logs.mean(), np.log(spread)])
        if family.name == "Weibull":
            start[1] = np.log(1.2 / spread)

    def loss(theta: Floats) -> float:
        found = -log_likelihood(family, theta, times)
        return found if np.isfinite(found) else 1e300

    found = minimize(
        loss, start, method="Nelder-Mead",
        options={"xatol": 1e-6, "fatol": 1e-7, "maxiter": 2000},
    )  # fmt: skip
    theta = np.asarray(found.x, dtype=np.float64)
    if not found.success or not np.isfinite(found.fun) or found.fun >= 1e300:
        return None
    return FamilyFit(family, theta, _covariance(loss, theta), -float(found.fun))


def _covariance(loss: Callable[[Floats], float], theta: Floats) -> Floats:
    """Return the inverse of the observed information, by central differences."""
    size, step = len(theta), 1e-3
    information = np.empty((size, size))
    units = step * np.eye(size)
    for i in range(size):
        for j in range(size):
            a, b = units[i], units[j]
            information[i, j] = (
                loss(theta + a + b) - loss(theta + a - b)
                - loss(theta - a + b) + loss(theta - a - b)
            ) / (4 * step * step)  # fmt: skip
    try:
        found = np.asarray(np.linalg.inv((information + information.T) / 2), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.full((size, size), np.nan)
    return found if (np.diag(found) > 0).all() else np.full((size, size), np.nan)


def _jacobian(function: Callable[[Floats], Floats], theta: Floats) -> Floats:
    step = 1e-5
    columns = [
        (function(theta + step * unit) - function(theta - step * unit)) / (2 * step)
        for unit in np.eye(len(theta))
    ]
    return np.array(columns).T


def recorded_shares(times: Times) -> tuple[Floats, Floats]:
    """
    Return durations and the share up to each, by the product-limit (Kaplan-Meier) estimator. [min]

    Left-censored ones count at their limit, those that are cut as recorded.
    """
    ended = times.ended
    at, died = np.unique(ended, return_counts=True)
    everything = np.sort(np.concatenate([ended, times.going_on]))
    at_risk = len(everything) - np.searchsorted(everything, at, side="left")
    return at, np.asarray(1 - np.cumprod(1 - died / at_risk), dtype=np.float64)


def largest_gap(fit: FamilyFit, times: Times) -> float:
    """Return the largest difference between recorded and fitted shares (Kolmogorov-Smirnov)."""
    at, share = recorded_shares(times)
    if times.step:  # what is recorded as up to d is on average up to half a resolution more
        ends = (_integral(fit.family, fit.theta, at + n * times.step) for n in (1, 0))
        after, here = ends
        return float(np.abs(share - (after - here) / times.step).max())
    fitted = fit.share_within(at)
    before = np.concatenate([[0.0], share[:-1]])
    above = np.abs(share - fitted)
    below = np.abs(before - fitted)
    if len(times.below):  # nothing is known between zero and the limit
        below[at <= times.below.max()] = 0.0
    return float(np.maximum(above, below).max())


__all__ = [
    "FAMILIES",
    "Z90",
    "Family",
    "FamilyFit",
    "Times",
    "fit_family",
    "largest_gap",
    "log_likelihood",
    "recorded_shares",
]
