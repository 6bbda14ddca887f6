"""
Disruptions counted in a log: closures, scene hazards, permission, deferrals, offload delays.

Callouts counted are those received in the measured period; what happens to teams is counted where
it begins in it, and how missions end where they end in it. What is unfinished when the run ends
counts as long as it has lasted by then. Exposure is noted as a mission ends, so it counts in full
where the mission ends in the period, and an unfinished mission has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field, fields
from operator import attrgetter
from typing import Any

import numpy as np

from sim.log import MS_PER_DAY, CalloutRow, Ending, Event, EventRow, MissionRow

from ..inference.censoring import Ints
from .columns import FactNames, Facts, facts_named

# What is kept of each replication.
DISRUPTION_FACTS = facts_named(
    "no_access",  # pending callouts to which no base had access
    "no_access_time",  # [ms] for how long, while no team was on its way to them
    "no_access_at_end",  # of them those still so when the run ended
    "closures_met",  # by teams
    "closures_told",  # teams told under way of a closure ahead
    "refusals",  # teams refused at a checkpoint
    "missions_refused",  # that ended so
    "missions_no_access",  # that ended at a closure, with no other road
    "staged",  # times a team waited for a safe scene
    "staging_time",  # [ms] for how long
    "missions_withdrawn",  # from a scene that stayed unsafe
    "explosive_hazards_found",  # callouts at which there was one
    "explosive_hazards_cleared",  # of them those at which it was cleared
    "clearance_time",  # [ms] found to cleared, of those
    "permitted",  # callouts that received permission
    "permission_time",  # [ms] that it took
    "held",  # deferrable callouts held for others
)

# What is kept of each hospital in each replication.
HOSPITAL_FACTS = facts_named(
    "received",  # teams that arrived with somebody
    "delayed",  # of them those that waited for an offload bay
)

# What is kept of each wait for an offload bay.
OFFLOAD_DELAY = facts_named(
    "replication",
    "hospital",
    "time",  # [ms]
    "ended",  # 1: the handover began before the run ended
)

_TEAMS = {
    Event.MET_CLOSURE: "closures_met",
    Event.TOLD_OF_CLOSURE: "closures_told",
    Event.REFUSED_AT_CHECKPOINT: "refusals",
}
_ENDINGS = {
    Ending.REFUSED_AT_CHECKPOINT: "missions_refused",
    Ending.NO_ACCESS: "missions_no_access",
    Ending.WITHDRAWN: "missions_withdrawn",
}
_WITH_MISSIONS = (Event.STAGED, Event.NO_ACCESS)
_COUNTED = frozenset((
    *_TEAMS, *_WITH_MISSIONS, Event.ACCESS_AGAIN, Event.EXPOSED, Event.AWAITS_PERMISSION,
    Event.HELD, Event.OFFLOAD_DELAY, Event.EXPLOSIVE_HAZARD_FOUND, Event.EXPLOSIVE_HAZARD_CLEARED,
))  # fmt: skip
_CALLOUT, _RECEIVED, _ENDED = map(CalloutRow._fields.index, ("callout", "received", "ended"))
_CALLOUT_OF_MISSION = MissionRow._fields.index("callout")
_Span = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class DisruptionCounts:
    """The disruptions of one replication, or of several stacked."""

    disruptions: Facts  # DISRUPTION_FACTS, shape (replications,)
    no_access_by_day: Ints  # [ms] callouts were without access, shape (replications, days)
    exposure: Ints  # declared, of people on missions [person-seconds], (replications, teams)
    hospitals: Facts  # HOSPITAL_FACTS, shape (replications, hospitals)
    offload_delays: Facts  # OFFLOAD_DELAY, shape (waits,)

    def columns(self) -> dict[str, Ints | Facts]:
        """Return them by name."""
        return {column.name: getattr(self, column.name) for column in fields(self)}


def nothing(replications: int, teams: int = 0) -> DisruptionCounts:
    """Return what is kept where there is no disruption, or none was counted."""
    return DisruptionCounts(
        disruptions=np.zeros(replications, dtype=DISRUPTION_FACTS),
        no_access_by_day=np.zeros((replications, 0), dtype=np.int64),
        exposure=np.zeros((replications, teams), dtype=np.int64),
        hospitals=np.zeros((replications, 0), dtype=HOSPITAL_FACTS),
        offload_delays=np.zeros(0, dtype=OFFLOAD_DELAY),
    )


def count_disruptions(
    callouts: Iterable[tuple[Any, ...]],
    missions: Iterable[tuple[Any, ...]],
    events: Iterable[tuple[Any, ...]],
    teams: int, hospitals: int, end: int,
) -> DisruptionCounts:  # fmt: skip
    """
    Return the disruptions of one replication.

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
    rows = [EventRow._make(row) for row in events if row[0] < end and row[1] in _COUNTED]
    rows.sort(key=attrgetter("at"))
    ended = {row[_CALLOUT]: row[_ENDED] for row in callouts if 0 <= row[_RECEIVED] < end}
    asked = {row.callout for row in rows if row.what in _WITH_MISSIONS}
    by_callout: dict[int, list[MissionRow]] = defaultdict(list)
    for mission in missions:
        _count_mission(mission, counted, end)
        number = mission[_CALLOUT_OF_MISSION]
        if number in asked:
            by_callout[number].append(MissionRow._make(mission))
    _count_events(rows, ended, by_callout, counted, end)
    _count_no_access(rows, ended, by_callout, counted, end)
    _count_explosive_hazards(rows, ended, counted)
    return counted.counts()


