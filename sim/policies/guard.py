"""
Policies from outside the library, watched while they decide.

A policy that raises, hangs, answers with what it was not offered, or changes what is not its to
change ends the run with a `PolicyError` that says so. ``guarded`` wraps a policy, ``failed`` tells.

The watchdog is a thread that counts ticks while a call lasts, so a machine that is suspended
blames nobody. It stops a call that takes too long by raising inside it: in any thread and any
process, but only between two steps of Python code. A call that waits inside a system call (sleep,
a socket) is reported when it returns, and not before.
"""

from __future__ import annotations

import pickle
import threading
import weakref
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import fields, is_dataclass
from functools import lru_cache
from types import BuiltinFunctionType, FunctionType
from typing import Any, get_type_hints

from sim.errors import InvalidDecision
from sim.program_end import enter, leave

from .contract.checked_answers import check_of
from .contract.decision_checks import IllegalMutation, shown
from .contract.error_report import failed

LIMIT = 10.0  # how long one decision may take [s]
TICKS = 20  # how often the watchdog looks within that time

_ATOMS = (int, float, complex, str, bytes, bool, type(None), range, type)
_FUNCTIONS = (FunctionType, BuiltinFunctionType)


class _TooLong(BaseException):
    """Raised inside a policy that takes too long; no policy catches it by ``except Exception``."""


# -- the watchdog ------------------------------------------------------------------------------


class _Asked:
    """What a thread asks at present; the watchdog reads it."""

    def __init__(self) -> None:
        self.thread = threading.get_ident()
        self.serial = 0  # calls so far
        self.depth = 0  # calls under way: a policy may ask another
        self.seen = self.ticks = 0  # the watchdog's own: the call it saw last, and how often
        self.stopped = False

    def begin(self) -> int:
        """Note that a call begins; return what ``end`` takes."""
        before = self.depth
        if not before:
            self.serial += 1
        self.depth = before + 1
        if not _watchdog.is_alive():  # at first, and in a process that was forked
            _wake()
        return before

    def end(self, before: int) -> bool:
        """Note that the call has ended; return whether it was stopped. May be said twice."""
        with _lock:
            self.depth = before
            stopped = self.stopped
            if not before and stopped:
                self.stopped = False
                _raise_in(self.thread, None)  # it may have come back by itself meanwhile
        return stopped


class _Local(threading.local):
    def __init__(self) -> None:
        self.asked = _Asked()
        with _lock:
            _all.add(self.asked)


def _watch() -> None:
    while True:
        _pause.wait(LIMIT / TICKS)
        with _lock:
            for asked in list(_all):
                if not asked.depth or asked.serial != asked.seen:
                    asked.seen, asked.ticks = asked.serial, 0
                    continue
                asked.ticks += 1
                if asked.ticks >= TICKS:  # again at each tick, should it swallow what is raised
                    asked.stopped = True
                    _raise_in(asked.thread, _TooLong)


def _wake() -> None:
    global _watchdog
    with _lock:
        if not _watchdog.is_alive():
            _watchdog = threading.Thread(target=_watch, name="rescuesim-watchdog", daemon=True)
            _watchdog.start()


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Raise in another thread at its next step; None takes back what it has not met yet."""
    import ctypes

    raised = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)


_lock = threading.RLock()
_pause = threading.Event()  # never set: only waited for
_all: weakref.WeakSet[_Asked] = weakref.WeakSet()
_watchdog = threading.Thread(target=_watch)
_local = _Local()


# -- what may not change -----------------------------------------------------------------------


def _is_fixed(value: object) -> bool:
    """Return whether a value cannot change as long as it is the same object."""
    if isinstance(value, (*_ATOMS, *_FUNCTIONS)):
        return True
    return type(value) in (tuple, frozenset) and all(map(_is_fixed, value))  # type: ignore[call-overload]


def _is_plain(value: object) -> bool:
    """Return whether a value is made of Python's own containers, which compare quickly."""
    if type(value) is dict:
        return all(_is_fixed(k) and _is_plain(v) for k, v in value.items())
    if type(value) in (list, tuple, set, frozenset):
        return all(map(_is_plain, value))  # type: ignore[call-overload]
    return _is_fixed(value)


def _printed(value: object) -> object:
    try:
        return pickle.dumps(value)
    except Exception:
        return shown(value)


def _same_as(value: Any) -> Callable[[Any], bool]:
    """Return a test whether something is still as ``value`` is now."""
    if _is_fixed(value):
        return lambda now: now is value
    if _is_plain(value):
        copy = deepcopy(value)
        return lambda now: bool(now == copy)
    kept = _printed(value)
    return lambda now: _printed(now) == kept


