"""Factors of demand that change with the date, looked up for many instants at once."""

from __future__ import annotations

import numpy as np

from sim.log import MS_PER_DAY
from sim.scenario.duty_hours.demand_calendar import DemandCalendar

from ..variates.poisson_thinning import Ints, Rates


class DatedFactors:
    """
    What a calendar makes of demand, from the first day of the warm-up to the last of the run.

    Parameters
    ----------
    calendar
        Months, trend, seasons and dates.
    begins, ends
        The run, warm-up included; whole days from instant 0 around it are known. [ms]

    """

    def __init__(self, calendar: DemandCalendar, begins: int, ends: int) -> None:
        first, last = begins // MS_PER_DAY * MS_PER_DAY, -(-ends // MS_PER_DAY) * MS_PER_DAY
        edges = calendar.edges(first, last)
        self.edges: Ints = np.array(edges, dtype=np.int64)
        self.factors: Rates = np.array([calendar.factor(at) for at in edges])

    def at(self, at: Ints) -> Rates:
        """Return the factor at instants. Shape as ``at``"""
        return np.asarray(self.factors[np.searchsorted(self.edges, at, side="right") - 1])

    def most(self, first: int, days: int) -> float:
        """Return the largest factor in some days, from that of instant 0 on, or a larger one."""
        begins, ends = first * MS_PER_DAY, (first + days) * MS_PER_DAY
        low = max(int(np.searchsorted(self.edges, begins, side="right")) - 1, 0)
        high = int(np.searchsorted(self.edges, ends, side="right"))
        return float(self.factors[low:high].max())
