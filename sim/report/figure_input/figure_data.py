"""From a study to what each figure shows: plain arrays, minutes and names."""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np

from sim.experiment import Study, Tables
from sim.log import MS_PER_DAY, MS_PER_HOUR
from sim.outcomes import (
    Curve,
    Estimate,
    Observations,
    Sample,
    is_on_call,
    paired_share_curve,
    ratio,
    share_curve,
)
from sim.outcomes.measured.judged import judged_times
from sim.outcomes.observed.workload import hours_measured
from sim.scenario import Target as Promise
from sim.units import say_duration

from ..figures import (
    WHOLE_DAY,
    Band,
    ClockHours,
    DayProfile,
    Hourly,
    MapBase,
    MapData,
    MapHospital,
    MapPlace,
    MapRoad,
    ShareCurves,
    TargetLine,
    TeamRow,
    Utilisation,
)
from . import disruption_data
from .table_lookup import estimates, numbers

POINTS = 240  # of a share curve
FEWEST = 10  # callouts at a place, for a mean
MOST_POINTS = 120  # teams times alternatives that the figure of utilisation has room for


def share_curves(study: Study) -> ShareCurves:
    """Return the share reached against time, of the callouts that the first target is about."""
    promise = next(iter(study.world.scenario.targets), None)
    minutes = _minutes(study, promise)
    at = np.rint(minutes * 60_000).astype(np.int64)
    base = study.observations[study.baseline]
    curves, differences = [], []
    for name, obs in study.observations.items():
        chosen = _concerned(name, study, promise)
        curves.append(_band(name, share_curve(obs, at, chosen)))
        if name != study.baseline:
            against = _concerned(study.baseline, study, promise)
            curve = paired_share_curve(obs, base, at, chosen, against)
            differences.append(_band(name, curve))
    target = None
    if promise is not None:
        target = TargetLine(promise.name, promise.within / 60_000, promise.share)
    whose = callouts_of(promise)
    title = f"{whose} reached in time"
    return ShareCurves(minutes, tuple(curves), tuple(differences), target, title, whose)


def callouts_of(promise: Promise | None) -> str:
    """Say which callouts a target is about."""
    if promise is not None and promise.kind is not None:
        return f"Callouts of kind “{promise.kind}”"
    if promise is not None and promise.priority is not None:
        return f"Callouts of priority {promise.priority}"
    return "Callouts"


def _band(name: str, curve: Curve) -> Band:
    return Band(name, curve.value, curve.low, curve.high)


def _concerned(alternative: str, study: Study, promise: Promise | None) -> Any:
    """Return which callouts of an alternative a target is about; None for all."""
    obs, kinds = study.observations[alternative], study.worlds[alternative].names.kinds
    if promise is not None and promise.kind is not None:
        return obs.kind == (kinds.index(promise.kind) if promise.kind in kinds else -1)
    if promise is not None and promise.priority is not None:
        return obs.priority == promise.priority
    return None


def _minutes(study: Study, promise: Promise | None) -> Any:
    """Return the minutes at which curves are drawn: until nearly all are reached."""
    obs = study.observations[study.baseline]
    chosen = _concerned(study.baseline, study, promise)
    response = obs.response if chosen is None else obs.response[chosen]
    reached = response[response >= 0]
    last = float(np.quantile(reached, 0.97)) / 60_000 if len(reached) else 60.0
    within = [t.within / 60_000 for t in study.world.scenario.targets]
    top = max([last, *(1.2 * w for w in within)])
    step = next(s for s in (1, 5, 15, 30, 60, 240, 1440, 10**9) if top <= 8 * s or s == 10**9)
    return np.linspace(0, step * np.ceil(top / step), POINTS + 1)


