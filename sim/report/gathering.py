"""From a study to what each figure needs: plain arrays, minutes and names."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

import numpy as np

from sim.engine import simulate
from sim.experiment import Study, Tables
from sim.log import MS_PER_DAY, MS_PER_HOUR, NO_WAY, CalloutRow, KeptLog, MissionRow
from sim.outcomes import (
    Curve,
    Observations,
    paired_share_curve,
    quantile,
    ratio,
    share_curve,
)
from sim.scenario import Target

from .figures.busy import Difference, Dot
from .figures.curve import Goal, Line
from .figures.map import MapData, Road, Spot
from .figures.profile import Profile
from .figures.timeline import Day, Leg

POINTS = 240  # of a share curve


def selected(obs: Observations, study: Study, target: Target | None) -> Any:
    """Return which callouts a target is about; None for all."""
    if target is None:
        return None
    if target.kind is not None:
        return obs.kind == study.world.names.kinds.index(target.kind)
    if target.priority is not None:
        return obs.priority == target.priority
    return None


def minutes_shown(study: Study, target: Target | None) -> Any:
    """Return the minutes at which curves are drawn: until nearly all are reached."""
    obs = study.observations[study.baseline]
    chosen = selected(obs, study, target)
    response = obs.response if chosen is None else obs.response[chosen]
    reached = response[response >= 0]
    last = float(np.quantile(reached, 0.97)) / 60_000 if len(reached) else 60.0
    within = [t.within / 60_000 for t in study.world.scenario.targets]
    top = max([last, *(1.2 * w for w in within)])
    step = next(s for s in (1, 5, 15, 30, 60, 240, 1440, 10**9) if top <= 8 * s or s == 10**9)
    return np.linspace(0, step * np.ceil(top / step), POINTS + 1)


def share_lines(study: Study, target: Target | None, minutes: Any) -> tuple[list[Line], list[Line]]:
    """Return each alternative's curve, and the differences from the first."""
    at = np.rint(minutes * 60_000).astype(np.int64)
    names = list(study.observations)
    base = study.observations[names[0]]
    curves, differences = [], []
    for name in names:
        obs = study.observations[name]
        curves.append(_line(name, share_curve(obs, at, selected(obs, study, target))))
        if name != names[0]:
            curve = paired_share_curve(
                obs, base, at, selected(obs, study, target), selected(base, study, target)
            )
            differences.append(_line(name, curve))
    return curves, differences


def _line(name: str, curve: Curve) -> Line:
    return Line(name, curve.value, curve.low, curve.high)


def goals(study: Study, target: Target | None) -> list[Goal]:
    """Return the targets that concern the same callouts as the first of them."""
    if target is None:
        return []
    alike = [
        t
        for t in study.world.scenario.targets
        if (t.kind, t.priority) == (target.kind, target.priority)
    ]
    return [Goal(t.name, t.within / 60_000, t.share) for t in alike[:1]]


def map_data(study: Study, alternative: str) -> MapData:
    """Return the map of an alternative: each place's callouts a day and 90th percentile."""
    world, obs = study.world, study.observations[alternative]
    file, days = world.file, world.ends / MS_PER_DAY * obs.replications
    spots = []
    for number, place in enumerate(file.places):
        if place.lat is None or place.lon is None:
            continue
        here = obs.place == number
        often = float(here.sum()) / days
        spots.append(
            Spot(place.name, place.name_ar or "", place.lon, place.lat, often, _p90(obs, here))
        )
    where = {p.name: (p.lon or 0.0, p.lat or 0.0) for p in file.places}
    places = [world.names.places[p] for p in world.fleet.base_places]
    teams = [crew.base for crew in world.fleet.crews]
    return MapData(
        coast=tuple(tuple((x, y) for x, y in line) for line in file.coastline),
        roads=_roads(study),
        places=tuple(spots),
        bases=tuple(
            (name, *where[place], teams.count(i))
            for i, (name, place) in enumerate(zip(world.fleet.bases, places, strict=True))
        ),
        hospitals=tuple((h.name, *where[h.place]) for h in file.hospitals),
        measure="Response time within which 9 of 10 callouts are reached [min]",
    )


def _p90(obs: Observations, here: Any) -> float | None:
    if here.sum() < 10:
        return None
    times, known = obs.response_times()
    found = quantile(times[here], known[here], obs.replication[here], 0.9, obs.replications).value
    return None if found is None else found / 60_000


def _roads(study: Study) -> tuple[Road, ...]:
    file = study.world.file
    at = {node.id: (node.lon, node.lat) for node in file.nodes}
    return tuple(
        Road(
            (at[e.start][0], at[e.end][0]),
            (at[e.start][1], at[e.end][1]),
            e.provenance == "modelled",
        )
        for e in file.edges
    )


def profile_parts(study: Study) -> tuple[Any, Any, Any, Any, list[Profile]]:
    """Return callouts an hour with low and high, teams on duty, and the alternatives' profiles."""
    obs = study.observations[study.baseline]
    days = study.world.ends / MS_PER_DAY
    counts = np.zeros((obs.replications, 24))
    np.add.at(counts, (obs.replication, obs.hour), 1)
    value, low, high = _over_replications(counts / days)
    profiles = []
    for name, each in study.observations.items():
        busy, busy_low, busy_high = _over_replications(each.busy_by_hour)
        waiting = np.nan_to_num(each.waiting_by_hour.mean(axis=0))
        profiles.append(Profile(name, busy, busy_low, busy_high, waiting))
    return value, low, high, np.nan_to_num(obs.on_duty_by_hour.mean(axis=0)), profiles


