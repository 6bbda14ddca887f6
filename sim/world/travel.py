"""
Getting about: travel times between places, and where a team is while it drives.

A *spot* is where a drive may begin: a place (0 to places - 1), a road node (places + node) or,
on straight lines, a point in metres. A drive takes the speed of the hour in which it begins.
All times are computed before the run, never in the event loop.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from math import cos, isqrt, radians
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from sim.errors import PolicyError
from sim.log import MS_PER_DAY, NO_WAY
from sim.scenario import PlaceRow, RoadEdge, RoadNode

if TYPE_CHECKING:
    from .closing import Hindrances, State

Point = tuple[int, int]
Spot = int | Point
Matrix = tuple[tuple[int, ...], ...]
Whole = npt.NDArray[np.int64]
Pair = tuple[int, int]

COST_UNITS = 1000  # a road's cost is kept in whole thousandths, so that sums have no rounding
MOST_COST = 1e12

Routing = Callable[[Any], float | None]
"""A rule that gives the cost of a ``Road``, or None for never; ways take the least cost."""


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

    times: tuple[Matrix, ...]  # per period: place to place [ms], shape (places, places)

    @property
    def memo(self) -> dict[Any, Any]:
        """What runs have worked out from the times and keep for the next run."""

    def onward(self, leg: Leg, now: int, target: int, period: int) -> Onward:
        """Return how a team on ``leg`` would get to the place ``target``."""

    def drives(self, leg: Leg, now: int, period: int) -> tuple[int, ...]:
        """Return the time from where a team on ``leg`` is to every place: as ``onward`` says."""

    def way_of(self, origin: Spot, destination: int, period: int) -> Way:
        """Return what stands in the way from a spot to a place, and how sure its time is."""


class Way(NamedTuple):
    """What a drive meets on its way."""

    passages: tuple[Passage, ...]  # roads that closures or checkpoints are about, in order
    delay: int  # expected at its checkpoints, counted in its time [ms]
    spread: int  # standard deviation of its time without them [ms]
    exposure: int  # declared exposure of its roads, each times the time on it [ms]


class Remembering:
    """A way of getting about that keeps what runs work out from it."""

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """What runs have worked out from the times and keep for the next run."""
        return {}


class Certain(Remembering):
    """A way of getting about without roads of its own: nothing stands in the way."""

    uncertainty = 0.0
    times: tuple[Matrix, ...]

    def way_of(self, origin: Spot, destination: int, period: int) -> Way:
        """Return that nothing stands in the way; the time varies by a share of itself."""
        if not self.uncertainty or not isinstance(origin, int):
            return NOTHING
        return Way((), 0, round(self.uncertainty * self.times[period][origin][destination]), 0)


class Passage(NamedTuple):
    """A road on a way that a closure or a checkpoint of the scenario is about."""

    at: int  # expected time from the start of the way to where the road begins [ms]
    spot: Spot  # the node there
    closures: tuple[int, ...]  # those that close this road while they are in force
    checkpoint: int | None
    delay: int  # expected at the checkpoint, as it is counted in the way's time [ms]


NOTHING = Way((), 0, 0, 0)


class Road(NamedTuple):
    """A road in one direction, as routing rules see it."""

    metres: int
    drive: int  # expected time along it [ms]
    sd: int  # standard deviation of that time [ms]
    exposure: float  # declared danger, 0 none
    open: bool  # False: a no-go road


def periods_of_day(night: tuple[int, int], differ: bool) -> list[int]:
    """Return for each minute of the day whether it is day (0) or night (1)."""
    begins, ends = night
    minutes = range(0, MS_PER_DAY, 60_000)
    if not differ:
        return [0 for _ in minutes]
    if begins <= ends:
        return [int(begins <= m < ends) for m in minutes]
    return [int(m >= begins or m < ends) for m in minutes]


class Table(Certain):
    """Travel times given as a table; a team on the road goes on or turns round."""

    def __init__(self, times: dict[tuple[str, str], int], places: Sequence[str]) -> None:
        table = tuple(
            tuple(
                0 if a == b and (a, b) not in times else times.get((a, b), NO_WAY) for b in places
            )
            for a in places
        )
        self.times: tuple[Matrix, ...] = (table,)

    def onward(self, leg: Leg, now: int, target: int, period: int) -> Onward:
        """Return the sooner of going on to where it was bound and turning back."""
        times, origin = self.times[period], leg.origin
        assert isinstance(origin, int)
        if now < leg.departs:
            to_spot = leg.departs - now
            return to_spot + times[origin][target], origin, to_spot
        ahead, behind = self._parts(leg, now)
        on = ahead + times[leg.destination][target]
        back = behind + times[origin][target]
        return (back, origin, behind) if back < on else (on, leg.destination, ahead)

    def drives(self, leg: Leg, now: int, period: int) -> tuple[int, ...]:
        """Return the time from where a team on ``leg`` is to every place. [ms]"""
        times, origin = self.times[period], leg.origin
        assert isinstance(origin, int)
        if now < leg.departs:
            to_spot = leg.departs - now
            return tuple([to_spot + time for time in times[origin]])
        ahead, behind = self._parts(leg, now)
        ways = zip(times[leg.destination], times[origin], strict=True)
        return tuple([min(ahead + on, behind + back) for on, back in ways])

    def _parts(self, leg: Leg, now: int) -> tuple[int, int]:
        """Return the expected time ahead on a drive and the time back, by how far it has gone."""
        lasts, behind = leg.arrives - leg.departs, now - leg.departs
        assert isinstance(leg.origin, int)
        whole = self.times[leg.period][leg.origin][leg.destination]
        if not self.uncertainty or lasts <= 0 or whole >= NO_WAY:
            return max(lasts - behind, 0), behind
        gone = min(behind * whole // lasts, whole)
        return whole - gone, gone


class StraightLines(Certain):
    """Straight lines times a detour factor; a team on the road is somewhere on its line."""

    def __init__(self, places: Sequence[PlaceRow], detour: float, kmh: Sequence[float]) -> None:
        self.points = to_metres([(p.lat or 0.0, p.lon or 0.0) for p in places])
        self.ms_per_metre = [detour * 3600 / speed for speed in kmh]
        self.times: tuple[Matrix, ...] = tuple(
            tuple(tuple(self._drive(a, b, period) for b in self.points) for a in self.points)
            for period in range(len(kmh))
        )
        self._east, self._north = np.array(self.points, dtype=np.int64).reshape(-1, 2).T

    def _drive(self, a: Point, b: Point, period: int) -> int:
        metres = isqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2)
        return round(metres * self.ms_per_metre[period])

    def _point(self, spot: Spot) -> Point:
        return self.points[spot] if isinstance(spot, int) else spot

    def _here(self, leg: Leg, now: int) -> Point:
        (ax, ay), (bx, by) = self._point(leg.origin), self.points[leg.destination]
        whole = max(leg.arrives - leg.departs, 1)
        gone = min(max(now - leg.departs, 0), whole)
        return ax + (bx - ax) * gone // whole, ay + (by - ay) * gone // whole

    def onward(self, leg: Leg, now: int, target: int, period: int) -> Onward:
        """Return the straight way from where it is."""
        here = self._here(leg, now)
        return self._drive(here, self.points[target], period), here, 0

    def drives(self, leg: Leg, now: int, period: int) -> tuple[int, ...]:
        """Return the time from where a team on ``leg`` is to every place. [ms]"""
        x, y = self._here(leg, now)
        # floor and rint give what isqrt and round give: squares of distances on Earth are < 2^52
        metres = np.floor(np.sqrt((self._east - x) ** 2 + (self._north - y) ** 2))
        return tuple(np.rint(metres * self.ms_per_metre[period]).astype(np.int64).tolist())


class Network(Remembering):
    """
    A road network; a team on the road goes on to the next junction or turns back to the last.

    Ways take the least cost, which a routing rule gives for every road; without one it is the
    time. They come from Dijkstra's algorithm run backwards from every place, so that the way
    from any node to any place, not only from places, is known before the run.
    """

    def __init__(
        self,
        places: Sequence[PlaceRow],
        nodes: Sequence[RoadNode],
        edges: Sequence[RoadEdge],
        states: Sequence[State],
        routing: Routing | None = None,
        hindrances: Hindrances | None = None,
        uncertainty: float | None = None,
    ) -> None:
        self.node_of = nearest_nodes(places, nodes)
        self.places = len(places)
        self.states, self.edges, self.hindrances = states, edges, hindrances
        self.uncertainty = uncertainty
        self.roads = [roads_of(nodes, edges, s, routing, hindrances) for s in states]
        self._by_time = all(
            cost == drive * COST_UNITS for roads in self.roads for cost, drive, _ in roads.values()
        )
        ways = [_backwards(self.node_of, len(nodes), r, self._by_time) for r in self.roads]
        self._to = [to for to, _, _ in ways]  # time to each place, shape (nodes, places) [ms]
        self._costs = [costs for _, costs, _ in ways]
        self._following = [following for _, _, following in ways]
        self.times: tuple[Matrix, ...] = tuple(
            tuple(tuple(to[node].tolist()) for node in self.node_of) for to in self._to
        )
        self._ways: dict[tuple[int, Spot, int], tuple[list[int], list[int]]] = {}
        self._found: dict[tuple[int, Spot, int], Way] = {}

    def _node(self, spot: Spot) -> int:
        assert isinstance(spot, int)
        return self.node_of[spot] if spot < self.places else spot - self.places

    def way(self, origin: Spot, destination: int, period: int) -> tuple[list[int], list[int]]:
        """Return the nodes from a spot to a place and the time at which each is passed. [ms]"""
        known = self._ways.get((period, origin, destination))
        if known is not None:
            return known
        to, following = self._to[period], self._following[period]
        node, goal = self._node(origin), self.node_of[destination]
        whole = int(to[node, destination])
        nodes, passed = [node], [0]
        while node != goal:
            node = int(following[destination, node])
            nodes.append(node)
            passed.append(whole - int(to[node, destination]))
        self._ways[period, origin, destination] = nodes, passed
        return nodes, passed

    def _roads_of_way(self, origin: Spot, goal: int, period: int) -> list[tuple[int, int, int]]:
        """Return node, next node and row of the edge of each road of a way."""
        nodes, roads = self.way(origin, goal, period)[0], self.roads[period]
        return [(a, b, roads[a, b][2]) for a, b in pairwise(nodes)]

    def way_of(self, origin: Spot, destination: int, period: int) -> Way:
        """Return what stands in the way from a spot to a place, and how sure its time is."""
        found = self._found.get((period, origin, destination))
        if found is None:
            passages = tuple(self._find_passages(origin, destination, period))
            spread, exposure = self._summed(origin, destination, period)
            delay = sum(passage.delay for passage in passages)
            found = self._found[period, origin, destination] = Way(
                passages, delay, spread, exposure
            )
        return found

    def _find_passages(self, origin: Spot, goal: int, period: int) -> Iterator[Passage]:
        if self.hindrances is None:
            return
        passed, in_force = self.way(origin, goal, period)[1], self.states[period].checks
        for at, (a, b, row) in zip(passed, self._roads_of_way(origin, goal, period), strict=False):
            closures = self.hindrances.closes.get(row, ())
            check, delay = self.hindrances.checks.get((row, a, b), (None, 0))
            if check is not None and check not in in_force:
                check, delay = None, 0
            if closures or check is not None:
                yield Passage(at, self.places + a, closures, check, delay)

    def _summed(self, origin: Spot, goal: int, period: int) -> tuple[int, int]:
        """Return the standard deviation of a way's time, which add up, and its exposure. [ms]"""
        checks = {} if self.hindrances is None else self.hindrances.checks
        in_force, sure = self.states[period].checks, self.uncertainty is None
        spread = exposure = 0.0
        for a, b, row in self._roads_of_way(origin, goal, period):
            edge, drive = self.edges[row], self.roads[period][a, b][1]
            check, delay = checks.get((row, a, b), (None, 0))
            if check in in_force:
                drive -= delay
            spread += 0.0 if sure else drive * (edge.sd or self.uncertainty or 0.0)
            exposure += drive * edge.exposure
        return round(spread), round(exposure)

    def _junctions(self, leg: Leg, now: int) -> tuple[int, int, int, int, bool]:
        """Return the next junction and the time to it, the last and since, and if it may turn."""
        nodes, passed = self.way(leg.origin, leg.destination, leg.period)
        gone, lasts = now - leg.departs, leg.arrives - leg.departs
        if lasts > 0 and lasts != passed[-1]:  # in truth it takes longer, or less
            gone = gone * passed[-1] // lasts
        gone = min(gone, passed[-1])
        last = bisect_right(passed, gone) - 1
        ahead = min(last + 1, len(nodes) - 1)
        since = gone - passed[last]
        if since == 0 and self.hindrances is not None:  # the road ahead may have closed
            return nodes[last], 0, nodes[last], 0, True
        # on a one-way road nobody turns back
        turns = since == 0 or (nodes[ahead], nodes[last]) in self.roads[leg.period]
        return nodes[ahead], passed[ahead] - gone, nodes[last], since, turns

    def onward(self, leg: Leg, now: int, target: int, period: int) -> Onward:
        """Return the better of the ways through the next junction and through the last."""
        to = self._to[period]
        if now <= leg.departs:
            to_spot = leg.departs - now
            return to_spot + int(to[self._node(leg.origin), target]), leg.origin, to_spot
        ahead, until, last, since, turns = self._junctions(leg, now)
        on = until + int(to[ahead, target])
        if turns:
            back = since + int(to[last, target])
            if self._by_time:
                better = back < on
            else:
                costs = self._costs[period]
                on_cost, back_cost = self._part_costs(leg.period, ahead, until, last, since)
                better = back_cost + int(costs[last, target]) < on_cost + int(costs[ahead, target])
            if better:
                return back, self.places + last, since
        return on, self.places + ahead, until

    def drives(self, leg: Leg, now: int, period: int) -> tuple[int, ...]:
        """Return the time from where a team on ``leg`` is to every place. [ms]"""
        to = self._to[period]
        if now <= leg.departs:
            return tuple((to[self._node(leg.origin)] + (leg.departs - now)).tolist())
        ahead, until, last, since, turns = self._junctions(leg, now)
        on = to[ahead] + until
        if not turns:
            return tuple(on.tolist())
        back = to[last] + since
        if self._by_time:
            return tuple(np.minimum(on, back).tolist())
        costs = self._costs[period]
        on_cost, back_cost = self._part_costs(leg.period, ahead, until, last, since)
        better = costs[last] + back_cost < costs[ahead] + on_cost
        return tuple(np.where(better, back, on).tolist())

    def _part_costs(
        self, period: int, ahead: int, until: int, last: int, since: int
    ) -> tuple[int, int]:
        """Return what the rest of a road costs, and what the part behind costs to go back."""
        if ahead == last:
            return 0, 0
        cost, drive, _ = self.roads[period][last, ahead]
        return cost * until // drive, cost * since // drive


