"""
A road network: the best ways on it for each state of its roads, and where a team is on one.

Assumptions: a place stands at the node nearest to it, and the way between the two is not counted
(``local_travel`` is what a scenario has for the way to the door); a drive has each road's own speed
times a share for the hour, with no congestion and no time lost at junctions or turns; teams do not
slow each other down.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from itertools import pairwise
from typing import Any, cast

import numpy as np

from sim.log import NO_ACCESS
from sim.scenario import PlaceRow, RoadEdge, RoadNode

from .best_ways import FEW_NODES, BestWays, best_ways, times_from
from .disrupted_roads import NetworkState, RoadDisruptions
from .road_graph import Edges, OpenRoads, Routing
from .travel import (
    NOTHING,
    CachedTravel,
    Leg,
    Passage,
    Rerouted,
    Route,
    Spot,
    to_metres,
)
from .travel_rows import Matrix, OnDemand, matrix

RoadChecks = Sequence[Sequence[tuple[int, int]]]
"""Of each road of a way: the checkpoints passed, each with its number and delay [ms]."""


class Network(CachedTravel):
    """
    A road network; a team on the road goes on to the next junction or turns back to the last.

    Routes have the least cost, which a routing rule gives for every road; without one it is the
    time. They come from Dijkstra's algorithm [1]_ run backwards from every place, so that the way
    from any node to any place, not only from places, is known. That takes memory in proportion to
    states, nodes and places. The ways of a state are worked out when they are first asked for.

    Parameters
    ----------
    node_of
        The number of the node at which each place stands. Shape (places,)
    nodes, edges
        The roads.
    states
        What travel times are worked out for; their order is that of the travel periods.
    routing
        What each road costs; None: its expected time.
    disruptions
        Which roads closures and checkpoints are about; None: there are neither.
    travel_time_cv
        Standard deviation of a drive over its mean; None: drives take their expected time. A road
        with an ``sd`` of its own has that in its place.

    Raises
    ------
    PolicyError
        When the routing rule fails on a road, or gives what is no cost.

    References
    ----------
    .. [1] E. W. Dijkstra, "A note on two problems in connexion with graphs", *Numer. Math.* 1,
       1959, 269-271.

    """

    def __init__(
        self,
        node_of: Sequence[int],
        nodes: Sequence[RoadNode],
        edges: Sequence[RoadEdge],
        states: Sequence[NetworkState],
        routing: Routing | None = None,
        disruptions: RoadDisruptions | None = None,
        travel_time_cv: float | None = None,
    ) -> None:
        self.node_of = node_of  # the node at which each place stands
        self.places = len(node_of)
        self.states, self.edges, self.disruptions = states, edges, disruptions
        self.travel_time_cv = travel_time_cv
        self.nodes = nodes
        every = Edges(nodes, edges)
        self.roads = [OpenRoads(every, s, routing, disruptions, travel_time_cv) for s in states]
        self._by_time = all(roads.is_by_time for roads in self.roads)
        self._best = OnDemand(len(states), self._find_best)
        self.times = cast("tuple[Matrix, ...]", OnDemand(len(states), self._matrix))
        self._ways: dict[tuple[int, Spot, int], tuple[list[int], list[int]]] = {}
        self._found: dict[tuple[int, Spot, int], Route] = {}
        self._rows: dict[tuple[int, int], tuple[int, ...]] = {}
        self._may_disrupt = (
            disruptions is not None
            or travel_time_cv is not None
            or any(edge.exposure for edge in edges)
        )

    @cached_property
    def has_gaps(self) -> bool:
        """Whether a way is missing between two places, in any state."""
        return any(bool((best.to[self.node_of] >= NO_ACCESS).any()) for best in self._best)

    def __getstate__(self) -> dict[str, Any]:
        """
        Return what other processes take over: the ways of all states, which they share in memory.

        Times between places stay here. The ways do not, which need by far the most memory; whoever
        asks for them here finds them worked out again.
        """
        tuple(self.times)  # works them out
        tuple(self._best)
        state = {**vars(self), "_best": self._best}
        self._best = OnDemand(len(self.states), self._find_best)
        return state

    def _find_best(self, period: int) -> BestWays:
        return best_ways(self.node_of, self.roads[period], self._by_time)

    def _matrix(self, period: int) -> Matrix:
        return matrix(
            self.places, len(self.states), partial(self._row, period), partial(self._column, period)
        )

    def _row(self, period: int, place: int) -> tuple[int, ...]:
        return tuple(self._best[period].to[self.node_of[place]].tolist())

    def _column(self, period: int, place: int) -> tuple[int, ...]:
        return tuple(self._best[period].to[self.node_of, place].tolist())

    def row(self, origin: int, period: int) -> Sequence[int]:
        """
        Return the times from a place to all. [ms], shape (places,)

        By a rule of routing the time is that of one of several cheapest ways, so they are found as
        for a run, and so are those on a large network.
        """
        if not self._by_time or len(self.nodes) > FEW_NODES:
            return self.times[period][origin]
        found = self._rows.get((period, origin))
        if found is None:
            times = times_from(self.node_of[origin], self.roads[period])
            found = self._rows[period, origin] = tuple(times[node] for node in self.node_of)
        return found

    @cached_property
    def node_numbers(self) -> dict[str, int]:
        """The numbers of nodes by their names."""
        return {node.id: i for i, node in enumerate(self.nodes)}

    def node_at(self, spot: Spot) -> int:
        """Return the number of the node at which a spot is."""
        assert isinstance(spot, int)
        return self.node_of[spot] if spot < self.places else spot - self.places

    def way(self, origin: Spot, destination: int, period: int) -> tuple[list[int], list[int]]:
        """
        Return the nodes from a spot to a place and the time at which each is passed. [ms]

        Expected time, from the start of the way, checkpoints included. There must be access.
        """
        known = self._ways.get((period, origin, destination))
        if known is not None:
            return known
        to, _, following = self._best[period]
        node, goal = self.node_at(origin), self.node_of[destination]
        whole = to.item(node, destination)
        nodes, passed = [node], [0]
        while node != goal:
            node = following.item(destination, node)
            nodes.append(node)
            passed.append(whole - to.item(node, destination))
        self._ways[period, origin, destination] = nodes, passed
        return nodes, passed

    def way_of(self, origin: Spot, destination: int, period: int) -> Route:
        """
        Return what disrupts the drive from a spot to a place, and how sure its time is.

        Standard deviations of roads add up, not their squares: an assumption. Roads of one way are
        slow together, as in rain or in the dark, so that a long way is no surer than a short one.
        """
        found = self._found.get((period, origin, destination))
        if found is None:
            found = self._find_route(origin, destination, period)
            self._found[period, origin, destination] = found
        return found

    def _find_route(self, origin: Spot, destination: int, period: int) -> Route:
        if not self._may_disrupt:
            return NOTHING
        nodes, passed = self.way(origin, destination, period)
        drives, rows = self.roads[period].along(nodes)
        in_force = self.states[period].checks
        checks: RoadChecks = [()] * len(rows)
        passages: tuple[Passage, ...] = ()
        if self.disruptions is not None and not self.disruptions.rows.isdisjoint(rows):
            find, concerned = self.disruptions.passed, self.disruptions.rows
            checks = [
                find(row, *ends, in_force) if row in concerned else ()
                for row, ends in zip(rows, pairwise(nodes), strict=True)
            ]
            passages = tuple(self._passages(nodes, passed, rows, checks))
        spread, exposure = self._summed(drives, rows, checks)
        return Route(passages, sum(passage.delay for passage in passages), spread, exposure)

    def _passages(
        self, nodes: Sequence[int], passed: Sequence[int], rows: Sequence[int], checks: RoadChecks
    ) -> Iterator[Passage]:
        assert self.disruptions is not None
        for at, node, row, passes in zip(passed, nodes, rows, checks, strict=False):
            closures = self.disruptions.closes.get(row, ())
            if closures and not passes:
                yield Passage(at, self.places + node, closures, None, 0)
            for check, delay in passes:  # one after the other
                yield Passage(at, self.places + node, closures, check, delay)
                at, closures = at + delay, ()

    def _summed(
        self, drives: Sequence[int], rows: Sequence[int], checks: RoadChecks
    ) -> tuple[int, int]:
        """Return the standard deviation of a way's time, which add up, and its exposure. [ms]"""
        sure, usual = self.travel_time_cv is None, self.travel_time_cv or 0.0
        spread = exposure = 0.0
        for drive, row, passes in zip(drives, rows, checks, strict=True):
            edge = self.edges[row]
            for _, delay in passes:
                drive -= delay
            spread += 0.0 if sure else drive * (edge.sd or usual)
            exposure += drive * edge.exposure
        return round(spread), round(exposure)

    def _junctions(self, leg: Leg, now: int) -> tuple[int, int, int, int, bool]:
        """Return the next junction and the time to it, the last and since, and if it may turn."""
        nodes, passed = self.way(leg.origin, leg.destination, leg.period)
        gone, lasts = now - leg.departs, leg.arrives - leg.departs
        if lasts > 0 and lasts != passed[-1]:  # the actual drive takes longer, or less
            gone = gone * passed[-1] // lasts
        gone = min(gone, passed[-1])
        last = bisect_right(passed, gone) - 1
        ahead = min(last + 1, len(nodes) - 1)
        since = gone - passed[last]
        if since == 0 and self.disruptions is not None:  # the road ahead may have closed
            return nodes[last], 0, nodes[last], 0, True
        # on a one-way road nobody turns back
        roads = self.roads[leg.period]
        turns = since == 0 or roads.are_two_way or (nodes[ahead], nodes[last]) in roads
        return nodes[ahead], passed[ahead] - gone, nodes[last], since, turns

    def reroute(self, leg: Leg, now: int, target: int, period: int) -> Rerouted:
        """
        Return the better of the ways through the next junction and through the last.

        "Better" is by the cost of the routing rule. On a one-way road only the next junction is in
        question, and so it is on a tie. Where a drive takes longer than expected, or less, the team
        is taken to be as far along its way, in expected time, as it is in actual time.
        """
        to = self._best[period].to
        if now <= leg.departs:
            to_spot = leg.departs - now
            return to_spot + to.item(self.node_at(leg.origin), target), leg.origin, to_spot
        ahead, until, last, since, turns = self._junctions(leg, now)
        on = until + to.item(ahead, target)
        if turns:
            back = since + to.item(last, target)
            if self._by_time:
                better = back < on
            else:
                costs = self._best[period].costs
                on_cost, back_cost = self._part_costs(leg.period, ahead, until, last, since)
                better = back_cost + costs.item(last, target) < on_cost + costs.item(ahead, target)
            if better:
                return back, self.places + last, since
        return on, self.places + ahead, until

    def drives(self, leg: Leg, now: int, period: int) -> tuple[int, ...]:
        """Return the time from where a team on ``leg`` is to every place. [ms]"""
        to = self._best[period].to
        if now <= leg.departs:
            return tuple((to[self.node_at(leg.origin)] + (leg.departs - now)).tolist())
        ahead, until, last, since, turns = self._junctions(leg, now)
        on = to[ahead] + until
        if not turns:
            return tuple(on.tolist())
        back = to[last] + since
        if self._by_time:
            return tuple(np.minimum(on, back).tolist())
        costs = self._best[period].costs
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


def nearest_nodes(places: Sequence[PlaceRow], nodes: Sequence[RoadNode]) -> list[int]:
    """
    Return for each place the number of the road node nearest to it; ties go to the first.

    In a straight line, over obstacles; ``check`` asks about places far from any node.
    """
    here = [(p.lat or 0.0, p.lon or 0.0) for p in places]
    points = np.array(to_metres([(n.lat, n.lon) for n in nodes] + here), dtype=np.int64)
    (east, north), own = points[: len(nodes)].T.copy(), points[len(nodes) :]
    return [int(((east - x) ** 2 + (north - y) ** 2).argmin()) for x, y in own.tolist()]
