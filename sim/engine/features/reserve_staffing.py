"""
Staffing: teams that are called in beyond the roster, and sent home again.

Assumed: whoever is called in comes, after a delay drawn by team and call, stays until the instant
decided when it was called, and rests for its minimum before it can be called again.
"""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.log import MS_PER_DAY, MS_PER_HOUR, Event
from sim.policies import StaffingView
from sim.policies.cover_rules.staffing import Fixed
from sim.world import CallInTimes, Draws, World, expected

from ..foundation import transport_forecast
from ..foundation.clock import STAFFING, Alarm, Process
from ..foundation.hooks import Run
from ..foundation.state import Team


def is_in(run: Run) -> bool:
    """Return whether there are teams to call in and a rule that might."""
    if isinstance(run.policies.staffing, Fixed):
        return False
    return any(team.crew.reserve is not None for team in run.teams)


def install(run: Run) -> None:
    """Ask the staffing rule after each callout and at each full hour."""
    reserve = ReserveTeams(run)
    run.hooks.answered.append(reserve.ask)
    run.hooks.starts.append(reserve.start)


class ReserveTeams:
    """Teams that only a staffing rule brings on duty, and who of them is where."""

    def __init__(self, run: Run) -> None:
        self.run, world = run, run.world
        self.recalls = {team: team.crew.reserve for team in run.teams if team.crew.reserve}
        self.draws = Draws(world.fleet, run.seed, run.replication)
        self.calls = [0] * len(run.teams)  # how often each was called in
        self.rested = [world.begins] * len(run.teams)  # when each may be called in again
        self.begins: dict[int, int] = {}  # teams called in, and when each is on duty
        self.busy = _busy(world)
        self.hour, self.load = -1, 0  # the full hour, and the load worked out for it

    def start(self) -> None:
        """Ask from now on at each full hour."""
        Alarm(self.run.env, STAFFING).begin(self._hourly())

    def _hourly(self) -> Process:
        run = self.run
        while True:
            yield run.world.clock.hour_ends(run.clock.now) - run.clock.now
            self.ask()

    def ask(self) -> None:
        """Ask the staffing rule, and call in the teams it names."""
        run, now = self.run, self.run.clock.now
        ready = {t: recall for t, recall in self.recalls.items() if self.rested[t.number] <= now}
        if not ready:
            return
        view = StaffingView(
            now,
            run.world.clock.hour(now),
            sum(1 for team in run.teams if team.on_duty),
            len(run.available),
            len(run.pending),
            self._load(now),
            sum(1 for at in self.begins.values() if at > now),
            len(self.begins),
            len(self.recalls),
            tuple(team.number for team in ready),
            tuple(recall.expected for recall in ready.values()),
            tuple(recall.duration for recall in ready.values()),
            run.asking.atlases["staffing"][run.period(now)],
        )
        called, until, why = run.asking.ask["staffing"](view)
        if not called:
            return
        for number in called:
            run.recorder.decision("staffing", view.free, view.reserve, view.delays, number, why)
            team = run.teams[number]
            self._call_in(team, self.recalls[team], until)

    def _load(self, now: int) -> int:
        """Return how many teams the callouts of this hour keep busy. [per thousand]"""
        hour = self.run.world.clock.local(now) // MS_PER_HOUR
        if hour != self.hour:
            work = self.run.world.demand.work_at(now, self.busy)
            self.hour, self.load = hour, round(1000 * work / MS_PER_DAY)
        return self.load

    def _call_in(self, team: Team, recall: CallInTimes, until: int) -> None:
        """Have a team on duty after its delay, until an instant; then it rests."""
        now = self.run.clock.now
        delay = self.draws.call_in(team.number, self.calls[team.number])
        self.calls[team.number] += 1
        begins = now + delay
        ends = max(until, begins)
        self.rested[team.number] = ends + recall.minimum_rest
        self.begins[team.number] = begins
        self.run.recorder.event(Event.CALLED_IN, team.number, until=begins)
        self.run.env.process(self._duty(team, begins, ends))

    def _duty(self, team: Team, begins: int, ends: int) -> Generator[simpy.Event, None, None]:
        act, env, clock = self.run.act, self.run.env, self.run.clock
        yield env.timeout(begins - clock.now)
        self.run.recorder.duty(Event.ON_DUTY, team.number, ends)
        act.begin_shift(team, ends)
        act.serve_queue()
        yield env.timeout(ends - clock.now)
        self.run.recorder.duty(Event.OFF_DUTY, team.number)
        act.end_shift(team)
        del self.begins[team.number]
        act.serve_queue()


def _busy(world: World) -> list[float]:
    """
    Return for each kind how long a callout keeps teams busy, times its share. [ms]

    As a planner would work it out: the expected work, handover and twice the mean drive, times the
    teams that the people needed make up; with the rate of an hour it is the load. Where only teams
    that carry transport, handovers are theirs alone, and there are drives of teams sent for that
    only.
    """
    scenario, fleet = world.scenario, world.fleet
    kinds = scenario.demand.kinds.values()
    crew = max(sum(c.people for c in fleet.crews) / len(fleet.crews), 1.0)
    times, places = world.travel.times[0], fleet.base_places
    total = sum(world.weights) or 1.0
    reachable = [
        weight * min(times[base][place] for base in places)
        for place, weight in enumerate(world.weights)
        if min(times[base][place] for base in places) < MS_PER_DAY
    ]
    drive = sum(reachable) / total
    return [
        kind.share
        * (
            max(1.0, kind.crew / crew)
            * (
                expected(kind.on_scene)
                + 2 * drive
                + (expected(kind.handover) if kind.to and not need.carrier else 0)
            )
            + (transport_forecast.committed(world, kind, drive) if need.carrier else 0)
        )
        for kind, need in zip(kinds, fleet.needs, strict=True)
    ]
