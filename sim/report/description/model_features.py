"""Which optional parts of the model a scenario uses, in words, and which it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from sim.scenario import Kind, ScenarioFile, TeamEntry
from sim.scenario.diagnostics.diagnostic import join
from sim.scenario.duty_hours.dated_parts import DatedPart
from sim.scenario.fields.demand_models import Season
from sim.scenario.fields.quantities import say_moment
from sim.units import say_consumption, say_duration, say_hours, say_share, say_volume

from ..phrasing.saying import say_limits
from .subject import Fact, Subject


class Feature(NamedTuple):
    """An optional part of the model: its name, its fields, and what a scenario says of it."""

    name: str
    fields: tuple[str, ...]
    told: Callable[[ScenarioFile], str]  # empty where the scenario does not use it


def used(subject: Subject) -> tuple[list[Fact], list[str]]:
    """Return what is said of the optional parts in use, and the names of all others."""
    facts, absent = [], []
    for feature in FEATURES:
        told = feature.told(subject.file)
        only = [v.name for v in subject.variants if feature.told(v.file)]
        if told:
            facts.append(Fact(f"{_capital(feature.name)}: {told}.", feature.fields))
        elif only:
            where = f"only under {join(only)}"
            facts.append(Fact(f"{_capital(feature.name)}: {where}.", feature.fields))
        else:
            absent.append(feature.name)
    return facts, absent


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def counted(number: int, noun: str) -> str:
    """Return a number of things: "1 team", "2 teams"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _kinds(said: Callable[[Kind], str | bool]) -> Callable[[ScenarioFile], str]:
    """Return what tells the kinds of callout for which something holds, each with its words."""

    def told(file: ScenarioFile) -> str:
        found = ((name, said(kind)) for name, kind in file.scenario.demand.kinds.items())
        return _listed((n, w) for n, w in found if w)

    return told


def _teams(said: Callable[[TeamEntry], str | bool]) -> Callable[[ScenarioFile], str]:
    """Return what tells the teams for which something holds, each with its words."""

    def told(file: ScenarioFile) -> str:
        found = ((name, said(team)) for name, team in file.scenario.teams.items())
        return _listed((n, w) for n, w in found if w)

    return told


def _listed(found: Iterable[tuple[str, str | bool]]) -> str:
    return join([f"{name} ({word})" if isinstance(word, str) else name for name, word in found])


def _number(of: Callable[[ScenarioFile], int], noun: str) -> Callable[[ScenarioFile], str]:
    return lambda file: counted(number, noun) if (number := of(file)) else ""


def _surges(file: ScenarioFile) -> str:
    return join([
        f"{s.name or s.place or s.area or 'everywhere'} (factor {s.factor:g})"
        for s in file.scenario.demand.surges
    ])  # fmt: skip


def _incidents(file: ScenarioFile) -> str:
    return join([
        f"{i.name or i.place} ({counted(i.sites, 'site')})" for i in file.scenario.demand.incidents
    ])  # fmt: skip


def _dispersion(file: ScenarioFile) -> str:
    own = file.scenario.demand.day_to_day
    return "" if own is None else f"index of dispersion {own.dispersion_index:g}"


def _clusters(file: ScenarioFile) -> str:
    own = file.scenario.demand.clusters
    return "" if own is None else f"branching ratio {own.branching_ratio:g}"


def _varying_drives(file: ScenarioFile) -> str:
    roads = file.scenario.map.roads
    parts = []
    if roads is not None and roads.travel_time_cv:
        parts.append(f"coefficient of variation {say_share(roads.travel_time_cv)}")
    own = sum(1 for edge in file.edges if edge.sd)
    return join([*parts, *([f"an sd of their own on {counted(own, 'road')}"] if own else [])])


def _hours_of_speed(file: ScenarioFile) -> str:
    roads = file.scenario.map.roads
    if roads is None:
        return ""
    night = roads.speed.night is not None
    return "by hour" if roads.speed.hours else ("by day and night" if night else "")


def _full_hospitals(file: ScenarioFile) -> str:
    found = [h.name for h in file.hospitals if h.offload_bays or h.diverts_at]
    return join(found)


def _carriers(file: ScenarioFile) -> str:
    return _listed(
        (name, f"{counted(own.carries, 'person').replace('persons', 'people')} at once")
        for name, own in file.scenario.capabilities.items()
        if own.carries
    )


def _never_without(file: ScenarioFile) -> str:
    return join([n for n, own in file.scenario.capabilities.items() if own.never_without])


def _by_hour(file: ScenarioFile) -> str:
    own = file.scenario.demand
    if own.rate is None:
        return ""
    uneven = [("by hour", own.hours), ("by weekday", own.weekdays), ("by month", own.months or ())]
    return join([word for word, values in uneven if len(set(values)) > 1])


def _trend(file: ScenarioFile) -> str:
    trend = file.scenario.demand.trend
    return f"{trend * 100:+g}% a year" if trend else ""


