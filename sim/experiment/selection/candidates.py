"""
What a selection procedure is given, and which alternatives may be chosen.

Estimates are pooled over replications, so that a choice uses the numbers that a comparison of the
same replications shows. An alternative that leaves more people without help than the baseline is no
candidate: even with the best mean it cannot be chosen and cannot eliminate others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sim.errors import UsageError
from sim.outcomes import Gate, Spread
from sim.outcomes.verdicts.gate import FAILED, NO_VERDICT

Needed = list[tuple[int, tuple[str, ...]]]
# The gates of alternatives, the baseline first among the names, over the first n replications
Gates = Callable[[Sequence[str], int], Mapping[str, Gate]]


class Estimates(Protocol):
    """Estimates of each alternative over the replications added of it so far."""

    def add(self, name: str, found: Any) -> None:
        """Add what the next replication of an alternative gave."""

    def value(self, name: str) -> float | None:
        """Return the estimate; None: it does not exist, so few callouts are ever reached."""

    def spread(self, name: str) -> Spread | None:
        """
        Return the estimate with its errors by replication; None: it does not exist.

        Raises
        ------
        UsageError
            When there is nothing to measure.

        """

    def is_never(self, name: str, level: float) -> bool:
        """Return whether it is clear, at a level, that the estimate does not exist."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An alternative that is no candidate: after how many replications that was found, and why."""

    replications: int
    gate: Gate

    @property
    def why(self) -> str:
        """Why, in words."""
        harmed = self.gate.abandoned or self.gate.harmed
        names = ", ".join(harm.name for harm in harmed[:3]) + ", ..." * (len(harmed) > 3)
        if self.gate.abandoned:
            return f"abandons {names}"
        return f"leaves more {names} without help" if harmed else "leaves more without help"


class Candidates:
    """
    Alternatives, their estimates after each replication, and those that are refused.

    Parameters
    ----------
    names
        The alternatives, the baseline first.
    estimates
        Where what replications give is added to.
    gates
        Says which alternatives leave more people without help; without it, none does.
    maximise
        Whether more is better.

    Raises
    ------
    UsageError
        When names are not one each.

    """

    def __init__(
        self,
        names: Sequence[str],
        estimates: Estimates,
        gates: Gates | None = None,
        maximise: bool = False,
    ) -> None:
        if not names or len(set(names)) < len(names):
            raise UsageError(
                f"alternatives {', '.join(names) or '(none)'}: each must be named once"
            )
        self.names = tuple(names)
        self.estimates = estimates
        self.refused: dict[str, Refused] = {}
        self.gate: Gate | None = None  # of the one chosen; None: it is the baseline, or no gates
        self._gates, self._sign = gates, -1.0 if maximise else 1.0
        self._values: dict[str, list[float | None]] = {name: [] for name in self.names}

    @property
    def baseline(self) -> str:
        """The alternative that the others are compared with."""
        return self.names[0]

    @property
    def open(self) -> tuple[str, ...]:
        """Who has not been refused."""
        return tuple(name for name in self.names if name not in self.refused)

    def had(self, name: str) -> int:
        """Return how many replications of an alternative have been added."""
        return len(self._values[name])

    def with_baseline(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return who has to run for these to be judged: the gate needs the baseline, too."""
        if self._gates is None or len(self.names) == 1:
            return tuple(names)
        return tuple(name for name in self.names if name in names or name == self.baseline)

    def needs(self, until: Mapping[str, int]) -> Needed:
        """Return the replications to run, by number from 0: of each name as many as it says."""
        first = min(map(self.had, until), default=0)
        needed = [
            (number, tuple(name for name in until if self.had(name) <= number < until[name]))
            for number in range(first, max(until.values(), default=0))
        ]
        return [(number, names) for number, names in needed if names]

    def take(self, number: int, found: Mapping[str, Any]) -> None:
        """Take what a replication gave of those whose next one it is; others are ignored."""
        for name in self.names:
            if name in found and self.had(name) == number:
                self.estimates.add(name, found[name])
                self._values[name].append(self.estimates.value(name))

    def value(self, name: str, replications: int) -> float | None:
        """Return the estimate of an alternative after a number of replications."""
        return self._values[name][replications - 1] if replications else None

    def loss(self, name: str, replications: int) -> float:
        """Return the same as a number that is the less the better; infinite: does not exist."""
        value = self.value(name, replications)
        return math.inf if value is None else self._sign * value

    def check(self, names: Sequence[str], replications: Mapping[str, int]) -> None:
        """
        Check that there is something to choose by.

        Raises
        ------
        UsageError
            When no estimate exists.

        """
        if all(self.loss(name, replications[name]) == math.inf for name in names):
            raise UsageError(
                f"{', '.join(names)}: so few callouts are ever reached that there is no value to "
                "choose by; choose by another measure"
            )

    def refuse(self, names: Iterable[str], replications: int) -> dict[str, Gate]:
        """Hold alternatives against the baseline, note those refused and return their gates."""
        names = [name for name in names if name != self.baseline]
        if self._gates is None or not names:
            return {}
        found = self._gates((self.baseline, *names), replications)
        gates = {name: found.get(name, Gate(NO_VERDICT)) for name in names}
        for name, gate in gates.items():
            if gate.state == FAILED:
                self.refused[name] = Refused(replications, gate)
        return gates

    def choose(self, among: Sequence[str], replications: Mapping[str, int]) -> str | None:
        """
        Return the best of some, the first of equal ones; None: it is refused at the last moment.

        The gate is that over all replications that it and the baseline have in common.
        """
        self.check(among, replications)
        best = min(among, key=lambda name: self.loss(name, replications[name]))
        common = min(replications[best], replications.get(self.baseline, self.had(self.baseline)))
        self.gate = self.refuse([best], common).get(best)
        return None if best in self.refused else best
