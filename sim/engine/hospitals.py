"""Hospitals: where people are taken, and how long a team stays there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.log import NO_WAY
from sim.policies import HospitalView
from sim.policies.destination import NearestHospital
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
        self.places = world.hospitals
        self.numbers = range(len(world.hospitals))
        self.bound = [0] * len(world.hospitals)  # teams at each or on their way to it
        self.ask = desk.policies.destination.__call__
        self.weighs = not isinstance(desk.policies.destination, NearestHospital)
        # worked out when first needed: with closed roads there may be many periods
        self._drives: dict[tuple[int, int], list[int]] = {}
        self._hand_overs = [expected(k.hand_over) for k in world.scenario.demand.kinds.values()]

    def drives(self, period: int, place: int) -> list[int]:
        """Return the time from a place to each hospital. [ms]"""
        known = self._drives.get((period, place))
        if known is None:
            row = self.desk.times[period][place]
            known = self._drives[period, place] = [row[hospital] for hospital in self.places]
        return known

    def choose(self, team: Team) -> int | None:
        """Ask where a team takes people; return its drive, None if it takes them nowhere. [ms]"""
        desk, open_ = self.desk, team.open
        assert open_ is not None
        callout, now = open_.callout, desk.clock.now
        drives = self.drives(desk.period(now), callout.place)
        hand_over = self._hand_overs[callout.kind]
        bound = tuple(self.bound) if self.weighs else ()
        view = _view((now, self.numbers, drives, bound, hand_over, desk.atlas, ()))
        subject = f"callout {callout.number}"
        try:
            chosen, why = self.ask(callout, view)
        except Exception as error:
            raise desk.asking.failed("destination", subject, error) from error
        desk.note("destination", callout.number, self.numbers, drives, chosen, why)
        if chosen is None:
            return None
        if chosen not in self.numbers or drives[chosen] >= NO_WAY:
            raise desk.asking.wrong("destination", subject, chosen, "a hospital with a way to it")
        team.left, team.hospital = now, chosen
        self.bound[chosen] += 1
        return drives[chosen] + open_.marks.last_mile

    def receive(self, team: Team) -> int:
        """Return how long a team that has arrived stays at its hospital. [ms]"""
        assert team.open is not None
        return team.open.marks.hand_over

    def lets_go(self, team: Team) -> None:
        """Count a team no longer at its hospital or on its way to it."""
        assert team.hospital is not None
        self.bound[team.hospital] -= 1
