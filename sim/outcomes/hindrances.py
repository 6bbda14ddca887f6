"""
What stands in the way, counted in a log: closed roads, danger, permission, doors of hospitals.

Callouts counted are those received in the measured period; what befalls teams is counted where it
begins in it, and how missions end where they end in it. Whatever the end of the run cuts off counts
as long as it has lasted by then; but exposure is noted as a mission ends, so it counts whole where
the mission ends in the period, and a mission that the end of the run cuts off has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field, fields
from operator import itemgetter
from typing import Any

import numpy as np

from sim.log import MS_PER_DAY, CalloutRow, Ending, Event, EventRow, MissionRow

from .censoring import Ints

# What is kept of each replication.
CUT_OFF = 0  # callouts that waited where no base had a way
CUT_OFF_TIME = 1  # [ms] that they did, while no team was on its way to them
CUT_OFF_YET = 2  # of them those still waiting so when the run ended
MET = 3  # closed roads that teams met
TOLD = 4  # teams told on their way of a road closed ahead
REFUSED = 5  # teams turned back at a checkpoint
ENDED_REFUSED = 6  # missions that ended so
ENDED_CUT_OFF = 7  # missions that ended at a closed road without a way round
STOOD_OFF = 8  # times a team stood off
STAND_OFF_TIME = 9  # [ms] that they did
ENDED_ABORTED = 10  # missions called away from a scene that stayed unsafe
DEVICES = 11  # callouts where one was found
CLEARED = 12  # of them those where it was cleared
DEVICE_TIME = 13  # [ms] found to cleared, of those
PERMITTED = 14  # callouts that were given permission
PERMISSION_TIME = 15  # [ms] that it took
HELD_BACK = 16  # callouts held back for others
FACTS = 17

# What is kept of each hospital in each replication.
RECEIVED = 0  # teams that came with somebody
WAITED = 1  # of them those that waited at the door
HOSPITAL_FACTS = 2

# Of each wait at a door: replication, hospital, time [ms], whether it had ended (1) or not (0).
DOOR_COLUMNS = 4

_TEAMS = {Event.MET_CLOSURE: MET, Event.TOLD_OF_CLOSURE: TOLD, Event.TURNED_BACK: REFUSED}
_ENDINGS = {
    Ending.TURNED_BACK: ENDED_REFUSED,
    Ending.CUT_OFF: ENDED_CUT_OFF,
    Ending.ABORTED: ENDED_ABORTED,
}
_WITH_MISSIONS = (Event.STANDS_OFF, Event.CUT_OFF)
_RECEIVED, _ENDED = (CalloutRow._fields.index(name) for name in ("received", "ended"))
_Span = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Hindrances:
    """What stood in the way in one replication, or in several stacked."""

    access: Ints  # shape (replications, FACTS)
    cut_off_by_day: Ints  # [ms] callouts waited cut off, shape (replications, days)
    exposure: Ints  # declared, of people on missions [person-seconds], (replications, teams)
    hospitals: Ints  # shape (replications, hospitals, HOSPITAL_FACTS)
    doors: Ints  # shape (waits, DOOR_COLUMNS)

    def columns(self) -> dict[str, Ints]:
        """Return them by name."""
        return {column.name: getattr(self, column.name) for column in fields(self)}


def nothing(replications: int, teams: int = 0) -> Hindrances:
    """Return what is kept where nothing stands in the way, or nobody has looked."""

    def none(*shape: int) -> Ints:
        return np.zeros((replications, *shape), dtype=np.int64)

    doors = np.zeros((0, DOOR_COLUMNS), dtype=np.int64)
    return Hindrances(none(FACTS), none(0), none(teams), none(0, HOSPITAL_FACTS), doors)


def hindrances(
    callouts: Iterable[tuple[Any, ...]],
    missions: Iterable[tuple[Any, ...]],
    events: Iterable[tuple[Any, ...]],
    teams: int, hospitals: int, end: int,
) -> Hindrances:  # fmt: skip
    """
    Return what stood in the way in one replication.

    Parameters
    ----------
    callouts, missions, events
        Rows of the log, in any order but for events at the same instant.
    teams, hospitals
        How many there are.
    end
        Length of the measured period. [ms]

    """
    counted = _Counted(teams, hospitals, -(-end // MS_PER_DAY))
    rows = sorted((row for row in events if row[0] < end), key=itemgetter(0))
    ended = {row[0]: row[_ENDED] for row in callouts if 0 <= row[_RECEIVED] < end}
    asked = {row[3] for row in rows if row[1] in _WITH_MISSIONS}
    by_callout: dict[int, list[MissionRow]] = defaultdict(list)
    for mission in missions:
        _count_mission(mission, counted, end)
        if mission[0] in asked:
            by_callout[mission[0]].append(MissionRow._make(mission))
    about = list(map(EventRow._make, rows))
    _count_events(about, ended, by_callout, counted, end)
    _count_cut_off(about, ended, by_callout, counted, end)
    _count_devices(about, ended, counted)
    return counted.hindrances()


@dataclass(slots=True)
class _Counted:
    """The counts of a replication; plain lists, to which adding costs little."""

    teams: InitVar[int]
    hospitals: InitVar[int]
    days: InitVar[int]
    facts: list[int] = field(default_factory=lambda: [0] * FACTS)
    by_day: list[int] = field(init=False)
    exposure: list[int] = field(init=False)
    at: list[list[int]] = field(init=False)  # by hospital
    doors: list[tuple[int, int, int, int]] = field(default_factory=list)

    def __post_init__(self, teams: int, hospitals: int, days: int) -> None:
        self.by_day, self.exposure = [0] * days, [0] * teams
        self.at = [[0] * HOSPITAL_FACTS for _ in range(hospitals)]

    def hindrances(self) -> Hindrances:
        """Return them as they are kept."""
        one = (self.facts, self.by_day, self.exposure)
        access, by_day, exposure = (np.array([column], dtype=np.int64) for column in one)
        at = np.array(self.at, dtype=np.int64).reshape(1, -1, HOSPITAL_FACTS)
        doors = np.array(self.doors, dtype=np.int64).reshape(-1, DOOR_COLUMNS)
        return Hindrances(access, by_day, exposure, at, doors)


def _count_mission(row: tuple[Any, ...], counted: _Counted, end: int) -> None:
    *_, at_hospital, hospital, cleared, ending = row
    if ending in _ENDINGS and cleared is not None and 0 <= cleared < end:
        counted.facts[_ENDINGS[ending]] += 1
    if hospital is not None and at_hospital is not None and 0 <= at_hospital < end:
        counted.at[hospital][RECEIVED] += 1


def _count_events(
    rows: Sequence[EventRow],
    ended: Mapping[int, int | None],
    missions: Mapping[int, Sequence[MissionRow]],
    counted: _Counted,
    end: int,
) -> None:
    """Count what is one event each."""
    facts = counted.facts
    for row in rows:
        at, what, team, callout, who, until = row
        if at < 0:
            continue
        if what in _TEAMS:
            facts[_TEAMS[what]] += 1
        elif what == Event.STANDS_OFF:
            facts[STOOD_OFF] += 1
            facts[STAND_OFF_TIME] += _stood_off(row, missions, end)
        elif what == Event.EXPOSED and team is not None:
            counted.exposure[team] += who or 0
        elif what == Event.AWAITS_PERMISSION and callout in ended and until is not None:
            facts[PERMITTED] += 1
            facts[PERMISSION_TIME] += until - at
        elif what == Event.HELD_BACK and callout in ended:
            facts[HELD_BACK] += 1
        elif what == Event.WAITS_AT_DOOR and who is not None:
            counted.at[who][WAITED] += 1
            lasts = (end if until is None else until) - at
            counted.doors.append((0, who, lasts, int(until is not None)))


def _stood_off(row: EventRow, missions: Mapping[int, Sequence[MissionRow]], end: int) -> int:
    """Return how long a team stood off: until what it waited for, or its mission's end. [ms]"""
    until = end if row.until is None else min(row.until, end)
    for m in missions.get(row.callout if row.callout is not None else -1, ()):
        is_it = m.team == row.team and m.dispatched <= row.at
        if is_it and m.cleared is not None and row.at <= m.cleared < until:
            until = m.cleared
    return until - row.at


