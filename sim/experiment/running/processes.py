"""
Where replications run: in this process, or in processes of their own.

The pool is the standard library's, started with spawn, the same on every system. It breaks as a
whole when one of its processes is killed; then it is made again, and what was under way is run
alone, one replication at a time, so that one that kills its process is known by name.

Results come through files, and through the pool's pipe only their names: a process killed while
it writes more than a page into a pipe would leave the pool waiting for the rest forever.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import fields
from multiprocessing import current_process, get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import current_thread, main_thread
from typing import Protocol, Self, TypeAlias

from sim.errors import UsageError

from . import worker_process
from .alternatives import Alternative
from .runner import Runner, Task

TRIES = 3  # processes a replication may end before it counts as failed
_UNGUARDED = "RESCUESIM_UNGUARDED"  # the file by which a new process tells that it is one
_NO_GUARD = (
    "this script starts its study also where a new process imports it: put what starts it under\n"
    "    if __name__ == '__main__':\n"
    "or use one process (jobs=1)"
)
_HEAR = 0.1  # seconds within which a signal is heard while we wait
Finished: TypeAlias = Generator[tuple[Task, bytes | None], None, None]


class Workers(Protocol):
    """Something that runs replications, in any order; None for one that failed."""

    def run(self, tasks: Iterator[Task]) -> Finished:
        """Yield each task with its result as they come."""


class InProcess:
    """In the process that asks."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def run(self, tasks: Iterator[Task]) -> Finished:
        """Yield each task with its result, in order."""
        for task in tasks:
            yield task, self._runner.run(task)


