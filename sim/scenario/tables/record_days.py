"""
Which days a record covers: whole ones, so that the first and the last do not lower the rate.

A record begins and ends somewhere in a day. Where it does not say which days it covers, a first or
last day is left out if the stretch without a callout is too long to be chance.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from sim import units

from ..fields.records import Layout
from .record_table import RecordTable
from .unit_rows import UnitRow, note_whole

DAY = units.MS_PER["day"]
IN_PART = "received on a day that is covered in part"
NOT_COVERED = "received on a day that is not covered"
UNLIKELY = 3.0  # callouts to expect: that none comes has a chance below 5 % (Poisson)
GAP = 20.0  # callouts to expect in a stretch without one that is told


def whole_days(
    table: RecordTable, rows: Sequence[UnitRow], layout: Layout, start: datetime
) -> tuple[list[UnitRow], datetime, int]:
    """
    Return the rows received on the days that are measured, their first day, and their length. [ms]

    Rows keep their times, which count from ``start``.

    Parameters
    ----------
    table
        The record; rows left out are accounted for in it, and a long gap is told.
    rows
        With times received since ``start`` as clocks showed them.
    layout
        May say the first and the last day.
    start
        Midnight from which is counted.

    """
    if not rows:
        return list(rows), start, DAY
    at = sorted({row.callout: row.received for row in rows}.values())
    first, last = at[0] // DAY, at[-1] // DAY
    stated_first, stated_last = (
        None if day is None else (day - start).days for day in (layout.first_day, layout.last_day)
    )
    begin = first if stated_first is None else stated_first
    until = last if stated_last is None else stated_last
    inside = [t for t in at if begin <= t // DAY <= until]
    begin, until, said = _without_parts(
        inside, begin, until, stated_first is None, stated_last is None
    )
    kept = [row for row in rows if begin <= row.received // DAY <= until]
    for why, is_so in ((IN_PART, True), (NOT_COVERED, False)):
        out = [row for row in rows if not begin <= row.received // DAY <= until]
        left = [row.row for row in out if (row.received // DAY in said) == is_so]
        table.account.leave(why, left)
    if not kept:
        note_whole(table, "no callout of this record was received on the days that it covers")
        return [], start, DAY
    _tell_days(table, [start + timedelta(days=day) for day in said], first, start)
    _tell_gap(table, [t for t in at if begin <= t // DAY <= until], begin, until, start)
    return kept, start + timedelta(days=begin), (until - begin + 1) * DAY


def _tell_days(
    table: RecordTable, cut: Sequence[datetime], first: int, start: datetime
) -> None:  # fmt: skip
    """Tell which days are covered in part, and how to say that they are covered."""
    for day in cut:
        end = "first_day" if (day - start).days == first else "last_day"
        table.guesses.append(
            f"{table.name}: {day:%Y-%m-%d} is covered in part, and not measured; if all of it is "
            f"covered, state {end}: {day:%Y-%m-%d}"
        )


def _without_parts(
    at: list[int], begin: int, until: int, may_cut_first: bool, may_cut_last: bool
) -> tuple[int, int, list[int]]:
    """Return the first and last day without those covered in part, and the days cut."""
    cut: list[int] = []
    if until - begin < 2 or not at:
        return begin, until, cut
    inner = [t % DAY for t in at if begin < t // DAY < until]
    inner.sort()
    days = until - begin - 1
    before = bisect_left(inner, at[0] - begin * DAY) / days if at[0] // DAY == begin else 0.0
    late = at[-1] - until * DAY
    after = (len(inner) - bisect_left(inner, late)) / days if at[-1] // DAY == until else 0.0
    if may_cut_first and before >= UNLIKELY:
        cut.append(begin)
    if may_cut_last and after >= UNLIKELY:
        cut.append(until)
    return begin + (begin in cut), until - (until in cut), cut


def _tell_gap(
    table: RecordTable, at: list[int], begin: int, until: int, start: datetime
) -> None:  # fmt: skip
    """Tell the longest stretch without a callout, where it is too long to be chance."""
    if len(at) < 2:
        return
    left, right = max(pairwise(at), key=lambda pair: pair[1] - pair[0])
    expected = (right - left) * len(at) / ((until - begin + 1) * DAY)
    if expected >= GAP and right - left >= DAY:
        since, to = (f"{start + timedelta(milliseconds=t):%Y-%m-%d %H:%M}" for t in (left, right))
        table.guesses.append(
            f"{table.name}: there is no callout from {since} to {to}, where about {expected:.0f} "
            "were to be expected; if the record has a gap there, rates are too low"
        )
