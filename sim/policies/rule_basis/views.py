"""
What a policy may see, and what it answers.

A callout is need, place and time; a team is a number with a predicted arrival. Nothing here
leads to who people are, because the model does not know it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from .board import CalloutView, StatusBoard

MOST_CACHED = 100_000  # entries of a cache: a bound on memory, not a tuning; results do not change


@dataclass(frozen=True)
class Atlas:
    """
    The map as the dispatcher believes it now: all that is known of places, roads and teams.

    ``times`` are those over the roads as they are known at this moment: at the speed of this hour,
    with closures that were announced or met by a team. A closure that is not known yet is not in
    them, nor is anything that comes later. A rule that is asked about a callout is handed the map
    at the speed of drives to its priority, where lights and sirens make these faster. ``times`` are
    those of the ordinary vehicle; a team's own are ``times_of`` it. When what is believed changes,
    a policy is handed another map; only times differ. What was believed before is believed again
    with the same map, as every day and every night.

    It holds two caches. What a rule keeps with ``cached`` is that rule's alone: the engine hands
    each rule of each run maps of its own, see ``own``. Results of functions of the map are in the
    other, which all these maps share; only `caching.cached_on_map` writes there. A map made by
    ``dataclasses.replace`` is another map, and shares neither.
    """

    places: tuple[str, ...]
    weights: tuple[int, ...]  # share of the demand of each place [per million]
    times: tuple[tuple[int, ...], ...]  # place to place, as believed now; or ``NO_ACCESS`` [ms]
    bases: tuple[str, ...]
    base_places: tuple[int, ...]
    teams: tuple[str, ...]
    team_bases: tuple[int, ...]
    delay: int  # expected time before a team moves, plus local travel [ms]
    areas: tuple[str, ...] = ()  # of each place: where it is counted in tables
    team_people: tuple[int, ...] = ()
    team_capabilities: tuple[int, ...] = ()  # a bit each
    kinds: tuple[str, ...] = ()
    hospitals: tuple[str, ...] = ()
    hospital_places: tuple[int, ...] = ()
    referrals: tuple[int, ...] = ()  # hospitals outside the region, for when others are full
    local_travel: int = 0  # expected, part of ``delay`` [ms]
    dispatch_while_returning: bool = True  # whether a team can be sent on its way home
    # of each team's vehicle: its speed, of the ordinary one, and its ``times`` [ms]; both empty
    # where all vehicles are ordinary
    team_speeds: tuple[float, ...] = ()
    team_times: tuple[tuple[tuple[int, ...], ...], ...] = ()
    _cache: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    _shared: dict[Hashable, Any] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def times_of(self, team: int) -> tuple[tuple[int, ...], ...]:
        """Return ``times`` by the vehicle of a team, which may be slower than the ordinary one."""
        return self.team_times[team] if self.team_times else self.times

    def cached(self, key: Hashable, work_out: Callable[[], Any]) -> Any:
        """
        Return what this rule worked out from this map under ``key`` before, or work it out now.

        No other rule, alternative or replication sees it. What is worked out must follow from the
        key, the map and the rule's own parameters: anything else it depends on belongs in the key.
        """
        cache = self._cache
        if key not in cache:
            if len(cache) >= MOST_CACHED:
                cache.clear()
            cache[key] = work_out()
        return cache[key]

    def forget(self) -> None:
        """Empty this rule's cache, as the engine does at the end of a run."""
        self._cache.clear()

    def own(self) -> Atlas:
        """Return the same map with an empty cache, for one rule of one run."""
        mine = copy(self)
        object.__setattr__(mine, "_cache", {})
        return mine


class DispatchView(NamedTuple):
    """The dispatcher at the moment somebody has to be sent."""

    now: int  # [ms]
    teams: Sequence[int]  # free teams that bring something needed and can get there, any order
    arrivals: Sequence[int]  # expected time until each is on scene [ms]
    free: int  # teams free, whether they could help or not
    waiting: int  # callouts waiting, this one not counted
    atlas: Atlas
    people: int = 1  # still needed
    capabilities: int = 0  # still needed, a bit each
    board: StatusBoard = StatusBoard()


class ReassignmentView(NamedTuple):
    """Teams on their way to a callout that could help at another; parallel, in order of number."""

    now: int  # [ms]
    best: int  # when the first free team could be there, ``NO_ACCESS`` if nobody is free [ms]
    teams: Sequence[int]
    arrivals: Sequence[int]  # expected time until each would be at the new callout [ms]
    callouts: Sequence[CalloutView]  # to which each is on its way
    due: Sequence[int]  # expected time until each is there [ms]
    reassigned: Sequence[int]  # how many teams that callout has lost to others already
    atlas: Atlas
    board: StatusBoard = StatusBoard()


class QueueView(NamedTuple):
    """What a queue rule may weigh next to the callout itself."""

    now: int  # [ms]
    soonest: (
        int  # time until the first free team that can help would be there, or ``NO_ACCESS`` [ms]
    )
    atlas: Atlas
    board: StatusBoard = StatusBoard()


