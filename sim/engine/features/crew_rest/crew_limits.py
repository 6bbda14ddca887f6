"""
Limits of crews: after so long on duty, or so many exposing callouts, a rest comes first.

A crew that has reached a limit goes off duty as at the end of a shift, and its rest begins when it
has nothing in hand. It is on duty again when it has had its minimum rest, if its roster says so
then; that sets time on duty and exposing callouts to zero. Between two shifts it rests as long.

Assumed: all crews are rested when the run begins. A crew that is cleared off duty rests from then
on, for its way home is not simulated; one that is on its way to a base, from there. Exposing are
callouts of kinds with an exposure, from on scene; ways do not count.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator
from functools import partial

import simpy

from sim.log import Ending
from sim.world import Interval

from ...foundation.clock import LIMITS, Alarm
from ...foundation.hooks import Run
from ...foundation.state import FOREVER, Mission, Team


def is_in(run: Run) -> bool:
    """Return whether the duty of any crew has limits."""
    return any(team.crew.limits is not None for team in run.teams)


def install(run: Run) -> None:
    """Let crews rest when they have reached a limit, and between shifts."""
    rests, hooks = MandatoryRests(run), run.hooks
    hooks.shift_begins.append(rests.on_shift_begin)
    hooks.off_duty.append(rests.on_off_duty)
    hooks.ends.append(rests.on_mission_end)
    hooks.at_base.append(rests.on_return)
    if any(t.crew.limits is not None and t.crew.limits.exposing_callouts for t in run.teams):
        hooks.stays_on.append(rests.rests_next)


class MandatoryRests:
    """What each crew of a run has done since its last rest."""

    def __init__(self, run: Run) -> None:
        self.run, self.clock = run, run.clock
        # when each has rested; None: it is on duty, or still out from its last shift
        self.rested: list[int | None] = [self.clock.now] * len(run.teams)
        self.exposed = [0] * len(run.teams)  # exposing callouts since the last rest

    def on_shift_begin(self, team: Team, until: int) -> int:
        """Let a team come on duty that has rested, for no longer than its limits allow."""
        limits, number, now = team.crew.limits, team.number, self.clock.now
        if limits is None:
            return until
        rested = self.rested[number]
        if rested is None:
            return now
        if now < rested:
            self.run.recorder.mandatory_rest(number, None, rested)
            return now
        self.rested[number], self.exposed[number] = None, 0
        if limits.hours_on_duty is None or until - now <= limits.hours_on_duty:
            return until
        at = now + limits.hours_on_duty
        Alarm(self.run.env, LIMITS).call_in(at - now, partial(self._reach, team, at))
        return at

    def _reach(self, team: Team, at: int) -> None:
        """Take a team off duty that has been on duty for as long as it may."""
        if self.rested[team.number] is None and team.off_at == at:
            self.run.act.end_shift(team)
            self.run.act.serve_queue()

    def on_off_duty(self, team: Team) -> None:
        """Begin the rest of a team that has nothing in hand; one that is on its way, at its end."""
        if team.mission is None:
            on_its_way = team.drive.rests_from < FOREVER
            self._rest(team, team.drive.rests_from if on_its_way else self.clock.now)

    def on_mission_end(self, mission: Mission, ending: str) -> None:
        """Count an exposing callout; begin a rest if the team is off duty, or has to rest now."""
        team = mission.team
        limits, number = team.crew.limits, team.number
        if limits is None:
            return
        self.exposed[number] += self._is_exposing(mission)
        if not team.on_duty:
            if ending != Ending.BROKE_DOWN:  # then it has to be fetched home first
                self._rest(team, self.clock.now)
        elif limits.exposing_callouts and self.exposed[number] >= limits.exposing_callouts:
            self._rest(team, self.clock.now, mission.open.number)
            team.cut_shift(self.clock.now)
            self.run.act.end_shift(team)

    def on_return(self, team: Team) -> None:
        """Begin the rest of a team off duty that was fetched home."""
        if not team.on_duty:
            self._rest(team, self.clock.now)

    def rests_next(self, mission: Mission) -> bool:
        """Return whether a team has to rest after the callout on whose scene it is."""
        limits = mission.team.crew.limits
        if limits is None or limits.exposing_callouts is None:
            return False
        exposed = self.exposed[mission.team.number] + self._is_exposing(mission)
        return exposed >= limits.exposing_callouts

    def _is_exposing(self, mission: Mission) -> bool:
        return mission.on_scene is not None and mission.open.need.exposure > 0

    def _rest(self, team: Team, begins: int, callout: int | None = None) -> None:
        """Begin a rest, after an exposing callout if one is given."""
        limits, number = team.crew.limits, team.number
        if limits is None or self.rested[number] is not None:
            return
        rested = max(begins, self.clock.now) + limits.minimum_rest
        self.rested[number] = rested
        if self._rostered(team) is not None:
            self.run.recorder.mandatory_rest(number, callout, rested)
        self.run.env.process(self._come_back(team, rested))

    def _come_back(self, team: Team, at: int) -> Generator[simpy.Event, None, None]:
        """Bring a team on duty that has rested, if its roster has it on duty."""
        yield self.run.env.timeout(at - self.clock.now)
        rostered = self._rostered(team)
        if rostered is not None and rostered[0] < at:  # else the roster brings it on duty
            self.run.act.begin_shift(team, rostered[1])
            self.run.act.serve_queue()

    def _rostered(self, team: Team) -> Interval | None:
        """Return the stretch for which its roster has a team on duty now."""
        duty, now = team.crew.duty, self.clock.now
        i = bisect_right(duty, now, key=lambda stretch: stretch[0]) - 1
        return duty[i] if i >= 0 and now < duty[i][1] else None
