"""Possible futures, or the true one, for rules that look ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from sim import random_streams as draws
from sim.log import MS_PER_DAY, NO_ACCESS
from sim.policies import FutureCallout
from sim.world import Callout, Marks, World, expected

FUTURE = 1 << 63  # added to a seed: those of studies are smaller, so no future is of any study


class SamplePaths:
    """
    Callouts that become ready soon: those of this replication, or of other sample paths.

    The paths depend on seed, replication and their number only, so what is decided changes none.
    The true path has the callouts that are ready at the very instant, too, and the draws of each:
    to know the future is to know how long the present callout will take. Where callouts are listed,
    another path is the same list shifted by whole days and wrapped round; a list of a single day
    has no other path.
    """

    def __init__(
        self, world: World, seed: int, replication: int, count: int, ahead: int, true: bool
    ) -> None:
        self.world, self.ahead = world, ahead
        demand = world.demand
        if true:
            paths = [demand.callouts(seed, replication)]
        else:
            draw = demand.callouts if demand.listed is None else self._moved
            paths = [draw(seed + FUTURE, replication * count + n) for n in range(count)]
        self.first = 0 if true else 1  # ms after the instant asked about
        self._paths = [_Path(self, path) for path in paths]
        kinds = world.scenario.demand.kinds.values()
        self.handovers = [expected(kind.handover) for kind in kinds]
        self.local_travel = expected(world.scenario.map.local_travel)

    def futures(self, now: int) -> tuple[tuple[FutureCallout, ...], ...]:
        """Return of each path the callouts that become ready after ``now``, within ``ahead``."""
        return tuple(path.window(now + self.first, now + self.ahead) for path in self._paths)

    def _moved(self, seed: int, path: int) -> Iterator[tuple[Callout, Marks]]:
        """Return the listed callouts some whole days later, the last days first."""
        days = -(-self.world.ends // MS_PER_DAY)
        if days < 2:
            return iter(())
        offset = int(draws.bits(seed, path, draws.COUNTS, 0, 1, 4)[0, 0])
        by, cycle = (1 + offset % (days - 1)) * MS_PER_DAY, days * MS_PER_DAY
        found = [
            (callout._replace(ready=(callout.ready + by) % cycle), marks)
            for callout, marks in self.world.demand.callouts(seed, path)
        ]
        return iter(sorted(found, key=lambda row: (row[0].ready, row[0].number)))

    def coming(self, callout: Callout, marks: Marks) -> FutureCallout:
        """Return what a callout will ask of a team."""
        world = self.world
        need, on_scene = world.fleet.needs[callout.kind], marks.on_scene[0]
        busy, ends = on_scene, callout.place
        if marks.transported and world.hospitals:
            row = world.travel.times[world.period(callout.ready)][callout.place]
            hospital = min(world.hospitals, key=lambda place: row[place])
            if row[hospital] < NO_ACCESS:
                busy += row[hospital] + self.local_travel + self.handovers[callout.kind]
                ends = hospital
        return FutureCallout(
            callout.ready, callout.kind, callout.priority, callout.place, need.people,
            need.capabilities, busy, ends, need.carrier, on_scene,
        )  # fmt: skip


class _Path:
    """One sample path, read as far as it has been asked for; what is past is dropped."""

    def __init__(self, foresight: SamplePaths, callouts: Iterator[tuple[Callout, Marks]]) -> None:
        self.foresight, self.callouts = foresight, callouts
        self.seen: deque[FutureCallout] = deque()
        self.ended = False

    def window(self, first: int, until: int) -> tuple[FutureCallout, ...]:
        """Return the callouts ready from ``first`` to ``until``; ``first`` never goes back."""
        while not self.ended and (not self.seen or self.seen[-1].ready <= until):
            found = next(self.callouts, None)
            if found is None:
                self.ended = True
            else:
                self.seen.append(self.foresight.coming(*found))
        while self.seen and self.seen[0].ready < first:
            self.seen.popleft()
        return tuple(coming for coming in self.seen if coming.ready <= until)
