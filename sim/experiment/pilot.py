"""A pilot study from an empty start, to find the warm-up that a scenario needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.errors import UsageError
from sim.scenario import ScenarioFile

from .running.alternatives import design_of
from .running.study import Study, run_study
from .warmup import WarmUp, day_means, mser5

DAYS, REPLICATIONS = 250, 20  # fifty batches of five days: with few, MSER-5 is led by chance
_DAY = 86_400_000


@dataclass(frozen=True)
class Pilot:
    """What a pilot found: each alternative's day means, and where they settle."""

    study: Study
    series: dict[str, Any]  # mean response time by day received [min], shape (days,)
    settled: dict[str, WarmUp]

    @property
    def days(self) -> int | None:
        """The warm-up that is enough for every alternative [days]; None: one never settles."""
        if not all(found.found for found in self.settled.values()):
            return None
        return max(found.delete for found in self.settled.values())


def run_pilot(
    files: Sequence[ScenarioFile], policies: Sequence[str] | None = None, days: int = DAYS
) -> Pilot:
    """
    Run scenarios from an empty start and judge by MSER-5 when each alternative settles.

    Raises
    ------
    UsageError
        When a scenario lists its callouts: it has no steady state to settle into.

    """
    pilots = []
    for file in files:
        if file.callouts is not None:
            raise UsageError(
                f"{file.path} lists its callouts, so it begins and ends with them; "
                "give --warm-up none, or a duration"
            )
        changes: dict[str | tuple[str, ...], object] = {
            "clock.warm_up": "0 min",
            "clock.length": f"{days} days",
            "study.replications": REPLICATIONS,
        }
        pilots.append(file.replace(changes))
    study = run_study(design_of(pilots, policies))
    end = days * _DAY
    series = {name: day_means(obs, end) for name, obs in study.observations.items()}
    return Pilot(study, series, {name: mser5(each) for name, each in series.items()})


def needed(files: Sequence[ScenarioFile], policies: Sequence[str] | None) -> int:
    """
    Return the warm-up that scenarios need [days].

    Raises
    ------
    UsageError
        When no steady state was found.

    """
    pilot = run_pilot(files, policies)
    if pilot.days is None:
        never = ", ".join(name for name, found in pilot.settled.items() if not found.found)
        raise UsageError(
            f"--warm-up auto: no steady state found within {DAYS} days for {never}; give a "
            "duration, or none for a run that is to start empty"
        )
    return pilot.days
