"""Measures against a value that is varied, a line a policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from .layout.bands import Band
from .layout.figure_page import Caption, finish, new_sheet, not_shown
from .layout.labels import fit, fit_names, fits
from .layout.style import INK, clean, in_house_style, look, short_names

MOST_STEPS = 60  # of the smallest between two values, from the first of them to the last
FEW_MARKS = 20  # values up to which points are drawn large
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
    series, the baseline's first. ``missing`` are values that there is no room for; those shown are
    then the baseline's and the best others, in this order.
    """

    varied: str
    values: tuple[float | str, ...]
    panels: tuple[Panel, ...]
    title: str = "Measures against the varied value"
    missing: tuple[str, ...] = ()

    @property
    def are_numbers(self) -> bool:
        """Whether all values are numbers."""
        return all(isinstance(value, (int, float)) for value in self.values)

    @property
    def is_to_scale(self) -> bool:
        """Whether values are numbers with room between them on one axis."""
        if not self.are_numbers:
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
    elif data.are_numbers:
        bars += " · values not to scale"
    subtitle = caption.above(f"Varied: {clean(data.varied, 80)}{bars}")
    subtitle += f" · {_chosen(data)}" if data.missing else ""
    lines = caption.lines()
    if data.missing:
        lines.append(not_shown(data.missing, len(data.values), " values"))
    sheet = new_sheet(0.9 + 1.75 * len(data.panels), data.title, subtitle, lines)
    axes = sheet.figure.subplots(len(data.panels), 1, sharex=True, squeeze=False)[:, 0]
    draw_sweep(list(axes), data)
    return finish(sheet.figure)


def _chosen(data: Sweep) -> str:
    """Say which values are shown, where not all are."""
    best = len(data.values) - 1
    return f"the baseline's value and the {best} best of {best + len(data.missing)} others"


@in_house_style
def draw_sweep(axes: Sequence[Any], data: Sweep) -> None:
    """
    Draw each measure on its axes, from zero; the lowest carries the values.

    Numbers to scale are joined by lines. Places and other words, between which there is nothing,
    are bars.
    """
    for ax, panel in zip(axes, data.panels, strict=True):
        if data.are_numbers:
            _draw_points(ax, data, panel)
        else:
            _draw_bars(ax, data.places, panel)
        ends = [end for band in panel.bands for end in (*band.value, *band.high)]
        ax.set_ylim(0, 1.08 * float(np.nanmax(ends, initial=0.0)) or 1.0)
        _mark_never(ax, data.places, panel)
        ax.set_ylabel("\n".join(fit(clean(part), 110, 8) for part in panel.label.split("\n")))
        ax.locator_params(axis="y", nbins=5)
    _label_values(axes, data)


def _draw_points(ax: Any, data: Sweep, panel: Panel) -> None:
    """Draw points an alternative, intervals next to each other, and lines where it is to scale."""
    at = data.places
    step, order = float(np.diff(np.sort(at)).min()), np.argsort(at)
    few = len(at) <= FEW_MARKS
    names = short_names([band.name for band in panel.bands], 40)
    for i, (_, value, low, high) in enumerate(panel.bands):
        colour, dash, marker = look(i)
        x = at + (i - (len(panel.bands) - 1) / 2) * (0.06 if few else 0.2) * step
        ax.vlines(x, low, high, color=colour, lw=1.6 if few else 0.9)
        bare = np.isnan(low) & bool(np.isfinite(low).any())
        signs = {"marker": marker, "ms": 4.5 if few else 3.2}
        ax.plot(x[order], value[order], color=colour, lw=1.2, ls=dash if data.is_to_scale else "",
                mec="white", mew=0.5, zorder=3, label=names[i], **signs)  # fmt: skip
        ax.plot(x[bare], value[bare], color=colour, ls="", mfc="white", mew=1.1, zorder=3.1,
                **signs)  # fmt: skip


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
    if data.is_to_scale:
        from_zero = at.min() > 0 and step * MOST_STEPS >= at.max()
        low, high = at.min() - 0.35 * step, at.max() + 0.35 * step
        bottom.set_xlim(0.0 if from_zero else low, high)
        _name_numbers(bottom, data, from_zero)
    else:
        bottom.set_xlim(at.min() - 0.6, at.max() + 0.6)
        words = [f"{v:g}" if isinstance(v, (int, float)) else clean(v, 40) for v in data.values]
        upright = _has_room(words)
        names = words if upright else fit_names(words, 100, 8)
        bottom.set_xticks(at, names, rotation=0 if upright else 90)
    bottom.set_xlabel(clean(data.varied, 80))
    if len(data.panels[0].bands) > 1:
        axes[0].legend(loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=3, borderaxespad=0.2,
                       fontsize=8)  # fmt: skip


def _has_room(words: Sequence[str]) -> bool:
    """Return whether words have room next to each other below the panels."""
    return all(fits(word, 420 / len(words) - 5, 8) for word in words)


def _name_numbers(ax: Any, data: Sweep, from_zero: bool) -> None:
    """Mark the values tried on an axis to scale, or round numbers where they have no room."""
    ticks = sorted({0.0, *data.places} if from_zero else set(data.places))
    narrowest = min(np.diff(ticks)) / (ticks[-1] - ticks[0])
    if all(fits(f"{tick:g}", 420 * narrowest - 5, 8) for tick in ticks):
        ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    else:
        ax.locator_params(axis="x", nbins=10)
