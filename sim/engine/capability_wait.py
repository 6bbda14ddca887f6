"""
Teams on scene that can only wait: a needed capability is not there yet, and only others bring it.

They stay, but stand in nobody's way, or two callouts could wait for each other's teams for ever:
one of them may be sent to another callout that has nobody else, and none stays beyond its shift.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import simpy

from sim.log import NO_ACCESS, Ending, Outcome

from .callout import OpenCallout
from .team import FOREVER, Team

if TYPE_CHECKING:
    from .dispatcher import Dispatcher


def watch(dispatcher: Dispatcher, open_: OpenCallout) -> None:
    """Have those on scene wait once they have done what they can without what is lacking."""
    dispatcher.env.process(_until_done(dispatcher, open_))


def _until_done(dispatcher: Dispatcher, open_: OpenCallout) -> Generator[simpy.Event, None, None]:
    while open_.lacking and open_.people and open_.clearance_left is None and not open_.finished:
        open_.work_until(dispatcher.clock.now)
        if open_.work <= 0 or not open_.work_rate:
            _wait(dispatcher, open_)
            return
        yield dispatcher.env.timeout(-(-open_.work // open_.work_rate))


def _wait(dispatcher: Dispatcher, open_: OpenCallout) -> None:
    """See who stays, and look for what is lacking only."""
    open_.only_waits = True
    if not dispatcher.waits and open_.is_out_of_reach:
        _give_up(dispatcher, open_)
        return
    open_.count_missing()
    if open_.is_missing_something and dispatcher.waits:
        dispatcher.line.add(open_)
    elif open_ in dispatcher.waiting:
        dispatcher.waiting.remove(open_)
    for team in open_.teams[:]:
        if team.open is not open_:
            continue  # sent to another that one of the others made room for
        if team.on_scene is not None and not team.on_duty and dispatcher.waits:
            dispatcher.stop(team, Ending.HANDED_OVER)
        elif (
            team.on_scene is None
            and open_.is_worked_off
            and not (team.capabilities & open_.lacking)
            and not open_.can_take(team)
        ):
            dispatcher.take_off(open_, team, Ending.STOOD_DOWN, dispatcher.clock.now)
            dispatcher.free_on_the_road(team, dispatcher.clock.now)
    if open_.people and open_ not in dispatcher.idle:
        dispatcher.idle.append(open_)
    dispatcher.line.serve()


def _give_up(dispatcher: Dispatcher, open_: OpenCallout) -> None:
    """End a callout for which nobody will be sent any more: there is no queue."""
    now = dispatcher.clock.now
    open_.finished, open_.transports = True, 0
    for team in open_.teams[:]:
        if team.on_scene is None:
            dispatcher.take_off(open_, team, Ending.STOOD_DOWN, now)
            dispatcher.free_on_the_road(team, now)
        else:
            dispatcher.take_off(open_, team, Ending.DROPPED, now)
            team.alarm = team.alarm.cancel()
            dispatcher.restart(team, dispatcher.release_at(team, open_.callout.place, now))
    dispatcher.recorder.callout(open_, Outcome.DROPPED)


def must_leave(dispatcher: Dispatcher, team: Team) -> bool:
    """Return whether a team, its shift over, only waits on scene: others are to come then."""
    open_ = team.open
    return (
        dispatcher.waits
        and open_ is not None
        and team.on_scene is not None
        and open_.only_waits
        and bool(open_.lacking)
    )


def joined(dispatcher: Dispatcher, open_: OpenCallout) -> tuple[list[int], list[int]]:
    """Return who waits on scene elsewhere and brings what a callout is missing, and arrivals."""
    now = dispatcher.clock.now
    dispatcher.idle[:] = [o for o in dispatcher.idle if _is_idle(o)]
    times, place = dispatcher.times[dispatcher.period(now)], open_.callout.place
    teams: list[int] = []
    arrivals: list[int] = []
    if open_.need.deferral is not None:
        return teams, arrivals
    for team in sorted(
        (t for left in dispatcher.idle if left is not open_ for t in _idle_teams(left)),
        key=lambda team: team.number,
    ):
        if team.open is None or team.on_scene is None or not team.on_duty:
            continue
        if not team.capabilities & open_.missing_capabilities or team.number in open_.missed:
            continue
        drive = times[team.open.callout.place][place]
        if drive < NO_ACCESS and _can_spare(dispatcher, team.open, team, open_):
            teams.append(team.number)
            arrivals.append(drive + dispatcher.local_travel)
    return teams, arrivals


def _is_idle(left: OpenCallout) -> bool:
    """Return whether teams on scene only wait: for a capability, or with people to be taken."""
    if left.finished:
        return left.stays is not None
    return bool(left.lacking and left.people)


def _idle_teams(left: OpenCallout) -> list[Team]:
    return left.teams if left.stays is None else [left.stays]


def _can_spare(dispatcher: Dispatcher, left: OpenCallout, team: Team, open_: OpenCallout) -> bool:
    """Return whether a team was there for all that it brings, or the other callout goes first."""
    if left.is_worked_off and not team.capabilities & left.lacking and not left.transports:
        return True
    if left.stays is not None and not open_.lacks(team):
        return False  # people are not left alone for a relief
    place_of = dispatcher.line.place_of
    return (*place_of(open_), open_.callout.number) < (*place_of(left), left.callout.number)


def leave_scene(dispatcher: Dispatcher, team: Team, ending: str) -> OpenCallout:
    """Take a team off the callout on whose scene it is, free there; return the callout."""
    left, now = team.open, dispatcher.clock.now
    assert left is not None
    dispatcher.take_off(left, team, ending, now)
    team.alarm = team.alarm.cancel()
    if left.stays is team:
        left.stays = None
    if left.people:
        dispatcher.reschedule(left)
    team.origin = team.destination = left.callout.place
    team.departs = team.arrives = now
    team.rests_from = FOREVER
    team.free = True
    dispatcher.free.moving.append(team)
    dispatcher.restart(team)
    return left
