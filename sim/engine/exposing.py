"""Exposure: how long people are where danger was declared, on the way and on scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.log import Event

from .callout import OpenCallout
from .team import Team

if TYPE_CHECKING:
    from .desk import Desk


def is_declared(desk: Desk) -> bool:
    """Return whether any road or kind of callout of the scenario has an exposure."""
    return any(need.exposure for need in desk.needs) or any(
        e.exposure for e in desk.world.file.edges
    )


def drove(desk: Desk, team: Team, now: int) -> None:
    """Count the exposure of a drive to a scene, as far as it has gone."""
    if now <= team.departs:
        return
    whole = desk.travel.way_of(team.origin, team.destination, team.period).exposure
    lasts = max(team.arrives - team.departs, 1)
    team.exposed += whole * min(now - team.departs, lasts) // lasts


def drives_to_hospital(desk: Desk, team: Team) -> None:
    """Count the exposure of a drive to hospital that begins, by the way known then."""
    if team.open is not None and team.hospital is not None:
        goal = desk.world.hospitals[team.hospital]
        period = desk.period(desk.clock.now)
        team.exposed += desk.travel.way_of(team.open.callout.place, goal, period).exposure


def ends(desk: Desk, open_: OpenCallout, team: Team, now: int) -> None:
    """Note the exposure of a team's people in a mission that ends. Ways home are not counted."""
    if team.on_scene is None:
        drove(desk, team, now)
    else:
        until = now if team.left is None else team.left
        team.exposed += round((until - team.on_scene) * open_.need.exposure)
    person_seconds = team.exposed * team.people // 1000
    team.exposed = 0
    if person_seconds and now >= 0:
        number = open_.callout.number
        desk.log_event((now, Event.EXPOSED, team.number, number, person_seconds, None))
