"""
The engine: a day at the desk, in SimPy.

``simulate`` runs one replication of a world under a set of policies and writes the log. It
knows no statistics. May use policies, world and log. The clock is whole milliseconds; nothing
is drawn at random here.
"""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby

import simpy

from sim.log import Log
from sim.policies import Atlas, PolicySet
from sim.world import Callout, Marks, World, expected

from .alarm import READY, Alarm
from .desk import Desk
from .team import life


def simulate(
    world: World,
    policies: PolicySet,
    log: Log,
    seed: int,
    replication: int,
    atlas: Atlas | None = None,
) -> None:
    """
    Run one replication and note in ``log`` what happened.

    A pure function of its arguments: the same world, policies, seed and replication give the
    same log, whatever ran before. An ``atlas`` may be handed from run to run to save work.
    """
    env = simpy.Environment(initial_time=world.begins)
    desk = Desk(env, world, policies, atlas or atlas_of(world), log)
    for team in desk.teams:
        env.process(life(team, desk))
    changes = list(_changes(world))
    if changes and changes[0][0] == world.begins:
        desk.shifts_change(*changes.pop(0)[1:])
    env.process(_roster(env, desk, changes))
    env.process(_callouts_come_in(env, desk, world.demand.callouts(seed, replication)))
    with _no_collector():
        env.run(until=world.ends)
    desk.close()


@contextmanager
def _no_collector() -> Iterator[None]:
    """Pause the cycle collector: a run leaves no cycles behind, and it takes a quarter of a run."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _callouts_come_in(
    env: simpy.Environment, desk: Desk, callouts: Iterator[tuple[Callout, Marks]]
) -> Generator[simpy.Event, None, None]:
    """Take the calls, one after the other, as they become ready."""
    alarm = Alarm(env, READY)
    for callout, marks in callouts:
        if callout.ready >= desk.world.ends:
            desk.cut_off.append((callout, marks))
            continue
        yield alarm.ring_in(callout.ready - desk.clock.now)
        desk.receives(callout, marks)


def _roster(
    env: simpy.Environment, desk: Desk, changes: Iterable[tuple[int, list[int], list[int]]]
) -> Generator[simpy.Event, None, None]:
    """Change shifts when it is time."""
    for at, begins, ends in changes:
        yield env.timeout(at - desk.clock.now)
        desk.shifts_change(begins, ends)


def _changes(world: World) -> Iterator[tuple[int, list[int], list[int]]]:
    """Yield the instants at which shifts change, with the teams that begin and that end."""
    moments = sorted(
        (at, begins, crew.number)
        for crew in world.fleet.crews
        for stretch in crew.duty
        for at, begins in zip(stretch, (True, False), strict=True)
        if at < world.ends
    )
    for at, group in groupby(moments, key=lambda moment: moment[0]):
        teams = list(group)
        yield (
            at,
            [n for _, begins, n in teams if begins],
            [n for _, begins, n in teams if not begins],
        )


def atlas_of(world: World) -> Atlas:
    """Return the map as policies may use it."""
    total = sum(world.weights) or 1.0
    crews = world.fleet.crews
    scenario = world.scenario
    turnout = round(sum(crew.expected_turnout for crew in crews) / len(crews))
    return Atlas(
        places=world.names.places,
        weights=tuple(round(1_000_000 * weight / total) for weight in world.weights),
        times=tuple(world.travel.times),
        bases=world.fleet.bases,
        base_places=world.fleet.base_places,
        teams=world.names.teams,
        team_bases=tuple(crew.base for crew in crews),
        delay=expected(scenario.desk.call_handling) + turnout + expected(scenario.map.last_mile),
    )


__all__ = ["atlas_of", "simulate"]
