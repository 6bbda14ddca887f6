"""Which roads a closure is about: one edge, a named road or a stretch of it, or an area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush
from math import cos, radians

from ..fields.disruption_models import Closure
from ..tables.table_rows import PlaceRow, RoadEdge, RoadNode


class Stretches:
    """Finds the roads of closures on a network; places stand at their nearest nodes."""

    def __init__(
        self,
        places: Sequence[PlaceRow],
        snapped: Mapping[str, str],
        nodes: Sequence[RoadNode],
        edges: Sequence[RoadEdge],
    ) -> None:
        self.places = {place.name: place for place in places}
        self.snapped, self.edges = snapped, edges
        self.nodes = {node.id: node for node in nodes}

    def closed_by(self, closure: Closure) -> list[int]:
        """Return the rows of the edges that a closure closes; none where it finds no road."""
        edges = self.edges
        if closure.edge is not None:
            return [i for i, e in enumerate(edges) if {e.start, e.end} == {*closure.edge}]
        if closure.area is not None:
            return [i for i, e in enumerate(edges) if self._is_in(e, closure.area)]
        rows = [i for i, e in enumerate(edges) if closure.road in (None, e.road)]
        if closure.between is None or not rows:
            return rows
        start, goal = (self._end(name, closure.road, rows) for name in closure.between)
        by_length = closure.road is not None
        way = self._way(rows, start, goal, by_length)
        if way and not any(edges[row].one_way for row in way):
            return way
        # a road may have a row of its own for each direction, as motorways have
        return list(dict.fromkeys([*way, *self._way(rows, goal, start, by_length)]))

    def _is_in(self, edge: RoadEdge, area: Sequence[tuple[float, float]]) -> bool:
        a, b = self.nodes[edge.start], self.nodes[edge.end]
        points = (a.lat, a.lon), (b.lat, b.lon), ((a.lat + b.lat) / 2, (a.lon + b.lon) / 2)
        return any(is_inside(point, area) for point in points)

    def _end(self, name: str, road: str | None, rows: Sequence[int]) -> str:
        """Return a place's node; of a named road, the node of it that is nearest to the place."""
        if road is None:
            return self.snapped[name]
        place = self.places[name]
        lat, lon = place.lat or 0.0, place.lon or 0.0
        shrink = cos(radians(lat))

        def far(node: str) -> tuple[float, str]:
            there = self.nodes[node]
            return (there.lat - lat) ** 2 + ((there.lon - lon) * shrink) ** 2, node

        return min({end for i in rows for end in (self.edges[i].start, self.edges[i].end)}, key=far)

    def _way(self, rows: Iterable[int], start: str, goal: str, by_length: bool) -> list[int]:
        """Return the edges of the shortest or fastest way between two nodes by some edges."""
        ways: dict[str, list[tuple[str, float, int]]] = {}
        for row in rows:
            edge = self.edges[row]
            cost = edge.metres if by_length else edge.metres / edge.kmh
            ways.setdefault(edge.start, []).append((edge.end, cost, row))
            if not edge.one_way:
                ways.setdefault(edge.end, []).append((edge.start, cost, row))
        came: dict[str, tuple[int, str]] = {}
        queue: list[tuple[float, str, int, str]] = [(0.0, start, -1, "")]
        while queue:
            cost, node, row, before = heappop(queue)
            if node in came:
                continue
            came[node] = row, before
            if node == goal:
                break
            for there, more, edge_row in ways.get(node, ()):
                if there not in came:
                    heappush(queue, (cost + more, there, edge_row, node))
        found, node = [], goal
        while node in came and node != start:
            row, node = came[node]
            found.append(row)
        return found


def is_inside(point: tuple[float, float], corners: Sequence[tuple[float, float]]) -> bool:
    """Return whether a point (lat, lon) lies in a polygon: a ray from it crosses an odd number."""
    lat, lon = point
    inside = False
    for (lat_a, lon_a), (lat_b, lon_b) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if (lat_a > lat) != (lat_b > lat):
            crosses = lon_a + (lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
            inside ^= lon < crosses
    return inside
