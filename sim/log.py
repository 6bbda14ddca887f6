"""
The log: what happened and why, one row per callout, per mission and per decision.

It is the contract between the engine, which writes it and knows no statistics, and everything
after it, which reads it and does not care who wrote it. Instants are whole milliseconds since
the start of the measured period (warm-up is negative) and ``None`` where something did not
happen. Kinds, places, teams and hospitals are numbers that ``Names`` turns back into words.

The warm-up is cut out: a callout is here if it was received from 0 on, a mission if it ended after
0, other rows if they happened from 0 on or last beyond it. So a mission may belong to a callout
that is not here. When teams in reserve come on duty and go off is told from the warm-up on, and so
are drives.

Events at the same instant have a total order: roads that close or open, shift changes, then teams
(by number), then callers who abandon (by callout), callouts that become ready or are no longer held
(by callout), then the hourly question which team to call in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

MS_PER_MINUTE = 60_000
MS_PER_HOUR = 3_600_000
MS_PER_DAY = 86_400_000

MOST_PENDING = 20  # callouts noted, of those pending, in the row of one that was the next
NO_ACCESS = 1 << 60  # a travel or arrival time without access: two of them add up safely [ms]


class Outcome:
    """
    How a callout ended; ``UNFINISHED`` is censored by the end of the run, never dropped.

    The words are part of the results: files have them as they are here.
    """

    SERVED = "served"  # its work is done, and people are taken to hospital if any are
    LOST = "lost"  # found nobody free where the rule is not to wait
    ABANDONED = "abandoned"  # the caller stopped waiting
    DROPPED = "dropped"  # left at the end of a shift, or for want of a capability
    UNFINISHED = "unfinished"


class Ending:
    """How a team's mission ended, as the files say it."""

    COMPLETED = "completed"  # it worked until it was done, or until its patients were handed over
    STOOD_DOWN = "stood down"  # stopped, on its way or at work: no longer needed
    DROPPED = "dropped"  # with its callout: see ``Outcome``
    HANDED_OVER = "handed over"  # at the end of its shift: the work that is left is for others
    REASSIGNED = "reassigned"  # sent to another callout while under way
    PREEMPTED = "preempted"  # taken away for a more urgent callout
    RELIEVED = "relieved"  # another took its place
    BROKE_DOWN = "broke down"
    NO_CREW_ASSEMBLED = "no crew assembled"  # too few volunteers came, or not who must
    REFUSED_AT_CHECKPOINT = "refused at a checkpoint"
    NO_ACCESS = "no access"  # stopped by a closure, and no other road leads there
    WITHDRAWN = "withdrawn"  # from a scene that stayed unsafe
    UNFINISHED = "unfinished"


class CalloutRow(NamedTuple):
    """
    One callout with all its instants; ``on_scene`` and ``dispatched`` are the first team's.

    Instants in ms; those that are there are in the order of the columns from ``received`` to
    ``on_scene``. The response time is ``on_scene - received``.
    """

    callout: int  # number in the order received within the replication
    key: int  # of its random numbers: the same callout in every alternative
    kind: int
    priority: int  # 1 is the most urgent
    place: int
    received: int
    ready: int  # to be dispatched: after call handling and permission
    dispatched: int | None
    en_route: int | None  # wheels turning
    on_scene: int | None  # entered the scene: a team that is staged is not on it
    cleared: int | None  # when the last team was done with it
    ended: int | None  # when it was cleared, lost or abandoned; None: unfinished
    outcome: str
    teams: int  # how many teams were sent
    attended: int | None  # full attendance: when the whole need was on scene


class MissionRow(NamedTuple):
    """
    One team's part in one callout; instants in ms.

    A team that is sent to the same callout again has a second row.
    """

    callout: int
    team: int
    dispatched: int
    en_route: int | None  # wheels turning; None if stopped before
    on_scene: int | None  # None if it never entered the scene
    left: int | None  # left the scene with a patient
    at_hospital: int | None
    hospital: int | None
    cleared: int | None  # done with it; None: still on it when the run ended
    ending: str


