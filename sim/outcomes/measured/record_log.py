"""
A real record as a log: what dispatch has written down is measured like a run.

No engine has seen these callouts; the measures do not care who wrote the log. What a record does
not hold (rosters, hence utilisation; who could have been sent) is not measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import SimError
from sim.local_clock import LocalClock
from sim.log import (
    MS_PER_DAY,
    MS_PER_HOUR,
    MS_PER_MINUTE,
    CalloutRow,
    Ending,
    MissionRow,
    Names,
    Outcome,
)

from ..inference.censoring import Bools, Floats, Ints
from ..inference.intervals import quantile
from ..observed.committed_time import sent
from ..observed.observations import Observations, observe, unknown
from ..observed.sample import Sample
from ..observed.workload import Spans
from .summary import Estimate

if TYPE_CHECKING:
    from sim.scenario.tables.unit_rows import UnitRow

NOT_RECORDED = (
    "not recorded"  # what a kind, a place or an area is called that a record does not hold
)


@dataclass(frozen=True, slots=True, eq=False)
class RecordLog:
    """A record as a log. Rows as in `sim.log`, callouts in the order received."""

    callouts: tuple[CalloutRow, ...]
    missions: tuple[MissionRow, ...]
    names: Names


def log_of(rows: Iterable[UnitRow], priorities: Mapping[str, int] | None = None) -> RecordLog:
    """
    Return a record's units as a log: a callout for each that shares a name, a mission a unit.

    A callout is of the kind and at the place of its first row. Its instants are the first of its
    units': ready with the first entry (received, where there is none), dispatched, en route and
    on scene with the first; cleared with the last. It ended

    * *served*, where a unit reached it;
    * *abandoned*, where no unit reached it and its units were cleared: it was cancelled, or the
      arrival is not recorded;
    * *unfinished*, where no unit reached it and none was cleared.

    A unit is busy from its first instant to its clearing, or to the last instant known.

    Parameters
    ----------
    rows
        Units' parts in callouts, in any order.
    priorities
        Of kinds, where a row has none; 1 if not given.

    """
    units: dict[str, list[UnitRow]] = {}
    for row in rows:
        units.setdefault(row.callout, []).append(row)
    numbers = _Numbers()
    ordered = sorted(units.values(), key=lambda parts: parts[0].received)
    callouts, missions = [], []
    for number, parts in enumerate(ordered):
        first = parts[0]
        kind = numbers.kind(first.kind)
        priority = first.priority or (priorities or {}).get(first.kind, 1)
        place = numbers.place(first.place or first.area, first.area or first.place)
        callouts.append(_callout(number, kind, priority, place, parts))
        missions += [m for p in parts if (m := _mission(number, numbers, p)) is not None]
    return RecordLog(tuple(callouts), tuple(missions), numbers.names())


class _Numbers:
    """Numbers the words of a record, in the order met."""

    def __init__(self) -> None:
        self.kinds: dict[str, int] = {}
        self.places: dict[tuple[str, str], int] = {}
        self.units: dict[str, int] = {}

    def kind(self, word: str) -> int:
        return self.kinds.setdefault(word or NOT_RECORDED, len(self.kinds))

    def place(self, word: str, area: str) -> int:
        """Return a place's number; one that lies in two areas is two."""
        pair = (word or NOT_RECORDED, area or NOT_RECORDED)
        return self.places.setdefault(pair, len(self.places))

    def unit(self, word: str) -> int:
        return self.units.setdefault(word, len(self.units))

    def names(self) -> Names:
        return Names(
            kinds=tuple(self.kinds),
            places=tuple(place for place, _ in self.places),
            areas=tuple(area for _, area in self.places),
            teams=tuple(self.units),
            bases=(),
            hospitals=(),
        )


