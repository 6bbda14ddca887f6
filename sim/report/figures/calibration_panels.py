"""How well a simulation predicts recorded times: shares within a time, and quantiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from .layout.bands import Array
from .layout.figure_page import Caption, finish, new_sheet
from .layout.style import LINE, SOFT, clean, in_house_style, look

HEIGHT = 3.3  # of a row of panels [in]
APART = 15  # from the last time written, and from the edge, for one to be written [% of shares]


@dataclass(frozen=True)
class CalibrationPanel:
    """
    Shares within times, and quantiles, of both.

    ``within`` [min], ``recorded``, ``predicted`` and the least and most of the replications have
    shape (times,), shares from 0 to 1; ``round_times`` [min] are marked. The
    quantiles [min] are those of 1 % to 99 %.
    """

    name: str
    within: Array
    round_times: tuple[float, ...]
    recorded: Array
    predicted: Array
    least: Array
    most: Array
    recorded_quantiles: Array
    predicted_quantiles: Array


@dataclass(frozen=True)
class Calibrations:
    """A row of panels for each demand that was run."""

    panels: tuple[CalibrationPanel, ...]


@in_house_style
def figure_calibration(data: Calibrations, caption: Caption) -> Figure:
    """Return shares on the left and quantiles on the right, a row a demand."""
    words = caption.above(
        "On the line both are the same · bands: the least and the most of the replications"
    )
    count = len(data.panels)
    sheet = new_sheet(HEIGHT * count, "Calibration of response times", words, caption.lines())
    axes = sheet.figure.subplots(count, 2, squeeze=False)
    for row, panel in zip(axes, data.panels, strict=True):
        draw_calibration(row[0], row[1], panel)
    return finish(sheet.figure)


@in_house_style
def draw_calibration(shares: Any, quantiles: Any, data: CalibrationPanel) -> None:
    """Draw predicted against recorded: shares within a time [%], and quantiles [min]."""
    colour = look(0).colour
    _line(shares, 100)
    shares.fill_between(100 * data.recorded, 100 * data.least, 100 * data.most, color=colour,
                        alpha=0.2, lw=0)  # fmt: skip
    shares.plot(100 * data.recorded, 100 * data.predicted, "-", color=colour, lw=1.6)
    _mark_times(shares, data)
    shares.set_xlabel("Recorded share within a time [%]")
    shares.set_ylabel("Predicted share [%]")
    shares.set_title(clean(data.name, 60))
    _line(quantiles, 1.05 * float(max(data.recorded_quantiles[-1], data.predicted_quantiles[-1])))
    quantiles.plot(data.recorded_quantiles, data.predicted_quantiles, "o", color=colour, ms=2.5)
    for share in (50, 90, 95):
        x, y = data.recorded_quantiles[share - 1], data.predicted_quantiles[share - 1]
        quantiles.plot([x], [y], "o", color=colour, ms=5.5)
        quantiles.annotate(f"{share} %", (x, y), xytext=(6, -9), textcoords="offset points",
                           fontsize=7, color=SOFT)  # fmt: skip
    quantiles.set_xlabel("Recorded quantile [min]")
    quantiles.set_ylabel("Predicted quantile [min]")


def _mark_times(ax: Any, data: CalibrationPanel) -> None:
    """Mark round times on the curve of shares, and write those that there is room for."""
    colour, written = look(0).colour, (-100.0, -100.0)
    for minutes in data.round_times:
        at = int(np.abs(data.within - minutes).argmin())
        x, y = 100 * float(data.recorded[at]), 100 * float(data.predicted[at])
        ax.plot([x], [y], "o", color=colour, ms=4)
        if max(abs(x - written[0]), abs(y - written[1])) < APART or x > 100 - APART:
            continue
        written = x, y
        ax.annotate(f"{minutes:g} min", (x, y), xytext=(6, -9), textcoords="offset points",
                    fontsize=7, color=SOFT)  # fmt: skip


def _line(ax: Any, end: float) -> None:
    """Draw the line on which both are the same, in a square panel."""
    end = end or 1.0
    ax.plot([0, end], [0, end], color=LINE, lw=1, zorder=0.9)
    ax.set_xlim(0, end)
    ax.set_ylim(0, end)
    ax.set_box_aspect(1)
