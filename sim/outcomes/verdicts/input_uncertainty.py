"""
What a study shows once the record counts, too, that its scenario was fitted to.

Replications say how far the simulation of one scenario may be off; that the scenario itself rests
on a record of some weeks they cannot see. Here each measure has both errors (`two_errors`), and the
rules of `comparisons` are applied to both together. A verdict stands where they give the same, and
becomes *inconclusive* where they do not: an inconclusive difference is never made firm.

What is missing follows from the same rules with the record's error alone, which is what endless
replications would leave. Classes that are harmed (`gate`) are judged by the simulation alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from sim.definitions import Definition

from ..inference.envelope import settled
from ..inference.intervals import Paired
from ..inference.replications import Spread
from ..inference.two_errors import TwoErrors, VarianceSplit, variance_split, widened
from ..measured.grouped_sums import GroupedMeasures
from ..measured.groupings import read_together
from ..measured.summary import headline
from ..observed.sample import Sample, Standards
from .comparisons import (
    IDENTICAL,
    INCONCLUSIVE,
    NO_DIFFERENCE,
    NO_WORD,
    PRIMARY,
    Comparison,
    judged_together,
)
from .differences import ALL, Difference, against_first, margin_of
from .judgement import Verdicts, judgements

RECORD, REPLICATIONS = "a longer record", "more replications"
BOTH, EITHER = f"{RECORD} and {REPLICATIONS}", f"{RECORD} or {REPLICATIONS}"
NOTHING, UNKNOWN = "", "unknown"
NEGATIVE = "the record's variance came out negative and is set to zero"
NOT_IN_ALL = "not measured under every drawn record"
Key = tuple[str, str]  # alternative, measure


class InputRow(NamedTuple):
    """
    A measure, or its difference to the baseline, with the error of the record in it.

    ``baseline`` is empty where it is a measure of one alternative. Half-widths are those of 95 %
    intervals for one error alone; ``low`` and ``high`` are for both together. ``record_share`` is
    the part of the variance that comes from the record; ``drawn_mean`` the mean over the models
    fitted to drawn records. ``verdict`` counts both errors, and ``missing`` says what an
    inconclusive one lacks. What there is not is None.
    """

    alternative: str
    baseline: str
    measure: str
    value: float | None
    simulation_half_width: float | None
    record_half_width: float | None
    low: float | None
    high: float | None
    unit: str
    record_share: float | None
    drawn_mean: float | None
    verdict_of_simulation: str
    verdict: str
    missing: str
    drawn_records: int
    replications: int
    note: str


class InputJudgement(NamedTuple):
    """What may be said of an alternative as a whole, and what is missing to say more."""

    alternative: str
    verdict_of_simulation: str
    verdict: str
    missing: str


@dataclass(frozen=True)
class InputUncertainty:
    """All rows, those of the alternatives first, then the differences; and the judgements."""

    rows: tuple[InputRow, ...]
    judgements: tuple[InputJudgement, ...]


@dataclass(frozen=True, eq=False)
class DrawnModel:
    """What a model fitted to a drawn record gave: measures, and differences, over all callouts."""

    measures: Mapping[Key, Spread]
    differences: Mapping[Key, Difference]

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> DrawnModel:
        """Read the samples of its alternatives, the baseline first."""
        tables = [read_together(sample) for sample in samples]
        measures = {
            (sample.name, label.name): found
            for sample, own in zip(samples, tables, strict=True)
            for label, found in _measures(own)
        }
        found = against_first(samples, tables)
        return cls(measures, {(d.alternative, d.label.name): d for d in found})


def _measures(tables: Sequence[GroupedMeasures]) -> Iterator[tuple[Definition, Spread]]:
    for table in tables:
        for column in table.columns if table.compared else ():
            found = column.spread(table.groups[0][0]) if table.groups else None
            if found is not None:
                yield column.label, found


@dataclass(frozen=True)
class RecordError:
    """How the record's variance is taken: ``inflation`` times the split, ``freedom`` for t."""

    inflation: float
    freedom: int


