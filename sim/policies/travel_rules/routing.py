"""
Routing: by which road.

A rule gives the cost of a road in one direction; a route is the roads whose costs add up to the
least. The time of a route is the sum of its roads' times, regardless of cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from sim import units
from sim.errors import Diagnostic
from sim.scenario import ScenarioFile

from ..rule_basis.views import Road


@dataclass(frozen=True, slots=True)
class Fastest:
    """Take the route with the least expected time."""

    source = (
        'E. W. Dijkstra, "A note on two problems in connexion with graphs", Numer. Math. 1, 1959, '
        "269-271"
    )

    def __call__(self, road: Road) -> float | None:
        """Return the expected time along the road. [ms]"""
        return road.drive


@dataclass(frozen=True, slots=True)
class Shortest:
    """Take the shortest route, however slow its roads are."""

    source = (
        'E. W. Dijkstra, "A note on two problems in connexion with graphs", Numer. Math. 1, 1959, '
        "269-271"
    )

    def __call__(self, road: Road) -> float | None:
        """Return the length of the road. [m]"""
        return road.metres


@dataclass(frozen=True, slots=True)
class Reliable:
    """
    Take the route whose time can be relied on: the least mean plus ``k`` standard deviations.

    The standard deviations of a route's roads are added up, as if all were slow on the same day, as
    in bad weather or a curfew. If the roads are independent, this is too cautious. A standard
    deviation is the column ``sd`` of the road edges, a share of the road's time, or else the share
    that ``roads: {travel_time_cv}`` gives; a wait at a checkpoint has none. Drives vary only where
    the scenario gives ``travel_time_cv``; elsewhere they take their expected times, and the rule
    changes only the route.
    """

    source = (
        "derived from general knowledge: mean plus k standard deviations, added up along a route"
    )

    k: Annotated[
        float, Field(ge=0, le=10, description="Standard deviations added to the mean.")
    ] = 1.0

    def __call__(self, road: Road) -> float | None:
        """Return the time that the road seldom takes longer than. [ms]"""
        return road.drive + self.k * road.sd


@dataclass(frozen=True, slots=True)
class Safest:
    """
    Weigh danger against time, and never take a road that is marked no-go.

    A minute on a road of exposure e costs ``1 + weight x e`` minutes. Exposure is the column
    ``exposure`` of the road edges, declared in the scenario; ``no_go`` is another column. A place
    that only no-go roads lead to is without access.
    """

    source = (
        "time plus weighted exposure, as for dangerous goods: E. Erkut, S. A. Tjandra, V. Verter, "
        '"Hazardous materials transportation", Handb. Oper. Res. Manag. Sci. 14, 2007, 539-621 '
        "(volume and pages recalled, not checked)"
    )

    weight: Annotated[
        float,
        Field(ge=0, le=1000, description="Minutes added for each minute at exposure 1."),
    ] = 1.0

    def __call__(self, road: Road) -> float | None:
        """Return time and exposure together, None for a no-go road. [ms]"""
        return road.drive * (1 + self.weight * road.exposure) if road.open else None


def unusable(file: ScenarioFile, at: Sequence[str], name: str, rule: object) -> list[Diagnostic]:
    """Return what is wrong with a routing rule on a scenario's roads: it would change nothing."""
    if isinstance(rule, Fastest):
        return []
    roads = file.scenario.map.roads
    if roads is None or not roads.is_network:
        if roads is None:
            kind = "there are no roads here"
        else:
            kind = "these are straight lines" if roads.circuity is not None else "these are a table"
        return [
            file.diagnostic(
                at,
                f"{name!r} chooses among the roads of a network; {kind}",
                "write routing: fastest, or give the map nodes and edges",
            )
        ]
    shares = {edge.sd or roads.travel_time_cv or 0.0 for edge in file.edges}
    if isinstance(rule, Reliable) and shares != {0.0} and not file.scenario.map.checkpoints:
        if len(shares) > 1:
            return []
        return [
            file.diagnostic(
                at,
                f"all roads vary by {units.say_share(*shares)}: {name!r} would be 'fastest'",
                "write sd into the table of edges where it differs, or routing: fastest",
            )
        ]
    if isinstance(rule, Reliable) and not (
        roads.travel_time_cv or any(edge.sd for edge in file.edges)
    ):
        column = "sd"
    elif isinstance(rule, Safest) and not any(e.exposure or e.no_go for e in file.edges):
        column = "exposure or no_go"
    else:
        return []
    return [
        file.diagnostic(
            at,
            f"no road edge has a value in the column {column}: {name!r} would be 'fastest'",
            f"write {column} into the table of edges, or routing: fastest",
        )
    ]


RULES: dict[str, type] = {
    "fastest": Fastest,
    "shortest": Shortest,
    "reliable": Reliable,
    "safest": Safest,
}
