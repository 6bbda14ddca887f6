"""
The dispatch centre: knows which teams are free and which callouts are pending, and alone asks the
policies.

Processes tell it what happened; it answers how long the next phase takes. Everything random was
drawn before (``Marks``), so the dispatcher only looks it up.

All that is not part of a callout's course is in modules of its own, as functions of the dispatcher:
the queue, the recorder, reassignment, relocation, relief, volunteers, vehicles, people called
in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

import simpy

from sim.log import Ending, Log, Outcome
from sim.policies import DispatchView, PolicySet, StatusBoard
from sim.world import Callout, Marks, World, expected

from . import (
    capability_wait,
    deferral,
    explosive_hazards,
    exposure,
    reassigning,
    relief,
    relocating,
    sending,
    transport,
)
from .alarm import Clock
from .atlases import Atlases
from .availability import FreeTeams
from .callout import STALLED, OpenCallout
from .consult import Consultation, rules_of
from .dispatch_queue import DispatchQueue
from .hospitals import Hospitals
from .recorder import Recorder
from .roads import RoadState
from .status_board import BoardBuilder
from .stops_on_the_way import Halts, on_the_way, with_patient
from .team import FOREVER, Team, team_process
from .vehicles import SharedVehicles
from .volunteers import VolunteerPools

# a named tuple built directly, without its slower Python constructor
_dispatch_view = partial(tuple.__new__, DispatchView)
NO_BOARD = StatusBoard()


class Dispatcher:
    """The state of a run, and what happens at each event."""

    def __init__(
        self,
        env: simpy.Environment,
        world: World,
        policies: PolicySet,
        atlases: Atlases,
        log: Log,
        seed: int = 0,
        replication: int = 0,
    ) -> None:
        self.env, self.world, self.policies = env, world, policies
        self.clock = cast(Clock, env)
        self.recorder = Recorder(log, self.clock, world.ends, rules_of(policies))
        self.asking = Consultation(world, policies, atlases, self.recorder, self.clock)
        self.ask_dispatch = self.asking.ask["dispatch"]  # bound once: asked for every callout
        self.dispatch_atlases = self.asking.atlases["dispatch"]
        self.travel, self.times = world.travel, world.travel.times
        self.roads: RoadState | None = None
        self.needs, self.base_places = world.fleet.needs, world.fleet.base_places
        self.local_travel = expected(world.scenario.map.local_travel)
        self.teams = [Team(env, crew, self.local_travel) for crew in world.fleet.crews]
        self.free = FreeTeams(world, self.teams, self.local_travel)
        self._read_disruptions(seed, replication)
        self.waiting: list[OpenCallout] = []  # in the order of the queue rule
        self.line = DispatchQueue(self)
        self.not_ready: list[tuple[Callout, Marks]] = []  # received, not ready before the end
        self.left_behind: list[OpenCallout] = []  # lost their team to another this instant
        self.idle: list[OpenCallout] = []  # whose teams on scene only wait for a capability
        self.relieves = any(need.relief_after is not None for need in self.needs)
        self.carries = any(need.carrier for need in self.needs)
        self.breaks_due = any(crew.breaks for crew in world.fleet.crews)
        self.dispatch_while_returning = world.scenario.dispatch_centre.dispatch_while_returning
        self.dispatch_when_cleared = world.scenario.dispatch_centre.dispatch_when_cleared
        self.shift_end = world.scenario.dispatch_centre.shift_end
        self.volunteers = VolunteerPools(self, seed, replication)
        self.shared_vehicles = SharedVehicles(self, seed, replication)
        self.hospitals = Hospitals(self)
        self.board_builder = BoardBuilder(self, seed, replication)
        self.ask_staffing: Callable[[], None] | None = None  # where there is anybody to call in
        self._read_policies(policies)
        # whether a callout that is served leaves nothing more to ask
        self.is_plain = self.relocation != "fleet" and not self.reassigns
        self.is_plain &= not any(need.required or need.carrier for need in self.needs)

    def _read_disruptions(self, seed: int, replication: int) -> None:
        """Work out once which disruptions there may be: in most runs none."""
        world = self.world
        if world.access is not None:
            self.roads = RoadState(self, world.access, seed, replication)
            self.period = self.roads.period
        else:
            # with one speed all day, as in textbook systems, there is no hour to look up
            self.period = world.period if len(self.times) > 1 else (lambda at: 0)
        kinds = world.scenario.demand.kinds.values()
        unsafe = any(kind.scene_hazard for kind in kinds)
        self.halts = Halts(self) if self.roads is not None or unsafe else None
        self.holds = unsafe or any(kind.deferrable for kind in kinds)
        self.exposes = exposure.is_declared(self)
        self.is_stopped = partial(on_the_way, dispatcher=self)
        self.is_stopped_with_patient = partial(with_patient, dispatcher=self)

    def _read_policies(self, policies: PolicySet) -> None:
        """Work out once which parts of the dispatcher the policies use: most runs use few."""
        said = self.asking.declared
        self.relocation = relocating.kind_of(policies.relocation, said["relocation"])
        self.reassigns = reassigning.reassigns(policies)
        self.wants = said["dispatch"].wants
        self.keeps_record = "record" in self.wants
        self.waits, self.preempts = said["queue"].waits, said["queue"].preempts

    # -- callouts come in ---------------------------------------------------------------------

    def on_callout(self, callout: Callout, marks: Marks) -> None:
        """Answer a callout that has become ready: send teams, or let it wait."""
        open_ = OpenCallout(callout, marks, self.needs[callout.kind])
        if marks.complications is not None and marks.complications.permission:
            self.recorder.permission(open_, marks.complications.permission)
        met = self.serve(open_, first=True)
        if met and self.is_plain:
            return
        if not met and self.preempts and open_.need.deferral is None:
            met = self._preempt(open_)
        if self.left_behind:
            self.serve_left_behind()
        if not met:
            if self.waits:
                self.line.add(open_)
                if marks.abandons_after is not None and not open_.sent:
                    self.line.set_timer(open_, marks.abandons_after)
            elif not open_.sent:
                self.recorder.callout(open_, Outcome.LOST)
        if self.relocation == "fleet":
            relocating.rearrange(self)
        if self.ask_staffing is not None:
            self.ask_staffing()

    def serve(self, open_: OpenCallout, first: bool = False) -> bool:
        """Send the free teams that are needed; return whether the need is met."""
        callout, now = open_.callout, self.clock.now
        period, board = self.period(now), NO_BOARD
        while True:
            if self.holds and self.waits and deferral.is_held(self, open_):
                return False
            teams, arrivals = self.free.candidates(
                callout.place, open_.missing_capabilities, now, period
            )
            if open_.missed:
                teams, arrivals = reassigning.without(open_.missed, teams, arrivals)
            if self.reassigns and open_.need.deferral is None:
                teams, arrivals = reassigning.joined(self, open_, teams, arrivals)
            if not teams and self.idle:
                teams, arrivals = capability_wait.joined(self, open_)
            if not teams and not first:
                return False
            if self.wants:
                board = self.board_builder.board(now, period)
            view = _dispatch_view((
                now, teams, arrivals, len(self.free.resting) + len(self.free.moving),
                len(self.waiting), self.dispatch_atlases[period], open_.missing_people,
                open_.missing_capabilities, board,
            ))  # fmt: skip
            chosen, why = self.ask_dispatch(callout, view)
            if first or chosen is not None:
                self.recorder.decision("dispatch", callout.number, teams, arrivals, chosen, why)
            if chosen is None:
                return False
            team = self.teams[chosen]
            if not team.free:
                reassigning.take(self, team)
            sending.send(self, open_, team, now, period)
            if open_.missing_people <= 0 and not open_.missing_capabilities:
                return True
            first = False

    def _preempt(self, open_: OpenCallout) -> bool:
        """Take teams away from less urgent callouts until the need is met."""
        while reassigning.preempt(self, open_):
            if self.serve(open_):
                return True
        return False

    def serve_left_behind(self) -> None:
        """Serve callouts that lost a team to another one, or let them wait."""
        served = 0
        while self.left_behind:
            open_ = self.left_behind.pop(0)
            self.serve_again(open_)
            served += 1
            if served >= reassigning.MOST_IN_TURN:
                raise reassigning.endless(self, open_)

    def serve_again(self, open_: OpenCallout) -> None:
        """Send what a callout misses that was served before, or let it wait."""
        if open_.finished:
            if open_.transports:
                transport.look(self, open_)
            return
        open_.count_missing()
        if not (open_.missing_people or open_.missing_capabilities):
            if open_ in self.waiting:  # more came than the dispatcher counted on
                self.waiting.remove(open_)
            return
        if self.serve(open_):
            if open_ in self.waiting:
                self.waiting.remove(open_)
        elif self.waits:
            self.line.add(open_)
        elif not open_.teams:
            reached = open_.on_scene is not None
            self.recorder.callout(open_, Outcome.DROPPED if reached else Outcome.LOST)

    # -- on scene, to hospital, clear -----------------------------------------------------------

    def on_crew_departure(self, team: Team) -> int | None:
        """Let volunteers leave their base; return the drive, None if no crew assembled. [ms]"""
        return sending.on_crew_departure(self, team)

    def on_arrival(self, team: Team) -> int:
        """Note a team on scene and return how long the work takes it. [ms]"""
        open_, now = team.open, self.clock.now
        assert open_ is not None
        team.on_scene = now
        if self.roads is not None and self.roads.passing:
            self.roads.note_passed(team, open_)
        if self.exposes:
            exposure.note_drive(self, team, now)
        needed, asks = open_.need.people, False
        if self.relieves and open_.need.relief_after is not None:
            relief.set_timer(self, team, open_.need.relief_after)
        if open_.on_scene is None:
            open_.on_scene = open_.since = now
            if self.keeps_record:
                self.board_builder.reached(open_.callout)
            on_scene = open_.marks.on_scene[team.on_scene_index]
            open_.work = on_scene * needed
            if self.carries and open_.need.carrier and open_.marks.transported:
                transport.on_found(open_)
                asks = True
            if (
                open_.marks.complications is not None
                and open_.marks.complications.clearance is not None
            ):
                open_.people = team.people
                open_.note_attendance(now)
                explosive_hazards.on_found(self, open_, team)
                if asks:
                    transport.ask(self, open_, team)
                return open_.time_left()
            if team.people >= needed and len(open_.teams) == 1 and not open_.missing_capabilities:
                open_.people, open_.attended, open_.lacking = team.people, now, 0
                return on_scene
        elif open_.finished:
            return transport.on_late_arrival(self, open_, team)
        open_.work_until(now)
        open_.people += team.people
        if open_.attended is None:
            open_.note_attendance(now)
        if open_.relieving:
            relief.relieve(self, open_)
        if open_.clearance_left is not None:
            explosive_hazards.start_clearance(self, open_)
        self.reschedule(open_, apart_from=team)
        if open_.lacking:
            capability_wait.watch(self, open_)
        if asks:
            transport.ask(self, open_, team)
        return open_.time_left()

    def reschedule(self, open_: OpenCallout, apart_from: Team | None = None) -> None:
        """Set the end of the work again for all on scene, after somebody came or went."""
        for team in open_.teams:
            if team is not apart_from and team.on_scene is not None and team.left is None:
                team.alarm = team.alarm.reschedule(open_.time_left())

    def on_work_done(self, team: Team) -> int | None:
        """Note that the work is done; return the drive to hospital, if there is one. [ms]"""
        open_ = team.open
        assert open_ is not None
        if not open_.finished:
            open_.finished = True
            if open_.transports:
                if transport.on_work_done(self, open_, team):
                    return STALLED  # it stays on scene until others take it off
            else:
                if open_.sent > 1 or open_.missing_people > 0 or open_.missing_capabilities:
                    self.stand_down_others(open_)
                if open_.marks.transported:
                    open_.carriers = (open_.teams[0],)
        if team not in open_.carriers:
            return None
        drive = self.hospitals.choose(team)
        if drive is not None and self.exposes:
            exposure.note_hospital_drive(self, team)
        if drive is not None and self.roads is not None:
            return self.roads.drive_to_hospital(team, drive, open_.callout.place)
        return drive

    def stand_down_others(self, open_: OpenCallout) -> None:
        """Now that the work is done, stand down teams under way and stop looking for others."""
        if open_ in self.waiting:
            self.waiting.remove(open_)
        open_.relieving = ()
        now = self.clock.now
        for team in [t for t in open_.teams if t.on_scene is None]:
            self.take_off(open_, team, Ending.STOOD_DOWN, now)
            self.free_on_the_road(team, now)

    def on_hospital_arrival(self, team: Team) -> int:
        """Note a team at hospital and return how long it stays there. [ms]"""
        team.at_hospital = self.clock.now
        return self.hospitals.receive(team)

    def on_clear(self, team: Team) -> int:
        """Note that a team is done; return its drive home if it must be home to be free. [ms]"""
        open_ = team.open
        assert open_ is not None
        if team.hospital is None:
            place = open_.callout.place
        else:
            place = self.world.hospitals[team.hospital]
            self.hospitals.release(team)
        now = self.clock.now
        self.take_off(open_, team, Ending.COMPLETED, now)
        if not open_.teams and open_.outcome is not None:
            self.recorder.callout(open_, open_.outcome)
        return self.release_at(team, place, now)

    def release_at(self, team: Team, place: int, now: int) -> int:
        """Free a team that has done what it was sent for; return as ``clears`` does."""
        team.origin = team.destination = place
        team.departs = team.arrives = now
        team.rests_from = FOREVER  # with the engine running: no turnout before the next drive
        return self.make_available(team, now)

    def arrive_home(self, team: Team) -> None:
        """Note that a team that had to go home first is home."""
        if team.vehicle is not None:
            self.shared_vehicles.on_return(team)
        if team.on_duty:
            team.free = True
            self.rest(team)
            if not (self.breaks_due and relief.take_break(self, team)):
                self.line.serve()

    def rest(self, team: Team) -> None:
        """Let a free team rest where its last drive ended, ready if it has all that it needs."""
        if team.crew.vehicles and team.vehicle is None:
            self.shared_vehicles.station(team)
        else:
            self.free.rest(team)

    def make_available(self, team: Team, now: int) -> int:
        """Give a team work, or relocate it, or take it off duty; return a drive home. [ms]"""
        if not team.on_duty:
            if team.vehicle is not None:
                self.shared_vehicles.send_home(team)
            return 0
        if not self.dispatch_while_returning:
            if self.dispatch_when_cleared and self.line.takes(team):
                return 0
            relocating.go_and_wait(self, team, now)
            if team.arrives > now:
                return team.arrives - now
        if team.special and self.shared_vehicles.must_go_home(team):
            relocating.drive_to(self, team, team.crew.base, now)
            if team.rests_from > now:
                self.recorder.returning(team.number, team.rests_from - now)
            return 0
        team.free = True
        self.free.moving.append(team)
        if self.breaks_due and relief.take_break(self, team):
            return 0
        if self.waiting:
            self.line.serve()
        if team.free and self.dispatch_while_returning:
            relocating.go_and_wait(self, team, now)
        return 0

    def cut_off(self) -> None:
        """Note all that the end of the run censors."""
        not_ready = [OpenCallout(c, marks, self.needs[c.kind]) for c, marks in self.not_ready]
        self.recorder.cut_off([*self.waiting, *not_ready], self.teams)

    # -- a team is taken off its callout --------------------------------------------------------

    def take_off(self, open_: OpenCallout, team: Team, ending: str, now: int) -> None:
        """End a team's part in a callout and note its mission."""
        if team.assembly is not None:
            team.en_route = FOREVER  # its people have not left, though they were to do so now
        if not open_.finished and team.on_scene is not None:
            open_.work_until(now)
            open_.people -= team.people
        open_.teams.remove(team)
        if open_.lacking and open_.people and not open_.finished:
            capability_wait.watch(self, open_)
        if open_.relieving:
            open_.relieving = tuple(t for t in open_.relieving if t is not team)
        if open_.on_scene is None:
            open_.note_in_vain(team, now, counts=ending not in _AS_IF_NOT_SENT)
        team.open = team.halt = None
        if self.exposes:
            exposure.on_mission_end(self, open_, team, now)
        if open_.clearer is team:
            explosive_hazards.on_team_left(self, open_, team)
        if self.roads is not None and self.roads.passing:
            self.roads.note_passed(team, open_)
        self.recorder.mission(open_, team, ending)
        if team.assembly is not None:
            self.volunteers.stand_down(team)

    def free_on_the_road(self, team: Team, now: int) -> None:
        """Free a team that was stopped on its way, from where it is."""
        if now < team.en_route:
            assert isinstance(team.origin, int)
            team.rest_at(team.origin, now)
        else:
            team.rests_from = FOREVER
        team.alarm = team.alarm.cancel()
        self.restart(team, self.make_available(team, now))

    def stop(self, team: Team, ending: str, way_home: int = 0) -> None:
        """Stop a team, at the end of its shift for one, and see what becomes of its callout."""
        open_ = team.open
        assert open_ is not None
        self.take_off(open_, team, ending, self.clock.now)
        team.alarm = team.alarm.cancel()
        self.restart(team, way_home)
        if open_.people:
            self.reschedule(open_)
        waits = self.waits and ending != Ending.DROPPED
        if open_.finished:
            if open_.transports:
                transport.on_stopped(self, open_, team, ending)
            return
        open_.count_missing()
        if open_.teams and not waits:
            return
        if open_ in self.waiting:
            self.waiting.remove(open_)
        if waits and open_.is_missing_something:
            self.line.add(open_)
        elif not waits and ending != Ending.BROKE_DOWN:  # then others are sent at once, if any
            self.recorder.callout(open_, Outcome.DROPPED)

    def restart(self, team: Team, way_home: int = 0) -> None:
        """Start a team's process again; the old one never resumes."""
        self.env.process(team_process(team, self, way_home))


_AS_IF_NOT_SENT = (Ending.REASSIGNED, Ending.NO_CREW_ASSEMBLED, Ending.BROKE_DOWN)
