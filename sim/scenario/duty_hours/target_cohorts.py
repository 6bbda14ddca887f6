"""Which callouts a target is for: those of some places, received at some times."""

from __future__ import annotations

from sim.local_clock import LocalClock

from ..fields.crews import WEEK
from ..fields.studies import MONTHS, Target
from .rosters import Interval
from .windows import RunWindow


def is_for_place(target: Target, place: str, area: str) -> bool:
    """Return whether a target is for callouts in a place of an area."""
    if target.where is not None:
        return place in target.where
    return target.areas is None or area in target.areas


def times_of(target: Target, clock: LocalClock, ends: int) -> tuple[Interval, ...] | None:
    """
    Return when the callouts that a target is for are received; None: at any time.

    Parameters
    ----------
    target
        As the scenario has it.
    clock
        The local clock; the measured period begins at its instant 0.
    ends
        Its length. [ms]

    """
    dated = (target.begins, target.until, target.hours, target.weekdays, target.months)
    if dated == (None,) * len(dated):
        return None
    return tuple(_TargetWindow(target, clock, 0, ends).stretches())


class _TargetWindow(RunWindow):
    """The times of a target: a window, on some weekdays and in some months."""

    def __init__(self, target: Target, clock: LocalClock, begins: int, ends: int) -> None:
        super().__init__(target, clock, begins, ends)
        self.weekdays, self.months = target.weekdays, target.months

    def holds(self, at: int) -> bool:
        """Return whether it holds at an instant."""
        date = self.clock.moment(at)
        return (
            super().holds(at)
            and (self.weekdays is None or WEEK[date.weekday()] in self.weekdays)
            and (self.months is None or MONTHS[date.month - 1] in self.months)
        )

    def changes(self) -> list[int]:
        """Return the instants of the run at which it may begin or end."""
        if self.weekdays is None and self.months is None:
            return super().changes()
        return [*super().changes(), *self.clock.edges(self.begins, self.ends, 0)]
