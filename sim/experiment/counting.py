"""
What is counted in one study whose true values are known: a number for each item, often 0 or 1.

The study is read, judged and gated by the functions that do it for any study.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from sim.definitions import DIFFERENCE, NOT_REACHED
from sim.outcomes import Judgement, Sample, judgements
from sim.outcomes.inference import student
from sim.outcomes.inference.censoring import Floats
from sim.outcomes.inference.envelope import p_within
from sim.outcomes.inference.replications import Spread
from sim.outcomes.measured.grouped_sums import Column, GroupedMeasures, RatioColumn
from sim.outcomes.measured.groupings import read_together
from sim.outcomes.verdicts.comparisons import (
    ALPHA,
    BETTER,
    EXPLORATORY,
    INCONCLUSIVE,
    MIXED,
    NO_DIFFERENCE,
    PRIMARY,
    WORSE,
    Comparison,
    compare_all,
    judged_together,
)
from sim.outcomes.verdicts.differences import Difference, against_first
from sim.outcomes.verdicts.gate import FAILED, GATE_INCONCLUSIVE, OPEN, Gate, gate
from sim.outcomes.verdicts.judgement import could_be_best

COVERED, ABOVE, BELOW = "covered", "truth above", "truth below"
NO_INTERVAL, SAME = "no interval", "identical in all"
BY_T = ", by t alone"  # after one of the first three
WIDTH = "width over that of t"
VALUE, SKEWNESS = "value in the pool", "skewness of replications"
AT_MARGIN = "no material difference, at the margin"
WRONGLY_OPEN = "gate open to the one that leaves more behind"
GATES = {OPEN: "gate open", FAILED: "gate failed", GATE_INCONCLUSIVE: "gate inconclusive"}
WORDS = (BETTER, WORSE, MIXED, NO_DIFFERENCE, INCONCLUSIVE)
ANY_CLEAR, ANY_WORD = "any primary row clear", "any better, worse or mixed"
BESIDE_ONE = "any other primary row clear next to a true effect"
ANY_FOUND = "any exploratory row clear"
SHARE_FALSE = "share of the clear exploratory rows that are false"
ANY_HARM, STAYS_IN = "any class harmed", "could be the best"
ROW_BETTER = "any measure better"
UNADJUSTED, ALONE, AMONG_ALL = "clear, unadjusted", "clear, alone", "clear, among all"
NAMED = "named"

Key = tuple[str, str, str]  # alternative, measure, what is counted
Counted = Iterator[tuple[Key, float]]
Truth = Mapping[tuple[str, str], float]  # by alternative and measure


def primary_tables(samples: Sequence[Sample]) -> list[list[GroupedMeasures]]:
    """Return the primary measures of each alternative over all callouts."""
    return [read_together(sample, sample.standards.primary) for sample in samples]


def columns_of(tables: Sequence[GroupedMeasures]) -> Iterator[Column]:
    """Yield the columns of measures over all callouts together."""
    for table in tables:
        if table.groups:
            yield from table.columns


def facts(samples: Sequence[Sample]) -> Counted:
    """Yield what primary measures and their differences are in a pool, and how they lean."""
    first: dict[str, Spread] = {}
    for sample, tables in zip(samples, primary_tables(samples), strict=True):
        for column in columns_of(tables):
            name, found = column.label.name, column.spread(0)
            if found is None or column.values().shape[1] != 1:
                continue
            yield (sample.name, name, VALUE), found.value
            if isinstance(column, RatioColumn):
                yield (sample.name, name, SKEWNESS), skewness(found.errors)
            other = first.setdefault(name, found)
            if other is not found:
                key = sample.name, DIFFERENCE + name
                yield (*key, VALUE), found.value - other.value
                if isinstance(column, RatioColumn) and len(found.errors) == len(other.errors):
                    yield (*key, SKEWNESS), skewness(found.minus(other).errors)


def skewness(errors: Floats) -> float:
    """Return the skewness of errors; 0 where they are all the same."""
    squares = math.fsum((errors * errors).tolist()) / len(errors)
    cubes = math.fsum((errors * errors * errors).tolist()) / len(errors)
    return cubes / squares**1.5 if squares > 0 else 0.0


def intervals(samples: Sequence[Sample], truth: Truth) -> Counted:
    """Count which intervals hold the truth, and what is said of each alternative."""
    tables = primary_tables(samples)
    for sample, own in zip(samples, tables, strict=True):
        for column in columns_of(own):
            key = sample.name, column.label.name
            if key in truth:
                yield from _of_value(key, column, truth[key])
    differences, margin = against_first(samples, tables), samples[0].standards.margin_unreached
    for difference in differences:
        key = difference.alternative, DIFFERENCE + difference.label.name
        if key in truth:
            yield from _of_difference(key, difference, truth[key])
            if difference.label.name == NOT_REACHED and abs(truth[key]) > margin:
                yield (*key, WRONGLY_OPEN), _is_wrongly_open(difference, truth[key] > 0, margin)
    yield from _said(judged(samples, differences)[1])


def judged(
    samples: Sequence[Sample], differences: Sequence[Difference]
) -> tuple[list[Comparison], list[Judgement]]:
    """Return rows and the words for the alternatives, as `sim.outcomes.judge` has them."""
    rows, gates = judged_together(samples, differences)
    return rows, judgements(rows, gates, [sample.name for sample in samples[1:]])


def _of_value(key: tuple[str, str], column: Column, truth: float) -> Counted:
    found = column.interval(0)
    if found is not None:
        yield from _holds(key, found.low, found.high, truth)
    spread = column.spread(0)
    if spread is not None and isinstance(column, RatioColumn):
        yield from _by_t(key, spread, truth, None if found is None else (found.low, found.high))


def _is_wrongly_open(found: Difference, rises: bool, margin: float) -> float:
    """Return whether the first gate opens to the one of the two that truly leaves more behind."""
    paired = found.paired
    high = paired.high if rises else None if paired.low is None else -paired.low
    state = gate(found.replications, 0.0 if found.identical else high, False, margin, ()).state
    return float(state == OPEN)


def _of_difference(key: tuple[str, str], found: Difference, apart: float) -> Counted:
    paired = found.paired
    if found.identical:
        yield (*key, SAME), 1.0
        return
    yield (*key, SAME), 0.0
    yield from _holds(key, paired.low, paired.high, apart)
    if paired.apart is not None:
        yield from _by_t(key, paired.apart, apart, (paired.low, paired.high))
        if apart:
            yield (*key, AT_MARGIN), float(p_within(paired.apart, abs(apart)) < ALPHA)


def _holds(
    key: tuple[str, str], low: float | None, high: float | None, truth: float, how: str = ""
) -> Counted:
    none = low is None and high is None
    if not how:
        yield (*key, NO_INTERVAL), float(none)
    if not none:
        above, below = high is not None and truth > high, low is not None and truth < low
        yield (*key, ABOVE + how), float(above)
        yield (*key, BELOW + how), float(below)
        yield (*key, COVERED + how), float(not above and not below)


def _by_t(
    key: tuple[str, str],
    found: Spread,
    truth: float,
    ours: tuple[float | None, float | None] | None,
) -> Counted:
    """Count what Student's t alone would hold, and how much wider ours is."""
    if found.no_interval or found.squares() <= 0:
        return
    half = student.two_sided(0.95, found.replications - 1) * found.standard_error()
    yield from _holds(key, found.value - half, found.value + half, truth, BY_T)
    low, high = ours or (None, None)
    if low is not None and high is not None:
        yield (*key, WIDTH), (high - low) / (2 * half)


