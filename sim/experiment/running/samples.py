"""From replications to samples: observations with the data needed to measure them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sim.outcomes import Observations, Sample, Standards, standards_of
from sim.scenario.duty_hours.named_windows import windows_of_all
from sim.world import NO_ACCESS, World, expected


def first_response(world: World) -> int:
    """
    Return what the longest response takes, expected, with the closest team free at once. [ms]

    From it comes the horizon of a scenario without targets (`sim.outcomes.default_horizon`).
    """
    handling = expected(world.scenario.dispatch_centre.call_handling)
    turnout = {crew.place: crew.expected_turnout for crew in reversed(world.fleet.crews)}
    drives = world.travel.times[0]
    closest = (
        min((turnout[base] + drives[base][place] for base in turnout), default=0)
        for place, weight in enumerate(world.weights)
        if weight > 0
    )
    return handling + max((time for time in closest if time < NO_ACCESS), default=0)


def standards_for(world: World) -> Standards:
    """Return what alternatives in a world are measured against."""
    return standards_of(world.scenario, world.file, first_response(world))


def sample_of(
    name: str, world: World, observations: Observations, numbers: tuple[int, ...]
) -> Sample:
    """Return an alternative's observations with the data needed to measure them."""
    return Sample(name, observations, world.names, standards_for(world), world.ends, numbers)


def samples_of(
    names: Sequence[str],
    worlds: Mapping[str, World],
    observations: Mapping[str, Observations],
    numbers: tuple[int, ...],
) -> list[Sample]:
    """
    Return the observations of alternatives with the data needed to measure them, in this order.

    The first, the baseline, says how they are judged: with a horizon of its own each would be
    measured with another yardstick, and the shorter one would look better. All are grouped by what
    any of them asks for, and by the windows of all: so a run with a closure is seen next to one
    without, at the same times.
    """
    samples = [sample_of(name, worlds[name], observations[name], numbers) for name in names]
    first = samples[0].standards
    by_place = any(sample.standards.by_place for sample in samples)
    windows = windows_of_all([sample.standards.windows for sample in samples])
    return [
        replace(
            sample,
            standards=replace(
                sample.standards, horizon=first.horizon, least_reach=first.least_reach,
                primary=first.primary,
                margin_time=first.margin_time, margin_share=first.margin_share,
                margin_unreached=first.margin_unreached, by_place=by_place, windows=windows,
            ),
        )
        for sample in samples
    ]  # fmt: skip