class FreeTeamView(NamedTuple):
    """A team that has just become free and that nobody needs at once."""

    now: int  # [ms]
    team: int
    home: int  # its own base
    drives: Sequence[int]  # time from where it is to each base [ms]
    idle: tuple[int, ...]  # how many other free teams wait at, or drive to, each base
    atlas: Atlas
    board: StatusBoard = StatusBoard()


class FleetView(NamedTuple):
    """All free teams, for rules that may move any of them; parallel, in order of number."""

    now: int  # [ms]
    freed: int | None  # the team that has just become free, if that is why the rule is asked
    teams: Sequence[int]
    at: Sequence[int]  # the base at which each waits or to which it is bound
    homes: Sequence[int]  # the base to which each belongs
    drives: Sequence[Sequence[int]]  # time from where each is to every base [ms]
    moves: Sequence[int]  # how often each was moved in the last 24 hours
    atlas: Atlas
    board: StatusBoard = StatusBoard()


class HospitalView(NamedTuple):
    """
    A patient to be taken to hospital; parallel, in the order of the file.

    Hospitals that are closed are left out, and full ones while any other has a way to it. Full
    are those that the scenario gives a limit (``diverts_at``) which is reached.

    ``waits`` is empty where no hospital has ``offload_bays``. It is a forecast: those there, and
    those due there before this team, go in by arrival and take what their kinds take on average.
    """

    now: int  # [ms]
    hospitals: Sequence[int]
    drives: Sequence[int]  # time from the scene to each [ms]
    bound: Sequence[int] = ()  # teams at each hospital or on their way to it
    handover: int = 0  # expected for this kind of callout [ms]
    atlas: Atlas | None = None
    waits: Sequence[int] = ()  # expected offload delay of a team that arrives then [ms]
    board: StatusBoard = StatusBoard()


class StaffingView(NamedTuple):
    """Who is on duty and who could be called in; asked after each callout and at each full hour."""

    now: int  # [ms]
    hour: int  # local hour of day, 0 to 23
    on_duty: int  # teams on duty, those called in included
    free: int
    waiting: int  # callouts waiting
    load: int  # teams that the callouts expected within the hour keep busy [per thousand]
    coming: int  # teams called in that are not on duty yet
    called: int  # teams called in that are on duty or coming
    reserves: int  # teams that can be called in at all, those resting or called in included
    reserve: Sequence[int]  # teams that could be called in now
    delays: Sequence[int]  # expected time until each would be on duty [ms]
    lasts: Sequence[int]  # how long each stays when called in [ms]
    atlas: Atlas
    board: StatusBoard = StatusBoard()


Decision = tuple[int | None, str]
"""An answer: which of the candidates, or ``None`` for nobody, and why."""


class Dispatch(Protocol):
    """Who goes. Asked again until the callout's need is met or nobody useful is free."""

    def __call__(self, callout: CalloutView, view: DispatchView) -> Decision:
        """Return one of ``view.teams``, or ``None`` to let the callout wait."""


class Reassignment(Protocol):
    """Which teams that are on their way to one callout may be sent to another."""

    def __call__(self, callout: CalloutView, view: ReassignmentView) -> tuple[Sequence[int], str]:
        """Return the teams among ``view.teams`` that the dispatch rule may choose, and why."""


class Queue(Protocol):
    """
    Who is served next when several callouts wait.

    A rule whose order changes with time or teams has a class attribute ``changes = True``; one
    that takes teams away from less urgent callouts has ``preempts = True``.
    """

    @property
    def waits(self) -> bool:
        """Whether callouts wait at all; where not, one that finds nobody is lost."""

    def __call__(self, callout: CalloutView, view: QueueView) -> tuple[int, ...]:
        """Return the callout's place in the queue: the least is served first."""


class Relocation(Protocol):
    """Where a free team waits."""

    def __call__(self, view: FreeTeamView) -> Decision:
        """Return the number of a base; an empty ``why`` means nothing was decided."""


class FleetRelocation(Protocol):
    """Where free teams wait, for rules that may move any of them: ``moves_all = True``."""

    def __call__(self, view: FleetView) -> tuple[Sequence[int], str]:
        """Return a base for each of ``view.teams``, in their order, and why."""


class Destination(Protocol):
    """Where a patient is taken."""

    def __call__(self, callout: CalloutView, view: HospitalView) -> Decision:
        """Return one of ``view.hospitals``, or ``None`` where there is no access to any."""


class Staffing(Protocol):
    """Who is called in beyond the roster."""

    def __call__(self, view: StaffingView) -> tuple[Sequence[int], int, str]:
        """Return teams among ``view.reserve``, until when they stay [ms], and why."""


class Routing(Protocol):
    """By which road. Asked before the run, for every road: nothing is worked out during it."""

    def __call__(self, road: Road) -> float | None:
        """Return the cost of a road; a route has the least total. None: never taken."""


class Road(NamedTuple):
    """A road in one direction."""

    metres: int
    drive: int  # expected time along it [ms]
    sd: int  # standard deviation of that time [ms]
    exposure: float  # declared danger, 0 none; 1 for each minute there counts as one minute more
    open: bool  # False: a no-go road
