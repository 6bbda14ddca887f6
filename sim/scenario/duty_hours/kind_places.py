"""Where callouts of each kind happen: the share of each place, for kinds with their own, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..diagnostics.findings import Findings
from ..fields.models import Kind, Scenario
from ..tables.table_rows import PlaceRow
from ..text.source import Loc


@dataclass(frozen=True)
class PlaceShares:
    """
    The share of each place in the callouts of a kind.

    ``usual`` are the weights by which kinds without places of their own are spread, relative to
    each other; ``own`` the shares of the other kinds, which add up to 1. Shape (places,) each.
    """

    usual: tuple[float, ...]
    own: Mapping[str, tuple[float, ...]]

    def of(self, kind: str) -> Sequence[float]:
        """Return the share of each place in the callouts of a kind."""
        own = self.own.get(kind)
        total = sum(self.usual) or 1.0
        return [weight / total for weight in self.usual] if own is None else own

    def over_all_kinds(self, scenario: Scenario, places: list[PlaceRow]) -> list[PlaceRow]:
        """Return places with the weight that they have over all kinds."""
        if not self.own:
            return places
        kinds = [(kind.share, self.of(name)) for name, kind in scenario.demand.kinds.items()]
        return [
            replace(place, weight=sum(share * shares[i] for share, shares in kinds))
            for i, place in enumerate(places)
        ]


def shares_by_kind(
    findings: Findings,
    scenario: Scenario,
    places: Sequence[PlaceRow],
    columns: Mapping[str, Sequence[float]],
) -> PlaceShares:
    """
    Return where the kinds of a scenario happen, with an error for those that happen nowhere.

    Parameters
    ----------
    findings
        Where errors go.
    scenario, places
        As read; a place's weight is that of ``demand.where``.
    columns
        What columns of the table of places give, by kind.

    """
    own = {}
    for name, kind in scenario.demand.kinds.items():
        loc = ("demand", "kinds", name)
        if kind.areas is not None:
            weights = _by_area(findings, kind.areas, places, loc)
        elif kind.where is not None:
            weights = _by_place(kind, places, columns.get(name))
        else:
            continue
        total = sum(weights)
        if 0 < total < float("inf"):
            own[name] = tuple(weight / total for weight in weights)
        elif not findings.diagnostics:
            field = "where" if kind.areas is None else "areas"
            findings.error((*loc, field), f"no place has any demand of '{name}'")
    return PlaceShares(tuple(place.weight for place in places), own)


def _by_place(
    kind: Kind, places: Sequence[PlaceRow], column: Sequence[float] | None
) -> list[float]:
    where = kind.where
    if isinstance(where, dict):
        return [where.get(place.name, 0.0) for place in places]
    if column is not None:
        return list(column)
    return [1.0 if where == "equal" else place.weight for place in places]


def _by_area(
    findings: Findings, areas: Mapping[str, float], places: Sequence[PlaceRow], loc: Loc
) -> list[float]:
    """Return the weights of places from those of areas, shared as all callouts are."""
    totals: dict[str, float] = {}
    for place in places:
        totals[place.area] = totals.get(place.area, 0.0) + place.weight
    for area, weight in areas.items():
        if weight > 0 and totals.get(area) == 0:
            findings.error(
                (*loc, "areas", area),
                f"by `demand.where` no place of '{area}' has any weight to share this by",
                "give weights by place: where",
            )
    return [
        areas.get(place.area, 0.0) * place.weight / (totals[place.area] or 1.0) for place in places
    ]
