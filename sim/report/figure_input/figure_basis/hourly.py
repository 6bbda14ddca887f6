"""Numbers by the hour of the day, over as much of it as was measured."""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np

from sim.experiment import Study
from sim.log import MS_PER_DAY
from sim.outcomes import Observations, ratio
from sim.outcomes.observed.workload import hours_measured

from ...figures import WHOLE_DAY, ClockHours


def measured_hours(study: Study) -> Any:
    """Return how often each hour of the day occurs in the measured period. Shape (24,)"""
    return hours_measured(study.world.clock, study.world.ends)


def clock_hours(study: Study) -> ClockHours:
    """Return the hours of the day to draw: all, or those of a period shorter than a day."""
    if study.world.ends >= MS_PER_DAY:
        return WHOLE_DAY
    first = study.world.clock.hour(0)
    return ClockHours(first, int((measured_hours(study) > 0).sum()))


def callouts_by_hour(obs: Observations) -> Any:
    """Return how many callouts were received in each hour of the day. Shape (replications, 24)"""
    counts = np.zeros((obs.replications, 24))
    np.add.at(counts, (obs.replication, obs.hour), 1)
    return counts


def per_hour(counts: Any, measured: Any) -> Any:
    """Return counts by hour of the day over how often it occurs [1/h]; 0 where it does not."""
    return np.divide(counts, measured, out=np.zeros(np.shape(counts)), where=measured > 0)


def over_replications(values: Any, hours: Any = None) -> tuple[Any, Any, Any]:
    """
    Return mean and interval over replications, column by column; ``nan``: no interval.

    ``hours`` are what each value counts, of the same shape; alike if not given.
    """
    counts = np.ones(np.shape(values)) if hours is None else hours
    values = np.nan_to_num(values)
    found = [ratio(*pair) for pair in zip((values * counts).T, counts.T, strict=True)]
    mean = np.array([f.value or 0.0 for f in found])
    low = np.array([nan if f.low is None else f.low for f in found])
    high = np.array([nan if f.high is None else f.high for f in found])
    return mean, np.maximum(low, 0.0), high
