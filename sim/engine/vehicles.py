"""Vehicles that teams share: who has which, and which are out of service."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import simpy

from sim.log import NO_ACCESS, Ending, Event
from sim.world import Draws

from .team import Team

if TYPE_CHECKING:
    from .dispatcher import Dispatcher


class SharedVehicles:
    """
    Vehicles that are apart from teams.

    A team that needs one can be sent from its base only while one of its vehicles is there and
    in service. It keeps the vehicle until it is back at its base, and may be sent on with it.
    """

    def __init__(self, dispatcher: Dispatcher, seed: int, replication: int) -> None:
        self.dispatcher = dispatcher
        self.cars = dispatcher.world.fleet.vehicles
        self.at_base = [True] * len(self.cars)
        self.in_service = [True] * len(self.cars)
        self.held: set[int] = set()  # teams on the way home with a vehicle out of service
        self.unready: list[Team] = []  # at their base, free, and without a vehicle
        if not self.cars:
            return
        draws = Draws(dispatcher.world.fleet, seed, replication)
        world = dispatcher.world
        for car in self.cars:
            outages = draws.outages(car.number, world.begins, world.ends)
            if outages:
                dispatcher.env.process(self._outages(car.number, outages))

    def take(self, team: Team, missing: int) -> None:
        """Take the vehicle that brings most of what is missing; ties go to the first in order."""
        if team.vehicle is not None:
            return  # it waits at another base with the one it has
        usable = [n for n in team.crew.vehicles if self.at_base[n] and self.in_service[n]]
        number = max(usable, key=lambda n: (self.cars[n].capabilities & missing).bit_count())
        car = self.cars[number]
        team.vehicle, self.at_base[number] = number, False
        self._note(Event.VEHICLE_TAKEN, team, number)
        team.capabilities = team.crew.capabilities | car.capabilities
        team.people = min(team.crew.people, car.seats)
        self._refresh()

    def station(self, team: Team) -> None:
        """Let a free team rest at its base, ready if it has a vehicle."""
        self.unready.append(team)
        self._refresh()

    def return_later(self, team: Team) -> None:
        """Have the vehicle back when a free team that drives home has arrived."""
        arrives, number = team.arrives, team.vehicle

        def home() -> Generator[simpy.Event, None, None]:
            yield self.dispatcher.env.timeout(arrives - self.dispatcher.clock.now)
            if team.vehicle == number and team.open is None and team.rests_from == arrives:
                waits = self.dispatcher.free.withdraw(team) or team.number in self.held
                self.on_return(team)
                if waits and team.on_duty:
                    team.free = True
                    self.station(team)
                self.dispatcher.line.serve()

        self.dispatcher.env.process(home())

    def send_home(self, team: Team) -> None:
        """Drive the vehicle of a team that is off duty to its base."""
        from .relocating import drive_to

        drive_to(self.dispatcher, team, team.crew.base, self.dispatcher.clock.now)

    def on_return(self, team: Team) -> None:
        """Count a team's vehicle as being at its base again."""
        assert team.vehicle is not None
        self.held.discard(team.number)
        self.at_base[team.vehicle] = True
        self._note(Event.VEHICLE_AT_BASE, team, team.vehicle)
        team.vehicle = None
        team.capabilities, team.people = team.crew.capabilities, team.crew.people
        self._refresh()

    def _note(self, what: str, team: Team, number: int) -> None:
        self.dispatcher.recorder.event(what, team.number, who=number)

    def is_broken_down(self, team: Team) -> bool:
        """Return whether a team has a vehicle that is out of service."""
        return team.vehicle is not None and not self.in_service[team.vehicle]

    def must_go_home(self, team: Team) -> bool:
        """Keep a team from being free before it is home, if its vehicle is out of service."""
        if not self.is_broken_down(team):
            return False
        self._hold(team)
        return True

    def _hold(self, team: Team) -> None:
        team.free = False
        self.held.add(team.number)

    def on_departure(self, team: Team) -> None:
        """Count a team that goes off duty no longer."""
        if team in self.unready:
            self.unready.remove(team)

    def _refresh(self) -> None:
        """Bring up to date which teams at their base are ready, and what they could bring."""
        free = self.dispatcher.free
        teams = [self.dispatcher.teams[n] for n in free.resting]
        for team in [t for t in teams if t.crew.vehicles and t.vehicle is None] + self.unready:
            usable = [n for n in team.crew.vehicles if self.at_base[n] and self.in_service[n]]
            free.capabilities[team.number] = team.crew.capabilities
            for number in usable:
                free.capabilities[team.number] |= self.cars[number].capabilities
            ready = team.number in free.resting
            if usable and not ready:
                self.unready.remove(team)
                free.rest(team)
            elif ready and not usable:
                free.leave(team)
                self.unready.append(team)

    def _outages(
        self, number: int, outages: list[tuple[int, int]]
    ) -> Generator[simpy.Event, None, None]:
        """Take a vehicle out of service and back into it."""
        env, clock = self.dispatcher.env, self.dispatcher.clock
        for begins, ends in outages:
            yield env.timeout(max(begins - clock.now, 0))
            self._on_breakdown(number, ends)
            yield env.timeout(ends - clock.now)
            self.in_service[number] = True
            self._refresh()
            self.dispatcher.line.serve()

    def _on_breakdown(self, number: int, until: int) -> None:
        dispatcher = self.dispatcher
        self.in_service[number] = False
        driver = next((t for t in dispatcher.teams if t.vehicle == number), None)
        team = None if driver is None else driver.number
        dispatcher.recorder.outage(number, team, until)
        if driver is None:
            self._refresh()
        elif driver.open is not None and driver.on_scene is None and driver.assembly is None:
            self._strand(driver)
        elif driver.free:
            self.dispatcher.free.withdraw(driver)
            self._hold(driver)
        # else it does what it is doing to the end, and is out of service when it is back

    def _strand(self, team: Team) -> None:
        """Hand the callout of a team on its way to others; the team is fetched home."""
        dispatcher, open_ = self.dispatcher, team.open
        assert open_ is not None
        now, home = dispatcher.clock.now, team.crew.place
        way_home = 0
        if now >= team.en_route:
            way_home = dispatcher.travel.reroute(team, now, home, dispatcher.period(now))[0]
        dispatcher.stop(team, Ending.BROKE_DOWN, min(max(way_home, 1), NO_ACCESS - 1))
        team.rest_at(home, now + max(way_home, 1))
        team.waits_at = team.crew.base
        dispatcher.serve_again(open_)
        if dispatcher.left_behind:
            dispatcher.serve_left_behind()
