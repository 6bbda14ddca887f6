"""
Fuel burnt by each team, by what the drives were for, and what depots had.

Litres on the road follow from the kilometres (`driving`); on scene, from the time that teams were
there. All of the measured period; what a depot has left follows from the whole run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.log import Event, EventRow, MissionRow

from .columns import Facts, facts_named
from .driving import PURPOSES

NO_LIMIT = -1  # of what a depot has left
NEVER_EMPTY = -1
FUEL_FACTS = facts_named(*PURPOSES, "on_scene", "without_fuel")  # of each team: ml, and ms
DEPOT_FACTS = facts_named("left", "taken", "empty", "first_empty")  # of each base: ml, ms


class Burning(NamedTuple):
    """What the vehicle of a team burns."""

    per_metre: float  # [ml]
    per_ms: float  # on scene [ml]


class DepotStock(NamedTuple):
    """The fuel of a base: at first, and what each delivery brings. [ml]"""

    stock: int | None  # None: no limit
    amount: int


def fuel_facts(
    driving: Facts,
    missions: Iterable[tuple[Any, ...]],
    events: Iterable[tuple[Any, ...]],
    burning: Sequence[Burning | None],
    end: int,
) -> Facts:
    """
    Return what each team burnt, and for how long it stood without fuel. Shape (teams,)

    Parameters
    ----------
    driving
        Metres driven by each team (`driving.driving_facts`). Shape (teams,)
    missions, events
        Rows of the log.
    burning
        Of each team; None: its fuel is not looked at.
    end
        Length of the measured period. [ms]

    """
    facts = np.zeros(len(burning), dtype=FUEL_FACTS)
    stays = [0] * len(burning)
    for m in map(MissionRow._make, missions):
        if m.on_scene is not None:
            until = next((at for at in (m.left, m.cleared) if at is not None), end)
            stays[m.team] += max(min(until, end) - max(m.on_scene, 0), 0)
    for team, own in enumerate(burning):
        if own is not None:
            for purpose in PURPOSES:
                facts[purpose][team] = round(driving[purpose][team] * own.per_metre)
            facts["on_scene"][team] = round(stays[team] * own.per_ms)
    for event in map(EventRow._make, events):
        if event.what == Event.WITHOUT_FUEL and event.team is not None:
            facts["without_fuel"][event.team] += _inside(event, end)
    return facts


def depot_facts(
    events: Iterable[tuple[Any, ...]], depots: Sequence[DepotStock | None], end: int
) -> Facts:
    """
    Return what is left at each base, what teams took, and how long it was empty. Shape (bases,)

    ``first_empty`` is the first instant of the measured period at which it was, or `NEVER_EMPTY`; a
    base without fuel has nothing left and was never empty. What is left is at the end of the run;
    what was taken is of the measured period. ``end``: its length. [ms]
    """
    facts = np.zeros(len(depots), dtype=DEPOT_FACTS)
    facts["first_empty"] = NEVER_EMPTY
    for base, depot in enumerate(depots):
        if depot is not None:
            facts["left"][base] = NO_LIMIT if depot.stock is None else depot.stock
    at_base: dict[int, int] = {}  # where each team was refuelled last
    for event in map(EventRow._make, events):
        who = event.who or 0
        if event.what == Event.REFUELLED and event.team is not None:
            at_base[event.team] = who
        elif event.what == Event.FUEL_TAKEN and event.team is not None:
            _add(facts, depots, at_base[event.team], -who)
            if 0 <= event.at < end:
                facts["taken"][at_base[event.team]] += who
        elif event.what == Event.FUEL_DELIVERED:
            depot = depots[who]
            _add(facts, depots, who, 0 if depot is None else depot.amount)
        elif event.what == Event.DEPOT_EMPTY:
            empty, first = _inside(event, end), facts["first_empty"]
            facts["empty"][who] += empty
            begins = max(event.at, 0)
            if empty and (first[who] == NEVER_EMPTY or begins < first[who]):
                first[who] = begins
    return facts


def _add(facts: Facts, depots: Sequence[DepotStock | None], base: int, amount: int) -> None:
    depot = depots[base]
    if depot is not None and depot.stock is not None:
        facts["left"][base] = max(facts["left"][base] + amount, 0)  # amounts are rounded


def _inside(event: EventRow, end: int) -> int:
    """Return for how long something lasted within the measured period. [ms]"""
    until = end if event.until is None else min(event.until, end)
    return max(until - max(event.at, 0), 0)
