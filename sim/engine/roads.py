"""
The roads of a run: which are closed, what the dispatcher knows, and which teams are informed.

All ways were worked out before the run. What is kept here is where in the list of epochs it is
and which closures, that nobody has announced, a team has met.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import simpy

from sim.log import NO_ACCESS, Ending, Event
from sim.world import Disruptions, DriveDraws, Epoch, Spot

from . import exposure
from .alarm import ROADS, Alarm
from .callout import STALLED, OpenCallout
from .homeward import Homeward
from .stops_on_the_way import CLOSED, REFUSED, Halt, Way
from .team import FOREVER, Team

if TYPE_CHECKING:
    from .dispatcher import Dispatcher

TO_SCENE, TO_HOSPITAL = range(2)  # legs of a mission, for the draws of its drives


@dataclass(slots=True)
class AtRest:
    """A team that stands at a spot, as a drive that is about to begin."""

    origin: Spot
    destination: int
    departs: int
    arrives: int
    period: int


class Stopped(NamedTuple):
    """Where a drive is stopped, and by what."""

    at: int  # [ms]
    halt: Halt


class RoadState:
    """The state of the roads in a run."""

    def __init__(
        self, dispatcher: Dispatcher, access: Disruptions, seed: int, replication: int
    ) -> None:
        self.dispatcher, self.access, self.travel = dispatcher, access, dispatcher.travel
        self.draws = DriveDraws(dispatcher.world, seed, replication)
        self.begins = [epoch.begins for epoch in access.epochs]
        self.epoch: Epoch = access.epochs[0]
        self.known: tuple[int, ...] = ()  # of those hidden, which a team has met
        self.minutes = self.epoch.minutes[()]
        self.start_of_day = dispatcher.world.start_of_day
        self.homeward = Homeward(self)
        self.refusals: dict[tuple[int, int, int], int] = {}  # callout, team, checkpoint: how many
        # of each team on its way to a scene: checkpoint, from when until when it is held up there
        self.passing: dict[int, list[tuple[int, int, int]]] = {}

    def period(self, at: int) -> int:
        """Return the travel period at the present instant, by what the dispatcher knows."""
        return self.minutes[(at + self.start_of_day) // 60_000 % 1440]

    # -- what changes with time -----------------------------------------------------------------

    def epoch_process(self) -> Generator[simpy.Event, None, None]:
        """Close and open roads when it is time."""
        alarm = Alarm(self.dispatcher.env, ROADS)
        for epoch in self.access.epochs[1:]:
            yield alarm.schedule_in(epoch.begins - self.dispatcher.clock.now)
            self._on_epoch(epoch)

    def _on_epoch(self, epoch: Epoch) -> None:
        before, self.epoch = self.epoch, epoch
        knew = self._known_of(before)
        self.known = tuple(c for c in self.known if c in epoch.hidden)
        self.minutes = epoch.minutes[self.known]
        reopened = [c for c in before.closed if c not in epoch.closed]
        news = [c for c in self._known_of(epoch) if c not in knew]
        for closure in reopened:
            self.note(Event.REOPENED, None, None, closure)
        for closure in news:
            self.note(Event.CLOSURE_KNOWN, None, None, closure)
        if news:
            self._tell(news)
        for open_ in self.dispatcher.waiting:
            self.note_waiting(open_)
        if reopened:
            self.homeward.move_on()
            self.dispatcher.line.serve()

    def _known_of(self, epoch: Epoch) -> list[int]:
        return [c for c in epoch.closed if c not in epoch.hidden or c in self.known]

    def on_closure_known(self, closure: int) -> None:
        """Let the dispatcher know of a closure that a team has met."""
        if closure not in self.epoch.hidden or closure in self.known:
            return
        self.known = tuple(sorted((*self.known, closure)))
        self.minutes = self.epoch.minutes[self.known]
        self.note(Event.CLOSURE_KNOWN, None, None, closure)
        self._tell([closure])

    def closed_at(self, closures: Sequence[int], at: int) -> int | None:
        """Return the first of some closures that is in force at an instant."""
        if not closures:
            return None
        closed = self.access.epochs[max(bisect_right(self.begins, at) - 1, 0)].closed
        return next((c for c in closures if c in closed), None)

    # -- a drive ----------------------------------------------------------------------------------

    def drive(self, team: Team) -> Stopped | None:
        """Settle how long a team's drive to a scene takes; return where it is stopped, if it is."""
        if self.passing:
            self.note_passed(team, team.open)
        expected = team.arrives - team.departs
        lasts, stopped = self._settle(
            team, TO_SCENE, team.origin, team.destination, team.period, team.departs, expected
        )
        team.arrives = team.departs + lasts
        return stopped

    def drive_to_hospital(self, team: Team, drive: int, origin: Spot) -> int:
        """Return how long a drive to hospital takes, or until something stops it. [ms]"""
        open_, now = team.open, self.dispatcher.clock.now
        assert open_ is not None
        assert team.hospital is not None
        goal, local_travel = (
            self.dispatcher.world.hospitals[team.hospital],
            open_.marks.local_travel,
        )
        lasts, stopped = self._settle(
            team, TO_HOSPITAL, origin, goal, self.period(now), now, drive - local_travel
        )
        team.halt = None
        if stopped is None:
            return lasts + local_travel
        team.halt = stopped.halt
        return stopped.at - now

    def _settle(
        self,
        team: Team,
        leg: int,
        origin: Spot,
        goal: int,
        period: int,
        departs: int,
        expected: int,
    ) -> tuple[int, Stopped | None]:
        """
        Return how long a drive takes [ms], and where it is stopped, if it is.

        It takes as long as if no closure stopped it: until then, where it is follows from that.
        """
        open_ = team.open
        assert open_ is not None
        key = open_.marks.key
        passages, delay, spread, _ = self.travel.way_of(origin, goal, period)
        driving = lasts = expected - delay
        if spread:
            lasts = self.draws.factor(key, team.number, leg, driving, spread)
        if not passages:
            return lasts, None
        counted = lost = 0  # at checkpoints so far: expected, and actual
        stopped: Stopped | None = None
        for passage in passages:
            at = departs + (passage.at - counted) * lasts // max(driving, 1) + lost
            closure = self.closed_at(passage.closures, at)
            if closure is not None and stopped is None:
                stopped = Stopped(at, Halt(CLOSED, closure, passage.spot))
            if passage.checkpoint is None or not passage.delay:
                continue
            case = open_.callout.number, team.number, passage.checkpoint
            nth = 2 * self.refusals.get(case, 0) + leg
            delay, refused = self.draws.passage(key, team.number, passage.checkpoint, nth)
            if refused and leg == TO_SCENE:  # a patient on board is let through
                halt = Halt(REFUSED, passage.checkpoint, passage.spot)
                return lasts + lost + delay, stopped or Stopped(at + delay, halt)
            if delay and leg == TO_SCENE and stopped is None:
                passed = passage.checkpoint, at, at + delay
                self.passing.setdefault(team.number, []).append(passed)
            lost += delay
            counted += passage.delay
        return lasts + lost, stopped

    def on_base_departure(self, team: Team) -> None:
        """Let a crew that leaves its base take the route that is best by now."""
        open_, period = team.open, self.period(self.dispatcher.clock.now)
        assert open_ is not None
        drive = self.dispatcher.times[period][team.crew.place][open_.callout.place]
        if drive < NO_ACCESS:  # else it drives as planned, and is stopped there
            team.period, team.arrives = period, team.departs + drive

    # -- a team is stopped ------------------------------------------------------------------------

    def on_stop(self, team: Team, halt: Halt) -> Way:
        """Reroute a team at a closure, or end its mission."""
        open_, now = team.open, self.dispatcher.clock.now
        assert open_ is not None
        if self.dispatcher.exposes:
            exposure.note_drive(self.dispatcher, team, now)
        number = open_.callout.number
        if halt.what == REFUSED:
            self.note(Event.REFUSED_AT_CHECKPOINT, team, number, halt.number)
            case = number, team.number, halt.number
            self.refusals[case] = self.refusals.get(case, 0) + 1
            open_.missed += (team.number,)
            self.dispatcher.env.process(self._retry_after(open_, team, halt.number))
            return False, self._ends_on_the_road(team, halt.spot, Ending.REFUSED_AT_CHECKPOINT)
        self.note(Event.MET_CLOSURE, team, number, halt.number)
        self.on_closure_known(halt.number)
        place, period = open_.callout.place, self.period(now)
        total, spot, to_spot = self.travel.reroute(self._at(halt.spot, place), now, place, period)
        if total >= NO_ACCESS:
            return False, self._ends_on_the_road(team, halt.spot, Ending.NO_ACCESS)
        self._drive_on(team, total, spot, to_spot, period)
        assert self.dispatcher.halts is not None
        return True, self.dispatcher.halts.set_out(team) - now

    def _at(self, spot: Spot, destination: int) -> AtRest:
        now = self.dispatcher.clock.now
        return AtRest(spot, destination, now, now, self.period(now))

    def _drive_on(self, team: Team, total: int, spot: Spot, to_spot: int, period: int) -> None:
        """Reroute a team to where it is bound."""
        now = self.dispatcher.clock.now
        team.origin, team.period = spot, period
        team.departs, team.arrives = now + to_spot, now + total
        team.due = team.arrives

    def _ends_on_the_road(self, team: Team, spot: Spot, ending: str) -> int:
        """End a mission on the road; return a drive home, where the team must be home. [ms]"""
        dispatcher, open_, now = self.dispatcher, team.open, self.dispatcher.clock.now
        assert open_ is not None
        team.origin, team.destination = spot, open_.callout.place
        team.departs = team.arrives = now
        dispatcher.take_off(open_, team, ending, now)
        dispatcher.serve_again(open_)
        team.rests_from = FOREVER
        return dispatcher.make_available(team, now)

    def _retry_after(
        self, open_: OpenCallout, team: Team, checkpoint: int
    ) -> Generator[simpy.Event, None, None]:
        yield self.dispatcher.env.timeout(self.access.retry_after[checkpoint])
        open_.missed = tuple(n for n in open_.missed if n != team.number)
        self.dispatcher.line.serve()

    def on_stop_with_patient(self, team: Team) -> int:
        """Let a team with a patient find another route or hospital; return its time. [ms]"""
        open_, now, halt = team.open, self.dispatcher.clock.now, team.halt
        assert open_ is not None
        assert halt is not None
        if halt.number >= 0:
            self.note(Event.MET_CLOSURE, team, open_.callout.number, halt.number)
            self.on_closure_known(halt.number)
        hospitals = self.dispatcher.world.hospitals
        rest = self._at(halt.spot, open_.callout.place)
        ways = self.travel.drives(rest, now, self.period(now))
        drive = self.dispatcher.hospitals.choose_again(team, [ways[place] for place in hospitals])
        if drive is not None:
            return self.drive_to_hospital(team, drive, halt.spot)
        team.halt = Halt(CLOSED, -1, halt.spot)  # wait until something changes, then look again
        later = bisect_right(self.begins, now)
        return self.begins[later] - now if later < len(self.begins) else STALLED

    # -- who is told ------------------------------------------------------------------------------

    def _tell(self, closures: Collection[int]) -> None:
        """Inform the teams whose route uses a road that is now known to be closed."""
        for team in self.dispatcher.teams:
            halt = team.halt
            if halt is None or halt.what != CLOSED or halt.number not in closures:
                continue
            if team.open is not None and team.left is None:
                self._reroute(team, halt.number)
        self.homeward.tell(closures)

    def _reroute(self, team: Team, closure: int) -> None:
        dispatcher, open_, now = self.dispatcher, team.open, self.dispatcher.clock.now
        assert open_ is not None
        self.note(Event.TOLD_OF_CLOSURE, team, open_.callout.number, closure)
        period = self.period(now)
        total, spot, to_spot = self.travel.reroute(team, now, open_.callout.place, period)
        if total < NO_ACCESS:
            if dispatcher.exposes:
                exposure.note_drive(dispatcher, team, now)
            self._drive_on(team, total, spot, to_spot, period)
            assert dispatcher.halts is not None
            team.alarm = team.alarm.reschedule(dispatcher.halts.set_out(team) - now)
            return
        dispatcher.take_off(open_, team, Ending.NO_ACCESS, now)
        dispatcher.free_on_the_road(team, now)
        dispatcher.serve_again(open_)

    # -- what is noted ----------------------------------------------------------------------------

    def note_passed(self, team: Team, open_: OpenCallout | None) -> None:
        """Note the checkpoints that a team on its way to a scene has come to by now."""
        now, recorder = self.dispatcher.clock.now, self.dispatcher.recorder
        for checkpoint, at, until in self.passing.pop(team.number, ()):
            if at < now and open_ is not None:
                number, until = open_.callout.number, min(until, now)
                recorder.event_at(
                    at, Event.CHECKPOINT_DELAY, team.number, number, checkpoint, until
                )

    def note_waiting(self, open_: OpenCallout) -> None:
        """Note when a callout that waits has no access from any base, and when no longer."""
        place = open_.callout.place
        no_access = place in self.epoch.no_access
        if no_access != open_.no_access:
            open_.no_access = no_access
            what = Event.NO_ACCESS if no_access else Event.ACCESS_AGAIN
            self.note(what, None, open_.callout.number, place)

    def note(self, what: str, team: Team | None, callout: int | None, who: int) -> None:
        """Note something about roads."""
        number = None if team is None else team.number
        self.dispatcher.recorder.event(what, number, callout, who)
