"""What teams on duty bring: measures of all alternatives against how many they have on duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from .layout.bands import Array, Band
from .layout.boxes import Box, touches
from .layout.figure_page import Caption, finish, new_sheet
from .layout.labels import around, fit, measure, settle, size_of
from .layout.style import INK, LINE, SOFT, clean, in_house_style, look, short_names

SIZE = 7.5  # of names [points]
ALIKE = 1  # digits of a number of teams in which as many are as many


@dataclass(frozen=True)
class FrontierPanel:
    """A measure of which less is better, with its unit in the label; shape (alternatives,)."""

    label: str
    values: Band


@dataclass(frozen=True)
class StaffingFrontier:
    """
    Alternatives, the baseline first, with the teams that they have on duty on average.

    An alternative is on the frontier of a measure if none with as few teams or fewer has a better
    value.
    """

    names: tuple[str, ...]
    teams: Array  # mean number on duty, shape (alternatives,)
    panels: tuple[FrontierPanel, ...]
    title: str = "What teams on duty bring"

    def frontier(self, panel: FrontierPanel) -> list[int]:
        """Return the numbers of the alternatives on the frontier, those with fewest teams first."""
        value, kept, least = panel.values.value, [], np.inf
        for i in np.lexsort((value, np.round(self.teams, ALIKE))).tolist():
            if value[i] < least:
                kept.append(i)
                least = value[i]
        return kept


@in_house_style
def figure_frontier(data: StaffingFrontier, caption: Caption) -> Figure:
    """Return a panel a measure, one below the other."""
    bars = f" · upright lines: {caption.intervals}" if caption.intervals else ""
    subtitle = caption.above(
        f"Dark: no alternative with as few teams is better, by estimates{bars} · square: baseline"
    )
    sheet = new_sheet(0.5 + 2.6 * len(data.panels), data.title, subtitle, caption.lines())
    axes = sheet.figure.subplots(len(data.panels), 1, sharex=True, squeeze=False)[:, 0]
    draw_frontier(list(axes), data)
    return finish(sheet.figure)


@in_house_style
def draw_frontier(axes: Sequence[Any], data: StaffingFrontier) -> None:
    """Draw the alternatives as points on each of the axes, and the frontier as steps."""
    names = short_names(data.names, 24)
    for ax, panel in zip(axes, data.panels, strict=True):
        first = data.frontier(panel)
        _, value, low, high = panel.values
        known = np.isfinite(value)
        best = np.isin(np.arange(len(value)), first)
        ax.step(data.teams[first], value[first], where="post", color=LINE, lw=1.1, zorder=1.5)
        for which, colour in ((known & ~best, LINE), (known & best, INK)):
            ax.vlines(data.teams[which], low[which], high[which], color=colour, lw=1.3)
            ax.plot(data.teams[which], value[which], "o", color=colour, mec="white", mew=0.6, ms=6,
                    clip_on=False, zorder=4)  # fmt: skip
        if known[0]:
            ax.plot(data.teams[0], value[0], "s", color=look(0).colour, mec="white", ms=7, zorder=5,
                    clip_on=False)  # fmt: skip
        ends = [*value[known], *high[np.isfinite(high)]]
        ax.set_ylim(0, 1.25 * max(ends, default=0.0) or 1.0)  # room for a line of names
        room = 0.25 * float(np.ptp(data.teams)) or 1.0
        ax.set_xlim(max(0.0, float(data.teams.min()) - room), float(data.teams.max()) + room)
        ax.locator_params(nbins=6)
        ax.set_ylabel("\n".join(fit(clean(part, 60), 180, 8.5) for part in panel.label.split("\n")))
    axes[-1].set_xlabel("Teams on duty, mean")
    settle(axes[0])
    for ax, panel in zip(axes, data.panels, strict=True):
        _name_points(ax, data, panel, names)


def _name_points(
    ax: Any, data: StaffingFrontier, panel: FrontierPanel, names: Sequence[str]
) -> None:
    """
    Name the baseline, then the frontier, then as many others as there is room for.

    A line at the top says who the rest are, by the teams they have.
    """
    width, height = size_of(ax)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    x = (data.teams - left) / (right - left) * width
    y = (panel.values.value - bottom) / (top - bottom) * height
    known = [i for i in range(len(names)) if np.isfinite(y[i])]
    taken = [Box(x[i] - 3.5, y[i] - 3.5, x[i] + 3.5, y[i] + 3.5) for i in known]
    ends = (panel.values.low, panel.values.high)
    low, high = ((end - bottom) / (top - bottom) * height for end in ends)
    taken += [Box(x[i] - 1, low[i], x[i] + 1, high[i]) for i in known if np.isfinite(low[i])]
    frontier = data.frontier(panel)
    taken += [Box(x[a], y[a] - 1, x[b], y[a] + 1) for a, b in pairwise(frontier)]
    taken.append(Box(0, height - 1.5 * SIZE, width, height))
    order = dict.fromkeys([*(i for i in (0,) if i in known), *frontier, *known])
    unnamed = []
    for i in order:
        for box in around(x[i], y[i], 3.5, measure(names[i], SIZE)[0], 1.35 * SIZE):
            inside = box.left >= 0 and box.right <= width and box.bottom >= 0 and box.top <= height
            if inside and not touches(box, taken):
                taken.append(box)
                colour = look(0).colour if i == 0 else INK if i in frontier else SOFT
                ax.annotate(names[i], (box.left / width, box.bottom / height), fontsize=SIZE,
                            xycoords="axes fraction", color=colour, va="bottom",
                            gid="label")  # fmt: skip
                break
        else:
            unnamed.append(i)
    if unnamed:
        rest = ", ".join(
            f"{data.teams[i]:.1f} {names[i]}" for i in sorted(unnamed, key=data.teams.item)
        )
        ax.annotate(fit(f"without a name: {rest}", width, SIZE), (0, 1), (2, -2), va="top",
                    fontsize=SIZE, color=SOFT, xycoords="axes fraction",
                    textcoords="offset points", gid="label")  # fmt: skip
