"""How unequal groups are, worked by hand and against known truth."""

import itertools
import math

import numpy as np
import pytest

from sim.outcomes.inference.envelope import envelope
from sim.outcomes.measured.inequality import Groups, could_be_worst, equivalent, gap, gini, largest
from sim.outcomes.measured.worst import worst_apart, worst_of

CALLOUTS, TOWNS, CENTRE = 16, 8, 128  # a replication, as in the ring of eight towns


def groups(y, n=None, *, shares=False, scale=1.0, most=480.0):
    """Groups a, b, ... from sums by replication; one callout each if not said."""
    amounts = np.array(y, dtype=np.int64)
    callouts = np.ones_like(amounts) if n is None else np.array(n, dtype=np.int64)
    names = tuple("abcdefghij"[: amounts.shape[1]])
    return Groups(names, amounts, callouts, scale, 1.0 if shares else most, shares)


def constant(values, callouts, replications=12, **more):
    """Groups with the same value and number of callouts in every replication."""
    n = np.tile(callouts, (replications, 1))
    return groups(n * np.array(values), n, **more)


def test_the_jackknife_takes_off_what_choosing_the_largest_puts_on():
    """
    Two groups, three replications, a callout in each: means 20 and 19.

    Without the first replication the larger is 50 / 2, without the second 45 / 2, without the
    third 36 / 2: mean 65.5 / 3. So 3 x 20 - 2 x 65.5 / 3.
    """
    found = largest(groups([[10, 24], [20, 12], [30, 21]]))

    mean = 65.5 / 3
    assert found.value == pytest.approx(3 * 20 - 2 * mean)
    assert found.errors == pytest.approx([2 * (mean - x) for x in (25.0, 22.5, 18.0)])


def test_where_one_group_is_the_worst_in_all_the_jackknife_moves_nothing():
    """Then it is a mean, and its errors are those of the mean."""
    found = largest(groups([[10, 1], [20, 2], [36, 3]]))

    assert found.value == pytest.approx(22)
    assert found.errors == pytest.approx([-12, -2, 14])


def test_the_gap_is_the_largest_less_the_smallest():
    assert gap(constant([10, 30, 25], [5, 1, 2])).value == pytest.approx(20)


def test_gini_is_that_of_a_population_in_which_everybody_has_the_value_of_their_group():
    """10, 10, 10, 30: three pairs 20 apart, 60 / (4 x 60 / 4 x 4) = 0.25."""
    people = [10, 10, 10, 30]
    apart = sum(abs(a - b) for a, b in itertools.combinations(people, 2))

    assert gini(constant([10, 30], [3, 1])).value == pytest.approx(0.25)
    assert pytest.approx(0.25) == apart / (len(people) * sum(people))
    assert gini(constant([10, 20, 30], [2, 2, 2])).value == pytest.approx(2 / 9)


def test_equal_groups_have_no_gap_and_a_gini_of_exactly_zero():
    found = constant([7, 7, 7], [3, 11, 2])

    assert (gap(found).value, gini(found).value, largest(found).value) == (0.0, 0.0, 7.0)


def test_gini_of_nobody_having_anything_is_zero_and_not_a_division_by_it():
    assert gini(constant([0, 0], [3, 4], shares=True)).value == 0.0


def test_the_equivalent_of_equal_groups_is_their_mean():
    found = constant([7, 7, 7], [3, 11, 2])

    assert equivalent(found, 0.3).value == 7.0
    assert not equivalent(found, 0.3).errors.any()


def test_the_equivalent_worked_by_hand():
    """With kappa ln 2 / 10, of 10 and 20: 10 log2((2 + 4) / 2); three to one, (3 x 2 + 4) / 4."""
    kappa = math.log(2) / 10

    assert equivalent(constant([10, 20], [6, 6]), kappa).value == pytest.approx(10 * math.log2(3))
    assert equivalent(constant([10, 20], [3, 1]), kappa).value == pytest.approx(10 * math.log2(2.5))


@pytest.mark.parametrize("kappa", [1e-9, 0.02, 0.5, 40.0])
def test_if_all_wait_longer_by_as_much_so_does_the_equivalent(kappa):
    values, callouts = np.array([12, 30, 7]), [5, 1, 9]
    before = equivalent(constant(values, callouts), kappa).value
    after = equivalent(constant(values + 1000, callouts), kappa).value

    assert after - before == pytest.approx(1000, rel=1e-9)


