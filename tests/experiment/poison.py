"""Policies that end their process, for tests of what is done about it."""

import multiprocessing
import os
import signal
from dataclasses import dataclass

from sim.policies import LIBRARY


def outside():
    """Return whether this is a process that may be ended: not the one that runs the tests."""
    return multiprocessing.parent_process() is not None


@dataclass(frozen=True)
class EndsItsProcess:
    """Send the closest team; but a callout received at ``at`` ends the process."""

    at: int = -1

    def __call__(self, callout, desk):
        if outside() and (self.at < 0 or callout.received == self.at):
            os.kill(os.getpid(), signal.SIGKILL)
        return LIBRARY["dispatch"]["closest"]()(callout, desk)


@dataclass(frozen=True)
class Raises:
    """Raise something that nobody has foreseen."""

    def __call__(self, callout, desk):
        raise ZeroDivisionError("per nobody")
