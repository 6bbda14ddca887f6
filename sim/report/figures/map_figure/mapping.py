"""The map: coast, roads, bases, and how long each place waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from ..layout.figure_page import Caption, finish, new_sheet
from ..layout.labels import Box
from ..layout.style import INK, LAND, LINE, SEA, WIDTH, in_house_style
from . import map_signs as signs
from .coast import faces
from .map_data import MapData, MapPlane, MapSite, lon_lat, plane_of
from .mapkey import draw_key
from .mapnames import name_places


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
    known = [p.minutes for p in data.places if p.minutes is not None and p.callouts_per_day > 0]
    low, high = min(known, default=0.0), max(known, default=1.0)
    return Normalize(low, high if high > low else low + 1)


def _draw_ground(ax: Any, data: MapData, plane: MapPlane) -> None:
    """Fill land and sea, and draw the shore."""
    lines = [plane.xy(line) for line in data.coast]
    ashore = [lon_lat(p) for p in data.places] + [lon_lat(b) for b in data.bases]
    ground = faces(lines, plane.frame, plane.xy(ashore))
    ax.set_facecolor(LAND)
    for polygon in ground.sea:
        ax.add_patch(Polygon(polygon, facecolor=SEA, edgecolor="none", zorder=0.2))
    for polygon in ground.islands:
        ax.add_patch(Polygon(polygon, facecolor=LAND, edgecolor="none", zorder=0.3))
    for line in lines:
        ax.plot(*line.T, color="#8796a5", lw=0.9, zorder=0.4)


def _draw_roads(ax: Any, data: MapData, plane: MapPlane) -> None:
    for kind, drawn in signs.ROADS.items():
        ends = [road.ends for road in data.roads if signs.kind_of(road) == kind]
        if ends:
            ax.add_collection(LineCollection(list(plane.xy(ends).reshape(-1, 2, 2)), **drawn))
    if data.closed:
        ends = [road.ends for road in data.closed]
        ax.add_collection(LineCollection(list(plane.xy(ends).reshape(-1, 2, 2)), **signs.CLOSED))
    for x, y in _distinct(data.checkpoints, plane):
        ax.plot(x, y, ls="", zorder=2.5, **signs.CHECKPOINT)


def _draw_places(ax: Any, data: MapData, plane: MapPlane) -> list[Box]:
    """Draw circles, hospitals and bases; return what they cover. [points from bottom left]"""
    norm = _norm(data)
    per_km = plane.scale(ax)
    most = data.busiest
    taken: list[Box] = []
    radii: dict[tuple[float, float], float] = {}
    for place in sorted(data.places, key=lambda p: (-p.callouts_per_day, p.name)):
        often = place.callouts_per_day
        (x, y), area = plane.xy(lon_lat(place))[0], signs.circle_area(often, most)
        if not plane.holds(x, y):
            continue
        minutes = place.minutes if often > 0 else None
        unknown = "white" if often > 0 else signs.NO_CALLOUTS  # a grey would be read as minutes
        colour = unknown if minutes is None else signs.SHADES(norm(minutes))
        ax.scatter(x, y, area, color=[colour], edgecolor=INK if often > 0 else "none",
                   lw=0.7, zorder=3)  # fmt: skip
        radius = (area / np.pi) ** 0.5
        radii[round(x, 1), round(y, 1)] = radius
        if often > 0:
            taken.append(_square(x, y, radius, per_km, plane))
    for x, y in _distinct(data.hospitals, plane):
        radius = radii.get((round(x, 1), round(y, 1)), 0.0)
        turn = 0.72 * radius + 3.2 * (radius > 0)
        x, y = x + turn / per_km, y + turn / per_km  # next to the circle, to its upper right
        signs.boxed_letter(ax, x, y, **signs.HOSPITAL)
        taken.append(_square(x, y, 3.6, per_km, plane))
    for x, y in _distinct(data.bases, plane):
        ax.plot(x, y, ls="", zorder=5, **signs.BASE)
        taken.append(_square(x, y, 4.5, per_km, plane))
    return taken


def _square(x: float, y: float, half: float, per_km: float, plane: MapPlane) -> Box:
    px, py = (x + plane.wide / 2) * per_km, (y + plane.tall / 2) * per_km
    return Box(px - half, py - half, px + half, py + half)


def _distinct(sites: Sequence[MapSite], plane: MapPlane) -> list[tuple[float, float]]:
    """Return the points within the frame, one for sites less than 100 m apart. [km]"""
    points = sorted((float(x), float(y)) for x, y in plane.xy([lon_lat(site) for site in sites]))
    apart = {(round(x, 1), round(y, 1)): (x, y) for x, y in reversed(points)}
    return sorted(point for point in apart.values() if plane.holds(*point))


def _scale_bar(ax: Any, data: MapData, plane: MapPlane) -> Box:
    """Draw a scale bar in the emptier lower corner; return what it covers. [points]"""
    scale = plane.scale(ax)
    rounds = [m * 10.0**e for e in range(-2, 5) for m in (1, 2, 5)]
    km = max((r for r in rounds if r <= 0.24 * plane.wide), default=rounds[0])
    points = plane.xy([lon_lat(p) for p in data.places])
    low = points[points[:, 1] < -0.3 * plane.tall]
    on_left = bool((low[:, 0] < 0).sum() <= (low[:, 0] >= 0).sum())
    inset = 11 / scale
    start = -plane.wide / 2 + inset if on_left else plane.wide / 2 - inset - km
    y = -plane.tall / 2 + inset
    ax.plot([start, start + km], [y, y], color=INK, lw=2.2, zorder=6)
    ax.text(start, y + 4 / scale, f"{km:g} km", fontsize=8, color=INK, zorder=6, gid="label")
    left = (start + plane.wide / 2) * scale
    return Box(left - 3, 5, left + max(km * scale, 30) + 3, 28)
