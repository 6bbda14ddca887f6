"""Measures against a value that is varied, a line a policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from .layout.figure_page import Caption, finish, new_sheet
from .layout.labels import fit, fit_names, fits
from .layout.style import INK, clean, in_house_style, look, short_names
from .share_curves import Band

MOST_STEPS = 30  # of the smallest between two values, from the first of them to the last
HATCHES = ("", "////", "....", "xxxx", "----", "++++")


@dataclass(frozen=True)
class Panel:
    """
    One measure, with its unit in the label; arrays of shape (values,), NaN where none.

    ``never`` says of each band and value that a percentile is never reached, which is not the
    same as not knowing it.
    """

    label: str
    bands: tuple[Band, ...]
    never: tuple[tuple[bool, ...], ...] = ()


@dataclass(frozen=True)
class Sweep:
    """
    What a sweep found.

    ``values`` are those tried, numbers or words as people wrote them; every panel has the same
    series, the baseline's first.
    """

    varied: str
    values: tuple[float | str, ...]
    panels: tuple[Panel, ...]
    title: str = "Measures against the varied value"

    @property
    def is_to_scale(self) -> bool:
        """Whether values are numbers with room between them on one axis."""
        if not all(isinstance(value, (int, float)) for value in self.values):
            return False
        at = np.array(self.values, dtype=np.float64)
        gaps = np.diff(np.sort(at))
        return len(at) > 1 and bool(gaps.min() * MOST_STEPS >= at.max() - at.min() > 0)

    @property
    def places(self) -> NDArray[np.float64]:
        """Where the values stand: to scale where that can be read, else in a row."""
        if self.is_to_scale:
            return np.array(self.values, dtype=np.float64)
        return np.arange(len(self.values), dtype=np.float64)


@in_house_style
def figure_sweep(data: Sweep, caption: Caption) -> Figure:
    """Return a panel a measure, one below the other, over the value that is varied."""
    bars = f" · lines: {caption.intervals}" if caption.intervals else ""
    if data.is_to_scale:
        bars = bars.replace("lines", "upright lines")
    elif all(isinstance(value, (int, float)) for value in data.values):
        bars += " · values not to scale"
    subtitle = caption.above(f"Varied: {clean(data.varied, 80)}{bars}")
    sheet = new_sheet(0.9 + 1.75 * len(data.panels), data.title, subtitle, caption.lines())
    axes = sheet.figure.subplots(len(data.panels), 1, sharex=True, squeeze=False)[:, 0]
    draw_sweep(list(axes), data)
    return finish(sheet.figure)


@in_house_style
def draw_sweep(axes: Sequence[Any], data: Sweep) -> None:
    """
    Draw each measure on its axes, from zero; the lowest carries the values.

    Numbers to scale are joined by lines. Places and other words, between which there is nothing,
    are bars.
    """
    for ax, panel in zip(axes, data.panels, strict=True):
        if data.is_to_scale:
            _draw_lines(ax, data.places, panel)
        else:
            _draw_bars(ax, data.places, panel)
        ends = [end for band in panel.bands for end in (*band.value, *band.high)]
        ax.set_ylim(0, 1.08 * float(np.nanmax(ends, initial=0.0)) or 1.0)
        _mark_never(ax, data.places, panel)
        ax.set_ylabel("\n".join(fit(clean(part), 110, 8) for part in panel.label.split("\n")))
        ax.locator_params(axis="y", nbins=5)
    _label_values(axes, data)


def _draw_lines(ax: Any, at: NDArray[np.float64], panel: Panel) -> None:
    """Draw a line an alternative, with its intervals next to each other."""
    step, order = float(np.diff(np.sort(at)).min()), np.argsort(at)
    names = short_names([band.name for band in panel.bands], 40)
    for i, (_, value, low, high) in enumerate(panel.bands):
        colour, dash, marker = look(i)
        x = at + (i - (len(panel.bands) - 1) / 2) * 0.06 * step
        ax.vlines(x, low, high, color=colour, lw=1.6)
        bare = np.isnan(low) & bool(np.isfinite(low).any())
        ax.plot(x[order], value[order], color=colour, lw=1.2, ls=dash, marker=marker, mec="white",
                mew=0.5, ms=4.5, zorder=3, label=names[i])  # fmt: skip
        ax.plot(x[bare], value[bare], color=colour, ls="", marker=marker, mfc="white", mew=1.1,
                ms=4.5, zorder=3.1)  # fmt: skip


def _draw_bars(ax: Any, at: NDArray[np.float64], panel: Panel) -> None:
    """Draw a bar an alternative at each value, told apart in grey by how it is filled."""
    width = 0.8 / len(panel.bands)
    names = short_names([band.name for band in panel.bands], 40)
    for i, (_, value, low, high) in enumerate(panel.bands):
        colour, hatch = look(i).colour, HATCHES[i % len(HATCHES)]
        x = at + (i - (len(panel.bands) - 1) / 2) * width
        ax.bar(x, np.nan_to_num(value), 0.86 * width, facecolor="white" if hatch else colour,
               edgecolor=colour, hatch=hatch, lw=0.6, alpha=0.75, label=names[i])  # fmt: skip
        ax.vlines(x, low, high, color=INK, lw=1.2)
    ax.grid(axis="x", visible=False)


def _mark_never(ax: Any, at: NDArray[np.float64], panel: Panel) -> None:
    """Write "never" at the top of each value at which a line has no percentile."""
    for i, never in enumerate(panel.never):
        for x, is_never in zip(at, never, strict=True):
            if is_never:
                ax.annotate("never", (x, 1), (0, -3 - 9 * i), ha="center", va="top", fontsize=7,
                            xycoords=("data", "axes fraction"), textcoords="offset points",
                            color=look(i).colour, gid="label")  # fmt: skip


def _label_values(axes: Sequence[Any], data: Sweep) -> None:
    """Write the values below the lowest panel, and the lines' names above the first."""
    at, bottom = data.places, axes[-1]
    step = float(np.diff(np.sort(at)).min()) if len(at) > 1 else 1.0
    words = [f"{v:g}" if isinstance(v, (int, float)) else clean(v, 40) for v in data.values]
    room = 420 / len(at) - 5  # points next to each other
    upright = all(fits(word, room, 8) for word in words)
    shown = words if upright else fit_names(words, 100, 8)
    bottom.set_xticks(at, shown, rotation=0 if upright else 90)
    low, high = at.min() - 0.35 * step, at.max() + 0.35 * step
    if data.is_to_scale and at.min() > 0 and step * MOST_STEPS >= at.max():
        low = 0.0
        bottom.set_xticks([0.0, *at], ["0", *shown], rotation=0 if upright else 90)
    elif not data.is_to_scale:
        low, high = at.min() - 0.6, at.max() + 0.6
    bottom.set_xlim(low, high)
    bottom.set_xlabel(clean(data.varied, 80))
    if len(data.panels[0].bands) > 1:
        axes[0].legend(loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=3, borderaxespad=0.2,
                       fontsize=8)  # fmt: skip
