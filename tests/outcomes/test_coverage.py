"""
Do 95 % intervals contain the true value 95 times in 100 when callouts share their replication's
draws?

The toys have exact truths. Thirty replications of about 200 callouts each. The acceptance bands
are the 99.9 % binomial bands around 0.95; the seeds are fixed, so a pass stays a pass.
"""

import math
from itertools import pairwise

import numpy as np
import pytest

from sim.outcomes import quantile, ratio, share
from sim.outcomes.inference.censoring import ReachedBy
from sim.outcomes.inference.intervals import pair
from sim.outcomes.inference.quantiles import SortedTimes, pooled

REPLICATIONS, CALLOUTS = 30, 200
SHAPE = 30.0  # of the gamma law of a replication's draws: a coefficient of variation of 18 %


def band(macro):
    half = 3.2905 * math.sqrt(0.95 * 0.05 / macro)
    return 0.95 - half, 0.95 + half


def busy_weeks(rng):
    """
    A week's draws G raises the number of callouts and the share reached late together.

    Late with probability 1 - exp(-G / 10). Over callouts that is, by the moments of the gamma
    law, 1 - (1 + 1 / (10 k)) ** -(k + 1) with k the shape.
    """
    draws = rng.gamma(SHAPE, 1 / SHAPE, REPLICATIONS)
    n = rng.poisson(CALLOUTS * draws)
    return n, rng.binomial(n, 1 - np.exp(-draws / 10))


LATE = 1 - (1 + 1 / (10 * SHAPE)) ** -(SHAPE + 1)


def busy_times(rng):
    """
    Times are exponential with rate G, G the week's draws. [ms], mean about a million.

    Over callouts P(T > t) = (1 + t / k) ** -(k + 1), which gives the 90th percentile.
    """
    draws = rng.gamma(SHAPE, 1 / SHAPE, REPLICATIONS)
    n = rng.poisson(CALLOUTS * draws)
    rep = np.repeat(np.arange(REPLICATIONS), n)
    times = np.rint(rng.exponential(1e6 / draws[rep])).astype(np.int64)
    return rep, times, n


P90 = 1e6 * SHAPE * (10 ** (1 / (SHAPE + 1)) - 1)


def covered(macro, interval, truth):
    """Return the share of ``macro`` experiments whose interval contains the true value."""
    held = 0
    for seed in range(macro):
        found = interval(np.random.default_rng([2025, seed]))
        held += found.low <= truth <= found.high
    return held / macro


def late_share(rng):
    n, late = busy_weeks(rng)
    return share(late, n)


def late_ratio(rng):
    n, late = busy_weeks(rng)
    return ratio(late, n)


def p90(rng):
    rep, times, _ = busy_times(rng)
    return quantile(times, times >= 0, rep, 0.9, REPLICATIONS)


def p90_censored(rng):
    """One callout in four is followed only for a while that has nothing to do with it."""
    rep, times, _ = busy_times(rng)
    followed = np.where(rng.random(len(rep)) < 0.25, rng.integers(1, 4_000_000, len(rep)), 2**40)
    return quantile(np.minimum(times, followed), times <= followed, rep, 0.9, REPLICATIONS)


ESTIMATORS = [(late_share, LATE), (late_ratio, LATE), (p90, P90), (p90_censored, P90)]


@pytest.mark.parametrize(("interval", "truth"), ESTIMATORS)
def test_intervals_over_replications_cover(interval, truth):
    low, high = band(400)

    assert low <= covered(400, interval, truth) <= high


@pytest.mark.long
@pytest.mark.parametrize(("interval", "truth"), ESTIMATORS)
def test_intervals_over_replications_cover_in_a_thousand(interval, truth):
    low, high = band(1000)

    assert low <= covered(1000, interval, truth) <= high


def met_by_two(rng):
    """
    Two alternatives on the same callouts and the same week's draws.

    Times of the first are those of ``busy_times``; the second is a tenth quicker, and gives three
    callouts in ten another chance. Each quantile of the second is a tenth less.
    """
    draws = rng.gamma(SHAPE, 1 / SHAPE, REPLICATIONS)
    rep = np.repeat(np.arange(REPLICATIONS), rng.poisson(CALLOUTS * draws))
    chance = rng.exponential(1e6 / draws[rep])
    again = np.where(rng.random(len(rep)) < 0.3, rng.exponential(1e6 / draws[rep]), chance)
    return rep, np.rint(0.9 * again).astype(np.int64), np.rint(chance).astype(np.int64)


def linearised(times, rep, p):
    ordered = SortedTimes.of(times, times >= 0, rep)
    return pooled(ReachedBy(ordered.keys), ordered.replication, REPLICATIONS, p, 0.95).spread


def apart(p):
    def interval(rng):
        rep, quicker, slower = met_by_two(rng)
        return pair(linearised(quicker, rep, p), linearised(slower, rep, p))

    return interval


def per_replication_apart(rng):
    """The mean over replications of the differences of their own 90th percentiles."""
    rep, *both = met_by_two(rng)
    bounds = np.searchsorted(rep, np.arange(REPLICATIONS + 1))
    own = [
        [np.sort(times[i:j])[math.ceil(0.9 * (j - i)) - 1] for i, j in pairwise(bounds)]
        for times in both
    ]
    return ratio(np.subtract(*own), np.ones(REPLICATIONS))


MEDIAN = 1e6 * SHAPE * (2 ** (1 / (SHAPE + 1)) - 1)
PAIRED = [(apart(0.9), -0.1 * P90), (apart(0.5), -0.1 * MEDIAN)]


@pytest.mark.parametrize(
    "macro", [400, pytest.param(1000, marks=pytest.mark.long, id="a thousand")]
)
@pytest.mark.parametrize(("interval", "truth"), PAIRED)
def test_paired_differences_of_quantiles_cover(interval, truth, macro):
    low, high = band(macro)

    assert low <= covered(macro, interval, truth) <= high


def test_linearised_differences_of_quantiles_are_narrower_than_those_by_replication():
    """The reason for linearising: it also estimates the quantile over all callouts."""
    widths = np.zeros((2, 100))
    for seed in range(100):
        for row, interval in enumerate((apart(0.9), per_replication_apart)):
            found = interval(np.random.default_rng([2025, seed]))
            widths[row, seed] = found.high - found.low

    assert widths[0].mean() < widths[1].mean()


def test_unpaired_errors_of_a_quantile_would_be_twice_as_wide():
    """A toy in which pairing gains nothing would not notice if it were lost."""
    gains = [
        apart(0.9)(np.random.default_rng([2025, n])).variance_reduction_factor for n in range(50)
    ]

    assert np.median(gains) > 2


def test_the_same_toys_expose_an_interval_from_pooled_callouts():
    """A toy in which the wrong method passes would prove nothing about the right one."""

    def pooled(rng):
        n, late = busy_weeks(rng)
        p = late.sum() / n.sum()
        half = 1.96 * math.sqrt(p * (1 - p) / n.sum())
        return type("Pooled", (), {"low": p - half, "high": p + half})

    def pooled_p90(rng):
        rep, times, _ = busy_times(rng)
        return quantile(times, times >= 0, np.arange(len(rep)), 0.9, len(rep))

    assert covered(400, pooled, LATE) < 0.9
    assert covered(400, pooled_p90, P90) < 0.8
