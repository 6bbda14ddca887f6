"""
The clock, and a team's one event, re-armed from phase to phase.

A new event for every phase of every mission is what makes the usual SimPy model slow. An event
that is armed again while an old entry of it is pending would fire early and break SimPy, so
this one refuses; to ring at another time, it hands those who wait for it to a fresh alarm.
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

    def follow(self, process: Generator[Alarm, None, None]) -> None:
        """
        Begin a process that waits for nothing but alarms, and for which nothing waits.

        As ``process`` does, which resumes in three times as many steps for what these do not need.
        """
        _Followed(process).begin(self)


# so it is where SimPy keeps the time
RunEnvironment._now = RunEnvironment.now


class Alarm(simpy.Event):
    """An event that can be set again once it has rung; ``order`` ranks it within its instant."""

    def __init__(self, env: simpy.Environment, order: int) -> None:
        super().__init__(env)
        self._ok = True  # as SimPy's own Timeout does: the event succeeds when it is due
        self._value: Any = None
        self.order = order
        self.pending = False
        self._queue, self._numbers = env._queue, env._eid

    @property
    def is_set(self) -> bool:
        """Whether it is going to ring."""
        return self.pending and self.callbacks is not None

    def rearm(self) -> Alarm:
        """Make ready to be waited for before it is known when to ring: see ``schedule_in``."""
        if self.callbacks is None:
            self.callbacks = []
        elif self.pending:
            raise RuntimeError("an alarm was re-armed while it was set")
        self.pending = False
        return self

    def schedule_in(self, delay: int) -> Alarm:
        """Ring after ``delay``, for those who wait already and those who will. [ms]"""
        if self.callbacks is None:
            self.callbacks = []
        elif self.pending:
            raise RuntimeError("an alarm was set again before it rang")
        self.pending = True
        # as the environment's ``schedule`` does, which is a call more for every event
        heappush(self._queue, (self.env._now + delay, self.order, next(self._numbers), self))  # type: ignore[misc]
        return self

    def call_in(self, delay: int, function: Callable[[], None]) -> None:
        """Call a function after ``delay``. [ms]"""
        self.schedule_in(delay)
        assert self.callbacks is not None
        self.callbacks.append(lambda _: function())

    def cancel(self) -> Alarm:
        """Return a fresh alarm in place of this one, whose pending entry will do nothing."""
        self.callbacks = []
        return Alarm(self.env, self.order)

    def reschedule(self, delay: int) -> Alarm:
        """Return a fresh alarm that rings after ``delay`` for those who wait for this one. [ms]"""
        waiting = self.callbacks
        fresh = self.cancel()
        fresh.callbacks = waiting
        return fresh.schedule_in(delay)


class _Followed:
    """A process that waits for alarms; only the one that it waits for knows it."""

    __slots__ = ("_process",)

    def __init__(self, process: Generator[Alarm, None, None]) -> None:
        self._process = process

    def begin(self, env: simpy.Environment) -> None:
        """Start at this instant, in the order in which processes are begun."""
        Alarm(env, BEGIN).schedule_in(0).callbacks.append(self._resume)

    def _resume(self, _: simpy.Event) -> None:
        alarm = next(self._process, None)
        if alarm is not None:
            alarm.callbacks.append(self._resume)
