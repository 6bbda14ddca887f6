"""
Deferral: work that can wait is held while teams are needed elsewhere, up to a limit.

Assumed: it is held by what is known now, not by what may come. Teams that were sent to it may be
reassigned and preempted like any others.
"""

from __future__ import annotations

from sim.log import Event

from ..foundation.hooks import Run
from ..foundation.state import OpenCallout


def is_in(run: Run) -> bool:
    """Return whether any kind of callout can wait."""
    return any(need.deferral is not None for need in run.needs)


def install(run: Run) -> None:
    """Hold deferrable work, and serve it after all other."""
    deferral = HeldWork(run)
    if run.waits:
        run.hooks.may_dispatch.append(deferral.may_dispatch)
    run.hooks.place_in_queue.append(deferral.place)


class HeldWork:
    """The deferrable callouts of a run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.noted: set[int] = set()  # callouts of which it was noted that they are held

    def place(self, open_: OpenCallout) -> int:
        """Return a callout's place: deferrable work never goes before other, under any rule."""
        return int(open_.need.deferral is not None)

    def may_dispatch(self, open_: OpenCallout) -> bool:
        """
        Return whether anybody may be sent to a callout now.

        Deferrable work never goes before other callouts: while a free team could help one that is
        pending, it is held. It is also held until ``min_free_teams`` teams stay free for others,
        but not for longer than ``max_hold``; then any free team will do.
        """
        deferral = open_.need.deferral
        if deferral is None:
            return True
        min_free_teams, max_hold = deferral
        due = open_.callout.ready + max_hold
        begun = open_.sent > 0 or self.run.clock.now >= due
        if not begun and len(self.run.available) <= min_free_teams:
            self._note(open_, due)
            return False
        if self._could_help_others():
            self._note(open_, due)
            return False
        return True

    def _could_help_others(self) -> bool:
        """Return whether a free team could help at a callout that waits and is not deferrable."""
        run, now = self.run, self.run.clock.now
        available, period = run.available, run.period(now)
        for other in run.pending.in_turn(
            lambda o: available.could_help(o.place, o.missing_capabilities, now, period)
        ):
            if other.need.deferral is not None:
                break  # of those that wait, work that can wait comes last
            if now < other.held_until:
                continue
            if not other.excluded and not run.hooks.cannot_come:
                return True
            place, missing = other.place, other.missing_capabilities
            teams, _ = available.candidates(place, missing, now, period)
            able = (team for team in teams if team not in other.excluded)
            if any(run.can_come(other, run.teams[team]) for team in able):
                return True
        return False

    def _note(self, open_: OpenCallout, due: int) -> None:
        number = open_.number
        if number in self.noted:
            return
        self.noted.add(number)
        self.run.recorder.event(Event.HELD, callout=number, until=due)
        if due > self.run.clock.now:
            self.run.act.serve_queue_at(open_, due)
