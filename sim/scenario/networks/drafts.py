"""A road network as a file gives it, before stray parts are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..tables.table_rows import RoadEdge, RoadNode
from .road_speeds import several


class DamagedError(Exception):
    """
    A network cannot be read.

    ``at`` is the character at which the error stands, or ``line`` and ``column`` count from 1;
    ``where`` names the element.
    """

    def __init__(
        self,
        message: str,
        help: str = "",
        where: str = "",
        at: int = -1,
        line: int = 0,
        column: int = 0,
    ) -> None:
        super().__init__(message)
        self.help, self.where, self.at, self.line, self.column = help, where, at, line, column


RoadEnds = tuple[str, str, int]  # nodes in the direction of an edge, and its length [m]
RoadPoints = Sequence[tuple[float, float]]  # (lon, lat) each


@dataclass
class Draft:
    """
    Nodes by name and the edges between them.

    ``shapes`` are the points between the ends of edges, for drawing; they are kept where
    ``has_shapes``, because a network may have a million, and nothing else needs them.
    """

    nodes: dict[str, RoadNode] = field(default_factory=dict)
    edges: list[RoadEdge] = field(default_factory=list)
    has_shapes: bool = False
    shapes: dict[RoadEnds, RoadPoints] = field(default_factory=dict)

    def add(self, edge: RoadEdge, via: RoadPoints) -> None:
        """Add an edge, and the points between its ends if they are to be kept."""
        self.edges.append(edge)
        if self.has_shapes and via:
            self.shapes.setdefault((edge.start, edge.end, edge.metres), tuple(via))


def road_name(ref: str, name: str) -> str:
    """Return what closures call a road: its number, else its name; of several the first."""
    listed = ref or (name if name.startswith("[") else "")
    return next((part for part in several(listed) if part), name)


def paired(edges: Sequence[RoadEdge]) -> list[RoadEdge]:
    """Return the edges with each two alike in opposite directions as one road, and none twice."""
    pairs = {(e.start, e.end) if e.start < e.end else (e.end, e.start) for e in edges}
    if len(pairs) == len(edges):
        return list(edges)
    places: dict[RoadEdge, int] = {}
    kept: list[RoadEdge] = []
    for edge in edges:
        back = edge._replace(start=edge.end, end=edge.start)
        if edge in places or (not edge.one_way and back in places):
            continue
        there = places.pop(back, len(kept))
        if there < len(kept):  # the other direction of the same road
            edge = kept[there] = kept[there]._replace(one_way=False)
        else:
            kept.append(edge)
        places[edge] = there
    return kept
