"""
Whether an answer is one: of the right kind, and among what could be chosen.

Each check returns the end of a sentence that begins with the policy, as in "chose 99, but could
only choose among teams 0, 1"; empty where nothing is wrong. They hold for policies that are not
its own: numbers are Python's own, because the log is written and compared byte by byte.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

from sim.errors import InvalidDecision
from sim.log import NO_ACCESS

MOST_SHOWN = 200  # characters of what somebody else's code made
Check = Callable[..., str]


class IllegalMutation(InvalidDecision):
    """A policy changed what is not its to change."""


def shown(thing: object) -> str:
    """Return a thing as text, cut where it is long; never raises."""
    try:
        text = repr(thing)
    except Exception as error:
        text = f"<{type(thing).__name__}, which cannot be shown: {type(error).__name__}>"
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 3]}..."


def _of(noun: str, numbers: Sequence[int]) -> str:
    listed = ", ".join(map(str, numbers[:30])) + (", ..." if len(numbers) > 30 else "")
    return f"could only choose among {noun} {listed}" if numbers else f"there are no {noun}"


def _parts(answer: object, parts: int, form: str) -> str:
    """Check that the answer is a tuple of so many parts, the last of them a text."""
    if not isinstance(answer, tuple) or len(answer) != parts:
        return f"answered {shown(answer)}; an answer is {form}"
    if not isinstance(answer[-1], str):
        return f"gave {shown(answer[-1])} as its reason; `why` is a text"
    return ""


def _one(chosen: object, known: Sequence[int], noun: str) -> str:
    """Check that one of the known is chosen, by its number."""
    if type(chosen) is not int:
        kind = type(chosen).__name__
        return f"chose {shown(chosen)}, of type {kind}; expected a whole number (int)"
    return "" if chosen in known else f"chose {chosen}, but {_of(noun, known)}"


def _each(chosen: Sequence[object], known: Sequence[int], noun: str) -> str:
    """Check that all that are chosen are known; return what is wrong with the first that is not."""
    return next(filter(None, (_one(one, known, noun) for one in chosen)), "")


def _several(chosen: object, known: Sequence[int], noun: str) -> str:
    """Check that some of the known are chosen, each once."""
    if not isinstance(chosen, (tuple, list)):
        return f"chose {shown(chosen)}; expected a tuple of {noun}"
    if told := _each(chosen, known, noun):
        return told
    if len(set(chosen)) < len(chosen):
        return f"chose {shown(chosen)}, somebody twice"
    return ""


def dispatch(answer: Any, callout: Any, view: Any) -> str:
    """Check who goes: one of the candidates, or None."""
    if told := _parts(answer, 2, "a pair: one of view.teams or None, and why"):
        return told
    return "" if answer[0] is None else _one(answer[0], view.teams, "teams")


def reassignment(answer: Any, callout: Any, view: Any) -> str:
    """Check who may be reassigned: some of the candidates."""
    if told := _parts(answer, 2, "a pair: some of view.teams, and why"):
        return told
    return _several(answer[0], view.teams, "teams")


def queue(answer: Any, callout: Any, view: Any) -> str:
    """Check a place in the queue: numbers that have an order."""
    if not isinstance(answer, tuple) or not answer:
        return f"answered {shown(answer)}; an answer is a tuple of numbers, the least served first"
    for part in answer:
        if type(part) not in (int, float) or not isfinite(part):
            return f"answered {shown(answer)}; {shown(part)} has no place in an order"
    return ""


def relocation(answer: Any, view: Any) -> str:
    """Check where a free team waits: a base."""
    if told := _parts(answer, 2, "a pair: the number of a base, and why"):
        return told
    return _one(answer[0], range(len(view.atlas.bases)), "bases")


def fleet(answer: Any, view: Any) -> str:
    """Check where all free teams wait: a base for each."""
    if told := _parts(answer, 2, "a pair: a base for each of view.teams, and why"):
        return told
    chosen, bases = answer[0], range(len(view.atlas.bases))
    if not isinstance(chosen, (tuple, list)) or len(chosen) != len(view.teams):
        return f"chose {shown(chosen)}; expected a base for each of {len(view.teams)} teams"
    return _each(chosen, bases, "bases")


def destination(answer: Any, callout: Any, view: Any) -> str:
    """Check where people are taken: a hospital with access, or None."""
    if told := _parts(answer, 2, "a pair: one of view.hospitals or None, and why"):
        return told
    if answer[0] is None:
        return ""
    ways = zip(view.hospitals, view.drives, strict=True)
    known = [hospital for hospital, drive in ways if drive < NO_ACCESS]
    return _one(answer[0], known, "hospitals")


def staffing(answer: Any, view: Any) -> str:
    """Check who is called in: some of the reserve, until an instant."""
    if told := _parts(answer, 3, "three parts: some of view.reserve, until when [ms], and why"):
        return told
    if type(answer[1]) is not int:
        return f"called in until {shown(answer[1])}; expected whole milliseconds (int)"
    return _several(answer[0], view.reserve, "teams")


def routing(answer: Any, road: Any) -> str:
    """Check what a road costs: a number, or None for never."""
    if answer is None:
        return ""
    if type(answer) not in (int, float) or not isfinite(answer) or answer < 0:
        return f"answered {shown(answer)}; a cost is a number that is not negative, or None"
    return ""


CHECKS: dict[str, Check] = {
    "dispatch": dispatch,
    "reassignment": reassignment,
    "queue": queue,
    "relocation": relocation,
    "destination": destination,
    "staffing": staffing,
    "routing": routing,
}
