"""
What a run changes: teams, the drives they are on, their missions, and the callouts that are open.

Nothing else in the engine assigns a field of these. Every change is a *transition*: a method with
the name of what happened (``team.set_out``, ``open_callout.join``), so that what belongs together
changes together. In one module, because the types refer to each other. Instants and times are in
ms, places and bases are numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

import simpy

from sim.log import MS_PER_DAY, Outcome
from sim.world import Callout, Marks, Need, Spot, TeamSpec

from .clock import TEAM, Alarm

FOREVER = 1 << 62
STALLED = 1 << 55  # longer than any run: until somebody comes who can go on [ms]


class Drive:
    """
    Where a team is: on its way, or where its last drive ended. It may begin in the future.

    A team's place at any instant follows from it, so driving home needs no event. It never changes:
    a team that takes another route is on another drive.
    """

    # a named tuple would be as quick to make, but is read some fifteen times, and slowly
    __slots__ = ("arrives", "departs", "destination", "origin", "period", "rests_from")

    def __init__(
        self,
        origin: Spot,
        destination: int,
        departs: int,
        arrives: int,
        period: int,
        rests_from: int = FOREVER,
    ) -> None:
        self.origin = origin
        self.destination = destination
        self.departs = departs
        self.arrives = arrives
        self.period = period  # the travel period whose times it takes
        # from when the team rests: a turnout comes before its next drive; FOREVER: none does, as
        # the engine is running
        self.rests_from = rests_from

    def arriving(self, at: int) -> Drive:
        """Return the same drive, but for when it ends."""
        return Drive(self.origin, self.destination, self.departs, at, self.period, self.rests_from)

    def resting_from(self, at: int) -> Drive:
        """Return the same drive, but for when the team rests."""
        return Drive(self.origin, self.destination, self.departs, self.arrives, self.period, at)


def parked(place: int, now: int) -> Drive:
    """Return where a team is that rests at a place: a turnout comes before its next drive."""
    return Drive(place, place, now, now, 0, now)


def standing(spot: Spot, bound_for: int, now: int, period: int) -> Drive:
    """Return where a team is that stands at a spot, with the engine running."""
    return Drive(spot, bound_for, now, now, period)


class WaitingList(Protocol):
    """Where callouts wait that are filed by what they miss."""

    def refile(self, open_: OpenCallout) -> None:
        """Take note that what a callout misses may be something else."""


AfterHalt = tuple[bool, int]
"""Whether a team that was stopped goes on with its mission, and in how long its alarm rings; if it
does not, how long its drive home takes, 0 where it need not be home to be free. [ms]"""


class Halt(NamedTuple):
    """What stops a team next on its way."""

    number: int  # of what stops it, such as a closure; -1: nothing new
    spot: Spot
    # what the team does there; tells kinds of halt apart
    on_stop: Callable[[Mission, Halt], AfterHalt]


class Mission:
    """
    One team's part in one callout: every instant of it, and nothing that outlives it.

    An instant [ms] that has not come is None; ``en_route`` may lie ahead while the team gets ready,
    and is ``FOREVER`` for a crew that has yet to assemble and never leaves.
    """

    # slots, and all of them set: what only a class has is slow to look up
    __slots__ = (
        "assembling",
        "at_hospital",
        "dispatched",
        "due",
        "en_route",
        "halt",
        "hospital",
        "left",
        "on_scene",
        "open",
        "team",
    )

    halt: Halt | None  # what will stop it on its way
    on_scene: int | None
    left: int | None  # left the scene with people
    at_hospital: int | None
    hospital: int | None

    def __init__(
        self,
        team: Team,
        open_callout: OpenCallout,
        dispatched: int,
        en_route: int,
        due: int,
        assembling: bool,
    ) -> None:
        self.team, self.open = team, open_callout
        self.dispatched = dispatched
        self.en_route = en_route
        self.due = due  # when it will be where it is sent, if the drive takes the expected time
        self.assembling = assembling  # its crew is still on the way to the base
        self.halt = self.on_scene = self.left = self.at_hospital = self.hospital = None

    def set_out(self, drive: Drive) -> None:
        """Begin: the team is on a drive to the callout, which counts it as sent."""
        team, open_ = self.team, self.open
        team.mission, team.drive, team.free = self, drive, False
        if open_.dispatched is None:
            open_.dispatched, open_.en_route = self.dispatched, self.en_route
        elif open_.en_route is None or self.en_route < open_.en_route:
            open_.en_route = self.en_route
        open_.missions.append(self)
        open_.sent += 1
        open_.missing_people -= team.crew_size
        open_.missing_capabilities &= ~team.capabilities
        if open_.need.recounts:
            open_.count_missing()

    def is_getting_ready(self, now: int) -> bool:
        """Whether it has yet to leave its base."""
        return now < self.team.drive.departs == self.en_route

    def due_at(self, now: int, local_travel: int) -> int:
        """
        Return when it is expected where it is sent, without local travel. [ms]

        While it gets ready, the usual turnout is expected: nobody knows how long this one takes.
        """
        if self.is_getting_ready(now):
            turned_out = max(self.dispatched + self.team.expected_start - local_travel, now)
            return turned_out + self.due - self.team.drive.departs
        return self.due

    def assemble(self) -> None:
        """End the assembly: its crew is together, or it is known that there will be none."""
        self.assembling = False

    def stay_away(self) -> None:
        """Never set out: its crew did not assemble, or was stood down before it had."""
        self.en_route = FOREVER

    def reroute(self, drive: Drive) -> None:
        """Take another route to the scene, and be expected there at another time."""
        self.team.change_drive(drive)
        self.due = drive.arrives

    def expect_halt(self, halt: Halt | None) -> None:
        """Know what will stop it next, or that nothing will."""
        self.halt = halt

    def arrive_late(self, now: int) -> None:
        """Be on scene when the work there is done."""
        self.on_scene = now

    def leave(self, now: int) -> None:
        """Leave the scene with people."""
        self.left = now

    def bind_for(self, hospital: int) -> None:
        """Take people to a hospital."""
        self.hospital = hospital

    def reach_hospital(self, now: int) -> None:
        """Be at hospital."""
        self.at_hospital = now

    def end(self, now: int) -> None:
        """Be over, for whatever reason: the callout has one team less, the team no mission."""
        open_, self.team.mission = self.open, None
        if not open_.finished and self.on_scene is not None:
            open_.work_until(now)
            open_.crew_on_scene -= self.team.crew_size
        open_.missions.remove(self)
        if open_.relieving:
            open_.relieving = tuple(m for m in open_.relieving if m is not self)


class Team:
    """
    A team's state. ``free``: it may be sent, and has nothing in hand that keeps it.

    Capabilities are one bit each. ``people`` and ``capabilities`` are what it has now: less than
    its crew where volunteers did not come or a vehicle has few seats, more with what that brings.
    """

    __slots__ = (
        "alarm",
        "capabilities",
        "crew",
        "crew_size",
        "drive",
        "expected_start",
        "free",
        "mission",
        "moves",
        "number",
        "off_at",
        "on_duty",
        "on_scene_index",
        "special",
        "turnout",
        "vehicle",
        "waits_at",
    )

    def __init__(
        self, env: simpy.Environment, crew: TeamSpec, local_travel: int, begins: int
    ) -> None:
        self.crew = crew
        self.number = crew.number
        self.crew_size = crew.people
        self.capabilities = crew.capabilities
        self.on_scene_index = crew.on_scene_index
        self.turnout = crew.turnout
        self.expected_start = crew.expected_turnout + local_travel  # added to the drive from a base
        # before it sets out, its crew has to assemble, or it takes one of the shared vehicles
        self.special = crew.assembly_spec is not None or bool(crew.vehicles)
        self.vehicle: int | None = None  # the shared one that it has now
        self.moves: list[int] = []  # when it was moved from base to base, in the last day
        self.alarm = Alarm(env, TEAM + crew.number)
        self.on_duty = False
        self.off_at = 0  # while on duty: until when
        self.free = False
        self.mission: Mission | None = None
        self.waits_at = crew.base  # the base it waits at or is bound for, while free
        self.drive = parked(crew.place, begins)

    # -- duty and readiness -----------------------------------------------------------------------

    def begin_shift(self, until: int) -> None:
        """Come on duty."""
        self.on_duty, self.off_at = True, until

    def cut_shift(self, until: int) -> None:
        """Be on duty for less long than its shift is."""
        self.off_at = until

    def end_shift(self) -> None:
        """Go off duty, with whatever it has in hand; a free team is free no longer."""
        self.on_duty = self.free = False

    def become_free(self) -> None:
        """Have nothing in hand and be ready to be sent."""
        self.free = True

    def become_unavailable(self) -> None:
        """Be free no longer though it is sent nowhere, as for a break or where it has no access."""
        self.free = False

    # -- where it is ------------------------------------------------------------------------------

    def park(self, place: int, now: int) -> None:
        """Be at a place, with a turnout before the next drive."""
        self.drive = parked(place, now)

    def stand_at(self, place: int, now: int) -> None:
        """Be at a place with the engine running: no turnout before the next drive."""
        self.drive = Drive(place, place, now, now, self.drive.period)

    def stop_on_road(self, spot: Spot, bound_for: int, now: int) -> None:
        """Stand at a spot on the way to a place."""
        self.drive = standing(spot, bound_for, now, self.drive.period)

    def change_drive(self, drive: Drive) -> None:
        """Be on another drive than it was, to the same place."""
        self.drive = drive

    def stop_on_drive(self) -> None:
        """Be where its drive has brought it by now, with the engine running and no goal."""
        self.drive = self.drive.resting_from(FOREVER)

    def stay_at_end(self) -> None:
        """Rest where its drive ends, as it has no access from there."""
        self.drive = self.drive.resting_from(self.drive.arrives)

    def make_for(self, base: int, drive: Drive) -> None:
        """Drive to a base, to wait there."""
        self.drive, self.waits_at = drive, base

    def wait_at(self, base: int) -> None:
        """Have a base at which it waits, wherever it is."""
        self.waits_at = base

    def note_move(self, now: int) -> None:
        """Count that it is moved from a base to another one."""
        self.moves.append(now)

    def count_moves(self, now: int) -> int:
        """Forget the moves more than 24 hours ago, and return how many are left."""
        while self.moves and self.moves[0] <= now - MS_PER_DAY:
            del self.moves[0]
        return len(self.moves)

    def current_mission(self) -> Mission:
        """Return the mission it is on, which it has when its alarm rings."""
        assert self.mission is not None
        return self.mission

    # -- what it has ------------------------------------------------------------------------------

    def take_vehicle(self, vehicle: int, people: int, capabilities: int) -> None:
        """Take a shared vehicle; with it, this many people and these capabilities."""
        self.vehicle, self.crew_size, self.capabilities = vehicle, people, capabilities

    def return_vehicle(self) -> None:
        """Leave the vehicle at its base; what the team is without one counts again."""
        self.vehicle = None
        self.expect_whole_crew()

    def have_crew(self, people: int, capabilities: int) -> None:
        """Have, or be expected to have, this many people and these capabilities."""
        self.crew_size, self.capabilities = people, capabilities

    def expect_whole_crew(self) -> None:
        """Count on the whole crew again."""
        self.crew_size, self.capabilities = self.crew.people, self.crew.capabilities

    # -- its alarm --------------------------------------------------------------------------------

    def reschedule_alarm(self, delay: int) -> None:
        """Ring after ``delay`` and not when it would have. [ms]"""
        self.alarm = self.alarm.reschedule(delay)

    def cancel_alarm(self) -> None:
        """Never ring for those who wait: its process is given up."""
        self.alarm = self.alarm.cancel()


class OpenCallout:
    """
    A callout that is not over: what it still needs and who is on it.

    Work on scene is counted in people times milliseconds. It goes as fast as the people present,
    up to the number needed: half the crew takes twice as long, and more than needed no less
    (assumed). So a first team can begin before the others come. Where a needed capability is a
    condition, those on scene may have to wait for it.
    """

    __slots__ = (
        "__dict__",
        "attended",
        "callout",
        "carriers",
        "crew_on_scene",
        "dispatched",
        "en_route",
        "excluded",
        "finished",
        "lacking",
        "marks",
        "missing_capabilities",
        "missing_people",
        "missions",
        "need",
        "number",
        "on_scene",
        "outcome",
        "place",
        "relieving",
        "sent",
        "since",
        "transports",
        "work",
    )

    # what is so for nearly every callout to its end, and seldom asked for, is with the class
    awaits_clearance = False  # nobody may work: an explosive hazard
    sends_no_more = False  # some of the people on scene nobody will take to hospital
    held_until = -STALLED  # nobody is sent before
    in_vain: tuple[tuple[int, int | None], ...] = ()  # dispatched and under way, of teams that left
    only_waits = False  # those on scene have done what they can without what is lacking
    reassigned = 0  # how many teams it has lost to other callouts
    stays: Mission | None = None  # with people who wait on scene for a transport
    waits_in: WaitingList | None = None  # while it is pending

    dispatched: int | None
    en_route: int | None
    on_scene: int | None
    attended: int | None  # when all that it needs was on scene
    excluded: tuple[int, ...]  # teams that are not to be sent to it: they could not come
    relieving: tuple[Mission, ...]  # to leave as soon as others can do without them
    carriers: tuple[Team, ...]  # that have taken people to hospital, or are about to
    outcome: str | None  # when its last team is cleared; None: it is not over then

    def __init__(self, callout: Callout, marks: Marks, need: Need) -> None:
        self.callout = callout
        # read time and again, and slowly from a named tuple
        self.number, self.place = callout.number, callout.place
        self.marks = marks
        self.need = need
        self.missing_people = need.people
        self.missing_capabilities = need.capabilities
        self.lacking = need.required  # required and not on scene yet: work cannot start or end
        self.missions: list[Mission] = []  # of the teams on it now, in the order sent
        self.sent = 0  # teams sent so far
        self.dispatched = self.en_route = self.on_scene = self.attended = None
        self.crew_on_scene = 0  # of the teams at work on scene now
        self.work = 0  # left to do [people ms]
        self.since = 0  # when ``work`` was last brought up to date
        self.excluded = self.relieving = self.carriers = ()
        self.finished = False  # the work on scene is done
        self.transports = 0  # drives to hospital yet to begin, where only some teams carry
        self.outcome = Outcome.SERVED

    # -- what is missing --------------------------------------------------------------------------

    def count_missing(self) -> None:
        """Work out what the teams on it, without those to be relieved, do not have."""
        missions = [m for m in self.missions if m not in self.relieving]
        people, self.missing_capabilities = _missing(self.need, missions)
        self.missing_people = max(people, 0)
        if self.is_worked_off:
            self.missing_people = 0
            self.missing_capabilities &= self.lacking
        if self.transports:
            if self.finished:
                self.missing_people = self.missing_capabilities = 0
            if sum(map(self.can_take, missions)) < self.transports:
                self.missing_capabilities |= self.need.carrier
        if self.waits_in is not None:
            self.waits_in.refile(self)

    def wait_in(self, pending: WaitingList | None) -> None:
        """Be pending, among others; None: no longer."""
        self.waits_in = pending

    @property
    def is_missing_something(self) -> bool:
        """Whether more is looked for than the teams on it have."""
        return self.missing_people > 0 or bool(self.missing_capabilities)

    @property
    def needs_other_teams(self) -> bool:
        """Whether a capability is lacking that no team on it has, on scene or under way."""
        return bool(_missing(self.need, self.missions)[1] & self.lacking)

    @property
    def is_worked_off(self) -> bool:
        """Whether nothing is left to do but what a capability is lacking for."""
        return self.only_waits and not self.need.required_to_start

    def lacks(self, team: Team) -> bool:
        """Return whether a team has what no team on it has; those to be relieved count."""
        missing = _missing(self.need, self.missions)[1]
        if sum(map(self.can_take, self.missions)) < self.transports:
            missing |= self.need.carrier
        return bool(missing & team.capabilities)

    def can_do_without(self, mission: Mission) -> bool:
        """Return whether the others on scene are all that it needs, and can take its people."""
        others = [m for m in self.missions if m is not mission]
        people, missing = _missing(self.need, [m for m in others if m.on_scene is not None])
        if people > 0 or missing:
            return False
        return not self.can_take(mission) or sum(map(self.can_take, others)) >= self.transports

    # -- teams are sent and leave -----------------------------------------------------------------

    def note_in_vain(self, mission: Mission, now: int, counts: bool) -> None:
        """
        Set again when teams were first dispatched and under way: one left before any was on scene.

        ``counts`` says whether the team that left still counts as dispatched; it counts as under
        way only if it had set out by now.
        """
        if counts:
            moved = mission.en_route if mission.en_route <= now else None
            self.in_vain = (*self.in_vain, (mission.dispatched, moved))
        sent = [*self.in_vain, *((other.dispatched, other.en_route) for other in self.missions)]
        self.dispatched = min((dispatched for dispatched, _ in sent), default=None)
        self.en_route = min((moved for _, moved in sent if moved is not None), default=None)

    def note_reassigned(self) -> None:
        """Count a team that it has lost to another callout."""
        self.reassigned += 1

    def exclude(self, team: Team) -> None:
        """Let a team not be sent to it again: it could not come."""
        self.excluded += (team.number,)

    def readmit(self, team: Team) -> None:
        """Let a team be sent to it again."""
        self.excluded = tuple(n for n in self.excluded if n != team.number)

    def hold_until(self, at: int) -> None:
        """Let nobody be sent before an instant. [ms]"""
        self.held_until = at

    # -- on scene ---------------------------------------------------------------------------------

    def begin(self, mission: Mission, now: int) -> int:
        """
        Have its first team on scene; return how long the whole crew needs for the work. [ms]

        Where teams differ in that, the first one decides for all (assumed).
        """
        mission.on_scene = self.on_scene = self.since = now
        on_scene = self.marks.on_scene[mission.team.on_scene_index]
        self.work = on_scene * self.need.people
        return on_scene

    def attend_alone(self, mission: Mission, now: int) -> None:
        """Have all that it needs on scene, with its first and only team."""
        self.crew_on_scene, self.attended, self.lacking = mission.team.crew_size, now, 0

    def join(self, mission: Mission, now: int) -> None:
        """Have one more team at work on scene."""
        mission.on_scene = now
        self.work_until(now)
        self.crew_on_scene += mission.team.crew_size
        if self.attended is None:
            self.note_attendance(now)

    def note_attendance(self, now: int) -> None:
        """Note which capabilities it lacks, and the first time that all it needs is on scene."""
        people, missing = _missing(self.need, self.on_scene_now)
        if people <= 0 and not missing:
            self.attended = now
        missing &= self.need.required
        if not (missing and self.need.required_to_start):
            self.lacking &= missing

    @property
    def on_scene_now(self) -> list[Mission]:
        """The missions of the teams on scene, or gone from there with people."""
        return [m for m in self.missions if m.on_scene is not None]

    @property
    def work_rate(self) -> int:
        """People who work at once."""
        if self.awaits_clearance or (self.lacking and self.need.required_to_start):
            return 0
        return min(self.crew_on_scene, self.need.people)

    @property
    def safe_at(self) -> int:
        """When the scene is safe to enter."""
        complications = self.marks.complications
        safe = complications.safe if complications is not None else None
        return self.callout.received + (safe or 0)

    def work_until(self, now: int) -> None:
        """Bring the work left up to date, before anybody comes or goes."""
        self.work -= self.work_rate * (now - self.since)
        self.since = now

    def time_left(self) -> int:
        """
        Return how long the work still takes the people present, if they can end it. [ms]

        ``STALLED`` if they cannot: nobody works, or a capability is lacking.
        """
        work_rate = 0 if self.lacking else self.work_rate
        return max(-(-self.work // work_rate), 0) if work_rate else STALLED

    def find_hazard(self, capabilities: int) -> None:
        """Let nobody work; teams with these capabilities are needed, too."""
        self.awaits_clearance = True
        self.need = replace(self.need, capabilities=self.need.capabilities | capabilities)

    def clear_hazard(self, need: Need, now: int) -> None:
        """Let the work go on, with what the callout needs for that."""
        self.awaits_clearance, self.need, self.since = False, need, now

    def wait_for_lacking(self) -> None:
        """Have those on scene wait: they have done what they can."""
        self.only_waits = True

    def ask_relief(self, mission: Mission) -> None:
        """Let a team leave as soon as others can do without it."""
        self.relieving += (mission,)

    def finish(self) -> None:
        """Have the work on scene done."""
        self.finished = True

    def stop_relief(self) -> None:
        """Look for nobody's relief any more."""
        self.relieving = ()

    # -- people are taken to hospital -------------------------------------------------------------

    def can_take(self, mission: Mission) -> bool:
        """Whether a team of this callout can take people of whom none is assigned to it yet."""
        if not self.transports or not mission.team.capabilities & self.need.carrier:
            return False
        return mission.on_scene is None or mission.team not in self.carriers

    def handover_of(self, mission: Mission) -> int:
        """
        Return how long the handover lasts of the people a team takes, or is to take. [ms]

        Each transport of a callout has a handover of its own, in the order in which teams take
        people; those who could take some next are counted after those who have.
        """
        complications = self.marks.complications
        handovers = (self.marks.handover, *(complications.handovers if complications else ()))
        able = [m.team for m in self.missions if self.can_take(m)]
        takes = (*self.carriers, *able)  # a team that comes again is there twice
        trips = [n for n, carrier in enumerate(takes[: len(handovers)]) if carrier is mission.team]
        return handovers[trips[-1] if trips else 0]

    def carry(self, mission: Mission) -> None:
        """Have a team take people to hospital."""
        # teams, as missions would keep their callout, and the callout them, after all is over
        self.carriers += (mission.team,)
        if self.transports:
            self.transports -= 1

    def await_transports(self, transports: int) -> None:
        """Know how many transports, by teams that carry, have yet to begin."""
        self.transports = transports

    def leave_people(self, stays: Mission | None) -> None:
        """Have people wait on scene, with one of the teams or alone; the callout is not over."""
        self.crew_on_scene, self.outcome, self.stays = 0, None, stays

    def stay_with(self, mission: Mission | None) -> None:
        """Have one of the teams, or nobody, stay with the people who wait."""
        self.stays = mission

    def send_no_more(self, transports: int) -> None:
        """Expect no more than these transports: nobody else will be sent."""
        self.transports, self.sends_no_more = transports, True

    def end_waiting(self) -> str:
        """Have nobody left who waits; return the outcome of the callout."""
        self.stays = None
        self.outcome = outcome = Outcome.DROPPED if self.sends_no_more else Outcome.SERVED
        return outcome


def _missing(need: Need, missions: Sequence[Mission]) -> tuple[int, int]:
    """
    Return the people and capabilities, one bit each, that a need is still missing with these teams.

    The people are less than zero if the teams have more than are needed.
    """
    people, capabilities = need.people, need.capabilities
    for mission in missions:
        people -= mission.team.crew_size
        capabilities &= ~mission.team.capabilities
    for bit, count in need.several:
        if sum(1 for m in missions if m.team.capabilities & bit) < count:
            capabilities |= bit
    return people, capabilities