def _said(found: Sequence[Judgement]) -> Counted:
    for own in found:
        for word in WORDS:
            yield (own.alternative, "", word), float(own.verdict == word)
        yield from _gate(own.alternative, own.gate)


def _gate(name: str, own: Gate) -> Counted:
    for state, said in GATES.items():
        yield (name, "", said), float(own.state == state)


def alike(samples: Sequence[Sample], same: int, explored: bool) -> Counted:
    """
    Count what is found between alternatives with equal distributions, and one whose distribution
    differs.

    Parameters
    ----------
    samples
        First those with equal distributions, then one that differs.
    same
        How many are equal.
    explored
        Whether to look at every group, too, which takes long.

    """
    tables = primary_tables(samples)
    null, one = samples[:same], samples[same:]
    yield from _null(null, against_first(null, tables[:same]))
    rows, _ = judged_together(samples, against_first(samples, tables))
    real = {sample.name for sample in one}
    others = [row for row in rows if row.alternative not in real]
    yield ("", "", BESIDE_ONE), float(any(map(_is_clear, others)))
    for sample in one:
        pair, own = (samples[0], sample), (tables[0], tables[samples.index(sample)])
        alone, _ = judged_together(pair, against_first(pair, own))
        for word, found in ((ALONE, alone), (AMONG_ALL, rows)):
            for row in found:
                if row.alternative == sample.name and row.family == PRIMARY:
                    yield (sample.name, DIFFERENCE + row.measure, word), float(_is_clear(row))
                    if word == ALONE and row.p is not None:
                        key = sample.name, DIFFERENCE + row.measure, UNADJUSTED
                        yield key, float(row.p < ALPHA)
    if explored:
        yield from _explored(samples, same)


