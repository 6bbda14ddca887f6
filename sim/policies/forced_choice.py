"""
A dispatch rule of which one answer is replaced, to see what followed from a single decision.

All other questions are answered by the rule itself, on what it is shown. Draws belong to callouts,
teams and vehicles, never to the order of decisions, so whatever differs between the rule's own run
and this one comes from that answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from .rule_basis.board import CalloutView
from .rule_basis.views import Decision, Dispatch, DispatchView


class Question(NamedTuple):
    """Whom to send to a callout: when that was asked, who could go, and the rule's own answer."""

    at: int  # [ms]
    teams: tuple[int, ...]  # that could be sent
    arrivals: tuple[int, ...]  # expected time until each is on scene [ms]
    capabilities: int  # still needed, a bit each
    chosen: int | None  # None: nobody yet
    why: str

    @property
    def nearest(self) -> list[tuple[int, int]]:
        """Expected arrival [ms] and number of those that could be sent, the soonest first."""
        return sorted(zip(self.arrivals, self.teams, strict=True))


@dataclass(frozen=True, slots=True)
class Instead:
    """An answer to give in place of the rule's own."""

    question: int  # which about that callout, from 0: see ``ForcedChoice.asked``
    team: int | None  # None: nobody, the callout stays pending
    why: str  # noted in the log


class ForcedChoice:
    """
    A dispatch rule that notes what is asked about one callout, and may replace one answer.

    To whoever asks its name, its parameters or what it ``wants``, it is the rule itself. It keeps
    what it was asked, so it is made afresh for each run.
    """

    __slots__ = ("_inner", "_instead", "_number", "asked")

    _inner: Dispatch
    _number: int
    _instead: Instead | None
    asked: list[Question]

    def __call__(self, callout: CalloutView, view: DispatchView) -> Decision:
        """Return the rule's answer, or at one question the one to be given in its place."""
        answer = self._inner(callout, view)
        if callout.number != self._number:
            return answer
        chosen, why = answer
        number = len(self.asked)
        self.asked.append(
            Question(
                view.now, tuple(view.teams), tuple(view.arrivals), view.capabilities, chosen, why
            )
        )
        if self._instead is not None and self._instead.question == number:
            return self._instead.team, self._instead.why
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def __repr__(self) -> str:
        return repr(self._inner)


@lru_cache(maxsize=100)
def _class_for(own: type) -> type[ForcedChoice]:
    """Return a class of the rule's own name: that is what the log calls it."""
    return type(own.__name__, (ForcedChoice,), {"__slots__": (), "__doc__": own.__doc__})


def forced_choice(rule: Dispatch, callout: int, instead: Instead | None = None) -> ForcedChoice:
    """
    Return a dispatch rule that notes what it is asked about a callout.

    Parameters
    ----------
    rule
        Whose answers are given.
    callout
        Its number within the replication.
    instead
        One answer to be given in place of the rule's own; None: all are its own. That the team
        could be sent then is for the caller to know.

    """
    found = object.__new__(_class_for(type(rule)))
    found._inner, found._number, found._instead = rule, callout, instead
    found.asked = []
    return found
