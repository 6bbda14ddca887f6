"""One day of one replication: what every team did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sim.local_clock import LocalClock

from .layout.figure_page import Caption, finish, new_sheet
from .layout.labels import EndLabel, end_labels, fit_names
from .layout.style import GRID, INK, PALE, bilingual, clean, in_house_style, okabe_ito

MS_PER_HOUR = 3_600_000

# Neighbouring phases differ in lightness, so that they part in grey print too.
PHASES: dict[str, dict[str, Any]] = {
    "turnout": {"facecolor": "#a9b4bf"},
    "driving": {"facecolor": okabe_ito["sky"]},
    "on scene": {"facecolor": okabe_ito["blue"]},
    "to hospital": {"facecolor": okabe_ito["orange"]},
    "at hospital": {"facecolor": "#8c3f00"},
    "returning": {"facecolor": "#dfe4e9"},
    "relocating": {"facecolor": "white", "edgecolor": okabe_ito["green"], "hatch": "//////"},
}
_PRIORITIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("^", {"mfc": okabe_ito["vermillion"], "mec": "white", "mew": 0.6, "ms": 6.5}),
    ("D", {"mfc": okabe_ito["orange"], "mec": INK, "mew": 0.7, "ms": 4.4}),
    ("o", {"mfc": "white", "mec": INK, "mew": 0.9, "ms": 4.6}),
    ("s", {"mfc": INK, "mec": "white", "mew": 0.6, "ms": 4.8}),
)
_ON_CALL: dict[str, Any] = {"facecolor": "#eef1f4", "edgecolor": "#b9c3cc", "hatch": "...", "lw": 0}
_OFF_DUTY: dict[str, Any] = {"facecolor": PALE, "edgecolor": "#cfd6dc", "hatch": "////", "lw": 0}


class Activity(NamedTuple):
    """What a team (by its number in ``teams``) did for a while; ``phase`` as in ``PHASES``."""

    team: int
    begin: int
    end: int
    phase: str


class Reached(NamedTuple):
    """A callout reached: by which team, when [ms] and how urgent (1 is the most urgent)."""

    team: int
    on_scene: int
    priority: int


class Steps(NamedTuple):
    """A count over time: ``counts[i]`` holds from ``times[i]`` [ms] to the next."""

    times: NDArray[Any]
    counts: NDArray[Any]


@dataclass(frozen=True)
class DayTimeline:
    """
    A day of every team, as it happened in one replication.

    Instants are milliseconds since the start of the measured period, as in the log; legs and
    steps may run over the edges of the day and are cut there. ``clock`` says what is under a tick.
    ``on_duty`` has a tuple of (begin, end) per team, and so has ``on_call`` where crews wait at
    home. ``note`` says why this day is shown, and ``hours`` is its length: less than 24 if the run
    ends in it, 23 or 25 if clocks are changed in it.
    """

    date_label: str
    start_ms: int
    teams: tuple[str, ...]
    on_duty: tuple[tuple[tuple[int, int], ...], ...]
    legs: tuple[Activity, ...]
    callouts: tuple[Reached, ...]
    busy_steps: Steps
    waiting_steps: Steps
    on_duty_steps: Steps
    alternative: str
    replication: int
    teams_ar: tuple[str, ...] = ()
    clock: LocalClock = field(default_factory=partial(LocalClock.fixed, 0))
    hours: float = 24.0
    note: str = ""
    on_call: tuple[tuple[tuple[int, int], ...], ...] = ()


@in_house_style
def figure_day_timeline(data: DayTimeline, caption: Caption) -> Figure:
    """Return the day: counts above, and below them a row for every team."""
    rows = len(data.teams) * _row_height(len(data.teams))
    note = f" · {clean(data.note, 120)}" if data.note else ""
    subtitle = caption.above(
        f"One replication (number {data.replication}) of “{clean(data.alternative)}”{note}"
    )
    sheet = new_sheet(1.35 + rows + 0.95, f"The day of every team: {clean(data.date_label, 60)}",
                      subtitle, caption.lines())  # fmt: skip
    ratios = [1.35, max(rows, 0.5)]
    top, bottom = sheet.figure.subplots(2, 1, sharex=True, height_ratios=ratios)
    draw_day_timeline((top, bottom), data)
    return finish(sheet.figure)


def _row_height(teams: int) -> float:
    """Return the height of a team's row: smaller where they are many. [in]"""
    return max(0.135, min(0.36, 5.0 / max(teams, 1)))


