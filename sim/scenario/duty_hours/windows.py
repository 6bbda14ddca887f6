"""When something of a scenario holds: from, until, and in which hours of the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from sim import units

from ..fields.disruption_models import Window
from ..tables.table_rows import since_start
from .rosters import Interval, joined
from .spoken_hours import touching

MS_PER_DAY = units.MS_PER["day"]
MINUTE = 60_000


class RunWindow:
    """
    A window as instants of a run that starts at a local date and time. [ms]

    ``begins`` and ``ends`` bound what is asked of the run.
    """

    def __init__(self, window: Window, start: datetime, begins: int, ends: int) -> None:
        self.begins, self.ends = begins, ends
        self.from_ = begins if window.begins is None else since_start(window.begins, start)
        self.until = ends if window.until is None else since_start(window.until, start)
        self.hours = window.hours
        self.start_of_day = -since_start(0, start)

    def holds(self, at: int) -> bool:
        """Return whether it holds at an instant."""
        return self.from_ <= at < self.until and self.holds_at_hour(at)

    def holds_on_date(self, at: int) -> bool:
        """Return whether it holds at an instant or at another hour of its day."""
        return self.from_ <= at < self.until

    def holds_at_hour(self, at: int) -> bool:
        """Return whether an instant is in its hours."""
        if self.hours is None:
            return True
        clock, (first, last) = (at + self.start_of_day) % MS_PER_DAY, self.hours
        return first <= clock < last if first < last else clock >= first or clock < last

    def changes(self) -> list[int]:
        """Return the instants of the run at which it may begin or end."""
        found = [self.from_, self.until]
        if self.hours is not None:
            midnight = -self.start_of_day
            first = (max(self.from_, self.begins) - midnight) // MS_PER_DAY - 1
            last = (min(self.until, self.ends) - midnight) // MS_PER_DAY + 1
            for day in range(first, last + 1):
                found += [midnight + day * MS_PER_DAY + hour for hour in self.hours]
        return [at for at in found if self.begins < at < self.ends]

    def stretches(self) -> list[Interval]:
        """Return when it holds, in order; those that touch are one."""
        edges = sorted({self.begins, *self.changes(), self.ends})
        return touching((a, b) for a, b in pairwise(edges) if self.holds(a))


def held(windows: Iterable[Window], start: datetime, ends: int) -> tuple[Interval, ...]:
    """Return when any of some windows holds in the measured period of a run. [ms]"""
    return joined([s for w in windows for s in RunWindow(w, start, 0, ends).stretches()])
