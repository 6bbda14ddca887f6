"""
Replications on a Dask cluster: one that runs already, or one on this machine.

The scheduler runs a task again when its worker is lost, and drops it when that happens too often. A
lost worker counts against every task that waited there, so a task that was dropped is run once more
alone, and only then reported as failed. Only the study reads and writes files, so workers need not
share a disk.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from importlib.metadata import version
from pickle import dumps
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from sim.errors import ResultsError, UsageError

from .alternatives import Alternative
from .processes import TRIES, Finished
from .runner import Runner, Task

try:
    import dask
    from distributed import Client, LocalCluster, get_worker, wait
    from distributed.diagnostics.plugin import WorkerPlugin
    from distributed.scheduler import KilledWorker
except ImportError:
    raise UsageError(
        "--cluster needs Dask, which is not installed: pip install 'rescuesim[dask]'"
    ) from None

LOCAL = "local"
PATIENCE = 15  # seconds to wait for a scheduler and for its first worker
_GONE = (OSError, TimeoutError)  # a connection that breaks is an OSError


class WorkerSetup(WorkerPlugin):  # type: ignore[misc]
    """What a worker needs to run replications: built at its first task, kept for the next."""

    def __init__(self, alternatives: Sequence[Alternative], seed: int) -> None:
        self.alternatives, self.seed = tuple(alternatives), seed
        self.name = f"rescuesim-{sha256(dumps((self.alternatives, seed))).hexdigest()[:16]}"
        self._runner: Runner | None = None

    def setup(self, worker: Any) -> None:
        """Make ready on a worker, also on one that joins later."""
        self._lock = Lock()  # a worker may have several threads; a run is for one

    def run(self, task: Task) -> bytes:
        """Run a replication."""
        with self._lock:
            if self._runner is None:
                self._runner = Runner(self.alternatives, self.seed)
            return self._runner.run(task)


class ClusterWorkers:
    """Workers of a Dask cluster."""

    def __init__(self, client: Client, kit: WorkerSetup) -> None:
        self._client, self._kit = client, kit
        self.jobs = max(1, sum(client.nthreads().values()))

    def run(self, tasks: Iterator[Task]) -> Finished:
        """Yield each task with its result as they come; None for one that failed."""
        flying: dict[Any, Task] = {}
        doubted: list[Task] = []
        try:
            while True:
                ahead = 2 * max(1, sum(self._client.nthreads().values()))
                while (
                    not doubted and len(flying) < ahead and (task := next(tasks, None)) is not None
                ):
                    flying[self._submitted(task)] = task
                if not flying and not doubted:
                    return
                if not flying:
                    task = doubted.pop(0)
                    yield task, _result(self._submitted(task))
                    continue
                done = wait(list(flying), return_when="FIRST_COMPLETED").done
                for future in sorted(done, key=lambda f: flying[f].number):
                    task, data = flying.pop(future), _result(future)
                    if data is None:
                        doubted.append(task)
                    else:
                        yield task, data
        except _GONE as error:
            raise ResultsError(
                f"the cluster was lost ({type(error).__name__}); give the same command again"
            ) from None
        finally:
            self._client.cancel(list(flying))

    def _submitted(self, task: Task) -> Any:
        return self._client.submit(_run, self._kit.name, task, pure=False)


def _result(future: Any) -> bytes | None:
    try:
        data: bytes = future.result()
    except KilledWorker:
        return None
    return data


def _run(kit: str, task: Task) -> bytes:
    data: bytes = get_worker().plugins[kit].run(task)
    return data


@contextmanager
def connected(
    address: str,
    alternatives: Sequence[Alternative],
    seed: int,
    jobs: int | None,
) -> Iterator[ClusterWorkers]:
    """
    Give the workers of a cluster.

    Parameters
    ----------
    address
        Of the scheduler, as ``tcp://host:port``; or ``local``: processes on this machine, which
        listen on 127.0.0.1 only.
    alternatives, seed
        As `Runner` takes them.
    jobs
        Processes of a local cluster; two if not given.

    Raises
    ------
    UsageError
        When no cluster answers there, or its workers have another version of this package.

    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # it tells of every lost worker
    with ExitStack() as stack:
        if address == LOCAL:
            scratch = stack.enter_context(TemporaryDirectory(prefix="rescuesim-"))
            settings = {
                "distributed.scheduler.allowed-failures": TRIES - 1,  # the next one is the last
                "temporary-directory": scratch,
            }
            stack.enter_context(dask.config.set(settings))
            at: Any = stack.enter_context(_local(jobs or 2))
        else:
            at = address
        try:
            client = Client(at, timeout=PATIENCE, set_as_default=False)
        except (*_GONE, ValueError) as error:
            raise UsageError(f"--cluster: no scheduler answers at {address} ({error})") from None
        stack.callback(client.close)
        stack.enter_context(client.as_current())  # `wait` asks for it
        _check_workers(client, address)
        kit = WorkerSetup(alternatives, seed)
        client.register_plugin(kit)
        yield ClusterWorkers(client, kit)


def _local(jobs: int) -> Any:
    return LocalCluster(
        n_workers=jobs,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=logging.CRITICAL,
    )


def _check_workers(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        found = client.run(_versions)
    except (*_GONE, ImportError) as error:
        raise UsageError(
            f"--cluster: no worker is ready at {address} ({type(error).__name__}); each needs "
            "rescuesim installed"
        ) from None
    ours = _ours()
    for worker, theirs in found.items():
        if theirs != ours:
            raise UsageError(
                f"--cluster: the worker at {worker} has {theirs}, here is {ours}; "
                "results would not be the same"
            )


def _ours() -> str:
    return _versions()


def _versions() -> str:
    return ", ".join(f"{name} {version(name)}" for name in ("rescuesim", "numpy", "scipy"))