@dataclass(slots=True)
class _Counted:
    """The counts of a replication; in Python, where adding one costs less than in an array."""

    teams: InitVar[int]
    hospitals: InitVar[int]
    days: InitVar[int]
    facts: dict[str, int] = field(default_factory=lambda: _none_of(DISRUPTION_FACTS))
    by_day: list[int] = field(init=False)
    exposure: list[int] = field(init=False)
    at: list[dict[str, int]] = field(init=False)  # by hospital
    offload_delays: list[tuple[int, int, int, int]] = field(default_factory=list)

    def __post_init__(self, teams: int, hospitals: int, days: int) -> None:
        self.by_day, self.exposure = [0] * days, [0] * teams
        self.at = [_none_of(HOSPITAL_FACTS) for _ in range(hospitals)]

    def counts(self) -> DisruptionCounts:
        """Return them as they are kept."""
        return DisruptionCounts(
            disruptions=np.array([tuple(self.facts.values())], dtype=DISRUPTION_FACTS),
            no_access_by_day=np.array([self.by_day], dtype=np.int64),
            exposure=np.array([self.exposure], dtype=np.int64),
            hospitals=np.array([[tuple(own.values()) for own in self.at]], dtype=HOSPITAL_FACTS),
            offload_delays=np.array(self.offload_delays, dtype=OFFLOAD_DELAY),
        )


def _none_of(names: FactNames) -> dict[str, int]:
    """Return facts of which none has been counted, in their order."""
    return dict.fromkeys(names.names or (), 0)


def _count_mission(row: tuple[Any, ...], counted: _Counted, end: int) -> None:
    *_, at_hospital, hospital, cleared, ending = row
    if ending in _ENDINGS and cleared is not None and 0 <= cleared < end:
        counted.facts[_ENDINGS[ending]] += 1
    if hospital is not None and at_hospital is not None and 0 <= at_hospital < end:
        counted.at[hospital]["received"] += 1


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
        elif what == Event.STAGED:
            facts["staged"] += 1
            facts["staging_time"] += _time_staged(row, missions, end)
        elif what == Event.EXPOSED and team is not None:
            counted.exposure[team] += who or 0
        elif what == Event.AWAITS_PERMISSION and callout in ended and until is not None:
            facts["permitted"] += 1
            facts["permission_time"] += until - at
        elif what == Event.HELD and callout in ended:
            facts["held"] += 1
        elif what == Event.OFFLOAD_DELAY and who is not None:
            counted.at[who]["delayed"] += 1
            lasts = (end if until is None else until) - at
            counted.offload_delays.append((0, who, lasts, int(until is not None)))


