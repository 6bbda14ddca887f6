"""From a study to the figure of its day: callouts, teams committed, pending callouts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment import Study
from sim.log import MS_PER_DAY
from sim.units import say_duration

from ..figures import Band, DayProfile, Hourly, figure_day_profile
from .figure_basis.captions import caption
from .figure_basis.figure_kinds import FigureRequest, figure_kind
from .figure_basis.hourly import (
    callouts_by_hour,
    clock_hours,
    measured_hours,
    over_replications,
    per_hour,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@figure_kind(
    "day-profile", "Callouts, teams on duty and teams committed by hour of the day.", place=30
)
def figure(asked: FigureRequest) -> Figure:
    """Return the hours of the day under all alternatives that there is room for."""
    return figure_day_profile(day_profile(asked.shown), caption(asked.shown))


def day_profile(study: Study) -> DayProfile:
    """Return callouts an hour, and each alternative's teams on duty, committed, and its queue."""
    obs, measured = study.observations[study.baseline], measured_hours(study)
    demand = over_replications(per_hour(callouts_by_hour(obs), measured))
    busy, on_duty, waiting = [], [], []
    for name, each in study.observations.items():
        busy.append(Band(name, *over_replications(each.committed_by_hour)))
        on_duty.append((name, _mean(each.on_duty_by_hour)))
        waiting.append((name, _mean(each.pending_by_hour)))
    short = study.world.ends < MS_PER_DAY
    return DayProfile(
        Hourly(*demand), tuple(busy), tuple(on_duty), tuple(waiting), _profile_title(study),
        clock_hours(study), measured if short else None,
    )  # fmt: skip


def _profile_title(study: Study) -> str:
    """Say which hours were simulated where they are not days enough for an average one."""
    panels = "callouts, committed teams, pending callouts"
    if study.world.ends >= 2 * MS_PER_DAY:
        return f"An average day: {panels}"
    start = study.world.scenario.clock.start
    began = f"{start:%A} {start.day} {start:%B %Y}, {start:%H:%M}"
    return f"{say_duration(study.world.ends)} from {began}: {panels}"


def _mean(values: Any) -> Any:
    return np.nan_to_num(values.mean(axis=0))
