"""Vehicles that teams share: who has which, and which are out of service."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import simpy

from sim.log import NO_ACCESS, Ending, Event
from sim.world import Luck

from .team import Team

if TYPE_CHECKING:
    from .desk import Desk


class Garage:
    """
    Vehicles that are apart from teams.

    A team that needs one can be sent from its base only while one of its vehicles is there and
    in service. It keeps the vehicle until it is back at its base, and may be sent on with it.
    """

    def __init__(self, desk: Desk, seed: int, replication: int) -> None:
        self.desk = desk
        self.cars = desk.world.fleet.vehicles
        self.at_base = [True] * len(self.cars)
        self.in_service = [True] * len(self.cars)
        self.held: set[int] = set()  # teams on the way home with a vehicle out of service
        self.unready: list[Team] = []  # at their base, free, and without a vehicle
        if not self.cars:
            return
        luck = Luck(desk.world.fleet, seed, replication)
        world = desk.world
        for car in self.cars:
            outages = luck.outages(car.number, world.begins, world.ends)
            if outages:
                desk.env.process(self._outages(car.number, outages))

    def take(self, team: Team, missing: int) -> None:
        """Take the vehicle that brings most of what is missing, of equals the first in order."""
        if team.vehicle is not None:
            return  # it waits at another base with the one it has
        usable = [n for n in team.crew.vehicles if self.at_base[n] and self.in_service[n]]
        number = max(usable, key=lambda n: (self.cars[n].capabilities & missing).bit_count())
        car = self.cars[number]
        team.vehicle, self.at_base[number] = number, False
        team.capabilities = team.crew.capabilities | car.capabilities
        team.people = min(team.crew.people, car.seats)
        self._refresh()

    def is_at_base(self, team: Team) -> None:
        """Let a free team rest at its base, ready if it has a vehicle."""
        self.unready.append(team)
        self._refresh()

    def comes_home_later(self, team: Team) -> None:
        """Have the vehicle back when a free team that drives home has arrived."""
        arrives, number = team.arrives, team.vehicle

        def home() -> Generator[simpy.Event, None, None]:
            yield self.desk.env.timeout(arrives - self.desk.clock.now)
            if team.vehicle == number and team.open is None and team.rests_from == arrives:
                waits = self.desk.free.withdraw(team) or team.number in self.held
                self.comes_back(team)
                if waits and team.on_duty:
                    team.free = True
                    self.is_at_base(team)
                self.desk.line.serve()

        self.desk.env.process(home())

    def goes_home(self, team: Team) -> None:
        """Drive the vehicle of a team that is off duty to its base."""
        from .relocating import drive_to

        drive_to(self.desk, team, team.crew.base, self.desk.clock.now)

    def comes_back(self, team: Team) -> None:
        """Count a team's vehicle as being at its base again."""
        assert team.vehicle is not None
        self.held.discard(team.number)
        self.at_base[team.vehicle] = True
        team.vehicle = None
        team.capabilities, team.people = team.crew.capabilities, team.crew.people
        self._refresh()

    def must_go_home(self, team: Team) -> bool:
        """Return whether a team has a vehicle out of service: it is not free before it is home."""
        if team.vehicle is None or self.in_service[team.vehicle]:
            return False
        self._hold(team)
        return True

    def _hold(self, team: Team) -> None:
        team.free = False
        self.held.add(team.number)

    def leaves(self, team: Team) -> None:
        """Count a team that goes off duty no longer."""
        if team in self.unready:
            self.unready.remove(team)

    def _refresh(self) -> None:
        """Bring up to date which teams at their base are ready, and what they could bring."""
        free = self.desk.free
        teams = [self.desk.teams[n] for n in free.resting]
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
        env, clock = self.desk.env, self.desk.clock
        for begins, ends in outages:
            yield env.timeout(max(begins - clock.now, 0))
            self._fails(number, ends)
            yield env.timeout(ends - clock.now)
            self.in_service[number] = True
            self._refresh()
            self.desk.line.serve()

    def _fails(self, number: int, until: int) -> None:
        desk, now = self.desk, self.desk.clock.now
        self.in_service[number] = False
        driver = next((t for t in desk.teams if t.vehicle == number), None)
        if now >= 0:
            team = None if driver is None else driver.number
            desk.log_event((now, Event.OUT_OF_SERVICE, team, None, number, until))
        if driver is None:
            self._refresh()
        elif driver.open is not None and driver.on_scene is None and driver.gathering is None:
            self._strands(driver)
        elif driver.free:
            self.desk.free.withdraw(driver)
            self._hold(driver)
        # else it does what it is doing to the end, and is out of service when it is back

    def _strands(self, team: Team) -> None:
        """Hand the callout of a team on its way to others; the team is fetched home."""
        desk, open_ = self.desk, team.open
        assert open_ is not None
        now, home = desk.clock.now, team.crew.place
        way_home = 0
        if now >= team.en_route:
            way_home = desk.travel.onward(team, now, home, desk.period(now))[0]
        desk.stops(team, Ending.BROKE_DOWN, min(max(way_home, 1), NO_ACCESS - 1))
        team.rest_at(home, now + max(way_home, 1))
        team.waits_at = team.crew.base
        desk.serve_again(open_)
        if desk.left_behind:
            desk.serve_left_behind()
