"""
The recorder: the one place in the engine that knows the log's columns and cuts the warm-up out.

Who has something to note says what happened, now; rows are plain tuples in the order of
``sim.log``'s columns. Building named ones here would cost a tenth of a run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sim.log import NO_ACCESS, Ending, Event, Log, Outcome

from .clock import Clock
from .state import Drive, Mission, OpenCallout, Team

REMEMBERED = 20  # decisions shown when a policy fails


class Recorder:
    """
    Notes in a log what happens in a run.

    The measured period begins at 0 and the warm-up, before, is cut out: a callout belongs to it if
    it was received in it, a mission if it ended in it, anything else if it happened in it.
    Instants and times are in ms; teams, callouts and what else an event is about are numbers.
    """

    __slots__ = (
        "_clock",
        "_ends",
        "_followers",
        "_log_callout",
        "_log_decision",
        "_log_drive",
        "_log_event",
        "_log_mission",
        "_remember",
        "_rules",
        "keeps_drives",
        "recent",
    )

    def __init__(self, log: Log, clock: Clock, ends: int, rules: Mapping[str, str]) -> None:
        """Note in ``log`` until ``ends``; ``rules`` are the names of who answers each question."""
        self._clock, self._ends, self._rules = clock, ends, rules
        self._log_callout, self._log_mission = log.callout, log.mission
        self._log_decision, self._log_event = log.decision, log.event
        self._log_drive: Callable[[tuple[Any, ...]], None] | None = getattr(log, "drive", None)
        self._followers: list[Callable[[tuple[Any, ...]], None]] = []
        self.keeps_drives = self._log_drive is not None
        # also of the warm-up: they are told when a policy fails
        self.recent: deque[tuple[Any, ...]] = deque(maxlen=REMEMBERED)
        self._remember = self.recent.append

    # -- decisions --------------------------------------------------------------------------------

    def decision(
        self, question: str, subject: int, candidates: Sequence[int], arrivals: Sequence[int],
        chosen: int | None, why: str,
    ) -> None:  # fmt: skip
        """Note a decision."""
        now, rule = self._clock.now, self._rules[question]
        row = (now, question, subject, candidates, arrivals, chosen, rule, why)
        self._remember(row)
        if now >= 0:
            self._log_decision(row)

    # -- callouts and missions --------------------------------------------------------------------

    def mission(self, mission: Mission, ending: str) -> None:
        """Note a team's part in a callout; unfinished if the end of the run cuts it off."""
        now = self._clock.now
        if now <= 0:
            return
        en_route: int | None = mission.en_route
        on_scene = mission.on_scene
        if on_scene is None and mission.en_route > now:
            en_route = None  # stopped before it moved
        self._log_mission((
            mission.open.number, mission.team.number, mission.dispatched, en_route,
            on_scene, mission.left, mission.at_hospital, mission.hospital,
            None if ending == Ending.UNFINISHED else now, ending,
        ))  # fmt: skip

    def callout(self, open_: OpenCallout, outcome: str) -> None:
        """Note a callout that is over; unfinished if the end of the run cuts it off."""
        number, kind, priority, place, received, ready = open_.callout
        if received < 0:
            return
        ended: int | None = self._clock.now
        en_route = open_.en_route
        if outcome == Outcome.UNFINISHED:
            if en_route is not None and en_route > self._clock.now:
                en_route = None
            ended = None
        cleared = ended if outcome == Outcome.SERVED else None
        self._log_callout((
            number, open_.marks.key, kind, priority, place, received, ready, open_.dispatched,
            en_route, open_.on_scene, cleared, ended, outcome, open_.sent, open_.attended,
        ))  # fmt: skip

    def cut_off(self, pending: Iterable[OpenCallout], teams: Iterable[Team]) -> None:
        """Note all that the end of the run censors: those pending, and what teams have in hand."""
        cut = {open_.number: open_ for open_ in pending}
        for team in teams:
            if team.mission is not None:
                open_ = team.mission.open
                cut[open_.number] = open_
                self.mission(team.mission, Ending.UNFINISHED)
        for _, open_ in sorted(cut.items()):
            self.callout(open_, Outcome.UNFINISHED)

    # -- drives -----------------------------------------------------------------------------------

    def follow_drives(self, follower: Callable[[tuple[Any, ...]], None]) -> None:
        """Tell a part of the run of every drive, too; teams note theirs if made after this."""
        self._followers.append(follower)
        self.keeps_drives = True

    def drive(self, team: Team, drive: Drive) -> None:
        """Note where a team is from now on, where drives are kept."""
        if self.keeps_drives:
            mission = team.mission
            self._note_drive((
                team.number, self._clock.now, mission and mission.open.number,
                drive.origin, drive.destination, drive.departs, drive.arrives, drive.period,
            ))  # fmt: skip

    def _note_drive(self, row: tuple[Any, ...]) -> None:
        if self._log_drive is not None:
            self._log_drive(row)
        for follow in self._followers:
            follow(row)

    def stands(self, team: Team) -> None:
        """Note that a team stands from now on where its drive has brought it."""
        if self.keeps_drives:
            now, mission, drive = self._clock.now, team.mission, team.drive
            self._note_drive((
                team.number, now, mission and mission.open.number, None,
                drive.destination, now, now, drive.period,
            ))  # fmt: skip

    # -- other events -----------------------------------------------------------------------------

    def event(
        self,
        what: str,
        team: int | None = None,
        callout: int | None = None,
        who: int | None = None,
        until: int | None = None,
    ) -> None:
        """Note something next to a mission, as the word of ``Event`` says."""
        now = self._clock.now
        if now >= 0:
            self._log_event((now, what, team, callout, who, until))

    def event_at(
        self, at: int, what: str, team: int, callout: int, who: int, until: int | None = None
    ) -> None:
        """Note an event that did not happen just now; one after the run's end is not noted."""
        if 0 <= at < self._ends:
            self._log_event((at, what, team, callout, who, until))

    def duty(self, what: str, team: int, until: int | None = None) -> None:
        """Note that a team called in comes on duty or goes off, also in the warm-up."""
        # who is on duty when the measured period begins has come on duty before
        self._log_event((self._clock.now, what, team, None, None, until))

    def mandatory_rest(self, team: int, callout: int | None, until: int) -> None:
        """Note that a team rests by its limits; ``callout`` is the exposing one it rests after."""
        if until > 0:  # like a mission, it belongs where it ends
            self._log_event((self._clock.now, Event.MANDATORY_REST, team, callout, None, until))

    def outage(self, vehicle: int, team: int | None, until: int) -> None:
        """Note that a vehicle is out of service; ``team`` is the one that has it."""
        if until > 0:  # like a mission, it belongs where it ends
            self._log_event((self._clock.now, Event.OUT_OF_SERVICE, team, None, vehicle, until))

    def fuel(
        self, at: int, what: str, team: int | None, who: int | None, until: int | None = None
    ) -> None:
        """Note what happens to fuel, also in the warm-up: what is left follows from all of it."""
        self._log_event((at, what, team, None, who, until))

    def permission(self, open_: OpenCallout, waited: int) -> None:
        """Note how long a callout has waited for permission, now that it is given."""
        number, ready = open_.number, open_.callout.ready
        if ready - waited >= 0:
            self._log_event((ready - waited, Event.AWAITS_PERMISSION, None, number, None, ready))

    def returning(self, team: int, way_home: int) -> None:
        """
        Note that a team is on its way back and cannot be sent before it is there.

        Where free teams may be sent from the road there is no such event. ``way_home`` is
        ``NO_ACCESS`` or nearly so where there is none: then ``until`` is None.
        """
        now = self._clock.now
        if now + way_home > 0:  # like a mission, it belongs where it ends
            until = now + way_home if way_home < NO_ACCESS - 1 else None
            self._log_event((now, Event.RETURNING, team, None, None, until))
