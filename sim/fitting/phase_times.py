"""
The durations that a record holds: call handling, turnout, work on scene, transport, handover.

What a missing end means is decided here. A phase that has begun and has no end was still going on
at the end of the record if that is no longer than the longest that has ended: it is right-censored.
Else its end was not recorded, and it is left out, as if those left out were like the others. In a
record to the minute both ends are cut to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .distribution_families import CUT, Times
from .fitted_input import FittedInput, Floats, Ints

MINUTE = 60_000
TO_THE_MINUTE = 1.0  # resolution of a record [min]
PHASES = ("call handling", "turnout", "on scene", "transport", "handover")


@dataclass(frozen=True, eq=False)
class PhaseTimes:
    """
    A phase's durations, callout by callout or unit by unit.

    Attributes
    ----------
    name
        One of ``PHASES``.
    told
        From which instant to which.
    minutes
        How long each lasted, or had lasted at the end of the record. [min], shape (times,)
    going_on
        Whether it was still going on at the end of the record. Shape (times,)
    kind
        Its callout's kind. Shape (times,)
    not_recorded
        How many have begun and have no end in the record, and are left out.
    resolution
        To what the record's instants are written. [min]

    """

    name: str
    told: str
    minutes: Floats
    going_on: np.ndarray[tuple[int], np.dtype[np.bool_]]
    kind: Ints
    not_recorded: int
    resolution: float

    def times(self, kind: int | None = None) -> Times:
        """Return the durations of a kind, or of all."""
        mine = np.ones(len(self.minutes), dtype=bool) if kind is None else self.kind == kind
        ended, going_on = mine & ~self.going_on, self.minutes[mine & self.going_on]
        if self.resolution == TO_THE_MINUTE:
            cut = ended & (self.minutes < CUT * self.resolution)
            return Times(
                self.minutes[ended & ~cut], going_on, np.array([]), self.minutes[cut],
                self.resolution,
            )  # fmt: skip
        below = ended & (self.minutes < self.resolution)
        limits = np.full(int(below.sum()), self.resolution)
        return Times(self.minutes[ended & ~below], going_on, limits)


def phases_of(found: FittedInput) -> dict[str, PhaseTimes]:
    """Return the phases that a record holds, by name."""
    resolution = _resolution(found)
    of_row = found.kind[found.callout]
    lead = _lead(found)
    entry = "entry" if found.has("entry") else "dispatched"
    begun = found.received.astype(np.float64)
    phases = [_phase("call handling", f"received to {_said(entry)}", found, begun,
                     found.first(entry), found.kind, resolution)]  # fmt: skip
    phases.append(_turnout(found, of_row, resolution))
    left, cleared = found.at["left"], found.at["cleared"]
    ends = np.where(np.isfinite(left), left, cleared)[lead]
    told = "arrival of the first unit until it leaves with a patient, else until it is cleared"
    on_scene = found.at["on_scene"][lead]
    kinds = of_row[lead]
    phases.append(_phase("on scene", told, found, on_scene, ends, kinds, resolution))
    hospital = found.at["at_hospital"]
    phases.append(_phase("transport", "leaving with a patient to arrival at hospital", found,
                         left, hospital, of_row, resolution))  # fmt: skip
    phases.append(_phase("handover", "arrival at hospital until cleared", found, hospital, cleared,
                         of_row, resolution))  # fmt: skip
    return {phase.name: phase for phase in phases if len(phase.minutes)}


def _said(instant: str) -> str:
    return {"entry": "ready to dispatch", "dispatched": "the first unit dispatched"}[instant]


def _turnout(found: FittedInput, kind: Ints, resolution: float) -> PhaseTimes:
    """
    Return turnouts, which are those of units at a base.

    A unit on the road is under way in the instant of its dispatch. Where a record has seconds, a
    turnout of zero is such a unit's and left out; where it has minutes, it may be either's.
    """
    dispatched, told = found.at["dispatched"], "dispatched to under way"
    if resolution < 1:
        on_road = dispatched == found.at["en_route"]
        dispatched = np.where(on_road, np.nan, dispatched)
        if on_road.any():
            told += f" ({int(on_road.sum()):,} under way at once are left out: on the road)"
    return _phase("turnout", told, found, dispatched, found.at["en_route"], kind, resolution)


def _phase(
    name: str, told: str, found: FittedInput, begun: Floats, ended: Floats, kind: Ints,
    resolution: float,
) -> PhaseTimes:  # fmt: skip
    """Return a phase's durations; nothing where the record never has its end."""
    lasted = (ended - begun) / MINUTE
    complete = np.isfinite(lasted) & (lasted >= 0)
    until_now = (found.until - begun) / MINUTE
    open_ended = np.isfinite(begun) & ~np.isfinite(ended) & (until_now > 0)
    longest = float(lasted[complete].max(initial=0.0))
    going_on = open_ended & (until_now <= longest)
    chosen = complete | going_on
    return PhaseTimes(
        name, told, np.where(going_on, until_now, lasted)[chosen], going_on[chosen], kind[chosen],
        int((open_ended & ~going_on).sum()), resolution,
    )  # fmt: skip


def _resolution(found: FittedInput) -> float:
    """Return to what instants are written: a minute where nearly all are whole minutes. [min]"""
    times = [at[np.isfinite(at)] for at in found.at.values()]
    every = np.concatenate([found.received.astype(np.float64), *times])
    whole = float((every % MINUTE == 0).mean())
    return TO_THE_MINUTE if whole > 0.99 else 1 / 60


def _lead(found: FittedInput) -> Ints:
    """Return the row whose work on scene counts, of each callout that a unit reached."""
    there = np.isfinite(found.at["on_scene"])
    left = np.where(there, found.at["left"], np.nan)
    carrying = np.where(np.isfinite(left), left, np.inf)
    arrived = np.where(there, found.at["on_scene"], np.inf)
    order = np.lexsort((arrived, carrying, found.callout))
    order = order[there[order]]
    _, first = np.unique(found.callout[order], return_index=True)
    return np.asarray(order[first], dtype=np.int64)


def shares_transported(found: FittedInput) -> tuple[Floats, Floats] | None:
    """Return how many callouts of each kind ended in a transport, of those reached; None: none."""
    if not found.has("left"):
        return None
    reached = np.isfinite(found.first("on_scene")) | np.isfinite(found.first("left"))
    taken = np.isfinite(found.first("left"))
    size = len(found.kinds)
    counts = (np.bincount(found.kind[own], minlength=size) for own in (taken, reached))
    successes, trials = (own.astype(np.float64) for own in counts)
    return successes, trials


def units_sent(found: FittedInput) -> Floats:
    """Return the mean number of units on the scene of a reached callout, by kind. Shape (kinds,)"""
    there = np.bincount(
        found.callout, weights=np.isfinite(found.at["on_scene"]), minlength=len(found.received)
    )
    size, reached = len(found.kinds), there > 0
    total = np.bincount(found.kind[reached], weights=there[reached], minlength=size)
    count = np.bincount(found.kind[reached], minlength=size)
    return np.asarray(total / np.maximum(count, 1), dtype=np.float64)
