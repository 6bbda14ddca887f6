"""
Alternatives against the baseline: paired differences and what may be concluded from them.

Before any other word stands the gate (`gate`): nothing is better where it is not shown that as
many people are reached. The primary measures over all callouts are judged together (Holm); all
else is exploratory (Benjamini and Hochberg) and takes nothing from them. That no difference was
found is no proof that there is none: equivalence is shown on its own, against a margin below which
differences do not matter [1]_.

References
----------
.. [1] D. J. Schuirmann, "A comparison of the two one-sided tests procedure and the power approach
   for assessing the equivalence of average bioavailability", *J. Pharmacokin. Biopharm.* 15(6),
   1987, 657-680.

"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sim.definitions import NOT_REACHED

from ..inference import student
from ..inference.envelope import settled
from ..inference.families import Adjust, adjusted, benjamini_hochberg, holm
from ..inference.replications import FEW
from ..measured.groupings import read, read_together
from ..observed.sample import Sample
from .differences import ALL, Difference, against_first
from .gate import FAILED, NO_VERDICT, OPEN, Gate, gate, harms

PRIMARY, EXPLORATORY, DESCRIPTION = "primary", "exploratory", "description"
BETTER, WORSE, MIXED = "better", "worse", "mixed"
NO_DIFFERENCE, INCONCLUSIVE, IDENTICAL = "no material difference", "inconclusive", "identical"
AT_A_PRICE = "at a price"  # a gain behind a gate that failed
NO_WORD = ""  # a description has no verdict
ALPHA = 0.05


class Comparison(NamedTuple):
    """
    A paired difference to the baseline, with its interval and what may be concluded.

    ``family`` says with which others it is judged: *primary*, *exploratory*, or *description*: a
    measure without a direction, which has no verdict. The interval stands alone; ``p_adjusted``
    and ``p_equivalence`` are adjusted for the family. ``needed`` are the replications with which
    an inconclusive primary difference of this size would be clear. What there is not is None.
    """

    alternative: str
    measure: str
    group: str
    difference: float | None
    low: float | None
    high: float | None
    unit: str
    family: str
    verdict: str
    p: float | None  # that the difference is zero: two-sided
    p_adjusted: float | None
    p_equivalence: float | None  # that the difference is the margin or more, either way
    correlation: float | None
    variance_reduction_factor: float | None
    replications: int
    needed: int | None
    note: str


def compare(samples: Sequence[Sample]) -> list[Comparison]:
    """
    Return differences to the baseline, paired by replication, with verdicts.

    Parameters
    ----------
    samples
        The alternatives, over the same replications; the first is the baseline. Groups are
        matched by their labels and measures by their names; what only one of them has is left
        out.

    Raises
    ------
    SimError
        When alternatives have different replications.

    Notes
    -----
    Verdicts, the first that holds:

    * *no verdict*: fewer than ten replications, too few for intervals to be reliable.
    * *identical*: equal in every replication.
    * *no material difference*: shown to be smaller than the margin, even where it is clear that
      it is not zero. With enough replications any difference is clear; whether it matters is what
      the margin says, and "better" would suggest that it does.
    * *better*, *worse*. A gain is called *at a price* where the gate failed, and *inconclusive*
      where it is not shown that as many people are reached.
    * *inconclusive*: neither is shown, or there is no interval.

    """
    return compare_all(samples)[0]


def compare_all(samples: Sequence[Sample]) -> tuple[list[Comparison], dict[str, Gate]]:
    """Return what `compare` does, and each alternative's gate."""
    return judged_together(samples, against_first(samples, [read(sample) for sample in samples]))


def headline_differences(
    samples: Sequence[Sample], only: Collection[str] | None = None
) -> list[Comparison]:
    """
    Return the differences over all callouts together: quick, for stopping rules.

    ``only`` names the measures wanted; all if not given. Differences and intervals are those of
    `compare`; the adjusted p values are for these measures alone.
    """
    return judged_together(samples, _together(samples, only))[0]


def primary_differences(samples: Sequence[Sample]) -> tuple[list[Comparison], dict[str, Gate]]:
    """Return the primary differences, as `compare` has them, and each alternative's gate."""
    return judged_together(
        samples, _together(samples, {NOT_REACHED, *samples[0].standards.primary})
    )


def _together(samples: Sequence[Sample], only: Collection[str] | None) -> list[Difference]:
    return against_first(samples, [read_together(sample, only) for sample in samples])


def judged_together(
    samples: Sequence[Sample], found: Sequence[Difference]
) -> tuple[list[Comparison], dict[str, Gate]]:
    """Return the differences with their p values adjusted within each family, and verdicts."""
    primary = samples[0].standards.primary
    families = [_family(difference, primary) for difference in found]
    p_adjusted, p_equivalence, together = _adjusted(found, families)
    gates = _gates(samples, found, families, p_adjusted)
    each = zip(found, families, p_adjusted, p_equivalence, strict=True)
    return [_row(*one, gates, together) for one in each], gates