def _seasons(file: ScenarioFile) -> str:
    return join([_season(season) for season in file.scenario.demand.seasons])


def _season(season: Season) -> str:
    days = "" if season.dates is None else f" on {counted(len(season.dates), 'day')}"
    return f"{season.name or 'a season'} ({say_share(season.scale)}{days})"


def _own_places(kind: Kind) -> str:
    if kind.areas is not None:
        return join([f"{area} {weight:g}" for area, weight in kind.areas.items()])
    if isinstance(kind.where, dict):
        return counted(sum(weight > 0 for weight in kind.where.values()), "place")
    return {None: "", "equal": "all places alike"}.get(kind.where, f"by {kind.where}")


def _own_times(kind: Kind) -> str:
    own = (("by hour", kind.hours), ("by weekday", kind.weekdays), ("by month", kind.months))
    words = [word for word, values in own if values is not None]
    words += [_season(season) for season in kind.seasons or ()]
    return join([*words, *([dates_of(kind).strip()] if dates_of(kind) else [])])


def _hazard(kind: Kind) -> str:
    return "" if kind.scene_hazard is None else say_share(kind.scene_hazard.share)


def _explosives(kind: Kind) -> str:
    return "" if kind.explosive_hazard is None else say_share(kind.explosive_hazard.share)


def _relief(kind: Kind) -> str:
    return "" if kind.relief_after is None else f"after {say_duration(kind.relief_after)}"


def _deferral(kind: Kind) -> str:
    own = kind.deferrable
    return "" if own is None else f"at most {say_duration(own.max_hold)}"


def _record(file: ScenarioFile) -> str:
    own = file.scenario.demand.record
    return "" if own is None else counted(len(file.callouts or ()), "callout")


def _written(file: ScenarioFile) -> str:
    own = file.scenario.demand.callouts
    return "" if own is None else counted(len(file.callouts or ()), "callout")


def _shift_end(file: ScenarioFile) -> str:
    end = file.scenario.dispatch_centre.shift_end
    ends = any(team.shifts or team.roster or team.until for team in file.scenario.teams.values())
    return end if ends else ""


def dates_of(part: DatedPart) -> str:
    """Return from when and until when there is something, with a space before; empty if always."""
    dates = (("from", part.begins), ("until", part.until))
    return "".join(f" {word} {say_moment(at)}" for word, at in dates if at is not None)


def _dated(
    parts: Callable[[ScenarioFile], Mapping[str, DatedPart]],
) -> Callable[[ScenarioFile], str]:
    """Return what tells the parts that are there for a time."""

    def told(file: ScenarioFile) -> str:
        found = ((name, dates_of(part).strip()) for name, part in parts(file).items())
        return _listed((name, dates) for name, dates in found if dates)

    return told


def _hospital_hours(file: ScenarioFile) -> str:
    found = (
        (h.name, f"{say_hours(h.hours) if h.hours else ''}{dates_of(h)}".strip())
        for h in file.hospitals
    )
    return _listed((name, when) for name, when in found if when)


def _of_kinds(name: str, field: str, said: Callable[[Kind], str] | None = None) -> Feature:
    """Return a part that kinds of callout use by a field of theirs, with what is said of each."""
    words: Callable[[Kind], str | bool] = said or (lambda kind: bool(getattr(kind, field)))
    return Feature(name, (f"demand.kinds.*.{field}",), _kinds(words))


def _of_teams(name: str, field: str, said: Callable[[TeamEntry], str] | None = None) -> Feature:
    """Return a part that teams use by a field of theirs, with what is said of each."""
    words: Callable[[TeamEntry], str | bool] = said or (lambda team: bool(getattr(team, field)))
    return Feature(name, (f"teams.*.{field}",), _teams(words))


def _of_map(name: str, field: str, noun: str) -> Feature:
    """Return a part that the map has any number of."""
    number = _number(lambda file: len(getattr(file.scenario.map, field)), noun)
    return Feature(name, (f"map.{field}",), number)


def _sirens(file: ScenarioFile) -> str:
    own = file.scenario.map.lights_and_sirens
    legs = (("to the scene", own.to_scene), ("to hospital", own.to_hospital))
    return "; ".join(
        f"{leg} {join([f'{say_share(speed)} at priority {n}' for n, speed in speeds.items()])}"
        for leg, speeds in legs
        if speeds
    )


def _people(kind: Kind) -> str:
    return "" if kind.people is None else f"mean {kind.people.mean:g}"


def _conditions(kind: Kind) -> str:
    return "" if kind.needs_for == "completion" or not kind.needs else kind.needs_for


def _vehicle_speed(team: TeamEntry) -> str:
    return "" if team.speed == 1 else say_share(team.speed)


def _vehicle_speeds(file: ScenarioFile) -> str:
    found = ((name, car.speed) for name, car in file.scenario.vehicles.items())
    return join([f"{name} {say_share(speed)}" for name, speed in found if speed != 1])


