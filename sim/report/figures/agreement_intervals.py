"""How far a simulation is from a record, with intervals, against a tolerance stated before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .layout.figure_page import Caption, finish, new_sheet
from .layout.style import INK, PALE, SOFT, clean, in_house_style, look

ROW, GAP = 0.27, 0.9  # height of a row [in]; between blocks [rows]
BAND = "#dbe7d8"


@dataclass(frozen=True)
class AgreementRow:
    """
    A difference, simulated minus recorded, with its interval and its tolerance. [min]

    ``is_median`` tells it from the 90th percentile; ``verdict`` is the word that it comes to.
    """

    name: str
    block: str
    is_median: bool
    difference: float
    low: float | None
    high: float | None
    tolerance: float
    verdict: str


@dataclass(frozen=True)
class Agreements:
    """Rows in the order drawn, those of a block together, and what they are of."""

    rows: tuple[AgreementRow, ...]
    words: str


@in_house_style
def figure_agreement(data: Agreements, caption: Caption) -> Figure:
    """Return a row a part and group, with a mark for the median and one for the percentile."""
    names = _names(data)
    blocks = len({row.block for row in data.rows})
    words = caption.above(f"{data.words} · {caption.intervals} · green: within the tolerance")
    sheet = new_sheet(
        0.9 + ROW * (len(names) + GAP * blocks), "Simulated minus recorded", words, caption.lines()
    )
    draw_agreement(sheet.figure.subplots(), data)
    return finish(sheet.figure)


def _names(data: Agreements) -> list[tuple[str, str]]:
    return list(dict.fromkeys((row.block, row.name) for row in data.rows))


@in_house_style
def draw_agreement(ax: Any, data: Agreements) -> None:
    """Draw differences with their intervals over bands of tolerance. [min]"""
    at, heading = _heights(data)
    for row in data.rows:
        y = at[row.block, row.name] + (-0.2 if row.is_median else 0.2)
        style = look(0 if row.is_median else 1)
        ax.barh(y, 2 * row.tolerance, height=0.36, left=-row.tolerance, color=BAND, zorder=0.5)
        if row.low is not None and row.high is not None:
            ax.hlines(y, row.low, row.high, color=style.colour, lw=1.5)
        face = style.colour if row.verdict == "agrees" else "white"
        ax.plot([row.difference], [y], style.marker, color=style.colour, mfc=face, ms=5)
        _word(ax, row, y)
    ax.axvline(0, color=INK, lw=0.9, zorder=0.8)
    ax.set_yticks(list(at.values()), [clean(name, 40) for _, name in at])
    for block, y in heading.items():
        ax.text(0, y, block, transform=ax.get_yaxis_transform(), fontsize=8, color=SOFT,
                va="center", ha="left", parse_math=False,
                bbox={"facecolor": PALE, "lw": 0, "pad": 1.5})  # fmt: skip
    ax.set_ylim(max(at.values(), default=0) + 0.7, -0.7)
    ax.set_xlim(*_limits(data))
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("Simulated minus recorded [min]: left too quick, right too slow")
    ax.legend(handles=_legend(), loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=4,
              borderaxespad=0.2, fontsize=8)  # fmt: skip


def _heights(data: Agreements) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
    """Return where each row stands, and the heading of each block above its rows."""
    at: dict[tuple[str, str], float] = {}
    heading: dict[str, float] = {}
    y = 0.0
    for block, name in _names(data):
        if block not in heading:
            heading[block] = y
            y += GAP
        at[block, name] = y
        y += 1
    return at, heading


def _word(ax: Any, row: AgreementRow, y: float) -> None:
    told = {"differs": "differs", "agrees": "agrees"}.get(row.verdict, row.verdict)
    bold = "bold" if row.verdict == "differs" else "normal"
    ax.text(1.01, y, told, transform=ax.get_yaxis_transform(), fontsize=6.5, color=SOFT,
            fontweight=bold, va="center", ha="left", clip_on=False)  # fmt: skip


def _limits(data: Agreements) -> tuple[float, float]:
    """Return limits that hold every difference and tolerance, and most intervals."""
    ends = [abs(row.difference) for row in data.rows] + [row.tolerance for row in data.rows]
    reach = [max(abs(row.low), abs(row.high)) for row in data.rows
             if row.low is not None and row.high is not None]  # fmt: skip
    most = max([*ends, float(np.quantile(reach, 0.9)) if reach else 0.0, 0.1])
    return -1.05 * most, 1.05 * most


def _legend() -> list[Any]:
    marks = [
        Line2D([], [], color=look(i).colour, marker=look(i).marker, ms=5, lw=1.5, label=name)
        for i, name in enumerate(("median", "90th percentile"))
    ]
    hollow = Line2D([], [], color=SOFT, marker="o", mfc="white", ls="", ms=5,
                    label="hollow: agreement is not shown")  # fmt: skip
    return [*marks, Patch(color=BAND, label="tolerance"), hollow]