class Event:
    """
    What happens to teams, volunteers, vehicles, roads and hospitals outside missions.

    The words are part of the results. ``who`` and ``until`` mean what is said at each; where
    nothing is said they are None.
    """

    ON_DUTY = "on duty"  # until: the end of the shift
    OFF_DUTY = "off duty"
    BREAK = "break"  # until: its end
    BREAK_MISSED = "break missed"
    # by its limits a team rests while its roster has it on duty; until: its end; callout: the last
    # exposing one, where it is that which the crew rests from
    MANDATORY_REST = "mandatory rest"
    CALLED_IN = "called in"  # until: when it is on duty
    ALERTED = "alerted"  # who: the volunteer
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ARRIVED = "arrived"  # a volunteer is at the base in time
    ARRIVED_TOO_LATE = "arrived too late"  # the crew had turned out, or was stood down
    CREW_TURNED_OUT = "crew turned out"  # who: how many people are in it
    NO_CREW_ASSEMBLED = "no crew assembled"
    OUT_OF_SERVICE = "out of service"  # who: the vehicle; until: repaired
    VEHICLE_TAKEN = "vehicle taken"  # by a team sent to a callout; who: the vehicle
    VEHICLE_AT_BASE = "vehicle at base"  # at its base; who: the vehicle
    RETURNING = "returning"  # a team that cannot be sent before it is back; until: it is
    NO_ACCESS_TO_BASE = "no access to base"  # from where a free team is, on a road
    ACCESS_TO_BASE_AGAIN = "access to base again"
    RELIEF_ASKED = "relief asked"
    TRANSPORT_ASKED = "transport asked"  # team: on scene; who: how many more
    AWAITS_TRANSPORT = "awaits transport"  # work is done; team: which stays; who: how many more
    AWAITS_PERMISSION = "awaits permission"  # until: permitted; logged when it is
    HELD = "held"  # a deferrable callout; until: the end of its longest hold
    NO_ACCESS = "no access"  # from any base to a pending callout; who: the place
    ACCESS_AGAIN = "access again"  # from a base to it; who: the place
    MET_CLOSURE = "met a closure"  # who: the closure
    TOLD_OF_CLOSURE = "told of a closure"  # a team on its way to it; who: the closure
    CLOSURE_KNOWN = "closure known"  # to the dispatcher; who: the closure
    REOPENED = "reopened"  # who: the closure
    REFUSED_AT_CHECKPOINT = "refused at a checkpoint"  # who: the checkpoint
    CHECKPOINT_DELAY = "checkpoint delay"  # on the way to a scene; who: it; until: its end
    AWAITS_SAFE_SCENE = "awaits a safe scene"  # after a team was withdrawn; until: it is safe
    STAGED = "staged"  # until: the scene is safe, or the team is withdrawn
    EXPLOSIVE_HAZARD_FOUND = "explosive hazard found"
    EXPLOSIVE_HAZARD_CLEARED = "explosive hazard cleared"
    OFFLOAD_DELAY = "offload delay"  # who: the hospital; until: the handover begins
    REFUELLED = "refuelled"  # who: the base; until: the team can be sent again
    FUEL_TAKEN = "fuel taken"  # by a team that is refuelled; who: how much [ml]
    WITHOUT_FUEL = "without fuel"  # logged as it ends; team: at its base, could go nowhere; until
    TOO_LITTLE_FUEL = "too little fuel"  # of a team, for a callout; who: how much is missing [ml]
    FUEL_BROUGHT = "fuel brought"  # to a team on the road with an empty tank; who: how much [ml]
    FUEL_DELIVERED = "fuel delivered"  # who: the base
    DEPOT_EMPTY = "depot empty"  # logged as it ends; who: the base; until: the next delivery
    EXPOSED = "exposed"  # logged as a mission ends; who: declared exposure [person-seconds]


class EventRow(NamedTuple):
    """Something that happened next to a mission: duty, an alert, a breakdown, a closure."""

    at: int  # [ms]
    what: str  # a word of ``Event``
    team: int | None  # None: it concerns no team
    callout: int | None  # None: it concerns no callout
    who: int | None  # a volunteer of the team's pool, a vehicle, a number: as ``Event`` says
    until: int | None  # when it ends, if that is known by then [ms]


class DecisionRow(NamedTuple):
    """One question to a policy and its answer, with all that it had to choose among."""

    at: int  # [ms]
    question: str  # dispatch, reassignment, queue, relocation, destination, staffing
    subject: int  # the callout; for relocation the team, for staffing teams free
    # teams; bases, hospitals; for the queue the first ``MOST_PENDING`` pending and the next
    candidates: Sequence[int]
    arrivals: Sequence[int]  # expected time to be there, per candidate; or ``NO_ACCESS`` [ms]
    chosen: int | None  # of the candidates; None: no team, the callout stays pending
    rule: str  # the name of the rule that answered
    why: str  # the reason that it gave, in words


