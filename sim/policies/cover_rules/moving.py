"""What relocation rules that may move any free team have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, TypeAlias

from pydantic import Field

from sim.log import NO_ACCESS

from ..rule_basis.caching import cached_on_map
from ..rule_basis.views import Atlas, FleetView

Named: TypeAlias = Iterator[tuple[tuple[str | int, ...], str, str]]
Answer: TypeAlias = tuple[Sequence[int], str]

Moves = Annotated[
    int | None,
    Field(ge=0, description="How often a team is moved in 24 hours at most; no limit if left out."),
]


def resting(view: FleetView) -> list[int]:
    """Return where each team is unless moved: where it waits; the freed team, its own base."""
    return [
        home if team == view.freed else at
        for team, at, home in zip(view.teams, view.at, view.homes, strict=True)
    ]


def movable(view: FleetView, limit: int | None) -> list[int]:
    """Return the positions of the teams that may be moved."""
    return [
        i
        for i, team in enumerate(view.teams)
        if team == view.freed or limit is None or view.moves[i] < limit
    ]


def drive(view: FleetView, i: int, base: int) -> int | None:
    """Return the drive of a team to a base, None where there is no access. [ms]"""
    way = view.drives[i][base]
    return way if way < NO_ACCESS else None


def said(view: FleetView, bases: Sequence[int], why: str) -> Answer:
    """Return the answer; nothing is said where nobody was freed and nobody is moved."""
    if view.freed is None and list(bases) == list(view.at):
        return (bases, "")
    return (bases, why)


@cached_on_map
def covers(atlas: Atlas, within: int) -> Mapping[tuple[int, ...], int]:
    """Return the demand that each set of bases reaches in time, where any does. [ppm]"""
    found: dict[tuple[int, ...], int] = {}
    rows = [atlas.times[place] for place in atlas.base_places]
    for zone, weight in enumerate(atlas.weights):
        near = tuple(b for b, row in enumerate(rows) if row[zone] <= within - atlas.delay)
        if weight and near:
            found[near] = found.get(near, 0) + weight
    return MappingProxyType(found)
