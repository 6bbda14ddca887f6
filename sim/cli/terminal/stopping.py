"""
Stopping when asked: Ctrl-C and SIGTERM end a command without a traceback.

The first signal raises, wherever the program is. A library may swallow that (imports and
finalizers do), so long work asks ``stop_if_asked`` now and then. A second signal ends at once.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_asked: list[type[BaseException]] = []


class Terminated(BaseException):
    """Somebody sent SIGTERM."""


@contextmanager
def listening() -> Iterator[None]:
    """
    Hear both signals within.

    Afterwards they do what they did before: what they raised while Python takes itself down would
    be printed with a traceback.
    """
    _asked.clear()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, _stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def stop_if_asked() -> None:
    """Raise again what an earlier signal raised, if we are still here."""
    if _asked:
        raise _asked[0]


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
    _asked.append(KeyboardInterrupt if number == signal.SIGINT else Terminated)
    raise _asked[0]
