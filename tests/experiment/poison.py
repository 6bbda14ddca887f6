"""Policies that end their process, for tests of what is done about it."""

import multiprocessing
import os
import select
import signal
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

from sim.experiment import design_of
from sim.policies import LIBRARY, policy_sets
from sim.scenario import find_scenario, read_scenario


def outside():
    """Return whether this is a process that may be ended: not the one that runs the tests."""
    return multiprocessing.parent_process() is not None


@dataclass(frozen=True)
class EndsItsProcess:
    """Send the closest team; but a callout received at ``at`` ends the process."""

    at: int = -1

    def __call__(self, callout, view):
        if outside() and (self.at < 0 or callout.received == self.at):
            os.kill(os.getpid(), signal.SIGKILL)
        return LIBRARY["dispatch"]["closest"]()(callout, view)


@dataclass(frozen=True)
class EndsHalfwayThroughSending:
    """Send the closest team; the process ends in the middle of what it next puts into a pipe."""

    def __call__(self, callout, view):
        if outside():
            Connection._send = _half
        return LIBRARY["dispatch"]["closest"]()(callout, view)


def _half(connection, data):
    """Write half and end the process; what a pipe takes at once cannot be cut."""
    if len(data) > select.PIPE_BUF:
        os.write(connection.fileno(), data[: len(data) // 2])
        os.kill(os.getpid(), signal.SIGKILL)
    os.write(connection.fileno(), data)


@dataclass(frozen=True)
class Raises:
    """Raise something that nobody has foreseen."""

    def __call__(self, callout, view):
        raise ZeroDivisionError("per nobody")


def design_with(dispatch=None, replications=8):
    """Return a short study; with ``dispatch`` next to the first policy of the scenario."""
    changes = {"clock.length": "2 days", "study.replications": replications}
    file = read_scenario(find_scenario("first-steps"), changes)
    if dispatch is None:
        return design_of([file])
    own = policy_sets(file)["today"]
    return design_of([file], None, {"today": own, "mine": replace(own, dispatch=dispatch)})
