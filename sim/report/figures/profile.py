"""Demand and committed teams through the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure

from .layout.labels import EndLabel, end_labels, label_name
from .layout.page import Caption, finish, new_sheet
from .layout.style import INK, LINE, SOFT, in_house_style, look
from .share_curves import Array, Band


class Hourly(NamedTuple):
    """A mean with its interval in each hour of the day from 00:00, each of shape (24,)."""

    mean: Array
    low: Array
    high: Array


@dataclass(frozen=True)
class DayProfile:
    """
    What an average day looks like, hour by hour from 00:00 local time.

    Attributes
    ----------
    callouts_per_hour
        Callouts received, the same in every alternative. [1/h]
    busy
        Mean teams busy per alternative, the baseline first; arrays of shape (24,).
    on_duty
        Mean teams on duty. shape (24,)
    waiting
        Mean pending callouts per alternative; (name, shape (24,)).
    """

    callouts_per_hour: Hourly
    busy: tuple[Band, ...]
    on_duty: Array
    waiting: tuple[tuple[str, Array], ...]
    title: str = "An average day: callouts, committed teams, pending callouts"


@in_house_style
def figure_day_profile(data: DayProfile, caption: Caption) -> Figure:
    """Return three panels over one clock: demand, committed teams, pending callouts."""
    bars = f" · bars and bands: {caption.intervals}" if caption.intervals else ""
    subtitle = caption.above(f"Means by hour of the day, local time{bars}")
    sheet = new_sheet(6.2, data.title, subtitle, caption.lines())
    axes = sheet.figure.subplots(3, 1, sharex=True, height_ratios=[1, 1.75, 0.9])
    draw_day_profile(axes, data)
    return finish(sheet.figure)


@in_house_style
def draw_day_profile(axes: Sequence[Any], data: DayProfile) -> None:
    """Draw demand, committed teams and pending callouts on three axes, top to bottom."""
    demand, busy, waiting = axes
    waiting.set_xlim(0, 24)
    waiting.set_xticks(range(0, 25, 3), [f"{hour:02d}:00" for hour in range(0, 25, 3)])
    waiting.set_xlabel("Local time of day [h]")
    _draw_demand(demand, data.callouts_per_hour)
    top = max(_most(data.on_duty), *(_most(band.high) for band in data.busy), 1.0)
    busy.set_ylim(0, 1.1 * top)
    busy.set_ylabel("Teams")
    busy.stairs(data.on_duty, np.arange(25), color=INK, lw=1.3, baseline=None)
    for i, band in enumerate(data.busy):
        _draw_line(busy, i, band.value, band.low, band.high)
    most = max((_most(values) for _, values in data.waiting), default=0.0)
    waiting.set_ylim(0, max(1.15 * most, 0.1))
    waiting.set_ylabel("Pending\ncallouts")
    for i, (_, values) in enumerate(data.waiting):
        _draw_line(waiting, i, values)
    _label(demand, busy, waiting, data)


def _draw_demand(ax: Any, hourly: Hourly) -> None:
    middle = np.arange(24) + 0.5
    ax.bar(middle, hourly.mean, width=0.86, color="#c4cdd5", lw=0)
    ax.vlines(middle, hourly.low, hourly.high, color=SOFT, lw=1.2)
    ax.set_ylim(0, max(1.12 * _most(hourly.high), 0.1))
    ax.set_ylabel("Callouts\nper hour [1/h]")
    ax.grid(axis="x", visible=False)


def _draw_line(
    ax: Any, i: int, value: Array, low: Array | None = None, high: Array | None = None
) -> None:
    """Draw an hourly mean at the middle of each hour; the day joins on to itself at midnight."""
    colour, dash, _ = look(i)
    middle = np.arange(-1, 25) + 0.5
    if low is not None and high is not None:
        ax.fill_between(middle, _round_the_clock(low), _round_the_clock(high),
                        color=colour, alpha=0.18, lw=0)  # fmt: skip
    ax.plot(middle, _round_the_clock(value), color=colour, lw=1.9, ls=dash)


def _round_the_clock(values: Array) -> Array:
    return np.concatenate([values[-1:], values, values[:1]])


def _label(demand: Any, busy: Any, waiting: Any, data: DayProfile) -> None:
    several = len(data.busy) > 1
    total = float(np.nansum(data.callouts_per_hour.mean))
    at = float(data.callouts_per_hour.mean[-1])
    end_labels(demand, [EndLabel(at, "callouts received", f"{total:.1f} a day", SOFT)])
    ends = [EndLabel(float(data.on_duty[-1]), "teams on duty", "", INK)]
    ends += [
        EndLabel(_midnight(band.value), label_name(band.name, several and i == 0),
                 f"committed: mean {np.mean(np.nan_to_num(band.value)):.1f}", look(i).colour)
        for i, band in enumerate(data.busy)
    ]  # fmt: skip
    end_labels(busy, ends)
    peaks = [
        EndLabel(_midnight(values), label_name(name, False),
                 f"highest {_most(values):.2g}" if _most(values) > 0 else "none", look(i).colour)
        for i, (name, values) in enumerate(data.waiting)
    ]  # fmt: skip
    end_labels(waiting, peaks)
    for ax in (demand, busy, waiting):
        ax.spines["bottom"].set_color(LINE)


def _midnight(values: Array) -> float:
    return float((values[0] + values[-1]) / 2)


def _most(values: Array) -> float:
    return float(np.nanmax(values, initial=0.0))
