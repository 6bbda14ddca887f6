"""Shifts: who comes on duty and goes off, when, and what becomes of the callout in hand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Generator, Iterator
from itertools import groupby
from typing import NamedTuple

import simpy

from sim.log import Ending
from sim.world import World

from . import capability_wait, relief, transport
from .dispatcher import Dispatcher
from .team import Team


class ShiftChange(NamedTuple):
    """An instant at which shifts change, with the teams whose shift begins or ends."""

    at: int
    begins: list[int]
    ends: list[int]


def roster(
    env: simpy.Environment, dispatcher: Dispatcher, changes: list[ShiftChange]
) -> Generator[simpy.Event, None, None]:
    """Change shifts when it is time."""
    for change in changes:
        yield env.timeout(change.at - dispatcher.clock.now)
        apply(change, dispatcher)


def changes_of(world: World) -> Iterator[ShiftChange]:
    """Yield the changes of a run in order; the first is its start, if anybody is on duty."""
    moments = sorted(
        (at, begins, crew.number)
        for crew in world.fleet.crews
        for stretch in crew.duty
        for at, begins in zip(stretch, (True, False), strict=True)
        if at < world.ends
    )
    for at, group in groupby(moments, key=lambda moment: moment[0]):
        teams = list(group)
        yield ShiftChange(
            at, [n for _, begins, n in teams if begins], [n for _, begins, n in teams if not begins]
        )


def apply(change: ShiftChange, dispatcher: Dispatcher) -> None:
    """Let teams go off and come on duty, then serve pending callouts."""
    for number in change.ends:
        on_shift_end(dispatcher, dispatcher.teams[number])
    for number in change.begins:
        team = dispatcher.teams[number]
        until = team.crew.duty[bisect_left(team.crew.duty, (change.at,))][1]
        on_shift_start(dispatcher, team, change.at, until)
    dispatcher.line.serve()


def on_shift_start(dispatcher: Dispatcher, team: Team, now: int, until: int) -> None:
    """Bring a team on duty at its base, unless it is still out from its last shift."""
    team.on_duty, team.off_at = True, until
    if team.open is None and not team.alarm.is_set:
        team.waits_at = team.crew.base
        team.rest_at(team.crew.place, now)
        team.free = True
        if team.vehicle is not None:  # on its way home when the last shift ended
            dispatcher.shared_vehicles.on_return(team)
        dispatcher.rest(team)


def on_shift_end(dispatcher: Dispatcher, team: Team) -> None:
    """Take a team off duty, and see what becomes of the callout it has in hand."""
    now = dispatcher.clock.now
    for other in dispatcher.teams:
        if other.on_duty and other.off_at <= now:  # nobody is sent whose own shift ends now
            _go_off_duty(dispatcher, other)
    if team.open is None or team.left is not None:
        return  # a patient on board is always taken to hospital
    if team.open.stays is team:
        transport.on_shift_end(dispatcher, team)
    elif dispatcher.shift_end != "drop" and capability_wait.must_leave(dispatcher, team):
        dispatcher.stop(team, Ending.HANDED_OVER)
    elif dispatcher.shift_end == "finish":
        return
    elif dispatcher.shift_end == "relieve":
        relief.ask(dispatcher, team)
    elif dispatcher.shift_end == "drop":
        dispatcher.stop(team, Ending.DROPPED)
    else:
        dispatcher.stop(team, Ending.HANDED_OVER)


def _go_off_duty(dispatcher: Dispatcher, team: Team) -> None:
    """Take a team off duty; what it has in hand is seen to afterwards."""
    team.on_duty = False
    if dispatcher.roads is not None:
        dispatcher.roads.homeward.stranded.pop(team.number, None)
    if team.free:
        team.free = False
        if not dispatcher.free.withdraw(team):
            dispatcher.shared_vehicles.on_departure(team)
