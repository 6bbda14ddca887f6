"""The map: coast, roads, bases, and how long each place waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, NamedTuple

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from .coast import faces
from .labels import Box
from .map_signs import (
    BASE,
    CHECKPOINT,
    CLOSED,
    HOSPITAL,
    NO_CALLOUTS,
    ROADS,
    SHADES,
    boxed_letter,
    circle_area,
    road_kind,
)  # fmt: skip
from .mapkey import draw_key
from .mapnames import name_places
from .page import Caption, finish, new_sheet
from .style import INK, LAND, LINE, SEA, WIDTH, in_house_style

KM_PER_DEGREE = 111.2
Array = NDArray[np.float64]


class MapRoad(NamedTuple):
    """A stretch of road between two points, its class (trunk, secondary, boat) and its source."""

    lon1: float
    lat1: float
    lon2: float
    lat2: float
    road_class: str
    provenance: str = ""  # "modelled": not a real road


class MapPlace(NamedTuple):
    """A place, its demand [1/day] and the measure there [min]; None: nothing was measured."""

    name: str
    name_ar: str
    lon: float
    lat: float
    callouts_per_day: float
    minutes: float | None


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


@dataclass(frozen=True)
class MapData:
    """
    What the map shows; longitudes and latitudes in degrees.

    ``coast`` has an array of shape (points, 2) a line. ``measure`` says in words what ``minutes``
    of the places are: "mean response time [min]; not reached within 8 h counts as 8 h".
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
        return (-self.wide / 2, -self.tall / 2, self.wide / 2, self.tall / 2)

    def xy(self, points: Any) -> Array:
        """Return points of (lon, lat) in kilometres. shape (points, 2)"""
        table = np.asarray(points, dtype=np.float64).reshape(-1, 2) - (self.lon, self.lat)
        return table * (KM_PER_DEGREE * cos(radians(self.lat)), KM_PER_DEGREE)

    def apart(self, one: Any, other: Any) -> float:
        """Return the distance between two points of (lon, lat). [km]"""
        return float(np.hypot(*(self.xy(one) - self.xy(other))[0]))

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a sign at this point is within the frame, and not cut by it."""
        return abs(x) <= 0.485 * self.wide and abs(y) <= 0.485 * self.tall


def plane_of(data: MapData, shape: float | None = None) -> MapPlane:
    """
    Return the frame around every place with callouts and every base.

    ``shape``, height over width, widens the frame until it has that shape; without it the frame
    is at most 1.4 times as tall as wide, and never wider than tall.
    """
    core = [p[2:4] for p in data.places if p[4] > 0] + [b[1:3] for b in data.bases]
    core = core or [p[2:4] for p in data.places] or [(0.0, 0.0)]
    lons, lats = np.array(core, dtype=np.float64).T
    lon, lat = (lons.min() + lons.max()) / 2, (lats.min() + lats.max()) / 2
    wide = float(np.ptp(lons)) * KM_PER_DEGREE * cos(radians(lat))
    tall = float(np.ptp(lats)) * KM_PER_DEGREE
    margin = 0.09 * max(wide, tall, 5.0)
    wide, tall = wide + 2.6 * margin, tall + 2 * margin  # names need room to the sides
    ratio = shape or min(max(tall / wide, 1.0), 1.4)
    return MapPlane(float(lon), float(lat), max(wide, tall / ratio), max(tall, wide * ratio))


@in_house_style
def figure_map(data: MapData, caption: Caption) -> Figure:
    """Return the map with its key to the right."""
    shape = plane_of(data)
    across = WIDTH - 0.2 - 1.75
    body = across * shape.tall / shape.wide
    lines = [*caption.lines(is_map=True), "No borders are drawn."]
    subtitle = caption.above(data.subtitle or "Circles are places where callouts come from")
    sheet = new_sheet(body, data.title, subtitle, lines, constrained=False)
    share = across / WIDTH
    ax = sheet.figure.add_axes((sheet.left, sheet.bottom, share, sheet.height))
    key = sheet.figure.add_axes(
        (sheet.left + share + 0.018, sheet.bottom, sheet.width - share - 0.018, sheet.height)
    )
    draw_map((ax, key), data)
    return finish(sheet.figure)


@in_house_style
def draw_map(axes: Sequence[Any], data: MapData) -> None:
    """Draw the map on the first axes, and its key on the second."""
    ax, key = axes
    box = ax.get_window_extent()
    plane = plane_of(data, box.height / box.width)
    left, bottom, right, top = plane.frame
    ax.set(xlim=(left, right), ylim=(bottom, top), xticks=[], yticks=[], aspect="equal")
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set(visible=True, color=LINE)
    _draw_ground(ax, data, plane)
    _draw_roads(ax, data, plane)
    taken = _draw_places(ax, data, plane)
    taken += [_scale_bar(ax, data, plane)]
    name_places(ax, data, plane, taken)
    draw_key(key, data, plane, _norm(data))


def _norm(data: MapData) -> Normalize:
    known = [p[5] for p in data.places if p[5] is not None and p[4] > 0]
    low, high = min(known, default=0.0), max(known, default=1.0)
    return Normalize(low, high if high > low else low + 1)


def _draw_ground(ax: Any, data: MapData, plane: MapPlane) -> None:
    """Fill land and sea, and draw the shore."""
    lines = [plane.xy(line) for line in data.coast]
    ashore = [p[2:4] for p in data.places] + [b[1:3] for b in data.bases]
    ground = faces(lines, plane.frame, plane.xy(ashore))
    ax.set_facecolor(LAND)
    for polygon in ground.sea:
        ax.add_patch(Polygon(polygon, facecolor=SEA, edgecolor="none", zorder=0.2))
    for polygon in ground.islands:
        ax.add_patch(Polygon(polygon, facecolor=LAND, edgecolor="none", zorder=0.3))
    for line in lines:
        ax.plot(*line.T, color="#8796a5", lw=0.9, zorder=0.4)


def _draw_roads(ax: Any, data: MapData, plane: MapPlane) -> None:
    for kind, drawn in ROADS.items():
        ends = [road[:4] for road in data.roads if road_kind(*road[4:]) == kind]
        if ends:
            ax.add_collection(LineCollection(list(plane.xy(ends).reshape(-1, 2, 2)), **drawn))
    if data.closed:
        ends = [road[:4] for road in data.closed]
        ax.add_collection(LineCollection(list(plane.xy(ends).reshape(-1, 2, 2)), **CLOSED))
    for x, y in _distinct(data.checkpoints, plane):
        ax.plot(x, y, ls="", zorder=2.5, **CHECKPOINT)


def _draw_places(ax: Any, data: MapData, plane: MapPlane) -> list[Box]:
    """Draw circles, hospitals and bases; return what they cover. [points from bottom left]"""
    norm = _norm(data)
    per_km = ax.get_window_extent().width * 72 / (ax.get_figure(root=True).dpi * plane.wide)
    most = max((p[4] for p in data.places), default=0.0)
    taken: list[Box] = []
    radii: dict[tuple[float, float], float] = {}
    for place in sorted(data.places, key=lambda p: (-p[4], p[0])):
        (x, y), area = plane.xy(place[2:4])[0], circle_area(place[4], most)
        if not plane.holds(x, y):
            continue
        minutes = place[5] if place[4] > 0 else None
        unknown = "white" if place[4] > 0 else NO_CALLOUTS  # a grey would be read as minutes
        colour = unknown if minutes is None else SHADES(norm(minutes))
        ax.scatter(x, y, area, color=[colour], edgecolor=INK if place[4] > 0 else "none",
                   lw=0.7, zorder=3)  # fmt: skip
        radius = (area / np.pi) ** 0.5
        radii[round(x, 1), round(y, 1)] = radius
        if place[4] > 0:
            taken.append(_square(x, y, radius, per_km, plane))
    for x, y in _distinct(data.hospitals, plane):
        radius = radii.get((round(x, 1), round(y, 1)), 0.0)
        turn = 0.72 * radius + 3.2 * (radius > 0)
        x, y = x + turn / per_km, y + turn / per_km  # next to the circle, to its upper right
        boxed_letter(ax, x, y, **HOSPITAL)
        taken.append(_square(x, y, 3.6, per_km, plane))
    for x, y in _distinct(data.bases, plane):
        ax.plot(x, y, ls="", zorder=5, **BASE)
        taken.append(_square(x, y, 4.5, per_km, plane))
    return taken


def _square(x: float, y: float, half: float, per_km: float, plane: MapPlane) -> Box:
    px, py = (x + plane.wide / 2) * per_km, (y + plane.tall / 2) * per_km
    return (px - half, py - half, px + half, py + half)


def _distinct(sites: Sequence[tuple[Any, ...]], plane: MapPlane) -> list[tuple[float, float]]:
    """Return the points within the frame, one for sites less than 100 m apart. [km]"""
    points = sorted((float(x), float(y)) for x, y in plane.xy([s[1:3] for s in sites]))
    apart = {(round(x, 1), round(y, 1)): (x, y) for x, y in reversed(points)}
    return sorted(point for point in apart.values() if plane.holds(*point))


def _scale_bar(ax: Any, data: MapData, plane: MapPlane) -> Box:
    """Draw a scale bar in the emptier lower corner; return what it covers. [points]"""
    scale = ax.get_window_extent().width * 72 / (ax.get_figure(root=True).dpi * plane.wide)
    rounds = [m * 10.0**e for e in range(-2, 5) for m in (1, 2, 5)]
    km = max((r for r in rounds if r <= 0.24 * plane.wide), default=rounds[0])
    points = plane.xy([p[2:4] for p in data.places])
    low = points[points[:, 1] < -0.3 * plane.tall]
    on_left = bool((low[:, 0] < 0).sum() <= (low[:, 0] >= 0).sum())
    inset = 11 / scale
    start = -plane.wide / 2 + inset if on_left else plane.wide / 2 - inset - km
    y = -plane.tall / 2 + inset
    ax.plot([start, start + km], [y, y], color=INK, lw=2.2, zorder=6)
    ax.text(start, y + 4 / scale, f"{km:g} km", fontsize=8, color=INK, zorder=6, gid="label")
    left = (start + plane.wide / 2) * scale
    return (left - 3, 5, left + max(km * scale, 30) + 3, 28)
