"""Share of callouts reached against time, and paired differences between alternatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from .layout.figure_page import Caption, finish, new_sheet
from .layout.labels import (
    EndLabel,
    fit,
    hang_labels,
    label_name,
    measure,
    room_for,
    settle,
    signed,
    size_of,
)
from .layout.style import INK, SOFT, clean, in_house_style, in_line, look, short_names

Array = NDArray[np.float64]
READING = 10.5  # from a line of words at the target to the next [points]
MOST_BANDS = 2  # in one panel: more would overlap to mud, and bars stand in their place
SMALL = 1.25  # height of a panel where each target has one, without its words [in]
NARROW = 260  # axes under whose title a target's place does not matter [points]
TALLEST = 9.5  # that all panels may be together [in]


class Band(NamedTuple):
    """A line with its interval, all of one shape."""

    name: str
    value: Array
    low: Array
    high: Array


class TargetLine(NamedTuple):
    """A share [0 to 1] of callouts to be reached within so many minutes."""

    name: str
    minutes: float
    share: float


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
    whose
        The callouts that the shares are of: "Callouts", or those of a kind or priority.
    until
        What ends the time that the shares are of: the first team, or full attendance.
    """

    minutes: Array
    curves: tuple[Band, ...]
    differences: tuple[Band, ...]
    target: TargetLine | None = None
    title: str = "Callouts reached in time"
    whose: str = "Callouts"
    until: str = "first team on scene"

    @property
    def shows_target(self) -> bool:
        """Whether the target lies between the first and the last minute."""
        target = self.target
        return target is not None and self.minutes[0] <= target.minutes <= self.minutes[-1]


@in_house_style
def figure_share_curves(data: ShareCurves, caption: Caption) -> Figure:
    """Return the curves and, where there is more than one alternative, their differences."""
    two = bool(data.differences)
    bands = _intervals(caption, data)
    whose = clean(data.whose, 80)
    subtitle = caption.above(f"Share of {whose[:1].lower() + whose[1:]} reached{bands}")
    heights = [3.9 + _strip(data, data.curves) / 72]
    if two:
        names = [EndLabel(0, "name", "detail", INK)] * (len(data.differences) + 1)
        heights.append(max(1.7 + _strip(data, data.differences) / 72, room_for(names)))
    sheet = new_sheet(sum(heights), data.title, subtitle, caption.lines())
    axes = sheet.figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)
    draw_share_curves(list(axes[:, 0]), data)
    return finish(sheet.figure)


def _intervals(caption: Caption, data: ShareCurves) -> str:
    """Say how intervals are drawn."""
    drawn = "bands" if len(data.curves) <= MOST_BANDS else "bars"
    return f" · {drawn}: pointwise {caption.intervals}" if caption.intervals else ""


@in_house_style
def figure_share_targets(targets: Sequence[ShareCurves], caption: Caption) -> Figure:
    """
    Return the curves of one target, or small ones of each where there are several.

    Of more targets than the page has room for, the last are named as not shown.
    """
    if len(targets) == 1:
        return figure_share_curves(targets[0], caption)
    heights = [SMALL + 0.45 + _strip(data, data.curves) / 72 for data in targets]
    across = 1 if targets[0].differences else 2
    most = max(1, int(TALLEST / max(heights))) * across
    shown, missing = targets[:most], targets[most:]
    rows = [heights[i] for i in range(0, len(shown), across)]
    words = ["Share reached"]
    words += ["right: paired difference from the baseline"] if across == 1 else []
    subtitle = caption.above(" · ".join(words) + _intervals(caption, targets[0]))
    names = ", ".join(clean(data.target.name, 60) for data in missing if data.target is not None)
    lines = caption.lines() + ([f"Targets not shown: {names}."] if missing else [])
    sheet = new_sheet(sum(rows), "Callouts reached in time, by target", subtitle, lines)
    grid = sheet.figure.subplots(len(rows), 2, squeeze=False, height_ratios=rows)
    axes = [[ax] for ax in grid.ravel()] if across == 2 else [list(row) for row in grid]
    for spare in axes[len(shown) :]:
        spare[0].remove()
    draw_share_targets(axes[: len(shown)], shown)
    return finish(sheet.figure)


