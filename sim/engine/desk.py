"""
The dispatch desk: knows who is free and who waits, and is the one place that asks policies.

Processes tell it what happened; it answers how long the next phase takes. Everything random was
settled before (``Marks``), so the desk only looks up. Rows of the log are plain tuples in the
order of ``sim.log``'s columns: building named ones here would cost a tenth of a run.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from functools import partial
from typing import cast

import simpy

from sim.errors import PolicyError
from sim.log import NO_WAY, Ending, Log, Outcome
from sim.policies import Atlas, DeskView, FreeTeamView, HospitalView, PolicySet
from sim.policies.relocation import Home
from sim.world import Callout, Marks, World, expected

from .alarm import GIVE_UP, Alarm, Clock
from .callout import OpenCallout
from .free import FreeTeams
from .team import FOREVER, Team, life

# named tuples built without their constructor's detour through Python
_desk_view = partial(tuple.__new__, DeskView)
_hospital_view = partial(tuple.__new__, HospitalView)


class Desk:
    """The state of a run, and what happens at each event."""

    def __init__(
        self, env: simpy.Environment, world: World, policies: PolicySet, atlas: Atlas, log: Log
    ) -> None:
        self.env, self.world, self.policies, self.atlas = env, world, policies, atlas
        self.clock = cast(Clock, env)
        self.log_callout, self.log_mission = log.callout, log.mission
        self.log_decision = log.decision
        self.ask_dispatch = policies.dispatch.__call__  # bound once: asked for every callout
        self.ask_destination = policies.destination.__call__
        self.rules = {q: type(getattr(policies, q)).__name__ for q in QUESTIONS}
        self.travel, self.times = world.travel, world.travel.times
        # with one speed all day, as in textbook systems, there is no hour to look up
        self.period = world.period if len(self.times) > 1 else (lambda at: 0)
        self.hospital_drives = [
            [[row[place] for place in world.hospitals] for row in times] for times in self.times
        ]
        self.hospital_numbers = range(len(world.hospitals))
        self.needs = world.fleet.needs
        self.last_mile = expected(world.scenario.map.last_mile)
        self.teams = [Team(env, crew, self.last_mile) for crew in world.fleet.crews]
        self.free = FreeTeams(world, self.teams, self.last_mile)
        self.waiting: list[OpenCallout] = []  # in the order of the queue rule
        self.cut_off: list[tuple[Callout, Marks]] = []  # received, not ready before the end
        self.send_returning = world.scenario.desk.send_returning
        self.shift_end = world.scenario.desk.shift_end
        # most runs send teams home: then there is nothing to ask, nor to prepare for the asking
        self.stays_home = isinstance(policies.relocation, Home)
        self.by_queue = lambda open_: policies.queue(open_.callout)

    # -- callouts come in ---------------------------------------------------------------------

    def receives(self, callout: Callout, marks: Marks) -> None:
        """Answer a callout that has become ready: send teams, or let it wait."""
        open_ = OpenCallout(callout, marks, self.needs[callout.kind])
        if self._serve(open_, first=True):
            return
        if self.policies.queue.waits:
            insort(self.waiting, open_, key=self.by_queue)
            if marks.gives_up is not None and not open_.sent:
                self._set_timer(open_, marks.gives_up)
        elif not open_.sent:
            self._end(open_, self.clock.now, Outcome.LOST)

    def _set_timer(self, open_: OpenCallout, after: int) -> None:
        timer = Alarm(self.env, GIVE_UP + open_.callout.number).ring_in(after)
        assert timer.callbacks is not None
        timer.callbacks.append(lambda _: self._gives_up(open_))

    def _gives_up(self, open_: OpenCallout) -> None:
        if not open_.sent and open_ in self.waiting:
            self.waiting.remove(open_)
            self._end(open_, self.clock.now, Outcome.GAVE_UP)

    def _serve(self, open_: OpenCallout, first: bool = False) -> bool:
        """Send whoever is needed and free; return whether the need is met."""
        callout, now = open_.callout, self.clock.now
        period = self.period(now)
        while True:
            teams, arrivals = self.free.candidates(callout.place, open_.missing_brings, now, period)
            if not teams and not first:
                return False
            number_free = len(self.free.resting) + len(self.free.moving)
            view = _desk_view((now, teams, arrivals, number_free, len(self.waiting), self.atlas))
            try:
                chosen, why = self.ask_dispatch(callout, view)
            except Exception as error:
                raise self._failed("dispatch", f"callout {callout.number}", error) from error
            if now >= 0 and (first or chosen is not None):
                rule = self.rules["dispatch"]
                self.log_decision(
                    (now, "dispatch", callout.number, teams, arrivals, chosen, rule, why)
                )
            if chosen is None:
                return False
            if chosen not in teams:
                raise PolicyError(
                    f"{self.policies.dispatch!r} chose team {chosen!r} for callout "
                    f"{callout.number} at {now} ms, but could only choose among {teams}"
                )
            self._send(open_, self.teams[chosen], now, period)
            if open_.missing_people <= 0 and not open_.missing_brings:
                return True
            first = False

    # -- a team is sent -----------------------------------------------------------------------

    def _send(self, open_: OpenCallout, team: Team, now: int, period: int) -> None:
        """Send a team from where it is; its alarm rings when it is on scene."""
        place, marks = open_.callout.place, open_.marks
        if now >= team.rests_from:
            self.free.leave(team)
            team.origin = team.destination
            team.departs = team.en_route = now + marks.turnout[team.turnout]
            team.arrives = team.departs + self.times[period][team.destination][place]
        else:
            self.free.moving.remove(team)
            total, team.origin, to_spot = self.travel.onward(team, now, place, period)
            team.departs, team.arrives = now + to_spot, now + total
            team.en_route = now
        team.destination, team.period = place, period
        team.dispatched = now
        team.on_scene = team.left = team.at_hospital = team.hospital = None
        team.free = False
        team.open = open_
        team.alarm.ring_in(team.arrives + marks.last_mile - now)
        if not open_.sent:
            open_.dispatched = now
        if open_.en_route is None or team.en_route < open_.en_route:
            open_.en_route = team.en_route
        open_.teams.append(team)
        open_.sent += 1
        open_.missing_people -= team.people
        open_.missing_brings &= ~team.brings

    # -- on scene, to hospital, clear -----------------------------------------------------------

    def arrives(self, team: Team) -> int:
        """Note a team on scene and return how long the work takes it. [ms]"""
        open_, now = team.open, self.clock.now
        assert open_ is not None
        team.on_scene = now
        needed = open_.need.people
        if open_.on_scene is None:
            open_.on_scene = open_.since = now
            on_scene = open_.marks.on_scene[team.pace]
            open_.work = on_scene * needed
            if team.people >= needed and len(open_.teams) == 1:
                open_.people = team.people
                return on_scene
        open_.work_until(now)
        open_.people += team.people
        self._retime(open_, apart_from=team)
        return open_.time_left()

    def _retime(self, open_: OpenCallout, apart_from: Team | None = None) -> None:
        """Set the end of the work anew for all on scene, after somebody came or went."""
        for team in open_.teams:
            if team is not apart_from and team.on_scene is not None and team.left is None:
                team.alarm = team.alarm.moved(open_.time_left())

    def leaves_scene(self, team: Team) -> int | None:
        """Note that the work is done; return the drive to hospital, if there is one. [ms]"""
        open_ = team.open
        assert open_ is not None
        if not open_.finished:
            open_.finished = True
            if open_.sent > 1 or open_.missing_people > 0 or open_.missing_brings:
                self._call_off(open_)
            if open_.marks.transported:
                open_.carrier = open_.teams[0]
        if team is not open_.carrier:
            return None
        callout, now = open_.callout, self.clock.now
        drives = self.hospital_drives[self.period(now)][callout.place]
        view = _hospital_view((now, self.hospital_numbers, drives))
        try:
            chosen, why = self.ask_destination(callout, view)
        except Exception as error:
            raise self._failed("destination", f"callout {callout.number}", error) from error
        if now >= 0:
            self._note("destination", callout.number, self.hospital_numbers, drives, chosen, why)
        if chosen is None:
            return None
        if chosen not in self.hospital_numbers or drives[chosen] >= NO_WAY:
            raise PolicyError(
                f"{self.policies.destination!r} chose hospital {chosen!r} for callout "
                f"{callout.number} at {now} ms, to which there is no way"
            )
        team.left, team.hospital = now, chosen
        return drives[chosen] + open_.marks.last_mile

    def _call_off(self, open_: OpenCallout) -> None:
        """Now that the work is done, call off whoever is on the way or still looked for."""
        if open_ in self.waiting:
            self.waiting.remove(open_)
        now = self.clock.now
        for team in [t for t in open_.teams if t.on_scene is None]:
            self._take_off(open_, team, now, Ending.CALLED_OFF)
            self._on_the_road_again(team, now)

    def arrives_at_hospital(self, team: Team) -> int:
        """Note a team at hospital and return how long the hand-over takes. [ms]"""
        assert team.open is not None
        team.at_hospital = self.clock.now
        return team.open.marks.hand_over

    def clears(self, team: Team) -> int:
        """Note that a team is done; return its way home if it must be home to be free. [ms]"""
        open_, now = team.open, self.clock.now
        assert open_ is not None
        if team.hospital is None:
            place = open_.callout.place
        else:
            place = self.world.hospitals[team.hospital]
        self._take_off(open_, team, now, Ending.COMPLETED)
        if not open_.teams:
            self._end(open_, now, Outcome.SERVED)
        team.origin = team.destination = place
        team.departs = team.arrives = now
        team.rests_from = FOREVER  # with the engine running: no turnout before the next drive
        return self._is_free(team, now)

    def is_home(self, team: Team) -> None:
        """Note that a team that had to go home first is home."""
        if team.on_duty:
            team.free = True
            self.free.rest(team)
            self.serve_waiting()

    def _is_free(self, team: Team, now: int) -> int:
        """Give a team its next work, or send it to wait, or off duty; return a way home. [ms]"""
        if not team.on_duty:
            return 0
        if not self.send_returning:
            self._go_and_wait(team, now)
            if team.arrives > now:
                return team.arrives - now
        team.free = True
        self.free.moving.append(team)
        if self.waiting:
            self.serve_waiting()
        if team.free and self.send_returning:
            self._go_and_wait(team, now)
        return 0

    def serve_waiting(self) -> None:
        """Serve those who wait, in order, while anybody is free."""
        i = 0
        while i < len(self.waiting) and len(self.free):
            if self._serve(self.waiting[i]):
                del self.waiting[i]
            else:
                i += 1

    def _go_and_wait(self, team: Team, now: int) -> None:
        """Send a free team to the base where it is to wait."""
        period = self.period(now)
        if self.stays_home:
            base, goal = team.crew.base, team.crew.place
        else:
            base = self._base_for(team, now, period)
            goal = self.atlas.base_places[base]
        total, spot, to_spot = self.travel.onward(team, now, goal, period)
        if total >= NO_WAY:  # no way there: it stands by where it is, or was bound
            team.rests_from = team.arrives
            return
        team.origin, team.destination, team.period = spot, goal, period
        team.departs = now + to_spot
        team.arrives = team.rests_from = now + total
        team.waits_at = base

    def _base_for(self, team: Team, now: int, period: int) -> int:
        """Ask where a free team is to wait."""
        bases = self.atlas.base_places
        drives = [self.travel.onward(team, now, place, period)[0] for place in bases]
        idle = [0] * len(bases)
        for other in self.teams:
            if other.free and other is not team:
                idle[other.waits_at] += 1
        home = team.crew.base
        view = FreeTeamView(now, team.number, home, drives, tuple(idle), period, self.atlas)
        try:
            base, why = self.policies.relocation(view)
        except Exception as error:
            raise self._failed("relocation", f"team {team.number}", error) from error
        if base is None or not 0 <= base < len(bases):
            raise PolicyError(
                f"{self.policies.relocation!r} chose base {base!r} for team {team.number} at "
                f"{now} ms; bases are numbered 0 to {len(bases) - 1}"
            )
        if why and now >= 0:
            self._note("relocation", team.number, range(len(bases)), drives, base, why)
        return base

    # -- a team is taken off its callout --------------------------------------------------------

    def _take_off(self, open_: OpenCallout, team: Team, now: int, ending: str) -> None:
        """End a team's part in a callout and note its mission."""
        if not open_.finished and team.on_scene is not None:
            open_.work_until(now)
            open_.people -= team.people
        open_.teams.remove(team)
        if now < team.en_route == open_.en_route:  # stopped before it moved
            open_.en_route = min((other.en_route for other in open_.teams), default=None)
        team.open = None
        if now > 0:  # a mission that ended in the warm-up is cut out with it
            self._note_mission(open_, team, now, ending)

    def _note_mission(
        self, open_: OpenCallout, team: Team, cleared: int | None, ending: str
    ) -> None:
        en_route: int | None = team.en_route
        if team.on_scene is None and team.en_route > self.clock.now:
            en_route = None  # stopped before it moved
        self.log_mission((
            open_.callout.number, team.number, team.dispatched, en_route, team.on_scene,
            team.left, team.at_hospital, team.hospital, cleared, ending,
        ))  # fmt: skip

    def _on_the_road_again(self, team: Team, now: int) -> None:
        """Free a team that was stopped on its way, from where it is."""
        if now < team.en_route:
            assert isinstance(team.origin, int)
            team.rest_at(team.origin, now)
        else:
            team.rests_from = FOREVER
        team.alarm = team.alarm.detached()
        self._begin_again(team, self._is_free(team, now))

    def stops(self, team: Team, ending: str) -> None:
        """Stop a team at the end of its shift and see what becomes of its callout."""
        open_, now = team.open, self.clock.now
        assert open_ is not None
        self._take_off(open_, team, now, ending)
        team.alarm = team.alarm.detached()
        self._begin_again(team)
        if open_.people:
            self._retime(open_)
        waits = self.policies.queue.waits and ending == Ending.HANDED_OVER
        if open_.finished or (open_.teams and not waits):
            return
        if open_ in self.waiting:
            self.waiting.remove(open_)
        if waits:
            open_.count_missing()
            insort(self.waiting, open_, key=self.by_queue)
        else:
            self._end(open_, now, Outcome.DROPPED)

    def _begin_again(self, team: Team, way_home: int = 0) -> None:
        """Let a team's life begin again; its old process never wakes."""
        self.env.process(life(team, self, way_home))

    def _end(self, open_: OpenCallout, ended: int | None, outcome: str) -> None:
        """Note a callout that is over, or that the end of the run cuts off (``ended`` None)."""
        cleared = ended if outcome == Outcome.SERVED else None
        number, kind, priority, place, received, ready = open_.callout
        if received >= 0:
            self.log_callout((
                number, open_.marks.key, kind, priority, place, received, ready, open_.dispatched,
                open_.en_route, open_.on_scene, cleared, ended, outcome, open_.sent,
            ))  # fmt: skip

    # -- the run ends ---------------------------------------------------------------------------

    def close(self) -> None:
        """Note whatever the end of the run cuts off."""
        cut = {open_.callout.number: open_ for open_ in self.waiting}
        for callout, marks in self.cut_off:
            cut[callout.number] = OpenCallout(callout, marks, self.needs[callout.kind])
        for team in self.teams:
            if team.open is not None:
                cut[team.open.callout.number] = team.open
                self._note_mission(team.open, team, None, Ending.UNFINISHED)
        for _, open_ in sorted(cut.items()):
            if open_.en_route is not None and open_.en_route > self.clock.now:
                open_.en_route = None
            self._end(open_, None, Outcome.UNFINISHED)

    def _failed(self, question: str, subject: str, error: Exception) -> PolicyError:
        """Return what to tell of a policy that raised."""
        policy = getattr(self.policies, question)
        return PolicyError(
            f"{policy!r} failed on {subject} at {self.clock.now} ms: "
            f"{type(error).__name__}: {error}"
        )

    def _note(
        self, question: str, subject: int, candidates: Sequence[int], arrivals: Sequence[int],
        chosen: int | None, why: str,
    ) -> None:  # fmt: skip
        rule = self.rules[question]
        self.log_decision(
            (self.clock.now, question, subject, candidates, arrivals, chosen, rule, why)
        )


QUESTIONS = ("dispatch", "queue", "relocation", "destination")
