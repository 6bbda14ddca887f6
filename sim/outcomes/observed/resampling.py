"""Studies drawn from a pool of replications, to learn how often what is concluded is true."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from ..inference.censoring import Ints
from .columns import plain
from .observations import Observations


def drawn(obs: Observations, which: Ints) -> Observations:
    """
    Return the observations of these replications, numbered in this order.

    Parameters
    ----------
    obs
        Of the pool.
    which
        Replications of the pool, each as often as it is named. Shape (replications,)

    """
    size = obs.replications
    rows, replication = _rows(obs.replication, which, size)
    waits, of_wait = _rows(obs.offload_delays["replication"], which, size)
    offload_delays = obs.offload_delays[waits]
    offload_delays["replication"] = of_wait
    columns: dict[str, npt.NDArray[Any]] = {
        "replication": replication,
        "offload_delays": offload_delays,
    }
    for field in fields(Observations):
        if field.name not in columns:
            column = getattr(obs, field.name)
            by_replication = plain(column).ndim > 1
            measured = by_replication or len(column)
            columns[field.name] = column[which if by_replication else rows] if measured else column
    return Observations(**columns)


def _rows(replication: Ints, which: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the rows of these replications, one after the other, and their new numbers."""
    bounds = np.searchsorted(replication, np.arange(size + 1))
    begin = bounds[which]
    count = bounds[which + 1] - begin
    own = np.repeat(np.arange(len(which)), count)
    before = np.cumsum(count) - count
    return np.arange(len(own)) + np.repeat(begin - before, count), own