@in_house_style
def draw_share_targets(axes: Sequence[Sequence[Any]], targets: Sequence[ShareCurves]) -> None:
    """Draw on one or two axes a target: shares, and differences where there are any."""
    for own, data in zip(axes, targets, strict=True):
        _shares(own[0], data)
        own[0].set_yticks((0, 50, 100))
        own[0].set_ylabel("Reached [%]")
        if len(own) > 1:
            _lines(own[1], data, data.differences, 1)
            _difference_axis(own[1], data, alone=False)
            own[1].set_ylabel("Difference [pp]")
            own[1].locator_params(axis="y", nbins=3)
        for ax in own:
            ax.set_xlim(data.minutes[0], data.minutes[-1])
            ax.set_xticks(_ticks(float(data.minutes[0]), float(data.minutes[-1]), 5))
            if data is targets[-1] or data.until != targets[-1].until:
                ax.set_xlabel(f"Received to {clean(data.until, 40)} [min]", fontsize=7.5)
        if data.target is None or not data.shows_target:
            own[0].set_title(clean(data.title, 60))
        else:
            own[0].set_title(" ")  # the target is named there
    settle(axes[0][0])
    for own, data in zip(axes, targets, strict=True):
        _mark_target(own, data)


@in_house_style
def draw_share_curves(axes: Sequence[Any], data: ShareCurves) -> None:
    """Draw shares on the first axes and, if there is a second, differences on it."""
    top, bottom = axes[0], axes[-1]
    several = len(data.curves) > 1
    _shares(top, data)
    top.set_ylabel(f"{fit(clean(data.whose, 60), 180, 8.5)} reached [%]")
    bottom.set_xlim(data.minutes[0], data.minutes[-1])
    bottom.set_xticks(_ticks(float(data.minutes[0]), float(data.minutes[-1])))
    bottom.set_xlabel(f"Time from received to {clean(data.until, 40)} [min]")
    if top is not bottom:
        _lines(bottom, data, data.differences, 1)
        _difference_axis(bottom, data)
    last = float(data.minutes[-1])
    ends = [
        EndLabel(_last(band.value), label_name(band.name, several and i == 0),
                 _reading(data, band, last), look(i).colour)
        for i, band in enumerate(data.curves)
    ]  # fmt: skip
    hung = [hang_labels(top, ends)]
    if top is not bottom:
        hung.append(hang_labels(bottom, _difference_labels(data)))
    settle(top)
    _mark_target(axes, data)
    for own in hung:
        own.place()


def _shares(ax: Any, data: ShareCurves) -> None:
    """Draw the shares on their scale of 0 to 100 %."""
    _lines(ax, data, data.curves, 0)
    ax.set_ylim(0, 100)
    ax.set_yticks(range(0, 101, 20))


def _lines(ax: Any, data: ShareCurves, bands: Sequence[Band], first: int) -> None:
    """Draw lines with their intervals; ``first`` is the number of the first one's look."""
    at = np.linspace(0, len(data.minutes) - 1, 10).round().astype(int)[1:-1]
    apart = int(np.diff(at).min(initial=len(data.minutes)) / (len(data.curves) + 1))
    for i, (_, value, low, high) in enumerate(bands, start=first):
        colour, dash, _ = look(i)
        if len(data.curves) <= MOST_BANDS:
            ax.fill_between(data.minutes, 100 * low, 100 * high, color=colour, alpha=0.18, lw=0)
        else:
            own = at + apart * i  # next to each other, so that none is hidden
            ax.vlines(data.minutes[own], 100 * low[own], 100 * high[own], color=colour, lw=1)
        ax.plot(data.minutes, 100 * value, color=colour, lw=1.9, ls=dash, zorder=3)


def _difference_axis(ax: Any, data: ShareCurves, alone: bool = True) -> None:
    lows = [float(np.nanmin(100 * band.low, initial=0.0)) for band in data.differences]
    highs = [float(np.nanmax(100 * band.high, initial=0.0)) for band in data.differences]
    low, high = min(lows), max(highs)
    room = max(0.08 * (high - low), 0.5)
    ax.set_ylim(low - room, high + room)
    ax.axhline(0, color=look(0).colour, lw=1.4, zorder=2.5)
    ax.locator_params(axis="y", nbins=5)
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:+.3g}".replace("-", "−") if v else "0")
    ax.set_ylabel("Difference\n[percentage points]")
    if not alone:
        return
    baseline = clean(data.curves[0].name)
    ax.set_title(f"Difference from “{baseline}”, paired by replication")


def _difference_labels(data: ShareCurves) -> list[EndLabel]:
    ends = [EndLabel(0.0, label_name(data.curves[0].name, False), "", look(0).colour)]
    for i, band in enumerate(data.differences, start=1):
        detail = _reading(data, band, float(data.minutes[-1]), sign=True)
        ends.append(EndLabel(_last(band.value), label_name(band.name, False), detail,
                             look(i).colour))  # fmt: skip
    return ends


def _last(values: Array) -> float:
    """Return the last number drawn, in percent; 0 where there is none."""
    known = values[~np.isnan(values)]
    return 100 * float(known[-1]) if len(known) else 0.0


