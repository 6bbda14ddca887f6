"""
Much work on one large thing, in blocks: here, or in processes that each read the thing once.

A block is work of seconds that can be done again; so, other than replications (`processes`), what
a lost process had in hand is not saved: the command fails, and says so.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from sim.errors import ResultsError

from .processes import deferred, undisturbed
from .worker_process import obey_and_end_with_parent

Thing = TypeVar("Thing")
Block = TypeVar("Block")
Result = TypeVar("Result")
_HEAR = 0.1  # seconds within which a signal is heard while we wait


def in_blocks(
    work: Callable[[Thing, Block], Result], thing: Thing, blocks: Sequence[Block], jobs: int
) -> Iterator[Result]:
    """
    Yield what ``work`` makes of a thing and each block, in any order.

    Parameters
    ----------
    work
        A function of a module, so that other processes find it.
    thing
        What all blocks need.
    blocks
        In the order in which they are begun.
    jobs
        How many processes; 1: none but this one.

    Raises
    ------
    ResultsError
        When a process is ended from outside.

    """
    if jobs <= 1 or len(blocks) <= 1:
        for block in blocks:
            yield work(thing, block)
        return
    with TemporaryDirectory(prefix="rescuesim-") as folder:
        path = Path(folder, "thing")
        with path.open("wb") as file:
            pickle.dump((work, thing), file, pickle.HIGHEST_PROTOCOL)
        pool = ProcessPoolExecutor(jobs, get_context("spawn"), _prepare, (str(path),))
        try:
            yield from _together(pool, blocks, jobs)
        except BrokenProcessPool:
            raise ResultsError("a process was ended from outside; try again, or --jobs 1") from None
        finally:
            pool.shutdown(cancel_futures=True)


def _together(pool: ProcessPoolExecutor, blocks: Sequence[Any], jobs: int) -> Iterator[Any]:
    left = iter(blocks)
    flying: set[Future[Any]] = set()
    while True:
        while len(flying) < 2 * jobs and (block := next(left, None)) is not None:
            with undisturbed():  # processes are started here
                flying.add(pool.submit(_work_on, block))
        if not flying:
            return
        with deferred():
            done, flying = wait(flying, _HEAR, FIRST_COMPLETED)
        for future in done:
            yield future.result()


_work: Callable[[Any, Any], Any] | None = None
_thing: Any = None


def _prepare(path: str) -> None:
    global _work, _thing
    obey_and_end_with_parent()
    with Path(path).open("rb") as file:
        _work, _thing = pickle.load(file)  # noqa: S301 - from our own process


def _work_on(block: Any) -> Any:
    assert _work is not None
    return _work(_thing, block)
