"""Intervals worked by hand; coverage is tested in test_coverage.py."""

import math

import numpy as np
import pytest

from sim.errors import SimError
from sim.outcomes import NEVER, paired_difference, quantile, ratio, share
from sim.outcomes.inference.censoring import ReachedBy, influence, sort_keys
from sim.outcomes.inference.quantiles import SortedTimes, pooled

T4 = 2.7764451052  # Student t, 97.5 %, 4 degrees of freedom (any table)
ONES = np.ones(5, dtype=np.int64)


def whole(*numbers):
    return np.array(numbers, dtype=np.int64)


def reached_by(times, reached):
    return ReachedBy(np.sort(sort_keys(times, reached)))


def places(times, reached):
    """Which callout stands where, by time; each is a replication of its own."""
    return np.argsort(sort_keys(times, reached), kind="stable")


def test_equal_sizes_give_the_textbook_t_interval():
    found = ratio(whole(1, 2, 3, 4, 5), ONES)

    half = T4 * math.sqrt(2.5 / 5)
    assert found.value == 3
    assert (found.low, found.high) == pytest.approx((3 - half, 3 + half), rel=1e-9)


def test_a_mean_weighs_callouts_and_not_replications():
    """(10 + 90) / (1 + 9) = 10, errors 0 and 0; the mean of 10 and 10 too. With 20: not."""
    assert ratio(whole(20, 90), whole(1, 9)).value == 11


def test_replications_alike_have_no_spread():
    found = ratio(whole(10, 90, 70), whole(1, 9, 7))

    assert (found.low, found.value, found.high) == (10, 10, 10)
    assert found.note == "fewer than 10 replications"


def test_a_share_stays_a_share():
    """
    Of ten replications one holds all the cases: errors -1 nine times and 9 once. Student's t
    alone would reach below 0 and, of the others, above 1.
    """
    cases = whole(0, 0, 0, 0, 0, 0, 0, 0, 0, 10)
    ten = np.full(10, 10)

    few, most = share(cases, ten), share(ten - cases, ten)

    half = 2.2621571628 * math.sqrt(90 / 90) / 10  # t, 9 degrees of freedom
    assert few.value == pytest.approx(0.1)
    assert 0.1 - half < 0
    assert few.low == 0
    assert few.high > 0.1 + half
    assert most.high == 1
    assert most.low == pytest.approx(1 - few.high)


@pytest.mark.parametrize("callouts", [1, 500])
def test_a_share_of_none_has_the_rule_of_three_on_replications(callouts):
    """More callouts in the same replications must not pretend to more knowledge."""
    n = np.full(20, callouts, dtype=np.int64)
    none, every = share(n * 0, n), share(n, n)

    assert (none.value, none.low) == (0, 0)
    assert none.high == pytest.approx(1 - 0.05 ** (1 / 20))
    assert (every.value, every.high) == (1, 1)
    assert every.low == pytest.approx(0.05 ** (1 / 20))
    assert "one-sided" in none.note
    assert "one-sided" in every.note


def test_one_replication_has_a_value_and_no_interval():
    times, reached, rep = whole(1, 2, 3), np.ones(3, dtype=bool), whole(0, 0, 0)
    for found in (ratio(whole(6), whole(3)), quantile(times, reached, rep, 0.5, 1)):
        assert found.value == 2
        assert found.low is found.high is None
        assert found.note == "one replication: no interval"


def test_nothing_to_measure_is_not_zero():
    assert ratio(whole(0, 0), whole(0, 0)).value is None
    assert share(whole(0, 0), whole(0, 0)).value is None
    assert quantile(whole(), whole() > 0, whole(), 0.9, 2).value is None


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (list(range(9)), "fewer than 10 replications"),
        (list(range(10)), ""),
        ([0] * 40 + [12], ""),  # one that leans or carries much makes no interval doubtful
    ],
)
def test_only_facts_are_remarked(values, says):
    """What leans to one side has the better interval: it is the rare bad week that it knows."""
    assert ratio(np.array(values), np.ones(len(values), dtype=np.int64)).note == says


