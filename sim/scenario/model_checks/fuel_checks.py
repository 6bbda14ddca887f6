"""Checks of fuel: what cannot be counted, teams that nobody can fuel, tanks that are too small."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics.findings import Findings
from ..fields.crews import TeamEntry
from ..fields.fuels import BaseFuel, TeamFuel
from ..fields.models import Scenario
from ..tables.geometry import distance
from ..tables.table_rows import PlaceRow
from ..text.source import Loc


def check_fuel(findings: Findings, scenario: Scenario, places: Sequence[PlaceRow]) -> None:
    """Note fuel that cannot be counted, and deliveries that change nothing."""
    roads = scenario.map.roads
    for name, team in scenario.teams.items():
        loc = ("teams", name, "fuel")
        if team.fuel is None:
            continue
        if roads is None or roads.table is not None:
            here = "without roads" if roads is None else "with a table of times"
            findings.error(
                loc,
                f"{here} there are no distances, so nobody could tell what is burnt",
                "use roads or straight lines, or take it out",
            )
        elif team.vehicles:
            findings.error(
                loc,
                "this is of a team's own vehicle, and it takes one of `vehicles`",
                "take out fuel or vehicles",
            )
        else:
            _warn_of_reach(findings, scenario, name, team, places)
    used = any(team.fuel is not None for team in scenario.teams.values())
    for name, base in scenario.bases.items():
        if base.fuel is not None:
            _check_depot(findings, scenario, ("bases", name, "fuel"), base.fuel, used)


def _check_depot(
    findings: Findings, scenario: Scenario, loc: Loc, fuel: BaseFuel, used: bool
) -> None:
    """Note deliveries where there is no limit, and what nobody takes or gets within the run."""
    if not used:
        findings.warn(loc, "no team has a tank (`fuel`), so nobody takes any")
    if fuel.delivery is None:
        return
    if fuel.stock is None:
        findings.error(
            (*loc, "delivery"), "fuel without a limit needs no delivery", "give it a stock"
        )
        return
    first = fuel.delivery.begins
    clock = scenario.clock
    at = fuel.delivery.every - clock.warm_up
    if first is not None:
        at = clock.local.instant_of(first)
    if at >= clock.length:
        findings.warn((*loc, "delivery"), "the first delivery is after the run: none comes in it")


def _range(fuel: TeamFuel, share: float = 1.0) -> float:
    """Return how far a tank lasts, its reserve left. [m]"""
    return max(fuel.tank * (share - fuel.reserve), 0.0) / 1000 / fuel.consumption * 100_000


def _warn_of_reach(
    findings: Findings, scenario: Scenario, name: str, team: TeamEntry, places: Sequence[PlaceRow]
) -> None:
    """Warn of a team that nobody can fuel, or that cannot be back from places with one tank."""
    fuel, base = team.fuel, scenario.bases[team.base]
    assert fuel is not None
    loc: Loc = ("teams", name, "fuel")
    if base.fuel is None:
        km = _range(fuel, fuel.at_start) / 1000
        findings.warn(
            loc,
            f"there is no fuel at its base, '{team.base}': what is in its tank at first lasts for "
            f"{km:.0f} km, its reserve left, and then it stands",
            f"give the base some: bases: {{{team.base}: {{fuel: {{stock: 2000 l}}}}}}",
        )
    reach, home = _range(fuel), base.place or team.base
    far = _too_far(scenario, places, home, reach)
    if far:
        farthest, metres = far[-1]
        findings.warn(
            (*loc, "tank"),
            f"with a full tank and its reserve left it drives {reach / 1000:.0f} km; to {farthest} "
            f"and back are {metres / 1000:.0f} km or more, so it is never sent there"
            + (f", nor to {len(far) - 1} other places with demand" if len(far) > 1 else ""),
            "a larger tank, or a smaller reserve",
        )


def _too_far(
    scenario: Scenario, places: Sequence[PlaceRow], home: str, reach: float
) -> list[tuple[str, float]]:
    """
    Return the places with demand out of reach, the farthest last, and how far they are at least.

    There and back, as the crow flies; with straight-line travel times its circuity. [m]
    """
    here = next((place for place in places if place.name == home), None)
    if here is None or here.lat is None or here.lon is None or scenario.map.roads is None:
        return []
    longer = 2 * (scenario.map.roads.circuity or 1.0)
    found = [
        (place.name, longer * distance(here.lat, here.lon, place.lat, place.lon))
        for place in places
        if place.weight and place.lat is not None and place.lon is not None
    ]
    return sorted((p for p in found if p[1] > reach), key=lambda p: p[1])
