"""The parts of a scenario that are there from an instant, or until one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ..fields.models import Scenario
from ..fields.quantities import Moment
from ..text.source import Loc


class DatedPart(Protocol):
    """What has a first and a last instant, where they are given."""

    @property
    def begins(self) -> Moment | None:
        """From when."""

    @property
    def until(self) -> Moment | None:
        """Until when."""


def dated_parts(scenario: Scenario) -> Iterator[tuple[Loc, DatedPart]]:
    """Yield all that may have dates, and where it is written; targets last."""
    hospitals = scenario.map.hospitals
    sections: tuple[tuple[Loc, dict[str, DatedPart]], ...] = (
        (("demand", "kinds"), {**scenario.demand.kinds}),
        (("bases",), {**scenario.bases}),
        (("map", "hospitals"), {**hospitals} if isinstance(hospitals, dict) else {}),
        (("shifts",), {**scenario.shifts}),
        (("teams",), {**scenario.teams}),
        (("volunteers",), {**scenario.volunteers}),
    )
    for loc, parts in sections:
        for name, part in parts.items():
            yield (*loc, name), part
    for i, target in enumerate(scenario.targets):
        yield ("targets", i), target
