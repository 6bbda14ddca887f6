"""
The world of a scenario: places and ways, callouts, teams and hospitals.

Built once from a scenario file and shared by every policy and replication; it holds no state of
a run. May use scenario, marks and log; knows neither policies nor SimPy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.log import NO_WAY, Names
from sim.scenario import Scenario, ScenarioFile

from .access import Access, Epoch, Passage
from .demand import Callout, Demand, Laws, Marks, Trouble
from .durations import expected
from .fleet import Car, Crew, Fleet, Gathering, Need, Pool, Recall, muster
from .luck import Luck
from .rosters import Interval
from .travel import (
    Leg,
    Network,
    Onward,
    Routing,
    Spot,
    StraightLines,
    Table,
    Travel,
    periods_of_day,
)


@dataclass(frozen=True)
class World:
    """Everything that stays the same from one replication to the next."""

    file: ScenarioFile
    names: Names
    weights: tuple[float, ...]  # demand of each place
    travel: Travel
    periods: tuple[int, ...]  # speed period of each minute of the day
    fleet: Fleet
    demand: Demand
    hospitals: tuple[int, ...]  # places
    start_of_day: int  # local time of day at instant 0 [ms]
    begins: int  # start of the warm-up, 0 or negative [ms]
    ends: int  # end of the measured period [ms]
    access: Access | None = None  # where roads close, teams are stopped or drives vary
    routing: Routing | None = None  # by which the ways were chosen; None: the fastest

    @property
    def scenario(self) -> Scenario:
        """The scenario as written."""
        return self.file.scenario

    def period(self, at: int) -> int:
        """Return the speed period (day 0, night 1) at an instant."""
        return self.periods[(at + self.start_of_day) // 60_000 % 1440]


def build(file: ScenarioFile, routing: Routing | None = None) -> World:
    """
    Return the world of a scenario file: this is all that a run is made from.

    ``routing`` gives the cost of each road; without it ways take the least time.
    """
    scenario = file.scenario
    places = tuple(p.name for p in file.places)
    fleet = muster(scenario, places)
    weights = tuple(p.weight for p in file.places)
    demand = Demand(scenario, weights, places, Laws(fleet.paces, fleet.turnouts), file.callouts)
    travel = _travel(file, places, routing)
    return World(
        file=file,
        names=Names(
            kinds=tuple(scenario.demand.kinds),
            places=places,
            areas=tuple(p.area for p in file.places),
            teams=tuple(crew.name for crew in fleet.crews),
            bases=fleet.bases,
            hospitals=tuple(h.name for h in file.hospitals),
            vehicles=tuple(car.name for car in fleet.vehicles),
        ),
        weights=weights,
        travel=travel,
        periods=tuple(periods_of_day(scenario.map.night, differ=len(travel.times) > 1)),
        fleet=fleet,
        demand=demand,
        hospitals=tuple(places.index(h.place) for h in file.hospitals),
        start_of_day=demand.start_of_day,
        begins=demand.begins,
        ends=demand.ends,
        routing=routing,
    )


def rerouted(world: World, routing: Routing | None) -> World:
    """Return the same world with ways chosen by another rule; everything else is shared."""
    travel = _travel(world.file, world.names.places, routing)
    return replace(world, travel=travel, routing=routing)


def _travel(file: ScenarioFile, places: tuple[str, ...], routing: Routing | None) -> Travel:
    roads = file.scenario.map.roads
    if roads is None or file.times is not None:
        return Table(file.times or {}, places)
    day, night = roads.speed.day, roads.speed.night or roads.speed.day
    if roads.detour is not None:
        assert day is not None
        assert night is not None
        speeds = [day.kmh or 0.0] + ([night.kmh or 0.0] if night != day else [])
        return StraightLines(file.places, roads.detour, speeds)
    shares = [day.share or 1.0 if day else 1.0, night.share or 1.0 if night else 1.0]
    shares = shares[:1] if shares[0] == shares[1] else shares
    return Network(file.places, file.nodes, file.edges, shares, routing)


__all__ = [
    "NO_WAY",
    "Access",
    "Callout",
    "Car",
    "Crew",
    "Demand",
    "Epoch",
    "Fleet",
    "Gathering",
    "Interval",
    "Leg",
    "Luck",
    "Marks",
    "Need",
    "Onward",
    "Passage",
    "Pool",
    "Recall",
    "Routing",
    "Spot",
    "Travel",
    "Trouble",
    "World",
    "build",
    "expected",
    "rerouted",
]
