"""Measures against a value that is varied, a line a policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from .layout.figure_page import Caption, finish, new_sheet
from .layout.labels import fit, fits
from .layout.style import clean, in_house_style, look
from .share_curves import Band


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
    def places(self) -> NDArray[np.float64]:
        """Where the values stand: to scale if they are numbers with room between, else in a row."""
        if all(isinstance(value, (int, float)) for value in self.values):
            at = np.array(self.values, dtype=np.float64)
            gaps = np.diff(np.sort(at))
            if len(at) > 1 and gaps.min() * 30 >= at.max() - at.min() > 0:
                return at
        return np.arange(len(self.values), dtype=np.float64)


@in_house_style
def figure_sweep(data: Sweep, caption: Caption) -> Figure:
    """Return a panel a measure, one below the other, over the value that is varied."""
    bars = f" · bars: {caption.intervals}" if caption.intervals else ""
    subtitle = caption.above(f"Varied: {clean(data.varied, 80)}{bars}")
    sheet = new_sheet(0.9 + 1.75 * len(data.panels), data.title, subtitle, caption.lines())
    axes = sheet.figure.subplots(len(data.panels), 1, sharex=True, squeeze=False)[:, 0]
    draw_sweep(list(axes), data)
    return finish(sheet.figure)


@in_house_style
def draw_sweep(axes: Sequence[Any], data: Sweep) -> None:
    """Draw each measure on its axes; the lowest carries the values."""
    at = data.places
    step = float(np.diff(np.sort(at)).min()) if len(at) > 1 else 1.0
    for ax, panel in zip(axes, data.panels, strict=True):
        shift = 0.06 * step
        for i, (_, value, low, high) in enumerate(panel.bands):
            colour, dash, marker = look(i)
            x = at + (i - (len(panel.bands) - 1) / 2) * shift
            ax.vlines(x, low, high, color=colour, lw=1.6)
            bare = np.isnan(low) & bool(np.isfinite(low).any())
            ax.plot(x, value, color=colour, lw=1.2, ls=dash, marker=marker, mec="white", mew=0.5,
                    ms=4.5, zorder=3, label=clean(panel.bands[i].name, 40))  # fmt: skip
            ax.plot(x[bare], value[bare], color=colour, ls="", marker=marker, mfc="white", mew=1.1,
                    ms=4.5, zorder=3.1)  # fmt: skip
        _mark_never(ax, at, panel)
        ax.set_ylabel("\n".join(fit(clean(part), 110, 8) for part in panel.label.split("\n")))
        ax.locator_params(axis="y", nbins=5)
    _label_values(axes, data)


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
    shown = [word if upright else fit(word, 100, 8) for word in words]
    bottom.set_xticks(at, shown, rotation=0 if upright else 90)
    bottom.set_xlim(at.min() - 0.35 * step, at.max() + 0.35 * step)
    bottom.set_xlabel(clean(data.varied, 80))
    if len(data.panels[0].bands) > 1:
        axes[0].legend(loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=3, borderaxespad=0.2,
                       fontsize=8)  # fmt: skip
