"""The utilisation of each team, and who is reached sooner or later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from .layout.figure_page import Caption, finish, new_sheet
from .layout.labels import fit, settle, signed, size_of
from .layout.style import (
    INK,
    PALE,
    SOFT,
    SeriesStyle,
    bilingual,
    clean,
    in_house_style,
    look,
    okabe_ito,
)
from .share_curves import Band

LONG_NUMBER = 1000  # whose tick may touch the next


class TeamRow(NamedTuple):
    """A team and its base; the Arabic name may be empty."""

    name: str
    base: str
    name_ar: str = ""


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
    row = 0.11 + 0.065 * max(len(data.alternatives), 2)
    gaps = len(_bases(data)) * 0.35
    order = f", {clean(data.order)}" if data.order else ""
    note = f" · {clean(data.note, 120)}" if data.note else ""
    rows = "Teams by base" if any(team.base for team in data.teams) else "Bases"
    words = caption.above(f"{rows}{order}{bars}{note}")
    body = 1.0 + row * (len(data.teams) + gaps)
    sheet = new_sheet(body, data.title, words, caption.lines())
    draw_utilisation(sheet.figure.subplots(), data)
    return finish(sheet.figure)


def _bases(data: Utilisation) -> list[str]:
    return [base for base, _ in groupby(data.teams, key=attrgetter("base"))]


@in_house_style
def draw_utilisation(ax: Any, data: Utilisation) -> None:
    """Draw each team's utilisation [%], the alternatives one below the other."""
    places = base_blocks(ax, data)
    step = 0.62 / max(len(data.alternatives), 2)
    for i, (_, value, low, high) in enumerate(data.alternatives):
        colour = look(i).colour
        at = np.asarray(places) + (i - (len(data.alternatives) - 1) / 2) * step
        ax.hlines(at, 100 * low, 100 * high, color=colour, lw=1.5)
        draw_points(ax, 100 * value, at, low, look(i))
    write_reasons(ax, list(enumerate(data.told)), places, step, 300)
    highs = [
        float(np.nanmax(ends, initial=0.05))
        for band in data.alternatives
        for ends in (band.value, band.high)
    ]
    ax.set_xlim(0, min(100.0, 105 * max(highs, default=1.0)))
    ax.set_xlabel("Utilisation: time committed over time on duty [%]")
    if len(data.alternatives) > 1:
        handles = [
            Line2D([], [], color=look(i).colour, marker=look(i).marker, mec="white", mew=0.6,
                   ms=6, lw=1.5, label=clean(band.name) + " (baseline)" * (i == 0))
            for i, band in enumerate(data.alternatives)
        ]  # fmt: skip
        ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=4,
                  borderaxespad=0.2, fontsize=8)  # fmt: skip


def draw_points(ax: Any, x: Any, y: Any, low: Any, drawn: SeriesStyle) -> None:
    """Draw a sign at each point; hollow where others have an interval and it has none."""
    x, y, low = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (x, y, low)))
    bare = np.isnan(low) & bool(np.isfinite(low).any())
    look_ = {"marker": drawn.marker, "ls": "", "ms": 5.5, "zorder": 4}
    ax.plot(x[~bare], y[~bare], color=drawn.colour, mec="white", mew=0.6, **look_)
    ax.plot(x[bare], y[bare], color=drawn.colour, mfc="white", mew=1.1, **look_)


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
            gid="label", zorder=5, path_effects=[withStroke(linewidth=2, foreground=PALE)],
        )  # fmt: skip


def _middle_of_longest(numbers: Sequence[int]) -> float:
    """Return the middle of the longest stretch of successive numbers, which rise."""
    runs = [
        [own for _, own in run] for _, run in groupby(enumerate(numbers), lambda x: x[1] - x[0])
    ]
    longest = max(runs, key=len)
    return (longest[0] + longest[-1]) / 2


def base_blocks(ax: Any, data: Utilisation, named: bool = True) -> list[float]:
    """Lay out rows in blocks by base, write the bases' names, and return the rows' places."""
    places: list[float] = []
    at = 0.0
    for base, teams in groupby(data.teams, key=attrgetter("base")):
        first = at
        for _ in teams:
            places.append(at)
            at += 1
        ax.axhspan(first - 0.5, at - 0.5, color="#f6f7f9", lw=0, zorder=0)
        middle = (first + at - 1) / 2
        if named:
            ax.annotate(fit(clean(base, 40), 80, 8), (1, middle), (7, 0), va="center",
                        xycoords=("axes fraction", "data"), textcoords="offset points",
                        color=SOFT, fontsize=8, annotation_clip=False, gid="label")  # fmt: skip
        at += 0.35
    names = [fit(bilingual(team.name, team.name_ar), 118, 8) for team in data.teams]
    ax.set_yticks(places, names, color=INK)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(at - 0.8, -0.6)
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    return places


