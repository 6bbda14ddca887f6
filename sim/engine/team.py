"""A team: where it is, what it is doing, and its life as a process."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, cast

import simpy

from sim.world import Spot, TeamSpec

from .alarm import TEAM, Alarm, Clock

if TYPE_CHECKING:
    from .callout import OpenCallout
    from .dispatcher import Dispatcher
    from .stops_on_the_way import Halt
    from .volunteers import AssemblyPlan

FOREVER = 1 << 62


class Team:
    """
    A team's state. Instants and times in ms; places and bases by number.

    Where it is follows from the drive it is on or was on last: ``origin``, ``destination``,
    ``departs``, ``arrives`` and the speed ``period``. So going home needs no event.
    """

    __slots__ = (
        "alarm",
        "arrives",
        "assembly",
        "at_hospital",
        "break_due",
        "capabilities",
        "crew",
        "departs",
        "destination",
        "dispatched",
        "due",
        "en_route",
        "expected",
        "exposed",
        "free",
        "halt",
        "hospital",
        "left",
        "moves",
        "number",
        "off_at",
        "on_duty",
        "on_scene",
        "on_scene_index",
        "open",
        "origin",
        "people",
        "period",
        "rests_from",
        "special",
        "turnout",
        "vehicle",
        "waits_at",
    )  # fmt: skip

    def __init__(self, env: simpy.Environment, crew: TeamSpec, local_travel: int) -> None:
        self.crew = crew
        self.number = crew.number
        self.people = crew.people
        self.capabilities = crew.capabilities
        self.on_scene_index = crew.on_scene_index
        self.turnout = crew.turnout
        self.expected = crew.expected_turnout + local_travel  # added to the drive from a base
        self.special = crew.assembly_spec is not None or bool(
            crew.vehicles
        )  # not ready just like that
        self.assembly: AssemblyPlan | None = None  # volunteers on their way to the base
        self.vehicle: int | None = None  # taken from those at the base
        self.break_due: tuple[int, int] | None = None  # until when it may begin, how long [ms]
        self.moves: list[int] = []  # when it was moved from base to base
        self.alarm = Alarm(env, TEAM + crew.number)
        self.on_duty = False
        self.off_at = 0  # while on duty: until when
        self.free = False
        self.open: OpenCallout | None = None  # the callout it is sent to
        self.waits_at = crew.base  # the base it waits at or is bound for, while free
        self.origin: Spot = crew.place
        self.rest_at(crew.place, cast(Clock, env).now)
        self.dispatched = self.en_route = 0
        self.due = 0  # when it will be where it is sent, if the drive takes the expected time
        self.halt: Halt | None = None  # what stops it next on its way
        self.exposed = 0  # declared exposure of its people on this mission so far [ms]
        self.on_scene: int | None = None
        self.left: int | None = None
        self.at_hospital: int | None = None
        self.hospital: int | None = None

    def due_at(self, now: int, local_travel: int) -> int:
        """
        Return when it is expected where it is sent, without local travel. [ms]

        While it gets ready, the usual turnout is expected: nobody knows how long this one takes.
        """
        if now < self.departs == self.en_route:
            turned_out = max(self.dispatched + self.expected - local_travel, now)
            return turned_out + self.due - self.departs
        return self.due

    def rest_at(self, place: int, now: int) -> None:
        """Be at a place, with a turnout before the next drive."""
        self.origin = self.destination = place
        self.departs = self.arrives = self.rests_from = now
        self.period = 0


def team_process(
    team: Team, dispatcher: Dispatcher, way_home: int = 0
) -> Generator[simpy.Event, None, None]:
    """
    Be free; arrive; work; take people to hospital where needed; be free again.

    The dispatcher, which sends the team, rings its alarm when it arrives on scene; for volunteers,
    first when they leave their base, and for those who are stopped on the way, where they are.
    """
    while True:
        if way_home:
            dispatcher.recorder.returning(team.number, way_home)
            yield team.alarm.schedule_in(way_home)
            team.alarm.rearm()
            dispatcher.arrive_home(team)
            way_home = 0
        yield team.alarm
        if team.assembly is not None:
            team.alarm.rearm()
            drive = dispatcher.on_crew_departure(team)
            if drive is None:
                continue
            yield team.alarm.schedule_in(drive)
        if team.halt is not None:
            stopped = yield from dispatcher.is_stopped(team)
            if stopped is not None:
                way_home = stopped
                continue
        yield team.alarm.schedule_in(dispatcher.on_arrival(team))
        drive = dispatcher.on_work_done(team)
        if drive is not None:
            yield team.alarm.schedule_in(drive)
            if team.halt is not None:
                yield from dispatcher.is_stopped_with_patient(team)
            yield team.alarm.schedule_in(dispatcher.on_hospital_arrival(team))
        team.alarm.rearm()  # before the dispatcher can send it on
        way_home = dispatcher.on_clear(team)
