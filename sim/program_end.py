"""
Code that is not ours may not end the program as if all were done.

``sys.exit`` raises and is heard. ``os._exit`` and the ``exec`` functions do not come back, and the
exit code would be theirs, 0 perhaps, with no results. While code that is not ours runs in a thread,
they raise ``SystemExit`` there; anywhere else they do what they always did.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

_ENDS = ("_exit", "execv", "execve")  # the other exec functions call these
_lock = threading.Lock()
_installed = False


class ForeignDepth(threading.local):
    """How deep a thread is in code that is not ours."""

    depth = 0


_local = ForeignDepth()


def enter() -> None:
    """Note that code which is not ours begins in this thread."""
    if not _installed:
        _install()
    _local.depth += 1


def leave() -> None:
    """Note that it has ended."""
    _local.depth -= 1


@contextmanager
def foreign_code() -> Iterator[None]:
    """Run code that is not ours."""
    enter()
    try:
        yield
    finally:
        leave()


def _install() -> None:
    global _installed
    with _lock:
        if not _installed:
            for name in _ENDS:
                setattr(os, name, _watched(name, getattr(os, name)))
            _installed = True


def _watched(name: str, end: Callable[..., Any]) -> Callable[..., NoReturn]:
    def ends(*given: Any) -> NoReturn:
        if _local.depth:
            raise SystemExit(f"os.{name}")
        end(*given)
        raise AssertionError("the program goes on")

    return ends
