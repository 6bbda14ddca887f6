"""
Getting about: travel times between places, and where a team is while it drives.

A *spot* is where a drive may begin: a place (0 to places - 1), a road node (places + node) or,
on straight lines, a point in metres. A drive takes the speed of the hour in which it begins.
All times are computed before the run, never in the event loop.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import cos, isqrt, radians
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sim.log import MS_PER_DAY, NO_WAY
from sim.scenario import PlaceRow, RoadEdge, RoadNode

Point = tuple[int, int]
Spot = int | Point
Matrix = list[list[int]]


Onward = tuple[int, Spot, int]
"""Time to the new place, through which spot, and time until it is there. [ms]"""


class Leg(Protocol):
    """The drive a team is on, or was on last. It may begin a little in the future."""

    origin: Spot
    destination: int
    departs: int
    arrives: int
    period: int


class Travel(Protocol):
    """Travel times as the engine asks for them."""

    times: list[Matrix]  # per period: place to place [ms], shape (places, places)

    def onward(self, leg: Leg, now: int, target: int, period: int) -> Onward:
        """Return how a team on ``leg`` would get to the place ``target``."""


def periods_of_day(night: tuple[int, int], differ: bool) -> list[int]:
    """Return for each minute of the day whether it is day (0) or night (1)."""
    begins, ends = night
    minutes = range(0, MS_PER_DAY, 60_000)
    if not differ:
        return [0 for _ in minutes]
    if begins <= ends:
        return [int(begins <= m < ends) for m in minutes]
    return [int(m >= begins or m < ends) for m in minutes]


class Table:
    """Travel times given as a table; a team on the road goes on or turns round."""

    def __init__(self, times: dict[tuple[str, str], int], places: Sequence[str]) -> None:
        self.times = [
            [
                [0 if a == b and (a, b) not in times else times.get((a, b), NO_WAY) for b in places]
                for a in places
            ]
        ]

    def onward(self, leg: Leg, now: int, target: int, period: int) -> Onward:
        """Return the sooner of going on to where it was bound and turning back."""
        times, origin = self.times[period], leg.origin
        assert isinstance(origin, int)
        if now < leg.departs:
            to_spot = leg.departs - now
            return to_spot + times[origin][target], origin, to_spot
        ahead, behind = leg.arrives - now, now - leg.departs
        if ahead < 0:
            ahead = 0
        on = ahead + times[leg.destination][target]
        back = behind + times[origin][target]
        return (back, origin, behind) if back < on else (on, leg.destination, ahead)


class StraightLines:
    """Straight lines times a detour factor; a team on the road is somewhere on its line."""

    def __init__(self, places: Sequence[PlaceRow], detour: float, kmh: Sequence[float]) -> None:
        self.points = to_metres([(p.lat or 0.0, p.lon or 0.0) for p in places])
        self.ms_per_metre = [detour * 3600 / speed for speed in kmh]
        self.times = [
            [[self._drive(a, b, period) for b in self.points] for a in self.points]
            for period in range(len(kmh))
        ]

    def _drive(self, a: Point, b: Point, period: int) -> int:
        metres = isqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2)
        return round(metres * self.ms_per_metre[period])

    def _point(self, spot: Spot) -> Point:
        return self.points[spot] if isinstance(spot, int) else spot

    def onward(self, leg: Leg, now: int, target: int, period: int) -> Onward:
        """Return the straight way from where it is."""
        (ax, ay), (bx, by) = self._point(leg.origin), self.points[leg.destination]
        whole = max(leg.arrives - leg.departs, 1)
        gone = min(max(now - leg.departs, 0), whole)
        here = (ax + (bx - ax) * gone // whole, ay + (by - ay) * gone // whole)
        return self._drive(here, self.points[target], period), here, 0


class Network:
    """
    A road network; a team on the road goes on to the next junction or turns back to the last.

    Times come from Dijkstra's algorithm run backwards from every place, so that the way from
    any node to any place, not only from places, is known before the run.
    """

    def __init__(
        self,
        places: Sequence[PlaceRow],
        nodes: Sequence[RoadNode],
        edges: Sequence[RoadEdge],
        shares: Sequence[float],
    ) -> None:
        self.node_of = nearest_nodes(places, nodes)
        self.places = len(places)
        drives = [drives_of(nodes, edges, share) for share in shares]
        self.roads = drives[0].keys()  # (from, to), by number of node
        self._arrays = [_backwards(self.node_of, len(nodes), each) for each in drives]
        self.times = [
            [[int(to[b, node]) for b in range(self.places)] for node in self.node_of]
            for to, _ in self._arrays
        ]
        self._ways: dict[tuple[int, Spot, int], tuple[list[int], list[int]]] = {}

    def _node(self, spot: Spot) -> int:
        assert isinstance(spot, int)
        return self.node_of[spot] if spot < self.places else spot - self.places

    def way(self, origin: Spot, destination: int, period: int) -> tuple[list[int], list[int]]:
        """Return the nodes from a spot to a place and the time at which each is passed. [ms]"""
        known = self._ways.get((period, origin, destination))
        if known is not None:
            return known
        to, following = self._arrays[period]
        node, goal = self._node(origin), self.node_of[destination]
        whole = int(to[destination, node])
        nodes, passed = [node], [0]
        while node != goal:
            node = int(following[destination, node])
            nodes.append(node)
            passed.append(whole - int(to[destination, node]))
        self._ways[period, origin, destination] = nodes, passed
        return nodes, passed

    def onward(self, leg: Leg, now: int, target: int, period: int) -> Onward:
        """Return the sooner of the ways through the next junction and through the last."""
        to = self._arrays[period][0]
        if now <= leg.departs:
            to_spot = leg.departs - now
            return to_spot + int(to[target, self._node(leg.origin)]), leg.origin, to_spot
        nodes, passed = self.way(leg.origin, leg.destination, leg.period)
        gone = min(now - leg.departs, passed[-1])
        last = bisect_right(passed, gone) - 1
        ahead = min(last + 1, len(nodes) - 1)
        on = self._via(nodes[ahead], passed[ahead] - gone, target, to)
        if gone > passed[last] and (nodes[ahead], nodes[last]) not in self.roads:
            return on  # a one-way road: nobody turns back on it
        back = self._via(nodes[last], gone - passed[last], target, to)
        return back if back[0] < on[0] else on

    def _via(self, node: int, to_node: int, target: int, to: npt.NDArray[np.int64]) -> Onward:
        return to_node + int(to[target, node]), self.places + node, to_node


def drives_of(
    nodes: Sequence[RoadNode], edges: Sequence[RoadEdge], share: float
) -> dict[tuple[int, int], int]:
    """Return the time along each road, at a share of its own speed. [ms]"""
    index = {node.id: i for i, node in enumerate(nodes)}
    fastest: dict[tuple[int, int], int] = {}
    for edge in edges:
        a, b = index[edge.start], index[edge.end]
        drive = max(1, round(edge.metres * 3600 / (edge.kmh * share)))
        for pair in ((a, b),) if edge.one_way else ((a, b), (b, a)):
            fastest[pair] = min(drive, fastest.get(pair, drive))  # of parallel roads the faster
    return fastest


def _backwards(
    goals: Sequence[int], nodes: int, drives: dict[tuple[int, int], int]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Return time from every node to every goal [ms] and the node that follows on the way."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    pairs = np.array(list(drives), dtype=np.int32).reshape(-1, 2)
    weights = np.array(list(drives.values()), dtype=np.float64)
    reverse = csr_array((weights, (pairs[:, 1], pairs[:, 0])), shape=(nodes, nodes))
    to, following = dijkstra(reverse, indices=list(goals), return_predecessors=True)
    return np.where(np.isinf(to), NO_WAY, to).astype(np.int64), following


def to_metres(coordinates: Sequence[tuple[float, float]]) -> list[Point]:
    """Return (lat, lon) as whole metres east and north: flat, which is fine for a region."""
    if not coordinates:
        return []
    middle = sum(lat for lat, _ in coordinates) / len(coordinates)
    shrink = cos(radians(middle))
    return [(round(lon * 111_320 * shrink), round(lat * 111_320)) for lat, lon in coordinates]


def nearest_nodes(places: Sequence[PlaceRow], nodes: Sequence[RoadNode]) -> list[int]:
    """Return for each place the road node nearest to it; the first of equals."""
    points = to_metres(
        [(n.lat, n.lon) for n in nodes] + [(p.lat or 0.0, p.lon or 0.0) for p in places]
    )
    grid = np.array(points[: len(nodes)], dtype=np.int64)
    return [int(((grid - np.array(p)) ** 2).sum(axis=1).argmin()) for p in points[len(nodes) :]]
