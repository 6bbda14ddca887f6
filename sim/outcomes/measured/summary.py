"""
The tables of each alternative: estimates with intervals, and values by replication.

Values are in people's units: minutes, shares from 0 to 1, callouts. A group without callouts
has no row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import repeat
from math import isnan
from typing import NamedTuple

from ..inference.envelope import settled
from ..observed.sample import Sample
from .disruptions import in_full
from .grouped_sums import Column, GroupedMeasures, RatioColumn
from .groupings import by_place, in_windows, read, read_together
from .inequality import LEAST
from .staff import by_person

FEW_IN_ALL = "few callouts:"


class Estimate(NamedTuple):
    """A measure of one group with its 95 % interval; see `intervals.Interval` for None."""

    measure: str
    group: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    replications: int
    note: str


class Value(NamedTuple):
    """A measure of one group in one replication."""

    replication: int
    measure: str
    group: str
    value: float
    unit: str


def summarise(sample: Sample) -> list[Estimate]:
    """
    Estimate every measure for all callouts and by kind, priority, area, hour and team.

    The sample is read once for this, `per_replication` and `compare` together; give all three
    the same one.
    """
    return _estimates(sample, read(sample))


def headline(sample: Sample, only: Collection[str] | None = None) -> list[Estimate]:
    """
    Estimate what alternatives are compared in, for all callouts together: quick, for stopping.

    ``only`` names the measures wanted; the fewer, the quicker. All if not given. A measure that
    has no value in this sample has no row.
    """
    return _estimates(sample, [t for t in read_together(sample, only) if t.compared], True)


def summarise_staff(sample: Sample) -> list[Estimate]:
    """
    Estimate what is asked of each crew, on duty or on call, and of each pool of volunteers.

    Every crew is included. For definitions see `staff`, for those of a duty `working_time`, of an
    alert `alerts`. Empty where rosters are not known, as in a record.
    """
    return _estimates(sample, by_person(sample))


def summarise_disruptions(sample: Sample) -> list[Estimate]:
    """
    Estimate disruptions of all callouts and by team and hospital.

    Empty where the scenario declares nothing of it. For definitions see `disruptions`.
    """
    return _estimates(sample, in_full(sample))


def summarise_places(sample: Sample) -> list[Estimate]:
    """Estimate the main measures by place; empty where the scenario does not ask for it."""
    return _estimates(sample, by_place(sample), few=True) if sample.standards.by_place else []


def summarise_windows(sample: Sample) -> list[Estimate]:
    """
    Estimate the main measures of the whole run, and of the callouts received in its windows.

    Windows are closures, surges and the time after incidents. Empty where the scenario does not
    ask for them, or has none.
    """
    return _estimates(sample, in_windows(sample), few=True) if sample.standards.windows else []


def _estimates(
    sample: Sample,
    tables: Iterable[GroupedMeasures],
    compared: bool = False,
    few: bool = False,
) -> list[Estimate]:
    """Return estimates: if asked only those compared, and with a note where callouts are few."""
    rows = []
    replications = sample.observations.replications
    for table in tables:
        columns = [c for c in table.columns if c.label.compared or not compared]
        for number, group in table.groups:
            for column in columns:
                found = column.interval(number)
                if found is None:
                    continue
                note = found.note
                if group == "all":
                    note = "; ".join(filter(None, [note, _far_out(sample, column, number)]))
                if few:
                    note = "; ".join(filter(None, [note, _few(table, column, number)]))
                name, unit = column.label.name, column.label.unit
                each = (found.value, found.low, found.high)
                value, low, high = (x if x is None else settled(x, max(1.0, abs(x))) for x in each)
                rows.append(Estimate(name, group, value, low, high, unit, replications, note))
    return rows


def _few(table: GroupedMeasures, column: Column, group: int) -> str:
    """Say how many callouts a value rests on, in all replications, where they are few."""
    callouts = table.callouts[group]
    if isinstance(column, RatioColumn) and column.rule == "share":
        callouts = int(column.size[:, group].sum())
    return f"{FEW_IN_ALL} {callouts}" if callouts < LEAST else ""


def _far_out(sample: Sample, column: Column, group: int) -> str:
    """Name the replication that is too far out to be chance: a place to look."""
    spread = column.spread(group)
    number = None if spread is None else spread.stands_out()
    return "" if number is None else f"replication {sample.numbers[number]} stands out"


def per_replication(sample: Sample) -> list[Value]:
    """
    Return the same measures for each replication alone, in the order of the replications.

    `Value.replication` is the replication's own number. Where a replication has nothing to
    measure, or a quantile is not reached, there is no row.
    """
    columns: list[tuple[str, str, str, list[float]]] = []
    for table in read(sample):
        found = [(column.label, column.values().T.tolist()) for column in table.columns]
        for number, group in table.groups:
            columns += [(label.name, group, label.unit, each[number]) for label, each in found]
    names, groups, units, values = zip(*columns, strict=True)
    rows: list[Value] = []
    for number, row in zip(sample.numbers, zip(*values, strict=True), strict=True):
        each = map(Value, repeat(number), names, groups, row, units)
        rows += [value for value in each if not isnan(value.value)]
    return rows
