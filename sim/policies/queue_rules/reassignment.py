"""Reassignment: which teams on their way to one callout may be sent to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from sim.log import NO_ACCESS
from sim.scenario.fields.quantities import Duration

from ..rule_basis.board import CalloutView
from ..rule_basis.common import Level
from ..rule_basis.views import ReassignmentView


@dataclass(frozen=True, slots=True)
class Never:
    """Let every team that was sent arrive."""

    source = "standard practice of small services"

    def __call__(self, callout: CalloutView, view: ReassignmentView) -> tuple[Sequence[int], str]:
        """Return nobody."""
        return ((), "")


@dataclass(frozen=True, slots=True)
class ByPriority:
    """
    Send teams under way on to a more urgent callout where that saves enough time.

    A team on its way to a callout of priority ``p`` may be sent to one of priority ``r`` if
    ``allow[r]`` names ``p``; without ``allow``, if ``r`` is more urgent than ``p``. It must arrive
    sooner than the first free team by at least ``saving``, and a callout loses no more than
    ``at_most`` teams. The limits keep two callouts from taking a team from each other forever. The
    callout left behind is served at once from the teams still free, or waits.
    """

    source = (
        "practice of emergency medical services; the least saving is our own, so that teams "
        "are not sent to and fro"
    )

    saving: Annotated[
        Duration, Field(ge=0, description="Least time that a reassignment must save. [duration]")
    ] = 180_000
    at_most: Annotated[
        int, Field(ge=1, le=100, description="Teams that one callout may lose at most.")
    ] = 1
    allow: Annotated[
        dict[Level, tuple[Level, ...]] | None,
        Field(description="For each priority, from which others it may take, as {1: [3, 4, 5]}."),
    ] = None

    def __call__(self, callout: CalloutView, view: ReassignmentView) -> tuple[Sequence[int], str]:
        """Return the teams that may be reassigned to this callout."""
        mine = callout.priority
        fits = [
            team
            for team, arrival, other, lost in zip(
                view.teams, view.arrivals, view.callouts, view.reassigned, strict=True
            )
            if lost < self.at_most
            and arrival < NO_ACCESS
            and arrival + self.saving <= view.best
            and self._may_take(mine, other.priority)
        ]
        if not fits:
            return ((), "")
        return (
            fits,
            f"may be reassigned: more urgent, and at least {self.saving // 1000} s sooner",
        )

    def _may_take(self, mine: int, other: int) -> bool:
        return mine < other if self.allow is None else other in self.allow.get(mine, ())


RULES: dict[str, type] = {"never": Never, "by_priority": ByPriority}
