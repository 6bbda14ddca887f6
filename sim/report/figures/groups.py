"""Response times by hour of the day and by area: what was recorded, and what was simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .layout.bands import Array, Band
from .layout.figure_page import Caption, finish, new_sheet
from .layout.hours_of_day import WHOLE_DAY
from .layout.style import INK, SOFT, clean, in_house_style, look, short_names
from .profile import Hourly


@dataclass(frozen=True)
class Hours:
    """
    A day of a record, hour by hour from 00:00 local time.

    ``mean`` holds each one's mean response time with its interval and ``p90`` the 90th
    percentile [min]; arrays of shape (24,), ``nan`` where there is none. ``callouts`` are an
    hour's, ``busy`` the mean number of units on missions. ``words`` say which mean and
    percentile they are.
    """

    mean: tuple[Band, ...]
    p90: tuple[Array, ...]
    callouts: Hourly | None = None
    busy: tuple[Band, ...] = ()
    title: str = "Response times through the day"
    words: tuple[str, str] = ("mean", "90th percentile")


@dataclass(frozen=True)
class Areas:
    """Mean response time by area with its interval, and 90th percentile [min]. Shape (areas,)"""

    areas: tuple[str, ...]
    callouts: Array  # a day
    mean: tuple[Band, ...]
    p90: tuple[Array, ...]
    title: str = "Response times by area"
    words: tuple[str, str] = ("mean", "90th percentile")
    days: float = 28.0  # long the record is


@in_house_style
def figure_hours(data: Hours, caption: Caption) -> Figure:
    """Return callouts, busy units and response times over one clock; a panel each, where known."""
    bars = f" · bars and bands: {caption.intervals}" if caption.intervals else ""
    words = f"By hour of the day received, local time{bars}"
    heights = [0.8] * (data.callouts is not None) + [1.0] * bool(data.busy) + [1.7]
    sheet = new_sheet(1.85 * sum(heights), data.title, caption.above(words), caption.lines())
    axes = sheet.figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)
    draw_hours(list(axes[:, 0]), data)
    return finish(sheet.figure)


@in_house_style
def draw_hours(axes: Sequence[Any], data: Hours) -> None:
    """Draw on as many axes as there are panels, response times on the last."""
    free = list(axes)
    middle = np.arange(24) + 0.5
    if data.callouts is not None:
        ax = free.pop(0)
        ax.bar(middle, data.callouts.mean, width=0.86, color="#c4cdd5", lw=0)
        ax.vlines(middle, data.callouts.low, data.callouts.high, color=SOFT, lw=1.2)
        ax.set_ylabel("Callouts\nper hour [1/h]")
        ax.grid(axis="x", visible=False)
    if data.busy:
        ax = free.pop(0)
        for i, (_, value, low, high) in enumerate(data.busy):
            ax.fill_between(middle, low, high, color=look(i).colour, alpha=0.18, lw=0)
            ax.plot(middle, value, color=look(i).colour, lw=1.9, ls=look(i).dash)
        ax.set_ylim(bottom=0)
        ax.set_ylabel("Units committed")
    times = free.pop(0)
    for i, (band, p90) in enumerate(zip(data.mean, data.p90, strict=True)):
        colour, dash, marker = look(i)
        times.fill_between(middle, band.low, band.high, color=colour, alpha=0.18, lw=0)
        times.plot(middle, band.value, color=colour, lw=1.9, ls=dash)
        times.plot(middle, p90, marker, color=colour, mec="white", mew=0.6, ms=6)
    times.set_ylim(bottom=0)
    times.locator_params(axis="y", nbins=7, integer=True)
    WHOLE_DAY.mark(times)
    times.set_ylabel("Response time [min]")
    _legend(times, data.mean, data.words)


@in_house_style
def figure_areas(data: Areas, caption: Caption) -> Figure:
    """Return a row an area: mean response time with its interval, and 90th percentile."""
    lines = f" · lines: {caption.intervals}" if caption.intervals else ""
    words = f"Areas by number of callouts{lines}"
    body = 0.9 + (0.16 + 0.12 * len(data.mean)) * max(len(data.areas), 3)
    sheet = new_sheet(body, data.title, caption.above(words), caption.lines())
    draw_areas(sheet.figure.subplots(), data)
    return finish(sheet.figure)


@in_house_style
def draw_areas(ax: Any, data: Areas) -> None:
    """Draw the areas from the top down."""
    rows = np.arange(len(data.areas))
    step = 0.62 / max(len(data.mean), 1)
    for i, (band, p90) in enumerate(zip(data.mean, data.p90, strict=True)):
        colour, _, marker = look(i)
        at = rows + (i - (len(data.mean) - 1) / 2) * step
        ax.barh(at, np.nan_to_num(band.value), 0.7 * step, color=colour, alpha=0.55, lw=0)
        ax.hlines(at, band.low, band.high, color=colour, lw=1.7)
        ax.plot(p90, at, marker, color=colour, mec="white", mew=0.6, ms=6, zorder=4)
    names = [
        f"{name}  {_often(often, data.days)}"
        for name, often in zip(short_names(data.areas, 30), data.callouts, strict=True)
    ]
    ax.set_yticks(rows, names)
    ax.set_ylim(len(data.areas) - 0.4, -0.6)
    ax.set_xlim(left=0)
    ax.locator_params(axis="x", nbins=8, integer=True)
    ax.set_xlabel("Response time, received to first team on scene [min]")
    ax.grid(axis="y", visible=False)
    _legend(ax, data.mean, data.words)


def _often(per_day: float, days: float) -> str:
    """Say how many callouts there are: a day or, of less than two days, in all."""
    return f"{per_day:.1f} a day" if days >= 2 else f"{per_day * days:.3g} in {24 * days:.3g} h"


def _legend(ax: Any, bands: Sequence[Band], words: tuple[str, str]) -> None:
    handles = []
    for i, band in enumerate(bands):
        colour, dash, marker = look(i)
        name = f"{clean(band.name)}: " * (len(bands) > 1)
        handles += [
            Line2D([], [], color=colour, lw=1.9, ls=dash, label=name + words[0]),
            Line2D([], [], color=colour, marker=marker, mec="white", mew=0.6, ms=6, lw=0,
                   label=name + words[1]),
        ]  # fmt: skip
    columns = max(2, len(bands))  # each one's mean above its percentile
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=columns,
              borderaxespad=0.2, labelcolor=INK)  # fmt: skip
