"""
Staffing: who is called in beyond the roster.

Rules name teams that have a ``reserve`` in the scenario: volunteers at home, off-duty watches,
teams of a neighbouring region. They are asked after each callout and at each full hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Annotated

from pydantic import Field

from sim.scenario.fields.quantities import Duration

from ..rule_basis.views import StaffingView

Called = tuple[Sequence[int], int, str]
Named = tuple[tuple[str | int, ...], str, str]
Ready = tuple[int, int, int]
"""A team of the reserve: its delay [ms], its number, how long it stays [ms]."""

Threshold = Annotated[int, Field(ge=0, le=10_000)]
FreeBelow = Annotated[Threshold, Field(description="Call in when fewer teams than this are free.")]
WaitingFrom = Annotated[
    Threshold, Field(ge=1, description="Call in at this number of pending callouts.")
]
Teams = Annotated[
    tuple[str, ...], Field(description="Teams it may call in; all in reserve if none is named.")
]


@dataclass(frozen=True, slots=True)
class Fixed:
    """Keep to the roster; nobody is called in."""

    source = "standard practice"

    def __call__(self, view: StaffingView) -> Called:
        """Return nobody."""
        return _nobody(view)


@dataclass(frozen=True, slots=True)
class CallIn:
    """
    Call in one more team whenever few are free or callouts are pending, the soonest first.

    A team that has been called in is not counted before it is on duty, so while the reason lasts,
    each callout calls in one more. It stays as long as its ``reserve`` says.
    """

    source = "practice of volunteer and retained services: recall of off-duty crews at thresholds"

    free_below: FreeBelow = 2
    waiting_from: WaitingFrom = 1
    teams: Teams = ()

    def __call__(self, view: StaffingView) -> Called:
        """Return the soonest team of the reserve, if one is needed."""
        why = _short(view, self.free_below, self.waiting_from)
        return _soonest(view, _named(view, self.teams), why)

    def names(self) -> Iterator[Named]:
        """Yield the teams that parameters name."""
        return _teams_named("teams", self.teams)


@dataclass(frozen=True, slots=True)
class MutualAid:
    """
    Call in the own reserve at one threshold, and neighbours at another.

    ``outside`` are the neighbours' teams; their delay is the way from their region. They are
    asked for when ``waiting_from`` callouts are pending, whether or not the own reserve is
    exhausted.
    """

    source = "mutual aid between fire and rescue services; thresholds are local agreements"

    outside: Annotated[tuple[str, ...], Field(min_length=1, description="Teams of neighbours.")]
    free_below: Annotated[
        Threshold, Field(description="Call in own teams when fewer than this are free.")
    ] = 2
    waiting_from: Annotated[
        Threshold, Field(ge=1, description="Ask neighbours at this number of pending callouts.")
    ] = 2

    def __call__(self, view: StaffingView) -> Called:
        """Return the soonest own team, or the soonest of the neighbours'."""
        numbers = {view.atlas.teams.index(name) for name in self.outside}
        ready = _named(view, ())
        own = [entry for entry in ready if entry[1] not in numbers]
        others = [entry for entry in ready if entry[1] in numbers]
        if others and view.waiting >= self.waiting_from:
            return _soonest(view, others, f"{view.waiting} waiting: mutual aid")
        return _soonest(view, own, _short(view, self.free_below, view.waiting + 1))

    def names(self) -> Iterator[Named]:
        """Yield the teams that parameters name."""
        return _teams_named("outside", self.outside)