@in_house_style
def draw_day_timeline(axes: Sequence[Any], data: DayTimeline) -> None:
    """Draw counts of teams and callouts on the first axes and the teams' rows on the second."""
    top, rows = axes
    rows.set_xlim(0, data.hours)
    step = next(s for s in (1, 3, 6, 12, 24, 10**6) if data.hours / s <= 10)
    hours = range(0, int(data.hours) + 1, step)
    rows.set_xticks(hours, [_clock(data, hour) for hour in hours])
    rows.set_xlabel("Local time of day [h]")
    _draw_counts(top, data)
    _draw_rows(rows, data)
    _legend(rows, data)
    _label_counts(top, data)


def _clock(data: DayTimeline, hour: int) -> str:
    return f"{data.clock.moment(data.start_ms + hour * MS_PER_HOUR):%H:%M}"


def _draw_counts(ax: Any, data: DayTimeline) -> None:
    busy, waiting, duty = (
        _over_the_day(steps, data)
        for steps in (data.busy_steps, data.waiting_steps, data.on_duty_steps)
    )
    ax.fill_between(*busy, step="post", color=okabe_ito["blue"], alpha=0.8, lw=0)
    ax.fill_between(waiting[0], -waiting[1], step="post", color=okabe_ito["vermillion"], lw=0)
    ax.step(*duty, where="post", color=INK, lw=1.3)
    ax.axhline(0, color=INK, lw=0.8)
    high = max(float(duty[1].max()), float(busy[1].max()), 1.0)
    ax.set_ylim(-max(float(waiting[1].max()), 0.15 * high) * 1.15, 1.12 * high)
    ax.yaxis.get_major_locator().set_params(integer=True, nbins=5)
    ax.yaxis.set_major_formatter(lambda value, _: f"{abs(value):.0f}")
    ax.set_ylabel("← Callouts | Teams →")


def _over_the_day(steps: Steps, data: DayTimeline) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return a count's steps within the day, in hours from its start; 0 before the first."""
    length = round(data.hours * MS_PER_HOUR)
    times = np.asarray(steps.times, dtype=np.int64) - data.start_ms
    counts = np.asarray(steps.counts, dtype=np.float64)
    begun = int(np.searchsorted(times, 0, side="right"))
    inside = slice(begun, int(np.searchsorted(times, length, side="left")))
    first = counts[begun - 1] if begun else 0.0
    kept = np.concatenate([[first], counts[inside]])
    within = np.concatenate([[0], times[inside], [length]]) / MS_PER_HOUR
    return within, np.concatenate([kept, kept[-1:]])


def _label_counts(ax: Any, data: DayTimeline) -> None:
    busy, waiting, duty = (
        _over_the_day(steps, data)[1]
        for steps in (data.busy_steps, data.waiting_steps, data.on_duty_steps)
    )
    most = f"at most {waiting.max():.0f}" if waiting.max() > 0 else "none"
    ends = [
        EndLabel(float(duty[-1]), "on duty", "", INK),
        EndLabel(
            float(busy[-1]), "teams committed", f"at most {busy.max():.0f}", okabe_ito["blue"]
        ),
        EndLabel(-float(waiting[-1]) - 0.01, "pending callouts", most, okabe_ito["vermillion"]),
    ]
    end_labels((ax, ends))


