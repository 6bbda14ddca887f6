"""Stretches of a run in words: every day from 20:00 to 08:00, or from one date to another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sim import units

from ..diagnostics.diagnostic import join
from ..fields.crews import WEEK
from ..fields.models import Scenario
from .rosters import Interval

DAY = units.MS_PER["day"]
MOST = 3  # stretches that are named


def say_stretches(scenario: Scenario, stretches: Sequence[Interval]) -> str:
    """Return when some stretches of the run are, in order; the first three if they differ."""
    length = scenario.clock.length
    if stretches[0] == (0, length):
        return "at any time"
    clocks = {_clock(scenario, a, b) for a, b in stretches if a > 0 and b < length}
    if len(clocks) == 1 and len(stretches) >= max(2, length // DAY):
        begin, end = next(iter(clocks))
        return f"every day from {begin} to {end}"
    weekly = list(dict.fromkeys(_weekly(scenario, *s) for s in stretches if s[0] > 0))
    if 2 * len(weekly) <= len(stretches):
        return f"each week {_first(weekly)}"
    return _first([f"from {_date(scenario, a)} to {_date(scenario, b)}" for a, b in stretches])


def say_end(scenario: Scenario, stretches: Sequence[Interval]) -> str:
    """Return the time of day at which all of them end, as ` until 08:00`; else empty."""
    ends = {_clock(scenario, a, b)[1] for a, b in stretches if b < scenario.clock.length}
    short = all(b - a < DAY for a, b in stretches)
    return f" until {ends.pop()}" if short and len(ends) == 1 else ""


def say_clock_changes(scenario: Scenario) -> list[str]:
    """Return when clocks are put forward or back in the run, and by how much, each in words."""
    clock = scenario.clock.local
    return [
        f"clocks are put {'forward' if change.by > 0 else 'back'} by "
        f"{units.say_duration(abs(change.by))} on "
        f"{clock.midnight + timedelta(milliseconds=change.before):%Y-%m-%d %H:%M}"
        for change in clock.changes
    ]


def touching(stretches: Iterable[Interval]) -> list[Interval]:
    """Return stretches in order with those that touch made one."""
    found: list[Interval] = []
    for begins, until in stretches:
        if found and found[-1][1] == begins:
            begins, _ = found.pop()
        found.append((begins, until))
    return found


def named(names: Sequence[str]) -> str:
    """Return names in quotes as a phrase: the first three, and how many more."""
    more = [f"{len(names) - MOST} more"] if len(names) > MOST else []
    return join([*(f"'{name}'" for name in names[:MOST]), *more])


def about(callouts: float) -> str:
    """Return a number of callouts in words."""
    if callouts < 0.5:
        return "less than one callout"
    return f"about {callouts:.0f} callouts" if round(callouts) > 1 else "about one callout"


def _first(said: Sequence[str]) -> str:
    more = len(said) - MOST
    return join(said[:MOST]) + (f", and {more} times more" if more > 0 else "")


def _clock(scenario: Scenario, begins: int, until: int) -> tuple[str, str]:
    begin, end = (scenario.clock.local.local(at) % DAY for at in (begins, until))
    return units.say_clock(begin), units.say_clock(end)


def _weekly(scenario: Scenario, begins: int, until: int) -> str:
    clock = scenario.clock.local
    first, last = (WEEK[clock.moment(at).weekday()] for at in (begins, until))
    begin, end = _clock(scenario, begins, until)
    return f"{first} {begin} to {last} {end}"


def _date(scenario: Scenario, at: int) -> str:
    return f"{scenario.clock.local.moment(at):%Y-%m-%d %H:%M}{scenario.clock.local.told_apart(at)}"
