"""
Asking policies, the one place: a wrong answer is reported, not followed.

Answers of the library's own rules are not checked in a run, which would take time: tests hold them
to the same conditions (`sim.experiment.conformance`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.errors import PolicyError
from sim.policies import CalloutView, FleetView, FreeTeamView, PolicySet, StaffingView
from sim.policies.contract.checked_answers import checked
from sim.policies.contract.declarations import Declared, declared, misdeclared
from sim.policies.contract.error_report import failed, unusable
from sim.policies.guard import Guarded
from sim.policies.rule_basis.library_rules import is_ours
from sim.world import World

from .atlases import Atlases, OwnAtlases
from .clock import Clock
from .recorder import Recorder

QUESTIONS = ("dispatch", "reassignment", "queue", "relocation", "destination", "staffing")
ABOUT_TEAMS = ("relocation", "staffing")  # asked with a view alone, the others with a callout, too
Asker = Callable[..., Any]


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
        self.declared = {q: self._declared(q) for q in QUESTIONS}
        self.ask: dict[str, Asker] = {q: self._asker(q) for q in QUESTIONS}

    def _declared(self, question: str) -> Declared:
        """Return what a policy says of itself; what has no effect ends the run before it begins."""
        policy = getattr(self.policies, question)
        own = policy.guards if isinstance(policy, Guarded) else policy
        if not is_ours(own) and (told := misdeclared(own, question)):
            raise unusable(policy, question, told)
        return declared(policy, question)

    def _asker(self, question: str) -> Asker:
        """Return what asks a policy, checks its answer and tells what it did wrong."""
        answer = _answering(getattr(self.policies, question), question)

        # two of them, because the one is called for every callout, and more parts take longer
        def about_callout(callout: CalloutView, view: Any) -> Any:
            try:
                return answer(callout, view)
            except MemoryError:  # no fault of the rule, and what is finished is kept
                raise
            except Exception as error:
                raise self.failed(question, f"callout {callout.number}", error) from error

        def about_teams(view: Any) -> Any:
            try:
                return answer(view)
            except MemoryError:
                raise
            except Exception as error:
                raise self.failed(question, _subject(view), error) from error

        return about_teams if question in ABOUT_TEAMS else about_callout

    def failed(self, question: str, subject: str, error: Exception) -> PolicyError:
        """Return what to tell of a policy that failed, with the decisions before."""
        world = self.world
        return failed(
            getattr(self.policies, question),
            question,
            subject,
            self.clock.now,
            world.clock,
            list(self.recorder.recent),
            world.names,
            error,
        )


def rules_of(policies: PolicySet) -> dict[str, str]:
    """Return for each question the name of the rule that answers it, as the log has it."""
    return {q: type(getattr(policies, q)).__name__ for q in QUESTIONS}


def _answering(policy: Any, question: str) -> Asker:
    """Return what answers; only answers of policies that are not the library's are checked."""
    if is_ours(policy) or isinstance(policy, Guarded):  # a guard checks by itself
        return policy.__call__  # type: ignore[no-any-return]
    return checked(policy, question)


def _subject(view: FreeTeamView | FleetView | StaffingView) -> str:
    """Return what a policy that is not asked about a callout is asked about."""
    if isinstance(view, FreeTeamView):
        return f"team {view.team}"
    if isinstance(view, FleetView):
        return "the fleet" if view.freed is None else f"team {view.freed}"
    return "the roster"