def test_the_equivalent_lies_between_the_mean_and_the_worst_and_nears_them():
    found = constant([12, 30, 7], [5, 1, 9])
    mean = found.whole().value
    each = [equivalent(found, kappa).value for kappa in (1e-9, 0.02, 0.5, 40.0)]

    assert each == sorted(each)
    assert each[0] == pytest.approx(mean, abs=1e-6)
    assert mean < each[1] < 30
    assert each[-1] == pytest.approx(30, abs=0.1)
    assert equivalent(found, 0.0).value == mean


def test_a_group_that_is_never_reached_does_not_overflow():
    """Its power would be exp(1000)."""
    found = equivalent(constant([10_080, 10], [1, 9], most=10_080.0), 0.1)

    assert found.value == pytest.approx(10_080 - math.log(10) / 0.1)
    assert np.isfinite(found.errors).all()


def test_the_errors_of_the_equivalent_are_its_derivative():
    """A thousand of each replication and one more of a single one: a step of 1 / (1000 R)."""
    rng = np.random.default_rng(3)
    n = rng.integers(1, 9, (6, 3))
    y = rng.integers(50, 500, (6, 3)) * n
    found = equivalent(groups(y, n), 0.01)
    for r in range(6):
        more_y, more_n = np.vstack([y * 1000, y[r : r + 1]]), np.vstack([n * 1000, n[r : r + 1]])
        moved = equivalent(groups(more_y, more_n), 0.01).value - found.value

        assert moved * 6000 == pytest.approx(found.errors[r], rel=2e-3, abs=1e-3)


def test_the_worst_is_the_one_that_no_other_could_be():
    rng = np.random.default_rng(5)
    n = np.full((12, 3), 20)
    found = groups(n * rng.integers([9, 28, 10], [12, 32, 13], (12, 3)), n)

    assert could_be_worst(found) == (1,)


def test_a_small_noisy_group_is_not_called_the_worst():
    """It has the largest mean of all by one callout that waited for days."""
    n = np.tile([50, 1], (12, 1))
    y = n * np.array([30, 20])
    y[:, 0] += np.arange(12) * 5
    y[3, 1] = 300
    found = groups(y, n)

    assert found.top() == 1
    assert set(could_be_worst(found)) == {0, 1}


def test_of_equal_groups_all_could_be_the_worst():
    rng = np.random.default_rng(6)
    n = np.full((20, 3), 20)

    assert len(could_be_worst(groups(n * rng.integers(10, 30, (20, 3)), n))) == 3


