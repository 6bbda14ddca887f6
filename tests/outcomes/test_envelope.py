"""The interval and the p values against known answers and against a second way to them."""

import math

import numpy as np
import pytest
from scipy import optimize, stats

from sim.outcomes.envelope import (
    envelope,
    p_above,
    p_below,
    p_different,
    p_within,
    settled,
)
from sim.outcomes.replications import Spread, spread

# Errors are values minus their mean; the answers come from another implementation of the formulas.
KNOWN = [
    ([3, 1, 4, 1, 5, 9, 2, 6, 5, 30], 0.462921460, 19.9279807, 0.0378090),
    ([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], -0.126215716, 0.539924383, 0.343436),
    ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 3.33414941, 7.66585059, 0.000278196),
]


def of(values):
    values = np.array(values, dtype=np.float64)
    return Spread(values.mean(), values - values.mean(), len(values))


def leaning(seed, size=12):
    return of(np.random.default_rng(seed).gamma(1, 1, size) - 0.4)


@pytest.mark.parametrize(("values", "low", "high", "p"), KNOWN)
def test_the_envelope_gives_the_known_answers(values, low, high, p):
    found = of(values)

    assert envelope(found) == pytest.approx((low, high), rel=1e-8)
    assert p_different(found) == pytest.approx(p, rel=1e-5)


def test_what_leans_nowhere_has_the_t_interval():
    """0 to 10: mean 5, variance 110 / 10, of 11 replications: standard error 1."""
    half = stats.t.ppf(0.975, 10)

    assert envelope(of([*range(11)])) == pytest.approx((5 - half, 5 + half), rel=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_it_is_never_narrower_than_the_t_interval_at_either_end(seed):
    found = leaning(seed)
    half = stats.t.ppf(0.975, 11) * found.standard_error() * (1 - 1e-9)

    low, high = envelope(found)

    assert low <= found.value - half
    assert high >= found.value + half
    mirrored = Spread(-found.value, -found.errors, found.carrying)
    assert envelope(mirrored) == pytest.approx((-high, -low), rel=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_it_is_wider_on_the_side_to_which_replications_lean(seed):
    """The rare bad week that did not come would have been on that side."""
    found = leaning(seed)
    low, high = envelope(found)

    leans_up = stats.skew(found.errors) > 0
    assert (high - found.value > found.value - low) == leans_up


@pytest.mark.parametrize("seed", range(20))
def test_an_interval_leaves_out_a_value_where_its_p_value_is_below_the_rest(seed):
    """One formula: at the ends of the interval the p value is what the level leaves."""
    found = leaning(seed)

    for level in (0.9, 0.95):
        for end in envelope(found, level):
            assert p_different(found, end) == pytest.approx(1 - level, rel=1e-4)
            outside = end + (end - found.value) * 1e-3
            assert p_different(found, outside) < 1 - level


@pytest.mark.parametrize("seed", range(5))
def test_one_sided_p_values_are_found_again_by_looking_for_the_interval_that_ends_there(seed):
    """The level at which the lower end of the two-sided interval is 0, halved."""
    found = leaning(seed)
    if found.value <= 0:
        found = Spread(-found.value, -found.errors, found.carrying)

    level = optimize.brentq(lambda q: envelope(found, q)[0], 1e-6, 1 - 1e-9, xtol=1e-14)

    assert p_above(found) == pytest.approx((1 - level) / 2, rel=1e-4)
    assert p_different(found) == pytest.approx(1 - level, rel=1e-4)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_within_the_margin_where_the_interval_at_90_percent_is(seed):
    """Two one-sided tests at 5 %."""
    found = leaning(seed)
    low, high = envelope(found, 0.9)
    reach = max(-low, high)

    assert p_within(found, reach * 1.01) < 0.05
    assert p_within(found, reach * 0.99) > 0.05


def test_errors_that_are_all_zero_leave_no_doubt():
    same = Spread(2.0, np.zeros(12), 12)

    assert envelope(same) == (2, 2)
    assert p_different(same) == 1e-12  # the smallest that is told
    assert p_above(same, 3.0) == 1
    assert p_below(same, 3.0) == 1e-12
    assert p_different(Spread(0.0, np.zeros(12), 12)) == 1


def test_p_values_have_six_digits_and_none_is_zero():
    for seed in range(30):
        p = p_different(leaning(seed))
        assert p == float(f"{p:.6g}")
    assert p_different(of(np.linspace(1e9, 1e9 + 1e-3, 10))) == 1e-12


def test_what_is_left_over_from_rounding_is_zero():
    """7e-15 used to stand in tables as the limit of an interval."""
    assert settled(7.1e-15) == 0
    assert settled(0.1 + 0.2) == 0.3
    assert settled(1e-10, 1e6) == 0
    assert settled(-1e-9) == -1e-9


def test_the_order_of_replications_moves_no_digit():
    rng = np.random.default_rng(3)
    y, n = rng.gamma(1, 1, 40), rng.integers(1, 9, 40).astype(float)
    order = rng.permutation(40)

    one, two = spread(y, n), spread(y[order], n[order])

    assert one.value == two.value
    assert envelope(one) == envelope(two)
    assert p_different(one) == p_different(two)


@pytest.mark.parametrize(("size", "grubbs"), [(10, 0.583), (20, 0.386), (30, 0.292), (100, 0.116)])
def test_a_replication_stands_out_where_grubbs_test_says_so(size, grubbs):
    """Its share of the sum of squares at the limit, for each number of replications."""

    def with_one_at(portion):
        rest = np.resize([1.0, -1.0], size - 1)
        rest = rest - rest.mean()
        one = math.sqrt(portion / (1 - portion) * (rest**2).sum())
        return Spread(0.0, np.array([*rest, one]), size)

    assert with_one_at(grubbs + 0.005).stands_out() == size - 1
    assert with_one_at(grubbs - 0.005).stands_out() is None
    assert Spread(0.0, np.array([0.0] * 8 + [9.0]), 9).stands_out() is None  # too few to tell
