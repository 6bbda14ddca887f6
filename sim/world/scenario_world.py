"""A scenario's world: built once, and the same for every policy and replication."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from sim.errors import ScenarioError
from sim.local_clock import LocalClock
from sim.log import NO_ACCESS, Names
from sim.scenario import Scenario, ScenarioFile

from .arrivals.demand import Demand, TeamDistributions
from .resources.fleet import Fleet, fleet_of
from .road_travel.disrupted_roads import (
    NetworkState,
    NetworkStates,
    PeriodsByPriority,
    access_of,
    disruptions_of,
    epochs_of,
    period_at,
)
from .road_travel.epochs import Disruptions, Epoch
from .road_travel.network import Network, nearest_nodes
from .road_travel.road_graph import Routing
from .road_travel.travel import StraightLines, Travel, TravelTimeTable, periods_of_day
from .variates.durations import expected

MOST_BYTES = 8 * 10**9  # that the ways of all states of a road network may take [bytes]


@dataclass(frozen=True)
class World:
    """
    Everything that stays the same from one replication to the next.

    Numbers of places, teams, kinds and so on are positions in the tuples of ``names``. A *period*
    numbers a state of travel: a speed of the day and, on a network, which roads are closed as far
    as the dispatcher knows and which checkpoints are in force. ``travel.times`` has a table for
    each.
    """

    file: ScenarioFile
    names: Names
    weights: tuple[float, ...]  # demand of each place, relative to the others
    travel: Travel
    periods: tuple[int, ...]  # travel period of each minute of the day, if roads are undisrupted
    fleet: Fleet
    demand: Demand
    hospitals: tuple[int, ...]  # the place of each, by its number
    clock: LocalClock
    begins: int  # start of the warm-up, 0 or negative [ms]
    ends: int  # end of the measured period [ms]
    access: Disruptions | None = None  # where roads close, teams are stopped or drives vary
    routing: Routing | None = None  # by which the ways were chosen; None: the fastest
    # with lights and sirens; None: at ordinary speed, whatever the priority
    scene_periods: PeriodsByPriority | None = None
    hospital_periods: PeriodsByPriority | None = None

    @property
    def scenario(self) -> Scenario:
        """The scenario as written."""
        return self.file.scenario

    def period(self, at: int) -> int:
        """
        Return the travel period at an instant: day 0, night 1; more by hours and closures.

        As far as closures are announced by then; a run that learns of more keeps its own account.
        """
        if self.access is not None:
            return period_at(self.access, at, self.clock)
        clock = self.clock
        if clock.changes:
            return self.periods[clock.minute(at)]
        return self.periods[(at + clock.shift) // 60_000 % 1440]  # the same, at half the time

    def no_access(self, epoch: Epoch) -> frozenset[int]:
        """Return the places that no base with a team has access to, whoever knows of it."""
        period, memo = epoch.minutes[epoch.hidden][0], self.travel.memo
        manned = tuple(sorted({crew.place for crew in self.fleet.crews}))
        key = "no access", period, manned
        if key not in memo:
            rows = [self.travel.times[period][base] for base in manned]
            nearest = (min(drives) for drives in zip(*rows, strict=True))
            memo[key] = frozenset(n for n, drive in enumerate(nearest) if drive >= NO_ACCESS)
        found: frozenset[int] = memo[key]
        return found

    def to_scene(self, period: int, priority: int) -> int:
        """Return the travel period of drives to a scene, by a callout's priority."""
        return period if self.scene_periods is None else self.scene_periods[priority][period]

    def to_hospital(self, period: int, priority: int) -> int:
        """Return the travel period of drives with people to hospital, by a callout's priority."""
        return period if self.hospital_periods is None else self.hospital_periods[priority][period]


class Ways(NamedTuple):
    """How long drives take, and what disrupts them: the costliest part of a world."""

    travel: Travel
    access: Disruptions | None
    periods: tuple[int, ...]  # of each minute of the day, if roads are undisrupted
    to_scene: PeriodsByPriority | None  # see ``World.scene_periods``
    to_hospital: PeriodsByPriority | None


def build(
    file: ScenarioFile,
    routing: Routing | None = None,
    like: World | None = None,
    on_ways_of: World | None = None,
) -> World:
    """
    Return the world of a scenario file: this is all that a run is made from.

    Parameters
    ----------
    file
        A scenario that has been read and checked.
    routing
        What each road costs; without it ways take the least expected time.
    like
        A world with the same demand, which is shared (`world_sharing` knows).
    on_ways_of
        A world with the same map and routing, whose ways are shared.

    Raises
    ------
    ScenarioError
        When the travel times of all states of the roads would need more than ``MOST_BYTES``.
    PolicyError
        When the routing rule fails on a road, or gives what is no cost.

    """
    scenario = file.scenario
    places = tuple(p.name for p in file.places)
    fleet = fleet_of(scenario, places)
    weights = tuple(p.weight for p in file.places)
    areas = tuple(p.area for p in file.places)
    team_distributions = TeamDistributions(fleet.on_scene_distributions, fleet.turnouts)
    if like is not None and like.demand.team_distributions == team_distributions:
        demand = like.demand
    else:
        demand = Demand(
            scenario, file.place_shares.usual, places, team_distributions, file.callouts, areas,
            file.place_shares.own,
        )  # fmt: skip
    ways = _travel(file, places, demand, routing) if on_ways_of is None else _ways(on_ways_of)
    travel, access = ways.travel, ways.access
    return World(
        file=file,
        names=Names(
            kinds=tuple(scenario.demand.kinds),
            places=places,
            areas=areas,
            teams=tuple(crew.name for crew in fleet.crews),
            bases=fleet.bases,
            hospitals=tuple(h.name for h in file.hospitals),
            vehicles=tuple(car.name for car in fleet.vehicles),
            closures=access.closures if access else (),
            checkpoints=access.checkpoints if access else (),
        ),
        weights=weights,
        travel=travel,
        periods=ways.periods,
        fleet=fleet,
        demand=demand,
        hospitals=tuple(places.index(h.place) for h in file.hospitals),
        clock=demand.clock,
        begins=demand.begins,
        ends=demand.ends,
        access=access,
        routing=routing,
        scene_periods=ways.to_scene,
        hospital_periods=ways.to_hospital,
    )


