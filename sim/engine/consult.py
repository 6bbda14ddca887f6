"""Asking policies: answers are logged with their reason; a wrong one is reported, not followed."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from sim.errors import PolicyError
from sim.log import Log
from sim.policies import Atlas, PolicySet
from sim.policies.decision_checks import InvalidDecision
from sim.policies.error_report import failed
from sim.world import World

from .alarm import Clock

QUESTIONS = ("dispatch", "reassignment", "queue", "relocation", "destination", "staffing")
REMEMBERED = 20  # decisions shown when a policy fails


class Consultation:
    """What the dispatcher's parts share when they ask a policy."""

    def __init__(
        self, world: World, policies: PolicySet, atlas: Atlas, log: Log, clock: Clock
    ) -> None:
        self.world, self.policies, self.clock = world, policies, clock
        self.atlases = {q: atlas.own() for q in QUESTIONS}  # no rule sees what another has cached
        self.rules = {q: type(getattr(policies, q)).__name__ for q in QUESTIONS}
        self.recent: deque[tuple[Any, ...]] = deque(maxlen=REMEMBERED)
        self._log, self._remember, self._env = log.decision, self.recent.append, clock

    def note(
        self, question: str, subject: int, candidates: Sequence[int], arrivals: Sequence[int],
        chosen: int | None, why: str,
    ) -> None:  # fmt: skip
        """Note a decision taken now; those of the warm-up are cut out with it."""
        now = self._env.now
        row = (now, question, subject, candidates, arrivals, chosen, self.rules[question], why)
        self._remember(row)
        if now >= 0:
            self._log(row)

    def failed(self, question: str, subject: str, error: Exception) -> PolicyError:
        """Return what to tell of a policy that failed, with the decisions before."""
        world = self.world
        return failed(
            getattr(self.policies, question),
            question,
            subject,
            self.clock.now,
            world.start_of_day,
            list(self.recent),
            world.names,
            error,
        )

    def wrong(self, question: str, subject: str, answer: object, known: str) -> PolicyError:
        """Return what to tell of a policy whose answer is not among the candidates."""
        error = InvalidDecision(f"chose {answer!r}, but could only choose {known}")
        return self.failed(question, subject, error)