class DriveRow(NamedTuple):
    """
    A drive of a team: where it is from ``at`` on, until the team's next row.

    Any drive: to a scene, to hospital, home, from base to base. Until ``departs`` it is at
    ``origin``, or still on its way there from where its row before has brought it: who is rerouted
    on a road first goes on, or turns back, to a junction, and who has yet to leave its base is
    there. Then it moves, in even progress along the way that was chosen, and from ``arrives`` on it
    is at ``destination``. Where ``departs`` and ``arrives`` are one instant it stands at
    ``origin``. Delays at checkpoints and variation are in the times, spread over the whole drive,
    as the engine does; local travel, staging and offload delay are spent at ``destination``.

    Rows begin with the run, the warm-up included. A row that another one replaces at the same
    instant never held. Between shifts nobody is simulated: a team that is free on a road when its
    shift ends drives on in the log, one that is stopped on its way stands there, and either begins
    its next shift at its base, wherever it was. Instants in ms.
    """

    team: int
    at: int  # when it begins to hold
    callout: int | None  # whose mission the team was on then; None: none, as on the way home
    # a place, a road node or a point, as `sim.world` numbers them; None: it stands where its row
    # before has brought it
    origin: int | tuple[int, int] | None
    destination: int  # a place; where it stands on a road, the one it was bound for
    departs: int
    arrives: int  # as the engine moves it: the actual instant, if nothing stops the team before
    period: int  # the travel period by which its way was chosen


class Log(Protocol):
    """
    Where the engine notes what happened: tuples, in the order of the columns above.

    A log that counts, or writes to a file, is one too. Rows of callouts and of missions come in the
    order in which these end. Drives are noted only in a log that has a method ``drive``, too.
    """

    def callout(self, row: tuple[Any, ...]) -> None:
        """Note a callout that has ended, or is unfinished when the run ends."""

    def mission(self, row: tuple[Any, ...]) -> None:
        """Note a team's part in a callout."""

    def decision(self, row: tuple[Any, ...]) -> None:
        """Note a decision and its reason."""

    def event(self, row: tuple[Any, ...]) -> None:
        """Log an event outside missions."""


def _dropped(row: tuple[Any, ...]) -> None:
    """Keep nothing."""


class KeptLog:
    """
    A log that keeps every row in memory, in the order logged.

    For one replication at a time: rows do not say to which they belong. Decisions are the most of
    it, with all that each had to choose among: without ``decisions`` they are not kept. Drives are
    kept where it is made with ``drives``: they are as many as all other rows, and few ask for them.
    """

    def __init__(self, decisions: bool = True, drives: bool = False) -> None:
        self._drives: list[tuple[Any, ...]] = []
        self._callouts: list[tuple[Any, ...]] = []
        self._missions: list[tuple[Any, ...]] = []
        self._decisions: list[tuple[Any, ...]] = []
        self._events: list[tuple[Any, ...]] = []
        self.callout = self._callouts.append  # bound once: the engine calls these all day long
        self.mission = self._missions.append
        self.decision: Callable[[tuple[Any, ...]], None] = (
            self._decisions.append if decisions else _dropped
        )
        self.event = self._events.append
        self.drive: Callable[[tuple[Any, ...]], None] | None = (
            self._drives.append if drives else None
        )

    def forget(self) -> None:
        """Let go of all rows: they are most of the memory of a run."""
        for rows in (
            self._callouts, self._missions, self._decisions, self._events, self._drives,
        ):  # fmt: skip
            rows.clear()

    @property
    def callouts(self) -> list[CalloutRow]:
        """The callouts, in the order they ended; those unfinished last."""
        return [CalloutRow._make(row) for row in self._callouts]

    @property
    def plain(self) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """Callouts and missions as they were logged: tuples in the order of their columns."""
        return self._callouts, self._missions

    @property
    def plain_decisions(self) -> list[tuple[Any, ...]]:
        """Decisions as they were logged: tuples in the order of their columns."""
        return self._decisions

    @property
    def plain_events(self) -> list[tuple[Any, ...]]:
        """Events in the same way."""
        return self._events

    @property
    def missions(self) -> list[MissionRow]:
        """The missions, in the order they ended; those unfinished last."""
        return [MissionRow._make(row) for row in self._missions]

    @property
    def decisions(self) -> list[DecisionRow]:
        """The decisions, in the order taken."""
        return [DecisionRow._make(row) for row in self._decisions]

    @property
    def events(self) -> list[EventRow]:
        """Events outside missions, in the order logged."""
        return [EventRow._make(row) for row in self._events]

    @property
    def drives(self) -> list[DriveRow]:
        """Drives, in the order in which they began to hold; none unless they are kept."""
        return [DriveRow._make(row) for row in self._drives]


@dataclass(frozen=True, slots=True)
class Names:
    """The words behind the numbers of a log: a number is a position in its tuple."""

    kinds: tuple[str, ...]
    places: tuple[str, ...]
    areas: tuple[str, ...]  # one per place: where it belongs in tables
    teams: tuple[str, ...]
    bases: tuple[str, ...]
    hospitals: tuple[str, ...]
    vehicles: tuple[str, ...] = ()
    closures: tuple[str, ...] = ()
    checkpoints: tuple[str, ...] = ()
