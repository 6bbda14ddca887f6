"""What a crew on call waits for: how many people, and which capabilities among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..fields.crews import TeamEntry
    from ..fields.models import Scenario


class CrewRequirement(NamedTuple):
    """
    What a crew on call waits for until its time-out, and how many of its volunteers have it.

    Volunteers are numbered from 0, and each capability is given out from the first on.
    """

    minimum: int  # people
    assembly_timeout: int  # from dispatched [ms]
    capabilities: tuple[str, ...]
    never_without: tuple[str, ...]  # of these: it does not turn out at its time-out either
    volunteers_with: Mapping[str, int]

    def lacking(self, people: Iterable[int]) -> tuple[str, ...]:
        """Return the required capabilities that none of these people has."""
        first = min(people, default=None)  # whoever comes first has all that the others have
        return tuple(
            name
            for name in self.capabilities
            if first is None or first >= self.volunteers_with.get(name, 0)
        )


def crew_requirement(scenario: Scenario, team: TeamEntry) -> CrewRequirement | None:
    """
    Return what the crew of a team waits for; None for a team that is not on call.

    A capability that a crew never turns out without is required of its people also where the team
    has it as its own: then it is they who bring it.
    """
    on_call = team.on_call
    if on_call is None:
        return None
    declared = scenario.capabilities
    never = {name for name, meaning in declared.items() if meaning.never_without}
    own = (name for name in team.capabilities if name in never)
    required = tuple(dict.fromkeys((*on_call.capabilities, *own)))
    return CrewRequirement(
        on_call.minimum or team.crew,
        on_call.assembly_timeout,
        required,
        tuple(name for name in required if name in never),
        scenario.volunteers[on_call.volunteers].capabilities,
    )


def crew_requirements(scenario: Scenario) -> tuple[CrewRequirement | None, ...]:
    """Return what each crew waits for, by the number of its team."""
    return tuple(
        crew_requirement(scenario, team)
        for team in scenario.teams.values()
        for _ in range(team.count)
    )
