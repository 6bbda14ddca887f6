"""Sending a team: what it takes along, where it sets out from and when it is to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.log import Ending

from .callout import OpenCallout
from .team import FOREVER, Team

if TYPE_CHECKING:
    from .desk import Desk


def send(desk: Desk, open_: OpenCallout, team: Team, now: int, period: int) -> None:
    """Send a team from where it is; its alarm rings when it is on scene."""
    place, marks = open_.callout.place, open_.marks
    reassigned = not team.free
    if reassigned and now < team.departs == team.en_route:  # still getting ready
        assert isinstance(team.origin, int)
        team.arrives = team.departs + desk.times[period][team.origin][place]
    elif reassigned or now < team.rests_from:
        if not reassigned:
            desk.free.moving.remove(team)
        total, team.origin, to_spot = desk.travel.onward(team, now, place, period)
        team.departs, team.arrives = now + to_spot, now + total
        team.en_route = now
    else:
        desk.free.leave(team)
        team.origin = team.destination
        ready = marks.turnout[team.turnout]
        if team.special:
            ready = _make_ready(desk, open_, team, ready)
        team.departs = team.en_route = now + ready
        team.arrives = team.departs + desk.times[period][team.destination][place]
    team.destination, team.period = place, period
    team.dispatched = now
    team.on_scene = team.left = team.at_hospital = team.hospital = None
    team.free = False
    team.open = open_
    team.due = team.arrives
    rings = team.arrives + marks.local_travel
    if team.gathering is not None:
        rings = team.departs
    elif desk.halts is not None:
        rings = desk.halts.set_out(team)
    if reassigned:
        team.alarm = team.alarm.moved(rings - now)
    else:
        team.alarm.ring_in(rings - now)
    if open_.dispatched is None:
        open_.dispatched = now
    if open_.en_route is None or team.en_route < open_.en_route:
        open_.en_route = team.en_route
    open_.teams.append(team)
    open_.sent += 1
    open_.missing_people -= team.people
    open_.missing_capabilities &= ~team.capabilities
    if open_.need.several:
        open_.count_missing()


def _make_ready(desk: Desk, open_: OpenCallout, team: Team, ready: int) -> int:
    """Take a vehicle and alert volunteers, where the team needs them; return the turnout."""
    if team.crew.vehicles:
        desk.garage.take(team, open_.missing_capabilities)
    if team.crew.gathers is not None:
        return desk.volunteers.alert(team, open_)
    return ready


def crew_leaves(desk: Desk, team: Team) -> int | None:
    """Note that volunteers leave their base; return the drive, None if no crew assembled. [ms]"""
    open_ = team.open
    assert open_ is not None
    desk.volunteers.leave(team)
    if team.people:
        desk.serve_again(open_)  # fewer may have come than the desk counted on
        if desk.roads is not None:
            desk.roads.leaves_base(team)
        if desk.halts is not None:
            return desk.halts.set_out(team) - desk.clock.now
        return team.arrives + open_.marks.local_travel - desk.clock.now
    open_.missed += (team.number,)
    team.en_route = FOREVER  # they never moved
    if len(open_.teams) == 1:
        open_.en_route = None
    desk.take_off(open_, team, Ending.NO_CREW_ASSEMBLED, desk.clock.now)
    team.rest_at(team.crew.place, desk.clock.now)
    team.people, team.capabilities = team.crew.people, team.crew.capabilities
    if team.on_duty:
        team.free = True
        desk.rests(team)
    desk.serve_again(open_)
    desk.line.serve()
    return None
