"""Rest for those who work long: crews on scene are relieved, and breaks are taken."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import simpy

from sim.log import Ending, Event

from .callout import OpenCallout
from .team import Team

if TYPE_CHECKING:
    from .dispatcher import Dispatcher


# -- relief on scene ------------------------------------------------------------------------------


def set_timer(dispatcher: Dispatcher, team: Team, after: int) -> None:
    """Have a team relieved that is still on this scene after a time. [ms]"""
    open_, since = team.open, team.on_scene

    def due() -> Generator[simpy.Event, None, None]:
        yield dispatcher.env.timeout(after)
        if team.open is open_ and team.on_scene == since:
            ask(dispatcher, team)

    dispatcher.env.process(due())


def ask(dispatcher: Dispatcher, team: Team) -> None:
    """Look for others who can do without a team, which stays on scene until they are there."""
    open_ = team.open
    assert open_ is not None
    if open_.finished or team.on_scene is None or team.left is not None:
        return
    if team in open_.relieving:
        return
    open_.relieving += (team,)
    dispatcher.recorder.event(Event.RELIEF_ASKED, team.number, open_.callout.number, team.people)
    dispatcher.serve_again(open_)
    if dispatcher.left_behind:
        dispatcher.serve_left_behind()


def relieve(dispatcher: Dispatcher, open_: OpenCallout) -> None:
    """Release the teams that the others on scene can replace."""
    for team in open_.relieving:
        if team.open is not open_ or not open_.can_do_without(team):
            continue
        now = dispatcher.clock.now
        dispatcher.take_off(open_, team, Ending.RELIEVED, now)
        team.alarm = team.alarm.cancel()
        dispatcher.restart(team, dispatcher.release_at(team, open_.callout.place, now))


# -- breaks in the shift --------------------------------------------------------------------------


def breaks_of(dispatcher: Dispatcher, team: Team) -> Generator[simpy.Event, None, None]:
    """Take a team's breaks, each as soon as it is free within the window."""
    for opens, closes, lasts in team.crew.breaks:
        yield dispatcher.env.timeout(opens - dispatcher.clock.now)
        team.break_due = closes, lasts
        if team.free:
            take_break(dispatcher, team)
            continue
        yield dispatcher.env.timeout(closes - dispatcher.clock.now)
        if team.break_due == (closes, lasts):
            team.break_due = None
            dispatcher.recorder.event(Event.BREAK_MISSED, team.number)


def take_break(dispatcher: Dispatcher, team: Team) -> bool:
    """Begin the break of a team that has become free, if one is due; return whether it does."""
    if team.break_due is None or not team.on_duty:
        return False
    closes, lasts = team.break_due
    team.break_due = None
    now = dispatcher.clock.now
    if now > closes:
        return False
    if not dispatcher.free.withdraw(team):
        dispatcher.shared_vehicles.on_departure(team)
    team.free = False
    if now < team.rests_from:
        from .relocating import drive_to

        drive_to(dispatcher, team, team.crew.base, now)
    dispatcher.recorder.event(Event.BREAK, team.number, until=now + lasts)
    dispatcher.env.process(_resting(dispatcher, team, lasts))
    return True


def _resting(dispatcher: Dispatcher, team: Team, lasts: int) -> Generator[simpy.Event, None, None]:
    yield dispatcher.env.timeout(lasts)
    if team.on_duty and not team.free and team.open is None:
        team.free = True
        if dispatcher.clock.now >= team.rests_from:
            dispatcher.rest(team)
        else:
            dispatcher.free.moving.append(team)
        dispatcher.line.serve()
