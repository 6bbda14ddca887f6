"""Running one replication: all alternatives, on the same callouts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from sim.engine import atlas_of, no_collector, simulate
from sim.log import KeptLog
from sim.outcomes import Observations, observe
from sim.policies import Atlas
from sim.world import Callout, Marks, World, build

from . import rows
from .alternatives import Alternative
from .shards import LogMembers, Replication, encode, member

SHARED_BELOW = 100_000  # callouts of a replication held in memory for all its alternatives


class Task(NamedTuple):
    """One replication to run: its number, of which alternatives, and whether to keep the log."""

    number: int
    alternatives: tuple[str, ...]
    logged: bool

    @property
    def key(self) -> str:
        """A file name for it: no two tasks of a study have the same."""
        names = hashlib.sha256("\0".join(self.alternatives).encode()).hexdigest()
        return f"{self.number:08d}-{names[:12]}"


class Runner:
    """Alternatives made ready to run: built once, run for any replication."""

    def __init__(self, alternatives: Sequence[Alternative], seed: int) -> None:
        self.alternatives = {a.name: a for a in alternatives}
        self.seed = seed
        built: dict[int, tuple[World, Atlas]] = {}  # alternatives of one scenario share its world
        for a in alternatives:
            if id(a.file) not in built:
                world = build(a.file)
                built[id(a.file)] = world, atlas_of(world)
        self._made = {a.name: built[id(a.file)] for a in alternatives}
        self.worlds = {name: world for name, (world, _) in self._made.items()}

    def run(self, task: Task) -> bytes:
        """Run one replication and return it as `shards.encode` gives it."""
        observations, logs = {}, {}
        with no_collector():  # a replication leaves next to no cycles, and many rows
            drawn: dict[int, list[tuple[Callout, Marks]]] = {}
            for name in task.alternatives:
                log = self._log(name, task.number, self._callouts(name, task, drawn))
                observations[name] = self.observe(name, log)
                if task.logged:
                    logs[name] = self._members(log, name, task.number)
            return encode(Replication(task.number, observations, logs))

    def log(self, alternative: str, number: int) -> KeptLog:
        """Return the log of one replication of an alternative."""
        return self._log(alternative, number, None)

    def _log(
        self, alternative: str, number: int, callouts: list[tuple[Callout, Marks]] | None
    ) -> KeptLog:
        log, (world, atlas) = KeptLog(), self._made[alternative]
        policies = self.alternatives[alternative].policies
        simulate(world, policies, log, self.seed, number, atlas, callouts)
        return log

    def _callouts(
        self, name: str, task: Task, drawn: dict[int, list[tuple[Callout, Marks]]]
    ) -> list[tuple[Callout, Marks]] | None:
        """Return the replication's callouts where alternatives share them; None: not worth it."""
        world = self.worlds[name]
        sharing = sum(self.worlds[other] is world for other in task.alternatives)
        if sharing < 2 or world.demand.expected > SHARED_BELOW:
            return None
        if id(world) not in drawn:
            drawn[id(world)] = list(world.demand.callouts(self.seed, task.number))
        return drawn[id(world)]

    def observe(self, alternative: str, log: KeptLog) -> Observations:
        """Return the observations of one replication's log."""
        world = self.worlds[alternative]
        callouts, missions = log.plain
        return observe(
            sorted(callouts),
            missions,
            names=world.names,
            start_of_day=world.start_of_day,
            end=world.ends,
            duty=[crew.duty for crew in world.fleet.crews],
        )

    def _members(self, log: KeptLog, name: str, number: int) -> LogMembers:
        world = self.worlds[name]
        start = world.scenario.clock.start
        return LogMembers(
            member(rows.callouts_text(log, world.names, start, name, number)),
            member(rows.missions_text(log, world.names, name, number)),
            member(rows.decisions_text(log, world.names, name, number)),
        )
