"""Welch's figure: how long a scenario takes to reach its steady state."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from .layout.figure_page import Caption, finish, new_sheet
from .layout.style import INK, SOFT, clean, in_house_style, look

MOST_PANELS = 4


@dataclass(frozen=True)
class WelchPanel:
    """
    Day means of one alternative, and where they are judged to be steady.

    ``means`` are averages over replications of each day's mean response time [min], shape (days,);
    ``moving`` is their moving average, shape (days - window,). ``cut`` is the number of days to cut
    off, None where no steady state was found.
    """

    name: str
    means: NDArray[np.float64]
    moving: NDArray[np.float64]
    window: int
    cut: int | None


@in_house_style
def figure_welch(panels: tuple[WelchPanel, ...], caption: Caption) -> Figure:
    """Return a panel an alternative, one below the other."""
    title = "How long the scenario takes to reach steady state"
    subtitle = caption.above("Response time by day received, from an empty start")
    shown = _latest(panels)
    lines = caption.lines()
    if len(shown) < len(panels):
        lines.append(
            f"Shown are the {MOST_PANELS} of {len(panels)} alternatives that take longest."
        )
    panels = shown
    sheet = new_sheet(0.5 + 2.3 * len(panels), title, subtitle, lines)
    axes = sheet.figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    for ax, panel in zip(axes, panels, strict=True):
        draw_welch(ax, panel)
    axes[0].legend(loc="lower left", bbox_to_anchor=(-0.01, 1.08), ncols=2, fontsize=8,
                   borderaxespad=0.2)  # fmt: skip
    axes[-1].set_xlabel("Days since the start")
    return finish(sheet.figure)


def _latest(panels: tuple[WelchPanel, ...]) -> tuple[WelchPanel, ...]:
    """Return the panels that there is room for: those with the longest way to steady state."""
    order = sorted(range(len(panels)), key=lambda i: _cut_or_never(panels[i]), reverse=True)
    return tuple(panels[i] for i in sorted(order[:MOST_PANELS]))


def _cut_or_never(panel: WelchPanel) -> float:
    return inf if panel.cut is None else panel.cut


@in_house_style
def draw_welch(ax: Any, data: WelchPanel) -> None:
    """Draw the day means, Welch's moving average, and the cut."""
    colour = look(0).colour
    days = np.arange(1, len(data.means) + 1)
    ax.plot(days, data.means, ".", color=SOFT, ms=3.5, label="mean of the day")
    ax.plot(days[: len(data.moving)], data.moving, color=colour, lw=1.9,
            label=f"moving average, {2 * data.window + 1} days")  # fmt: skip
    ax.set_xlim(0, len(days) + 1)
    ax.set_ylabel("Response time [min]")
    if data.cut is None:
        told = "no steady state found: run longer"
    elif data.cut == 0:
        told = "MSER-5 discards nothing: steady from the first day"
    else:
        told = f"MSER-5 discards {data.cut} days"
        ax.axvspan(0, data.cut + 0.5, color="#f1e3d3", lw=0, zorder=0)
        ax.axvline(data.cut + 0.5, color=INK, lw=1.1)
    ax.set_title(f"{clean(data.name, 40)}: {told}", fontsize=9, color=INK)