def with_record(
    samples: Sequence[Sample],
    verdicts: Verdicts,
    models: Sequence[DrawnModel],
    error: RecordError,
) -> InputUncertainty:
    """
    Return what a study shows with the error of its record.

    Parameters
    ----------
    samples
        The alternatives as fitted to the record itself, the baseline first.
    verdicts
        What is concluded from them by the simulation alone.
    models
        What the models fitted to drawn records gave, over the same replications.
    error
        How the record's variance is taken.

    """
    found = against_first(samples, [read_together(sample) for sample in samples])
    splits = [_split([_apart(model, one) for model in models]) for one in found]
    judged = _Judged(samples, verdicts, found, splits, error)
    names = [sample.name for sample in samples]
    values = [row for sample in samples for row in _value_rows(sample, models, error)]
    paired = [_difference_row(judged, n, names[0], len(models)) for n in range(len(found))]
    return InputUncertainty((*values, *paired), tuple(judged.judgements(names[1:])))


def _apart(model: DrawnModel, found: Difference) -> Spread | None:
    drawn = model.differences.get((found.alternative, found.label.name))
    return None if drawn is None else drawn.paired.apart


def _split(spreads: Sequence[Spread | None]) -> VarianceSplit | None:
    """Return the split of a measure; None where a drawn record has none to split."""
    known = [spread for spread in spreads if spread is not None and not spread.no_interval]
    return variance_split(known) if len(known) == len(spreads) > 1 else None


def _errors(spread: Spread, split: VarianceSplit, error: RecordError) -> TwoErrors:
    variance = max(split.record, 0.0) * error.inflation
    return TwoErrors(spread, float(np.sqrt(variance)), error.freedom)


def _with_error(
    found: Difference,
    split: VarianceSplit | None,
    error: RecordError,
    standards: Standards,
    endless: bool = False,
) -> Difference:
    """Return a difference with the record's error too, or (``endless``) with that alone."""
    apart = found.paired.apart
    if split is None or apart is None:
        return replace(found, identical=False, p=None, p_equivalence=None)
    if found.identical and not split.between:
        return found
    errors = _errors(apart, split, error)
    errors = errors.without_simulation() if endless else errors
    low, high = errors.limits()
    margin = margin_of(found.label, standards)
    paired: Paired = replace(found.paired, low=low, high=high, apart=errors.simulation)
    return replace(
        found, paired=paired, identical=False, p=errors.p_different(),
        p_equivalence=None if margin is None else errors.p_within(margin),
    )  # fmt: skip


class _Judged:
    """Differences judged by the simulation alone, by both errors, and by the record's alone."""

    def __init__(
        self,
        samples: Sequence[Sample],
        verdicts: Verdicts,
        found: Sequence[Difference],
        splits: Sequence[VarianceSplit | None],
        error: RecordError,
    ) -> None:
        self.found, self.splits, self.error, self.verdicts = found, splits, error, verdicts
        self.simulated = {(r.alternative, r.measure): r for r in verdicts.rows if r.group == ALL}
        each = list(zip(found, splits, strict=True))
        standards = samples[0].standards
        self.both, self.gates = judged_together(
            samples, [_with_error(*one, error, standards) for one in each]
        )
        self.alone, self.gates_alone = judged_together(
            samples, [_with_error(*one, error, standards, endless=True) for one in each]
        )

    def row(self, number: int) -> Comparison:
        """Return a difference as the simulation alone has it."""
        found = self.found[number]
        return self.simulated[found.alternative, found.label.name]

    def stands(self, number: int) -> tuple[str, str]:
        """Return the verdict of a difference, and what is missing."""
        known = self.splits[number] is not None
        simulated, both, alone = self.row(number), self.both[number], self.alone[number]
        return _stands(simulated.verdict, both.verdict, alone.verdict, known)

    def judgements(self, names: Sequence[str]) -> Iterator[InputJudgement]:
        """Yield what may be said of each alternative."""
        unknown = {
            row.alternative
            for row, split in zip(self.both, self.splits, strict=True)
            if row.family == PRIMARY and split is None and row.verdict == INCONCLUSIVE
        }
        both = judgements(self.both, self.gates, names)
        alone = judgements(self.alone, self.gates_alone, names)
        for own, all_, rest in zip(self.verdicts.judgements, both, alone, strict=True):
            known = own.alternative not in unknown
            stands = _stands(own.verdict, all_.verdict, rest.verdict, known)
            yield InputJudgement(own.alternative, own.verdict, *stands)


