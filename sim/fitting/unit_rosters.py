"""
Which units were seen at work, and when: as far as a record shows who was on duty.

A record has no rosters. A unit is at work from its dispatch until it is cleared; how many were at
once is the least that was on duty. A unit has hours of duty here only where its dispatches leave
out a part of the day so long that demand makes this no chance (below one in a thousand); all others
are taken to be always on duty, which is an assumption and written as one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from .fitted_input import FEWEST, FittedInput, Floats, Ints

HOUR, DAY = 3_600_000, 86_400_000
CHANCE = 1e-3
RECENT = 90  # days: a unit not seen for longer at the end is taken to be no more there
SHORTEST_OFF, SHORTEST_ON = 6, 4  # hours of the day without a dispatch and with, for a shift
ENOUGH = 50  # dispatches of a unit whose hours are looked at
MISREAD = 0.02  # share of a unit's dispatches outside its hours that are taken for exceptions


@dataclass(frozen=True)
class UnitDuty:
    """
    A unit: how many callouts it had, and its hours of duty, None where none are told.

    ``hours`` are the first and the last, as (7, 19) for 07:00-19:00; ``outside`` how many of its
    dispatches were outside them.
    """

    number: int
    missions: int
    hours: tuple[int, int] | None
    outside: int


@dataclass(frozen=True, eq=False)
class UnitsSeen:
    """
    The units of a record.

    Attributes
    ----------
    duties
        Units with five callouts or more, seen in the last ninety days.
    rare, gone
        How many had fewer callouts, or were not seen for longer.
    by_hour
        Mean number of different units at work in each hour of the day. Shape (24,)
    by_weekday
        Mean number at work at any instant, by weekday. Shape (7,)
    most
        Most units at work at once; 0 where the record has no instants of units.
    named
        Whether the record names units; else ``most`` is all that is known of their number.

    """

    duties: tuple[UnitDuty, ...]
    rare: int
    gone: int
    by_hour: Floats
    by_weekday: Floats
    most: int
    named: bool


def units_seen(found: FittedInput, demand_by_hour: Floats, days: Ints) -> UnitsSeen:
    """
    Return the units of a record.

    Parameters
    ----------
    found
        The record.
    demand_by_hour
        Share of callouts in each hour of the day. Shape (24,)
    days
        Numbers of the whole days that are covered.

    """
    begins, ends = missions_of(found)
    known = np.isfinite(begins)
    named = bool((found.unit >= 0).any())
    unit = np.where(found.unit >= 0, found.unit, len(found.unit_names) + np.arange(len(begins)))
    counts = np.bincount(found.unit[known & (found.unit >= 0)], minlength=len(found.unit_names))
    duties, gone = [], 0
    for number in np.flatnonzero(counts >= FEWEST):
        mine = begins[known & (found.unit == number)]
        if mine.max() < found.until - RECENT * DAY:
            gone += 1
            continue
        hours, outside = _hours(mine, demand_by_hour)
        duties.append(UnitDuty(int(number), len(mine), hours, outside))
    by_hour, by_weekday = _at_work(begins[known], ends[known], unit[known], days, found)
    return UnitsSeen(
        tuple(sorted(duties, key=lambda duty: -duty.missions)),
        int(((counts > 0) & (counts < FEWEST)).sum()), gone, by_hour, by_weekday,
        _most(*_merged(begins[known], ends[known], unit[known])), named,
    )  # fmt: skip


def missions_of(found: FittedInput) -> tuple[Floats, Floats]:
    """Return from when until when each row's unit was at work, ``nan`` where unknown. [ms]"""
    names = ("dispatched", "en_route", "on_scene", "left", "at_hospital", "cleared")
    times = np.array([found.at[name] for name in names])
    is_known = np.isfinite(times).any(axis=0)
    begins, ends = np.full(times.shape[1], np.nan), np.full(times.shape[1], np.nan)
    begins[is_known] = np.nanmin(times[:, is_known], axis=0)
    ends[is_known] = np.nanmax(times[:, is_known], axis=0)
    return begins, ends


def _merged(begins: Floats, ends: Floats, unit: Ints) -> tuple[Floats, Floats]:
    """Return when units were at work, each unit once: a record may have it at two callouts."""
    if not len(begins):
        return begins, ends
    order = np.lexsort((begins, unit))
    apart = unit[order] * 2.0 * (float(ends.max(initial=0.0)) + DAY)  # units after one another
    begun, ended = begins[order] + apart, np.maximum.accumulate(ends[order] + apart)
    new = np.concatenate([[True], begun[1:] > ended[:-1]])
    last = np.concatenate([new[1:], [True]])
    return (begun - apart)[new], (ended - apart)[last]


def _most(begins: Floats, ends: Floats) -> int:
    """Return the most missions at once; one that ends as another begins is not with it."""
    edges = np.concatenate([begins, ends])
    step = np.concatenate([np.ones_like(begins), -np.ones_like(ends)])
    order = np.lexsort((step, edges))
    return int(np.cumsum(step[order]).max(initial=0))


def _hours(dispatched: Floats, demand: Floats) -> tuple[tuple[int, int] | None, int]:
    """Return the hours of duty that dispatches tell, and how many are outside them."""
    counts = np.bincount(dispatched.astype(np.int64) // HOUR % 24, minlength=24)
    allowed, total = MISREAD * counts.sum(), int(counts.sum())
    if total < ENOUGH:
        return None, 0
    best: tuple[int, int, int] | None = None  # length of the time off, its first hour, outside
    for first in range(24):
        for length in range(24 - SHORTEST_ON, SHORTEST_OFF - 1, -1):
            off = np.arange(first, first + length) % 24
            outside = int(counts[off].sum())
            if outside <= allowed and (best is None or length > best[0]):
                best = length, first, outside
                break
    if best is None:
        return None, 0
    length, first, outside = best
    share = float(demand[np.arange(first, first + length) % 24].sum())
    expected = total * share
    # Chernoff's bound on so few of a binomial number
    rest = outside * np.log(outside / expected) if outside else 0.0
    if np.exp(-(expected - outside + rest)) > CHANCE or outside >= expected:
        return None, 0
    return ((first + length) % 24, first), outside


def _at_work(
    begins: Floats, ends: Floats, unit: Ints, days: Ints, found: FittedInput
) -> tuple[Floats, Floats]:
    """Return the mean number of units at work by hour, and by weekday."""
    count = max(len(days), 1)
    first, last = begins.astype(np.int64) // HOUR, ends.astype(np.int64) // HOUR
    span = np.minimum(last - first, 72) + 1  # a mission of more than three days is an error
    row = np.repeat(np.arange(len(first)), span)
    slot = first[row] + np.arange(len(row)) - (np.cumsum(span) - span)[row]
    keep = np.isin(slot // 24, days)
    pairs = np.unique(np.column_stack([slot[keep], unit[row[keep]]]), axis=0)
    by_hour = np.bincount(pairs[:, 0] % 24, minlength=24) / count
    weekday = (found.start.weekday() + pairs[:, 0] // 24) % 7
    of_days = np.bincount((found.start.weekday() + days) % 7, minlength=7)
    by_weekday = np.bincount(weekday, minlength=7) / np.maximum(of_days, 1) / 24
    return by_hour, by_weekday


def shifts_of(units: UnitsSeen) -> Counter[tuple[int, int] | None]:
    """Return how many units have each hours of duty."""
    return Counter(duty.hours for duty in units.duties)
