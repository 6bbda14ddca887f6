"""
Staging: a scene that is not safe is entered when it is; until then a team waits near it.

A team that has been staged for too long is withdrawn; then the callout waits for a safe scene.

Assumed: teams are staged where local travel ends, so they enter at the instant at which the scene
is safe; once it is, it stays so. Nobody knows before when that will be: teams are sent as always,
until one was withdrawn.
"""

from __future__ import annotations

from sim.log import Ending, Event

from ..foundation.hooks import Run
from ..foundation.state import AfterHalt, Halt, Mission, OpenCallout


def is_in(run: Run) -> bool:
    """Return whether scenes of any kind of callout may be unsafe."""
    return any(kind.scene_hazard for kind in run.world.scenario.demand.kinds.values())


def install(run: Run) -> None:
    """Stop teams before unsafe scenes."""
    staging = Staging(run)
    run.hooks.departs.append(staging.on_departure)
    if run.waits:
        run.hooks.may_dispatch.append(staging.may_dispatch)


class Staging:
    """What teams do near scenes that are not safe."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def may_dispatch(self, open_: OpenCallout) -> bool:
        """Return whether anybody may be sent, the scene being unsafe or not."""
        return self.run.clock.now >= open_.held_until

    def on_departure(self, mission: Mission, rings: int) -> int:
        """Have a team stop before a scene that is not safe when it is there."""
        if mission.halt is None and rings < mission.open.safe_at:
            mission.expect_halt(Halt(0, mission.team.drive.destination, self._stages))
        return rings

    def _stages(self, mission: Mission, halt: Halt) -> AfterHalt:
        """Wait near the scene until it is safe to enter, or until the team is withdrawn."""
        open_, now = mission.open, self.run.clock.now
        lasts, withdraw_after = open_.safe_at - now, open_.need.withdraw_after
        if withdraw_after is not None and withdraw_after < lasts:
            lasts = withdraw_after
            mission.expect_halt(Halt(0, halt.spot, self._withdraws))
        team, number = mission.team.number, open_.number
        self.run.recorder.event(Event.STAGED, team, number, until=now + lasts)
        return True, lasts

    def _withdraws(self, mission: Mission, halt: Halt) -> AfterHalt:
        """Withdraw a team; its callout is served again when the scene is safe."""
        act, open_ = self.run.act, mission.open
        act.end_mission(mission, Ending.WITHDRAWN)
        open_.hold_until(open_.safe_at)
        act.serve_queue_at(open_, open_.safe_at)
        number = open_.number
        self.run.recorder.event(Event.AWAITS_SAFE_SCENE, None, number, until=open_.safe_at)
        act.serve_again(open_)
        return False, act.clear_at(mission.team, open_.place)
