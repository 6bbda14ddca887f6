"""From a study to its figure of disruptions: closures, and callouts without access."""

from __future__ import annotations

from collections.abc import Iterator
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment import Study
from sim.log import MS_PER_DAY, MS_PER_HOUR
from sim.outcomes import Observations, ratio
from sim.scenario.duty_hours.windows import RunWindow
from sim.scenario.fields.disruption_models import HospitalClosure
from sim.world import Disruptions, World

from ..figures import (
    Band,
    Closed,
    DisruptionData,
    Stretch,
    figure_disruptions,
)
from ..figures.disruption_bars import HOSPITALS, ROADS
from .figure_basis.captions import caption
from .figure_basis.figure_kinds import FigureRequest, figure_kind

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@figure_kind("disruptions", "Closures and hours without access.", place=60)
def figure(asked: FigureRequest) -> Figure | None:
    """Return what was closed, and who was without access; None where there is neither."""
    data = disruptions(asked.shown)
    return None if data is None else figure_disruptions(data, caption(asked.shown))


def disruptions(shown: Study) -> DisruptionData | None:
    """Return closures, and each alternative's hours without access; None where there is neither."""
    closed = dict.fromkeys(  # alternatives share most of them
        one
        for name in shown.observations
        for one in (*_roads(shown.worlds[name]), *_hospitals(shown.worlds[name]))
    )
    world = shown.world
    days = world.ends / MS_PER_DAY
    each = shown.observations.items()
    no_access = tuple(_band(name, obs, int(np.ceil(days))) for name, obs in each)
    if not closed and not any(np.nansum(band.value) > 0 for band in no_access):
        return None
    clock_hour = world.clock.local(0) / MS_PER_HOUR
    changes = bool(world.clock.changes)
    return DisruptionData(tuple(closed), no_access, days, clock_hour, clock_changes=changes)


def _band(name: str, obs: Observations, days: int) -> Band:
    """Return hours without access by day, with intervals; zero if not measured."""
    hours = obs.no_access_by_day / MS_PER_HOUR
    if hours.shape[1] != days:
        return Band(name, *np.zeros((3, days)))
    ones = np.ones(len(hours))
    found = [ratio(column, ones) for column in hours.T]
    value = [f.value or 0.0 for f in found]
    low = [nan if f.low is None else max(f.low, 0.0) for f in found]
    high = [nan if f.high is None else f.high for f in found]
    return Band(name, np.array(value), np.array(low), np.array(high))


def _roads(world: World) -> Iterator[Closed]:
    """Yield each closure of roads with the stretches of the run in which it is in force."""
    if world.access is None:
        return
    for number, name in enumerate(world.access.closures):
        stretches = tuple(_in_force(world.access, number, world.ends))
        if stretches:
            yield Closed(name, ROADS, stretches)


def _in_force(access_: Disruptions, closure: int, end: int) -> Iterator[Stretch]:
    """Yield when a closure is in force, in days; parts that touch and are alike are one."""
    epochs = access_.epochs
    nexts = [*(epoch.begins for epoch in epochs[1:]), end]
    begun: tuple[int, bool] | None = None
    last = 0
    for epoch, until in zip(epochs, nexts, strict=True):
        state = closure not in epoch.hidden if closure in epoch.closed else None
        if begun is not None and state != begun[1]:
            yield from _stretch(begun[0], last, end, begun[1])
            begun = None
        if state is not None and begun is None:
            begun = epoch.begins, state
        last = until
    if begun is not None:
        yield from _stretch(begun[0], end, end, begun[1])


def _stretch(begins: int, until: int, end: int, announced: bool = True) -> Iterator[Stretch]:
    """Yield a stretch of time in days of the run, as far as it lies in the measured period."""
    begins, until = max(begins, 0), min(until, end)
    if begins < until:
        yield Stretch(begins / MS_PER_DAY, until / MS_PER_DAY, announced)


def _hospitals(world: World) -> Iterator[Closed]:
    """Yield each hospital that is closed for a time, with these times."""
    by_name: dict[str, list[Stretch]] = {}
    for closure in world.file.hospital_closures:
        by_name.setdefault(closure.hospital, []).extend(_times(closure, world))
    for name, stretches in by_name.items():
        if stretches:
            yield Closed(name, HOSPITALS, tuple(sorted(stretches)))


def _times(closure: HospitalClosure, world: World) -> Iterator[Stretch]:
    for stretch in RunWindow(closure, world.clock, 0, world.ends).stretches():
        yield from _stretch(*stretch, world.ends)
