"""
The dispatcher: who goes to a callout, and who has to wait.

It alone sends teams. What optional features add, such as teams that may be taken from another
callout, comes in by the hooks of a run.

Assumed: a decision takes no time, since call handling is over when a callout is ready. A callout
that needs several teams is sent one after the other at the same instant, each by a decision of
its own, and takes what is free now; the rest is sent when it is free.
"""

from __future__ import annotations

from functools import partial

from sim.errors import InvalidDecision, PolicyError
from sim.log import Ending, Outcome
from sim.policies import DispatchView
from sim.policies.rule_basis.board import UNDECLARED
from sim.world import Callout, Marks

from .dispatch_queue import DispatchQueue
from .foundation.clock import READY, Alarm
from .foundation.hooks import Run
from .foundation.state import Drive, Mission, OpenCallout, Team

# a named tuple built directly, without its slower Python constructor
_dispatch_view = partial(tuple.__new__, DispatchView)
MOST_IN_TURN = 20_000  # callouts that lose a team to each other at one instant


class Dispatcher:
    """Answers callouts, serves those pending, sends teams."""

    def __init__(self, run: Run, queue: DispatchQueue) -> None:
        self.run, self.queue = run, queue
        self.clock, self.hooks, self.period = run.clock, run.hooks, run.period
        self.scene_periods, self.own_periods = run.world.scene_periods, run.world.team_periods
        self.ask = run.asking.ask["dispatch"]  # bound once: asked for every callout
        self.atlases = run.asking.atlases["dispatch"]
        self.board = run.boards.get("dispatch")
        self.available, self.recorder = run.available, run.recorder
        self.pending, self.in_order = run.pending, run.pending.order
        self.resting, self.moving = run.available.resting, run.available.moving
        self.teams, self.times, self.travel = run.teams, run.times, run.travel

    # -- callouts come in -------------------------------------------------------------------------

    def on_callout(self, callout: Callout, marks: Marks) -> None:
        """Answer a callout that has become ready: send teams, or let it wait."""
        run, open_ = self.run, OpenCallout(callout, marks, self.run.needs[callout.kind])
        if self.hooks.received:
            for tell in self.hooks.received:
                tell(open_)
        met = self.serve(open_, first=True)
        if not met:
            met = any(helped(open_) for helped in self.hooks.unmet)
        if run.left_behind:
            self.serve_left_behind()
        if not met:
            if run.waits:
                self.queue.add(open_)
                if marks.abandons_after is not None and not open_.sent:
                    self.queue.set_timer(open_, marks.abandons_after)
            elif not open_.sent:
                self.recorder.callout(open_, Outcome.LOST)
        if self.hooks.answered:
            for follow in self.hooks.answered:
                follow()

    def serve(self, open_: OpenCallout, first: bool = False) -> bool:
        """
        Send the free teams that are needed; return whether the need is met.

        ``first`` says that nobody has been asked about this callout before: then the decision is
        noted even if nobody is sent.
        """
        callout, now, hooks = open_.callout, self.clock.now, self.hooks
        period, board = self.period(now), UNDECLARED
        if self.scene_periods is not None:
            period = self.scene_periods[callout.priority][period]
        while True:
            if hooks.may_dispatch:
                for may in hooks.may_dispatch:
                    if not may(open_):
                        return False
            teams, arrivals = self.available.candidates(
                open_.place, open_.missing_capabilities, now, period
            )
            if open_.excluded:
                teams, arrivals = _without(open_.excluded, teams, arrivals)
            if hooks.cannot_come:
                cannot = tuple(n for n in teams if not self.run.can_come(open_, self.teams[n]))
                teams, arrivals = _without(cannot, teams, arrivals)
            if hooks.candidates:
                for add in hooks.candidates:
                    teams, arrivals = add(open_, teams, arrivals)
            if not teams and not first:
                return False
            if self.board is not None:
                board = self.board(now, period, open_.number)
            view = _dispatch_view((
                now, teams, arrivals, len(self.resting) + len(self.moving), len(self.in_order),
                self.atlases[period], open_.missing_people, open_.missing_capabilities, board,
            ))  # fmt: skip
            chosen, why = self.ask(callout, view)
            if first or chosen is not None:
                self.recorder.decision("dispatch", open_.number, teams, arrivals, chosen, why)
            if chosen is None:
                return False
            self._send(open_, self.teams[chosen], now, period)
            if open_.missing_people <= 0 and not open_.missing_capabilities:
                return True
            first = False

    def _send(self, open_: OpenCallout, team: Team, now: int, period: int) -> None:
        """Send a team from where it is; its alarm rings when it is on scene."""
        place, marks, before = open_.place, open_.marks, team.mission
        if self.own_periods is not None:
            period = self.own_periods[team.number][period]
        assembling = False
        if before is not None:
            self._take(before)
        drive, reassigned = team.drive, not team.free
        if reassigned and before is not None and before.is_getting_ready(now):
            origin, en_route, departs = drive.origin, before.en_route, drive.departs
            assert isinstance(origin, int)
            arrives = departs + self.times[period][origin][place]
        elif reassigned or now < drive.rests_from:
            if not reassigned:
                self.available.moving.remove(team)
            total, origin, to_spot = self.travel.reroute(drive, now, place, period)
            en_route, departs, arrives = now, now + to_spot, now + total
        else:
            self.available.leave(team)
            origin, ready = drive.destination, marks.turnout[team.turnout]
            if team.special:
                ready, assembling = self._make_ready(team, open_, ready)
            en_route = departs = now + ready
            arrives = departs + self.times[period][origin][place]
        mission = Mission(team, open_, now, en_route, arrives, assembling)
        mission.set_out(Drive(origin, place, departs, arrives, period))
        rings = departs if assembling else arrives + marks.local_travel
        if not assembling and self.hooks.departs:
            rings = self.settle_drive(mission)
        if reassigned:
            team.reschedule_alarm(rings - now)
        else:
            team.alarm.schedule_in(rings - now)

    def _take(self, mission: Mission) -> None:
        """Take a team from the callout it is sent to, for one that goes first."""
        if mission.on_scene is not None:
            self.run.act.take_away(mission, Ending.REASSIGNED)
        else:
            self.run.act.end_mission(mission, Ending.REASSIGNED)
            mission.open.note_reassigned()
        self.run.left_behind.append(mission.open)

    def _make_ready(self, team: Team, open_: OpenCallout, ready: int) -> tuple[int, bool]:
        """Return the turnout of a team that first takes a vehicle, or whose crew assembles."""
        for fit_out in self.hooks.fits_out:
            fit_out(team, open_)
        for assemble in self.hooks.assembles:
            leaves_in = assemble(team, open_)
            if leaves_in is not None:
                return leaves_in, True
        return ready, False

    def settle_drive(self, mission: Mission) -> int:
        """Return when a team that sets out is on scene, or where something stops it. [ms]"""
        rings = mission.team.drive.arrives + mission.open.marks.local_travel
        for hook in self.hooks.departs:
            rings = hook(mission, rings)
        return rings

    # -- callouts that wait -----------------------------------------------------------------------

    def serve_queue(self) -> None:
        """Serve those who wait, in order, while anybody is free."""
        while self._serve_next():
            pass
        if self.run.left_behind:
            self.serve_left_behind()

    def _serve_next(self) -> bool:
        """
        Serve those who wait, in order.

        Returns whether to begin again, as with one that is served the order of others may change.
        """
        run, pending, queue = self.run, self.pending, self.queue
        if not self.in_order or not (len(self.available) or run.idle):
            return False
        queue.reorder()
        for open_ in pending.in_turn(self._could_help):
            others, sent = len(pending) > 1, open_.sent
            met = self.serve(open_)
            if open_.sent > sent:
                if others:
                    queue.note_next(open_)
                pending.refile(open_)
            if met:
                pending.remove(open_)
                if queue.changes and len(pending) > 1:
                    return True
            if not (len(self.available) or run.idle):
                break
        return False

    def _could_help(self, open_: OpenCallout) -> bool:
        """Return whether anybody could be sent to a callout, or to one after it as ``in_turn``."""
        now = self.clock.now
        if self.available.could_help(
            open_.place, open_.missing_capabilities, now, self.period(now)
        ):
            return True
        return any(may_add(open_) for may_add in self.hooks.may_add)

    def serve_queue_at(self, open_: OpenCallout, at: int) -> None:
        """Look again who can be served, as if this callout became ready at an instant. [ms]"""
        timer = Alarm(self.run.env, READY + open_.number)
        timer.call_in(at - self.clock.now, self.serve_queue)

    def takes(self, team: Team) -> bool:
        """Offer a team that is to drive home to those who wait; return whether it is sent."""
        if not self.in_order or any(is_unfit(team) for is_unfit in self.hooks.is_unfit):
            return False
        self.available.add_on_road(team)
        self.serve_queue()
        if not team.free:
            return True
        self.run.make_unavailable(team)
        return False

    # -- callouts that lack something again -------------------------------------------------------

    def serve_again(self, open_: OpenCallout) -> None:
        """Send what a callout misses that was served before, or let it wait."""
        if open_.finished:
            for hook in self.hooks.people_wait:
                hook(open_)
            return
        open_.count_missing()
        if not open_.is_missing_something:
            self.queue.remove(open_)  # more came than the dispatcher counted on
        elif self.serve(open_):
            self.queue.remove(open_)
        elif self.run.waits:
            self.queue.add(open_)
        elif not open_.missions:
            reached = open_.on_scene is not None
            self.recorder.callout(open_, Outcome.DROPPED if reached else Outcome.LOST)

    def serve_left_behind(self) -> None:
        """Serve callouts that lost a team to another one, or let them wait."""
        left_behind, served = self.run.left_behind, 0
        while left_behind:
            open_ = left_behind.pop(0)
            self.serve_again(open_)
            served += 1
            if served >= MOST_IN_TURN:
                raise self._endless(open_)

    def _endless(self, open_: OpenCallout) -> PolicyError:
        """Return what to tell of a rule under which callouts take teams from each other forever."""
        error = InvalidDecision(
            "lets callouts take a team from each other forever; `view.reassigned` says how many "
            "each has lost"
        )
        subject = f"callout {open_.number}"
        told = self.run.asking.failed("reassignment", subject, error)
        told.__cause__ = error
        return told


def _without(
    excluded: tuple[int, ...], teams: list[int], arrivals: list[int]
) -> tuple[list[int], list[int]]:
    """Return the candidates but for those teams."""
    kept = [i for i, team in enumerate(teams) if team not in excluded]
    return [teams[i] for i in kept], [arrivals[i] for i in kept]