def map_data(study: Study, alternative: str, subtitle: str) -> MapData:
    """Return the map of an alternative: each place's callouts a day and restricted mean."""
    world, obs = study.worlds[alternative], study.observations[alternative]
    sample = next(own for own in study.samples if own.name == alternative)
    until = say_duration(sample.standards.horizon)
    file, days = world.file, world.ends / MS_PER_DAY * obs.replications
    places = []
    for number, place in enumerate(file.places):
        if place.lat is not None and place.lon is not None:
            here = obs.place == number
            often, mean = float(here.sum()) / days, restricted_mean(sample, here)
            name_ar = place.name_ar or ""
            places.append(MapPlace(place.name, name_ar, place.lon, place.lat, often, mean))
    where = {p.name: (p.lon or 0.0, p.lat or 0.0) for p in file.places}
    at = {node.id: (node.lon, node.lat) for node in file.nodes}
    teams = [crew.base for crew in world.fleet.crews]
    stands = [world.names.places[place] for place in world.fleet.base_places]
    bases = [
        MapBase(name, *where[place], teams.count(i))
        for i, (name, place) in enumerate(zip(world.fleet.bases, stands, strict=True))
    ]
    return MapData(
        coast=tuple(np.array(line) for line in file.coastline),
        roads=tuple(
            MapRoad(*at[e.start], *at[e.end], e.road_class, e.provenance) for e in file.edges
        ),
        places=tuple(places),
        bases=tuple(bases),
        hospitals=tuple(MapHospital(h.name, *where[h.place]) for h in file.hospitals),
        measure=f"mean response time [min]; not reached within {until} counts as {until}",
        subtitle=subtitle,
        closed=disruption_data.closed_roads(world),
        checkpoints=disruption_data.checkpoints(world),
    )


def restricted_mean(sample: Sample, here: Any) -> float | None:
    """Return the restricted mean response time of some callouts [min]; None: too few of them."""
    if here.sum() < FEWEST:
        return None
    return float(judged_times(sample).restricted[here].mean()) / 60_000


def day_profile(study: Study) -> DayProfile:
    """Return callouts an hour, and each alternative's teams on duty, committed, and its queue."""
    obs, measured = study.observations[study.baseline], measured_hours(study)
    demand = over_replications(per_hour(callouts_by_hour(obs), measured))
    busy, on_duty, waiting = [], [], []
    for name, each in study.observations.items():
        busy.append(Band(name, *over_replications(each.committed_by_hour)))
        on_duty.append((name, _mean(each.on_duty_by_hour)))
        waiting.append((name, _mean(each.pending_by_hour)))
    short = study.world.ends < MS_PER_DAY
    return DayProfile(
        Hourly(*demand), tuple(busy), tuple(on_duty), tuple(waiting), _profile_title(study),
        clock_hours(study), measured if short else None,
    )  # fmt: skip


def measured_hours(study: Study) -> Any:
    """Return how often each hour of the day occurs in the measured period. Shape (24,)"""
    return hours_measured(study.world.start_of_day, study.world.ends)


def clock_hours(study: Study) -> ClockHours:
    """Return the hours of the day to draw: all, or those of a period shorter than a day."""
    if study.world.ends >= MS_PER_DAY:
        return WHOLE_DAY
    first = study.world.start_of_day // MS_PER_HOUR % 24
    return ClockHours(first, int((measured_hours(study) > 0).sum()))


def callouts_by_hour(obs: Observations) -> Any:
    """Return how many callouts were received in each hour of the day. Shape (replications, 24)"""
    counts = np.zeros((obs.replications, 24))
    np.add.at(counts, (obs.replication, obs.hour), 1)
    return counts


def per_hour(counts: Any, measured: Any) -> Any:
    """Return counts by hour of the day over how often it occurs [1/h]; 0 where it does not."""
    return np.divide(counts, measured, out=np.zeros(np.shape(counts)), where=measured > 0)


def _profile_title(study: Study) -> str:
    """Say which hours were simulated where they are not days enough for an average one."""
    panels = "callouts, committed teams, pending callouts"
    if study.world.ends >= 2 * MS_PER_DAY:
        return f"An average day: {panels}"
    start = study.world.scenario.clock.start
    began = f"{start:%A} {start.day} {start:%B %Y}, {start:%H:%M}"
    return f"{say_duration(study.world.ends)} from {began}: {panels}"


