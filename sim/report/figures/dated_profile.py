"""Callouts received and pending, and teams on duty and committed, on the dates of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure

from sim.local_clock import LocalClock
from sim.log import MS_PER_DAY

from .layout.bands import Array, Band
from .layout.duty_lines import DutyLine, duty_lines
from .layout.figure_page import Caption, finish, new_sheet
from .layout.labels import EndLabel, end_labels, fit_names, label_name, room_for
from .layout.style import INK, SOFT, in_house_style, look
from .profile import Hourly

MOST_NAMES = 4  # of incidents and surges above the panels
MOST_TICKS = 10


class DatedEvent(NamedTuple):
    """A surge, or an incident, of the scenario, from when until when. [days since the start]"""

    name: str
    begins: float
    until: float


class DatedTeams(NamedTuple):
    """Mean teams on duty and committed under an alternative, each of shape (stretches,)."""

    name: str
    on_duty: Array
    committed: Array


@dataclass(frozen=True)
class DatedProfile:
    """
    What the dates of a run look like, in stretches of ``hours``.

    Attributes
    ----------
    clock
        The local clock; the measured period begins at its instant 0.
    callouts_per_hour
        Callouts received in each stretch, as shape (stretches,). [1/h]
    pending
        Mean pending callouts, a band an alternative, the baseline first.
    events
        What the dates matter for.
    teams
        Mean teams on duty and committed, of the same alternatives; none where they are not known.
    """

    clock: LocalClock
    hours: float
    edges: Array  # of the stretches, shape (stretches + 1,) [days since the start]
    callouts_per_hour: Hourly
    pending: tuple[Band, ...]
    events: tuple[DatedEvent, ...] = ()
    teams: tuple[DatedTeams, ...] = ()

    @property
    def title(self) -> str:
        """What the figure is called."""
        return f"The run by date: callouts{', teams' * bool(self.teams)}, pending callouts"


@in_house_style
def figure_dated_profile(data: DatedProfile, caption: Caption) -> Figure:
    """Return demand above pending callouts, on one axis of dates."""
    bars = f" · upright lines: {caption.intervals}" if caption.intervals else ""
    named = ", ".join(fit_names([event.name for event in data.events[:MOST_NAMES]], 110, 8.5))
    more = len(data.events) - MOST_NAMES
    named += f" and {more} more" if more > 0 else ""
    shaded = f" · shaded: {named}" if named else ""
    subtitle = caption.above(f"Means over {data.hours:g} h, local time{bars}{shaded}")
    names = [EndLabel(0, "name", "detail", INK)] * len(data.pending)
    heights = [1.7, max(1.7, room_for(names))]
    if data.teams:
        duty = [line.label for line in _duty(data)]
        heights.insert(1, max(2.4, room_for([*names, *duty])))
    sheet = new_sheet(sum(heights), data.title, subtitle, caption.lines())
    axes = sheet.figure.subplots(len(heights), 1, sharex=True, height_ratios=heights)
    draw_dated_profile(list(axes), data)
    return finish(sheet.figure)


@in_house_style
def draw_dated_profile(axes: Sequence[Any], data: DatedProfile) -> None:
    """Draw callouts received, teams where they are known, and pending callouts, each on axes."""
    top, bottom = axes[0], axes[-1]
    mean, low, high = data.callouts_per_hour
    top.stairs(mean, data.edges, fill=True, color="#c4cdd5", lw=0)
    middle = (data.edges[:-1] + data.edges[1:]) / 2
    top.vlines(middle, low, high, color=SOFT, lw=1.2)
    top.set_ylabel("Callouts\nper hour [1/h]")
    labelled = [(bottom, _draw_pending(bottom, data))]
    if data.teams:
        labelled.append((axes[1], _draw_teams(axes[1], data)))
    for ax in axes:
        for event in data.events:
            ax.axvspan(event.begins, event.until, color="#f1e3d3", lw=0.8, zorder=0)
        ax.set_ylim(bottom=0)
        ax.set_xlim(data.edges[0], data.edges[-1])
        ax.locator_params(axis="y", nbins=5)
    _mark_dates(bottom, data)
    end_labels(*labelled)


def _draw_pending(ax: Any, data: DatedProfile) -> list[EndLabel]:
    """Draw pending callouts, and return labels for their ends."""
    ax.set_ylabel("Pending\ncallouts")
    series = [(name, value, f"highest {value.max(initial=0.0):.2g}")
              for name, value, *_ in data.pending]  # fmt: skip
    return _draw_stairs(ax, data.edges, series, 1.6)


def _draw_stairs(
    ax: Any, edges: Array, series: Sequence[tuple[str, Array, str]], width: float
) -> list[EndLabel]:
    """Draw the values of each alternative, and return labels with what is said of them."""
    labels = []
    for i, (name, value, said) in enumerate(series):
        colour, dash, _ = look(i)
        ax.stairs(value, edges, baseline=None, color=colour, ls=dash, lw=width)
        named = label_name(name, i == 0 and len(series) > 1)
        labels.append(EndLabel(float(value[-1]), named, said, colour))
    return labels


def _duty(data: DatedProfile) -> list[DutyLine]:
    return duty_lines([(own.name, own.on_duty) for own in data.teams])


def _draw_teams(ax: Any, data: DatedProfile) -> list[EndLabel]:
    """Draw teams on duty and committed, and return labels for their ends."""
    ax.set_ylabel("Teams")
    duty, lasts = _duty(data), np.diff(data.edges)
    for line in duty:
        ax.stairs(line.values, data.edges, baseline=None, **line.style)
    series = [(name, value, f"committed: mean {np.average(value, weights=lasts):.1f}")
              for name, _, value in data.teams]  # fmt: skip
    return [*(line.label for line in duty), *_draw_stairs(ax, data.edges, series, 1.9)]


def _mark_dates(ax: Any, data: DatedProfile) -> None:
    """Write the dates under their midnights; hours, too, in a short run."""
    clock, days = data.clock, float(data.edges[-1])
    into_day = (clock.start - clock.midnight) / timedelta(days=1)
    steps = (1 / 24, 1 / 8, 1 / 4, 1 / 2, 1, 2, 7, 14, 28, 91, 182, 364)
    step = next((s for s in steps if days / s <= MOST_TICKS), days / MOST_TICKS)
    first = np.ceil(into_day / step - 1e-9) * step - into_day
    ticks = np.arange(first, days + 1e-9, step)
    times = [clock.start + timedelta(days=float(tick)) for tick in ticks]
    if clock.changes:  # what is under a tick is what clocks show there
        ticks = np.array([clock.instant_of(time) / MS_PER_DAY for time in times])
    date = "%H:%M\n{} %b" if step < 1 else "{} %b\n%Y" if days > 300 else "{} %b"
    ax.set_xticks(ticks, [f"{t:{date.format(t.day)}}" for t in times])
