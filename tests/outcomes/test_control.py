"""The number of callouts as a control variate."""

import math

import numpy as np
import pytest

from sim.errors import SimError
from sim.outcomes import controlled, stack, summarise
from sim.outcomes.inference.replications import Spread, spread
from sim.outcomes.verdicts.control import control

from .test_comparisons import END, NAMES, made
from .worked import sample

T1 = 12.7062047364  # Student t, 97.5 %, 1 degree of freedom (any table)


def of(values):
    """The mean of values, one for each replication."""
    values = np.array(values, dtype=np.float64)
    return spread(values, np.ones(len(values)))


def test_a_case_worked_by_hand():
    """
    X = 1, 2, 4 and C = 1, 2, 3 with mean 2.5: slope 1.5, so 7/3 becomes 7/3 + 0.75. Residuals
    1/6, -1/3, 1/6, residual variance 1/6 on one degree; the variance was 7/3. Standard error
    sqrt(1/6 (1/3 + 0.25 / 2)).
    """
    value, low, high, left = control(of([1, 2, 4]), np.array([1.0, 2.0, 3.0]), 2.5)

    half = T1 * math.sqrt(11) / 12
    assert value == pytest.approx(37 / 12)
    assert (low, high) == pytest.approx((37 / 12 - half, 37 / 12 + half))
    assert left == pytest.approx(1 / 14)


def test_a_control_that_is_the_measure_leaves_no_variance_and_gives_its_mean():
    x = np.random.default_rng(1).normal(5, 1, 50)

    value, low, high, left = control(of(x), x, 5.5)

    assert value == pytest.approx(5.5)
    assert (low, high) == (value, value)
    assert left == 0


def test_a_control_that_has_nothing_to_do_with_it_changes_nothing():
    rng = np.random.default_rng(2)
    x, c = rng.normal(5, 1, 2000), rng.normal(0, 1, 2000)

    value, _, _, left = control(of(x), c, 0.0)

    assert left == pytest.approx(1, abs=0.1)
    assert value == pytest.approx(x.mean(), abs=0.01)


@pytest.mark.parametrize("number", [[3, 3, 3], [3, 3]])
def test_where_nothing_can_be_controlled_the_estimate_is_unchanged(number):
    found = of(range(len(number)))

    value, low, high, left = control(found, np.array(number, dtype=float), 9.0)

    assert value == found.value
    assert (low + high) / 2 == pytest.approx(value)
    assert left == 1


def test_two_replications_are_too_few_to_find_a_slope():
    assert control(of([1, 2]), np.array([3.0, 5.0]), 4.0)[3] == 1


def test_one_replication_has_no_interval():
    assert control(Spread(2.0, np.zeros(1), 1), np.ones(1), 1.0) == (2.0, None, None, 1.0)


def test_rows_are_the_ratios_of_each_alternative_and_their_differences():
    """Callouts 1, 2, 3; the mean response of both goes up with them, b by a minute more."""
    base = made([10], [11, 11], [12, 12, 12])
    other = made([11], [12, 12], [13, 13, 13], name="b")

    rows = {(row.alternative, row.measure): row for row in controlled([base, other], [2, 2])}

    assert ("a", "response_restricted_mean") in rows
    assert ("a", "difference:response_restricted_mean") not in rows
    row = rows["b", "difference:response_restricted_mean"]
    assert (row.value, row.unit, row.replications) == (pytest.approx(1), "min", 3)
    assert ("b", "utilisation") in rows
    assert not [measure for _, measure in rows if "p90" in measure or measure == "callouts"]


def test_expecting_the_number_found_leaves_the_estimate_and_narrows_it():
    base = made([10], [11, 12], [12, 13, 15], [9, 10], [8])
    plain = {r.measure: r for r in summarise(base) if r.group == "all"}["response_restricted_mean"]
    found = {r.measure: r for r in controlled([base], [9 / 5])}["response_restricted_mean"]

    assert found.value == pytest.approx(plain.value)
    assert found.high - found.low < plain.high - plain.low
    assert found.variance_left < 0.5


def test_where_the_expected_number_is_not_known_nothing_is_controlled_for():
    """Half a mean, as of clusters from an empty start, would shift every estimate."""
    base = made([10], [11, 12], [12, 13, 15], [9, 10], [8])
    plain = {r.measure: r for r in summarise(base) if r.group == "all"}["response_restricted_mean"]
    found = {r.measure: r for r in controlled([base], [None])}["response_restricted_mean"]

    assert (found.value, found.variance_left) == (pytest.approx(plain.value, rel=1e-11), 1)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))


def test_each_alternative_needs_the_same_replications_and_a_number():
    base = made([10], [11])

    with pytest.raises(SimError, match="1 expected numbers of callouts are given for 2"):
        controlled([base, base], [2.0])
    with pytest.raises(SimError, match="cannot be paired"):
        controlled([base, sample(stack([base.observations] * 2), NAMES, [], END)], [2, 2])


def weeks(rng, replications=30):
    """Draws with a variation of 18 % raises both the callouts and the time each takes."""
    draws = rng.gamma(30, 1 / 30, replications)
    number = rng.poisson(200 * draws).astype(np.float64)
    return number, number * (10 + 5 * draws + rng.normal(0, 0.5, replications))


@pytest.mark.parametrize(
    "macro", [400, pytest.param(1000, marks=pytest.mark.long, id="a thousand")]
)
def test_the_controlled_interval_covers_and_is_narrower(macro):
    """E of amount over E of number is 10 + 5 E(luck²) = 15 + 5 / 30."""
    held, gained = 0, 0
    for seed in range(macro):
        number, amount = weeks(np.random.default_rng([9, seed]))
        found = spread(amount, number)
        _, low, high, left = control(found, number, 200.0)
        held += low <= 15 + 5 / 30 <= high
        gained += left < 0.6

    half = 3.2905 * math.sqrt(0.95 * 0.05 / macro)
    assert 0.95 - half <= held / macro <= 0.95 + half
    assert gained / macro > 0.9
