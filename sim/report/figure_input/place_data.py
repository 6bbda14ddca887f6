"""From a study to its map: places, roads, bases, checkpoints and hospitals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment import Study
from sim.log import MS_PER_DAY
from sim.outcomes import Sample
from sim.outcomes.measured.judged import judged_times
from sim.units import say_duration

from ..figures import MapBase, MapData, MapHospital, MapPlace, MapRoad, figure_map
from .disruption_data import checkpoints, closed_roads
from .figure_basis.captions import caption
from .figure_basis.figure_kinds import FigureRequest, figure_kind

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FEWEST = 10  # callouts at a place, for a mean


@figure_kind("map", "Places, roads, bases, checkpoints and hospitals.", place=20)
def figure(asked: FigureRequest) -> Figure | None:
    """Return the map under one alternative; None of a scenario with fewer than two places."""
    circles = f"Policy “{asked.alternative}” · circles are places where callouts come from"
    data = map_data(asked.study, asked.alternative, circles)
    if len(data.places) < 2:
        return None
    return figure_map(data, caption(asked.study, [asked.alternative]))


def map_data(study: Study, alternative: str, subtitle: str) -> MapData:
    """Return the map of an alternative: each place's callouts a day and restricted mean."""
    world, obs = study.worlds[alternative], study.observations[alternative]
    sample = next(own for own in study.samples if own.name == alternative)
    until = say_duration(sample.standards.horizon)
    file, days = world.file, world.ends / MS_PER_DAY * obs.replications
    places = []
    for number, place in enumerate(file.places):
        if place.lat is not None and place.lon is not None:
            here = obs.place == number
            often, mean = float(here.sum()) / days, restricted_mean(sample, here)
            name_ar = place.name_ar or ""
            places.append(MapPlace(place.name, name_ar, place.lon, place.lat, often, mean))
    where = {p.name: (p.lon or 0.0, p.lat or 0.0) for p in file.places}
    at = {node.id: (node.lon, node.lat) for node in file.nodes}
    teams = [crew.base for crew in world.fleet.crews]
    stands = [world.names.places[place] for place in world.fleet.base_places]
    bases = [
        MapBase(name, *where[place], teams.count(i))
        for i, (name, place) in enumerate(zip(world.fleet.bases, stands, strict=True))
    ]
    return MapData(
        coast=tuple(np.array(line) for line in file.coastline),
        roads=tuple(
            MapRoad(*at[e.start], *at[e.end], e.road_class, e.provenance) for e in file.edges
        ),
        places=tuple(places),
        bases=tuple(bases),
        hospitals=tuple(MapHospital(h.name, *where[h.place]) for h in file.hospitals),
        measure=f"mean response time [min]; not reached within {until} counts as {until}",
        subtitle=subtitle,
        closed=closed_roads(world),
        checkpoints=checkpoints(world),
    )


def restricted_mean(sample: Sample, here: Any) -> float | None:
    """Return the restricted mean response time of some callouts [min]; None: too few of them."""
    if here.sum() < FEWEST:
        return None
    return float(judged_times(sample).restricted[here].mean()) / 60_000
