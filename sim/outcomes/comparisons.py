"""
Alternatives against the baseline: paired differences and what may be concluded from them.

Many differences are judged at once, so each p value is adjusted for the others [1]_. That no
difference was found is no proof that there is none: equivalence is shown on its own, against a
margin below which differences do not matter [2]_.

References
----------
.. [1] S. Holm, "A simple sequentially rejective multiple test procedure", *Scand. J. Stat.* 6,
   1979, 65-70.
.. [2] D. J. Schuirmann, "A comparison of the two one-sided tests procedure and the power approach
   for assessing the equivalence of average bioavailability", *J. Pharmacokin. Biopharm.* 15,
   1987, 657-680.

"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.errors import SimError
from sim.log import MS_PER_MINUTE

from .intervals import Paired, pair
from .measures import Label
from .quantiles import HEAPED
from .reading import read, read_together
from .sample import Sample, Standards
from .tallies import Column, Table, remark

NO_DIFFERENCE, UNDECIDED, IDENTICAL = "no material difference", "undecided", "identical"
# Verdicts on a clear difference: where it is below nought, and above.
_WORDS = {
    "less": ("better", "worse"),
    "more": ("worse", "better"),
    "neither": ("lower", "higher"),
}


class Comparison(NamedTuple):
    """
    A paired difference to the baseline, with its interval and what may be concluded.

    The interval stands alone; ``p_holm`` and ``p_equivalence`` are adjusted for all comparisons
    of the same family, see `compare`. All of them are None where there is no interval, and
    ``p_equivalence`` also for a measure without a margin.
    """

    alternative: str
    measure: str
    group: str
    difference: float
    low: float | None
    high: float | None
    unit: str
    correlation: float | None
    variance_ratio: float | None
    p: float | None  # that the difference is nought: two-sided, paired t
    p_holm: float | None
    p_equivalence: float | None  # that the difference is the margin or more, either way
    verdict: str
    replications: int
    weak: str = ""


@dataclass(frozen=True, slots=True)
class _Difference:
    """A difference before it is judged beside the others."""

    alternative: str
    label: Label
    group: str
    paired: Paired
    identical: bool
    replications: int
    weak: str
    p: float | None
    p_equivalence: float | None


def compare(samples: Sequence[Sample], level: float = 0.95) -> list[Comparison]:
    """
    Return differences to the baseline, paired by replication, with verdicts.

    Parameters
    ----------
    samples
        The alternatives, over the same replications; the first is the baseline. Groups are
        matched by their labels and measures by their names; what only one of them has is left
        out.
    level
        Of the intervals; verdicts are given where an adjusted p value is below ``1 - level``.

    Raises
    ------
    SimError
        When alternatives have different replications.

    Notes
    -----
    There are two families, each over all alternatives: the differences over all callouts
    together, and those of kinds, priorities and areas. Within a family the chance of even one
    false "better" or "worse" is at most ``1 - level``, and so is that of one false "no material
    difference"; a look into many small groups does not weaken the headline.

    Verdicts, the first that holds:

    * *identical*: equal in every replication.
    * *no material difference*: shown to be smaller than the margin, even where it is clear that
      it is not nought. With enough replications any difference is; whether it matters is what
      the margin says, and "better" would suggest that it does.
    * *better*, *worse*; *lower*, *higher* where neither is better.
    * *undecided*: neither is shown, or there is no interval.

    """
    return _judged(_against_first(samples, [read(sample) for sample in samples], level), level)


def headline_differences(
    samples: Sequence[Sample], only: Collection[str] | None = None, level: float = 0.95
) -> list[Comparison]:
    """
    Return the differences over all callouts together: quick, for stopping rules.

    ``only`` names the measures wanted; all if not given. Differences and intervals are those of
    `compare`; the adjusted p values are for these measures alone.
    """
    tables = [read_together(sample, only) for sample in samples]
    return _judged(_against_first(samples, tables, level), level)


def holm(ps: Sequence[float]) -> list[float]:
    """
    Return p values adjusted for each other (Holm), in the order given.

    Examples
    --------
    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03, 0.005])]
    [0.03, 0.06, 0.06, 0.02]
    """
    adjusted, largest = [0.0] * len(ps), 0.0
    for rank, which in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        largest = max(largest, min(1.0, (len(ps) - rank) * ps[which]))
        adjusted[which] = largest
    return adjusted


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


def _against_first(
    samples: Sequence[Sample], tables: Sequence[list[Table]], level: float
) -> list[_Difference]:
    """Return the differences of every other sample to the first."""
    check_paired(samples)
    found: list[_Difference] = []
    for sample, own in zip(samples[1:], tables[1:], strict=True):
        for ours, theirs in zip(own, tables[0], strict=True):
            if ours.compared:
                found += _differences(sample, samples[0].standards, ours, theirs, level)
    return found


def _differences(
    sample: Sample, standards: Standards, ours: Table, theirs: Table, level: float
) -> Iterator[_Difference]:
    """Yield the differences in each measure and group that both have."""
    where = {group: number for number, group in theirs.groups}
    pairs = shared_columns(ours, theirs)
    values = [(a.values(), b.values()) for a, b in pairs]
    for number, group in ours.groups:
        other = where.get(group)
        if other is None:
            continue
        for (a, b), (value_a, value_b) in zip(pairs, values, strict=True):
            one, two = a.spread(number), b.spread(other)
            if one is None or two is None:
                continue
            paired = pair(one, two, level)
            hindrance = one.minus(two).hindrance
            identical = (
                paired.difference == 0
                and hindrance in ("", HEAPED)
                and np.array_equal(value_a[:, number], value_b[:, other], equal_nan=True)
            )
            left_out = remark(max(a.left_out(number), b.left_out(other)))
            weak = "; ".join(filter(None, [paired.weak, left_out]))
            ps = _p_values(paired, a.label, standards, one.replications - 1)
            replications = one.replications
            name = sample.name
            yield _Difference(name, a.label, group, paired, identical, replications, weak, *ps)


def shared_columns(ours: Table, theirs: Table) -> list[tuple[Column, Column]]:
    """Return the columns of the compared measures that both tables have."""
    named = {column.label.name: column for column in theirs.columns}
    return [
        (column, named[column.label.name])
        for column in ours.columns
        if column.label.compared and column.label.name in named
    ]


def _p_values(
    paired: Paired, label: Label, standards: Standards, freedom: int
) -> tuple[float | None, float | None]:
    """
    Return the p values that the difference is nought, and that it is the margin or more.

    Times and shares have a margin; where there is none, equivalence cannot be shown.
    """
    if paired.standard_error is None or paired.difference is None:
        return None, None
    margins = {"min": standards.margin_time / MS_PER_MINUTE, "share": standards.margin_share}
    margin = margins.get(label.unit)
    size, error = abs(paired.difference), paired.standard_error
    p = 2 * _beyond(size, error, freedom)
    # The other one-sided test, against minus the margin, always has the smaller p.
    return p, None if margin is None else _beyond(margin - size, error, freedom)


def _beyond(distance: float, error: float, freedom: int) -> float:
    """Return the chance that an estimate errs by this distance upwards, or more (Student t)."""
    if error == 0:
        return 0.5 if distance == 0 else float(distance < 0)
    from scipy.special import stdtr  # scipy.stats takes nearly three times as long to import

    return float(stdtr(freedom, -distance / error))


def _judged(found: list[_Difference], level: float) -> list[Comparison]:
    """Return the differences with their p values adjusted within each family, and verdicts."""
    p_holm: list[float | None] = [None] * len(found)
    p_equivalence: list[float | None] = [None] * len(found)
    for together in (True, False):
        family = [i for i, d in enumerate(found) if (d.group == "all") == together]
        for adjusted, ps in (
            (p_holm, [found[i].p for i in family]),
            (p_equivalence, [found[i].p_equivalence for i in family]),
        ):
            known = [(i, p) for i, p in zip(family, ps, strict=True) if p is not None]
            for (i, _), p in zip(known, holm([p for _, p in known]), strict=True):
                adjusted[i] = p
    each = zip(found, p_holm, p_equivalence, strict=True)
    return [_comparison(d, holm_p, equivalent_p, 1 - level) for d, holm_p, equivalent_p in each]


def _comparison(
    found: _Difference, p_holm: float | None, p_equivalence: float | None, alpha: float
) -> Comparison:
    paired = found.paired
    assert paired.difference is not None
    if found.identical:
        verdict = IDENTICAL
    elif p_holm is None:
        verdict = UNDECIDED
    elif p_equivalence is not None and p_equivalence < alpha:
        verdict = NO_DIFFERENCE
    elif p_holm < alpha:
        verdict = _WORDS[found.label.better][paired.difference > 0]
    else:
        verdict = UNDECIDED
    return Comparison(
        found.alternative,
        found.label.name,
        found.group,
        paired.difference,
        paired.low,
        paired.high,
        found.label.unit,
        paired.correlation,
        paired.variance_ratio,
        found.p,
        p_holm,
        p_equivalence,
        verdict,
        found.replications,
        found.weak,
    )
