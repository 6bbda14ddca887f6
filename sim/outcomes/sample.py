"""What is handed to the tables: one alternative's observations, and what to read them against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import SimError
from sim.log import Names

from .observations import Observations

if TYPE_CHECKING:
    from sim.scenario.models import Scenario, Target


@dataclass(frozen=True, slots=True)
class Standards:
    """
    What alternatives are measured against.

    ``survival`` holds, by kind that declares it, the chance for a team on scene at once and the
    response time in which that chance halves [ms]; a kind that is not there declares nothing.
    """

    targets: tuple[Target, ...]
    survival: Mapping[str, tuple[float, int]]
    margin_time: int  # [ms] differences of times up to this do not matter
    margin_share: float  # the same of shares; 0.02 is two percentage points


def standards_of(scenario: Scenario) -> Standards:
    """Return what a scenario declares: its targets, values of coming soon, and margins."""
    declared = {
        name: (kind.survival.at_once, kind.survival.half_life)
        for name, kind in scenario.demand.kinds.items()
        if kind.survival is not None
    }
    margin = scenario.study.margin
    return Standards(scenario.targets, declared, margin.time, margin.share)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Sample:
    """
    One alternative's observations with what it takes to read them.

    Raises
    ------
    SimError
        When there is not one number for each replication.

    """

    name: str
    observations: Observations
    names: Names
    standards: Standards
    end: int  # length of the measured period [ms]
    numbers: tuple[int, ...]  # the replications' own numbers, in the order stacked

    def __post_init__(self) -> None:
        if len(self.numbers) != self.observations.replications:
            raise SimError(
                f"{self.name}: {len(self.numbers)} numbers are given for "
                f"{self.observations.replications} replications; each needs its own"
            )
