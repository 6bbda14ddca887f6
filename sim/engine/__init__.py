"""
The engine: a day at the dispatcher, in SimPy.

``simulate`` runs one replication of a world under a set of policies and writes the log. It
knows no statistics. May use policies, world and log. The clock is whole milliseconds; nothing
is drawn at random here.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable

import simpy

from sim.cycle_collector import no_collector
from sim.log import Log
from sim.policies import PolicySet
from sim.policies.travel_rules.routing import Fastest
from sim.world import Callout, Marks, World

from .alarm import READY, Alarm
from .atlases import Atlases
from .dispatcher import Dispatcher
from .relief import breaks_of
from .reserve_staffing import ReserveTeams
from .shifts import apply, changes_of, roster
from .team import team_process


def simulate(
    world: World,
    policies: PolicySet,
    log: Log,
    seed: int,
    replication: int,
    atlases: Atlases | None = None,
    callouts: Iterable[tuple[Callout, Marks]] | None = None,
) -> None:
    """
    Run one replication and note in ``log`` what happened.

    A pure function of its arguments: the same world, policies, seed and replication give the
    same log, no matter what ran before. To save work, ``atlases`` may be handed from run to run,
    and the replication's ``callouts`` from policy to policy.
    """
    if not isinstance(policies.routing, Fastest) and world.routing != policies.routing:
        raise RuntimeError("this world's routes are not those of the routing rule: see rerouted")
    env = simpy.Environment(initial_time=world.begins)
    atlases = Atlases(world) if atlases is None else atlases
    dispatcher = Dispatcher(env, world, policies, atlases, log, seed, replication)
    for team in dispatcher.teams:
        env.process(team_process(team, dispatcher))
    if dispatcher.roads is not None:
        env.process(dispatcher.roads.epoch_process())
    changes = list(changes_of(world))
    if changes and changes[0].at == world.begins:
        apply(changes.pop(0), dispatcher)
    env.process(roster(env, dispatcher, changes))
    for team in dispatcher.teams:
        if team.crew.breaks:
            env.process(breaks_of(dispatcher, team))
    reserve = ReserveTeams(dispatcher, seed, replication)
    if reserve.is_asked:
        dispatcher.ask_staffing, dispatcher.is_plain = reserve.ask, False
        env.process(reserve.hourly())
    if callouts is None:
        callouts = world.demand.callouts(seed, replication)
    env.process(_callout_source(env, dispatcher, callouts))
    with no_collector():  # a run leaves no cycles behind
        env.run(until=world.ends)
    dispatcher.cut_off()
    for own in dispatcher.asking.atlases.values():
        own.forget()  # a run's objects refer to each other, and the cycle collector is off
    atlases.trim()


def _callout_source(
    env: simpy.Environment, dispatcher: Dispatcher, callouts: Iterable[tuple[Callout, Marks]]
) -> Generator[simpy.Event, None, None]:
    """Take the calls, one after the other, as they become ready."""
    alarm = Alarm(env, READY)
    for callout, marks in callouts:
        if callout.ready >= dispatcher.world.ends:
            dispatcher.not_ready.append((callout, marks))
            continue
        yield alarm.schedule_in(callout.ready - dispatcher.clock.now)
        dispatcher.on_callout(callout, marks)


__all__ = ["Atlases", "simulate"]
