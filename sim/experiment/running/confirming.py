"""
Fresh draws for a winner: replications that were not used to choose it.

The best of several looks better than it is, because chance had a part in its being the best. So
it is run once more, with the baseline, on replications with numbers after those used, and what is
said of it is said of those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel, Field, TypeAdapter

from sim.definitions import RESTRICTED_MEAN
from sim.outcomes import (
    Comparison,
    Estimate,
    Gate,
    Harm,
    Judgement,
    Observations,
    Sample,
    headline,
    headline_differences,
    judge,
    stack,
)
from sim.outcomes.inference.envelope import settled
from sim.outcomes.verdicts.gate import FAILED, NO_VERDICT

from .journal import Journal
from .processes import Workers
from .replication_file import decode
from .runner import Runner, Task
from .samples import sample_of

LEAST = 10  # fresh replications: with fewer there is no verdict


class ConfirmationRow(NamedTuple):
    """What fresh replications say of the one chosen in a measure, as in `confirmation.csv`."""

    alternative: str
    baseline: str
    measure: str
    unit: str
    replications: int
    first_replication: int
    value: float | None
    low: float | None
    high: float | None
    baseline_value: float | None
    baseline_low: float | None
    baseline_high: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    verdict: str
    p: float | None
    p_adjusted: float | None
    difference_when_chosen: float | None


@dataclass(frozen=True)
class Confirmation:
    """
    What fresh replications say of an alternative that was chosen among several.

    ``chosen`` is its difference to the baseline, by measure, in the replications it was chosen
    on; ``estimates`` and ``judgement`` are of the fresh ones alone. ``failed_replications`` are
    those that ended their process again and again.
    """

    best: str
    baseline: str
    by: str  # the measure by which it was chosen
    numbers: tuple[int, ...]
    failed_replications: tuple[int, ...]
    estimates: tuple[tuple[str, Estimate], ...]
    judgement: Judgement
    chosen: Mapping[str, float]

    @property
    def replications(self) -> int:
        """How many there are."""
        return len(self.numbers)

    def row(self, measure: str) -> Comparison | None:
        """Return the difference in a measure, None if it is not judged."""
        return self.judgement.row(measure)

    @property
    def rows(self) -> tuple[ConfirmationRow, ...]:
        """One for each primary measure, and that by which it was chosen."""
        found = {(name, estimate.measure): estimate for name, estimate in self.estimates}
        rows = []
        for row in self.judgement.rows:
            own, theirs = (found.get((name, row.measure)) for name in (self.best, self.baseline))
            rows.append(ConfirmationRow(
                self.best, self.baseline, row.measure, row.unit, self.replications,
                self.numbers[0], *_interval(own), *_interval(theirs),
                row.difference, row.low, row.high, row.verdict, row.p, row.p_adjusted,
                self.chosen.get(row.measure),
            ))  # fmt: skip
        return tuple(rows)

    def record(self) -> dict[str, Any]:
        """Return all of it as plain data, from which `confirmation_of` makes it again."""
        gate = self.judgement.gate
        return {
            "best": self.best,
            "baseline": self.baseline,
            "by": self.by,
            "numbers": list(self.numbers),
            "failed_replications": list(self.failed_replications),
            "verdict": self.judgement.verdict,
            "gate": {"state": gate.state, "harmed": [harm._asdict() for harm in gate.harmed]},
            "chosen": dict(self.chosen),
            "estimates": [{"alternative": n, **e._asdict()} for n, e in self.estimates],
            "differences": [row._asdict() for row in self.judgement.rows],
        }


def confirmation_of(record: Mapping[str, Any]) -> Confirmation:
    """
    Return the confirmation that a manifest holds.

    Raises
    ------
    KeyError, ValueError
        When it holds something else.

    """
    found = _Record.model_validate(record, strict=True)
    gate = Gate(found.gate.state, tuple(found.gate.harmed))
    estimates = [dict(row) for row in found.estimates]
    return Confirmation(
        found.best,
        found.baseline,
        found.by,
        tuple(found.numbers),
        tuple(found.failed_replications),
        tuple((str(row.pop("alternative")), _estimate(row)) for row in estimates),
        Judgement(found.best, found.verdict, gate, tuple(found.differences)),
        found.chosen,
    )


def _estimate(row: dict[str, Any]) -> Estimate:
    return _ESTIMATE.validate_python(row, strict=True)


class _GateRecord(BaseModel):
    state: str
    harmed: list[Harm]


class _Record(BaseModel):
    """A confirmation as plain data; what is of another type is refused."""

    best: str
    baseline: str
    by: str
    numbers: list[int] = Field(min_length=1, max_length=100_000)
    failed_replications: list[int]
    verdict: str
    gate: _GateRecord
    chosen: dict[str, float]
    estimates: list[dict[str, Any]]
    differences: list[Comparison]


_ESTIMATE = TypeAdapter(Estimate)


def _interval(found: Estimate | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if found is None else (found.value, found.low, found.high)


def best_of(samples: Sequence[Sample]) -> str | None:
    """
    Return which of several alternatives would be taken; None: none is, or the baseline.

    It is that with the shortest restricted mean response time among those that do not leave more
    people without help. Of two there is nothing to choose, and below ten replications nothing is
    concluded.
    """
    if len(samples) < 3:
        return None
    judged = judge(samples)
    if any(found.gate.state == NO_VERDICT for found in judged):
        return None
    refused = {found.alternative for found in judged if found.gate.state == FAILED}
    values = {s.name: _value(s, RESTRICTED_MEAN) for s in samples if s.name not in refused}
    known = {name: value for name, value in values.items() if value is not None}
    best = min(known, key=known.__getitem__, default=None)  # the first of equal ones
    return None if best == samples[0].name else best


def _value(sample: Sample, measure: str) -> float | None:
    return next((row.value for row in headline(sample, [measure])), None)


@dataclass(frozen=True)
class Winner:
    """Who was chosen, by which measure, on what, and how often it is to be run again."""

    best: Sample
    baseline: Sample
    by: str
    first: int  # number of the first fresh replication
    size: int


def confirm(
    winner: Winner,
    runner: Runner,
    workers: Workers,
    journal: Journal | None = None,
    on_done: Callable[[int], None] | None = None,
) -> Confirmation | None:
    """
    Run a winner and the baseline on fresh replications and return what these say.

    Parameters
    ----------
    winner
        Who was chosen, and on what.
    runner, workers, journal
        As in `study.run_study`.
    on_done
        Told how many replications there are, after each.

    Returns
    -------
    None where every replication failed.

    """
    names = winner.baseline.name, winner.best.name
    tasks = [Task(winner.first + n, names, False) for n in range(winner.size)]
    found = _run(tasks, workers, journal, on_done or (lambda done: None))
    numbers = tuple(task.number for task in tasks if task.number in found)
    if not numbers:
        return None
    fresh = [
        sample_of(name, runner.worlds[name], stack([found[n][name] for n in numbers]), numbers)
        for name in names
    ]
    (judged,) = judge(fresh)
    if judged.row(winner.by) is None:
        more = headline_differences(fresh, [winner.by])
        judged = Judgement(judged.alternative, judged.verdict, judged.gate, (*judged.rows, *more))
    measures = [row.measure for row in judged.rows]
    return Confirmation(
        winner.best.name,
        winner.baseline.name,
        winner.by,
        numbers,
        tuple(task.number for task in tasks if task.number not in found),
        tuple((s.name, row) for s in fresh for row in headline(s, measures)),
        judged,
        _when_chosen(winner, measures),
    )


def _run(
    tasks: Sequence[Task],
    workers: Workers,
    journal: Journal | None,
    on_done: Callable[[int], None],
) -> dict[int, dict[str, Observations]]:
    """Return what the tasks gave by number, without those that failed."""
    found: dict[int, dict[str, Observations]] = {}
    for task in tasks if journal is not None else ():
        assert journal is not None
        kept = journal.read(task)
        if kept is not None:
            found[task.number] = kept.observations
    missing = iter([task for task in tasks if task.number not in found])
    with closing(workers.run(missing)) as finished:
        for task, data in finished:
            if data is not None:
                found[task.number] = decode(data).observations
                if journal is not None:
                    journal.put(task, data)
            on_done(len(found))
    return found


def _when_chosen(winner: Winner, measures: Sequence[str]) -> dict[str, float]:
    """Return the differences in the replications that the winner was chosen on."""
    own, theirs = (
        {row.measure: row.value for row in headline(sample, measures) if row.value is not None}
        for sample in (winner.best, winner.baseline)
    )
    return {
        name: settled(value - theirs[name], max(1.0, abs(value), abs(theirs[name])))
        for name, value in own.items()
        if name in theirs
    }
