"""How the roads of a scenario run between their ends, for drawing: nothing else needs it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from .networks.drafts import RoadEnds, RoadPoints
from .networks.network_files import LOC, draft_of
from .networks.road_speeds import RoadSpeeds
from .reading import ScenarioFile
from .tables.table_rows import RoadEdge


def road_shapes(file: ScenarioFile) -> Callable[[RoadEdge], RoadPoints]:
    """
    Return what gives the points between an edge's ends: (lon, lat), from its start on.

    A network file that a scenario brings is read again, because the points of its roads are not
    kept when a scenario is read. Roads in tables have none.
    """
    name, roads = file.input_names.get(LOC), file.scenario.map.roads
    data = next((own.data for own in file.inputs if own.name == name), None)
    if name is None or data is None or roads is None:
        return lambda edge: ()
    kmh = tuple(sorted(roads.kmh.items()))
    shapes = _read(name, data, kmh)

    def between(edge: RoadEdge) -> RoadPoints:
        along = shapes.get((edge.start, edge.end, edge.metres))
        if along is not None:
            return along
        return shapes.get((edge.end, edge.start, edge.metres), ())[::-1]

    return between


@lru_cache(maxsize=2)
def _read(name: str, data: bytes, kmh: tuple[tuple[str, float], ...]) -> dict[RoadEnds, RoadPoints]:
    return draft_of(name, data, RoadSpeeds(dict(kmh)), shapes=True).shapes
