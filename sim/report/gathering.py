"""From a study to what each figure shows: plain arrays, minutes and names."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan, sqrt
from typing import Any

import numpy as np

from sim.experiment import Study, Tables
from sim.log import MS_PER_DAY
from sim.outcomes import (
    Curve,
    Observations,
    is_on_call,
    paired_share_curve,
    quantile,
    ratio,
    share_curve,
)
from sim.scenario import Target as Promise

from . import closures
from .figures import (
    Band,
    Base,
    DayProfile,
    Forest,
    ForestRow,
    Hospital,
    Hourly,
    MapData,
    Place,
    Road,
    ShareCurves,
    Target,
    TeamRow,
    Utilisation,
)

POINTS = 240  # of a share curve
FEWEST = 10  # callouts at a place, for a 90th percentile


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
        target = Target(promise.name, promise.within / 60_000, promise.share)
    title = f"{_whom(promise)} reached in time"
    return ShareCurves(minutes, tuple(curves), tuple(differences), target, title)


def _whom(promise: Promise | None) -> str:
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
    """Return the map of an alternative: each place's callouts a day and 90th percentile."""
    world, obs = study.worlds[alternative], study.observations[alternative]
    file, days = world.file, world.ends / MS_PER_DAY * obs.replications
    places = []
    for number, place in enumerate(file.places):
        if place.lat is not None and place.lon is not None:
            here = obs.place == number
            often, p90 = float(here.sum()) / days, _p90(obs, here)
            name_ar = place.name_ar or ""
            places.append(Place(place.name, name_ar, place.lon, place.lat, often, p90))
    where = {p.name: (p.lon or 0.0, p.lat or 0.0) for p in file.places}
    at = {node.id: (node.lon, node.lat) for node in file.nodes}
    teams = [crew.base for crew in world.fleet.crews]
    stands = [world.names.places[place] for place in world.fleet.base_places]
    bases = [
        Base(name, *where[place], teams.count(i))
        for i, (name, place) in enumerate(zip(world.fleet.bases, stands, strict=True))
    ]
    return MapData(
        coast=tuple(np.array(line) for line in file.coastline),
        roads=tuple(Road(*at[e.start], *at[e.end], e.road_class, e.provenance) for e in file.edges),
        places=tuple(places),
        bases=tuple(bases),
        hospitals=tuple(Hospital(h.name, *where[h.place]) for h in file.hospitals),
        measure="minutes within which 9 of 10 callouts are reached",
        subtitle=subtitle,
        closed=closures.closed_roads(world),
        checkpoints=closures.checkpoints(world),
    )


def _p90(obs: Observations, here: Any) -> float | None:
    if here.sum() < FEWEST:
        return None
    times, known = obs.response_times()
    chosen = times[here], known[here], obs.replication[here]
    found = quantile(*chosen, 0.9, obs.replications).value
    return None if found is None else found / 60_000


def day_profile(study: Study) -> DayProfile:
    """Return callouts an hour, teams on duty, and each alternative's teams busy and waiting."""
    obs = study.observations[study.baseline]
    counts = np.zeros((obs.replications, 24))
    np.add.at(counts, (obs.replication, obs.hour), 1)
    demand = _over_replications(counts / (study.world.ends / MS_PER_DAY))
    busy, waiting = [], []
    for name, each in study.observations.items():
        busy.append(Band(name, *_over_replications(each.busy_by_hour)))
        waiting.append((name, _mean(each.waiting_by_hour)))
    return DayProfile(Hourly(*demand), tuple(busy), _mean(obs.on_duty_by_hour), tuple(waiting))


def _mean(values: Any) -> Any:
    return np.nan_to_num(values.mean(axis=0))


def _over_replications(values: Any) -> tuple[Any, Any, Any]:
    """Return mean and interval over replications, column by column."""
    ones = np.ones(len(values))
    found = [ratio(column, ones) for column in np.nan_to_num(values).T]
    mean = np.array([f.value or 0.0 for f in found])
    low = np.array([f.low if f.low is not None else f.value or 0.0 for f in found])
    high = np.array([f.high if f.high is not None else f.value or 0.0 for f in found])
    return mean, np.maximum(low, 0.0), high


