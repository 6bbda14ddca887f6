"""
What a log says, in columns: one row per measured callout, each team's workload, volunteers.

Measured are the callouts received within the measured period. Workload and waiting also count
the parts of older missions and callouts that reach into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import SimError
from sim.local_clock import LocalClock
from sim.log import CalloutRow, Event, Names, Outcome

from ..inference.censoring import NEVER, Bools, Floats, Ints
from .alerts import ALERT_REPLIES, CREW_FACTS, POOL_FACTS, OnCallTeam, volunteer_facts
from .columns import Facts, blocks, instants, whole, with_names
from .committed_time import TEAMS_BY_DATE, committed, sent, staffed, workload
from .disruption_counts import (
    DISRUPTION_FACTS,
    HOSPITAL_FACTS,
    OFFLOAD_DELAY,
    count_disruptions,
    nothing,
    rescue_times,
)
from .driving import DRIVING_FACTS
from .working_time import TEAM_FACTS, Roster, extended, resting, team_facts
from .workload import Spans

OUTCOMES: tuple[str, ...] = (
    Outcome.SERVED,
    Outcome.LOST,
    Outcome.ABANDONED,
    Outcome.DROPPED,
    Outcome.UNFINISHED,
)
# Columns that hold nothing where a scenario declares no disruption and no limits of crews, or asks
# for no kilometres; results leave them out then. Those by date older results do not have.
OPTIONAL_COLUMNS = (
    "rescue", "rescuing", "disruptions", "no_access_by_day", "exposure", "hospitals",
    "offload_delays", "driving", "resting", "teams_by_date",
)  # fmt: skip
FACTS = {  # columns of facts, each under its name
    "working_time": TEAM_FACTS,
    "driving": DRIVING_FACTS,
    "teams_by_date": TEAMS_BY_DATE,
    "crews": CREW_FACTS,
    "alerts": POOL_FACTS,
    "disruptions": DISRUPTION_FACTS,
    "hospitals": HOSPITAL_FACTS,
    "offload_delays": OFFLOAD_DELAY,
}
_CODES = {word: code for code, word in enumerate(OUTCOMES)}


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """
    All that is measured of one alternative, its replications stacked in order.

    The columns up to ``teams`` have shape (callouts,). ``replications`` may exceed the largest
    number in ``replication``, because a replication may have no callout. The two columns of full
    attendance have shape (callouts,) where it is measured, else (0,), and so have those of rescue.
    """

    replication: Ints  # 0, 1, ... in the order stacked
    callout: Ints  # number within the replication
    key: Ints  # the same callout in every alternative
    kind: Ints
    priority: Ints
    place: Ints
    hour: Ints  # local hour of day received, 0 to 23
    received: Ints  # [ms] since the start of the measured period
    response: Ints  # [ms] received to first team on scene; -1: not reached
    elapsed: Ints  # [ms] received to on scene, else to its end, else to the end of the run
    queue_time: Ints  # [ms] ready to dispatched; -1: never dispatched
    queue_time_known: Ints  # [ms] the same, or for how long it waited in vain or has waited so far
    outcome: npt.NDArray[np.int8]  # index in OUTCOMES
    teams: Ints  # how many were sent
    attendance: Ints  # [ms] received to all that it needs on scene; -1: never all
    attending: Ints  # [ms] the same, else to its end, else to the end of the run
    handling: Ints  # [ms] received to ready, the wait for permission included
    permission: Ints  # [ms] of this, the wait for permission
    turnout: Ints  # [ms] dispatched to the first team moving; -1: none moved
    committed: Ints  # [ms] committed, see `utilisation`, shape (replications, teams)
    on_duty: Ints  # [ms] as there; of crews on call only while committed
    committed_by_hour: Floats  # mean number of teams committed, shape (replications, 24)
    on_duty_by_hour: Floats  # mean number of teams on duty, shape (replications, 24)
    pending_by_hour: Floats  # mean number of callouts waiting, shape (replications, 24)
    working_time: Facts  # `working_time.TEAM_FACTS`, shape (replications, teams)
    crews: Facts  # on call, `alerts.CREW_FACTS`, shape (replications, teams or none)
    alerts: Facts  # `alerts.POOL_FACTS`, shape (replications, pools)
    alert_replies: Ints  # to alerts by local hour, shape (replications, 24, len(ALERT_REPLIES))
    rescue: Ints  # [ms] received to work on scene done; -1: not done. (callouts,) where asked
    rescuing: Ints  # [ms] the same, else to its end, else to the end of the run
    disruptions: Facts  # `disruption_counts.DISRUPTION_FACTS`, shape (replications,)
    no_access_by_day: Ints  # [ms] callouts were without access, shape (replications, days)
    exposure: Ints  # declared [person-seconds], shape (replications, teams)
    hospitals: Facts  # HOSPITAL_FACTS, shape (replications, hospitals)
    offload_delays: Facts  # waits for an offload bay: OFFLOAD_DELAY, shape (waits,)
    driving: Facts  # `driving.DRIVING_FACTS`, shape (replications, teams, or none if not asked)
    teams_by_date: Facts  # `committed_time.TEAMS_BY_DATE`, shape (replications, `stretches`)
    resting: Ints  # [ms] `working_time.resting`, shape (replications, teams, or none)

    @property
    def replications(self) -> int:
        """How many replications are stacked."""
        return len(self.committed)

    def ended_as(self, outcome: str) -> Bools:
        """Return which callouts ended this way (a word of `sim.log.Outcome`)."""
        return np.asarray(self.outcome == _CODES[outcome])

    def response_times(self) -> tuple[Ints, Bools]:
        """
        Return response times with what is known of callouts not reached. [ms]

        The second array says which were reached. The others hold for how long they are known
        not to have been: ``elapsed`` if unfinished, ``NEVER`` if they ended without.
        """
        return self._known_so_far(self.response, self.elapsed)

    def queue_times(self) -> tuple[Ints, Bools]:
        """Return waits in the same way: the second array says which were dispatched. [ms]"""
        return self._known_so_far(self.queue_time, self.queue_time_known)

    def attendance_times(self) -> tuple[Ints, Bools]:
        """Return times to full attendance in the same way: the second array says which had it."""
        return self._known_so_far(self.attendance, self.attending)

    def _known_so_far(self, times: Ints, so_far: Ints) -> tuple[Ints, Bools]:
        known = times >= 0
        otherwise = np.where(self.ended_as(Outcome.UNFINISHED), so_far, NEVER)
        return np.where(known, times, otherwise), known


def observe(
    callouts: Sequence[tuple[Any, ...]],
    missions: Sequence[tuple[Any, ...]],
    *,
    names: Names,
    clock: LocalClock,
    end: int,
    duty: Roster,
    events: Sequence[tuple[Any, ...]] = (),
    attendance: bool = False,
    on_call: Sequence[OnCallTeam | None] = (),
    pools: int = 0,
    rescue: bool = False,
    disrupted: bool = False,
    driving: Facts | None = None,
    limited: bool = False,
) -> Observations:
    """
    Turn the log of one replication into observations.

    Parameters
    ----------
    callouts, missions
        Rows of the log, in any order; callouts keep theirs. Plain tuples will do.
    names
        Words behind the numbers; says how many teams there are.
    clock
        The local clock; the measured period begins at its instant 0.
    end
        Length of the measured period. [ms]
    duty
        Per team its rostered intervals, begin included, end not; of one on call when it is. [ms]
        They may overlap and may reach beyond the measured period.
    events
        Rows of the log, in the order noted.
    attendance
        Whether full attendance is measured apart from the first team's arrival.
    on_call, pools
        How each crew assembles, None for one that is not on call; how many pools there are.
    rescue
        Whether it is measured when the work on scene is done.
    disrupted
        Whether disruptions are counted (`disruption_counts`).
    driving
        Metres and relocations of each team, where they are asked (`driving.driving_facts`).
    limited
        Whether crews have limits: then it is counted for how long they rested by them.

    Raises
    ------
    SimError
        When ``duty`` is not given for each team, or the measured period is empty.

    """
    if len(duty) != len(names.teams):
        raise SimError(f"rosters of {len(duty)} teams are given, but there are {len(names.teams)}")
    if end <= 0:
        raise SimError(f"the measured period is {end} ms long; it must be longer than 0")
    columns = _callout_columns(callouts, attendance)
    columns["permission"] = _permissions(columns["callout"], events)
    if rescue:
        columns["rescued"] = _rescued(callouts, missions, events)
    counts = len(names.teams), len(names.hospitals), end
    disruption = count_disruptions(callouts, missions, events, *counts) if disrupted else nothing(1)
    disruption_columns: dict[str, Any] = disruption.columns()
    assembling = on_call or (None,) * len(names.teams)
    rests = resting(duty, events, end)[np.newaxis] if limited else unknown("resting", 1)
    duty = extended(duty, events, end)
    missions_of = sent(missions)
    busy = committed(missions_of, events)
    volunteers = [own is not None for own in assembling]
    queue = _queue(columns, end).mean_by_hour(clock, end)
    pools_of, crews, alert_replies = volunteer_facts(
        missions, events, assembling, pools, duty, clock, end
    )
    facts = team_facts(missions_of, busy, duty, events, volunteers, clock, end)
    return Observations(
        **_measured(columns, clock, end),
        **workload(busy, staffed(duty, volunteers), clock, end),
        pending_by_hour=queue[np.newaxis],
        working_time=facts[np.newaxis],
        crews=crews[np.newaxis],
        alerts=pools_of[np.newaxis],
        alert_replies=alert_replies[np.newaxis],
        **disruption_columns,
        driving=unknown("driving", 1) if driving is None else driving[np.newaxis],
        resting=rests,
    )


def named(column: str, numbers: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a column as observations have it, from plain numbers as files have it."""
    return with_names(FACTS[column], numbers) if column in FACTS else numbers


