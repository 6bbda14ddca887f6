"""What all hunters share: the command line in this process, bounds, and what was found."""

from __future__ import annotations

import io
import multiprocessing
import re
import resource
import shutil
import signal
import sys
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

MEMORY = 6 << 30  # of address space that a hunter may use [bytes]


class TooSlow(BaseException):
    """What was tried took longer than it may."""


class Find(NamedTuple):
    """Something that should not be: repeated by its hunter, seed and number."""

    number: int
    what: str  # in a word or two
    said: str  # in full


@dataclass
class Hunt:
    """What a hunter does: which numbers, from which seed, how large, and where finds go."""

    seed: int = 1
    size: int = 0
    out: Path | None = None


@dataclass
class Bag:
    """What a hunter has seen and found."""

    seen: Counter = field(default_factory=Counter)
    finds: list[Find] = field(default_factory=list)

    def add(self, other):
        self.seen.update(other.seen)
        self.finds += other.finds

    def find(self, hunt, number, what, said, *files):
        """Note a find, and keep the files it takes to see it again."""
        self.finds.append(Find(number, what, said))
        if hunt.out is None:
            return
        kept = hunt.out / f"{hunt.seed}-{number}"
        kept.mkdir(parents=True, exist_ok=True)
        for file in files:
            keep = shutil.copytree if file.is_dir() else shutil.copy2
            options = {"dirs_exist_ok": True, "symlinks": True} if file.is_dir() else {}
            keep(file, kept / file.name, **options)
        with (kept / "found.txt").open("a", encoding="utf-8", errors="replace") as told:
            told.write(f"{what}\n{said}\n\n")


class Answer(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


def rescuesim(*arguments):
    """Run the command line in this process; an internal error comes with its traceback."""
    from sim.cli import run

    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings():
        warnings.simplefilter("error")
        code = run([str(argument) for argument in arguments])
    said = err.getvalue()
    details = re.search(r"the details are in (\S+\.txt)", said)
    if code == 70 and details:
        path = Path(details[1])
        said += path.read_text(encoding="utf-8", errors="replace")
        path.unlink()
    return Answer(code, out.getvalue(), said)


@contextmanager
def within(seconds):
    """Let what is done here take so long and no longer."""

    def stop(number, frame):
        raise TooSlow(f"longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def hunting(work, hunt, numbers, jobs=1, at_once=1):
    """
    Return what ``work(hunt, numbers)`` finds, so many numbers at once.

    With several jobs each runs in a process whose memory is bounded; one that ends is a find.
    """
    chunks = [numbers[i : i + at_once] for i in range(0, len(numbers), at_once)]
    bag = Bag()
    if jobs <= 1:
        for i, chunk in enumerate(chunks, 1):
            bag.add(work(hunt, chunk))
            _tell(i, len(chunks), bag)
        return bag
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_bound) as pool:
        begun = {pool.submit(work, hunt, chunk): chunk for chunk in chunks}
        for i, future in enumerate(as_completed(begun), 1):
            try:
                bag.add(future.result())
            except Exception as error:  # the process ended, or the hunter is wrong
                number = begun[future][0]
                bag.finds.append(Find(number, "process", f"{type(error).__name__}: {error}"))
            _tell(i, len(chunks), bag)
    return bag


def _bound():
    """Bound the memory of this process, and leave Ctrl-C to the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _tell(done, of, bag):
    """Tell how far it is, in a line that is written over on a terminal."""
    if sys.stderr.isatty():
        print(f"\r{done} of {of}, {len(bag.finds)} found", end="", file=sys.stderr, flush=True)
