"""What is asked of people: the duty and rest of crews, and alerts to volunteers by the hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .comparisons import BusyFractions, BusyTeam, base_blocks
from .curves import Array, Band
from .sheet import Caption, finish, new_sheet
from .style import INK, SOFT, clean, in_house_style, look, okabe_ito

DAY = 24.0  # hours: the line that duty and rest are read against
NIGHT = ((0, 6), (22, 24))  # hours
# What became of alerts, from those that served to those that only disturbed: dark to light, and
# hatched where somebody set out for nothing.
_SHADES = (okabe_ito["blue"], "#8fbfdf", "#8d979f", "#d5dade", "#ffffff")
_HATCHES = ("", "////", "", "", "")


@dataclass(frozen=True)
class Alerts:
    """Alerts in each hour of an average day, by what became of them. [1/h]"""

    answers: tuple[str, ...]
    per_hour: Array  # shape (24, answers)
    alternative: str = ""


@dataclass(frozen=True)
class People:
    """
    Crews with their longest duty and least rest, and alerts to volunteers; either may be missing.

    Bands hold hours of shape (crews,), NaN where a crew has none; crews stand in the order drawn,
    those of a base together.
    """

    crews: tuple[BusyTeam, ...]
    longest: tuple[Band, ...]
    rest: tuple[Band, ...]
    alerts: Alerts | None = None
    title: str = "What is asked of people"
    order: str = ""
    by_base: bool = False  # a row a base in place of a crew: that of its crews worst off


@in_house_style
def figure_people(data: People, caption: Caption) -> Figure:
    """Return duty beside rest, a row a crew, and alerts through the day below."""
    words = []
    if data.crews:
        bars = f", lines: {caption.intervals}" if caption.intervals else ""
        order = f", {clean(data.order)}" if data.order else ""
        rows = "Of each base the crew worst off" if data.by_base else "Crews by base"
        words.append(f"{rows}{order}: mean over runs{bars}, dashed: 24 h")
    if data.alerts is not None:
        under = f" under “{clean(data.alerts.alternative)}”" if data.alerts.alternative else ""
        words.append(f"Alerts to volunteers{under} by hour of the day, local time")
    gaps = 0.35 * len({crew[1] for crew in data.crews})
    row = 0.13 + 0.065 * max(len(data.longest), 2)
    heights = [1.05 + row * (len(data.crews) + gaps)] if data.crews else []
    heights += [2.6] if data.alerts is not None else []
    sheet = new_sheet(
        sum(heights) or 1.0, data.title, caption.above(" · ".join(words)), caption.lines()
    )
    grid = sheet.figure.add_gridspec(len(heights) or 1, 2, height_ratios=heights or [1])
    if data.crews:
        first = sheet.figure.add_subplot(grid[0, 0])
        draw_duties([first, sheet.figure.add_subplot(grid[0, 1])], data)
    if data.alerts is not None:
        draw_alerts(sheet.figure.add_subplot(grid[-1, :]), data.alerts)
    return finish(sheet.figure)


@in_house_style
def draw_duties(axes: Sequence[Any], data: People) -> None:
    """Draw the longest duty on the first axes and the least rest on the second. [h]"""
    panels = (
        ("Longest duty, overtime included [h]", data.longest),
        ("Least rest between two duties [h]", data.rest),
    )
    for ax, (label, bands) in zip(axes, panels, strict=True):
        last = ax is axes[-1]
        rows = BusyFractions(data.crews, bands)
        places = np.asarray(base_blocks(ax, rows, named=last))
        step = 0.7 / max(len(bands), 1)
        for i, (_, value, low, high) in enumerate(bands):
            colour = look(i).colour
            at = places + (i - (len(bands) - 1) / 2) * step
            ax.barh(at, np.nan_to_num(value), 0.86 * step, color=colour, alpha=0.55, lw=0)
            ax.hlines(at, low, high, color=colour, lw=1.5)
            ax.plot(value, at, look(i).marker, color=colour, mec="white", mew=0.6, ms=5, zorder=4)
        most = max((float(np.nanmax(b[3], initial=DAY)) for b in bands), default=DAY)
        ax.axvline(DAY, color=INK, lw=1, ls=(0, (4, 2)), zorder=3)
        ax.set_xlim(0, 1.08 * most)
        ax.set_xticks(_hours(most))
        ax.set_xlabel(label)
        if last:
            ax.tick_params(axis="y", labelleft=False)
    if len(data.longest) > 1:
        handles = [
            Line2D([], [], color=look(i).colour, marker=look(i).marker, mec="white", mew=0.6,
                   ms=6, lw=1.5, label=clean(band[0]) + " (baseline)" * (i == 0))
            for i, band in enumerate(data.longest)
        ]  # fmt: skip
        axes[0].legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=2,
                       borderaxespad=0.2, fontsize=8)  # fmt: skip


def _hours(most: float) -> list[int]:
    """Return hours to mark: parts of a day, and whole days where there are many."""
    step = next((s for s in (6, 12, 24, 48, 96) if most / s <= 8), 168)
    return list(range(0, int(1.08 * most) + 1, step))


@in_house_style
def draw_alerts(ax: Any, data: Alerts) -> None:
    """Draw the alerts of each hour, one part upon the other."""
    for begin, end in NIGHT:
        ax.axvspan(begin, end, color="#f6f7f9", lw=0, zorder=0)
    middle, below = np.arange(24) + 0.5, np.zeros(24)
    handles = []
    for i, answer in enumerate(data.answers):
        looks: dict[str, Any] = {
            "facecolor": _SHADES[i % len(_SHADES)],
            "hatch": _HATCHES[i % len(_HATCHES)],
            "edgecolor": SOFT,
            "linewidth": 0.4,
        }
        ax.bar(middle, data.per_hour[:, i], 0.86, bottom=below, **looks)
        below = below + data.per_hour[:, i]
        handles.append(Patch(label=clean(answer), **looks))
    ax.set_xlim(0, 24)
    ax.set_ylim(0, max(1.12 * float(below.max(initial=0.0)), 0.01))
    ax.set_xticks(range(0, 25, 3), [f"{hour:02d}:00" for hour in range(0, 25, 3)])
    ax.set_xlabel("Local time of day [h]")
    ax.set_ylabel("Alerts\nper hour [1/h]")
    ax.grid(axis="x", visible=False)
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=3,
              borderaxespad=0.2, fontsize=7.5)  # fmt: skip