def unknown(column: str, replications: int) -> npt.NDArray[Any]:
    """Return a column in which nothing has been measured."""
    none = nothing(replications).columns()
    if column in none:
        return none[column]
    if column in FACTS:
        return np.zeros((replications, 0), dtype=FACTS[column])
    shape = {
        "alert_replies": (replications, 24, len(ALERT_REPLIES)),
        "resting": (replications, 0),
    }.get(column, (0,))
    return np.zeros(shape, dtype=np.int64)


def stack(parts: Sequence[Observations]) -> Observations:
    """
    Return the observations of one alternative's replications as one, numbered in this order.

    Raises
    ------
    SimError
        When there is nothing to stack or the number of teams differs.

    """
    if len({part.committed.shape[1] for part in parts}) != 1:
        raise SimError(f"{len(parts)} replications cannot be stacked: they must have equal teams")
    columns = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(Observations)
    }
    first = np.cumsum([0] + [part.replications for part in parts[:-1]])
    columns["replication"] = np.concatenate(
        [part.replication + number for part, number in zip(parts, first.tolist(), strict=True)]
    )
    columns["offload_delays"]["replication"] += np.repeat(
        first, [len(part.offload_delays) for part in parts]
    )
    return Observations(**columns)


def _callout_columns(callouts: Sequence[tuple[Any, ...]], attendance: bool) -> dict[str, Ints]:
    """Return the columns of the log that are measured; ``None`` becomes ``NEVER``."""
    names = (
        "dispatched",
        "en_route",
        "on_scene",
        "ended",
        *(("attended",) if attendance else ()),
    )
    parts = [_block(rows, names) for rows in blocks(callouts)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _permissions(callouts: Ints, events: Sequence[tuple[Any, ...]]) -> Ints:
    """Return how long each callout waited for permission. [ms], shape (callouts,)"""
    waited = {
        callout: until - at
        for at, what, _, callout, _, until in events
        if what == Event.AWAITS_PERMISSION and until
    }
    if not waited:
        return np.zeros_like(callouts)
    return np.array([waited.get(number, 0) for number in callouts.tolist()], dtype=np.int64)


def _rescued(
    callouts: Sequence[tuple[Any, ...]],
    missions: Sequence[tuple[Any, ...]],
    events: Sequence[tuple[Any, ...]],
) -> Ints:
    """Return when the work on each scene was done, ``NEVER`` where it was not. [ms]"""
    done = rescue_times(callouts, missions, events)
    return np.array([done.get(number, NEVER) for number, *_ in callouts], dtype=np.int64)


def _block(callouts: Sequence[tuple[Any, ...]], moments: Sequence[str]) -> dict[str, Ints]:
    """Return the columns of a block of rows."""
    columns = zip(*callouts, strict=True) if callouts else ((),) * len(CalloutRow._fields)
    by_name = dict(zip(CalloutRow._fields, columns, strict=True))
    block = {
        name: whole(by_name[name])
        for name in ("callout", "key", "kind", "priority", "place", "received", "ready", "teams")
    }
    for name in moments:
        block[name] = instants(by_name[name])
    codes = map(_CODES.__getitem__, by_name["outcome"])
    block["outcome"] = np.fromiter(codes, dtype=np.int64, count=len(callouts))
    return block


def _measured(columns: dict[str, Ints], clock: LocalClock, end: int) -> dict[str, Any]:
    """Return the columns over the measured callouts."""
    inside = (columns["received"] >= 0) & (columns["received"] < end)
    c = {name: column[inside] for name, column in columns.items()}
    ended = np.where(c["ended"] < NEVER, c["ended"], end)
    reached, sent = c["on_scene"] < NEVER, c["dispatched"] < NEVER
    wait = np.where(sent, c["dispatched"] - c["ready"], -1)
    none = np.zeros(0, dtype=np.int64)
    attended = c.get("attended", none)
    complete = attended < NEVER
    attending = np.where(complete, attended, ended) - c["received"] if len(attended) else none
    rescued = c.get("rescued", none)
    done = rescued < NEVER
    rescuing = np.where(done, rescued, ended) - c["received"] if len(rescued) else none
    return {
        **{name: c[name] for name in ("callout", "key", "kind", "priority", "place", "teams")},
        "replication": np.zeros(len(ended), dtype=np.int64),
        "hour": clock.hour(c["received"]),
        "received": c["received"],
        "response": np.where(reached, c["on_scene"] - c["received"], -1),
        "elapsed": np.where(reached, c["on_scene"], ended) - c["received"],
        "queue_time": wait,
        "queue_time_known": np.where(sent, wait, np.maximum(ended - c["ready"], 0)),
        "outcome": c["outcome"].astype(np.int8),
        "attendance": np.where(complete, attending, -1),
        "attending": attending,
        "handling": c["ready"] - c["received"],
        "permission": c["permission"],
        "turnout": np.where(c["en_route"] < NEVER, c["en_route"] - c["dispatched"], -1),
        "rescue": np.where(done, rescuing, -1),
        "rescuing": rescuing,
    }


def _queue(columns: dict[str, Ints], end: int) -> Spans:
    """Return when callouts waited to be dispatched, those received in the warm-up included."""
    left = np.minimum(np.minimum(columns["dispatched"], columns["ended"]), end)
    return Spans(np.zeros_like(left), columns["ready"], left)
