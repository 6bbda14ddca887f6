"""What is said of the worst, and the tables of areas and kinds."""

import io

import pytest
from rich.console import Console

from sim.outcomes import FairnessRow
from sim.report.fairness_tables import fairness_tables, worst_sentence

SHARE = "not_reached"


def row(alternative, measure, group, estimate, difference=(None, None, None), verdict="", **more):
    value, low, high = estimate
    by = "kind" if "kind" in measure else "area"
    shares = measure.endswith(SHARE)
    unit = "" if measure.startswith("gini") else "share" if shares else "min"
    return FairnessRow(
        alternative, measure, more.get("by", by), group, value, low, high, *difference, unit,
        "exploratory", verdict, None, None, None, 12, more.get("note", ""),
    )  # fmt: skip


def areas(worst, own, group="Bridge", own_group=None):
    """Rows of two areas: the baseline's worst, and what the other alternative does to it."""
    base = (31.2, 29.1, 34.4)
    return [
        row("today", "response_restricted_mean", "Bridge", base),
        row("today", "response_restricted_mean", "[red]Hill", (20.0, 19.0, 21.0)),
        row("today", "worst_area", group, base),
        row("today", "baseline_worst_area", "Bridge", base),
        row("cover", "worst_area", own_group or group, (33.3, 31.0, 36.0), *own),
        row("cover", "baseline_worst_area", "Bridge", (33.2, 31.0, 36.0), *worst),
    ]


LONGER = ((2.04, 1.0, 3.1), "worse")
SHORTER = ((-12.4, -14.0, -9.0), "better")


@pytest.mark.parametrize(
    ("worst", "said"),
    [
        (LONGER, "cover makes it 2.0 min longer"),
        (SHORTER, "cover makes it 12 min shorter"),
        (((-3.0, -4.0, -2.0), "at a price"), "cover makes it 3.0 min shorter"),
        (((0.0, 0.0, 0.0), "identical"), "cover changes nothing there"),
        (((0.11, -0.21, 0.43), "no material difference"), "cover changes it by at most 0.5 min"),
        (((1.0, -1.1, 3.1), "inconclusive"),
         "under cover it is between 1.1 min shorter and 3.1 min longer"),
        (((1.0, 0.1, 1.9), "inconclusive"), "under cover it may be 1.0 min longer"),
    ],
)  # fmt: skip
def test_the_longest_wait_is_named_with_what_the_other_makes_of_it(worst, said):
    sentence = worst_sentence(areas(worst, LONGER), ["today", "cover"])

    assert sentence == f"Longest wait: Bridge, 31 min (29 to 34) under today; {said}."


def test_where_another_becomes_the_worst_it_is_named():
    rows = areas(SHORTER, SHORTER, own_group="[red]Hill")

    assert worst_sentence(rows, ["today", "cover"]).endswith(
        "cover makes it 12 min shorter, and [red]Hill is then the worst, 33 min."
    )


def test_where_none_stands_out_none_is_named():
    rows = areas(SHORTER, LONGER, group="no area stands out")

    assert worst_sentence(rows, ["today", "cover"]) == (
        "No area stands out under today: the worst has 31 min (29 to 34); "
        "cover makes the worst 2.0 min longer."
    )


def test_without_a_verdict_only_the_numbers_are_told():
    rows = areas(((2.0, None, None), "no verdict"), ((2.0, None, None), "no verdict"))
    rows[2] = rows[2]._replace(low=None, high=None)

    assert worst_sentence(rows, ["today", "cover"]) == "Longest wait: Bridge, 31 min under today."


def test_of_one_area_there_is_no_sentence():
    assert worst_sentence([], ["today", "cover"]) == ""


def shares(baseline, own, verdict, group):
    return [
        row("today", SHARE, "fire", (baseline, 0.0, 0.1), by="kind"),
        row("today", f"worst_kind_{SHARE}", "fire", (baseline, 0.001, 0.1)),
        row("today", f"baseline_worst_kind_{SHARE}", "fire", (baseline, 0.001, 0.1)),
        row("cover", f"worst_kind_{SHARE}", group, (own, 0.1, 0.3), (0.17, 0.1, 0.2), verdict),
        row("cover", f"baseline_worst_kind_{SHARE}", "fire", (own, 0.1, 0.3), (0.17, 0.1, 0.2),
            verdict),
    ]  # fmt: skip


def test_shares_are_told_in_points():
    said = worst_sentence(shares(0.03, 0.2, "worse", "fire"), ["today", "cover"], "kind", SHARE)

    assert said == (
        "Most often not reached: fire, 3.0 % (0.1 to 10.0) under today; "
        "cover makes it 17.0 points more."
    )


@pytest.mark.parametrize(
    ("group", "whom"), [("fire", "fire"), ("no kind stands out", "the worst kind")]
)
def test_whom_an_alternative_leaves_out_is_told_where_everybody_was_reached(group, whom):
    said = worst_sentence(shares(0.0, 0.2, "worse", group), ["today", "cover"], "kind", SHARE)

    assert said == (f"Everybody is reached under today; cover leaves 20.0 % of {whom} not reached.")


def test_where_everybody_is_reached_by_all_there_is_nothing_to_say():
    rows = shares(0.0, 0.0, "identical", "no kind stands out")

    assert worst_sentence(rows, ["today", "cover"], "kind", SHARE) == ""


def text_of(tables):
    console = Console(file=io.StringIO(), width=110, markup=False)
    for table in tables:
        console.print(table)
    return console.file.getvalue()


def test_tables_say_who_is_worst_and_what_became_of_it():
    rows = [
        *areas(LONGER, LONGER),
        row("today", "gini_area", "", (0.25, 0.2, 0.3)),
        row("cover", "gini_area", "", (0.21, 0.1, 0.3), (-0.04, -0.06, -0.02)),
    ]

    lines = text_of(fairness_tables(rows, ["today", "cover"])).splitlines()

    assert lines[0].strip() == "Response time by area, restricted mean"
    (own,) = [line for line in lines if "+2.0 min" in line and "worst under" not in line][:1]
    assert "Bridge, worse" in own
    assert any("0.250  [0.200, 0.300]" in line for line in lines)
    assert any("-0.040  [-0.060, -0.020]" in line for line in lines)
    assert lines[-1] == "All callouts are of one kind: there is nothing to compare by kind."


def test_where_everybody_is_reached_a_line_says_so():
    text = text_of(fairness_tables(shares(0.0, 0.0, "identical", ""), ["today", "cover"]))

    assert "Everybody is reached in every kind." in text
