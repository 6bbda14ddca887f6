"""
Roads in columns: what each costs and how long it takes, in a state of the network.

A network of half a million roads is worked out in arrays; a single road is looked up by its two
nodes, and those that were are kept. Of a small network all are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from sim.errors import InvalidDecision, PolicyError
from sim.scenario import RoadEdge, RoadNode

from .disrupted_roads import NetworkState, RoadDisruptions
from .travel import RoadView, Whole

COST_UNITS = 1000  # a road's cost is kept in whole thousandths, so that sums have no rounding
MOST_COST = 1e12  # of one road, as a rule gives it
FEW_ROADS = 10_000  # of a network whose roads are all kept by their nodes: 2 MB in each state

Routing = Callable[[Any], float | None]
"""
A rule that gives the cost of a ``RoadView``, or None for never; ways take the least cost.

In any unit, from 0 to ``MOST_COST``; called once for each road, direction and state.
"""


class Edges:
    """
    All roads of a network, each in both directions unless it is one-way.

    In columns: first every edge from start to end, in its row, then those that lead back.
    """

    def __init__(self, nodes: Sequence[RoadNode], edges: Sequence[RoadEdge]) -> None:
        count, index = len(edges), {node.id: i for i, node in enumerate(nodes)}
        self.nodes, self.rows = len(nodes), edges
        starts = np.fromiter((index[e.start] for e in edges), np.int64, count)
        ends = np.fromiter((index[e.end] for e in edges), np.int64, count)
        back = np.flatnonzero(np.fromiter((not e.one_way for e in edges), np.bool_, count))
        self.row = np.concatenate([np.arange(count), back])
        self.starts = np.concatenate([starts, ends[back]])
        self.ends = np.concatenate([ends, starts[back]])
        metres = np.fromiter((e.metres for e in edges), np.int64, count)
        self._numerator = (metres * 3600).astype(np.float64)
        self._kmh = np.fromiter((e.kmh for e in edges), np.float64, count)
        self._back = dict(zip(back.tolist(), range(count, count + len(back)), strict=True))

    def drives(self, share: float) -> Whole:
        """Return the time along each road at a share of its own speed; at least 1. [ms]"""
        own = np.rint(self._numerator / (self._kmh * share)).astype(np.int64)
        return np.asarray(np.maximum(own, 1)[self.row])

    def place_of(self, row: int, start: int) -> int:
        """Return where the edge of a row, driven from node ``start``, stands in the columns."""
        return row if self.starts[row] == start else self._back[row]


class OpenRoad(NamedTuple):
    """A road in one direction."""

    cost: int  # [COST_UNITS]
    drive: int  # [ms]
    row: int  # of its edge


class OpenRoads:
    """
    The roads that are open in a state; of parallel ones the cheapest, then the fastest.

    ``roads[a, b]`` is the road from node a to node b, by their numbers. A road's time contains the
    expected delays at its checkpoints; its standard deviation, as routing rules see it, does not.

    Parameters
    ----------
    edges
        All roads.
    state
        Speed, closures and checkpoints.
    routing
        What each road costs; None: its time. What it gives None for is not open.
    disruptions
        Which roads closures and checkpoints are about.
    travel_time_cv
        Standard deviation over mean of roads without an ``sd`` of their own.

    Raises
    ------
    PolicyError
        When the routing rule fails on a road, or gives what is no cost.

    """

    def __init__(
        self,
        edges: Edges,
        state: NetworkState,
        routing: Routing | None,
        disruptions: RoadDisruptions | None,
        travel_time_cv: float | None = None,
    ) -> None:
        drives, is_open = edges.drives(state.share), np.ones(len(edges.row), dtype=np.bool_)
        waits: dict[int, int] = {}  # at checkpoints
        if disruptions is not None:
            for row, start, end in disruptions.checks:
                passed = disruptions.passed(row, start, end, state.checks)
                waits[edges.place_of(row, start)] = sum(delay for _, delay in passed)
            for i, wait in waits.items():
                drives[i] += wait
            shut = [r for r, by in disruptions.closes.items() if not state.closed.isdisjoint(by)]
            is_open[np.isin(edges.row, shut)] = False
        self.is_by_time, costs = True, drives * COST_UNITS
        if routing is not None:
            costs = np.zeros(len(drives), dtype=np.int64)
            for i in np.argsort(edges.row, kind="stable").tolist():  # each road, there and back
                edge, drive = edges.rows[edges.row[i]], int(drives[i])
                sd = round((edge.sd or travel_time_cv or 0.0) * (drive - waits.get(i, 0)))
                cost = _cost(routing, edge, drive, sd)
                if cost is None:
                    is_open[i] = False
                else:
                    costs[i] = cost
            self.is_by_time = bool((costs == drives * COST_UNITS)[is_open].all())
        keys = edges.starts * edges.nodes + edges.ends
        order = np.flatnonzero(is_open)
        order = order[np.argsort(keys[order], kind="stable")]
        if (np.diff(keys[order]) == 0).any():
            order = order[np.lexsort((edges.row[order], drives[order], costs[order], keys[order]))]
            first = np.concatenate([[True], np.diff(keys[order]) != 0])
            order = order[first]
        self.nodes, self.keys = edges.nodes, keys[order]
        self.starts, self.ends = edges.starts[order], edges.ends[order]
        self.costs, self.drives, self.rows = costs[order], drives[order], edges.row[order]

    def __getitem__(self, ends: tuple[int, int]) -> OpenRoad:
        """
        Return the road from the one node to the other.

        Raises KeyError where no open road leads there directly.
        """
        found = self._find(ends)
        if found is None:
            raise KeyError(ends)
        return found

    def __contains__(self, ends: tuple[int, int]) -> bool:
        """Return whether a road leads from the one node to the other."""
        return self._find(ends) is not None

    @cached_property
    def are_two_way(self) -> bool:
        """Whether each leads back, too."""
        return np.array_equal(np.sort(self.ends * self.nodes + self.starts), self.keys)

    @cached_property
    def onward(self) -> list[list[tuple[int, int]]]:
        """Of each node those to which a road leads, each with the time along it. [ms]"""
        found: list[list[tuple[int, int]]] = [[] for _ in range(self.nodes)]
        columns = (self.starts.tolist(), self.ends.tolist(), self.drives.tolist())
        for start, end, drive in zip(*columns, strict=True):
            found[start].append((end, drive))
        return found

    def along(self, nodes: Sequence[int]) -> tuple[list[int], list[int]]:
        """
        Return of each road of a way its time [ms] and the row of its edge.

        Of a large network all at once: half as many steps as road by road, for ways that are asked
        for once.
        """
        if len(self.keys) <= FEW_ROADS:
            roads = [self._known[ends] for ends in pairwise(nodes)]
            return [road.drive for road in roads], [road.row for road in roads]
        ends = np.array(nodes, dtype=np.int64)
        i = self.keys.searchsorted(ends[:-1] * self.nodes + ends[1:])
        return self.drives[i].tolist(), self.rows[i].tolist()

    @cached_property
    def _known(self) -> dict[tuple[int, int], OpenRoad]:
        """Roads by their nodes: all of a small network, of a large one those asked for."""
        if len(self.keys) > FEW_ROADS:
            return {}
        columns = (self.starts, self.ends, self.costs, self.drives, self.rows)
        starts, ends, *of_road = (column.tolist() for column in columns)
        return dict(zip(zip(starts, ends, strict=True), map(OpenRoad, *of_road), strict=True))

    def _find(self, ends: tuple[int, int]) -> OpenRoad | None:
        found = self._known.get(ends)
        if found is None and len(self.keys) > FEW_ROADS:
            key = ends[0] * self.nodes + ends[1]
            i = int(np.searchsorted(self.keys, key))
            if i < len(self.keys) and self.keys[i] == key:
                road = (int(column[i]) for column in (self.costs, self.drives, self.rows))
                found = self._known[ends] = OpenRoad(*road)
        return found


def _cost(routing: Routing, edge: RoadEdge, drive: int, sd: int) -> int | None:
    """Return what a road costs by a routing rule; at least the least there is, so ways end."""
    road = RoadView(edge.metres, drive, sd, edge.exposure, not edge.no_go)
    rule = f"the routing rule {type(routing).__name__}"
    where = f"for the road from {edge.start!r} to {edge.end!r}"
    try:
        cost = routing(road)
        if cost is None:
            return None
        fits = type(cost) in (int, float) and 0 <= cost <= MOST_COST
    except InvalidDecision as error:
        raise PolicyError(f"{rule} failed {where}: it {error}") from error
    except Exception as error:
        raise PolicyError(f"{rule} raised {type(error).__name__} {where}: {error}") from error
    if not fits:
        raise PolicyError(
            f"{rule} answered {cost!r} {where}; a cost is a number from 0 to {MOST_COST:g}, "
            "or None for never"
        )
    return max(1, round(cost * COST_UNITS))
