"""
Rows of the log: plain tuples in the order of ``sim.log``'s columns.

Building named ones here would cost a tenth of a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.log import NO_ACCESS, Ending, Event, Outcome

from .callout import OpenCallout
from .team import Team

if TYPE_CHECKING:
    from .dispatcher import Dispatcher


def note_mission(
    dispatcher: Dispatcher, open_: OpenCallout, team: Team, cleared: int | None, ending: str
) -> None:
    """Note a team's part in a callout; ``cleared`` None: the end of the run cuts it off."""
    en_route: int | None = team.en_route
    if team.on_scene is None and team.en_route > dispatcher.clock.now:
        en_route = None  # stopped before it moved
    dispatcher.log_mission((
        open_.callout.number, team.number, team.dispatched, en_route, team.on_scene,
        team.left, team.at_hospital, team.hospital, cleared, ending,
    ))  # fmt: skip


def note_permission(dispatcher: Dispatcher, open_: OpenCallout, waited: int) -> None:
    """Note how long a callout has waited for permission, now that it is given."""
    ready = open_.callout.ready
    if ready - waited >= 0:
        number = open_.callout.number
        dispatcher.log_event((ready - waited, Event.AWAITS_PERMISSION, None, number, None, ready))


def note_return(dispatcher: Dispatcher, team: Team, way_home: int) -> None:
    """
    Note that a team is on its way back and cannot be sent before it is there.

    Where free teams may be sent from the road there is no such event. ``way_home`` [ms] is
    ``NO_ACCESS`` or nearly so where there is none: then ``until`` is None.
    """
    now = dispatcher.clock.now
    if now + way_home > 0:  # one that ended in the warm-up is cut out with it
        until = now + way_home if way_home < NO_ACCESS - 1 else None
        dispatcher.log_event((now, Event.RETURNING, team.number, None, None, until))


def end(dispatcher: Dispatcher, open_: OpenCallout, ended: int | None, outcome: str) -> None:
    """Note a callout that is over, or that the end of the run cuts off (``ended`` None)."""
    cleared = ended if outcome == Outcome.SERVED else None
    number, kind, priority, place, received, ready = open_.callout
    if received >= 0:
        dispatcher.log_callout((
            number, open_.marks.key, kind, priority, place, received, ready, open_.dispatched,
            open_.en_route, open_.on_scene, cleared, ended, outcome, open_.sent, open_.attended,
        ))  # fmt: skip


def close(dispatcher: Dispatcher) -> None:
    """Log everything that the end of the run censors."""
    cut = {open_.callout.number: open_ for open_ in dispatcher.waiting}
    for callout, marks in dispatcher.cut_off:
        cut[callout.number] = OpenCallout(callout, marks, dispatcher.needs[callout.kind])
    for team in dispatcher.teams:
        if team.open is not None:
            cut[team.open.callout.number] = team.open
            note_mission(dispatcher, team.open, team, None, Ending.UNFINISHED)
    for _, open_ in sorted(cut.items()):
        if open_.en_route is not None and open_.en_route > dispatcher.clock.now:
            open_.en_route = None
        end(dispatcher, open_, None, Outcome.UNFINISHED)
