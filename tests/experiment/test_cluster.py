"""A real Dask cluster of two workers on this machine: the same bytes, no matter what it loses."""

import os
import signal
import time
from concurrent.futures import Future, wait
from types import SimpleNamespace

import pytest

from sim.errors import UsageError
from sim.experiment import Runner, Task, run_study
from sim.experiment.running.replication_file import decode

from .commands import outputs, run
from .poison import EndsItsProcess, design_with

pytest.importorskip("distributed", reason="Dask is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # Dask's own, of Dask's own


LONGEST = 240  # that one test may take [s]; usual are 10


@pytest.fixture
def bounded():
    """Let a test fail that hangs, with a word on where it did."""

    def fail(number, frame):
        raise TimeoutError(f"the test took more than {LONGEST} s")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(LONGEST)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def cluster(bounded, tmp_path):
    """A cluster of two workers, as one that somebody else has started."""
    import dask
    from distributed import LocalCluster

    settings = {"distributed.scheduler.allowed-failures": 2, "temporary-directory": str(tmp_path)}
    with (
        dask.config.set(settings),
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            silence_logs=50,
        ) as running,
    ):
        yield running


def on(cluster, design, **more):
    from sim.experiment.running.cluster import connected

    with connected(cluster.scheduler_address, design.alternatives, design.seed, None) as workers:
        return run_study(design, workers=workers, **more)


def responses(study):
    return {name: obs.response.tolist() for name, obs in study.observations.items()}


def test_a_cluster_gives_the_same_results(cluster):
    design = design_with()

    assert responses(on(cluster, design)) == responses(run_study(design))


@pytest.mark.long
def test_a_worker_that_is_killed_costs_nothing_but_time(cluster):
    design, killed = design_with(replications=30), []

    def kill(progress):
        if progress.done == 4 and not killed:
            killed.append(next(iter(cluster.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    study = on(cluster, design, on_progress=kill)

    assert killed
    assert responses(study) == responses(run_study(design))
    assert study.failed_replications == ()


@pytest.mark.long
def test_a_replication_that_ends_worker_after_worker_is_set_aside(cluster):
    plain = design_with()
    data = Runner(plain.alternatives, plain.seed).run(Task(3, plain.names[:1], False))
    at = int(next(iter(decode(data).observations.values())).received[0])

    study = on(cluster, design_with(dispatch=EndsItsProcess(at)))

    assert study.failed_replications == (3,)
    assert study.numbers == (0, 1, 2, 4, 5, 6, 7)


@pytest.mark.long
def test_the_command_line_runs_on_a_cluster_with_the_same_bytes(cluster, tmp_path):
    here, there, local = tmp_path / "here", tmp_path / "there", tmp_path / "local"
    for folder in (here, there, local):
        folder.mkdir()

    assert run(here)[0] == 0
    assert run(there, "--cluster", cluster.scheduler_address)[0] == 0
    assert run(local, "--cluster", "local")[0] == 0

    assert outputs(here) == outputs(there) == outputs(local)


def test_an_address_where_nobody_answers_is_told(monkeypatch):
    from sim.experiment.running import cluster

    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    began = time.monotonic()
    with (
        pytest.raises(UsageError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"),
        cluster.connected("tcp://127.0.0.1:9", (), 1, None),
    ):
        pass
    assert time.monotonic() - began < 10


def test_workers_of_another_version_are_refused(cluster, monkeypatch):
    from sim.experiment.running import cluster as module

    monkeypatch.setattr(module, "_ours", lambda: "rescuesim 0.0.1")
    with pytest.raises(UsageError, match=r"here is rescuesim 0\.0\.1"):
        on(cluster, design_with())


class Unjust:
    """A client of a cluster that gives up what waited next to the replication that is poison."""

    def __init__(self, poison, beside):
        self.poison, self.beside, self.ran = poison, beside, []

    def nthreads(self):
        return {"one": 1, "two": 1}

    def submit(self, _function, _kit, task, pure):
        from distributed.scheduler import KilledWorker

        self.ran.append(task.number)
        again = self.ran.count(task.number) > 1
        future = Future()
        if task.number == self.poison or (task.number in self.beside and not again):
            future.set_exception(KilledWorker(str(task), "two", 2))
        else:
            future.set_result(b"done")
        return future

    def cancel(self, _futures):
        pass


def test_what_only_waited_beside_a_poisonous_replication_is_not_set_aside(monkeypatch):
    from sim.experiment.running import cluster

    monkeypatch.setattr(cluster, "wait", wait)
    client, kit = Unjust(2, {1, 3}), SimpleNamespace(name="kit")
    tasks = [Task(number, ("today",), False) for number in range(8)]

    found = {t.number: data for t, data in cluster.ClusterWorkers(client, kit).run(iter(tasks))}

    assert [number for number, data in found.items() if data is None] == [2]
    assert sorted(found) == list(range(8))
    assert client.ran == [0, 1, 2, 3, 1, 2, 3, 4, 5, 6, 7]
