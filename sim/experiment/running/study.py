"""
A study: replications of all alternatives on the same callouts, as many as it takes.

Results are taken from contiguous replications from the first, in any order of arrival, so they are
the same for any number of processes.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace

from sim.definitions import DIFFERENCE, RESTRICTED_MEAN
from sim.errors import ResultsError
from sim.outcomes import (
    Observations,
    Sample,
    headline,
    headline_differences,
    stack,
)
from sim.world import World

from .alternatives import Alternative, Design
from .confirming import LEAST, Confirmation, Winner, best_of, confirm
from .journal import Journal
from .precision import Width, precise, widths
from .processes import InProcess, Workers
from .replication_file import Replication, decode
from .runner import Runner, Task
from .samples import samples_of
from .study_size import refuse_too_large

_HOPELESS = 3  # replications that fail before any is done: the cause is elsewhere
_NONE_RAN = (
    "no replication could be run: each ended its process three times, perhaps for lack of memory; "
    "try --jobs 1"
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a study is; what was kept from an earlier run does not tell how long one takes."""

    done: int
    wanted: int  # by what is known so far
    kept: int
    seconds: float  # since it began
    started: tuple[int, float] = (0, 0.0)  # replications run and seconds, once all processes ran

    @property
    def left(self) -> float | None:
        """Seconds left, if replications go on taking as long as they did; None: not known yet."""
        ran, seconds = self.done - self.kept, self.seconds
        if ran >= 2 * self.started[0]:  # else too few came after the start to tell
            ran, seconds = ran - self.started[0], seconds - self.started[1]
        if ran <= 0 or seconds <= 0:
            return None
        return max(0, self.wanted - self.done) * seconds / ran


@dataclass(frozen=True)
class Study:
    """What all replications of all alternatives gave; the first alternative is the baseline."""

    design: Design
    worlds: dict[str, World]
    observations: dict[str, Observations]
    numbers: tuple[int, ...]  # of the replications, in the order stacked
    failed_replications: tuple[
        int, ...
    ] = ()  # replications that ended their process again and again
    widths: tuple[Width, ...] = ()  # half-widths reached, where some were wanted
    confirmation: Confirmation | None = None  # what fresh replications say of the best of several

    def __repr__(self) -> str:
        names = ", ".join(self.design.names)
        return f"<Study of {names}: {self.replications} replications, seed {self.design.seed}>"

    @property
    def alternatives(self) -> dict[str, Alternative]:
        """The alternatives by name."""
        return {a.name: a for a in self.design.alternatives}

    @property
    def baseline(self) -> str:
        """The alternative that the others are compared with."""
        return self.design.names[0]

    @property
    def world(self) -> World:
        """The baseline's world."""
        return self.worlds[self.baseline]

    @property
    def replications(self) -> int:
        """How many replications were run."""
        return len(self.numbers)

    @property
    def samples(self) -> list[Sample]:
        """The observations with the data needed to measure them, the baseline first."""
        return samples_of(self.design.names, self.worlds, self.observations, self.numbers)


def run_study(
    design: Design,
    *,
    runner: Runner | None = None,
    workers: Workers | None = None,
    journal: Journal | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    fresh: bool = False,
) -> Study:
    """
    Run the replications of a study and return what they gave.

    Parameters
    ----------
    design
        What is run, as `design_of` returns it.
    runner
        The alternatives made ready, if they are already.
    workers
        Where replications run; in this process if not given. Results do not depend on it.
    journal
        Where finished replications are kept, with their logs; what it holds is not run again.
    on_progress
        Told how far the study is, after each replication.
    fresh
        Whether the best of three alternatives or more, if it is not the baseline, is run again
        with the baseline, as often, on replications that were not used to choose it.

    Raises
    ------
    UsageError
        When it would fill the memory, or have days with more callouts than can be drawn.
    ResultsError
        When no replication could be run to its end, or the journal cannot be written.
    PolicyError
        When a policy fails.

    """
    runner = runner or Runner(design.alternatives, design.seed)
    refuse_too_large(design, runner.worlds)
    rows = _Rows(design, journal)
    looks = design.plan.looks()
    wanted, reached = next(looks), list[Width]()
    teller = _Teller(rows, wanted, getattr(workers, "jobs", 1), on_progress)
    teller.tell()
    workers = workers or InProcess(runner)
    with closing(workers.run(rows.missing())) as finished:
        while True:
            while rows.contiguous() < wanted:
                task, data = next(finished)
                rows.settle(task, data)
                teller.tell()
            if not design.plan.goals:
                break
            reached = _widths(design, runner, rows, wanted)
            further = next(looks, None)
            if precise(reached) or further is None:
                break
            teller.wanted = _foreseen(design, reached, wanted)
            wanted = further
    study = _study(design, runner, rows, wanted, reached)
    return _confirmed(study, wanted, runner, workers, journal, teller) if fresh else study


