"""Choosing the best alternative: replications until one is left, or as many as one has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from sim.definitions import definition
from sim.errors import ResultsError
from sim.outcomes import Gate, Observations
from sim.outcomes.verdicts.gate import NO_VERDICT, OPEN

from ..running.alternatives import Design
from ..running.confirming import Confirmation, Winner, confirm
from ..running.journal import Journal
from ..running.processes import InProcess, Workers
from ..running.replication_file import Replication, decode
from ..running.runner import Runner, Task
from ..running.study_size import refuse_too_large
from ..running.study_tables import Table
from .candidates import Estimates, Gates
from .estimating import Pooled
from .kim_nelson import KimNelson
from .ocba import EqualAllocation, OptimalAllocation

AHEAD = 8  # observations asked for at a time, so that several processes have something to do
FRESH = 30  # replications, at least, on which the one chosen is confirmed
KN, EQUAL, OCBA = "kn", "equal", "ocba"
Procedure: TypeAlias = KimNelson | EqualAllocation | OptimalAllocation
_LOST = (
    "replication {} ended its process three times; without it a choice cannot be {}; the same "
    "command tries it again"
)


class SelectionRow(NamedTuple):
    """An alternative, its estimate where it ended and what became of it: `selection.csv`."""

    replications: int
    alternative: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    eliminated: int | None  # after how many replications
    gate: str
    status: str


class SelectionValue(NamedTuple):
    """The estimate of an alternative after so many replications: `values.csv`."""

    replications: int
    alternative: str
    value: float | None


@dataclass(frozen=True, slots=True)
class SelectionGoal:
    """What "best" means, and how sure to be; kept in the manifest, so that it can be run again."""

    measure: str
    method: str  # kn, equal or ocba
    delta: float  # the least difference that matters, in the measure's unit; kn
    said: str  # the same as people write it
    confidence: float = 0.95
    first: int = 20
    batch: int | None = None
    budget: int = 0  # replications over all alternatives; equal and ocba

    @property
    def maximise(self) -> bool:
        """Whether more is better."""
        return definition(self.measure).direction == "more"

    def at_least(self, alternatives: int) -> int:
        """Return how many replications each alternative has in any case."""
        return self.first if self.method == KN else max(1, self.budget // alternatives)

    def procedure(
        self, names: tuple[str, ...], estimates: Estimates, gates: Gates | None = None
    ) -> Procedure:
        """Return the procedure, ready to begin."""
        if self.method != KN:
            method = EqualAllocation if self.method == EQUAL else OptimalAllocation
            return method(names, self.budget, estimates, gates=gates, maximise=self.maximise)
        return KimNelson(
            names,
            self.delta,
            estimates,
            gates=gates,
            confidence=self.confidence,
            first=self.first,
            batch=self.batch,
            maximise=self.maximise,
            said=self.said,
            ahead=AHEAD,
        )


def wanted_of(record: Any) -> SelectionGoal:
    """
    Return what a manifest says was wanted.

    Raises
    ------
    ResultsError
        When it says something else, or names a measure that there is no more.

    """
    try:
        wanted = SelectionGoal(**_GoalRecord.model_validate(record, strict=True).model_dump())
        definition(wanted.measure)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ResultsError(
            "the selection there is damaged, or was made by a measure that this version does not "
            "have"
        ) from None
    return wanted


class _GoalRecord(BaseModel):
    """A goal as plain data; what is of another type, or out of range, is refused."""

    model_config = ConfigDict(extra="forbid")

    measure: str
    method: Literal["kn", "equal", "ocba"]
    delta: float = Field(ge=0, allow_inf_nan=False)
    said: str
    confidence: float = Field(gt=0.5, lt=1)
    first: int = Field(ge=2, le=100_000)
    batch: int | None = Field(ge=1, le=100_000)
    budget: int = Field(ge=0, le=100_000_000)


@dataclass(frozen=True)
class Selection:
    """
    Which alternative is best, what that rests on, and what is promised.

    ``gate`` is that of the best over the replications that chose it, None where it is the
    baseline; ``near`` are others that may be as good. ``trace`` has a row an alternative, with
    its estimate where it ended; ``values`` its estimate after each replication.
    """

    design: Design
    wanted: SelectionGoal
    best: str
    gate: Gate | None
    guarantee: str
    near: tuple[str, ...]
    values: Table[SelectionValue]
    trace: Table[SelectionRow]
    horizon: int  # [ms]
    confirmation: Confirmation | None = None

    def record(self) -> dict[str, Any]:
        """Return the choice as plain data."""
        return {
            "best": self.best,
            "gate": "" if self.gate is None else self.gate.state,
            "guarantee": self.guarantee,
            "near": list(self.near),
            "wanted": asdict(self.wanted),
        }


def run_selection(
    design: Design,
    wanted: SelectionGoal,
    *,
    runner: Runner | None = None,
    workers: Workers | None = None,
    journal: Journal | None = None,
    on_round: Callable[[int, int], None] | None = None,
    on_fresh: Callable[[int, int], None] | None = None,
) -> Selection:
    """
    Run a procedure to its end and return what it chose.

    Parameters
    ----------
    design
        The alternatives, the baseline first; how often they run is for the procedure to say.
    wanted
        What is best, and how sure to be.
    runner, workers, journal
        As in `study.run_study`.
    on_round
        Told after each round how many runs there have been and how many alternatives are left.
    on_fresh
        Told, of the fresh replications that confirm the best, how many there are and will be.

    Raises
    ------
    UsageError
        When there is nothing to measure the alternatives by, when it would fill the memory, or
        when a day has more callouts than can be drawn.
    ResultsError
        When a replication ends its process again and again.

    """
    runner = runner or Runner(design.alternatives, design.seed)
    refuse_too_large(design, runner.worlds, wanted.at_least(len(design.names)))
    workers = workers or InProcess(runner)
    pooled = Pooled(runner.worlds, wanted.measure)
    procedure = wanted.procedure(design.names, pooled, pooled.gates)
    rows: list[SelectionValue] = []
    while not procedure.done:
        tasks = [Task(number, names, False) for number, names in procedure.needs()]
        for number, found in _in_order(tasks, workers, journal):
            procedure.add(number, found)
            after, values = number + 1, procedure.candidates.value
            rows += [SelectionValue(after, name, values(name, after)) for name in found]
            if procedure.done:
                break
        if on_round is not None:
            on_round(len(rows), len(procedure.survivors))
    trace = _trace(pooled, procedure)
    winner, confirmation = _winner(design, wanted, pooled, procedure), None
    if winner is not None:
        told = (lambda done: on_fresh(done, winner.size)) if on_fresh is not None else None
        confirmation = confirm(winner, runner, workers, journal, told)
        _check_whole(winner, confirmation)
    return Selection(
        design,
        wanted,
        procedure.best,
        procedure.gate,
        _promise(procedure, design.names[0]),
        _near(wanted, pooled, procedure, trace),
        Table("values", SelectionValue._fields, tuple(rows)),
        trace,
        pooled.horizon,
        confirmation,
    )


def _trace(pooled: Pooled, procedure: Procedure) -> Table[SelectionRow]:
    """
    Return a row an alternative, with the estimate where it ended and what became of it.

    Those refused come first, then those left out in that order; the best is the last.
    """
    left, refused, ends = procedure.survivors, procedure.candidates.refused, procedure.ends
    order = sorted(ends, key=lambda name: (name == procedure.best, name not in refused))
    rows = []
    for name in order:
        ended = ends[name]
        row = pooled.estimate(name, ended)
        value = (None, None, None) if row is None else (row.value, row.low, row.high)
        gate = refused[name].gate.state if name in refused else ""
        if name == procedure.best:
            fate, gate = "best", "" if procedure.gate is None else procedure.gate.state
        elif name in refused:
            fate = f"{refused[name].why}: not a candidate"
        else:
            fate = "" if name in left else f"left out after {ended}"
        eliminated = None if name in left else ended
        unit = pooled.label.unit
        rows.append(SelectionRow(ended, name, *value, unit, eliminated, gate, fate))
    return Table("selection", SelectionRow._fields, tuple(rows))


def _promise(procedure: Procedure, baseline: str) -> str:
    """Return what is promised; nothing, where it is not shown that as many are reached."""
    gate = procedure.gate
    if gate is None or gate.state == OPEN:
        return procedure.guarantee
    few = "there are too few replications to tell" if gate.state == NO_VERDICT else (
        "it is not shown"
    )  # fmt: skip
    return (
        f"Nothing is promised: {few} whether as many are reached under {procedure.best} as under "
        f"{baseline}."
    )


def _near(
    wanted: SelectionGoal,
    pooled: Pooled,
    procedure: Procedure,
    trace: Table[SelectionRow],
) -> tuple[str, ...]:
    """Return the other candidates that may be as good as the best."""
    best, open_ = procedure.best, procedure.candidates.open
    if isinstance(procedure, EqualAllocation):
        return tuple(n for n in pooled.could_be_best(open_) if n != best) if procedure.ends else ()
    values = {
        row.alternative: row.value
        for row in trace
        if row.alternative in open_ and row.value is not None
    }
    return tuple(
        name
        for name, value in values.items()
        if name != best and best in values and abs(value - values[best]) < wanted.delta
    )


def _winner(
    design: Design, wanted: SelectionGoal, pooled: Pooled, procedure: Procedure
) -> Winner | None:
    """Return who is to be run again, and how often; None where that is the baseline."""
    best, baseline, had = procedure.best, design.names[0], procedure.candidates.had
    if best == baseline:
        return None
    own = procedure.ends[best]
    common = had(baseline) if isinstance(procedure, OptimalAllocation) else own
    chosen = pooled.sample(best, own), pooled.sample(baseline, common)
    first, size = max(map(had, design.names)), max(FRESH, design.plan.first)
    return Winner(*chosen, wanted.measure, first, size)


def _check_whole(winner: Winner, found: Confirmation | None) -> None:
    if found is None or found.failed_replications:
        number = winner.first if found is None else found.failed_replications[0]
        raise ResultsError(_LOST.format(number, "confirmed"))


def _in_order(
    tasks: list[Task], workers: Workers, journal: Journal | None
) -> Iterator[tuple[int, Mapping[str, Observations]]]:
    """Yield what each task gave in the order asked, in any order of arrival."""
    kept = {t: journal.read(t) for t in tasks} if journal is not None else {}
    done: dict[str, Replication] = {t.key: found for t, found in kept.items() if found is not None}
    missing = iter([task for task in tasks if task.key not in done])
    with closing(workers.run(missing)) as finished:
        for task in tasks:
            while task.key not in done:
                other, data = next(finished)
                if data is None:
                    raise ResultsError(_LOST.format(other.number, "made"))
                done[other.key] = decode(data)
                if journal is not None:
                    journal.put(other, data)
            yield task.number, done.pop(task.key).observations
