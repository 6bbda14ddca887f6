"""
Committed time of teams, read from the log: when each was committed, and when on duty.

What is counted as committed and as on duty is told in `utilisation`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from sim.local_clock import LocalClock
from sim.log import Event, EventRow, MissionRow

from ..inference.censoring import NEVER
from .columns import blocks, facts_named, instants, whole
from .workload import Spans, roster, stretches

TEAMS_BY_DATE = facts_named("committed", "on_duty")  # of all teams together [ms]
Roster = Sequence[Sequence[tuple[int, int]]]


def sent(missions: Sequence[tuple[Any, ...]]) -> Spans:
    """Return when teams were on missions, dispatched to cleared, ``NEVER`` if still on it."""
    parts = []
    for rows in blocks(missions):
        columns = zip(*rows, strict=True) if rows else ((),) * len(MissionRow._fields)
        by_name = dict(zip(MissionRow._fields, columns, strict=True))
        owner, dispatched = (whole(by_name[name]) for name in ("team", "dispatched"))
        parts.append((owner, dispatched, instants(by_name["cleared"])))
    return Spans(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def returning(events: Iterable[tuple[Any, ...]]) -> Spans:
    """Return when teams drove back and could not be sent, ``NEVER`` where there is no access."""
    rows = [EventRow._make(row) for row in events if row[1] == Event.RETURNING]
    rows = [row for row in rows if row.team is not None]
    owner, begin = ([getattr(row, name) for row in rows] for name in ("team", "at"))
    until = [NEVER if row.until is None else row.until for row in rows]
    return Spans(*(np.array(column, dtype=np.int64) for column in (owner, begin, until)))


def committed(missions: Spans, events: Iterable[tuple[Any, ...]]) -> Spans:
    """Return when teams were committed; spans of one team may touch or overlap."""
    return missions.joined(returning(events))


def staffed(duty: Roster, on_call: Sequence[bool]) -> Roster:
    """Return the rosters with nobody on duty in teams on call: they wait at home."""
    return [() if waits else own for own, waits in zip(duty, on_call, strict=True)]


def workload(busy: Spans, duty: Roster, clock: LocalClock, end: int) -> dict[str, Any]:
    """
    Return time committed and on duty by team, hour and date, each with one replication in front.

    ``busy`` are the spans in which teams are committed, ``duty`` is as `staffed` gives it.
    """
    teams = len(duty)
    busy = busy.merged(end)
    on_duty = busy.joined(roster(duty)).merged(end)
    edges = stretches(clock, end)
    by_date = np.zeros(len(edges) - 1, dtype=TEAMS_BY_DATE)
    by_date["committed"] = busy.time_by_stretch(edges)
    by_date["on_duty"] = on_duty.time_by_stretch(edges)
    return {
        "committed": busy.length_by_owner(teams)[np.newaxis],
        "on_duty": on_duty.length_by_owner(teams)[np.newaxis],
        "committed_by_hour": busy.mean_by_hour(clock, end)[np.newaxis],
        "on_duty_by_hour": on_duty.mean_by_hour(clock, end)[np.newaxis],
        "teams_by_date": by_date[np.newaxis],
    }