def _confirmed(
    study: Study,
    wanted: int,
    runner: Runner,
    workers: Workers,
    journal: Journal | None,
    teller: _Teller,
) -> Study:
    """Return the study with what fresh replications say of its best alternative."""
    samples = study.samples
    best = best_of(samples)
    if best is None:
        return study
    of = {sample.name: sample for sample in samples}
    winner = Winner(of[best], samples[0], RESTRICTED_MEAN, wanted, max(wanted, LEAST))
    teller.wanted = len(teller.rows.done) + winner.size
    found = confirm(winner, runner, workers, journal, teller.tell)
    failed_replications = (
        range(wanted, wanted + winner.size) if found is None else found.failed_replications
    )
    return replace(
        study,
        confirmation=found,
        failed_replications=(*study.failed_replications, *failed_replications),
    )


def _foreseen(design: Design, reached: list[Width], done: int) -> int:
    """Return how many replications it will take: half-widths shrink with the square root."""
    plan = design.plan
    need = done + plan.every
    for width in reached:
        if not width.met:
            if not width.half_width or not width.wanted:
                return plan.at_most
            need = max(need, math.ceil(done * (width.half_width / width.wanted) ** 2))
    return min(plan.at_most, need)


class _Teller:
    """Tells how far a study is."""

    def __init__(
        self,
        rows: _Rows,
        wanted: int,
        jobs: int,
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        self.rows, self.wanted, self.jobs, self.on_progress = rows, wanted, jobs, on_progress
        self.began, self.started = time.monotonic(), (0, 0.0)

    def tell(self, fresh: int = 0) -> None:
        at, done = time.monotonic() - self.began, len(self.rows.done) + fresh
        if not self.started[0] and done - self.rows.kept == self.jobs > 1:
            self.started = self.jobs, at  # by now all processes have started
        if self.on_progress is not None:
            wanted = max(self.wanted, done)
            self.on_progress(Progress(done, wanted, self.rows.kept, at, self.started))


class _Rows:
    """The replications that are finished: done, or failed."""

    def __init__(self, design: Design, journal: Journal | None) -> None:
        self.design, self.journal = design, journal
        self.done: dict[int, dict[str, Observations]] = {}
        self.failed_replications: set[int] = set()
        self._unbroken = 0
        if journal is not None and journal.kept():
            for number in range(design.plan.at_most):
                found = journal.read(self.task(number))
                if found is not None:
                    self._keep(found)
        self.kept = len(self.done)

    def missing(self) -> Iterator[Task]:
        """Yield what has to be run, in order."""
        have = set(self.done)
        for number in range(self.design.plan.at_most):
            if number not in have:
                yield self.task(number)

    def task(self, number: int) -> Task:
        """Return what running a replication takes."""
        logged = self.journal is not None and number < self.design.logged
        return Task(number, self.design.names, logged)

    def settle(self, task: Task, data: bytes | None) -> None:
        """Take what a task gave."""
        if data is None:
            self.failed_replications.add(task.number)
            if not self.done and len(self.failed_replications) >= _HOPELESS:
                raise ResultsError(_NONE_RAN)
            return
        self._keep(decode(data))
        if self.journal is not None:
            self.journal.put(task, data)

    def _keep(self, replication: Replication) -> None:
        self.done[replication.number] = replication.observations

    def contiguous(self) -> int:
        """Return how many replications are finished from the first without a gap."""
        while self._unbroken in self.done or self._unbroken in self.failed_replications:
            self._unbroken += 1
        return self._unbroken

    def numbers(self, wanted: int) -> tuple[int, ...]:
        """Return the replications done among the first."""
        return tuple(number for number in range(wanted) if number in self.done)


def _samples(runner: Runner, rows: _Rows, wanted: int) -> list[Sample]:
    numbers = rows.numbers(wanted)
    if not numbers:
        raise ResultsError(_NONE_RAN)
    names = rows.design.names
    stacked = {name: stack([rows.done[n][name] for n in numbers]) for name in names}
    return samples_of(names, runner.worlds, stacked, numbers)


def _widths(design: Design, runner: Runner, rows: _Rows, wanted: int) -> list[Width]:
    samples = _samples(runner, rows, wanted)
    goals = [goal.measure for goal in design.plan.goals]
    alone = [measure for measure in goals if not measure.startswith(DIFFERENCE)]
    paired = [m.removeprefix(DIFFERENCE) for m in goals if m.startswith(DIFFERENCE)]
    estimates = {s.name: headline(s, alone) if alone else [] for s in samples}
    differences = headline_differences(samples, paired) if paired else []
    return widths(design.plan, estimates, differences)


def _study(design: Design, runner: Runner, rows: _Rows, wanted: int, reached: list[Width]) -> Study:
    samples = _samples(runner, rows, wanted)
    return Study(
        design,
        runner.worlds,
        {sample.name: sample.observations for sample in samples},
        samples[0].numbers,
        tuple(sorted(n for n in rows.failed_replications if n < wanted)),
        tuple(reached),
    )
