"""Those who wait: in which order they are served, and who abandons."""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING

from sim.log import NO_ACCESS, Outcome
from sim.policies import QueueView

from .alarm import GIVE_UP, Alarm
from .callout import OpenCallout

if TYPE_CHECKING:
    from .dispatcher import Dispatcher
    from .team import Team


class DispatchQueue:
    """The queue of a run; ``dispatcher.waiting`` is kept in the order of the queue rule."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self.dispatcher, self.waiting = dispatcher, dispatcher.waiting
        said = dispatcher.asking.declared["queue"]
        self.ask, self.atlases = dispatcher.asking.ask["queue"], dispatcher.asking.atlases["queue"]
        self.changes, self.why = said.changes, said.why

    def place_of(self, open_: OpenCallout, soonest: int = NO_ACCESS) -> tuple[int, ...]:
        """Return a callout's place: the least is served first."""
        now = self.dispatcher.clock.now
        view = QueueView(now, soonest, self.atlases[self.dispatcher.period(now)])
        place: tuple[int, ...] = self.ask(open_.callout, view)
        # deferrable work never goes before other work, under any rule
        return (open_.need.deferral is not None, *place) if self.dispatcher.holds else place

    def add(self, open_: OpenCallout) -> None:
        """Let a callout wait, unless it does already."""
        if open_ not in self.waiting:
            insort(self.waiting, open_, key=self.place_of)
            if self.dispatcher.roads is not None:
                self.dispatcher.roads.note_waiting(open_)

    def set_timer(self, open_: OpenCallout, after: int) -> None:
        """Let the caller abandon after a time, if no team has been sent by then. [ms]"""
        timer = Alarm(self.dispatcher.env, GIVE_UP + open_.callout.number).schedule_in(after)
        assert timer.callbacks is not None
        timer.callbacks.append(lambda _: self._abandons(open_))

    def _abandons(self, open_: OpenCallout) -> None:
        if not open_.sent and open_ in self.waiting:
            self.waiting.remove(open_)
            self.dispatcher.recorder.callout(open_, Outcome.ABANDONED)

    def serve(self) -> None:
        """Serve those who wait, in order, while anybody is free."""
        dispatcher, waiting = self.dispatcher, self.waiting
        if self.changes and len(waiting) > 1:
            self._reorder()
        i = 0
        while i < len(waiting) and (len(dispatcher.free) or dispatcher.idle):
            open_, others = waiting[i], len(waiting) > 1
            sent = open_.sent
            met = dispatcher.serve(open_)
            if others and open_.sent > sent:
                self._note_next(open_)
            if met:
                waiting.remove(open_)
                if self.changes and len(waiting) > 1:
                    self._reorder()
                    i = 0
            else:
                i += 1
        if dispatcher.left_behind:
            dispatcher.serve_left_behind()

    def takes(self, team: Team) -> bool:
        """Offer a team that is to drive home to those who wait; return whether it is sent."""
        dispatcher = self.dispatcher
        if not self.waiting or dispatcher.shared_vehicles.is_broken_down(team):
            return False
        team.free = True
        dispatcher.free.moving.append(team)
        self.serve()
        if not team.free:
            return True
        dispatcher.free.withdraw(team)
        team.free = False
        return False

    def _note_next(self, open_: OpenCallout) -> None:
        """Note who was served of those who waited, and for how long each had."""
        now, number = self.dispatcher.clock.now, open_.callout.number
        numbers = [other.callout.number for other in self.waiting]
        waits = [now - other.callout.ready for other in self.waiting]
        self.dispatcher.recorder.decision("queue", number, numbers, waits, number, self.why)

    def _reorder(self) -> None:
        """Put those who wait in order again, for rules whose order changes."""
        dispatcher, now = self.dispatcher, self.dispatcher.clock.now
        period = dispatcher.period(now)
        places: dict[int, tuple[int, ...]] = {}
        for open_ in self.waiting:
            callout, missing = open_.callout, open_.missing_capabilities
            arrivals = dispatcher.free.candidates(callout.place, missing, now, period)[1]
            places[callout.number] = self.place_of(open_, min(arrivals, default=NO_ACCESS))
        self.waiting.sort(key=lambda open_: places[open_.callout.number])