def _reading(data: ShareCurves, band: Band, minutes: float, sign: bool = False) -> str:
    """Say what a line reads at some minutes, as "43% (40–46) in 15 min"."""
    value, low, high = (
        100 * float(np.interp(minutes, data.minutes, part))
        for part in (band.value, band.low, band.high)
    )
    within = f"in {minutes:.4g} min"
    if np.isnan(value):
        return "no callouts" if np.isnan(band.value).all() else f"not known {within}"
    if sign:
        span = f" ({signed(low)} to {signed(high)})" if np.isfinite(low + high) else ""
        return f"{signed(value)}{span} {within}"
    digits = 0 if f"{low:.0f}" != f"{high:.0f}" or low == high else 1
    span = f" ({low:.{digits}f}–{high:.{digits}f})" if np.isfinite(low + high) else ""
    return f"{value:.{digits if span else 0}f}%{span} {within}"


def _mark_target(axes: Sequence[Any], data: ShareCurves) -> None:
    """Mark the target, and say above the curves what each of them reads there."""
    if data.target is None or not data.shows_target:
        return
    name, minutes, share = data.target
    top, bottom = axes[0], axes[-1]
    for ax in axes:
        ax.axvline(minutes, color=SOFT, lw=0.9, ls=(0, (4, 3)), zorder=2)
    top.axhline(100 * share, color=SOFT, lw=0.9, ls=(0, (4, 3)), zorder=2)
    _mark_readings(top, data, data.curves, 0)
    if bottom is not top:
        _mark_readings(bottom, data, data.differences, 1)
    top.plot(minutes, 100 * share, "s", ms=7.5, mfc="none", mec=INK, mew=1.5, zorder=6)
    width, _ = size_of(top)
    text = fit(
        f"□ target “{in_line(clean(name, 60))}”: {share:.0%} within {minutes:g} min", width, 8
    )
    low, high = top.get_xlim()
    where = (minutes - low) / (high - low)
    start = max(0.0, min(where, 1 - measure(text, 8)[0] / width))
    start = start if width > NARROW else 0.0
    top.annotate(
        text, (start, 1), (0, 4), xycoords="axes fraction", textcoords="offset points",
        fontsize=8, color=INK, va="bottom", ha="left", annotation_clip=False, gid="label",
    )  # fmt: skip


def _strip(data: ShareCurves, bands: Sequence[Band]) -> float:
    """Return how tall a strip above the curves must be for their readings. [points]"""
    return READING * len(bands) + 4 if data.shows_target and bands else 0.0


def _mark_readings(ax: Any, data: ShareCurves, bands: Sequence[Band], first: int) -> None:
    """
    Mark what curves read at the target, and write it next to its line, above all curves.

    ``first`` is the number of the first one's look. There, words hide no curve and no band.
    """
    if data.target is None:
        return
    minutes = data.target.minutes
    for i, band in enumerate(bands, start=first):
        at = 100 * float(np.interp(minutes, data.minutes, band.value))
        ax.plot(minutes, at, look(i).marker, color=look(i).colour, mec="white", ms=6, zorder=5)
    width, height = size_of(ax)
    bottom, top = ax.get_ylim()
    strip = min(_strip(data, bands), 0.5 * height)
    ax.set_ylim(bottom, bottom + (top - bottom) * height / (height - strip))
    left, right = ax.get_xlim()
    before = width * (minutes - left) / (right - left)
    on_right = width - before >= min(before, 250)
    room = (width - before if on_right else before) - 6
    names = short_names([band.name for band in bands], 24)
    for nth, band in enumerate(bands):
        said = _reading(data, band, minutes, sign=first > 0)
        if width <= NARROW:  # the target says in how many minutes
            said = said.removesuffix(f" in {minutes:.4g} min")
        name = fit(names[nth], max(room - measure(f": {said}", 7.5)[0], 20), 7.5)
        ax.annotate(
            f"{in_line(name)}: {said}", (minutes, 1), (4 if on_right else -4, -3 - READING * nth),
            xycoords=("data", "axes fraction"), textcoords="offset points", fontsize=7.5,
            color=look(first + nth).colour, va="top", ha="left" if on_right else "right",
            annotation_clip=False, gid="label",
        )  # fmt: skip


def _ticks(low: float, high: float, most: int = 9) -> list[float]:
    """Return round minutes from ``low`` to ``high``, with at most so many steps between them."""
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880)
    step = next((s for s in steps if (high - low) / s <= most), (high - low) / 8)
    first = np.ceil(low / step) * step
    return [float(tick) for tick in np.arange(first, high + step * 1e-6, step)]
