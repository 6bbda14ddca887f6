"""Distances on the globe, and the road node that is nearest to a point."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt

from .table_rows import RoadNode

EARTH_RADIUS = 6_371_008.8  # mean, as IUGG gives it [m]
METRES_PER_DEGREE = radians(1) * EARTH_RADIUS


def distance(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance between two points in degrees (haversine). [m]"""
    north = sin(radians(other_lat - lat) / 2) ** 2
    east = sin(radians(other_lon - lon) / 2) ** 2
    chord = north + cos(radians(lat)) * cos(radians(other_lat)) * east
    return 2 * EARTH_RADIUS * asin(sqrt(min(1.0, chord)))


class NodeIndex:
    """Finds the nearest road node by searching outwards from a latitude."""

    def __init__(self, nodes: Sequence[RoadNode]) -> None:
        self.nodes = sorted(nodes, key=lambda n: n.lat)
        self.lats = [n.lat for n in self.nodes]

    def nearest(self, lat: float, lon: float) -> tuple[RoadNode, float]:
        """Return the nearest node and its distance. [m]"""
        at = bisect_left(self.lats, lat)
        best, least = self.nodes[min(at, len(self.nodes) - 1)], float("inf")
        for side in (range(at, len(self.nodes)), range(at - 1, -1, -1)):
            for i in side:
                if abs(self.lats[i] - lat) * METRES_PER_DEGREE >= least:
                    break
                away = distance(lat, lon, self.lats[i], self.nodes[i].lon)
                if away < least:
                    best, least = self.nodes[i], away
        return best, least
