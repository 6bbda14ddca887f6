"""Complications of one callout in sentences: permission, closures, scene hazards, delays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sim.log import CalloutRow, Event, EventRow, MissionRow

from ..phrasing.saying import lasting, listed

if TYPE_CHECKING:
    from sim.experiment import Reported

NEAREST = "reached first"  # the plain reason for a hospital, which is not printed

Said = tuple[int, str]


def waiting(run: Reported, row: CalloutRow) -> Iterator[Said]:
    """Yield what kept a callout pending, and when: permission, deferral, no access."""
    since = None
    for event in run.whereabouts.about[row.callout]:
        if event.what == Event.AWAITS_PERMISSION and event.until is not None:
            yield event.at, "Permission was requested."
            yield event.until, f"Permission was given {lasting(event.until - event.at)} later."
        elif event.what == Event.HELD:
            yield event.at, _held(event)
        elif event.what == Event.NO_ACCESS:
            since = event.at
            who = run.whereabouts.closures_around(row.place, event.at)
            names = [run.names.closures[n] for n in who if n < len(run.names.closures)]
            closed = f": {listed(names)} {'is' if len(names) == 1 else 'are'} closed"
            yield event.at, f"No base has access to {_place(run, event)}{closed if names else ''}."
        elif event.what == Event.ACCESS_AGAIN:
            lasted = "" if since is None else f", {lasting(event.at - since)} after it was lost"
            yield event.at, f"There is access to {_place(run, event)} again{lasted}."


def _held(event: EventRow) -> str:
    """Return why a deferrable callout was held, and for how long at most."""
    if event.until is None or event.until <= event.at:
        return "Held: a callout that is not deferrable goes first."
    return (
        f"Held for at most {lasting(event.until - event.at)}, so that teams stay free for "
        "callouts that are not deferrable."
    )


def _place(run: Reported, event: EventRow) -> str:
    return _named(run.names.places, event.who, "its place")


def _named(words: Sequence[str], number: int | None, otherwise: str) -> str:
    """Return a name; results of other versions may not have it."""
    if number is None or not 0 <= number < len(words):
        return otherwise
    return words[number]


def stops(run: Reported, m: MissionRow, own: Iterable[EventRow]) -> Iterator[Said]:
    """Yield what stopped a team on a mission, and when; ``own`` are the events of that mission."""
    team, names = run.names.teams[m.team], run.names
    for event in own:
        if event.what == Event.MET_CLOSURE:
            yield event.at, f"{team} met a closure{_in_brackets(names.closures, event.who)}."
        elif event.what == Event.TOLD_OF_CLOSURE:
            road = _in_brackets(names.closures, event.who)
            yield event.at, f"{team} was told of a closure ahead{road}."
        elif event.what == Event.REFUSED_AT_CHECKPOINT:
            where = _named(names.checkpoints, event.who, "a checkpoint")
            yield event.at, f"{team} was refused at {where}."
        elif event.what == Event.STAGED:
            yield event.at, f"{team} staged{_until(m, event)}: the scene was not safe to enter."
        elif event.what == Event.EXPLOSIVE_HAZARD_FOUND:
            yield event.at, f"{team} found an explosive hazard; work stops until it is cleared."
        elif event.what == Event.EXPLOSIVE_HAZARD_CLEARED:
            yield event.at, f"{team} had cleared the explosive hazard{_since_found(run, event)}."
        elif event.what == Event.OFFLOAD_DELAY:
            hospital = _named(names.hospitals, event.who, "the hospital")
            lasts = "" if event.until is None else f" {lasting(event.until - event.at)}"
            yield event.at, f"{team} waited{lasts} for an offload bay at {hospital}."


def _in_brackets(words: Sequence[str], number: int | None) -> str:
    name = _named(words, number, "")
    return f" ({name})" if name else ""


def _until(m: MissionRow, event: EventRow) -> str:
    """Return how long a team was staged: until the scene was safe, or its mission ended."""
    ends = [at for at in (event.until, m.cleared) if at is not None]
    return f" for {lasting(min(ends) - event.at)}" if ends else ""


def _since_found(run: Reported, cleared: EventRow) -> str:
    assert cleared.callout is not None
    for event in run.whereabouts.about[cleared.callout]:
        if event.what == Event.EXPLOSIVE_HAZARD_FOUND:
            return f", {lasting(cleared.at - event.at)} after it was found"
    return ""


def why_there(run: Reported, m: MissionRow) -> str:
    """Return in brackets why a team took somebody to a hospital other than the nearest."""
    for d in run.whereabouts.questions[m.callout]:
        is_it = (d.question, d.chosen) == ("destination", m.hospital)
        if is_it and m.left is not None and d.at >= m.left:
            return "" if d.why in ("", NEAREST) else f" ({d.why})"
    return ""
