"""From a study whose alternatives differ in staffing to the figure of what it buys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.definitions import NOT_REACHED, RESTRICTED_MEAN
from sim.experiment import Study, Tables
from sim.units import say_duration

from ..figures import Band
from ..figures.frontier import FrontierPanel, StaffingFrontier, figure_frontier
from .figure_basis.captions import caption
from .figure_basis.figure_kinds import FigureRequest, figure_kind
from .figure_basis.table_lookup import estimates, horizon, numbers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ALIKE = 0.1  # teams on duty that alternatives may differ in without differing in staffing


@figure_kind("staffing-frontier", "Measures against the teams on duty.", place=110)
def figure(asked: FigureRequest) -> Figure | None:
    """Return all alternatives as points; None where they have as many teams on duty."""
    data = frontier(asked.study, asked.tables)
    return None if data is None else figure_frontier(data, caption(asked.study))


def frontier(study: Study, tables: Tables) -> StaffingFrontier | None:
    """Return who is reached, and how soon, against the mean number of teams on duty."""
    names = tuple(study.observations)
    teams = np.array(
        [obs.on_duty.sum(axis=1).mean() / study.world.ends for obs in study.observations.values()]
    )
    if np.ptp(teams) <= ALIKE:
        return None
    found, until = estimates(tables.summary), say_duration(horizon(study))
    panels = []
    for measure, label, scale in (
        (NOT_REACHED, f"Not reached\nwithin {until} [%]", 100.0),
        (RESTRICTED_MEAN, "Response time,\nrestricted mean [min]", 1.0),
    ):
        rows = [numbers(found.get((name, measure, "all"))) for name in names]
        panels.append(FrontierPanel(label, Band(label, *(scale * np.array(rows).T))))
    return StaffingFrontier(names, teams, tuple(panels))
