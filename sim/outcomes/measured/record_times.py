"""
Times within the callouts of a record and how many come, by kind, area, hour, weekday and month.

Descriptions of what was recorded: no interval, since days are all that a record has of replications
(`record_log`), and every group with its count, so that few are seen to be few.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.definitions import RECORD_TIMES
from sim.log import MS_PER_DAY, MS_PER_HOUR
from sim.scenario.tables.geometry import distance

from ..inference.censoring import Floats, Ints

if TYPE_CHECKING:
    from sim.scenario.tables.unit_rows import UnitRow

FIRST_MONDAY = 4  # 5 January 1970, in days since 1 January
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHORTEST = 30_000  # travel of which a speed is told [ms]
OF_CALLOUTS = ("response_time", "handling_time", "dispatch_time")
_BETWEEN: dict[str, tuple[tuple[str, str], ...]] = {  # from, to; the first pair that is there
    "turnout_time": (("dispatched", "en_route"),),
    "travel_time": (("en_route", "on_scene"),),
    "on_scene_time": (("on_scene", "left"), ("on_scene", "cleared")),
    "transport_time": (("left", "at_hospital"),),
    "handover_time": (("at_hospital", "cleared"),),
    "mission_time": (("dispatched", "cleared"),),
}
_FIRST = {"response_time": "on_scene", "handling_time": "entry", "dispatch_time": "dispatched"}


class TimeRow(NamedTuple):
    """A time within callouts of one group; see `sim.definitions.RECORD_TIMES`."""

    time: str
    group: str
    number: int  # of callouts or units
    mean: float
    median: float
    p90: float
    unit: str


class RateRow(NamedTuple):
    """How many callouts came in a group, and how many a day of those that belong to it."""

    group: str
    callouts: int
    days: float  # that were measured: of a weekday or a month its own, of an hour all
    per_day: float


def record_rates(
    rows: Sequence[UnitRow], start: datetime, end: int, with_hours: bool = True
) -> tuple[RateRow, ...]:
    """
    Return how many callouts came, all and by group.

    Parameters
    ----------
    rows
        Units' parts in callouts; a callout is where, when and what its first row says.
    start, end
        Local begin of the period, and its length. [ms]
    with_hours
        Whether hours of the day are known.

    """
    callouts = _callouts(rows)
    days, whole = _days_of(start, end), end / MS_PER_DAY
    found = []
    for group, inside in _groups(_firsts(callouts), start, with_hours):
        count, of = len(inside), days.get(group, whole)
        found.append(RateRow(group, count, of, count / of if of else 0.0))
    return tuple(found)


def record_times(
    rows: Sequence[UnitRow], start: datetime, with_hours: bool = True
) -> tuple[TimeRow, ...]:
    """
    Return the times within callouts, all and by group, those that are recorded.

    Medians and 90th percentiles are the time of rank ``ceil(N p)``, as in `intervals.quantile`.
    """
    callouts = _callouts(rows)
    groups = list(_groups(_firsts(callouts), start, with_hours))
    found = []
    for name, (of, values) in _values(callouts).items():
        order = np.argsort(of, kind="stable")
        of, values = of[order], values[order]
        first = np.searchsorted(of, np.arange(len(callouts) + 1))
        for group, inside in groups:
            own = _taken(values, first, inside)
            if len(own):
                found.append(_row(name, group, own))
    return tuple(found)


def _taken(values: Floats, first: Ints, callouts: Ints) -> Floats:
    """Return the values of some callouts, of values in the order of callouts."""
    begin, until = first[callouts], first[callouts + 1]
    count = until - begin
    at = np.repeat(begin - np.cumsum(count) + count, count) + np.arange(int(count.sum()))
    return np.asarray(values[at])


def _callouts(rows: Sequence[UnitRow]) -> list[list[UnitRow]]:
    """Return the rows of each callout together."""
    found: dict[str, list[UnitRow]] = {}
    for row in rows:
        found.setdefault(row.callout, []).append(row)
    return list(found.values())


def _firsts(callouts: Sequence[Sequence[UnitRow]]) -> list[UnitRow]:
    return [parts[0] for parts in callouts]


def _groups(
    firsts: Sequence[UnitRow], start: datetime, with_hours: bool
) -> Iterator[tuple[str, Ints]]:
    """Yield each group that has a callout, and the numbers of its callouts, in order."""
    if not firsts:
        return
    yield "all", np.arange(len(firsts))
    for sort, words in (
        ("kind", [first.kind for first in firsts]), ("area", [first.area for first in firsts]),
    ):  # fmt: skip
        inside: dict[str, list[int]] = {}
        for i, word in enumerate(words):
            inside.setdefault(word, []).append(i)
        yield from ((f"{sort}:{word}", np.array(own)) for word, own in inside.items() if word)
    since = np.array([first.received for first in firsts], dtype="timedelta64[ms]")
    moments = np.datetime64(start, "ms") + since
    days, months = moments.astype("datetime64[D]"), moments.astype("datetime64[M]")
    hour = (moments - days) // np.timedelta64(1, "h")
    weekday = (days.astype(np.int64) - FIRST_MONDAY) % 7
    month = months.astype(np.int64) % 12
    for sort, number, names in (
        ("hour", hour if with_hours else None, [f"{hour:02d}" for hour in range(24)]),
        ("weekday", weekday, WEEKDAYS),
        ("month", month, [f"{month:02d}" for month in range(1, 13)]),
    ):
        for i, name in enumerate(names if number is not None else ()):
            here = np.flatnonzero(number == i)
            if len(here):
                yield f"{sort}:{name}", here


def _values(callouts: Sequence[Sequence[UnitRow]]) -> dict[str, tuple[Ints, Floats]]:
    """Return each time that is recorded, and the callouts it is of, in its definition's unit."""
    of: dict[str, list[int]] = {name: [] for name in RECORD_TIMES}
    values: dict[str, list[float]] = {name: [] for name in RECORD_TIMES}
    for number, parts in enumerate(callouts):
        for name, instant in _FIRST.items():
            times = [p.at[instant] for p in parts if instant in p.at]
            if times:
                of[name].append(number)
                values[name].append(min(times))
        for part in parts:
            at = part.at
            for name, pairs in _BETWEEN.items():
                for begin, until in pairs:
                    if begin in at and until in at:
                        of[name].append(number)
                        values[name].append(at[until] - at[begin])
                        break
            speed = _speed(part, parts[0])
            if speed is not None:
                of["straight_speed"].append(number)
                values["straight_speed"].append(speed)
    return {
        name: (np.array(of[name]), np.array(values[name]) / RECORD_TIMES[name].scale)
        for name in RECORD_TIMES
        if of[name]
    }


