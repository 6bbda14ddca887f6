"""Workload of staff: every crew on duty and on call, and alerts to volunteers by the hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from .layout.bands import Array, Band
from .layout.figure_page import Caption, finish, new_sheet
from .layout.hours_of_day import WHOLE_DAY, ClockHours
from .layout.labels import fit
from .layout.style import INK, SOFT, clean, in_house_style, look, okabe_ito
from .layout.team_rows import (
    TeamRow,
    base_blocks,
    draw_points,
    draw_spread,
    name_rows,
    points_legend,
    rows_height,
    write_reasons,
)

NIGHT = ((0, 6), (22, 24))  # hours
# What became of alerts, from those that served to those that only disturbed: dark to light, and
# hatched where a volunteer set out in vain.
_SHADES = (okabe_ito["blue"], "#8fbfdf", "#8d979f", "#d5dade", "#ffffff")
_HATCHES = ("", "////", "", "", "")
_ACROSS = 3  # entries of the legend side by side


@dataclass(frozen=True)
class Alerts:
    """Alerts by the hour of the day, by what became of them. [1/h]"""

    answers: tuple[str, ...]
    per_hour: Array  # shape (24, answers)
    alternative: str = ""
    hours: ClockHours = WHOLE_DAY


@dataclass(frozen=True)
class StaffPanel:
    """
    One measure of each crew, an alternative a band; arrays have shape (crews,).

    ``always`` says for each alternative which crews are always on duty. Where ``endless``, their
    value is only a lower bound, and a word stands in its place. ``line`` is what points are read
    against. ``told`` says in a word, for each alternative and crew, why it has no point.
    """

    label: str
    bands: tuple[Band, ...]
    always: tuple[NDArray[np.bool_], ...]
    line: float | None = None
    endless: bool = False
    told: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class StaffBlock:
    """Crews in the order drawn, those of a base together, and the panels next to each other."""

    crews: tuple[TeamRow, ...]
    panels: tuple[StaffPanel, ...]
    by_base: bool = False  # a row a base in place of a crew: that of its most burdened crew

    @property
    def shown(self) -> list[int]:
        """Numbers of the alternatives that have such crews; the others take no room."""
        bands = enumerate(self.panels[0].bands)
        return [i for i, band in bands if np.isfinite(band.value).any()]


@dataclass(frozen=True)
class Staff:
    """Crews on duty, crews on call, and alerts to volunteers; any may be missing."""

    on_duty: StaffBlock
    on_call: StaffBlock
    alerts: Alerts | None = None
    title: str = "Workload of staff"
    order: str = ""
    left_out: str = ""  # which rows there is no room for

    @property
    def blocks(self) -> list[tuple[str, StaffBlock]]:
        """The blocks that hold crews, with what they are called."""
        named = (("On duty", self.on_duty), ("On call", self.on_call))
        return [(name, block) for name, block in named if block.crews]


@in_house_style
def figure_staff(data: Staff, caption: Caption) -> Figure:
    """Return a row a crew, a panel a measure: on duty, on call, and alerts through the day."""
    handles = _handles(data)
    heights = [0.02 + 0.19 * -(-len(handles) // _ACROSS)]
    heights += [_height(block) for _, block in data.blocks]
    heights += [2.3] if data.alerts is not None else []
    sheet = new_sheet(
        sum(heights), data.title, caption.above(_words(data, caption)), caption.lines()
    )
    grid = sheet.figure.add_gridspec(len(heights), 1, height_ratios=heights)
    # a legend as wide as the sheet would leave no room for panels next to the one it belongs to
    top = sheet.figure.add_subplot(grid[0])
    top.set_axis_off()
    legend = top.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 1), ncols=_ACROSS,
                        borderaxespad=0, fontsize=8)  # fmt: skip
    legend.set_in_layout(False)  # the row is as high as it needs
    for number, (name, block) in enumerate(data.blocks, start=1):
        inner = grid[number].subgridspec(1, len(block.panels))
        axes = [sheet.figure.add_subplot(inner[i]) for i in range(len(block.panels))]
        draw_staff(axes, block, name if len(data.blocks) > 1 else "")
    if data.alerts is not None:
        draw_alerts(sheet.figure.add_subplot(grid[-1]), data.alerts)
    return finish(sheet.figure)


def _words(data: Staff, caption: Caption) -> str:
    words = []
    if data.blocks:
        bars = f", lines: {caption.intervals}" if caption.intervals else ""
        several = any(len(block.shown) > 1 for _, block in data.blocks)
        spread = ", pale: from least to most" if several else ""
        order = f", {clean(data.order)}" if data.order else ""
        by_base = [block.by_base for _, block in data.blocks]
        rows = "Of each base the most burdened crew" if any(by_base) else "Crews by base"
        if any(by_base) and not all(by_base):
            name = next(name for name, block in data.blocks if block.by_base)
            rows = f"{name}, of each base the most burdened crew"
        words.append(f"{rows}{order}: mean over runs{bars}{spread}, dashed: 24 h, or a whole week")
        words += [f"{word} not shown" for word in filter(None, (clean(data.left_out, 120),))]
    if data.alerts is not None:
        under = f" under “{clean(data.alerts.alternative)}”" if data.alerts.alternative else ""
        words.append(f"Alerts to volunteers{under} by hour of the day, local time")
    return " · ".join(words)


def _height(block: StaffBlock) -> float:
    """Return the height of a block of crews. [in]"""
    return 1.0 + rows_height(block.crews, len(block.shown))


@in_house_style
def draw_staff(axes: Sequence[Any], block: StaffBlock, title: str = "") -> None:
    """Draw a measure of every crew on each of the axes."""
    for ax, panel in zip(axes, block.panels, strict=True):
        last = ax is axes[-1]
        places = base_blocks(ax, block.crews, named=last)
        step = 0.4 if len(block.shown) == 2 else 0.66 / max(len(block.shown), 2)
        draw_spread(ax, [_known(panel, i)[0] for i in block.shown], places)
        for nth, i in enumerate(block.shown):
            value, low, high = _known(panel, i)
            at = np.asarray(places) + (nth - (len(block.shown) - 1) / 2) * step
            ax.hlines(at, low, high, color=look(i).colour, lw=1.5)
            draw_points(ax, value, at, low, look(i), 5.5 if len(block.shown) < 4 else 4.5)
        told = [(i, _told(panel, i)) for i in block.shown]
        write_reasons(ax, told, places, step, 430 / len(block.panels))
        top = _top(panel)
        if panel.line is not None and panel.line <= top:
            ax.axvline(panel.line, color=INK, lw=1, ls=(0, (4, 2)), zorder=1.6)
        ax.set_xlim(0, top)
        _mark_ticks(ax, top, panel.line)
        words = [fit(clean(line, 40), 66, 7.5) for line in panel.label.split("\n")]
        ax.set_xlabel("\n".join(words), fontsize=7.5)
        ax.tick_params(axis="x", labelsize=7.5)
        if ax is axes[0]:
            name_rows(ax, block.crews, places)
    if title:
        axes[0].set_title(title, loc="left", fontsize=9, fontweight="bold", color=INK)


def _known(panel: StaffPanel, i: int) -> tuple[Array, Array, Array]:
    """Return an alternative's numbers, but for those that a word stands for."""
    _, value, low, high = panel.bands[i]
    said = np.array([bool(word) for word in _told(panel, i)], dtype=np.bool_)
    clear = [np.where(said, np.nan, part) for part in (value, low, high)]
    return clear[0], clear[1], clear[2]


