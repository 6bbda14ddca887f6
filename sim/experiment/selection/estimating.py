"""The estimates a selection is made by: of each alternative, over the replications so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from sim.definitions import Definition, definition
from sim.errors import UsageError
from sim.outcomes import (
    Estimate,
    Gate,
    Observations,
    Running,
    Sample,
    Spread,
    headline,
    primary_differences,
    running,
    stack,
)
from sim.outcomes.inference.envelope import p_above, p_below
from sim.outcomes.inference.quantiles import HEAPED
from sim.world import World

from ..running.samples import standards_for

CLEARLY = 0.05  # chance that one left out as worse than the best of several is not


class Pooled:
    """
    Estimates of one measure, each over all callouts of the replications added so far.

    Parameters
    ----------
    worlds
        Of the alternatives, by name.
    measure
        As in the tables; one with a direction.

    """

    def __init__(self, worlds: Mapping[str, World], measure: str) -> None:
        self.measure = measure
        self.label: Definition = definition(measure)
        self._worlds = worlds
        self._standards = {name: standards_for(world) for name, world in worlds.items()}
        self._running: dict[str, Running] = {}
        self._parts: dict[str, list[Observations]] = {name: [] for name in worlds}

    @property
    def horizon(self) -> int:
        """Time after which a callout counts as not reached. [ms]"""
        return next(iter(self._standards.values())).horizon

    def add(self, name: str, found: Observations) -> None:
        """Add what the next replication of an alternative gave."""
        sample = self._sample(name, found, (0,))
        if name not in self._running:
            kept = running(self.measure, sample)
            if kept is None:
                raise UsageError(f"--by: {self.measure} is not measured in this scenario")
            self._running[name] = kept
        self._running[name].add(sample)
        self._parts[name].append(found)

    def value(self, name: str) -> float | None:
        """Return the estimate; None: it does not exist, so few callouts are ever reached."""
        return self._running[name].value()

    def spread(self, name: str) -> Spread | None:
        """
        Return the estimate with its errors by replication; None: it does not exist.

        Raises
        ------
        UsageError
            When there is nothing to measure.

        """
        kept, runs = self._running[name], len(self._parts[name])
        found = kept.spread()
        if found is None and kept.ever() is not None:
            return None
        if found is None or (found.no_interval and found.no_interval != HEAPED):
            raise UsageError(
                f"--by: of {runs} replications of {name!r}, {self._carrying(found)} any callout "
                f"to measure {self.measure} by; run longer, or choose another measure"
            )
        if found.no_interval:  # so many callouts take just as long that chance does not move it
            return replace(found, errors=np.zeros_like(found.errors), unusable="")
        return found

    @staticmethod
    def _carrying(found: Spread | None) -> str:
        return "none has" if found is None else "only one has"

    def is_never(self, name: str, level: float) -> bool:
        """Return whether it is clear, at a level, that the estimate does not exist."""
        ever = self._running[name].ever()
        if ever is None or ever.no_interval:
            return False
        p = 0.9 if self.measure.endswith("p90") else 0.5
        return p_below(ever, p) < level

    def sample(self, name: str, replications: int) -> Sample:
        """Return the first replications of an alternative as one sample."""
        parts = stack(self._parts[name][:replications])
        return self._sample(name, parts, tuple(range(replications)))

    def _sample(self, name: str, found: Observations, numbers: tuple[int, ...]) -> Sample:
        world = self._worlds[name]
        return Sample(name, found, world.names, self._standards[name], world.ends, numbers)

    def estimate(self, name: str, replications: int) -> Estimate | None:
        """Return the row that a comparison of the first replications has."""
        return next(iter(headline(self.sample(name, replications), [self.measure])), None)

    def gates(self, names: Sequence[str], replications: int) -> dict[str, Gate]:
        """Return the gates of alternatives against the first, over the first replications."""
        return primary_differences([self.sample(name, replications) for name in names])[1]

    def could_be_best(self, names: Sequence[str]) -> tuple[str, ...]:
        """
        Return which of several may be the best, from as many replications of each.

        Each stays in unless another is clearly better, one-sided, with every comparison at 5 %
        over the number of others, as `sim.outcomes.could_be_best` does.
        """
        spreads = {n: found for n in names if (found := self.spread(n)) is not None}
        level = CLEARLY / max(len(spreads) - 1, 1)
        clearly = p_below if self.label.direction == "more" else p_above
        return tuple(
            name
            for name, own in spreads.items()
            if not any(
                clearly(own.minus(other)) < level for n, other in spreads.items() if n != name
            )
        )
