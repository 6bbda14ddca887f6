"""
Callouts that wait: in which order they are served, and who abandons.

Assumed: a caller abandons only while no team has been sent; once one has, they wait for it.
"""

from __future__ import annotations

from functools import partial

from sim.log import MOST_PENDING, NO_ACCESS, Outcome
from sim.policies import QueueView
from sim.policies.rule_basis.board import UNDECLARED

from .foundation.clock import ABANDON, Alarm
from .foundation.hooks import Run
from .foundation.state import OpenCallout


class DispatchQueue:
    """The queue of a run; ``run.pending`` has who waits."""

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
        run, now = self.run, self.run.clock.now
        period = run.scene_period(open_)
        board = run.board("queue", now, period, open_.number) if run.boards else UNDECLARED
        view = QueueView(now, soonest, self.atlases[period], board)
        place: tuple[int, ...] = self.ask(open_.callout, view)
        first = run.hooks.place_in_queue
        return (*(hook(open_) for hook in first), *place) if first else place

    def goes_before(self, open_: OpenCallout, other: OpenCallout) -> bool:
        """Return whether a callout would be served before another one."""
        known = self.pending.place_of
        mine, theirs = known(open_) or self.place_of(open_), known(other) or self.place_of(other)
        return (*mine, open_.number) < (*theirs, other.number)

    def add(self, open_: OpenCallout) -> None:
        """Let a callout wait, unless it does already."""
        if open_ in self.pending:
            self.pending.refile(open_)
            return
        self.pending.add(open_, self.place_of(open_), self.place_of)
        for hook in self.run.hooks.queued:
            hook(open_)

    def remove(self, open_: OpenCallout) -> None:
        """Let a callout wait no longer, if it does."""
        if open_ in self.pending:
            self.pending.remove(open_)

    def set_timer(self, open_: OpenCallout, after: int) -> None:
        """Let the caller abandon after a time, if no team has been sent by then. [ms]"""
        timer = Alarm(self.run.env, ABANDON + open_.number)
        timer.call_in(after, partial(self._abandons, open_))

    def _abandons(self, open_: OpenCallout) -> None:
        if not open_.sent and open_ in self.pending:
            self.pending.remove(open_)
            self.run.recorder.callout(open_, Outcome.ABANDONED)

    def note_next(self, open_: OpenCallout) -> None:
        """
        Note who was served of those who wait, and for how long each has.

        The first are noted, and whoever was served; the reason says how many waited if more.
        """
        now, number, why = self.run.clock.now, open_.number, self.why
        noted, count = self.pending.first(MOST_PENDING), len(self.pending)
        if count > MOST_PENDING:
            if open_ not in noted:
                noted.append(open_)
            why += f"{'; ' if why else ''}{count} were pending, {len(noted)} are noted"
        numbers = [other.number for other in noted]
        waits = [now - other.callout.ready for other in noted]
        self.run.recorder.decision("queue", number, numbers, waits, number, why)

    def reorder(self) -> None:
        """Put those who wait in order again, for rules whose order changes."""
        if not self.changes or len(self.pending) < 2:
            return
        now, available = self.run.clock.now, self.run.available
        period = self.run.period(now)
        # many wait at the same place for the same
        soonest: dict[tuple[int, int, int], int] = {}
        to_scene = self.run.world.to_scene

        def place_of(open_: OpenCallout) -> tuple[int, ...]:
            callout, missing = open_.callout, open_.missing_capabilities
            where = callout.place, missing, to_scene(period, callout.priority)
            if where not in soonest:
                arrivals = available.candidates(callout.place, missing, now, where[-1])[1]
                soonest[where] = min(arrivals, default=NO_ACCESS)
            return self.place_of(open_, soonest[where])

        self.pending.arrange(place_of)
