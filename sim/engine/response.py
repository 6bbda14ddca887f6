"""
A team's response to a callout: be sent, arrive, work, take people to hospital, be free again.

``Response.life`` is the whole story as a SimPy process; each step is a method below it. What
optional features add at a step comes in by the hooks of the run. Everything random was drawn before
(``Marks``), so a step only looks up how long it takes.

Assumed: how hard a callout is comes with the callout and not with the team that is sent. Work that
is interrupted is resumed where it was left. A team that is stood down is free at once where it is,
and one that comes when the work is done is free on arrival. People on board are always taken to
hospital.
"""

from __future__ import annotations

from collections.abc import Generator

from sim.log import Ending, Outcome

from .dispatcher import Dispatcher
from .foundation.clock import Process
from .foundation.hooks import Run
from .foundation.state import STALLED, Mission, OpenCallout, Team
from .hospitals import Hospitals
from .relocating import Relocator

# endings after which the callout counts as not dispatched to yet, if nobody has reached it
_AS_IF_NOT_SENT = (Ending.REASSIGNED, Ending.NO_CREW_ASSEMBLED, Ending.BROKE_DOWN)


class Response:
    """What teams do, from being sent until they are free."""

    def __init__(
        self, run: Run, dispatcher: Dispatcher, hospitals: Hospitals, relocation: Relocator
    ) -> None:
        self.run, self.dispatcher = run, dispatcher
        self.hospitals, self.relocation = hospitals, relocation
        self.clock, self.hooks, self.recorder = run.clock, run.hooks, run.recorder
        self.available, self.pending = run.available, run.pending.order
        centre = run.world.scenario.dispatch_centre
        self.dispatch_while_returning = centre.dispatch_while_returning
        self.dispatch_when_cleared = centre.dispatch_when_cleared

    # -- the story --------------------------------------------------------------------------------

    def life(self, team: Team, way_home: int = 0) -> Process:
        """
        Be free; be sent and arrive; work; take people to hospital where needed; be free again.

        The dispatcher sets the team's alarm when it sends the team: it rings when the team arrives,
        when a crew that assembles is to leave its base, or where something stops the team on its
        way. Whoever frees a team at any other instant cancels its alarm, so that this process never
        resumes, and begins another (``restart``). A team that is reassigned under way stays in this
        one, with its alarm set to another time.
        """
        while True:
            if way_home:
                yield from self._return_home(team, way_home)
                way_home = 0
            yield None  # until the dispatcher sends it
            mission = team.mission
            assert mission is not None
            if mission.assembling or mission.halt is not None:
                drive_home = yield from self._be_on_the_way(team)
                if drive_home is not None:
                    way_home = drive_home
                    continue
                mission = team.current_mission()  # it may have been reassigned
            yield self.on_arrival(mission)
            drive = self.on_work_done(mission)
            if drive is not None:
                yield drive
                if mission.halt is not None:  # with people on board it always goes on
                    yield from self._be_on_the_way(team)
                yield self.on_hospital_arrival(mission)
            way_home = self.on_clear(mission)

    def _return_home(self, team: Team, way_home: int) -> Process:
        """Drive home, where it must be there before it can be sent again."""
        self.recorder.returning(team.number, way_home)
        yield way_home
        self.arrive_home(team)

    def _be_on_the_way(self, team: Team) -> Generator[int | None, None, int | None]:
        """
        Let a crew assemble, and see to all that stops the team, until it is where it is sent.

        Returns None then; its drive home if the mission ends before, 0 where it need not be home
        to be free. [ms]
        """
        mission = team.current_mission()
        if mission.assembling:
            leaves_in = self.crew_leaves(mission)
            if leaves_in is None:
                return 0
            yield leaves_in
            mission = team.current_mission()
        while mission.halt is not None:
            halt = mission.halt
            mission.expect_halt(None)
            goes_on, delay = halt.on_stop(mission, halt)
            if not goes_on:
                return delay
            yield delay
            mission = team.current_mission()
        return None

    # -- on the way and on scene ------------------------------------------------------------------

    def crew_leaves(self, mission: Mission) -> int | None:
        """Let a crew that assembled leave; return its drive, None if none assembled. [ms]"""
        leaves_in: int | None = 0
        for hook in self.hooks.crew_leaves:
            leaves_in = hook(mission)
        return leaves_in

    def on_arrival(self, mission: Mission) -> int:
        """
        Note a team on scene and return how long the work takes it. [ms]

        Features first change the work (``scene_changed``). When its end is set for all on scene,
        they see who else is to be sent and who only waits (``scene_settled``).
        """
        open_, now, hooks = mission.open, self.clock.now, self.hooks
        if hooks.arrives:
            for hook in hooks.arrives:
                hook(mission)
        first = open_.on_scene is None
        if first:
            on_scene = open_.begin(mission, now)
            if hooks.first_on_scene:
                for hook in hooks.first_on_scene:
                    hook(mission)
            if (
                mission.team.crew_size >= open_.need.people
                and len(open_.missions) == 1
                and not open_.missing_capabilities
                and not ((found := open_.marks.complications) and found.clearance is not None)
            ):  # nearly always: what follows would come to the same
                open_.attend_alone(mission, now)
                return on_scene
        elif open_.finished:
            mission.arrive_late(now)
            return self._late_arrival(mission)
        open_.join(mission, now)
        for change in hooks.scene_changed:
            change(mission, first)
        self.reschedule(open_, apart_from=mission)
        for settled in hooks.scene_settled:
            settled(mission, first)
        return open_.time_left()

    def _late_arrival(self, mission: Mission) -> int:
        """Let a team come when the work is done, to take people; return how long it stays. [ms]"""
        return sum(hook(mission) for hook in self.hooks.late_arrival)

    def reschedule(self, open_: OpenCallout, apart_from: Mission | None = None) -> None:
        """Set the end of the work again for all on scene, after somebody came or went."""
        for mission in open_.missions:
            if mission is not apart_from and mission.on_scene is not None and mission.left is None:
                mission.team.reschedule_alarm(open_.time_left())

    def on_work_done(self, mission: Mission) -> int | None:
        """
        Note that the work is done; return the drive to hospital, None if there is none. [ms]

        ``STALLED`` for a team that stays with people until others take them: whoever frees it
        begins its life again.
        """
        open_ = mission.open
        if not open_.finished:
            open_.finish()
            if open_.transports:
                if any(stays(mission) for stays in self.hooks.work_done):
                    return STALLED
            else:
                if open_.sent > 1 or open_.missing_people > 0 or open_.missing_capabilities:
                    self.stand_down_others(open_)
                if open_.marks.transported:
                    open_.carry(open_.missions[0])
        if mission.team not in open_.carriers:
            return None
        drive = self.hospitals.choose(mission)
        if drive is not None:
            for hook in self.hooks.to_hospital:
                drive = hook(mission, drive)
        return drive

    def on_hospital_arrival(self, mission: Mission) -> int:
        """Note a team at hospital and return how long it stays there. [ms]"""
        mission.reach_hospital(self.clock.now)
        return self.hospitals.receive(mission)

    def on_clear(self, mission: Mission) -> int:
        """Note that a team is done; return its drive home if it must be home to be free. [ms]"""
        open_, place = mission.open, mission.open.place
        if mission.hospital is not None:
            place = self.hospitals.leave(mission.hospital)
        self.end_mission(mission, Ending.COMPLETED)
        if not open_.missions and open_.outcome is not None:
            self.recorder.callout(open_, open_.outcome)
        return self.clear_at(mission.team, place)

    # -- be free again ----------------------------------------------------------------------------

    def clear_at(self, team: Team, place: int) -> int:
        """Free a team that has done what it was sent for; return as ``become_available`` does."""
        team.stand_at(place, self.clock.now)
        return self.become_available(team)

    def become_available(self, team: Team) -> int:
        """
        Let a team with nothing in hand be sent again; return its drive if it is only free after it.

        With ``dispatch_while_returning`` it is free at once, and relocated unless a pending callout
        needs it: 0. Without, it drives to a base, and is free there; only pending callouts are
        offered it before, with ``dispatch_when_cleared``. One that is off duty is not sent. [ms]
        """
        now, hooks = self.clock.now, self.hooks
        if not team.on_duty:
            for hook in hooks.cleared_off_duty:
                hook(team)
            return 0
        if not self.dispatch_while_returning:
            if self.dispatch_when_cleared and self.dispatcher.takes(team):
                return 0
            team.become_free()  # where no road leads to a base, it stands by as a free team does
            self.relocation.go_and_wait(team)
            if not team.free:
                return 0
            team.become_unavailable()
            if team.drive.arrives > now:
                return team.drive.arrives - now
        if hooks.cleared:
            for is_seen_to in hooks.cleared:
                if is_seen_to(team):
                    return 0
        self.available.add_on_road(team)
        if hooks.becomes_available and any(takes(team) for takes in hooks.becomes_available):
            return 0
        if self.pending:
            self.dispatcher.serve_queue()
        if team.free and self.dispatch_while_returning:
            self.relocation.go_and_wait(team)
        return 0

    def arrive_home(self, team: Team) -> None:
        """Note that a team that had to go home first is home."""
        for hook in self.hooks.at_base:
            hook(team)
        if team.on_duty:
            team.become_free()
            self.rest(team)
            if not any(takes(team) for takes in self.hooks.becomes_available):
                self.dispatcher.serve_queue()

    def rest(self, team: Team) -> None:
        """Let a free team rest where its last drive ended, ready if it has all that it needs."""
        if not any(lacks_something(team) for lacks_something in self.hooks.rests):
            self.available.rest(team)

    # -- a mission ends before it is done ---------------------------------------------------------
    #
    # finish          on scene, done there     free, and given work as after any mission
    # stop_under_way  not there yet            the same, from where it is
    # take_away       either                   free for one who has asked for it, and nothing else
    # interrupt       either                   not free, off duty or to be fetched; looks after the
    #                                          callout, as the others leave to whoever calls them

    def end_mission(self, mission: Mission, ending: str) -> None:
        """End a team's part in a callout and note it."""
        open_, now = mission.open, self.clock.now
        if mission.assembling:
            mission.stay_away()  # its crew has not left, even if it was to leave now
        mission.end(now)
        if open_.on_scene is None:
            open_.note_in_vain(mission, now, counts=ending not in _AS_IF_NOT_SENT)
        if self.hooks.ends:
            for hook in self.hooks.ends:
                hook(mission, ending)
        self.recorder.mission(mission, ending)

    def finish(self, mission: Mission, ending: str) -> None:
        """End the part of a team on scene, which has done what it was sent for."""
        team = mission.team
        self.end_mission(mission, ending)
        team.cancel_alarm()
        self.restart(team, self.clear_at(team, mission.open.place))

    def stop_under_way(self, mission: Mission, ending: str) -> None:
        """Stop a team that has not arrived; it is free where it is."""
        team = mission.team
        self.end_mission(mission, ending)
        self._stop_where_it_is(mission)
        team.cancel_alarm()
        self.restart(team, self.become_available(team))

    def stand_down_others(self, open_: OpenCallout) -> None:
        """Now that the work is done, stand down teams under way and stop looking for others."""
        self.dispatcher.queue.remove(open_)
        open_.stop_relief()
        for mission in [m for m in open_.missions if m.on_scene is None]:
            self.stop_under_way(mission, Ending.STOOD_DOWN)

    def take_away(self, mission: Mission, ending: str) -> None:
        """
        Take a team from its callout, to be sent at once to another, though the work goes on.

        It leaves without delay (assumed); the work left is for those who stay, or who come next.
        """
        open_, team = mission.open, mission.team
        self.end_mission(mission, ending)
        team.cancel_alarm()
        if open_.stays is mission:
            open_.stay_with(None)
        if open_.crew_on_scene:
            self.reschedule(open_)
        if mission.on_scene is not None:
            team.stand_at(open_.place, self.clock.now)
        else:
            self._stop_where_it_is(mission)
        self.available.add_on_road(team)
        self.restart(team)

    def _stop_where_it_is(self, mission: Mission) -> None:
        """Let a team be at its base if it has not left yet, else on the road."""
        team, now = mission.team, self.clock.now
        origin = team.drive.origin
        if now < mission.en_route:
            assert isinstance(origin, int)
            team.park(origin, now)
        else:
            team.stop_on_drive()

    def interrupt(self, mission: Mission, ending: str, way_home: int = 0) -> None:
        """
        Stop a team, at the end of its shift for one, and see what becomes of its callout.

        If the rule is to wait, the callout is pending again for what it misses, with the work that
        is left; else, and where ``ending`` is *dropped*, it is over once nobody is on it.
        ``way_home`` is the team's drive home, 0 where it need not be there to be free. [ms]
        """
        open_, team, queue = mission.open, mission.team, self.dispatcher.queue
        self.end_mission(mission, ending)
        if mission.on_scene is None:
            self.recorder.stands(team)
        team.cancel_alarm()
        self.restart(team, way_home)
        if open_.crew_on_scene:
            self.reschedule(open_)
        waits = self.run.waits and ending != Ending.DROPPED
        if open_.finished:
            for hook in self.hooks.interrupted:
                hook(mission, ending)
            return
        open_.count_missing()
        if open_.missions and not waits:
            return
        queue.remove(open_)
        if waits and open_.is_missing_something:
            queue.add(open_)
        elif not waits and ending != Ending.BROKE_DOWN:  # then others are sent at once, if any
            self.recorder.callout(open_, Outcome.DROPPED)

    def restart(self, team: Team, way_home: int = 0) -> None:
        """Begin a team's life again; the old process never resumes."""
        team.alarm.begin(self.life(team, way_home))
