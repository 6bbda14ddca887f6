"""Dispatch: who goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from ..rule_basis.board import CalloutView
from ..rule_basis.caching import cached_on_map
from ..rule_basis.views import Atlas, Decision, DispatchView

NO_CARD = "no run card for this place: the callout waits"
NOBODY_FREE: Decision = (None, "no free team can help")


def soonest(teams: Sequence[int], arrivals: Sequence[int]) -> int:
    """Return the team with the earliest arrival; ties go to the lowest number."""
    best, least = teams[0], arrivals[0]
    for team, arrival in zip(teams, arrivals, strict=True):
        if arrival <= least and (arrival < least or team < best):
            best, least = team, arrival
    return best


@dataclass(frozen=True, slots=True)
class Closest:
    """
    Send the free team that is expected on scene first.

    The expected turnout is used, not the actual one: the dispatcher does not know the future. The
    standard rule of most services.
    """

    source = "standard practice; 'closest idle' in the literature"

    def __call__(self, callout: CalloutView, view: DispatchView) -> Decision:
        """Return the soonest of the candidates."""
        arrivals = view.arrivals
        if not arrivals:
            return NOBODY_FREE
        return soonest(view.teams, arrivals), "expected on scene first"


@dataclass(frozen=True, slots=True)
class Cutoff:
    """
    Keep the last free teams for the most urgent: a callout of priority p waits while no more
    than ``reserve[p]`` teams are free; otherwise the closest goes.
    """

    source = (
        'I. D. S. Taylor, J. G. C. Templeton, "Waiting time in a multi-server cutoff-priority '
        'queue, and its application to an urban ambulance service", Oper. Res. 28(5), 1980, '
        "1168-1188"
    )

    reserve: Annotated[
        dict[Annotated[int, Field(ge=1, le=9)], Annotated[int, Field(ge=0, le=1000)]],
        Field(
            min_length=1,
            description="Free teams held in reserve from each priority, as {3: 1, 4: 2}.",
        ),
    ]

    def __call__(self, callout: CalloutView, view: DispatchView) -> Decision:
        """Return the soonest of the candidates, or nobody where too few teams are free."""
        if not view.arrivals:
            return NOBODY_FREE
        kept = self.reserve.get(callout.priority, 0)
        if view.free <= kept:
            return (None, f"{view.free} free, {kept} kept for more urgent callouts")
        return (soonest(view.teams, view.arrivals), "expected on scene first")


@dataclass(frozen=True, slots=True)
class RunCard:
    """
    Send the first free team of the place's run card: an ordered list of teams or bases.

    A base on the card stands for its teams in order of number. A place that ``order`` does not
    name has no card, as if no team on it were ever free. Under ``otherwise: closest`` the closest
    goes there; under ``otherwise: wait`` no team is ever sent there, even if many are free.
    """

    source = (
        'the fixed preference order of hypercube models: R. C. Larson, "A hypercube queuing model '
        'for facility location and redistricting in urban emergency services", '
        "Comput. Oper. Res. 1(1), 1974, 67-95"
    )

    order: Annotated[
        dict[str, tuple[str, ...]],
        Field(
            min_length=1,
            description="For each place, teams or bases in the order to be sent; places left out "
            "have no card.",
        ),
    ]
    otherwise: Annotated[
        Literal["closest", "wait"],
        Field(
            description="What a callout gets while nobody on its card is free, and at a place "
            "without a card at all times: the closest team, or none (it waits)."
        ),
    ] = "closest"

    def __call__(self, callout: CalloutView, view: DispatchView) -> Decision:
        """Return the first candidate on the card."""
        if not view.teams:
            return NOBODY_FREE
        atlas = view.atlas
        order = self.order.get(atlas.places[callout.place])
        for rank, team in enumerate(card(atlas, tuple(order or ()))):
            if team in view.teams:
                return (team, f"number {rank + 1} on the run card")
        if self.otherwise == "wait":
            return (None, NO_CARD if order is None else "nobody on the run card is free")
        return (
            soonest(view.teams, view.arrivals),
            "nobody on the run card is free; expected first",
        )

    def names(self) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        """Yield what the parameters name: the path inside them, what it is, and the name."""
        for place, order in self.order.items():
            yield (("order", place), "place", place)
            for rank, name in enumerate(order):
                yield (("order", place, rank), "team or base", name)


@cached_on_map
def card(atlas: Atlas, order: tuple[str, ...]) -> tuple[int, ...]:
    """Return the teams that an order of teams and bases stands for."""
    found: list[int] = []
    for name in order:
        if name in atlas.teams:
            found.append(atlas.teams.index(name))
        else:
            base = atlas.bases.index(name)
            found += [t for t, b in enumerate(atlas.team_bases) if b == base]
    return tuple(dict.fromkeys(found))


RULES: dict[str, type] = {"closest": Closest, "run_card": RunCard, "cutoff": Cutoff}
