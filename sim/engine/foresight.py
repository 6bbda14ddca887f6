"""Possible futures, or the true one, for rules that look ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from sim.log import NO_WAY
from sim.policies import Coming
from sim.world import Callout, Marks, World, expected

FUTURE = 1 << 63  # added to a seed: those of studies are smaller, so no future is of any study


class Foresight:
    """
    Callouts that become ready soon: those of this very replication, or of other sample paths.

    The paths depend on seed, replication and their number only, so what is decided changes none.
    """

    def __init__(
        self, world: World, seed: int, replication: int, count: int, ahead: int, true: bool
    ) -> None:
        self.world, self.ahead = world, ahead
        demand = world.demand
        if true:
            paths = [demand.callouts(seed, replication)]
        else:
            other = seed + FUTURE
            paths = [demand.callouts(other, replication * count + n) for n in range(count)]
        self._paths = [_Path(self, path) for path in paths]
        kinds = world.scenario.demand.kinds.values()
        self.hand_overs = [expected(kind.hand_over) for kind in kinds]
        self.last_mile = expected(world.scenario.map.last_mile)

    def futures(self, now: int) -> tuple[tuple[Coming, ...], ...]:
        """Return of each path the callouts that become ready after ``now``, within ``ahead``."""
        return tuple(path.window(now, now + self.ahead) for path in self._paths)

    def coming(self, callout: Callout, marks: Marks) -> Coming:
        """Return what a callout will ask of a team."""
        world = self.world
        need = world.fleet.needs[callout.kind]
        busy, ends = marks.on_scene[0], callout.place
        if marks.transported and world.hospitals:
            row = world.travel.times[world.period(callout.ready)][callout.place]
            hospital = min(world.hospitals, key=lambda place: row[place])
            if row[hospital] < NO_WAY:
                busy += row[hospital] + self.last_mile + self.hand_overs[callout.kind]
                ends = hospital
        return Coming(
            callout.ready, callout.kind, callout.priority, callout.place, need.people,
            need.brings, busy, ends,
        )  # fmt: skip


class _Path:
    """One sample path, read as far as it has been asked for; what is past is let go."""

    def __init__(self, foresight: Foresight, callouts: Iterator[tuple[Callout, Marks]]) -> None:
        self.foresight, self.callouts = foresight, callouts
        self.seen: deque[Coming] = deque()
        self.ended = False

    def window(self, after: int, until: int) -> tuple[Coming, ...]:
        """Return the callouts ready in (after, until]."""
        while not self.ended and (not self.seen or self.seen[-1].ready <= until):
            found = next(self.callouts, None)
            if found is None:
                self.ended = True
            else:
                self.seen.append(self.foresight.coming(*found))
        while self.seen and self.seen[0].ready <= after:
            self.seen.popleft()
        return tuple(coming for coming in self.seen if coming.ready <= until)
