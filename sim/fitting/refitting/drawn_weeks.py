"""
A record drawn again from itself, by whole weeks: the bootstrap of what is fitted to it.

Each week of the record is replaced by one of its weeks, drawn at random with replacement, day by
day, so that weekdays stay, and callouts of a day, and of days next to each other, stay together: a
busy day, a storm, a roster are drawn as they were (block bootstrap [1]_). Where months are fitted,
a week is drawn from those within four weeks of its own date, in any year, so that seasons stay
(generalised seasonal block bootstrap [2]_). The first and the last day, which are covered in part,
and gaps stay as they are.

Drawn from ``m`` weeks, what is fitted varies less than it should by ``(m - 1) / m``; `inflation`
makes up for it. Weeks that depend on each other, as in a year that was bad as a whole, make the
record less certain than this tells.

References
----------
.. [1] H. R. Kuensch, "The jackknife and the bootstrap for general stationary observations", *Ann.
   Statist.* 17(3), 1989, 1217-1241 (recalled, not checked).
.. [2] A. E. Dudek, J. Leskow, E. Paparoditis, D. N. Politis, "A generalized block bootstrap for
   seasonal time series", *J. Time Ser. Anal.* 35(2), 2014, 89-114 (recalled, not checked).

"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from sim import random_streams
from sim.errors import UsageError

from ..covered_time import DAY, CoveredTime, covered_time
from ..fitted_input import FittedInput, Ints

WEEK, YEAR = 7, 365.25  # [days]
NEAR = 4  # weeks before and after its own date from which a week is drawn, where months are fitted
FEWEST_WEEKS = 4  # that a week must be drawn from


@dataclass(frozen=True, eq=False)
class DrawnWeeks:
    """
    The weeks of a record, and for each the weeks that may take its place.

    Attributes
    ----------
    found
        The record.
    covered
        Numbers of its whole days that are covered, since the start.
    first, last
        Its first and its last day, which stay.
    begins
        First day of each week that is replaced; the last may be cut short by the last day.
    instead
        First days of the weeks that each may be replaced by.

    """

    found: FittedInput
    covered: Ints
    first: int
    last: int
    begins: Ints
    instead: tuple[Ints, ...]

    @property
    def fewest(self) -> int:
        """From how many weeks each is drawn, at least."""
        return min(len(own) for own in self.instead)

    @property
    def inflation(self) -> float:
        """By what the variance of what is fitted to drawn weeks is too small."""
        return self.fewest / (self.fewest - 1)

    def draw(self, seed: int, count: int) -> Iterator[FittedInput]:
        """Yield so many records drawn from this one; more of them leave the first the same."""
        words = -(-len(self.begins) // 4) * 4  # whole Philox blocks
        for number in range(count):
            raw = random_streams.bits(seed, 0, random_streams.DRAWN_WEEKS, number, 1, words)
            u = random_streams.uniforms(raw)[0]
            yield _taken(self.found, *self._days(u))

    def _days(self, u: random_streams.Uniforms) -> tuple[Ints, Ints]:
        """Return the days of a drawn record, and the day of the record that each is taken from."""
        days = np.arange(self.first, self.last + 1)
        source = days.copy()
        covered = np.isin(days, self.covered)
        for begins, instead, own in zip(self.begins, self.instead, u, strict=False):
            chosen = instead[int(own * len(instead))]
            source[(days >= begins) & (days < begins + WEEK) & covered] += chosen - begins
        return days, source


def weeks_of(found: FittedInput) -> DrawnWeeks:
    """
    Return the weeks of a record that it can be drawn from.

    Raises
    ------
    UsageError
        When they are too few.

    """
    covered = covered_time(found)
    day = found.received // DAY
    first, last = int(day[0]), int(day[-1])
    begins = np.arange(first + 1, last, WEEK)
    whole = np.array(
        [b for b in begins if np.isin(np.arange(b, b + WEEK), covered.days).all()], dtype=np.int64
    )
    instead = tuple(_near(int(own), whole, covered) for own in begins)
    drawn = DrawnWeeks(found, covered.days, first, last, begins, instead)
    if not instead or drawn.fewest < FEWEST_WEEKS:
        raise UsageError(
            f"{found.file}: there are {len(whole)} whole weeks in it without a gap; at least "
            f"{FEWEST_WEEKS}"
            + " about every date of the year" * covered.has_months
            + " are needed to tell how weeks differ, and so how certain is what was fitted"
        )
    return drawn


def _near(own: int, whole: Ints, covered: CoveredTime) -> Ints:
    """Return the weeks that may take the place of one: of the same season, where there are any."""
    if not covered.has_months:
        return whole
    apart = np.abs(whole - own) % YEAR
    return whole[np.minimum(apart, YEAR - apart) <= NEAR * WEEK + WEEK / 2]


def _taken(found: FittedInput, days: Ints, source: Ints) -> FittedInput:
    """Return a record whose days are taken from days of another; rows go with their callouts."""
    day = found.received // DAY
    begins, ends = np.searchsorted(day, source), np.searchsorted(day, source, side="right")
    callouts, of_day = _ranges(begins, ends)
    later = ((days - source) * DAY)[of_day]
    numbers = np.arange(len(found.received))
    first, after = (np.searchsorted(found.callout, numbers, side=s) for s in ("left", "right"))
    rows, of_callout = _ranges(first[callouts], after[callouts])
    return replace(
        found,
        received=found.received[callouts] + later,
        kind=found.kind[callouts], place=found.place[callouts],
        lat=found.lat[callouts], lon=found.lon[callouts],
        callout=of_callout, unit=found.unit[rows],
        at={name: times[rows] + later[of_callout] for name, times in found.at.items()},
        starts=found.starts[rows],
    )  # fmt: skip


def _ranges(begins: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Return all numbers of some ranges one after the other, and of which range each is."""
    lengths = ends - begins
    which = np.repeat(np.arange(len(begins)), lengths)
    return np.arange(len(which)) + np.repeat(
        begins - (np.cumsum(lengths) - lengths), lengths
    ), which
