"""
The log: what happened and why, one row per callout, per mission and per decision.

It is the contract between the engine, which writes it and knows no statistics, and everything
after it, which reads it and does not care who wrote it. Instants are whole milliseconds since
the start of the measured period (warm-up is negative) and ``None`` where something did not
happen. Kinds, places, teams and hospitals are numbers that ``Names`` turns back into words.

Events at the same instant have a total order: roads that close or open, shift changes, then teams
(by number), then callers who give up (by callout), callouts that become ready or are held back no
longer (by callout), then the hourly question whom to call in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

MS_PER_MINUTE = 60_000
MS_PER_HOUR = 3_600_000
MS_PER_DAY = 86_400_000

NO_ACCESS = 1 << 60  # an arrival time where there is no way: beyond any time, and two add up safely


class Outcome:
    """How a callout ended; ``UNFINISHED`` is censored by the end of the run, never dropped."""

    SERVED = "served"
    LOST = "lost"  # found nobody free where the rule is not to wait
    ABANDONED = "abandoned"  # the caller stopped waiting
    DROPPED = "dropped"  # left at the end of a shift where the rule is to drop
    UNFINISHED = "unfinished"


class Ending:
    """How a team's mission ended."""

    COMPLETED = "completed"
    STOOD_DOWN = "stood down"  # the others had finished the work
    DROPPED = "dropped"
    HANDED_OVER = "handed over"
    REASSIGNED = "reassigned"  # sent on to another callout before it came
    PREEMPTED = "preempted"  # taken away for a more urgent callout
    RELIEVED = "relieved"  # another took its place
    BROKE_DOWN = "broke down"
    NO_CREW_ASSEMBLED = "no crew assembled"  # volunteers were alerted and no crew gathered
    REFUSED_AT_CHECKPOINT = "refused at a checkpoint"  # refused at a checkpoint
    NO_ACCESS = "no access"  # met a closed road, and there is no way round
    WITHDRAWN = "withdrawn"  # called away from a scene that stayed unsafe
    UNFINISHED = "unfinished"


class CalloutRow(NamedTuple):
    """One callout with all its instants; ``on_scene`` and ``dispatched`` are the first team's."""

    callout: int  # number in the order received within the replication
    key: int  # what its luck is keyed by: the same callout in every alternative
    kind: int
    priority: int
    place: int
    received: int
    ready: int
    dispatched: int | None
    en_route: int | None
    on_scene: int | None
    cleared: int | None  # when the last team was done with it
    ended: int | None  # when it left the desk's hands: cleared, lost, given up; None: unfinished
    outcome: str
    teams: int  # how many teams were sent
    attended: int | None  # when all that it needs was on scene: full attendance


class MissionRow(NamedTuple):
    """One team's part in one callout."""

    callout: int
    team: int
    dispatched: int
    en_route: int | None  # wheels turning; None if stopped before
    on_scene: int | None
    left: int | None  # left the scene with a patient
    at_hospital: int | None
    hospital: int | None
    cleared: int | None  # done with it; None: still on it when the run ended
    ending: str


class Event:
    """What happens to teams, volunteers and vehicles beside missions."""

    ON_DUTY = "on duty"  # until: the end of the shift
    OFF_DUTY = "off duty"
    BREAK = "break"  # until: its end
    BREAK_MISSED = "break missed"
    CALLED_IN = "called in"  # until: when it is on duty
    ALERTED = "alerted"  # who: the volunteer
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ARRIVED = "arrived"  # a volunteer is at the base before the crew leaves
    ARRIVED_TOO_LATE = "arrived too late"  # the crew had left, or was called off
    CREW_TURNED_OUT = "crew turned out"  # who: how many people are in it
    NO_CREW_ASSEMBLED = "no crew assembled"
    OUT_OF_SERVICE = "out of service"  # who: the vehicle; until: repaired
    RETURNING = "returning"  # a team that cannot be sent before it is back; until: it is
    RELIEF_ASKED = "relief asked"
    AWAITS_PERMISSION = "awaits permission"  # until: permitted; noted when it is
    HELD = "held"  # a callout that can wait; until: when it has waited long enough
    NO_ACCESS = "no access"  # a callout that waits where no base has a way; who: the place
    ACCESS_AGAIN = "access again"  # ... and has one again; who: the place
    MET_CLOSURE = "met a closure"  # who: the closure
    TOLD_OF_CLOSURE = "told of a closure"  # a team on its way to it; who: the closure
    CLOSURE_KNOWN = "closure known"  # to the desk; who: the closure
    REOPENED = "reopened"  # who: the closure
    REFUSED_AT_CHECKPOINT = "refused at a checkpoint"  # who: the checkpoint
    STAGED = "staged"  # until: the scene is safe, or the team is called away
    EXPLOSIVE_HAZARD_FOUND = "explosive hazard found"
    EXPLOSIVE_HAZARD_CLEARED = "explosive hazard cleared"
    OFFLOAD_DELAY = "offload delay"  # who: the hospital; until: the hand-over begins
    EXPOSED = "exposed"  # noted as a mission ends; who: declared exposure [person-seconds]