def _mean(values: Any) -> Any:
    return np.nan_to_num(values.mean(axis=0))


def over_replications(values: Any) -> tuple[Any, Any, Any]:
    """Return mean and interval over replications, column by column; ``nan``: no interval."""
    ones = np.ones(len(values))
    found = [ratio(column, ones) for column in np.nan_to_num(values).T]
    mean = np.array([f.value or 0.0 for f in found])
    low = np.array([nan if f.low is None else f.low for f in found])
    high = np.array([nan if f.high is None else f.high for f in found])
    return mean, np.maximum(low, 0.0), high


def utilisation(study: Study, tables: Tables) -> Utilisation:
    """
    Return each alternative's utilisation by team, those of a base together.

    Of more teams than a page has room for, each base has one row: that of its busiest team.
    """
    rows = estimates(tables.summary)
    everyone, order = crews_by_base(study)
    states = {name: _teams_on_call(study, name) for name in study.observations}
    teams = tuple(
        team
        for team in everyone
        if not all(on_call.get(team.name, True) for on_call in states.values())
    )
    by_base = len(teams) * max(len(states), 2) > MOST_POINTS
    names = [team.base if by_base else team.name for team in teams]
    bands, told = [], []
    for alternative, own in states.items():
        found: dict[str, Estimate] = {}
        why: dict[str, str] = {}
        for name, team in zip(names, teams, strict=True):
            row = rows.get((alternative, "utilisation", f"team:{team.name}"))
            if row is None or row.value is None:
                why.setdefault(name, _why_no_utilisation(own.get(team.name)))
            elif name not in found or row.value > (found[name].value or 0.0):
                found[name] = row
        shown = list(dict.fromkeys(names))
        columns = np.array([numbers(found.get(name)) for name in shown], dtype=np.float64)
        bands.append(Band(alternative, *columns.reshape(-1, 3).T))
        told.append(tuple("" if name in found else why[name] for name in shown))
    waits = any(any(on_call.values()) for on_call in states.values())
    note = "crews on call, on duty only while turned out, are in the staff figure" if waits else ""
    if not by_base:
        return Utilisation(teams, tuple(bands), order=order, note=note, told=tuple(told))
    bases = tuple(TeamRow(base, "") for base in dict.fromkeys(names))
    title = "Utilisation of the busiest team of each base"
    return Utilisation(bases, tuple(bands), title, order, note, tuple(told))


def _teams_on_call(study: Study, alternative: str) -> dict[str, bool]:
    """Return of an alternative's teams whether they are on call."""
    on_call = is_on_call(study.observations[alternative])
    names = study.worlds[alternative].names.teams
    return dict(zip(names, map(bool, on_call), strict=True))


def _why_no_utilisation(on_call: bool | None) -> str:
    """Say why a team has no utilisation: it is on call, not there (None), or never on duty."""
    if on_call is None:
        return "no such team"
    return "on call" if on_call else "never on duty"


def crews_by_base(study: Study) -> tuple[tuple[TeamRow, ...], str]:
    """Return the teams of all alternatives, those of a base together, and in which order."""
    crews: dict[str, tuple[float, str]] = {}  # of all alternatives: how far south, and the base
    known = True
    for alternative in study.observations:
        fleet, places = study.worlds[alternative].fleet, study.worlds[alternative].file.places
        lats = [places[place].lat for place in fleet.base_places]
        known = known and len(lats) > 1 and None not in lats
        for crew in fleet.crews:
            south = -(lats[crew.base] or 0.0)
            crews.setdefault(crew.name, (south, fleet.bases[crew.base]))
    order = list(crews)
    bases = list(dict.fromkeys(base for _, base in crews.values()))
    order.sort(key=lambda name: (crews[name][0] if known else 0.0, bases.index(crews[name][1])))
    teams = tuple(TeamRow(name, crews[name][1]) for name in order)
    return teams, "north to south" if known else ""