def roads_of(
    nodes: Sequence[RoadNode],
    edges: Sequence[RoadEdge],
    state: State,
    routing: Routing | None,
    hindrances: Hindrances | None,
) -> dict[Pair, tuple[int, int, int]]:
    """Return cost [COST_UNITS], time [ms] and row of each road that is open in a state."""
    index = {node.id: i for i, node in enumerate(nodes)}
    closes, checks = ({}, {}) if hindrances is None else (hindrances.closes, hindrances.checks)
    roads: dict[Pair, tuple[int, int, int]] = {}
    for row, edge in enumerate(edges):
        if row in closes and not state.closed.isdisjoint(closes[row]):
            continue
        a, b = index[edge.start], index[edge.end]
        own = max(1, round(edge.metres * 3600 / (edge.kmh * state.share)))
        for pair in ((a, b),) if edge.one_way else ((a, b), (b, a)):
            check, delay = checks.get((row, *pair), (None, 0))
            drive = own + delay if check in state.checks else own
            cost = drive * COST_UNITS if routing is None else _cost(routing, edge, drive)
            if cost is not None:  # of parallel roads the cheaper, then the faster, then the first
                roads[pair] = min((cost, drive, row), roads.get(pair, (cost, drive, row)))
    return roads


def _cost(routing: Routing, edge: RoadEdge, drive: int) -> int | None:
    """Return what a road costs by a routing rule; at least the least there is, so ways end."""
    road = Road(edge.metres, drive, round(edge.sd * drive), edge.exposure, not edge.no_go)
    rule = f"the routing rule {type(routing).__name__}"
    where = f"for the road from {edge.start!r} to {edge.end!r}"
    try:
        cost = routing(road)
        if cost is None:
            return None
        fits = 0 <= cost <= MOST_COST
    except Exception as error:
        raise PolicyError(f"{rule} raised {type(error).__name__} {where}: {error}") from error
    if not fits:
        raise PolicyError(
            f"{rule} answered {cost!r} {where}; a cost is a number from 0 to {MOST_COST:g}, "
            "or None for never"
        )
    return max(1, round(cost * COST_UNITS))


