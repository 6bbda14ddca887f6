"""
Who takes people to hospital, where only teams that carry do, and who stays with them until then.

The first team on scene knows how many transports there will be. Teams that carry are sent for at
once if too few are on the callout, so that they drive while the others work. When the work is done
those that carry leave with the people they can take, in the order in which they were sent. They
never wait for each other, or two callouts could wait for each other's teams for ever. If people
are left, one of the other teams stays with them until the last are taken; where there is none, or
it has to leave, the callout is pending until a team that carries comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.log import Ending, Event, Outcome

from .callout import STALLED, OpenCallout
from .team import Team

if TYPE_CHECKING:
    from .dispatcher import Dispatcher


def on_found(open_: OpenCallout) -> None:
    """Note, when the first team is on scene, how many transports there will be."""
    complications = open_.marks.complications
    open_.transports = 1 + (len(complications.handovers) if complications is not None else 0)
    open_.count_missing()


def ask(dispatcher: Dispatcher, open_: OpenCallout, team: Team) -> None:
    """Send for teams that carry, if those on the callout are too few; ``team`` has asked."""
    open_.count_missing()
    wanted = open_.transports - len(_able(open_))
    if wanted <= 0:
        return
    _note(dispatcher, Event.TRANSPORT_ASKED, open_, team, wanted)
    dispatcher.serve_again(open_)
    if dispatcher.left_behind:
        dispatcher.serve_left_behind()


# -- the work is done -------------------------------------------------------------------------


def on_work_done(dispatcher: Dispatcher, open_: OpenCallout, team: Team) -> bool:
    """Settle who leaves with people and who stays; return whether this team does."""
    here = [t for t in open_.teams if t.on_scene is not None]
    carriers = [t for t in here if t.capabilities & open_.need.carrier][: open_.transports]
    open_.carriers = tuple(carriers)
    open_.transports -= len(carriers)
    if not open_.transports:
        dispatcher.stand_down_others(open_)
        return False
    open_.people, open_.outcome = 0, None
    others = [t for t in here if t not in carriers]
    is_coming = any(t.on_scene is None for t in _able(open_))
    able = [t for t in others if t.on_duty] or (others if is_coming else [])
    open_.stays = able[0] if able else None
    if open_.stays is not None and open_.stays is not team:
        open_.stays.alarm = open_.stays.alarm.reschedule(STALLED)
    _soon(dispatcher, open_)
    return open_.stays is team


def _soon(dispatcher: Dispatcher, open_: OpenCallout) -> None:
    """Have the rest seen to at this instant, once the team whose work is done waits or leaves."""
    event = dispatcher.env.timeout(0)
    assert event.callbacks is not None
    event.callbacks.append(lambda _: _await(dispatcher, open_))


def _await(dispatcher: Dispatcher, open_: OpenCallout) -> None:
    """Let people wait on scene: stand down whoever cannot take them, and send for who can."""
    _note(dispatcher, Event.AWAITS_TRANSPORT, open_, open_.stays, open_.transports)
    kept = 0
    for team in [t for t in open_.teams if t.on_scene is None]:
        if team.open is not open_:
            continue  # sent to another that one of the others made room for
        if kept < open_.transports and open_.can_take(team):
            kept += 1
            continue
        now = dispatcher.clock.now
        dispatcher.take_off(open_, team, Ending.STOOD_DOWN, now)
        dispatcher.free_on_the_road(team, now)
    if open_.stays is not None:
        dispatcher.idle.append(open_)
    look(dispatcher, open_)
    dispatcher.line.serve()


def look(dispatcher: Dispatcher, open_: OpenCallout) -> None:
    """Send for whoever is missing to take the people who wait; see whether somebody may stay."""
    open_.count_missing()
    if open_.missing_capabilities and not dispatcher.serve(open_):
        if dispatcher.waits:
            dispatcher.line.add(open_)
        else:
            _give_up(dispatcher, open_)
    elif open_ in dispatcher.waiting:
        dispatcher.waiting.remove(open_)
    team = open_.stays
    if team is not None and not team.on_duty and not _able(open_):
        dispatcher.stop(team, Ending.HANDED_OVER)


def _give_up(dispatcher: Dispatcher, open_: OpenCallout) -> None:
    """Expect nobody but those under way: no others will be sent."""
    open_.transports, open_.gave_up = len(_able(open_)), True
    if not open_.transports:
        _end(dispatcher, open_, Ending.DROPPED)


def _end(dispatcher: Dispatcher, open_: OpenCallout, ending: str) -> None:
    """End the waiting on scene: nobody is left there to be taken, or nobody comes."""
    if open_ in dispatcher.waiting:
        dispatcher.waiting.remove(open_)
    open_.outcome = Outcome.DROPPED if open_.gave_up else Outcome.SERVED
    team, open_.stays = open_.stays, None
    if team is not None:
        now = dispatcher.clock.now
        dispatcher.take_off(open_, team, ending, now)
        team.alarm = team.alarm.cancel()
        dispatcher.restart(team, dispatcher.release_at(team, open_.callout.place, now))
    if not open_.teams:
        dispatcher.recorder.callout(open_, open_.outcome)


# -- teams come and go while people wait ------------------------------------------------------


def on_late_arrival(dispatcher: Dispatcher, open_: OpenCallout, team: Team) -> int:
    """Let a team that comes when the work is done take people; return how long it waits. [ms]"""
    if not team.capabilities & open_.need.carrier or not open_.transports:
        if not open_.transports or open_.stays is not None:
            return 0
        open_.stays = team
        dispatcher.idle.append(open_)
        return STALLED
    open_.transports -= 1
    open_.carriers += (team,)
    if not open_.transports:
        dispatcher.stand_down_others(open_)
        _end(dispatcher, open_, Ending.COMPLETED)
    return 0


def on_shift_end(dispatcher: Dispatcher, team: Team) -> None:
    """See whether a team that stays with people leaves at the end of its shift."""
    open_ = team.open
    assert open_ is not None
    if dispatcher.shift_end == "drop":
        dispatcher.stop(team, Ending.DROPPED)
    elif dispatcher.shift_end == "hand over" or not _able(open_):
        dispatcher.stop(team, Ending.HANDED_OVER)


def on_stopped(dispatcher: Dispatcher, open_: OpenCallout, team: Team, ending: str) -> None:
    """See what becomes of the people on scene when a team is stopped there or on its way."""
    if open_.stays is team:
        open_.stays = None
    if ending == Ending.DROPPED and open_.stays is None and not _able(open_):
        _give_up(dispatcher, open_)
    else:
        look(dispatcher, open_)


def _able(open_: OpenCallout) -> list[Team]:
    """Return the teams on a callout, there or under way, that can take people and do not yet."""
    return [team for team in open_.teams if open_.can_take(team)]


def _note(
    dispatcher: Dispatcher, what: str, open_: OpenCallout, team: Team | None, number: int
) -> None:
    by = None if team is None else team.number
    dispatcher.recorder.event(what, by, open_.callout.number, number)
