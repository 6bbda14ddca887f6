"""
How far a study is, and how long it will take yet.

The time left must be right within a factor of 1.5 after the first tenth. The last moments are
not judged: what is left then is the rest of replications that are under way, and which of them
has how much to go, nobody knows.
"""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from sim.experiment import Processes, Progress, Runner, Task, design_of, run_study
from sim.experiment.running.precision import Goal, ReplicationPlan, Width
from sim.experiment.running.replication_file import Replication, decode, encode
from sim.experiment.running.study import _foreseen
from sim.scenario import find_scenario, read_scenario

FACTOR = 1.5


class Scripted:
    """Workers whose replications come when they are told to, by a clock that they move."""

    def __init__(self, design, came_at, jobs):
        runner = Runner(design.alternatives, design.seed)
        found = [runner.run(Task(number, design.names, False)) for number in range(3)]
        self.observations = [decode(data).observations for data in found]  # given in turn
        self.came_at, self.now, self.jobs = came_at, 100.0, jobs

    def monotonic(self):
        return self.now

    def run(self, tasks):
        for task, at in zip(tasks, self.came_at, strict=False):
            self.now = 100.0 + float(at)
            yield task, encode(Replication(task.number, self.observations[task.number % 3], {}))


@pytest.fixture(scope="module")
def design():
    return design_of(
        [read_scenario(find_scenario("first-steps"), {"clock.length": "1 day", "study.logged": 0})]
    )


@pytest.fixture
def told(design, monkeypatch):
    """Return what is told of a study whose replications come at these instants. [s]"""

    def tell(came_at, plan=None, jobs=1):
        workers, found = Scripted(design, came_at, jobs), []
        clock = SimpleNamespace(monotonic=workers.monotonic)
        monkeypatch.setattr("sim.experiment.running.study.time", clock)
        planned = replace(design, plan=plan or ReplicationPlan(len(came_at), len(came_at)))
        run_study(planned, workers=workers, on_progress=found.append)
        return found

    return tell


def lanes(took, count):
    """Return when replications come that are run side by side, each by who is free first. [s]"""
    free, came = [0.0] * count, []
    for seconds in took:
        lane = free.index(min(free))
        free[lane] += seconds
        came.append(free[lane])
    return sorted(came)


def wrong_by(found, one):
    """
    Return by which factor each estimate is wrong, from a tenth on, the last moments left out.

    ``one`` is how long one replication takes [s]: with less to go than that, nothing is judged.
    """
    end = found[-1].seconds
    judged = [p for p in found if p.done * 10 >= p.wanted and end - p.seconds > one]
    assert len(judged) > len(found) // 2
    return [max(p.left / (end - p.seconds), (end - p.seconds) / p.left) for p in judged]


def test_nothing_is_said_of_the_time_left_before_a_replication_was_run():
    """What is read from the journal takes no time: it does not tell how long one takes."""
    assert Progress(done=0, wanted=10, kept=0, seconds=5.0).left is None
    assert Progress(done=4, wanted=10, kept=4, seconds=5.0).left is None


def test_what_was_kept_from_an_earlier_run_does_not_make_the_rest_look_quick():
    """Ten were run in 20 s, so the other 40 take 80 s, no matter what was there before."""
    assert Progress(done=60, wanted=100, kept=50, seconds=20.0).left == pytest.approx(80.0)


def test_a_study_is_told_of_at_its_beginning_and_after_each_replication(told):
    found = told([2.0, 4.0, 6.0])

    assert [(p.done, p.wanted, p.seconds) for p in found] == [
        (0, 3, 0.0), (1, 3, 2.0), (2, 3, 4.0), (3, 3, 6.0)
    ]  # fmt: skip


def test_the_time_left_of_a_steady_study_is_exact(told):
    found = told(2.0 * np.arange(1, 21))

    assert [p.left for p in found] == [None, *(pytest.approx(2.0 * n) for n in range(19, -1, -1))]


@pytest.mark.parametrize("jobs", [1, 2, 7])
def test_the_time_left_is_about_right_after_a_tenth_of_uneven_replications(told, jobs):
    """Side by side they come in bursts; lengths scatter by 30 %, as days of one demand do."""
    took = np.random.default_rng(8).gamma(1 / 0.3**2, 0.3**2, 200)

    found = told(lanes(took, jobs), jobs=jobs)

    assert max(wrong_by(found, took.max())) <= FACTOR


def test_the_number_wanted_is_foreseen_from_the_half_widths_so_far(told):
    """They shrink with the square root; what is hopeless goes to the end."""
    hopeless = ReplicationPlan(10, 30, (Goal("response_restricted_mean", absolute=1e-9),))

    found = told(1.0 * np.arange(1, 31), hopeless)

    assert [p.wanted for p in found[1:]] == [10] * 10 + [30] * 20
    assert [p.left for p in found[1:]] == [pytest.approx(p.wanted - p.done) for p in found[1:]]


def test_a_half_width_twice_as_wide_takes_four_times_the_replications(told):
    class Design:
        plan = ReplicationPlan(30, 400, (Goal("response_restricted_mean", absolute=0.5),))

    wide = [Width("today", "response_restricted_mean", 1.0, 0.5, "min", False)]
    near = [Width("today", "response_restricted_mean", 0.51, 0.5, "min", False)]

    assert _foreseen(Design, wide, 50) == 200
    assert _foreseen(Design, wide, 150) == 400
    assert _foreseen(Design, near, 50) == 60
    assert _foreseen(Design, [wide[0]._replace(half_width=None)], 50) == 400


@pytest.mark.parametrize("jobs", [2, 7])
def test_the_time_that_processes_take_to_start_is_not_taken_for_that_of_replications(told, jobs):
    """Else a study of some seconds looks three times as long as it is after its first tenth."""
    took = np.random.default_rng(9).gamma(1 / 0.3**2, 0.3**2, 200)

    found = told([20.0 + at for at in lanes(took, jobs)], jobs=jobs)

    assert max(wrong_by(found, took.max())) <= FACTOR


@pytest.mark.long
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_time_left_of_a_real_study_is_about_right_after_its_first_tenth(jobs):
    """Some seconds by the clock; the best of three, for others use the machine as well."""
    asked = {"clock.length": "90 days", "study.replications": 120, "study.logged": 0}
    design = design_of([read_scenario(find_scenario("first-steps"), asked)])
    worst = []
    for _ in range(3):
        found: list[Progress] = []
        with Processes(design.alternatives, design.seed, jobs) as workers:
            run_study(design, workers=None if jobs == 1 else workers, on_progress=found.append)
        one = jobs * found[-1].seconds / 120
        worst.append(max(wrong_by(found, 3 * one)))

    assert min(worst) <= FACTOR
