"""
Intervals of quantiles against brute force: every time is asked whether it may be the quantile.

Nothing of `sim.outcomes` is used to find what is expected: Kaplan and Meier's product is taken
factor by factor, its errors by replication are slopes taken by finite differences, and the
skewness is that of scipy.
"""

import math

import numpy as np
import pytest
from scipy import stats

from sim.outcomes import NEVER, quantile
from sim.outcomes.inference.censoring import ReachedBy
from sim.outcomes.inference.quantiles import SortedTimes, pooled, quantiles_of


def shares_reached(times, reached, weights):
    """
    Kaplan-Meier for several weightings of the callouts, one factor for each time.

    Those reached at an instant come before those cut off then. Shape (times, weightings)
    """
    left, found = np.ones(len(weights)), []
    for time in np.unique(times[reached]):
        gone = weights[:, reached & (times == time)].sum(axis=1)
        left = left * (1 - gone / weights[:, times >= time].sum(axis=1))
        found.append(1 - left)
    return np.array(found)


def shares_and_errors(times, reached, rep, replications):
    """
    The share reached by each time, and how it moves with the weight of each replication.

    Shapes (times,) and (times, replications)
    """
    step, numbers = 1e-5, np.arange(replications)[:, None]
    up, down = (np.where(rep == numbers, 1 + s, 1.0) for s in (step, -step))
    all_alike = np.ones((1, len(times)))
    share, above, below = (shares_reached(times, reached, w) for w in (all_alike, up, down))
    return share[:, 0], (above - below) / (2 * step) * replications


def hall(value, e, q):
    """Hall's 1992 interval, with small-sample skewness, from errors that average to zero."""
    size = len(e)
    error = math.sqrt((e**2).sum() / (size * (size - 1)))
    a = (1 + 3 / size) * stats.skew(e, bias=False) / math.sqrt(size)

    def reach(x):
        return x if abs(a) < 1e-9 else 3 / a * (np.cbrt(1 + a * (x - a / 6)) - 1)

    return value - error * reach(q), value - error * reach(-q)


def judged_by_brute_force(times, reached, rep, replications, p):
    """Return every time at which somebody is reached, and whether it is too early or too late."""
    q = stats.t.ppf(0.975, replications - 1)
    said = []
    for share, errors in zip(*shares_and_errors(times, reached, rep, replications), strict=True):
        low, high = hall(share, errors, q)
        said.append(-1 if high < p else 1 if low >= p else 0)
    return np.unique(times[reached]), np.array(said)


def drawn(seed, replications=12, censored=0.25, lost=0.0):
    """Times in ms; of one in four it is known only that it took longer; some are lost."""
    rng = np.random.default_rng(seed)
    draws = rng.gamma(4, 1 / 4, replications)
    rep = np.repeat(np.arange(replications), rng.integers(4, 16, replications))
    times = np.rint(rng.exponential(1000 * (0.5 + draws[rep]))).astype(np.int64) + 1
    followed = np.where(rng.random(len(rep)) < censored, rng.integers(1, 4000, len(rep)), 2**40)
    reached = times <= followed
    gone = rng.random(len(rep)) < lost
    times = np.where(gone, NEVER, np.minimum(times, followed))
    return times, reached & ~gone, rep


@pytest.mark.parametrize("p", [0.5, 0.9])
@pytest.mark.parametrize(("censored", "lost"), [(0, 0), (0.25, 0), (0.25, 0.05)])
@pytest.mark.parametrize("seed", range(4))
def test_the_interval_ends_at_a_time_too_early_and_at_one_too_late(seed, censored, lost, p):
    """
    Just inside each end is a time that may be the quantile. Where this is not clear
    once and for all on the way there (few are at risk so late), the interval is the wider one.
    """
    times, reached, rep = drawn(seed, censored=censored, lost=lost)

    found = quantile(times, reached, rep, p, 12)

    every, said = judged_by_brute_force(times, reached, rep, 12, p)
    middle = int(np.searchsorted(every, found.value))
    early = np.flatnonzero(said[:middle] == -1)
    late = np.flatnonzero(said[middle:] == 1) + middle
    assert said[middle] == 0
    assert ("lower bound" in found.note) == (not len(early))
    assert ("upper bound" in found.note) == (not len(late)) == (found.high is None)
    if len(early):
        at = int(np.searchsorted(every, found.low))
        assert (said[at], said[at + 1]) == (-1, 0)
        assert at <= early[-1]
        assert at == early[-1] or 0 in said[: early[-1]]
    else:
        assert found.low == every[0]
    if len(late):
        at = int(np.searchsorted(every, found.high))
        assert (said[at - 1], said[at]) == (0, 1)
        assert at >= late[0]
        assert at == late[0] or 0 in said[late[0] :]


