"""Coverage and error rates are counted right, and the benchmark can fail."""

import csv
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from sim.cli import run
from sim.cli.check_commands.coverage_command import report, run_part
from sim.cli.check_commands.coverage_command import rows_of as counted
from sim.cli.check_commands.verdict_page import as_page
from sim.experiment.counting import (
    ABOVE,
    ANY_CLEAR,
    BELOW,
    BETTER,
    BY_T,
    COVERED,
    NAMED,
    NO_INTERVAL,
    SAME,
    VALUE,
    facts,
    skewness,
)
from sim.experiment.coverage import (
    QUEUE,
    REFUSAL,
    RING,
    CountedShare,
    StudyBlock,
    breaks,
    broken,
    count,
    drawn_from,
    found_in,
    parts,
)
from sim.experiment.running.blocks import in_blocks
from sim.outcomes.inference import student

from .pooled import samples_of

ROOT = Path(__file__).parents[2]
RM, DIFFERENCE = "response_restricted_mean", "difference:response_restricted_mean"
HARD = next(part for part in parts(True) if part.said == "demand.rate=4.4 per hour")


def row(value, studies=1000, **more):
    defaults = {
        "scenario": QUEUE, "settings": "", "seed": 1, "pool": 100, "alternative": "a",
        "measure": RM, "what": COVERED, "replications": 30,
    }  # fmt: skip
    return CountedShare(**{**defaults, **more}, studies=studies, value=value)


@pytest.mark.parametrize(
    ("found", "beyond"),
    [
        (row(0.935), False),
        (row(0.915), False),  # 3 sd of a share of 93.5 % in 1,000 studies are 2.3 points
        (row(0.911), True),
        (row(0.911, studies=300), False),
        (row(0.911, replications=10), False),
        (row(0.899, replications=10), True),
        (row(0.058, what=ABOVE), False),
        (row(0.06, what=ABOVE), True),
        (row(0.06, what=BELOW), True),
        (row(0.06, what=BELOW, measure=DIFFERENCE), True),
        (row(0.5, measure="response_mean_reached"), False),
        (row(0.6, what=COVERED + BY_T), False),
        (row(0.08, scenario=RING, measure="", what=ANY_CLEAR), False),
        (row(0.09, scenario=RING, measure="", what=ANY_CLEAR), True),
        (row(0.001, scenario=REFUSAL, alternative="starve", measure="", what=BETTER), True),
        (row(0.0, scenario=REFUSAL, alternative="starve", measure="", what=BETTER), False),
        (row(0.9, scenario=REFUSAL, alternative="first come", measure="", what=BETTER), False),
        (row(0.9, scenario=REFUSAL, alternative="nohill", measure="", what=NAMED), True),
    ],
)
def test_a_bound_is_broken_where_chance_does_not_explain_it(found, beyond):
    assert breaks(found) is beyond
    assert bool(list(broken([found]))) is beyond


def test_what_is_beyond_its_bound_is_told_with_its_numbers(capsys):
    assert report([row(0.5), row(0.95)]) == 1
    assert capsys.readouterr().err == (
        "rescuesim: exceeds its bound by more than chance: coverage-queue (a, "
        "response_restricted_mean): covered: 50.0% of 1000 studies of 30, at least 93.5%\n"
    )
    assert report([row(0.95)]) == 0


@pytest.fixture(scope="module")
def drawn():
    """A pool of few short weeks: enough to count in."""
    samples = samples_of(QUEUE, {"clock.length": "2 days", "study.replications": "15"})
    return drawn_from(replace(HARD, pool=15, studies=12), samples, 7)


def by_key(rows):
    return {row[4:8]: row for row in rows}


