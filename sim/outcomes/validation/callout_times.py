"""
The times of callouts, recorded or simulated, by the same definitions.

Response is the time from received to the first unit on scene. Its parts lie between the instants
that the record has; where it lacks one, two parts are one (*turnout and travel*), in the simulation
too. What comes after is that of one unit: of the one that left with a patient, the first that did;
else of the first on scene.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.log import MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE, CalloutRow, MissionRow

from ..inference.censoring import Ints
from ..measured.delays import HANDLING, QUEUE, TRAVEL, TURNOUT

RESPONSE, ON_SCENE, TRANSPORT, HANDOVER = "response", "on scene", "transport", "handover"
CHAIN = {"entry": HANDLING, "dispatched": QUEUE, "en_route": TURNOUT, "on_scene": TRAVEL}
AFTERWARDS = (ON_SCENE, TRANSPORT, HANDOVER)
UNKNOWN = -1


class UnitTimes(NamedTuple):
    """A unit's instants in a callout, those that are known. [ms]"""

    on_scene: int | None
    left: int | None
    at_hospital: int | None
    cleared: int | None


class KnownCallout(NamedTuple):
    """
    A callout with its instants, those that are known. [ms] since the start

    ``kind`` and ``place`` are numbers of the scenario; ``chain`` are the first units' instants, by
    the names of ``CHAIN``; ``units`` are those who took part.
    """

    received: int
    kind: int
    place: int
    chain: Mapping[str, int]
    units: Sequence[UnitTimes]

    def later(self, by: int) -> KnownCallout:
        """Return the callout with all its instants later. [ms]"""
        if not by:
            return self
        return KnownCallout(
            self.received + by, self.kind, self.place,
            {name: at + by for name, at in self.chain.items()},
            [UnitTimes(*(None if at is None else at + by for at in u)) for u in self.units],
        )  # fmt: skip


GRAINS = (MS_PER_MINUTE, 1000)  # to which dispatch centres write instants down [ms]


def grain_of(callouts: Iterable[KnownCallout]) -> int:
    """Return to what all instants of a record are written down: a minute, a second or 1. [ms]"""
    found = [*GRAINS]
    for row in callouts:
        units = (at for unit in row.units for at in unit if at is not None)
        for at in (row.received, *row.chain.values(), *units):
            while found and at % found[0]:
                found.pop(0)
        if not found:
            return 1
    return found[0]