def _told(panel: StaffPanel, i: int) -> list[str]:
    """Return what is said of each crew in place of a point: why there is none, or no end."""
    told = panel.told[i] if panel.told else ("",) * len(panel.always[i])
    endless = panel.always[i] & panel.endless
    return ["always on duty" if on else word for word, on in zip(told, endless, strict=True)]


def _top(panel: StaffPanel) -> float:
    """Return where the axis of a panel ends."""
    ends = [panel.line or 0.0]
    for band, always in zip(panel.bands, panel.always, strict=True):
        shown = band.high[~always] if panel.endless else band.high
        ends.append(float(np.nanmax(shown, initial=0.0)))
    return 1.08 * max(ends) or 1.0


def _mark_ticks(ax: Any, top: float, line: float | None) -> None:
    """Mark hours: the whole or parts of a day or a week; other amounts in round numbers."""
    if line is None:
        ax.xaxis.set_major_locator(MaxNLocator(3, min_n_ticks=2))
        return
    step = line / 2 if top < 2 * line else line * max(1, round(top / line / 3))
    ax.set_xticks(np.arange(0, top + 1e-9, step))


def _handles(data: Staff) -> list[Any]:
    """Explain the alternatives."""
    panels = [panel for _, block in data.blocks for panel in block.panels]
    bands = panels[0].bands if panels else ()
    return points_legend([band.name for band in bands]) if len(bands) > 1 else []


@in_house_style
def draw_alerts(ax: Any, data: Alerts) -> None:
    """Draw the alerts of each hour, stacked."""
    for begin, end in NIGHT:
        for day in (0, 24):  # a period over midnight goes on from 24
            ax.axvspan(begin + day, end + day, color="#f6f7f9", lw=0, zorder=0)
    middle, below = data.hours.middle, np.zeros(data.hours.count)
    per_hour = data.per_hour[data.hours.order]
    handles = []
    for i, answer in enumerate(data.answers):
        looks: dict[str, Any] = {
            "facecolor": _SHADES[i % len(_SHADES)],
            "hatch": _HATCHES[i % len(_HATCHES)],
            "edgecolor": SOFT,
            "linewidth": 0.4,
        }
        ax.bar(middle, per_hour[:, i], 0.86, bottom=below, **looks)
        below = below + per_hour[:, i]
        handles.append(Patch(label=clean(answer), **looks))
    data.hours.mark(ax)
    ax.set_ylim(0, max(1.12 * float(below.max(initial=0.0)), 0.01))
    ax.set_ylabel("Alerts\nper hour [1/h]")
    ax.grid(axis="x", visible=False)
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=3,
              borderaxespad=0.2, fontsize=7.5)  # fmt: skip
