"""
A response time split into its parts, which add up to it exactly.

From received to first team on scene: call handling, permission, the queue time by what kept the
callout pending, turnout or the assembly of a crew, and the drive: as expected when the team was
sent, at checkpoints, staged, and the rest, by which it was longer or shorter than expected.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from sim.log import CalloutRow, DecisionRow, Ending, Event, EventRow, MissionRow
from sim.world import expected

from .indexed_log import FOREVER
from .whereabouts import Whereabouts


class ResponsePart:
    """A part of a response time."""

    CALL_HANDLING = "call handling"
    PERMISSION = "permission"
    NO_TEAM = "no free team"
    KEPT = "no team sent"  # though some were free: the rule kept them
    HELD = "held"
    NO_ACCESS = "no access"
    UNSAFE = "scene not safe"
    REFUSED = "refused at a checkpoint"  # the time a team lost that was sent before, and so on
    STOPPED = "stopped by a closure"
    NO_CREW = "no crew assembled"
    BROKE_DOWN = "broke down"
    TAKEN = "taken for another callout"
    LEFT = "left by a team"
    TURNOUT = "turnout"
    ASSEMBLY = "assembly"
    DRIVE = "drive as expected"
    CHECKPOINTS = "checkpoint delay"
    STAGED = "staged"
    REROUTED = "rerouted"
    VARIATION = "variation"  # longer than expected, or shorter where negative


class Spent(NamedTuple):
    """A part, and how long it took. [ms]"""

    part: str
    lasts: int
    who: tuple[int, ...] = ()  # closures or checkpoints


class _Span(NamedTuple):
    """From when until when something kept a callout from being reached. [ms]"""

    begins: int
    ends: int
    part: str
    who: tuple[int, ...] = ()


_LOST = {
    Ending.REFUSED_AT_CHECKPOINT: ResponsePart.REFUSED,
    Ending.NO_ACCESS: ResponsePart.STOPPED,
    Ending.NO_CREW_ASSEMBLED: ResponsePart.NO_CREW,
    Ending.BROKE_DOWN: ResponsePart.BROKE_DOWN,
    Ending.REASSIGNED: ResponsePart.TAKEN,
    Ending.PREEMPTED: ResponsePart.TAKEN,
    Ending.WITHDRAWN: ResponsePart.UNSAFE,
}


def first_on_scene(known: Whereabouts, row: CalloutRow) -> MissionRow | None:
    """Return the mission of the team that was first on scene, None if nobody was."""
    if row.on_scene is None:
        return None
    return next((m for m in known.on[row.callout] if m.on_scene == row.on_scene), None)


def parts_of_response(known: Whereabouts, row: CalloutRow) -> list[Spent]:
    """
    Return the parts of a callout's response time, those that are zero left out.

    They add up to the response time to the millisecond; empty where nobody was on scene.
    """
    first = first_on_scene(known, row)
    if first is None:
        return []
    permission = sum(
        e.until - e.at
        for e in known.about[row.callout]
        if e.what == Event.AWAITS_PERMISSION and e.until is not None
    )
    parts = [
        Spent(ResponsePart.CALL_HANDLING, row.ready - row.received - permission),
        Spent(ResponsePart.PERMISSION, permission),
        *_pending(known, row, first),
        *_under_way(known, row, first),
    ]
    return [spent for spent in parts if spent.lasts]


# -- ready to dispatched --------------------------------------------------------------------------


def _pending(known: Whereabouts, row: CalloutRow, first: MissionRow) -> list[Spent]:
    """Return what kept a callout pending until the team was sent that came first."""
    spans = [*_attempts(known, row, first), *_obstacles(known, row)]
    otherwise = ResponsePart.NO_TEAM
    for decision in known.decisions[row.callout][:1]:
        if decision.chosen is None and decision.candidates:
            otherwise = ResponsePart.KEPT
    moments = {row.ready, first.dispatched}
    for span in spans:
        moments |= {at for at in (span.begins, span.ends) if row.ready < at < first.dispatched}
    ordered = sorted(moments)
    lasts: dict[str, int] = {}
    who: dict[str, tuple[int, ...]] = {}
    for begins, ends in pairwise(ordered):
        held_by = next((s for s in spans if s.begins <= begins and ends <= s.ends), None)
        part = otherwise if held_by is None else held_by.part
        lasts[part] = lasts.get(part, 0) + ends - begins
        if held_by is not None:
            who[part] = tuple(dict.fromkeys((*who.get(part, ()), *held_by.who)))
    return [Spent(part, time, who.get(part, ())) for part, time in lasts.items()]


def _attempts(known: Whereabouts, row: CalloutRow, first: MissionRow) -> Iterator[_Span]:
    """Yield when teams were on their way that did not get there."""
    for m in known.on[row.callout]:
        if m.on_scene is None and m.cleared is not None and m.cleared <= first.dispatched:
            who = tuple(e.who for e in _events(known, m, m.cleared) if e.who is not None
                        and (e.what, e.at) in ((Event.REFUSED_AT_CHECKPOINT, m.cleared),
                                               (Event.MET_CLOSURE, m.cleared)))  # fmt: skip
            yield _Span(m.dispatched, m.cleared, _LOST.get(m.ending, ResponsePart.LEFT), who)


def _obstacles(known: Whereabouts, row: CalloutRow) -> Iterator[_Span]:
    """Yield when nobody could be sent: no access, a scene that is not safe, a deferral."""
    events = known.about[row.callout]
    for event in events:
        until = FOREVER if event.until is None else event.until
        if event.what == Event.NO_ACCESS:
            again = (e.at for e in events if e.what == Event.ACCESS_AGAIN and e.at >= event.at)
            who = known.closures_around(row.place, event.at)
            yield _Span(event.at, min(again, default=FOREVER), ResponsePart.NO_ACCESS, who)
        elif event.what == Event.AWAITS_SAFE_SCENE:
            yield _Span(event.at, until, ResponsePart.UNSAFE)
    for event in events:
        if event.what == Event.HELD:
            yield _Span(
                event.at, FOREVER if event.until is None else event.until, ResponsePart.HELD
            )


# -- dispatched to on scene -----------------------------------------------------------------------


def _events(known: Whereabouts, m: MissionRow, until: int) -> list[EventRow]:
    """Return what happened to a team on a mission, until an instant."""
    return [e for e in known.about[m.callout] if e.team == m.team and m.dispatched <= e.at <= until]


def _under_way(known: Whereabouts, row: CalloutRow, first: MissionRow) -> list[Spent]:
    """Return what the time went to from the dispatch of the first team to its arrival."""
    assert first.on_scene is not None
    assert first.en_route is not None
    crew = known.world.fleet.crews[first.team]
    own = _events(known, first, first.on_scene)
    staged = held_up = planned = 0
    checkpoints, closures = list[int](), list[int]()
    for event in own:
        until = min(first.on_scene, FOREVER if event.until is None else event.until)
        if event.what == Event.STAGED:
            staged += until - event.at
        elif event.what == Event.CHECKPOINT_DELAY and event.who is not None:
            held_up += until - event.at
            planned += expected(known.world.scenario.map.checkpoints[event.who].delay)
            checkpoints.append(event.who)
        elif event.what in (Event.MET_CLOSURE, Event.TOLD_OF_CLOSURE) and event.who is not None:
            closures.append(event.who)
    drive = expected_drive(known, row, first)
    planned = min(planned, drive)
    lasted = first.on_scene - first.en_route
    rest = lasted - (drive - planned) - held_up - staged
    return [
        Spent(
            ResponsePart.ASSEMBLY if crew.assembly_spec else ResponsePart.TURNOUT,
            first.en_route - first.dispatched,
        ),
        Spent(ResponsePart.DRIVE, drive - planned),
        Spent(ResponsePart.CHECKPOINTS, held_up, tuple(dict.fromkeys(checkpoints))),
        Spent(ResponsePart.STAGED, staged),
        Spent(
            ResponsePart.REROUTED if closures and rest > 0 else ResponsePart.VARIATION,
            rest,
            tuple(dict.fromkeys(closures)),
        ),
    ]


def expected_drive(known: Whereabouts, row: CalloutRow, first: MissionRow) -> int:
    """Return the drive that was expected when a team was sent, from the spot where it was. [ms]"""
    decision = decision_of(known, first)
    if decision is None or decision.chosen is None:
        return 0
    arrival = decision.arrivals[decision.candidates.index(decision.chosen)]
    return max(arrival - _expected_turnout(known, row, first, arrival), 0)


def decision_of(known: Whereabouts, m: MissionRow) -> DecisionRow | None:
    """Return the decision that sent a team."""
    for decision in known.decisions[m.callout]:
        if (decision.at, decision.chosen) == (m.dispatched, m.team):
            return decision
    return None


def _expected_turnout(known: Whereabouts, row: CalloutRow, first: MissionRow, arrival: int) -> int:
    """Return the turnout that was expected of a team: none where it was on the road. [ms]"""
    crew, at = known.world.fleet.crews[first.team], first.dispatched
    for m in known.missions[first.team]:
        if m.cleared == at and m.ending == Ending.REASSIGNED and m.dispatched < at:
            getting_ready = m.on_scene is None and (first.en_route or 0) > at
            return max(m.dispatched + crew.expected_turnout - at, 0) if getting_ready else 0
    if (first.en_route or 0) > at:
        return crew.expected_turnout
    # a turnout may take no time
    at_base = known.from_base(first.team, row.place, at, row.priority)
    return crew.expected_turnout if arrival == at_base else 0
