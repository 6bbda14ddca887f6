"""
Worlds of several scenarios that share what is equal in them.

Alternatives that vary a crew, a rule or a shift have one map and meet the same callouts. Ways take
most of the memory and of the time to build a world, and callouts that are shared are drawn once.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from sim.by_identity import ByIdentity
from sim.scenario import ScenarioFile
from sim.scenario.fields.vehicle_speeds import speeds_of

from .road_travel.road_graph import Routing
from .scenario_world import World, build, rerouted

_NOT_OF_THE_WORLD = frozenset({"policies", "study"})  # how teams are used, and what is varied


class SharedWorlds:
    """
    The worlds of a study, built as they are asked for.

    What is equal is told by what scenarios say, and by tables that are one and the same object
    (`sim.scenario.with_tables_of`). A world that is shared has the file of the first alternative
    that asked for it; the others differ from it in sections that no world is made from.
    """

    def __init__(self) -> None:
        self._worlds: dict[Hashable, World] = {}
        self._routed: dict[Hashable, World] = {}
        self._ways: dict[Hashable, World] = {}
        self._demands: dict[Hashable, World] = {}

    def world(self, file: ScenarioFile, routing: Routing) -> World:
        """Return the world of a scenario with ways by a rule of routing; raises as `build` does."""
        whole, by = _whole(file), _routing_key(file, routing)
        if (whole, by) in self._routed:
            return self._routed[whole, by]
        ways, demand = (_of_ways(file), by), _of_demand(file)
        if whole in self._worlds and ways not in self._ways:
            world = rerouted(self._worlds[whole], routing)
        else:
            world = build(file, routing, self._demands.get(demand), self._ways.get(ways))
        self._worlds.setdefault(whole, world)
        self._ways.setdefault(ways, world)
        self._demands.setdefault(demand, world)
        self._routed[whole, by] = world
        return world


def _whole(file: ScenarioFile) -> Hashable:
    fields = type(file.scenario).model_fields
    said = [getattr(file.scenario, name) for name in fields if name not in _NOT_OF_THE_WORLD]
    study = file.scenario.study.model_copy(update={"vary": {}})
    return repr(said), repr(study), _of_ways(file), _of_demand(file)


def _of_ways(file: ScenarioFile) -> Hashable:
    """Return what the ways of a scenario are made from."""
    tables = (file.places, file.times, file.nodes, file.edges, file.hospitals)
    of = file.scenario
    return repr((of.map, of.clock)), speeds_of(of), *map(_same, tables)


def _of_demand(file: ScenarioFile) -> Hashable:
    """Return what its callouts are drawn from, the distributions of its teams excepted."""
    of = file.scenario
    said = (of.clock, of.demand, of.dispatch_centre, of.capabilities, of.map)
    return repr(said), repr(file.place_shares.own), _same(file.places), _same(file.callouts)


def _same(table: Any) -> Hashable:
    return ByIdentity(table) if table else bool(table)


def _routing_key(file: ScenarioFile, routing: Routing) -> Hashable:
    """Return what tells two rules of routing apart; nothing where there is no road network."""
    if not file.edges:
        return None
    try:
        hash(routing)
    except TypeError:  # somebody's own rule, perhaps: equal only to itself
        return ByIdentity(routing)
    return routing
