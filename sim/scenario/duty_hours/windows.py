"""When something of a scenario holds: from, until, and in which hours of the day."""

from __future__ import annotations

from sim import units

from ..fields.disruption_models import Window
from ..fields.models import Scenario
from ..tables.table_rows import since_start

MS_PER_DAY = units.MS_PER["day"]
MINUTE = 60_000


class RunWindow:
    """A window as instants of the run. [ms]"""

    def __init__(self, window: Window, scenario: Scenario, begins: int, ends: int) -> None:
        start = scenario.clock.start
        self.begins, self.ends = begins, ends
        self.from_ = begins if window.begins is None else since_start(window.begins, start)
        self.until = ends if window.until is None else since_start(window.until, start)
        self.hours = window.hours
        self.start_of_day = (start.hour * 60 + start.minute) * MINUTE

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
