"""How busy each team is, and how paired differences compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from .style import GREY, INK, LIGHT, clean, colour, marker, new_figure, signed


@dataclass(frozen=True)
class Dot:
    """A value with its interval, where there is one."""

    value: float
    low: float | None
    high: float | None


def busy_figure(
    teams: Sequence[str],
    alternatives: Sequence[tuple[str, Sequence[Dot | None]]],
    title: str,
    subtitle: str,
    caption: str,
) -> Figure:
    """Draw each team's busy fraction under each alternative."""
    figure = new_figure(8, 1.9 + 0.31 * len(teams), title, caption)
    ax = figure.subplots()
    draw_busy(ax, teams, alternatives)
    ax.set_title(subtitle)
    return figure


def draw_busy(
    ax: Any, teams: Sequence[str], alternatives: Sequence[tuple[str, Sequence[Dot | None]]]
) -> None:
    """Draw a row a team and a dot an alternative, the busy fraction in percent."""
    step = 0.5 / max(len(alternatives), 2)
    most = 0.0
    for i, (name, dots) in enumerate(alternatives):
        shift = (i - (len(alternatives) - 1) / 2) * step
        for row, dot in enumerate(dots):
            if dot is None:
                continue
            most = max(most, dot.high or dot.value)
            if dot.low is not None and dot.high is not None:
                ax.plot([100 * dot.low, 100 * dot.high], [row + shift] * 2, color=colour(i), lw=1.6)
            ax.plot(
                100 * dot.value, row + shift, marker(i), color=colour(i), mec="white", ms=6.5,
                label=clean(name) if row == _first(dots) else None,
            )  # fmt: skip
    ax.set_yticks(range(len(teams)), [clean(team) for team in teams], color=INK)
    ax.set_ylim(len(teams) - 0.5, -0.5)
    ax.set_xlim(0, min(100, 100 * most * 1.08 + 2))
    ax.xaxis.set_major_formatter("{x:.0f}%")
    ax.set_xlabel("Busy fraction: time on missions over time on duty, with 95% interval")
    ax.grid(axis="y", color="#f1f4f6")
    if len(alternatives) > 1:
        ax.legend(loc="lower right", frameon=True, edgecolor=LIGHT, fontsize=8)


def _first(dots: Sequence[Dot | None]) -> int:
    return next((i for i, dot in enumerate(dots) if dot is not None), -1)


@dataclass(frozen=True)
class Difference:
    """
    A paired difference of one group, in minutes; ``head`` rows begin a block.

    ``unpaired`` is the half-width that runs with different callouts would have given.
    """

    label: str
    value: float
    low: float
    high: float
    unpaired: float | None = None
    head: bool = False


def forest_figure(
    blocks: Sequence[tuple[str, Sequence[Difference]]], baseline: str, title: str, caption: str
) -> Figure:
    """Draw paired differences of mean response time, a column an alternative."""
    rows = max(len(differences) for _, differences in blocks)
    width = 8 if len(blocks) == 1 else 4.4 * len(blocks) + 1
    figure = new_figure(width, 1.9 + 0.27 * rows, title, caption)
    axes = figure.subplots(1, len(blocks), sharey=True, squeeze=False)[0]
    for ax, (name, differences) in zip(axes, blocks, strict=True):
        draw_forest(ax, differences, baseline)
        ax.set_title(
            f"{clean(name)} minus {clean(baseline)}; 95% intervals, "
            "thick: paired, thin: had the runs not been paired"
        )
    return figure


def draw_forest(ax: Any, differences: Sequence[Difference], baseline: str) -> None:
    """Draw a row a group: shape and colour say better, worse or undecided."""
    at, places = 0.0, []
    for i, d in enumerate(differences):
        at += 0.6 if d.head and i else 0.0
        places.append(at)
        sure = d.low > 0 or d.high < 0
        tone = GREY if not sure else colour(2) if d.high < 0 else colour(1)
        shape = "s" if not sure else "o" if d.high < 0 else "X"
        if d.unpaired is not None:
            around = [d.value - d.unpaired, d.value + d.unpaired]
            ax.plot(around, [at, at], color=tone, lw=0.9, alpha=0.55)
        ax.plot([d.low, d.high], [at, at], color=tone, lw=3.4, solid_capstyle="butt")
        ax.plot(d.value, at, shape, color=tone, mec="white", ms=6.5, zorder=4)
        ax.annotate(
            f"{signed(d.value)} ± {(d.high - d.low) / 2:.1f}", (1.01, at),
            xycoords=("axes fraction", "data"), color=tone, fontsize=8, va="center",
            annotation_clip=False,
        )  # fmt: skip
        at += 1
    ax.axvline(0, color=INK, lw=1)
    ax.set_yticks(places, [clean(d.label) for d in differences], color=INK)
    for tick, d in zip(ax.get_yticklabels(), differences, strict=True):
        tick.set_fontweight("bold" if d.label == "all callouts" else "normal")
    ax.set_ylim(at - 0.4, -0.8)
    ax.grid(axis="y", visible=False)
    edge = max((max(abs(d.low), abs(d.high), _reach(d)) for d in differences), default=1.0)
    ax.set_xlim(-1.08 * edge, 1.08 * edge)
    ax.set_xlabel(f"← sooner      mean response time, minus {clean(baseline)} [min]      later →")


def _reach(d: Difference) -> float:
    return abs(d.value) + (d.unpaired or 0.0)