def _time_staged(row: EventRow, missions: Mapping[int, Sequence[MissionRow]], end: int) -> int:
    """Return how long a team was staged: until the time noted, or its mission's end. [ms]"""
    until = end if row.until is None else min(row.until, end)
    for m in missions.get(row.callout if row.callout is not None else -1, ()):
        is_it = m.team == row.team and m.dispatched <= row.at
        if is_it and m.cleared is not None and row.at <= m.cleared < until:
            until = m.cleared
    return until - row.at


def _count_no_access(
    rows: Sequence[EventRow],
    ended: Mapping[int, int | None],
    missions: Mapping[int, Sequence[MissionRow]],
    counted: _Counted,
    end: int,
) -> None:
    """Count callouts without access, and how long no team was on its way to them."""
    for number, spans in _without_access(rows, ended, end).items():
        sent = [(m.dispatched, _or(m.cleared, end)) for m in missions.get(number, ())]
        waits = [wait for span in spans for wait in without(span, sent)]
        counted.facts["no_access"] += 1
        counted.facts["no_access_time"] += sum(until - begin for begin, until in waits)
        counted.facts["no_access_at_end"] += bool(waits) and waits[-1][1] == end
        for begin, until in waits:
            for day in range(begin // MS_PER_DAY, -(-until // MS_PER_DAY)):
                first = day * MS_PER_DAY
                counted.by_day[day] += min(until, first + MS_PER_DAY) - max(begin, first)


def _without_access(
    rows: Sequence[EventRow], ended: Mapping[int, int | None], end: int
) -> dict[int, list[_Span]]:
    """Return from when until when each callout was without access."""
    spans: dict[int, list[_Span]] = defaultdict(list)
    since: dict[int, int] = {}
    for row in rows:
        if row.callout is None or row.callout not in ended:
            continue
        if row.what == Event.NO_ACCESS:
            since.setdefault(row.callout, row.at)
        elif row.what == Event.ACCESS_AGAIN and row.callout in since:
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


def _count_explosive_hazards(
    rows: Sequence[EventRow], ended: Mapping[int, int | None], counted: _Counted
) -> None:
    """Count explosive hazards, and how long each stopped the work."""
    since: dict[int, int] = {}
    for row in rows:
        if row.callout is None or row.callout not in ended:
            continue
        if row.what == Event.EXPLOSIVE_HAZARD_FOUND and row.callout not in since:
            since[row.callout] = row.at
            counted.facts["explosive_hazards_found"] += 1
        elif row.what == Event.EXPLOSIVE_HAZARD_CLEARED and row.callout in since:
            counted.facts["explosive_hazards_cleared"] += 1
            counted.facts["clearance_time"] += row.at - since[row.callout]


def _or(instant: int | None, end: int) -> int:
    return end if instant is None else instant


def rescue_times(
    callouts: Iterable[tuple[Any, ...]],
    missions: Iterable[tuple[Any, ...]],
    events: Iterable[tuple[Any, ...]] = (),
) -> dict[int, int]:
    """
    Return when the work on scene was done, of the callouts where it is. [ms]

    It is done when the last of the teams that were on scene has left it: for hospital where it
    took somebody there, else when it was cleared. A callout unfinished when the run ends is done
    when a team has left for hospital and none is still at work. Where people wait on scene for
    teams to take them, it is done when they begin to wait, as the events say.
    """
    waits: dict[int, int] = {}
    for event in map(EventRow._make, events):
        if event.what == Event.AWAITS_TRANSPORT and event.callout is not None:
            waits.setdefault(event.callout, event.at)
    reached: dict[int, list[MissionRow]] = defaultdict(list)
    for m in map(MissionRow._make, missions):
        if m.on_scene is not None:
            reached[m.callout].append(m)
    done = {}
    for row in map(CalloutRow._make, callouts):
        if row.callout in waits:
            done[row.callout] = waits[row.callout]
            continue
        own = reached.get(row.callout, [])
        left = [m.cleared if m.left is None else m.left for m in own]
        known = [at for at in left if at is not None]
        over = row.ended is not None
        is_done = row.cleared is not None if over else any(m.left is not None for m in own)
        if own and is_done and len(known) == len(left):
            done[row.callout] = max(known)
    return done