def _count_cut_off(
    rows: Sequence[EventRow],
    ended: Mapping[int, int | None],
    missions: Mapping[int, Sequence[MissionRow]],
    counted: _Counted,
    end: int,
) -> None:
    """Count callouts cut off, and for how long no team was on its way to them."""
    for number, spans in _cut_off(rows, ended, end).items():
        sent = [(m.dispatched, _or(m.cleared, end)) for m in missions.get(number, ())]
        waits = [wait for span in spans for wait in without(span, sent)]
        counted.facts[CUT_OFF] += 1
        counted.facts[CUT_OFF_TIME] += sum(until - begin for begin, until in waits)
        counted.facts[CUT_OFF_YET] += bool(waits) and waits[-1][1] == end
        for begin, until in waits:
            for day in range(begin // MS_PER_DAY, -(-until // MS_PER_DAY)):
                first = day * MS_PER_DAY
                counted.by_day[day] += min(until, first + MS_PER_DAY) - max(begin, first)


def _cut_off(
    rows: Sequence[EventRow], ended: Mapping[int, int | None], end: int
) -> dict[int, list[_Span]]:
    """Return from when until when each callout was cut off."""
    spans: dict[int, list[_Span]] = defaultdict(list)
    since: dict[int, int] = {}
    for row in rows:
        if row.callout is None or row.callout not in ended:
            continue
        if row.what == Event.CUT_OFF:
            since.setdefault(row.callout, row.at)
        elif row.what == Event.REACHABLE and row.callout in since:
            spans[row.callout].append((since.pop(row.callout), row.at))
    for number, begin in since.items():
        until = min(_or(ended[number], end), end)
        spans[number].append((begin, max(begin, until)))
    return spans


def without(span: _Span, others: Iterable[_Span]) -> list[_Span]:
    """
    Return the parts of a stretch of time that no other one covers, in order.

    Examples
    --------
    >>> without((0, 10), [(2, 3), (8, 12)])
    [(0, 2), (3, 8)]
    """
    begin, until = span
    parts = []
    for first, last in sorted(others):
        if first > begin:
            parts.append((begin, min(first, until)))
        begin = max(begin, last)
    parts.append((begin, until))
    return [(a, b) for a, b in parts if a < b]


def _count_devices(
    rows: Sequence[EventRow], ended: Mapping[int, int | None], counted: _Counted
) -> None:
    """Count devices, and how long each stopped the work."""
    since: dict[int, int] = {}
    for row in rows:
        if row.callout is None or row.callout not in ended:
            continue
        if row.what == Event.DEVICE_FOUND and row.callout not in since:
            since[row.callout] = row.at
            counted.facts[DEVICES] += 1
        elif row.what == Event.DEVICE_CLEARED and row.callout in since:
            counted.facts[CLEARED] += 1
            counted.facts[DEVICE_TIME] += row.at - since[row.callout]


def _or(instant: int | None, end: int) -> int:
    return end if instant is None else instant


def rescue_times(
    callouts: Iterable[tuple[Any, ...]], missions: Iterable[tuple[Any, ...]]
) -> dict[int, int]:
    """
    Return when the work on scene was done, of the callouts where it is. [ms]

    It is done when the last of the teams that were on scene has left it: for hospital where it
    took somebody there, else when it was cleared. A callout whose end the run cuts off is done
    when a team has left for hospital and none is still at work.
    """
    reached: dict[int, list[MissionRow]] = defaultdict(list)
    for m in map(MissionRow._make, missions):
        if m.on_scene is not None:
            reached[m.callout].append(m)
    done = {}
    for row in map(CalloutRow._make, callouts):
        own = reached.get(row.callout, [])
        left = [m.cleared if m.left is None else m.left for m in own]
        known = [at for at in left if at is not None]
        over = row.ended is not None
        is_done = row.cleared is not None if over else any(m.left is not None for m in own)
        if own and is_done and len(known) == len(left):
            done[row.callout] = max(known)
    return done
