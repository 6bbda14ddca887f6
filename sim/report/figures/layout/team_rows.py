"""Rows of teams, those of a base together: their names, their points, and why one has none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from matplotlib.lines import Line2D

from .labels import fit, fit_names
from .style import INK, SOFT, SeriesStyle, bilingual, clean, look, short_names

GAP = 0.35  # between the blocks of two bases, in rows


class TeamRow(NamedTuple):
    """A team and its base; the Arabic name may be empty."""

    name: str
    base: str
    name_ar: str = ""


def row_height(alternatives: int) -> float:
    """Return how tall a row must be for that many points below each other. [in]"""
    return 0.1 + 0.06 * max(alternatives, 1)


def rows_height(teams: Sequence[TeamRow], alternatives: int) -> float:
    """Return how tall the rows of teams and the gaps between bases are. [in]"""
    bases = sum(1 for _ in groupby(teams, key=attrgetter("base")))
    return row_height(alternatives) * (len(teams) + GAP * bases)


def most_rows(height: float, alternatives: int) -> int:
    """Return how many teams, each of a base of its own, have room in a height. [in]"""
    return int(height / row_height(alternatives) / (1 + GAP))


def points_legend(names: Sequence[str]) -> list[Line2D]:
    """Return what explains the points of alternatives, the baseline first."""
    return [
        Line2D([], [], color=look(i).colour, marker=look(i).marker, mec="white", mew=0.6, ms=6,
               lw=1.5, label=name + " (baseline)" * (i == 0))
        for i, name in enumerate(short_names(names, 30))
    ]  # fmt: skip


def draw_spread(ax: Any, values: Sequence[Any], places: Sequence[float]) -> None:
    """Draw in each row a pale bar from the least to the most of the alternatives."""
    columns = np.array(values, dtype=np.float64)
    known = np.isfinite(columns).sum(axis=0) > 1
    if known.any():
        ends = columns[:, known]
        ax.hlines(np.asarray(places)[known], np.nanmin(ends, axis=0), np.nanmax(ends, axis=0),
                  color="#d9dee3", lw=4.5, capstyle="butt", zorder=1.5)  # fmt: skip


def draw_points(ax: Any, x: Any, y: Any, low: Any, drawn: SeriesStyle, size: float = 5.5) -> None:
    """Draw a sign at each point; hollow where others have an interval and it has none."""
    x, y, low = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (x, y, low)))
    bare = np.isnan(low) & bool(np.isfinite(low).any())
    look_ = {"marker": drawn.marker, "ls": "", "ms": size, "zorder": 4, "clip_on": False}
    full = {"color": drawn.colour, "mec": "white", "mew": 0.6}
    hollow = {"color": drawn.colour, "mfc": "white", "mew": 1.1}
    for which, face in ((~bare, full), (bare, hollow)):
        shown = which & np.isfinite(x)
        if shown.any():  # nothing, unclipped, would count as a point far outside
            ax.plot(x[shown], y[shown], **face, **look_)


def write_reasons(
    ax: Any,
    told: Sequence[tuple[int, Sequence[str]]],
    places: Sequence[float],
    step: float,
    room: float,
) -> None:
    """
    Write in each row why an alternative has nothing there, or why it is nothing.

    ``told`` are the alternatives from the top down, each with its number and a word a row; ``step``
    lies between them, and ``room`` is how long a line may be [points]. Words stand once a row, in
    the middle of most of those they are about, where no other alternative has a bar.
    """
    for row, place in enumerate(places):
        said = [(nth, i, words[row]) for nth, (i, words) in enumerate(told) if words[row]]
        if not said:
            continue
        middle = _middle_of_longest([nth for nth, _, _ in said]) - (len(told) - 1) / 2
        alone = len(said) == 1 < len(told)
        text = ", ".join(dict.fromkeys(clean(word) for _, _, word in said))
        if 1 < len(said) < len(told):
            text = f"{len(said)} of {len(told)}: {text}"
        ax.annotate(
            fit(text, room, 6.5), (0, place + middle * step), (6, 0), va="center", fontsize=6.5,
            textcoords="offset points", color=look(said[0][1]).colour if alone else SOFT,
            gid="label", zorder=5,
        )  # fmt: skip


def _middle_of_longest(numbers: Sequence[int]) -> float:
    """Return the middle of the longest stretch of successive numbers, which rise."""
    runs = [
        [own for _, own in run] for _, run in groupby(enumerate(numbers), lambda x: x[1] - x[0])
    ]
    longest = max(runs, key=len)
    return (longest[0] + longest[-1]) / 2


def base_blocks(ax: Any, teams: Sequence[TeamRow], named: bool = True) -> list[float]:
    """Lay out rows in blocks by base, write the bases' names, and return the rows' places."""
    places: list[float] = []
    at = 0.0
    bases = fit_names([base for base, _ in groupby(teams, key=attrgetter("base"))], 80, 8)
    for name, (_, own) in zip(bases, groupby(teams, key=attrgetter("base")), strict=True):
        first = at
        for _ in own:
            places.append(at)
            at += 1
        ax.axhspan(first - 0.5, at - 0.5, color="#f6f7f9", lw=0, zorder=0)
        if named:
            ax.annotate(name, (1, (first + at - 1) / 2), (7, 0), va="center",
                        xycoords=("axes fraction", "data"), textcoords="offset points",
                        color=SOFT, fontsize=8, annotation_clip=False, gid="label")  # fmt: skip
        at += GAP
    ax.set_yticks([])
    ax.set_ylim(at - GAP - 0.45, -0.6)
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    return places


def name_rows(ax: Any, teams: Sequence[TeamRow], places: Sequence[float]) -> None:
    """Write the names of teams left of their rows."""
    names = [bilingual(team.name, team.name_ar, 60) for team in teams]
    ax.tick_params(axis="y", length=0)
    ax.set_yticks(places, fit_names(names, 118, 8, 120), color=INK)
