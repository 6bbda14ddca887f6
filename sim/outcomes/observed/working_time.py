"""
Duty of crews: hours, spells and rest, nights, overtime, calls at night, breaks.

A spell of duty is what the roster says, what a team was called in for, and all it is still
committed to after that (`utilisation`), joined where they touch. A crew is not followed as
persons: where two shifts of a team follow each other without a gap, that is one spell. A mandatory
rest is no duty, though the roster goes on.

A team whose roster leaves no gap in the measured period is *always on duty*. People staff it in
turns that are not declared, so nothing is known of their rest:
it is on duty 168 h a week, its longest spell is the whole run (a lower bound: it has no end in
it), its shortest rest is 0, and it can have no overtime, because its duty never ends.

A crew on call waits at home. It has no spells and no rest here; what is asked of it is counted in
`alerts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from sim.local_clock import LocalClock
from sim.log import MS_PER_DAY, MS_PER_HOUR, Event, EventRow

from ..inference.censoring import NEVER, Ints
from .columns import Facts, facts_named
from .workload import Spans, roster

# What is kept of each team in each replication.
TEAM_FACTS = facts_named(
    "overtime",  # [ms] committed outside its duty
    "longest_spell",  # [ms] of duty; -1: on call
    "shortest_rest",  # [ms] between two spells of duty; 0: always on duty; -1: not two, or on call
    "night_callouts",  # how often it was dispatched at night
    "breaks",  # taken
    "breaks_missed",
    "nights",  # in which it was on duty for `NIGHT_COUNTS` or longer
    "always",  # 1: its roster leaves no gap
)

NIGHT_BEGINS, NIGHT_LASTS = 22 * MS_PER_HOUR, 8 * MS_PER_HOUR  # local time of day, duration
# Who works three hours of a night has worked at night: Directive 2003/88/EC, article 2 (4).
NIGHT_COUNTS = 3 * MS_PER_HOUR
Roster = Sequence[Sequence[tuple[int, int]]]
_DUTY = (Event.ON_DUTY, Event.OFF_DUTY, Event.MANDATORY_REST)


def extended(duty: Roster, events: Iterable[tuple[Any, ...]], end: int) -> Roster:
    """
    Return the rosters of all teams with the time for which they were called in, without rests.

    A team is called in from an event "on duty" until the instant it says or, where it says none,
    until the next event "off duty", else the end of the measured period. It is off duty in a
    mandatory rest.
    """
    longer = [list(own) for own in duty]
    open_: dict[int, int] = {}
    rows = [EventRow._make(row) for row in events if row[1] in _DUTY]
    for row in sorted(rows, key=lambda row: row.at):
        if row.team is None:
            continue
        if row.what == Event.MANDATORY_REST and row.until is not None:
            longer[row.team] = outside(longer[row.team], row.at, row.until)
        if row.what == Event.ON_DUTY and row.until is not None:
            longer[row.team].append((row.at, row.until))
        elif row.what == Event.ON_DUTY:
            open_[row.team] = row.at
        elif row.what == Event.OFF_DUTY and row.team in open_:
            longer[row.team].append((open_.pop(row.team), row.at))
    for team, since in open_.items():
        longer[team].append((since, max(end, since)))
    return longer


def outside(stretches: Iterable[tuple[int, int]], begins: int, ends: int) -> list[tuple[int, int]]:
    """Return what of some stretches is before an instant or after another."""
    parts = ((max(a, x), min(b, y)) for a, b in stretches for x, y in ((a, begins), (ends, b)))
    return [(a, b) for a, b in parts if a < b]


def resting(duty: Roster, events: Iterable[tuple[Any, ...]], end: int) -> Ints:
    """Return for how long each team rested while its roster had it on duty. [ms], shape (teams,)"""
    rostered = roster(duty).merged(end)
    rested = roster(extended(duty, _rests(events), end)).merged(end)
    return rostered.length_by_owner(len(duty)) - rested.length_by_owner(len(duty))


def _rests(events: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [row for row in events if row[1] == Event.MANDATORY_REST]


def night_of(local: int) -> int | None:
    """
    Return which night an instant is in, None by day; midnight does not divide a night.

    ``local`` counts from a local midnight [ms]. A night lasts from 22:00 to 06:00.
    """
    night, into_night = divmod(local + MS_PER_DAY - NIGHT_BEGINS, MS_PER_DAY)
    return night if into_night < NIGHT_LASTS else None


def team_facts(
    sent: Spans, busy: Spans, duty: Roster, events: Sequence[tuple[Any, ...]],
    on_call: Sequence[bool], clock: LocalClock, end: int,
) -> Facts:  # fmt: skip
    """
    Return what duty asked of each team in a replication: `TEAM_FACTS`. Shape (teams,)

    Parameters
    ----------
    sent
        Missions, dispatched to cleared, owned by teams.
    busy
        When teams were committed: the missions, and drives home where a team cannot be sent.
    duty
        Rosters, time for which teams were called in included. [ms]
    events
        Rows of the log.
    on_call
        Which teams are on call, whose people wait at home.
    clock, end
        As in `observations.observe`.

    Notes
    -----
    The longest spell is of those that reach into the measured period, in their whole length as
    far as the run goes, warm-up included: one unfinished when the run ends counts as it is by
    then.

    """
    teams = len(duty)
    facts = np.zeros(teams, dtype=TEAM_FACTS)
    breaks, missed = facts["breaks"], facts["breaks_missed"]
    facts["night_callouts"] = _sent_at_night(sent, teams, clock, end)
    for _, what, team, *_ in events:
        if what == Event.BREAK:
            breaks[team] += 1
        elif what == Event.BREAK_MISSED:
            missed[team] += 1
    waits = np.array(list(on_call) or [False] * teams, dtype=np.bool_)
    always = np.array([_is_always(own, end) for own in duty], dtype=np.bool_) & ~waits
    rostered = roster(duty)
    at_work = busy.joined(rostered)
    overtime = at_work.merged(end).length_by_owner(teams) - rostered.merged(end).length_by_owner(
        teams
    )
    facts["overtime"] = np.where(waits | always, 0, overtime)
    longest, rest = _spells(at_work, teams, end)
    facts["longest_spell"] = np.where(waits, -1, longest)
    facts["shortest_rest"] = np.where(waits, -1, np.where(always, 0, rest))
    nights = _nights(at_work.merged(end), teams, clock)
    facts["nights"] = np.where(waits, 0, nights)
    facts["always"] = always
    return facts


def _sent_at_night(sent: Spans, teams: int, clock: LocalClock, end: int) -> Ints:
    """Return how often each team was dispatched at night. Shape (teams,)"""
    into_night = (clock.local(sent.begin) + MS_PER_DAY - NIGHT_BEGINS) % MS_PER_DAY
    called = (sent.begin >= 0) & (sent.begin < end) & (into_night < NIGHT_LASTS)
    return np.bincount(sent.owner[called], minlength=teams).astype(np.int64)


def _nights(at_work: Spans, teams: int, clock: LocalClock) -> Ints:
    """Return in how many nights each team was on duty for long enough. Shape (teams,)"""
    # on a clock whose days begin at 22:00, night n lasts from n days on
    shift = MS_PER_DAY - NIGHT_BEGINS
    begin, until = at_work.begin, at_work.until
    first = (clock.local(begin) + shift) // MS_PER_DAY
    touched = (clock.local(until - 1) + shift) // MS_PER_DAY - first + 1
    span = np.repeat(np.arange(len(begin)), touched)
    nth = np.arange(len(span)) - np.repeat(np.cumsum(touched) - touched, touched)
    night = first[span] + nth
    dusk = night * MS_PER_DAY - shift
    begins, ends = clock.instant(dusk), clock.instant(dusk + NIGHT_LASTS)
    worked = np.minimum(until[span], ends) - np.maximum(begin[span], begins)
    nights = int(night.max(initial=0)) + 1
    by_night = np.zeros(teams * nights, dtype=np.int64)
    np.add.at(by_night, at_work.owner[span] * nights + night, np.maximum(worked, 0))
    return np.asarray((by_night.reshape(teams, nights) >= NIGHT_COUNTS).sum(axis=1))


def _is_always(own: Sequence[tuple[int, int]], end: int) -> bool:
    """Return whether a roster leaves no gap in the measured period."""
    covered = 0
    for begins, ends in sorted(own):
        if begins > covered:
            return False
        covered = max(covered, ends)
    return covered >= end


def _spells(spans: Spans, teams: int, end: int) -> tuple[Ints, Ints]:
    """Return each team's longest spell and its shortest rest, -1 where there are not two. [ms]"""
    longest, rest = np.zeros(teams, dtype=np.int64), np.full(teams, NEVER, dtype=np.int64)
    first = int(spans.begin.min(initial=0))  # spells that began in the warm-up count whole
    whole = Spans(spans.owner, spans.begin - first, np.minimum(spans.until, end) - first)
    found = whole.merged(end - first)
    inside = found.until > -first
    np.maximum.at(longest, found.owner[inside], (found.until - found.begin)[inside])
    same = (found.owner[1:] == found.owner[:-1]) & (found.begin[1:] > -first)
    np.minimum.at(rest, found.owner[1:][same], (found.begin[1:] - found.until[:-1])[same])
    return longest, np.where(rest < NEVER, rest, -1)
