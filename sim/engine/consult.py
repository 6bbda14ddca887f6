"""Asking policies: answers are logged with their reason; a wrong one is reported, not followed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from sim.errors import PolicyError
from sim.log import Log
from sim.policies import PolicySet
from sim.policies.decision_checks import checked
from sim.policies.error_report import failed
from sim.policies.guard import Guarded
from sim.policies.registry import is_ours
from sim.world import World

from .alarm import Clock
from .atlases import Atlases, OwnAtlases

QUESTIONS = ("dispatch", "reassignment", "queue", "relocation", "destination", "staffing")
REMEMBERED = 20  # decisions shown when a policy fails


class Consultation:
    """What the dispatcher's parts share when they ask a policy."""

    def __init__(
        self, world: World, policies: PolicySet, atlases: Atlases, log: Log, clock: Clock
    ) -> None:
        self.world, self.policies, self.clock = world, policies, clock
        # no rule sees what another has cached
        self.atlases = {q: OwnAtlases(atlases) for q in QUESTIONS}
        self.ask: dict[str, Callable[..., Any]] = {q: _asker(policies, q) for q in QUESTIONS}
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


def _asker(policies: PolicySet, question: str) -> Callable[..., Any]:
    """Return what asks a policy; only answers of those that are not the library's are checked."""
    policy = getattr(policies, question)
    if is_ours(policy) or isinstance(policy, Guarded):  # a guard checks by itself
        return policy.__call__  # type: ignore[no-any-return]
    return checked(policy, question)
