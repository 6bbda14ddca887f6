"""What share curves read at targets: marks on the curves, and a table above the axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.transforms import offset_copy

from .layout.bands import Array, Band
from .layout.labels import fit, fit_names, measure, signed, size_of
from .layout.style import INK, SOFT, look

ROW, SIZE = 10.0, 7.0  # from row to row of a table, and its type [points]
SAMPLE = 18.0  # of a line, left of its name [points]
GAP = 5.0  # between columns of a table [points]
APART = 3.5  # intervals next to each other at a target [points]
WIDEST_NAME = 90.0  # of an alternative in a table [points]
ASIDE = 34.0  # from where a table begins to the axes [points]


class TargetLine(NamedTuple):
    """A share [0 to 1] of callouts to be reached within so many minutes."""

    name: str
    minutes: float
    share: float


class Readings(NamedTuple):
    """
    What curves read at targets.

    ``first`` is the number of the first curve's look: 0 for shares, of which the first is the
    baseline's, and 1 for differences from it.
    """

    minutes: Array
    bands: Sequence[Band]
    targets: Sequence[TargetLine]
    first: int = 0

    def at(self, band: Band, minutes: float) -> tuple[float, float, float]:
        """Return a curve's value, low and high after so many minutes. [%] or [percentage points]"""
        value, low, high = (
            100 * float(np.interp(minutes, self.minutes, part)) for part in band[1:]
        )
        return value, low, high

    def said(self, band: Band, minutes: float, interval: bool = True) -> str:
        """Say what a curve reads after so many minutes, as "43% (40–46)"."""
        value, low, high = self.at(band, minutes)
        if np.isnan(value):
            return "no callouts" if np.isnan(band.value).all() else "not known"
        known = interval and bool(np.isfinite(low + high))
        if self.first and value == low == high == 0:
            return "identical"
        if self.first:
            return signed(value) + (f" ({signed(low)} to {signed(high)})" if known else "")
        digits = 0 if not known or f"{low:.0f}" != f"{high:.0f}" or low == high else 1
        return f"{value:.{digits}f}%" + (f" ({low:.{digits}f}–{high:.{digits}f})" if known else "")


def mark_targets(ax: Any, shown: Readings, with_bars: bool) -> None:
    """
    Mark targets, and what each curve reads there; with bars for their intervals where asked for.

    Bars stand next to each other around the target: at it they would hide one another.
    """
    for target in shown.targets:
        ax.axvline(target.minutes, color=SOFT, lw=0.9, ls=(0, (4, 3)), zorder=2)
    at = [target.minutes for target in shown.targets]
    for nth, band in enumerate(shown.bands):
        colour, _, marker = look(shown.first + nth)
        aside = (nth - (len(shown.bands) - 1) / 2) * APART * with_bars
        where = offset_copy(ax.transData, ax.get_figure(), x=aside, units="points")
        value, low, high = np.array([shown.at(band, minutes) for minutes in at]).T
        if with_bars:
            ax.vlines(at, low, high, color=colour, lw=1.5, transform=where, zorder=4)
        ax.plot(at, value, marker, color=colour, mec="white", mew=0.7, ms=5.5, transform=where,
                zorder=5)  # fmt: skip


def mark_shares(ax: Any, targets: Sequence[TargetLine]) -> None:
    """Mark the shares of targets, and where they would be met."""
    for share in {target.share for target in targets}:
        ax.axhline(100 * share, color=SOFT, lw=0.9, ls=(0, (4, 3)), zorder=2)
    at = [(target.minutes, 100 * target.share) for target in targets]
    ax.plot(*zip(*at, strict=True), "s", ms=7.5, mfc="none", mec=INK, mew=1.5, zorder=6)


class ReadingsTable(NamedTuple):
    """
    A table of what curves read: a column a target, a row a curve.

    ``headings`` are rows of words above the columns, ``names`` those of the curves' alternatives.
    Without, it stands in line with a table to its left, and the baseline's row is empty. ``title``
    stands above all or, without names, right above the headings.
    """

    shown: Readings
    headings: Sequence[Sequence[str]]
    title: str = ""
    names: Sequence[str] = ()

    @property
    def rows(self) -> int:
        """How many rows it has."""
        baseline = not self.names
        return bool(self.title) + len(self.headings) + baseline + len(self.shown.bands)

    @property
    def tall(self) -> float:
        """How tall it is. [points]"""
        return ROW * self.rows + 3

    def hang(self, ax: Any) -> None:
        """Keep room for it above axes, until they have their place and it can be written."""
        ax.set_title(" ", fontsize=1, pad=self.tall)

    def write(self, ax: Any) -> None:
        """Write it above axes that have their place."""
        pen = _Pen(ax, self.rows)
        names, wide = fit_names(self.names, WIDEST_NAME, SIZE), size_of(ax)[0] + ASIDE
        if self.title:
            pen.write(0, 0, fit(self.title, wide, SIZE, "bold"), INK, bold=True)
        left = max((measure(name, SIZE)[0] for name in names), default=0.0)
        left = left + SAMPLE + GAP if names else 0.0
        column = (wide - left) / max(len(self.shown.targets), 1)
        for row, words in enumerate(self.headings, bool(self.title)):
            for nth, word in enumerate(words):
                pen.write(row, left + nth * column, fit(word, column - GAP, SIZE), INK)
        first = self.rows - len(self.shown.bands)
        for nth, own in enumerate(self._cells(column - GAP)):
            number = self.shown.first + nth
            colour = look(number).colour
            if names:
                pen.sample(first + nth, number)
                pen.write(first + nth, SAMPLE, names[nth], colour)
            for at, cell in enumerate(own):
                pen.write(first + nth, left + at * column, cell, colour)

    def _cells(self, room: float) -> list[list[str]]:
        """Return the rows of readings: with intervals, if all of them have room."""
        shown = self.shown
        cells = [
            [[shown.said(band, target.minutes, interval) for target in shown.targets]
             for band in shown.bands] for interval in (True, False)
        ]  # fmt: skip
        wide = max((measure(cell, SIZE)[0] for own in cells[0] for cell in own), default=0.0)
        return cells[0] if wide <= room else cells[1]


class _Pen:
    """Writes cells above axes: x in points from a little left of them, rows from above."""

    def __init__(self, ax: Any, rows: int) -> None:
        self.ax, self.rows = ax, rows

    def write(self, row: int, x: float, text: str, colour: str, bold: bool = False) -> None:
        """Write a cell, if there is anything in it."""
        if text:
            self.ax.annotate(
                text, (0, 1), (x - ASIDE, self._up(row)), va="baseline",
                xycoords="axes fraction", textcoords="offset points", fontsize=SIZE, color=colour,
                fontweight="bold" if bold else "normal", annotation_clip=False, gid="label",
            )  # fmt: skip

    def sample(self, row: int, number: int) -> None:
        """Draw the line of an alternative, as its curve is drawn."""
        colour, dash, marker = look(number)
        up = self._up(row) + 0.35 * SIZE
        where = offset_copy(self.ax.transAxes, self.ax.get_figure(), -ASIDE, up, "points")
        wide = (SAMPLE - 4) / size_of(self.ax)[0]
        self.ax.plot(
            [0, wide / 2, wide], [1, 1, 1], color=colour, ls=dash, lw=1.6, marker=marker,
            markevery=[1], ms=4.5, mec="white", mew=0.5, transform=where, clip_on=False,
        )  # fmt: skip

    def _up(self, row: int) -> float:
        """Return how far above the axes the feet of a row's letters are. [points]"""
        return 5 + ROW * (self.rows - 1 - row)
