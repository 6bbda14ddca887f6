"""A real Dask cluster of two workers on this machine: the same bytes, whatever it loses."""

import os
import signal
import time

import pytest

from sim.errors import UsageError
from sim.experiment import Runner, Task, run_study
from sim.experiment.shards import decode

from .commands import outputs, run
from .poison import EndsItsProcess, design_with

pytest.importorskip("distributed", reason="Dask is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # Dask's own, of Dask's own


@pytest.fixture
def cluster(tmp_path):
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
    from sim.experiment.cluster import connected

    with connected(cluster.scheduler_address, design.alternatives, design.seed, None) as workers:
        return run_study(design, workers=workers, **more)


def responses(study):
    return {name: obs.response.tolist() for name, obs in study.observations.items()}


def test_a_cluster_gives_the_same_results(cluster):
    design = design_with()

    assert responses(on(cluster, design)) == responses(run_study(design))


def test_a_worker_that_is_killed_costs_nothing_but_time(cluster):
    design, killed = design_with(replications=30), []

    def kill(progress):
        if progress.done == 4 and not killed:
            killed.append(next(iter(cluster.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    study = on(cluster, design, on_progress=kill)

    assert killed
    assert responses(study) == responses(run_study(design))
    assert study.set_aside == ()


@pytest.mark.long
def test_a_replication_that_ends_worker_after_worker_is_set_aside(cluster):
    plain = design_with()
    data = Runner(plain.alternatives, plain.seed).run(Task(3, plain.names[:1], False))
    at = int(next(iter(decode(data).observations.values())).received[0])

    study = on(cluster, design_with(dispatch=EndsItsProcess(at)))

    assert study.set_aside == (3,)
    assert study.numbers == (0, 1, 2, 4, 5, 6, 7)


def test_the_command_line_runs_on_a_cluster_with_the_same_bytes(cluster, tmp_path):
    here, there, local = tmp_path / "here", tmp_path / "there", tmp_path / "local"
    for folder in (here, there, local):
        folder.mkdir()

    assert run(here)[0] == 0
    assert run(there, "--cluster", cluster.scheduler_address)[0] == 0
    assert run(local, "--cluster", "local")[0] == 0

    assert outputs(here) == outputs(there) == outputs(local)


def test_an_address_where_nobody_answers_is_told(monkeypatch):
    from sim.experiment import cluster

    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    began = time.monotonic()
    with (
        pytest.raises(UsageError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"),
        cluster.connected("tcp://127.0.0.1:9", (), 1, None),
    ):
        pass
    assert time.monotonic() - began < 10


def test_workers_of_another_version_are_refused(cluster, monkeypatch):
    from sim.experiment import cluster as module

    monkeypatch.setattr(module, "_ours", lambda: "rescuesim 0.0.1")
    with pytest.raises(UsageError, match=r"here is rescuesim 0\.0\.1"):
        on(cluster, design_with())
