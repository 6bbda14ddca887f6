"""A team: where it is, what it is doing, and its life as a process."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, cast

import simpy

from sim.world import Crew, Spot

from .alarm import TEAM, Alarm, Clock

if TYPE_CHECKING:
    from .callout import OpenCallout
    from .desk import Desk
    from .halts import Halt
    from .volunteers import Gathered

FOREVER = 1 << 62


class Team:
    """
    A team's state. Instants and times in ms; places and bases by number.

    Where it is follows from the drive it is on or was on last: ``origin``, ``destination``,
    ``departs``, ``arrives`` and the speed ``period``. So going home needs no event.
    """

    __slots__ = (
        "alarm", "arrives", "at_hospital", "break_due", "capabilities", "crew", "departs",
        "destination", "dispatched", "due", "en_route", "expected", "exposed", "free", "gathering",
        "halt", "hospital",
        "left", "moves", "number", "on_duty", "on_scene", "open", "origin", "pace", "people",
        "period", "rests_from", "special", "turnout", "vehicle", "waits_at",
    )  # fmt: skip

    def __init__(self, env: simpy.Environment, crew: Crew, local_travel: int) -> None:
        self.crew = crew
        self.number = crew.number
        self.people = crew.people
        self.capabilities = crew.capabilities
        self.pace = crew.pace
        self.turnout = crew.turnout
        self.expected = crew.expected_turnout + local_travel  # added to the drive from a base
        self.special = crew.gathers is not None or bool(crew.vehicles)  # not ready just like that
        self.gathering: Gathered | None = None  # volunteers on their way to the base
        self.vehicle: int | None = None  # taken from those at the base
        self.break_due: tuple[int, int] | None = None  # until when it may begin, how long [ms]
        self.moves: list[int] = []  # when it was moved from base to base
        self.alarm = Alarm(env, TEAM + crew.number)
        self.on_duty = False
        self.free = False
        self.open: OpenCallout | None = None  # the callout it is sent to
        self.waits_at = crew.base  # the base it waits at or is bound for, while free
        self.origin: Spot = crew.place
        self.rest_at(crew.place, cast(Clock, env).now)
        self.dispatched = self.en_route = 0
        self.due = 0  # when it is expected where it is sent, without the last mile
        self.halt: Halt | None = None  # what stops it next on its way
        self.exposed = 0  # declared exposure of its people on this mission so far [ms]
        self.on_scene: int | None = None
        self.left: int | None = None
        self.at_hospital: int | None = None
        self.hospital: int | None = None

    def rest_at(self, place: int, now: int) -> None:
        """Be at a place, with a turnout before the next drive."""
        self.origin = self.destination = place
        self.departs = self.arrives = self.rests_from = now
        self.period = 0


def life(team: Team, desk: Desk, way_home: int = 0) -> Generator[simpy.Event, None, None]:
    """
    Be free; arrive; work; take people to hospital where needed; be free again.

    The desk, which sends the team, rings its alarm when it arrives on scene; for volunteers,
    first when they leave their base, and for those who are stopped on the way, where they are.
    """
    while True:
        if way_home:
            desk.note_return(team, way_home)
            yield team.alarm.ring_in(way_home)
            team.alarm.opened()
            desk.is_home(team)
            way_home = 0
        yield team.alarm
        if team.gathering is not None:
            team.alarm.opened()
            drive = desk.crew_leaves(team)
            if drive is None:
                continue
            yield team.alarm.ring_in(drive)
        if team.halt is not None:
            stopped = yield from desk.is_stopped(team)
            if stopped is not None:
                way_home = stopped
                continue
        yield team.alarm.ring_in(desk.arrives(team))
        drive = desk.leaves_scene(team)
        if drive is not None:
            yield team.alarm.ring_in(drive)
            if team.halt is not None:
                yield from desk.is_stopped_with_patient(team)
            yield team.alarm.ring_in(desk.arrives_at_hospital(team))
        team.alarm.opened()  # before the desk can send it on
        way_home = desk.clears(team)
