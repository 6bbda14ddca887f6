"""Rest for those who work long: crews on scene are relieved, and breaks are taken."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import simpy

from sim.log import Ending, Event

from .callout import OpenCallout
from .team import Team

if TYPE_CHECKING:
    from .desk import Desk


# -- relief on scene ------------------------------------------------------------------------------


def set_timer(desk: Desk, team: Team, after: int) -> None:
    """Have a team relieved that is still on this scene after so long. [ms]"""
    open_, since = team.open, team.on_scene

    def due() -> Generator[simpy.Event, None, None]:
        yield desk.env.timeout(after)
        if team.open is open_ and team.on_scene == since:
            ask(desk, team)

    desk.env.process(due())


def ask(desk: Desk, team: Team) -> None:
    """Look for others who can do without a team, which stays on scene until they are there."""
    open_ = team.open
    assert open_ is not None
    if open_.finished or team.on_scene is None or team.left is not None:
        return
    if team in open_.relieving:
        return
    open_.relieving += (team,)
    now = desk.clock.now
    if now >= 0:
        desk.log_event(
            (now, Event.RELIEF_ASKED, team.number, open_.callout.number, team.people, None)
        )
    desk.serve_again(open_)
    if desk.left_behind:
        desk.serve_left_behind()


def relieve(desk: Desk, open_: OpenCallout) -> None:
    """Let go whom the others on scene can do without."""
    for team in open_.relieving:
        others = [t for t in open_.teams if t.on_scene is not None and t is not team]
        if team.open is not open_ or not open_.is_met_by(others):
            continue
        now = desk.clock.now
        desk.take_off(open_, team, Ending.RELIEVED, now)
        team.alarm = team.alarm.detached()
        desk.begin_again(team, desk.is_free_at(team, open_.callout.place, now))


# -- breaks in the shift --------------------------------------------------------------------------


def breaks_of(desk: Desk, team: Team) -> Generator[simpy.Event, None, None]:
    """Take a team's breaks, each as soon as it is free within the window."""
    for opens, closes, lasts in team.crew.breaks:
        yield desk.env.timeout(opens - desk.clock.now)
        team.break_due = closes, lasts
        if team.free:
            begins_break(desk, team)
            continue
        yield desk.env.timeout(closes - desk.clock.now)
        if team.break_due == (closes, lasts):
            team.break_due = None
            _note(desk, team, Event.BREAK_MISSED, None)


def begins_break(desk: Desk, team: Team) -> bool:
    """Begin the break of a team that has become free, if one is due; return whether it does."""
    if team.break_due is None or not team.on_duty:
        return False
    closes, lasts = team.break_due
    team.break_due = None
    now = desk.clock.now
    if now > closes:
        return False
    if not desk.free.withdraw(team):
        desk.garage.leaves(team)
    team.free = False
    if now < team.rests_from:
        from .relocating import drive_to

        drive_to(desk, team, team.crew.base, now)
    _note(desk, team, Event.BREAK, now + lasts)
    desk.env.process(_resting(desk, team, lasts))
    return True


def _resting(desk: Desk, team: Team, lasts: int) -> Generator[simpy.Event, None, None]:
    yield desk.env.timeout(lasts)
    if team.on_duty and not team.free and team.open is None:
        team.free = True
        if desk.clock.now >= team.rests_from:
            desk.rests(team)
        else:
            desk.free.moving.append(team)
        desk.line.serve()


def _note(desk: Desk, team: Team, what: str, until: int | None) -> None:
    if desk.clock.now >= 0:
        desk.log_event((desk.clock.now, what, team.number, None, None, until))