def _null(samples: Sequence[Sample], differences: Sequence[Difference]) -> Counted:
    """Count what is found where there is nothing."""
    rows, found = judged(samples, differences)
    gates = {own.alternative: own.gate for own in found}
    yield ("", "", ANY_CLEAR), float(any(map(_is_clear, rows)))
    yield ("", "", ANY_WORD), float(any(own.verdict in (BETTER, WORSE, MIXED) for own in found))
    yield ("", "", ANY_HARM), float(any(gate.harmed for gate in gates.values()))
    for state, said in GATES.items():
        share = sum(gate.state == state for gate in gates.values()) / len(gates)
        yield ("", "", said), share
    yield ("", "", STAYS_IN), len(could_be_best(samples, gates)) / len(samples)


def _explored(samples: Sequence[Sample], same: int) -> Counted:
    """Count false discoveries among exploratory rows: where all are false, and where some are."""
    rows, _ = compare_all(samples[:same])
    yield ("", "", ANY_FOUND), float(any(map(_is_found, rows)))
    null = {sample.name for sample in samples[:same]}
    found = [row for row in compare_all(samples)[0] if _is_found(row)]
    false = sum(row.alternative in null for row in found)
    yield ("", "", SHARE_FALSE), false / len(found) if found else 0.0


def _is_clear(row: Comparison) -> bool:
    return row.family == PRIMARY and row.p_adjusted is not None and row.p_adjusted < ALPHA


def _is_found(row: Comparison) -> bool:
    return row.family == EXPLORATORY and row.p_adjusted is not None and row.p_adjusted < ALPHA


def refusals(samples: Sequence[Sample], refused: Mapping[str, tuple[str, str]]) -> Counted:
    """
    Count what is said of alternatives of which some refuse a class of callouts.

    ``refused`` holds the class of those that do, by what and which, as in `sim.outcomes.Harm`.
    """
    differences = against_first(samples, primary_tables(samples))
    rows, found = judged(samples, differences)
    yield from _said(found)
    for own in found:
        any_better = any(r.verdict == BETTER for r in rows if r.alternative == own.alternative)
        yield (own.alternative, "", ROW_BETTER), float(any_better)
        if own.alternative in refused:
            by, name = refused[own.alternative]
            named = any((harm.by, harm.name) == (by, name) for harm in own.gate.abandoned)
            yield (own.alternative, "", NAMED), float(named)
