"""Teams on their way home where roads close: which meet a closure, which have no access."""

from __future__ import annotations

from collections.abc import Collection, Generator
from typing import TYPE_CHECKING

import simpy

from sim.log import NO_ACCESS, Event

from . import relocating
from .team import Team

if TYPE_CHECKING:
    from .roads import RoadState


class Homeward:
    """The teams of a run that are on the road to a base where roads close."""

    def __init__(self, roads: RoadState) -> None:
        self.roads, self.dispatcher = roads, roads.dispatcher
        self.bound: dict[int, tuple[int, int]] = {}  # to meet a closure: when they departed, which
        self.stranded: dict[int, int] = {}  # teams without access to their base, since when

    def tell(self, closures: Collection[int]) -> None:
        """Let those turn who are bound to meet a road that is now known to be closed."""
        for number, (departs, closure) in list(self.bound.items()):
            team = self.dispatcher.teams[number]
            if closure in closures and self._is_homeward(team, departs):
                self._turn(team)

    def watch(self, team: Team) -> None:
        """Let a team that drives to a base turn where it meets a closed road."""
        self.bound.pop(team.number, None)
        if not team.on_duty:
            return
        ways = self.roads.travel.way_of(team.origin, team.destination, team.period)
        for passage in ways.passages:
            closure = self.roads.closed_at(passage.closures, team.departs + passage.at)
            if closure is not None:
                self.bound[team.number] = team.departs, closure
                at = team.departs + passage.at
                self.dispatcher.env.process(self._meets(team, team.departs, closure, at))
                return

    def _meets(
        self, team: Team, departs: int, closure: int, at: int
    ) -> Generator[simpy.Event, None, None]:
        yield self.dispatcher.env.timeout(at - self.dispatcher.clock.now)
        if self.bound.get(team.number) != (departs, closure):
            return
        if self._is_homeward(team, departs):
            self.roads.note(Event.MET_CLOSURE, team, None, closure)
            self.bound.pop(team.number)
            self.roads.on_closure_known(closure)
            self._turn(team)

    def _is_homeward(self, team: Team, departs: int) -> bool:
        bound = team.free or (team.on_duty and team.open is None)
        return bound and team.departs == departs and self.dispatcher.clock.now < team.rests_from

    def _turn(self, team: Team) -> None:
        """Let a team find another way to its base; one that has to be home first is so later."""
        dispatcher, now = self.dispatcher, self.dispatcher.clock.now
        returning = not team.free and team.alarm.is_set
        base = dispatcher.base_places[team.waits_at]
        if (
            returning
            and self.roads.travel.reroute(team, now, base, self.roads.period(now))[0] >= NO_ACCESS
        ):  # free where it is, as one is that may be sent from the road
            team.alarm = team.alarm.cancel()
            dispatcher.restart(team)
            team.free, returning = True, False
            dispatcher.free.moving.append(team)
        relocating.drive_to(dispatcher, team, team.waits_at, now)
        if returning:
            team.alarm = team.alarm.reschedule(team.arrives - now)
            dispatcher.recorder.returning(team.number, team.arrives - now)

    def strand(self, team: Team) -> bool:
        """Let a free team on a road stand by there, if it has no access to its base."""
        now, places = self.dispatcher.clock.now, len(self.dispatcher.world.names.places)
        on_road = now < team.arrives or (isinstance(team.origin, int) and team.origin >= places)
        if not team.free or not on_road:
            return False
        self.dispatcher.free.withdraw(team)
        team.free = False
        self.stranded[team.number] = now
        self._note(Event.NO_ACCESS_TO_BASE, team)
        return True

    def move_on(self) -> None:
        """Let those go home that had no access."""
        dispatcher, now = self.dispatcher, self.dispatcher.clock.now
        for number, since in list(self.stranded.items()):
            team = dispatcher.teams[number]
            if not team.on_duty or team.open is not None:
                del self.stranded[number]
                continue
            base = dispatcher.base_places[team.crew.base]
            period = self.roads.period(now)
            total, spot, to_spot = self.roads.travel.reroute(team, since, base, period)
            if total < NO_ACCESS:
                del self.stranded[number]
                team.origin, team.destination, team.period = spot, base, period
                team.departs, team.waits_at = now + to_spot, team.crew.base
                team.arrives = team.rests_from = now + total
                team.free = True
                dispatcher.free.moving.append(team)
                self._note(Event.ACCESS_TO_BASE_AGAIN, team)
                self.watch(team)
        for number in list(dispatcher.free.resting):
            team = dispatcher.teams[number]
            if team.destination != dispatcher.base_places[team.waits_at]:
                dispatcher.free.leave(team)
                dispatcher.free.moving.append(team)
                self._set_out(team, team.waits_at)
        for number in sorted(dispatcher.shared_vehicles.held):
            team = dispatcher.teams[number]
            if now >= team.rests_from and team.destination != team.crew.place:
                self._set_out(team, team.crew.base)

    def _note(self, what: str, team: Team) -> None:
        self.dispatcher.recorder.event(what, team.number)

    def _set_out(self, team: Team, base: int) -> None:
        """Let a team drive to a base from the place where it stands."""
        now = self.dispatcher.clock.now
        team.origin = team.destination
        team.departs = team.arrives = now
        relocating.drive_to(self.dispatcher, team, base, now)
