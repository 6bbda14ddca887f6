"""Processes that are lost: replaced, and only what they had in hand run again."""

import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing import active_children
from pathlib import Path
from textwrap import dedent
from threading import Timer

import numpy as np
import pytest

from sim.errors import PolicyError, ResultsError
from sim.experiment import Processes, Runner, Task, run_study
from sim.experiment.running import worker_process
from sim.experiment.running.replication_file import decode
from sim.outcomes.observed.columns import plain

from .commands import alive, wait_for, workers
from .poison import EndsItsProcess, Raises, design_with

TOP = Path(__file__).parents[2]


def in_processes(design, jobs=2, **more):
    told = []
    with Processes(design.alternatives, design.seed, jobs, told.append) as workers:
        return run_study(design, workers=workers, **more), told


def same(one, other):
    return all(
        np.array_equal(
            plain(getattr(obs, c)), plain(getattr(other.observations[name], c)), equal_nan=True
        )
        for name, obs in one.observations.items()
        for c in obs.__slots__
    )


def first_received(design, number):
    """Return when the first measured callout of a replication comes; no other has that instant."""
    data = Runner(design.alternatives, design.seed).run(Task(number, design.names[:1], False))
    return int(next(iter(decode(data).observations.values())).received[0])


def test_a_process_that_is_killed_is_replaced_and_nothing_changes():
    design, killed = design_with(replications=40), []

    def kill(progress):
        if progress.done in (3, 15) and progress.done not in killed:
            killed.append(progress.done)
            victim = active_children()[0]
            os.kill(victim.pid, signal.SIGKILL)
            victim.join()

    study, told = in_processes(design, on_progress=kill)

    assert same(study, run_study(design))
    assert killed == [3, 15]
    assert len([words for words in told if "ended from outside" in words]) >= 1
    assert study.failed_replications == ()
    assert active_children() == []


def test_a_process_that_is_started_while_its_pool_breaks_does_not_keep_the_study(monkeypatch):
    """A pool ends those that it knows of; it waited for one that came later, and so did we."""
    start, late = ProcessPoolExecutor._spawn_process, []

    def known_late(pool):
        """Let the pool know of its second process only when it has lost the first."""
        known = {*pool._processes}
        start(pool)
        (new,) = pool._processes.keys() - known
        if known and not late:
            late.append(pool._processes.pop(new))
            os.kill(known.pop(), signal.SIGKILL)
            wait_for(lambda: pool._broken)
            time.sleep(0.2)
            pool._processes[new] = late[0]

    monkeypatch.setattr(ProcessPoolExecutor, "_spawn_process", known_late)
    too_late = Timer(60, lambda: [child.terminate() for child in active_children()])
    too_late.start()

    study, told = in_processes(design_with(replications=4))

    assert too_late.is_alive(), "it waited until its processes were ended from outside"
    too_late.cancel()
    assert study.failed_replications == ()
    assert len(late) == len(told) == 1


@pytest.mark.long
def test_a_replication_that_ends_its_process_three_times_is_named_and_set_aside():
    at = first_received(design_with(), 3)
    design = design_with(EndsItsProcess(at))

    study, told = in_processes(design)

    assert study.failed_replications == (3,)
    assert study.numbers == (0, 1, 2, 4, 5, 6, 7)
    assert [words for words in told if words.startswith("replication 3 ended its process")] == [
        f"replication 3 ended its process, time {n}" for n in (1, 2, 3)
    ]
    healthy = run_study(design)  # here, where it ends nothing
    for name, obs in study.observations.items():
        whole = healthy.observations[name]
        assert np.array_equal(obs.response, whole.response[whole.replication != 3])


@pytest.mark.long
def test_where_every_replication_ends_its_process_the_study_gives_up_soon():
    with pytest.raises(ResultsError, match="each ended its process three times"):
        in_processes(design_with(EndsItsProcess(), replications=100))


def test_a_policy_that_raises_in_a_process_is_told_as_such():
    with pytest.raises((PolicyError, ZeroDivisionError), match="per nobody"):
        in_processes(design_with(Raises()))
    assert active_children() == []


