"""How far a team gets with what is in its tank, and back to its base."""

from __future__ import annotations

from sim.log import NO_ACCESS
from sim.world import Spot, expected

from ...foundation.hooks import Run
from ...foundation.state import OpenCallout, Team
from ...foundation.tanks import Tanks


class Reach:
    """
    What drives would burn, as a dispatcher reckons it: by the ways that are believed now.

    To hospital it is the nearest one. Where there is no access nothing is reckoned: nobody is sent
    there anyway.
    """

    def __init__(self, run: Run, tanks: Tanks) -> None:
        self.run, self.tanks = run, tanks
        kinds = run.world.scenario.demand.kinds.values()
        self._work = [expected(kind.on_scene) for kind in kinds]
        self._to_hospital = [kind.to is not None and kind.transported > 0 for kind in kinds]
        self._least: dict[tuple[int, int, int], float] = {}

    def lacks(self, team: Team, open_: OpenCallout) -> int:
        """Return what a team's tank lacks to serve a callout and be back; 0 or less: nothing."""
        tank = self.tanks.of(team)
        run, scene, kind = self.run, open_.place, open_.callout.kind
        there = self._from_here(team, scene, run.scene_period(open_, team))
        home = self._between(scene, team.crew.place, run.base_period(team))
        if self._to_hospital[kind]:
            home = max(home, self._by_hospital(team, open_))
        needed = tank.driving(there + home) + tank.idling(self._work[kind])
        return needed + tank.reserve - self.tanks.left(team)

    def cannot_wait(self, team: Team, base: int) -> bool:
        """Return whether a team's tank does not last to a base and from there to its own."""
        tank, run = team.crew.tank, self.run
        if tank is None or base == team.crew.base:
            return False
        goal, period = run.world.fleet.base_places[base], run.base_period(team)
        metres = self._from_here(team, goal, period) + self._between(goal, team.crew.place, period)
        return tank.driving(metres) + tank.reserve > self.tanks.left(team)

    def stands(self, team: Team) -> bool:
        """Return whether a team at a base could be sent to no other place and be back."""
        tank = team.crew.tank
        if tank is None:
            return False
        here, period = team.drive.destination, self.run.base_period(team)
        key = here, team.crew.place, period
        if key not in self._least:
            self._least[key] = self._least_round(*key)
        return self.tanks.left(team) - tank.driving(self._least[key]) < tank.reserve

    def _least_round(self, here: int, home: int, period: int) -> float:
        times = self.run.times[period]
        rounds = [
            self._between(here, place, period) + self._between(place, home, period)
            for place in range(len(self.run.world.names.places))
            if place != here and times[here][place] < NO_ACCESS
        ]
        return min(rounds, default=0.0)

    def _by_hospital(self, team: Team, open_: OpenCallout) -> float:
        """Return how far it is from a scene to the nearest hospital and home. [m]"""
        period, scene = self.run.hospital_period(open_, team), open_.place
        row = self.run.times[period][scene]
        nearest = min(self.run.world.hospitals, key=lambda place: row[place])
        home = self._between(nearest, team.crew.place, self.run.base_period(team))
        return self._between(scene, nearest, period) + home

    def _between(self, origin: int, goal: int, period: int) -> float:
        if self.run.times[period][origin][goal] >= NO_ACCESS:
            return 0.0
        return self.tanks.distances.length(origin, goal, period)

    def _from_here(self, team: Team, goal: int, period: int) -> float:
        """Return how far it is from where a team is, on the road too. [m]"""
        drive, now = team.drive, self.run.clock.now
        if now >= drive.arrives and drive.arrives > drive.departs:
            return self._between(drive.destination, goal, period)
        spot: Spot
        total, spot, to_spot = self.run.travel.reroute(drive, now, goal, period)
        if total >= NO_ACCESS:
            return 0.0
        metres = self.tanks.distances.length(spot, goal, period)
        on = total - to_spot
        return metres * total / on if now >= drive.departs and on > 0 else metres
