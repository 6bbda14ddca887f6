"""The parts of a run that have a name: when a road is closed, a surge holds, after an incident."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sim import units

from ..fields.models import Scenario
from .rosters import Interval
from .windows import RunWindow

AFTER_INCIDENT = units.MS_PER["day"]


class NamedWindow(NamedTuple):
    """A part of the measured period: what it is, and from when until when it lasts. [ms]"""

    name: str
    stretches: tuple[Interval, ...]


def named_windows(scenario: Scenario) -> tuple[NamedWindow, ...]:
    """
    Return the closures, surges and incidents of a scenario as parts of its measured period.

    An incident lasts until the last of its sites is reported, at least a day. What does not fall
    into the measured period is left out, and so is what lasts all of it.
    """
    whole = ((0, scenario.clock.length),)
    found = [window for window in _written(scenario) if window.stretches not in ((), whole)]
    names = apart([window.name for window in found])
    return tuple(w._replace(name=name) for w, name in zip(found, names, strict=True))


def _written(scenario: Scenario) -> Iterator[NamedWindow]:
    clock, ends = scenario.clock.local, scenario.clock.length
    for closure in scenario.map.closures:
        held = RunWindow(closure, clock, 0, ends).stretches()
        yield NamedWindow(f"closure {closure.said}", tuple(held))
    for surge in scenario.demand.surges:
        held = RunWindow(surge, clock, 0, ends).stretches()
        said = surge.name or surge.place or surge.area or "everywhere"
        yield NamedWindow(f"surge {said}", tuple(held))
    for incident in scenario.demand.incidents:
        at = clock.instant_of(incident.at)
        begins, until = max(at, 0), min(at + max(incident.over, AFTER_INCIDENT), ends)
        said = incident.name or f"{incident.kind} in {incident.place}"
        yield NamedWindow(f"incident {said}", ((begins, until),) if begins < until else ())


def apart(names: Sequence[str]) -> tuple[str, ...]:
    """Return names with a number where one was used before: two closures may be of one road."""
    return tuple(
        name if name not in names[:i] else f"{name} ({names[: i + 1].count(name)})"
        for i, name in enumerate(names)
    )
