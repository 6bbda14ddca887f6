"""
How far teams drove: the metres of logged drives, as far as each held.

Whole drives are looked up; one that is cut short is followed to where the engine has the team by
then. On a network a way is as long as its roads, and a team that goes on to a junction, or turns
back to one, drives that part of its road. On straight lines it is the line times the circuity. A
table of times has no distances. Local travel is not counted: its length is not known.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from sim.log import DriveRow

from .network import Network
from .travel import Spot, StraightLines, Travel


class _Way(NamedTuple):
    """A way on a network: its nodes, and the time and distance from its start to each."""

    nodes: list[int]
    passed: list[int]  # [ms]
    metres: list[int]


class _Course(NamedTuple):
    """A drive and what its team drove first, to come to where it begins."""

    drive: DriveRow
    way: _Way
    before: float  # [m]


class Distances:
    """
    The distances of drives in a world.

    Parameters
    ----------
    travel
        The travel times by which the drives were made.

    """

    def __init__(self, travel: Travel) -> None:
        self.travel = travel
        self._ways: dict[tuple[int, Spot, int], _Way] = {}

    @property
    def known(self) -> bool:
        """Whether there are distances at all."""
        return isinstance(self.travel, (Network, StraightLines))

    def length(self, origin: Spot, destination: int, period: int) -> float:
        """Return how long the way of a drive is, where there is access and distances are known."""
        key = period, origin, destination
        found = self._ways.get(key)
        if found is None:
            found = self._worked_out(origin, destination, period)
            if isinstance(origin, int):
                self._ways[key] = found
        return found.metres[-1]

    def driven(
        self, drives: Sequence[DriveRow], begins: int, ends: int
    ) -> Iterator[tuple[DriveRow, float | None]]:
        """
        Yield the drives of one team that held for a time, with the metres driven between instants.

        None where there are no distances.

        Parameters
        ----------
        drives
            All of a team, in the order in which they were logged; the first one has an origin.
        begins, ends
            The measured period. [ms]

        """
        held = [[*rows][-1] for _, rows in groupby(drives, key=lambda drive: drive.at)]
        course: _Course | None = None
        stood = ends  # since when the team stands where the course had brought it
        for drive, after in zip(held, (*held[1:], None), strict=True):
            if drive.at >= ends:
                return
            if not self.known:
                yield drive, None
                continue
            since, until = max(drive.at, begins), ends if after is None else min(after.at, ends)
            if drive.origin is None:
                stood = min(stood, drive.at)
                yield drive, 0.0
                continue
            before = 0.0 if course is None else self._to_origin(course, drive, stood)
            course, stood = _Course(drive, self._way(drive, drive.origin), before), ends
            way = course.way
            if until <= since or drive.arrives <= drive.at:
                yield drive, 0.0
            elif since <= drive.at <= drive.departs and drive.arrives <= until:
                yield drive, before + way.metres[-1]
            else:
                pace = 1.0 if after is None else self._pace(drive, way, after)
                yield drive, self._gone(course, until, pace) - self._gone(course, since, pace)

    def _way(self, drive: DriveRow, origin: Spot) -> _Way:
        if (
            drive.arrives <= drive.departs
        ):  # it stands, perhaps without access to where it was bound
            travel = self.travel
            here = [travel.node_at(origin)] if isinstance(travel, Network) else []
            return _Way(here, [0], [0])
        key = drive.period, origin, drive.destination
        found = self._ways.get(key)
        if found is None:
            found = self._worked_out(origin, drive.destination, drive.period)
            if isinstance(origin, int):  # points of straight lines seldom come again
                self._ways[key] = found
        return found

    def _worked_out(self, origin: Spot, destination: int, period: int) -> _Way:
        travel = self.travel
        if isinstance(travel, Network):
            nodes, passed = travel.way(origin, destination, period)
            roads, edges = travel.roads[period], travel.edges
            lengths = [edges[roads[pair].row].metres for pair in pairwise(nodes)]
            return _Way(nodes, passed, [*accumulate(lengths, initial=0)])
        assert isinstance(travel, StraightLines)
        return _Way([], [], [0, round(travel.metres(origin, destination))])

    def _gone(self, course: _Course, at: int, pace: float = 1.0) -> float:
        """Return what has been driven of a course by an instant. [m]"""
        drive, way = course.drive, course.way
        if at < drive.departs:
            ready = drive.departs - drive.at
            return course.before * max(at - drive.at, 0) / ready
        gone, lasts = (at - drive.departs) * pace, drive.arrives - drive.departs
        if gone >= lasts:
            return course.before + (way.metres[-1] if lasts > 0 else 0)
        last, share = _along(way, gone / lasts)
        begins, ends = way.metres[last], way.metres[last + 1]
        return course.before + begins + (ends - begins) * share

    def _pace(self, drive: DriveRow, way: _Way, after: DriveRow) -> float:
        """
        Return how fast a drive was, of what its row says, if the next one says where it stopped.

        Where checkpoints took longer than expected, or less, a team is stopped at a node at another
        instant than that at which an undisturbed drive is there.
        """
        spot, travel = after.origin, self.travel
        lasted, lasts = after.at - drive.departs, drive.arrives - drive.departs
        if not isinstance(travel, Network) or after.departs != after.at:
            return 1.0
        if not isinstance(spot, int) or spot < travel.places or not 0 < lasted < lasts:
            return 1.0
        node, (last, _) = travel.node_at(spot), _along(way, lasted / lasts)
        there = [i for i, other in enumerate(way.nodes) if other == node]
        if not there:
            return 1.0
        stop = min(there, key=lambda i: abs(i - last))
        return way.passed[stop] * lasts / way.passed[-1] / lasted

    def _to_origin(self, course: _Course, drive: DriveRow, stood: int) -> float:
        """Return how far it is to the origin of a drive from where the one before led. [m]"""
        before, way, travel = course.drive, course.way, self.travel
        if drive.departs <= drive.at or not isinstance(travel, Network):
            return 0.0
        at, origin = min(drive.at, stood), drive.origin
        assert isinstance(origin, int)
        node = travel.node_at(origin)
        if at < before.departs:  # still on the way to where that drive was to begin
            return course.before - self._gone(course, at) if node == way.nodes[0] else 0.0
        if at >= before.arrives or before.arrives <= before.departs:
            return 0.0
        last, share = _along(way, (at - before.departs) / (before.arrives - before.departs))
        length = way.metres[last + 1] - way.metres[last]
        if node == way.nodes[last + 1]:
            return length * (1 - share)
        return length * share if node == way.nodes[last] else 0.0


def _along(way: _Way, share: float) -> tuple[int, float]:
    """Return which part of a way is under way by a share of its time, and the share behind."""
    if not way.passed:
        return 0, share
    gone = share * way.passed[-1]
    last = min(bisect_right(way.passed, gone) - 1, len(way.passed) - 2)
    begins, ends = way.passed[last], way.passed[last + 1]
    return last, min((gone - begins) / max(ends - begins, 1), 1.0)
