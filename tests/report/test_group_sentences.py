"""The answer on places and windows: harm in one is said whatever the whole says."""

from dataclasses import replace

import pytest

import sim
from sim.experiment.running.study_tables import Table
from sim.outcomes import GroupDifference
from sim.report.results_text.answer import answer
from sim.report.results_text.group_sentences import group_sentences, where_in_words
from sim.report.results_text.sentences import Facts, sentences

from ..worlds import file_of

# Nine of ten callouts are in the town, where `moved` puts the team; it leaves the village.
TEXT = """\
name: moved
clock: {start: 2025-01-06 00:00, length: 10 days, timezone: UTC}
map:
  places: {Town: {weight: 9}, Village: {weight: 1}}
  roads: {table: {Town: {Village: 20 min}, Village: {Town: 20 min}}}
demand:
  rate: 6 per day
  where: weight
  kinds: {job: {share: 100%, on_scene: 10 min}}
  surges: [{name: fair, place: Village, factor: 12, from: day 3 00:00, until: day 5 00:00}]
bases: {Town: {}, Village: {}}
teams: {T: {base: Village}}
dispatch_centre: {dispatch_while_returning: no}
policies:
  stayed: {}
  moved: {set: {teams.T.base: Town}}
targets: [{name: soon, within: 15 min}]
study: {replications: 12, by: [place, window]}
"""


@pytest.fixture(scope="module")
def moved():
    study = sim.run_study(sim.design_of([file_of(TEXT)]))
    return study, sim.tabulate(study)


def test_better_as_a_whole_and_worse_in_a_place_is_said_in_the_answer(moved):
    study, tables = moved
    facts = Facts(study, tables)

    first, second, *_ = sentences(facts)

    assert first.startswith("moved is better than stayed")
    assert second.startswith("In part, moved is worse: in Village, ")
    assert "soon" in second
    assert ", of all callouts " in second
    printed = " ".join(answer(study, tables))
    assert "In part, moved is worse: in Village" in printed
    village = {r.measure: r for r in tables.place_differences if r.group == "place:Village"}
    assert village["share:soon"].verdict == "worse"
    assert village["share:soon"].from_all < 0


def test_without_groups_asked_for_the_answer_says_nothing_of_them():
    plain = sim.run_study(sim.design_of([file_of(TEXT, {"study.by": []})]))

    assert not any("In part" in line for line in answer(plain, sim.tabulate(plain)))


def told(moved, *changes, names=("moved",)):
    """What is said where the restricted mean in the village is as in these rows."""
    study, tables = moved
    (row,) = (
        r for r in tables.place_differences
        if r.group == "place:Village" and r.measure == "response_restricted_mean"
    )  # fmt: skip
    rows = tuple(row._replace(**change) for change in changes)
    whole = [w._replace(alternative=n) for w in tables.verdicts.rows for n in names]
    made = replace(
        tables,
        place_differences=Table("places_differences", GroupDifference._fields, rows),
        window_differences=Table("windows_differences", GroupDifference._fields, ()),
        verdicts=replace(tables.verdicts, rows=tuple(whole)),
    )
    return list(group_sentences(made, study.samples[0].standards, names))


CLEAR = {"from_all": -9.0, "from_all_p": 0.001}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        # the whole is better: worse is always said, better never
        ({"verdict": "worse", "difference": 5.0}, "In part, moved is worse: in Village, "),
        ({"verdict": "better", "difference": -12.0, **CLEAR}, None),
        ({"verdict": "at a price", "difference": -12.0, **CLEAR}, None),
        ({"verdict": "too few to tell", "difference": 12.0}, None),
        ({"verdict": "inconclusive", "difference": 12.0}, None),
    ],
)
def test_worse_is_said_and_what_is_not_clear_is_not(moved, change, said):
    found = told(moved, change)

    assert [line.startswith(said or "") for line in found] == [True] * (said is not None)


def test_many_places_and_alternatives_are_counted_and_none_is_left_out(moved):
    places = [{"group": f"place:P{n}", "verdict": "worse", "difference": 5.0 + n} for n in range(4)]
    (one,) = told(moved, *places)
    assert "in P3, " in one
    assert "in P2, " in one
    assert one.endswith("; and in 2 more places or windows.")

    names = ("moved", "b", "c", "d", "e")
    each = [{"alternative": n, "verdict": "worse", "difference": 5.0} for n in names]
    *lines, last = told(moved, *each, names=names)
    assert len(lines) == 3
    assert last == "In part worse, too: d, e."


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("place:Jablah", "in Jablah"),
        ("window:closure M1 between A and B (2)", "during the closure of M1 between A and B (2)"),
        ("window:hospital closure H", "while H is closed"),
        ("window:hospital out of hours H", "outside the hours of H"),
        ("window:curfew 20:00-06:00", "during the curfew 20:00-06:00"),
        ("window:weather closure", "during the weather closure"),
        ("window:season feast, job", "in the season feast, job"),
        ("window:incident fire in A", "after the incident fire in A"),
    ],
)
def test_a_place_or_window_is_said_as_a_sentence_has_it(group, said):
    assert where_in_words(group) == said
