"""
The clock, and a team's one event, set again from phase to phase.

A new event for every phase of every mission is what makes the usual SimPy model slow. An event
that is set again while an old entry of it is pending would fire early and break SimPy, so this one
refuses; to ring at another time, it hands its process to a fresh alarm.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import Any, Protocol

import simpy

# Order of events at the same instant. Shift changes are plain timeouts (priority 1).
FIRST, ROADS = -1, 0  # the end of the run comes first; roads close and open before all else
LIMITS = 0  # of crews are reached before shifts change, which serve those pending
BEGIN = 0  # of processes, as SimPy has it
TEAM, ABANDON, READY, STAFFING = (kind << 40 for kind in (1, 2, 3, 4))

Process = Generator[int | None, None, None]
"""What goes on for a while: it yields in how long its alarm is to ring. [ms]"""


class Clock(Protocol):
    """What tells the time of a run."""

    @property
    def now(self) -> int:
        """The present instant. [ms]"""


class RunEnvironment(simpy.Environment):
    """SimPy's environment; its clock stays on whole numbers, for it was started on one."""

    # read some ten times a callout: a slot is ten times as quick as SimPy's property
    __slots__ = ("now",)
    now: int

    def run_until(self, ends: int) -> None:
        """
        Run all that happens before an instant. [ms]

        As ``run(until=ends)`` does, without a call and two guards for every event.
        """
        queue: list[Any] = self._queue
        heappush(queue, (ends, FIRST, next(self._eid), None))
        while True:
            self.now, _, _, event = heappop(queue)
            if event is None:
                return
            callbacks, event.callbacks = event.callbacks, None
            for callback in callbacks:
                callback(event)
            if not event._ok and not event.defused:
                raise event._value


# so it is where SimPy keeps the time
RunEnvironment._now = RunEnvironment.now


class Alarm(simpy.Event):
    """
    An event that can be set again once it has rung, and the process that it resumes.

    ``order`` ranks it within its instant. A process yields in how long its alarm is to ring; None
    where it waits for others to set it.
    """

    def __init__(self, env: simpy.Environment, order: int) -> None:
        super().__init__(env)
        self._ok = True  # as SimPy's own Timeout does: the event succeeds when it is due
        self._value: Any = None
        self.callbacks: Any = None  # it is not set
        self.order = order
        self._resumes = _NOBODY
        self._queue, self._numbers = env._queue, env._eid

    @property
    def is_set(self) -> bool:
        """Whether it is going to ring."""
        return self.callbacks is not None

    def begin(self, process: Process) -> None:
        """Begin a process at this instant, in the order in which processes are begun."""
        self._resumes = resumed = _Resumed(process, self)
        Alarm(self.env, BEGIN).call_in(0, lambda: _resume(resumed.by))

    def schedule_in(self, delay: int) -> None:
        """Ring after ``delay``. [ms]"""
        if self.callbacks is not None:
            raise RuntimeError("an alarm was set again before it rang")
        self.callbacks = _RESUME
        # as the environment's ``schedule`` does, which is a call more for every event
        heappush(self._queue, (self.env._now + delay, self.order, next(self._numbers), self))  # type: ignore[misc]

    def call_in(self, delay: int, function: Callable[[], None]) -> None:
        """Call a function after ``delay``, in place of resuming a process. [ms]"""
        self.schedule_in(delay)
        self.callbacks = [lambda _: function()]

    def cancel(self) -> Alarm:
        """Return a fresh alarm in place of this one, whose process is given up: see ``begin``."""
        self._resumes.process, self._resumes = _ENDED, _NOBODY
        if self.is_set:
            self.callbacks = []  # its entry stays in the queue
        return Alarm(self.env, self.order)

    def reschedule(self, delay: int) -> Alarm:
        """Return a fresh alarm that resumes the process after ``delay``, and not when it was to."""
        resumed, self._resumes = self._resumes, _NOBODY
        fresh = self.cancel()
        fresh._resumes, resumed.by = resumed, fresh
        fresh.schedule_in(delay)
        return fresh


class _Resumed:
    """A process, and the alarm that resumes it: a fresh one, after it was set to another time."""

    __slots__ = ("by", "process")

    def __init__(self, process: Process, by: Alarm | None) -> None:
        self.process, self.by = process, by


def _resume(alarm: Any) -> None:
    """Let the process of an alarm that rings go on, and set its alarm as it says."""
    resumed = alarm._resumes
    delay = next(resumed.process, None)
    if delay is not None:
        resumed.by.schedule_in(delay)


_ENDED: Process = (_ for _ in ())
_NOBODY = _Resumed(_ENDED, None)
_RESUME: list[Callable[[Any], None]] = [_resume]  # the same for all alarms, and never changed
