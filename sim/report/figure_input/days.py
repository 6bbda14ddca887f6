"""A day of every team, run again: a run is a pure function of scenario, policies and seed."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from sim.engine import simulate
from sim.experiment import Study
from sim.log import (
    MS_PER_HOUR,
    NO_ACCESS,
    CalloutRow,
    DecisionRow,
    Event,
    KeptLog,
    MissionRow,
)
from sim.outcomes.observed.committed_time import committed, sent, staffed
from sim.outcomes.observed.working_time import extended
from sim.outcomes.observed.workload import Spans, roster
from sim.world import World

from ..figures import Activity, DayTimeline, Reached, Steps, figure_day_timeline
from .figure_basis.captions import caption
from .figure_basis.figure_kinds import FigureRequest, figure_kind

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_TEAMS = 60  # with a row of their own


@figure_kind("timeline", "One day, team by team.", place=70)
def figure(asked: FigureRequest) -> Figure:
    """Return a day of one alternative: the one asked for, or the busiest."""
    number = busiest_day(asked.study) if asked.day is None else asked.day - 1
    base = asked.study.observations[asked.study.baseline]
    chosen = asked.day is None and bool((base.replication == 0).any())
    note = "the day with most callouts" if chosen else ""
    timeline = day_timeline(asked.study, asked.alternative, number, note)
    return figure_day_timeline(timeline, caption(asked.study, [asked.alternative]))


def busiest_day(study: Study) -> int:
    """Return the day of the first replication with the most callouts, counted from 0."""
    obs = study.observations[study.baseline]
    first = obs.received[obs.replication == 0]
    begins = study.world.clock.day_begins(study.world.ends)
    day = np.searchsorted(begins, first, side="right") - 1
    return int(np.bincount(day, minlength=len(begins)).argmax())


def day_timeline(study: Study, alternative: str, day: int, note: str = "") -> DayTimeline:
    """Return a day of the first replication under an alternative, counted from 0."""
    world, log = study.worlds[alternative], KeptLog()
    policies = study.alternatives[alternative].policies
    begins, ends = [*world.clock.day_begins(world.ends), world.ends][day : day + 2]
    date = world.clock.moment(begins)
    seed, number = study.design.seed, study.numbers[0]
    # what comes after the day changes nothing in it, and may be most of the run
    callouts = takewhile(lambda own: own[0].ready < ends, world.demand.callouts(seed, number))
    simulate(world, policies, log, seed, number, callouts=callouts)
    priority = {c.callout: c.priority for c in log.callouts}
    missions = [m for m in log.missions if m.dispatched < ends]
    legs = [leg for m in missions for leg in _legs(m, world.ends)]
    legs += _ways_to_base(world, log)
    crews = world.fleet.crews
    busy = committed(sent(log.missions), log.events)
    called = extended([crew.duty for crew in crews], log.events, world.ends)
    on_call = [crew.assembly_spec is not None for crew in crews]
    duty = staffed(called, on_call)
    at_work = busy.joined(roster(duty)).merged(world.ends)
    every = DayTimeline(
        date_label=f"day {day + 1}, {date:%A} {date.day} {date:%B %Y}",
        start_ms=begins,
        teams=world.names.teams,
        on_duty=tuple(tuple(own) for own in duty),
        on_call=tuple(
            tuple(own) if waits else () for own, waits in zip(called, on_call, strict=True)
        ),
        legs=tuple(leg for leg in legs if leg.end > begins and leg.begin < ends),
        callouts=tuple(
            Reached(m.team, m.on_scene, priority.get(m.callout, 9))
            for m in missions
            if m.on_scene is not None and m.on_scene >= begins
        ),
        busy_steps=_steps(_pairs(busy.merged(world.ends))),
        waiting_steps=_steps([_wait(c) for c in log.callouts]),
        on_duty_steps=_steps(_pairs(at_work)),
        alternative=alternative,
        replication=1,
        clock=world.clock,
        hours=(ends - begins) / MS_PER_HOUR,
        note=note,
    )
    return _longest_committed(every)


def _longest_committed(data: DayTimeline) -> DayTimeline:
    """Return a day with no more teams than a page has room for, those longest under way."""
    if len(data.teams) <= MOST_TEAMS:
        return data
    under_way = np.zeros(len(data.teams))
    ends = data.start_ms + data.hours * MS_PER_HOUR
    for leg in data.legs:
        under_way[leg.team] += min(leg.end, ends) - max(leg.begin, data.start_ms)
    kept = sorted(np.argsort(-under_way, kind="stable")[:MOST_TEAMS].tolist())
    row = {team: place for place, team in enumerate(kept)}
    said = f"rows: the {MOST_TEAMS} of {len(data.teams)} teams longest under way"
    return replace(
        data,
        teams=tuple(data.teams[i] for i in kept),
        on_duty=tuple(data.on_duty[i] for i in kept),
        on_call=tuple(data.on_call[i] for i in kept),
        legs=tuple(leg._replace(team=row[leg.team]) for leg in data.legs if leg.team in row),
        callouts=tuple(r._replace(team=row[r.team]) for r in data.callouts if r.team in row),
        note=" · ".join(filter(None, (data.note, said))),
    )


def _legs(m: MissionRow, end: int) -> list[Activity]:
    """Return a mission's phases, up to the end of the run where it was unfinished."""
    marks = [
        ("turnout", m.dispatched),
        ("driving", m.en_route),
        ("on scene", m.on_scene),
        ("to hospital", m.left),
        ("at hospital", m.at_hospital),
    ]
    known = [(phase, at) for phase, at in marks if at is not None]
    ends = [*(at for _, at in known[1:]), end if m.cleared is None else m.cleared]
    return [
        Activity(m.team, at, until, phase)
        for (phase, at), until in zip(known, ends, strict=True)
        if until > at
    ]


