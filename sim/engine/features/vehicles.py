"""
Vehicles that teams share: who has which, and which are out of service.

Assumed: a vehicle is out of service at instants drawn before the run, used or not. If that is on
the way to a scene, others take the callout and the team is home, with the vehicle, after the drive
from there; later in a mission it is finished first.
"""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.log import NO_ACCESS, Ending, Event
from sim.world import Draws

from ..foundation.hooks import Run
from ..foundation.state import Drive, Mission, OpenCallout, Team


def is_in(run: Run) -> bool:
    """Return whether there are vehicles apart from teams."""
    return bool(run.world.fleet.vehicles)


def install(run: Run) -> None:
    """Let teams take vehicles, bring them back, and stand where one breaks down."""
    vehicles, hooks = SharedVehicles(run), run.hooks
    hooks.fits_out.append(vehicles.take)
    hooks.rests.append(vehicles.station)
    hooks.at_base.append(vehicles.on_return)
    hooks.drives_to_base.append(vehicles.return_later)
    hooks.is_unfit.append(vehicles.is_broken_down)
    hooks.cleared.append(vehicles.must_go_home)
    hooks.cleared_off_duty.append(vehicles.send_home)
    hooks.reopened.append(vehicles.on_reopened)


class SharedVehicles:
    """
    Vehicles that are apart from teams.

    A team that needs one can be sent from its base only while one of its vehicles is there and
    in service. It keeps the vehicle until it is back at its base, and may be sent on with it.
    """

    def __init__(self, run: Run) -> None:
        self.run, self.available = run, run.available
        self.cars = run.world.fleet.vehicles
        self.at_base = [True] * len(self.cars)
        self.in_service = [True] * len(self.cars)
        self.held: set[int] = set()  # teams on the way home with a vehicle out of service
        draws, world = Draws(run.world.fleet, run.seed, run.replication), run.world
        for car in self.cars:
            outages = draws.outages(car.number, world.begins, world.ends)
            if outages:
                run.env.process(self._outages(car.number, outages))

    def take(self, team: Team, open_: OpenCallout) -> None:
        """Take the vehicle that brings most of what is missing; ties go to the first in order."""
        if team.vehicle is not None or not team.crew.vehicles:
            return  # it waits at another base with the one it has, or needs none
        missing, usable = open_.missing_capabilities, self._usable(team)
        number = max(usable, key=lambda n: (self.cars[n].capabilities & missing).bit_count())
        car = self.cars[number]
        self.at_base[number] = False
        self._note(Event.VEHICLE_TAKEN, team, number)
        people, capabilities = min(team.crew.people, car.seats), team.crew.capabilities
        team.take_vehicle(number, people, capabilities | car.capabilities)
        self._refresh()

    def _usable(self, team: Team) -> list[int]:
        """Return which vehicles a team at its base could take now."""
        return [n for n in team.crew.vehicles if self.at_base[n] and self.in_service[n]]

    def station(self, team: Team) -> bool:
        """Let a free team rest at its base, ready if there is a vehicle; False: it needs none."""
        if not team.crew.vehicles or team.vehicle is not None:
            return False
        self.available.unready.append(team)
        self._refresh()
        return True

    def return_later(self, team: Team) -> None:
        """Have the vehicle back when a free team that drives home has arrived."""
        if team.vehicle is not None and team.waits_at == team.crew.base:
            self.run.env.process(self._home(team, team.drive.arrives, team.vehicle))

    def _home(self, team: Team, arrives: int, vehicle: int) -> Generator[simpy.Event, None, None]:
        yield self.run.env.timeout(arrives - self.run.clock.now)
        if team.vehicle == vehicle and team.mission is None and team.drive.rests_from == arrives:
            waits = self.available.make_unavailable(team) or team.number in self.held
            self.on_return(team)
            if waits and team.on_duty:
                team.become_free()
                self.station(team)
            self.run.act.serve_queue()

    def send_home(self, team: Team) -> None:
        """Drive the vehicle of a team that is off duty to its base."""
        if team.vehicle is not None:
            self.run.act.drive_to_base(team, team.crew.base)

    def on_return(self, team: Team) -> None:
        """Count a team's vehicle, if it has one, as being at its base again."""
        vehicle = team.vehicle
        if vehicle is None:
            return
        self.held.discard(team.number)
        self.at_base[vehicle] = True
        self._note(Event.VEHICLE_AT_BASE, team, vehicle)
        team.return_vehicle()
        self._refresh()

    def _note(self, what: str, team: Team, number: int) -> None:
        self.run.recorder.event(what, team.number, who=number)

    def is_broken_down(self, team: Team) -> bool:
        """Return whether a team has a vehicle that is out of service."""
        return team.vehicle is not None and not self.in_service[team.vehicle]

    def must_go_home(self, team: Team) -> bool:
        """Send a team home before it is free, if its vehicle is out of service."""
        if not self.is_broken_down(team):
            return False
        self._hold(team)
        self.run.act.drive_to_base(team, team.crew.base)
        home_in = team.drive.rests_from - self.run.clock.now
        if home_in > 0:
            self.run.recorder.returning(team.number, home_in)
        return True

    def _hold(self, team: Team) -> None:
        team.become_unavailable()
        self.held.add(team.number)

    def on_reopened(self) -> None:
        """Let those go home that had no access, with a vehicle out of service."""
        now = self.run.clock.now
        for number in sorted(self.held):
            team = self.run.teams[number]
            destination = team.drive.destination
            if now >= team.drive.rests_from and destination != team.crew.place:
                team.park(destination, now)
                self.run.act.drive_to_base(team, team.crew.base)

    def _refresh(self) -> None:
        """Bring up to date which teams at their base are ready, and what they could bring."""
        available, teams = self.available, self.run.teams
        resting = [teams[n] for n in available.resting]
        without = [t for t in resting if t.crew.vehicles and t.vehicle is None]
        for team in without + available.unready:
            usable = self._usable(team)
            brings = team.crew.capabilities
            for number in usable:
                brings |= self.cars[number].capabilities
            available.capabilities[team.number] = brings
            ready = team.number in available.resting
            if usable and not ready:
                available.unready.remove(team)
                available.rest(team)
            elif ready and not usable:
                available.leave(team)
                available.unready.append(team)

    def _outages(
        self, number: int, outages: list[tuple[int, int]]
    ) -> Generator[simpy.Event, None, None]:
        """Take a vehicle out of service and back into it."""
        env, clock = self.run.env, self.run.clock
        for begins, ends in outages:
            yield env.timeout(max(begins - clock.now, 0))
            self._on_breakdown(number, ends)
            yield env.timeout(ends - clock.now)
            self.in_service[number] = True
            self._refresh()
            self.run.act.serve_queue()

    def _on_breakdown(self, number: int, until: int) -> None:
        self.in_service[number] = False
        driver = next((t for t in self.run.teams if t.vehicle == number), None)
        team = None if driver is None else driver.number
        self.run.recorder.outage(number, team, until)
        if driver is None:
            self._refresh()
        elif (mission := driver.mission) is not None:
            # on scene it does what it is doing to the end, and is out of service when it is back
            if mission.on_scene is None and not mission.assembling:
                self._strand(mission)
        elif driver.free:
            self.available.make_unavailable(driver)
            self._hold(driver)

    def _strand(self, mission: Mission) -> None:
        """Hand the callout of a team on its way to others; the team is fetched home."""
        run, team, act = self.run, mission.team, self.run.act
        now, home = run.clock.now, team.crew.place
        way_home, is_away, period = 0, now >= mission.en_route, run.base_period(team)
        if is_away:
            way_home, spot, to_spot = run.travel.reroute(team.drive, now, home, period)
        act.interrupt(mission, Ending.BROKE_DOWN, min(max(way_home, 1), NO_ACCESS - 1))
        team.park(home, now + max(way_home, 1))
        if way_home >= NO_ACCESS:
            run.recorder.stands(team)
        elif is_away:
            run.recorder.drive(team, Drive(spot, home, now + to_spot, now + way_home, period))
        team.wait_at(team.crew.base)
        act.serve_again(mission.open)
        act.serve_left_behind()
