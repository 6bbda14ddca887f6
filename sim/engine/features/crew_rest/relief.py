"""
Relief on scene: crews that work long, or whose shift ends, leave as soon as others can go on.

Relief is asked for after a time on scene, or at the end of a shift, as an ordinary need: it waits
in the queue like any other. Assumed: the crew works on at the same pace until then; it leaves at
the instant at which the others on scene have all that the callout needs, and handing over takes
no time. A team still under way when its shift ends is not relieved for that: it works first.
"""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.log import Ending, Event

from ...foundation.hooks import Run
from ...foundation.state import Mission


def is_in(run: Run) -> bool:
    """Return whether crews are relieved, after a time on scene or at the end of their shift."""
    return _at_shift_end(run) or any(need.relief_after is not None for need in run.needs)


def _at_shift_end(run: Run) -> bool:
    return run.world.scenario.dispatch_centre.shift_end == "relieve"


def install(run: Run) -> None:
    """Ask for relief when it is due, and relieve crews when others are there."""
    relief = Relief(run)
    run.hooks.arrives.append(relief.on_arrival)
    run.hooks.scene_changed.append(relief.on_scene_changed)
    if _at_shift_end(run):
        run.hooks.shift_ends.append(relief.on_shift_end)


class Relief:
    """The crews of a run that are to be relieved."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def on_arrival(self, mission: Mission) -> None:
        """Have a team relieved that is still on this scene after a time."""
        after = mission.open.need.relief_after
        if after is not None:
            self.run.env.process(self._due(mission, after))

    def _due(self, mission: Mission, after: int) -> Generator[simpy.Event, None, None]:
        yield self.run.env.timeout(after)
        if mission.team.mission is mission:
            self.ask(mission)

    def on_shift_end(self, mission: Mission) -> bool:
        """Ask for a team's relief at the end of its shift; if it is under way, it works first."""
        self.ask(mission)
        return True

    def ask(self, mission: Mission) -> None:
        """Look for others who can do without a team, which stays on scene until they are there."""
        open_, team, act = mission.open, mission.team, self.run.act
        if open_.finished or mission.on_scene is None or mission.left is not None:
            return
        if mission in open_.relieving:
            return
        open_.ask_relief(mission)
        number = open_.number
        self.run.recorder.event(Event.RELIEF_ASKED, team.number, number, team.crew_size)
        act.serve_again(open_)
        act.serve_left_behind()

    def on_scene_changed(self, mission: Mission, first: bool) -> None:
        """Release the teams that the others on scene can replace."""
        open_ = mission.open
        for other in open_.relieving:
            if other.team.mission is other and open_.can_do_without(other):
                self.run.act.finish(other, Ending.RELIEVED)
