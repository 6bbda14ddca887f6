"""The map: coast, roads, bases, hospitals, and how long each place waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt
from typing import Any

import matplotlib.patheffects as effects
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path as Outline

from .labels import place_labels
from .style import GREY, INK, clean, new_figure

SEA, LAND, NO_DEMAND = "#dbe9f1", "#fbfaf6", "#b9c2c8"


@dataclass(frozen=True)
class Spot:
    """A place on the map; ``minutes`` is None where no callout was reached."""

    name: str
    arabic: str
    lon: float
    lat: float
    callouts_per_day: float
    minutes: float | None


@dataclass(frozen=True)
class Road:
    """A stretch of road; modelled ones are drawn fainter, for they are not real roads."""

    lon: tuple[float, float]
    lat: tuple[float, float]
    modelled: bool


@dataclass(frozen=True)
class MapData:
    """Everything on the map, in degrees."""

    coast: tuple[tuple[tuple[float, float], ...], ...]  # lines of (lon, lat)
    roads: tuple[Road, ...]
    places: tuple[Spot, ...]
    bases: tuple[tuple[str, float, float, int], ...]  # name, lon, lat, teams
    hospitals: tuple[tuple[str, float, float], ...]
    measure: str


def map_figure(data: MapData, title: str, subtitle: str, caption: str) -> Figure:
    """Draw the map."""
    west, east, south, north = extent(data)
    tall = (north - south) / ((east - west) * cos(radians((north + south) / 2)))
    high = min(max(4.4 * tall, 3.6), 8.0)  # inches, of the map itself
    figure = new_figure(max(high / tall + 1.25, 5.2), high + 1.9, title, caption)
    ax = figure.subplots()
    ax.set_xlim(west, east)
    ax.set_ylim(south, north)
    ax.set_aspect(1 / cos(radians((north + south) / 2)))
    draw_ground(ax, data)
    marks = draw_places(ax, data.places)
    if marks is not None:
        bar = figure.colorbar(marks, ax=ax, shrink=0.55, pad=0.015, aspect=28)
        bar.set_label(data.measure)
        bar.outline.set_visible(False)
    letters = draw_bases(ax, data)
    draw_scale(ax, data.places)
    ax.set_title(subtitle)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(True)
    _legend(ax, data)
    _names(figure, ax, data, letters)
    return figure


def extent(data: MapData) -> tuple[float, float, float, float]:
    """Return west, east, south and north around the places with demand and the bases."""
    lon = [p.lon for p in data.places if p.callouts_per_day] + [b[1] for b in data.bases]
    lat = [p.lat for p in data.places if p.callouts_per_day] + [b[2] for b in data.bases]
    wide, tall = max(lon) - min(lon) or 0.1, max(lat) - min(lat) or 0.1
    room = 0.1 * max(wide, tall)
    return min(lon) - 1.6 * room, max(lon) + 1.6 * room, min(lat) - room, max(lat) + room


def draw_ground(ax: Any, data: MapData) -> None:
    """Draw sea, land, coast and roads."""
    ax.set_facecolor(LAND)
    sea = sea_polygon(data, (*ax.get_xlim(), *ax.get_ylim()))
    if sea is not None:
        ax.fill(*zip(*sea, strict=True), color=SEA, lw=0, zorder=0)
    for line in data.coast:
        ax.plot(*zip(*line, strict=True), color="#8fa3b0", lw=0.9, zorder=1)
    for road in sorted(data.roads, key=lambda r: not r.modelled):
        tone = ("#d8d3c6", 0.8) if road.modelled else ("#b3a98f", 1.7)
        ax.plot(road.lon, road.lat, color=tone[0], lw=tone[1], zorder=1.5, solid_capstyle="round")


def sea_polygon(
    data: MapData, box: tuple[float, float, float, float]
) -> list[tuple[float, float]] | None:
    """
    Return the sea within the box, or None where the coast does not cross it.

    The longest line of coast cuts the box in two; the sea is the side with fewer places.
    """
    if not data.coast:
        return None
    west, east, south, north = box
    line = max(data.coast, key=len)
    lats = [lat for _, lat in line]
    if min(lats) > south or max(lats) < north:
        return None
    ordered = line if line[0][1] < line[-1][1] else tuple(reversed(line))
    sides = [
        [*ordered, (edge, ordered[-1][1]), (edge, ordered[0][1])] for edge in (west - 1, east + 1)
    ]
    spots = np.array([(p.lon, p.lat) for p in data.places])
    inland = [int(Outline(side).contains_points(spots).sum()) for side in sides]
    return sides[int(inland[0] > inland[1])]


def draw_places(ax: Any, places: Sequence[Spot]) -> Any:
    """Draw places: area for callouts a day, colour for minutes. Return the coloured marks."""
    quiet = [p for p in places if not p.callouts_per_day]
    ax.plot([p.lon for p in quiet], [p.lat for p in quiet], ".", color=NO_DEMAND, ms=2.5, zorder=2)
    unreached = [p for p in places if p.callouts_per_day and p.minutes is None]
    for p in unreached:
        ax.plot(p.lon, p.lat, "X", color="#000000", ms=2 * radius(p) + 2, mec="white", zorder=3)
    reached = [p for p in places if p.callouts_per_day and p.minutes is not None]
    if not reached:
        return None
    return ax.scatter(
        [p.lon for p in reached], [p.lat for p in reached], c=[p.minutes for p in reached],
        s=[(2 * radius(p)) ** 2 for p in reached], cmap="cividis_r", edgecolors=INK,
        linewidths=0.7, zorder=3,
    )  # fmt: skip


def radius(place: Spot) -> float:
    """Return the radius of a place's mark [points]: its area grows with callouts a day."""
    return 2.2 + 4.2 * sqrt(place.callouts_per_day)


