"""
Hospitals: where people are taken, how long a team waits at the door and stays there.

How long a hand-over takes is settled when a callout comes in. So when a team arrives it is known
when a door will be free for it, first come first served, and no event is needed for the waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from heapq import heappop, heappush, heapreplace
from typing import TYPE_CHECKING

from sim.log import NO_WAY, Event
from sim.policies import HospitalView
from sim.policies.destination import NearestHospital
from sim.scenario.access import HospitalClosure
from sim.scenario.rows import since_start
from sim.world import expected

from .team import Team

if TYPE_CHECKING:
    from .desk import Desk

# a named tuple built without its constructor's detour through Python
_view = partial(tuple.__new__, HospitalView)


class Hospitals:
    """The hospitals of a run and the teams at them or on their way to them."""

    def __init__(self, desk: Desk) -> None:
        self.desk, world = desk, desk.world
        self.places, self.rows = world.hospitals, world.file.hospitals
        self.numbers: Sequence[int] = range(len(world.hospitals))
        self.bound = [0] * len(world.hospitals)  # teams at each or on their way to it
        self.ask = desk.policies.destination.__call__
        self.weighs = not isinstance(desk.policies.destination, NearestHospital)
        # worked out when first needed: with closed roads there may be many periods
        self._drives: dict[tuple[int, int], list[int]] = {}
        self._hand_overs = [expected(k.hand_over) for k in world.scenario.demand.kinds.values()]
        closures = [_Closed(c, desk) for c in world.scenario.map.hospital_closures]
        self._closures = {
            n: [c for c in closures if c.hospital == row.name] for n, row in enumerate(self.rows)
        }
        self._limits = bool(closures) or any(row.diverts_at is not None for row in self.rows)
        self._has_doors = any(row.doors is not None for row in self.rows)
        self._free_at: list[list[int]] = [
            [0] * row.doors if row.doors is not None else [] for row in self.rows
        ]  # of each hospital: when each door is free [ms]
        self._coming: list[list[int]] = [[] for _ in self.rows]  # expected hand-overs on the way

    def drives(self, period: int, place: int) -> list[int]:
        """Return the time from a place to each hospital. [ms]"""
        known = self._drives.get((period, place))
        if known is None:
            row = self.desk.times[period][place]
            known = self._drives[period, place] = [row[hospital] for hospital in self.places]
        return known

    # -- where to -----------------------------------------------------------------------------

    def choose(self, team: Team) -> int | None:
        """Ask where a team takes people; return its drive, None if it takes them nowhere. [ms]"""
        desk, open_ = self.desk, team.open
        assert open_ is not None
        now = desk.clock.now
        drive = self._choose(team, self.drives(desk.period(now), open_.callout.place))
        if drive is not None:
            team.left = now
        return drive

    def choose_again(self, team: Team, drives: list[int]) -> int | None:
        """Ask anew, for a team that was stopped on its way, by the drives from where it is."""
        before = team.hospital
        drive = self._choose(team, drives)
        if before is not None and drive is not None:
            self._let_go(before, team)
        return drive

    def _choose(self, team: Team, drives: list[int]) -> int | None:
        desk, open_ = self.desk, team.open
        assert open_ is not None
        callout, now = open_.callout, desk.clock.now
        hand_over = self._hand_overs[callout.kind]
        offered, passed_over = self.numbers, ""
        if self._limits:
            offered, passed_over = self._offered(now, drives)
        ways = drives if offered is self.numbers else [drives[n] for n in offered]
        if not offered:
            desk.note("destination", callout.number, offered, ways, None, passed_over)
            return None
        bound = tuple([self.bound[n] for n in offered]) if self.weighs else ()
        waits: tuple[int, ...] = ()
        if self._has_doors and self.weighs:
            waits = tuple([self._wait(n, now + drives[n]) for n in offered])
        view = _view((now, offered, ways, bound, hand_over, desk.atlas, waits))
        subject = f"callout {callout.number}"
        try:
            chosen, why = self.ask(callout, view)
        except Exception as error:
            raise desk.asking.failed("destination", subject, error) from error
        if passed_over:
            why = f"{why}; {passed_over}"
        desk.note("destination", callout.number, offered, ways, chosen, why)
        if chosen is None:
            return None
        if chosen not in offered or drives[chosen] >= NO_WAY:
            raise desk.asking.wrong("destination", subject, chosen, "a hospital with a way to it")
        team.hospital = chosen
        self.bound[chosen] += 1
        if self._has_doors:
            self._coming[chosen].append(hand_over)
        return drives[chosen] + open_.marks.last_mile

    def _offered(self, now: int, drives: Sequence[int]) -> tuple[list[int], str]:
        """Return the hospitals that can take somebody, and which nearer one was passed over."""
        open_ = [n for n in self.numbers if not any(c.holds(now) for c in self._closures[n])]
        room = [n for n in open_ if self._has_room(n)]
        offered = room if any(drives[n] < NO_WAY for n in room) else open_
        if not offered:
            return [], "every hospital is closed"
        nearest = min(self.numbers, key=lambda n: (drives[n], n))
        if nearest in offered or drives[nearest] >= NO_WAY:
            return offered, ""
        state = "full" if nearest in open_ else "closed"
        return offered, f"{self.rows[nearest].name}, nearer, is {state}"

    def _has_room(self, number: int) -> bool:
        limit = self.rows[number].diverts_at
        return limit is None or self.bound[number] < limit

    def _wait(self, number: int, at: int) -> int:
        """
        Return the wait at the door that is expected at an instant. [ms]

        Teams on the way there are taken to come first and to take their expected hand-overs.
        """
        free_at = sorted(self._free_at[number])
        if not free_at:
            return 0
        for hand_over in self._coming[number]:
            begins = max(heappop(free_at), self.desk.clock.now)
            heappush(free_at, begins + hand_over)
        return max(free_at[0] - at, 0)

    # -- at the door --------------------------------------------------------------------------

    def receive(self, team: Team) -> int:
        """Return how long a team that has arrived stays at its hospital. [ms]"""
        open_, number = team.open, team.hospital
        assert open_ is not None
        assert number is not None
        hand_over = open_.marks.hand_over
        if not self._has_doors:
            return hand_over
        self._coming[number].remove(self._hand_overs[open_.callout.kind])
        free_at = self._free_at[number]
        if not free_at:
            return hand_over
        now = self.desk.clock.now
        begins = max(free_at[0], now)
        heapreplace(free_at, begins + hand_over)
        if begins > now >= 0:
            row = (now, Event.WAITS_AT_DOOR, team.number, open_.callout.number, number, begins)
            self.desk.log_event(row)
        return begins - now + hand_over

    def lets_go(self, team: Team) -> None:
        """Count a team no longer at its hospital."""
        assert team.hospital is not None
        self.bound[team.hospital] -= 1

    def _let_go(self, number: int, team: Team) -> None:
        """Count a team no longer that was on its way to a hospital."""
        assert team.open is not None
        self.bound[number] -= 1
        if self._has_doors:
            self._coming[number].remove(self._hand_overs[team.open.callout.kind])


class _Closed:
    """A hospital's closure as instants of the run. [ms]"""

    def __init__(self, closure: HospitalClosure, desk: Desk) -> None:
        world = desk.world
        start = world.scenario.clock.start
        self.hospital, self.hours = closure.hospital, closure.hours
        self.begins = world.begins if closure.begins is None else since_start(closure.begins, start)
        self.until = world.ends if closure.until is None else since_start(closure.until, start)
        self.start_of_day = world.start_of_day

    def holds(self, at: int) -> bool:
        """Return whether the hospital is closed at an instant."""
        if not self.begins <= at < self.until:
            return False
        if self.hours is None:
            return True
        clock, (first, last) = (at + self.start_of_day) % 86_400_000, self.hours
        return first <= clock < last if first < last else clock >= first or clock < last
