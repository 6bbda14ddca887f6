"""Studies through the Python door: replications in order, the same however they are run."""

import signal
from pathlib import Path

import numpy as np
import pytest

from sim.errors import UsageError
from sim.experiment import Processes, Runner, Task, default_place, design_of, run_study
from sim.experiment.running.replication_file import decode
from sim.scenario import find_scenario, read_scenario


def first_steps(**overrides):
    return read_scenario(find_scenario("first-steps"), {"clock.length": "3 days", **overrides})


@pytest.fixture(scope="module")
def file():
    return first_steps(**{"study.replications": 5})


def columns(study):
    return {
        (name, column): getattr(obs, column)
        for name, obs in study.observations.items()
        for column in obs.__slots__
    }


def same(one, two):
    ours, theirs = columns(one), columns(two)
    return ours.keys() == theirs.keys() and all(np.array_equal(ours[k], theirs[k]) for k in ours)


def test_processes_change_nothing(file):
    design = design_of([file])
    with Processes(design.alternatives, design.seed, 2) as workers:
        two = run_study(design, workers=workers)

    assert same(run_study(design), two)
    assert two.numbers == (0, 1, 2, 3, 4)


def test_fewer_replications_are_the_first_of_more(file):
    fewer = first_steps(**{"study.replications": 2})
    few, many = run_study(design_of([fewer])), run_study(design_of([file]))

    for name, obs in few.observations.items():
        first = many.observations[name].replication < 2
        assert np.array_equal(obs.response, many.observations[name].response[first])


def test_the_first_alternative_asked_for_is_the_baseline(file):
    study = run_study(design_of([file], ["reserve", "today"]))

    assert study.baseline == "reserve"
    assert list(study.observations) == ["reserve", "today"]


def test_an_alternative_that_is_not_there_is_told(file):
    with pytest.raises(UsageError, match="tomorrow"):
        design_of([file], ["today", "tomorrow"])


class Later:
    """Workers that hand results back in the worst order: the last of each handful first."""

    def __init__(self, runner, handful):
        self.runner, self.handful = runner, handful

    def run(self, tasks):
        while some := [task for _, task in zip(range(self.handful), tasks, strict=False)]:
            for task in reversed(some):
                yield task, self.runner.run(task)


@pytest.mark.parametrize("handful", [3, 16])
def test_where_a_study_stops_does_not_depend_on_the_order_results_come_in(handful):
    design = design_of(
        [
            first_steps(
                **{
                    "study.replications": {
                        "at_most": 90,
                        "until": {"response_restricted_mean": "9%"},
                    }
                }
            )
        ]
    )
    runner = Runner(design.alternatives, design.seed)

    one = run_study(design, runner=runner)
    other = run_study(design, runner=runner, workers=Later(runner, handful))

    assert one.numbers == other.numbers
    assert one.widths == other.widths
    assert same(one, other)
    assert 30 <= one.replications < 90


def test_a_study_stops_at_the_first_look_that_is_precise_enough():
    wanted = {"at_most": 90, "until": {"response_restricted_mean": "9%"}}
    stopped = run_study(design_of([first_steps(**{"study.replications": wanted})]))

    assert all(width.met for width in stopped.widths)
    for look in range(30, stopped.replications, 10):
        before = {**wanted, "at_most": look}
        study = run_study(design_of([first_steps(**{"study.replications": before})]))
        assert not all(width.met for width in study.widths)


def test_alternatives_in_one_task_meet_the_same_callouts(file):
    design = design_of([file])
    runner = Runner(design.alternatives, design.seed)

    found = decode(runner.run(Task(3, design.names, False))).observations

    today, reserve = (found[name] for name in design.names)
    assert np.array_equal(today.key, reserve.key)
    assert np.array_equal(today.received, reserve.received)


def test_the_callers_own_processes_and_signals_are_left_alone(file):
    def stop(progress):
        raise KeyError("enough")

    before = signal.getsignal(signal.SIGINT), signal.pthread_sigmask(signal.SIG_BLOCK, [])
    design = design_of([file])
    with (
        pytest.raises(KeyError, match="enough"),
        Processes(design.alternatives, design.seed, 2) as workers,
    ):
        run_study(design, workers=workers, on_progress=stop)

    assert (signal.getsignal(signal.SIGINT), signal.pthread_sigmask(signal.SIG_BLOCK, [])) == before


def test_the_place_of_results_follows_all_that_determines_them_and_nothing_else(file, tmp_path):
    text = Path(find_scenario("first-steps")).read_text(encoding="utf-8")

    def place(text, *alternatives, name="any.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return default_place(design_of([read_scenario(path)], alternatives), Path("results"))

    first = place(text, "today")
    assert first.name.startswith("first-steps-")
    assert len(first.name) == len("first-steps-") + 8
    assert place(text, "today", name="other.yaml") == first
    assert place(text + "# a comment\n", "today") == first
    assert place(text, "today", "reserve") != first
    assert place(text.replace("seed: 1 ", "seed: 2 "), "today") != first
    assert place(text.replace("crew: 2 ", "crew: 3 "), "today") != first


def test_the_number_of_callouts_is_about_what_is_foreseen(file):
    design = design_of([file])
    ran = run_study(design)

    foreseen = design.callouts * 5
    measured = sum(len(obs.response) for obs in ran.observations.values())
    assert foreseen == pytest.approx(12 * 4 * 5 * 2)  # a day of warm-up, five runs, two rules
    assert 0.5 * foreseen < measured < foreseen
