"""Where response time goes, and what makes callouts miss a target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.log import MS_PER_MINUTE

from ..inference.censoring import Bools, Ints
from ..observed.sample import Sample
from .measures import judged_by

if TYPE_CHECKING:
    from sim.scenario.fields.models import Target

HANDLING, PERMISSION, QUEUE, TURNOUT, TRAVEL = (
    "call handling", "permission", "queue", "turnout", "travel",
)  # fmt: skip
UNREACHED = "never reached"
PARTS = (HANDLING, PERMISSION, QUEUE, TURNOUT, TRAVEL)


def response_parts(sample: Sample, only: Bools | None = None) -> dict[str, float]:
    """
    Return the mean of each part of the response time of the callouts reached [min].

    They add up to that mean. Travel is all from the first team moving to the first team on scene:
    the drive, what holds it up, and the time that is lost where a team is sent elsewhere on its
    way. Empty where nobody was reached, or the results are of a version that did not keep it.

    Parameters
    ----------
    sample
        One alternative's observations.
    only
        Which callouts count; all if not given. Shape (callouts,)

    """
    obs = sample.observations
    if len(obs.turnout) != len(obs.response):
        return {}
    reached = obs.response >= 0 if only is None else only & (obs.response >= 0)
    size = int(np.count_nonzero(reached))
    if not size:
        return {}
    parts = _parts(sample)
    return {name: int(times[reached].sum()) / size / MS_PER_MINUTE for name, times in parts.items()}


def _parts(sample: Sample) -> dict[str, Ints]:
    """Return the parts of each callout's response time, of those reached. [ms]"""
    obs = sample.observations
    turnout, queue = np.maximum(obs.turnout, 0), np.maximum(obs.queue_time, 0)
    return {
        HANDLING: obs.handling - obs.permission,
        PERMISSION: obs.permission,
        QUEUE: queue,
        TURNOUT: turnout,
        TRAVEL: obs.response - obs.handling - queue - turnout,
    }


@dataclass(frozen=True, slots=True)
class Limit:
    """
    What makes callouts miss a target.

    ``causes`` are shares of the late callouts, adding up to 1: what each of them would have been in
    time without. ``late`` is how many there are, in all replications.
    """

    late: int
    causes: Mapping[str, float]

    @property
    def largest(self) -> str:
        """The cause of most of them."""
        return max(self.causes, key=self.causes.__getitem__)


def limit_of(sample: Sample, target: Target) -> Limit | None:
    """
    Return what limits a target; None where nobody is late, or it is not known.

    Notes
    -----
    Of the callouts late, those never reached are counted first. Then each is put down to the
    first of queue, permission, call handling and turnout without which alone it would have been in
    time. What remains would be late even with a team free at once: that is travel.

    """
    obs = sample.observations
    if len(obs.turnout) != len(obs.response) or target.attendance == "full":
        return None
    _, determined, within = judged_by(sample, target)
    late = determined & ~within
    size = int(np.count_nonzero(late))
    if not size:
        return None
    parts, left = _parts(sample), late & (obs.response >= 0)
    counts = {UNREACHED: size - int(np.count_nonzero(left))}
    for name in (QUEUE, PERMISSION, HANDLING, TURNOUT):
        without = left & (obs.response - parts[name] <= target.within)
        counts[name] = int(np.count_nonzero(without))
        left = left & ~without
    counts[TRAVEL] = int(np.count_nonzero(left))
    return Limit(size, {name: count / size for name, count in counts.items()})
