"""
Pre-emption: teams that work on something less urgent are taken for a more urgent callout.

Pre-emptive resume [1]_: the work left is kept, and the next team goes on with it. Assumed: a team
leaves at once; one on its way may be taken as one on scene, but not one with people on board, one
whose work is done, or a crew that assembles. Deferrable callouts take nobody.

References
----------
.. [1] L. Kleinrock, *Queueing Systems*, vol. 2, 1976, sec. 3.6 (recalled, not checked).

"""

from __future__ import annotations

from sim.log import Ending

from ..foundation.hooks import Run
from ..foundation.state import OpenCallout


def is_in(run: Run) -> bool:
    """Return whether the queue rule lets the more urgent take teams from others."""
    return run.asking.declared["queue"].preempts


def install(run: Run) -> None:
    """Take teams from less urgent callouts for those that no free team can serve."""
    run.hooks.unmet.append(Preempter(run).take_for)


class Preempter:
    """Takes teams from callouts of lower priority."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def take_for(self, open_: OpenCallout) -> bool:
        """Take teams away from less urgent callouts until the need is met; return whether it is."""
        if open_.need.deferral is not None:
            return False
        while self._free_one(open_):
            if self.run.act.serve(open_):
                return True
        return False

    def _free_one(self, open_: OpenCallout) -> bool:
        """
        Free a team that works on something less urgent; return whether there is one.

        The team is taken from the least urgent callout, of those the one received last; of its
        teams it is the one with the highest number (assumed). The work left there is kept: the next
        team resumes it.
        """
        missing, priority = open_.missing_capabilities, open_.callout.priority
        busy = [
            (mission.open.callout.priority, mission.open.number, team.number, mission)
            for team in self.run.teams
            if (mission := team.mission) is not None
            and mission.open.callout.priority > priority
            and team.on_duty
            and mission.left is None
            and not mission.open.finished
            and not mission.assembling
            and (not missing or team.capabilities & missing)
            and not self.run.must_stay(mission)
            and self.run.can_come(open_, team)
        ]
        if not busy:
            return False
        *_, mission = max(busy, key=lambda found: found[:3])
        left = mission.open
        self.run.act.take_away(mission, Ending.PREEMPTED)
        left.count_missing()
        if left.is_missing_something:
            self.run.act.enqueue(left)
        return True