def coarsened(row: KnownCallout, grain: int) -> KnownCallout:
    """Return a callout as a clock shows it that goes forward by ``grain`` at a time. [ms]"""
    return KnownCallout(
        row.received // grain * grain, row.kind, row.place,
        {name: at // grain * grain for name, at in row.chain.items()},
        [UnitTimes(*(None if at is None else at // grain * grain for at in u)) for u in row.units],
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class CalloutTimes:
    """
    Callouts in columns of shape (callouts,), and their times by part. [ms]

    ``day`` counts from the start of the period; ``replication`` is 0 throughout for a record. Times
    that are not known are ``UNKNOWN``.
    """

    replication: Ints
    day: Ints
    hour: Ints  # local, 0 to 23
    kind: Ints
    place: Ints
    times: Mapping[str, Ints]

    def __len__(self) -> int:
        return len(self.day)


def parts_of(instants: Collection[str]) -> dict[str, tuple[str, str]]:
    """
    Return the parts that can be told from the instants that a record has, each with its two ends.

    Response is the first, if units are recorded on scene; where nothing divides it, it has no
    parts.

    Examples
    --------
    >>> list(parts_of({"dispatched", "en_route", "on_scene"}))
    ['response', 'call handling and queue', 'turnout', 'travel']

    """
    found = {RESPONSE: ("received", "on_scene")} if "on_scene" in instants else {}
    begin, words = "received", list[str]()
    for instant, part in CHAIN.items():
        words.append(part)
        if instant in instants:
            found[" and ".join(words)] = begin, instant
            begin, words = instant, []
    found = {part: ends for part, ends in found.items() if ends != found.get(RESPONSE)}
    if "on_scene" in instants:
        found = {RESPONSE: ("received", "on_scene"), **found}
        if not {"left", "cleared"}.isdisjoint(instants):
            found[ON_SCENE] = "on_scene", "left or cleared"
    if {"left", "at_hospital"} <= {*instants}:
        found[TRANSPORT] = "left", "at_hospital"
    if {"at_hospital", "cleared"} <= {*instants}:
        found[HANDOVER] = "at_hospital", "cleared"
    return found


def lacking(instants: Collection[str]) -> list[str]:
    """Return the parts that a record cannot tell apart, or not at all."""
    told = parts_of(instants)
    return [part for part in (*CHAIN.values(), *AFTERWARDS) if part not in told]


def callout_times(
    callouts: Iterable[KnownCallout],
    instants: Collection[str],
    replication: int = 0,
    begins: int = 0,
) -> CalloutTimes:
    """
    Return callouts in columns.

    Parameters
    ----------
    callouts
        Those of the period.
    instants
        Which of the instants the record has: parts are told from these alone.
    replication
        The number of the replication.
    begins
        The midnight at which the period begins. [ms] since the start

    """
    rows = list(callouts)
    parts = parts_of(instants)
    received = np.array([row.received for row in rows], dtype=np.int64) - begins
    after = [_afterwards(row.units) for row in rows]
    times = {}
    for part, (begin, end) in parts.items():
        if part in AFTERWARDS:
            at = AFTERWARDS.index(part)
            values = [each[at] for each in after]
        else:
            values = [_between(row, begin, end) for row in rows]
        times[part] = np.array(values, dtype=np.int64)
    return CalloutTimes(
        np.full(len(rows), replication, dtype=np.int64),
        received // MS_PER_DAY,
        received // MS_PER_HOUR % 24,
        np.array([row.kind for row in rows], dtype=np.int64),
        np.array([row.place for row in rows], dtype=np.int64),
        times,
    )


def _between(row: KnownCallout, begin: str, end: str) -> int:
    """Return a part of the response; unknown where an end is, or where they are out of order."""
    first = row.received if begin == "received" else row.chain.get(begin)
    last = row.chain.get(end)
    if first is None or last is None or last < first:
        return UNKNOWN
    return last - first


def _afterwards(units: Sequence[UnitTimes]) -> tuple[int, int, int]:
    """Return work on scene, transport and handover of one unit. [ms]"""
    carrying = min(
        (u for u in units if u.left is not None), key=lambda u: u.left or 0, default=None
    )
    there = [u for u in units if u.on_scene is not None]
    working = carrying if carrying is not None and carrying.on_scene is not None else None
    if working is None and there:
        working = min(there, key=lambda u: u.on_scene or 0)
    work = transport = handover = UNKNOWN
    if working is not None:
        work = _apart(working.on_scene, working.cleared if working.left is None else working.left)
    if carrying is not None:
        transport = _apart(carrying.left, carrying.at_hospital)
        handover = _apart(carrying.at_hospital, carrying.cleared)
    return work, transport, handover


def _apart(begin: int | None, end: int | None) -> int:
    return UNKNOWN if begin is None or end is None or end < begin else end - begin


def of_log(callouts: Iterable[CalloutRow], missions: Iterable[MissionRow]) -> list[KnownCallout]:
    """Return the callouts of a log, in the order received."""
    units: dict[int, list[UnitTimes]] = {}
    for m in missions:
        own = UnitTimes(m.on_scene, m.left, m.at_hospital, m.cleared)
        units.setdefault(m.callout, []).append(own)
    return [_of_row(row, units.get(row.callout, ())) for row in sorted(callouts)]


def _of_row(row: CalloutRow, units: Sequence[UnitTimes]) -> KnownCallout:
    chain = {
        "entry": row.ready, "dispatched": row.dispatched, "en_route": row.en_route,
        "on_scene": row.on_scene,
    }  # fmt: skip
    known = {name: at for name, at in chain.items() if at is not None}
    return KnownCallout(row.received, row.kind, row.place, known, units)


def joined_times(parts: Sequence[CalloutTimes]) -> CalloutTimes:
    """Return the callouts of several replications as one table."""

    def column(name: str) -> Ints:
        return np.concatenate([getattr(part, name) for part in parts])

    return CalloutTimes(
        column("replication"), column("day"), column("hour"), column("kind"), column("place"),
        {name: np.concatenate([part.times[name] for part in parts]) for name in parts[0].times},
    )  # fmt: skip
