"""From a study in which dates matter to the figure of its callouts by date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment import Study
from sim.log import MS_PER_DAY, MS_PER_HOUR
from sim.outcomes import Observations
from sim.scenario.tables.table_rows import since_start

from ..figures import Band, Hourly
from ..figures.dated_profile import DatedEvent, DatedProfile, figure_dated_profile
from .figure_basis.captions import caption
from .figure_basis.figure_kinds import FigureRequest, figure_kind
from .figure_basis.hourly import over_replications

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_STRETCHES = 48
STRETCHES = (1, 3, 6, 12, 24, 168, 672)  # lengths to choose from [h]


@figure_kind("date-profile", "Callouts received and pending on the dates of the run.", place=35)
def figure(asked: FigureRequest) -> Figure | None:
    """Return the dates of the run; None where no surge, incident or list of callouts has any."""
    data = dated_profile(asked.shown)
    return None if data is None else figure_dated_profile(data, caption(asked.shown))


def dated_profile(study: Study) -> DatedProfile | None:
    """Return callouts an hour and each alternative's pending callouts, by date."""
    demand, ends = study.world.scenario.demand, study.world.ends
    events = tuple(_events(study))
    if not events and not demand.callouts:
        return None
    hours = next((h for h in STRETCHES if ends <= MOST_STRETCHES * h * MS_PER_HOUR), STRETCHES[-1])
    edges = np.append(np.arange(0, ends, hours * MS_PER_HOUR), ends).astype(np.float64)
    lasts = np.diff(edges) / MS_PER_HOUR
    base = study.observations[study.baseline]
    received = np.array([np.histogram(own, edges)[0] for own in _each(base, base.received)])
    pending = tuple(
        Band(name, *over_replications(_pending(obs, edges)))
        for name, obs in study.observations.items()
    )
    callouts = Hourly(*over_replications(received / lasts))
    start = study.world.scenario.clock.start
    return DatedProfile(start, hours, edges / MS_PER_DAY, callouts, pending, events)


def _events(study: Study) -> Iterator[DatedEvent]:
    """Yield the surges and incidents of the measured period."""
    scenario, ends = study.world.scenario, study.world.ends
    start = scenario.clock.start
    for surge in scenario.demand.surges:
        begins = 0 if surge.begins is None else since_start(surge.begins, start)
        until = ends if surge.until is None else since_start(surge.until, start)
        yield from _within(surge.name or "surge", begins, until, ends)
    for incident in scenario.demand.incidents:
        begins = since_start(incident.at, start)
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
    ready = (obs.received + obs.handling).astype(np.float64)
    until = ready + np.maximum(obs.queue_time_known, 0)
    rows = []
    for begins, over in zip(_each(obs, ready), _each(obs, until), strict=True):
        passed = [np.clip(edge - begins, 0, over - begins).sum() for edge in edges]
        rows.append(np.diff(passed) / np.diff(edges))
    return np.array(rows)
