"""
Callouts that wait: in which order they are served, and who abandons.

Assumed: a caller abandons only while no team has been sent; once one has, they wait for it.
"""

from __future__ import annotations

from bisect import insort
from functools import partial

from sim.log import NO_ACCESS, Outcome
from sim.policies import QueueView

from .foundation.clock import ABANDON, Alarm
from .foundation.hooks import Run
from .foundation.state import OpenCallout


class DispatchQueue:
    """The queue of a run; ``run.pending`` is kept in the order of the queue rule."""

    def __init__(self, run: Run) -> None:
        self.run, self.pending = run, run.pending
        said = run.asking.declared["queue"]
        self.ask, self.atlases = run.asking.ask["queue"], run.asking.atlases["queue"]
        self.changes, self.why = said.changes, said.why

    def place_of(self, open_: OpenCallout, soonest: int = NO_ACCESS) -> tuple[int, ...]:
        """
        Return a callout's place: the least is served first.

        ``soonest`` is the earliest expected arrival of a free team, for rules that go by it. [ms]
        """
        now = self.run.clock.now
        view = QueueView(now, soonest, self.atlases[self.run.period(now)])
        place: tuple[int, ...] = self.ask(open_.callout, view)
        first = self.run.hooks.place_in_queue
        return (*(hook(open_) for hook in first), *place) if first else place

    def goes_before(self, open_: OpenCallout, other: OpenCallout) -> bool:
        """Return whether a callout would be served before another one."""
        mine, theirs = self.place_of(open_), self.place_of(other)
        return (*mine, open_.callout.number) < (*theirs, other.callout.number)

    def add(self, open_: OpenCallout) -> None:
        """Let a callout wait, unless it does already."""
        if open_ not in self.pending:
            insort(self.pending, open_, key=self.place_of)
            for hook in self.run.hooks.queued:
                hook(open_)

    def remove(self, open_: OpenCallout) -> None:
        """Let a callout wait no longer, if it does."""
        if open_ in self.pending:
            self.pending.remove(open_)

    def set_timer(self, open_: OpenCallout, after: int) -> None:
        """Let the caller abandon after a time, if no team has been sent by then. [ms]"""
        timer = Alarm(self.run.env, ABANDON + open_.callout.number)
        timer.call_in(after, partial(self._abandons, open_))

    def _abandons(self, open_: OpenCallout) -> None:
        if not open_.sent and open_ in self.pending:
            self.pending.remove(open_)
            self.run.recorder.callout(open_, Outcome.ABANDONED)

    def note_next(self, open_: OpenCallout) -> None:
        """Note who was served of those who wait, and for how long each has."""
        now, number = self.run.clock.now, open_.callout.number
        numbers = [other.callout.number for other in self.pending]
        waits = [now - other.callout.ready for other in self.pending]
        self.run.recorder.decision("queue", number, numbers, waits, number, self.why)

    def reorder(self) -> None:
        """Put those who wait in order again, for rules whose order changes."""
        if not self.changes or len(self.pending) < 2:
            return
        now, available = self.run.clock.now, self.run.available
        period = self.run.period(now)
        places: dict[int, tuple[int, ...]] = {}
        for open_ in self.pending:
            callout, missing = open_.callout, open_.missing_capabilities
            arrivals = available.candidates(callout.place, missing, now, period)[1]
            places[callout.number] = self.place_of(open_, min(arrivals, default=NO_ACCESS))
        self.pending.sort(key=lambda open_: places[open_.callout.number])
