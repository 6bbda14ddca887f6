"""The envelope: known answers, and one thing said in two ways (interval and p value)."""

import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sim.outcomes.inference import student
from sim.outcomes.inference.envelope import (
    HallTransform,
    envelope,
    p_above,
    p_below,
    p_different,
    p_within,
    settled,
)
from sim.outcomes.inference.replications import Spread, spread

seeded = settings(derandomize=True, deadline=None, max_examples=200)
PI = [3, 1, 4, 1, 5, 9, 2, 6, 5, 30]
ONE = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
EVEN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]


def of(values):
    """The mean of values, each of a replication of its own."""
    return spread(np.array(values, dtype=np.float64), np.ones(len(values)))


def written_out(values, t):
    """The envelope and its p value written out independently."""
    size, x = len(values), math.fsum(values) / len(values)
    errors = [v - x for v in values]
    ss = math.fsum(e * e for e in errors)
    s = math.sqrt(ss / (size * (size - 1)))
    g1 = math.fsum(e**3 for e in errors) / size / (ss / size) ** 1.5
    g = (1 + 7 / size) * math.sqrt(size * (size - 1)) / (size - 2) * g1
    a = g / math.sqrt(size)

    def h(z):
        inside = 1 + a * (z - a / 6)
        root = math.copysign(abs(inside) ** (1 / 3), inside)
        return z if abs(a) < 1e-9 else 3 / a * (root - 1)

    w = x / s / math.sqrt(size)
    f = math.sqrt(size) * (w + g * w * w / 3 + g * g * w**3 / 27 + g / (6 * size))
    p = max(2 * student.tail(abs(z), size - 1) for z in (x / s, f))
    return min(x - t * s, x - s * h(t)), max(x + t * s, x - s * h(-t)), p


@pytest.mark.parametrize(
    ("values", "low", "high", "p"),
    [
        (PI, 0.462921460, 19.9279807, 0.0378090),
        (ONE, -0.126215716, 0.539924383, 0.343436),
        (EVEN, 3.33414941, 7.66585059, 0.000278196),
    ],
)
def test_the_known_answers(values, low, high, p):
    found = of(values)

    assert envelope(found) == pytest.approx((low, high), rel=3e-9)
    assert p_different(found) == pytest.approx(p, rel=5e-6)


@seeded
@given(st.lists(st.integers(-1000, 1000), min_size=3, max_size=40))
@example([0, 0, 251, 252])  # hardly skewed: three digits were lost
def test_it_is_what_the_appendix_writes_out(values):
    assume(len(set(values)) > 1)
    low, high, p = written_out(values, student.two_sided(0.95, len(values) - 1))
    found = of(values)
    size = max(map(abs, values))

    assert envelope(found) == pytest.approx((low, high), rel=1e-9, abs=1e-9 * size)
    if min(p_above(found), p_below(found)) < 0.4:
        assert p_different(found) == pytest.approx(max(p, 1e-12), rel=1e-5)


def test_without_skewness_it_is_students_t():
    """A symmetric sample: G1 is 0, and all that is left is the textbook's interval."""
    found = of([-2, -1, 0, 1, 2])
    half = 2.7764451052 * math.sqrt(2.5 / 5)

    assert envelope(found) == pytest.approx((-half, half), rel=1e-10)


def test_skewness_takes_the_far_end_farther_and_leaves_the_near_one():
    """Weeks are skewed, and the true value lies above the t interval too often."""
    found, half = of(PI), 2.2621571628 * of(PI).standard_error()
    low, high = envelope(found)

    assert low == pytest.approx(found.value - half)
    assert high > found.value + half


def test_hall_takes_out_the_skewness_that_it_measures():
    """
    Hall (1992): to undo what is reached gives back the t, where the cube root has not turned.
    """
    hall = HallTransform.of(of(PI))

    for q in (-1.0, 0.5, 1.0, 2.262):
        assert hall.undo(hall.reach(q)) == pytest.approx(q)


SAMPLES = st.lists(
    st.one_of(st.integers(-50, 50), st.integers(-5000, 5000)), min_size=3, max_size=40
)
LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99])


@seeded
@given(SAMPLES, st.floats(-200, 200), LEVELS)
def test_an_interval_leaves_out_a_bound_exactly_where_its_p_value_is_small(values, bound, level):
    """Otherwise a table could show an interval clear of zero next to a p value that is not."""
    assume(len(set(values)) > 1)
    found, alpha = of(values), 1 - level
    low, high = envelope(found, level)
    size = max(map(abs, values)) + abs(bound)
    assume(min(abs(bound - low), abs(bound - high)) > 1e-7 * size)  # where digits decide

    assert (p_different(found, bound) < alpha) == (not low < bound < high)
    assert (p_above(found, bound) < alpha / 2) == (low > bound)
    assert (p_below(found, bound) < alpha / 2) == (high < bound)


