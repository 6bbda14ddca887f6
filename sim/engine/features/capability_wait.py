"""
Teams on scene that can only wait: a needed capability is not there yet, and only others bring it.

They stay, but stand in nobody's way, or two callouts could wait for each other's teams for ever:
one of them may be sent to another callout that has nobody else, and none stays beyond its shift.

Assumed: whoever only waits is known to the dispatcher as such, and leaves at once.
"""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.log import NO_ACCESS, Ending, Outcome

from ..foundation.hooks import Candidates, Run
from ..foundation.state import Mission, OpenCallout


def is_in(run: Run) -> bool:
    """Return whether teams may wait on scene: for a capability, or with people to be taken."""
    return any(need.required or need.carrier for need in run.needs)


def install(run: Run) -> None:
    """Let teams wait on scene, and be sent from there to others."""
    wait, hooks = CapabilityWait(run), run.hooks
    hooks.candidates.append(wait.add)
    hooks.may_add.append(wait.may_add)
    hooks.scene_settled.append(wait.on_scene_settled)
    hooks.work_resumed.append(wait.watch)
    hooks.ends.append(wait.on_mission_end)
    hooks.shift_ends.append(wait.on_shift_end)


class CapabilityWait:
    """The teams of a run that only wait on scene; their callouts are in ``run.idle``."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.drops = run.world.scenario.dispatch_centre.shift_end == "drop"

    # -- who comes to wait ------------------------------------------------------------------------

    def on_scene_settled(self, mission: Mission, first: bool) -> None:
        """See whether those on scene have to wait now that a team has come."""
        self.watch(mission.open)

    def on_mission_end(self, mission: Mission, ending: str) -> None:
        """See whether those on scene have to wait now that a team has left."""
        open_ = mission.open
        if open_.lacking and open_.crew_on_scene and not open_.finished:
            self.watch(open_)

    def watch(self, open_: OpenCallout) -> None:
        """Have those on scene wait once they have done what they can without what is lacking."""
        if open_.lacking:
            self.run.env.process(self._until_done(open_))

    def _until_done(self, open_: OpenCallout) -> Generator[simpy.Event, None, None]:
        while (
            open_.lacking
            and open_.crew_on_scene
            and not open_.awaits_clearance
            and not open_.finished
        ):
            open_.work_until(self.run.clock.now)
            if open_.work <= 0 or not open_.work_rate:
                self._wait(open_)
                return
            yield self.run.env.timeout(-(-open_.work // open_.work_rate))

    def _wait(self, open_: OpenCallout) -> None:
        """See who stays, and look for what is lacking only."""
        run, act = self.run, self.run.act
        open_.wait_for_lacking()
        if not run.waits and open_.needs_other_teams:
            self._drop(open_)
            return
        open_.count_missing()
        if open_.is_missing_something and run.waits:
            act.enqueue(open_)
        else:
            act.dequeue(open_)
        for mission in open_.missions[:]:
            if mission.team.mission is not mission:
                continue  # already sent to another callout, when one before it was freed
            if mission.on_scene is not None and not mission.team.on_duty and run.waits:
                act.interrupt(mission, Ending.HANDED_OVER, 0)
            elif mission.on_scene is None and not self._is_wanted(mission):
                act.stop_under_way(mission, Ending.STOOD_DOWN)
        if open_.crew_on_scene and open_ not in run.idle:
            run.idle.append(open_)
        act.serve_queue()

    def _is_wanted(self, mission: Mission) -> bool:
        """Return whether a team under way is still needed though the others only wait."""
        open_ = mission.open
        if not open_.is_worked_off or mission.team.capabilities & open_.lacking:
            return True
        return open_.can_take(mission)

    def _drop(self, open_: OpenCallout) -> None:
        """End a callout for which nobody will be sent any more: there is no queue."""
        open_.finish()
        open_.await_transports(0)
        for mission in open_.missions[:]:
            if mission.on_scene is None:
                self.run.act.stop_under_way(mission, Ending.STOOD_DOWN)
            else:
                self.run.act.finish(mission, Ending.DROPPED)
        self.run.recorder.callout(open_, Outcome.DROPPED)

    def on_shift_end(self, mission: Mission) -> bool:
        """Let a team go, its shift over, that only waits on scene: others are to come then."""
        open_ = mission.open
        if self.drops or not self.run.waits or mission.on_scene is None:
            return False
        if not (open_.only_waits and open_.lacking):
            return False
        self.run.act.interrupt(mission, Ending.HANDED_OVER, 0)
        return True

    # -- who may leave for another callout --------------------------------------------------------

    def may_add(self, open_: OpenCallout) -> bool:
        """Return whether who waits on scene could help a callout, or those after it in order."""
        run, missing = self.run, open_.missing_capabilities
        if not missing or not run.idle:
            return False
        run.idle[:] = [left for left in run.idle if _is_idle(left)]
        return any(
            mission.team.capabilities & missing
            and self._may_leave(mission)
            and (_has_no_use(mission) or run.act.goes_before(open_, left))
            for left in run.idle
            for mission in _idle_missions(left)
        )

    def add(self, open_: OpenCallout, teams: list[int], arrivals: list[int]) -> Candidates:
        """Return, if there is no other candidate, who waits on scene and brings what is missing."""
        run = self.run
        if teams or not run.idle:
            return teams, arrivals
        run.idle[:] = [left for left in run.idle if _is_idle(left)]
        if open_.need.deferral is not None:
            return [], []
        waiting = [m for left in run.idle if left is not open_ for m in _idle_missions(left)]
        waiting.sort(key=lambda mission: mission.team.number)
        for mission in waiting:
            team = mission.team
            if team.mission is not mission or mission.on_scene is None:
                continue
            if not self._may_leave(mission) or not run.can_come(open_, team):
                continue
            if not team.capabilities & open_.missing_capabilities or team.number in open_.excluded:
                continue
            drive = run.times[run.scene_period(open_, team)][mission.open.place][open_.place]
            if drive < NO_ACCESS and self._can_spare(mission, open_):
                teams.append(team.number)
                arrivals.append(drive + run.local_travel)
        return teams, arrivals

    def _may_leave(self, mission: Mission) -> bool:
        """Return whether a team could be sent on at all: its duty goes on."""
        return mission.team.on_duty and not self.run.must_stay(mission)

    def _can_spare(self, mission: Mission, open_: OpenCallout) -> bool:
        """Return whether a team was there for all that it brings, or the other goes first."""
        left, team = mission.open, mission.team
        if _has_no_use(mission):
            return True
        if left.stays is not None and not open_.lacks(team):
            return False  # people are not left alone for a relief
        return self.run.act.goes_before(open_, left)


def _is_idle(left: OpenCallout) -> bool:
    """Return whether teams on scene only wait: for a capability, or with people to be taken."""
    if left.finished:
        return left.stays is not None
    return bool(left.lacking and left.crew_on_scene)


def _has_no_use(mission: Mission) -> bool:
    """Return whether a team was there for all that it brings."""
    left = mission.open
    return left.is_worked_off and not (mission.team.capabilities & left.lacking or left.transports)


def _idle_missions(left: OpenCallout) -> list[Mission]:
    return left.missions if left.stays is None else [left.stays]
