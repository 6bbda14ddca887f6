"""The answer stands on one screen, aligned, with every number in the unit that it says."""

from __future__ import annotations

import pytest

import sim
from sim.report.results_text.answer import MOST_GROUPS, MOST_LINES, answer

POLICIES = {
    "policies.starve": {"dispatch": {"cutoff": {"reserve": {2: 9}}}},
    "policies.a name so long that no table has room for it": {"queue": "first_come"},
}


@pytest.fixture(scope="module")
def scenario():
    return sim.load("first-steps", {"clock.length": "7 days", **POLICIES})


def compared(scenario, *policies, replications=10):
    return sim.compare(scenario, policies=list(policies), replications=replications)


@pytest.mark.parametrize("width", [72, 80, 120])
@pytest.mark.parametrize(
    "policies",
    [("today",), ("today", "reserve"), ("today", "starve"),
     ("today", "a name so long that no table has room for it"),
     ("today", "reserve", "starve", "a name so long that no table has room for it")],
)  # fmt: skip
def test_it_fits_the_screen(scenario, policies, width):
    found = compared(scenario, *policies)

    lines = answer(found.study, found.tables, width)

    assert max(map(len, lines)) <= width
    assert len(lines) <= (MOST_LINES if width >= 80 else 32)
    assert not any("nan" in line or "None" in line for line in lines)


def test_below_eighty_columns_intervals_go_before_numbers_wrap(scenario):
    found = compared(scenario, "today", "reserve")

    wide, plain, narrow = (answer(found.study, found.tables, width) for width in (120, 80, 48))

    def mean(lines):
        return next(line for line in lines if line.startswith("restricted mean"))

    assert [mean(lines).count("[") for lines in (wide, plain, narrow)] == [4, 2, 1]
    assert mean(narrow).split()[-1] in ("worse", "inconclusive")


def test_several_alternatives_have_a_line_each_best_first_and_who_abandons_last(scenario):
    found = compared(scenario, "today", "starve", "reserve")

    lines = answer(found.study, found.tables)
    first = next(n for n, line in enumerate(lines) if "not reached  restr. mean" in line)
    names = [line.split()[0] for line in lines[first + 2 : first + 5]]

    assert names[-1] == "starve"
    assert set(names) == {"today", "starve", "reserve"}


def test_at_most_five_groups_are_told_and_only_those_that_clearly_change(scenario):
    found = compared(scenario, "today", "starve")

    lines = answer(found.study, found.tables)
    groups = lines[
        1 + next(n for n, line in enumerate(lines) if line.startswith("Largest changes")) :
    ]

    assert 0 < len(groups) <= MOST_GROUPS
    assert all(line.rsplit("  ", 1)[1] in ("better", "worse", "at a price") for line in groups)


def test_below_ten_replications_no_row_has_a_verdict(scenario):
    found = compared(scenario, "today", "starve", replications=4)

    text = "\n".join(answer(found.study, found.tables))

    assert "With 4 replications there is no verdict" in text
    assert "worse" not in text
