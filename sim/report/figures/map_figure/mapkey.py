"""The map's key: what colours, circles, signs and lines mean."""

from __future__ import annotations

from math import pi
from typing import Any

from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from ..layout.labels import wrap
from ..layout.style import INK, SOFT, clean
from . import map_signs as signs
from .map_data import MapData, MapPlane, lon_lat

SIZE = 7.5  # of its type [points]
GAP = 13.0  # between rows [points]


class _Key:
    """A column of explanations, written downwards; coordinates are points from the top left."""

    def __init__(self, ax: Any) -> None:
        self.ax = ax
        box = ax.get_window_extent()
        scale = 72 / ax.get_figure(root=True).dpi
        self.width, self.height = box.width * scale, box.height * scale
        self.y = 0.0
        ax.set(xlim=(0, self.width), ylim=(self.height, 0))
        ax.axis("off")

    def words(self, text: str, x: float = 0.0, colour: str = INK, bold: bool = False) -> None:
        """Write text from ``x``, wrapped to the column, and move below it."""
        weight = "bold" if bold else "normal"
        for row in wrap(text, self.width - x, SIZE, weight):
            self.ax.text(x, self.y + 0.7 * SIZE, row, fontsize=SIZE, color=colour, va="center",
                         fontweight=weight, gid="label", parse_math=False)  # fmt: skip
            self.y += 1.35 * SIZE
        self.y += GAP - 1.35 * SIZE

    def sign(self, text: str) -> float:
        """Write what a sign means to the right of its place, and return the place's height."""
        middle = self.y + 0.7 * SIZE
        self.words(text, 21)
        return middle


def draw_key(ax: Any, data: MapData, plane: MapPlane, norm: Normalize) -> None:
    """Draw the key on axes of its own, from the top down."""
    key = _Key(ax)
    known = any(p.minutes is not None and p.callouts_per_day > 0 for p in data.places)
    if known:
        _shades(key, data.measure, norm)
    _circles(key, data)
    key.words("Symbols", bold=True)
    if any(p.callouts_per_day <= 0 for p in data.places):
        at = key.sign("place without callouts")
        ax.scatter(8, at, signs.circle_area(0, 1), color=signs.NO_CALLOUTS)
    if any(p.callouts_per_day > 0 and p.minutes is None for p in data.places):
        at = key.sign("callouts, nothing measured")
        ax.scatter(8, at, 22, color="white", edgecolor=INK, lw=0.7)
    ax.plot(8, key.sign("base"), ls="", **signs.BASE)
    if data.hospitals:
        signs.boxed_letter(ax, 8, key.sign("hospital"), **signs.HOSPITAL)
    if data.checkpoints:
        ax.plot(8, key.sign("checkpoint"), ls="", **signs.CHECKPOINT)
    for kind in signs.ROADS:
        if any(signs.kind_of(road) == kind for road in data.roads):
            _line(key, kind, signs.ROADS[kind])
    if data.closed:
        _line(key, "road closed at times", signs.CLOSED)
    _beyond(key, data, plane)


def _shades(key: _Key, measure: str, norm: Normalize) -> None:
    """Draw the colour bar under what it measures."""
    key.words(clean(measure[:1].upper() + measure[1:], 120), bold=True)
    tall = 105.0
    top = key.y + 2
    foot = 1 - (top + tall) / key.height
    inset = key.ax.inset_axes((0, foot, 11 / key.width, tall / key.height))
    bar = key.ax.get_figure(root=True).colorbar(
        ScalarMappable(norm, signs.SHADES), cax=inset, format="{x:g} min"
    )
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=SIZE, labelcolor=INK, length=2.5)
    bar.ax.grid(visible=False)
    key.y = top + tall + 14


def _circles(key: _Key, data: MapData) -> None:
    """Draw three circles of round sizes."""
    most = data.busiest
    if most <= 0:
        return
    key.words("Callouts [1/day]", bold=True)
    for amount in _round_amounts(most):
        radius = (signs.circle_area(amount, most) / pi) ** 0.5
        middle = key.y + max(radius, 0.6 * SIZE)
        key.ax.scatter(14, middle, pi * radius**2, facecolor="#d7dde3", edgecolor=INK, lw=0.7)
        key.ax.text(33, middle, f"{amount:g}", fontsize=SIZE, color=INK, va="center", gid="label")
        key.y = middle + max(radius, 0.6 * SIZE) + 3
    key.y += 9


def _round_amounts(most: float) -> list[float]:
    """Return up to three round numbers, the largest at most ``most``, large first."""
    rounds = [m * 10.0**e for e in range(-4, 5) for m in (1, 2, 5)]
    least = most * (2.2 / 13) ** 2  # smaller ones are drawn larger than they are
    fitting = [r for r in reversed(rounds) if least <= r <= most * 1.0001]
    return fitting[:5:2]


def _line(key: _Key, kind: str, drawn: dict[str, Any]) -> None:
    style = drawn.get("linestyles", ["-"])[0]
    at = key.sign(kind)
    key.ax.plot([0, 16], [at, at], color=drawn["colors"], lw=drawn["linewidths"] + 0.2, ls=style,
                alpha=drawn.get("alpha"))  # fmt: skip


def _beyond(key: _Key, data: MapData, plane: MapPlane) -> None:
    """Name the hospitals that lie outside the map."""
    away = sorted(
        {clean(h.name, 26) for h in data.hospitals if not plane.holds(*plane.xy(lon_lat(h))[0])}
    )
    if away:
        key.y += 5
        shown = ", ".join(away[:6]) + (f" and {len(away) - 6} more" if len(away) > 6 else "")
        key.words(f"Outside the map: {shown}", colour=SOFT)
