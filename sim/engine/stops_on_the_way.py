"""Where a team is stopped on its way: a closed road, a checkpoint, a scene that is not safe."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, NamedTuple

import simpy

from sim.log import Ending, Event
from sim.world import Spot

from .deferral import hold_until

if TYPE_CHECKING:
    from .dispatcher import Dispatcher
    from .team import Team

CLOSED, REFUSED, UNSAFE, WITHDRAWS = range(4)

Way = tuple[bool, int]
"""Whether a team goes on with its mission, and in how long its alarm rings; if it does not, how
long its drive home takes where it must be home to be free. [ms]"""


class Halt(NamedTuple):
    """What stops a team next."""

    what: int
    number: int  # closure or checkpoint
    spot: Spot


class Halts:
    """What stops teams in a run, and what they do then."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self.dispatcher = dispatcher

    def set_out(self, team: Team) -> int:
        """Return when a team that sets out is on scene, or where something stops it. [ms]"""
        dispatcher, open_ = self.dispatcher, team.open
        assert open_ is not None
        team.halt = None
        if dispatcher.roads is not None:
            stopped = dispatcher.roads.drive(team)
            if stopped is not None:
                at, team.halt = stopped
                return at
        rings = team.arrives + open_.marks.local_travel
        if rings < open_.safe_at:
            team.halt = Halt(UNSAFE, 0, team.destination)
        return rings

    def on_halt(self, team: Team) -> Way:
        """Let a team do what it does where it is stopped."""
        halt, team.halt = team.halt, None
        assert halt is not None
        if halt.what == UNSAFE:
            return self._stages(team)
        if halt.what == WITHDRAWS:
            return self._withdraws(team)
        assert self.dispatcher.roads is not None
        return self.dispatcher.roads.on_stop(team, halt)

    def _stages(self, team: Team) -> Way:
        """Wait near the scene until it is safe to enter, or until the team is withdrawn."""
        open_, now = team.open, self.dispatcher.clock.now
        assert open_ is not None
        lasts, withdraw_after = open_.safe_at - now, open_.need.withdraw_after
        if withdraw_after is not None and withdraw_after < lasts:
            lasts = withdraw_after
            team.halt = Halt(WITHDRAWS, 0, team.destination)
        number = open_.callout.number
        self.dispatcher.recorder.event(Event.STAGED, team.number, number, until=now + lasts)
        return True, lasts

    def _withdraws(self, team: Team) -> Way:
        """Call a team away from a scene that stays unsafe; it is served again when it is safe."""
        dispatcher, open_, now = self.dispatcher, team.open, self.dispatcher.clock.now
        assert open_ is not None
        dispatcher.take_off(open_, team, Ending.WITHDRAWN, now)
        hold_until(dispatcher, open_, open_.safe_at)
        number = open_.callout.number
        dispatcher.recorder.event(Event.AWAITS_SAFE_SCENE, None, number, until=open_.safe_at)
        dispatcher.serve_again(open_)
        return False, dispatcher.release_at(team, open_.callout.place, now)


def on_the_way(team: Team, dispatcher: Dispatcher) -> Generator[simpy.Event, None, int | None]:
    """Be stopped until the road is free; return a drive home where the mission ends before. [ms]"""
    assert dispatcher.halts is not None
    while team.halt is not None:
        team.alarm.rearm()
        goes_on, delay = dispatcher.halts.on_halt(team)
        if not goes_on:
            return delay
        yield team.alarm.schedule_in(delay)
    return None


def with_patient(team: Team, dispatcher: Dispatcher) -> Generator[simpy.Event, None, None]:
    """Be stopped on the way to hospital until a road is open."""
    while team.halt is not None:
        assert dispatcher.roads is not None
        team.alarm.rearm()
        yield team.alarm.schedule_in(dispatcher.roads.on_stop_with_patient(team))
