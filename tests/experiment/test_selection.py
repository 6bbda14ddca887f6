"""Selections of simulated alternatives: by the numbers of a comparison, and behind the gate."""

import pytest

from sim.errors import ResultsError, UsageError
from sim.experiment import InProcess, Journal, Processes, Runner, design_of, run_study, tabulate
from sim.experiment.selection.estimating import Pooled
from sim.experiment.selection.selection_study import (
    EQUAL,
    KN,
    OCBA,
    SelectionGoal,
    run_selection,
    wanted_of,
)
from sim.outcomes.verdicts.gate import GATE_INCONCLUSIVE, Gate
from sim.scenario import find_scenario, read_scenario

STARVE = {
    "clock.length": "4 days",
    "policies": {"starve": {"dispatch": {"cutoff": {"reserve": {2: 9}}}}},
}
MEASURES = {"response_restricted_mean": 0.5, "response_p90": 1.0, "share:injury in 20 min": 0.01}


def design_with(overrides, policies=None):
    return design_of([read_scenario(find_scenario("first-steps"), overrides)], policies)


@pytest.fixture(scope="module")
def starving():
    """One that never serves a fire, next to two that serve everybody."""
    return design_with(STARVE)


@pytest.fixture(scope="module")
def staffed():
    """One to four teams at Harbour, the baseline having one."""
    vary = {"clock.length": "2 days", "study.vary": {"teams.Harbour.count": [1, 2, 4]}}
    return design_with(vary, ["today"])


class Watched:
    """Runs replications here, notes which, and stops like an interrupted command."""

    def __init__(self, design, stop_after=10**9):
        self.workers = InProcess(Runner(design.alternatives, design.seed))
        self.ran, self.stop_after = [], stop_after

    def run(self, tasks):
        for task, data in self.workers.run(tasks):
            if len(self.ran) == self.stop_after:
                raise KeyboardInterrupt
            self.ran.append(task)
            yield task, data


def same(one, other):
    return (one.record(), one.trace.rows, one.values.rows, one.confirmation.record()) == (
        other.record(), other.trace.rows, other.values.rows, other.confirmation.record()
    )  # fmt: skip


@pytest.mark.parametrize("measure", MEASURES)
def test_one_that_abandons_people_is_never_chosen_whatever_is_looked_at(measure, starving):
    """It is ahead on the target, for it has all teams free for the injured."""
    found = run_selection(starving, SelectionGoal(measure, KN, MEASURES[measure], "it"))
    rows = {row[1]: row for row in found.trace}

    assert found.best != "starve"
    assert rows["starve"][0] == rows["starve"][6] == 20
    assert rows["starve"][7:] == ("failed", "abandons fire: not a candidate")
    assert all("after" in rows[n][8] or n == found.best for n in rows if n != "starve")


@pytest.mark.parametrize("method", [EQUAL, OCBA])
def test_nor_is_it_for_a_budget(method, starving):
    wanted = SelectionGoal("share:injury in 20 min", method, 0.0, "", budget=36)

    found = run_selection(starving, wanted)
    rows = {row[1]: row for row in found.trace}

    assert found.best != "starve"
    assert max(rows, key=lambda name: rows[name][2]) == "starve"
    assert rows["starve"][8] == "abandons fire: not a candidate"
    assert "starve" not in found.near


@pytest.mark.parametrize("measure", MEASURES)
def test_the_last_line_is_what_a_comparison_of_the_same_replications_has(measure, starving):
    wanted = SelectionGoal(measure, KN, MEASURES[measure], "it", batch=1)

    found = run_selection(starving, wanted)

    for ended, name, *estimate in (row[:5] for row in found.trace):
        compared = design_with({**STARVE, "study.replications": ended})
        summary = tabulate(run_study(compared)).summary
        (row,) = summary.where(alternative=name, measure=measure, group="all")
        assert estimate == list(row[3:6])


def test_the_values_are_those_after_each_replication(staffed):
    found = run_selection(staffed, SelectionGoal("response_p90", KN, 1.0, "1 min", batch=1))

    (last,) = [row for row in found.trace if row[1] == found.best]
    at_end = {row[:2]: row[2] for row in found.values}[last[:2]]
    assert at_end == pytest.approx(last[2], rel=1e-11)
    assert {row[0] for row in found.values if row[1] == found.best} == {*range(1, last[0] + 1)}


@pytest.mark.parametrize(
    "method", [KN, *(pytest.param(method, marks=pytest.mark.long) for method in (EQUAL, OCBA))]
)
def test_processes_and_interruptions_change_no_choice(method, staffed, tmp_path):
    wanted = SelectionGoal("response_restricted_mean", method, 0.5, "30 s", batch=1, budget=45)
    whole = run_selection(staffed, wanted)
    with Processes(staffed.alternatives, staffed.seed, 2) as workers:
        assert same(run_selection(staffed, wanted, workers=workers), whole)

    stops = [Watched(staffed, after) for after in (4, 8, 12, 7)]
    for stop in stops:  # the last ones while it is confirmed
        with pytest.raises(KeyboardInterrupt), Journal(tmp_path / "out", "key") as journal:
            run_selection(staffed, wanted, workers=stop, journal=journal)
    with Journal(tmp_path / "out", "key") as journal:
        rest = Watched(staffed)
        assert same(run_selection(staffed, wanted, workers=rest, journal=journal), whole)
        journal.done()
    ran = [task for each in (*stops, rest) for task in each.ran]
    assert len(ran) == len(set(ran))


