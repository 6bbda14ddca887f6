"""From a study in which dates matter to the figure of its callouts by date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment import Study
from sim.log import MS_PER_DAY, MS_PER_HOUR
from sim.outcomes import Observations
from sim.outcomes.observed.workload import Spans, stretches
from sim.scenario import Scenario

from ..figures import Band, Hourly
from ..figures.dated_profile import DatedEvent, DatedProfile, DatedTeams, figure_dated_profile
from .figure_basis.captions import caption
from .figure_basis.figure_kinds import FigureRequest, figure_kind
from .figure_basis.hourly import over_replications

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ON_DATES = ("on_duty", "committed")


@figure_kind(
    "date-profile",
    "Callouts received and pending, teams on duty and committed, on the dates of the run.",
    place=35,
)
def figure(asked: FigureRequest) -> Figure | None:
    """Return the dates of the run; None where nothing in the scenario has any."""
    data = dated_profile(asked.shown)
    return None if data is None else figure_dated_profile(data, caption(asked.shown))


def dated_profile(study: Study) -> DatedProfile | None:
    """Return callouts an hour, and each alternative's teams and pending callouts, by date."""
    events = tuple(_events(study))
    if not events and not any(_is_dated(world.scenario) for world in study.worlds.values()):
        return None
    edges = stretches(study.world.clock, study.world.ends)
    lasts = np.diff(edges)
    base = study.observations[study.baseline]
    received = np.array([np.histogram(own, edges)[0] for own in _each(base, base.received)])
    pending = tuple(
        Band(name, *over_replications(_pending(obs, edges)))
        for name, obs in study.observations.items()
    )
    teams = tuple(
        DatedTeams(name, *(obs.teams_by_date[what].mean(axis=0) / lasts for what in ON_DATES))
        for name, obs in study.observations.items()
        if obs.teams_by_date.shape[1]  # older results have none
    )
    callouts = Hourly(*over_replications(received * MS_PER_HOUR / lasts))
    return DatedProfile(
        study.world.clock,
        edges[1] / MS_PER_HOUR,
        edges / MS_PER_DAY,
        callouts,
        pending,
        events,
        teams,
    )


def _is_dated(scenario: Scenario) -> bool:
    """Return whether dates matter for callouts or teams, but for surges and incidents."""
    demand = scenario.demand
    if demand.callouts or demand.months or demand.trend or demand.seasons:
        return True
    changing: list[Any] = [
        *demand.kinds.values(),
        *scenario.teams.values(),
        *scenario.shifts.values(),
    ]
    return any(own.begins is not None or own.until is not None for own in changing) or any(
        kind.months or kind.seasons for kind in demand.kinds.values()
    )


def _events(study: Study) -> Iterator[DatedEvent]:
    """Yield the surges and incidents of the measured period."""
    scenario, ends = study.world.scenario, study.world.ends
    clock = study.world.clock
    for surge in scenario.demand.surges:
        begins = 0 if surge.begins is None else clock.instant_of(surge.begins)
        until = ends if surge.until is None else clock.instant_of(surge.until)
        yield from _within(surge.name or "surge", begins, until, ends)
    for incident in scenario.demand.incidents:
        begins = clock.instant_of(incident.at)
        until = begins + max(incident.over, MS_PER_HOUR)
        yield from _within(incident.name or incident.kind, begins, until, ends)


def _within(name: str, begins: int, until: int, ends: int) -> Iterator[DatedEvent]:
    begins, until = max(begins, 0), min(until, ends)
    if begins < until:
        yield DatedEvent(name, begins / MS_PER_DAY, until / MS_PER_DAY)


def _each(obs: Observations, column: Any) -> Iterator[Any]:
    """Yield a column's part of each replication."""
    for number in range(obs.replications):
        yield column[obs.replication == number]


def _pending(obs: Observations, edges: Any) -> Any:
    """Return the mean number of pending callouts. Shape (replications, stretches)"""
    ready = obs.received + obs.handling
    until = ready + np.maximum(obs.queue_time_known, 0)
    each = zip(_each(obs, ready), _each(obs, until), strict=True)
    open_time = [Spans(own, own, over).time_by_stretch(edges) for own, over in each]
    return np.array(open_time) / np.diff(edges)
