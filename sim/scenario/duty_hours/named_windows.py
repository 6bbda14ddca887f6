"""The parts of a run that have a name: closures, curfews, weather, surges, seasons, incidents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from sim import units

from ..fields.demand_models import Season
from ..fields.disruption_models import Curfew, Weather, Window
from ..fields.models import Scenario
from ..tables.table_rows import HospitalRow
from .demand_calendar import spans_of
from .hospital_hours import closed_outside_hours
from .rosters import Interval, joined
from .windows import held

AFTER_INCIDENT = units.MS_PER["day"]
CLOSURE, HOSPITAL_CLOSURE, OUT_OF_HOURS = "closure", "hospital closure", "hospital out of hours"
CURFEW, WEATHER, SURGE, SEASON, INCIDENT = "curfew", "weather", "surge", "season", "incident"
SORTS = (
    CLOSURE, HOSPITAL_CLOSURE, OUT_OF_HOURS, CURFEW, WEATHER, SURGE, SEASON, INCIDENT,
)  # fmt: skip


class NamedWindow(NamedTuple):
    """A part of the measured period: what it is, and from when until when it lasts. [ms]"""

    name: str
    stretches: tuple[Interval, ...]


def named_windows(
    scenario: Scenario, hospitals: Iterable[HospitalRow] = ()
) -> tuple[NamedWindow, ...]:
    """
    Return what a scenario has of closures, curfews, weather, surges, seasons and incidents.

    ``hospitals`` are all that there are, of a table or not: those with dates or hours of their own
    are out of hours at all other times. An incident lasts until the last of its sites is reported,
    at least a day. What does not fall into the measured period is left out, and so is what lasts
    all of it.
    """
    whole = ((0, scenario.clock.length),)
    each = chain(_of_map(scenario, hospitals), _of_demand(scenario))
    found = [window for window in each if window.stretches not in ((), whole)]
    return _numbered(found)


def windows_of_all(each: Iterable[Iterable[NamedWindow]]) -> tuple[NamedWindow, ...]:
    """Return the windows of several scenarios: what is the same in them once."""
    return _numbered(list(dict.fromkeys(window for own in each for window in own)))


def sort_and_name(window: str) -> tuple[str, str]:
    """
    Return what a window is, one of ``SORTS``, and its own name.

    Examples
    --------
    >>> sort_and_name("hospital closure Lattakia")
    ('hospital closure', 'Lattakia')

    """
    sort = max((s for s in SORTS if window.startswith(f"{s} ")), key=len)
    return sort, window[len(sort) + 1 :]


def _of_map(scenario: Scenario, hospitals: Iterable[HospitalRow]) -> Iterator[NamedWindow]:
    """Yield when roads and hospitals are closed and teams drive at another speed."""
    ways = scenario.map
    for closure in ways.closures:
        yield NamedWindow(f"{CLOSURE} {closure.said}", _held(scenario, [closure]))
    for shut in ways.hospital_closures:
        yield NamedWindow(f"{HOSPITAL_CLOSURE} {shut.hospital}", _held(scenario, [shut]))
    for row in hospitals:
        outside = _held(scenario, closed_outside_hours([row]))
        yield NamedWindow(f"{OUT_OF_HOURS} {row.name}", outside)
    for curfew in ways.curfews:
        yield NamedWindow(f"{CURFEW} {_at_speed(curfew)}", _held(scenario, [curfew]))
    for weather in ways.weather:
        said = weather.name or _at_speed(weather)
        yield NamedWindow(f"{WEATHER} {said}", _held(scenario, [weather]))


def _of_demand(scenario: Scenario) -> Iterator[NamedWindow]:
    """Yield when there are more callouts, or fewer, than otherwise."""
    demand, clock = scenario.demand, scenario.clock
    for surge in demand.surges:
        said = surge.name or surge.place or surge.area or "everywhere"
        yield NamedWindow(f"{SURGE} {said}", _held(scenario, [surge]))
    for season in demand.seasons:
        yield NamedWindow(f"{SEASON} {_named(season)}", _on_dates(season, scenario))
    for kind, own in demand.kinds.items():
        for season in own.seasons or ():
            said = f"{_named(season)}, {kind}"
            yield NamedWindow(f"{SEASON} {said}", _on_dates(season, scenario))
    for incident in demand.incidents:
        at = clock.local.instant_of(incident.at)
        said = incident.name or f"{incident.kind} in {incident.place}"
        until = at + max(incident.over, AFTER_INCIDENT)
        yield NamedWindow(f"{INCIDENT} {said}", _within([(at, until)], clock.length))


def _held(scenario: Scenario, windows: Iterable[Window]) -> tuple[Interval, ...]:
    """Return when any of some windows holds in the measured period."""
    return held(windows, scenario.clock.local, scenario.clock.length)


def _on_dates(season: Season, scenario: Scenario) -> tuple[Interval, ...]:
    """Return when a season is in the measured period."""
    ends = scenario.clock.length
    return _within(
        (
            (0 if begins is None else begins, ends if until is None else until)
            for begins, until in spans_of(season, scenario.clock.local)
        ),
        ends,
    )


def _within(stretches: Iterable[Interval], ends: int) -> tuple[Interval, ...]:
    """Return the parts of stretches that lie in the measured period; what touches is one."""
    cut = ((max(begins, 0), min(until, ends)) for begins, until in stretches)
    return joined([(begins, until) for begins, until in cut if begins < until])


def _named(season: Season) -> str:
    return season.name or f"at {100 * season.scale:.6g} % of demand"


def _at_speed(window: Curfew | Weather) -> str:
    """Return the hours of a window without a name, or else its speed."""
    if window.hours is not None:
        return units.say_hours(window.hours)
    return f"at {100 * window.speed:.6g} % of speed"


def _numbered(windows: Sequence[NamedWindow]) -> tuple[NamedWindow, ...]:
    names = apart([window.name for window in windows])
    return tuple(w._replace(name=name) for w, name in zip(windows, names, strict=True))


def apart(names: Sequence[str]) -> tuple[str, ...]:
    """Return names with a number where one was used before: two closures may be of one road."""
    found: list[str] = []
    for i, name in enumerate(names):
        number = names[: i + 1].count(name)
        own = name if number == 1 else f"{name} ({number})"
        while own in found:  # where windows of several scenarios were numbered before
            number += 1
            own = f"{name} ({number})"
        found.append(own)
    return tuple(found)
