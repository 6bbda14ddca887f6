"""The table of growth: `python -m tests.benchmarks.growth`."""

import pytest

from .benchmarks import growth


@pytest.mark.parametrize("power", [0, 0.5, 1, 2])
def test_the_exponent_of_a_power_is_that_power(power):
    sizes = (3, 10, 200, 7000)

    assert growth.exponent(sizes, [5 * n**power for n in sizes]) == pytest.approx(power)


def test_the_page_says_what_was_not_run_and_why_an_exponent_is_large():
    """A range that ends early must not look like the whole one."""
    rows = [["places", n, 900, 20.0, 0.5, n**2 / 1e4] for n in (90, 250, 700)]
    rows += [["days", n, n * 30, 20.0, 0.5, 30.0] for n in growth.SWEEPS["days"].sizes]

    page = growth.page(rows)

    assert "| 90 to 700 (of 5,000) | 0.00 (0.00) | 2.00 (2.00) |" in page
    assert "| 28 to 5,844 | 0.00 (0.00) | 0.00 (0.00) |" in page
    assert page.count("Above 1.1: memory holds the time") == 1


@pytest.mark.parametrize("name", growth.SWEEPS)
def test_the_smallest_point_of_each_sweep_can_be_measured(name):
    callouts, *rest = growth.measured(growth.SWEEPS[name].of(growth.SWEEPS[name].sizes[0]))

    assert callouts > 100
    assert all(value >= 0 for value in rest)
