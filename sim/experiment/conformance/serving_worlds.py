"""
Worlds that test who a policy serves: in some everybody can be served, in others not. With teams to
spare, a callout that is never reached was refused. With more to do than all teams can, no rule
reaches everybody, but the default rules reach more than half of every place, kind, priority and
hour, so that a rule which refuses only when teams are short stands out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

from sim.engine import Atlases, simulate
from sim.log import MS_PER_HOUR, CalloutRow, KeptLog
from sim.policies import PolicySet
from sim.policies.contract.declarations import declared
from sim.policies.dispatch_rules.dispatch import Closest
from sim.scenario import ScenarioFile, find_scenario, read_scenario
from sim.world import World, build

VILLAGES = Path(__file__).with_name("villages.yaml")
LEVELS = (2, 3, 4, 5)  # priorities that share an overloaded world with priority 1
LONG, SHORT = 8, 2  # days in the villages; short for rules that take long
HANDFUL = 5  # callouts of a group below which nothing is said of it
BAND = 4  # hours of the day that are counted together
SEED = 1

COAST_SHARES = {
    "wounded": 40,
    "building collapse": 2,
    "fire": 16,
    "evacuation": 12,
    "unexploded object": 10,
    "road clearance": 10,
    "recovery": 10,
}
COAST_WITHOUT = """
    map.closures, map.checkpoints, map.curfews, map.hospital_closures, map.roads.travel_time_cv,
    demand.day_to_day, demand.surges, demand.kinds.wounded.scene_hazard,
    demand.kinds.evacuation.deferrable, demand.kinds.recovery.deferrable
