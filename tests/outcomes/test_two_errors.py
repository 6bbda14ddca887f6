"""The error of a simulation and that of the record behind it: split, joined, and counted."""

import numpy as np
import pytest

from sim.outcomes.inference import student
from sim.outcomes.inference.envelope import envelope, p_different, p_within
from sim.outcomes.inference.replications import Spread
from sim.outcomes.inference.two_errors import TwoErrors, variance_split


def spreads(table):
    """Return each row of a table, a model, as its mean and the errors of its replications."""
    return [Spread(float(np.mean(row)), np.asarray(row) - np.mean(row), len(row)) for row in table]


def spread(seed=1, size=20, value=0.9):
    errors = np.random.default_rng(seed).gamma(2, 1, size)
    return Spread(value, errors - errors.mean(), size)


def test_the_split_is_that_of_a_table_worked_by_hand():
    """
    Three models (rows), two replications: means of rows 4, 6, 11, of columns 6, 8, of all 7.

    Between rows: 2 (9 + 1 + 16) / 2 = 26. What rows and columns leave is 0, 0; -1, 1; 1, -1, as
    the effects of columns are -1 and +1: squares add up to 4, over (3 - 1)(2 - 1): 2.
    The record's variance is (26 - 2) / 2 = 12.
    """
    found = variance_split(spreads([[3.0, 5.0], [4.0, 8.0], [11.0, 11.0]]))

    assert found.mean == pytest.approx(7)
    assert found.between == pytest.approx(26)
    assert found.rest == pytest.approx(2)
    assert found.record == pytest.approx(12)


def test_replications_that_all_models_share_are_not_taken_for_the_records_error():
    """One-way analysis would have (2 - 200) / 2 here; the models differ by exactly 1 and -1."""
    found = variance_split(spreads([[-9.0, 11.0], [-11.0, 9.0]]))

    assert found.rest == pytest.approx(0)
    assert found.record == pytest.approx(2)


def test_models_that_give_the_same_leave_no_error_of_the_record():
    found = variance_split([spread()] * 5)

    assert (found.between, found.rest, found.record) == (0, 0, 0)


def test_the_split_is_right_on_average():
    """Of random tables: variance 4 of models, 9 of replications, 1 of the rest."""
    rng, found = np.random.default_rng(5), []
    for _ in range(600):
        table = rng.normal(0, 2, (6, 1)) + rng.normal(0, 3, (1, 8)) + rng.normal(0, 1, (6, 8))
        found.append(variance_split(spreads(table)).record)

    error = np.std(found) / np.sqrt(len(found))
    assert abs(np.mean(found) - 4) < 4 * error


@pytest.mark.parametrize("few", [[[1.0, 2.0]], [[1.0], [2.0]], [[1.0, 2.0], [1.0, 2.0, 3.0]]])
def test_too_small_a_table_has_no_split(few):
    with pytest.raises(ValueError, match="two models"):
        variance_split(spreads(few))


def test_without_an_error_of_the_record_all_is_as_the_simulation_has_it():
    own = spread()
    found = TwoErrors(own, 0.0, 19)

    assert found.limits() == envelope(own)
    assert found.p_different() == p_different(own)
    assert found.p_within(1.0) == p_within(own, 1.0)
    assert found.share == 0


def test_without_replications_that_differ_it_is_students_t():
    found = TwoErrors(spread(), 0.3, 9).without_simulation()
    reach = 0.3 * student.two_sided(0.95, 9)

    assert found.limits() == pytest.approx((0.9 - reach, 0.9 + reach))
    assert found.p_different() == pytest.approx(2 * student.tail(0.9 / 0.3, 9), rel=1e-5)
    assert found.share == 1


@pytest.mark.parametrize("seed", range(4))
def test_the_records_error_never_makes_an_interval_narrower_or_a_p_value_smaller(seed):
    own, last = spread(seed), None
    for record in (0.0, 1e-6, 0.05, 0.2, 1.0):
        found = TwoErrors(own, record, 7)
        now = (*found.limits(), found.p_different(), found.p_within(1.5))
        if last is not None:
            assert now[0] <= last[0]
            assert now[1] >= last[1]
            assert now[2] >= last[2] - 1e-6
            assert now[3] >= last[3] - 1e-6
        last = now


@pytest.mark.parametrize("record", [0.05, 0.2, 0.6])
@pytest.mark.parametrize("value", [0.9, -0.9])
def test_an_interval_that_touches_zero_and_its_p_value_are_one_thing(record, value):
    found = TwoErrors(spread(value=value), record, 9)
    low, high = found.limits(1 - found.p_different())

    assert min(abs(low), abs(high)) < 1e-4


def test_intervals_of_both_errors_cover_where_those_of_the_simulation_do_not():
    """
    Studies of a true 0 with known variances: 95 % within four standard errors, or a little more.

    Two intervals with few degrees of freedom, joined, reach farther than one with as many.
    """
    rng, hits, narrow, studies = np.random.default_rng(11), 0, 0, 1000
    for _ in range(studies):
        record = rng.normal(0, 1, 11)  # the fit to the record itself, and those to drawn ones
        shared = rng.normal(0, 2, 10)
        values = record[:, None] + shared + rng.normal(0, 1, (11, 10))
        own, *drawn = spreads(values)
        split = variance_split(drawn)
        found = TwoErrors(own, np.sqrt(max(split.record, 0)), 9)
        low, high = found.limits()
        hits += low <= 0 <= high
        low, high = envelope(own)
        narrow += low <= 0 <= high

    off = 4 * np.sqrt(0.05 * 0.95 / studies)
    assert 0.95 - off < hits / studies < 0.99
    assert narrow / studies < 0.85
