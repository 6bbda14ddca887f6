"""Events of a team's part in a callout, told: volunteers, relief, reassignment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.log import Ending, Event, EventRow, MissionRow

from ..phrasing.saying import lasting
from .complication_sentences import stops
from .missing_people import left_short, stayed_for_want
from .transport_sentences import asked, left_them

if TYPE_CHECKING:
    from sim.experiment import Reported

_ENDINGS = {
    Ending.COMPLETED: "was cleared",
    Ending.STOOD_DOWN: "was stood down: the others had finished the work",
    Ending.DROPPED: "went off duty and left the callout",
    Ending.HANDED_OVER: "went off duty and handed the callout over",
    Ending.REASSIGNED: "was reassigned to another callout",
    Ending.PREEMPTED: "was pre-empted by a more urgent callout",
    Ending.RELIEVED: "was relieved by others",
    Ending.BROKE_DOWN: "could not continue: its vehicle had broken down",
    Ending.NO_CREW_ASSEMBLED: "did not turn out: no crew assembled",
    Ending.REFUSED_AT_CHECKPOINT: "returned to base after the refusal",
    Ending.NO_ACCESS: "could not continue: there was no access",
    Ending.WITHDRAWN: "was withdrawn: the scene stayed unsafe",
}
_FREED = {
    Ending.COMPLETED: "was cleared from",
    Ending.STOOD_DOWN: "was stood down from",
    Ending.PREEMPTED: "was taken from",
    Ending.RELIEVED: "was relieved at",
    Ending.REFUSED_AT_CHECKPOINT: "had been refused on its way to",
    Ending.NO_ACCESS: "had no access to",
    Ending.WITHDRAWN: "was withdrawn from",
}
_STOPPED = (Ending.REFUSED_AT_CHECKPOINT, Ending.NO_ACCESS, Ending.WITHDRAWN)


def ending(run: Reported, m: MissionRow) -> str:
    """Return how a mission ended, with the callout that the team was needed at instead."""
    team = run.names.teams[m.team]
    if m.ending in (Ending.REASSIGNED, Ending.PREEMPTED):
        for other in run.whereabouts.missions[m.team]:
            if (other.team, other.dispatched) == (m.team, m.cleared) and other is not m:
                if m.ending == Ending.REASSIGNED:
                    return f"{team} was reassigned to callout {other.callout}."
                return f"{team} was pre-empted by callout {other.callout}, which is more urgent."
    if left_them(run, m):
        return f"{team} left: no team was to take the people there to hospital."
    return f"{team} {_ENDINGS[m.ending]}."


def freed(run: Reported, at: int, number: int, team: int | None, others: bool) -> str:
    """
    Return why a pending callout could have a team at an instant, where the log says so.

    A team that was stopped on its way to the same callout is reported as such, and is no reason.

    ``others`` says that a team cleared at that moment is the reason even if another is sent, as
    where some are kept in reserve.
    """
    names = run.names.teams
    ended = [
        m for m in run.whereabouts.ended[at]
        if m.ending in _FREED
        and not (m.callout == number and m.ending in _STOPPED)
    ]  # fmt: skip
    own = [m for m in ended if m.team == team]
    for m in own or ended[:others]:
        return f"{names[m.team]} {_FREED[m.ending]} callout {m.callout}. "
    for event in [] if team is None else run.whereabouts.events[team]:
        if team is not None and (event.at, event.what) == (at, Event.ON_DUTY):
            return f"{names[team]}, which had been called in, came on duty. "
    return ""


def left_for(run: Reported, at: int, team: int, number: int) -> int | None:
    """Return the callout from which a team was taken at an instant for another, if from any."""
    taken = (Ending.REASSIGNED, Ending.PREEMPTED)
    for m in run.whereabouts.ended[at]:
        if m.team == team and m.ending in taken and m.callout != number:
            return m.callout
    return None


def around(run: Reported, m: MissionRow) -> Iterator[tuple[int, str]]:
    """Yield what happened while a team was on a callout: volunteers, what stopped it, relief."""
    team = run.names.teams[m.team]
    own = [
        e for e in run.whereabouts.about[m.callout]
        if e.team == m.team
        and e.at >= m.dispatched and (m.cleared is None or e.at <= m.cleared)
    ]  # fmt: skip
    yield from _assembly(run, m, own)
    yield from stops(run, m, own)
    yield from asked(team, own)
    for event in own:
        if event.what == Event.RELIEF_ASKED:
            since = (
                "" if m.on_scene is None else f", {lasting(event.at - m.on_scene)} on scene by then"
            )
            yield event.at, f"Relief was asked for {team}{since}."


def _assembly(run: Reported, m: MissionRow, own: list[EventRow]) -> Iterator[tuple[int, str]]:
    """Yield how many volunteers were alerted and accepted, and what came of it."""
    count = Counter(event.what for event in own)
    if not count[Event.ALERTED]:
        return
    team, alerted = run.names.teams[m.team], count[Event.ALERTED]
    plural = "volunteer was" if alerted == 1 else "volunteers were"
    told = f"{alerted} {plural} alerted for {team}, {count[Event.ACCEPTED]} accepted"
    for event in own:
        if event.what == Event.CREW_TURNED_OUT:
            late = _late(run, m)
            yield (
                event.at,
                f"{told}; the crew turned out with {event.who} after "
                + (f"{lasting(event.at - m.dispatched)}{late}.{left_short(run, m, own, event.at)}"),
            )
            return
        if event.what == Event.NO_CREW_ASSEMBLED:
            after = lasting(event.at - m.dispatched)
            yield (
                event.at,
                f"{told}; no crew assembled within {after}{_late(run, m)}."
                + stayed_for_want(run, m, own),
            )
            return
    if m.cleared is not None:
        yield m.cleared, f"{told}; the crew had not turned out yet."


def _late(run: Reported, m: MissionRow) -> str:
    """Return how many arrived too late: after the crew turned out, so perhaps after the mission."""
    following = [
        other.dispatched for other in run.whereabouts.on[m.callout]
        if other.team == m.team and other.dispatched > m.dispatched
    ]  # fmt: skip
    until = min(following, default=None)
    late = sum(
        (e.team, e.what) == (m.team, Event.ARRIVED_TOO_LATE)
        and e.at >= m.dispatched
        and (until is None or e.at < until)
        for e in run.whereabouts.about[m.callout]
    )
    return f"; {late} arrived too late" if late else ""
