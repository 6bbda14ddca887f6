"""Callouts that may not be begun yet: work that can wait, and scenes that are not safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.log import Event

from .alarm import READY, Alarm
from .callout import OpenCallout

if TYPE_CHECKING:
    from .desk import Desk


def is_held(desk: Desk, open_: OpenCallout) -> bool:
    """
    Return whether nobody may be sent to a callout now.

    Work that can wait never goes before other callouts: while one of them waits that a free team
    could help, it is held. Nor is it begun before so many teams stay free for others, until it
    has waited its time; then any free team will do.
    """
    now = desk.clock.now
    if now < open_.held_until:
        return True
    deferral = open_.need.deferral
    if deferral is None:
        return False
    min_free_teams, max_hold = deferral
    due = open_.callout.ready + max_hold
    begun = open_.sent > 0 or now >= due
    if not begun and len(desk.free) <= min_free_teams:
        _note(desk, open_, due)
        return True
    if any(_could_help(desk, other) for other in desk.waiting):
        _note(desk, open_, due)
        return True
    return False


def _could_help(desk: Desk, other: OpenCallout) -> bool:
    """Return whether a free team could help at a callout that waits and cannot be deferred."""
    if other.need.deferral is not None or desk.clock.now < other.held_until:
        return False
    now = desk.clock.now
    teams, _ = desk.free.candidates(
        other.callout.place, other.missing_capabilities, now, desk.period(now)
    )
    return any(team not in other.missed for team in teams)


def hold_until(desk: Desk, open_: OpenCallout, at: int) -> None:
    """Send nobody to a callout before an instant. [ms]"""
    open_.held_until = at
    _serve_at(desk, open_, at)


def _note(desk: Desk, open_: OpenCallout, due: int) -> None:
    if open_.held:
        return
    open_.held, now = True, desk.clock.now
    if now >= 0:
        desk.log_event((now, Event.HELD, None, open_.callout.number, None, due))
    if due > now:
        _serve_at(desk, open_, due)


def _serve_at(desk: Desk, open_: OpenCallout, at: int) -> None:
    """Look again who can be served, as if a callout had become ready."""
    timer = Alarm(desk.env, READY + open_.callout.number).ring_in(at - desk.clock.now)
    assert timer.callbacks is not None
    timer.callbacks.append(lambda _: desk.line.serve())
