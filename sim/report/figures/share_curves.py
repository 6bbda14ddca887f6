"""Share of callouts reached against time, and paired differences between alternatives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from .layout.bands import MOST_BANDS, Array, Band
from .layout.figure_page import Caption, finish, new_sheet
from .layout.labels import EndLabel, end_labels, fit, label_name, room_for, settle
from .layout.style import INK, clean, in_house_style, in_line, look
from .share_readings import Readings, ReadingsTable, TargetLine, mark_shares, mark_targets

MOST_TARGETS = 3  # in one panel: what is read at more has no room
SMALL, LARGE = 1.25, 2.0  # height of a panel where there are several, without its words [in]
TALLEST = 9.5  # that all panels may be together [in]
WIDER = 1.1  # panels of shares, next to differences
WORDS = 0.42  # of this, ticks and words below a panel [in]


@dataclass(frozen=True)
class ShareCurves:
    """
    Share of callouts reached by time, per alternative, and paired differences from the first.

    Attributes
    ----------
    minutes
        Response times at which the shares hold, rising. [min], shape (times,)
    curves
        Shares reached, 0 to 1, the baseline first; each array of shape (times,).
    differences
        Shares minus the baseline's, replication by replication; -1 to 1. Empty: one panel.
    targets
        The targets about these callouts.
    whose
        The callouts that the shares are of: "Callouts", or those of a kind or priority.
    until
        What ends the time that the shares are of: the first team, or full attendance.
    """

    minutes: Array
    curves: tuple[Band, ...]
    differences: tuple[Band, ...]
    targets: tuple[TargetLine, ...] = ()
    title: str = "Callouts reached in time"
    whose: str = "Callouts"
    until: str = "first team on scene"

    @property
    def shown(self) -> list[TargetLine]:
        """The targets that lie between the first and the last minute, the soonest first."""
        first, last = self.minutes[0], self.minutes[-1]
        here = [target for target in self.targets if first <= target.minutes <= last]
        return sorted(here, key=lambda target: target.minutes)

    @property
    def tables(self) -> list[ReadingsTable]:
        """What shares and, where there are any, differences read at the targets."""
        targets = self.shown
        if not targets:
            return []
        shares = Readings(self.minutes, self.curves, targets)
        tables = [ReadingsTable(shares, _promises(targets), names=_names(self.curves))]
        if self.differences:
            baseline = in_line(clean(self.curves[0].name, 40))
            gaps = Readings(self.minutes, self.differences, targets, first=1)
            within = [f"within {target.minutes:.4g} min" for target in targets]
            tables.append(
                ReadingsTable(gaps, [within], f"Paired difference from “{baseline}” [pp]")
            )
        return tables


def _names(bands: Sequence[Band]) -> list[str]:
    return [band.name for band in bands]


def _promises(targets: Sequence[TargetLine]) -> list[list[str]]:
    """Return the headings of columns: what targets are called, and what they ask for."""
    asked = [f"{target.share:.0%} in {target.minutes:.4g} min" for target in targets]
    names = [in_line(clean(target.name, 60)) for target in targets]
    if len(targets) == 1:
        return [[f"□ target “{names[0]}”: {asked[0]}"]]
    return [names, [f"□ {words}" for words in asked]]


@in_house_style
def figure_share_curves(data: ShareCurves, caption: Caption) -> Figure:
    """Return the curves and, where there is more than one alternative, their differences."""
    whose = clean(data.whose, 80)
    subtitle = caption.above(
        f"Share of {whose[:1].lower() + whose[1:]} reached{_intervals(caption, data)}"
    )
    tall = [table.tall / 72 for table in _apart(data)] or [0.0, 0.0]
    heights = [3.9 + tall[0]]
    if data.differences:
        names = [EndLabel(0, "name", "detail", INK)] * (len(data.differences) + 1)
        heights.append(max(1.7, 0.0 if data.shown else room_for(names)) + tall[1])
    sheet = new_sheet(sum(heights), data.title, subtitle, caption.lines())
    axes = sheet.figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)
    draw_share_curves(list(axes[:, 0]), data)
    return finish(sheet.figure)


def _apart(data: ShareCurves) -> list[ReadingsTable]:
    """Return the tables for panels below each other, each with all names."""
    return [table._replace(names=_names(table.shown.bands)) for table in data.tables]


def _intervals(caption: Caption, data: ShareCurves) -> str:
    """Say how intervals are drawn."""
    if not caption.intervals or (len(data.curves) > MOST_BANDS and not data.shown):
        return ""
    drawn = "bands" if len(data.curves) <= MOST_BANDS else "bars around a target"
    return f" · {drawn}: pointwise {caption.intervals}"


@in_house_style
def figure_share_targets(groups: Sequence[ShareCurves], caption: Caption) -> Figure:
    """
    Return the curves of one group of callouts, or small ones of each where there are several.

    Targets about the same callouts share a panel. Of more than the page has room for, the last are
    named as not shown.
    """
    panels = [panel for data in groups for panel in _panels(data)]
    if len(panels) == 1:
        return figure_share_curves(panels[0], caption)
    across = 1 if panels[0].differences else 2
    rows = _heights(panels, across)
    down = max(1, sum(total <= TALLEST for total in accumulate(rows)))
    shown, missing, rows = panels[: down * across], panels[down * across :], rows[:down]
    spare = min(LARGE - SMALL, max(0.0, TALLEST - sum(rows)) / down)
    heights = [row + spare for row in rows]
    words = ["Share reached"]
    words += ["right: paired difference from the baseline"] if across == 1 else []
    subtitle = caption.above(" · ".join(words) + _intervals(caption, panels[0]))
    names = "; ".join(clean(target.name, 60) for data in missing for target in data.targets)
    lines = caption.lines() + ([f"Targets not shown: {names}."] if names else [])
    sheet = new_sheet(sum(heights), "Callouts reached in time, by target", subtitle, lines)
    shares = WIDER if across == 1 else 1.0  # more is written above them than above differences
    grid = sheet.figure.subplots(
        down, 2, squeeze=False, height_ratios=heights, width_ratios=(shares, 1)
    )
    axes = [[ax] for ax in grid.ravel()] if across == 2 else [list(row) for row in grid]
    for unused in axes[len(shown) :]:
        unused[0].remove()
    draw_share_targets(axes[: len(shown)], shown)
    return finish(sheet.figure)


def _heights(panels: Sequence[ShareCurves], across: int) -> list[float]:
    """Return how tall rows of panels and their words are at least. [in]"""
    tall = [max((table.tall for table in _titled(data)), default=0.0) / 72 for data in panels]
    words = SMALL + WORDS
    return [words + max(tall[first : first + across]) for first in range(0, len(tall), across)]


def _panels(data: ShareCurves) -> Iterator[ShareCurves]:
    """Yield the curves with as many targets as a panel has room for."""
    for first in range(0, max(len(data.targets), 1), MOST_TARGETS):
        yield replace(data, targets=data.targets[first : first + MOST_TARGETS])


def _titled(data: ShareCurves) -> list[ReadingsTable]:
    """Return the tables for panels side by side; the left one says whose shares they are."""
    tables = data.tables
    return [tables[0]._replace(title=clean(data.title, 60)), *tables[1:]] if tables else []


@in_house_style
def draw_share_targets(axes: Sequence[Sequence[Any]], groups: Sequence[ShareCurves]) -> None:
    """Draw on one or two axes a group of callouts: shares, and differences where there are any."""
    for own, data in zip(axes, groups, strict=True):
        _draw(own, data)
        own[0].set_yticks((0, 50, 100))
        own[0].set_ylabel("Reached [%]")
        if len(own) > 1:
            own[1].set_ylabel("Difference [pp]")
            own[1].locator_params(axis="y", nbins=4)
        for ax in own:
            ax.set_xlim(data.minutes[0], data.minutes[-1])
            ax.set_xticks(_ticks(float(data.minutes[0]), float(data.minutes[-1]), 5))
            if data is groups[-1] or data.until != groups[-1].until:
                ax.set_xlabel(f"Received to {clean(data.until, 40)} [min]", fontsize=7.5)
        if not data.shown:
            own[0].set_title(clean(data.title, 60))
    _add_tables([
        (ax, table)
        for own, data in zip(axes, groups, strict=True)
        for ax, table in zip(own, _titled(data), strict=False)
    ])  # fmt: skip


@in_house_style
def draw_share_curves(axes: Sequence[Any], data: ShareCurves) -> None:
    """Draw shares on the first axes and, if there is a second, differences on it."""
    top, bottom = axes[0], axes[-1]
    several = len(data.curves) > 1
    _draw(axes, data)
    top.set_yticks(range(0, 101, 20))
    top.set_ylabel(f"{fit(clean(data.whose, 60), 180, 8.5)} reached [%]")
    bottom.set_xlim(data.minutes[0], data.minutes[-1])
    bottom.set_xticks(_ticks(float(data.minutes[0]), float(data.minutes[-1])))
    bottom.set_xlabel(f"Time from received to {clean(data.until, 40)} [min]")
    if top is not bottom:
        bottom.set_ylabel("Difference\n[percentage points]")
    if data.shown:  # the table has all names
        _add_tables(list(zip(axes, _apart(data), strict=False)))
        return
    labelled = [(top, _end_labels(data, data.curves, 0, several))]
    if top is not bottom:
        bottom.set_title(f"Difference from “{clean(data.curves[0].name)}”, paired by replication")
        baseline = EndLabel(0.0, label_name(data.curves[0].name, False), "", look(0).colour)
        labelled.append((bottom, [baseline, *_end_labels(data, data.differences, 1, False)]))
    end_labels(*labelled)


def _add_tables(placed: Sequence[tuple[Any, ReadingsTable]]) -> None:
    """Keep room for tables above their axes, find the layout, and write them."""
    for ax, table in placed:
        table.hang(ax)
    if placed:
        settle(placed[0][0])
    for ax, table in placed:
        table.write(ax)


def _draw(axes: Sequence[Any], data: ShareCurves) -> None:
    """Draw shares on their scale of 0 to 100 %, differences if there are other axes, and marks."""
    top, bottom = axes[0], axes[-1]
    _lines(top, data, data.curves, 0)
    top.set_ylim(0, 100)
    if bottom is not top:
        _lines(bottom, data, data.differences, 1)
        _difference_axis(bottom, data)
    if data.shown:
        mark_shares(top, data.shown)
    for ax, table in zip(axes, data.tables, strict=False):
        mark_targets(ax, table.shown, ax is not top and len(data.curves) > MOST_BANDS)


def _lines(ax: Any, data: ShareCurves, bands: Sequence[Band], first: int) -> None:
    """Draw lines, few with their intervals; ``first`` is the number of the first one's look."""
    for i, (_, value, low, high) in enumerate(bands, start=first):
        colour, dash, _ = look(i)
        if len(data.curves) <= MOST_BANDS:
            ax.fill_between(data.minutes, 100 * low, 100 * high, color=colour, alpha=0.18, lw=0)
        ax.plot(data.minutes, 100 * value, color=colour, lw=1.9, ls=dash, zorder=3)