def draw_bases(ax: Any, data: MapData) -> list[Any]:
    """Draw a cross at each base and an H in each town with a hospital; return the letters."""
    halo = [effects.withStroke(linewidth=2.4, foreground=INK)]
    for _, lon, lat, _ in data.bases:
        ax.plot(lon, lat, "P", color="white", ms=5.5, mec=INK, mew=0.8, zorder=5)
    towns: dict[tuple[float, float], int] = {}
    for _, lon, lat in data.hospitals:
        towns[lon, lat] = towns.get((lon, lat), 0) + 1
    letters = []
    for lon, lat in towns:
        letter = ax.annotate(
            "H", (lon, lat), xytext=(0, -9), textcoords="offset points", fontsize=6.5,
            fontweight="bold", color="white", ha="center", va="center", zorder=6,
            path_effects=halo, annotation_clip=True,
        )  # fmt: skip
        letters.append(letter)
    return letters


def draw_scale(ax: Any, places: Sequence[Spot]) -> None:
    """Draw a bar as long as a round number of kilometres, in the corner with fewest places."""
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    wide, tall = east - west, north - south
    degree = 111.32 * cos(radians((south + north) / 2))
    km = max(k for k in (1, 2, 5, 10, 20, 50, 100) if k <= 0.28 * wide * degree or k == 1)
    long = km / degree
    corners = [
        (x, y)
        for y in (south + 0.035 * tall, north - 0.07 * tall)
        for x in (west + 0.04 * wide, east - 0.04 * wide - long)
    ]

    def crowd(corner: tuple[float, float]) -> int:
        middle = corner[0] + long / 2
        return sum(
            abs(p.lon - middle) < 0.25 * wide and abs(p.lat - corner[1]) < 0.12 * tall
            for p in places
        )

    x, y = min(corners, key=crowd)
    ax.plot([x, x + long], [y, y], color=INK, lw=3, solid_capstyle="butt", zorder=4)
    ax.annotate(f"{km} km", (x, y), xytext=(0, 5), textcoords="offset points", fontsize=8)


def _legend(ax: Any, data: MapData) -> None:
    rows = [
        Line2D([], [], marker="o", ls="", mfc="#9aa6ad", mec=INK, ms=12.8, label="1 callout a day"),
        Line2D([], [], marker="P", ls="", mfc="white", mec=INK, ms=6, label="base (illustrative)"),
    ]  # fmt: skip
    if data.hospitals:
        letter = Line2D(
            [], [], marker="s", ls="", mfc=INK, mec=INK, ms=6, label="H: a hospital in town"
        )
        rows.append(letter)
    if not all(road.modelled for road in data.roads):
        rows.append(Line2D([], [], color="#b3a98f", lw=1.7, label="trunk road"))
    if any(road.modelled for road in data.roads):
        rows.append(Line2D([], [], color="#d8d3c6", lw=1, label="modelled link, not a real road"))
    ax.legend(
        handles=rows, loc="upper left", bbox_to_anchor=(-0.02, -0.005), ncols=2, fontsize=7,
        frameon=False, labelspacing=0.7, labelcolor=GREY,
    )  # fmt: skip


def _names(figure: Figure, ax: Any, data: MapData, letters: list[Any]) -> None:
    halo = [effects.withStroke(linewidth=2.2, foreground="white", alpha=0.9)]
    figure.draw_without_rendering()
    taken = [a.get_window_extent() for a in (ax.get_legend(), *letters)]
    ranked = sorted(
        (p for p in data.places if p.callouts_per_day), key=lambda p: -p.callouts_per_day
    )
    bases = {(lon, lat) for _, lon, lat, _ in data.bases}
    ranked.sort(key=lambda p: (p.lon, p.lat) not in bases)
    # a base's cross tells whose name it is; others only take the sides, lest names be mistaken
    points = [
        (p.lon, p.lat, radius(p), _labels(p), 8 if (p.lon, p.lat) in bases else 2) for p in ranked
    ]
    place_labels(figure, ax, points, taken, 24, fontsize=7, color=INK, path_effects=halo,
                 linespacing=1.05, zorder=7)  # fmt: skip


def _labels(place: Spot) -> tuple[str, ...]:
    """Return the name with its Arabic form and the minutes, and shorter ones for tight spots."""
    minutes = "not reached" if place.minutes is None else f"{place.minutes:.0f} min"
    short = clean(place.name)
    return f"{clean(f'{place.name} {place.arabic}', 40)}\n{minutes}", f"{short} {minutes}", short
