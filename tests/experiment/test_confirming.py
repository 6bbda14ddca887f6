"""Fresh draws for the best of several: replications that were not used to choose it."""

import json
from dataclasses import replace

import pytest

import sim
from sim.errors import ResultsError
from sim.experiment import (
    InProcess,
    Journal,
    Processes,
    Runner,
    design_of,
    put,
    read_results,
    run_study,
    tabulate,
    write_manifest,
    write_study,
)
from sim.experiment.results.reproduce import run_again
from sim.experiment.running.confirming import ConfirmationRow, confirmation_of
from sim.report.results_text.confirmation_text import confirmation_lines
from sim.scenario import find_scenario, read_scenario

SHORT = {"clock.length": "2 days", "study.replications": 12}


def design_with(counts=(2, 3, 4), policies=("today",), **overrides):
    values = {**SHORT, "study.vary": {"teams.Harbour.count": list(counts)}, **overrides}
    return design_of([read_scenario(find_scenario("first-steps"), values)], policies)


@pytest.fixture(scope="module")
def design():
    """Three alternatives, of which the baseline has the fewest teams."""
    return design_with()


@pytest.fixture(scope="module")
def study(design):
    """The study with fresh replications."""
    return run_study(design, fresh=True)


class Watched:
    """Runs replications here, notes which, stops like an interrupted command, and loses some."""

    def __init__(self, design, stop_after=10**9, loses=()):
        self.workers = InProcess(Runner(design.alternatives, design.seed))
        self.ran, self.stop_after, self.loses = [], stop_after, loses

    def run(self, tasks):
        for task, data in self.workers.run(tasks):
            if len(self.ran) == self.stop_after:
                raise KeyboardInterrupt
            self.ran.append(task)
            yield task, None if task.number in self.loses else data


def test_the_best_of_three_is_run_again_with_the_baseline_on_fresh_numbers(design):
    workers = Watched(design)

    study = run_study(design, workers=workers, fresh=True)
    found = study.confirmation

    assert (found.baseline, found.by) == ("count=2", "response_restricted_mean")
    assert found.numbers == tuple(range(12, 24))
    assert [t.alternatives for t in workers.ran] == [design.names] * 12 + [
        ("count=2", found.best)
    ] * 12
    assert study.numbers == tuple(range(12))


def test_the_best_is_the_one_with_the_least_restricted_mean(study):
    rows = study.confirmation.chosen
    means = {
        row[0]: row[3]
        for row in tabulate(study).summary.where(measure="response_restricted_mean", group="all")
    }

    best = study.confirmation.best
    assert best == min(means, key=means.__getitem__)
    assert rows["response_restricted_mean"] == pytest.approx(means[best] - means["count=2"])


def test_what_is_said_is_what_a_comparison_of_the_fresh_replications_has(study):
    """A study of 24 replications has the 12 fresh ones at its end."""
    found = study.confirmation
    longer = run_study(design_with((2, int(found.best[-1])), **{"study.replications": 24}))
    values = tabulate(longer).replications.where(group="all", measure="share:injury in 20 min")
    fresh = [row for row in values if row[1] >= 12]

    own, theirs = ([row[4] for row in fresh if row[0] == n] for n in (found.best, "count=2"))
    row = dict(zip(ConfirmationRow._fields, found.rows[-1], strict=True))
    assert row["measure"] == "share:injury in 20 min"
    assert min(own) <= row["value"] <= max(own)
    assert min(theirs) <= row["baseline_value"] <= max(theirs)
    assert row["difference"] == pytest.approx(row["value"] - row["baseline_value"])
    assert row["replications"] == len(own) == len(theirs) == 12


def test_it_may_be_a_measure_for_each_primary_row(study):
    assert [row[2] for row in study.confirmation.rows] == [
        "not_reached", "response_restricted_mean", "response_p90", "share:injury in 20 min",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"counts": (2, 4)}, "two are no several"),
        ({"counts": (4, 1, 2)}, "the baseline is the best"),
        ({"study.replications": 9}, "nothing is concluded from nine"),
    ],
)
def test_otherwise_nothing_is_run_again(more, why):
    design = design_with(**more)
    workers = Watched(design)

    assert run_study(design, workers=workers, fresh=True).confirmation is None, why
    assert len(workers.ran) == design.plan.at_most


def test_a_study_that_is_not_asked_to_runs_nothing_again(design):
    assert run_study(design).confirmation is None


def test_one_that_abandons_people_is_not_confirmed_as_best():
    """In a saturated region, and up to an hour, all are reached sooner for it on average."""
    overrides = {
        "policies": {"starve": {"dispatch": {"cutoff": {"reserve": {2: 9}}}}},
        "study.horizon": "1 h",
        "clock.length": "5 days",
        "demand.rate": "44 per day",
    }
    file = read_scenario(find_scenario("first-steps"), {**SHORT, **overrides})
    design = design_of([file])

    study = run_study(design, fresh=True)
    means = {
        row[0]: row[3]
        for row in tabulate(study).summary.where(measure="response_restricted_mean", group="all")
    }

    assert min(means, key=means.__getitem__) == "starve"
    assert study.confirmation is None or study.confirmation.best != "starve"