def _tank(team: TeamEntry) -> str:
    fuel = team.fuel
    return "" if fuel is None else f"{say_volume(fuel.tank)}, {say_consumption(fuel.consumption)}"


def _depots(file: ScenarioFile) -> str:
    found = ((name, base.fuel) for name, base in file.scenario.bases.items())
    return join([
        f"{name} {'without a limit' if fuel.stock is None else say_volume(fuel.stock)}"
        for name, fuel in found
        if fuel is not None
    ])  # fmt: skip


def _pool(team: TeamEntry) -> str:
    return "" if team.on_call is None else team.on_call.volunteers


def _referrals(file: ScenarioFile) -> str:
    return join([hospital.name for hospital in file.hospitals if hospital.referral])


def _local_travel(file: ScenarioFile) -> str:
    return "" if file.scenario.map.local_travel.value == 0 else "added to each drive"


FEATURES = (
    Feature("callouts from a record (trace-driven)", ("demand.record",), _record),
    Feature("listed callouts", ("demand.callouts",), _written),
    Feature(
        "a rate that changes with time",
        ("demand.hours", "demand.weekdays", "demand.months"),
        _by_hour,
    ),
    Feature("a trend", ("demand.trend",), _trend),
    Feature("seasons", ("demand.seasons",), _seasons),
    _of_kinds("kinds with places of their own", "where", _own_places),
    _of_kinds("kinds with times of their own", "hours", _own_times),
    Feature("days that differ by more than chance", ("demand.day_to_day",), _dispersion),
    Feature("surges", ("demand.surges",), _surges),
    Feature("self-exciting clusters", ("demand.clusters",), _clusters),
    Feature("large incidents", ("demand.incidents",), _incidents),
    _of_kinds("transport to hospital", "to"),
    _of_kinds("capabilities needed", "needs", lambda kind: join(kind.needs)),
    _of_kinds("needs other than for completion", "needs_for", _conditions),
    _of_kinds("several people at a callout", "people", _people),
    _of_kinds("abandonment", "abandons_after"),
    _of_kinds("permission", "permission"),
    _of_kinds("documentation", "documentation"),
    _of_kinds("deferral", "deferrable", _deferral),
    _of_kinds("relief on scene", "relief_after", _relief),
    _of_kinds("scene hazards", "scene_hazard", _hazard),
    _of_kinds("explosive hazards", "explosive_hazard", _explosives),
    _of_kinds("declared survival", "survival"),
    _of_kinds("exposure on scene", "exposure"),
    _of_kinds("work on scene that differs by place", "on_scene_at"),
    Feature("hospitals with limits", ("map.hospitals",), _full_hospitals),
    Feature("referral hospitals", ("map.hospitals",), _referrals),
    Feature("hospital hours", ("map.hospitals",), _hospital_hours),
    _of_map("hospital closures", "hospital_closures", "closure"),
    _of_map("road closures", "closures", "closure"),
    _of_map("checkpoints", "checkpoints", "checkpoint"),
    _of_map("curfews", "curfews", "curfew"),
    _of_map("weather", "weather", "window"),
    Feature("lights and sirens", ("map.lights_and_sirens",), _sirens),
    Feature("speeds that change with time", ("map.roads.speed",), _hours_of_speed),
    Feature("drives that vary", ("map.roads.travel_time_cv",), _varying_drives),
    Feature("local travel", ("map.local_travel",), _local_travel),
    _of_teams("shifts", "shifts", lambda team: join(team.shifts)),
    _of_teams("rosters", "roster"),
    _of_teams("teams that join or leave", "begins", lambda team: dates_of(team).strip()),
    Feature("shifts worked for a time", ("shifts.*",), _dated(lambda f: f.scenario.shifts)),
    Feature("bases open for a time", ("bases.*",), _dated(lambda f: f.scenario.bases)),
    Feature(
        "volunteers there for a time", ("volunteers.*",), _dated(lambda f: f.scenario.volunteers)
    ),
    Feature("callouts at a shift's end", ("dispatch_centre.shift_end",), _shift_end),
    _of_teams("breaks", "breaks"),
    _of_teams("limits of duty", "limits", lambda team: say_limits(team.limits)),
    _of_teams("volunteers on call", "on_call", _pool),
    _of_teams("reserve staffing", "reserve"),
    _of_teams("shared vehicles", "vehicles", lambda team: join(team.vehicles)),
    _of_teams("vehicles that are slower or faster", "speed", _vehicle_speed),
    Feature("shared vehicles that are slower or faster", ("vehicles.*.speed",), _vehicle_speeds),
    _of_teams("fuel", "fuel", _tank),
    Feature("depots", ("bases.*.fuel",), _depots),
    _of_teams("teams with a turnout of their own", "turnout"),
    _of_teams("teams with times on scene of their own", "on_scene"),
    Feature("capabilities that take people to hospital", ("capabilities.*.carries",), _carriers),
    Feature("capabilities never left without", ("capabilities.*.never_without",), _never_without),
)
