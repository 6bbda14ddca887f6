"""What was fitted to a record: callouts by hour with intervals, durations against the families."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .layout.bands import Array
from .layout.figure_page import Caption, finish, new_sheet
from .layout.hours_of_day import WHOLE_DAY
from .layout.style import INK, SOFT, clean, in_house_style, look
from .profile import Hourly

COLUMNS = 3
PALE_BAR = "#c4cdd5"
FAMILY_ORDER = ("lognormal", "gamma", "Weibull", "exponential")
HOURS_HEIGHT, ROW_HEIGHT = 1.75, 1.7  # [in]


@dataclass(frozen=True)
class DurationPanel:
    """
    Durations of a phase, of one kind or of all, and the families fitted to them.

    Attributes
    ----------
    title, subtitle
        What it is of, and what is written of it.
    recorded
        Durations and the share up to each. [min]
    minutes
        Where the families are drawn. [min], shape (points,)
    families
        Share up to each of ``minutes``, by family.
    written
        The family that is written, and its share after pooling; None where nothing is.

    """

    title: str
    subtitle: str
    recorded: tuple[Array, Array]
    minutes: Array
    families: dict[str, Array]
    written: tuple[str, Array] | None


@dataclass(frozen=True)
class FittedDurations:
    """Callouts an hour by hour of the day, and a panel for each set of durations."""

    callouts: Hourly
    panels: tuple[DurationPanel, ...]
    title: str = "What was fitted: callouts by hour, and durations"


@in_house_style
def figure_fitted(data: FittedDurations, caption: Caption) -> Figure:
    """Return callouts by hour above a grid of durations, three to a row."""
    rows = -(-len(data.panels) // COLUMNS)
    words = "Callouts with 95% intervals · share of durations up to each"
    heights = [HOURS_HEIGHT, *[ROW_HEIGHT] * rows]
    sheet = new_sheet(sum(heights), data.title, caption.above(words), caption.lines())
    grid = sheet.figure.add_gridspec(1 + rows, 1, height_ratios=heights)
    top = sheet.figure.add_subplot(grid[0])
    draw_fitted_hours(top, data.callouts)
    for row in range(rows):
        across = grid[1 + row].subgridspec(1, COLUMNS)
        for column, panel in enumerate(data.panels[COLUMNS * row : COLUMNS * (row + 1)]):
            ax = sheet.figure.add_subplot(across[column])
            draw_durations(ax, panel)
            if column == 0:
                ax.set_ylabel("Share [%]")
    if data.panels:
        _legend(top)
    return finish(sheet.figure)


@in_house_style
def draw_fitted_hours(ax: Any, callouts: Hourly) -> None:
    """Draw callouts an hour, with their intervals."""
    middle = np.arange(24) + 0.5
    ax.bar(middle, callouts.mean, width=0.86, color=PALE_BAR, lw=0)
    ax.vlines(middle, callouts.low, callouts.high, color=SOFT, lw=1.2)
    ax.set_ylim(bottom=0)
    ax.set_ylabel("Callouts\nper hour [1/h]")
    ax.grid(axis="x", visible=False)
    WHOLE_DAY.mark(ax)


@in_house_style
def draw_durations(ax: Any, panel: DurationPanel) -> None:
    """Draw recorded durations as steps, each family as a line, the one that is written thicker."""
    at, share = panel.recorded
    ax.plot(
        np.concatenate([[0.0], at]), 100 * np.concatenate([[0.0], share]),
        drawstyle="steps-post", color=PALE_BAR, lw=5.0, solid_capstyle="butt",
    )  # fmt: skip
    for name, values in panel.families.items():
        _line(ax, panel.minutes, values, name, 0.9)
    if panel.written is not None:
        name, values = panel.written
        _line(ax, panel.minutes, values, name, 1.9)
    ax.set_xlim(0, float(panel.minutes[-1]))
    ax.set_ylim(0, 101)
    ax.locator_params(axis="x", nbins=5)
    ax.set_yticks([0, 50, 100])
    ax.set_title(f"{clean(panel.title, 34)}\n{clean(panel.subtitle, 40)}", fontsize=7.5, color=INK)
    ax.set_xlabel("Duration [min]", fontsize=7.5)


def _line(ax: Any, minutes: Array, share: Array, family: str, width: float) -> None:
    style = look(FAMILY_ORDER.index(family))
    ax.plot(minutes, 100 * share, color=style.colour, ls=style.dash, lw=width)


def _legend(ax: Any) -> None:
    handles = [Line2D([], [], color=PALE_BAR, lw=5.0, label="durations: recorded")]
    for number, name in enumerate(FAMILY_ORDER):
        style = look(number)
        handles.append(Line2D([], [], color=style.colour, ls=style.dash, lw=1.4, label=name))
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=5,
              fontsize=7.5, borderaxespad=0.2)  # fmt: skip
