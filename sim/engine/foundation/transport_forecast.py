"""When teams are expected to leave a scene, and who with people, where only some transport."""

from __future__ import annotations

from sim.scenario import Kind
from sim.scenario.fields.transports import carrier_of, may_have, mean_transports
from sim.world import World, expected

from .hooks import Run
from .state import STALLED, Mission, OpenCallout


def committed(world: World, kind: Kind, drive: float) -> float:
    """
    Return how long the transports of a callout commit teams that carry, on average. [ms]

    0 where nothing carries.
    That is each handover and, of teams that were not sent for the work, ``drive`` both ways [ms].
    """
    scenario = world.scenario
    carrier = carrier_of(scenario, kind)
    if carrier is None:
        return 0.0
    teams = scenario.teams.values()
    without = sum(t.count for t in teams if carrier.name not in may_have(scenario, t))
    wanted = kind.needs.count(carrier.name)
    further = mean_transports(kind, carrier.carries, wanted)
    if not wanted:  # the team sent for the work may carry by chance
        further *= without / sum(t.count for t in teams)
    handovers = mean_transports(kind, carrier.carries) * expected(kind.handover)
    return kind.transported * (handovers + further * 2 * drive)


def takes_people(mission: Mission) -> bool:
    """Return whether a team is to take people to hospital, if there are any to be taken."""
    open_ = mission.open
    if not open_.need.carrier:
        return open_.missions[0] is mission
    if open_.finished:
        return mission.team in open_.carriers or open_.can_take(mission)
    able = [m for m in open_.missions if m.team.capabilities & open_.need.carrier]
    return mission in able[: max(open_.transports, 1)]


def leaves_scene(run: Run, mission: Mission, done: int, *, knows: bool) -> int:
    """
    Return when a team leaves a scene that others have reached. [ms]

    ``done`` is when the work there is. ``knows``: local travel as it will be, not as expected.
    """
    open_ = mission.open

    def arrival(other: Mission) -> int:
        if other.on_scene is not None:
            return other.on_scene
        if knows:
            return other.team.drive.arrives + open_.marks.local_travel
        return max(other.due + run.local_travel, run.clock.now)

    if mission is not _who_stays(open_):
        return max(done, arrival(mission))
    able = [m for m in open_.missions if open_.can_take(m)][: open_.transports]
    if len(able) == open_.transports:
        return max(done, *map(arrival, able))
    return done + STALLED if open_.finished else done  # nobody knows when


def _who_stays(open_: OpenCallout) -> Mission | None:
    """Return who stays on scene with people, or would if the work were done now."""
    if open_.finished or not open_.transports:
        return open_.stays
    here = (m for m in open_.missions if m.on_scene is not None)
    return next((m for m in here if not m.team.capabilities & open_.need.carrier), None)
