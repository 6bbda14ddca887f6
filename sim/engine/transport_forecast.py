"""When teams are expected to leave a scene, and who with people, where only some transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario import Kind
from sim.scenario.fields.transports import carrier_of, may_have, mean_transports
from sim.world import World, expected

from .callout import STALLED, OpenCallout
from .team import Team

if TYPE_CHECKING:
    from .dispatcher import Dispatcher


def committed(world: World, kind: Kind, drive: float) -> float:
    """
    Return how long the transports of a callout commit teams that carry, on average. [ms]

    That is each handover and, of teams that were not sent for the work, ``drive`` both ways [ms].
    """
    scenario = world.scenario
    carrier = carrier_of(scenario, kind)
    assert carrier is not None
    teams = scenario.teams.values()
    without = sum(t.count for t in teams if carrier.name not in may_have(scenario, t))
    wanted = kind.needs.count(carrier.name)
    further = mean_transports(kind, carrier.carries, wanted)
    if not wanted:  # the team sent for the work may carry by chance
        further *= without / sum(t.count for t in teams)
    handovers = mean_transports(kind, carrier.carries) * expected(kind.handover)
    return kind.transported * (handovers + further * 2 * drive)


def takes_people(open_: OpenCallout, team: Team) -> bool:
    """Return whether a team is to take people to hospital, if there are any to be taken."""
    if not open_.need.carrier:
        return open_.teams[0] is team
    if open_.finished:
        return team in open_.carriers or open_.can_take(team)
    able = [t for t in open_.teams if t.capabilities & open_.need.carrier]
    return team in able[: max(open_.transports, 1)]


def leaves_scene(dispatcher: Dispatcher, team: Team, done: int, *, knows: bool) -> int:
    """
    Return when a team leaves a scene that others have reached. [ms]

    ``done`` is when the work there is. ``knows``: local travel as it will be, not as expected.
    """
    open_ = team.open
    assert open_ is not None

    def arrival(other: Team) -> int:
        if other.on_scene is not None:
            return other.on_scene
        if knows:
            return other.arrives + open_.marks.local_travel
        return max(other.due + dispatcher.local_travel, dispatcher.clock.now)

    if team is not _who_stays(open_):
        return max(done, arrival(team))
    able = [t for t in open_.teams if open_.can_take(t)][: open_.transports]
    if len(able) == open_.transports:
        return max(done, *map(arrival, able))
    return done + STALLED if open_.finished else done  # nobody knows when


def _who_stays(open_: OpenCallout) -> Team | None:
    """Return the team that stays on scene with people, or would if the work were done now."""
    if open_.finished or not open_.transports:
        return open_.stays
    here = (t for t in open_.teams if t.on_scene is not None)
    return next((t for t in here if not t.capabilities & open_.need.carrier), None)
