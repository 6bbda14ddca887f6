"""Checks of speeds by priority, vehicle and weather, and of distances: what cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim import units

from ..diagnostics.findings import Findings
from ..fields.models import Scenario
from ..networks.road_speeds import FAST
from ..tables.table_rows import RoadEdge
from ..text.source import Loc

_SIRENS: Loc = ("map", "lights_and_sirens")
MOST_TIMES = 3.0  # the ordinary speed, where nobody knows how fast that is: a table of times


def check_speeds(findings: Findings, scenario: Scenario, edges: Sequence[RoadEdge]) -> None:
    """
    Note a speed that is faster than any road allows, and speeds that nothing drives.

    No road allows more than ``FAST``, unless the scenario has a road that is faster by itself.
    Speeds of vehicles count with the fastest lights and sirens and weather.
    """
    roads, fastest = scenario.map.roads, _fastest(scenario, edges)
    most = max(FAST, fastest)
    for loc, speed in _speeds(scenario):
        if roads is None:
            findings.error(loc, "there are no roads here, and so there are no speeds")
        elif fastest * speed > most:
            findings.error(
                loc,
                f"{units.say_share(speed)} of {units.say_speed(fastest)}, the fastest here, is "
                f"{units.say_speed(round(fastest * speed))}: faster than any road allows",
                f"at most {units.say_share(int(100 * most / fastest) / 100)}",
            )
    _check_vehicles(findings, scenario)
    if not findings.diagnostics and roads is not None:
        _check_together(findings, scenario, fastest)
    _check_priorities(findings, scenario)


def _check_vehicles(findings: Findings, scenario: Scenario) -> None:
    """Note teams of which nobody could tell how fast they are before they take a vehicle."""
    for name, team in scenario.teams.items():
        if not team.vehicles:
            continue
        speeds = {car: scenario.vehicles[car].speed for car in team.vehicles}
        if "speed" in team.model_fields_set:
            findings.error(
                ("teams", name, "speed"),
                "this is of a team's own vehicle, and it takes one of `vehicles`",
                "give these vehicles a speed",
            )
        elif len(set(speeds.values())) > 1:
            told = ", ".join(f"{car} {units.say_share(speed)}" for car, speed in speeds.items())
            findings.error(
                ("teams", name, "vehicles"),
                f"these vehicles are not as fast as each other ({told}), so nobody could tell when "
                "the team arrives before it takes one",
                "one speed, or a team for each",
            )


def _check_together(findings: Findings, scenario: Scenario, fastest: float) -> None:
    """Note a vehicle that is faster than any road allows with lights and sirens, in any weather."""
    sirens = [speed for _, speed in _by_priority(scenario)]
    weather = [w.speed for w in scenario.map.weather]
    others = max([1.0, *sirens]) * max([1.0, *weather])
    most = max(FAST / fastest, 1.0) if fastest else MOST_TIMES
    for loc, speed in _of_vehicles(scenario):
        if speed > 1 and speed * others > most:
            told = f"{units.say_share(speed * others)} of the ordinary speed"
            if fastest:
                told = units.say_speed(round(fastest * speed * others))
            findings.error(
                loc,
                f"with lights and sirens or in the best weather this is {told}: faster than any "
                "road allows",
                f"at most {units.say_share(int(100 * most / others) / 100)}",
            )


def ask_of_driving(findings: Findings, scenario: Scenario) -> None:
    """Ask about speeds by priority below the ordinary one, and about distances there are not."""
    for loc, speed in _by_priority(scenario):
        if speed < 1:
            said = f"{units.say_share(speed)} is slower than without lights and sirens"
            findings.warn(loc, f"{said}: is that meant?")
    for i, weather in enumerate(scenario.map.weather):
        if weather.speed > 1:
            said = f"{units.say_share(weather.speed)} is faster than in other weather"
            findings.warn(("map", "weather", i, "speed"), f"{said}: is that meant?")
    roads = scenario.map.roads
    if scenario.study.kilometres and (roads is None or roads.table is not None):
        here = "a table of times has" if roads is not None else "without roads there are"
        findings.warn(("study", "kilometres"), f"{here} no distances: only relocations are counted")


def _fastest(scenario: Scenario, edges: Sequence[RoadEdge]) -> float:
    """Return the fastest that anybody drives at ordinary speed; 0 where that is not known."""
    roads = scenario.map.roads
    if roads is None:
        return 0.0
    written = [s for s in (roads.speed.day, roads.speed.night) if s is not None]
    if roads.circuity is not None:
        return max((s.kmh or 0.0 for s in written), default=0.0)
    shares = [*(s.share or 1.0 for s in written), *(roads.speed.hours or ())]
    return max((edge.kmh for edge in edges), default=0.0) * max(shares, default=1.0)


def _by_priority(scenario: Scenario) -> Iterator[tuple[Loc, float]]:
    sirens = scenario.map.lights_and_sirens
    for leg in ("to_scene", "to_hospital"):
        for priority, speed in getattr(sirens, leg).items():
            yield (*_SIRENS, leg, str(priority)), speed


def _of_vehicles(scenario: Scenario) -> Iterator[tuple[Loc, float]]:
    for name, team in scenario.teams.items():
        if team.speed != 1:
            yield ("teams", name, "speed"), team.speed
    for name, vehicle in scenario.vehicles.items():
        if vehicle.speed != 1:
            yield ("vehicles", name, "speed"), vehicle.speed


def _speeds(scenario: Scenario) -> Iterator[tuple[Loc, float]]:
    """Yield each speed relative to the ordinary, and where it is written."""
    yield from _by_priority(scenario)
    yield from _of_vehicles(scenario)
    for i, weather in enumerate(scenario.map.weather):
        yield ("map", "weather", i, "speed"), weather.speed


def _check_priorities(findings: Findings, scenario: Scenario) -> None:
    """Warn of speeds for a priority that no callout has, or none that ends at a hospital."""
    kinds = scenario.demand.kinds.values()
    all_, taken = {k.priority for k in kinds}, {k.priority for k in kinds if k.to}
    for leg, known, what in (
        ("to_scene", all_, "no kind of callout has"),
        ("to_hospital", taken, "no kind of callout that ends at a hospital has"),
    ):
        for priority in getattr(scenario.map.lights_and_sirens, leg):
            if priority not in known:
                said = f"{what} priority {priority}: this changes nothing"
                findings.warn((*_SIRENS, leg, str(priority)), said)