def test_blocks_add_up_whatever_they_are_and_wherever_they_are_counted(drawn):
    """The same numbers for any number of processes."""
    blocks = [StudyBlock(10, range(a, b)) for a, b in pairwise((0, 1, 5, 12))]
    whole = found_in(drawn, [count(drawn, StudyBlock(10, range(12)))])
    here = found_in(drawn, in_blocks(count, drawn, blocks, 1))
    there = found_in(drawn, in_blocks(count, drawn, blocks[::-1], 2))

    assert here == there
    assert [row[:-1] for row in here] == [row[:-1] for row in whole]
    assert [row.value for row in here] == pytest.approx([row.value for row in whole])


def test_every_study_is_counted_once(drawn):
    assert [(b.replications, *b.numbers) for b in drawn.part.blocks()] == [
        (size, *range(first, min(first + 5, 12))) for size in (30, 10) for first in (0, 5, 10)
    ]


def test_an_interval_holds_the_truth_or_lies_below_or_above_it(drawn):
    found = by_key(found_in(drawn, [count(drawn, StudyBlock(10, range(12)))]))
    held = [key for key in found if key[2] == COVERED]

    assert len(held) > 10
    for name, measure, _, size in held:
        covered, above, below = (found[name, measure, w, size] for w in (COVERED, ABOVE, BELOW))
        assert covered.value + above.value + below.value == pytest.approx(1)
        assert covered.studies == above.studies == below.studies
        none = found[name, measure, NO_INTERVAL, size]
        same = found.get((name, measure, SAME, size))
        left = round(none.studies * (1 - none.value))
        assert covered.studies == left
        assert none.studies == (12 if same is None else round(12 * (1 - same.value)))


def test_the_truth_is_the_value_of_the_pool(drawn):
    """Value and difference, as the product has them of all replications together."""
    found = dict(facts(drawn.pool.samples))
    first, second = drawn.pool.samples[:2]

    assert drawn.truth[second.name, DIFFERENCE] == pytest.approx(
        found[second.name, RM, VALUE] - found[first.name, RM, VALUE]
    )


def test_skewness_is_that_of_three_to_one():
    """-1, -1, -1, 3: squares 12 / 4 = 3, cubes 24 / 4 = 6, and 6 / 3^1.5."""
    assert skewness(np.array([-1.0, -1, -1, 3])) == pytest.approx(6 / 3**1.5)
    assert skewness(np.zeros(4)) == 0


def by_t_alone(found, level=0.95):
    half = student.two_sided(level, found.replications - 1) * found.standard_error()
    return found.value - half, found.value + half


@pytest.mark.long
def test_the_small_form_keeps_its_bounds(tmp_path):
    """Coverage, tails, family-wise error, false harm and refusals: the sheet's promises."""
    assert run(["coverage", "--quick", "-q", "-o", str(tmp_path)]) == 0

    rows = rows_of(tmp_path)
    assert (tmp_path / "verdicts.md").read_text(encoding="utf-8") == as_page(rows)
    assert {row.scenario for row in rows} == {QUEUE, RING, REFUSAL}


@pytest.mark.long
def test_with_students_t_in_place_of_the_envelope_the_small_form_fails(monkeypatch):
    """Else it would be no test: weeks at a load of 0.88 are skewed, and t is too short there."""
    drawn = run_part(replace(HARD, sizes=(10,)), None, True)
    kept = counted(drawn, 1)
    monkeypatch.setattr("sim.outcomes.inference.intervals.envelope", by_t_alone)
    by_t = counted(drawn, 1)

    assert not list(broken(kept))
    assert any(RM in complaint and ABOVE in complaint for complaint in broken(by_t))


def rows_of(folder):
    """Return the rows of a table of verdicts, numbers as numbers."""
    kinds = {"seed": int, "pool": int, "replications": int, "studies": int, "value": float}
    with (folder / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        return [
            CountedShare(**{name: kinds.get(name, str)(cell) for name, cell in row.items()})
            for row in csv.DictReader(file)
        ]


def test_the_page_is_what_the_code_writes_of_the_table_beside_it():
    """A page edited by hand would be nobody's result."""
    rows = rows_of(ROOT / "docs")

    assert (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8") == as_page(rows)
    assert not list(broken(rows))
