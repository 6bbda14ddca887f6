"""
What alerts ask of volunteers: of each pool, the most burdened person, each crew on call.

Volunteers are numbers within a pool, so that each person can be followed through the log. All is
counted from the alerts of the measured period and what followed them in it. The most burdened
person is found in each replication and for each measure: the one alerted most often need not be
the one out longest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.local_clock import LocalClock
from sim.log import Event, EventRow, MissionRow

from ..inference.censoring import Ints
from .columns import Facts, facts_named
from .working_time import Roster, night_of
from .workload import roster

# What is kept of each pool in each replication.
_OF_PEOPLE = (
    "alerts",  # one for each person and callout
    "accepted",
    "too_late",  # arrived after the crew had turned out or been stood down
    "callouts",  # for which anybody was alerted
    "nights",  # disturbed: nights with an alert or more, added up over people
    "out",  # [ms] from accepting an alert to being free again, added up over people
    "most_alerts",  # of one person
    "most_nights",  # disturbed, of one person
    "most_out",  # [ms] of one person
)
# What is kept of each team in each replication, where any is on call; of a pool the same, summed
# over its teams.
_OF_CREWS = (
    "on_call",  # [ms] -1: a team that is not on call
    "dispatched",  # how often
    "full_crews",  # crews that turned out complete
    "time_to_full",  # [ms] dispatched to complete, added up over these
    "short_crews",  # that turned out with less, when they could wait no longer
    "lacking",  # of these: without a required capability
    "no_crews",  # no crew assembled
)
CREW_FACTS = facts_named(*_OF_CREWS)
POOL_FACTS = facts_named(*_OF_PEOPLE, *_OF_CREWS)

# What became of an alert.
IN_TIME, LATE, DID_NOT_ARRIVE, DECLINED, NO_ANSWER = range(5)
ALERT_REPLIES = (
    "arrived in time", "arrived too late", "accepted, did not arrive", "declined",
    "no answer in time",
)  # fmt: skip


class OnCallTeam(NamedTuple):
    """How a crew of volunteers assembles: from which pool, and when it is complete."""

    pool: int
    minimum: int  # people needed to turn out
    assembly_timeout: int  # from dispatched; then it turns out with those there [ms]
    required: int = 0  # capabilities required among them, one bit each
    capabilities: tuple[int, ...] = ()  # of each person of the pool, a bit each


@dataclass(slots=True)
class _Alert:
    pool: int
    at: int
    answer: int = NO_ANSWER
    accepted: int | None = None  # when
    arrived: int | None = None  # when


class _OnCallDispatch(NamedTuple):
    """A dispatch of a team on call."""

    dispatched: int
    left: int | None  # when its crew turned out
    free: int  # when its crew was free again, or the end of the measured period


_ALERT_REPLIES = {
    Event.ACCEPTED: DID_NOT_ARRIVE,  # until it is known that the person arrived
    Event.DECLINED: DECLINED,
    Event.ARRIVED: IN_TIME,
    Event.ARRIVED_TOO_LATE: LATE,
}
_ASSEMBLES = (Event.ALERTED, Event.CREW_TURNED_OUT, Event.NO_CREW_ASSEMBLED)
_Alerts = Mapping[tuple[int, int, int], Sequence[_Alert]]
_Calls = Mapping[tuple[int, int], Sequence[_OnCallDispatch]]


def volunteer_facts(
    missions: Iterable[tuple[Any, ...]], events: Iterable[tuple[Any, ...]],
    on_call: Sequence[OnCallTeam | None], pools: int, duty: Roster, clock: LocalClock, end: int,
) -> tuple[Facts, Facts, Ints]:  # fmt: skip
    """
    Return the workload of each pool and of each team on call, and what became of alerts.

    Parameters
    ----------
    missions, events
        Rows of the log, in any order but for events at the same instant.
    on_call
        How the crew of each team assembles; None for teams that are not on call.
    pools
        How many pools there are.
    duty
        Per team when it is on call or, for others, on duty. [ms]
    clock, end
        As in `observations.observe`.

    Returns
    -------
    pools, crews, alert_replies
        `POOL_FACTS`, shape (pools,); `CREW_FACTS`, shape (teams,), with no team where none is on
        call; alerts by the local hour they were sent at and by what became of them, shape
        (24, len(ALERT_REPLIES)).

    """
    facts = np.zeros(pools, dtype=POOL_FACTS)
    alert_replies = np.zeros((24, len(ALERT_REPLIES)), dtype=np.int64)
    if not any(on_call):
        return facts, np.zeros(0, dtype=CREW_FACTS), alert_replies
    crews = np.zeros(len(on_call), dtype=CREW_FACTS)
    waits = np.array([own is not None for own in on_call])
    hours = roster(duty).merged(end).length_by_owner(len(on_call))
    crews["on_call"] = np.where(waits, hours, -1)
    rows = sorted((row for row in map(EventRow._make, events)), key=lambda row: row.at)
    calls = _calls(rows, missions, on_call, end)
    for (team, _), sent in calls.items():
        crews["dispatched"][team] += len(sent)
    alerts = _alerts(rows, on_call, end)
    _count_alerts(alerts, facts, alert_replies, clock)
    _count_people(alerts, calls, facts, clock)
    _count_crews(rows, calls, on_call, crews, end)
    for name in _OF_CREWS:
        for own, fact in zip(on_call, crews[name], strict=True):
            if own is not None:
                facts[name][own.pool] += fact
    return facts, crews, alert_replies


def _calls(
    rows: Sequence[EventRow],
    missions: Iterable[tuple[Any, ...]],
    on_call: Sequence[OnCallTeam | None],
    end: int,
) -> _Calls:
    """
    Return by team and callout when teams on call were dispatched in the measured period.

    A crew that is reassigned while under way is not free before the other callout is over too.
    """
    back = {(r.team, r.at): r.until for r in rows if r.what == Event.RETURNING}
    about: dict[tuple[int | None, int | None], list[EventRow]] = defaultdict(list)
    for row in rows:
        if row.what in _ASSEMBLES:
            about[row.team, row.callout].append(row)
    sent = [m for m in map(MissionRow._make, missions) if on_call[m.team] is not None]
    sent.sort(key=lambda m: (m.team, -m.dispatched))
    found: dict[tuple[int, int], list[_OnCallDispatch]] = defaultdict(list)
    sent_on: int | None = None  # until when a crew is out that assembled for the mission before
    last = -1
    for m in sent:
        cleared = end if m.cleared is None else m.cleared
        until = back.get((m.team, cleared), cleared)
        free = min(end if until is None else until, end)
        if m.team == last and sent_on is not None:
            free = sent_on
        own = [r for r in about[m.team, m.callout] if m.dispatched <= r.at <= cleared]
        last, sent_on = m.team, None if own else free
        left = min((r.at for r in own if r.what == Event.CREW_TURNED_OUT), default=None)
        if 0 <= m.dispatched < end:
            found[m.team, m.callout].append(_OnCallDispatch(m.dispatched, left, free))
    return found


def _alerts(rows: Sequence[EventRow], on_call: Sequence[OnCallTeam | None], end: int) -> _Alerts:
    """Return the alerts by team, callout and person, each with what became of it."""
    found: dict[tuple[int, int, int], list[_Alert]] = defaultdict(list)
    for at, what, team, callout, who, _ in rows:
        if team is None or callout is None or who is None or (own := on_call[team]) is None:
            continue
        if not 0 <= at < end:
            continue
        key = team, callout, who
        if what == Event.ALERTED:
            found[key].append(_Alert(own.pool, at))
        elif what in _ALERT_REPLIES and key in found:
            alert = found[key][-1]
            alert.answer = _ALERT_REPLIES[what]
            if what == Event.ACCEPTED:
                alert.accepted = at
            elif what != Event.DECLINED:
                alert.arrived = at
    return found


def _count_alerts(alerts: _Alerts, facts: Facts, alert_replies: Ints, clock: LocalClock) -> None:
    """Count the alerts of each pool, and what became of them by the hour."""
    callouts: set[tuple[int, int]] = set()
    every, accepted, too_late = facts["alerts"], facts["accepted"], facts["too_late"]
    for (_, callout, _), sent in alerts.items():
        for alert in sent:
            every[alert.pool] += 1
            accepted[alert.pool] += alert.answer in (IN_TIME, LATE, DID_NOT_ARRIVE)
            too_late[alert.pool] += alert.answer == LATE
            hour = clock.hour(alert.at)
            alert_replies[hour, alert.answer] += 1
            callouts.add((alert.pool, callout))
    for pool, _ in callouts:
        facts["callouts"][pool] += 1


def _count_people(alerts: _Alerts, calls: _Calls, facts: Facts, clock: LocalClock) -> None:
    """Count alerts, nights disturbed and time out of each person: the sums, and the most."""
    often: dict[tuple[int, int], int] = defaultdict(int)  # by pool and person
    nights: dict[tuple[int, int], set[int]] = defaultdict(set)
    out: dict[tuple[int, int], int] = defaultdict(int)
    for (team, callout, who), sent in alerts.items():
        for alert in sent:
            person = alert.pool, who
            often[person] += 1
            out[person] += _time_out(alert, calls.get((team, callout), ()))
            night = night_of(clock.local(alert.at))
            if night is not None:
                nights[person].add(night)
    for (pool, _), times in often.items():
        _raise(facts["most_alerts"], pool, times)
    for (pool, _), disturbed in nights.items():
        facts["nights"][pool] += len(disturbed)
        _raise(facts["most_nights"], pool, len(disturbed))
    for (pool, _), time in out.items():
        facts["out"][pool] += time
        _raise(facts["most_out"], pool, time)


def _raise(most: Ints, pool: int, amount: int) -> None:
    """Raise the most of a pool to an amount that is more."""
    most[pool] = max(most[pool], amount)


def _time_out(alert: _Alert, calls: Sequence[_OnCallDispatch]) -> int:
    """
    Return for how long an alert takes a person away, from accepting it to being free again. [ms]

    Those who turned out with the crew are free when the team is; those who arrived too late, at
    once; those whose crew was stood down or turned out without them, then. Accepting without
    arriving takes no time here.
    """
    if alert.accepted is None or alert.arrived is None:
        return 0
    sent = [call for call in calls if call.dispatched <= alert.at]
    if not sent:
        return 0
    call = max(sent, key=lambda call: call.dispatched)
    until = call.free if alert.answer == IN_TIME or call.left is None else call.left
    return max(until, alert.arrived) - alert.accepted


def _count_crews(
    rows: Sequence[EventRow],
    calls: _Calls,
    on_call: Sequence[OnCallTeam | None],
    crews: Facts,
    end: int,
) -> None:
    """Count the crews that were complete, turned out short, or never assembled."""
    there: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)  # when, who
    for at, what, team, callout, who, _ in rows:
        if team is None or callout is None or who is None or not 0 <= at < end:
            continue
        if what == Event.ARRIVED:
            there[team, callout].append((at, who))
        own = on_call[team]
        if what not in (Event.CREW_TURNED_OUT, Event.NO_CREW_ASSEMBLED) or own is None:
            continue
        sent = [c.dispatched for c in calls.get((team, callout), ()) if c.dispatched <= at]
        if not sent:
            continue
        since = max(sent)
        crew = [person for when, person in there[team, callout] if when >= since]
        if what == Event.NO_CREW_ASSEMBLED:
            crews["no_crews"][team] += 1
        elif who >= own.minimum and not _lacks(own, crew):
            crews["full_crews"][team] += 1
            crews["time_to_full"][team] += at - since
        else:
            crews["short_crews"][team] += 1
            crews["lacking"][team] += _lacks(own, crew)


def _lacks(own: OnCallTeam, crew: Iterable[int]) -> bool:
    """Return whether a crew lacks a required capability."""
    if not own.required:
        return False
    found = 0
    for person in crew:
        found |= own.capabilities[person]
    return bool(own.required & ~found)
