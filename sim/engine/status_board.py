"""
What the dispatcher knows beyond the candidates, put together for the rules that want it.

When a busy team will be free is a forecast from means: of turnout, work on scene, local travel and
handover. Assumed: a kind of which half or more end in a transport is expected to, until the first
team is on scene and tells; people are expected to be taken to the nearest hospital, without offload
delay. A rule that ``foresees`` is shown the draws in place of means.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from sim.log import MS_PER_HOUR, NO_ACCESS
from sim.policies import CalloutView, Forecast, FutureCallout, LocalTime, StatusBoard
from sim.policies.rule_basis.board import FORECAST_HOURS, board_class, by_place
from sim.world import expected

from .foundation import transport_forecast
from .foundation.consult import ABOUT_TEAMS
from .foundation.hooks import NOBODY, MakeBoard, Run
from .foundation.sample_paths import SamplePaths
from .foundation.state import Mission
from .hospitals import Hospitals

NO_TIME = StatusBoard().clock
NO_FORECAST = StatusBoard().forecast


def boards_of(run: Run, hospitals: Hospitals) -> dict[str, MakeBoard]:
    """Return what puts the board together of each question whose rule wants one."""
    wanting = [question for question, said in run.asking.declared.items() if said.wants]
    return {question: BoardBuilder(run, hospitals, question).board for question in wanting}


class BoardBuilder:
    """The board of one question's rule: what it ``wants`` and nothing else."""

    def __init__(self, run: Run, hospitals: Hospitals, question: str) -> None:
        self.run, self.hospitals = run, hospitals
        said = run.asking.declared[question]
        self.wants, self.knows = said.wants, said.foresees
        self.about_team = question in ABOUT_TEAMS
        places = len(run.world.names.places)
        self.record = [(0, 0)] * places  # callouts reached, and the sum of response times [ms]
        self._foresight: SamplePaths | None = None
        if "futures" in self.wants:
            self._foresight = SamplePaths(
                run.world, run.seed, run.replication, said.futures, said.ahead, self.knows
            )
        kinds = run.world.scenario.demand.kinds.values()
        self._work = [expected(kind.on_scene) for kind in kinds]
        self._handover = [expected(kind.handover) for kind in kinds]
        self._transported = [kind.to is not None and kind.transported >= 0.5 for kind in kinds]
        self._hour: int | None = None  # when the hour begins that is forecast [ms]
        self._forecast = NO_FORECAST
        self._make = partial(tuple.__new__, board_class(self.wants))
        if "record" in self.wants:
            run.hooks.first_on_scene.append(self._reached)

    def board(self, now: int, period: int, about: int) -> StatusBoard:
        """
        Return what the rule wants of the present state.

        ``period`` is that of drives of the ordinary vehicle; ``about`` the callout that the rule is
        asked about, or the team that has become free: neither is on the board.
        """
        wants, run = self.wants, self.run
        idle, turnouts, drives = self._idle(now, period) if "idle" in wants else ((), (), ())
        if idle and self.about_team and about in idle:
            idle, turnouts, drives = _without(idle.index(about), idle, turnouts, drives)
        return self._make((
            idle,
            turnouts,
            drives,
            self._busy(now, run.period(now)) if "busy" in wants else (),
            tuple(self.record) if "record" in wants else (),
            self._futures(now),
            self._pending(about) if "pending" in wants else (),
            self._local_time(now) if "clock" in wants else NO_TIME,
            self._forecast_at(now) if "forecast" in wants else NO_FORECAST,
            self.hospitals.loads(now) if "hospitals" in wants else (),
        ))  # fmt: skip

    def _pending(self, about: int) -> tuple[CalloutView, ...]:
        about = NOBODY if self.about_team else about
        return tuple([open_.callout for open_ in self.run.pending if open_.number != about])

    def _local_time(self, now: int) -> LocalTime:
        shown = self.run.world.clock.moment(now)
        return LocalTime(shown.hour, shown.weekday(), shown.toordinal())

    def _forecast_at(self, now: int) -> Forecast:
        """Return what is expected in the clock hour that it is, and in those after it."""
        expected_ = self.run.world.demand.forecast
        begins = expected_.begin_of_hour(now)
        if begins != self._hour:
            ahead = range(FORECAST_HOURS)
            hours = tuple(expected_.by_kind(begins + hour * MS_PER_HOUR) for hour in ahead)
            places = by_place(hours[0], expected_.shares)
            self._hour, self._forecast = begins, Forecast(hours, expected_.shares, places)
        return self._forecast

    def _idle(
        self, now: int, period: int
    ) -> tuple[Sequence[int], Sequence[int], Sequence[Sequence[int]]]:
        run, free = self.run, self.run.available
        teams, times, local_travel = run.teams, run.times[period], run.local_travel
        resting, by = free.resting, run.world.for_team
        if not free.moving and run.world.team_periods is None:
            at_rest = [teams[n] for n in resting]
            return (
                tuple(resting),
                tuple([team.expected_start - local_travel for team in at_rest]),
                tuple([times[team.drive.destination] for team in at_rest]),
            )
        moving = {team.number: team for team in free.moving}
        numbers = sorted((*resting, *moving))
        turnouts, drives = [], []
        for n in numbers:
            if n in moving:
                turnouts.append(0)
                drives.append(run.travel.drives(moving[n].drive, now, by(period, n)))
            else:
                turnouts.append(teams[n].expected_start - local_travel)
                drives.append(run.times[by(period, n)][teams[n].drive.destination])
        return tuple(numbers), tuple(turnouts), tuple(drives)

    def _busy(self, now: int, period: int) -> tuple[tuple[int, int, int], ...]:
        """Return of each busy team its number, when it will be free, and where. [ms]"""
        found = []
        when = self._will_be_free if self.knows else self._expected_free
        for team in self.run.teams:
            if not team.on_duty or team.free:
                continue
            if team.mission is not None:
                found.append((team.number, *when(team.mission, now, period)))
            elif team.drive.arrives > now:  # on its way to a base, where it will be free
                found.append((team.number, team.drive.arrives, team.drive.destination))
        return tuple(found)

    def _will_be_free(self, mission: Mission, now: int, period: int) -> tuple[int, int]:
        """Return when and where a busy team will be free, for a rule that knows all draws."""
        open_, team, hospital = mission.open, mission.team, mission.hospital
        marks, place, hospitals = open_.marks, open_.place, self.run.world.hospitals
        if mission.at_hospital is not None and hospital is not None:
            begins = self.hospitals.handover_begins(mission, mission.at_hospital)
            return begins + open_.handover_of(mission), hospitals[hospital]
        if mission.left is not None:
            at = mission.left
        elif open_.need.carrier and open_.on_scene is not None:
            done = now if open_.finished else open_.since + open_.time_left()
            at = transport_forecast.leaves_scene(self.run, mission, done, knows=True)
        elif mission.on_scene is None:
            at = team.drive.arrives + marks.local_travel + marks.on_scene[team.on_scene_index]
        else:
            at = open_.since + open_.time_left()
        drives = self.hospitals.drives(period, open_.callout, team.number)
        nearest = min(drives, default=NO_ACCESS)
        carries = marks.transported and transport_forecast.takes_people(mission)
        if nearest >= NO_ACCESS or not (carries or mission.left is not None):
            return max(now, at), place
        if hospital is None:
            hospital = drives.index(nearest)
        at += drives[hospital] + marks.local_travel + open_.handover_of(mission)
        return max(now, at), hospitals[hospital]

    def _expected_free(self, mission: Mission, now: int, period: int) -> tuple[int, int]:
        """Return when and where a busy team is expected to be free: what a dispatcher can know."""
        open_, callout, hospital = mission.open, mission.open.callout, mission.hospital
        place, at, local = callout.place, now, self.run.local_travel
        hospitals, left = self.run.world.hospitals, mission.left
        if mission.at_hospital is not None and hospital is not None:
            due = mission.at_hospital + self._handover[callout.kind]
            return max(now, due), hospitals[hospital]
        if left is None:
            due = mission.due_at(now, local) + local
            arrives = due if mission.on_scene is None else mission.on_scene
            at = max(now, arrives + self._work[callout.kind])
            if open_.need.carrier and open_.on_scene is not None:
                done = now if open_.finished else open_.on_scene + self._work[callout.kind]
                at = transport_forecast.leaves_scene(self.run, mission, done, knows=False)
            if not self._may_take(mission):
                return at, place
        drives = self.hospitals.drives(period, callout, mission.team.number)
        nearest = min(drives, default=NO_ACCESS)
        if nearest >= NO_ACCESS:
            return at, place
        if hospital is None:
            hospital = drives.index(nearest)
        begins = at if left is None else left
        due = begins + drives[hospital] + local + self._handover[callout.kind]
        return max(now, due), hospitals[hospital]

    def _may_take(self, mission: Mission) -> bool:
        """Return whether a dispatcher expects that a team takes people to hospital."""
        open_ = mission.open
        usual = self._transported[open_.callout.kind]
        if not open_.need.carrier:
            return usual
        is_told = open_.on_scene is not None  # by the first team on scene
        taken = open_.marks.transported if is_told else usual
        return taken and transport_forecast.takes_people(mission)

    def _reached(self, mission: Mission) -> None:
        """Count a callout that has been reached."""
        callout = mission.open.callout
        count, total = self.record[callout.place]
        response = self.run.clock.now - callout.received
        self.record[callout.place] = count + 1, total + response

    def _futures(self, now: int) -> Sequence[Sequence[FutureCallout]]:
        if self._foresight is None:
            return ()
        return self._foresight.futures(now, self.run.period(now))


def _without(i: int, *columns: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any], Sequence[Any]]:
    """Return three parallel columns without one of their entries."""
    first, second, third = (tuple(column[:i]) + tuple(column[i + 1 :]) for column in columns)
    return first, second, third
