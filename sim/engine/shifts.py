"""Shifts: who comes on duty and goes off, when, and what becomes of the callout in hand."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from itertools import groupby
from typing import NamedTuple

import simpy

from sim.log import Ending
from sim.world import World

from . import relieving
from .desk import Desk
from .team import Team


class Change(NamedTuple):
    """An instant at which shifts change, with the teams whose shift begins or ends."""

    at: int
    begins: list[int]
    ends: list[int]


def roster(
    env: simpy.Environment, desk: Desk, changes: list[Change]
) -> Generator[simpy.Event, None, None]:
    """Change shifts when it is time."""
    for change in changes:
        yield env.timeout(change.at - desk.clock.now)
        apply(change, desk)


def changes_of(world: World) -> Iterator[Change]:
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
        yield Change(
            at, [n for _, begins, n in teams if begins], [n for _, begins, n in teams if not begins]
        )


def apply(change: Change, desk: Desk) -> None:
    """Let teams go off and come on duty, then serve whoever waits."""
    for number in change.ends:
        goes_off(desk, desk.teams[number])
    for number in change.begins:
        comes_on(desk, desk.teams[number], change.at)
    desk.line.serve()


def comes_on(desk: Desk, team: Team, now: int) -> None:
    """Bring a team on duty at its base, unless it is still out from its last shift."""
    team.on_duty = True
    if team.open is None and not team.alarm.is_set:
        team.waits_at = team.crew.base
        team.rest_at(team.crew.place, now)
        team.free = True
        if team.vehicle is not None:  # on its way home when the last shift ended
            desk.garage.comes_back(team)
        desk.rests(team)


def goes_off(desk: Desk, team: Team) -> None:
    """Take a team off duty, and see what becomes of the callout it has in hand."""
    team.on_duty = False
    if team.free:
        team.free = False
        if not desk.free.withdraw(team):
            desk.garage.leaves(team)
    if team.open is None or desk.shift_end == "finish" or team.left is not None:
        return  # a patient on board is taken to hospital whatever the clock says
    if desk.shift_end == "relieve":
        relieving.ask(desk, team)
    elif desk.shift_end == "drop":
        desk.stops(team, Ending.DROPPED)
    else:
        desk.stops(team, Ending.HANDED_OVER)
