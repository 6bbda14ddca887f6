"""The simulated side of a validation: replications of a scenario on the period of a record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sim.cycle_collector import no_collector
from sim.engine import Atlases, simulate
from sim.log import MS_PER_DAY, KeptLog
from sim.outcomes.validation.callout_times import (
    CalloutTimes,
    KnownCallout,
    callout_times,
    coarsened,
    joined_times,
    of_log,
)
from sim.scenario import ScenarioFile

from ..running.alternatives import Alternative, design_of, worlds_of
from ..running.blocks import in_blocks
from ..running.study_size import refuse_too_large


class ValidationRun(NamedTuple):
    """What is run: an alternative whose clock begins a day before ``days`` days that are kept."""

    alternative: Alternative
    seed: int
    instants: tuple[str, ...]  # those that the record has
    days: int
    grain: int  # to what the record's instants are written down [ms]


def simulated_times(
    file: ScenarioFile,
    policy: str | None,
    seed: int,
    replications: int,
    instants: tuple[str, ...],
    days: int,
    grain: int = 1,
    jobs: int = 1,
) -> CalloutTimes:
    """
    Return the callouts of replications of a scenario that was moved to a period.

    Parameters
    ----------
    file
        The scenario; its clock begins a day before the period.
    policy
        The name of its policy, the first if not given.
    seed, replications
        Of the random numbers; how many independent runs.
    instants, days
        Which instants the record has; how many days it has.
    grain
        To what the record's instants are written down: simulated ones are cut to it, too. [ms]
    jobs
        Processes to run in.

    Raises
    ------
    UsageError
        When there is no such policy, or the callouts would fill the memory.

    """
    wanted = [policy or next(iter(file.scenario.policies))]
    design = design_of([file], wanted)
    alternative = design.alternatives[0]
    world = worlds_of([alternative])[alternative.name]
    refuse_too_large(design, {a.name: world for a in design.alternatives}, replications)
    world.demand.refuse_extreme_days(seed, range(replications))
    run = ValidationRun(alternative, seed, instants, days, grain)
    numbers = range(replications)
    blocks = [numbers[i::jobs] for i in range(jobs)] if jobs > 1 else [numbers]
    parts = [part for found in in_blocks(_block, run, blocks, jobs) for part in found]
    return joined_times(sorted(parts, key=_first_replication))


def _first_replication(part: CalloutTimes) -> int:
    return int(part.replication[0]) if len(part) else -1


def _block(run: ValidationRun, numbers: Sequence[int]) -> list[CalloutTimes]:
    """Return the callouts of some replications, each apart."""
    world = worlds_of([run.alternative])[run.alternative.name]
    atlases = Atlases(world)
    found = []
    for number in numbers:
        log = KeptLog(decisions=False)
        with no_collector():
            simulate(world, run.alternative.policies, log, run.seed, number, atlases)
            kept = _kept(log, run)
            found.append(callout_times(kept, run.instants, number, MS_PER_DAY))
            log.forget()
    return found


def _kept(log: KeptLog, run: ValidationRun) -> Iterator[KnownCallout]:
    """Yield the callouts received in the period; the days around it are for what reaches in."""
    clock = run.alternative.file.scenario.clock.local
    for elapsed in of_log(log.callouts, log.missions):
        # a record counts as clocks show it
        callout = elapsed.later(clock.local(elapsed.received) - elapsed.received)
        if MS_PER_DAY <= callout.received < (run.days + 1) * MS_PER_DAY:
            yield callout if run.grain == 1 else coarsened(callout, run.grain)
