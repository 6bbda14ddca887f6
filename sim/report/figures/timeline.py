"""A day's timeline: every team from callout to clear, and who waits meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .style import COLOURS, GREY, INK, clean, new_figure

PHASES = {
    "turnout": "#c9d3da",
    "driving": "#56B4E9",
    "on scene": "#0072B2",
    "to hospital": "#E69F00",
    "at hospital": "#8a6d00",
}
SHAPES = (("^", COLOURS[1]), ("D", COLOURS[4]), ("o", COLOURS[2]))  # by urgency


@dataclass(frozen=True)
class Leg:
    """A phase of a team's mission; times in hours since the beginning of the day drawn."""

    team: int
    begins: float
    ends: float
    phase: str


@dataclass(frozen=True)
class Day:
    """One day of one replication. Times in hours since the day drawn begins."""

    first_hour: int  # local hour at which it begins
    teams: tuple[str, ...]
    duty: tuple[tuple[tuple[float, float], ...], ...]  # per team
    legs: tuple[Leg, ...]
    arrivals: tuple[tuple[int, float, int], ...]  # team, time on scene, rank of urgency 0, 1, 2
    busy: tuple[tuple[float, int], ...]  # steps: from when, how many
    on_duty: tuple[tuple[float, int], ...]
    waiting: tuple[tuple[float, int], ...]


def timeline_figure(day: Day, title: str, subtitle: str, caption: str) -> Figure:
    """Draw teams busy and callouts waiting above, a row a team below."""
    rows = len(day.teams)
    figure = new_figure(9.5, 3.6 + 0.31 * rows, title, caption)
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=[1.5, 0.31 * rows + 0.4])
    draw_load(top, day)
    top.set_title(subtitle)
    draw_teams(bottom, day)
    _legend(bottom, rows)
    bottom.set_xlim(0, 24)
    hours = range(0, 25, 3)
    bottom.set_xticks(hours, [f"{(day.first_hour + h) % 24:02d}:00" for h in hours])
    bottom.set_xlabel("Local time [h]")
    return figure


def draw_load(ax: Any, day: Day) -> None:
    """Draw teams busy within teams on duty, and callouts waiting below the line."""
    _steps(ax, day.busy, 1, COLOURS[0])
    _steps(ax, day.waiting, -1, COLOURS[1])
    times = [max(t, 0) for t, _ in day.on_duty]
    counts = [n for _, n in day.on_duty]
    ax.step([*times, 24], [*counts, counts[-1]], where="post", color=INK, lw=1.2)
    most, longest = max(counts), max((n for _, n in day.waiting), default=0)
    ax.axhline(0, color=INK, lw=0.8)
    ax.set_ylim(-max(longest, 0.12 * most) * 1.25, most * 1.22)
    at = times[counts.index(most)]
    ax.annotate("teams on duty", (at, most), xytext=(4, 3), textcoords="offset points", fontsize=8)
    waits = f"waiting (most {longest})" if longest else "nobody waits"
    notes = ((1.0, "teams busy", COLOURS[0], "bottom"), (0.0, waits, COLOURS[1], "top"))
    for height, note, tone, side in notes:
        ax.annotate(note, (1.006, height), xycoords=("axes fraction", "data"), color=tone, va=side,
                    fontsize=8, fontweight="bold", annotation_clip=False)  # fmt: skip
    ax.yaxis.set_major_formatter(lambda y, _: f"{abs(y):.0f}")
    ax.yaxis.get_major_locator().set_params(integer=True, nbins=6)
    ax.set_ylabel("Teams, callouts")


def _steps(ax: Any, steps: Sequence[tuple[float, int]], sign: int, tone: str) -> None:
    if not steps:
        return
    times = [max(t, 0) for t, _ in steps] + [24]
    counts = [sign * n for _, n in steps]
    ax.fill_between(times, [*counts, counts[-1]], step="post", color=tone, alpha=0.85, lw=0)


def draw_teams(ax: Any, day: Day) -> None:
    """Draw each team's phases, the hours off duty hatched, and its arrivals on scene."""
    for row, duty in enumerate(day.duty):
        for begins, ends in _gaps(duty):
            ax.broken_barh([(begins, ends - begins)], (row - 0.42, 0.84), facecolor="#f4f6f7",
                           edgecolor="#cfd6da", hatch="////", lw=0)  # fmt: skip
    for leg in day.legs:
        ax.broken_barh([(leg.begins, leg.ends - leg.begins)], (leg.team - 0.3, 0.6),
                       facecolor=PHASES[leg.phase], lw=0)  # fmt: skip
    for team, at, rank in day.arrivals:
        shape, tone = SHAPES[rank]
        ax.plot(at, team - 0.34, shape, color=tone, mec="white", mew=0.5, ms=5.5, zorder=4)
    ax.set_yticks(range(len(day.teams)), [clean(team) for team in day.teams], color=INK)
    ax.set_ylim(len(day.teams) - 0.4, -0.7)
    ax.grid(axis="y", visible=False)


def _gaps(duty: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    found, at = [], 0.0
    for begins, ends in duty:
        if begins > at:
            found.append((at, min(begins, 24.0)))
        at = max(at, ends)
    if at < 24:
        found.append((at, 24.0))
    return [(a, b) for a, b in found if b > a]


def _legend(ax: Any, rows: int) -> None:
    handles: list[Any] = [Patch(color=tone, label=phase) for phase, tone in PHASES.items()]
    handles.append(Patch(facecolor="#f4f6f7", edgecolor="#cfd6da", hatch="////", label="off duty"))
    for (shape, tone), words in zip(SHAPES, ("most urgent", "next", "less urgent"), strict=True):
        handles.append(Line2D([], [], marker=shape, color=tone, ls="", mec="white", ms=7,
                              label=f"on scene, {words}"))  # fmt: skip
    below = -0.62 / (0.31 * rows + 0.4)  # inches under the axes, as a share of their height
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(-0.02, below), ncols=5,
              fontsize=7.5, frameon=False, labelcolor=GREY)  # fmt: skip