def _ways_to_base(world: World, log: KeptLog) -> list[Activity]:
    """Return the drives of free teams to a base: their own, or the one they were sent to."""
    sent = {(d.subject, d.at): d for d in log.decisions if d.question == "relocation"}
    place = {c.callout: c.place for c in log.callouts}
    starts: dict[int, list[int]] = {}
    for m in log.missions:
        insort(starts.setdefault(m.team, []), m.dispatched)
    rests = {(e.team, e.at) for e in log.events if e.what == Event.MANDATORY_REST}
    legs = []
    for m in log.missions:
        crew, now = world.fleet.crews[m.team], m.cleared
        if (m.team, now) in rests:
            continue
        on_duty = [b for a, b in crew.duty if now is not None and a <= now < b]
        if now is None or not on_duty:
            continue
        base, drive = _drive(world, m, place.get(m.callout), sent.get((m.team, now)))
        if drive >= NO_ACCESS:
            continue
        next_one = starts[m.team][bisect_left(starts[m.team], now) :] or [NO_ACCESS]
        until = min(now + drive, next_one[0], on_duty[0])
        if until > now:
            phase = "returning" if base == crew.base else "relocating"
            legs.append(Activity(m.team, now, until, phase))
    return legs


def _drive(
    world: World, m: MissionRow, place: int | None, sent: DecisionRow | None
) -> tuple[int, int]:
    """
    Return the base a team drives to when it is done, and the drive. [ms]

    The log does not say where on the road a team was stood down: unless it was then told which
    base to go to, and how far that is, its way is not known and left out.
    """
    crew = world.fleet.crews[m.team]
    if sent is not None and sent.chosen is not None:
        return sent.chosen, sent.arrivals[sent.candidates.index(sent.chosen)]
    here = place if m.hospital is None else world.hospitals[m.hospital]
    if here is None or m.cleared is None or m.on_scene is None:
        return crew.base, NO_ACCESS
    return crew.base, world.travel.times[world.period(m.cleared)][here][crew.place]


def _wait(c: CalloutRow) -> tuple[int, int]:
    until = c.dispatched if c.dispatched is not None else c.ended
    return c.ready, NO_ACCESS if until is None else until


def _pairs(spans: Spans) -> list[tuple[int, int]]:
    return list(zip(spans.begin.tolist(), spans.until.tolist(), strict=True))


def _steps(stretches: Sequence[tuple[int, int]]) -> Steps:
    """Return how many stretches hold at each moment: from when, how many."""
    kept = [(a, b) for a, b in stretches if b > a]
    changes = sorted([(a, 1) for a, _ in kept] + [(b, -1) for _, b in kept if b < NO_ACCESS])
    times = np.array([at for at, _ in changes] or [0], dtype=np.int64)
    counts = np.cumsum([change for _, change in changes] or [0])
    last = np.append(times[1:] != times[:-1], True)  # of changes at one instant the last
    return Steps(times[last], counts[last])
