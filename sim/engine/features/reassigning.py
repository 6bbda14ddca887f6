"""
Teams on their way to one callout may be sent on to another, if the rule allows it.

Two rules decide: that of reassignment says who may be taken, the dispatch rule chooses among them
and the free teams. Assumed: a team hears of it at once and drives on from where it is by the best
way from there; one that is still getting ready finishes its turnout, which is not drawn again. A
crew that assembles is not taken, nor any team for a deferrable callout. The callout left behind is
served at the same instant by whoever is free.
"""

from __future__ import annotations

from sim.log import NO_ACCESS
from sim.policies import ReassignmentView
from sim.policies.queue_rules.reassignment import Never

from ..foundation.hooks import Candidates, Run
from ..foundation.state import Mission, OpenCallout


def is_in(run: Run) -> bool:
    """Return whether teams on their way may be sent on at all."""
    return not isinstance(run.policies.reassignment, Never)


def install(run: Run) -> None:
    """Ask the rule, for each callout, who may be sent on to it."""
    run.hooks.candidates.append(Reassigner(run).add)
    run.hooks.may_add.append(lambda open_: True)  # whoever is on the way, the rule is asked


class Reassigner:
    """Asks who may be taken from the way to another callout."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.ask = run.asking.ask["reassignment"]
        self.atlases = run.asking.atlases["reassignment"]

    def add(self, open_: OpenCallout, teams: list[int], arrivals: list[int]) -> Candidates:
        """Return the candidates with the teams that may be reassigned to this callout."""
        on_way = self._on_way(open_) if open_.need.deferral is None else []
        if not on_way:
            return teams, arrivals
        run, now, local = self.run, self.run.clock.now, self.run.local_travel
        period = run.scene_period(open_)
        to_new = [self._arrival(mission, open_) for mission in on_way]
        numbers = [mission.team.number for mission in on_way]
        view = ReassignmentView(
            now,
            min(arrivals, default=NO_ACCESS),
            tuple(numbers),
            tuple(to_new),
            tuple(mission.open.callout for mission in on_way),
            tuple(max(mission.due_at(now, local) - now, 0) + local for mission in on_way),
            tuple(mission.open.reassigned for mission in on_way),
            self.atlases[period],
            run.board("reassignment", now, period, open_.number),
        )
        allowed, why = self.ask(open_.callout, view)
        if not allowed:
            return teams, arrivals
        number = open_.number
        run.recorder.decision("reassignment", number, numbers, to_new, allowed[0], why)
        return (
            teams + list(allowed),
            arrivals + [to_new[numbers.index(team)] for team in allowed],
        )

    def _on_way(self, open_: OpenCallout) -> list[Mission]:
        """Return the missions of teams under way to other callouts that could help here."""
        missing = open_.missing_capabilities
        return [
            mission
            for team in self.run.teams
            if team.on_duty
            and (mission := team.mission) is not None
            and mission.open is not open_
            and (not mission.open.finished or mission.open.transports)  # else about to stand down
            and mission.on_scene is None
            and not mission.assembling
            and team.alarm.is_set
            and (not missing or team.capabilities & missing)
            and not self.run.must_stay(mission)
            and self.run.can_come(open_, team)
        ]

    def _arrival(self, mission: Mission, open_: OpenCallout) -> int:
        """Return when a team that is on its way elsewhere is expected at a callout. [ms]"""
        run, now, team = self.run, self.run.clock.now, mission.team
        place, period = open_.place, run.scene_period(open_, team)
        origin, local = team.drive.origin, run.local_travel
        if mission.is_getting_ready(now):  # the dispatcher expects the usual turnout
            assert isinstance(origin, int)
            left = max(mission.dispatched + team.expected_start - local - now, 0)
            return left + run.times[period][origin][place] + local
        return run.travel.reroute(team.drive, now, place, period)[0] + local
