"""
What a policy may say of itself next to its decision: what it reads, whether it draws, and so on.

All of it is optional, but for ``waits`` of a queue rule. An optional part that is misspelt, or
stands on a rule of another question, would have no effect and nobody would know. So what a policy
declares is read and checked here, and nowhere else, before it is asked for the first time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from typing import Any

from ..rule_basis.board import BOARD_PARTS, ONLY_DISPATCH
from .decision_checks import shown

_ABSENT = object()
_NEAR = 0.75  # how alike a misspelt name is, of 1


@dataclass(frozen=True, slots=True)
class Declared:
    """What a policy says of itself; a part that belongs to another question is as it is here."""

    wants: tuple[str, ...] = ()  # all but routing: the parts of ``view.board`` that it reads
    foresees: bool = False  # dispatch: it is shown what will come
    futures: int = 1  # dispatch, where it wants them: how many possible futures
    ahead: int = 0  # dispatch, where it wants futures: how far each reaches [ms]
    waits: bool = True  # queue: callouts wait at all
    changes: bool = False  # queue: the order of those pending changes with time or teams
    preempts: bool = False  # queue: the more urgent take teams from others
    why: str = ""  # queue: the reason noted when somebody is served
    moves_all: bool = False  # relocation: it may move any free team
    draws: bool = False  # it chooses at random


_USUAL = Declared()


def _wants(value: Any) -> str:
    if not isinstance(value, (tuple, list)):
        return "expected a tuple of parts of the board, as in `wants = ('idle',)`"
    for part in value:
        if part not in BOARD_PARTS:
            near = get_close_matches(str(part), BOARD_PARTS, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            return f"{shown(part)} is no part of the board; {hint}parts: {', '.join(BOARD_PARTS)}"
        if list(value).count(part) > 1:
            return f"{shown(part)} stands there twice"
    return ""


def _wants_but_futures(value: Any) -> str:
    if told := _wants(value):
        return told
    only = [part for part in value if part in ONLY_DISPATCH]
    return f"{only[0]!r} is a part of the board of dispatch rules only" if only else ""


def _flag(value: Any) -> str:
    return "" if type(value) is bool else "expected True or False"


def _text(value: Any) -> str:
    return "" if isinstance(value, str) else "expected a text"


def _whole(least: int) -> Callable[[Any], str]:
    def told(value: Any) -> str:
        is_whole = type(value) is int and value >= least
        return "" if is_whole else f"expected a whole number (int) of at least {least}"

    return told


PARTS: dict[str, dict[str, Callable[[Any], str]]] = {
    "dispatch": {
        "wants": _wants,
        "foresees": _flag,
        "futures": _whole(1),
        "ahead": _whole(0),
    },
    "reassignment": {"wants": _wants_but_futures},
    "queue": {
        "wants": _wants_but_futures,
        "waits": _flag,
        "changes": _flag,
        "preempts": _flag,
        "why": _text,
    },
    "relocation": {"wants": _wants_but_futures, "moves_all": _flag},
    "destination": {"wants": _wants_but_futures},
    "staffing": {"wants": _wants_but_futures},
}
"""The parts of each question's rules, each with its check: what would be right, or nothing."""
EVERYWHERE = {"draws": _flag}
# words that anybody may use for something of their own
_COMMON = ("futures", "ahead", "why")


def declared(policy: Any, question: str) -> Declared:
    """Return what a policy says of itself; what `misdeclared` finds is told there."""
    wants = tuple(getattr(policy, "wants", ())) if _has_board(question) else ()
    found: dict[str, Any] = {
        name: value
        for name in _parts(question, wants)
        if (value := getattr(policy, name, _ABSENT)) is not _ABSENT
    }
    return Declared(**(found | {"wants": wants}))


def misdeclared(policy: Any, question: str) -> str:
    """
    Return what is wrong with what a policy, or its class, says of itself; empty if nothing is.

    The text ends a sentence that begins with the policy, as in "has `want`, which nothing reads".
    """
    wants = getattr(policy, "wants", ()) if _has_board(question) else ()
    parts = _parts(question, wants if isinstance(wants, (tuple, list)) else ())
    for name, check in parts.items():
        value = getattr(policy, name, _ABSENT)
        if value is not _ABSENT and not _is_unset(policy, value) and (told := check(value)):
            return f"has `{name} = {shown(value)}`; {told}"
    for name, value in _own_attributes(policy):
        if name not in parts and (told := _without_effect(name, value, question, parts)):
            return told
    if question == "queue" and not hasattr(policy, "waits"):
        return "has no class attribute `waits`: True, or False where callouts do not wait"
    return ""


def _has_board(question: str) -> bool:
    """Return whether views of a question have a board."""
    return "wants" in PARTS.get(question, {})


def _is_unset(policy: Any, value: Any) -> bool:
    """Return whether what a class has is only where its policies will have a value."""
    return isinstance(policy, type) and hasattr(type(value), "__get__") and not callable(value)


def _parts(question: str, wants: Any) -> dict[str, Callable[[Any], str]]:
    """Return the parts that a rule of a question may have, given what it wants."""
    parts = PARTS.get(question, {}) | EVERYWHERE
    if "futures" not in wants:  # then these are words of its own
        parts = {name: check for name, check in parts.items() if name not in _COMMON[:2]}
    return parts


def _without_effect(
    name: str, value: Any, question: str, parts: dict[str, Callable[[Any], str]]
) -> str:
    """Return why an attribute has no effect that was meant to have one; empty if it was not."""
    for other, theirs in PARTS.items():
        if other != question and name in theirs and name not in _COMMON:
            # what holds anyhow does no harm, as `waits = True`
            if value != getattr(_USUAL, name) and not theirs[name](value):
                what = "a rule with a board" if name == "wants" else f"a {other} rule"
                return f"has `{name}`, which belongs to {what}; it is a {question} rule"
            return ""
    for near in get_close_matches(name.lower(), parts, n=1, cutoff=_NEAR):
        if _is_alike(value, near, parts[near]):
            return f"has `{name}`, which nothing reads; did you mean `{near}`?"
    return ""


def _is_alike(value: Any, name: str, check: Callable[[Any], str]) -> bool:
    """Return whether a value could be meant for a part; any texts may be meant for ``wants``."""
    if name == "wants":
        return isinstance(value, (tuple, list)) and all(isinstance(part, str) for part in value)
    return not check(value)


def _own_attributes(policy: Any) -> Iterator[tuple[str, Any]]:
    """Yield the plain class attributes of a policy: neither its parameters nor what it does."""
    rule = policy if isinstance(policy, type) else type(policy)
    parameters = {field.name for field in fields(rule)} if is_dataclass(rule) else set()
    for own in rule.__mro__:
        for name, value in vars(own).items():
            is_plain = not name.startswith("_") and not hasattr(type(value), "__get__")
            if is_plain and name not in parameters and not callable(value):
                yield name, value
