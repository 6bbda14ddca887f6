"""When teams are on duty, and when they rest within a shift."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from sim import units

from ..fields.crews import CrewLimits, Shift, TeamEntry, Volunteers
from ..fields.models import Scenario
from ..fields.quantities import OFF, Moment, Roster

MS_PER_DAY = units.MS_PER["day"]
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Interval = tuple[int, int]
Window = tuple[int, int, int]
"""A rest: when it may begin at the earliest and the latest, and how long it lasts. [ms]"""


def duty_of(scenario: Scenario, team: TeamEntry, copy: int) -> tuple[Interval, ...]:
    """
    Return the stretches on duty of one of ``count`` teams, start of warm-up to end of run. [ms]

    A team in reserve has none; one with neither shifts nor roster is always on duty, from when it
    joins until it leaves. A team on call is there while its volunteers are.
    """
    if team.reserve is not None:
        return ()
    if team.roster is not None:
        begins = scenario.clock.local.local_of(team.starts) + copy * team.stagger
        duty = joined(clipped(scenario, _turns(scenario, team.roster, begins)))
    else:
        duty = on_duty(scenario, [scenario.shifts[name] for name in team.shifts])
    for dates in dates_of_team(scenario, team):
        duty = joined([_dated(scenario, stretch, *dates) for stretch in duty])
    return duty


def dates_of_team(scenario: Scenario, team: TeamEntry) -> list[tuple[Moment | None, Moment | None]]:
    """Return from when until when a team is there, and its volunteers, where that is written."""
    parts: list[TeamEntry | Volunteers] = [team]
    if team.on_call is not None:
        parts.append(scenario.volunteers[team.on_call.volunteers])
    dates = [(part.begins, part.until) for part in parts]
    return [pair for pair in dates if pair != (None, None)]


def on_duty(scenario: Scenario, shifts: Sequence[Shift]) -> tuple[Interval, ...]:
    """Return the stretches on duty in shifts; always, if there are none. [ms]"""
    if not shifts:
        return ((-scenario.clock.warm_up, scenario.clock.length),)
    stretches = [
        _worked(scenario, day, shift)
        for day in _days(scenario)
        for shift in shifts
        if _begins_on(scenario, day, shift)
    ]
    return joined(clipped(scenario, stretches))


def within_limits(duty: Sequence[Interval], limits: CrewLimits | None) -> tuple[Interval, ...]:
    """Return the stretches on duty that limits leave of a roster, if no duty lasts longer. [ms]"""
    if limits is None:
        return tuple(duty)
    found: list[Interval] = []
    for begins, ends in duty:
        at = begins if not found else max(begins, found[-1][1] + limits.minimum_rest)
        while at < ends:
            until = ends if limits.hours_on_duty is None else min(ends, at + limits.hours_on_duty)
            found.append((at, until))
            at = until + limits.minimum_rest
    return tuple(found)


def breaks_of(scenario: Scenario, team: TeamEntry, duty: Sequence[Interval]) -> tuple[Window, ...]:
    """
    Return when a team may begin its rests, in order. [ms]

    One for each day and window, as far as the window falls within the team's duty; where it
    falls within two stretches of duty, within the first.
    """
    windows = []
    ends = [until for _, until in duty]
    for rest in team.breaks:
        for day in _days(scenario):
            opens, closes = _hours(scenario, day, rest.between)
            first = bisect_right(ends, opens)
            if first < len(duty) and opens < closes and duty[first][0] < closes:
                begins, until = duty[first]
                windows.append((max(opens, begins), min(closes, until), rest.duration))
    return tuple(sorted(windows))


def _turns(scenario: Scenario, roster: Roster, begins: int) -> Iterator[Interval]:
    """
    Yield the turns of a roster; its pattern runs back before its beginning too. [ms]

    ``begins`` is local time, and turns follow each other by it: where clocks are changed, one is
    longer or shorter. A shift in a roster of days keeps its own days: on others its turn is a day
    off.
    """
    clock = scenario.clock.local
    if roster.days:
        first = begins // MS_PER_DAY
        for day in _days(scenario):
            name = roster.days[(day - first) % len(roster.days)]
            if name != OFF and _begins_on(scenario, day, scenario.shifts[name]):
                yield _worked(scenario, day, scenario.shifts[name])
        return
    on, off = roster.turns
    turn = (clock.local(-scenario.clock.warm_up) - begins) // (on + off)
    while (opens := begins + turn * (on + off)) < clock.local(scenario.clock.length):
        yield clock.instant(opens), clock.instant(opens + on)
        turn += 1


def _hours(scenario: Scenario, day: int, hours: tuple[int, int]) -> Interval:
    """
    Return hours of a calendar day, 0 being that of the start; they may pass midnight. [ms]

    From and until are what clocks show, so in a night in which these are changed they last an hour
    more or less; hours that are skipped end when, or before, they begin.
    """
    opens = day * MS_PER_DAY + hours[0]
    closes = opens + ((hours[1] - hours[0]) % MS_PER_DAY or MS_PER_DAY)
    return scenario.clock.local.instant(opens), scenario.clock.local.instant(closes)


def _worked(scenario: Scenario, day: int, shift: Shift) -> Interval:
    """Return a shift on a calendar day, as far as its dates go; it may be empty. [ms]"""
    return _dated(scenario, _hours(scenario, day, shift.hours), shift.begins, shift.until)


def _dated(
    scenario: Scenario, stretch: Interval, begins: Moment | None, until: Moment | None
) -> Interval:
    clock = scenario.clock.local
    first = stretch[0] if begins is None else max(stretch[0], clock.instant_of(begins))
    last = stretch[1] if until is None else min(stretch[1], clock.instant_of(until))
    return first, last


def _begins_on(scenario: Scenario, day: int, shift: Shift) -> bool:
    return DAYS[(scenario.clock.local.midnight.weekday() + day) % 7] in shift.days


def _days(scenario: Scenario) -> range:
    """Return the calendar days that matter, 0 being that of the start: one more on either side."""
    clock = scenario.clock.local
    return range(clock.day(-scenario.clock.warm_up) - 1, clock.day(scenario.clock.length) + 2)


def clipped(scenario: Scenario, stretches: Iterable[Interval]) -> list[Interval]:
    """Return intervals within the run, its warm-up included."""
    begins, ends = -scenario.clock.warm_up, scenario.clock.length
    return [(max(a, begins), min(b, ends)) for a, b in stretches]


def joined(stretches: Sequence[Interval]) -> tuple[Interval, ...]:
    """Return intervals in order, those that touch or overlap made one, empty ones left out."""
    found: list[Interval] = []
    for begins, ends in sorted(s for s in stretches if s[0] < s[1]):
        if found and begins <= found[-1][1]:
            found[-1] = found[-1][0], max(ends, found[-1][1])
        else:
            found.append((begins, ends))
    return tuple(found)
