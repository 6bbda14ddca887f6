"""Explosive hazards found on scene: no team works there until a team that can has cleared them."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING

import simpy

from sim.log import Ending, Event

from . import capability_wait
from .callout import OpenCallout
from .team import Team

if TYPE_CHECKING:
    from .dispatcher import Dispatcher


def on_found(dispatcher: Dispatcher, open_: OpenCallout, team: Team) -> None:
    """Stop the work at an explosive hazard found by the first team; ask for a team to clear it."""
    complications = open_.marks.complications
    assert complications is not None
    open_.clearance_left = complications.clearance
    open_.need = replace(
        open_.need, capabilities=open_.need.capabilities | open_.need.clearance_capabilities
    )
    _note(dispatcher, Event.EXPLOSIVE_HAZARD_FOUND, team)
    if not start_clearance(dispatcher, open_):
        dispatcher.serve_again(open_)


def start_clearance(dispatcher: Dispatcher, open_: OpenCallout) -> bool:
    """Let a team on scene that can clear the hazard begin; return whether there is one."""
    wanted = open_.need.clearance_capabilities
    team = next(
        (t for t in open_.teams if t.on_scene is not None and t.capabilities & wanted == wanted),
        None,
    )
    if team is None:
        return False
    if open_.clearer is not team:
        open_.clearer = team
        dispatcher.env.process(_clearing(dispatcher, open_, team))
    return True


def _clearing(
    dispatcher: Dispatcher, open_: OpenCallout, team: Team
) -> Generator[simpy.Event, None, None]:
    assert open_.clearance_left is not None
    since = team.on_scene
    yield dispatcher.env.timeout(open_.clearance_left)
    if open_.clearer is not team or team.open is not open_ or team.on_scene != since:
        return
    now = dispatcher.clock.now
    open_.clearance_left, open_.clearer = None, None
    open_.since = now
    open_.need = dispatcher.needs[open_.callout.kind]
    _note(dispatcher, Event.EXPLOSIVE_HAZARD_CLEARED, team)
    if open_.can_do_without(team):
        dispatcher.take_off(open_, team, Ending.COMPLETED, now)
        team.alarm = team.alarm.cancel()
        dispatcher.reschedule(open_)
        dispatcher.restart(team, dispatcher.release_at(team, open_.callout.place, now))
    else:
        dispatcher.reschedule(open_)
    open_.count_missing()
    if open_ in dispatcher.waiting and not open_.is_missing_something:
        dispatcher.waiting.remove(open_)
    if open_.lacking:
        capability_wait.watch(dispatcher, open_)


def on_team_left(dispatcher: Dispatcher, open_: OpenCallout, team: Team) -> None:
    """See which team clears the explosive hazard when a team leaves the scene while it is there."""
    if open_.clearer is team:
        open_.clearer = None
        start_clearance(dispatcher, open_)


def _note(dispatcher: Dispatcher, what: str, team: Team) -> None:
    if team.open is not None:
        dispatcher.recorder.event(what, team.number, team.open.callout.number)
