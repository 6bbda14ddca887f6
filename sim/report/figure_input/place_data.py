"""From a study to its map: places, roads, bases, checkpoints and hospitals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.experiment import Study
from sim.log import MS_PER_DAY
from sim.outcomes import Sample
from sim.outcomes.measured.judged import judged_times
from sim.units import say_duration
from sim.world import World

from ..figures import MapBase, MapData, MapHospital, MapPlace, figure_map
from .figure_basis.captions import caption
from .figure_basis.figure_kinds import FigureRequest, figure_kind
from .figure_basis.recovery_kinds import are_recoveries, said_counted
from .figure_basis.road_sites import checkpoints, closed_roads, map_roads

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FEWEST = 10  # callouts at a place, for a mean


class PlaceSums(NamedTuple):
    """Callouts and the sum of their restricted times [ms], shape (replications, places)."""

    callouts: Any
    times: Any


@figure_kind("map", "Response time by place, with roads, bases and hospitals.", place=20)
def figure(asked: FigureRequest) -> Figure | None:
    """Return the map under one alternative; None of a scenario with fewer than two places."""
    data = map_data(asked.study, asked.alternative, f"Policy “{asked.alternative}”")
    if len(data.places) < 2:
        return None
    return figure_map(data, caption(asked.study, [asked.alternative]))


def map_data(study: Study, alternative: str, subtitle: str) -> MapData:
    """
    Return the map of an alternative: each place's callouts a day and restricted mean.

    Recoveries of the dead are apart from all other callouts.
    """
    sample = sample_of(study, alternative)
    living, dead = (places_of(study, sample, alternative, recoveries=r) for r in (False, True))
    until = said_horizon(sample)
    return map_of(
        study.worlds[alternative],
        living,
        dead,
        f"mean response time [min]; not reached within {until} counts as {until}",
        subtitle=subtitle,
    )


def map_of(
    world: World,
    living: tuple[MapPlace, ...],
    dead: tuple[MapPlace, ...],
    measure: str,
    **words: Any,
) -> MapData:
    """Return a map of a world with these places; ``words`` are other fields of the map."""
    file = world.file
    where = {p.name: (p.lon or 0.0, p.lat or 0.0) for p in file.places}
    teams = [crew.base for crew in world.fleet.crews]
    stands = [world.names.places[place] for place in world.fleet.base_places]
    bases = [
        MapBase(name, *where[place], teams.count(i))
        for i, (name, place) in enumerate(zip(world.fleet.bases, stands, strict=True))
        if has_position(world, place)
    ]
    counted, recoveries_counted = said_counted(world.names.kinds)
    return MapData(
        coast=tuple(np.array(line) for line in file.coastline),
        roads=map_roads(world, range(len(file.edges))),
        places=living,
        bases=tuple(bases),
        hospitals=tuple(
            MapHospital(h.name, *where[h.place])
            for h in file.hospitals
            if has_position(world, h.place)
        ),
        measure=measure,
        closed=closed_roads(world),
        checkpoints=checkpoints(world),
        counted=counted,
        recoveries=dead if any(place.callouts_per_day for place in dead) else (),
        recoveries_counted=recoveries_counted,
        **words,
    )


def has_position(world: World, name: str) -> bool:
    """Tell whether a place has a longitude and a latitude; without them it is on no map."""
    return any(p.name == name and p.lon is not None for p in world.file.places)


def sample_of(study: Study, alternative: str) -> Sample:
    """Return the sample of an alternative."""
    return next(own for own in study.samples if own.name == alternative)


def said_horizon(sample: Sample) -> str:
    """Return what a callout counts as that is not reached, in words."""
    return say_duration(sample.standards.horizon)


def sums_of(study: Study, sample: Sample, alternative: str, recoveries: bool) -> PlaceSums:
    """Return the sums of an alternative's callouts by place, of recoveries or of all others."""
    world, obs = study.worlds[alternative], study.observations[alternative]
    chosen = are_recoveries(obs.kind, world.names.kinds) == recoveries
    size = len(world.file.places)
    cell = obs.replication[chosen] * size + obs.place[chosen]
    times = judged_times(sample).restricted[chosen]
    shape, cells = (obs.replications, size), obs.replications * size
    return PlaceSums(
        np.bincount(cell, minlength=cells).reshape(shape),
        np.bincount(cell, weights=times, minlength=cells).reshape(shape),
    )


def places_of(
    study: Study,
    sample: Sample,
    alternative: str,
    recoveries: bool,
    differences: Mapping[str, tuple[float | None, bool]] | None = None,
) -> tuple[MapPlace, ...]:
    """
    Return places with their callouts a day and mean, of recoveries or of all other callouts.

    ``differences`` are minutes by place in place of means, and whether each is settled.
    """
    world = study.worlds[alternative]
    sums = sums_of(study, sample, alternative, recoveries)
    days = world.ends / MS_PER_DAY * len(sums.callouts)
    callouts, times = sums.callouts.sum(axis=0), sums.times.sum(axis=0)
    found = []
    for number, place in enumerate(world.file.places):
        if place.lat is not None and place.lon is not None:
            mean, settled = mean_of(float(times[number]), int(callouts[number])), True
            if differences is not None:
                mean, settled = differences.get(place.name, (None, False))
            often, name_ar = float(callouts[number]) / days, place.name_ar or ""
            found.append(MapPlace(place.name, name_ar, place.lon, place.lat, often, mean, settled))
    return tuple(found)


def mean_of(times: float, callouts: int) -> float | None:
    """Return a mean [min] of a sum of times [ms]; None: too few callouts for one."""
    return None if callouts < FEWEST else times / callouts / 60_000


def restricted_mean(sample: Sample, here: Any) -> float | None:
    """Return the restricted mean response time of some callouts [min]; None: too few of them."""
    return mean_of(float(judged_times(sample).restricted[here].sum()), int(here.sum()))
