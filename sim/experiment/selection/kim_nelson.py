"""
Choosing the best of several alternatives, with a guarantee.

The procedure is given the results of replications, one by one, and says which it needs next. It
runs nothing itself, so it chooses the same for any number of processes. A replication has the same
callouts for every alternative, and alternatives that meet the same draws are distinguished much
sooner; the guarantee holds for that too. It is for normal differences: see ``KimNelson``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from sim.errors import UsageError
from sim.outcomes import Gate

from .candidates import Candidates, Estimates, Gates, Needed

SKEWED = 1.0  # skewness of a difference from which replications are taken in batches
BATCH = 5
PATIENCE = 4  # first stages for which one whose estimate does not exist, perhaps, is kept


def continuation(alternatives: int, first: int, confidence: float = 0.95) -> tuple[float, float]:
    """
    Return Kim and Nelson's constants eta and h squared, for c = 1.

    Parameters
    ----------
    alternatives
        How many there are to choose from, at least 2.
    first
        Observations of each in the first stage, at least 2.
    confidence
        Chance of choosing the best, between 0.5 and 1.

    Examples
    --------
    >>> [round(constant, 3) for constant in continuation(2, 10)]
    [0.334, 6.013]

    """
    alpha = 1 - confidence
    eta = ((2 * alpha / (alternatives - 1)) ** (-2 / (first - 1)) - 1) / 2
    return eta, 2 * eta * (first - 1)


class KimNelson:
    r"""
    The procedure of Kim and Nelson: drop what is clearly worse, until one is left.

    Parameters
    ----------
    names
        The alternatives, the baseline first; of equally good ones the first is chosen.
    delta
        The least difference that matters, in the unit of the estimates.
    estimates
        Estimates over the replications so far, which this adds to.
    gates
        Says which alternatives leave more people without help than the baseline.
    confidence
        Chance of choosing the best where it is better than the others by ``delta`` or more.
    first
        Observations of each alternative before any is dropped.
    batch
        Replications that make an observation; None: 1, or 5 where differences are skewed.
    maximise
        Whether more is better.
    said
        ``delta`` as people write it, for the guarantee.
    ahead
        Observations asked for at once after the first stage, so that several processes have work.
        It does not change the choice.

    Raises
    ------
    UsageError
        When names are not one each, or a number makes no sense.

    Notes
    -----
    With :math:`x_i(r)` the estimate over the first ``r`` observations, less being better,
    alternative `i` is dropped when for another one left, `l`,

    .. math:: x_i(r) > x_l(r) + \max(0, \delta / (2 r) (h^2 S^2_{il} / \delta^2 - r))

    where :math:`S^2_{il}` is the variance of their difference in the first stage [1]_; once all
    of these are 0, the best is chosen. For a mean of observations this is the procedure as
    published. The estimates here are ratios of sums and quantiles over all callouts of the
    replications so far, and the variance is that of their linearised errors (the plug-in
    principle), so that what is chosen by is what a comparison of the same replications shows.

    Differences are taken as normal. Where they lean, a first stage of 20 misjudges them: with
    variables of a skewness of 2, the best was chosen in 85 % of 1,000 trials in place of 95 %,
    and in all of them with means of five. So, if ``batch`` is None and the first ``first``
    replications of any two alternatives have differences of a skewness above 1 either way,
    observations are five replications each.

    Who leaves more people without help is refused. The gate is looked at after the first stage,
    whenever there are twice as many replications as at the look before, and before one is named;
    the baseline runs on for that, also where it was dropped. Where one that had dropped others is
    refused, those are back: all looks are gone through again without it.

    References
    ----------
    .. [1] S.-H. Kim, B. L. Nelson, "A fully sequential procedure for indifference-zone selection
       in simulation", *ACM Trans. Model. Comput. Simul.* 11(3), 2001, 251-273.

    """

    def __init__(
        self,
        names: Sequence[str],
        delta: float,
        estimates: Estimates,
        *,
        gates: Gates | None = None,
        confidence: float = 0.95,
        first: int = 20,
        batch: int | None = 1,
        maximise: bool = False,
        said: str = "",
        ahead: int = 1,
    ) -> None:
        self.candidates = Candidates(names, estimates, gates, maximise)
        self.names = self.candidates.names
        if not 0 < delta < math.inf:
            raise UsageError(f"the difference that matters is {delta}; it must be above 0")
        if not 0.5 < confidence < 1:
            raise UsageError(f"confidence {confidence:g}; it must be above 0.5 and below 1")
        if first < 2 or ahead < 1 or (batch is not None and batch < 1):
            raise UsageError(
                f"{first} observations of {batch} replications first, then {ahead} at once; it "
                "takes at least 2 of 1, then 1"
            )
        self.delta, self.confidence, self.first, self.batch = delta, confidence, first, batch
        self.said, self.ahead = said or f"{delta:g}", ahead
        self.survivors = self.names
        self.replications = 0  # at the last look
        self.done = len(self.names) == 1
        self._dropped: dict[str, int] = {}  # after how many replications, in the order dropped
        self._open: dict[tuple[str, str], float] = {}  # h^2 S^2 / delta^2, in the order of names
        self._passed: dict[int, set[str]] = {}  # the gate, by look
        self._stage = first * (batch or 1)  # replications after which to look next

    @property
    def best(self) -> str:
        """The alternative chosen; before the end, the one that looks best."""
        at, loss = self.replications, self.candidates.loss
        return min(self.survivors, key=lambda n: loss(n, at))  # the first of equal ones

    @property
    def gate(self) -> Gate | None:
        """The gate of the alternative chosen; None: it is the baseline."""
        return self.candidates.gate

    @property
    def guarantee(self) -> str:
        """What is promised, in a sentence."""
        if len(self.names) == 1:
            return "There is only one alternative."
        return (
            f"With probability at least {100 * self.confidence:g} % the alternative chosen is the "
            f"best, provided the best is at least {self.said} better than the next and differences "
            "are normal."
        )

    @property
    def ends(self) -> dict[str, int]:
        """
        After how many replications each alternative ended.

        Those refused come first, then those dropped, in the order dropped, then those left.
        """
        if not self.replications:
            return {}
        refused = {name: each.replications for name, each in self.candidates.refused.items()}
        return {**refused, **self._dropped, **dict.fromkeys(self.survivors, self.replications)}

    def needs(self) -> Needed:
        """Return the replications wanted next, by number from 0, and of which alternatives."""
        if self.done:
            return []
        until = self._stage
        if self._open:
            until += (self.ahead - 1) * (self.batch or 1)
        return self.candidates.needs(dict.fromkeys(self._running(), until))

    def add(self, number: int, found: Mapping[str, Any]) -> None:
        """
        Take what a replication gave of the alternatives that it is wanted of.

        Raises
        ------
        UsageError
            When one is missing, or an estimate cannot be made.

        """
        had = self.candidates.had
        for name in self._running():
            if had(name) == number and name not in found and not self.done:
                raise UsageError(f"replication {number} of {name!r} is needed")
        self.candidates.take(number, found)
        while not self.done and all(had(name) >= self._stage for name in self._running()):
            self._look()

    def _running(self) -> tuple[str, ...]:
        return self.candidates.with_baseline(self.survivors)

    def _look(self) -> None:
        self.replications = self._stage
        if self._refuses():
            if self._open:
                self._again()
                return
            self.survivors = self.candidates.open
        if not self._open and len(self.survivors) > 1 and not self._begin():
            return
        if not self._screen():
            self._stage += self.batch or 1
        elif self.candidates.choose(self.survivors, dict.fromkeys(self.names, self._stage)) is None:
            self._again()
        else:
            self.done = True

    def _refuses(self) -> bool:
        """Look at the gate where it is time to, and tell whether anybody is refused."""
        looks = self._stage / (self.first * (self.batch or 1))
        passed = self._passed.setdefault(self._stage, set())
        if math.log2(looks) % 1 or passed.issuperset(self.survivors):
            return False
        self.candidates.refuse(self.survivors, self._stage)
        passed.update(self.survivors)
        return any(name in self.candidates.refused for name in self.survivors)

    def _again(self) -> None:
        """Go through all looks again without those refused."""
        self.survivors = self.candidates.open
        self._dropped.clear()
        self._stage = self.first * (self.batch or 1)

    def _begin(self) -> bool:
        """Take what the first stage tells; False: it takes more replications to end it."""
        pairs = list(combinations(self.survivors, 2))
        if self.batch is None:
            apart = [errors for a, b in pairs if (errors := self._apart(a, b)) is not None]
            self.batch = BATCH if any(abs(skewness(e)) > SKEWED for e in apart) else 1
            self._stage = self.first * self.batch
            if self.batch > 1:
                return False
        for a, b in pairs:
            self._room(a, b)
        return True

    def _apart(self, a: str, b: str) -> list[float] | None:
        """Return the errors of a difference by replication; None: one does not exist."""
        one, other = (self.candidates.estimates.spread(name) for name in (a, b))
        if one is None or other is None:
            return None
        both = min(one.replications, other.replications)
        one, other = (replace(each, errors=each.errors[:both]) for each in (one, other))
        found: list[float] = one.minus(other).errors.tolist()
        return found

    def _room(self, a: str, b: str) -> float | None:
        """Return the observations after which two alternatives may be no distance apart."""
        if (a, b) not in self._open:
            errors = self._apart(a, b)
            if errors is None:
                return None
            _, h2 = continuation(len(self.names), self.first, self.confidence)
            means = _batched(errors, self.batch or 1)
            self._open[a, b] = h2 * variance(means) / self.delta**2
        return self._open[a, b]

    def _screen(self) -> bool:
        """Drop what is clearly worse than another one left, and tell whether that is the end."""
        observations = self._stage // (self.batch or 1)
        self.candidates.check(self.survivors, dict.fromkeys(self.names, self._stage))
        loss = {name: self.candidates.loss(name, self._stage) for name in self.survivors}
        known = [name for name in self.survivors if loss[name] < math.inf]
        worse, is_open = set[str](), False
        for a, b in combinations(known, 2):
            until = self._room(a, b)
            assert until is not None
            room = max(0.0, self.delta / (2 * observations) * (until - observations))
            is_open = is_open or until >= observations
            if loss[b] > loss[a] + room:
                worse.add(b)
            elif loss[a] > loss[b] + room:
                worse.add(a)
        unknown = [name for name in self.survivors if name not in known]
        gone = [name for name in unknown if self._is_never(name, observations)]
        is_open = is_open or len(gone) < len(unknown)
        self._drop(worse.union(gone))
        # Where no room is left, only equal estimates remain: more replications tell nothing.
        return len(self.survivors) == 1 or not is_open

    def _is_never(self, name: str, observations: int) -> bool:
        level = (1 - self.confidence) / max(len(self.names) - 1, 1)
        late = observations >= PATIENCE * self.first
        return late or self.candidates.estimates.is_never(name, level)

    def _drop(self, names: set[str]) -> None:
        self._dropped |= {name: self._stage for name in self.survivors if name in names}
        self.survivors = tuple(name for name in self.survivors if name not in names)


def skewness(values: Sequence[float]) -> float:
    """Return the skewness of a sample; 0 where nothing varies."""
    mean = math.fsum(values) / len(values)
    second = math.fsum((v - mean) ** 2 for v in values) / len(values)
    third = math.fsum((v - mean) ** 3 for v in values) / len(values)
    return third / second**1.5 if second > 1e-24 * mean**2 else 0.0


def _batched(values: Sequence[float], batch: int) -> list[float]:
    return [
        math.fsum(values[at : at + batch]) / batch
        for at in range(0, len(values) - batch + 1, batch)
    ]


def variance(values: Sequence[float]) -> float:
    """Return the variance of a sample."""
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
