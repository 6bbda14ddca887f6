"""p values judged together, worked by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.outcomes.inference.families import adjusted, benjamini_hochberg, holm


def test_holm_gives_the_published_adjustment():
    """Sorted: 4 * 0.005, 3 * 0.01, 2 * 0.03, and 0.04 no less than the one before it."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1, 1]
    assert holm([]) == []


def test_benjamini_and_hochberg_give_the_adjustment_worked_by_hand():
    """From the largest: 4/4 * 0.04, 4/3 * 0.03, 4/2 * 0.01, 4/1 * 0.005, none above a later."""
    assert benjamini_hochberg([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert benjamini_hochberg([]) == []


def test_benjamini_and_hochberg_agree_with_scipy():
    p = np.random.default_rng(1).random(50) ** 3

    assert benjamini_hochberg(p.tolist()) == pytest.approx(stats.false_discovery_control(p))


def test_holm_keeps_the_chance_of_any_false_alarm_at_the_level():
    """Of ten p values three are of real differences; no more than 5 % of trials may err once."""
    rng = np.random.default_rng(11)
    trials, alarms, unadjusted = 4000, 0, 0
    for _ in range(trials):
        p = [*rng.random(7), 1e-9, 1e-9, 1e-9]
        alarms += min(holm(p)[:7]) < 0.05
        unadjusted += min(p[:7]) < 0.05

    assert alarms / trials < 0.05 + 3.3 * math.sqrt(0.05 * 0.95 / trials)
    assert unadjusted / trials > 0.25


def test_the_same_question_counts_once():
    """Three questions, of which one is asked twice: 3 * 0.01, not 4 * 0.01."""
    found, asked = adjusted([0.01, 0.02, 0.01, 0.5], ["a", "b", "a", "c"], holm)

    assert asked == 3
    assert found == pytest.approx([0.03, 0.04, 0.03, 0.5])


def test_what_has_no_p_value_is_not_in_the_family():
    found, asked = adjusted([None, 0.02, None], ["a", "b", "c"], holm)

    assert (found, asked) == ([None, 0.02, None], 1)


def test_a_strong_effect_in_a_family_of_five_stays_clear():
    """p 0.0007 is 0.0035 among 5 and 0.025 among 35; among 120 it would be lost."""
    for size, expected in ((5, 0.0035), (35, 0.0245), (120, 0.084)):
        assert holm([0.0007, *[0.9] * (size - 1)])[0] == pytest.approx(expected)
