"""Random small worlds, run once for all properties."""

import random
from collections import defaultdict
from functools import cached_property

import pytest

from sim.log import NO_ACCESS

from ..worlds import logged, random_roads, random_world, world_of

WORLDS = 150


class Run:
    """A random world, its log, and the draws that was dealt."""

    def __init__(self, number):
        rng = random.Random(77_000 + number)
        self.text = random_world(rng, plain=False)
        self.world = world_of(self.text, **random_roads(rng))
        self.log = logged(self.world, replication=number)
        self.replication = number
        self.rows = {row.callout: row for row in self.log.callouts}
        self.ends = self.world.ends
        self.crews = self.world.fleet.crews
        self.gaps = any(
            t >= NO_ACCESS for times in self.world.travel.times for row in times for t in row
        )

    @cached_property
    def draws(self):
        seed = self.world.scenario.study.seed
        return {c.number: (c, m) for c, m in self.world.demand.callouts(seed, self.replication)}

    @cached_property
    def by_callout(self):
        found = defaultdict(list)
        for mission in self.log.missions:
            found[mission.callout].append(mission)
        return found

    @cached_property
    def by_team(self):
        found = defaultdict(list)
        for mission in sorted(self.log.missions, key=lambda m: m.dispatched):
            found[mission.team].append(mission)
        return found

    def need(self, number):
        return self.world.fleet.needs[self.draws[number][0].kind]

    def able(self, crew, number):
        wanted = self.need(number).capabilities
        return not wanted or bool(crew.capabilities & wanted)

    def idle(self, crew, begins, ends):
        """Return the stretches within a window in which a team is on duty and on no mission."""
        found = []
        for on, off in crew.duty:
            at, off = max(on, begins), min(off, ends)
            for mission in self.by_team[crew.number]:
                if mission.dispatched > at and at < off:
                    found.append((at, min(off, mission.dispatched)))
                at = max(at, self.ends if mission.cleared is None else mission.cleared)
            found.append((at, off))
        return [(a, b) for a, b in found if a < b]


@pytest.fixture(scope="module")
def runs():
    return [Run(number) for number in range(WORLDS)]
