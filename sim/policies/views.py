"""
What a policy may see, and what it answers.

A callout is need, place and time; a team is a number with a predicted arrival. Nothing here
leads to who people are, because the model does not know it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol


class CalloutView(Protocol):
    """A callout as the desk knows it. Instants in ms."""

    @property
    def number(self) -> int:
        """Its number in the order received."""

    @property
    def kind(self) -> int:
        """Which kind."""

    @property
    def priority(self) -> int:
        """1 is the most urgent."""

    @property
    def place(self) -> int:
        """Which place."""

    @property
    def received(self) -> int:
        """When it was received. [ms]"""

    @property
    def ready(self) -> int:
        """When it was ready to dispatch. [ms]"""


@dataclass(frozen=True)
class Atlas:
    """The map as policies may use it; the same for a whole run."""

    places: tuple[str, ...]
    weights: tuple[int, ...]  # share of the demand of each place [per million]
    times: tuple[Any, ...]  # per speed period: place to place [ms], shape (places, places)
    bases: tuple[str, ...]
    base_places: tuple[int, ...]
    teams: tuple[str, ...]
    team_bases: tuple[int, ...]
    delay: int  # expected time before the wheels turn, plus the last mile [ms]
    notes: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def noted(self, key: Any, work_out: Callable[[], Any]) -> Any:
        """Return what was worked out under ``key`` before, or work it out now."""
        if key not in self.notes:
            if len(self.notes) > 100_000:  # a memory bound, not a tuning: results do not change
                self.notes.clear()
            self.notes[key] = work_out()
        return self.notes[key]


class DeskView(NamedTuple):
    """The desk at the moment somebody has to be sent."""

    now: int  # [ms]
    teams: Sequence[int]  # free teams that bring something needed and can get there, any order
    arrivals: Sequence[int]  # expected time until each is on scene [ms]
    free: int  # teams free, whether they could help or not
    waiting: int  # callouts waiting, this one not counted
    atlas: Atlas


class FreeTeamView(NamedTuple):
    """A team that has just become free and that nobody needs at once."""

    now: int  # [ms]
    team: int
    home: int  # its own base
    drives: Sequence[int]  # time from where it is to each base [ms]
    idle: tuple[int, ...]  # how many other free teams wait at, or drive to, each base
    period: int  # speed period, day 0 or night 1
    atlas: Atlas


class HospitalView(NamedTuple):
    """A patient to be taken to hospital."""

    now: int  # [ms]
    hospitals: Sequence[int]
    drives: Sequence[int]  # time from the scene to each [ms]


Decision = tuple[int | None, str]
"""An answer: which of the candidates, or ``None`` for nobody, and why."""


class Dispatch(Protocol):
    """Who goes. Asked again until the callout's need is met or nobody useful is free."""

    def __call__(self, callout: CalloutView, desk: DeskView) -> Decision:
        """Return one of ``desk.teams``, or ``None`` to let the callout wait."""


class Queue(Protocol):
    """Who is served next when several callouts wait."""

    @property
    def waits(self) -> bool:
        """Whether callouts wait at all; where not, one that finds nobody is lost."""

    def __call__(self, callout: CalloutView) -> tuple[int, ...]:
        """Return the callout's place in the queue: the least is served first."""


class Relocation(Protocol):
    """Where a free team waits."""

    def __call__(self, view: FreeTeamView) -> Decision:
        """Return the number of a base; an empty ``why`` means nothing was decided."""


class Destination(Protocol):
    """Where a patient is taken."""

    def __call__(self, callout: CalloutView, view: HospitalView) -> Decision:
        """Return one of ``view.hospitals``, or ``None`` where there is no way to any."""


@dataclass(frozen=True, slots=True)
class PolicySet:
    """An alternative's policies, one of each kind."""

    name: str
    dispatch: Dispatch
    queue: Queue
    relocation: Relocation
    destination: Destination
