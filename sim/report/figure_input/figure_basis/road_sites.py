"""Roads, closed ones and checkpoints of a world as maps show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from sim.scenario.road_shapes import road_shapes
from sim.world import World
from sim.world.road_travel.disrupted_roads import RoadDisruptions

from ...figures import MapCheckpoint, MapRoad

NEAR = 0.75  # of the way into a place, where its checkpoint is drawn


def road_disruptions(world: World) -> RoadDisruptions | None:
    """Return which roads closures and checkpoints are about; None where there are no roads."""
    found: RoadDisruptions | None = getattr(world.travel, "disruptions", None)
    return found


def closed_roads(world: World) -> tuple[MapRoad, ...]:
    """Return the roads that closures of a scenario are about, for the map."""
    disruptions = road_disruptions(world)
    if disruptions is None:
        return ()
    return map_roads(world, sorted(disruptions.closes))


def map_roads(world: World, rows: Iterable[int]) -> tuple[MapRoad, ...]:
    """Return roads of a scenario, for the map, by their rows in its table of roads."""
    at = {node.id: (node.lon, node.lat) for node in world.file.nodes}
    between = road_shapes(world.file)
    edges = [world.file.edges[row] for row in rows]
    return tuple(
        MapRoad(*at[e.start], *at[e.end], e.road_class, e.provenance, tuple(between(e)))
        for e in edges
    )


def _part_way(line: Sequence[tuple[float, float]], share: float) -> tuple[float, float]:
    """Return the point at a share of the way along a line."""
    points = np.array(line)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    lon, lat = (float(np.interp(share * along[-1], along, axis)) for axis in points.T)
    return lon, lat


def checkpoints(world: World) -> tuple[MapCheckpoint, ...]:
    """Return where checkpoints are: at their place, or midway on a road with both directions."""
    disruptions = road_disruptions(world)
    if disruptions is None or world.access is None:
        return ()
    nodes, found = world.file.nodes, []
    checks = disruptions.checks
    for (row, a, b), passed in checks.items():
        share = 0.5 if (row, b, a) in checks else NEAR
        (road,) = map_roads(world, [row])
        line = road.line if world.file.edges[row].start == nodes[a].id else road.line[::-1]
        lon, lat = _part_way(line, share)
        names = [world.access.checkpoints[number] for number, _ in passed]
        found += [MapCheckpoint(name, lon, lat) for name in names]
    return tuple(dict.fromkeys(found))
