"""
Closures and checkpoints: which roads are closed, what the dispatcher knows, which teams are told.

All ways were worked out before the run. What is kept here is where in the list of epochs it is
and which closures, that nobody has announced, a team has met.

Assumed: a team that meets a closure tells the dispatcher at once, and whoever is bound for that
road, to a scene or home, is told at the same instant; a team with a patient finds out there. A team
that a checkpoint refuses ends its mission there and does not try another road; with a patient it is
let through. How much drives vary and how long checkpoints take is drawn by callout, team and leg,
so that nothing decided changes it. Ways home take the expected time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Generator, Sequence
from itertools import accumulate
from typing import NamedTuple

import simpy

from sim.log import NO_ACCESS, Ending, Event
from sim.world import Disruptions, DriveDraws, Epoch, Spot

from ..foundation.clock import ROADS, Alarm, Process
from ..foundation.hooks import Run
from ..foundation.state import STALLED, AfterHalt, Drive, Halt, Mission, OpenCallout, standing
from .homeward import Homeward

TO_SCENE, TO_HOSPITAL = range(2)  # legs of a mission, for the draws of its drives


class Stopped(NamedTuple):
    """Where a drive is stopped, and by what."""

    at: int  # [ms]
    halt: Halt


def is_in(run: Run) -> bool:
    """Return whether roads may be closed, checkpoints delay, or drives vary in the scenario."""
    return run.world.access is not None


def install(run: Run) -> None:
    """Close roads, stop teams there, and let the dispatcher know what it can know."""
    assert run.world.access is not None
    roads, hooks = RoadState(run, run.world.access), run.hooks
    run.period = roads.period
    hooks.starts.append(roads.start)
    hooks.departs.append(roads.on_departure)
    hooks.leaves_base.append(roads.on_base_departure)
    hooks.arrives.append(roads.note_passed)
    hooks.to_hospital.append(roads.on_leaving)
    hooks.ends.append(roads.on_mission_end)
    hooks.queued.append(roads.note_waiting)
    hooks.drives_to_base.append(roads.homeward.watch)
    hooks.has_no_access.append(roads.homeward.strand)
    hooks.off_duty.append(roads.homeward.on_off_duty)


class RoadState:
    """The state of the roads in a run."""

    def __init__(self, run: Run, access: Disruptions) -> None:
        self.run, self.access, self.travel = run, access, run.travel
        self.clock, self.recorder = run.clock, run.recorder
        self.draws = DriveDraws(run.world, run.seed, run.replication)
        self.begins = [epoch.begins for epoch in access.epochs]
        # before each epoch: in how many of those until then any road is closed
        closing = (bool(epoch.closed) for epoch in access.epochs)
        self.closed_before = [*accumulate(closing, initial=0)]
        self.epoch: Epoch = access.epochs[0]
        self.no_access = run.world.no_access(self.epoch)  # places
        self.known: tuple[int, ...] = ()  # hidden closures that a team has met
        self.minutes = self.epoch.minutes[()]
        self.local_clock = run.world.clock
        self.homeward = Homeward(run, self.closed_at, self.may_be_closed, self.on_closure_known)
        self.refusals: dict[tuple[int, int, int], int] = {}  # callout, team, checkpoint: how many
        # of each team on its way to a scene: checkpoint, from when until when it is held up there
        self.passing: dict[int, list[tuple[int, int, int]]] = {}
        self.without_access: set[int] = set()  # pending callouts, with no access from any base

    def period(self, at: int) -> int:
        """Return the travel period at an instant, by the closures the dispatcher knows of now."""
        clock = self.local_clock
        if clock.changes:
            return self.minutes[clock.minute(at)]
        return self.minutes[(at + clock.shift) // 60_000 % 1440]  # the same, at half the time

    # -- what changes with time -----------------------------------------------------------------

    def start(self) -> None:
        """Close and open roads when it is time."""
        Alarm(self.run.env, ROADS).begin(self._epochs())

    def _epochs(self) -> Process:
        for epoch in self.access.epochs[1:]:
            yield epoch.begins - self.clock.now
            self._on_epoch(epoch)

    def _on_epoch(self, epoch: Epoch) -> None:
        before, self.epoch = self.epoch, epoch
        self.no_access = self.run.world.no_access(epoch)
        knew = self._known_of(before)
        self.known = tuple(c for c in self.known if c in epoch.hidden)
        self.minutes = epoch.minutes[self.known]
        reopened = [c for c in before.closed if c not in epoch.closed]
        news = [c for c in self._known_of(epoch) if c not in knew]
        for closure in reopened:
            self.recorder.event(Event.REOPENED, who=closure)
        for closure in news:
            self.recorder.event(Event.CLOSURE_KNOWN, who=closure)
        if news:
            self._tell(news)
        for open_ in self.run.pending:
            self.note_waiting(open_)
        if reopened:
            self.homeward.move_on()
            for hook in self.run.hooks.reopened:
                hook()
            self.run.act.serve_queue()

    def _known_of(self, epoch: Epoch) -> list[int]:
        return [c for c in epoch.closed if c not in epoch.hidden or c in self.known]

    def on_closure_known(self, closure: int) -> None:
        """Let the dispatcher know of a closure that a team has met."""
        if closure not in self.epoch.hidden or closure in self.known:
            return
        self.known = tuple(sorted((*self.known, closure)))
        self.minutes = self.epoch.minutes[self.known]
        self.recorder.event(Event.CLOSURE_KNOWN, who=closure)
        self._tell([closure])

    def closed_at(self, closures: Sequence[int], at: int) -> int | None:
        """Return the first of some closures that is in force at an instant."""
        if not closures:
            return None
        closed = self.access.epochs[max(bisect_right(self.begins, at) - 1, 0)].closed
        return next((c for c in closures if c in closed), None)

    def may_be_closed(self, begins: int, ends: int) -> bool:
        """Return whether any closure is in force at an instant from one to another."""
        first = max(bisect_right(self.begins, begins) - 1, 0)
        return self.closed_before[bisect_right(self.begins, ends)] > self.closed_before[first]

    # -- a drive ----------------------------------------------------------------------------------

    def on_departure(self, mission: Mission, rings: int) -> int:
        """Settle how long a drive to a scene takes; return when it ends, or where it is stopped."""
        if self.passing:
            self.note_passed(mission)
        drive = mission.team.drive
        lasts, stopped = self._settle(mission, TO_SCENE, drive)
        late = drive.departs + lasts - drive.arrives
        if late:
            mission.team.change_drive(drive.arriving(drive.arrives + late))
        if stopped is None:
            mission.expect_halt(None)
            return rings + late
        mission.expect_halt(stopped.halt)
        return stopped.at

    def on_leaving(self, mission: Mission, drive: int) -> int:
        """Return in how long a team is at hospital, or where something stops it. [ms]"""
        return self._drive_to_hospital(mission, drive, mission.open.place)

    def _drive_to_hospital(self, mission: Mission, lasts: int, origin: Spot) -> int:
        now, local_travel = self.clock.now, mission.open.marks.local_travel
        assert mission.hospital is not None
        goal, arrives = self.run.world.hospitals[mission.hospital], now + lasts - local_travel
        drive = Drive(
            origin, goal, now, arrives, self.run.hospital_period(mission.open, mission.team)
        )
        lasts, stopped = self._settle(mission, TO_HOSPITAL, drive)
        if self.recorder.keeps_drives:
            self.recorder.drive(mission.team, drive.arriving(now + lasts))
        mission.expect_halt(None if stopped is None else stopped.halt)
        return lasts + local_travel if stopped is None else stopped.at - now

    def _settle(self, mission: Mission, leg: int, drive: Drive) -> tuple[int, Stopped | None]:
        """
        Return how long a drive takes [ms], and where it is stopped, if it is.

        The time is as if no closure stopped it, so that where the team is until then follows.
        """
        key, team, departs = mission.open.marks.key, mission.team.number, drive.departs
        passages, delay, spread, _ = self.travel.way_of(
            drive.origin, drive.destination, drive.period
        )
        driving = lasts = drive.arrives - departs - delay
        if spread:
            lasts = self.draws.factor(key, team, leg, driving, spread)
        if not passages:
            return lasts, None
        callout, to_scene = mission.open.number, leg == TO_SCENE
        counted = lost = 0  # at checkpoints so far: expected, and actual
        stopped: Stopped | None = None
        on_closed = self._meets_closure if to_scene else self._meets_closure_with_patient
        for passage in passages:
            at = departs + (passage.at - counted) * lasts // max(driving, 1) + lost
            closure = self.closed_at(passage.closures, at)
            if closure is not None and stopped is None:
                stopped = Stopped(at, Halt(closure, passage.spot, on_closed))
            if passage.checkpoint is None or not passage.delay:
                continue
            case = callout, team, passage.checkpoint
            nth = 2 * self.refusals.get(case, 0) + leg
            delay, refused = self.draws.passage(key, team, passage.checkpoint, nth)
            if refused and to_scene:  # a patient on board is let through
                halt = Halt(passage.checkpoint, passage.spot, self._is_refused)
                return lasts + lost + delay, stopped or Stopped(at + delay, halt)
            if delay and to_scene and stopped is None:
                passed = passage.checkpoint, at, at + delay
                self.passing.setdefault(team, []).append(passed)
            lost += delay
            counted += passage.delay
        return lasts + lost, stopped

    def on_base_departure(self, mission: Mission) -> None:
        """Let a crew that leaves its base take the route that is best by now."""
        team, place, period = (
            mission.team,
            mission.open.place,
            self.run.scene_period(mission.open, mission.team),
        )
        base, departs = team.crew.place, team.drive.departs
        lasts = self.run.times[period][base][place]
        if lasts < NO_ACCESS:  # else it drives as planned, and is stopped there
            origin = team.drive.origin
            team.change_drive(Drive(origin, place, departs, departs + lasts, period))

    # -- a team is stopped ------------------------------------------------------------------------

    def _is_refused(self, mission: Mission, halt: Halt) -> AfterHalt:
        """End the mission of a team that is not let through a checkpoint."""
        open_, team = mission.open, mission.team
        self._cut_short(mission)
        number = open_.number
        self.recorder.event(Event.REFUSED_AT_CHECKPOINT, team.number, number, halt.number)
        case = number, team.number, halt.number
        self.refusals[case] = self.refusals.get(case, 0) + 1
        open_.exclude(team)
        self.run.env.process(self._retry_after(mission, halt.number))
        return False, self._ends_on_the_road(mission, halt.spot, Ending.REFUSED_AT_CHECKPOINT)

    def _retry_after(self, mission: Mission, checkpoint: int) -> Generator[simpy.Event, None, None]:
        yield self.run.env.timeout(self.access.retry_after[checkpoint])
        mission.open.readmit(mission.team)
        self.run.act.serve_queue()

    def _meets_closure(self, mission: Mission, halt: Halt) -> AfterHalt:
        """Reroute a team at a closure, or end its mission."""
        place, now = mission.open.place, self.clock.now
        self._cut_short(mission)
        number = mission.open.number
        self.recorder.event(Event.MET_CLOSURE, mission.team.number, number, halt.number)
        self.on_closure_known(halt.number)
        period = self.run.scene_period(mission.open, mission.team)
        here = standing(halt.spot, place, now, period)
        total, spot, to_spot = self.travel.reroute(here, now, place, period)
        if total >= NO_ACCESS:
            return False, self._ends_on_the_road(mission, halt.spot, Ending.NO_ACCESS)
        self._drive_on(mission, total, spot, to_spot, period)
        return True, self.run.act.settle_drive(mission) - now

    def _cut_short(self, mission: Mission) -> None:
        for hook in self.run.hooks.drive_cut_short:
            hook(mission)

    def _drive_on(
        self, mission: Mission, total: int, spot: Spot, to_spot: int, period: int
    ) -> None:
        """Reroute a team to where it is bound."""
        now, goal = self.clock.now, mission.team.drive.destination
        mission.reroute(Drive(spot, goal, now + to_spot, now + total, period))

    def _ends_on_the_road(self, mission: Mission, spot: Spot, ending: str) -> int:
        """End a mission on the road; return a drive home, where the team must be home. [ms]"""
        act, open_, team = self.run.act, mission.open, mission.team
        team.stop_on_road(spot, open_.place, self.clock.now)
        act.end_mission(mission, ending)
        act.serve_again(open_)
        return act.become_available(team)

    def _meets_closure_with_patient(self, mission: Mission, halt: Halt) -> AfterHalt:
        """Let a team with a patient find another route or hospital, or wait until one is open."""
        callout, now, run = mission.open.callout, self.clock.now, self.run
        if halt.number >= 0:
            team = mission.team.number
            self.recorder.event(Event.MET_CLOSURE, team, callout.number, halt.number)
            self.on_closure_known(halt.number)
        period = self.run.hospital_period(mission.open, mission.team)
        here = standing(halt.spot, callout.place, now, period)
        ways = self.travel.drives(here, now, period)
        drives = [ways[place] for place in run.world.hospitals]
        drive = run.act.choose_hospital_again(mission, drives)
        if drive is not None:
            return True, self._drive_to_hospital(mission, drive, halt.spot)
        assert mission.hospital is not None
        goal = run.world.hospitals[mission.hospital]
        self.recorder.drive(mission.team, standing(halt.spot, goal, now, period))
        mission.expect_halt(halt._replace(number=-1))  # wait for a change, then look again
        later = bisect_right(self.begins, now)
        return True, self.begins[later] - now if later < len(self.begins) else STALLED

    # -- who is told ------------------------------------------------------------------------------

    def _tell(self, closures: Collection[int]) -> None:
        """Inform the teams whose route uses a road that is now known to be closed."""
        for team in self.run.teams:
            mission = team.mission
            if mission is None or mission.left is not None:
                continue
            halt = mission.halt
            if halt is None or halt.on_stop != self._meets_closure or halt.number not in closures:
                continue
            self._reroute(mission, halt.number)
        self.homeward.tell(closures)

    def _reroute(self, mission: Mission, closure: int) -> None:
        """Let a team take another route to the scene before it meets a closed road."""
        act, team, open_, now = self.run.act, mission.team, mission.open, self.clock.now
        number, place = open_.number, open_.place
        self.recorder.event(Event.TOLD_OF_CLOSURE, team.number, number, closure)
        period = self.run.scene_period(mission.open, mission.team)
        total, spot, to_spot = self.travel.reroute(team.drive, now, place, period)
        if total < NO_ACCESS:
            self._cut_short(mission)
            self._drive_on(mission, total, spot, to_spot, period)
            team.reschedule_alarm(act.settle_drive(mission) - now)
            return
        act.stop_under_way(mission, Ending.NO_ACCESS)
        act.serve_again(open_)

    # -- what is noted ----------------------------------------------------------------------------

    def on_mission_end(self, mission: Mission, ending: str) -> None:
        """Note the checkpoints that a team has come to whose mission ends."""
        if self.passing:
            self.note_passed(mission)

    def note_passed(self, mission: Mission) -> None:
        """Note the checkpoints that a team on its way to a scene has come to by now."""
        if not self.passing:
            return
        now, team, number = self.clock.now, mission.team.number, mission.open.number
        for checkpoint, at, until in self.passing.pop(team, ()):
            if at < now:
                self.recorder.event_at(
                    at, Event.CHECKPOINT_DELAY, team, number, checkpoint, min(until, now)
                )

    def note_waiting(self, open_: OpenCallout) -> None:
        """Note when a callout that waits has no access from any base, and when no longer."""
        place, number = open_.place, open_.number
        no_access = place in self.no_access
        if no_access == (number in self.without_access):
            return
        if no_access:
            self.without_access.add(number)
        else:
            self.without_access.discard(number)
        what = Event.NO_ACCESS if no_access else Event.ACCESS_AGAIN
        self.recorder.event(what, None, number, place)
