"""
The local clock of a run: what clocks on the wall show at an instant, and when they show a time.

Instants count elapsed milliseconds from the start of the measured period, negative in the warm-up.
*Local time* counts what clocks show, in milliseconds since the midnight with which the calendar day
of the start begins. The two differ by a constant until clocks are put forward or back; where that
happens within a run, a day may have 23 or 25 hours, and a local time may be skipped or come twice.

A local time that is skipped is meant by the offset before the change: 02:30 of a night in which
clocks are put forward from 02:00 to 03:00 is the instant at which they show 03:30. One that comes
twice is meant when it comes first. That is the convention of PEP 495 with ``fold=0`` [1]_.

References
----------
.. [1] A. Belopolsky, T. Peters, "PEP 495 - Local Time Disambiguation", 2015.

"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
LONGEST = 40 * 366 * DAY  # that is looked through for changes; runs and records are shorter
_MS = timedelta(milliseconds=1)

Time = TypeVar("Time")  # an int, or an array of them


class ClockChange(NamedTuple):
    """An instant at which clocks are put forward or back. [ms]"""

    at: int
    before: int  # local time that clocks would show then
    after: int  # local time that they show instead

    @property
    def by(self) -> int:
        """By how much they are put forward; negative where they are put back. [ms]"""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class LocalClock:
    """
    The clock of a run or a record.

    Parameters
    ----------
    start
        What clocks show at instant 0.
    changes
        When they are put forward or back within the run, in order.
    offset
        What local time is ahead of UTC at instant 0. [ms] None: not known.

    """

    start: datetime
    changes: tuple[ClockChange, ...] = ()
    offset: int | None = None
    midnight: datetime = field(init=False)  # with which the day of the start begins
    shift: int = field(init=False)  # local time less instant, before all changes [ms]

    def __post_init__(self) -> None:
        """Work out what is looked up for each instant."""
        midnight = self.start.replace(hour=0, minute=0, second=0, microsecond=0)
        into_day = (self.start - midnight) // _MS
        by = sum(change.by for change in self.changes if change.at <= 0)
        object.__setattr__(self, "midnight", midnight)
        object.__setattr__(self, "shift", into_day - by)

    @classmethod
    def fixed(cls, into_day: int) -> LocalClock:
        """Return a clock without changes that begins so long after the midnight of a Monday."""
        return cls(datetime(2001, 1, 1) + into_day * _MS)

    @classmethod
    def changed(
        cls, start: datetime, changes: Iterable[Sequence[int]], offset: int | None = None
    ) -> LocalClock:
        """Return a clock put forward at some instants by so much: pairs, in order. [ms]"""
        pairs = [(at, by) for at, by in changes]
        into_day = (start - start.replace(hour=0, minute=0, second=0, microsecond=0)) // _MS
        shift, found = into_day - sum(by for at, by in pairs if at <= 0), list[ClockChange]()
        for at, by in pairs:
            found.append(ClockChange(at, at + shift, at + shift + by))
            shift += by
        return cls(start, tuple(found), offset)

    # -- what clocks show ------------------------------------------------------------------------

    def local(self, at: Time) -> Time:
        """Return the local time at an instant, or at each of an array. [ms]"""
        instant: Any = at
        shown = instant + self.shift
        for change in self.changes:
            shown = shown + (instant >= change.at) * change.by
        return shown  # type: ignore[no-any-return]

    def minute(self, at: Time) -> Time:
        """Return the minute of the day, 0 to 1439."""
        local: Any = self.local(at)
        return local // MINUTE % 1440  # type: ignore[no-any-return]

    def hour(self, at: Time) -> Time:
        """Return the hour of the day, 0 to 23."""
        local: Any = self.local(at)
        return local // HOUR % 24  # type: ignore[no-any-return]

    def hour_of_week(self, at: Time) -> Time:
        """Return the hour of the week, 0 to 167 from Monday 00:00."""
        local: Any = self.local(at)
        return (local + self.midnight.weekday() * DAY) // HOUR % 168  # type: ignore[no-any-return]

    def day(self, at: Time) -> Time:
        """Return the calendar day, 0 being that of the start."""
        local: Any = self.local(at)
        return local // DAY  # type: ignore[no-any-return]

    def moment(self, at: int) -> datetime:
        """Return the date and time that clocks show."""
        return self.midnight + timedelta(milliseconds=self.local(at))

    def ahead(self, at: int) -> int | None:
        """Return what local time is ahead of UTC at an instant. [ms] None: not known."""
        if self.offset is None:
            return None
        return self.offset + (self.local(at) - at) - self.local(0)

    def is_shown_twice(self, at: int) -> bool:
        """Return whether clocks show the local time of an instant at another one, too."""
        return any(change.by <= at - change.at < -change.by for change in self.changes)

    def told_apart(self, at: int) -> str:
        """Return ` (UTC+02:00)` for an instant whose local time comes twice, else nothing."""
        ahead = self.ahead(at) if self.is_shown_twice(at) else None
        return "" if ahead is None else f" (UTC{say_offset(ahead)})"

    # -- when clocks show it ---------------------------------------------------------------------

    def instant(self, local: Time) -> Time:
        """
        Return the instant of a local time, or of each of an array. [ms]

        One that is skipped is meant by the offset before; one that comes twice, when it is first.
        """
        shown: Any = local
        at = shown - self.shift
        for change in self.changes:
            at = at - (shown >= max(change.before, change.after)) * change.by
        return at  # type: ignore[no-any-return]

    def local_of(self, moment: int | datetime) -> int:
        """Return a moment as written, a date and time or time since midnight of day 1. [ms]"""
        if isinstance(moment, datetime):
            return round((moment - self.midnight) / _MS)
        return moment

    def instant_of(self, moment: int | datetime) -> int:
        """Return the instant of a moment as written: as ``instant`` has it. [ms]"""
        return self.instant(self.local_of(moment))

    def occurrences(self, local: int) -> list[int]:
        """Return the instants at which clocks show a local time: none, one or two. [ms]"""
        found, shift, begins = [], self.shift, None
        for change in (*self.changes, None):
            at = local - shift
            if (begins is None or at >= begins) and (change is None or at < change.at):
                found.append(at)
            if change is not None:
                shift, begins = shift + change.by, change.at
        return found

    def edges(self, begins: int, ends: int, *times: int) -> list[int]:
        """
        Return when clocks show some times of the day, or are changed, between two instants. [ms]

        So between two edges they show no such time. In order; neither instant is among them.
        """
        days = range(self.day(begins) - 1, self.day(ends) + 2)
        every = {at for day in days for time in times for at in self.occurrences(day * DAY + time)}
        every |= {change.at for change in self.changes}
        return sorted(at for at in every if begins < at < ends)

    def hour_ends(self, at: int) -> int:
        """Return when the hour that clocks show at an instant ends: or when they are changed."""
        full = at + HOUR - self.local(at) % HOUR
        return min([full, *(change.at for change in self.changes if at < change.at)])

    def day_begins(self, ends: int) -> list[int]:
        """
        Return when each day of a period from instant 0 begins. [ms]

        At the time of the day at which the period does: a day may have 23 or 25 hours.
        """
        found, first = [0], self.local(0)
        while (at := self.instant(first + len(found) * DAY)) < ends:
            found.append(at)
        return found

    @property
    def shifts(self) -> tuple[int, ...]:
        """Local time less instant, before all changes and after each. [ms]"""
        found = [self.shift]
        for change in self.changes:
            found.append(found[-1] + change.by)
        return tuple(found)

    def since(self, at: int) -> LocalClock:
        """Return the clock that counts from another instant: that becomes its 0."""
        into = self.moment(at)
        days = (into.replace(hour=0, minute=0, second=0, microsecond=0) - self.midnight) // _MS
        changes = (ClockChange(c.at - at, c.before - days, c.after - days) for c in self.changes)
        return LocalClock(into, tuple(changes), self.ahead(at))


def zone_of(name: str | None) -> tzinfo | None:
    """Return a time zone; None where there is no such, or the computer knows none."""
    import zoneinfo

    try:
        return None if name is None else zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=256)
def local_clock(start: datetime, zone_name: str | None, begins: int, ends: int) -> LocalClock:
    """
    Return the clock of a place, with the changes between two instants. [ms]

    A zone that the computer does not know has none.
    """
    zone = zone_of(zone_name)
    if zone is None:
        return LocalClock(start)
    instant_0 = start.replace(tzinfo=zone).astimezone(UTC)

    offset = _offset(instant_0, 0, zone)
    shown = (instant_0 + offset).replace(tzinfo=None)
    changes = _changes(instant_0, zone, max(begins, -LONGEST), min(ends, LONGEST))
    return LocalClock.changed(shown, changes, offset // _MS)


def _offset(instant_0: datetime, at: int, zone: tzinfo) -> timedelta:
    return (instant_0 + at * _MS).astimezone(zone).utcoffset() or timedelta(0)


def _changes(
    instant_0: datetime, zone: tzinfo, begins: int, ends: int
) -> Iterator[tuple[int, int]]:
    """Yield the instants at which the offset of a zone changes, and by how much. [ms]"""
    at, last = begins, ends - 1
    old = _offset(instant_0, at, zone)
    while at < last:
        later = min(at + DAY, last)
        new = _offset(instant_0, later, zone)
        if new != old:
            low, high = at, later
            while high - low > 1:
                middle = (low + high) // 2
                is_before = _offset(instant_0, middle, zone) == old
                low, high = (middle, high) if is_before else (low, middle)
            new, later = _offset(instant_0, high, zone), high
            yield high, (new - old) // _MS
        at, old = later, new


def say_offset(ahead: int) -> str:
    """Return an offset from UTC as dates have it: `+02:00`, `-04:30`."""
    minutes = abs(ahead) // MINUTE
    return f"{'-' if ahead < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
