"""Which callouts a target is for, and which were received in some part of the run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.duty_hours.target_cohorts import is_for_place, times_of

from ..inference.censoring import Bools, Ints
from .sample import Sample

if TYPE_CHECKING:
    from sim.scenario.fields.models import Target


def meant_by(sample: Sample, target: Target) -> Bools:
    """Return the callouts that a target is for. Shape (callouts,)"""
    obs, names = sample.observations, sample.names
    meant = np.ones(len(obs.kind), dtype=np.bool_)
    if target.kind is not None:
        known = target.kind in names.kinds
        meant &= (obs.kind == names.kinds.index(target.kind)) if known else False
    if target.priority is not None:
        meant &= obs.priority == target.priority
    if target.where is not None or target.areas is not None:
        each = zip(names.places, names.areas, strict=True)
        here = np.array([is_for_place(target, *place) for place in each], dtype=np.bool_)
        meant &= here[obs.place]
    last = int(obs.received.max(initial=0))  # of a record by day, `end` is that of a day
    times = times_of(target, sample.standards.clock, last + 1)
    if times is not None:
        meant &= received_in(times, obs.received)
    return meant


def received_in(stretches: Sequence[tuple[int, int]], received: Ints) -> Bools:
    """Return which instants lie in any of some stretches, which are in order. [ms]"""
    edges = np.array(stretches, dtype=np.int64).ravel()
    return np.asarray(np.searchsorted(edges, received, side="right") % 2 == 1)
