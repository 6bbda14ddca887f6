"""
Hospitals: where people are taken, the offload delay of a team and its stay.

How long a handover takes is drawn when a callout comes in. So when a team arrives it is known
when an offload bay will be free for it, first come first served, and no event is needed for that.

Assumed: a handover takes as long at any hospital, and nobody is served out of turn. A hospital is
full when as many teams are at it or on their way to it as ``diverts_at`` says; a full one is
offered only where no other that is open has access.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from heapq import heapify, heapreplace
from typing import NamedTuple

from sim.log import NO_ACCESS, Event
from sim.policies import Decision, HospitalLoad, HospitalView
from sim.policies.rule_basis.board import UNDECLARED
from sim.policies.travel_rules.destination import NearestHospital
from sim.world import Callout, RunWindow, expected

from .foundation.hooks import Run
from .foundation.state import Mission

# a named tuple built directly, without its slower Python constructor
_view = partial(tuple.__new__, HospitalView)


class Hospitals:
    """The hospitals of a run and the teams at them or on their way to them."""

    def __init__(self, run: Run) -> None:
        self.run, world = run, run.world
        self.places, self.rows = world.hospitals, world.file.hospitals
        self.numbers: Sequence[int] = range(len(world.hospitals))
        self.bound = [0] * len(world.hospitals)  # teams at each or on their way to it
        self._full = 0  # how many of them have all the teams that they take
        self.ask = run.asking.ask["destination"]
        self.atlases = run.asking.atlases["destination"]
        self.referrals = tuple(n for n, row in enumerate(self.rows) if row.referral)
        self.weighs = not isinstance(run.policies.destination, NearestHospital)
        # worked out when first needed: with closed roads there may be many periods
        self._drives: dict[tuple[int, int], list[int]] = {}
        self._periods, self._own_periods = world.hospital_periods, world.team_periods
        self._handovers = [expected(k.handover) for k in world.scenario.demand.kinds.values()]
        written = world.file.hospital_closures
        closures = [RunWindow(c, world.clock, world.begins, world.ends) for c in written]
        self._closures = [
            [t for c, t in zip(written, closures, strict=True) if c.hospital == row.name]
            for row in self.rows
        ]
        self._limits = bool(closures) or any(row.diverts_at is not None for row in self.rows)
        self._most = [NO_ACCESS if row.diverts_at is None else row.diverts_at for row in self.rows]
        self._changes = sorted({at for c in closures for at in c.changes()})
        self._changed, self._open = -1, [*self.numbers]  # which are open since the last of these
        self._has_offload_bays = any(row.offload_bays is not None for row in self.rows)
        # of each hospital: when each bay is free, which teams it has received, which are due
        self._free_at = [[world.begins] * (row.offload_bays or 0) for row in self.rows]
        self._received: list[list[_Stay]] = [[] for _ in self.rows]
        self._coming: list[dict[int, tuple[int, int]]] = [{} for _ in self.rows]
        self._begins: dict[int, int] = {}  # of each team: when its handover does

    def drives(self, period: int, callout: Callout, team: int) -> list[int]:
        """Return a team's time from a callout to each hospital, at its priority. [ms]"""
        place = callout.place
        if self._periods is not None:
            period = self._periods[callout.priority][period]
        if self._own_periods is not None:
            period = self._own_periods[team][period]
        known = self._drives.get((period, place))
        if known is None:
            row = self.run.times[period][place]
            known = self._drives[period, place] = [row[hospital] for hospital in self.places]
        return known

    def _bind(self, hospital: int) -> None:
        """Count a team as on its way to a hospital."""
        self.bound[hospital] += 1
        self._full += self.bound[hospital] == self._most[hospital]

    def _unbind(self, hospital: int) -> None:
        """Count a team no longer as at a hospital or on its way."""
        self._full -= self.bound[hospital] == self._most[hospital]
        self.bound[hospital] -= 1

    # -- where to -----------------------------------------------------------------------------

    def choose(self, mission: Mission) -> int | None:
        """Ask where a team takes people; return its drive, None if it takes them nowhere. [ms]"""
        now = self.run.clock.now
        period = self.run.period(now)
        drives = self.drives(period, mission.open.callout, mission.team.number)
        drive = self._choose(mission, drives, period)
        if drive is not None:
            mission.leave(now)
        return drive

    def choose_again(self, mission: Mission, drives: list[int]) -> int | None:
        """
        Ask again, for a team that was stopped on its way, by the drives from where it is.

        Where no hospital can be reached now, the team stays bound for the one it was.
        """
        before, team = mission.hospital, mission.team.number
        assert before is not None
        known = self._coming[before].get(team)
        self._unbind(before)
        self._coming[before].pop(team, None)
        drive = self._choose(mission, drives, self.run.period(self.run.clock.now))
        if drive is None:
            self._bind(before)
            if known is not None:
                self._coming[before][team] = known
        return drive

    def _choose(self, mission: Mission, drives: list[int], period: int) -> int | None:
        run, open_ = self.run, mission.open
        callout, now = open_.callout, run.clock.now
        offered, ways = self.numbers, drives
        if self._limits:
            offered = self._offered(now, drives)
            ways = drives if offered is self.numbers else [drives[n] for n in offered]
            if not offered:
                why = "there is no access to any hospital that is not closed"
                run.recorder.decision("destination", open_.number, offered, ways, None, why)
                return None
        chosen, why = self._ask(callout, now, period, offered, ways)
        if len(offered) < len(self.numbers) and not self._is_plainly_nearest(chosen, drives):
            why += self._passed_over(callout, now, period, offered, drives)
        run.recorder.decision("destination", open_.number, offered, ways, chosen, why)
        if chosen is None:
            return None
        mission.bind_for(chosen)
        self._bind(chosen)
        if self._has_offload_bays:
            due = now + drives[chosen] + run.local_travel
            self._coming[chosen][mission.team.number] = due, self._handovers[callout.kind]
        return drives[chosen] + open_.marks.local_travel

    def _ask(
        self,
        callout: Callout,
        now: int,
        period: int,
        hospitals: Sequence[int],
        drives: Sequence[int],
    ) -> Decision:
        """Ask the rule which of some hospitals it is."""
        run = self.run
        bound: Sequence[int] = ()
        waits: Sequence[int] = ()
        if self.weighs:
            bound = tuple([self.bound[n] for n in hospitals])
            if self._has_offload_bays:
                wait, due = self._wait, now + run.local_travel
                ways = zip(hospitals, drives, strict=True)
                waits = tuple([wait(n, due + drive) for n, drive in ways])
        handover = self._handovers[callout.kind]
        atlas = self.atlases[period]
        number = callout.number
        board = run.board("destination", now, period, number) if run.boards else UNDECLARED
        view = _view((now, hospitals, drives, bound, handover, atlas, waits, board))
        answer: Decision = self.ask(callout, view)
        return answer

    def _offered(self, now: int, drives: Sequence[int]) -> Sequence[int]:
        """Return the hospitals that can take patients; none where all with access are closed."""
        changes = bisect_right(self._changes, now)
        if changes != self._changed:
            self._changed = changes
            self._open = [n for n in self.numbers if not self._is_closed(n, now)]
        room = open_ = self._open
        if self._full:
            bound, limits = self.bound, self._most
            room = [n for n in open_ if bound[n] < limits[n]]
        if len(room) == len(self.numbers):
            return self.numbers
        if any(drives[n] < NO_ACCESS for n in room):
            return room
        if len(open_) == len(self.numbers):
            return self.numbers
        return open_ if any(drives[n] < NO_ACCESS for n in open_) else []

    def _passed_over(
        self,
        callout: Callout,
        now: int,
        period: int,
        offered: Sequence[int],
        drives: Sequence[int],
    ) -> str:
        """Return, to end a reason, which hospital would have been chosen but takes no patients."""
        instead, _ = self._ask(callout, now, period, self.numbers, drives)
        if instead is None or instead in offered or instead not in self.numbers:
            return ""
        state = "closed" if self._is_closed(instead, now) else "full"
        return f"; {self.rows[instead].name} is {state}"

    def loads(self, now: int) -> tuple[HospitalLoad, ...]:
        """Return what the dispatcher knows of each hospital."""
        there, waiting = [0] * len(self.places), [0] * len(self.places)
        for team in self.run.teams:
            mission = team.mission
            if mission is None or mission.at_hospital is None or mission.hospital is None:
                continue
            there[mission.hospital] += 1
            waiting[mission.hospital] += self.handover_begins(mission, mission.at_hospital) > now
        return tuple(
            HospitalLoad(
                self.bound[n], there[n], waiting[n], self._wait(n, now),
                self._is_closed(n, now), self.bound[n] >= self._most[n],
            )
            for n in self.numbers
        )  # fmt: skip

    def _is_plainly_nearest(self, chosen: int | None, drives: Sequence[int]) -> bool:
        """Return whether a rule that takes people to the nearest found it among all of them."""
        if self.weighs or chosen is None or chosen in self.referrals:
            return False
        return drives[chosen] <= min(drives)

    def _is_closed(self, number: int, now: int) -> bool:
        return any(closure.holds(now) for closure in self._closures[number])

    def _wait(self, number: int, at: int) -> int:
        """
        Return the offload delay that is expected for a team due at an instant. [ms]

        A forecast from what the dispatcher knows: each team there, or due there before, takes the
        expected handover of its kind, in the order of arrival; one that has already taken longer
        may end at any moment.
        """
        offload_bays = self.rows[number].offload_bays
        if offload_bays is None:
            return 0
        now, free_at, ahead = self.run.clock.now, [], []
        for begins, ends, expected_ in self._received[number]:
            if begins > now:
                ahead.append((now, expected_))
            elif ends > now:
                free_at.append(max(now, begins + expected_))
        free_at += [now] * (offload_bays - len(free_at))
        heapify(free_at)
        ahead += sorted(c for c in self._coming[number].values() if c[0] <= at)
        for due, expected_ in ahead:
            heapreplace(free_at, max(free_at[0], due) + expected_)
        return max(free_at[0] - at, 0)

    # -- offload delay -------------------------------------------------------------------------

    def receive(self, mission: Mission) -> int:
        """Return how long a team that has arrived stays at its hospital. [ms]"""
        open_, team, number = mission.open, mission.team.number, mission.hospital
        assert number is not None
        handover = open_.marks.handover
        if len(open_.carriers) > 1:
            handover = open_.handover_of(mission)
        if not self._has_offload_bays:
            return handover
        _, expected_ = self._coming[number].pop(team)
        free_at, now = self._free_at[number], self.run.clock.now
        begins = self._begins[team] = max(free_at[0], now) if free_at else now
        if not free_at:
            return handover
        heapreplace(free_at, begins + handover)
        still_there = [stay for stay in self._received[number] if stay.ends > now]
        self._received[number] = [*still_there, _Stay(begins, begins + handover, expected_)]
        if begins > now:
            self.run.recorder.event(Event.OFFLOAD_DELAY, team, open_.number, number, begins)
        return begins - now + handover

    def handover_begins(self, mission: Mission, arrived: int) -> int:
        """Return when the handover of a team at its hospital begins, or began. [ms]"""
        return self._begins[mission.team.number] if self._has_offload_bays else arrived

    def leave(self, hospital: int) -> int:
        """Count a team no longer at a hospital; return the place where it is."""
        self._unbind(hospital)
        return self.places[hospital]


class _Stay(NamedTuple):
    """A handover that has begun or will. Instants in ms."""

    begins: int
    ends: int  # actual
    expected: int  # how long the dispatcher expects it to take