def _stands(simulated: str, both: str, alone: str, known: bool) -> tuple[str, str]:
    """Return the verdict that both errors leave of that of the simulation, and what is missing."""
    if simulated == both or (simulated, both) == (IDENTICAL, NO_DIFFERENCE):
        verdict = both
    else:
        verdict = INCONCLUSIVE
    if verdict != INCONCLUSIVE:
        return verdict, NOTHING
    if not known:
        return verdict, UNKNOWN
    if alone == INCONCLUSIVE:
        return verdict, BOTH if simulated == INCONCLUSIVE else RECORD
    return verdict, REPLICATIONS if simulated == INCONCLUSIVE else EITHER


def _value_rows(
    sample: Sample, models: Sequence[DrawnModel], error: RecordError
) -> Iterator[InputRow]:
    """Yield the measures of an alternative; a share's limits stay between 0 and 1."""
    own = {label.name: spread for label, spread in _measures(read_together(sample))}
    for row in headline(sample):
        split = _split([model.measures.get((sample.name, row.measure)) for model in models])
        spread = own.get(row.measure)
        if row.group != ALL or spread is None or spread.no_interval:
            continue
        errors = None if split is None else _errors(spread, split, error)
        low, high = _limits(row.value, row.low, row.high, errors)
        if row.unit == "share" and low is not None and high is not None:
            low, high = max(low, 0.0), min(high, 1.0)
        yield InputRow(
            sample.name, "", row.measure, row.value, _half(row.low, row.high),
            _reach(errors), _settled(low), _settled(high), row.unit,
            _share(errors), _settled(None if split is None else split.mean), NO_WORD, NO_WORD,
            NOTHING, len(models), row.replications, _note(row.note, split),
        )  # fmt: skip


def _difference_row(judged: _Judged, number: int, baseline: str, drawn: int) -> InputRow:
    row, split = judged.row(number), judged.splits[number]
    apart = judged.found[number].paired.apart
    errors = None if split is None or apart is None else _errors(apart, split, judged.error)
    low, high = _limits(row.difference, row.low, row.high, errors)
    return InputRow(
        row.alternative, baseline, row.measure, row.difference, _half(row.low, row.high),
        _reach(errors), _settled(low), _settled(high), row.unit,
        _share(errors), _settled(None if split is None else split.mean), row.verdict,
        *judged.stands(number), drawn, row.replications, _note(row.note, split),
    )  # fmt: skip


def _limits(
    value: float | None, low: float | None, high: float | None, errors: TwoErrors | None
) -> tuple[float | None, float | None]:
    if value is None or low is None or high is None or errors is None:
        return None, None
    return widened(value, low, high, errors.reach())


def _half(low: float | None, high: float | None) -> float | None:
    return None if low is None or high is None else settled((high - low) / 2)


def _reach(errors: TwoErrors | None) -> float | None:
    return None if errors is None else settled(errors.reach())


def _share(errors: TwoErrors | None) -> float | None:
    return None if errors is None else settled(errors.share)


def _settled(value: float | None) -> float | None:
    return None if value is None else settled(value)


def _note(note: str, split: VarianceSplit | None) -> str:
    more = NOT_IN_ALL if split is None else NEGATIVE if split.record < 0 else ""
    return "; ".join(filter(None, [note, more]))