def _speed(part: UnitRow, first: UnitRow) -> float | None:
    """Return a unit's speed in a straight line; None where it is not known. [km/h]"""
    lat, lon = part.start
    if lat is None or lon is None or first.lat is None or first.lon is None:
        return None
    if not {"en_route", "on_scene"} <= part.at.keys():
        return None
    travel = part.at["on_scene"] - part.at["en_route"]
    if travel < SHORTEST:
        return None
    return distance(lat, lon, first.lat, first.lon) / 1000 / (travel / MS_PER_HOUR)


def _row(name: str, group: str, values: Floats) -> TimeRow:
    ordered = np.sort(values)
    median, p90 = (float(ordered[max(0, int(np.ceil(len(ordered) * p)) - 1)]) for p in (0.5, 0.9))
    unit = RECORD_TIMES[name].unit
    return TimeRow(name, group, len(ordered), float(ordered.mean()), median, p90, unit)


def _days_of(start: datetime, end: int) -> dict[str, float]:
    """Return how many days of the period belong to each weekday and each month."""
    found: dict[str, float] = {}
    at, last = start, start + timedelta(milliseconds=end)
    while at < last:
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        part = (min(midnight, last) - at) / timedelta(days=1)
        for group in (f"weekday:{WEEKDAYS[at.weekday()]}", f"month:{at.month:02d}"):
            found[group] = found.get(group, 0.0) + part
        at = midnight
    return found
