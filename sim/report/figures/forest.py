"""Who is reached sooner or later: paired differences, group by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure

from .layout.figure_page import Caption, finish, new_sheet
from .layout.labels import fit, fit_names, settle, signed, size_of
from .layout.style import INK, SOFT, clean, in_house_style, okabe_ito

TICK = 36  # room for a number on an axis [points]
WIDEST = 2.0  # an interval may be, over what three of four are, before it is cut


class ForestRow(NamedTuple):
    """
    A paired difference and its interval, NaN where it has none.

    ``verdict`` is a word of `sim.outcomes.verdicts.comparisons`; ``told`` says in a plain word
    what numbers cannot: that there is no interval, or why there is no difference.
    """

    label: str
    difference: float
    low: float
    high: float
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
    """Leave as many ticks as there is room for next to another panel."""
    if len(axes) > 1:
        settle(axes[0])
        for ax in axes:
            ax.locator_params(axis="x", nbins=max(1, min(6, int(size_of(ax)[0] / TICK))))


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
    return f"Lines: paired {words} · {', '.join(signs)}"


@in_house_style
def draw_forest(ax: Any, data: Forest) -> None:
    """Draw a row a group: point, paired interval, and the numbers."""
    places, rows = _forest_rows(data)
    ax.axvline(0, color=INK, lw=1, zorder=2)
    ax.set_xlim(*_reach(rows))
    for at, row in zip(places, rows, strict=True):
        _draw_row(ax, at, row)
    ax.locator_params(axis="x", nbins=6)
    ax.xaxis.set_major_formatter(_signed_tick)
    ax.set_yticks(places, fit_names([row.label for row in rows], 120, 8), color=INK)
    for label, at in zip(ax.get_yticklabels(), places, strict=False):
        alone = len(data.rows[0]) == 1 and at == 0  # the row that sums up the others
        label.set_fontweight("bold" if alone else "normal")
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(max(places, default=0.0) + 0.6, -0.6)
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    unit = clean(data.unit, 12)
    ax.set_xlabel(f"← {clean(data.less, 14)}    [{unit}]    {clean(data.more, 14)} →\n"
                  f"difference from “{clean(data.baseline, 20)}”", fontsize=7.5)  # fmt: skip
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
    """
    Return limits that hold all differences and, on both sides, something of the zero line.

    They hold all intervals, too, but for those much wider than most: of these, an arrow says that
    they go on, and the numbers say to where. Else nothing could be read of the others.
    """
    known = [row for row in rows if np.isfinite(row.difference)]
    reach = [abs(end) for row in known for end in (row.low, row.high) if np.isfinite(end)]
    most = WIDEST * float(np.quantile(reach, 0.75)) if reach else 0.0
    most = max([most, *(1.2 * abs(row.difference) for row in known)])
    ends = [end for row in known for end in (row.difference, row.low, row.high)]
    low = max(min([0.0, *(end for end in ends if end < 0)]), -most)
    high = min(max([0.0, *(end for end in ends if end > 0)]), most)
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
    _, value, low, high, verdict, told = row
    colour, marker, _ = _SIGNS.get(verdict, _INCONCLUSIVE)
    if not np.isfinite(value):
        text, colour = clean(told, 60) or "no callouts", colour if verdict in _PLAIN else SOFT
    else:
        ax.plot([low, high], [at, at], color=colour, lw=2.2)
        for edge, sign, is_beyond in zip(ax.get_xlim(), "<>", _beyond(ax, low, high), strict=True):
            if is_beyond:
                ax.plot(edge, at, sign, color=colour, ms=5, clip_on=False, zorder=4)
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


def _beyond(ax: Any, low: float, high: float) -> tuple[bool, bool]:
    """Return whether an interval goes on beyond either edge of the axes."""
    first, last = ax.get_xlim()
    return low < first, high > last
