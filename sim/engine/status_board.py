"""What the dispatcher knows beyond the candidates, put together for the rules that want it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.log import NO_ACCESS
from sim.policies import FutureCallout, StatusBoard
from sim.world import Callout, expected

from . import transport_forecast
from .sample_paths import SamplePaths
from .team import Team

if TYPE_CHECKING:
    from .dispatcher import Dispatcher


class BoardBuilder:
    """The board of a run: what its dispatch rule ``wants`` and nothing else."""

    def __init__(self, dispatcher: Dispatcher, seed: int, replication: int) -> None:
        self.dispatcher = dispatcher
        said = dispatcher.asking.declared["dispatch"]
        self.wants, self.knows = said.wants, said.foresees
        places = len(dispatcher.world.names.places)
        self.record = [(0, 0)] * places
        self._foresight: SamplePaths | None = None
        if "futures" in self.wants:
            self._foresight = SamplePaths(
                dispatcher.world,
                seed,
                replication,
                said.futures,
                said.ahead,
                self.knows,
            )
        kinds = dispatcher.world.scenario.demand.kinds.values()
        self._work = [expected(kind.on_scene) for kind in kinds]
        self._handover = [expected(kind.handover) for kind in kinds]
        self._transported = [kind.to is not None and kind.transported >= 0.5 for kind in kinds]

    def board(self, now: int, period: int) -> StatusBoard:
        """Return what the rule wants of the present state."""
        idle, turnouts, drives = self._idle(now, period) if "idle" in self.wants else ((), (), ())
        return StatusBoard(
            idle=idle,
            turnouts=turnouts,
            drives=drives,
            busy=self._busy(now, period) if "busy" in self.wants else (),
            record=tuple(self.record) if "record" in self.wants else (),
            futures=self._futures(now, period),
        )

    def _idle(
        self, now: int, period: int
    ) -> tuple[Sequence[int], Sequence[int], Sequence[Sequence[int]]]:
        dispatcher, free = self.dispatcher, self.dispatcher.free
        teams, times, local_travel = (
            dispatcher.teams,
            dispatcher.times[period],
            dispatcher.local_travel,
        )
        resting = free.resting
        if not free.moving:
            at_rest = [teams[n] for n in resting]
            return (
                tuple(resting),
                tuple([team.expected - local_travel for team in at_rest]),
                tuple([times[team.destination] for team in at_rest]),
            )
        moving = {team.number: team for team in free.moving}
        numbers = sorted((*resting, *moving))
        turnouts, drives = [], []
        for n in numbers:
            if n in moving:
                turnouts.append(0)
                drives.append(dispatcher.travel.drives(moving[n], now, period))
            else:
                turnouts.append(teams[n].expected - local_travel)
                drives.append(times[teams[n].destination])
        return tuple(numbers), tuple(turnouts), tuple(drives)

    def _busy(self, now: int, period: int) -> tuple[tuple[int, int, int], ...]:
        found = []
        for team in self.dispatcher.teams:
            if not team.on_duty or team.free:
                continue
            if team.open is None:
                if team.arrives > now:  # on its way home, where it will be free
                    found.append((team.number, team.arrives, team.crew.place))
                continue
            when = self._will_be_free if self.knows else self._expected_free
            found.append((team.number, *when(team, now, period)))
        return tuple(found)

    def _will_be_free(self, team: Team, now: int, period: int) -> tuple[int, int]:
        """Return when and where a busy team will be free, for a rule that knows all draws."""
        open_ = team.open
        assert open_ is not None
        marks, place, hospitals = open_.marks, open_.callout.place, self.dispatcher.world.hospitals
        if team.at_hospital is not None:
            assert team.hospital is not None
            begins = self.dispatcher.hospitals.handover_begins(team)
            return begins + open_.handover_of(team), hospitals[team.hospital]
        if team.left is not None:
            at = team.left
        elif open_.need.carrier and open_.on_scene is not None:
            done = now if open_.finished else open_.since + open_.time_left()
            at = transport_forecast.leaves_scene(self.dispatcher, team, done, knows=True)
        elif team.on_scene is None:
            at = team.arrives + marks.local_travel + marks.on_scene[team.on_scene_index]
        else:
            at = open_.since + open_.time_left()
        drives = self.dispatcher.hospitals.drives(period, place)
        nearest = min(drives, default=NO_ACCESS)
        carries = marks.transported and transport_forecast.takes_people(open_, team)
        if nearest >= NO_ACCESS or not (carries or team.left is not None):
            return max(now, at), place
        hospital = drives.index(nearest) if team.hospital is None else team.hospital
        at += drives[hospital] + marks.local_travel + open_.handover_of(team)
        return max(now, at), hospitals[hospital]

    def _expected_free(self, team: Team, now: int, period: int) -> tuple[int, int]:
        """Return when and where a busy team is expected to be free: what a dispatcher can know."""
        open_ = team.open
        assert open_ is not None
        callout = open_.callout
        place, at = callout.place, now
        if team.at_hospital is not None:
            assert team.hospital is not None
            due = team.at_hospital + self._handover[callout.kind]
            return max(now, due), self.dispatcher.world.hospitals[team.hospital]
        if team.left is None:
            local = self.dispatcher.local_travel
            due = team.due_at(now, local) + local
            arrives = due if team.on_scene is None else team.on_scene
            at = max(now, arrives + self._work[callout.kind])
            if open_.need.carrier and open_.on_scene is not None:
                done = now if open_.finished else open_.on_scene + self._work[callout.kind]
                at = transport_forecast.leaves_scene(self.dispatcher, team, done, knows=False)
        if team.left is None and not self._may_take(team):
            return at, place
        drives = self.dispatcher.hospitals.drives(period, place)
        nearest = min(drives, default=NO_ACCESS)
        if nearest >= NO_ACCESS:
            return at, place
        hospital = drives.index(nearest) if team.hospital is None else team.hospital
        begins = at if team.left is None else team.left
        due = (
            begins + drives[hospital] + self.dispatcher.local_travel + self._handover[callout.kind]
        )
        return max(now, due), self.dispatcher.world.hospitals[hospital]

    def _may_take(self, team: Team) -> bool:
        """Return whether a dispatcher expects that a team takes people to hospital."""
        open_ = team.open
        assert open_ is not None
        usual = self._transported[open_.callout.kind]
        if not open_.need.carrier:
            return usual
        is_told = open_.on_scene is not None  # by the first team on scene
        taken = open_.marks.transported if is_told else usual
        return taken and transport_forecast.takes_people(open_, team)

    def reached(self, callout: Callout) -> None:
        """Count a callout that has been reached."""
        count, total = self.record[callout.place]
        response = self.dispatcher.clock.now - callout.received
        self.record[callout.place] = count + 1, total + response

    def _futures(self, now: int, period: int) -> Sequence[Sequence[FutureCallout]]:
        return () if self._foresight is None else self._foresight.futures(now, period)
