"""Asking policies: answers are logged with their reason; a wrong one is reported, not followed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.errors import PolicyError
from sim.policies import PolicySet
from sim.policies.decision_checks import checked
from sim.policies.error_report import failed
from sim.policies.guard import Guarded
from sim.policies.registry import is_ours
from sim.world import World

from .alarm import Clock
from .atlases import Atlases, OwnAtlases
from .recorder import Recorder

QUESTIONS = ("dispatch", "reassignment", "queue", "relocation", "destination", "staffing")


class Consultation:
    """What the dispatcher's parts share when they ask a policy."""

    def __init__(
        self,
        world: World,
        policies: PolicySet,
        atlases: Atlases,
        recorder: Recorder,
        clock: Clock,
    ) -> None:
        self.world, self.policies, self.recorder, self.clock = world, policies, recorder, clock
        # no rule sees what another has cached
        self.atlases = {q: OwnAtlases(atlases) for q in QUESTIONS}
        self.ask: dict[str, Callable[..., Any]] = {q: _asker(policies, q) for q in QUESTIONS}

    def failed(self, question: str, subject: str, error: Exception) -> PolicyError:
        """Return what to tell of a policy that failed, with the decisions before."""
        world = self.world
        return failed(
            getattr(self.policies, question),
            question,
            subject,
            self.clock.now,
            world.start_of_day,
            list(self.recorder.recent),
            world.names,
            error,
        )


def rules_of(policies: PolicySet) -> dict[str, str]:
    """Return for each question the name of the rule that answers it, as the log has it."""
    return {q: type(getattr(policies, q)).__name__ for q in QUESTIONS}


def _asker(policies: PolicySet, question: str) -> Callable[..., Any]:
    """Return what asks a policy; only answers of those that are not the library's are checked."""
    policy = getattr(policies, question)
    if is_ours(policy) or isinstance(policy, Guarded):  # a guard checks by itself
        return policy.__call__  # type: ignore[no-any-return]
    return checked(policy, question)
