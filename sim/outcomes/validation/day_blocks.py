"""
How much a difference between a simulation and a record may be off by chance.

A record is one realisation, and its days resemble their neighbours. Its error is that of a circular
block bootstrap [1]_: runs of days are drawn with replacement. That of the simulation comes from
resampling its replications. Where the simulation runs on the callouts of the record itself, a day
that is drawn is drawn in both, so that what they have in common cancels.

References
----------
.. [1] D. N. Politis, J. P. Romano, "A circular block-resampling procedure for stationary data", in
   R. LePage, L. Billard (eds.), *Exploring the Limits of Bootstrap*, 1992, 263-270 (recalled, not
   checked). That blocks of about the cube root of the length are of the right order: P. Hall,
   J. L. Horowitz, B.-Y. Jing, "On blocking rules for the bootstrap with dependent data",
   *Biometrika* 82(3), 1995, 561-574 (recalled, not checked).
.. [2] B. L. Welch, "The generalization of 'Student's' problem when several different population
   variances are involved", *Biometrika* 34, 1947, 28-35 (recalled, not checked).

"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim import random_streams

from ..inference import student
from ..inference.censoring import Floats, Ints

DRAWS = 1000
MOST_BINS = 600  # in which times are counted, for errors alone


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """The standard error of a difference and its degrees of freedom (Welch [2]_)."""

    error: float
    freedom: float

    def interval(self, value: float, level: float = 0.95) -> tuple[float, float]:
        """Return the two-sided interval about a value."""
        reach = student.two_sided(level, self.freedom) * self.error if self.error > 0 else 0.0
        return value - reach, value + reach

    def p_different(self, value: float) -> float:
        """Return the two-sided p value of no difference."""
        if self.error <= 0:
            return float(value == 0)
        return min(1.0, 2 * student.tail(abs(value) / self.error, self.freedom))

    def p_equivalence(self, value: float, tolerance: float) -> float:
        """Return the p value of a difference as large as the tolerance (two one-sided tests)."""
        if self.error <= 0:
            return float(abs(value) >= tolerance)
        return student.tail((tolerance - abs(value)) / self.error, self.freedom)


def block_length(days: int) -> int:
    """Return how many days in a row are drawn together: the cube root of all, rounded up."""
    return max(1, math.ceil(round(math.pow(days, 1 / 3), 9)))


def day_weights(days: int, seed: int, draws: int = DRAWS) -> Floats:
    """Return how often each day is drawn, by circular blocks. Shape (draws, days)"""
    length = block_length(days)
    blocks = -(-days // length)
    u = _uniforms(seed, draws, blocks, random_streams.DAY_BLOCKS)
    starts = (u * days).astype(np.int64)
    drawn = (starts[:, :, None] + np.arange(length)) % days
    return _counted(drawn.reshape(draws, -1)[:, :days], days)


def replication_weights(replications: int, seed: int, draws: int = DRAWS) -> Floats:
    """Return how often each replication is drawn. Shape (draws, replications)"""
    u = _uniforms(seed, draws, replications, random_streams.DRAWN_REPLICATIONS)
    return _counted((u * replications).astype(np.int64), replications)


def _uniforms(seed: int, draws: int, each: int, stream: int) -> Floats:
    words = -(-each // 4) * 4
    return random_streams.uniforms(
        random_streams.bits(seed, 0, stream, 0, draws, words)
    )[:, :each]  # fmt: skip


def _counted(drawn: Ints, size: int) -> Floats:
    rows = np.arange(len(drawn))[:, None] * size
    flat = np.bincount((drawn + rows).ravel(), minlength=len(drawn) * size)
    return flat.reshape(len(drawn), size).astype(np.float64)


def divided(amount: Floats, by: Floats | Ints) -> Floats:
    """Return a quotient; nan where it is divided by nothing."""
    out = np.full(np.broadcast(amount, by).shape, np.nan)
    return np.asarray(np.divide(amount, by, out=out, where=by > 0))


@dataclass(frozen=True, slots=True, eq=False)
class Binned:
    """Times of clusters (days, replications) in common bins. Counts: shape (clusters, bins)."""

    edges: Floats  # the upper ends of the bins, shape (bins,) [ms]
    counts: Floats

    @classmethod
    def of(cls, times: Ints, cluster: Ints, clusters: int, edges: Floats) -> Binned:
        """Return times sorted into bins."""
        bins = np.searchsorted(edges, times)
        flat = np.bincount(cluster * len(edges) + bins, minlength=clusters * len(edges))
        return cls(edges, flat.reshape(clusters, len(edges)).astype(np.float64))

    def quantiles(self, weights: Floats, ps: tuple[float, ...]) -> Floats:
        """
        Return quantiles of the weighted clusters. Shape (draws, quantiles)

        Where nothing is drawn there is none: nan.
        """
        cumulated = weights @ np.cumsum(self.counts, axis=1)
        total = cumulated[:, -1:]
        found = np.empty((len(weights), len(ps)))
        for i, p in enumerate(ps):
            at = (cumulated >= np.maximum(p * total - 1e-6, 0.5)).argmax(axis=1)
            found[:, i] = np.where(total[:, 0] > 0, self.edges[at], np.nan)
        return found


def common_edges(recorded: Ints, simulated: Ints) -> Floats:
    """
    Return the upper ends of bins that hold about equally many of either's times. [ms]

    Bins hold a third of the standard error of a share of the recorded times, or less: what is
    within them adds no more than a hundredth to a variance.
    """
    most = min(MOST_BINS, 60 + round(6 * math.sqrt(len(recorded))))
    ends = [_thinned(own, most) for own in (recorded, simulated)]
    return np.unique(np.concatenate(ends)).astype(np.float64)


def _thinned(times: Ints, most: int) -> Ints:
    """Return the distinct times, or of very many some spread evenly over all, ends included."""
    distinct: Ints = np.unique(times)
    if len(distinct) <= most:
        return distinct
    at = np.linspace(0, len(times) - 1, most).round().astype(np.int64)
    return np.asarray(np.unique(np.sort(times)[at]))


def combined(parts: list[tuple[float, float]]) -> Uncertainty | None:
    """
    Return the standard error of a sum of independent errors.

    Parameters
    ----------
    parts
        Variance and degrees of freedom of each; those that do not vary count for nothing.

    Returns
    -------
    None where one of them is not known.

    """
    if not all(math.isfinite(variance) and freedom > 0 for variance, freedom in parts):
        return None
    total = math.fsum(variance for variance, _ in parts)
    if total <= 0:
        return Uncertainty(0.0, max((freedom for _, freedom in parts), default=1.0))
    below = math.fsum(variance**2 / freedom for variance, freedom in parts)
    freedom = math.floor(4 * total**2 / below) / 4  # few different ones: a t costs its time
    return Uncertainty(math.sqrt(total), max(1.0, freedom))


def variance_of(draws: Floats, units: float) -> tuple[float, float]:
    """
    Return a bootstrap variance, made larger for few units, and its degrees of freedom.

    ``units`` is how many blocks or replications were drawn from: a bootstrap of n of them has
    (n - 1)/n of the variance that it estimates.
    """
    known = draws[np.isfinite(draws)]
    if len(known) < 0.9 * len(draws) or units <= 1:
        return math.nan, 0.0
    variance = float(known.var())
    return variance * units / (units - 1), units - 1


def blocks_in(days: int) -> float:
    """Return how many blocks the days are worth."""
    return days / block_length(days)
