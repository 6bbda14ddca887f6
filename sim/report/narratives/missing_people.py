"""Who was missing from a crew of volunteers, in sentences: derived from who had come by then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.log import Event, EventRow, MissionRow

if TYPE_CHECKING:
    from sim.experiment import Reported
    from sim.scenario import CrewRequirement


def left_short(run: Reported, m: MissionRow, own: Iterable[EventRow], at: int) -> str:
    """Return what a crew lacked that turned out at its time-out; "" if nothing."""
    waits_for, came = _waits_for(run, m), _came(own)
    if waits_for is None or at < m.dispatched + waits_for.assembly_timeout:
        return ""
    missing = [f"fewer than {waits_for.minimum} people"] * (len(came) < waits_for.minimum)
    if lacking := waits_for.lacking(came):
        missing.append(f"nobody who has {_either(lacking)}")
    return f" Its time was up: it left with {', and with '.join(missing)}." if missing else ""


def stayed_for_want(run: Reported, m: MissionRow, own: Iterable[EventRow]) -> str:
    """Return what kept people who had come from turning out; "" if nobody had come."""
    waits_for, came = _waits_for(run, m), _came(own)
    if waits_for is None or not came:
        return ""
    lacking = [name for name in waits_for.lacking(came) if name in waits_for.never_without]
    if not lacking:
        return ""
    return f" {len(came)} had come, but nobody who has {_either(lacking)}: it never leaves without."


def _waits_for(run: Reported, m: MissionRow) -> CrewRequirement | None:
    return run.crews[m.team] if m.team < len(run.crews) else None


def _came(own: Iterable[EventRow]) -> list[int]:
    return [e.who for e in own if e.what == Event.ARRIVED and e.who is not None]


def _either(names: Iterable[str]) -> str:
    return " or ".join(f"'{name}'" for name in names)
