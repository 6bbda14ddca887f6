"""Which part of a road network is connected: with a route between any two of its nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .table_rows import RoadEdge

Ways = Mapping[str, Sequence[str]]


def largest_part(nodes: Sequence[str], edges: Iterable[RoadEdge]) -> set[str]:
    """Return the nodes of the largest part that is strongly connected; ties go to the first."""
    ahead: dict[str, list[str]] = {node: [] for node in nodes}
    behind = {node: [] for node in nodes} if any(e.one_way for e in edges) else ahead
    for edge in edges:
        ahead[edge.start].append(edge.end)
        if behind is not ahead:
            behind[edge.end].append(edge.start)
        if not edge.one_way:
            ahead[edge.end].append(edge.start)
            if behind is not ahead:
                behind[edge.start].append(edge.end)
    # of real networks nearly all is one part, and then two searches from its midst find it
    midst = nodes[len(nodes) // 2]
    part = _reached(midst, ahead)
    if behind is not ahead:
        part &= _reached(midst, behind)
    if 2 * len(part) > len(nodes):
        return part
    parts = _parts(nodes, ahead, behind)
    return max(parts, key=len)


def pieces(nodes: Sequence[str], edges: Iterable[RoadEdge]) -> int:
    """Return into how many pieces some nodes fall, heedless of one-way roads."""
    ways: dict[str, list[str]] = {node: [] for node in nodes}
    for edge in edges:
        if edge.start in ways and edge.end in ways:
            ways[edge.start].append(edge.end)
            ways[edge.end].append(edge.start)
    seen: set[str] = set()
    count = 0
    for node in nodes:
        if node not in seen:
            seen |= _reached(node, ways)
            count += 1
    return count


def _reached(start: str, ways: Ways) -> set[str]:
    reached, open_ends = {start}, [start]
    while open_ends:
        for node in ways[open_ends.pop()]:
            if node not in reached:
                reached.add(node)
                open_ends.append(node)
    return reached


def _parts(nodes: Sequence[str], ahead: Ways, behind: Ways) -> list[set[str]]:
    """Return all strongly connected parts, in the order of their first nodes (Kosaraju, Sharir)."""
    seen: set[str] = set()
    left: list[str] = []  # in the order in which a search in depth leaves them
    for root in nodes:
        if root in seen:
            continue
        seen.add(root)
        path = [(root, iter(ahead[root]))]
        while path:
            node, reroute = path[-1]
            new = next((n for n in reroute if n not in seen), None)
            if new is None:
                left.append(node)
                path.pop()
            else:
                seen.add(new)
                path.append((new, iter(ahead[new])))
    taken: set[str] = set()
    parts = []
    for root in reversed(left):
        if root in taken:
            continue
        taken.add(root)
        part, open_ends = {root}, [root]
        while open_ends:
            for node in behind[open_ends.pop()]:
                if node not in taken:
                    taken.add(node)
                    part.add(node)
                    open_ends.append(node)
        parts.append(part)
    place = {node: i for i, node in enumerate(nodes)}
    return sorted(parts, key=lambda part: min(place[n] for n in part))
