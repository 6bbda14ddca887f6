"""Values, intervals and differences as a terminal shows them, and what there is none of."""

import pytest

from sim.outcomes import Comparison, Estimate
from sim.report.phrasing.saying import between, figure, in_words, limits, number, percent, say_time
from sim.report.phrasing.short_names import told_apart
from sim.report.phrasing.words import bounds, clean, say, with_difference, with_interval
from sim.report.results_text.looks_text import looks_lines

HOURS_8 = 8 * 3_600_000
P90 = "response_p90"
MEAN = "response_restricted_mean"


def estimate(value, low=None, high=None, unit="min", note=""):
    return Estimate("m", "all", value, low, high, unit, 30, note)


def difference(measure, value, low, high, unit="min", verdict="inconclusive", note=""):
    return Comparison(
        "b", measure, "all", value, low, high, unit, "primary", verdict, 0.1, 0.1, None,
        0.9, 10.0, 30, None, note,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "unit", "sign", "said"),
    [
        (0.316, "share", False, "31.6 %"),
        (0.013, "share", True, "+1.3 pp"),
        (-2.0, "min", True, "-2.0 min"),
        (1.5, "person-h", False, "1.5 person-h"),
        (0.25, "per week", False, "0.25 a week"),
        (0.25, "km", False, "0.25"),
        (None, "min", False, "-"),
    ],
)
def test_a_value_is_said_with_its_unit_and_a_difference_of_shares_in_points(
    value, unit, sign, said
):
    assert say(value, unit, sign) == said


def test_small_rates_have_the_decimals_that_tell_their_bounds_apart():
    assert bounds(0.02, 0.04, "per week") == "[0.02, 0.04]"
    assert bounds(0.2, 3.4, "per week") == "[0.2, 3.4]"
    assert bounds(-0.02, 0.04, "share", sign=True) == "[-2.0, +4.0]"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (estimate(34.3, 33.0, 35.6), "34.3 min  [33.0, 35.6]"),
        (estimate(34.3), "34.3 min"),
        (estimate(None, note="never: too few are reached"), "never"),
        (estimate(None, note="nothing to measure"), "none"),
    ],
)
def test_a_percentile_that_is_never_reached_is_not_an_absent_one(row, said):
    assert with_interval(row) == said


def test_a_difference_has_its_verdict_below_and_none_is_blank():
    assert with_difference(None) == ""
    assert with_difference(difference(P90, None, None, None, verdict="worse")) == "never\nworse"
    assert with_difference(difference(P90, 1.0, None, None, verdict="")) == "+1.0 min"


def test_a_name_cannot_command_the_terminal():
    assert clean("today\x1b[2J\nعمل") == "today [2J عمل"


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0 %"), (0.0004, "under 0.1 %"), (0.99964, "over 99.9 %"), (0.995, "99.5 %")],
)
def test_no_share_is_rounded_to_nobody_or_everybody(share, said):
    assert percent(share) == said


def test_a_small_time_is_not_said_as_no_time():
    assert number(0.0, "min") == "0.0"
    assert number(0.013, "min") == "0.013"
    assert say_time(119.9) == "119.9 min"


def test_zero_has_no_sign():
    assert figure(-0.0001, "min", sign=True) == "0.0"
    assert figure(0.0001, "share", sign=True) == "0.0"


def test_limits_on_one_side_are_sizes_and_across_zero_have_signs():
    assert limits(-3.0, -1.0, "min") == "(1.0 to 3.0)"
    assert limits(-1.0, 3.0, "min") == "(-1.0 to +3.0)"
    assert limits(None, 3.0, "min") == "(no interval)"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (difference(P90, 2.0, 1.0, 3.0), "90 % reached 2.0 min later (1.0 to 3.0)"),
        (difference(P90, -2.0, -3.0, -1.0), "90 % reached 2.0 min sooner (1.0 to 3.0)"),
        (
            difference("not_reached", 0.02, 0.01, 0.03, "share"),
            "2 points more not reached within 8 h (1 to 3)",
        ),
        (
            difference("not_reached", -0.02, -0.03, -0.01, "share"),
            "2 points fewer not reached within 8 h (1 to 3)",
        ),
        (difference("share:x", 0.05, 0.04, 0.06, "share"), "x 5 points higher (4 to 6)"),
        (difference(P90, None, None, None, note="never under b"), "never under b"),
    ],
)
def test_a_difference_is_said_with_the_word_that_people_use_of_it(row, said):
    assert in_words(row, HOURS_8).endswith(said)


def test_what_is_open_lies_between_less_and_more_and_what_is_not_has_its_limits():
    open_ = between(difference(MEAN, -1.3, -3.2, 0.6), HOURS_8)
    clear = between(difference(MEAN, 1.3, 0.4, 2.2), HOURS_8)
    none = between(difference(MEAN, 1.3, None, None), HOURS_8)

    assert open_.endswith("between 3.2 min shorter and 0.6 longer")
    assert clear.endswith("1.3 min longer (0.4 to 2.2)")
    assert none.endswith(": no interval")


def test_a_second_look_is_told_with_what_was_tried_and_what_was_not_declared(tmp_path):
    looks = {"number": 1, "scenario": "coast", "tried": {}, "not_declared": []}
    assert looks_lines(looks, tmp_path / "run") == []

    looks |= {"number": 3, "tried": {"seed": 2, "margin": 2}, "not_declared": ["margin"]}
    assert looks_lines(looks, tmp_path / "run") == [
        f"This is look 3 at coast in {tmp_path}/: 2 seeds, 2 margins; not declared in the file "
        "beforehand: margin."
    ]


def test_what_rounds_to_zero_has_no_sign():
    assert say(-0.0004, "share", True) == "0.0 pp"
    assert say(-0.001, "per run", True).startswith("0.00")
    assert bounds(-0.0001, 0.0001, "share", True) == "[0.0, 0.0]"
    assert bounds(-0.02, 0.3, "min", True) == "[0.0, +0.3]"


@pytest.mark.parametrize("most", [9, 14, 22])
def test_names_cut_short_are_told_apart(most):
    names = ["summer crew at Al-Haffa", "summer crew at Lattakia", "today"]
    alike = [f"the same words {n} and the same end of it" for n in range(1, 4)]

    for given in (names, alike, [*names, *alike]):
        cut = told_apart(given, most)
        assert len({*cut}) == len(given)
        assert max(map(len, cut)) <= most
    assert told_apart(["today"], most) == ["today"]