"""

Overrides = dict[str | tuple[str, ...], object]
Group = tuple[tuple[str, int], ...]
"""What callouts have in common, as in ``(("kind", 0), ("place", 3))``; empty: nothing, all."""


@dataclass(frozen=True)
class Trial:
    """
    A world, the callouts to be served, and those served there under the default rules.

    ``horizon`` is how long after the call a team that comes counts; callouts received so late that
    this is not known before the end are left out. [ms]
    """

    where: str  # as the beginning of a sentence
    file: ScenarioFile
    horizon: int
    is_overloaded: bool

    @cached_property
    def world(self) -> World:
        """The world, built."""
        return build(self.file)

    def run(self, question: str = "", policy: Any = None) -> KeptLog:
        """Return the log of a run with the default rules, but for one policy."""
        world = build(self.file, policy) if question == "routing" else self.world
        other = {question: policy} if question else {}
        log = KeptLog()
        simulate(world, PolicySet("trial", **{"dispatch": Closest(), **other}), log, SEED, 0,
                 Atlases(world))  # fmt: skip
        return log

    @cached_property
    def usual(self) -> KeptLog:
        """The log of a run with what most services do; it serves all, so that a check can fail."""
        log = self.run()
        reached = self.reached(log)
        least = 0.5 if self.is_overloaded else 1.0
        for group, callouts in self._groups_of(log.callouts).items():
            assert len(callouts & reached) >= least * len(callouts), (self.where, group)
        return log

    def reached(self, log: KeptLog) -> frozenset[int]:
        """Return the callouts that a team reached in time."""
        return frozenset(
            row.callout
            for row in log.callouts
            if row.on_scene is not None and row.on_scene - row.received <= self.horizon
        )

    def taken(self, log: KeptLog) -> frozenset[int]:
        """Return the callouts from which people came to a hospital."""
        return frozenset(row.callout for row in log.missions if row.at_hospital is not None)

    @cached_property
    def groups(self) -> dict[Group, frozenset[int]]:
        """The callouts of each group that has a handful of them."""
        return self._groups_of(self.usual.callouts)

    def _groups_of(self, rows: list[CalloutRow]) -> dict[Group, frozenset[int]]:
        found: dict[Group, set[int]] = {}
        for row in rows:
            if 0 <= row.received <= self.world.ends - self.horizon:
                for group in self._of(row):
                    found.setdefault(group, set()).add(row.callout)
        return {
            group: frozenset(callouts)
            for group, callouts in found.items()
            if len(callouts) >= HANDFUL
        }

    def _of(self, row: CalloutRow) -> Iterator[Group]:
        """Yield the groups of a callout; where teams are short, pairs are too few to tell."""
        hours = self.world.clock.hour(row.received) // BAND
        own = (("kind", row.kind), ("place", row.place), ("hours", hours))
        yield ()
        yield (("priority", row.priority),)
        yield from ((one,) for one in own)
        if not self.is_overloaded:
            yield from combinations(own, 2)

    def said(self, group: Group) -> str:
        """Return what callouts of a group have in common, in words."""
        if not group:
            return "any callout"
        names, words = self.world.names, ["callouts"]
        for what, number in group:
            if what == "hours":
                words.append(f"between {number * BAND:02}:00 and {(number + 1) * BAND:02}:00")
            elif what == "place":
                words.append(f"at {names.places[number]}")
            else:
                of = names.kinds[number] if what == "kind" else number
                words.append(f"of {what} {of}")
        return " ".join(words)

    def named(self, group: Group) -> str:
        """Return the callouts that no team goes to, to end a sentence: a place by its name."""
        return (
            self.said(group).removeprefix("callouts at ") if len(group) == 1 else self.said(group)
        )


def takes_long(policy: Any) -> bool:
    """Return whether a rule looks into possible futures or moves the whole fleet."""
    is_sampled = "futures" in declared(policy, "dispatch").wants
    return is_sampled or declared(policy, "relocation").moves_all


def trials(question: str, policy: Any) -> Iterator[Trial]:
    """
    Yield the worlds in which a policy can refuse anybody, those with teams to spare first.

    A rule that looks ahead or moves the fleet takes long, so it has fewer days, and no coast.
    """
    is_slow = takes_long(policy)
    if question != "routing":  # the villages have no road network
        yield villages(SHORT if is_slow else LONG)
    if question in ("routing", "destination") or (question == "dispatch" and not is_slow):
        yield coast()
    if question in ("dispatch", "reassignment", "queue"):
        yield from (overloaded(level, question == "queue") for level in LEVELS)
    elif question != "routing":
        yield overloaded(LEVELS[0], False)


@lru_cache(maxsize=2)
def villages(days: int) -> Trial:
    """Return a number of days in five villages with four times as many teams as they need."""
    file = read_scenario(VILLAGES, {"clock.length": f"{days} days"})
    return Trial("with teams to spare", file, 24 * MS_PER_HOUR, False)


@lru_cache(maxsize=1)
def coast() -> Trial:
    """Return the coast with its roads open, its scenes safe and callouts everywhere alike."""
    changes: Overrides = {
        "clock.length": "29 days",
        "clock.warm_up": "0 min",
        "demand.where": "equal",
        "demand.hours": [1] * 24,
        "demand.rate": "45 per day",
    }
    changes |= dict.fromkeys(map(str.strip, COAST_WITHOUT.split(",")))
    for kind, share in COAST_SHARES.items():
        changes["demand", "kinds", kind] = {"share": f"{share}%", "abandons_after": "24 h"}
    file = read_scenario(find_scenario("coast-march-2025"), changes)
    return Trial("on the coast, with roads open", file, 24 * MS_PER_HOUR, False)


@lru_cache(maxsize=2 * len(LEVELS))
def overloaded(level: int, is_town: bool) -> Trial:
    """
    Return the villages with a third more to do than teams can, callers giving up after an hour.

    Injuries have priority 1 and all else another one. Of three, the last would be lost under the
    default rules too; and a rule that keeps teams from the second alone would starve it for the
    third, though it is meant for a service that has no third. In a town all drives are equal, so
    that a rule of the queue which goes by distance serves all alike there.
    """
    changes: Overrides = {
        "clock.length": "32 h" if is_town else "44 h",
        "demand.rate": "660 per day" if is_town else "330 per day",
        "demand.kinds.fire.crew": 4,
    }
    file = read_scenario(VILLAGES)
    for kind in file.scenario.demand.kinds:
        changes["demand", "kinds", kind, "abandons_after"] = "1 h"
        changes["demand", "kinds", kind, "priority"] = 1 if kind == "injury" else level
    for place in file.places if is_town else ():
        changes["map", "places", place.name] = {"lat": 0.0, "lon": 0.0}
    where = f"with callouts of priorities 1 and {level}"
    return Trial(where, file.replace(changes), 4 * MS_PER_HOUR, True)
