"""What is handed to the tables: one alternative's observations, and what to read them against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from sim.definitions import NOT_REACHED, default_primary
from sim.errors import SimError
from sim.local_clock import LocalClock
from sim.log import MS_PER_HOUR, Names
from sim.scenario.duty_hours.named_windows import NamedWindow, named_windows

from .observations import Observations

if TYPE_CHECKING:
    from sim.scenario import ScenarioFile
    from sim.scenario.fields.crews import TeamEntry
    from sim.scenario.fields.models import Kind, Scenario, Target


@dataclass(frozen=True, slots=True)
class Standards:
    """
    What alternatives are measured against.

    ``survival`` holds, by kind that declares it, the chance for a team on scene at once and the
    response time in which that chance halves [ms]; a kind that is not there declares nothing. For
    the kinds in ``rescued`` it is the time to rescue in place of the response time.
    """

    targets: tuple[Target, ...]
    survival: Mapping[str, tuple[float, int]]
    margin_time: int  # [ms] differences of times up to this do not matter
    margin_share: float  # the same of shares; 0.02 is two percentage points
    horizon: int  # [ms] up to which response times are averaged
    margin_unreached: float  # rise of the share not reached that is let pass
    primary: tuple[str, ...] = ()  # measures judged together over all callouts; empty: default
    attendance: bool = False  # whether full attendance is measured apart from the first team's
    pools: tuple[tuple[str, int], ...] = ()  # of volunteers: name, people
    asks_capabilities: bool = False  # whether a crew on call must have any among its people
    disruptions: frozenset[str] = frozenset()  # declared, words of ``Disruption``
    deferrable: frozenset[str] = frozenset()  # kinds of callouts that can wait
    rescued: frozenset[str] = frozenset()  # kinds whose survival runs until the rescue
    referrals: frozenset[str] = frozenset()  # hospitals outside the region
    least_reach: int = 0  # [ms] no callout counts as not reached before, for any horizon
    clock: LocalClock = field(default_factory=partial(LocalClock.fixed, 0))  # of the run
    by_place: bool = False  # whether callouts are grouped by place, too
    windows: tuple[NamedWindow, ...] = ()  # by which callouts are grouped, too

    def __post_init__(self) -> None:
        if not self.primary:
            own = default_primary(target.name for target in self.targets)
            object.__setattr__(self, "primary", own)

    @property
    def reach(self) -> int:
        """After how long a callout counts as not reached: the horizon, or more. [ms]"""
        return max(self.horizon, self.least_reach)


class Disruption:
    """The disruptions a scenario may declare; measured where it does."""

    ROADS = "roads"
    SCENE_HAZARD = "scene hazard"
    EXPLOSIVE_HAZARDS = "explosive hazards"
    EXPOSURE = "exposure"
    PERMISSION = "permission"
    DEFERRAL = "deferral"
    HOSPITALS = "hospitals"


HORIZONS = tuple(hours * MS_PER_HOUR for hours in (1, 2, 4, 8, 12, 24, 48, 72, 168))
LEAST_HORIZON, TIMES_THE_TARGET = 4 * MS_PER_HOUR, 24


def default_horizon(targets: Sequence[Target], length: int, first_response: int = 0) -> int:
    """
    Return the horizon of a scenario that declares none. [ms]

    Parameters
    ----------
    targets
        The scenario's.
    length
        Of the measured period. [ms]
    first_response
        What the longest response takes with a team free at once; used without targets. [ms]

    Notes
    -----
    It comes from the scenario, never from results: 24 times the longest target, rounded up to 1,
    2, 4, 8, 12, 24, 48 or 72 hours or a week, at least 4 hours and at most a quarter of the
    period. A short horizon would reward a rule for abandoning people: not to reach somebody would
    cost little more than to reach them late.

    Examples
    --------
    >>> default_horizon((), 28 * 86_400_000, 20 * 60_000) // 3_600_000
    8

    """
    longest = max((target.within for target in targets), default=first_response)
    wanted = max(TIMES_THE_TARGET * longest, LEAST_HORIZON)
    rounded = next((h for h in HORIZONS if h >= wanted), HORIZONS[-1])
    quarter = length // 4
    if rounded > quarter:
        rounded = max((h for h in HORIZONS if h <= quarter), default=max(quarter, 1))
    return max(rounded, max((target.within for target in targets), default=0))


def standards_of(
    scenario: Scenario, file: ScenarioFile | None = None, first_response: int = 0
) -> Standards:
    """
    Return what a scenario declares: its targets, values of coming soon, horizon and margins.

    A declared horizon may be shorter than the default, but nobody counts as reached or not by it:
    where people mostly wait longer than that, to abandon them would cost nothing. With its file
    also its disruptions, which tables may declare. ``first_response`` is as in
    `default_horizon`.
    """
    declared = {
        name: (kind.survival.initial, kind.survival.half_life)
        for name, kind in scenario.demand.kinds.items()
        if kind.survival is not None
    }
    margin = scenario.study.margin
    pools = tuple((name, pool.people) for name, pool in scenario.volunteers.items())
    attendance = needs_several(scenario)
    kinds = scenario.demand.kinds.items()
    study = scenario.study
    default = default_horizon(scenario.targets, scenario.clock.length, first_response)
    return Standards(
        scenario.targets,
        declared,
        margin.time,
        margin.share,
        study.horizon or default,
        margin.unreached,
        primary_of(scenario),
        attendance,
        pools,
        any(_asks_capabilities(scenario, team) for team in scenario.teams.values()),
        disruptions=frozenset() if file is None else disruptions_in(file),
        deferrable=frozenset(name for name, kind in kinds if kind.deferrable is not None),
        rescued=until_rescue(scenario),
        referrals=frozenset(h.name for h in file.hospitals if h.referral) if file else frozenset(),
        least_reach=default,
        clock=scenario.clock.local,
        by_place="place" in study.by,
        windows=named_windows(scenario) if "window" in study.by else (),
    )


def primary_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the primary measures that a study declares, if any; not reached is always one."""
    declared = scenario.study.primary
    return tuple(dict.fromkeys((NOT_REACHED, *declared))) if declared else ()


