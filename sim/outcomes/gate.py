"""
People first: what stands before any other word about an alternative.

No mean, percentile or target protects those who are not reached: a rule that abandons some of the
callers reaches the others sooner. So nothing is called better unless it is shown that not more
callouts are left without help, over all (the first gate) and by class (the second): by kind,
place, priority and time of day.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .censoring import Bools, Floats, Ints
from .envelope import p_above
from .families import adjusted, holm
from .intervals import pair
from .judged import judged_times
from .replications import FEW, Spread, spread
from .sample import Sample

OPEN, FAILED, NOT_SETTLED, NO_VERDICT = "open", "failed", "not settled", "no verdict"
HARM = 0.02  # rise of a class's share not reached that is harm, two percentage points
ABANDONED = 0.5  # share not reached from which a class is called abandoned
BAND = 4  # hours in a time of day


class Harm(NamedTuple):
    """
    A class of callouts of which clearly more are not reached than under the baseline.

    Shares are of those not reached within the horizon. ``low`` and ``high`` are limits of the
    rise; ``p_adjusted`` is for all classes and alternatives together. ``abandoned`` is whether
    half of them or more are not reached, and were under the baseline.
    """

    alternative: str
    by: str  # kind, place, priority or time
    name: str
    callouts: int  # whose fate is known, in all replications
    not_reached: float
    baseline: float
    low: float
    high: float
    p_adjusted: float
    abandoned: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """
    Whether an alternative may be called better than the baseline in anything.

    ``state`` is *open*; *failed*: clearly more are not reached; *not settled*: neither is shown;
    *no verdict*: too few replications to tell.
    """

    state: str
    harmed: tuple[Harm, ...] = ()

    @property
    def abandoned(self) -> tuple[Harm, ...]:
        """The classes that are abandoned."""
        return tuple(harm for harm in self.harmed if harm.abandoned)


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """Callouts not reached, and those of which that is known, by class and replication."""

    labels: tuple[tuple[str, str], ...]  # by what, and which
    late: Floats  # shape (replications, classes)
    known: Floats

    @classmethod
    def of(cls, sample: Sample) -> Classes:
        """Count a sample's callouts by kind, place, priority and time of day."""
        obs, names, found = sample.observations, sample.names, judged_times(sample)
        priorities = int(obs.priority.max(initial=0)) + 1
        times = tuple(f"{h:02d}:00-{(h + BAND) % 24:02d}:00" for h in range(0, 24, BAND))
        groupings = (
            ("kind", names.kinds, obs.kind),
            ("place", names.places, obs.place),
            ("priority", tuple(map(str, range(priorities))), obs.priority),
            ("time", times, obs.hour // BAND),
        )
        labels, late, known = [], [], []
        for by, own, code in groupings:
            labels += [(by, name) for name in own]
            late.append(_count(obs.replication, code, found.late, obs.replications, len(own)))
            known.append(_count(obs.replication, code, found.known, obs.replications, len(own)))
        return cls(tuple(labels), np.hstack(late), np.hstack(known))

    def share(self, number: int) -> Spread | None:
        """Return a class's share not reached; None where it has no callouts."""
        return spread(self.late[:, number], self.known[:, number])


def _count(replication: Ints, code: Ints, which: Bools, size: int, groups: int) -> Floats:
    cells = (replication * groups + code)[which]
    counts = np.bincount(cells, minlength=size * groups).astype(np.float64)
    return np.asarray(counts.reshape(size, groups))


@dataclass(frozen=True, slots=True, eq=False)
class _Rise:
    alternative: str
    label: tuple[str, str]
    own: Spread
    baseline: Spread
    apart: Spread
    callouts: int
    late: bytes  # those not reached, replication by replication

    @property
    def p(self) -> float:
        """
        The p value that it rises by no more than would be harm.

        Where a few callouts are all there is, their spread says nothing; then it is no smaller
        than that of a sign test: each further callout not reached might as well have been one
        further callout reached.
        """
        further = max(self.apart.value, 0.0) * self.callouts
        return max(min(2 * p_above(self.apart, HARM), 1.0), math.pow(0.5, further))


def harms(samples: Sequence[Sample], alpha: float) -> dict[str, tuple[Harm, ...]]:
    """
    Return the classes harmed by each alternative but the first, which is the baseline.

    Parameters
    ----------
    samples
        Over the same replications, at least ten.
    alpha
        Chance of even one false one, over all classes and alternatives.

    """
    baseline = Classes.of(samples[0])
    at = {label: number for number, label in enumerate(baseline.labels)}
    rises = [
        rise
        for sample in samples[1:]
        for rise in _rises(sample.name, Classes.of(sample), baseline, at)
    ]
    same = [(rise.alternative, rise.late, rise.callouts) for rise in rises]
    ps, _ = adjusted([rise.p for rise in rises], same, holm)
    found: dict[str, list[Harm]] = {sample.name: [] for sample in samples[1:]}
    told: set[tuple[str, bytes, int]] = set()
    for rise, key, p in zip(rises, same, ps, strict=True):
        if p is not None and p < alpha and key not in told:  # fires that are all of priority 2
            told.add(key)
            found[rise.alternative].append(_harm(rise, p))
    return {
        name: tuple(sorted(own, key=lambda h: -h.callouts * (h.not_reached - h.baseline)))
        for name, own in found.items()
    }


def _rises(
    name: str, own: Classes, baseline: Classes, at: dict[tuple[str, str], int]
) -> list[_Rise]:
    found = []
    for number, label in enumerate(own.labels):
        other = at.get(label)
        if other is None:
            continue
        ours, theirs = own.share(number), baseline.share(other)
        if ours is None or theirs is None:
            continue
        apart = ours.minus(theirs)
        if not apart.hindrance and ours.value > 0:
            callouts = int(own.known[:, number].sum())
            late = own.late[:, number].tobytes()
            found.append(_Rise(name, label, ours, theirs, apart, callouts, late))
    return found


def _harm(rise: _Rise, p: float) -> Harm:
    paired = pair(rise.own, rise.baseline)
    assert paired.low is not None
    assert paired.high is not None
    return Harm(
        rise.alternative,
        *rise.label,
        rise.callouts,
        rise.own.value,
        rise.baseline.value,
        max(paired.low, -1.0),
        min(paired.high, 1.0),
        p,
        rise.own.value >= ABANDONED > rise.baseline.value,
    )


def gate(
    replications: int, high: float | None, worse: bool, margin: float, harmed: tuple[Harm, ...]
) -> Gate:
    """
    Return the gate of an alternative.

    Parameters
    ----------
    replications
        How many there are.
    high
        Upper limit of the rise of the share not reached, over all callouts; None: no interval.
    worse
        Whether that share clearly rises.
    margin
        Rise that is let pass.
    harmed
        Classes harmed.

    """
    if replications < FEW or high is None:
        return Gate(NO_VERDICT)
    if harmed:
        return Gate(FAILED, harmed)
    if high <= margin:
        return Gate(OPEN)
    return Gate(FAILED if worse else NOT_SETTLED)
