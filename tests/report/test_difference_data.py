"""What stands in a figure of differences where there is no number, and beside its title."""

from math import isnan

import pytest

from sim.outcomes import Comparison, Gate, Harm, Judgement
from sim.report.figure_input.difference_data import _row as drawn
from sim.report.figure_input.difference_data import _said as judged

MEAN = "response_restricted_mean"


def row(difference, low, high, verdict="", note="", measure=MEAN):
    return Comparison(
        "b", measure, "all", difference, low, high, "min", "primary", verdict, 0.1, 0.1, None,
        0.75, 4.0, 30, None, note,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (None, "no callouts"),
        (row(None, None, None, "worse", "never under b"), "never under b: worse"),
        (row(None, None, None, "inconclusive", "never under either"), "never under either"),
    ],
)
def test_where_there_is_no_difference_a_word_stands_in_its_place(found, told):
    shown = drawn("fire", found)

    assert isnan(shown.difference)
    assert shown.told == told


def test_a_difference_without_an_interval_is_a_point_that_says_so():
    shown = drawn("fire", row(2.0, None, None))

    assert (shown.difference, shown.told) == (2.0, "no interval")
    assert isnan(shown.low)
    assert drawn("fire", row(0.0, None, None, "identical")).told == "identical"


def harm(name):
    return Harm("b", "kind", name, 100, 1.0, 0.0, 0.9, 1.0, 1e-9, True, False, 474.0, 20.0)


WORSE = row(2.0, 1.0, 4.0, "worse", measure="response_p90")
BETTER = row(-2.0, -4.0, -1.0, "better")
SENTENCES = {
    "abandoned": (
        Judgement("b", "worse", Gate("failed", (harm("fire"), harm("flood"), harm("fall"))), ()),
        "worse: abandons fire, flood and 1 more",
    ),
    "fewer reached": (
        Judgement("b", "worse", Gate("failed"), ()),
        "worse: more callouts are not reached",
    ),
    "worse": (Judgement("b", "worse", Gate("open"), (WORSE,)), "worse: 90th percentile"),
    "mixed": (
        Judgement("b", "mixed", Gate("open"), (WORSE, BETTER)), "mixed: worse in 90th percentile"
    ),
    "not shown": (
        Judgement("b", "inconclusive", Gate("inconclusive"), (BETTER,)),
        "inconclusive: not shown that as many are reached",
    ),
    "better": (
        Judgement("b", "better", Gate("open"), (BETTER,)), "better, and as many are reached"
    ),
    "too few": (
        Judgement("b", "no verdict", Gate("no verdict"), ()),
        "no verdict: fewer than ten replications",
    ),
    "open": (Judgement("b", "inconclusive", Gate("open"), ()), "inconclusive"),
}  # fmt: skip


@pytest.mark.parametrize("case", SENTENCES)
def test_a_verdict_stands_with_what_it_rests_on(case):
    judgement, said = SENTENCES[case]

    assert judged(judgement) == (judgement.verdict, said)


def test_what_was_not_judged_has_no_verdict():
    assert judged(None) == ("", "")
