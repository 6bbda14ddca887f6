"""Student's t distribution against tables, closed forms and a library."""

import math
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from sim.outcomes.inference.student import quantile, tail, two_sided

seeded = settings(derandomize=True, deadline=None, max_examples=200)
FREEDOMS = [1, 2, 3, 4, 5, 8, 9, 10, 19, 28, 29, 49, 99, 299, 1999]


@pytest.mark.parametrize(
    ("freedom", "known"),
    [(1, 12.7062), (2, 4.30265), (4, 2.77645), (9, 2.26216), (29, 2.04523), (99, 1.98422)],
)
def test_quantiles_are_those_of_any_table(freedom, known):
    assert two_sided(0.95, freedom) == pytest.approx(known, abs=5e-6 * known)


@pytest.mark.parametrize("t", [1e-9, 0.1, 1.0, 2.5, 40.0, 1e6])
def test_one_degree_of_freedom_is_the_cauchy_distribution(t):
    """P(T > t) = 1/2 - atan(t) / pi, written so that nothing is lost far out."""
    assert tail(t, 1) == pytest.approx(math.atan2(1, t) / math.pi, rel=1e-11)


@pytest.mark.parametrize("t", [0.01, 0.5, 1.7, 4.0, 30.0])
def test_two_degrees_of_freedom_have_a_closed_form(t):
    """P(T > t) = (1 - t / sqrt(2 + t^2)) / 2."""
    root = math.sqrt(2 + t * t)
    assert tail(t, 2) == pytest.approx(1 / (root * (root + t)), rel=1e-11)


@pytest.mark.parametrize("freedom", FREEDOMS)
@pytest.mark.parametrize("t", [1e-6, 0.3, 1.0, 2.0, 3.96, 7.0, 40.0, 500.0])
def test_tails_are_those_of_scipys_incomplete_beta_function(freedom, t):
    """
    P(T > t) = I_x(v / 2, 1 / 2) / 2 with x = v / (v + t^2), or from the other side of the beta
    distribution near the middle, where x would lose the digits of t.
    """
    x, y = (part / (freedom + t * t) for part in (freedom, t * t))
    known = special.betainc(freedom / 2, 0.5, x) / 2
    if y < 0.5:
        known = (1 - special.betainc(0.5, freedom / 2, y)) / 2

    assert tail(t, freedom) == pytest.approx(known, rel=2e-11, abs=5e-13)


@pytest.mark.parametrize("freedom", FREEDOMS)
@pytest.mark.parametrize("p", [0.6, 0.9, 0.95, 0.975, 0.99, 0.9995])
def test_quantiles_are_scipys(freedom, p):
    """
    It is within 3e-12 of scipy 1.17; earlier ones are themselves off by up to 1e-10, which
    is why these are worked out here.
    """
    assert quantile(p, freedom) == pytest.approx(stats.t.ppf(p, freedom), rel=1e-9)


@pytest.mark.parametrize("freedom", FREEDOMS)
@pytest.mark.parametrize("p", [0.6, 0.9, 0.95, 0.975, 0.99, 0.9995])
def test_a_quantile_is_where_the_tail_is_what_was_asked(freedom, p):
    """Twelve digits of it: a step of the last one crosses the tail asked for."""
    q = quantile(p, freedom)

    assert tail(q * (1 - 1e-11), freedom) > 1 - p > tail(q * (1 + 1e-11), freedom)


def test_the_known_answers():
    assert quantile(0.975, 9) == pytest.approx(2.26215716280, abs=1e-11)
    assert quantile(0.975, 29) == pytest.approx(2.04522964213, abs=1e-11)
    assert 2 * tail(3.96, 29) == pytest.approx(4.45919e-4, rel=2e-6)
    assert tail(40, 5) == pytest.approx(9.20598e-8, rel=2e-6)


@seeded
@given(
    st.floats(-60, 60, allow_nan=False),
    st.floats(-60, 60, allow_nan=False),
    st.integers(1, 500),
)
def test_tails_are_symmetric_and_fall(s, t, freedom):
    low, high = sorted((s, t))

    assert tail(-t, freedom) == pytest.approx(1 - tail(t, freedom), abs=1e-15)
    assert tail(high, freedom) <= tail(low, freedom) + 1e-13


@pytest.mark.parametrize("t", [5e-324, 1e-200, 1e-101, 1e-99, 1e-30])
def test_next_to_the_middle_is_the_middle(t):
    """Its square is smaller than any number there is."""
    assert tail(t, 9) == tail(-t, 9) == 0.5


def test_nothing_lies_beyond_infinity():
    assert tail(math.inf, 9) == 0
    assert tail(-math.inf, 9) == 1
    assert tail(0, 9) == 0.5


def test_no_library_of_distributions_is_loaded_for_it():
    """Two versions of one differ in the eleventh digit of a quantile."""
    code = "import sys, sim.outcomes.inference.envelope as e; print('scipy' in sys.modules)"
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout

    assert shown.strip() == "False"
