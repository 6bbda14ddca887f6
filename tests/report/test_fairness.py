"""The tables of areas and kinds."""

import io

from rich.console import Console

from sim.outcomes import FairnessRow
from sim.report.results_text.fairness_tables import fairness_tables

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


def areas(worst, own):
    """Rows of two areas: the baseline's worst, and what the other alternative does to it."""
    base = (31.2, 29.1, 34.4)
    return [
        row("today", "response_restricted_mean", "Bridge", base),
        row("today", "response_restricted_mean", "[red]Hill", (20.0, 19.0, 21.0)),
        row("today", "worst_area", "Bridge", base),
        row("today", "baseline_worst_area", "Bridge", base),
        row("cover", "worst_area", "Bridge", (33.3, 31.0, 36.0), *own),
        row("cover", "baseline_worst_area", "Bridge", (33.2, 31.0, 36.0), *worst),
    ]


LONGER = ((2.04, 1.0, 3.1), "worse")


def shares(baseline, own, verdict, group):
    return [
        row("today", SHARE, "fire", (baseline, 0.0, 0.1), by="kind"),
        row("today", f"worst_kind_{SHARE}", "fire", (baseline, 0.001, 0.1)),
        row("today", f"baseline_worst_kind_{SHARE}", "fire", (baseline, 0.001, 0.1)),
        row("cover", f"worst_kind_{SHARE}", group, (own, 0.1, 0.3), (0.17, 0.1, 0.2), verdict),
        row("cover", f"baseline_worst_kind_{SHARE}", "fire", (own, 0.1, 0.3), (0.17, 0.1, 0.2),
            verdict),
    ]  # fmt: skip


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
