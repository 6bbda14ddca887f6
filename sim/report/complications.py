"""What stood in the way of a callout, in sentences: permission, closed roads, danger, doors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sim.log import CalloutRow, Event, EventRow, MissionRow

if TYPE_CHECKING:
    from sim.experiment import Told

NEAREST = "reached first"  # the plain reason for a hospital, which need not be told

Said = tuple[int, str]


def minutes(ms: int) -> str:
    """Return a duration in minutes with one decimal."""
    return f"{ms / 60_000:.1f} min"


def waiting(run: Told, row: CalloutRow) -> Iterator[Said]:
    """Yield what kept a callout waiting, and when: permission, others before it, closed roads."""
    since = None
    for event in run.log.events:
        if event.callout != row.callout:
            continue
        if event.what == Event.AWAITS_PERMISSION and event.until is not None:
            yield event.at, "Permission to begin was asked for."
            yield event.until, f"Permission was given, {minutes(event.until - event.at)} later."
        elif event.what == Event.HELD:
            yield event.at, _held(event)
        elif event.what == Event.NO_ACCESS:
            since = event.at
            yield event.at, f"Cut off: no base has a way to {_place(run, event)}."
        elif event.what == Event.ACCESS_AGAIN:
            lasted = "" if since is None else f", {minutes(event.at - since)} after it was cut off"
            yield event.at, f"There is a way to {_place(run, event)} again{lasted}."


def _held(event: EventRow) -> str:
    """Return that work that can wait was not begun, and for how long that may be."""
    if event.until is None or event.until <= event.at:
        return "Held back: a callout that cannot wait comes first."
    return (
        "Held back, so that teams stay free for callouts that cannot wait: for at most "
        f"{minutes(event.until - event.at)}."
    )


def _place(run: Told, event: EventRow) -> str:
    return _named(run.names.places, event.who, "its place")


def _named(words: Sequence[str], number: int | None, otherwise: str) -> str:
    """Return a name; results of other versions may not have it."""
    if number is None or not 0 <= number < len(words):
        return otherwise
    return words[number]


def stops(run: Told, m: MissionRow, own: Iterable[EventRow]) -> Iterator[Said]:
    """Yield what stopped a team on a mission, and when; ``own`` are the events of that mission."""
    team, names = run.names.teams[m.team], run.names
    for event in own:
        if event.what == Event.MET_CLOSURE:
            yield event.at, f"{team} met a closed road{_in_brackets(names.closures, event.who)}."
        elif event.what == Event.TOLD_OF_CLOSURE:
            road = _in_brackets(names.closures, event.who)
            yield event.at, f"{team} was told on its way of a closed road ahead{road}."
        elif event.what == Event.REFUSED_AT_CHECKPOINT:
            where = _named(names.checkpoints, event.who, "a checkpoint")
            yield event.at, f"{team} was turned back at {where}."
        elif event.what == Event.STAGED:
            yield event.at, f"{team} stood off{_until(m, event)}: the scene was not safe to enter."
        elif event.what == Event.EXPLOSIVE_HAZARD_FOUND:
            yield event.at, f"{team} found a device; nobody works there until it is cleared."
        elif event.what == Event.EXPLOSIVE_HAZARD_CLEARED:
            yield event.at, f"{team} had cleared the device{_since_found(run, event)}."
        elif event.what == Event.OFFLOAD_DELAY:
            door = _named(names.hospitals, event.who, "the hospital")
            lasts = "" if event.until is None else f" for {minutes(event.until - event.at)}"
            yield event.at, f"{team} waited at the door of {door}{lasts}."


def _in_brackets(words: Sequence[str], number: int | None) -> str:
    name = _named(words, number, "")
    return f" ({name})" if name else ""


def _until(m: MissionRow, event: EventRow) -> str:
    """Return for how long a team stood off: until what it waited for, or its mission's end."""
    ends = [at for at in (event.until, m.cleared) if at is not None]
    return f" for {minutes(min(ends) - event.at)}" if ends else ""


def _since_found(run: Told, cleared: EventRow) -> str:
    for event in run.log.events:
        if (event.what, event.callout) == (Event.EXPLOSIVE_HAZARD_FOUND, cleared.callout):
            return f", {minutes(cleared.at - event.at)} after it was found"
    return ""


def why_there(run: Told, m: MissionRow) -> str:
    """Return in brackets why a team took somebody to a hospital that was not just the nearest."""
    for d in run.log.decisions:
        is_it = d.question == "destination" and (d.subject, d.chosen) == (m.callout, m.hospital)
        if is_it and m.left is not None and d.at >= m.left:
            return "" if d.why in ("", NEAREST) else f" ({d.why})"
    return ""