def test_until_it_is_precise_the_numbers_after_the_last_look_are_fresh():
    until = {
        "study.replications": {
            "at_least": 10, "at_most": 60, "until": {"response_restricted_mean": "15%"},
        }
    }  # fmt: skip
    design = design_with(**until)

    study = run_study(design, fresh=True)
    used = study.replications

    assert used < 60
    assert study.confirmation.numbers == tuple(range(used, 2 * used))


def write(study, place, journal):
    tables = tabulate(study)
    work = journal.folder / "whole"
    write_study(work, study, tables, journal)
    write_manifest(work, study, "compare", {})
    put(work, place)
    journal.done()


def test_processes_and_interruptions_change_no_byte(design, study, tmp_path):
    for place in ("whole", "broken"):
        with Journal(tmp_path / place, "key") as journal:
            if place == "whole":
                with Processes(design.alternatives, design.seed, 2) as workers:
                    found = run_study(design, workers=workers, journal=journal, fresh=True)
                write(found, tmp_path / place, journal)
    ran = []
    for after in (5, 9, 4, 100):  # the third while it is confirmed
        workers = Watched(design, after)
        try:
            with Journal(tmp_path / "broken", "key") as journal:
                found = run_study(design, workers=workers, journal=journal, fresh=True)
                write(found, tmp_path / "broken", journal)
        except KeyboardInterrupt:
            assert after < 100
        ran += workers.ran

    outputs = [
        json.loads((tmp_path / place / "manifest.json").read_text())["outputs"]
        for place in ("whole", "broken")
    ]
    assert outputs[0] == outputs[1]
    assert "confirmation.csv" in outputs[0]
    assert found.confirmation == study.confirmation
    assert len(ran) == len(set(ran)) == 24


def test_progress_counts_the_fresh_replications_too(design):
    told = []

    run_study(design, on_progress=told.append, fresh=True)

    assert [p.done for p in told] == [*range(25)]
    assert [told[-1].wanted, told[5].wanted] == [24, 12]


def test_a_result_read_back_and_run_again_has_it_too(study, tmp_path):
    with Journal(tmp_path / "out", "key") as journal:
        bare = replace(study, design=replace(study.design, logged=0))
        write(bare, tmp_path / "out", journal)

    assert read_results(tmp_path / "out").study.confirmation == study.confirmation
    again = run_again(tmp_path / "out", lambda design, runner: InProcess(runner))
    assert again.identical, again.difference
    assert "confirmation.csv" in again.compared

    path = tmp_path / "out/manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for damaged in ({}, [], {**manifest["confirmation"], "gate": 3}):
        path.write_text(json.dumps({**manifest, "confirmation": damaged}), encoding="utf-8")
        with pytest.raises(ResultsError, match="fresh replications is damaged"):
            read_results(tmp_path / "out")


def test_it_goes_through_json_and_back(study):
    record = json.loads(json.dumps(study.confirmation.record()))

    assert confirmation_of(record) == study.confirmation


@pytest.mark.parametrize("lost", [(13,), (2, 14, 15)])
def test_fresh_replications_set_aside_make_the_result_partial(lost, design):
    study = run_study(design, workers=Watched(design, loses=lost), fresh=True)

    assert study.failed_replications == lost
    assert study.confirmation.failed_replications == tuple(n for n in lost if n >= 12)
    assert len(study.confirmation.numbers) == 12 - len(study.confirmation.failed_replications)
    assert (
        ", ".join(map(str, study.confirmation.failed_replications)) in confirmation_lines(study)[-1]
    )


def test_where_all_are_set_aside_there_is_no_confirmation(design):
    study = run_study(design, workers=Watched(design, loses=range(12, 24)), fresh=True)

    assert (study.confirmation, study.failed_replications) == (None, tuple(range(12, 24)))
    assert confirmation_lines(study) == []


def test_the_sentence_has_how_many_who_and_what_it_was_when_chosen(study):
    first, second = confirmation_lines(study)
    best = study.confirmation.best

    assert first.startswith("On 12 fresh replications, not used to choose: ")
    assert best in first
    assert "count=2" in first
    assert second.startswith("Response time, restricted mean: ")
    assert "; when it was chosen: " in second


def test_it_is_there_in_python_as_well(study):
    scenario = sim.load("first-steps", {**SHORT, "study.vary": {"teams.Harbour.count": [2, 3, 4]}})

    found = sim.compare(scenario, policies=["today"])

    assert found.confirmation.rows == study.confirmation.rows
    assert len(sim.compare(scenario, policies=["today"], replications=4).confirmation) == 0
