"""
Rules that other installed packages bring.

A package names them in the group ``rescuesim.policies`` of its entry points: the name is what a
scenario says, the object a frozen dataclass with a class attribute ``question``. A scenario only
ever names a rule, never code. Installed packages are looked at only where a name is not in the
library, because that takes time; their code is run only where a rule of theirs is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, is_dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, get_type_hints

from sim.program_end import foreign_code
from sim.scenario.format1 import new_question

from .decision_checks import CHECKS, shown
from .declarations import misdeclared

GROUP = "rescuesim.policies"


class UnusableError(Exception):
    """An installed rule that cannot be used; the message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A rule that an installed package offers, not loaded yet."""

    name: str
    package: str  # the distribution, with its version
    entry: EntryPoint

    def load(self) -> type:
        """
        Return the rule's class.

        Raises
        ------
        UnusableError
            When loading it raises, or it is not a rule.

        """
        try:
            with foreign_code():
                rule = self.entry.load()
        except (Exception, SystemExit) as error:
            said = " ".join(str(error).split())[:300]
            raise UnusableError(
                f"{self} cannot be loaded from {self.entry.value}: {type(error).__name__}"
                + (f": {said}" if said else "")
            ) from error
        if told := not_a_rule(rule):
            raise UnusableError(f"{self} is not a rule: {self.entry.value} {told}")
        return rule  # type: ignore[no-any-return]

    def __str__(self) -> str:
        return f"the rule {self.name!r} of the package {self.package}"


def not_a_rule(rule: Any) -> str:
    """Return why something is not a rule's class, as the end of a sentence; empty if it is one."""
    if not isinstance(rule, type):
        return f"is {shown(rule)}; expected a class"
    if not is_dataclass(rule):
        return "is no dataclass; write @dataclass(frozen=True) above the class"
    if not rule.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        return "can be changed; write @dataclass(frozen=True) above the class"
    question = getattr(rule, "question", None)
    if question not in CHECKS:
        found = "has no" if question is None else f"has {shown(question)} as its"
        new = new_question(str(question))
        now = f"it is now {shown(new)}" if new else f"expected one of {', '.join(CHECKS)}"
        return f"{found} class attribute `question`; {now}"
    if not any("__call__" in vars(own) for own in rule.__mro__):  # type has one, too
        return "has no __call__, which is its decision"
    if told := misdeclared(rule, question):
        return told
    try:
        get_type_hints(rule, include_extras=True)
    except Exception as error:
        return f"has fields whose annotations cannot be read: {type(error).__name__}: {error}"
    return ""


def installed() -> tuple[Installed, ...]:
    """Return the rules that installed packages offer, by name; nothing of theirs is run."""
    return _found(tuple(sys.path))


@lru_cache(maxsize=1)
def _found(path: tuple[str, ...]) -> tuple[Installed, ...]:
    offered = [Installed(e.name, _package(e), e) for e in entry_points(group=GROUP)]
    return tuple(sorted(set(offered), key=lambda rule: (rule.name, rule.package)))


def _package(entry: EntryPoint) -> str:
    dist = entry.dist
    return f"{dist.name} {dist.version}" if dist is not None else entry.value


def clash(rule: Installed, ours: Collection[str]) -> str:
    """Return why a rule's name cannot be used, as a sentence; empty if it can."""
    if rule.name in ours:
        return f"{rule} has the name of a rule of the library; it has to take another name"
    others = [other.package for other in installed() if other.name == rule.name]
    if len(others) > 1:
        return (
            f"{rule.name!r} is the name of rules of {' and '.join(others)}; uninstall all but one"
        )
    return ""


def find(name: str, ours: Collection[str]) -> Installed | None:
    """
    Return the installed rule of a name, not loaded yet; None if there is none.

    Raises
    ------
    UnusableError
        When its name clashes with another's.

    """
    rule = next((rule for rule in installed() if rule.name == name), None)
    if rule is None:
        return None
    if told := clash(rule, ours):
        raise UnusableError(told)
    return rule


def usable(
    ours: Collection[str], on_refusal: Callable[[str], None]
) -> list[tuple[Installed, type]]:
    """Return all installed rules that can be used; for each other one the reason is reported."""
    found = []
    for rule in installed():
        try:
            if told := clash(rule, ours):
                raise UnusableError(told)
            found.append((rule, rule.load()))
        except UnusableError as error:
            on_refusal(str(error))
    return found
