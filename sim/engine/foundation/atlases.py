"""
The maps that policies are handed: one for each state of the roads that the dispatcher can believe.

The engine works out all travel times before a run, those of later closures too. A policy must not
find them, so it is handed the map of what is believed at the moment it is asked, and nothing leads
from there to another one.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from sim.policies import Atlas
from sim.policies.rule_basis.views import MOST_CACHED
from sim.world import Fleet, TeamSpec, World, expected


class Atlases(dict[int, Atlas]):
    """The maps of a world by travel period, each made when it is first believed."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    @cached_property
    def _first(self) -> Atlas:
        return _first(self._world)

    def __missing__(self, period: int) -> Atlas:
        times, own = self._world.travel.times, self._world.team_periods
        by_team = () if own is None else tuple([times[periods[period]] for periods in own])
        found = self[period] = replace(self._first, times=times[period], team_times=by_team)
        return found

    def trim(self) -> None:
        """Empty the caches of all maps once they have more entries than one cache may have."""
        if sum(len(atlas._shared) for atlas in self.values()) > MOST_CACHED:
            for atlas in self.values():
                atlas._shared.clear()


class OwnAtlases(dict[int, Atlas]):
    """The same maps for one rule of one run, which keeps what it likes with each."""

    def __init__(self, atlases: Atlases) -> None:
        super().__init__()
        self._atlases = atlases

    def __missing__(self, period: int) -> Atlas:
        found = self[period] = self._atlases[period].own()
        return found

    def forget(self) -> None:
        """Empty the rule's caches, as at the end of a run."""
        for atlas in self.values():
            atlas.forget()


def _first(world: World) -> Atlas:
    """Return the map of the first period, which no policy is handed as it is."""
    total = sum(world.weights) or 1.0
    crews = world.fleet.crews
    scenario = world.scenario
    turnout = round(sum(crew.expected_turnout for crew in crews) / len(crews))
    return Atlas(
        places=world.names.places,
        weights=tuple(round(1_000_000 * weight / total) for weight in world.weights),
        times=world.travel.times[0],
        bases=world.fleet.bases,
        base_places=world.fleet.base_places,
        teams=world.names.teams,
        team_bases=tuple(crew.base for crew in crews),
        areas=world.names.areas,
        team_people=tuple(crew.people for crew in crews),
        team_capabilities=tuple(could_bring(world.fleet, crew) for crew in crews),
        kinds=world.names.kinds,
        hospitals=world.names.hospitals,
        hospital_places=world.hospitals,
        referrals=tuple(n for n, row in enumerate(world.file.hospitals) if row.referral),
        local_travel=expected(scenario.map.local_travel),
        dispatch_while_returning=scenario.dispatch_centre.dispatch_while_returning,
        team_speeds=tuple(crew.speed for crew in crews) if world.team_periods else (),
        delay=expected(scenario.dispatch_centre.call_handling)
        + turnout
        + expected(scenario.map.local_travel),
    )


def could_bring(fleet: Fleet, crew: TeamSpec) -> int:
    """Return the capabilities of a team and of the vehicles it may take, one bit each."""
    brings = crew.capabilities
    for number in crew.vehicles:
        brings |= fleet.vehicles[number].capabilities
    return brings
