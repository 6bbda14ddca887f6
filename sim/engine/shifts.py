"""Shifts: who comes on duty and goes off, when, and what becomes of the callout in hand."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from itertools import groupby
from typing import NamedTuple

import simpy

from sim.log import Ending
from sim.world import World

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
        _goes_off(desk, desk.teams[number])
    for number in change.begins:
        _comes_on(desk, desk.teams[number], change.at)
    desk.serve_waiting()


def _comes_on(desk: Desk, team: Team, now: int) -> None:
    team.on_duty = True
    if team.open is None and not team.alarm.is_set:  # else it is still out from the last shift
        team.waits_at = team.crew.base
        team.rest_at(team.crew.place, now)
        team.free = True
        desk.free.rest(team)


def _goes_off(desk: Desk, team: Team) -> None:
    team.on_duty = False
    if team.free:
        team.free = False
        if team in desk.free.moving:
            desk.free.moving.remove(team)
        else:
            desk.free.leave(team)
    if team.open is None or desk.shift_end == "finish" or team.left is not None:
        return  # a patient on board is taken to hospital whatever the clock says
    if desk.shift_end == "drop":
        desk.stops(team, Ending.DROPPED)
    else:
        desk.stops(team, Ending.HANDED_OVER)
