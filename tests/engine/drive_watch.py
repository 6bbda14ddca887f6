"""A run looked at from inside at random instants, to be compared with its log of drives."""

import random
from collections import defaultdict
from itertools import groupby
from types import SimpleNamespace

from sim.engine.foundation.atlases import Atlases
from sim.engine.foundation.clock import READY, Alarm
from sim.engine.simulation import Parts, _callout_source
from sim.errors import SimError
from sim.log import KeptLog
from sim.policies import policy_sets
from sim.world import Courses, rerouted, waypoints
from sim.world.road_travel.network import Network
from sim.world.road_travel.waypoints import place_at

from ..hunters.soak_worlds import soak_world
from ..worlds import world_of


def drawn_world(number, overrides=None):
    """Return a random world that makes sense, and of which there is a map."""
    draws = random.Random(f"drives {number}")
    while True:
        text, tables = soak_world(draws, 120)
        try:
            world = world_of(text, overrides, **tables)
        except SimError:
            continue
        if Courses(world.travel, world.file.places).on_map:
            return world


class Watched:
    """A run, what was seen of it meanwhile, and its drives."""

    def __init__(self, world, number=0, samples=150):
        policies = next(iter(policy_sets(world.file).values()))
        if world.file.edges:
            world = rerouted(world, policies.routing)
        self.world, self.log, self.seen = world, KeptLog(drives=True), []
        parts = Parts(world, policies, Atlases(world), self.log, 1, 0)
        self.run, left = parts.run, []
        self.callouts = [*world.demand.callouts(1, 0)]
        parts.start()
        Alarm(self.run.env, READY).begin(_callout_source(parts, self.callouts, left))
        draws = random.Random(f"watch {number}")
        instants = sorted(draws.sample(range(world.ends), samples))
        self.run.env.process(self._watch(instants))
        self.run.env.run_until(world.ends)
        self.run.recorder.cut_off([*self.run.pending, *left], self.run.teams)
        self.courses, self.rows = Courses(world.travel, world.file.places), defaultdict(list)
        for row in self.log.drives:
            self.rows[row.team].append(row)
        self.ways = {
            team: [*waypoints(self.courses, own, 0, world.ends)] for team, own in self.rows.items()
        }

    def _watch(self, instants):
        stranded = [hook.__self__.stranded for hook in self.run.hooks.has_no_access]
        for at in instants:
            yield self.run.env.timeout(at - self.run.env.now)
            for team in self.run.teams:
                mission = team.mission
                self.seen.append(SimpleNamespace(
                    at=at, team=team.number, drive=team.drive, on_duty=team.on_duty,
                    left=mission and mission.left, there=mission and mission.at_hospital,
                    hospital=mission and mission.hospital,
                    stop=mission and mission.halt and mission.halt.on_stop.__name__,
                    stranded=stranded[0].get(team.number) if stranded else None,
                ))  # fmt: skip

    def held(self, team):
        """Return the rows of a team that held for a time."""
        return [[*rows][-1] for _, rows in groupby(self.rows[team], key=lambda row: row.at)]

    def drive_at(self, team, at):
        """Return the drive that holds at an instant, and where the team is by its way."""
        row, way = [found for found in self.ways[team] if found[0].at <= at][-1]
        return row, place_at([(p.at, (p.lon, p.lat)) for p in way], at)

    def engines_place(self, drive, at):
        """Return where the engine takes a team on a drive to be that has begun."""
        travel, position = self.world.travel, self.courses.position
        if drive.arrives == drive.departs:
            return position(drive.origin)
        if isinstance(travel, Network):
            ahead, until, last, since, _ = travel._junctions(drive, at)
            a, b = travel.nodes[last], travel.nodes[ahead]
            share = since / (since + until) if since + until else 0
            return a.lon + (b.lon - a.lon) * share, a.lat + (b.lat - a.lat) * share
        share = min((at - drive.departs) / (drive.arrives - drive.departs), 1)
        (ax, ay), (bx, by) = position(drive.origin), position(drive.destination)
        return ax + (bx - ax) * share, ay + (by - ay) * share