class EventRow(NamedTuple):
    """Something that happened beside a mission: duty, an alert, a breakdown, a closed road."""

    at: int
    what: str  # a word of ``Event``
    team: int | None
    callout: int | None
    who: int | None  # a volunteer of the team's pool, a vehicle, a number: as ``Event`` says
    until: int | None


class DecisionRow(NamedTuple):
    """One question to a policy and its answer."""

    at: int
    question: str  # dispatch, diversion, queue, relocation, destination, staffing
    subject: int  # the callout; for relocation the team, for staffing teams free
    candidates: Sequence[int]  # teams; bases, hospitals; for the queue the callouts that wait
    arrivals: Sequence[int]  # expected time to be there, per candidate [ms]
    chosen: int | None  # of the candidates; None: nobody, the callout waits
    rule: str
    why: str


class Log(Protocol):
    """Where the engine notes what happened: tuples, in the order of the columns above."""

    def callout(self, row: tuple[Any, ...]) -> None:
        """Note a callout that has ended, or that the end of the run cuts off."""

    def mission(self, row: tuple[Any, ...]) -> None:
        """Note a team's part in a callout."""

    def decision(self, row: tuple[Any, ...]) -> None:
        """Note a decision and its reason."""

    def event(self, row: tuple[Any, ...]) -> None:
        """Note what happened beside missions."""


class KeptLog:
    """A log that keeps every row in memory, in the order noted."""

    def __init__(self) -> None:
        self._callouts: list[tuple[Any, ...]] = []
        self._missions: list[tuple[Any, ...]] = []
        self._decisions: list[tuple[Any, ...]] = []
        self._events: list[tuple[Any, ...]] = []
        self.callout = self._callouts.append  # bound once: the engine calls these all day long
        self.mission = self._missions.append
        self.decision = self._decisions.append
        self.event = self._events.append

    @property
    def callouts(self) -> list[CalloutRow]:
        """The callouts, in the order they ended; those cut off at the end last."""
        return [CalloutRow._make(row) for row in self._callouts]

    @property
    def plain(self) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """Callouts and missions as they were noted: tuples in the order of their columns."""
        return self._callouts, self._missions

    @property
    def missions(self) -> list[MissionRow]:
        """The missions, in the order they ended; those cut off at the end last."""
        return [MissionRow._make(row) for row in self._missions]

    @property
    def decisions(self) -> list[DecisionRow]:
        """The decisions, in the order taken."""
        return [DecisionRow._make(row) for row in self._decisions]

    @property
    def events(self) -> list[EventRow]:
        """What happened beside missions, in the order noted."""
        return [EventRow._make(row) for row in self._events]


@dataclass(frozen=True, slots=True)
class Names:
    """The words behind the numbers of a log."""

    kinds: tuple[str, ...]
    places: tuple[str, ...]
    areas: tuple[str, ...]  # one per place: where it belongs in tables
    teams: tuple[str, ...]
    bases: tuple[str, ...]
    hospitals: tuple[str, ...]
    vehicles: tuple[str, ...] = ()
    closures: tuple[str, ...] = ()
    checkpoints: tuple[str, ...] = ()
