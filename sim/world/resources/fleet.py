"""
Teams, the volunteers and vehicles they draw on, and what callouts need of them.

All as numbers, so that a run compares no text. A capability is a bit, given out in the order in
which the scenario first names it; sets of capabilities are integers, and the bits of one world mean
nothing in another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.scenario import Distribution, Scenario, TeamEntry, crew_requirement
from sim.scenario.duty_hours.rosters import Interval, Window, breaks_of, duty_of
from sim.scenario.fields.crews import CrewLimits
from sim.scenario.fields.quantities import Moment
from sim.scenario.fields.transports import carrier_of

from ..variates.durations import expected


@dataclass(frozen=True, slots=True)
class CrewAssembly:
    """
    How the crew of a team on call comes together. Times in ms.

    What a dispatcher expects is an assumption: the mean answer and the mean journey of those
    alerted at once. The last of several people takes longer than the mean, and a refusal costs
    time.
    """

    pool: int  # number of the volunteers
    waves: tuple[tuple[int, int], ...]  # after how long from dispatched how many more are alerted
    replace: bool  # a refusal alerts the next person
    minimum: int  # people needed to turn out before the time-out
    capabilities: int  # that must be among them before the time-out, a bit each
    never_without: int  # of these, those without which it does not turn out at the time-out either
    assembly_timeout: int  # from dispatched; then it turns out with those present, if any
    expected: (
        int  # what a dispatcher expects from dispatched to turned out; at most ``assembly_timeout``
    )


@dataclass(frozen=True, slots=True)
class VolunteerPool:
    """
    Volunteers on call from home.

    Each capability is given out from the first person on: with ``{medic: 2, boat: 1}`` the first
    person has both and the second is a medic. So one person has as many as possible: an assumption,
    since a scenario says how many have each and not who has which together.

    A person accepts an alert with probability
    ``acceptance * hours[hour] * (1 - alert_fatigue) ** alerts of the last 24 hours``. That form is
    an assumption too; no source for it is known to us.
    """

    number: int
    name: str  # by which its draws are keyed
    people: int
    capabilities: tuple[int, ...]  # of each person, a bit each
    acceptance: float  # share of alerts that are accepted, in [0, 1]
    hours: tuple[float, ...]  # acceptance by hour of day, relative to ``acceptance``; shape (24,)
    alert_fatigue: float  # by what share each recent alert lowers acceptance, in [0, 1]
    no_show: float  # share of those who accept and never reach the base, in [0, 1]
    answer_delay: Distribution  # alert to answer, accepted or refused
    travel_to_base: Distribution  # accepted to arrived at the base
    until: int | None = None  # nobody is alerted from then on [ms]


@dataclass(frozen=True, slots=True)
class CallInTimes:
    """How a team in reserve is called in. Times in ms."""

    delay: Distribution  # call-in to on duty at its base
    expected: int  # mean delay, which is what a staffing rule sees
    duration: int  # how long it stays on duty, unless the rule says otherwise
    minimum_rest: int  # off duty before it can be called in again
    key: str  # names the team for its draws, as ``Vehicle.key``


@dataclass(frozen=True, slots=True)
class Vehicle:
    """
    One vehicle that teams share.

    ``key`` names it for its draws: ``car 1`` is the same one whether there are one or two of them.
    """

    number: int
    name: str
    base: int  # number of its base
    capabilities: int  # that it adds to the team which takes it, a bit each
    seats: int  # people that it takes along
    available: float  # share of the time in service, in the long run, in [0, 1]
    time_to_repair: Distribution | None  # out of service to in service; None: it never fails
    key: str


@dataclass(frozen=True, slots=True)
class TeamSpec:
    """
    A team as the scenario describes it, in numbers; what a run changes of it is not here.

    Of ``count`` teams of one entry each is one of its own, with its number after the name.
    """

    number: int
    name: str  # by which the draws of its drives are keyed
    base: int  # number of its base
    place: int  # where the base stands
    people: int  # of a full crew
    capabilities: int  # its own, and those its volunteers must have among them; bits
    on_scene_index: int  # which of ``Marks.on_scene`` is its own
    turnout: int  # which of ``Marks.turnout`` is its own
    expected_turnout: int  # dispatched to wheels turning: mean turnout, or assembly [ms]
    duty: tuple[Interval, ...]  # on duty from, until [ms]; apart and in order
    breaks: tuple[Window, ...] = ()  # rests: earliest and latest begin, length [ms]; in order
    limits: CrewLimits | None = None  # of its duty between two rests [ms]
    assembly_spec: CrewAssembly | None = None  # for volunteers on call
    reserve: CallInTimes | None = None  # for teams that only a staffing rule brings on duty
    vehicles: tuple[int, ...] = ()  # that it may take, in order of preference; none: its own


@dataclass(frozen=True, slots=True)
class Need:
    """
    What a kind of callout needs.

    The speed of work is proportional to the people present, up to ``people``: an assumption, which
    ``docs/model.md`` states.
    """

    people: int  # on scene, for work at full speed
    capabilities: int  # a bit each
    required: int = 0  # of these, those without which work cannot start or end
    required_to_start: bool = False  # whether work waits for those required, or only its end does
    several: tuple[tuple[int, int], ...] = ()  # bits that more than one team must bring: how many
    relief_after: int | None = None  # on scene [ms]
    deferral: tuple[int, int] | None = None  # can wait: teams kept free, for how long at most [ms]
    withdraw_after: int | None = None  # how long a team is staged [ms]
    clearance_capabilities: int = 0  # all to be had by the team that clears explosive hazards; bits
    exposure: float = 0.0  # declared danger: minutes counted for a minute on scene; no measurement
    carrier: int = 0  # of teams that take people to hospital, a bit; 0: the first team sent does
    recounts: bool = False  # what is missing is counted again whenever a team is sent


@dataclass(frozen=True, slots=True)
class Fleet:
    """All teams, the bases they belong to, and what each kind of callout needs of them."""

    crews: tuple[TeamSpec, ...]  # the teams; ties between them go to the lower number
    bases: tuple[str, ...]
    base_places: tuple[int, ...]  # where each base stands
    needs: tuple[Need, ...]  # by kind
    on_scene_distributions: tuple[Distribution, ...]  # of teams that differ from the kind's
    turnouts: tuple[Distribution, ...]  # the distinct ones
    pools: tuple[VolunteerPool, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    # from when until when each base is open [ms]; None: always; empty: none has dates
    base_dates: tuple[tuple[int | None, int | None], ...] = ()


def fleet_of(scenario: Scenario, places: Sequence[str]) -> Fleet:
    """
    Return the fleet of a scenario; places are numbered as given.

    The scenario has been checked: every base, place, vehicle and group of volunteers exists.
    """
    number_of = {name: i for i, name in enumerate(places)}
    bases = tuple(scenario.bases)
    base_places = tuple(number_of[base.place or name] for name, base in scenario.bases.items())
    bits: dict[str, int] = {}
    pools = _pools(scenario, bits)
    vehicles, numbered = _vehicles(scenario, bases, bits)
    on_scene_distributions: list[Distribution] = []
    turnouts: list[Distribution] = []
    crews: list[TeamSpec] = []
    for name, team in scenario.teams.items():
        turnout = team.turnout or scenario.dispatch_centre.turnout
        assembly_spec = _gathering(scenario, team, pools, bits)
        base = bases.index(team.base)
        for copy in range(team.count):
            duty = duty_of(scenario, team, copy)
            crews.append(
                TeamSpec(
                    number=len(crews),
                    name=name if team.count == 1 else f"{name} {copy + 1}",
                    base=base,
                    place=base_places[base],
                    people=team.crew,
                    capabilities=_mask(team.capabilities, bits)
                    | (assembly_spec.capabilities if assembly_spec else 0),
                    on_scene_index=0
                    if team.on_scene is None
                    else 1 + _number(team.on_scene, on_scene_distributions),
                    turnout=_number(turnout, turnouts),
                    expected_turnout=expected(turnout)
                    if assembly_spec is None
                    else assembly_spec.expected,
                    duty=duty,
                    breaks=breaks_of(scenario, team, duty),
                    limits=team.limits,
                    assembly_spec=assembly_spec,
                    reserve=_recall(team, f"{name} {copy + 1}"),
                    vehicles=tuple(n for car in team.vehicles for n in numbered[car]),
                )
            )
    return Fleet(
        tuple(crews), bases, base_places, _needs(scenario, bits), tuple(on_scene_distributions),
        tuple(turnouts), tuple(pools.values()), vehicles, _base_dates(scenario),
    )  # fmt: skip


def _base_dates(scenario: Scenario) -> tuple[tuple[int | None, int | None], ...]:
    dates = tuple(
        (_at(base.begins, scenario), _at(base.until, scenario)) for base in scenario.bases.values()
    )
    return dates if any(pair != (None, None) for pair in dates) else ()


def _at(moment: Moment | None, scenario: Scenario) -> int | None:
    """Return an instant of the run. [ms]"""
    return None if moment is None else scenario.clock.local.instant_of(moment)


def _pools(scenario: Scenario, bits: dict[str, int]) -> dict[str, VolunteerPool]:
    found = {}
    for number, (name, people) in enumerate(scenario.volunteers.items()):
        skills = [(_mask([skill], bits), count) for skill, count in people.capabilities.items()]
        found[name] = VolunteerPool(
            number=number,
            name=name,
            people=people.people,
            capabilities=tuple(
                sum(bit for bit, count in skills if person < count)
                for person in range(people.people)
            ),
            acceptance=people.acceptance,
            hours=people.hours,
            alert_fatigue=people.alert_fatigue,
            no_show=people.no_show,
            answer_delay=people.answer_delay,
            travel_to_base=people.travel_to_base,
            until=_at(people.until, scenario),
        )
    return found


def _vehicles(
    scenario: Scenario, bases: Sequence[str], bits: dict[str, int]
) -> tuple[tuple[Vehicle, ...], dict[str, list[int]]]:
    """Return all vehicles, and by name in the scenario the numbers of its copies."""
    cars: list[Vehicle] = []
    numbered: dict[str, list[int]] = {}
    for name, vehicle in scenario.vehicles.items():
        for copy in range(vehicle.count):
            numbered.setdefault(name, []).append(len(cars))
            cars.append(
                Vehicle(
                    number=len(cars),
                    name=name if vehicle.count == 1 else f"{name} {copy + 1}",
                    base=bases.index(vehicle.base),
                    capabilities=_mask(vehicle.capabilities, bits),
                    seats=vehicle.seats,
                    available=vehicle.available,
                    time_to_repair=vehicle.time_to_repair,
                    key=f"{name} {copy + 1}",
                )
            )
    return tuple(cars), numbered


def _gathering(
    scenario: Scenario,
    team: TeamEntry,
    pools: Mapping[str, VolunteerPool],
    bits: dict[str, int],
) -> CrewAssembly | None:
    on_call, waits_for = team.on_call, crew_requirement(scenario, team)
    if on_call is None or waits_for is None:
        return None
    pool = pools[on_call.volunteers]
    waves = tuple((alert.after, alert.people) for alert in on_call.alerts)
    return CrewAssembly(
        pool=pool.number,
        waves=waves or ((0, team.crew),),
        replace=on_call.replace,
        minimum=waits_for.minimum,
        capabilities=_mask(waits_for.capabilities, bits),
        never_without=_mask(waits_for.never_without, bits),
        assembly_timeout=on_call.assembly_timeout,
        expected=min(
            expected(pool.answer_delay) + expected(pool.travel_to_base), on_call.assembly_timeout
        ),
    )


def _recall(team: TeamEntry, key: str) -> CallInTimes | None:
    reserve = team.reserve
    if reserve is None:
        return None
    return CallInTimes(
        reserve.delay, expected(reserve.delay), reserve.duration, reserve.minimum_rest, key
    )


def _needs(scenario: Scenario, bits: dict[str, int]) -> tuple[Need, ...]:
    found = []
    for kind in scenario.demand.kinds.values():
        counts = [(name, kind.needs.count(name)) for name in dict.fromkeys(kind.needs)]
        several = tuple((_mask([name], bits), count) for name, count in counts if count > 1)
        carrier = carrier_of(scenario, kind)
        deferral = kind.deferrable and (kind.deferrable.min_free_teams, kind.deferrable.max_hold)
        found.append(
            Need(
                people=kind.crew,
                capabilities=_mask(kind.needs, bits),
                required=0 if kind.needs_for == "dispatch" else _mask(kind.needs, bits),
                required_to_start=kind.needs_for == "start",
                several=several,
                relief_after=kind.relief_after,
                deferral=deferral or None,
                withdraw_after=kind.scene_hazard.withdraw_after if kind.scene_hazard else None,
                clearance_capabilities=_mask(kind.explosive_hazard.needs, bits)
                if kind.explosive_hazard
                else 0,
                exposure=kind.exposure or 0.0,
                carrier=_mask([carrier.name], bits) if carrier else 0,
                recounts=bool(several) or carrier is not None,
            )
        )
    return tuple(found)


def _mask(names: Sequence[str], bits: dict[str, int]) -> int:
    mask = 0
    for name in names:
        mask |= 1 << bits.setdefault(name, len(bits))
    return mask


def _number(law: Distribution, known: list[Distribution]) -> int:
    if law not in known:
        known.append(law)
    return known.index(law)
