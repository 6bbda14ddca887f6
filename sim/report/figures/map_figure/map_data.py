"""What the map shows, and its frame."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..layout.boxes import Box

KM_PER_DEGREE = 111.2
Array = NDArray[np.float64]


class MapRoad(NamedTuple):
    """
    A stretch of road between two points, its class (trunk, secondary, boat) and its source.

    ``via`` are the points between its ends through which it is drawn: (lon, lat) each.
    """

    lon1: float
    lat1: float
    lon2: float
    lat2: float
    road_class: str
    provenance: str = ""  # "modelled": not a real road
    via: tuple[tuple[float, float], ...] = ()

    @property
    def line(self) -> tuple[tuple[float, float], ...]:
        """Longitude and latitude of every point of it, from the one end to the other."""
        return (self.lon1, self.lat1), *self.via, (self.lon2, self.lat2)


class MapPlace(NamedTuple):
    """
    A place, its demand [1/day] and the measure there [min]; None: nothing was measured.

    A difference is ``settled`` where it is clear that there is one, or clear that there is none.
    """

    name: str
    name_ar: str
    lon: float
    lat: float
    callouts_per_day: float
    minutes: float | None
    settled: bool = True


class MapBase(NamedTuple):
    """A base and how many teams it has."""

    name: str
    lon: float
    lat: float
    teams: int


class MapHospital(NamedTuple):
    """A hospital."""

    name: str
    lon: float
    lat: float


class MapCheckpoint(NamedTuple):
    """A checkpoint on one road."""

    name: str
    lon: float
    lat: float


MapSite = MapPlace | MapBase | MapHospital | MapCheckpoint


def lon_lat(site: MapSite) -> tuple[float, float]:
    """Return where a site is."""
    return site.lon, site.lat


@dataclass(frozen=True)
class MapData:
    """
    What the map shows; longitudes and latitudes in degrees.

    ``coast`` has an array of shape (points, 2) a line. ``measure`` says in words what ``minutes``
    of the places are: "mean response time [min]; not reached within 8 h counts as 8 h", and
    ``counted`` of which callouts. ``recoveries`` are places with the recoveries of the dead there,
    which have a small map of their own; ``recoveries_counted`` says which callouts these are.

    With ``compared``, ``minutes`` are an alternative's minus the baseline's, and ``unsettled``
    says why a difference may not be settled.
    """

    coast: tuple[Array, ...]
    roads: tuple[MapRoad, ...]
    places: tuple[MapPlace, ...]
    bases: tuple[MapBase, ...]
    hospitals: tuple[MapHospital, ...]
    measure: str
    title: str = "Response time by place"
    subtitle: str = ""
    closed: tuple[MapRoad, ...] = ()  # at any time of the run
    checkpoints: tuple[MapCheckpoint, ...] = ()
    counted: str = ""
    recoveries: tuple[MapPlace, ...] = ()
    recoveries_counted: str = ""
    compared: bool = False
    unsettled: str = ""


@dataclass(frozen=True)
class MapPlane:
    """The map's frame in kilometres around its middle; distances are right to a few per mille."""

    lon: float
    lat: float
    wide: float
    tall: float

    @property
    def frame(self) -> Box:
        """Left, bottom, right, top. [km]"""
        return Box(-self.wide / 2, -self.tall / 2, self.wide / 2, self.tall / 2)

    def xy(self, points: Any) -> Array:
        """Return points of (lon, lat) in kilometres. shape (points, 2)"""
        table = np.asarray(points, dtype=np.float64).reshape(-1, 2) - (self.lon, self.lat)
        return table * (KM_PER_DEGREE * cos(radians(self.lat)), KM_PER_DEGREE)

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a sign at this point is within the frame, and not cut by it."""
        return abs(x) <= 0.485 * self.wide and abs(y) <= 0.485 * self.tall


def plane_of(data: MapData, shape: float | None = None) -> MapPlane:
    """
    Return the frame around every place with callouts and every base.

    Without any callout it is around all places.

    ``shape``, height over width, widens the frame until it has that shape; without it the frame
    is at most 1.4 times as tall as wide, and never wider than tall.
    """
    busy = [lon_lat(p) for p in data.places if p.callouts_per_day > 0]
    core = busy or [lon_lat(p) for p in data.places]
    core = core + [lon_lat(b) for b in data.bases] or [(0.0, 0.0)]
    lons, lats = np.array(core, dtype=np.float64).T
    lon, lat = (lons.min() + lons.max()) / 2, (lats.min() + lats.max()) / 2
    wide = float(np.ptp(lons)) * KM_PER_DEGREE * cos(radians(lat))
    tall = float(np.ptp(lats)) * KM_PER_DEGREE
    margin = 0.09 * max(wide, tall, 5.0)
    wide, tall = wide + 2.6 * margin, tall + 2 * margin  # names need room to the sides
    ratio = shape or min(max(tall / wide, 1.0), 1.4)
    return MapPlane(float(lon), float(lat), max(wide, tall / ratio), max(tall, wide * ratio))