def _over_replications(values: Any) -> tuple[Any, Any, Any]:
    """Return mean and interval over replications, column by column."""
    ones = np.ones(len(values))
    found = [ratio(column, ones) for column in np.nan_to_num(values).T]
    mean = np.array([f.value or 0.0 for f in found])
    low = np.array([f.low if f.low is not None else f.value or 0.0 for f in found])
    high = np.array([f.high if f.high is not None else f.value or 0.0 for f in found])
    return mean, low, high


def busy_dots(study: Study, tables: Tables) -> list[tuple[str, Sequence[Dot | None]]]:
    """Return each alternative's busy fraction by team."""
    rows = {(r[0], r[2]): r for r in tables.summary if r[1] == "busy_fraction"}
    found: list[tuple[str, Sequence[Dot | None]]] = []
    for name in study.observations:
        each = [rows.get((name, f"team:{team}")) for team in study.world.names.teams]
        found.append((name, [None if r is None else Dot(r[3], r[4], r[5]) for r in each]))
    return found


def forest_blocks(study: Study, tables: Tables) -> list[tuple[str, list[Difference]]]:
    """Return paired differences of mean response time: all, by priority, kind and area."""
    blocks = []
    per_day = {r[2]: r[3] for r in tables.summary if r[0] == study.baseline and r[1] == "callouts"}
    for name in list(study.observations)[1:]:
        rows = {
            r[3]: r
            for r in tables.comparisons
            if r[0] == name and r[2] == "response_mean" and r[5] is not None
        }
        found = []
        for prefix in ("all", "kind:", "area:"):
            groups = [g for g in rows if g.startswith(prefix)]
            groups.sort(key=lambda g: -(per_day.get(g) or 0))
            for i, group in enumerate(groups[:12]):
                label = "all callouts" if group == "all" else group.removeprefix(prefix)
                value, low, high, saved = (rows[group][k] for k in (4, 5, 6, 9))
                unpaired = None if saved is None else (high - low) / 2 * sqrt(saved)
                found.append(Difference(label, value, low, high, unpaired, head=i == 0))
        if found:
            blocks.append((name, found))
    return blocks


def busiest_day(study: Study) -> int:
    """Return the day of the first replication with the most callouts, counted from 0."""
    obs = study.observations[study.baseline]
    first = obs.received[obs.replication == 0]
    days = max(1, -(-study.world.ends // MS_PER_DAY))
    counts = np.bincount(first // MS_PER_DAY, minlength=days)
    return int(counts.argmax())


def day_of(study: Study, alternative: str, day: int) -> Day:
    """Return a day of the first replication, run again: a run is a pure function of its seed."""
    world, log = study.world, KeptLog()
    simulate(world, study.policies[alternative], log, world.scenario.study.seed, 0)
    begins, ends = day * MS_PER_DAY, (day + 1) * MS_PER_DAY

    def hours(at: int) -> float:
        return (min(max(at, begins), ends) - begins) / MS_PER_HOUR

    legs = [
        Leg(mission.team, hours(a), hours(b), phase)
        for mission in log.missions
        for phase, a, b in _phases(mission, world.ends)
        if b > begins and a < ends and b > a
    ]
    duty = [
        tuple((hours(a), hours(b)) for a, b in crew.duty if b > begins and a < ends)
        for crew in world.fleet.crews
    ]
    urgency = sorted({k.priority for k in world.scenario.demand.kinds.values()})
    rank = {c.callout: min(urgency.index(c.priority), 2) for c in log.callouts}
    arrivals = [
        (m.team, hours(m.on_scene), rank.get(m.callout, 2))
        for m in log.missions
        if m.on_scene is not None and begins <= m.on_scene < ends
    ]
    busy = [(m.dispatched, NO_WAY if m.cleared is None else m.cleared) for m in log.missions]
    shifts = [stretch for crew in world.fleet.crews for stretch in crew.duty]
    return Day(
        first_hour=(world.start_of_day // MS_PER_HOUR) % 24,
        teams=world.names.teams,
        duty=tuple(duty),
        legs=tuple(legs),
        arrivals=tuple(arrivals),
        busy=_steps(busy, begins, ends),
        on_duty=_steps(shifts, begins, ends),
        waiting=_steps([_wait(c) for c in log.callouts], begins, ends),
    )


def _phases(m: MissionRow, end: int) -> list[tuple[str, int, int]]:
    """Return a mission's phases, cut off at the end of the run where it was unfinished."""
    last = end if m.cleared is None else m.cleared
    marks = [
        ("turnout", m.dispatched),
        ("driving", m.en_route),
        ("on scene", m.on_scene),
        ("to hospital", m.left),
        ("at hospital", m.at_hospital),
    ]
    known = [(phase, at) for phase, at in marks if at is not None]
    ends = [*(at for _, at in known[1:]), last]
    return [(phase, at, until) for (phase, at), until in zip(known, ends, strict=True)]


def _wait(c: CalloutRow) -> tuple[int, int]:
    until = c.dispatched if c.dispatched is not None else c.ended
    return c.ready, NO_WAY if until is None else until


def _steps(
    stretches: Sequence[tuple[int, int]], begins: int, ends: int
) -> tuple[tuple[float, int], ...]:
    """Return how many stretches hold at each moment of a day: from which hour, how many."""
    changes = sorted(
        [(a, 1) for a, b in stretches if b > a] + [(b, -1) for a, b in stretches if b > a]
    )
    count, found = 0, [(0.0, 0)]
    for at, change in changes:
        count += change
        if at >= ends:
            break
        hour = (max(at, begins) - begins) / MS_PER_HOUR
        if found and found[-1][0] == hour:
            found[-1] = hour, count
        else:
            found.append((hour, count))
    return tuple(found)
