"""
Which hours a record covers: from its first callout to its last, without gaps.

A record does not say when its keeping began. Between its first and its last callout it was kept, so
that time is the exposure, and these two are not counted: of a Poisson process, ``n - 2`` callouts
in the time between are unbiased for the rate. Days without a callout that are too many to be chance
are gaps: they are left out of the exposure, and told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from .fitted_input import FittedInput, Floats, Ints

HOUR, DAY = 3_600_000, 86_400_000
CHANCE = 1e-3  # that a record without gaps has such a row of days without a callout
LEAST_MONTH_DAYS = 20  # covered in each month, for months to be fitted
LEAST_WEEKS = 2  # for weekdays to be fitted


@dataclass(frozen=True, eq=False)
class CoveredTime:
    """
    Hours that a record covers, and the callouts that count.

    Attributes
    ----------
    exposure
        Time covered by hour, weekday from Monday, and month. [h], shape (24, 7, 12)
    counted
        Whether each callout counts: all but the first and the last. Shape (callouts,)
    hour, weekday, month
        Of each callout, by the local clock; months from 0. Shape (callouts,)
    days
        Numbers of the whole days that are covered, since the start.
    gaps
        First and last day of each gap.
    first, last
        The calendar days of the first and the last callout.

    """

    exposure: Floats
    counted: np.ndarray[tuple[int], np.dtype[np.bool_]]
    hour: Ints
    weekday: Ints
    month: Ints
    days: Ints
    gaps: tuple[tuple[date, date], ...]
    first: date
    last: date

    @property
    def hours(self) -> float:
        """How long it is in all. [h]"""
        return float(self.exposure.sum())

    @property
    def has_weekdays(self) -> bool:
        """Whether it is long enough to tell weekdays apart."""
        return bool(self.exposure.sum(axis=(0, 2)).min() >= 24 * LEAST_WEEKS * 0.9)

    @property
    def has_months(self) -> bool:
        """Whether every month is covered long enough."""
        return bool(self.exposure.sum(axis=(0, 1)).min() >= 24 * LEAST_MONTH_DAYS)


def covered_time(found: FittedInput) -> CoveredTime:
    """Return which hours a record covers."""
    local, midnight = found.received, found.start.date()
    day = local // DAY
    dates = _Dates(midnight, int(day[0]), int(day[-1]))
    every_day = np.arange(int(day[0]), int(day[-1]) + 1)
    gaps = _gaps(day, dates.weekday(every_day))
    counted = np.ones(len(local), dtype=bool)
    counted[[0, -1]] = False
    begins, ends = int(local[0]), int(local[-1])
    slots = np.arange(begins // HOUR, ends // HOUR + 1)
    share = np.ones(len(slots))
    share[0] -= begins % HOUR / HOUR
    share[-1] -= 1 - ends % HOUR / HOUR
    for low, high in gaps:
        share[(slots >= low * 24) & (slots < (high + 1) * 24)] = 0.0
    exposure = np.zeros((24, 7, 12))
    of_slot = slots // 24
    np.add.at(exposure, (slots % 24, dates.weekday(of_slot), dates.month(of_slot)), share)
    whole = np.arange(int(day[0]) + 1, int(day[-1]))
    for low, high in gaps:
        whole = whole[(whole < low) | (whole > high)]
    return CoveredTime(
        exposure, counted, local // HOUR % 24, dates.weekday(day), dates.month(day), whole,
        tuple((midnight + timedelta(days=a), midnight + timedelta(days=b)) for a, b in gaps),
        midnight + timedelta(days=int(day[0])), midnight + timedelta(days=int(day[-1])),
    )  # fmt: skip


class _Dates:
    """Weekday and month of days by number."""

    def __init__(self, midnight: date, first: int, last: int) -> None:
        self.first = first
        days = [midnight + timedelta(days=n) for n in range(first, last + 1)]
        self._weekday = np.array([d.weekday() for d in days], dtype=np.int64)
        self._month = np.array([d.month - 1 for d in days], dtype=np.int64)

    def weekday(self, day: Ints) -> Ints:
        return self._weekday[day - self.first]

    def month(self, day: Ints) -> Ints:
        return self._month[day - self.first]


def _gaps(day: Ints, weekday: Ints) -> list[tuple[int, int]]:
    """
    Return days without a callout, in rows too long to be chance: first and last of each.

    A day is without one with the probability that the negative binomial distribution gives, by the
    mean of its weekday and the index of dispersion of days that have any. Where there are gaps the
    mean is too low, so fewer are found than there are, never more.
    """
    first = int(day[0])
    counts = np.bincount(day - first).astype(np.float64)
    busy = counts[counts > 0]
    if len(busy) < 2:
        return []
    total = np.bincount(weekday, weights=counts, minlength=7)
    mean = (total / np.maximum(np.bincount(weekday, minlength=7), 1))[weekday]
    index = max(float(busy.var(ddof=1) / busy.mean()), 1.0)
    log_none = -mean if index < 1.01 else -mean / (index - 1) * np.log(index)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], counts == 0, [0]])))
    rows = zip(edges[::2], edges[1::2] - 1, strict=True)
    limit = np.log(CHANCE / len(counts))
    return [(first + int(a), first + int(b)) for a, b in rows if log_none[a : b + 1].sum() < limit]