def explored(found: Sequence[Difference], gates: Mapping[str, Gate]) -> list[Comparison]:
    """Return differences with their p values adjusted among each other, none of them primary."""
    families = [_family(difference, ()) for difference in found]
    p_adjusted, p_equivalence, together = _adjusted(found, families)
    each = zip(found, families, p_adjusted, p_equivalence, strict=True)
    return [_row(*one, gates, together) for one in each]


def _adjusted(
    found: Sequence[Difference], families: Sequence[str]
) -> tuple[list[float | None], list[float | None], int]:
    """Return the p values of no difference and of equivalence, and how many are primary."""
    p_adjusted: list[float | None] = [None] * len(found)
    p_equivalence: list[float | None] = [None] * len(found)
    together = 0
    ways: tuple[tuple[str, Adjust], ...] = ((PRIMARY, holm), (EXPLORATORY, benjamini_hochberg))
    for family, adjust in ways:
        own = [i for i, name in enumerate(families) if name == family]
        same = [found[i].same for i in own]
        for into, ps in (
            (p_adjusted, [found[i].p for i in own]),
            (p_equivalence, [found[i].p_equivalence for i in own]),
        ):
            answers, asked = adjusted(ps, same, adjust)
            if family == PRIMARY and into is p_adjusted:
                together = asked
            for i, p in zip(own, answers, strict=True):
                into[i] = p
    return p_adjusted, p_equivalence, together


def _family(difference: Difference, primary: Collection[str]) -> str:
    if difference.label.direction == "none":
        return DESCRIPTION
    is_primary = difference.group == ALL and difference.label.name in primary
    return PRIMARY if is_primary else EXPLORATORY


def _gates(
    samples: Sequence[Sample],
    found: Sequence[Difference],
    families: Sequence[str],
    p_adjusted: Sequence[float | None],
) -> dict[str, Gate]:
    """Return each alternative's gate, from its difference in the share not reached."""
    replications = len(samples[0].numbers)
    if replications < FEW:
        return {sample.name: Gate(NO_VERDICT) for sample in samples[1:]}
    harmed = harms(samples, ALPHA)
    margin = samples[0].standards.margin_unreached
    gates = {}
    for difference, family, p in zip(found, families, p_adjusted, strict=True):
        if family == PRIMARY and difference.label.name == NOT_REACHED:
            paired, name = difference.paired, difference.alternative
            worse = p is not None and p < ALPHA and (paired.difference or 0.0) > 0
            high = 0.0 if difference.identical else paired.high
            gates[name] = gate(replications, high, worse, margin, harmed[name])
    return gates


def _row(
    found: Difference,
    family: str,
    p_adjusted: float | None,
    p_equivalence: float | None,
    gates: Mapping[str, Gate],
    together: int,
) -> Comparison:
    paired, own = found.paired, gates.get(found.alternative)
    verdict = _verdict(found, family, p_adjusted, p_equivalence, own)
    inconclusive = family == PRIMARY and verdict == INCONCLUSIVE
    difference, low, high = (
        None if each is None else settled(each, found.size)
        for each in (paired.difference, paired.low, paired.high)
    )
    return Comparison(
        found.alternative,
        found.label.name,
        found.group,
        difference,
        low,
        high,
        found.label.unit,
        family,
        verdict,
        found.p,
        p_adjusted,
        p_equivalence,
        None if paired.correlation is None else settled(paired.correlation),
        None
        if paired.variance_reduction_factor is None
        else settled(paired.variance_reduction_factor),
        found.replications,
        _needed(found, together) if inconclusive else None,
        found.note,
    )


def _verdict(
    found: Difference,
    family: str,
    p_adjusted: float | None,
    p_equivalence: float | None,
    own: Gate | None,
) -> str:
    if found.identical:
        return IDENTICAL
    if family == DESCRIPTION:
        return NO_WORD
    if found.replications < FEW:
        return NO_VERDICT
    if p_equivalence is not None and p_equivalence < ALPHA:
        return NO_DIFFERENCE
    if p_adjusted is None or p_adjusted >= ALPHA:
        return INCONCLUSIVE
    if _is_worse(found):
        return WORSE
    if own is not None and own.state == OPEN:
        return BETTER
    return AT_A_PRICE if own is not None and own.state == FAILED else INCONCLUSIVE


def _is_worse(found: Difference) -> bool:
    if found.worse is not None:
        return found.worse
    assert found.paired.difference is not None
    return (found.paired.difference > 0) == (found.label.direction == "less")


def _needed(found: Difference, together: int) -> int | None:
    """Return the replications with which a difference of this size would be clear; None: never."""
    apart = found.paired.apart
    if apart is None or apart.value == 0 or not together:
        return None
    size = found.replications
    t = student.quantile(1 - ALPHA / together / 2, size - 1)
    wanted = size * (t * apart.standard_error() / abs(apart.value)) ** 2
    return max(size + 10, math.ceil(wanted)) if wanted < 1e6 else None