def utilisation(study: Study, tables: Tables) -> Utilisation:
    """Return each alternative's utilisation by team, those of a base together."""
    rows = {(r[0], r[2]): r for r in tables.summary if r[1] == "utilisation"}
    everyone, order = crews_by_base(study)
    on_duty = {group for _, group in rows}
    teams = tuple(team for team in everyone if f"team:{team.name}" in on_duty)
    bands = []
    for alternative in study.observations:
        each = [rows.get((alternative, f"team:{team.name}")) for team in teams]
        columns = np.array([numbers(row) for row in each], dtype=np.float64).reshape(-1, 3).T
        bands.append(Band(alternative, *columns))
    waits = any(is_on_call(obs).any() for obs in study.observations.values())
    note = "crews on call stand in the staff figure" if waits else ""
    return Utilisation(teams, tuple(bands), order=order, note=note)


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


def numbers(row: tuple[Any, ...] | None) -> tuple[float, float, float]:
    """Return value, low and high of a summary row; the value thrice where there is no interval."""
    if row is None or row[3] is None:
        return (float("nan"),) * 3
    value = float(row[3])
    return value, value if row[4] is None else row[4], value if row[5] is None else row[5]


def forests(study: Study, tables: Tables, title: str) -> list[Forest]:
    """Return paired differences of mean response time: all callouts, by kind, by area."""
    per_day = {r[2]: r[3] for r in tables.summary if r[0] == study.baseline and r[1] == "callouts"}
    found: dict[str, dict[str, Sequence[Any]]] = {name: {} for name in list(study.observations)[1:]}
    for r in tables.comparisons:
        if r[2] == "response_mean" and r[5] is not None and r[0] in found:
            found[r[0]][r[3]] = r
    shared = [g for g in next(iter(found.values()), {}) if all(g in r for r in found.values())]
    shared.sort(key=lambda group: -(per_day.get(group) or 0))
    blocks = [[g for g in shared if g.startswith(p)][:12] for p in ("all", "kind:", "area:")]
    return [
        Forest(
            tuple(tuple(_forest_row(g, rows[g]) for g in block) for block in blocks if block),
            title,
            alternative=name,
            baseline=study.baseline,
        )
        for name, rows in found.items()
        if shared
    ]


def side_by_side(study: Study, tables: Tables) -> list[Forest]:
    """
    Return every alternative's paired differences from the baseline, a forest a measure.

    Mean, 90th percentile, the first target, and where it is counted the overtime: a rule that wins
    one and loses another shows it.
    """
    promise = next(iter(study.world.scenario.targets), None)
    shown = [
        ("response_mean", "mean response time", 1.0, "min", "sooner", "later"),
        ("response_p90", "9 of 10 reached within", 1.0, "min", "sooner", "later"),
        ("overtime", "overtime, crews with shifts", 1.0, "h a week", "less", "more"),
    ]
    if promise is not None:
        shown.insert(2, (f"share:{promise.name}", promise.name, 100.0, "pp", "fewer", "more"))
    found = {(r[0], r[2]): r for r in tables.comparisons if r[3] == "all"}
    others = list(study.observations)[1:]
    forests = []
    for measure, title, scale, unit, less, more in shown:
        known = {name: r for name in others if (r := found.get((name, measure))) is not None}
        rows = [_scaled(name, known.get(name), scale) for name in others]
        if any(row[5] is not None for row in known.values()):
            forests.append(
                Forest(
                    (tuple(rows),),
                    "All alternatives side by side",
                    unit,
                    title,
                    study.baseline,
                    less,
                    more,
                )
            )
    return forests


def _scaled(name: str, row: Sequence[Any] | None, scale: float) -> ForestRow:
    if row is None or row[5] is None:
        return ForestRow(name, nan, nan, nan, nan, nan, "")
    _, value, low, high, apart_low, apart_high, verdict = _forest_row(name, row)
    ends = scale * low, scale * high, scale * apart_low, scale * apart_high
    return ForestRow(name, scale * value, *ends, verdict)


def _forest_row(group: str, row: Sequence[Any]) -> ForestRow:
    label = "all callouts" if group == "all" else group.partition(":")[2]
    value, low, high, variance_ratio, verdict = (row[k] for k in (4, 5, 6, 9, 13))
    half = nan if variance_ratio is None else (high - low) / 2 * sqrt(variance_ratio)
    return ForestRow(label, value, low, high, value - half, value + half, verdict)
