"""Which check the answers of a policy take, by its question and by what it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.errors import InvalidDecision

from .decision_checks import CHECKS, Check, fleet
from .declarations import declared


def check_of(question: str, policy: object) -> Check:
    """Return the check of a policy's answers; it takes the answer and what was handed."""
    if question == "relocation" and declared(policy, question).moves_all:
        return fleet
    return CHECKS[question]


def checked(policy: Callable[..., Any], question: str) -> Callable[..., Any]:
    """
    Return what asks a policy and lets only an answer through that is one.

    It raises `InvalidDecision` for others.
    """
    check = check_of(question, policy)

    def asked(*handed: Any) -> Any:
        answer = policy(*handed)
        if told := check(answer, *handed):
            raise InvalidDecision(told)
        return answer

    return asked
