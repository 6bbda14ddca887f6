"""
Utilisation: which part of its time on duty a team is committed.

*Committed* is a team from dispatched until it is available again. Where free teams may be sent
from the road (``dispatch_while_returning: true``) that is when it is cleared, and the drive home
is not counted; where they may not, it is when the team is home, and the drive home is counted,
unless it went straight to a pending callout (``dispatch_when_cleared: true``).
Counted in the same way is the drive of a team that must be home first for another reason: it broke
down, or its vehicle is out of service. In the log such a drive is an event "returning". A break is
time on duty in which a team is not committed.

*On duty* is a team while its roster says so or it was called in, and for as long after that as it
is still committed: that is overtime. Nobody drives home after a mission that ended when the shift
was over: the model takes the crew off duty on the spot, so that its drive is in neither. A crew
on call waits at home: it is on duty from dispatched until it is available again, and the rest of
its time on call is counted apart (`working_time`, `alerts`). Of its time on duty it is always
committed, which says nothing, so utilisation is of the other teams only.

The same number, of all teams together, is the q (``busy_fraction``) of rules of the MEXCLP
family: the chance that a team on duty cannot be sent. `utilisation` gives it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.log import Event, EventRow, MissionRow

from ..inference.censoring import NEVER, Bools, Floats
from .alerts import ON_CALL
from .columns import blocks, instants, whole
from .workload import Spans, roster

if TYPE_CHECKING:
    from .observations import Observations

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
    rows = [row for row in map(EventRow._make, events) if row.what == Event.RETURNING]
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


def workload(busy: Spans, duty: Roster, start_of_day: int, end: int) -> dict[str, Any]:
    """
    Return time committed and on duty by team and by hour, each with one replication in front.

    ``busy`` are the spans in which teams are committed, ``duty`` is as `staffed` gives it.
    """
    teams = len(duty)
    busy = busy.merged(end)
    on_duty = busy.joined(roster(duty)).merged(end)
    return {
        "committed": busy.length_by_owner(teams)[np.newaxis],
        "on_duty": on_duty.length_by_owner(teams)[np.newaxis],
        "committed_by_hour": busy.mean_by_hour(start_of_day, end)[np.newaxis],
        "on_duty_by_hour": on_duty.mean_by_hour(start_of_day, end)[np.newaxis],
    }


def time_committed(obs: Observations) -> tuple[Floats, Floats]:
    """
    Return time committed and time on duty of each team. [ms], shape (replications, teams)

    Both are 0 for crews on call.
    """
    others = ~is_on_call(obs)
    return np.where(others, obs.committed, 0.0), np.where(others, obs.on_duty, 0.0)


def is_on_call(obs: Observations) -> Bools:
    """Return which teams are on call. Shape (teams,)"""
    teams = obs.committed.shape[1]
    if obs.crews.shape[1] != teams:  # nobody is, or an earlier version did not say
        return np.zeros(teams, dtype=np.bool_)
    return np.asarray((obs.crews[:, :, ON_CALL] >= 0).any(axis=0))


def utilisation(obs: Observations) -> float | None:
    """
    Return the share of their time on duty that all teams together are committed.

    What rules of the MEXCLP family ask for as ``busy_fraction`` (q): that of a run with the
    teams and bases as they are is the usual estimate. Crews on call are left out; theirs is their
    time turned out over their time on call. None where nobody was on duty.

    Examples
    --------
    >>> import sim
    >>> study = sim.run_study(sim.design_of([sim.load("first-steps", {"clock.length": "2 days"})]))
    >>> q = utilisation(study.observations[study.baseline])
    >>> 0 < q < 1
    True

    """
    busy, on_duty = (float(time.sum()) for time in time_committed(obs))
    return busy / on_duty if on_duty else None
