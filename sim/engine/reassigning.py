"""Reassignment and pre-emption: teams that are taken from one callout for another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.errors import InvalidDecision, PolicyError
from sim.log import NO_ACCESS, Ending
from sim.policies import PolicySet, ReassignmentView
from sim.policies.queue_rules.reassignment import Never

from . import capability_wait
from .callout import OpenCallout
from .team import FOREVER, Team

if TYPE_CHECKING:
    from .dispatcher import Dispatcher

MOST_IN_TURN = 20_000  # callouts that lose a team to each other at one instant


def reassigns(policies: PolicySet) -> bool:
    """Return whether teams on their way may be sent on at all."""
    return not isinstance(policies.reassignment, Never)


def without(
    missed: Sequence[int], teams: list[int], arrivals: list[int]
) -> tuple[list[int], list[int]]:
    """Return the candidates but for those teams."""
    kept = [i for i, team in enumerate(teams) if team not in missed]
    return [teams[i] for i in kept], [arrivals[i] for i in kept]


def joined(
    dispatcher: Dispatcher, open_: OpenCallout, teams: list[int], arrivals: list[int]
) -> tuple[list[int], list[int]]:
    """Return the candidates with the teams that may be reassigned to this callout."""
    missing, now = open_.missing_capabilities, dispatcher.clock.now
    on_way = [
        team
        for team in dispatcher.teams
        if team.on_duty
        and team.open is not None
        and team.open is not open_
        and (not team.open.finished or team.open.transports)  # else about to be stood down
        and team.on_scene is None
        and team.assembly is None
        and team.alarm.is_set
        and (not missing or team.capabilities & missing)
    ]
    if not on_way:
        return teams, arrivals
    to_new = [_arrival(dispatcher, team, open_.callout.place) for team in on_way]
    numbers = [team.number for team in on_way]
    others = [team.open for team in on_way if team.open is not None]
    local = dispatcher.local_travel
    view = ReassignmentView(
        now,
        min(arrivals, default=NO_ACCESS),
        tuple(numbers),
        tuple(to_new),
        tuple(other.callout for other in others),
        tuple(max(team.due_at(now, local) - now, 0) + local for team in on_way),
        tuple(other.reassigned for other in others),
        dispatcher.asking.atlases["reassignment"][dispatcher.period(now)],
    )
    allowed, why = dispatcher.asking.ask["reassignment"](open_.callout, view)
    if not allowed:
        return teams, arrivals
    number = open_.callout.number
    dispatcher.recorder.decision("reassignment", number, numbers, to_new, allowed[0], why)
    return (
        teams + list(allowed),
        arrivals + [to_new[numbers.index(team)] for team in allowed],
    )


def _arrival(dispatcher: Dispatcher, team: Team, place: int) -> int:
    """Return when a team that is on its way elsewhere is expected at a place. [ms]"""
    now = dispatcher.clock.now
    period = dispatcher.period(now)
    if (
        now < team.departs == team.en_route
    ):  # it gets ready: the dispatcher expects the usual turnout
        assert isinstance(team.origin, int)
        left = max(team.dispatched + team.expected - dispatcher.local_travel - now, 0)
        return left + dispatcher.times[period][team.origin][place] + dispatcher.local_travel
    return dispatcher.travel.reroute(team, now, place, period)[0] + dispatcher.local_travel


def take(dispatcher: Dispatcher, team: Team) -> None:
    """Take a team off the callout it is on its way to, for a more urgent one."""
    left = team.open
    assert left is not None
    if team.on_scene is not None:
        capability_wait.leave_scene(dispatcher, team, Ending.REASSIGNED)
    else:
        dispatcher.take_off(left, team, Ending.REASSIGNED, dispatcher.clock.now)
        left.reassigned += 1
    dispatcher.left_behind.append(left)


def endless(dispatcher: Dispatcher, open_: OpenCallout) -> PolicyError:
    """Return what to tell of a rule under which callouts take teams from each other forever."""
    error = InvalidDecision(
        "lets callouts take a team from each other forever; `view.reassigned` says how many each "
        "has lost"
    )
    told = dispatcher.asking.failed("reassignment", f"callout {open_.callout.number}", error)
    told.__cause__ = error
    return told


def preempt(dispatcher: Dispatcher, open_: OpenCallout) -> bool:
    """
    Free a team that works on something less urgent; return whether there is one.

    The team is taken from the least urgent callout, of those the one received last; of its teams it
    is the one with the highest number. The work left there is kept: the next team resumes it.
    """
    missing = open_.missing_capabilities
    busy = [
        (other.callout.priority, other.callout.number, team.number)
        for team in dispatcher.teams
        if (other := team.open) is not None
        and other.callout.priority > open_.callout.priority
        and team.on_duty
        and team.left is None
        and not other.finished
        and team.assembly is None
        and (not missing or team.capabilities & missing)
    ]
    if not busy:
        return False
    team = dispatcher.teams[max(busy)[2]]
    left, now = team.open, dispatcher.clock.now
    assert left is not None
    if team.on_scene is not None:
        capability_wait.leave_scene(dispatcher, team, Ending.PREEMPTED)
    else:
        dispatcher.take_off(left, team, Ending.PREEMPTED, now)
        team.alarm = team.alarm.cancel()
        if left.people:
            dispatcher.reschedule(left)
        if now < team.en_route:
            assert isinstance(team.origin, int)
            team.rest_at(team.origin, now)
        else:
            team.rests_from = FOREVER
        team.free = True
        dispatcher.free.moving.append(team)
        dispatcher.restart(team)
    left.count_missing()
    if left.is_missing_something:
        dispatcher.line.add(left)
    return True
