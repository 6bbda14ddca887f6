"""Exposure: how long people are where danger was declared, on the way and on scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.log import Event

from .callout import OpenCallout
from .team import Team

if TYPE_CHECKING:
    from .dispatcher import Dispatcher


def is_declared(dispatcher: Dispatcher) -> bool:
    """Return whether any road or kind of callout of the scenario has an exposure."""
    return any(need.exposure for need in dispatcher.needs) or any(
        e.exposure for e in dispatcher.world.file.edges
    )


def note_drive(dispatcher: Dispatcher, team: Team, now: int) -> None:
    """Count the exposure of a drive to a scene, as far as it has gone."""
    if now <= team.departs:
        return
    whole = dispatcher.travel.way_of(team.origin, team.destination, team.period).exposure
    lasts = max(team.arrives - team.departs, 1)
    team.exposed += whole * min(now - team.departs, lasts) // lasts


def note_hospital_drive(dispatcher: Dispatcher, team: Team) -> None:
    """Count the exposure of a drive to hospital that begins, by the way known then."""
    if team.open is not None and team.hospital is not None:
        goal = dispatcher.world.hospitals[team.hospital]
        period = dispatcher.period(dispatcher.clock.now)
        team.exposed += dispatcher.travel.way_of(team.open.callout.place, goal, period).exposure


def on_mission_end(dispatcher: Dispatcher, open_: OpenCallout, team: Team, now: int) -> None:
    """Note the exposure of a team's people in a mission that ends. Ways home are not counted."""
    if team.on_scene is None:
        note_drive(dispatcher, team, now)
    else:
        until = now if team.left is None else team.left
        team.exposed += round((until - team.on_scene) * open_.need.exposure)
    person_seconds = team.exposed * team.people // 1000
    team.exposed = 0
    if person_seconds:
        number = open_.callout.number
        dispatcher.recorder.event(Event.EXPOSED, team.number, number, person_seconds)
