"""The roads of a world as the maps show them: ends, sort, and how they run between their ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sim.scenario import RoadEdge
from sim.scenario.road_shapes import road_shapes
from sim.world import World

from .packing import DECIMALS, differences

MAIN = ("motorway", "trunk", "primary")
THERE, BACK = 1, 2


def roads_content(
    world: World, number: Callable[[float, float], int], shapes: bool
) -> list[list[Any]]:
    """
    Return each road's ends, whether it is a main one and a modelled one, its shape, and `driven`.

    The shape is what points lie between the ends: none where it is straight, as all are without
    ``shapes``. ``number`` gives that of a point (lon, lat).
    """
    edges, between = world.file.edges, road_shapes(world.file) if shapes else lambda edge: ()
    # rounded as in the table of drives, so that junctions of ways are ends of roads
    at = {
        node.id: number(round(node.lon, DECIMALS), round(node.lat, DECIMALS))
        for node in world.file.nodes
    }
    return [
        [at[e.start] for e in edges],
        [at[e.end] for e in edges],
        [int(e.road_class in MAIN) for e in edges],
        [int(is_modelled(e)) for e in edges],
        [differences(number(*point) for point in between(e)) for e in edges],
        driven(edges),
    ]


def is_modelled(edge: RoadEdge) -> bool:
    """Return whether a road is no real one."""
    return edge.provenance.strip().lower() == "modelled"


def driven(edges: Sequence[RoadEdge]) -> list[int]:
    """
    Return in which directions each road is the fastest of those with the same ends.

    It is there that drives between these ends take, as `OpenRoads` has it: ``THERE``, ``BACK``,
    their sum, or 0.
    """
    fastest: dict[tuple[str, str], tuple[float, int, int]] = {}
    for row, edge in enumerate(edges):
        time = edge.metres / edge.kmh
        ways = [(edge.start, edge.end, THERE), (edge.end, edge.start, BACK)]
        for start, end, way in ways[: 1 if edge.one_way else 2]:
            if (start, end) not in fastest or time < fastest[start, end][0]:
                fastest[start, end] = (time, row, way)
    found = [0] * len(edges)
    for _, row, way in fastest.values():
        found[row] |= way
    return found