def test_the_winner_is_confirmed_on_replications_that_nobody_had(staffed):
    workers = Watched(staffed)

    found = run_selection(
        staffed, SelectionGoal("response_p90", EQUAL, 0.0, "", budget=30), workers=workers
    )
    fresh = found.confirmation

    assert found.best != "count=1"
    assert (fresh.best, fresh.baseline, fresh.by) == (found.best, "count=1", "response_p90")
    assert fresh.numbers == tuple(range(10, 40))
    assert [t.alternatives for t in workers.ran[10:]] == [("count=1", found.best)] * 30
    assert fresh.row("response_p90").replications == 30
    (chosen,) = [row[2] for row in found.trace if row[1] == found.best]
    (before,) = [row[2] for row in found.trace if row[1] == "count=1"]
    assert fresh.chosen["response_p90"] == pytest.approx(chosen - before)


def test_a_measure_that_is_not_primary_is_confirmed_as_well(staffed):
    wanted = SelectionGoal("response_median", EQUAL, 0.0, "", budget=30)

    fresh = run_selection(staffed, wanted).confirmation

    assert fresh.row("response_median").family == "exploratory"
    assert fresh.rows[-1][2] == "response_median"
    assert None not in fresh.rows[-1][6:15]


def test_where_the_baseline_is_the_best_nothing_is_run_again():
    design = design_with(
        {"clock.length": "4 days", "study.vary": {"teams.Harbour.count": [4, 1]}}, ["today"]
    )
    workers = Watched(design)

    found = run_selection(
        design, SelectionGoal("not_reached", EQUAL, 0.0, "", budget=20), workers=workers
    )

    assert (found.best, found.confirmation, found.gate) == ("count=4", None, None)
    assert len(workers.ran) == 10


def test_where_it_is_not_settled_that_as_many_are_reached_nothing_is_promised(staffed, monkeypatch):
    def gates(self, names, replications):
        return {name: Gate(GATE_INCONCLUSIVE) for name in names[1:]}

    monkeypatch.setattr(Pooled, "gates", gates)
    found = run_selection(staffed, SelectionGoal("response_restricted_mean", KN, 5.0, "5 min"))

    assert found.best != "count=1"
    assert found.guarantee == (
        f"Nothing is promised: it is not shown whether as many are reached under {found.best} "
        "as under count=1."
    )
    assert [row[7:] for row in found.trace if row[1] == found.best] == [("inconclusive", "best")]


class Loses:
    """Runs replications here, but loses one for good."""

    def __init__(self, design, number):
        self.workers, self.number = InProcess(Runner(design.alternatives, design.seed)), number

    def run(self, tasks):
        for task, data in self.workers.run(tasks):
            yield task, None if task.number == self.number else data


@pytest.mark.parametrize(("number", "words"), [(3, "cannot be made"), (15, "cannot be confirmed")])
def test_a_choice_without_a_replication_is_not_made_nor_confirmed(number, words, staffed):
    wanted = SelectionGoal("response_p90", EQUAL, 0.0, "", budget=30)

    with pytest.raises(ResultsError, match=f"replication {number} ended .* {words}"):
        run_selection(staffed, wanted, workers=Loses(staffed, number))


@pytest.mark.parametrize("measure", ["attendance_p90", "survival", "exposure"])
def test_what_is_not_measured_in_the_scenario_is_no_measure_to_choose_by(measure, staffed):
    with pytest.raises(UsageError, match=f"{measure} is not measured in this scenario"):
        run_selection(staffed, SelectionGoal(measure, EQUAL, 0.0, "", budget=30))


def test_a_target_without_callouts_is_told_as_such():
    text = {"clock.length": "1 h", "demand.rate": "0.01 per day"}
    design = design_with(text)

    with pytest.raises(UsageError, match="has any callout to measure share:injury in 20 min by"):
        run_selection(design, SelectionGoal("share:injury in 20 min", KN, 0.01, "1 pp"))


@pytest.mark.parametrize(
    "record",
    [
        None,
        [],
        {},
        {"by": "response_p90"},
        {"measure": "speed", "method": KN, "delta": 1, "said": ""},
        {"measure": 3, "method": KN, "delta": 1, "said": ""},
    ],
)
def test_a_selection_that_is_damaged_or_of_another_measure_is_not_run_again(record):
    with pytest.raises(ResultsError, match="damaged, or was made by a measure"):
        wanted_of(record)