@dataclass(frozen=True, slots=True)
class SurgeStaffing:
    """
    Bring half of the reserve on duty at once; the other half takes over when the first half rests.

    With ``reserve: {duration: 12 h, minimum_rest: 12 h}`` this is the roster of a long emergency,
    twelve hours on and twelve off. It begins when few teams are free or callouts are pending, and
    continues at each full hour while this holds.
    """

    source = "12-hour operational periods in long incidents (ICS practice); reserve's own times"

    free_below: FreeBelow = 2
    waiting_from: WaitingFrom = 1
    teams: Teams = ()

    def __call__(self, view: StaffingView) -> Called:
        """Return the half of the reserve that is not on duty or at rest."""
        why = _short(view, self.free_below, self.waiting_from)
        ready = sorted(_named(view, self.teams))
        total = len(self.teams) or view.reserves
        half = ready[: max(ceil(total / 2) - view.called, 0)]
        if not why or not half:
            return _nobody(view)
        until = view.now + max(delay + lasts for delay, _, lasts in half)
        return ([team for _, team, _ in half], until, f"surge: {why}")

    def names(self) -> Iterator[Named]:
        """Yield the teams that parameters name."""
        return _teams_named("teams", self.teams)


@dataclass(frozen=True, slots=True)
class DemandFollowing:
    """
    Keep as many teams on duty as the hour's demand asks for.

    With a load of ``a`` teams kept busy on average, ``a + beta sqrt(a)`` are wanted (the square-
    root rule); what the roster lacks is called in for ``at_least``. The load is the expected
    one, from the scenario's rates: it is a roster made in advance, not a reaction.
    """

    source = (
        'square-root staffing: S. Halfin, W. Whitt, "Heavy-traffic limits for queues with many '
        'exponential servers", Oper. Res. 29(3), 1981, 567-588; L. V. Green, P. J. Kolesar, '
        'W. Whitt, "Coping with time-varying demand when setting staffing requirements for a '
        'service system", Prod. Oper. Manag. 16(1), 2007, 13-39'
    )

    beta: Annotated[
        float, Field(ge=0, le=10, description="Safety: standard deviations above the mean load.")
    ] = 1.0
    least: Annotated[Threshold, Field(description="Teams on duty at every hour, at least.")] = 0
    at_least: Annotated[
        Duration, Field(gt=0, description="How long a team is called in for. [duration]")
    ] = 14_400_000

    def __call__(self, view: StaffingView) -> Called:
        """Return as many teams as are lacking, the soonest first."""
        load = view.load / 1000
        wanted = max(ceil(load + self.beta * sqrt(load)), self.least)
        lacking = wanted - view.on_duty - view.coming
        ready = sorted(_named(view, ()))[: max(lacking, 0)]
        if not ready:
            return _nobody(view)
        until = view.now + max(delay for delay, _, _ in ready) + self.at_least
        why = f"{view.on_duty} on duty, {wanted} wanted for a load of {load:.1f}"
        return ([team for _, team, _ in ready], until, why)


def _teams_named(parameter: str, teams: Sequence[str]) -> Iterator[Named]:
    return (((parameter, i), "team", name) for i, name in enumerate(teams))


def _short(view: StaffingView, free_below: int, waiting_from: int) -> str:
    """Return why more teams are needed; empty if they are not."""
    if view.waiting >= waiting_from:
        return f"{view.waiting} waiting"
    if view.free < free_below:
        return f"{view.free} free, fewer than {free_below}"
    return ""


def _nobody(view: StaffingView) -> Called:
    return ((), view.now, "")


def _soonest(view: StaffingView, ready: Sequence[Ready], why: str) -> Called:
    """Return the soonest of the teams, where there is one and a reason."""
    if not why or not ready:
        return _nobody(view)
    delay, team, lasts = min(ready)
    return ((team,), view.now + delay + lasts, why)


def _named(view: StaffingView, names: Sequence[str]) -> list[Ready]:
    """Return the reserve, all or those named."""
    wanted = {view.atlas.teams.index(name) for name in names} if names else set(view.reserve)
    return [
        (delay, team, lasts)
        for team, delay, lasts in zip(view.reserve, view.delays, view.lasts, strict=True)
        if team in wanted
    ]


RULES: dict[str, type] = {
    "fixed": Fixed,
    "call_in": CallIn,
    "mutual_aid": MutualAid,
    "surge": SurgeStaffing,
    "demand_following": DemandFollowing,
}