def until_rescue(scenario: Scenario) -> frozenset[str]:
    """Return the kinds whose declared survival runs until the work on scene is done."""
    kinds = scenario.demand.kinds.items()
    return frozenset(n for n, k in kinds if k.survival is not None and k.survival.until == "rescue")


def disruptions_in(file: ScenarioFile) -> frozenset[str]:
    """Return the disruptions of a scenario, as words of ``Disruption``."""
    ways, kinds = file.scenario.map, file.scenario.demand.kinds.values()
    limited = any(h.offload_bays or h.diverts_at or h.referral for h in file.hospitals)
    found = {
        Disruption.ROADS: bool(ways.closures or ways.checkpoints),
        Disruption.SCENE_HAZARD: any(kind.scene_hazard for kind in kinds),
        Disruption.EXPLOSIVE_HAZARDS: any(kind.explosive_hazard for kind in kinds),
        Disruption.EXPOSURE: any(k.exposure for k in kinds) or any(e.exposure for e in file.edges),
        Disruption.PERMISSION: any(kind.permission for kind in kinds),
        Disruption.DEFERRAL: any(kind.deferrable for kind in kinds),
        Disruption.HOSPITALS: limited or bool(file.hospital_closures),
    }
    return frozenset(word for word, there in found.items() if there)


def needs_several(scenario: Scenario) -> bool:
    """
    Return whether the first team on scene may be less than a callout needs.

    That is where a target asks for full attendance, or where a team could be sent to a kind of
    callout whose need it does not meet alone. Volunteers may leave with one person.
    """
    return any(target.attendance == "full" for target in scenario.targets) or any(
        _may_be_first(kind, brings) and not _is_enough(kind, people, brings)
        for kind in scenario.demand.kinds.values()
        for team in scenario.teams.values()
        for people, brings in _forms(team, scenario)
    )


def _forms(team: TeamEntry, scenario: Scenario) -> Iterator[tuple[int, set[str]]]:
    """Yield people and what they bring, with each vehicle that a team may take."""
    people, brings = team.crew, set(team.capabilities)
    if team.on_call is not None:
        people, brings = 1, brings | set(team.on_call.capabilities)
    if not team.vehicles:
        yield people, brings
    for name in team.vehicles:
        vehicle = scenario.vehicles[name]
        yield min(people, vehicle.seats), brings | set(vehicle.capabilities)


def _may_be_first(kind: Kind, brings: set[str]) -> bool:
    return not kind.needs or not brings.isdisjoint(kind.needs)


def _is_enough(kind: Kind, people: int, brings: set[str]) -> bool:
    alone = len(set(kind.needs)) == len(kind.needs)  # `[pump, pump]` is two teams
    return alone and people >= kind.crew and brings >= set(kind.needs)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Sample:
    """
    One alternative's observations with the data needed to read them.

    Raises
    ------
    SimError
        When there is not one number for each replication.

    """

    name: str
    observations: Observations
    names: Names
    standards: Standards
    end: int  # length of the measured period [ms]
    numbers: tuple[int, ...]  # the replications' own numbers, in the order stacked

    def __post_init__(self) -> None:
        if len(self.numbers) != self.observations.replications:
            raise SimError(
                f"{self.name}: {len(self.numbers)} numbers are given for "
                f"{self.observations.replications} replications; each needs its own"
            )


def _asks_capabilities(scenario: Scenario, team: TeamEntry) -> bool:
    """Return whether a crew on call must have any capability among its people."""
    if team.on_call is None:
        return False
    declared = (scenario.capabilities.get(name) for name in team.capabilities)
    return bool(team.on_call.capabilities) or any(own and own.never_without for own in declared)