def _callout(
    number: int, kind: int, priority: int, place: int, parts: Sequence[UnitRow]
) -> CalloutRow:
    received, cleared = parts[0].received, None
    first: dict[str, int] = {}
    for part in parts:
        for name, since in part.at.items():
            if since < first.get(name, since + 1):
                first[name] = since
        last = part.at.get("cleared")
        if last is not None and (cleared is None or received + last > cleared):
            cleared = received + last

    def earliest(name: str) -> int | None:
        since = first.get(name)
        return None if since is None else received + since

    on_scene = earliest("on_scene")
    if on_scene is not None:
        outcome, ended = Outcome.SERVED, cleared
    elif cleared is not None:
        outcome, ended = Outcome.ABANDONED, cleared
    else:
        outcome, ended = Outcome.UNFINISHED, None
    ready = earliest("entry")
    return CalloutRow(
        number, number, kind, priority, place, received,
        received if ready is None else ready, earliest("dispatched"), earliest("en_route"),
        on_scene, cleared, ended, outcome, len(parts), None,
    )  # fmt: skip


def _mission(callout: int, numbers: _Numbers, part: UnitRow) -> MissionRow | None:
    """Return a unit's mission; None where its name or every instant is missing."""
    sent = [t for name, t in part.at.items() if name != "entry"]
    if not part.unit or not sent:
        return None
    at = {name: part.received + t for name, t in part.at.items()}
    last = part.received + sent[-1]
    return MissionRow(
        callout, numbers.unit(part.unit), part.received + sent[0], at.get("en_route"),
        at.get("on_scene"), at.get("left"), at.get("at_hospital"), None, last,
        Ending.COMPLETED if "on_scene" in at else Ending.STOOD_DOWN,
    )  # fmt: skip