def _backwards(
    goals: Sequence[int], nodes: int, roads: dict[Pair, tuple[int, int, int]], by_time: bool
) -> tuple[Whole, Whole, npt.NDArray[np.int32]]:
    """
    Return the cheapest ways from every node to every goal.

    Their times [ms] and costs [COST_UNITS; by time: ms], shape (nodes, goals), and the node that
    follows on each, shape (goals, nodes).
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    pairs = np.array(list(roads), dtype=np.int32).reshape(-1, 2)
    both = np.array(list(roads.values()), dtype=np.int64).reshape(-1, 3)
    weights = both[:, 1 if by_time else 0].astype(np.float64)
    reverse = csr_array((weights, (pairs[:, 1], pairs[:, 0])), shape=(nodes, nodes))
    found, following = dijkstra(reverse, indices=list(goals), return_predecessors=True)
    costs = np.where(np.isinf(found), NO_WAY, found).astype(np.int64)
    times = costs if by_time else _times_along(following, pairs, both[:, 1])
    times[costs >= NO_WAY] = NO_WAY
    return np.ascontiguousarray(times.T), np.ascontiguousarray(costs.T), following


def _times_along(following: npt.NDArray[np.int32], pairs: npt.NDArray[Any], drives: Whole) -> Whole:
    """Return the time of each way, of which ``following`` gives node after node. [ms]"""
    goals, nodes = following.shape
    here = np.broadcast_to(np.arange(nodes), (goals, nodes))
    ends = following < 0  # at the goal, or where there is no way
    onto = np.where(ends, here, following).astype(np.int64)
    keys = pairs[:, 0].astype(np.int64) * nodes + pairs[:, 1]
    order = np.argsort(keys)
    times = np.zeros((goals, nodes), dtype=np.int64)
    road = np.searchsorted(keys, (here * nodes + onto)[~ends], sorter=order)
    times[~ends] = drives[order[road]]
    while True:  # each round doubles the stretch that ``times`` covers, from a node to ``onto``
        further = np.take_along_axis(onto, onto, axis=1)
        if np.array_equal(further, onto):
            return times
        times += np.take_along_axis(times, onto, axis=1)
        onto = further


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
