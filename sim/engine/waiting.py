"""Those who wait: in which order they are served, and who abandons."""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING

from sim.log import NO_ACCESS, Outcome
from sim.policies import QueueView

from . import writing
from .alarm import GIVE_UP, Alarm
from .callout import OpenCallout

if TYPE_CHECKING:
    from .desk import Desk


class Line:
    """The queue of a run; the desk's list ``waiting`` is kept in the order of the queue rule."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.waiting = desk, desk.waiting
        rule = desk.policies.queue
        self.ask, self.atlas = rule.__call__, desk.asking.atlases["queue"]
        self.changes = bool(getattr(rule, "changes", False))
        self.why = str(getattr(rule, "why", ""))

    def place_of(self, open_: OpenCallout, soonest: int = NO_ACCESS) -> tuple[int, ...]:
        """Return a callout's place: the least is served first."""
        view = QueueView(self.desk.clock.now, soonest, self.atlas)
        try:
            place = self.ask(open_.callout, view)
            # what can wait never goes before what cannot, whatever the rule
            return (open_.need.deferral is not None, *place) if self.desk.holds else place
        except Exception as error:
            subject = f"callout {open_.callout.number}"
            raise self.desk.asking.failed("queue", subject, error) from error

    def add(self, open_: OpenCallout) -> None:
        """Let a callout wait, unless it does already."""
        if open_ not in self.waiting:
            insort(self.waiting, open_, key=self.place_of)
            if self.desk.roads is not None:
                self.desk.roads.note_waiting(open_)

    def set_timer(self, open_: OpenCallout, after: int) -> None:
        """Let the caller abandon after so long, if nobody has been sent by then. [ms]"""
        timer = Alarm(self.desk.env, GIVE_UP + open_.callout.number).ring_in(after)
        assert timer.callbacks is not None
        timer.callbacks.append(lambda _: self._abandons(open_))

    def _abandons(self, open_: OpenCallout) -> None:
        if not open_.sent and open_ in self.waiting:
            self.waiting.remove(open_)
            writing.end(self.desk, open_, self.desk.clock.now, Outcome.ABANDONED)

    def serve(self) -> None:
        """Serve those who wait, in order, while anybody is free."""
        desk, waiting = self.desk, self.waiting
        if self.changes and len(waiting) > 1:
            self._reorder()
        i = 0
        while i < len(waiting) and len(desk.free):
            open_, others = waiting[i], len(waiting) > 1
            sent = open_.sent
            met = desk.serve(open_)
            if others and open_.sent > sent:
                self._note_next(open_)
            if met:
                waiting.remove(open_)
                if self.changes and len(waiting) > 1:
                    self._reorder()
                    i = 0
            else:
                i += 1
        if desk.left_behind:
            desk.serve_left_behind()

    def _note_next(self, open_: OpenCallout) -> None:
        """Note who was served of those who waited, and for how long each had."""
        now, number = self.desk.clock.now, open_.callout.number
        numbers = [other.callout.number for other in self.waiting]
        waits = [now - other.callout.ready for other in self.waiting]
        self.desk.note("queue", number, numbers, waits, number, self.why)

    def _reorder(self) -> None:
        """Put those who wait in order again, for rules whose order changes."""
        desk, now = self.desk, self.desk.clock.now
        period = desk.period(now)
        places: dict[int, tuple[int, ...]] = {}
        for open_ in self.waiting:
            callout, missing = open_.callout, open_.missing_capabilities
            arrivals = desk.free.candidates(callout.place, missing, now, period)[1]
            places[callout.number] = self.place_of(open_, min(arrivals, default=NO_ACCESS))
        self.waiting.sort(key=lambda open_: places[open_.callout.number])
