"""Paired differences between alternatives, before anything is concluded from them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.definitions import NOT_REACHED, Definition
from sim.errors import SimError

from ..inference.envelope import p_below, p_different, p_within
from ..inference.intervals import Paired, pair
from ..inference.quantiles import HEAPED
from ..inference.replications import FEW_REPLICATIONS, Spread
from ..measured.grouped_sums import Column, GroupedMeasures, QuantileColumn, remark
from ..measured.inequality import Groups
from ..measured.worst import WorstColumn, worst_apart
from ..observed.sample import Sample, Standards

ALL = "all"
NEVER_OWN, NEVER_BASELINE = "never reached", "never reached by the baseline"


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """
    An alternative minus the baseline in one measure and group.

    ``p`` is that of no difference and ``p_equivalence`` that of one as large as the margin, None
    where there is no interval or no margin. ``size`` is that of the operands, for rounding.
    """

    alternative: str
    label: Definition
    group: str
    paired: Paired
    identical: bool
    replications: int
    note: str
    p: float | None
    p_equivalence: float | None
    worse: bool | None = None  # set where only one of the two quantiles exists
    size: float = 1.0

    @property
    def same(self) -> Hashable:
        """What makes two differences of a family the same question."""
        apart = self.paired.apart
        if apart is None:
            return self.alternative, self.label.name, self.group
        # The p value belongs to it: that of a worst group depends on other groups, too.
        return self.alternative, apart.value, apart.errors.tobytes(), self.p


def margin_of(label: Definition, standards: Standards) -> float | None:
    """Return below what a difference does not matter, in the unit of tables; None: no margin."""
    if label.name.endswith(NOT_REACHED):  # of all, or of groups
        return standards.margin_unreached
    return {
        "min": standards.margin_time / 60_000,
        "share": standards.margin_share,
    }.get(label.unit)


def against_first(
    samples: Sequence[Sample], tables: Sequence[list[GroupedMeasures]]
) -> list[Difference]:
    """Return the differences of every other sample to the first; ``tables`` are theirs."""
    check_paired(samples)
    found: list[Difference] = []
    for sample, own in zip(samples[1:], tables[1:], strict=True):
        for ours, theirs in zip(own, tables[0], strict=True):
            if ours.compared:
                found += _of_table(sample, samples[0].standards, ours, theirs)
    return found


def check_paired(samples: Sequence[Sample]) -> None:
    """
    Check that alternatives were run over the same replications.

    Raises
    ------
    SimError
        When they were not.

    """
    for sample in samples[1:]:
        ours, theirs = sample.numbers, samples[0].numbers
        if len(ours) != len(theirs):
            raise SimError(
                f"{sample.name}: {len(ours)} replications cannot be paired with {len(theirs)} of "
                f"{samples[0].name}; both must be the same"
            )
        for a, b in zip(ours, theirs, strict=True):
            if a != b:
                raise SimError(
                    f"{sample.name}: replication {a} cannot be paired with {b} of "
                    f"{samples[0].name}; both must be the same"
                )


def shared_columns(ours: GroupedMeasures, theirs: GroupedMeasures) -> list[tuple[Column, Column]]:
    """Return the columns of the compared measures that both tables have."""
    named = {column.label.name: column for column in theirs.columns}
    return [
        (column, named[column.label.name])
        for column in ours.columns
        if column.label.compared and column.label.name in named
    ]


def _of_table(
    sample: Sample, standards: Standards, ours: GroupedMeasures, theirs: GroupedMeasures
) -> Iterator[Difference]:
    """Yield the differences in each measure and group that both have."""
    where = {group: number for number, group in theirs.groups}
    pairs = shared_columns(ours, theirs)
    values = [(a.values(), b.values()) for a, b in pairs]
    for number, group in ours.groups:
        other = where.get(group)
        if other is None:
            continue
        for (a, b), (value_a, value_b) in zip(pairs, values, strict=True):
            if isinstance(a, WorstColumn) and isinstance(b, WorstColumn):
                yield of_worst(sample.name, a.label, group, a.groups, b.groups, standards)
                continue
            equal = np.array_equal(value_a[:, number], value_b[:, other], equal_nan=True)
            left_out = remark(max(a.left_out(number), b.left_out(other)))
            one, two = a.spread(number), b.spread(other)
            if one is not None and two is not None:
                margin = margin_of(a.label, standards)
                yield of_spreads(sample.name, a.label, group, one, two, equal, margin, left_out)
            elif isinstance(a, QuantileColumn) and isinstance(b, QuantileColumn):
                yield from _of_never(sample, a, b, number, other, group, equal)


def of_spreads(
    name: str, label: Definition, group: str, one: Spread, two: Spread,
    equal: bool, margin: float | None, left_out: str = "",
) -> Difference:  # fmt: skip
    """Return the difference of two estimates; ``equal``: in every replication."""
    paired = pair(one, two)
    no_interval = one.minus(two).no_interval
    harmless = ("", HEAPED, FEW_REPLICATIONS)
    identical = paired.difference == 0 and no_interval in harmless and equal
    note = "; ".join(filter(None, [paired.note, left_out]))
    p = p_equivalence = None
    if paired.apart is not None:
        p = p_different(paired.apart)
        p_equivalence = None if margin is None else p_within(paired.apart, margin)
    size = max(1.0, abs(one.value), abs(two.value))
    return Difference(
        name, label, group, paired, identical, one.replications, note, p, p_equivalence,
        size=size,
    )  # fmt: skip


def of_worst(
    name: str, label: Definition, group: str, own: Groups, baseline: Groups, standards: Standards
) -> Difference:
    """Return the difference of the worst of two alternatives' groups that have enough callouts."""
    found = worst_apart(own, baseline, margin_of(label, standards))
    size = max([1.0, *own.values(), *baseline.values()])
    return Difference(
        name, label, group, found.paired, found.identical, own.replications, found.paired.note,
        found.p, found.p_equivalence, size=size,
    )  # fmt: skip


def _of_never(
    sample: Sample, a: QuantileColumn, b: QuantileColumn, number: int, other: int, group: str,
    equal: bool,
) -> Iterator[Difference]:  # fmt: skip
    """
    Yield what there is to say where a quantile does not exist: so few were ever reached.

    It is worse than one that does, if clearly fewer are ever reached than it takes. Where neither
    exists the two are identical if their replications are, in the quantiles that exist (``equal``)
    and in how many are ever reached.
    """
    own, theirs = a.ever(number), b.ever(other)
    found = own or theirs
    if found is None or not a.label.compared:
        return
    note = NEVER_OWN if own is not None else NEVER_BASELINE
    p = worse = None
    one_exists = (own is None) != (theirs is None)
    if one_exists and not found.no_interval and a.exists(number) != b.exists(other):
        p, worse = min(1.0, 2 * p_below(found, a.p)), own is not None
    nothing = Paired(None, None, None, None, None, note)
    identical = equal and own is not None and theirs is not None and _are_equal(own, theirs)
    yield Difference(
        sample.name, a.label, group, nothing, identical, found.replications, note, p, None, worse
    )


def _are_equal(one: Spread, two: Spread) -> bool:
    return one.value == two.value and np.array_equal(one.errors, two.errors)
