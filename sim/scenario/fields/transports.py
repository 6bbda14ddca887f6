"""Which capability takes people to hospital, how many teams with it, and what is forecast of it."""

from __future__ import annotations

from math import exp
from typing import NamedTuple

from .models import Kind, Scenario, TeamEntry

TAIL = 1e-12  # probability of more people than are looked at


class Carrier(NamedTuple):
    """The capability of the teams that take people of a kind of callout to hospital."""

    name: str
    carries: int  # people at once


def carrier_of(scenario: Scenario, kind: Kind) -> Carrier | None:
    """
    Return the capability that takes people to hospital; None where it is the first team sent.

    That is what the kind says, else the first of its needs that carries.
    """
    if kind.to is None:
        return None
    for name in (kind.transport.by,) if kind.transport.by is not None else kind.needs:
        declared = scenario.capabilities.get(name)
        if declared is not None and declared.carries is not None:
            return Carrier(name, declared.carries)
    return None


def may_have(scenario: Scenario, team: TeamEntry) -> set[str]:
    """Return the capabilities that a team can have: its own, its people's or a vehicle's."""
    found = {*team.capabilities, *(team.on_call.capabilities if team.on_call else ())}
    for name in team.vehicles:
        found.update(scenario.vehicles[name].capabilities)
    return found


def transports_of(people: int, carries: int) -> int:
    """Return how many transports some people take."""
    return -(-people // carries)


def mean_transports(kind: Kind, carries: int, apart_from: int = 0) -> float:
    """Return the mean number of transports of a callout that has any, beyond a number of them."""
    others = 0.0 if kind.people is None else kind.people.mean - 1
    people, chance, left, mean = 1, exp(-others), 1.0, 0.0
    while left > TAIL and people < 10 * others + 100:
        mean += chance * max(transports_of(people, carries) - apart_from, 0)
        left -= chance
        chance *= others / people
        people += 1
    return mean
