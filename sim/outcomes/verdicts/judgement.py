"""One word for each alternative, and which of several could be the best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sim.definitions import RESTRICTED_MEAN

from ..inference.envelope import p_above
from ..inference.replications import FEW, Spread
from ..measured.groupings import read_together
from ..observed.sample import Sample
from .comparisons import (
    ALPHA,
    BETTER,
    IDENTICAL,
    INCONCLUSIVE,
    MIXED,
    NO_DIFFERENCE,
    PRIMARY,
    WORSE,
    Comparison,
    compare_all,
    primary_differences,
)
from .gate import FAILED, NO_VERDICT, OPEN, Gate, Harm


@dataclass(frozen=True, slots=True)
class Judgement:
    """
    What may be said of an alternative as a whole, against the baseline.

    ``verdict`` is *worse* where the gate failed, even if others gain; else it follows from
    the primary measures: *no material difference*, *better*, *worse*, *mixed*, *inconclusive*; or
    *no verdict* below ten replications. ``rows`` are the primary differences.
    """

    alternative: str
    verdict: str
    gate: Gate
    rows: tuple[Comparison, ...]

    def of(self, *verdicts: str) -> tuple[Comparison, ...]:
        """Return the primary differences with one of these verdicts."""
        return tuple(row for row in self.rows if row.verdict in verdicts)

    def row(self, measure: str) -> Comparison | None:
        """Return the primary difference in a measure, None if it is not primary."""
        return next((row for row in self.rows if row.measure == measure), None)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """
    All that is concluded from a study.

    ``rows`` are the differences in every measure and group, ``best`` the alternatives that could
    be the best, the baseline among them.
    """

    rows: tuple[Comparison, ...]
    judgements: tuple[Judgement, ...]
    best: tuple[str, ...]

    @property
    def gates(self) -> dict[str, Gate]:
        """Each alternative's gate."""
        return {found.alternative: found.gate for found in self.judgements}

    @property
    def harmed(self) -> tuple[Harm, ...]:
        """The classes harmed, of all alternatives."""
        return tuple(harm for found in self.judgements for harm in found.gate.harmed)


def conclude(samples: Sequence[Sample]) -> Verdicts:
    """
    Return all that may be concluded from alternatives over the same replications.

    Raises
    ------
    SimError
        When they have different replications.

    """
    if len(samples) < 2:
        return Verdicts((), (), tuple(sample.name for sample in samples))
    rows, gates = compare_all(samples)
    found = judgements(rows, gates, [sample.name for sample in samples[1:]])
    return Verdicts(tuple(rows), tuple(found), could_be_best(samples, gates))


def judge(samples: Sequence[Sample]) -> list[Judgement]:
    """Return what may be said of every alternative but the first, which is the baseline."""
    if len(samples) < 2:
        return []
    rows, gates = primary_differences(samples)
    return judgements(rows, gates, [sample.name for sample in samples[1:]])


def judgements(
    rows: Iterable[Comparison], gates: Mapping[str, Gate], names: Sequence[str]
) -> list[Judgement]:
    """Return what follows from primary differences and gates, in the order of names."""
    own: dict[str, list[Comparison]] = {name: [] for name in names}
    for row in rows:
        if row.family == PRIMARY:
            own[row.alternative].append(row)
    found = []
    for name in names:
        gate = gates.get(name, Gate(NO_VERDICT))
        found.append(Judgement(name, _verdict(own[name], gate), gate, tuple(own[name])))
    return found


def _verdict(rows: Sequence[Comparison], gate: Gate) -> str:
    said = {row.verdict for row in rows}
    if rows and said == {IDENTICAL}:
        return NO_DIFFERENCE
    if gate.state == NO_VERDICT:
        return NO_VERDICT
    if gate.state == FAILED:
        return WORSE
    if rows and said <= {IDENTICAL, NO_DIFFERENCE}:
        return NO_DIFFERENCE
    if BETTER in said:
        return MIXED if WORSE in said else BETTER
    return WORSE if WORSE in said else INCONCLUSIVE


def could_be_best(samples: Sequence[Sample], gates: Mapping[str, Gate]) -> tuple[str, ...]:
    """
    Return the alternatives that may have the shortest restricted mean response time.

    Parameters
    ----------
    samples
        The alternatives, the baseline first, over the same replications.
    gates
        Of all but the baseline. One that leaves more people without help is not among the best,
        regardless of its mean, and excludes none.

    Notes
    -----
    An alternative stays in unless another is clearly shorter: one-sided, with each comparison at
    5 % over the number of others [1]_. Neither equal variances nor a common correlation is needed.
    Below ten replications everybody stays in.

    References
    ----------
    .. [1] S. S. Gupta, "On some multiple decision (selection and ranking) rules", *Technometrics*
       7(2), 1965, 225-245 (subset selection); Bonferroni's inequality for the pairs.

    """
    may = [s for s in samples if gates.get(s.name, Gate(OPEN)).state != FAILED]
    if len(samples[0].numbers) < FEW or len(may) < 2:
        return tuple(sample.name for sample in may)
    means = {sample.name: restricted_mean(sample) for sample in may}
    level = ALPHA / (len(may) - 1)
    return tuple(
        name
        for name, own in means.items()
        if own is not None
        and not any(
            p_above(own.minus(other)) < level
            for rival, other in means.items()
            if rival != name and other is not None and own.value > other.value
        )
    )


def restricted_mean(sample: Sample) -> Spread | None:
    """Return a sample's restricted mean response time [min]; None: no callouts."""
    for table in read_together(sample, {RESTRICTED_MEAN}):
        for column in table.columns:
            if column.label.name == RESTRICTED_MEAN and table.groups:
                return column.spread(table.groups[0][0])
    return None
