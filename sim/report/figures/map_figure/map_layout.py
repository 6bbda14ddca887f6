"""Where everything on a map lies, in points from its bottom left, before anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from ..layout.boxes import Box, touches
from .coast import Faces, faces
from .map_cells import cells_of, room_in
from .map_classes import MapClasses, classes_of
from .map_data import Array, MapData, MapPlace, MapPlane, MapRoad, MapSite, lon_lat, plane_of
from .map_signs import ARM, HOSPITAL_HALF, radius_of

BESIDE = 0.42  # of the room in a cell, from its middle to signs next to each other


class PlacedSite(NamedTuple):
    """A site within the frame, and the radius of the circle under it, 0 for none. [points]"""

    x: float
    y: float
    radius: float


class PlacedPlace(NamedTuple):
    """A place within the frame, its circle, and its cell where places are the cells of a grid."""

    place: MapPlace
    x: float
    y: float
    radius: float
    cell: Array | None = None


@dataclass(frozen=True)
class MapLayout:
    """A map of so many points across and upwards."""

    data: MapData
    plane: MapPlane
    wide: float
    tall: float

    @property
    def per_km(self) -> float:
        """How long a kilometre is. [points]"""
        return self.wide / self.plane.wide

    def xy(self, points: Any) -> Array:
        """Return points of (lon, lat) on the map. [points], shape (points, 2)"""
        half = np.array((self.plane.wide / 2, self.plane.tall / 2))
        return np.asarray((self.plane.xy(points) + half) * self.per_km, dtype=np.float64)

    @cached_property
    def classes(self) -> MapClasses:
        """The classes of the places' minutes."""
        return classes_of(self.data.places, self.data.compared)

    @cached_property
    def places(self) -> list[PlacedPlace]:
        """The places within the frame, those with most callouts first."""
        return self.placed(self.data.places)

    def placed(self, places: Sequence[MapPlace]) -> list[PlacedPlace]:
        """Return places within the frame, those with most callouts first."""
        ordered = sorted(places, key=lambda p: (-p.callouts_per_day, p.name))
        points = self.xy([lon_lat(place) for place in ordered])
        busy = sum(place.callouts_per_day > 0 for place in ordered)
        cells: list[Array | None] = [None] * len(ordered)
        cells[:busy] = cells_of(points[:busy]) or cells[:busy]
        most = ordered[0].callouts_per_day if ordered else 0.0
        return [
            PlacedPlace(place, float(x), float(y), radius_of(place.callouts_per_day, most), cell)
            for place, (x, y), cell in zip(ordered, points, cells, strict=True)
            if self.holds(x, y)
        ]

    @cached_property
    def are_cells(self) -> bool:
        """Whether places are the cells of a grid."""
        return any(placed.cell is not None for placed in self.places)

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a sign at this point is within the frame, and not cut by it."""
        edge_x, edge_y = 0.015 * self.wide, 0.015 * self.tall
        return edge_x <= x <= self.wide - edge_x and edge_y <= y <= self.tall - edge_y

    @cached_property
    def bases(self) -> list[PlacedSite]:
        """Where crosses are: one for bases less than 100 m apart, in cells to their upper left."""
        aside = {self._near(p.x, p.y): self.room(p) for p in self.places if p.cell is not None}
        found = []
        for x, y, radius in self._distinct(self.data.bases):
            turn = BESIDE * aside.get(self._near(x, y), 0.0)
            found.append(PlacedSite(x - turn, y + turn, radius))
        return found

    def room(self, placed: PlacedPlace) -> float:
        """Return how far the nearest side of a place's cell is; 0 without one. [points]"""
        return 0.0 if placed.cell is None else room_in(placed.cell, placed.x, placed.y)

    @cached_property
    def marks_in_cells(self) -> list[tuple[PlacedPlace, float, float]]:
        """Where marks of differences are in cells: next to a base, or in the middle."""
        based = {self._near(*self.xy([lon_lat(base)])[0]) for base in self.data.bases}
        found = []
        for placed in self.places:
            if placed.cell is not None:
                turn = BESIDE * self.room(placed) * (self._near(placed.x, placed.y) in based)
                found.append((placed, placed.x + turn, placed.y + turn))
        return found

    @cached_property
    def hospitals(self) -> list[PlacedSite]:
        """Where the signs of hospitals are: next to the circle, to its upper right."""
        found = []
        for x, y, radius in self._distinct(self.data.hospitals):
            turn = 0.72 * radius + 3.2 * (radius > 0)
            found.append(PlacedSite(x + turn, y + turn, 0.0))
        return found

    @cached_property
    def checkpoints(self) -> list[PlacedSite]:
        """Where the signs of checkpoints are."""
        return self._distinct(self.data.checkpoints)

    def _distinct(self, sites: Sequence[MapSite]) -> list[PlacedSite]:
        points = sorted((float(x), float(y)) for x, y in self.xy([lon_lat(s) for s in sites]))
        apart = {self._near(x, y): (x, y) for x, y in reversed(points)}
        radii = {
            self._near(placed.x, placed.y): 0.0 if placed.cell is not None else placed.radius
            for placed in reversed(self.places)
            if placed.place.callouts_per_day > 0
        }
        found = [PlacedSite(x, y, radii.get(near, 0.0)) for near, (x, y) in apart.items()]
        return sorted(site for site in found if self.holds(site.x, site.y))

    def _near(self, x: float, y: float) -> tuple[int, int]:
        return round(10 * x / self.per_km), round(10 * y / self.per_km)

    @cached_property
    def ground(self) -> Faces:
        """Land and sea within the frame. [points]"""
        data = self.data
        ashore = [lon_lat(p) for p in data.places] + [lon_lat(b) for b in data.bases]
        whole = Box(0.0, 0.0, self.wide, self.tall)
        return faces([self.xy(line) for line in data.coast], whole, self.xy(ashore))

    def lines(self, roads: Sequence[MapRoad]) -> list[Array]:
        """Return roads as lines. [points]"""
        lines = [road.line for road in roads]
        ends = np.cumsum([len(line) for line in lines])
        return np.split(self.xy(list(chain.from_iterable(lines))), ends[:-1]) if lines else []

    @cached_property
    def taken(self) -> list[Box]:
        """What circles, signs and the scale bar cover."""
        boxes = [
            _square(placed.x, placed.y, placed.radius)
            for placed in self.places
            if placed.place.callouts_per_day > 0 and placed.cell is None
        ]
        boxes += [_square(site.x, site.y, site.radius + ARM) for site in self.bases]
        boxes += [_square(site.x, site.y, HOSPITAL_HALF) for site in self.hospitals]
        boxes += [_square(site.x, site.y, 3.0) for site in self.checkpoints]
        return [*boxes, self.scale_bar.box]

    @cached_property
    def scale_bar(self) -> ScaleBar:
        """The scale bar, in the emptier lower corner."""
        rounds = [m * 10.0**e for e in range(-2, 5) for m in (1, 2, 5)]
        km = max((r for r in rounds if r <= 0.24 * self.plane.wide), default=rounds[0])
        long = km * self.per_km
        wide = max(long, 34.0)
        left, right = (Box(at - 3, 5, at + wide + 3, 27) for at in (11.0, self.wide - 11 - wide))
        box = min((left, right), key=lambda box: (self._covered(box), self._near_to(box)))
        return ScaleBar(km, box.left + 3, long, box)

    def _covered(self, box: Box) -> int:
        """Return how many places with their circles, and bases, a box would cover."""
        sites = [_square(placed.x, placed.y, placed.radius) for placed in self.places]
        sites += [_square(site.x, site.y, site.radius + ARM) for site in self.bases]
        return sum(touches(box, [site]) for site in sites)

    def _near_to(self, box: Box) -> int:
        """Return how many places are at the foot of the map, in the half in which a box is."""
        low = [placed.x < self.wide / 2 for placed in self.places if placed.y < 0.2 * self.tall]
        return low.count(box.left < self.wide / 2)


class ScaleBar(NamedTuple):
    """A scale bar: how many kilometres, where it begins, how long it is and what it covers."""

    km: float
    left: float
    long: float
    box: Box


def _square(x: float, y: float, half: float) -> Box:
    return Box(x - half, y - half, x + half, y + half)


def layout_of(data: MapData, wide: float, tall: float | None = None) -> MapLayout:
    """Return the layout of a map so many points wide, and as tall as its land asks for if free."""
    plane = plane_of(data, None if tall is None else tall / wide)
    return MapLayout(data, plane, wide, wide * plane.tall / plane.wide)
