"""
The cheapest ways on the roads that are open, from every node to every place.

`best_ways` is what runs are made with. `times_from` gives the same times from one place: an
explanation asks for those of a few bases, and on a small network has them before SciPy is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.log import NO_ACCESS

from .road_graph import OpenRoads
from .travel import Whole

WORKED_ON = 2_000_000  # ways at a time, which take 16 to 60 bytes each until they are found
FEW_NODES = 1_000  # of a network on which the times from some forty places are had sooner alone


class BestWays(NamedTuple):
    """The cheapest way from every node to every place, in one state of the roads."""

    to: Whole  # its time [ms], shape (nodes, places)
    costs: Whole  # what it costs [COST_UNITS; by time: ms], shape (nodes, places)
    following: npt.NDArray[np.int32]  # the node that follows on it, shape (places, nodes)


def best_ways(goals: Sequence[int], roads: OpenRoads, by_time: bool) -> BestWays:
    """Return the cheapest ways to some nodes; ``by_time``: a road costs the time it takes."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    weights = (roads.drives if by_time else roads.costs).astype(np.float64)
    reverse = csr_array((weights, (roads.ends, roads.starts)), shape=(roads.nodes, roads.nodes))
    to = np.empty((roads.nodes, len(goals)), np.int64)
    costs = to if by_time else np.empty_like(to)
    following = np.empty((len(goals), roads.nodes), np.int32)
    at_once = max(WORKED_ON // roads.nodes, 1)
    for first in range(0, len(goals), at_once):
        some = slice(first, first + at_once)
        found, onto = dijkstra(reverse, indices=goals[some], return_predecessors=True)
        found[np.isinf(found)] = NO_ACCESS
        following[some], costs[:, some] = onto, found.T
        if not by_time:
            times = _times_along(onto, roads)
            times[found >= NO_ACCESS] = NO_ACCESS
            to[:, some] = times.T
    return BestWays(to, costs, following)


def times_from(node: int, roads: OpenRoads) -> list[int]:
    """
    Return the time of the fastest way from a node to every other. [ms], shape (nodes,)

    Those of ``best_ways`` by time: of several fastest ways, all have the same time.
    """
    times, waiting, onward = [NO_ACCESS] * roads.nodes, [(0, node)], roads.onward
    times[node] = 0
    while waiting:
        passed, here = heappop(waiting)
        if passed > times[here]:  # it was reached sooner on another way
            continue
        for end, drive in onward[here]:
            if (time := passed + drive) < times[end]:
                times[end] = time
                heappush(waiting, (time, end))
    return times


def _times_along(following: npt.NDArray[np.int32], roads: OpenRoads) -> Whole:
    """Return the time of each way, of which ``following`` gives node after node. [ms]"""
    goals, nodes = following.shape
    here = np.broadcast_to(np.arange(nodes), (goals, nodes))
    ends = following < 0  # at the goal, or where there is no access
    onto = np.where(ends, here, following).astype(np.int64)
    times = np.zeros((goals, nodes), dtype=np.int64)
    road = np.searchsorted(roads.keys, (here * nodes + onto)[~ends])
    times[~ends] = roads.drives[road]
    while True:  # each round doubles the stretch that ``times`` covers, from a node to ``onto``
        further = np.take_along_axis(onto, onto, axis=1)
        if np.array_equal(further, onto):
            return times
        times += np.take_along_axis(times, onto, axis=1)
        onto = further
