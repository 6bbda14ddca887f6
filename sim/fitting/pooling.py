"""
Partial pooling by empirical Bayes: few data lean on what is common, many stand for themselves.

Counts have the gamma-Poisson model [1]_: cell ``i`` has ``n_i ~ Poisson(e_i r_i)``, where ``e_i``
is what is expected if the common pattern held, and ratios ``r_i ~ Gamma(a, a)`` with mean 1.
Shares have the beta-binomial model, and estimates with a standard error the normal one [2]_.

References
----------
.. [1] B. P. Carlin, T. A. Louis, *Bayesian Methods for Data Analysis*, 3rd ed., 2008, sec. 5.2.
.. [2] R. DerSimonian, N. Laird, "Meta-analysis in clinical trials", *Control. Clin. Trials* 7(3),
   1986, 177-188 (the moment estimator of the variance between groups).

"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isinf

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import betaincinv, betaln, gammaincc, gammaincinv, gammaln

from .fitted_input import Floats

LEVEL = 0.95
TAILS = (0.5 - LEVEL / 2, 0.5 + LEVEL / 2)
LARGEST = 1e6  # a prior that counts more is taken to leave nothing to the cells


@dataclass(frozen=True, eq=False)
class PooledCells:
    """
    Values of cells after pooling, with 95 % intervals. Shape (cells,) each.

    ``weight`` is the share of a cell's own data in its value, 0 to 1. ``strength`` is what the
    common pattern counts for, in callouts; infinite where cells do not differ. ``p_value`` is that
    of the likelihood-ratio test that they do not.
    """

    value: Floats
    low: Floats
    high: Floats
    weight: Floats
    strength: float = inf
    p_value: float = 1.0


def pooled_ratios(counts: Floats, expected: Floats, inflation: float = 1.0) -> PooledCells:
    """
    Return ratios of counts to what is expected of them.

    Parameters
    ----------
    counts, expected
        Shape (cells,). A cell of which nothing is expected has ratio 1 and weight 0.
    inflation
        Variance over mean of the counts, where days differ by more than chance: both are divided by
        it (quasi-likelihood), so that intervals are as much wider.

    Examples
    --------
    Ten cells that differ by a factor of two; one of few callouts leans on the others:

    >>> counts = np.array([200.0, 100.0] * 5 + [3.0])
    >>> found = pooled_ratios(counts, np.array([150.0] * 10 + [1.5]))
    >>> bool(found.weight[0] > 0.9 and found.weight[-1] < 0.3 and found.value[-1] < 1.5)
    True

    """
    n, e = counts / inflation, expected / inflation

    def loss(log_strength: float) -> float:
        return -negative_binomial_likelihood(n, e, float(np.exp(log_strength)))

    found = minimize_scalar(loss, bounds=(np.log(0.05), np.log(LARGEST)), method="bounded")
    strength = float(np.exp(found.x))
    gain = 2 * (negative_binomial_likelihood(n, e, strength) - poisson_likelihood(n, e))
    p_value = (
        1.0 if gain <= 0 else float(0.5 * gammaincc(0.5, gain / 2))
    )  # on the edge of what it can be
    if strength > LARGEST / 2:
        ones = np.ones_like(e)
        return PooledCells(ones, ones, ones, np.zeros_like(e), inf, p_value)
    shape, rate = strength + n, strength + e
    low, high = (gammaincinv(shape, tail) / rate for tail in TAILS)
    return PooledCells(shape / rate, low, high, e / rate, strength * inflation, p_value)


def negative_binomial_likelihood(n: Floats, e: Floats, strength: float) -> float:
    """Return the log-likelihood of counts whose means have a gamma distribution about ``e``."""
    n, e, a = n[e > 0], e[e > 0], strength
    spread = a * np.log(a / (a + e)) + n * np.log(e / (a + e))
    return float(np.sum(gammaln(a + n) - gammaln(a) - gammaln(n + 1) + spread))


def poisson_likelihood(n: Floats, e: Floats) -> float:
    """Return the log-likelihood of counts with means ``e``."""
    n, e = n[e > 0], e[e > 0]
    return float(np.sum(n * np.log(e) - e - gammaln(n + 1)))


def pooled_shares(successes: Floats, trials: Floats) -> PooledCells:
    """Return shares of groups, few trials leaning on the share of all. Shape (groups,)"""
    mean = float((successes.sum() + 0.5) / (trials.sum() + 1))

    def loss(log_strength: float) -> float:
        a, b = np.exp(log_strength) * mean, np.exp(log_strength) * (1 - mean)
        return -float(np.sum(betaln(a + successes, b + trials - successes) - betaln(a, b)))

    strength = LARGEST
    if len(trials) > 1:
        found = minimize_scalar(loss, bounds=(np.log(0.5), np.log(LARGEST)), method="bounded")
        strength = float(np.exp(found.x))
    if len(trials) == 1 or strength > LARGEST / 2:  # one share for all
        successes, trials = (np.full(len(trials), each.sum()) for each in (successes, trials))
        strength = 1.0
    a, b = strength * mean + successes, strength * (1 - mean) + trials - successes
    low, high = (betaincinv(a, b, tail) for tail in TAILS)
    return PooledCells(a / (a + b), low, high, trials / (trials + strength), strength)


@dataclass(frozen=True, eq=False)
class Shrunk:
    """Estimates after pooling, with variance and own weight, 0 to 1. Shape (groups,) each."""

    value: Floats
    variance: Floats
    weight: Floats
    mean: float
    between: float  # variance between groups; infinite where it is not pooled
    p_value: float


def shrunk(estimates: Floats, variances: Floats) -> Shrunk:
    """
    Return estimates of groups, uncertain ones leaning on their mean.

    Groups without an estimate (``nan``) take the mean, with the variance between groups. Fewer than
    three estimates say nothing of how groups differ: they are not pooled.
    """
    known = np.isfinite(estimates) & np.isfinite(variances) & (variances > 0)
    y, v = estimates[known], variances[known]
    if not len(y):
        blank = np.full_like(estimates, np.nan)
        return Shrunk(blank, blank, np.zeros_like(estimates), np.nan, inf, 1.0)
    between, p_value = _between(y, v)
    w = 1 / (v + (0.0 if isinf(between) else between))
    mean, of_mean = float((w * y).sum() / w.sum()), float(1 / w.sum())
    weight = np.zeros_like(estimates)
    weight[known] = 1.0 if isinf(between) else between / (between + v)
    value = np.where(known, weight * np.where(known, estimates, 0.0) + (1 - weight) * mean, mean)
    apart = float(y.var(ddof=1)) if len(y) > 1 else float(v.mean())
    spread = (apart if isinf(between) else between) + of_mean
    own = weight * np.where(known, variances, 0.0) + (1 - weight) ** 2 * of_mean
    return Shrunk(value, np.where(known, own, spread), weight, mean, between, p_value)


def _between(y: Floats, v: Floats) -> tuple[float, float]:
    """Return the variance between groups by moments, and the p-value that there is none."""
    if len(y) < 3:
        return inf, 1.0
    w = 1 / v
    q = float((w * (y - (w * y).sum() / w.sum()) ** 2).sum())
    scale = float(w.sum() - (w**2).sum() / w.sum())
    return max(0.0, (q - (len(y) - 1)) / scale), float(gammaincc((len(y) - 1) / 2, q / 2))
