"""
Who takes people to hospital, where only teams that carry do, and who stays with them until then.

The first team on scene knows how many transports there will be. Teams that carry are sent for at
once if too few are on the callout, so that they drive while the others work. When the work is done
those that carry leave with the people they can take, in the order in which they were sent. They
never wait for each other, or two callouts could wait for each other's teams for ever. If people
are left, one of the other teams stays with them until the last are taken; where there is none, or
it has to leave, the callout is pending until a team that carries comes.

Assumed: the first team on scene knows the number at once, and so does the dispatcher. People can
wait for as long as it takes: nobody's state changes meanwhile.
"""

from __future__ import annotations

from sim.log import Ending, Event

from ..foundation.hooks import Run
from ..foundation.state import STALLED, Mission, OpenCallout


def is_in(run: Run) -> bool:
    """Return whether only teams that carry take people to hospital, for any kind of callout."""
    return any(need.carrier for need in run.needs)


def install(run: Run) -> None:
    """Have people taken by teams that carry, and nobody else."""
    transport, hooks = WaitingPeople(run), run.hooks
    hooks.first_on_scene.append(transport.on_found)
    hooks.scene_settled.append(transport.on_scene_settled)
    hooks.work_done.append(transport.on_work_done)
    hooks.late_arrival.append(transport.on_late_arrival)
    hooks.people_wait.append(transport.on_people_left)
    hooks.interrupted.append(transport.on_interrupted)
    hooks.shift_ends.append(transport.on_shift_end)


class WaitingPeople:
    """The people of a run that wait on scene to be taken to hospital."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.shift_end = run.world.scenario.dispatch_centre.shift_end

    def on_found(self, mission: Mission) -> None:
        """Know, with the first team on scene, how many transports there will be."""
        open_ = mission.open
        if open_.need.carrier and open_.marks.transported:
            complications = open_.marks.complications
            further = len(complications.handovers) if complications is not None else 0
            open_.await_transports(1 + further)
            open_.count_missing()

    def on_scene_settled(self, mission: Mission, first: bool) -> None:
        """Send for teams that carry, if those on the callout are too few."""
        open_ = mission.open
        if not (first and open_.need.carrier and open_.marks.transported):
            return
        open_.count_missing()
        wanted = open_.transports - len(_able(open_))
        if wanted <= 0:
            return
        self._note(Event.TRANSPORT_ASKED, open_, mission, wanted)
        self.run.act.serve_again(open_)
        self.run.act.serve_left_behind()

    # -- the work is done -------------------------------------------------------------------------

    def on_work_done(self, mission: Mission) -> bool:
        """Settle who leaves with people and who stays; return whether this team does."""
        open_ = mission.open
        here = open_.on_scene_now
        able = [m for m in here if m.team.capabilities & open_.need.carrier]
        carriers = able[: open_.transports]
        for carrier in carriers:
            open_.carry(carrier)
        if not open_.transports:
            self.run.act.stand_down_others(open_)
            return False
        others = [m for m in here if m not in carriers]
        is_coming = any(m.on_scene is None for m in _able(open_))
        may_stay = [m for m in others if m.team.on_duty] or (others if is_coming else [])
        stays = may_stay[0] if may_stay else None
        open_.leave_people(stays)
        if stays is not None and stays is not mission:
            stays.team.reschedule_alarm(STALLED)
        self._soon(open_)
        return stays is mission

    def _soon(self, open_: OpenCallout) -> None:
        """See to the rest at this instant, once the team whose work is done waits or leaves."""
        event = self.run.env.timeout(0)
        assert event.callbacks is not None
        event.callbacks.append(lambda _: self._await(open_))

    def _await(self, open_: OpenCallout) -> None:
        """Let people wait on scene: stand down whoever cannot take them, and send for who can."""
        self._note(Event.AWAITS_TRANSPORT, open_, open_.stays, open_.transports)
        kept = 0
        for mission in [m for m in open_.missions if m.on_scene is None]:
            if mission.team.mission is not mission:
                continue  # already sent to another callout, when one before it was freed
            if kept < open_.transports and open_.can_take(mission):
                kept += 1
                continue
            self.run.act.stop_under_way(mission, Ending.STOOD_DOWN)
        if open_.stays is not None:
            self.run.idle.append(open_)
        self._look(open_)
        self.run.act.serve_queue()

    def on_people_left(self, open_: OpenCallout) -> None:
        """See to the people of a callout that is to be served again."""
        if open_.transports:
            self._look(open_)

    def _look(self, open_: OpenCallout) -> None:
        """Send for whoever is missing to take the people who wait; see whether one may stay."""
        act = self.run.act
        open_.count_missing()
        if open_.missing_capabilities and not act.serve(open_):
            if self.run.waits:
                act.enqueue(open_)
            else:
                self._send_no_more(open_)
        else:
            act.dequeue(open_)
        stays = open_.stays
        if stays is not None and not stays.team.on_duty and not _able(open_):
            act.interrupt(stays, Ending.HANDED_OVER, 0)

    def _send_no_more(self, open_: OpenCallout) -> None:
        """Expect nobody but those under way: no others will be sent."""
        open_.send_no_more(len(_able(open_)))
        if not open_.transports:
            self._end(open_, Ending.DROPPED)

    def _end(self, open_: OpenCallout, ending: str) -> None:
        """End the waiting on scene: nobody is left there to be taken, or nobody comes."""
        self.run.act.dequeue(open_)
        stays = open_.stays
        outcome = open_.end_waiting()
        if stays is not None:
            self.run.act.finish(stays, ending)
        if not open_.missions:
            self.run.recorder.callout(open_, outcome)

    # -- teams come and go while people wait ------------------------------------------------------

    def on_late_arrival(self, mission: Mission) -> int:
        """Let a team that comes when the work is done take people; return how long it waits."""
        open_ = mission.open
        if not open_.transports:
            return 0
        if not mission.team.capabilities & open_.need.carrier:
            if open_.stays is not None:
                return 0
            open_.stay_with(mission)
            self.run.idle.append(open_)
            return STALLED
        open_.carry(mission)
        if not open_.transports:
            self.run.act.stand_down_others(open_)
            self._end(open_, Ending.COMPLETED)
        return 0

    def on_shift_end(self, mission: Mission) -> bool:
        """See whether a team that stays with people leaves at the end of its shift."""
        open_ = mission.open
        if open_.stays is not mission:
            return False
        if self.shift_end == "drop":
            self.run.act.interrupt(mission, Ending.DROPPED, 0)
        elif self.shift_end == "hand over" or not _able(open_):
            self.run.act.interrupt(mission, Ending.HANDED_OVER, 0)
        return True

    def on_interrupted(self, mission: Mission, ending: str) -> None:
        """See what becomes of the people on scene when a team is stopped there or on its way."""
        open_ = mission.open
        if not open_.transports:
            return
        if open_.stays is mission:
            open_.stay_with(None)
        if ending == Ending.DROPPED and open_.stays is None and not _able(open_):
            self._send_no_more(open_)
        else:
            self._look(open_)

    def _note(self, what: str, open_: OpenCallout, mission: Mission | None, number: int) -> None:
        by = None if mission is None else mission.team.number
        self.run.recorder.event(what, by, open_.number, number)


def _able(open_: OpenCallout) -> list[Mission]:
    """Return who of those on a callout, there or under way, can take people and does not yet."""
    return [mission for mission in open_.missions if open_.can_take(mission)]
