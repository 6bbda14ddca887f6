"""How fast the vehicles of teams are, of the ordinary one."""

from __future__ import annotations

from .crews import TeamEntry
from .models import Scenario


def speed_of(scenario: Scenario, team: TeamEntry) -> float:
    """Return how fast a team's vehicle is; those it may take are equally fast, which is checked."""
    return scenario.vehicles[team.vehicles[0]].speed if team.vehicles else team.speed


def speeds_of(scenario: Scenario) -> tuple[float, ...]:
    """Return the speeds of all vehicles that are not ordinary, each once and in order."""
    found = {speed_of(scenario, team) for team in scenario.teams.values()}
    return tuple(sorted(found - {1.0}))
