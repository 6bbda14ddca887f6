"""
Which closed roads separate one place from another.

For explanations only ("no access by which closure"): no run asks this. What separates two places
may be more than one closure, and all that would matter are named, not the fewest that would do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from .network import Network
from .travel import Travel

_Ways = Mapping[int, list[tuple[int, int]]]  # by node: the next ones, and the rows of the edges


def separating(travel: Travel, origin: int, goal: int, closed: Collection[int]) -> tuple[int, ...]:
    """
    Return those of some closures by which a place has no access to another.

    They are on the roads that leave the part of the network which can be reached, and from whose
    other end the goal could be reached without going back into it. Empty where there is access, or
    no network with closures.

    Parameters
    ----------
    travel
        The world's.
    origin, goal
        Numbers of two places.
    closed
        Numbers of the closures in force; only these are in question.

    Returns
    -------
    tuple
        Numbers of closures, ascending.

    """
    if not isinstance(travel, Network) or travel.disruptions is None:
        return ()
    shut = {row for row, by in travel.disruptions.closes.items() if not set(by).isdisjoint(closed)}
    onward, backward = _ways(travel)
    here, there = travel.node_of[origin], travel.node_of[goal]
    inside = _reached(here, onward, shut, set())
    if there in inside:
        return ()
    outside = _reached(there, backward, set(), inside)
    rows = [
        row
        for node in sorted(inside)
        for end, row in onward[node]
        if row in shut and end in outside
    ]
    met = {by for row in rows for by in travel.disruptions.closes[row] if by in closed}
    return tuple(sorted(met))


def _ways(travel: Network) -> tuple[_Ways, _Ways]:
    """Return the roads by the node where they begin, and by the node where they end."""
    onward, backward = (defaultdict[int, list[tuple[int, int]]](list) for _ in range(2))
    for start, end, row in _roads(travel):
        onward[start].append((end, row))
        backward[end].append((start, row))
    return onward, backward


def _roads(travel: Network) -> Iterator[tuple[int, int, int]]:
    index = travel.node_numbers
    for row, edge in enumerate(travel.edges):
        start, end = index[edge.start], index[edge.end]
        yield start, end, row
        if not edge.one_way:
            yield end, start, row


def _reached(node: int, ways: _Ways, shut: Collection[int], without: Collection[int]) -> set[int]:
    """Return the nodes that are reached from one without some roads and some nodes."""
    found, waiting = {node}, [node]
    while waiting:
        for following, row in ways[waiting.pop()]:
            if row not in shut and following not in found and following not in without:
                found.add(following)
                waiting.append(following)
    return found
