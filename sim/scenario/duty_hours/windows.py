"""When something of a scenario holds: from, until, and in which hours of the day."""

from __future__ import annotations

from itertools import pairwise

from sim import units
from sim.local_clock import LocalClock

from ..fields.disruption_models import Window
from .rosters import Interval
from .spoken_hours import touching

MS_PER_DAY = units.MS_PER["day"]


class RunWindow:
    """
    A window as instants of a run, by its local clock. [ms]

    ``begins`` and ``ends`` bound what is asked of the run. It holds while clocks show one of its
    hours: not at all where that is skipped, and twice where it comes twice.
    """

    def __init__(self, window: Window, clock: LocalClock, begins: int, ends: int) -> None:
        self.begins, self.ends = begins, ends
        self.from_ = begins if window.begins is None else clock.instant_of(window.begins)
        self.until = ends if window.until is None else clock.instant_of(window.until)
        self.hours = window.hours
        self.clock = clock

    def holds(self, at: int) -> bool:
        """Return whether it holds at an instant."""
        return self.from_ <= at < self.until and self.holds_by_clock(self.clock.local(at))

    def holds_on_date(self, at: int) -> bool:
        """Return whether it holds at an instant or at another hour of its day."""
        return self.from_ <= at < self.until

    def holds_by_clock(self, local: int) -> bool:
        """Return whether a local time is in its hours."""
        if self.hours is None:
            return True
        time, (first, last) = local % MS_PER_DAY, self.hours
        return first <= time < last if first < last else time >= first or time < last

    def changes(self) -> list[int]:
        """Return the instants of the run at which it may begin or end."""
        found = [self.from_, self.until]
        if self.hours is not None:
            first, last = max(self.from_, self.begins), min(self.until, self.ends)
            found += self.clock.edges(first, last, *self.hours)
        return [at for at in found if self.begins < at < self.ends]

    def stretches(self) -> list[Interval]:
        """Return when it holds, in order; those that touch are one."""
        edges = sorted({self.begins, *self.changes(), self.ends})
        return touching((a, b) for a, b in pairwise(edges) if self.holds(a))
