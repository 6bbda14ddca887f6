"""
From the local times of a record to instants, and from instants to the hour that clocks showed.

With a time zone, intervals across a change of clocks keep their length, and 14:00 in July is
hour 14. A local time that does not exist or comes twice is named, never guessed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from sim import units
from sim.local_clock import zone_of

from ..fields.records import Layout
from .time_zones import doubtful
from .written_dates import WrittenDates, offset_of

EPOCH = datetime(1970, 1, 1)
MILLISECOND = timedelta(milliseconds=1)
MS_PER_DAY = units.MS_PER["day"]
_MARGIN = timedelta(hours=3)  # around a day, in which a change of clocks is looked for
_QUARTER = 15 * units.MS_PER["min"]  # clocks change at whole ones


class ChangedHourError(units.QuantityError):
    """A local time that clocks skip or show twice, and nothing says which is meant."""

    def __init__(self, said: str, help: str, is_twice: bool) -> None:
        super().__init__(said, help)
        self.is_twice = is_twice
        self.column = ""  # whoever reads a cell says which it was


class RecordClock:
    """
    Turns what a record writes into instants, [ms] since 1970, and these into [ms] since a start.

    Parameters
    ----------
    start
        Local date and time from which is counted.
    here
        Time zone of the start; None: no zone is known.
    layout
        How the record is written, its own time zone among it.
    as_shown
        Whether is counted on the clocks there, on which every day has 24 hours and hours are those
        of the day; else elapsed time is, as a run has it.

    """

    def __init__(
        self, start: datetime, here: str | None, layout: Layout, as_shown: bool = False
    ) -> None:
        self.name = layout.timezone or here or ""
        self.zone = zone_of(self.name or None)
        self.here = zone_of(here) if here is not None else self.zone
        self.start, self.as_shown = start, as_shown
        self.dates = WrittenDates()
        self.dated_only = False  # callouts have dates, no times of day
        self.repeated = layout.repeated_hour
        self.taken: list[str] = []  # local times that come twice, read as the layout says
        self._offsets: dict[int, int | None] = {}
        self._shown: dict[tuple[int, int], int | None] = {}
        self._begins = _naive(start)
        if self.here is not None and not as_shown:
            aware = start.replace(tzinfo=self.here).astimezone(UTC)
            self._begins = _naive(aware.replace(tzinfo=None))

    def told(self) -> str:
        """Say of which time zone its times are."""
        if self.zone is None:
            return (
                "no time zone: hours are as written, and an interval across a change of clocks may "
                "be an hour off"
            )
        return f"times of {self.name}"

    def at(self, written: str, offset: int | None = None) -> int:
        """
        Return the instant of a date and time. [ms] since 1970

        ``offset`` is that of the row from UTC [ms], where a column has it.

        Raises
        ------
        QuantityError
            When it is none, or has no time of day.
        ChangedHourError
            When clocks skip it or show it twice.

        """
        found = self.dates.read(written)
        if not found.has_time:
            raise units.QuantityError(
                f"{units.shown(written)} has no time of day", "name the column that has: `date` is "
                "for records with dates and times of day in columns of their own",
            )  # fmt: skip
        return self.instant(found.at, found.offset if offset is None else offset)

    def instant(self, local: int, offset: int | None = None) -> int:
        """Return the instant of a local time, [ms] since 1970 both; without a zone the same."""
        if self.zone is None:
            return local
        if offset is None:
            day = local // MS_PER_DAY
            if day not in self._offsets:
                self._offsets[day] = self._offset_all_day(day)
            known = self._offsets[day]
            offset = self._offset_at(local) if known is None else known
        return local - offset

    def _offset_all_day(self, day: int) -> int | None:
        """Return the offset on a whole day; None where clocks are changed around it."""
        noon = (EPOCH + timedelta(days=day, hours=12)).replace(tzinfo=self.zone).astimezone(UTC)
        half = timedelta(hours=12) + _MARGIN
        first, last = (t.astimezone(self.zone).utcoffset() for t in (noon - half, noon + half))
        return None if first != last or first is None else round(first / MILLISECOND)

    def _offset_at(self, local: int) -> int:
        moment = EPOCH + local * MILLISECOND
        doubt = doubtful(moment, self.zone, self.name)
        if doubt is not None:
            twice = "comes twice" in doubt[0]
            if not twice or self.repeated == "leave out":
                help = "write timezone: UTC if clocks stayed as they are, or name the `offset`"
                more = ", or write repeated_hour: first (or second)" if twice else ""
                raise ChangedHourError(doubt[0], help + more, twice)
            self.taken.append(doubt[0])
        aware = moment.replace(tzinfo=self.zone, fold=int(self.repeated == "second"))
        return round((aware.utcoffset() or timedelta(0)) / MILLISECOND)

    def since_start(self, instant: int) -> int:
        """Return an instant as time since the start. [ms]"""
        if self.as_shown:
            return shown_at(instant, self.here, self._shown) - self._begins
        return instant - self._begins


def shown_at(instant: int, zone: tzinfo | None, known: dict[tuple[int, int], int | None]) -> int:
    """
    Return what clocks in a zone show at an instant. [ms] since 1970 both

    ``known`` keeps the offsets of days; where they change, None, and those of quarters of an hour.
    """
    if zone is None:
        return instant
    day = instant // MS_PER_DAY, MS_PER_DAY
    if day not in known:
        first, last = (_offset(instant // MS_PER_DAY + n, MS_PER_DAY, zone) for n in (0, 1))
        known[day] = first if first == last else None
    offset = known[day]
    if offset is None:
        quarter = instant // _QUARTER, _QUARTER
        if quarter not in known:
            known[quarter] = _offset(instant // _QUARTER, _QUARTER, zone)
        offset = known[quarter] or 0
    return instant + offset


def _offset(number: int, size: int, zone: tzinfo) -> int:
    """Return the offset of a zone at a multiple of a size since 1970. [ms]"""
    aware = (EPOCH + number * size * MILLISECOND).replace(tzinfo=UTC).astimezone(zone)
    return round((aware.utcoffset() or timedelta(0)) / MILLISECOND)


def row_offset(written: str) -> int | None:
    """Return the offset of a row from UTC; None where its cell is empty. [ms]"""
    return offset_of(written) if written else None


def _naive(moment: datetime) -> int:
    """Return a date and time without a zone. [ms] since 1970"""
    return round((moment - EPOCH) / MILLISECOND)
