"""
Relocation: where free teams wait, and how they get there.

Assumed: drives to a base take the expected time, of the hour in which they begin. Volunteers and
teams with a shared vehicle always go to their own base.
"""

from __future__ import annotations

from sim.log import NO_ACCESS
from sim.policies import FleetView, FreeTeamView
from sim.policies.cover_rules.relocation import Home
from sim.policies.rule_basis.board import UNDECLARED
from sim.world import Spot

from .foundation.hooks import NOBODY, Run
from .foundation.state import Drive, Team


class Relocator:
    """Sends free teams to the bases where they are to wait."""

    def __init__(self, run: Run) -> None:
        self.run, self.clock, self.hooks = run, run.clock, run.hooks
        self.times, self.travel = run.times, run.travel
        self.own_periods = run.world.team_periods
        self.bases = run.world.fleet.base_places
        # most runs send teams home: then there is nothing to ask, nor to prepare for the asking
        self.goes_home = isinstance(run.policies.relocation, Home)
        self.moves_all = not self.goes_home and run.asking.declared["relocation"].moves_all
        self.ask = run.asking.ask["relocation"]
        self.atlases = run.asking.atlases["relocation"]
        if self.moves_all:
            run.hooks.answered.append(self.rearrange)

    def go_and_wait(self, team: Team) -> None:
        """Send a free team to the base where it is to wait."""
        if self.goes_home or team.special:  # volunteers and shared vehicles have one base
            self.drive_to_base(team, team.crew.base)
        elif self.moves_all:
            self.rearrange(team)
        else:
            self.drive_to_base(team, self._base_for(team))

    def drive_to_base(self, team: Team, base: int) -> None:
        """Send a free team to a base from where it is."""
        now, drive, goal = self.clock.now, team.drive, self.bases[base]
        period = self.run.period(now)
        if self.own_periods is not None:
            period = self.own_periods[team.number][period]
        spot: Spot
        if drive.departs == now and drive.origin == drive.destination:  # at a place, as usual
            spot, to_spot = drive.destination, 0
            total = self.times[period][spot][goal]
        else:
            total, spot, to_spot = self.travel.reroute(drive, now, goal, period)
        if total >= NO_ACCESS:  # no access there: it stands by where it is, or was bound
            if not any(stands_by(team) for stands_by in self.hooks.has_no_access):
                team.stay_at_end()
            return
        if now >= drive.rests_from and goal != drive.destination:
            self.run.available.depart(team)
        arrives = now + total
        team.make_for(base, Drive(spot, goal, now + to_spot, arrives, period, arrives))
        if self.hooks.drives_to_base:
            for hook in self.hooks.drives_to_base:
                hook(team)

    def _base_for(self, team: Team) -> int:
        """Ask where a free team is to wait."""
        now, bases = self.clock.now, self.bases
        period = self.run.period(now)
        drives = self._drives(team, now, period)
        idle = [0] * len(bases)
        for other in self.run.teams:
            if other.free and other is not team:
                idle[other.waits_at] += 1
        atlas = self.atlases[period]
        run, number = self.run, team.number
        board = run.board("relocation", now, period, number) if run.boards else UNDECLARED
        view = FreeTeamView(now, number, team.crew.base, drives, tuple(idle), atlas, board)
        base: int
        base, why = self.ask(view)
        if why:
            self._note(team, drives, base, why)
        return self._open(team, base)

    def rearrange(self, freed: Team | None = None) -> None:
        """Ask where all free teams are to wait, and move those that should be elsewhere."""
        now = self.clock.now
        period = self.run.period(now)
        teams = [t for t in self.run.teams if t is freed or (t.free and not t.special)]
        if not teams:
            return
        rows = [self._drives(team, now, period) for team in teams]
        number = None if freed is None else freed.number
        view = FleetView(
            now,
            number,
            tuple(team.number for team in teams),
            tuple(team.waits_at for team in teams),
            tuple(team.crew.base for team in teams),
            tuple(rows),
            tuple(team.count_moves(now) for team in teams),
            self.atlases[period],
            self.run.board("relocation", now, period, NOBODY if number is None else number),
        )
        answer, why = self.ask(view)
        for team, base, drives in zip(teams, answer, rows, strict=True):
            if team is freed or base != team.waits_at:
                if why:
                    self._note(team, drives, base, why)
                self._move(team, self._open(team, base))

    def _drives(self, team: Team, now: int, period: int) -> tuple[int, ...]:
        """Return a team's time to each base, ``NO_ACCESS`` to one it cannot wait at. [ms]"""
        reroute, drive = self.travel.reroute, team.drive
        if self.own_periods is not None:
            period = self.own_periods[team.number][period]
        if drive.departs <= now and drive.origin == drive.destination:  # at a place, as usual
            times = self.times[period][drive.destination]
            drives = tuple([times[place] for place in self.bases])
        else:
            drives = tuple(reroute(drive, now, place, period)[0] for place in self.bases)
        if not self.hooks.base_is_closed and not self.hooks.out_of_reach:
            return drives
        return tuple(
            NO_ACCESS if self._is_closed(team, base) else time for base, time in enumerate(drives)
        )

    def _is_closed(self, team: Team, base: int) -> bool:
        return any(is_closed(base) for is_closed in self.hooks.base_is_closed) or any(
            out_of_reach(team, base) for out_of_reach in self.hooks.out_of_reach
        )

    def _open(self, team: Team, base: int) -> int:
        """Return the base chosen for a team; where it cannot wait there, the team's own."""
        return team.crew.base if self._is_closed(team, base) else base

    def _note(self, team: Team, drives: tuple[int, ...], base: int, why: str) -> None:
        bases = range(len(self.bases))
        self.run.recorder.decision("relocation", team.number, bases, drives, base, why)

    def _move(self, team: Team, base: int) -> None:
        now, available = self.clock.now, self.run.available
        if now >= team.drive.rests_from and team.number in available.resting:
            available.depart(team)
            team.park(team.drive.destination, now)
        if base != team.waits_at:
            team.note_move(now)
        self.drive_to_base(team, base)