def _difference_axis(ax: Any, data: ShareCurves) -> None:
    """Give differences a scale that holds what is drawn of them, and zero."""
    ends = [part for band in data.differences for part in (band.low, band.high)]
    if len(data.curves) > MOST_BANDS:  # intervals are drawn at targets only
        ends = [band.value for band in data.differences]
        for table in data.tables[1:]:
            shown = table.shown
            read = [
                shown.at(band, target.minutes) for band in shown.bands for target in shown.targets
            ]
            ends.append(np.array(read) / 100)
    low = min(float(np.nanmin(100 * part, initial=0.0)) for part in ends)
    high = max(float(np.nanmax(100 * part, initial=0.0)) for part in ends)
    room = max(0.08 * (high - low), 0.5)
    ax.set_ylim(low - room, high + room)
    ax.axhline(0, color=look(0).colour, lw=1.4, zorder=2.5)
    ax.locator_params(axis="y", nbins=5)
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:+.3g}".replace("-", "−") if v else "0")


def _end_labels(
    data: ShareCurves, bands: Sequence[Band], first: int, several: bool
) -> list[EndLabel]:
    """Return labels at the ends of lines, with what they read there."""
    last = float(data.minutes[-1])
    shown = Readings(data.minutes, bands, (), first)
    return [
        EndLabel(_last(band.value), label_name(band.name, several and i == 0),
                 f"{shown.said(band, last)} in {last:.4g} min", look(i).colour)
        for i, band in enumerate(bands, start=first)
    ]  # fmt: skip


def _last(values: Array) -> float:
    """Return the last number drawn, in percent; 0 where there is none."""
    known = values[~np.isnan(values)]
    return 100 * float(known[-1]) if len(known) else 0.0


def _ticks(low: float, high: float, most: int = 9) -> list[float]:
    """Return round minutes from ``low`` to ``high``, with at most so many steps between them."""
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880)
    step = next((s for s in steps if (high - low) / s <= most), (high - low) / 8)
    first = np.ceil(low / step) * step
    return [float(tick) for tick in np.arange(first, high + step * 1e-6, step)]