def _own(policy: object) -> list[str]:
    """Return the names of what a policy holds."""
    names = [f.name for f in fields(policy)] if is_dataclass(policy) else []
    return list(dict.fromkeys([*names, *getattr(policy, "__dict__", ())]))


def _lists(handed: tuple[Any, ...]) -> Iterator[tuple[str, list[Any]]]:
    """Yield every list within what a policy was handed, with its name."""
    for view in handed:
        if not isinstance(view, tuple):
            continue
        for name, part in zip(getattr(view, "_fields", ()), view, strict=False):
            if type(part) is list:
                yield name, part
                if part and type(part[0]) is list:
                    yield from ((name, row) for row in part)
            elif type(part) is tuple and part and type(part[0]) is list:
                yield from ((name, row) for row in part)
            elif name == "board":
                yield from _lists((part,))


# -- the guard ---------------------------------------------------------------------------------


class Guarded:
    """A policy that is watched. What is asked of it, but for its decision, it answers itself."""

    __slots__ = ("_call", "_check", "_holds", "called", "guards", "package", "question")

    guards: Any
    question: str
    called: str
    package: str
    _call: Callable[..., Any]
    _check: Callable[..., str]
    _holds: dict[str, Callable[[Any], bool]]

    def __call__(self, *handed: Any) -> Any:
        """Return the policy's answer, or raise what it did."""
        lists = [(name, part, part.copy()) for name, part in _lists(handed)]
        asked = _local.asked
        before = asked.begin()
        try:
            enter()
            try:
                answer = self._call(*handed)
            finally:
                leave()
                stopped = asked.end(before)
        except _TooLong as error:
            asked.end(before)
            raise InvalidDecision(f"did not answer within {LIMIT:g} s") from error
        except SystemExit as error:
            raise InvalidDecision("tried to end the program") from error
        if stopped:
            raise InvalidDecision(f"did not answer within {LIMIT:g} s")
        if told := self._check(answer, *handed):
            raise InvalidDecision(told)
        for name, part, copy in lists:
            if part != copy:
                raise IllegalMutation(f"changed `{name}` of what it was handed; it may only read")
        if changed := self._changed():
            raise IllegalMutation(f"changed its own `{changed}`; a policy keeps nothing")
        return answer

    def _changed(self) -> str:
        """Return the name of something of its own that is not as it was."""
        policy = self.guards
        for name, same in self._holds.items():
            if not same(getattr(policy, name, _holds_nothing)):
                return name
        more = getattr(policy, "__dict__", ())
        if len(more) > len(self._holds):
            return str(next(name for name in more if name not in self._holds))
        return ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.guards, name)

    def __repr__(self) -> str:
        return repr(self.guards)

    def __eq__(self, other: object) -> bool:
        return bool(self.guards == (other.guards if isinstance(other, Guarded) else other))

    def __hash__(self) -> int:
        return hash(self.guards)

    def __reduce__(self) -> tuple[Any, ...]:
        return guarded, (self.guards, self.question, self.called, self.package)


_holds_nothing = object()


@lru_cache(maxsize=1000)
def _class_for(own: type) -> type[Guarded]:
    """Return a class for the guards of one class: to who asks its name, it is that class."""
    try:
        hints = get_type_hints(own, include_extras=True)
    except Exception:
        hints = {}
    about = {
        "__slots__": (),
        "__doc__": own.__doc__,
        "__module__": own.__module__,
        "__qualname__": own.__qualname__,
        "__annotations__": hints,
        "__dataclass_fields__": getattr(own, "__dataclass_fields__", {}),
    }
    return type(own.__name__, (Guarded,), about)


def guarded(policy: Any, question: str, called: str = "", package: str = "") -> Guarded:
    """
    Return a policy that is watched while it decides.

    Parameters
    ----------
    policy
        What decides: called as the protocol of its question says.
    question
        What it decides, as in ``"dispatch"``.
    called
        What people call it: the rule's name in the scenario, or the alternative's.
    package
        The installed package that brings it, with its version; empty where it came from Python.

    """
    if isinstance(policy, Guarded):
        return policy
    own: Any = type(policy)
    guard = object.__new__(_class_for(own))
    guard.guards, guard.question = policy, question
    guard.called, guard.package = called, package
    guard._call, guard._check = policy.__call__, check_of(question, policy)
    guard._holds = {name: _same_as(getattr(policy, name, None)) for name in _own(policy)}
    return guard


__all__ = [
    "LIMIT",
    "Guarded",
    "IllegalMutation",
    "InvalidDecision",
    "failed",
    "guarded",
]