@pytest.mark.parametrize(("callouts", "stays"), [(12, True), (24, False)])
def test_no_case_among_a_dozen_callouts_does_not_show_that_a_group_is_better(callouts, stays):
    """If a fifth were not reached, 0.8 to the power of 12 is 7 % and of 24 0.5 %."""
    n = np.tile([50, callouts // 12], (12, 1))
    y = np.zeros_like(n)
    y[:, 0] = [9, 10, 11] * 4
    found = groups(y, n, shares=True)

    assert (1 in could_be_worst(found)) is stays


def test_groups_with_few_callouts_are_not_asked():
    """Nine callouts, and ten in nine replications, are few; ten in ten are enough."""
    n = np.zeros((12, 4), dtype=np.int64)
    n[:, 0], n[:9, 1], n[:9, 2], n[:10, 3] = 5, 1, 2, 1

    assert groups(n * 10, n).with_enough().names == ("a", "d")


def test_below_ten_replications_nobody_is_ruled_out():
    found = constant([10, 99], [20, 20], replications=9)

    assert could_be_worst(found) == (1, 0)
    assert worst_of(found).low is None
    assert worst_of(found).note == "fewer than 10 replications"


def test_one_replication_gives_numbers_and_no_interval():
    found = constant([10, 99], [20, 20], replications=1)

    assert (worst_of(found).value, worst_of(found).low) == (99, None)
    assert gini(found).no_interval == "one replication: no interval"


def test_a_worst_group_that_does_not_change_is_no_difference():
    found = constant([10, 30], [20, 20])

    apart = worst_apart(found, found, 1.0)

    assert apart.identical
    assert (apart.paired.difference, apart.paired.low, apart.paired.high) == (0, 0, 0)


def test_moving_the_worst_elsewhere_is_not_making_it_better():
    """One group gains about twenty minutes and another loses as many."""
    rng = np.random.default_rng(8)
    n = np.full((30, 2), 20)
    before = groups(n * rng.integers([38, 18], [42, 22], (30, 2)), n)
    after = groups(n * rng.integers([18, 38], [22, 42], (30, 2)), n)

    apart = worst_apart(after, before, 1.0)

    assert after.value(0).minus(before.value(0)).value < -15
    assert -1 < apart.paired.low < 0 < apart.paired.high < 1
    assert apart.p > 0.05
    assert apart.p_equivalence < 0.05


def test_p_values_and_intervals_of_the_worst_say_the_same():
    rng = np.random.default_rng(9)
    for _ in range(60):
        baseline, other = ring(rng, 12, np.linspace(24, 18, 9), np.linspace(25, 22, 9))
        found = worst_apart(other, baseline, 5.0)
        low, high = found.paired.low, found.paired.high

        assert low <= found.paired.difference <= high
        assert (found.p < 0.05) == (low > 0 or high < 0)


def ring(rng, replications, truth, changed=None):
    """
    Towns and a centre: gamma times with a common level, in the same weeks under both rules.

    ``truth`` are expected minutes by group, ``changed`` those of another alternative.
    """
    shape = (replications, TOWNS + 1)
    n = rng.poisson(CALLOUTS, shape)
    n[:, -1] = rng.poisson(CENTRE, replications)
    busy = rng.gamma(8, 1 / 8, (replications, 1))
    own, apart = (rng.gamma(k * np.maximum(n, 1)) / (k * np.maximum(n, 1)) for k in (1.2, 6))
    made = [n * np.asarray(truth) * busy * own]
    if changed is not None:
        made.append(n * np.asarray(changed) * busy * own * apart)
    return [groups(np.rint(1000 * y), n, scale=1000.0) for y in made]


@pytest.mark.parametrize(("replications", "bias", "studies"), [(10, 0.35, 250), (30, 0.25, 200)])
def test_the_jackknife_is_nearly_unbiased_and_the_true_worst_stays_in_the_set(
    replications, bias, studies
):
    """Areas from 18 to 24 min; the largest estimate alone lies far above the largest truth."""
    rng = np.random.default_rng(replications)
    truth = np.linspace(18, 24, TOWNS + 1)[::-1]  # the worst is a town: few callouts
    jackknifed, plain, kept, unequal = [], [], 0, []
    for _ in range(studies):
        (found,) = ring(rng, replications, truth)
        jackknifed.append(largest(found).value)
        plain.append(max(found.values()))
        kept += 0 in could_be_worst(found)
        unequal.append(gini(found).value)

    off, error = np.mean(jackknifed) - 24, np.std(jackknifed) / math.sqrt(studies)
    weights = np.array([CALLOUTS] * TOWNS + [CENTRE], dtype=float)
    pairs = np.abs(truth[:, None] - truth) * np.outer(weights, weights)
    real = pairs.sum() / 2 / (weights.sum() * (weights @ truth))
    assert abs(off) < bias + 2 * error
    assert np.mean(plain) - 24 > abs(off)
    assert kept / studies >= 0.97
    assert np.mean(unequal) == pytest.approx(real, abs=0.006)


def misses(seed, replications, studies, truth, changed, interval):
    rng = np.random.default_rng(seed)
    real, missed = max(changed) - max(truth), 0
    for _ in range(studies):
        low, high = interval(*ring(rng, replications, truth, changed))
        missed += not low <= real <= high
    return missed / studies


def of_all_that_could_be(baseline, other):
    paired = worst_apart(other, baseline, None).paired
    return paired.low, paired.high


def of_the_two_largest(baseline, other):
    return envelope(other.value(other.top()).minus(baseline.value(baseline.top())))


TIED = ([25, 25, *[20] * 7], [25, 24, *[20] * 7])  # of two that are worst one is helped


@pytest.mark.long
@pytest.mark.parametrize("replications", [10, 30, 100])
@pytest.mark.parametrize(
    ("truth", "changed"),
    [
        TIED,
        TIED[::-1],
        ([21] * 9, [21] * 9),
        ([21] * 9, [23] * 9),
        ([30, *[20] * 8], [27, *[20] * 8]),
    ],
)
def test_intervals_of_the_worst_hold_the_truth_wherever_it_is(replications, truth, changed):
    assert misses(4, replications, 200, truth, changed, of_all_that_could_be) <= 0.05 + 0.04


def test_help_for_one_of_two_that_are_worst_is_not_help_for_the_worst():
    """Why all that could be the worst have a say: the two largest alone promise too much."""
    assert misses(4, 30, 120, *TIED, of_the_two_largest) > 0.08
    assert misses(4, 30, 120, *TIED, of_all_that_could_be) < 0.05