def rerouted(world: World, routing: Routing | None) -> World:
    """
    Return the same world with ways chosen by another rule; everything else is shared.

    For alternatives that differ in their routing rule: demand and fleet are one object, so their
    callouts are the same. Raises as ``build`` does.
    """
    ways = _travel(world.file, world.names.places, world.demand, routing)
    return replace(world, travel=ways.travel, access=ways.access, routing=routing)


def _ways(of: World) -> Ways:
    """Return the ways of a world, for another one to share."""
    return Ways(of.travel, of.access, of.periods, of.scene_periods, of.hospital_periods)


def _travel(
    file: ScenarioFile, places: tuple[str, ...], demand: Demand, routing: Routing | None
) -> Ways:
    """Return the ways of a scenario, worked out anew."""
    scenario = file.scenario
    roads = scenario.map.roads
    travel_time_cv = None if roads is None else roads.travel_time_cv
    shares = _shares(file)
    states = NetworkStates(NetworkState(share) for share in shares)
    hours = None if roads is None else roads.speed.hours
    periods = periods_of_day(scenario.map.night, differ=len(shares) > 1)

    def share_at(minute: int) -> float:
        return shares[0] * hours[minute // 60] if hours else shares[periods[minute]]

    epochs = epochs_of(scenario, demand.begins, demand.ends, states, share_at)
    access, by_minute = access_of(scenario, epochs), tuple(periods)
    if access is None and hours:
        by_minute = tuple(states.number(NetworkState(share_at(minute))) for minute in range(1440))
    sirens = scenario.map.lights_and_sirens
    to_scene, to_hospital = (
        states.at_speeds(speeds) if speeds else None
        for speeds in (sirens.to_scene, sirens.to_hospital)
    )
    travel: Travel
    if roads is None or file.times is not None:
        speeds = [state.share for state in states.numbers]
        travel = TravelTimeTable(file.times or {}, places, speeds)
        travel.travel_time_cv = travel_time_cv or 0.0
    elif roads.circuity is not None:
        day = roads.speed.day
        assert day is not None
        speeds = [(day.kmh or 0.0) * state.share for state in states.numbers]
        travel = StraightLines(file.places, roads.circuity, speeds)
        travel.travel_time_cv = travel_time_cv or 0.0
    else:
        _fits(file, len(states.numbers), 12 if routing is None else 20)
        delays = [expected(c.delay) for c in scenario.map.checkpoints]
        node_of = nearest_nodes(file.places, file.nodes)
        disruptions = disruptions_of(scenario, file.places, node_of, file.nodes, file.edges, delays)
        travel = Network(
            node_of, file.nodes, file.edges, list(states.numbers), routing,
            disruptions, travel_time_cv,
        )  # fmt: skip
    return Ways(travel, access, by_minute, to_scene, to_hospital)


def _fits(file: ScenarioFile, states: int, each: int) -> None:
    """
    Refuse a network whose ways would fill the memory: every state keeps those of every node.

    ``each`` is what a way from a node to a place takes: time, next node and, by a rule, cost.
    """
    nodes, places = len(file.nodes), len(file.places)
    bytes_ = states * nodes * places * each
    if states > 1 and bytes_ > MOST_BYTES:
        raise ScenarioError(
            [
                file.diagnostic(
                    ("map", "roads"),
                    f"{states:,} states of the roads, {nodes:,} nodes and {places:,} places take "
                    f"{bytes_ / 1e9:.1f} GB; at most {MOST_BYTES / 1e9:g} are used",
                    "fewer closures unannounced at a time, fewer speeds, or fewer roads",
                )
            ]
        )


def _shares(file: ScenarioFile) -> list[float]:
    """Return the speeds by day and, if it differs, by night, as shares; a table has none."""
    roads = file.scenario.map.roads
    if roads is None or file.times is not None:
        return [1.0]
    day, night = roads.speed.day, roads.speed.night or roads.speed.day
    if roads.circuity is not None:
        assert day is not None
        assert night is not None
        shares = [1.0, (night.kmh or 0.0) / (day.kmh or 1.0)]
    else:
        shares = [day.share or 1.0 if day else 1.0, night.share or 1.0 if night else 1.0]
    return shares[:1] if shares[0] == shares[1] or roads.speed.hours else shares
