"""Partial pooling: few data lean on what is common, many stand for themselves."""

import numpy as np
import pytest
from scipy import stats

from sim.fitting.pooling import (
    negative_binomial_likelihood,
    poisson_likelihood,
    pooled_ratios,
    pooled_shares,
    shrunk,
)

from .invented import covers


def test_likelihoods_are_those_of_scipy():
    n, e, a = np.array([0.0, 3.0, 11.0]), np.array([1.5, 2.0, 9.0]), 4.0

    assert poisson_likelihood(n, e) == pytest.approx(stats.poisson.logpmf(n, e).sum())
    expected = stats.nbinom.logpmf(n, a, a / (a + e)).sum()
    assert negative_binomial_likelihood(n, e, a) == pytest.approx(expected)


def test_few_callouts_lean_and_many_stand():
    """The same ratio of 2 in a large and in a small cell, among cells that do differ."""
    counts = np.array([300.0, 100.0, 220.0, 60.0, 150.0, 400.0, 4.0])
    expected = np.array([150.0, 150.0, 150.0, 120.0, 150.0, 200.0, 2.0])

    found = pooled_ratios(counts, expected)

    assert found.value[0] == pytest.approx(2, rel=0.05)
    assert found.weight[0] > 0.9
    assert 1 < found.value[-1] < 1.5
    assert found.weight[-1] < 0.5
    assert found.p_value < 1e-6


def test_a_cell_lies_between_its_own_data_and_what_is_common():
    """By the weights of the conjugate prior: own count over strength and expectation."""
    counts, expected = np.array([30.0, 10.0, 2.0, 55.0]), np.array([20.0, 20.0, 7.0, 40.0])

    found = pooled_ratios(counts, expected)

    own = counts / expected
    assert found.value == pytest.approx(found.weight * own + 1 - found.weight)
    assert found.weight == pytest.approx(expected / (expected + found.strength))


def test_cells_that_differ_by_chance_are_one():
    rng = np.random.default_rng(1)
    expected = np.full(24, 40.0)
    alike = [pooled_ratios(rng.poisson(expected).astype(float), expected) for _ in range(60)]

    assert covers([found.p_value > 0.05 for found in alike])


def test_a_cell_without_exposure_is_as_all():
    found = pooled_ratios(np.array([0.0, 30.0, 5.0]), np.array([0.0, 15.0, 20.0]))

    assert found.value[0] == pytest.approx(1)
    assert found.weight[0] == 0


def test_intervals_of_cells_hold_what_is_true_as_often_as_they_say():
    """Cells drawn from the model, few and many callouts; one in twenty may miss."""
    hits = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        expected = rng.choice([3.0, 30.0, 300.0], 40)
        true = rng.gamma(8, 1 / 8, 40)
        found = pooled_ratios(rng.poisson(expected * true).astype(float), expected)
        hits += [*((found.low <= true) & (true <= found.high))]

    assert 0.93 <= np.mean(hits) <= 0.97


def test_pooling_is_nearer_to_the_truth_where_data_are_few():
    rng = np.random.default_rng(7)
    true = rng.gamma(8, 1 / 8, 400)
    expected = np.full(400, 4.0)
    counts = rng.poisson(expected * true).astype(float)

    found = pooled_ratios(counts, expected)

    assert ((found.value - true) ** 2).mean() < 0.5 * ((counts / expected - true) ** 2).mean()


def test_days_that_differ_widen_the_interval():
    counts, expected = np.array([300.0, 100.0, 220.0, 60.0]), np.array([170.0] * 4)

    narrow, wide = (pooled_ratios(counts, expected, inflation) for inflation in (1.0, 4.0))

    ratio = (wide.high - wide.low) / (narrow.high - narrow.low)
    assert ratio == pytest.approx(np.full(4, 2.0), rel=0.25)


def test_the_variance_between_groups_is_that_of_dersimonian_and_laird():
    """By hand: weights 1, mean 2, Q = 2, so (2 - 2) / ... = 0; doubled, (8 - 2) / 2 = 3."""
    y = np.array([1.0, 2.0, 3.0])

    assert shrunk(y, np.ones(3)).between == pytest.approx(0)
    assert shrunk(y, np.ones(3)).value == pytest.approx([2, 2, 2])
    found = shrunk(2 * y, np.ones(3))
    assert found.between == pytest.approx(3)
    assert found.weight == pytest.approx(np.full(3, 3 / 4))
    assert found.value == pytest.approx([2.5, 4, 5.5])


def test_two_groups_are_not_pooled_and_one_without_data_takes_their_mean():
    found = shrunk(np.array([1.0, 3.0, np.nan]), np.array([0.1, 0.1, np.nan]))

    assert found.value == pytest.approx([1, 3, 2])
    assert found.weight == pytest.approx([1, 1, 0])


def test_shares_of_few_lean_on_all():
    found = pooled_shares(np.array([90.0, 10.0, 50.0, 2.0]), np.array([100.0, 100.0, 100.0, 2.0]))

    assert found.value[:3] == pytest.approx([0.9, 0.1, 0.5], abs=0.03)
    assert 0.5 < found.value[3] < 0.9
    assert found.low[3] < 0.5 < found.high[3]


def test_one_share_has_the_interval_of_its_own_count():
    found = pooled_shares(np.array([60.0]), np.array([100.0]))

    assert found.value[0] == pytest.approx(0.6, abs=0.005)
    assert found.low[0] == pytest.approx(0.502, abs=0.01)
    assert found.high[0] == pytest.approx(0.691, abs=0.01)