class ForestRow(NamedTuple):
    """
    A paired difference and its interval; what unpaired runs would have given, NaN if unknown.

    ``verdict`` is a word of `sim.outcomes.verdicts.comparisons`; ``told`` says in a plain word
    what numbers cannot: that there is no interval, or why there is no difference.
    """

    label: str
    difference: float
    low: float
    high: float
    unpaired_low: float
    unpaired_high: float
    verdict: str
    told: str = ""


@dataclass(frozen=True)
class Forest:
    """
    Differences of one alternative from the baseline.

    ``rows`` are groups of rows (all callouts; by priority; by area), drawn apart; ``unit`` is
    that of every number. ``less`` and ``more`` say what a difference below or above 0 means.
    ``judged`` is the verdict on the alternative as a whole, and a line that says it. ``note`` says
    which rows are left out.
    """

    rows: tuple[tuple[ForestRow, ...], ...]
    title: str
    unit: str = "min"
    alternative: str = ""
    baseline: str = "baseline"
    less: str = "sooner"
    more: str = "later"
    judged: tuple[str, str] = ("", "")
    note: str = ""


class VerdictSign(NamedTuple):
    """How a verdict is drawn, and the letter for it in the legend."""

    colour: str
    marker: str
    letter: str


_INCONCLUSIVE = VerdictSign(SOFT, "s", "■")
_SIGNS = {
    "better": VerdictSign(okabe_ito["green"], "o", "●"),
    "worse": VerdictSign(okabe_ito["vermillion"], "X", "✖"),
    "at a price": VerdictSign("#9a6a00", "v", "▼"),
    "no material difference": VerdictSign(okabe_ito["blue"], "D", "◆"),
    "identical": VerdictSign(okabe_ito["blue"], "D", "◆"),
    "": VerdictSign(INK, "^", "▲"),  # a description: different, and nobody prefers either
}
_PLAIN = ("better", "worse")
_MEANT = {
    "better": "better", "worse": "worse", "at a price": "gained while more are not reached",
    "no material difference": "no material difference", "": "neither is preferred",
}  # fmt: skip


