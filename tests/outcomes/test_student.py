"""Student's t of our own against what is known of it."""

import math
import subprocess
import sys

import pytest
from scipy import stats

from sim.outcomes.student import quantile, tail, two_sided


@pytest.mark.parametrize(
    ("p", "freedom", "known"),
    [
        (0.975, 1, 12.7062047364),  # any table
        (0.975, 9, 2.26215716280),
        (0.975, 29, 2.04522964213),
        (0.95, 10, 1.81246112),
        (0.995, 5, 4.03214298),
    ],
)
def test_quantiles_are_those_of_the_tables(p, freedom, known):
    assert quantile(p, freedom) == pytest.approx(known, rel=2e-9)


def test_tails_have_a_closed_form_at_one_and_two_degrees_of_freedom():
    """1/2 - atan(t) / pi, and (1 - t / sqrt(2 + t^2)) / 2."""
    for t in (0.0, 0.1, 1.0, 3.0, 40.0):
        assert tail(t, 1) == pytest.approx(0.5 - math.atan(t) / math.pi, abs=1e-13)
        assert tail(t, 2) == pytest.approx((1 - t / math.sqrt(2 + t * t)) / 2, abs=1e-13)
        assert tail(-t, 2) == pytest.approx(1 - tail(t, 2), abs=1e-15)


def test_far_tails_keep_their_digits():
    """p values of that size decide over families of hundreds of rows."""
    assert 2 * tail(3.96, 29) == pytest.approx(4.45919e-4, rel=2e-6)
    assert tail(40, 5) == pytest.approx(9.20598e-8, rel=2e-6)
    assert tail(math.inf, 5) == 0


@pytest.mark.parametrize("freedom", [1, 2, 3, 9, 19, 29, 99, 399])
def test_it_agrees_with_scipy(freedom):
    for p in (0.6, 0.9, 0.975, 0.9999):
        assert quantile(p, freedom) == pytest.approx(stats.t.ppf(p, freedom), rel=1e-9)
        assert tail(quantile(p, freedom), freedom) == pytest.approx(1 - p, rel=1e-9)
    assert two_sided(0.95, freedom) == quantile(0.975, freedom)


def test_quantiles_are_written_with_twelve_digits():
    """What is left after them may differ from machine to machine."""
    for freedom in range(1, 60):
        found = quantile(0.975, freedom)
        assert found == float(f"{found:.12g}")


def test_no_library_of_distributions_is_loaded_for_it():
    """Two versions of one differ in the eleventh digit of a quantile."""
    code = "import sys, sim.outcomes.envelope as e; print('scipy' in sys.modules)"
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout

    assert shown.strip() == "False"
