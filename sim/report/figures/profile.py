"""Demand and committed teams through the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure

from .layout.bands import MOST_BANDS, Array, Band
from .layout.duty_lines import DutyLine, duty_lines
from .layout.figure_page import Caption, finish, new_sheet
from .layout.hours_of_day import WHOLE_DAY, ClockHours
from .layout.labels import EndLabel, end_labels, label_name, room_for
from .layout.style import INK, LINE, SOFT, in_house_style, look


class Hourly(NamedTuple):
    """A mean with its interval in each hour of the day from 00:00, each of shape (24,)."""

    mean: Array
    low: Array
    high: Array


@dataclass(frozen=True)
class DayProfile:
    """
    What the hours of a day look like; arrays of shape (24,), from 00:00 local time.

    Attributes
    ----------
    callouts_per_hour
        Callouts received, the same in every alternative. [1/h]
    busy
        Mean teams committed per alternative, the baseline first.
    on_duty
        Mean teams on duty per alternative, in the same order.
    waiting
        Mean pending callouts per alternative, in the same order.
    hours
        Which hours are drawn; what arrays hold of others means nothing.
    measured
        How often each hour occurs in a period shorter than a day; None of a longer one. [h]
    """

    callouts_per_hour: Hourly
    busy: tuple[Band, ...]
    on_duty: tuple[tuple[str, Array], ...]
    waiting: tuple[tuple[str, Array], ...]
    title: str = "An average day: callouts, committed teams, pending callouts"
    hours: ClockHours = WHOLE_DAY
    measured: Array | None = None

    @property
    def duty_lines(self) -> list[DutyLine]:
        """Lines of teams on duty in the hours that are drawn."""
        return duty_lines([(name, values[self.hours.order]) for name, values in self.on_duty])


@in_house_style
def figure_day_profile(data: DayProfile, caption: Caption) -> Figure:
    """Return three panels over one clock: demand, committed teams, pending callouts."""
    some = (
        "bars and bands" if len(data.busy) <= MOST_BANDS else "bars, and the band of the baseline"
    )
    bars = f" · {some}: {caption.intervals}" if caption.intervals else ""
    subtitle = caption.above(f"Means by hour of the day, local time{bars}")
    names = [EndLabel(0, "name", "detail", INK)] * len(data.busy)
    duty = [line.label for line in data.duty_lines]
    heights = [1.7, max(2.97, room_for([*names, *duty])), max(1.53, room_for(names))]
    sheet = new_sheet(sum(heights), data.title, subtitle, caption.lines())
    axes = sheet.figure.subplots(3, 1, sharex=True, height_ratios=heights)
    draw_day_profile(axes, data)
    return finish(sheet.figure)


@in_house_style
def draw_day_profile(axes: Sequence[Any], data: DayProfile) -> None:
    """Draw demand, committed teams and pending callouts on three axes, top to bottom."""
    demand, busy, waiting = axes
    data.hours.mark(waiting)
    _draw_demand(demand, data)
    duty, order = data.duty_lines, data.hours.order
    banded = len(data.busy) if len(data.busy) <= MOST_BANDS else 1  # more would cover each other
    highs = [_most(band.value[order]) for band in data.busy]
    highs += [_most(band.high[order]) for band in data.busy[:banded]]
    top = max(*(_most(line.values) for line in duty), *highs, 1.0)
    busy.set_ylim(0, 1.1 * top)
    busy.set_ylabel("Teams")
    for line in duty:
        busy.stairs(line.values, data.hours.edges, baseline=None, **line.style)
    for i, band in enumerate(data.busy):
        ends = (band.low, band.high) if i < banded else ()
        _draw_line(busy, data.hours, i, band.value, *ends)
    most = max((_most(values[order]) for _, values in data.waiting), default=0.0)
    waiting.set_ylim(0, max(1.15 * most, 0.1))
    waiting.set_ylabel("Pending\ncallouts")
    for i, (_, values) in enumerate(data.waiting):
        _draw_line(waiting, data.hours, i, values)
    _label(demand, busy, waiting, data)


def _draw_demand(ax: Any, data: DayProfile) -> None:
    middle = data.hours.middle
    mean, low, high = (part[data.hours.order] for part in data.callouts_per_hour)
    ax.bar(middle, mean, width=0.86, color="#c4cdd5", lw=0)
    ax.vlines(middle, low, high, color=SOFT, lw=1.2)
    ax.set_ylim(0, max(1.12 * max(_most(high), _most(mean)), 0.1))
    ax.set_ylabel("Callouts\nper hour [1/h]")
    ax.grid(axis="x", visible=False)


def _draw_line(
    ax: Any,
    hours: ClockHours,
    i: int,
    value: Array,
    low: Array | None = None,
    high: Array | None = None,
) -> None:
    """Draw an hourly mean at the middle of each hour; a whole day joins on to itself."""
    colour, dash, _ = look(i)
    ends = hours.edges[[0, -1]] if not hours.whole else (-0.5, 24.5)
    at = np.concatenate([ends[:1], hours.middle, ends[1:]])
    if low is not None and high is not None:
        ax.fill_between(at, _led_on(hours, low), _led_on(hours, high),
                        color=colour, alpha=0.18, lw=0)  # fmt: skip
    ax.plot(at, _led_on(hours, value), color=colour, lw=1.9, ls=dash)


def _led_on(hours: ClockHours, values: Array) -> Array:
    """Return the values drawn, led on: round the clock, or level to where the period ends."""
    own = values[hours.order]
    before, after = (own[-1:], own[:1]) if hours.whole else (own[:1], own[-1:])
    return np.concatenate([before, own, after])


def _label(demand: Any, busy: Any, waiting: Any, data: DayProfile) -> None:
    several, order = len(data.busy) > 1, data.hours.order
    at = float(data.callouts_per_hour.mean[order[-1]])
    received = [EndLabel(at, "callouts received", _received(data), SOFT)]
    ends = [line.label for line in data.duty_lines] + [
        EndLabel(_last(data.hours, band.value), label_name(band.name, several and i == 0),
                 f"committed: mean {_mean_of(data, band.value):.1f}", look(i).colour)
        for i, band in enumerate(data.busy)
    ]  # fmt: skip
    peaks = [
        EndLabel(_last(data.hours, values), label_name(name, several and i == 0),
                 f"highest {peak:.2g}" if (peak := _most(values[order])) > 0 else "none",
                 look(i).colour)
        for i, (name, values) in enumerate(data.waiting)
    ]  # fmt: skip
    end_labels((demand, received), (busy, ends), (waiting, peaks))
    for ax in (demand, busy, waiting):
        ax.spines["bottom"].set_color(LINE)


def _received(data: DayProfile) -> str:
    """Say how many callouts are received: a day, or in the hours of a shorter period."""
    mean = data.callouts_per_hour.mean
    if data.measured is None:
        return f"{float(np.nansum(mean)):.1f} a day"
    return f"{float(np.nansum(mean * data.measured)):.1f} in {float(data.measured.sum()):.4g} h"


def _mean_of(data: DayProfile, values: Array) -> float:
    known = np.nan_to_num(values)
    if data.measured is None:
        return float(np.mean(known))
    return float(np.average(known, weights=data.measured))


def _last(hours: ClockHours, values: Array) -> float:
    """Return where a line ends at the right."""
    own = values[hours.order]
    return float((own[0] + own[-1]) / 2) if hours.whole else float(own[-1])


def _most(values: Array) -> float:
    return float(np.nanmax(values, initial=0.0))
