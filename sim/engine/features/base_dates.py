"""
Bases that open or close: no team is relocated to one that is closed, and none stays there.

Teams of a base are there while it is open, as the scenario's checks see to. Those of others that
wait there when it closes, or are on the way to it, drive to their own.
"""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.policies.cover_rules.relocation import Home

from ..foundation.hooks import Run


def is_in(run: Run) -> bool:
    """Return whether teams may be relocated and any base has dates."""
    return bool(run.world.fleet.base_dates) and not isinstance(run.policies.relocation, Home)


def install(run: Run) -> None:
    """Keep teams from closed bases."""
    bases = DatedBases(run)
    run.hooks.base_is_closed.append(bases.is_closed)
    run.hooks.starts.append(bases.start)


class DatedBases:
    """The bases of a run that are not always open."""

    def __init__(self, run: Run) -> None:
        self.run, self.dates = run, run.world.fleet.base_dates

    def is_closed(self, base: int) -> bool:
        """Return whether a base is closed now."""
        (begins, until), now = self.dates[base], self.run.clock.now
        return (begins is not None and now < begins) or (until is not None and now >= until)

    def start(self) -> None:
        """Watch when bases close."""
        for base, (_, until) in enumerate(self.dates):
            if until is not None and until > self.run.clock.now:
                self.run.env.process(self._close(base, until))

    def _close(self, base: int, at: int) -> Generator[simpy.Event, None, None]:
        """Send the teams home that wait at a base of others when it closes."""
        run = self.run
        yield run.env.timeout(at - run.clock.now)
        for team in run.teams:
            if team.free and team.waits_at == base != team.crew.base:
                if at >= team.drive.rests_from:
                    run.available.depart(team)
                    team.park(team.drive.destination, at)
                run.act.drive_to_base(team, team.crew.base)
