"""Share of callouts reached against time, and the paired difference below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
from matplotlib.figure import Figure

from .style import GREY, INK, clean, colour, dash, new_figure, spread


@dataclass(frozen=True)
class Line:
    """A curve with its band, as shares; for differences, in shares too."""

    name: str
    value: npt.NDArray[Any]
    low: npt.NDArray[Any]
    high: npt.NDArray[Any]


@dataclass(frozen=True)
class Goal:
    """A target: reach this share within this many minutes."""

    name: str
    minutes: float
    share: float


def share_figure(
    minutes: npt.NDArray[Any],
    curves: Sequence[Line],
    differences: Sequence[Line],
    goals: Sequence[Goal],
    title: str,
    subtitle: str,
    caption: str,
) -> Figure:
    """Draw the curves above and, where there is a second alternative, the differences below."""
    two = bool(differences)
    figure = new_figure(8, 6.2 if two else 4.6, title, caption)
    ratios = [3, 1.25] if two else [1]
    axes = figure.subplots(len(ratios), 1, sharex=True, height_ratios=ratios, squeeze=False)[:, 0]
    draw_shares(axes[0], minutes, curves, goals)
    axes[0].set_title(subtitle)
    if two:
        draw_differences(axes[1], minutes, differences, goals, curves[0].name)
    axes[-1].set_xlabel("Response time, from received to first team on scene [min]")
    return figure


def draw_shares(
    ax: Any, minutes: npt.NDArray[Any], curves: Sequence[Line], goals: Sequence[Goal]
) -> None:
    """Draw shares reached [%] against time, with bands, goals and direct labels."""
    for i, line in enumerate(curves):
        ax.fill_between(minutes, 100 * line.low, 100 * line.high, color=colour(i), alpha=0.2, lw=0)
        ax.plot(minutes, 100 * line.value, color=colour(i), lw=2, ls=dash(i))
    ends = spread([100 * line.value[-1] for line in curves], 5)
    for i, (line, at) in enumerate(zip(curves, ends, strict=True)):
        label = clean(line.name) + (" (baseline)" if i == 0 and len(curves) > 1 else "")
        ax.annotate(
            label, (1.01, at), xycoords=("axes fraction", "data"), color=colour(i),
            fontweight="bold", va="center", annotation_clip=False,
        )  # fmt: skip
    for goal in goals:
        _mark(ax, goal, minutes, curves)
    ax.set_ylim(0, 100)
    ax.set_xlim(0, minutes[-1])
    ax.yaxis.set_major_formatter("{x:.0f}%")
    ax.set_ylabel("Callouts reached")


def _mark(ax: Any, goal: Goal, minutes: npt.NDArray[Any], curves: Sequence[Line]) -> None:
    """Mark a target and write beside it what each curve reaches there."""
    if goal.minutes > minutes[-1]:
        return
    ax.axvline(goal.minutes, color=INK, lw=0.9, ls=(0, (4, 3)))
    ax.plot(
        goal.minutes, 100 * goal.share, marker="s", ms=7, mfc="white", mec=INK, mew=1.4, zorder=5
    )
    ax.annotate(
        f"target: {goal.share:.0%} in {goal.minutes:g} min", (goal.minutes, 100),
        xytext=(7, -3), textcoords="offset points", fontsize=8, va="top",
    )  # fmt: skip
    at = int(abs(minutes - goal.minutes).argmin())
    reached = [100 * line.value[at] for line in curves]
    below = [value - 7 for value in reached]
    for i, (line, place) in enumerate(zip(curves, spread(below, 5.5), strict=True)):
        ax.plot(goal.minutes, reached[i], "o", color=colour(i), mec="white", ms=6, zorder=6)
        half = 50 * (line.high[at] - line.low[at])
        ax.annotate(
            f"{reached[i]:.1f} ± {half:.1f}%", (goal.minutes, place), xytext=(9, 0),
            textcoords="offset points", color=colour(i), fontsize=8, va="center",
            bbox={"boxstyle": "square,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.85},
        )  # fmt: skip


def draw_differences(
    ax: Any,
    minutes: npt.NDArray[Any],
    differences: Sequence[Line],
    goals: Sequence[Goal],
    baseline: str,
) -> None:
    """Draw the differences from the baseline [percentage points], with their paired bands."""
    ax.axhline(0, color=colour(0), lw=1.6)
    for i, line in enumerate(differences, start=1):
        ax.fill_between(minutes, 100 * line.low, 100 * line.high, color=colour(i), alpha=0.25, lw=0)
        ax.plot(minutes, 100 * line.value, color=colour(i), lw=2, ls=dash(i))
    for goal in goals:
        ax.axvline(goal.minutes, color=INK, lw=0.9, ls=(0, (4, 3)))
    ax.set_ylabel("Difference\n[points]")
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:+g}".replace("-", "\u2212") if y else "0")
    ax.locator_params(axis="y", nbins=5)
    ax.set_title(
        f"pair by pair, on the same callouts: minus {clean(baseline)}, in percentage points",
        color=GREY,
    )
