"""Demand and busy teams through the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from .style import GREY, INK, LIGHT, clean, colour, dash, new_figure, spread

Hours = npt.NDArray[Any]  # shape (24,)


@dataclass(frozen=True)
class Profile:
    """An alternative's mean teams busy and callouts waiting in each hour of the day."""

    name: str
    busy: Hours
    busy_low: Hours
    busy_high: Hours
    waiting: Hours


def profile_figure(
    callouts: Hours,
    low: Hours,
    high: Hours,
    on_duty: Hours,
    profiles: Sequence[Profile],
    title: str,
    subtitle: str,
    caption: str,
) -> Figure:
    """Draw callouts an hour above; teams on duty, busy and callouts waiting below."""
    figure = new_figure(8, 5.6, title, caption)
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=[1, 1.5])
    draw_demand(top, callouts, low, high)
    top.set_title(subtitle)
    draw_teams(bottom, on_duty, profiles)
    bottom.set_xlim(0, 24)
    bottom.set_xticks(range(0, 25, 3), [f"{h:02d}:00" for h in range(0, 25, 3)])
    bottom.set_xlabel("Local time of day [h]")
    return figure


def draw_demand(ax: Any, callouts: Hours, low: Hours, high: Hours) -> None:
    """Draw mean callouts in each hour of the day, with intervals."""
    middle = np.arange(24) + 0.5
    ax.bar(middle, callouts, width=0.86, color=LIGHT)
    ax.vlines(middle, low, high, color=GREY, lw=1.2)
    ax.set_ylabel("Callouts\nan hour")
    ax.set_ylim(0, float(np.nanmax(high)) * 1.12 + 1e-9)
    ax.grid(axis="x", visible=False)


def draw_teams(ax: Any, on_duty: Hours, profiles: Sequence[Profile]) -> None:
    """Draw teams on duty, teams busy and callouts waiting as steps over the day."""
    edges = np.arange(25)
    ax.stairs(on_duty, edges, color=INK, lw=1.4, baseline=None)
    top = float(np.nanmax(on_duty))
    ax.annotate("teams on duty", (0.3, on_duty[0]), xytext=(0, 4), textcoords="offset points",
                fontsize=8, color=INK)  # fmt: skip
    ends = spread([float(p.busy[-1]) for p in profiles], top * 0.075)
    for i, (profile, at) in enumerate(zip(profiles, ends, strict=True)):
        ax.stairs(
            profile.busy, edges, color=colour(i), lw=3 if i == 0 else 1.6, ls=dash(i), baseline=None
        )
        for h in range(24):
            ax.fill_between([h, h + 1], profile.busy_low[h], profile.busy_high[h],
                            color=colour(i), alpha=0.2, lw=0)  # fmt: skip
        ax.annotate(f"busy: {clean(profile.name)}", (1.01, at), xycoords=("axes fraction", "data"),
                    color=colour(i), fontweight="bold", fontsize=8.5, va="center",
                    annotation_clip=False)  # fmt: skip
        if np.nanmax(profile.waiting) >= 0.05:
            ax.stairs(profile.waiting, edges, color=colour(i), lw=1.2, ls=":", baseline=None)
    waits = max(float(np.nanmax(p.waiting)) for p in profiles)
    note = (
        "dotted: callouts waiting for a free team"
        if waits >= 0.05
        else f"callouts waiting for a free team: never more than {max(waits, 0.01):.2f} on average"
    )
    ax.annotate(note, (0.995, 0.97), xycoords="axes fraction", ha="right", va="top", fontsize=8,
                color=GREY)  # fmt: skip
    ax.set_ylabel("Teams")
    ax.set_ylim(0, top * 1.18)
