"""
Breaks in the shift, each begun as soon as the team is free within its window.

Assumed: a break is never interrupted, and a drive to the base at its beginning is part of it. One
whose window has passed is missed, not made up for.
"""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.log import Event

from ...foundation.hooks import Run
from ...foundation.state import Team


def is_in(run: Run) -> bool:
    """Return whether any team has breaks."""
    return any(team.crew.breaks for team in run.teams)


def install(run: Run) -> None:
    """Have teams take their breaks."""
    breaks = Breaks(run)
    run.hooks.starts.append(breaks.start)
    run.hooks.becomes_available.append(breaks.take)


class Breaks:
    """The breaks of a run that are due."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.due: dict[int, tuple[int, int]] = {}  # of each team: until when it may begin, length

    def start(self) -> None:
        """Watch the windows of each team."""
        for team in self.run.teams:
            if team.crew.breaks:
                self.run.env.process(self._windows(team))

    def _windows(self, team: Team) -> Generator[simpy.Event, None, None]:
        """Take a team's breaks."""
        env, clock = self.run.env, self.run.clock
        for opens, closes, lasts in team.crew.breaks:
            yield env.timeout(opens - clock.now)
            self.due[team.number] = closes, lasts
            if team.free:
                self.take(team)
                continue
            yield env.timeout(closes - clock.now)
            if self.due.get(team.number) == (closes, lasts):
                del self.due[team.number]
                self.run.recorder.event(Event.BREAK_MISSED, team.number)

    def take(self, team: Team) -> bool:
        """Begin the break of a team that has become free, if one is due; return whether it does."""
        now = self.run.clock.now
        if not team.on_duty or now >= team.off_at or team.number not in self.due:
            return False
        closes, lasts = self.due.pop(team.number)
        if now > closes:
            return False
        self.run.make_unavailable(team)
        if now < team.drive.rests_from:
            self.run.act.drive_to_base(team, team.crew.base)
        self.run.recorder.event(Event.BREAK, team.number, until=now + lasts)
        self.run.env.process(self._rest(team, lasts))
        return True

    def _rest(self, team: Team, lasts: int) -> Generator[simpy.Event, None, None]:
        yield self.run.env.timeout(lasts)
        if team.on_duty and not team.free and team.mission is None:
            if self.run.clock.now >= team.drive.rests_from:
                team.become_free()
                self.run.act.rest(team)
            else:
                self.run.available.add_on_road(team)
            self.run.act.serve_queue()
