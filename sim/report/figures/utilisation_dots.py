"""The utilisation of each team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from .layout.bands import Band
from .layout.figure_page import Caption, finish, new_sheet
from .layout.style import clean, in_house_style, look
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


@dataclass(frozen=True)
class Utilisation:
    """
    Time committed over time on duty, per team and alternative (`sim.outcomes.utilisation`).

    ``teams`` stand in the order drawn, those of a base together, and ``order`` says which order
    it is; ``alternatives`` hold shares 0 to 1 of shape (teams,), NaN for a team that was never on
    duty there or is on call. ``told`` says in a word why, for each alternative and team; "" where
    there is a number. ``note`` says which teams the figure leaves out.
    """

    teams: tuple[TeamRow, ...]
    alternatives: tuple[Band, ...]
    title: str = "Utilisation of each team"
    order: str = "north to south"
    note: str = ""
    told: tuple[tuple[str, ...], ...] = ()


@in_house_style
def figure_utilisation(data: Utilisation, caption: Caption) -> Figure:
    """Return a row a team, grouped by base, and a dot with its interval an alternative."""
    bars = f" · lines: {caption.intervals}" if caption.intervals else ""
    order = f", {clean(data.order)}" if data.order else ""
    note = f" · {clean(data.note, 160)}" if data.note else ""
    rows = "Teams by base" if any(team.base for team in data.teams) else "Bases"
    spread = " · pale: from least to most" if len(data.alternatives) > 1 else ""
    words = caption.above(f"{rows}{order}{bars}{spread}{note}")
    body = 1.0 + rows_height(data.teams, len(data.alternatives))
    sheet = new_sheet(body, data.title, words, caption.lines())
    draw_utilisation(sheet.figure.subplots(), data)
    return finish(sheet.figure)


@in_house_style
def draw_utilisation(ax: Any, data: Utilisation) -> None:
    """Draw each team's utilisation [%], the alternatives close below each other."""
    count = len(data.alternatives)
    places = base_blocks(ax, data.teams)
    name_rows(ax, data.teams, places)
    step = 0.4 if count == 2 else 0.66 / max(count, 2)
    draw_spread(ax, [100 * band.value for band in data.alternatives], places)
    for i, (_, value, low, high) in enumerate(data.alternatives):
        at = np.asarray(places) + (i - (count - 1) / 2) * step
        ax.hlines(at, 100 * low, 100 * high, color=look(i).colour, lw=1.5)
        draw_points(ax, 100 * value, at, low, look(i), 5.5 if count < 4 else 4.5)
    write_reasons(ax, list(enumerate(data.told)), places, step, 300)
    highs = [
        float(np.nanmax(ends, initial=0.05))
        for band in data.alternatives
        for ends in (band.value, band.high)
    ]
    ax.set_xlim(0, min(100.0, 105 * max(highs, default=1.0)))
    ax.set_xlabel("Utilisation: time committed over time on duty [%]")
    if count > 1:
        ax.legend(handles=points_legend([band.name for band in data.alternatives]),
                  loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=3, borderaxespad=0.2,
                  fontsize=8)  # fmt: skip
