"""
What a process of a pool does: takes over what it works on, runs replications, ends with its parent.

It is given the runner as it was made, so that the maps of a study are made once. Their arrays are
in a file that every process maps into its memory, where the system keeps them once for all. This
module imports little, so that the cycle collector rests before the imports begin, and no threads
are started by them.
"""

from __future__ import annotations

import os
import pickle
import signal
from mmap import ACCESS_COPY, mmap
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

from sim.cycle_collector import no_collector
from sim.library_threads import one_thread

if TYPE_CHECKING:
    from .runner import Runner, Task

_ALIGNED = 64  # bytes at whose multiples arrays begin


class MadeRunner(NamedTuple):
    """A runner for other processes: a file, and the first byte and the size of each part in it."""

    path: str
    arrays: tuple[tuple[int, int], ...]
    pickled: tuple[int, int]  # all else


def handed_over(runner: Runner, path: Path) -> MadeRunner:
    """Write a runner to a file from which other processes take it over."""
    buffers: list[pickle.PickleBuffer] = []
    pickled = pickle.dumps(runner, pickle.HIGHEST_PROTOCOL, buffer_callback=buffers.append)
    arrays = []
    with path.open("wb") as file:
        for buffer in buffers:
            with buffer.raw() as content:
                arrays.append((file.tell(), content.nbytes))
                file.write(content)
            file.write(bytes(-file.tell() % _ALIGNED))
        made = MadeRunner(str(path.resolve()), tuple(arrays), (file.tell(), len(pickled)))
        file.write(pickled)
    return made


def taken_over(made: MadeRunner) -> Runner:
    """Return the runner; what is changed in its arrays is changed for this process alone."""
    with Path(made.path).open("rb") as file:
        mapped = memoryview(mmap(file.fileno(), 0, access=ACCESS_COPY))
    *arrays, pickled = (mapped[at : at + size] for at, size in (*made.arrays, made.pickled))
    runner: Runner = pickle.loads(pickled, buffers=arrays)  # noqa: S301 - our own process's
    return runner


_runner: Runner | None = None
_folder = ""


def prepare(made: MadeRunner, folder: str) -> None:
    """Make this process ready to run replications whose results go to a folder."""
    global _runner, _folder
    _folder = folder
    obey_and_end_with_parent()
    one_thread()
    with no_collector():  # imports make many objects, and no garbage
        _runner = taken_over(made)


def run(task: Task) -> str:
    """Run a replication, and return the file that has its result."""
    assert _runner is not None
    try:
        data = _runner.run(task)
    except MemoryError:
        raise MemoryError(f"replication {task.number}") from None  # without what it holds
    path = Path(_folder, task.key)
    path.write_bytes(data)  # a full disk is reported by the caller
    return str(path)


def obey_and_end_with_parent() -> None:
    """End this process when it is told to, or when the one that started it is gone."""
    if hasattr(signal, "pthread_sigmask"):
        # a pool that breaks terminates its processes, which may wait for one that is dead
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # nobody would take its results
