"""Sending a team: its vehicle, where it starts from and when it is expected to arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.log import Ending

from .callout import OpenCallout
from .team import FOREVER, Team

if TYPE_CHECKING:
    from .dispatcher import Dispatcher


def send(dispatcher: Dispatcher, open_: OpenCallout, team: Team, now: int, period: int) -> None:
    """Send a team from where it is; its alarm rings when it is on scene."""
    place, marks = open_.callout.place, open_.marks
    reassigned = not team.free
    if reassigned and now < team.departs == team.en_route:  # still getting ready
        assert isinstance(team.origin, int)
        team.arrives = team.departs + dispatcher.times[period][team.origin][place]
    elif reassigned or now < team.rests_from:
        if not reassigned:
            dispatcher.free.moving.remove(team)
        total, team.origin, to_spot = dispatcher.travel.reroute(team, now, place, period)
        team.departs, team.arrives = now + to_spot, now + total
        team.en_route = now
    else:
        dispatcher.free.leave(team)
        team.origin = team.destination
        ready = marks.turnout[team.turnout]
        if team.special:
            ready = _make_ready(dispatcher, open_, team, ready)
        team.departs = team.en_route = now + ready
        team.arrives = team.departs + dispatcher.times[period][team.destination][place]
    team.destination, team.period = place, period
    team.dispatched = now
    team.on_scene = team.left = team.at_hospital = team.hospital = None
    team.free = False
    team.open = open_
    team.due = team.arrives
    rings = team.arrives + marks.local_travel
    if team.assembly is not None:
        rings = team.departs
    elif dispatcher.halts is not None:
        rings = dispatcher.halts.set_out(team)
    if reassigned:
        team.alarm = team.alarm.reschedule(rings - now)
    else:
        team.alarm.schedule_in(rings - now)
    if open_.dispatched is None:
        open_.dispatched = now
    if open_.en_route is None or team.en_route < open_.en_route:
        open_.en_route = team.en_route
    open_.teams.append(team)
    open_.sent += 1
    open_.missing_people -= team.people
    open_.missing_capabilities &= ~team.capabilities
    if open_.need.recounts:
        open_.count_missing()


def _make_ready(dispatcher: Dispatcher, open_: OpenCallout, team: Team, ready: int) -> int:
    """Take a vehicle and alert volunteers, where the team needs them; return the turnout."""
    if team.crew.vehicles:
        dispatcher.shared_vehicles.take(team, open_.missing_capabilities)
    if team.crew.assembly_spec is not None:
        return dispatcher.volunteers.alert(team, open_)
    return ready


def on_crew_departure(dispatcher: Dispatcher, team: Team) -> int | None:
    """Note that volunteers leave their base; return the drive, None if no crew assembled. [ms]"""
    open_ = team.open
    assert open_ is not None
    dispatcher.volunteers.leave(team)
    if team.people:
        dispatcher.serve_again(open_)  # fewer may have come than the dispatcher counted on
        if dispatcher.roads is not None:
            dispatcher.roads.on_base_departure(team)
        if dispatcher.halts is not None:
            return dispatcher.halts.set_out(team) - dispatcher.clock.now
        return team.arrives + open_.marks.local_travel - dispatcher.clock.now
    open_.missed += (team.number,)
    team.en_route = FOREVER  # they never moved
    dispatcher.take_off(open_, team, Ending.NO_CREW_ASSEMBLED, dispatcher.clock.now)
    team.rest_at(team.crew.place, dispatcher.clock.now)
    team.people, team.capabilities = team.crew.people, team.crew.capabilities
    if team.vehicle is not None:
        dispatcher.shared_vehicles.on_return(team)
    if team.on_duty:
        team.free = True
        dispatcher.rest(team)
    dispatcher.serve_again(open_)
    dispatcher.line.serve()
    return None
