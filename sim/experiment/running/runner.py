"""Running one replication: all alternatives, on the same callouts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sim.by_identity import ByIdentity
from sim.cycle_collector import no_collector
from sim.engine import Atlases, simulate
from sim.log import DriveRow, KeptLog
from sim.outcomes import (
    Observations,
    OnCallTeam,
    disruptions_in,
    driving_facts,
    needs_several,
    observe,
    until_rescue,
)
from sim.outcomes.observed.columns import Facts
from sim.outcomes.observed.fuel_use import Burning, DepotStock, depot_facts, fuel_facts
from sim.policies import PolicySet
from sim.world import (
    Callout,
    Demand,
    Distances,
    Marks,
    TeamSpec,
    VolunteerPool,
    World,
)

from . import drive_text, log_writing
from .alternatives import Alternative, worlds_of
from .log_writing import LinesBefore
from .replication_file import LogMembers, Replication, encode, member

SHARED_BELOW = 100_000  # callouts of a replication held in memory for all its alternatives
LINES_BELOW = 10_000  # callouts of a replication whose lines are held for its next alternative
_Drawn = dict[Demand, list[tuple[Callout, Marks]]]


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
        self.worlds = worlds_of(alternatives)
        maps = {key: Atlases(key.kept) for key in map(ByIdentity, self.worlds.values())}
        self._atlases = {name: maps[ByIdentity(world)] for name, world in self.worlds.items()}
        self._distances = {  # of alternatives that ask for kilometres, or have fuel
            name: Distances(world.travel)
            for name, world in self.worlds.items()
            if world.scenario.study.kilometres or _burns(world)
        }
        self._disrupted = {name: bool(disruptions_in(w.file)) for name, w in self.worlds.items()}

    def run(self, task: Task) -> bytes:
        """Run one replication and return it as `replication_file.encode` gives it."""
        with no_collector():  # a replication leaves next to no cycles, and many rows
            return self._run(task)

    def _run(self, task: Task) -> bytes:
        """Run one replication; what it needs is gone before the cycle collector looks for it."""
        observations, logs = {}, {}
        drawn: _Drawn = {}
        left = Counter(self.worlds[name].demand for name in task.alternatives)
        before = LinesBefore() if len(task.alternatives) > 1 else None
        for name in task.alternatives:
            callouts = self._callouts(self.worlds[name].demand, task.number, left, drawn)
            observations[name], members = self._run_one(name, task, callouts, before)
            if members is not None:
                logs[name] = members
        return encode(Replication(task.number, observations, logs))

    def _run_one(
        self,
        name: str,
        task: Task,
        callouts: list[tuple[Callout, Marks]] | None,
        before: LinesBefore | None,
    ) -> tuple[Observations, LogMembers | None]:
        """Run one alternative and return what is kept of it: its log goes before the next one's."""
        shown = task.logged and self._keeps_drives(name, task.number)
        log = KeptLog(decisions=task.logged, drives=shown or name in self._distances)
        self._simulate(name, task.number, log, callouts)
        members = self._members(log, name, task.number, shown, before) if task.logged else None
        observed = self.observe(name, log)
        log.forget()  # what is left of the run refers to it
        return observed, members

    def log(self, alternative: str, number: int, policies: PolicySet | None = None) -> KeptLog:
        """Return the log of one replication of an alternative; ``policies`` in place of its own."""
        log = KeptLog()
        self._simulate(alternative, number, log, None, policies)
        return log

    def _keeps_drives(self, name: str, number: int) -> bool:
        few = self.worlds[name].demand.expected <= drive_text.MOST_CALLOUTS
        return few and number < drive_text.DRIVES_KEPT

    def _simulate(
        self,
        alternative: str,
        number: int,
        log: KeptLog,
        callouts: list[tuple[Callout, Marks]] | None,
        policies: PolicySet | None = None,
    ) -> None:
        world, atlases = self.worlds[alternative], self._atlases[alternative]
        policies = policies or self.alternatives[alternative].policies
        simulate(world, policies, log, self.seed, number, atlases, callouts)

    def _callouts(
        self, demand: Demand, number: int, left: Counter[Demand], drawn: _Drawn
    ) -> list[tuple[Callout, Marks]] | None:
        """
        Return a replication's callouts where alternatives share them; None: not worth it.

        ``left`` counts the alternatives that have yet to be run, by their demand: what the last of
        them takes is kept no longer.
        """
        left[demand] -= 1
        if not left[demand]:
            return drawn.pop(demand, None)
        if demand.expected > SHARED_BELOW:
            return None
        if demand not in drawn:
            drawn[demand] = list(demand.callouts(self.seed, number))
        return drawn[demand]

    def observe(self, alternative: str, log: KeptLog) -> Observations:
        """Return the observations of one replication's log."""
        world = self.worlds[alternative]
        callouts, missions = log.plain
        driving, fuel, depots = self._driving(alternative, log), None, None
        if driving is not None and _burns(world):
            tanks = [_burning(crew) for crew in world.fleet.crews]
            fuel = fuel_facts(driving, missions, log.plain_events, tanks, world.ends)
            depots = depot_facts(log.plain_events, _stocks(world), world.ends)
        return observe(
            sorted(callouts),
            missions,
            names=world.names,
            clock=world.clock,
            end=world.ends,
            duty=[crew.duty for crew in world.fleet.crews],
            events=log.plain_events,
            attendance=needs_several(world.scenario),
            on_call=[_on_call(crew, world.fleet.pools) for crew in world.fleet.crews],
            pools=len(world.fleet.pools),
            rescue=bool(until_rescue(world.scenario)),
            disrupted=self._disrupted[alternative],
            driving=driving,
            fuel=fuel,
            depots=depots,
            limited=any(crew.limits is not None for crew in world.fleet.crews),
        )

    def _driving(self, alternative: str, log: KeptLog) -> Facts | None:
        """Return metres and relocations of each team by its log of drives; None: not asked."""
        distances, world = self._distances.get(alternative), self.worlds[alternative]
        if distances is None:
            return None
        rows: dict[int, list[DriveRow]] = {}
        for row in log.drives:
            rows.setdefault(row.team, []).append(row)
        driven = {team: [*distances.driven(own, 0, world.ends)] for team, own in rows.items()}
        return driving_facts(driven, [crew.place for crew in world.fleet.crews])

    def _members(
        self, log: KeptLog, name: str, number: int, drives_shown: bool, before: LinesBefore | None
    ) -> LogMembers:
        world = self.worlds[name]
        names, clock = world.names, world.clock
        if world.demand.expected > LINES_BELOW:
            before = None
        if before is not None:
            before.expect(names, clock)
        events = log_writing.events_text(log, names, name, number, before)
        drives = drive_text.drives_text(log, world, name, number) if drives_shown else ""
        return LogMembers(
            member(log_writing.callouts_text(log, names, clock, name, number, before)),
            member(log_writing.missions_text(log, names, name, number, before)),
            member(log_writing.decisions_text(log, names, name, number, before)),
            member(events) if events else b"",
            member(drives) if drives else b"",
        )


def _burns(world: World) -> bool:
    return any(crew.tank is not None for crew in world.fleet.crews)


def _burning(crew: TeamSpec) -> Burning | None:
    tank = crew.tank
    return None if tank is None else Burning(tank.per_metre / 1000, tank.per_ms / 1000)


def _stocks(world: World) -> list[DepotStock | None]:
    """Return the fuel of each base in millilitres."""
    depots = world.fleet.depots or (None,) * len(world.fleet.bases)
    return [
        None if d is None else DepotStock(d.stock and d.stock // 1000, d.amount // 1000)
        for d in depots
    ]


def _on_call(crew: TeamSpec, pools: Sequence[VolunteerPool]) -> OnCallTeam | None:
    """Return how a crew of volunteers gathers, as outcomes count it."""
    own = crew.assembly_spec
    if own is None:
        return None
    each = pools[own.pool].capabilities
    return OnCallTeam(own.pool, own.minimum, own.assembly_timeout, own.capabilities, each)
