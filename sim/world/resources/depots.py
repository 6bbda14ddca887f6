"""
Fuel in whole microlitres, so that what is burnt, taken and delivered adds up exactly.

A litre a hundred kilometres is 10 microlitres a metre.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.scenario import Scenario
from sim.scenario.fields.fuels import BaseFuel, TeamFuel

UL_PER_ML = 1000
UL_PER_LITRE = 1_000_000
MS_PER_HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class Tank:
    """The tank of a team's own vehicle. Amounts in microlitres."""

    holds: int
    at_start: int
    reserve: int  # to be left when the team is back at its base
    per_metre: float
    per_ms: float  # on scene
    refuelling: int  # [ms]

    def driving(self, metres: float) -> int:
        """Return what a drive burns. [ul]"""
        return round(metres * self.per_metre)

    def idling(self, time: float) -> int:
        """Return what a stay on scene burns. [ul]"""
        return round(time * self.per_ms)


@dataclass(frozen=True, slots=True)
class Depot:
    """The fuel of a base. Amounts in microlitres, instants in ms."""

    stock: int | None  # at the start; None: no limit
    amount: int = 0  # of each delivery
    first: int = 0
    every: int = 0  # 0: nothing is delivered


def tank_of(fuel: TeamFuel | None) -> Tank | None:
    """Return the tank that a scenario describes."""
    if fuel is None:
        return None
    holds = fuel.tank * UL_PER_ML
    return Tank(
        holds=holds,
        at_start=round(holds * fuel.at_start),
        reserve=round(holds * fuel.reserve),
        per_metre=fuel.consumption * UL_PER_LITRE / 100_000,
        per_ms=fuel.idle * UL_PER_LITRE / MS_PER_HOUR,
        refuelling=fuel.refuelling,
    )


def depots_of(scenario: Scenario) -> tuple[Depot | None, ...]:
    """Return the fuel of each base; empty where no base has any."""
    found = tuple(_depot(base.fuel, scenario) for base in scenario.bases.values())
    return found if any(found) else ()


def _depot(fuel: BaseFuel | None, scenario: Scenario) -> Depot | None:
    if fuel is None:
        return None
    stock = None if fuel.stock is None else fuel.stock * UL_PER_ML
    delivery = fuel.delivery
    if delivery is None or stock is None:
        return Depot(stock)
    begins, every = delivery.begins, delivery.every
    first = every - scenario.clock.warm_up
    if begins is not None:
        first = scenario.clock.local.instant_of(begins)
    return Depot(stock, delivery.amount * UL_PER_ML, first, every)