@pytest.mark.parametrize("size", [1, 7, 20, 99, 100, 1000])
@pytest.mark.parametrize("percent", [1, 7, 29, 50, 57, 90, 99])
def test_without_censoring_the_quantile_is_the_callout_of_rank_np_rounded_up(size, percent):
    """100 * 0.07 is a little above 7 on a computer; the rank is 7."""
    times = np.arange(1, size + 1, dtype=np.int64)

    found = quantile(times, times > 0, times * 0, percent / 100, 1)

    assert found.value == -(-size * percent // 100)


FREIREICH = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CUT_OFF = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


def test_kaplan_meier_gives_the_table_of_every_textbook():
    """Remission of 21 patients on 6-MP (Freireich et al., Blood 21, 1963), weeks."""
    times = whole(*FREIREICH, *CUT_OFF)
    reached = np.arange(21) < len(FREIREICH)

    by = reached_by(times, reached)

    remaining = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    for week, left in remaining.items():
        assert 1 - by.share(week) == pytest.approx(left, abs=5e-4)
    assert by.share(5) == 0
    assert by.share(40) == by.share(23)
    assert by.first_at(0.5) == 23
    assert by.first_at(0.6) is None


def test_the_spread_of_kaplan_meier_agrees_with_greenwood():
    """Standard error of the published table at week 10: 0.0963, at 23: 0.1346."""
    times = whole(*FREIREICH, *CUT_OFF)
    reached = np.arange(21) < len(FREIREICH)
    by = reached_by(times, reached)

    for week, published in ((10, 0.0963), (23, 0.1346)):
        own = influence(by, week, places(times, reached), np.ones(21))
        assert own.sum() == pytest.approx(0, abs=1e-12)
        assert math.sqrt((own**2).sum()) / 21 == pytest.approx(published, rel=0.02)


def test_influence_is_the_slope_of_kaplan_meier_in_a_callouts_weight():
    rng = np.random.default_rng(3)
    times = rng.permutation(40).astype(np.int64) + 1
    reached = rng.random(40) < 0.6
    at = int(np.sort(times[reached])[15])

    def share_reached(weights):
        left = 1.0
        for time in sorted(times[reached & (times <= at)]):
            left *= 1 - weights[times == time].sum() / weights[times >= time].sum()
        return 1 - left

    slopes = []
    for one in range(40):
        step = np.zeros(40)
        step[one] = 1e-5
        ones = np.ones(40)
        slopes.append((share_reached(ones + step) - share_reached(ones - step)) / 2e-5 * 40)

    own = influence(reached_by(times, reached), at, places(times, reached), np.ones(40))
    assert own == pytest.approx(slopes, abs=1e-6)


def test_those_never_reached_keep_their_place_in_the_denominator():
    """Nine of ten reached: the 90th percentile is the last of them, the 95th does not exist."""
    times = whole(1, 2, 3, 4, 5, 6, 7, 8, 9, NEVER)
    reached = times < NEVER

    assert quantile(times, reached, times * 0, 0.9, 1).value == 9
    assert quantile(times, reached, times * 0, 0.95, 1).value is None


def test_an_upper_bound_that_the_data_do_not_hold_is_none():
    times = np.tile(whole(1, 2, 3, 4, 5, 6, 7, 8, 9, NEVER), 4)
    found = quantile(times, times < NEVER, np.arange(40) % 4, 0.9, 4)

    assert found.value == 9
    assert found.low is not None
    assert found.high is None
    assert "upper bound" in found.note


def test_a_paired_difference_is_the_paired_t_interval_when_sizes_are_equal():
    a, b = whole(3, 6, 8, 10, 13), whole(1, 2, 3, 4, 5)  # 2, 4, 5, 6, 8: leans nowhere

    found = paired_difference(a, ONES, b, ONES)

    half = T4 * math.sqrt(np.var(a - b, ddof=1) / 5)
    assert found.difference == 5
    assert (found.low, found.high) == pytest.approx((5 - half, 5 + half), rel=1e-9)
    assert found.correlation == pytest.approx(np.corrcoef(a, b)[0, 1])
    assert found.variance_reduction_factor == pytest.approx(
        (np.var(a) + np.var(b)) / np.var(a - b), rel=1e-12
    )


def test_pairing_that_is_broken_shows_as_a_ratio_below_one():
    found = paired_difference(whole(5, 4, 3, 2, 1), ONES, whole(1, 2, 3, 4, 5), ONES)

    assert found.correlation == pytest.approx(-1)
    assert found.variance_reduction_factor == pytest.approx(0.5)


def test_an_alternative_against_itself_differs_by_exactly_nothing():
    found = paired_difference(whole(1, 5, 2), whole(3, 7, 4), whole(1, 5, 2), whole(3, 7, 4))

    assert (found.low, found.difference, found.high) == (0, 0, 0)
    assert found.variance_reduction_factor is None


def test_unequal_replications_cannot_be_paired():
    with pytest.raises(SimError, match="5 replications cannot be paired with 2"):
        paired_difference(ONES, ONES, whole(1, 2), whole(1, 1))


def test_replications_without_callouts_bear_no_witness():
    """Three of thirty have callouts: the rule of three knows three, not thirty."""
    n = whole(*[0] * 27, 5, 8, 2)

    assert share(n * 0, n).high == pytest.approx(1 - 0.05 ** (1 / 3))


def test_callouts_in_one_replication_only_have_a_value_and_no_interval():
    """An interval of no width would claim the most where the least is known."""
    n = whole(0, 0, 5, 0)
    found = [ratio(3 * n, n), share(n - 1, n), share(n, n)]
    found.append(quantile(whole(1, 2, 3), whole(1, 2, 3) > 0, whole(2, 2, 2), 0.5, 4))
    for one in found:
        assert one.value is not None
        assert one.low is one.high is None
        assert one.note == "all of it in one replication: no interval"

    apart = paired_difference(whole(1, 2, 3, 4), n * 0 + 1, 3 * n, n)
    assert apart.difference == -0.5
    assert apart.low is apart.high is apart.apart is None


def test_few_replications_that_have_any_callout_are_remarked():
    n = whole(*[0] * 40, *[1, 2, 3] * 3)

    assert ratio(np.arange(49) * n, n).note == "only 9 replications have any"


def test_more_reached_in_time_than_usual_pushes_a_quantile_down():
    """Replication 0 is the quick one; the sign decides whether pairing helps or harms."""
    rng = np.random.default_rng(8)
    rep = np.repeat(np.arange(30), 40)
    times = SortedTimes.of(rng.integers(1, 10**6, len(rep)) + 10**5 * (rep > 0), rep >= 0, rep)

    errors = pooled(ReachedBy(times.keys), times.replication, 30, 0.5, 0.95).spread.errors

    assert errors[0] == errors.min() < 0
