"""
Duty: who comes on duty and goes off, when, and what becomes of the callout in hand.

Assumed: a change of shift takes no time. A team that is out when its shift ends does what
``shift_end`` says; with a patient on board it goes on to hospital under any rule. One that is free
on the road when its shift ends is off duty there, and begins its next shift at its base.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Generator, Iterator
from itertools import groupby
from typing import NamedTuple

import simpy

from sim.log import Ending
from sim.world import World

from .dispatcher import Dispatcher
from .foundation.hooks import Run
from .foundation.state import Team
from .response import Response


class ShiftChange(NamedTuple):
    """An instant at which shifts change, with the teams whose shift begins or ends."""

    at: int
    begins: list[int]
    ends: list[int]


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


class Duty:
    """The roster of a run."""

    def __init__(self, run: Run, dispatcher: Dispatcher, response: Response) -> None:
        self.run, self.dispatcher, self.response = run, dispatcher, response
        self.shift_end = run.world.scenario.dispatch_centre.shift_end

    def roster(self, changes: list[ShiftChange]) -> Generator[simpy.Event, None, None]:
        """Change shifts when it is time."""
        for change in changes:
            yield self.run.env.timeout(change.at - self.run.clock.now)
            self.apply(change)

    def apply(self, change: ShiftChange) -> None:
        """Let teams go off and come on duty, then serve pending callouts."""
        teams = self.run.teams
        for number in change.ends:
            self.end_shift(teams[number])
        for number in change.begins:
            duty = teams[number].crew.duty
            self.begin_shift(teams[number], duty[bisect_left(duty, (change.at,))][1])
        self.dispatcher.serve_queue()

    def begin_shift(self, team: Team, until: int) -> None:
        """Bring a team on duty at its base, unless it is still out from its last shift."""
        for cut in self.run.hooks.shift_begins:
            until = cut(team, until)
            if until <= self.run.clock.now:
                return
        team.begin_shift(until)
        if team.mission is None and not team.alarm.is_set:
            team.wait_at(team.crew.base)
            team.park(team.crew.place, self.run.clock.now)
            team.become_free()
            for hook in self.run.hooks.at_base:  # it was on its way when the last shift ended
                hook(team)
            self.response.rest(team)

    def end_shift(self, team: Team) -> None:
        """Take a team off duty, and see what becomes of the callout it has in hand."""
        now = self.run.clock.now
        for other in self.run.teams:
            if other.on_duty and other.off_at <= now:  # nobody is sent whose own shift ends now
                self._go_off_duty(other)
        mission = team.mission
        if mission is None or mission.left is not None:
            return  # a patient on board is always taken to hospital
        if any(is_seen_to(mission) for is_seen_to in self.run.hooks.shift_ends):
            return
        if self.shift_end == "drop":
            self.response.interrupt(mission, Ending.DROPPED)
        elif self.shift_end == "hand over":
            self.response.interrupt(mission, Ending.HANDED_OVER)

    def _go_off_duty(self, team: Team) -> None:
        """Take a team off duty; what it has in hand is seen to afterwards."""
        was_free = team.free
        team.end_shift()
        for hook in self.run.hooks.off_duty:
            hook(team)
        if was_free:
            self.run.available.make_unavailable(team)
