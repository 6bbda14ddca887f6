"""What was closed through a run, and how long callouts were pending without access."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .layout.bands import Band
from .layout.figure_page import Caption, finish, new_sheet
from .layout.labels import fit
from .layout.style import INK, SOFT, clean, in_house_style, look, okabe_ito

MOST_ROWS = 14  # closures with a row of their own
MOST_MARKS = 90  # of all alternatives and days; of more, lines are drawn
ROADS, HOSPITALS = "road closed", "hospital closed"
_FACES = {ROADS: okabe_ito["vermillion"], HOSPITALS: "#8d979f"}


class Stretch(NamedTuple):
    """From when until when something was closed, in days of the run; whether it was announced."""

    begins: float
    until: float
    announced: bool = True


class Closed(NamedTuple):
    """A road or a hospital and when it was closed; ``what`` is ``ROADS`` or ``HOSPITALS``."""

    name: str
    what: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class DisruptionData:
    """
    Closures in force, and hours that pending callouts were without access, by day of the run.

    Bands have shape (days,); ``clock_hour`` is the local time at which days of the run begin.
    """

    closed: tuple[Closed, ...]
    no_access: tuple[Band, ...]
    days: float
    clock_hour: float = 0.0
    title: str = "Closures, and callouts without access"
    clock_changes: bool = False  # then, too, its days have 24 hours


@in_house_style
def figure_disruptions(data: DisruptionData, caption: Caption) -> Figure:
    """Return the closures, a row each, above the hours that callouts were without access."""
    shown = _shown(data.closed)
    rows = len(shown)
    waits = any(np.nansum(band.value) > 0 for band in data.no_access)
    words = []
    if rows:
        more = len(data.closed) - rows
        words.append("Bars: closed" + (f", the {rows} longest; {more} more" if more else ""))
    if waits:
        bars = f", lines: {caption.intervals}" if caption.intervals else ""
        words.append(f"Below: pending callouts without access, mean over runs{bars}")
    elif any(one.what == ROADS for one in shown):
        words.append("No callout was without access")
    heights = ([0.5 + 0.24 * rows] if rows else []) + ([2.6] if waits else [])
    sheet = new_sheet(
        sum(heights) or 1.0, data.title, caption.above(" · ".join(words)), caption.lines()
    )
    grid = sheet.figure.add_gridspec(len(heights) or 1, 1, height_ratios=heights or [1])
    first = sheet.figure.add_subplot(grid[0])
    if rows:
        draw_closed(first, data)
    if waits:
        second = sheet.figure.add_subplot(grid[1], sharex=first) if rows else first
        draw_no_access(second, data)
        if rows:
            first.tick_params(axis="x", labelbottom=False)
            first.set_xlabel("")
    return finish(sheet.figure)


def _shown(closed: tuple[Closed, ...]) -> list[Closed]:
    """Return the closures that are drawn: the longest, in the order given."""
    lasts = [sum(s.until - s.begins for s in one.stretches) for one in closed]
    order = sorted(range(len(closed)), key=lambda i: -lasts[i])[:MOST_ROWS]
    return [closed[i] for i in sorted(order) if lasts[i] > 0]


@in_house_style
def draw_closed(ax: Any, data: DisruptionData) -> None:
    """Draw a bar for each stretch of time in which something is closed, pale until announced."""
    shown = _shown(data.closed)
    for at, one in enumerate(shown):
        face = _FACES[one.what]
        for begins, until, announced in one.stretches:
            looks = {} if announced else {"hatch": "//////", "fill": False}
            ax.barh(at, until - begins, 0.62, left=begins, color=face, edgecolor=face, lw=0.5,
                    alpha=0.85, zorder=3, **looks)  # fmt: skip
    ax.set_yticks(range(len(shown)), [fit(clean(one.name, 60), 150, 8) for one in shown], color=INK)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(shown) - 0.45, -0.55)
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    handles: list[Any] = [
        Patch(color=_FACES[what], alpha=0.85, lw=0, label=what)
        for what in (ROADS, HOSPITALS)
        if any(one.what == what for one in shown)
    ]
    if not all(s.announced for one in shown for s in one.stretches):
        face = _FACES[ROADS]
        label = "closed, not announced"
        handles.append(Patch(fill=False, hatch="//////", edgecolor=face, lw=0.5, label=label))
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=3,
              borderaxespad=0.2, fontsize=7.5)  # fmt: skip
    _days(ax, data)


@in_house_style
def draw_no_access(ax: Any, data: DisruptionData) -> None:
    """Draw the hours without access on each day, the alternatives next to each other."""
    count, top = len(data.no_access), 0.0
    step = min(0.8 / max(count, 1), 0.22)
    as_lines = sum(len(band.value) for band in data.no_access) > MOST_MARKS
    for i, (_, value, low, high) in enumerate(data.no_access):
        colour, dash, marker = look(i)
        middle = np.arange(len(value)) + 0.5
        middle[-1:] = (len(value) - 1 + data.days) / 2  # the last day may be a part of one
        if as_lines:
            ax.fill_between(middle, low, high, color=colour, alpha=0.2, lw=0)
            ax.plot(middle, value, color=colour, ls=dash, lw=1.5)
        else:
            at = middle + (i - (count - 1) / 2) * step
            ax.vlines(at, low, high, color=colour, lw=1.5)
            ax.plot(at, value, marker, color=colour, mec="white", mew=0.6, ms=5, zorder=4,
                    clip_on=False)  # fmt: skip
        top = max(top, float(np.nanmax([value, high], initial=0.0)))
    ax.set_ylim(0, 1.08 * top or 1.0)
    ax.set_ylabel("Pending without access\n[h per day]")
    _days(ax, data)
    if count > 1:
        handles = []
        for i, band in enumerate(data.no_access):
            colour, dash, marker = look(i)
            looks: dict[str, Any] = {"ls": dash} if as_lines else {"marker": marker}
            handles.append(
                Line2D([], [], color=colour, mec="white", mew=0.6, ms=6, lw=1.5,
                       label=clean(band.name) + " (baseline)" * (i == 0), **looks)
            )  # fmt: skip
        ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=4,
                  borderaxespad=0.2, fontsize=8)  # fmt: skip


def _days(ax: Any, data: DisruptionData) -> None:
    """Mark the days of the run."""
    step = next((s for s in (1, 2, 7, 14, 28, 91) if data.days / s <= 16), 364)
    begins = list(range(0, int(np.ceil(data.days)), step))
    ax.set_xlim(0, data.days)
    ax.set_xticks(begins, [str(day + 1) for day in begins])
    for label in ax.get_xticklabels():
        label.set_color(SOFT)
    hour, minute = divmod(round(60 * data.clock_hour), 60)
    of = " of 24 hours" if data.clock_changes else ""
    ax.set_xlabel(f"Day{of} of the run, from {hour % 24:02d}:{minute:02d} local time [d]")
