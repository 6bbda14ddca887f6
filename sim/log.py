"""
The log: what happened and why, one row per callout, per mission and per decision.

It is the contract between the engine, which writes it and knows no statistics, and everything
after it, which reads it and does not care who wrote it. Instants are whole milliseconds since
the start of the measured period (warm-up is negative) and ``None`` where something did not
happen. Kinds, places, teams and hospitals are numbers that ``Names`` turns back into words.

Events at the same instant have a total order: shift changes, then teams (by number), then
callers who give up (by callout), then callouts that become ready (by callout).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

MS_PER_MINUTE = 60_000
MS_PER_HOUR = 3_600_000
MS_PER_DAY = 86_400_000

NO_WAY = 1 << 60  # an arrival time where there is no way: beyond any time, and two add up safely


class Outcome:
    """How a callout ended; ``UNFINISHED`` is censored by the end of the run, never dropped."""

    SERVED = "served"
    LOST = "lost"  # found nobody free where the rule is not to wait
    GAVE_UP = "gave up"
    DROPPED = "dropped"  # left at the end of a shift where the rule is to drop
    UNFINISHED = "unfinished"


class Ending:
    """How a team's mission ended."""

    COMPLETED = "completed"
    CALLED_OFF = "called off"  # the others had finished the work
    DROPPED = "dropped"
    HANDED_OVER = "handed over"
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
    cleared: int | None  # free again; None: still on it when the run ended
    ending: str


class DecisionRow(NamedTuple):
    """One question to a policy and its answer."""

    at: int
    question: str  # dispatch, relocation, destination
    subject: int  # the callout; for relocation the team
    candidates: Sequence[int]  # teams; bases for relocation, hospitals for destination
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


class KeptLog:
    """A log that keeps every row in memory, in the order noted."""

    def __init__(self) -> None:
        self._callouts: list[tuple[Any, ...]] = []
        self._missions: list[tuple[Any, ...]] = []
        self._decisions: list[tuple[Any, ...]] = []
        self.callout = self._callouts.append  # bound once: the engine calls these all day long
        self.mission = self._missions.append
        self.decision = self._decisions.append

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


@dataclass(frozen=True, slots=True)
class Names:
    """The words behind the numbers of a log."""

    kinds: tuple[str, ...]
    places: tuple[str, ...]
    areas: tuple[str, ...]  # one per place: where it belongs in tables
    teams: tuple[str, ...]
    bases: tuple[str, ...]
    hospitals: tuple[str, ...]
