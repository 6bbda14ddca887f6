"""
What duty asks of teams: overtime, the longest duty, the least rest, calls at night, breaks.

A stretch of duty is what the roster says, what a team was called in for, and any mission that
outlasts it, joined where they touch. A crew is not followed as persons: where two shifts of a
team follow each other without a gap, that is one stretch. A team whose roster leaves no gap at
all is a post that people staff in turns, nobody knows who; so it has no longest duty and no
least rest, and neither has a team of volunteers, which waits at home.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from sim.log import MS_PER_DAY, MS_PER_HOUR, Event, EventRow

from .censoring import NEVER, Ints
from .workload import Spans, roster

# What is kept of each team in each replication.
OVERTIME = 0  # [ms] on missions outside its duty
LONGEST_DUTY = 1  # [ms] -1: no duty that ends
LEAST_REST = 2  # [ms] between two stretches of duty; -1: not two
NIGHT_CALLOUTS = 3  # how often it was dispatched at night
BREAKS = 4  # taken
BREAKS_MISSED = 5
TEAM_FACTS = 6

NIGHT_BEGINS, NIGHT_LASTS = 22 * MS_PER_HOUR, 8 * MS_PER_HOUR  # local time of day, duration
Roster = Sequence[Sequence[tuple[int, int]]]


def extended(duty: Roster, events: Iterable[tuple[Any, ...]], end: int) -> Roster:
    """
    Return the rosters of all teams with the time for which they were called in.

    A team is called in from an event "on duty" until the instant it says or, where it says none,
    until the next event "off duty", else the end of the measured period.
    """
    longer = [list(own) for own in duty]
    open_: dict[int, int] = {}
    for row in sorted(map(EventRow._make, events), key=lambda row: row.at):
        if row.team is None:
            continue
        if row.what == Event.ON_DUTY and row.until is not None:
            longer[row.team].append((row.at, row.until))
        elif row.what == Event.ON_DUTY:
            open_[row.team] = row.at
        elif row.what == Event.OFF_DUTY and row.team in open_:
            longer[row.team].append((open_.pop(row.team), row.at))
    for team, since in open_.items():
        longer[team].append((since, max(end, since)))
    return longer


def night_of(local: int) -> int | None:
    """
    Return which night an instant is in, None by day; midnight does not divide a night.

    ``local`` counts from a local midnight [ms]. A night lasts from 22:00 to 06:00.
    """
    night, into_night = divmod(local + MS_PER_DAY - NIGHT_BEGINS, MS_PER_DAY)
    return night if into_night < NIGHT_LASTS else None


def team_facts(
    sent: Spans, duty: Roster, events: Sequence[tuple[Any, ...]],
    on_call: Sequence[bool], start_of_day: int, end: int,
) -> Ints:  # fmt: skip
    """
    Return what duty asked of each team in a replication. Shape (teams, TEAM_FACTS)

    Parameters
    ----------
    sent
        Missions, dispatched to cleared, owned by teams.
    duty
        Rosters, time for which teams were called in included. [ms]
    events
        Rows of the log.
    on_call
        Which teams are volunteers, who wait at home.
    start_of_day, end
        As in `observations.observe`.

    Notes
    -----
    The longest duty is of the stretches that reach into the measured period, in their whole
    length as far as the run goes: one that the end of the run cuts off counts as it is by then.

    """
    teams = len(duty)
    facts = np.zeros((teams, TEAM_FACTS), dtype=np.int64)
    facts[:, [LONGEST_DUTY, LEAST_REST]] = -1
    rostered = roster(duty)
    posts = np.array([not _is_post(own, end) for own in duty], dtype=np.bool_)
    followed = posts & ~np.array(list(on_call) or [False] * teams, dtype=np.bool_)
    whole = sent.joined(rostered).merged(end).length_by_owner(teams)
    facts[:, OVERTIME] = np.where(followed, whole - rostered.merged(end).length_by_owner(teams), 0)
    longest, rest = _stretches(sent.joined(rostered), teams, end)
    facts[:, LONGEST_DUTY] = np.where(followed, longest, -1)
    facts[:, LEAST_REST] = np.where(followed, rest, -1)
    into_night = (sent.begin + start_of_day + MS_PER_DAY - NIGHT_BEGINS) % MS_PER_DAY
    called = (sent.begin >= 0) & (sent.begin < end) & (into_night < NIGHT_LASTS)
    facts[:, NIGHT_CALLOUTS] = np.bincount(sent.owner[called], minlength=teams)
    for _, what, team, *_ in events:
        if what == Event.BREAK:
            facts[team, BREAKS] += 1
        elif what == Event.BREAK_MISSED:
            facts[team, BREAKS_MISSED] += 1
    return facts


def _is_post(own: Sequence[tuple[int, int]], end: int) -> bool:
    """Return whether a roster leaves no gap in the measured period."""
    covered = 0
    for begins, ends in sorted(own):
        if begins > covered:
            return False
        covered = max(covered, ends)
    return covered >= end


def _stretches(spans: Spans, teams: int, end: int) -> tuple[Ints, Ints]:
    """Return the longest stretch of each team and its least rest, -1 where there are not two."""
    longest, rest = np.zeros(teams, dtype=np.int64), np.full(teams, NEVER, dtype=np.int64)
    first = int(spans.begin.min(initial=0))  # stretches that began in the warm-up count whole
    whole = Spans(spans.owner, spans.begin - first, np.minimum(spans.until, end) - first)
    found = whole.merged(end - first)
    inside = found.until > -first
    np.maximum.at(longest, found.owner[inside], (found.until - found.begin)[inside])
    same = (found.owner[1:] == found.owner[:-1]) & (found.begin[1:] > -first)
    np.minimum.at(rest, found.owner[1:][same], (found.begin[1:] - found.until[:-1])[same])
    return longest, np.where(rest < NEVER, rest, -1)