def test_processes_end_with_the_one_that_started_them(tmp_path):
    """Killed, it cannot tell them to; nobody would take their results."""
    command = [sys.executable, "-m", "sim", "run", "textbook-mmc", "-n", "500", "-j", "2", "-q"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as study:
        try:
            wait_for(lambda: len(workers(study.pid)) == 2)
            started = workers(study.pid)
        finally:
            study.kill()
    wait_for(lambda: not [pid for pid in started if alive(pid)])


def ended(script):
    """Run a script that must not hang, in a process of its own, and return what it printed."""
    command = [sys.executable, "-c", dedent(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=TOP) as process:
        try:
            return process.communicate(timeout=30)[0].split()
        finally:
            process.kill()


@pytest.mark.long
def test_a_process_killed_while_it_waits_for_work_does_not_block_the_others():
    """It holds the lock on what is to be done, and the others wait for that forever."""
    assert ended("""
        import os, signal, time
        from multiprocessing import active_children
        from pathlib import Path
        from sim.experiment import Processes, Task
        from tests.experiment.poison import design_with

        def holds_the_lock(child):
            where = Path(f"/proc/{child.pid}/wchan")  # in the kernel; not all systems tell
            return where.exists() and "pipe_read" in where.read_text()

        design = design_with()
        tasks = [Task(number, design.names, False) for number in range(6)]
        with Processes(design.alternatives, design.seed, 2) as processes:
            done = list(processes.run(iter(tasks[:3])))
            time.sleep(0.5)  # for both to wait
            victim = max(active_children(), key=holds_the_lock)
            os.kill(victim.pid, signal.SIGKILL)
            done += processes.run(iter(tasks[3:]))
        print(*sorted(task.number for task, data in done if data))
    """) == list("012345")


@pytest.mark.long
def test_a_process_killed_halfway_through_its_result_does_not_block_the_study():
    assert ended("""
        from sim.experiment import Processes, Task
        from tests.experiment.poison import EndsHalfwayThroughSending, design_with

        design = design_with(EndsHalfwayThroughSending())
        with Processes(design.alternatives, design.seed, 2) as processes:
            tasks = [Task(number, design.names, True) for number in range(2)]
            done = list(processes.run(iter(tasks)))
        print(*sorted(task.number for task, data in done))
    """) == ["0", "1"]


def test_a_signal_is_heard_only_while_no_lock_of_the_pools_is_held(monkeypatch):
    """
    Raised between two of the locks that waiting takes, it would keep the first locked forever.
    """

    class Stopped(BaseException):
        pass

    def stop(*_):
        raise Stopped

    def interrupted(*arguments, **named):
        signal.raise_signal(signal.SIGTERM)
        waited.append(wait(*arguments, **named))
        return waited[-1]

    waited, design = [], design_with()
    monkeypatch.setattr("sim.experiment.running.processes.wait", interrupted)
    before = signal.signal(signal.SIGTERM, stop)
    try:
        with pytest.raises(Stopped):
            in_processes(design)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert len(waited) == 1
    assert active_children() == []


SCRIPT = """
import sim

GUARD
    found = sim.compare("first-steps", replications=3, jobs=2)
    print(f"{found.study.replications} replications")
"""


@pytest.mark.parametrize("guarded", [True, False])
def test_a_script_that_starts_its_study_in_new_processes_too_is_told(guarded, tmp_path):
    """It said that memory was short, three times three processes later."""
    guard = 'if __name__ == "__main__":' if guarded else "if True:"
    script = tmp_path / "study.py"
    script.write_text(SCRIPT.replace("GUARD", guard))

    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)

    if guarded:
        assert (done.returncode, done.stdout) == (0, "3 replications\n"), done.stderr
    else:
        assert done.returncode == 1
        assert "if __name__ == '__main__':" in done.stderr
        assert done.stderr.count("Traceback") == 1  # of the first process alone
        assert "memory" not in done.stderr


def test_a_process_takes_over_the_maps_that_were_made_and_loads_no_more_than_it_needs(tmp_path):
    """Its results are the same; what reads scenarios, judges and draws is not loaded."""
    design = design_with()
    runner = Runner(design.alternatives, design.seed)
    made = worker_process.handed_over(runner, tmp_path / "runner")
    (tmp_path / "made").write_bytes(pickle.dumps(made))

    here = runner.run(Task(1, design.names, True))
    assert worker_process.taken_over(made).run(Task(1, design.names, True)) == here
    assert ended(f"""
        import pickle, sys
        from pathlib import Path
        import scipy.special  # which loads scipy.sparse in old versions

        of_scipy = set(sys.modules)
        from sim.experiment.running import worker_process

        folder = Path({str(tmp_path)!r})
        worker_process.prepare(pickle.loads((folder / "made").read_bytes()), str(folder))
        from sim.experiment.running.runner import Task

        path = worker_process.run(Task(1, {design.names!r}, True))
        unused = {{"rich", "click", "matplotlib", "scipy.sparse", "sim.outcomes.verdicts"}}
        unused |= {{"sim.theory", "sim.policies.registry", "sim.experiment.results"}}
        print(*sorted(unused & set(sys.modules) - of_scipy), Path(path).read_bytes() == {here!r})
    """) == ["True"]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux lists threads")
def test_a_process_starts_no_threads_for_matrices(tmp_path):
    """OpenBLAS starts one for each core, and each looks for work that never comes."""
    design = design_with()
    made = worker_process.handed_over(Runner(design.alternatives, design.seed), tmp_path / "runner")
    (tmp_path / "made").write_bytes(pickle.dumps(made))

    assert ended(f"""
        import os, pickle, sys
        from pathlib import Path
        from sim.experiment.running import worker_process

        folder = Path({str(tmp_path)!r})
        worker_process.prepare(pickle.loads((folder / "made").read_bytes()), str(folder))
        import scipy.special

        # this one, and the one that waits for the end of the parent
        print("numpy" in sys.modules, len(os.listdir("/proc/self/task")) <= 2)
    """) == ["True", "True"]