def observe_record(log: RecordLog, clock: LocalClock, end: int, by_day: bool) -> Observations:
    """
    Return what a record says, as one replication or with each of its days as one.

    Days of a record are not independent as replications are: weekdays differ, and a busy night
    runs into the morning. Intervals over them say how much days differ, and no more.

    Parameters
    ----------
    log
        Callouts and missions.
    clock
        The local clock; the record begins at its instant 0. Clocks are not changed in it: times of
        a record are those that clocks showed, so every day has 24 hours.
    end
        Length of the record. [ms]
    by_day
        Whether each day counts as a replication; they must fill the record.

    Raises
    ------
    SimError
        When days do not fill the record.

    """
    whole = _observed(log.callouts, log.missions, log.names, clock, end)
    if not by_day:
        return whole
    if end % MS_PER_DAY:
        raise SimError(f"a record of {end / MS_PER_DAY:g} days is not cut into whole days")
    return _cut(whole, log, clock, end // MS_PER_DAY)


def _cut(whole: Observations, log: RecordLog, clock: LocalClock, days: int) -> Observations:
    """
    Return a record as observed, cut into its days: each is a replication.

    A callout belongs to the day on which it was received; how long somebody unfinished has waited
    counts to the end of the record. Units committed and callouts pending are of each day.
    """
    empty = _observed((), (), log.names, clock, MS_PER_DAY)
    columns = {
        field.name: np.repeat(own, days, axis=0)
        if len(own := getattr(empty, field.name)) == 1
        else getattr(whole, field.name)
        for field in fields(Observations)
    }
    columns["replication"] = whole.received // MS_PER_DAY
    columns["received"] = whole.received % MS_PER_DAY
    start_of_day = clock.local(0)
    busy = sent(log.missions).merged(days * MS_PER_DAY)
    columns["committed"] = np.zeros((days, len(log.names.teams)), dtype=np.int64)
    busy, day = _in_pieces(busy, MS_PER_DAY)
    np.add.at(columns["committed"], (day, busy.owner), busy.until - busy.begin)
    columns["committed_by_hour"] = _by_hour(busy, day, start_of_day, days)
    pending, day = _in_pieces(_pending(log).clipped(days * MS_PER_DAY), MS_PER_DAY)
    columns["pending_by_hour"] = _by_hour(pending, day, start_of_day, days)
    return Observations(**columns)


def _pending(log: RecordLog) -> Spans:
    """Return when callouts waited to be dispatched; one that never ended until its midnight."""
    begin = [row.ready for row in log.callouts]
    until = [
        min((t for t in (row.dispatched, row.ended) if t is not None), default=None)
        or (row.received // MS_PER_DAY + 1) * MS_PER_DAY
        for row in log.callouts
    ]
    return Spans(np.zeros(len(begin), dtype=np.int64), np.array(begin, dtype=np.int64),
                 np.array(until, dtype=np.int64))  # fmt: skip


def _in_pieces(spans: Spans, size: int, shift: int = 0) -> tuple[Spans, Ints]:
    """Return spans cut where multiples of a size lie, and the number of each piece's. [ms]"""
    first, last = (spans.begin + shift) // size, (spans.until + shift - 1) // size
    count = np.maximum(last - first + 1, 0)
    of = np.repeat(np.arange(len(count)), count)
    number = first[of] + np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    begin = np.maximum(spans.begin[of], number * size - shift)
    until = np.minimum(spans.until[of], (number + 1) * size - shift)
    return Spans(spans.owner[of], begin, until), number


def _by_hour(spans: Spans, day: Ints, start_of_day: int, days: int) -> Floats:
    """Return the mean number of spans open in each hour of each day. Shape (days, 24)"""
    pieces, hour = _in_pieces(Spans(day, spans.begin, spans.until), MS_PER_HOUR, start_of_day)
    time = np.zeros((days, 24), dtype=np.int64)
    np.add.at(time, (pieces.owner, hour % 24), pieces.until - pieces.begin)
    return np.asarray(time / MS_PER_HOUR)


def _observed(
    callouts: Sequence[CalloutRow],
    missions: Sequence[MissionRow],
    names: Names,
    clock: LocalClock,
    end: int,
) -> Observations:
    duty: list[tuple[tuple[int, int], ...]] = [()] * len(names.teams)
    found = observe(callouts, missions, names=names, clock=clock, end=end, duty=duty)
    return without_rosters(found)


def without_rosters(found: Observations) -> Observations:
    """Return observations in which nobody is known to be on duty, so that no share of it is."""
    return replace(
        found,
        on_duty=np.zeros_like(found.on_duty),
        on_duty_by_hour=np.full_like(found.on_duty_by_hour, np.nan),
        working_time=unknown("working_time", found.replications),
        teams_by_date=unknown("teams_by_date", found.replications),
    )


def of_reached(sample: Sample) -> list[Estimate]:
    """
    Estimate response times of the callouts that a unit reached, all and by group.

    *reached_median* and *reached_p90* leave out callouts never reached, mostly cancelled ones in
    a record. `response_median` and `response_p90` count them as not reached.
    """
    obs, names = sample.observations, sample.names
    everyone = obs.response >= 0
    groups: list[tuple[str, Bools]] = [("all", everyone)]
    groups += [(f"kind:{kind}", everyone & (obs.kind == i)) for i, kind in enumerate(names.kinds)]
    areas = np.array(names.areas)[obs.place] if len(obs.place) else np.array([], dtype=str)
    groups += [(f"area:{a}", everyone & (areas == a)) for a in dict.fromkeys(names.areas)]
    groups += [(f"hour:{hour:02d}", everyone & (obs.hour == hour)) for hour in range(24)]
    found = []
    for measure, p in (("reached_median", 0.5), ("reached_p90", 0.9)):
        for group, chosen in groups:
            times, of = obs.response[chosen], obs.replication[chosen]
            if not len(times):
                continue
            at = quantile(times, np.ones_like(times, dtype=np.bool_), of, p, obs.replications)
            value, low, high = (_minutes(time) for time in (at.value, at.low, at.high))
            found.append(
                Estimate(measure, group, value, low, high, "min", obs.replications, at.note)
            )
    return found


def _minutes(time: float | None) -> float | None:
    return None if time is None else time / MS_PER_MINUTE
