"""Where a series settles: known answers, exact transients, and what must never be cut."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim.errors import UsageError
from sim.experiment.warmup import day_means, mser5, welch

DAY, MINUTE = 86_400_000, 60_000


@pytest.mark.parametrize(
    ("series", "delete"),
    [
        ([100] * 50 + [(-1) ** i for i in range(950)], 50),
        ([50 * 0.98**i + ((i * 7919) % 101 - 50) / 10 for i in range(1000)], 200),
        ([3] * 100, 0),
        ([0.1] * 100, 0),
        ([7, 7, 7, 7, 7] + [1, 2, 3, 4, 5] * 20, 5),
    ],
)
def test_known_series_are_cut_where_they_should_be(series, delete):
    """The last by hand: batch means are 7, 3, 3, ..., and without the 7 MSER is 0."""
    found = mser5(series)

    assert (found.delete, found.found) == (delete, True)


@pytest.mark.parametrize("series", [range(1000), range(1000, 0, -1), [i**1.5 for i in range(90)]])
def test_a_trend_without_end_is_not_cut_but_called_unsettled(series):
    found = mser5(series)

    assert not found.found
    assert found.delete == 5 * (len(series) // 5 // 2)


@pytest.mark.parametrize("series", [[], [1], [1] * 4, [4, 3, 2, 1, 1, 1]])
def test_a_series_of_a_single_batch_or_none_tells_nothing(series):
    found = mser5(series)

    assert (found.delete, found.found) == (0, False)


def test_the_statistic_is_whites_formula():
    """By hand, batches of one: 9, 1, 2, 3: 38.75/16; 2/9; 0.5/4."""
    found = mser5([9, 1, 2, 3], batch=1)

    assert found.statistic == pytest.approx([38.75 / 16, 2 / 9, 0.5 / 4])
    assert (found.delete, found.found) == (2, False)


def test_what_does_not_fill_a_batch_is_not_looked_at():
    series = [9.0] * 5 + [1.0, 2.0, 1.0, 2.0, 1.5] * 8

    assert mser5([*series, 1e6, 1e6, 1e6, 1e6]).delete == mser5(series).delete == 5


@pytest.mark.parametrize("scale", [1e-9, 1e9])
@pytest.mark.parametrize("shift", [0.0, -50.0])
def test_the_cut_depends_on_neither_unit_nor_level(scale, shift):
    series = [20 * 0.95**i + ((i * 7919) % 101 - 50) / 10 for i in range(500)]
    moved = [scale * (shift + value) for value in series]

    assert mser5(moved).delete == mser5(series).delete > 0


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_a_missing_value_is_refused(wrong):
    with pytest.raises(UsageError, match="not finite"):
        mser5([1.0, wrong] * 10)


def test_a_batch_of_nothing_is_refused():
    with pytest.raises(UsageError, match="batches of 0"):
        mser5([1.0], batch=0)


def queue_lengths(load, step, steps, most=120):
    """
    Return the exact mean number in an M/M/1 that began empty, at times 0, step, 2 step, ...

    By uniformisation: the chain jumps at the points of a Poisson process of rate 1 + load, the
    time unit being the mean time of service; more than ``most`` callouts never matter.
    """
    total = 1 + load
    up, down = load / total, 1 / total
    jumps = [math.exp(-total * step)]
    while sum(jumps) < 1 - 1e-13:
        jumps.append(jumps[-1] * total * step / len(jumps))
    chance = np.zeros(most)
    chance[0] = 1.0
    means = []
    for _ in range(steps):
        means.append(float(chance @ np.arange(most)))
        after, once = np.zeros(most), chance
        for weight in jumps:
            after += weight * once
            moved = np.zeros(most)
            moved[1:] += up * once[:-1]
            moved[:-1] += down * once[1:]
            moved[0] += down * once[0]
            moved[-1] += up * once[-1]
            once = moved
        chance = after
    return np.array(means)


def test_the_exact_transient_is_exact():
    """It begins with arrivals alone, and ends at load / (1 - load)."""
    first = queue_lengths(0.8, 0.001, 2)
    late = queue_lengths(0.8, 4.0, 120)

    assert first[0] == 0
    assert first[1] == pytest.approx(0.0008 - 0.8 * 0.001**2 / 2, abs=1e-9)
    assert late[-1] == pytest.approx(4.0, abs=0.01)


def exactly(mean, limit, noise):
    """
    Return the mean of the statistic for batches of 5, and the mean squared error of what is left.

    Both follow from the means and the noise alone, for each number of batches cut off.
    """
    batches = mean.reshape(-1, 5).mean(axis=1)
    kept = [batches[cut:] for cut in range(len(batches) // 2 + 1)]
    expected = [
        (np.var(rest) * len(rest) + noise**2 / 5 * (len(rest) - 1)) / len(rest) ** 2
        for rest in kept
    ]
    errors = [(rest.mean() - limit) ** 2 + noise**2 / 5 / len(rest) for rest in kept]
    return np.array(expected), np.array(errors)


def geometric(n=400):
    return 10.0 * (1 - 0.96 ** np.arange(n)), 10.0


def empty_queue(n=400):
    return queue_lengths(0.8, 1.0, n), 4.0


@pytest.mark.parametrize("course", [geometric, empty_queue])
@pytest.mark.parametrize("noise", [0.3, 1.0])
def test_an_exact_transient_is_cut_where_the_rule_would_if_it_knew_the_means(course, noise):
    """
    The mean is known exactly at each time, so that the best cut by this rule is too. The rule
    sees 200 series with noise; it must come close to that, and rid them of nearly all the error.
    """
    mean, limit = course()
    expected, errors = exactly(mean, limit, noise)
    rng = np.random.default_rng(17)

    found = [mser5(mean + rng.normal(0, noise, len(mean))) for _ in range(200)]
    cuts = np.array([each.delete // 5 for each in found if each.found])

    assert len(cuts) >= 195
    assert np.mean(expected[cuts]) <= 1.06 * expected.min()
    assert np.mean(errors[cuts]) <= 0.2 * errors[0]


def test_the_moving_average_shrinks_towards_the_beginning_and_stops_before_the_end():
    """By hand: 1; (1+2+6)/3; (1+2+6+7+9)/5; (2+6+7+9+3)/5."""
    assert welch([1, 2, 6, 7, 9, 3], 2) == pytest.approx([1, 3, 5, 5.4])
    assert welch([1, 2, 6], 0) == pytest.approx([1, 2, 6])


@pytest.mark.parametrize("window", [-1, 3])
def test_a_window_that_leaves_nothing_is_refused(window):
    with pytest.raises(UsageError, match=f"window of {window}"):
        welch([1, 2, 3], window)


def observed(rows, replications):
    """Return observations of (replication, day, minutes to the scene; None: open for 2 days)."""
    columns = [(r, round(day * DAY), -1 if m is None else round(m * MINUTE)) for r, day, m in rows]
    replication, received, response = np.array(columns, dtype=np.int64).reshape(-1, 3).T
    elapsed = np.where(response >= 0, response, 2 * DAY)
    return SimpleNamespace(
        replication=replication, received=received, response=response, elapsed=elapsed,
        replications=replications,
    )  # fmt: skip


def test_a_days_mean_is_the_mean_of_its_means_in_the_replications_that_have_one():
    """Day 0: (mean of 10 and 20, mean of 30), day 1: 40 alone, day 2: 5 alone."""
    seen = observed(
        [(0, 0.1, 10), (0, 0.9, 20), (1, 0.0, 30), (1, 1.5, 40), (0, 2.5, 5), (0, 1.5, None)], 3
    )

    assert day_means(seen, 3 * DAY).tolist() == [22.5, 40.0, 5.0]


def test_a_day_on_which_nobody_called_gets_the_mean_of_the_others():
    seen = observed([(0, 0.1, 10), (0, 2.9, 20)], 1)

    assert day_means(seen, 3 * DAY).tolist() == [10.0, 15.0, 20.0]


def test_a_day_cut_short_by_the_end_is_left_out():
    """Its last callouts are not reached before the end, but for those that are reached soon."""
    seen = observed([(0, 0.5, 10), (0, 1.5, 20), (0, 2.1, 900)], 1)

    assert day_means(seen, 2 * DAY + 6 * DAY // 24).tolist() == [10.0, 20.0]


def test_nothing_to_judge_is_refused():
    with pytest.raises(UsageError, match="no callout was reached"):
        day_means(observed([(0, 0.5, None)], 1), DAY)
    with pytest.raises(UsageError, match="whole days"):
        day_means(observed([(0, 0.1, 5)], 1), DAY // 2)
