"""What of a world the maps show: coast, roads, bases, hospitals, closures, checkpoints, duty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sim.log import EventRow
from sim.outcomes.observed.working_time import extended
from sim.report.figure_input.figure_basis.road_sites import checkpoints, road_disruptions
from sim.scenario.duty_hours.windows import RunWindow
from sim.scenario.fields.disruption_models import Window
from sim.world import World

from .packed_roads import is_modelled, roads_content
from .packing import SCALE, Numbered, differences, seconds


@dataclass
class SharedNames:
    """Names and points that all alternatives number alike, so that the two maps agree."""

    kinds: Numbered[str] = field(default_factory=Numbered)
    places: Numbered[tuple[str, str, str, int | None, int | None]] = field(default_factory=Numbered)
    teams: Numbered[str] = field(default_factory=Numbered)
    bases: Numbered[str] = field(default_factory=Numbered)
    hospitals: Numbered[str] = field(default_factory=Numbered)
    closures: Numbered[str] = field(default_factory=Numbered)
    checkpoints: Numbered[str] = field(default_factory=Numbered)
    words: Numbered[str] = field(default_factory=Numbered)  # outcomes, endings, rules, reasons
    points: Numbered[tuple[int, int]] = field(default_factory=Numbered)

    def place(self, world: World, number: int) -> int:
        """Return the shared number of a place of one world."""
        row = world.file.places[number]
        lon, lat = scaled(row.lon), scaled(row.lat)
        return self.places.number((row.name, row.name_ar or "", row.area, lon, lat))

    def point(self, lon: float, lat: float) -> int:
        """Return the number of a point of the map."""
        return self.points.number((round(lon * SCALE), round(lat * SCALE)))


def scaled(degrees: float | None) -> int | None:
    """Return a coordinate as a whole number; see ``SCALE``."""
    return None if degrees is None else round(degrees * SCALE)


def has_map(world: World) -> bool:
    """Return whether a world has anything that a map could show."""
    return any(place.lat is not None for place in world.file.places)


def world_content(world: World, names: SharedNames, shapes: bool) -> dict[str, Any]:
    """Return what a map shows of a world, whatever is decided in it; roads with ``shapes`` bend."""
    file = world.file
    for number in range(len(file.places)):
        names.place(world, number)
    return {
        "coast": [[names.point(x, y) for x, y in line] for line in file.coastline],
        "roads": roads_content(world, names.point, shapes),
        "bases": [
            [names.bases.number(name), names.place(world, place)]
            for name, place in zip(world.fleet.bases, world.fleet.base_places, strict=True)
        ],
        "hospitals": _hospitals(world, names),
        "closures": _closures(world, names),
        "checkpoints": _checkpoints(world, names),
        "notes": list(file.scenario.map.attribution),
        "modelled": any(map(is_modelled, file.edges)),
    }


def _hospitals(world: World, names: SharedNames) -> list[list[Any]]:
    """Return each hospital's place, bays, when it is full, and the times in which it is closed."""
    closed: dict[str, list[list[int]]] = {}
    for closure in world.file.hospital_closures:
        closed.setdefault(closure.hospital, []).extend(_spans(closure, world))
    return [
        [
            names.hospitals.number(row.name),
            names.place(world, place),
            row.offload_bays or 0,
            row.diverts_at or 0,
            int(row.referral),
            sorted(closed.get(row.name, [])),
            row.name_ar or "",
        ]
        for row, place in zip(world.file.hospitals, world.hospitals, strict=True)
    ]


def _spans(window: Window, world: World) -> Iterator[list[int]]:
    """Yield the stretches of the measured period in which a window holds. [s]"""
    for begins, until in RunWindow(window, world.clock, 0, world.ends).stretches():
        yield [seconds(begins), seconds(until)]


def _closures(world: World, names: SharedNames) -> list[list[Any]]:
    """Return each closure's name, its roads, and from when until when, announced or not."""
    disruptions = road_disruptions(world)
    if world.access is None or disruptions is None:
        return []
    rows: dict[int, list[int]] = {}
    for row, closures in sorted(disruptions.closes.items()):
        for closure in closures:
            rows.setdefault(closure, []).append(row)
    epochs = world.access.epochs
    nexts = [*(epoch.begins for epoch in epochs[1:]), world.ends]
    found = []
    for number, name in enumerate(world.access.closures):
        spans: list[list[int]] = []
        for epoch, until in zip(epochs, nexts, strict=True):
            if number not in epoch.closed or until <= 0:
                continue
            span = [seconds(max(epoch.begins, 0)), seconds(until), int(number not in epoch.hidden)]
            if spans and spans[-1][1:] == [span[0], span[2]]:
                spans[-1][1] = span[1]
            else:
                spans.append(span)
        found.append([names.closures.number(name), differences(rows.get(number, [])), spans])
    return found


def _checkpoints(world: World, names: SharedNames) -> list[list[Any]]:
    """Return each checkpoint's name, where it is drawn, and when it is there. [s]"""
    if world.access is None:
        return []
    windows = dict(zip(world.access.checkpoints, world.scenario.map.checkpoints, strict=True))
    return [
        [
            names.checkpoints.number(one.name),
            names.point(one.lon, one.lat),
            list(_spans(windows[one.name], world)),
        ]
        for one in checkpoints(world)
    ]


def teams_content(world: World, events: list[EventRow], names: SharedNames) -> list[list[Any]]:
    """Return each team's base, people, whether it is on call, and when it is on duty. [s]"""
    crews = world.fleet.crews
    duty = extended([crew.duty for crew in crews], events, world.ends)
    return [
        [
            names.teams.number(crew.name),
            names.bases.number(world.fleet.bases[crew.base]),
            names.place(world, crew.place),
            crew.people,
            int(crew.assembly_spec is not None),
            0 if crew.assembly_spec is None else crew.assembly_spec.minimum,
            [
                [seconds(max(begins, 0)), seconds(min(until, world.ends))]
                for begins, until in sorted(own)
                if until > 0 and begins < world.ends
            ],
        ]
        for crew, own in zip(crews, duty, strict=True)
    ]