@pytest.mark.parametrize("seed", range(3))
def test_errors_of_a_quantile_are_those_of_the_share_over_the_density(seed):
    """The density is read from the times at which six points less and six more are reached."""
    times, reached, rep = drawn(seed, replications=30, censored=0.1)
    own = SortedTimes.of(times, reached, rep)

    found = pooled(ReachedBy(own.keys), own.replication, 30, 0.7, 0.95)

    every = np.unique(times[reached])
    shares, errors = shares_and_errors(times, reached, rep, 30)
    # A fifth of the smaller of 0.7 and 0.3, to both sides.
    at, low, high = (int(np.flatnonzero(shares >= s - 1e-9)[0]) for s in (0.7, 0.64, 0.76))
    expected = -errors[at] * (every[high] - every[low]) / 0.12
    assert found.interval.value == every[at]
    assert found.spread.errors == pytest.approx(expected, rel=1e-4, abs=1e-4 * abs(expected).max())


def test_without_an_upper_time_the_density_is_that_below():
    """Of ten callouts nine are reached, one in each minute: 0.92 is never, so from 0.88 up."""
    times = np.tile(np.array([*range(1, 10), NEVER]), 10)
    rep = np.arange(100) % 10
    own = SortedTimes.of(times, times < NEVER, (rep + times % 7) % 10)

    found = pooled(ReachedBy(own.keys), own.replication, 10, 0.9, 0.95)

    assert found.interval.value == 9
    assert found.interval.high is None
    assert found.spread is not None
    assert found.spread.no_interval in ("", "times heap at the quantile: no interval")


def test_a_quantile_that_does_not_exist_says_how_many_are_ever_reached():
    times = np.tile(np.array([5, 6, 7, NEVER]), 12)
    own = SortedTimes.of(times, times < NEVER, np.arange(48) % 12)

    found = pooled(ReachedBy(own.keys), own.replication, 12, 0.9, 0.95)

    assert found.interval.value is None
    assert found.interval.note == "never: fewer than 90% were reached"
    assert found.spread is None
    assert found.ever.value == 0.75


def test_nobody_ever_reached_is_a_share_of_zero():
    times = np.full(24, NEVER)
    own = SortedTimes.of(times, times < NEVER, np.arange(24) % 12)

    found = pooled(ReachedBy(own.keys), own.replication, 12, 0.9, 0.95)

    assert found.interval.value is None
    assert found.ever.value == 0


def test_quantiles_of_an_equal_group_are_those_found_before():
    """Another time, another replication of a callout, or another share is another quantile."""
    times, reached, rep = drawn(3, replications=12, censored=0.1)
    own = SortedTimes.of(times, reached, rep)
    moved, other = own.keys.copy(), own.replication.copy()
    moved[-1] += 2
    other[0], other[-1] = other[-1], other[0]
    assert other[0] != other[-1]

    def found(keys, replication, ps):
        return quantiles_of(keys, replication, 12, ps, 0.95)

    first = found(own.keys, own.replication, [0.5, 0.9])

    again = found(own.keys.copy(), own.replication.copy(), [0.9])
    assert again[0] is first[1]
    for keys, replication in ((moved, own.replication), (own.keys, other)):
        for p, at in zip([0.5, 0.9], found(keys, replication, [0.5, 0.9]), strict=True):
            alone = pooled(ReachedBy(keys), replication, 12, p, 0.95)
            assert at.interval == alone.interval
            assert np.array_equal(at.spread.errors, alone.spread.errors)