class Processes:
    """
    Processes on this machine.

    Parameters
    ----------
    alternatives, seed
        As `Runner` takes them.
    jobs
        How many processes.
    on_loss
        Told in words when a process was lost.
    scratch
        Where results wait to be fetched; the system's place for such things if not given.
    runner
        Made from these alternatives and this seed, where there is one that has run nothing yet.

    """

    def __init__(
        self,
        alternatives: Sequence[Alternative],
        seed: int,
        jobs: int,
        on_loss: Callable[[str], None] | None = None,
        scratch: Path | None = None,
        runner: Runner | None = None,
    ) -> None:
        _end_if_unguarded()
        _refuse_rules_of_the_script(alternatives)
        self._scratch = TemporaryDirectory(prefix="rescuesim-", dir=scratch)
        try:
            runner = runner or Runner(alternatives, seed)
            self._made = _handed_over(runner, Path(self._scratch.name, "runner"))
        except BaseException:
            self._scratch.cleanup()
            raise
        self._unguarded = Path(self._scratch.name, "unguarded")
        os.environ[_UNGUARDED] = str(self._unguarded.resolve())
        self.jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._on_loss = on_loss or (lambda told: None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """End the processes; what they have in hand is finished first."""
        try:
            self._end_pool()
        finally:
            os.environ.pop(_UNGUARDED, None)
            self._scratch.cleanup()

    def _end_pool(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _end_late_processes(self) -> None:
        """
        End the processes of a broken pool that it did not know of when it broke.

        It ends those that it has then. One that a submission was just starting would wait for work
        that never comes, and the pool for it; only the pool itself knows which that is.
        """
        own: dict[int, BaseProcess] = getattr(self._pool, "_processes", None) or {}
        for process in [*own.values()]:
            process.terminate()

    def run(self, tasks: Iterator[Task]) -> Finished:
        """Yield each task with its result as they come; None for one that failed."""
        flying: dict[Future[str], Task] = {}
        try:
            while True:
                try:
                    yield from self._together(tasks, flying)
                    return
                except BrokenProcessPool:
                    self._end_late_processes()
                    self._end_pool()
                    if self._unguarded.exists():
                        raise UsageError(_NO_GUARD) from None
                    suspects = yield from _survivors(flying)
                    self._on_loss(
                        "a process was ended from outside; replications run again: "
                        + ", ".join(str(task.number) for task in suspects)
                    )
                yield from self._alone(suspects)
        finally:
            for future in flying:
                future.cancel()

    def _together(self, tasks: Iterator[Task], flying: dict[Future[str], Task]) -> Finished:
        """Run tasks in parallel until none is left; a broken pool leaves those under way."""
        if self._pool is None:
            self._pool = self._new_pool(self.jobs)
        while True:
            # no further ahead, or finished ones would pile up
            while len(flying) < 2 * self.jobs and (task := next(tasks, None)) is not None:
                flying[_submitted(self._pool, task)] = task
            if not flying:
                return
            for future in sorted(_finished(flying), key=lambda f: flying[f].number):
                result = _fetched(future)
                yield flying.pop(future), result

    def _alone(self, tasks: list[Task]) -> Finished:
        """Run tasks one at a time in a pool of one, so that it is known which one ends it."""
        pool = self._new_pool(1)
        try:
            for task in tasks:
                result = None
                for attempt in range(1, TRIES + 1):
                    try:
                        (future,) = _finished([_submitted(pool, task)])
                        result = _fetched(future)
                        break
                    except BrokenProcessPool:
                        self._on_loss(
                            f"replication {task.number} ended its process, time {attempt}"
                        )
                        pool.shutdown()
                        pool = self._new_pool(1)
                yield task, result
        finally:
            pool.shutdown(cancel_futures=True)

    def _new_pool(self, jobs: int) -> ProcessPoolExecutor:
        made = (self._made, self._scratch.name)
        return ProcessPoolExecutor(jobs, get_context("spawn"), worker_process.prepare, made)


def _end_if_unguarded() -> None:
    """
    End this process, and tell the one that started it, if it runs a script it should only import.

    A new process imports the script that the first one runs. Where nothing keeps the script from
    starting its study there, too, the processes would start processes.
    """
    told = os.environ.get(_UNGUARDED)
    if told and getattr(current_process(), "_inheriting", False):
        Path(told).touch()
        os._exit(1)


def _survivors(
    flying: dict[Future[str], Task],
) -> Generator[tuple[Task, bytes | None], None, list[Task]]:
    """Yield what was finished when the pool broke, and return the rest, by number."""
    lost = []
    for future, task in sorted(flying.items(), key=lambda item: item[1].number):
        if future.done() and not future.cancelled() and future.exception() is None:
            yield task, _fetched(future)
        else:
            lost.append(task)
    flying.clear()
    return lost


def _fetched(future: Future[str]) -> bytes:
    """Return what a task gave, and take its file away."""
    path = Path(future.result())
    data = path.read_bytes()
    path.unlink()
    return data


def _finished(flying: Iterable[Future[str]]) -> set[Future[str]]:
    """
    Wait until some are finished, and return those.

    Waiting takes a lock of every future. If a signal ended it between two of them, the pool's own
    thread would wait for one of these locks forever, and this thread for the pool's.
    """
    while True:
        with deferred():
            done, _ = wait(flying, _HEAR, FIRST_COMPLETED)
        if done:
            return done


def _submitted(pool: ProcessPoolExecutor, task: Task) -> Future[str]:
    with undisturbed():  # processes are started here
        try:
            return pool.submit(worker_process.run, task)
        except BrokenProcessPool as error:
            return _lost(error)
        except OSError as error:  # of one that is started as the pool breaks: its pipes are closed
            if not getattr(pool, "_broken", False):
                raise
            return _lost(BrokenProcessPool(str(error)))


def _lost(error: BrokenProcessPool) -> Future[str]:
    lost: Future[str] = Future()
    lost.set_exception(error)
    return lost


def _refuse_rules_of_the_script(alternatives: Sequence[Alternative]) -> None:
    for alternative in alternatives:
        for part in fields(alternative.policies):
            policy = type(getattr(alternative.policies, part.name))
            if policy.__module__ == "__main__":  # a new process has a main of its own
                raise UsageError(
                    f"{policy.__name__} is defined in the script or notebook that runs; define it "
                    "in a module of its own, or use one process"
                )


def _handed_over(runner: Runner, path: Path) -> worker_process.MadeRunner:
    try:
        return worker_process.handed_over(runner, path)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise UsageError(
            f"a policy cannot be sent to other processes ({error}); define it in a module of its "
            "own, or use one process"
        ) from None


@contextmanager
def deferred() -> Iterator[None]:
    """Hear signals that stop us only afterwards: nothing within is left half done."""
    if current_thread() is not main_thread():
        yield
        return
    heard: list[int] = []
    stops = (signal.SIGINT, signal.SIGTERM)
    handlers = {s: signal.signal(s, lambda number, _: heard.append(number)) for s in stops}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if heard:
            signal.raise_signal(heard[0])


@contextmanager
def undisturbed() -> Iterator[None]:
    """
    Start processes whole, and deaf to Ctrl-C: we tell them to stop.

    A process inherits which signals are blocked. What comes meanwhile is heard afterwards.
    """
    if current_thread() is not main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    with deferred():  # blocking alone is not enough: a signal may come to a library's thread
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
