"""
Explosive hazards found on scene: nobody works there until a team that can has cleared them.

Assumed: the first team finds them on arrival, and work begins only after the clearance. One team
clears, in a time that does not depend on how many people it has; if it leaves before, the next
one begins from the start. The others wait on scene.
"""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.log import Ending, Event

from ..foundation.hooks import Run
from ..foundation.state import Mission, OpenCallout


def is_in(run: Run) -> bool:
    """Return whether hazards may be found at any kind of callout."""
    kinds = run.world.scenario.demand.kinds.values()
    return any(kind.explosive_hazard for kind in kinds)


def install(run: Run) -> None:
    """Have hazards found by the first team on scene, and cleared."""
    hazards = ExplosiveHazards(run)
    run.hooks.scene_changed.append(hazards.on_scene_changed)
    run.hooks.ends.append(hazards.on_mission_end)


class ExplosiveHazards:
    """The hazards of a run that are yet to be cleared, and who clears them."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.clearance: dict[int, int] = {}  # of each callout: the work left to clear it [ms]
        self.clearers: dict[int, Mission] = {}

    def on_scene_changed(self, mission: Mission, first: bool) -> None:
        """Find a hazard with the first team on scene; let a team that can clear it begin."""
        open_, complications = mission.open, mission.open.marks.complications
        if first and complications is not None and complications.clearance is not None:
            self.clearance[open_.number] = complications.clearance
            open_.find_hazard(open_.need.clearance_capabilities)
            self._note(Event.EXPLOSIVE_HAZARD_FOUND, mission)
            if not self._start_clearance(open_):
                self.run.act.serve_again(open_)
        elif open_.awaits_clearance:
            self._start_clearance(open_)

    def _start_clearance(self, open_: OpenCallout) -> bool:
        """Let a team on scene that can clear the hazard begin; return whether there is one."""
        wanted, number = open_.need.clearance_capabilities, open_.number
        able = (m for m in open_.on_scene_now if m.team.capabilities & wanted == wanted)
        mission = next(able, None)
        if mission is None:
            return False
        if self.clearers.get(number) is not mission:
            self.clearers[number] = mission
            self.run.env.process(self._clearing(mission))
        return True

    def _clearing(self, mission: Mission) -> Generator[simpy.Event, None, None]:
        run, act, open_, team = self.run, self.run.act, mission.open, mission.team
        number = open_.number
        yield run.env.timeout(self.clearance[number])
        if self.clearers.get(number) is not mission:
            return
        del self.clearance[number], self.clearers[number]
        open_.clear_hazard(run.needs[open_.callout.kind], run.clock.now)
        self._note(Event.EXPLOSIVE_HAZARD_CLEARED, mission)
        if open_.can_do_without(mission):
            act.end_mission(mission, Ending.COMPLETED)
            team.cancel_alarm()
            act.reschedule(open_)
            act.restart(team, act.clear_at(team, open_.place))
        else:
            act.reschedule(open_)
        open_.count_missing()
        if not open_.is_missing_something:
            act.dequeue(open_)
        for hook in run.hooks.work_resumed:
            hook(open_)

    def on_mission_end(self, mission: Mission, ending: str) -> None:
        """See who clears the hazard when the team that did leaves the scene."""
        if not self.clearers:
            return
        number = mission.open.number
        if self.clearers.get(number) is mission:
            del self.clearers[number]
            self._start_clearance(mission.open)

    def _note(self, what: str, mission: Mission) -> None:
        number = mission.open.number
        self.run.recorder.event(what, mission.team.number, number)