def _draw_rows(ax: Any, data: DayTimeline) -> None:
    """Draw a row a team: hatched off duty, dotted on call, a bar a phase, a mark on arrival."""
    arabic = data.teams_ar or ("",) * len(data.teams)
    names = [bilingual(*each, 60) for each in zip(data.teams, arabic, strict=True)]
    size = min(8.0, 60 * _row_height(len(data.teams)))
    ax.set_yticks(
        range(len(data.teams)), fit_names(names, 118, size, 120), color=INK, fontsize=size
    )
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(data.teams) - 0.45, -0.6)
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    for row, periods in enumerate(_there(data)):
        off = [_within(begin, end, data) for begin, end in _gaps(periods, data)]
        ax.broken_barh([bar for bar in off if bar[1] > 0], (row - 0.46, 0.92), zorder=1.1,
                       **_OFF_DUTY)  # fmt: skip
    for row, periods in enumerate(data.on_call):
        waits = [_within(begin, end, data) for begin, end in periods]
        ax.broken_barh([bar for bar in waits if bar[1] > 0], (row - 0.46, 0.92), zorder=1.1,
                       **_ON_CALL)  # fmt: skip
    for phase, drawn in PHASES.items():
        legs = [leg for leg in data.legs if leg.phase == phase]
        spans = [(leg.team, *_within(leg.begin, leg.end, data)) for leg in legs]
        boxes = [
            [(x, row - 0.22), (x, row + 0.36), (x + w, row + 0.36), (x + w, row - 0.22)]
            for row, x, w in spans if w > 0
        ]  # fmt: skip
        lines = 0.6 if phase == "relocating" else 0
        ax.add_collection(PolyCollection(boxes, zorder=2.1, lw=lines, **drawn), autolim=False)
    reached = [((r.on_scene - data.start_ms) / MS_PER_HOUR, r.team, r.priority)
               for r in data.callouts]  # fmt: skip
    for nth in range(len(_PRIORITIES)):
        at = [(hour, team - 0.3) for hour, team, priority in reached
              if 0 <= hour < data.hours and _nth(priority) == nth]  # fmt: skip
        if at:  # nothing, unclipped, would count as a point far outside
            ax.plot(*zip(*at, strict=True), clip_on=False, zorder=4, ls="", **_mark(nth + 1))


def _there(data: DayTimeline) -> list[tuple[tuple[int, int], ...]]:
    """Return per team when it is on duty or on call. [ms]"""
    on_call = data.on_call or ((),) * len(data.on_duty)
    return [(*own, *waits) for own, waits in zip(data.on_duty, on_call, strict=True)]


def _within(begin: int, end: int, data: DayTimeline) -> tuple[float, float]:
    """Return begin and length of a period within the day. [h]"""
    length = round(data.hours * MS_PER_HOUR)
    left = min(max(begin - data.start_ms, 0), length)
    right = min(max(end - data.start_ms, 0), length)
    return left / MS_PER_HOUR, (right - left) / MS_PER_HOUR


def _gaps(periods: Sequence[tuple[int, int]], data: DayTimeline) -> list[tuple[int, int]]:
    """Return the parts of the day outside the periods. [ms]"""
    at, gaps = data.start_ms, []
    for begin, end in sorted(periods):
        if begin > at:
            gaps.append((at, begin))
        at = max(at, end)
    return [*gaps, (at, max(at, data.start_ms + round(data.hours * MS_PER_HOUR)))]


def _nth(priority: int) -> int:
    return min(max(priority, 1), len(_PRIORITIES)) - 1


def _mark(priority: int) -> dict[str, Any]:
    shape, drawn = _PRIORITIES[_nth(priority)]
    return {"marker": shape, **drawn}


def _legend(ax: Any, data: DayTimeline) -> None:
    """Explain the phases and marks that occur, under the axes."""
    seen = {leg.phase for leg in data.legs if _within(leg.begin, leg.end, data)[1] > 0}
    handles: list[Any] = [
        Patch(label=phase, lw=0.6 if phase == "relocating" else 0, **drawn)
        for phase, drawn in PHASES.items() if phase in seen
    ]  # fmt: skip
    if any(_within(*gap, data)[1] > 0 for own in _there(data) for gap in _gaps(own, data)):
        handles.append(Patch(label="off duty", **_OFF_DUTY))
    if any(_within(*period, data)[1] > 0 for own in data.on_call for period in own):
        handles.append(Patch(label="on call, at home", **_ON_CALL))
    last = len(_PRIORITIES)
    for priority in sorted({min(max(reached.priority, 1), last) for reached in data.callouts}):
        more = " or lower" if priority == last else ""
        handles.append(
            Line2D([], [], ls="", label=f"arrives, priority {priority}{more}", **_mark(priority))
        )
    ax.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.42, -0.42 / max(
            0.5, len(data.teams) * _row_height(len(data.teams)))), ncols=5, handlelength=1.4,
        columnspacing=1.6, borderaxespad=0, edgecolor=GRID,
    )  # fmt: skip