@in_house_style
def figure_forest(data: Forest | Sequence[Forest], caption: Caption) -> Figure:
    """Return paired differences, a column an alternative; all must have the same rows."""
    panels = [data] if isinstance(data, Forest) else list(data)
    rows = sum(len(group) for group in panels[0].rows) + 0.7 * (len(panels[0].rows) - 1)
    note = f" · {clean(panels[0].note, 120)}" if panels[0].note else ""
    subtitle = caption.above(_legend(panels, caption) + note)
    across = min(len(panels), 2)
    down = -(-len(panels) // across)
    told = 0.16 * any(panel.judged[1] for panel in panels)
    sheet = new_sheet(
        down * (0.85 + told + 0.235 * rows), panels[0].title, subtitle, caption.lines()
    )
    axes = sheet.figure.subplots(down, across, sharey=True, squeeze=False).ravel()
    for ax, panel in zip(axes, panels, strict=False):
        draw_forest(ax, panel)
    for ax in axes[len(panels) :]:
        ax.remove()
    _thin_ticks(list(axes[: len(panels)]))
    return finish(sheet.figure)


def _thin_ticks(axes: Sequence[Any]) -> None:
    """Leave as many ticks as there is room for where their numbers are long."""
    long = [ax for ax in axes if max(map(abs, ax.get_xlim())) >= LONG_NUMBER]
    if long:
        settle(long[0])
    for ax in long:
        ax.locator_params(axis="x", nbins=max(1, min(6, int(size_of(ax)[0] / 36))))


def _legend(panels: Sequence[Forest], caption: Caption) -> str:
    """Say what lines and signs mean, of the signs those that are drawn."""
    rows = [row for panel in panels for group in panel.rows for row in group]
    drawn = {row.verdict for row in rows if np.isfinite(row.difference)}
    drawn = {"no material difference" if word == "identical" else word for word in drawn}
    signs = [f"{_SIGNS[word].letter} {said}" for word, said in _MEANT.items() if word in drawn]
    if drawn - set(_MEANT):
        signs.append(f"{_INCONCLUSIVE.letter} inconclusive or no verdict")
    if any(np.isfinite(row.difference) and np.isnan(row.low) for row in rows):
        signs.append("hollow: no interval")
    words = caption.intervals or "intervals"
    return f"Thick: paired {words} · thin: without pairing · {', '.join(signs)}"


@in_house_style
def draw_forest(ax: Any, data: Forest) -> None:
    """Draw a row a group: point, paired interval, the unpaired one behind it, and the numbers."""
    places, rows = _forest_rows(data)
    ax.axvline(0, color=INK, lw=1, zorder=2)
    for at, row in zip(places, rows, strict=True):
        _draw_row(ax, at, row)
    ax.set_xlim(*_reach(rows))
    ax.locator_params(axis="x", nbins=6)
    ax.xaxis.set_major_formatter(_signed_tick)
    ax.set_yticks(places, [fit(clean(row.label, 40), 120, 8) for row in rows], color=INK)
    for label, at in zip(ax.get_yticklabels(), places, strict=False):
        alone = len(data.rows[0]) == 1 and at == 0  # the row that sums up the others
        label.set_fontweight("bold" if alone else "normal")
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(max(places, default=0.0) + 0.6, -0.6)
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    unit = clean(data.unit, 12)
    ax.set_xlabel(f"← {clean(data.less, 14)}    difference from “{clean(data.baseline, 20)}” "
                  f"[{unit}]    {clean(data.more, 14)} →", fontsize=7.5)  # fmt: skip
    if data.alternative:
        verdict, line = data.judged
        ax.set_title(clean(data.alternative), fontsize=9.5, fontweight="bold", color=INK,
                     pad=17 if line else None)  # fmt: skip
        if line:
            colour = _SIGNS[verdict].colour if verdict in _PLAIN else INK
            ax.annotate(fit(clean(line, 120), 250, 8), (0, 1), (0, 4), ha="left", va="bottom",
                        xycoords="axes fraction", textcoords="offset points", color=colour,
                        fontsize=8, annotation_clip=False, gid="label")  # fmt: skip


def _signed_tick(value: float, _: int | None = None) -> str:
    """Return a difference for an axis: whole where it is long, and never as a power of ten."""
    text = f"{value:+.0f}" if abs(value) >= 100 else f"{value:+.3g}"
    return text.replace("-", "−") if value else "0"


def _reach(rows: Sequence[ForestRow]) -> tuple[float, float]:
    """Return limits that hold every interval and, on both sides, something of the zero line."""
    ends = [
        end
        for row in rows
        for end in (row.difference, row.low, row.high, row.unpaired_low, row.unpaired_high)
        if np.isfinite(end)
    ]
    low, high = min([*ends, 0.0]), max([*ends, 0.0])
    room = 0.12 * max(high, -low) or 1.0
    return low - room, high + room


def _forest_rows(data: Forest) -> tuple[list[float], list[ForestRow]]:
    """Return the rows and their places, with room between groups."""
    places: list[float] = []
    at = 0.0
    for group in data.rows:
        for _ in group:
            places.append(at)
            at += 1
        at += 0.7
    return places, [row for group in data.rows for row in group]


def _draw_row(ax: Any, at: float, row: ForestRow) -> None:
    _, value, low, high, unpaired_low, unpaired_high, verdict, told = row
    colour, marker, _ = _SIGNS.get(verdict, _INCONCLUSIVE)
    if not np.isfinite(value):
        text, colour = clean(told, 60) or "no callouts", colour if verdict in _PLAIN else SOFT
    else:
        ax.plot([unpaired_low, unpaired_high], [at, at], color=colour, lw=1, alpha=0.55)
        ax.plot([low, high], [at, at], color=colour, lw=3.2)
        bare = np.isnan(low) and verdict != "identical"
        ax.plot(value, at, marker, color=colour, mfc="white" if bare else colour,
                mec=colour if bare else "white", mew=1.1 if bare else 0.8, ms=6.5,
                zorder=4)  # fmt: skip
        digits = 1 if max(abs(x) for x in (value, low, high) if np.isfinite(x)) >= 0.1 else 2
        span = clean(told, 60) or f"({signed(low, digits)} to {signed(high, digits)})"
        text = f"{signed(value, 1 if told else digits)}  {span}"
    ax.annotate(fit(text, 150, 7.5), (1, at), (7, 0), gid="label",
                xycoords=("axes fraction", "data"), textcoords="offset points", va="center",
                color=colour, fontsize=7.5, annotation_clip=False)  # fmt: skip
