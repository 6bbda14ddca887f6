"""Studies through the Python door: replications in order, the same however they are run."""

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from sim.errors import ResultsError, UsageError
from sim.experiment import default_place, expected_callouts, run_study
from sim.scenario import find_scenario, read_scenario


@pytest.fixture(scope="module")
def file():
    return read_scenario(
        find_scenario("first-steps"), {"study.replications": 5, "clock.run": "3 days"}
    )


def columns(study):
    return {
        (name, column): getattr(obs, column)
        for name, obs in study.observations.items()
        for column in obs.__slots__
    }


def same(one, two):
    ours, theirs = columns(one), columns(two)
    return ours.keys() == theirs.keys() and all(np.array_equal(ours[k], theirs[k]) for k in ours)


def test_processes_change_nothing_and_replications_come_in_order(file):
    here, there = [], []
    one = run_study(file, on_replication=here.append)
    two = run_study(file, jobs=2, on_replication=there.append)

    assert same(one, two)
    assert [r.number for r in there] == [0, 1, 2, 3, 4]
    assert [r.logs for r in here] == [r.logs for r in there]


def test_fewer_replications_are_the_first_of_more(file):
    fewer = read_scenario(
        find_scenario("first-steps"), {"study.replications": 2, "clock.run": "3 days"}
    )
    few, many = run_study(fewer), run_study(file)

    for name, obs in few.observations.items():
        first = many.observations[name].replication < 2
        assert np.array_equal(obs.response, many.observations[name].response[first])


def test_the_first_alternative_asked_for_is_the_baseline(file):
    study = run_study(file, ["reserve", "today"])

    assert study.baseline == "reserve"
    assert list(study.observations) == ["reserve", "today"]


def test_an_alternative_that_is_not_there_is_told(file):
    with pytest.raises(UsageError, match="tomorrow"):
        run_study(file, ["today", "tomorrow"])


def test_a_process_that_is_ended_from_outside_is_told(file):
    """As when the system runs short of memory."""
    from multiprocessing import active_children

    def kill(replication):
        for child in active_children():
            os.kill(child.pid, signal.SIGKILL)
            child.join()

    longer = read_scenario(
        find_scenario("first-steps"), {"study.replications": 60, "clock.run": "60 days"}
    )

    with pytest.raises(ResultsError, match="ended from outside"):
        run_study(longer, jobs=2, on_replication=kill)


def test_the_callers_own_processes_and_signals_are_left_alone(file):
    def stop(replication):
        raise KeyError("enough")

    before = signal.getsignal(signal.SIGINT), signal.pthread_sigmask(signal.SIG_BLOCK, [])
    with pytest.raises(KeyError, match="enough"):
        run_study(file, jobs=2, on_replication=stop)

    assert (signal.getsignal(signal.SIGINT), signal.pthread_sigmask(signal.SIG_BLOCK, [])) == before


def test_the_place_of_results_follows_all_that_determines_them_and_nothing_else(file, tmp_path):
    text = Path(find_scenario("first-steps")).read_text(encoding="utf-8")

    def place(text, *alternatives, name="any.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return default_place(read_scenario(path), alternatives, Path("results"))

    first = place(text, "today")
    assert first.name.startswith("first-steps-")
    assert len(first.name) == len("first-steps-") + 8
    assert place(text, "today", name="other.yaml") == first
    assert place(text + "# a comment\n", "today") == first
    assert place(text, "today", "reserve") != first
    assert place(text.replace("seed: 1 ", "seed: 2 "), "today") != first
    assert place(text.replace("crew: 2 ", "crew: 3 "), "today") != first


def test_the_number_of_callouts_is_about_what_is_foreseen(file):
    ran = run_study(file)

    foreseen = expected_callouts(file)
    measured = sum(len(obs.response) for obs in ran.observations.values())
    assert foreseen == pytest.approx(12 * 4 * 5 * 2)  # a day of warm-up, five runs, two rules
    assert 0.5 * foreseen < measured < foreseen
