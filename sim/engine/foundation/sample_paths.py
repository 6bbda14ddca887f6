"""Possible futures, or the true one, for rules that look ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from sim import random_streams as draws
from sim.log import MS_PER_DAY, NO_ACCESS
from sim.policies import FutureCallout
from sim.world import Callout, Demand, Marks, World, expected

FUTURE = 1 << 63  # added to a seed: those of studies are smaller, so no future is of any study


class PathCallout(NamedTuple):
    """A callout of a sample path; before ``known`` [ms] the dispatcher could not imagine it."""

    callout: Callout
    marks: Marks
    known: int


class SamplePaths:
    """
    Callouts that become ready soon: those of this replication, or of other sample paths.

    The paths depend on seed, replication and their number only, so what is decided changes none.
    They are drawn from the regular demand: surges and incidents, which nobody has announced, are
    not in them. Where callouts are listed, each day of another path is one of the days before it,
    at random, and of that what is over by now; so the first day has none. A drive to hospital takes
    what the dispatcher believes now.

    The true path has the callouts that are ready at the very instant, too, and the draws of each:
    to know the future is to know how long the present callout will take.
    """

    def __init__(
        self, world: World, seed: int, replication: int, count: int, ahead: int, true: bool
    ) -> None:
        self.world, self.ahead, self.true = world, ahead, true
        self.first = 0 if true else 1  # ms after the instant asked about
        if true:
            paths = [self._drawn(world.demand, seed, replication)]
        else:
            demand = regular(world)
            draw = self._drawn if demand.listed is None else self._past_days
            paths = [draw(demand, seed + FUTURE, replication * count + n) for n in range(count)]
        self._paths = [_Path(self, path) for path in paths]
        kinds = world.scenario.demand.kinds.values()
        self.handovers = [expected(kind.handover) for kind in kinds]
        self.local_travel = expected(world.scenario.map.local_travel)

    def futures(self, now: int, period: int) -> tuple[tuple[FutureCallout, ...], ...]:
        """
        Return of each path the callouts that become ready after ``now``, within ``ahead``.

        ``period`` is the travel period of what the dispatcher believes now.
        """
        return tuple(
            path.window(now + self.first, now + self.ahead, now, period) for path in self._paths
        )

    def _drawn(self, demand: Demand, seed: int, path: int) -> Iterator[PathCallout]:
        """Yield callouts of the demand, which the dispatcher knows as planners do."""
        begins = self.world.begins
        for callout, marks in demand.callouts(seed, path):
            yield PathCallout(callout, marks, begins)

    def _past_days(self, demand: Demand, seed: int, path: int) -> Iterator[PathCallout]:
        """Yield for each day the listed callouts of a day before it."""
        first, last = self.world.begins // MS_PER_DAY, -(-self.world.ends // MS_PER_DAY)
        days: dict[int, list[tuple[Callout, Marks]]] = {}
        for callout, marks in demand.callouts(seed, path):
            days.setdefault(callout.ready // MS_PER_DAY, []).append((callout, marks))
        bits = draws.bits(seed, path, draws.COUNTS, 0, last - first, 4)[:, 0]
        for day in range(first + 1, last):
            past = first + int(bits[day - first]) % (day - first)
            for callout, marks in days.get(past, ()):
                ready = callout.ready + (day - past) * MS_PER_DAY
                known = callout.ready + marks.on_scene[0] + marks.handover
                yield PathCallout(callout._replace(ready=ready), marks, known)

    def coming(self, callout: Callout, marks: Marks, period: int) -> FutureCallout:
        """Return what a callout will ask of a team."""
        world = self.world
        need, on_scene = world.fleet.needs[callout.kind], marks.on_scene[0]
        busy, ends, drive = on_scene, callout.place, 0
        if marks.transported and world.hospitals:
            if self.true:
                period = world.period(callout.ready)
            period = world.to_hospital(period, callout.priority)
            row = world.travel.times[period][callout.place]
            hospital = min(world.hospitals, key=lambda place: row[place])
            if row[hospital] < NO_ACCESS:
                ends, drive = hospital, row[hospital]
                busy += drive + self.local_travel + self.handovers[callout.kind]
        return FutureCallout(
            callout.ready, callout.kind, callout.priority, callout.place, need.people,
            need.capabilities, busy, ends, need.carrier, on_scene, drive,
        )  # fmt: skip


class _Path:
    """One sample path, read as far as it has been asked for; what is past is dropped."""

    def __init__(self, foresight: SamplePaths, callouts: Iterator[PathCallout]) -> None:
        self.foresight, self.callouts = foresight, callouts
        self.seen: deque[PathCallout] = deque()
        self.coming: deque[FutureCallout] = deque()  # the same, in the travel period asked for last
        self.period = -1
        self.ended = False

    def window(self, first: int, until: int, now: int, period: int) -> tuple[FutureCallout, ...]:
        """
        Return the callouts ready from ``first`` to ``until`` that can be imagined ``now``.

        None of the instants ever goes back.
        """
        coming, seen = self.foresight.coming, self.seen
        if period != self.period:
            self.period = period
            self.coming = deque(coming(row.callout, row.marks, period) for row in seen)
        while not self.ended and (not seen or seen[-1].callout.ready <= until):
            found = next(self.callouts, None)
            if found is None:
                self.ended = True
            else:
                seen.append(found)
                self.coming.append(coming(found.callout, found.marks, period))
        while seen and seen[0].callout.ready < first:
            seen.popleft()
            self.coming.popleft()
        return tuple(
            there
            for row, there in zip(seen, self.coming, strict=True)
            if there.ready <= until and row.known <= now
        )


def regular(world: World) -> Demand:
    """Return the demand that everybody knows: without surges and incidents."""
    scenario = world.scenario
    demand = scenario.demand
    if not (demand.surges or demand.incidents):
        return world.demand
    plain = demand.model_copy(update={"surges": (), "incidents": ()})
    return Demand(
        scenario.model_copy(update={"demand": plain}),
        world.demand.weights,
        world.names.places,
        world.demand.team_distributions,
        world.demand.listed,
        world.names.areas,
        world.demand.own_places,
    )
