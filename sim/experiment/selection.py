"""Choosing the best alternative: replications where they tell most, until one is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from sim.errors import ResultsError, UsageError
from sim.outcomes import headline

from .alternatives import Design
from .budget import Budget
from .journal import Journal
from .processes import Here, Workers
from .ranking import Selector
from .runner import Runner, Task
from .shards import Replication, decode
from .study import sample_of
from .tables import Table

AHEAD = 8  # observations asked for at a time, so that several processes have something to do


@dataclass(frozen=True, slots=True)
class Wanted:
    """What "best" means, and how sure to be; kept in the manifest, so that it can be run again."""

    measure: str
    method: str  # kn or ocba
    delta: float  # the least difference that matters, in the measure's unit; kn
    said: str  # the same as people write it
    confidence: float = 0.95
    first: int = 20
    batch: int | None = None
    budget: int = 0  # replications over all alternatives; ocba

    @property
    def maximise(self) -> bool:
        """Whether more is better."""
        return self.measure.startswith("share:") or self.measure == "survival"

    def procedure(self, names: tuple[str, ...]) -> Selector | Budget:
        """Return the procedure, ready to begin."""
        if self.method == "ocba":
            return Budget(names, self.budget, maximise=self.maximise)
        return Selector(
            names,
            self.delta,
            confidence=self.confidence,
            first=self.first,
            batch=self.batch,
            maximise=self.maximise,
            said=self.said,
            ahead=AHEAD,
        )


@dataclass(frozen=True)
class Selection:
    """Which alternative is best, what that rests on, and what is promised."""

    design: Design
    wanted: Wanted
    best: str
    guarantee: str
    values: Table  # replication, alternative, value
    trace: Table


def run_selection(
    design: Design,
    wanted: Wanted,
    *,
    runner: Runner | None = None,
    workers: Workers | None = None,
    journal: Journal | None = None,
    on_round: Callable[[int, int], None] | None = None,
) -> Selection:
    """
    Run a procedure to its end and return what it chose.

    Parameters
    ----------
    design
        The alternatives; how often they run is for the procedure to say.
    wanted
        What is best, and how sure to be.
    runner, workers, journal
        As in `study.run_study`.
    on_round
        Told after each round how many runs there have been and how many alternatives are left.

    Raises
    ------
    UsageError
        When no replication has a value of the measure.
    ResultsError
        When a replication ends its process again and again.

    """
    runner = runner or Runner(design.alternatives, design.seed)
    workers = workers or Here(runner)
    procedure = wanted.procedure(design.names)
    rows: list[tuple[int, str, float]] = []
    while not procedure.done:
        tasks = [Task(number, names, False) for number, names in procedure.needs()]
        for number, found in _in_order(tasks, runner, workers, journal, wanted.measure):
            procedure.add(found)
            rows += [(number, name, value) for name, value in found.items()]
            if procedure.done:
                break
        if on_round is not None:
            on_round(len(rows), len(getattr(procedure, "survivors", design.names)))
    trace = Table("selection", procedure.columns, tuple(tuple(r) for r in procedure.trace))
    values = Table("values", ("replication", "alternative", "value"), tuple(rows))
    return Selection(design, wanted, procedure.best, procedure.guarantee, values, trace)


def _in_order(
    tasks: list[Task],
    runner: Runner,
    workers: Workers,
    journal: Journal | None,
    measure: str,
) -> Iterator[tuple[int, Mapping[str, float]]]:
    """Yield each task's number and values in the order asked, whatever order they come in."""
    kept = {t: journal.read(t) for t in tasks} if journal is not None else {}
    done = {task.key: found for task, found in kept.items() if found is not None}
    missing = iter([task for task in tasks if task.key not in done])
    with closing(workers.run(missing)) as finished:
        for task in tasks:
            while task.key not in done:
                other, data = next(finished)
                if data is None:
                    raise ResultsError(
                        f"replication {other.number} ended its process three times; a selection "
                        "cannot go on without it"
                    )
                done[other.key] = decode(data)
                if journal is not None:
                    journal.put(other, data)
            yield task.number, _values(done.pop(task.key), task, runner, measure)


def _values(replication: Replication, task: Task, runner: Runner, measure: str) -> dict[str, float]:
    values = {}
    for name in task.alternatives:
        sample = sample_of(
            name, runner.worlds[name], replication.observations[name], (replication.number,)
        )
        found = {e.measure: e.value for e in headline(sample, [measure])}
        if measure not in found:
            known = ", ".join(e.measure for e in headline(sample))
            raise UsageError(f"--by: there is no measure {measure!r}; there are {known}")
        value = found[measure]
        if value is None:
            raise UsageError(
                f"--by: replication {replication.number} of {name!r} has no value of {measure}; "
                "run longer, or choose another measure"
            )
        values[name] = value
    return values
