"""
People first: what stands before any other word about an alternative.

No mean, percentile or target protects those who are not reached: a rule that abandons some of the
callers reaches the others sooner. So nothing is called better unless it is shown that not more
callouts are left without help, over all (the first gate) and by class (the second): by kind,
place, priority and time of day, and in windows of the run where results by window are asked for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.definitions import CALLOUTS, RESTRICTED_MEAN

from ..inference.censoring import Bools, Floats, Ints
from ..inference.envelope import p_above, settled
from ..inference.families import adjusted, holm
from ..inference.intervals import pair
from ..inference.replications import FEW, Spread, spread
from ..measured.judged import JudgedTimes, judged_times
from ..observed.cohorts import received_in
from ..observed.observations import Observations
from ..observed.sample import Sample

OPEN, FAILED, GATE_INCONCLUSIVE, NO_VERDICT = "open", "failed", "inconclusive", "no verdict"
HARM = 0.02  # rise of a class's share not reached that is harm, two percentage points
ABANDONED = 0.5  # share not reached from which a class is called abandoned
RESTRICTED = CALLOUTS[RESTRICTED_MEAN]
KEPT_WAITING = 0.25  # rise of a class's restricted mean that is harm, of the horizon
BAND = 4  # hours in a time of day
WINDOW = "window"


class Harm(NamedTuple):
    """
    A class of callouts of which clearly more are not reached than under the baseline.

    Shares are of those not reached. ``low`` and ``high`` are limits of the rise; ``p_adjusted``
    is for all classes and alternatives together. ``abandoned`` is whether half of them or more
    are not reached, and were under the baseline. ``kept_waiting`` is whether, though they may be
    reached in the end, their restricted mean response time, ``mean`` and under the baseline
    ``baseline_mean`` [min], rises by a quarter of the horizon or more: help after seven hours is no
    help.
    """

    alternative: str
    by: str  # kind, place, priority, time or window
    name: str
    callouts: int  # whose outcome is known, in all replications
    not_reached: float
    baseline: float
    low: float
    high: float
    p_adjusted: float
    abandoned: bool
    kept_waiting: bool
    mean: float
    baseline_mean: float


@dataclass(frozen=True, slots=True)
class Gate:
    """
    Whether an alternative may be called better than the baseline in anything.

    ``state`` is *open*; *failed*: clearly more are not reached; *inconclusive*: neither is shown;
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
    """Callouts not reached, those of which that is known, and times, by class and replication."""

    labels: tuple[tuple[str, str], ...]  # by what, and which
    late: Floats  # shape (replications, classes)
    known: Floats
    callouts: Floats
    time: Floats  # restricted response times, added up [ms]

    @classmethod
    def of(cls, sample: Sample) -> Classes:
        """Count a sample's callouts by kind, place, priority, time of day and window."""
        obs, names, found = sample.observations, sample.names, judged_times(sample)
        priorities = int(obs.priority.max(initial=0)) + 1
        times = tuple(f"{h:02d}:00-{(h + BAND) % 24:02d}:00" for h in range(0, 24, BAND))
        groupings = (
            ("kind", names.kinds, obs.kind),
            ("place", names.places, obs.place),
            ("priority", tuple(map(str, range(priorities))), obs.priority),
            ("time", times, obs.hour // BAND),
        )
        labels, sums = [], []
        for by, own, code in groupings:
            labels += [(by, name) for name in own]
            sums.append(_counted(obs, found, code, len(own)))
        for name, stretches in sample.standards.windows:  # these overlap: each on its own
            labels.append((WINDOW, name))
            outside = (~received_in(stretches, obs.received)).astype(np.int64)
            sums.append([each[:, :1] for each in _counted(obs, found, outside, 2)])
        return cls(tuple(labels), *(np.hstack(column) for column in zip(*sums, strict=True)))

    def share(self, number: int) -> Spread | None:
        """Return a class's share not reached; None where it has no callouts."""
        return spread(self.late[:, number], self.known[:, number])

    def mean(self, number: int) -> Spread | None:
        """Return a class's restricted mean response time [min]; None where it has no callouts."""
        found = spread(self.time[:, number], self.callouts[:, number])
        return None if found is None else found.scaled(RESTRICTED.scale)


def _counted(obs: Observations, found: JudgedTimes, code: Ints, groups: int) -> list[Floats]:
    """Return those late, those known, all, and their times. Shape (replications, groups)"""
    cells, shape = obs.replication * groups + code, (obs.replications, groups)
    every = np.ones_like(found.known)
    each = [_sums(cells, which, shape) for which in (found.late, found.known, every)]
    return [*each, _sums(cells, every, shape, found.restricted)]


def _sums(cells: Ints, which: Bools, shape: tuple[int, int], amount: Ints | None = None) -> Floats:
    weights = None if amount is None else amount[which]
    sums = np.bincount(cells[which], weights=weights, minlength=shape[0] * shape[1])
    return np.asarray(sums.astype(np.float64).reshape(shape))


@dataclass(frozen=True, slots=True, eq=False)
class _Rise:
    alternative: str
    label: tuple[str, str]
    own: Spread
    baseline: Spread
    mean: Spread
    baseline_mean: Spread
    horizon: float  # [min]
    callouts: int
    same: bytes  # those not reached and the times, replication by replication

    @property
    def p(self) -> float:
        """The p value that neither is harm: that more are not reached, or that they wait on."""
        return min(1.0, 2 * min(self.p_unreached, self.p_waiting))

    @property
    def p_unreached(self) -> float:
        """
        The p value that the share not reached rises by no more than would be harm.

        Where a few callouts are all there is, their spread says nothing; then it is no smaller
        than that of a sign test: each further callout not reached might as well have been one
        further callout reached.
        """
        apart = self.own.minus(self.baseline)
        return self._p(p_above(apart, HARM), max(apart.value, 0.0))

    @property
    def p_waiting(self) -> float:
        """The p value that the restricted mean rises by no more than would be harm."""
        apart = self.mean.minus(self.baseline_mean)
        further = max(apart.value, 0.0) / self.horizon
        return self._p(p_above(apart, KEPT_WAITING * self.horizon), further)

    def _p(self, p: float, further: float) -> float:
        return max(min(2 * p, 1.0), math.pow(0.5, further * self.callouts))


def harms(samples: Sequence[Sample], alpha: float) -> dict[str, tuple[Harm, ...]]:
    """
    Return the classes harmed by each alternative but the first, which is the baseline.

    Parameters
    ----------
    samples
        Over the same replications, at least ten.
    alpha
        Chance of even one false one, over all classes and alternatives; windows are judged apart
        with the same chance, so that to ask for them can only show more harm.

    """
    baseline = Classes.of(samples[0])
    at = {label: number for number, label in enumerate(baseline.labels)}
    rises = [
        rise for sample in samples[1:] for rise in _rises(sample, Classes.of(sample), baseline, at)
    ]
    same = [(rise.alternative, rise.same, rise.callouts) for rise in rises]
    ps: list[float | None] = [None] * len(rises)
    for in_window in (False, True):
        own = [i for i, rise in enumerate(rises) if (rise.label[0] == WINDOW) == in_window]
        answers, _ = adjusted([rises[i].p for i in own], [same[i] for i in own], holm)
        for i, p in zip(own, answers, strict=True):
            ps[i] = p
    found: dict[str, list[Harm]] = {sample.name: [] for sample in samples[1:]}
    told: set[tuple[str, bytes, int]] = set()
    for rise, key, p in zip(rises, same, ps, strict=True):
        if p is not None and p < alpha and key not in told:  # fires that are all of priority 2
            told.add(key)
            found[rise.alternative].append(_harm(rise, p))
    return {
        name: tuple(sorted(own, key=lambda h: -h.callouts * (h.mean - h.baseline_mean)))
        for name, own in found.items()
    }


def _rises(
    sample: Sample, own: Classes, baseline: Classes, at: dict[tuple[str, str], int]
) -> list[_Rise]:
    horizon, found = sample.standards.horizon / RESTRICTED.scale, []
    for number, label in enumerate(own.labels):
        other = at.get(label)
        if other is None:
            continue
        shares = own.share(number), baseline.share(other)
        means = own.mean(number), baseline.mean(other)
        if any(each is None or each.no_interval for each in (*shares, *means)):
            continue
        rise = _Rise(
            sample.name, label, *shares, *means, horizon,  # type: ignore[arg-type]
            int(own.known[:, number].sum()),
            own.late[:, number].tobytes() + own.time[:, number].tobytes(),
        )  # fmt: skip
        if rise.own.value > 0 or rise.mean.value > rise.baseline_mean.value:
            found.append(rise)
    return found


def _harm(rise: _Rise, p: float) -> Harm:
    paired = pair(rise.own, rise.baseline)
    assert paired.low is not None
    assert paired.high is not None
    return Harm(
        rise.alternative,
        *rise.label,
        rise.callouts,
        settled(rise.own.value),
        settled(rise.baseline.value),
        settled(max(paired.low, -1.0)),
        settled(min(paired.high, 1.0)),
        p,
        abandoned=rise.own.value >= ABANDONED > rise.baseline.value,
        kept_waiting=rise.p_waiting <= rise.p_unreached,
        mean=settled(rise.mean.value, max(1.0, rise.mean.value)),
        baseline_mean=settled(rise.baseline_mean.value, max(1.0, rise.baseline_mean.value)),
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
    return Gate(FAILED if worse else GATE_INCONCLUSIVE)
