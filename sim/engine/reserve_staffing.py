"""Staffing: teams that are called in beyond the roster, and sent home again."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import simpy

from sim.log import MS_PER_DAY, MS_PER_HOUR, Event
from sim.policies import StaffingView
from sim.policies.cover_rules.staffing import Fixed
from sim.world import Draws, World, expected

from . import transport_forecast
from .alarm import STAFFING, Alarm
from .shifts import on_shift_end, on_shift_start
from .team import Team

if TYPE_CHECKING:
    from .dispatcher import Dispatcher


class ReserveTeams:
    """Teams that only a staffing rule brings on duty, and who of them is where."""

    def __init__(self, dispatcher: Dispatcher, seed: int, replication: int) -> None:
        self.dispatcher = dispatcher
        self.teams = [team for team in dispatcher.teams if team.crew.reserve is not None]
        self.rule = dispatcher.policies.staffing
        self.draws = Draws(dispatcher.world.fleet, seed, replication)
        self.calls = [0] * len(dispatcher.teams)  # how often each was called in
        self.rested = [dispatcher.world.begins] * len(
            dispatcher.teams
        )  # when each may be called in again
        self.begins: dict[int, int] = {}  # teams called in, and when each is on duty
        self.loads = _loads(dispatcher.world)

    @property
    def is_asked(self) -> bool:
        """Whether there are teams to call in and a rule that might."""
        return bool(self.teams) and not isinstance(self.rule, Fixed)

    def ask(self) -> None:
        """Ask the staffing rule, and call in the teams it names."""
        dispatcher, now = self.dispatcher, self.dispatcher.clock.now
        ready = [t for t in self.teams if self.rested[t.number] <= now]
        if not ready:
            return
        recalls = [team.crew.reserve for team in ready if team.crew.reserve is not None]
        minute = (now + dispatcher.world.start_of_day) // 60_000 % 1440
        day = dispatcher.world.demand.weekday + (now + dispatcher.world.start_of_day) // MS_PER_DAY
        view = StaffingView(
            now,
            minute // 60,
            sum(1 for team in dispatcher.teams if team.on_duty),
            len(dispatcher.free),
            len(dispatcher.waiting),
            self.loads[(day * 24 + minute // 60) % 168],
            sum(1 for at in self.begins.values() if at > now),
            len(self.begins),
            len(self.teams),
            tuple(team.number for team in ready),
            tuple(recall.expected for recall in recalls),
            tuple(recall.duration for recall in recalls),
            dispatcher.asking.atlases["staffing"][dispatcher.period(now)],
        )
        called, until, why = dispatcher.asking.ask["staffing"](view)
        if not called:
            return
        for number in called:
            dispatcher.recorder.decision(
                "staffing", view.free, view.reserve, view.delays, number, why
            )
            self._call_in(dispatcher.teams[number], until)

    def _call_in(self, team: Team, until: int) -> None:
        """Have a team on duty after its delay, until an instant; then it rests."""
        recall, now = team.crew.reserve, self.dispatcher.clock.now
        assert recall is not None
        delay = self.draws.call_in(team.number, self.calls[team.number])
        self.calls[team.number] += 1
        begins = now + delay
        ends = max(until, begins)
        self.rested[team.number] = ends + recall.minimum_rest
        self.begins[team.number] = begins
        self.dispatcher.recorder.event(Event.CALLED_IN, team.number, until=begins)
        self.dispatcher.env.process(self._duty(team, begins, ends))

    def _duty(self, team: Team, begins: int, ends: int) -> Generator[simpy.Event, None, None]:
        dispatcher, env, clock = self.dispatcher, self.dispatcher.env, self.dispatcher.clock
        yield env.timeout(begins - clock.now)
        dispatcher.recorder.duty(Event.ON_DUTY, team.number, ends)
        on_shift_start(dispatcher, team, begins, ends)
        dispatcher.line.serve()
        yield env.timeout(ends - clock.now)
        dispatcher.recorder.duty(Event.OFF_DUTY, team.number)
        on_shift_end(dispatcher, team)
        del self.begins[team.number]
        dispatcher.line.serve()

    def hourly(self) -> Generator[simpy.Event, None, None]:
        """Ask at each full hour."""
        dispatcher, alarm = self.dispatcher, Alarm(self.dispatcher.env, STAFFING)
        while True:
            into = (dispatcher.clock.now + dispatcher.world.start_of_day) % MS_PER_HOUR
            yield alarm.schedule_in(MS_PER_HOUR - into)
            self.ask()


def _loads(world: World) -> list[int]:
    """
    Return for each hour of the week how many teams its callouts keep busy. [per thousand]

    As a planner would work it out: callouts an hour, times the expected work, handover and twice
    the mean drive, times the teams that the people needed make up. Where only teams that carry
    transport, handovers are theirs alone, and there are drives of teams sent for that only.
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
    busy = sum(
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
    )
    return [round(1000 * rate * busy / MS_PER_DAY) for rate in world.demand.week.tolist()]