@seeded
@given(SAMPLES, st.floats(0.01, 500), LEVELS)
def test_equivalence_at_alpha_is_an_interval_of_one_less_two_alpha_inside_the_margin(
    values, margin, level
):
    """Two one-sided tests (Schuirmann 1987): a 90 % interval for 5 %."""
    assume(len(set(values)) > 1)
    found, alpha = of(values), (1 - level) / 2
    low, high = envelope(found, level)
    size = max(map(abs, values)) + margin
    assume(min(abs(margin - high), abs(margin + low)) > 1e-7 * size)

    assert (p_within(found, margin) < alpha) == (-margin < low and high < margin)


@seeded
@given(SAMPLES)
def test_what_is_mirrored_is_mirrored(values):
    assume(len(set(values)) > 1)
    found, other = of(values), of([-v for v in values])
    low, high = envelope(found)

    assert envelope(other) == pytest.approx((-high, -low), rel=1e-9, abs=1e-9)
    assert p_different(other) == pytest.approx(p_different(found), rel=1e-5)
    assert p_above(other) == pytest.approx(p_below(found), rel=1e-5)


@seeded
@given(SAMPLES, st.sampled_from([60_000.0, 0.001, 3600.0]))
def test_the_unit_does_not_matter(values, scale):
    assume(len(set(values)) > 1)
    found, other = of(values), of(values).scaled(scale)

    assert envelope(other) == pytest.approx([end / scale for end in envelope(found)], rel=1e-9)
    assert p_different(other) == pytest.approx(p_different(found), rel=1e-5)


@seeded
@given(SAMPLES)
def test_a_higher_level_holds_the_lower_one(values):
    assume(len(set(values)) > 1)
    inner, outer = envelope(of(values), 0.9), envelope(of(values), 0.99)

    assert outer[0] <= inner[0] <= inner[1] <= outer[1]


def test_errors_of_zero_have_no_width_and_no_doubt():
    same = Spread(3.0, np.zeros(12), 12)

    assert envelope(same) == (3.0, 3.0)
    assert (p_different(same), p_different(same, 3.0)) == (1e-12, 1.0)
    assert p_above(same) == 1e-12
    assert p_below(same) == 1.0


def test_p_values_have_six_digits_and_an_end():
    """What is concluded must not hang on the last bits of a machine."""
    tiny = p_different(of([10_000 + v for v in EVEN]))
    p = p_different(of(PI))

    assert tiny == 1e-12
    assert p == float(f"{p:.6g}")


@pytest.mark.parametrize(
    ("value", "scale", "written"),
    [(7.10543e-15, 1.0, 0.0), (1e-12, 1.0, 0.0), (2e-12, 1.0, 2e-12), (1e-9, 1e4, 0.0),
     (1 / 3, 1.0, 0.333333333333), (-0.0, 1.0, 0.0)],
)  # fmt: skip
def test_what_is_left_of_rounding_is_zero(value, scale, written):
    """7.10543e-15 once stood in a table as the limit of an interval."""
    assert settled(value, scale) == written
    assert math.copysign(1, settled(value, scale)) == math.copysign(1, written)


@pytest.mark.parametrize(
    ("size", "share"), [(10, 0.583), (20, 0.386), (30, 0.292), (50, 0.200), (100, 0.116)]
)
def test_grubbs_limits_are_the_known_ones(size, share):
    """One replication stands out if its part of the squares is above this share."""
    least, most = outlier(size, share - 0.001), outlier(size, share + 0.001)

    assert of(least).stands_out() is None
    assert of(most).stands_out() == 0


def outlier(size, share):
    """
    Values of which the first makes up this share of the squares of the errors.

    The others are +1 and -1 (one is 0 where they are odd in number) moved by c, so that all of
    them add up to 0: with m others and k of them not 0, z = -m c and z^2 / (z^2 + k + m c^2).
    """
    m = size - 1
    k = m - m % 2
    z = math.sqrt(share * k / (1 - share - share / m))
    others = [(-1) ** i for i in range(k)] + [0] * (m % 2)
    return [z, *(v - z / m for v in others)]


@pytest.mark.parametrize("size", [10, 30, 100])
def test_one_in_twenty_normal_samples_has_a_replication_that_stands_out(size):
    """Grubbs' test is at 5 %: 2,000 samples, and the 99.9 % binomial band."""
    rng = np.random.default_rng(size)
    out = sum(of(rng.normal(size=size)).stands_out() is not None for _ in range(2000))

    assert abs(out / 2000 - 0.05) < 3.29 * math.sqrt(0.05 * 0.95 / 2000)
