"""
Teams on their way home where roads close: which meet a closure, which have no access.

Assumed: a free team on the road without access to its base stands there, and cannot be sent
until a road to its base is open.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Sequence

import simpy

from sim.log import NO_ACCESS, Event

from ..foundation.hooks import Run
from ..foundation.state import Drive, Team


class Homeward:
    """
    The teams of a run that are on the road to a base where roads close.

    ``closed_at`` returns the first of some closures that is in force at an instant, and
    ``may_be_closed`` whether any is between two; ``on_met`` is told of a closure that a team meets.
    """

    def __init__(
        self,
        run: Run,
        closed_at: Callable[[Sequence[int], int], int | None],
        may_be_closed: Callable[[int, int], bool],
        on_met: Callable[[int], None],
    ) -> None:
        self.run, self.on_met = run, on_met
        self.closed_at, self.may_be_closed = closed_at, may_be_closed
        self.bases = run.world.fleet.base_places
        self.may_be_sent = run.world.scenario.dispatch_centre.dispatch_while_returning
        self.bound: dict[int, tuple[int, int]] = {}  # to meet a closure: when they departed, which
        self.stranded: dict[int, int] = {}  # teams without access to their base, since when

    def tell(self, closures: Collection[int]) -> None:
        """Let those turn who are bound to meet a road that is now known to be closed."""
        for number, (departs, closure) in list(self.bound.items()):
            team = self.run.teams[number]
            if closure in closures and self._is_homeward(team, departs):
                self._turn(team)

    def watch(self, team: Team) -> None:
        """Let a team that drives to a base turn where it meets a closed road."""
        self.bound.pop(team.number, None)
        if not team.on_duty:
            return
        drive = team.drive
        if not self.may_be_closed(drive.departs, drive.arrives):
            return
        for passage in self.run.travel.way_of(
            drive.origin, drive.destination, drive.period
        ).passages:
            at = drive.departs + passage.at
            closure = self.closed_at(passage.closures, at)
            if closure is not None:
                self.bound[team.number] = drive.departs, closure
                self.run.env.process(self._meets(team, drive.departs, closure, at))
                return

    def _meets(
        self, team: Team, departs: int, closure: int, at: int
    ) -> Generator[simpy.Event, None, None]:
        yield self.run.env.timeout(at - self.run.clock.now)
        if self.bound.get(team.number) != (departs, closure):
            return
        if self._is_homeward(team, departs):
            self.run.recorder.event(Event.MET_CLOSURE, team.number, None, closure)
            self.bound.pop(team.number)
            self.on_met(closure)
            self._turn(team)

    def _is_homeward(self, team: Team, departs: int) -> bool:
        bound, drive = team.free or (team.on_duty and team.mission is None), team.drive
        return bound and drive.departs == departs and self.run.clock.now < drive.rests_from

    def _turn(self, team: Team) -> None:
        """Let a team find another way to its base; one that has to be home first is so later."""
        run, now = self.run, self.run.clock.now
        returning = not team.free and team.alarm.is_set
        base = self.bases[team.waits_at]
        if (
            returning
            and run.travel.reroute(team.drive, now, base, run.base_period(team))[0] >= NO_ACCESS
        ):  # free where it is, as one is that may be sent from the road
            team.cancel_alarm()
            run.act.restart(team, 0)
            returning = False
            run.available.add_on_road(team)
        run.act.drive_to_base(team, team.waits_at)
        if returning:
            home_in = team.drive.arrives - now
            team.reschedule_alarm(home_in)
            run.recorder.returning(team.number, home_in)

    def strand(self, team: Team) -> bool:
        """Let a free team on a road stand by there, if it has no access to its base."""
        run, drive = self.run, team.drive
        now = run.clock.now
        places, origin = len(run.world.names.places), drive.origin
        on_road = now < drive.arrives or (isinstance(origin, int) and origin >= places)
        if not team.free or not on_road:
            return False
        run.make_unavailable(team)
        self.stranded[team.number] = now
        self.bound.pop(team.number, None)  # it comes no further
        run.recorder.stands(team)
        run.recorder.event(Event.NO_ACCESS_TO_BASE, team.number)
        return True

    def on_off_duty(self, team: Team) -> None:
        """Forget a stranded team that goes off duty: no drive home is looked for any more."""
        self.stranded.pop(team.number, None)

    def move_on(self) -> None:
        """Let those go home that had no access."""
        available, now = self.run.available, self.run.clock.now
        for number, since in list(self.stranded.items()):
            self._move_on(self.run.teams[number], since, now)
        for number in list(available.resting):
            team = self.run.teams[number]
            if team.drive.destination != self.bases[team.waits_at]:
                available.depart(team)
                team.park(team.drive.destination, now)
                self.run.act.drive_to_base(team, team.waits_at)

    def _move_on(self, team: Team, since: int, now: int) -> None:
        """Let a stranded team go home if it has access by now."""
        run = self.run
        if not team.on_duty or team.mission is not None:
            del self.stranded[team.number]
            return
        base, period = self.bases[team.crew.base], run.base_period(team)
        total, spot, to_spot = run.travel.reroute(team.drive, since, base, period)
        if total < NO_ACCESS:
            del self.stranded[team.number]
            arrives = now + total
            drive = Drive(spot, base, now + to_spot, arrives, period, arrives)
            team.make_for(team.crew.base, drive)
            run.recorder.event(Event.ACCESS_TO_BASE_AGAIN, team.number)
            if self.may_be_sent:
                run.available.add_on_road(team)
            else:
                team.cancel_alarm()
                run.act.restart(team, total)
            self.watch(team)
