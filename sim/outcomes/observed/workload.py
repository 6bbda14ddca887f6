"""
How busy teams are: time on missions and on duty, and means over each hour of the day.

Everything is clipped to the measured period, so a mission that began in the warm-up counts for
the part that lies inside. All sums are of whole milliseconds and therefore exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.local_clock import LocalClock
from sim.log import MS_PER_DAY, MS_PER_HOUR

from ..inference.censoring import Floats, Ints

MOST_STRETCHES = 48  # of a period that is told by date
STRETCHES = (1, 3, 6, 12, 24, 168, 672)  # how long they may be, the first that is enough [h]


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Stretches of time with an owner each (a team). [ms], shape (spans,)"""

    owner: Ints
    begin: Ints
    until: Ints

    def clipped(self, end: int) -> Spans:
        """Return the parts inside the measured period [0, end), empty ones left out."""
        begin, until = np.clip(self.begin, 0, end), np.clip(self.until, 0, end)
        inside = until > begin
        return Spans(self.owner[inside], begin[inside], until[inside])

    def joined(self, other: Spans) -> Spans:
        """Return the spans of both, overlapping or not."""
        return Spans(
            np.concatenate([self.owner, other.owner]),
            np.concatenate([self.begin, other.begin]),
            np.concatenate([self.until, other.until]),
        )

    def merged(self, end: int) -> Spans:
        """Return the spans clipped and with overlaps of the same owner counted once."""
        inside = self.clipped(end)
        if not len(inside.owner):
            return inside
        # Owners laid end to end on one line, a gap of 1 ms between them, so one sort does all.
        offset = inside.owner * (end + 1)
        order = np.argsort(offset + inside.begin, kind="stable")
        begin, until = (offset + inside.begin)[order], (offset + inside.until)[order]
        furthest = np.maximum.accumulate(until)
        opens = np.concatenate([[True], begin[1:] > furthest[:-1]])
        closes = np.concatenate([opens[1:], [True]])
        owner = inside.owner[order][opens]
        return Spans(owner, begin[opens] - owner * (end + 1), furthest[closes] - owner * (end + 1))

    def length_by_owner(self, owners: int) -> Ints:
        """Return the total length per owner. [ms], shape (owners,)"""
        lengths = np.bincount(self.owner, weights=self.until - self.begin, minlength=owners)
        return lengths.astype(np.int64)

    def time_by_stretch(self, edges: Ints) -> Ints:
        """Return how long spans are open between each two edges, added up. [ms]"""
        return np.asarray(np.diff(_time_since(self.begin, edges) - _time_since(self.until, edges)))

    def mean_by_hour(self, clock: LocalClock, end: int) -> Floats:
        """
        Return the mean number of spans open in each hour of the local day. Shape (24,)

        Over the time for which clocks show the hour: one that they skip or show twice counts for
        less or more. Hours of the day that the period does not touch are ``nan``.
        """
        inside = self.clipped(end)
        open_time = _by_hour(clock, inside.until) - _by_hour(clock, inside.begin)
        measured = _measured_by_hour(clock, end)
        means = np.full(24, np.nan)
        np.divide(open_time, measured, out=means, where=measured > 0)
        return means


def stretches(clock: LocalClock, end: int) -> Ints:
    """
    Return where the stretches begin in which a measured period is told by date, and its end. [ms]

    Days and weeks are those of the calendar: one in which clocks are changed is shorter or longer.

    >>> (stretches(LocalClock.fixed(0), 28 * MS_PER_DAY)[:3] // MS_PER_HOUR).tolist()
    [0, 24, 48]
    """
    hours = next((h for h in STRETCHES if end <= MOST_STRETCHES * h * MS_PER_HOUR), STRETCHES[-1])
    begins = np.arange(0, end + MS_PER_DAY, hours * MS_PER_HOUR, dtype=np.int64)
    if hours % 24 == 0:
        begins = clock.instant(begins + clock.local(0))
        begins[0] = 0
    return np.append(begins[begins < end], end)


def _time_since(instants: Ints, edges: Ints) -> Ints:
    """Return the time from instants to each edge, of those before it, added up. [ms]"""
    in_order = np.sort(instants)
    before = np.searchsorted(in_order, edges)
    return np.asarray(edges * before - np.append(0, np.cumsum(in_order))[before])


def roster(duty: Sequence[Sequence[tuple[int, int]]]) -> Spans:
    """Return the rostered intervals of each team as spans owned by the team's number."""
    rows = [(team, *interval) for team, own in enumerate(duty) for interval in own]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Spans(*columns.T)


def hours_measured(clock: LocalClock, end: int) -> Floats:
    """
    Return how often each hour of the day occurs in the measured period. [h], shape (24,)

    Parameters
    ----------
    clock
        The local clock; the measured period begins at its instant 0.
    end
        How long it is. [ms]

    Examples
    --------
    In 25 hours from 06:00 the hour from 06:00 occurs twice, and half an hour is half of one:

    >>> hours_measured(LocalClock.fixed(6 * 3_600_000), 25 * 3_600_000)[5:8].tolist()
    [1.0, 2.0, 1.0]
    >>> hours_measured(LocalClock.fixed(22 * 3_600_000), 1_800_000)[21:24].tolist()
    [0.0, 0.5, 0.0]

    """
    return np.asarray(_measured_by_hour(clock, end) / MS_PER_HOUR)


def _measured_by_hour(clock: LocalClock, end: int) -> Ints:
    """Return how much of the measured period is in each hour of the day. [ms], shape (24,)"""
    whole = np.array([0, end], dtype=np.int64)
    return np.asarray(_by_hour(clock, whole[1:]) - _by_hour(clock, whole[:1]))


def _by_hour(clock: LocalClock, instants: Ints) -> Ints:
    """
    Return the time passed within each hour of the local day before the instants, added up.

    [ms], shape (24,). Only differences of it mean something, as it has no beginning. Where clocks
    are put forward the hour that they skip has not passed, where they are put back it has twice.
    """
    passed = _passed(clock.local(instants))
    for change in clock.changes:
        since = int((instants >= change.at).sum())
        before, after = (np.array([time], dtype=np.int64) for time in (change.before, change.after))
        passed = passed + since * (_passed(before) - _passed(after))
    return passed


def _passed(instants: Ints) -> Ints:
    """Return the same for local times of days that have 24 hours each."""
    days, into_day = np.divmod(instants, MS_PER_DAY)
    hour, into_hour = np.divmod(into_day, MS_PER_HOUR)
    in_this_hour = np.bincount(hour, minlength=24)
    past_this_hour = len(instants) - np.cumsum(in_this_hour)
    begun = np.bincount(hour, weights=into_hour, minlength=24).astype(np.int64)
    return np.asarray(MS_PER_HOUR * (days.sum() + past_this_hour) + begun, dtype=np.int64)
