"""Callouts that may not be begun yet: work that can wait, and scenes that are not safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.log import Event

from .alarm import READY, Alarm
from .callout import OpenCallout

if TYPE_CHECKING:
    from .dispatcher import Dispatcher


def is_held(dispatcher: Dispatcher, open_: OpenCallout) -> bool:
    """
    Return whether nobody may be sent to a callout now.

    Deferrable work never goes before other callouts: while a free team could help one that is
    pending, it is held. It is also held until ``min_free_teams`` teams stay free for others, but
    not for longer than ``max_hold``; then any free team will do.
    """
    now = dispatcher.clock.now
    if now < open_.held_until:
        return True
    deferral = open_.need.deferral
    if deferral is None:
        return False
    min_free_teams, max_hold = deferral
    due = open_.callout.ready + max_hold
    begun = open_.sent > 0 or now >= due
    if not begun and len(dispatcher.free) <= min_free_teams:
        _note(dispatcher, open_, due)
        return True
    for other in dispatcher.waiting:
        if other.need.deferral is not None:
            break  # of those that wait, work that can wait comes last
        if _could_serve(dispatcher, other):
            _note(dispatcher, open_, due)
            return True
    return False


def _could_serve(dispatcher: Dispatcher, other: OpenCallout) -> bool:
    """Return whether a free team could help at a callout that waits."""
    if dispatcher.clock.now < other.held_until:
        return False
    now = dispatcher.clock.now
    teams, _ = dispatcher.free.candidates(
        other.callout.place, other.missing_capabilities, now, dispatcher.period(now)
    )
    return any(team not in other.missed for team in teams)


def hold_until(dispatcher: Dispatcher, open_: OpenCallout, at: int) -> None:
    """Send nobody to a callout before an instant. [ms]"""
    open_.held_until = at
    _serve_at(dispatcher, open_, at)


def _note(dispatcher: Dispatcher, open_: OpenCallout, due: int) -> None:
    if open_.held:
        return
    open_.held, now = True, dispatcher.clock.now
    dispatcher.recorder.event(Event.HELD, callout=open_.callout.number, until=due)
    if due > now:
        _serve_at(dispatcher, open_, due)


def _serve_at(dispatcher: Dispatcher, open_: OpenCallout, at: int) -> None:
    """Look again who can be served, as if a callout had become ready."""
    timer = Alarm(dispatcher.env, READY + open_.callout.number).schedule_in(
        at - dispatcher.clock.now
    )
    assert timer.callbacks is not None
    timer.callbacks.append(lambda _: dispatcher.line.serve())
