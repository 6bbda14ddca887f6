"""Which part of a road network is connected: with a route between any two of its nodes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from ..tables.table_rows import RoadEdge

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def largest_part(nodes: Sequence[str], edges: Iterable[RoadEdge]) -> set[str]:
    """Return the nodes of the largest part that is strongly connected; ties go to the first."""
    import numpy as np
    from scipy.sparse.csgraph import connected_components

    _, part = connected_components(_graph(nodes, edges), connection="strong")
    first = np.bincount(part)[part].argmax()  # a node of the largest, the first of equal ones
    return {nodes[int(i)] for i in np.flatnonzero(part == part[first])}


def pieces(nodes: Sequence[str], edges: Iterable[RoadEdge]) -> int:
    """Return into how many pieces some nodes fall, heedless of one-way roads."""
    from scipy.sparse.csgraph import connected_components

    known = set(nodes)
    among = [edge for edge in edges if edge.start in known and edge.end in known]
    number, _ = connected_components(_graph(nodes, among), directed=False)
    return int(number)


def _graph(nodes: Sequence[str], edges: Iterable[RoadEdge]) -> csr_array:
    """Return a 1 for each way from a node to another, by their places in ``nodes``."""
    # only who brings a network waits for SciPy: a check of other scenarios would take twice as long
    import numpy as np
    from scipy.sparse import coo_array

    place = {node: i for i, node in enumerate(nodes)}
    ends = [(place[edge.start], place[edge.end], edge.one_way) for edge in edges]
    flat = np.fromiter(chain.from_iterable(ends), dtype=np.int32, count=3 * len(ends))
    starts, stops, one_way = flat.reshape(-1, 3).T
    back = one_way == 0
    ways = (np.concatenate([starts, stops[back]]), np.concatenate([stops, starts[back]]))
    ones = np.ones(len(ways[0]), dtype=np.int8)
    return coo_array((ones, ways), shape=(len(nodes), len(nodes))).tocsr()
