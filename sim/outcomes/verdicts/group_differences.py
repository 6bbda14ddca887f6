"""
Places and windows of the run under each alternative: paired differences, and verdicts on them.

An alternative may be better over all callouts and worse in a village, or while a bridge is closed.
There are many groups, so much is compared: all differences of one table are judged together
(Benjamini and Hochberg), and none of them takes anything from the primary measures. A group with
few callouts is not judged, and percentiles are not compared (`judged_in_groups`). A gain in a group
has two gates to pass, that of all callouts and the group's own: it counts only where it is shown
that as many are reached in the group, too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from sim.by_identity import ByIdentity
from sim.definitions import NOT_REACHED

from ..inference.censoring import Floats
from ..inference.envelope import p_different, settled
from ..inference.families import adjusted, benjamini_hochberg
from ..inference.intervals import Paired, pair
from ..inference.replications import FEW, Spread
from ..measured.grouped_sums import Column, GroupedMeasures, RatioColumn
from ..measured.groupings import by_place, in_windows, judged_in_groups, read_together
from ..measured.inequality import LEAST
from ..measured.summary import FEW_IN_ALL
from ..observed.sample import Sample
from .comparisons import (
    ALPHA,
    AT_A_PRICE,
    BETTER,
    DESCRIPTION,
    EXPLORATORY,
    IDENTICAL,
    INCONCLUSIVE,
    NO_WORD,
    Comparison,
    explored,
)
from .differences import ALL, Difference, against_first
from .gate import FAILED, OPEN, Gate, gate
from .judgement import Verdicts

TOO_FEW = "too few to tell"
NOT_SHOWN = "it is not shown that as many are reached here"


class GroupDifference(NamedTuple):
    """
    A paired difference to the baseline in one place or window; the first fields as `Comparison`.

    ``from_all`` is how far this difference is from that over all callouts, with its interval;
    ``from_all_p`` is adjusted as ``p_adjusted`` is. The verdict is *too few to tell* where there
    are fewer than ten callouts, or callouts in fewer than ten replications.
    """

    alternative: str
    baseline: str
    measure: str
    group: str
    difference: float | None
    low: float | None
    high: float | None
    unit: str
    family: str
    verdict: str
    p: float | None
    p_adjusted: float | None
    p_equivalence: float | None
    from_all: float | None
    from_all_low: float | None
    from_all_high: float | None
    from_all_p: float | None
    replications: int
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class _InGroup:
    """A difference in a group, with how far it is from that over all callouts."""

    found: Difference
    callouts: int  # that it rests on, in all replications, under the one with fewer
    enough: bool
    from_all: Paired | None = None
    p_from_all: float | None = None


def place_differences(samples: Sequence[Sample], verdicts: Verdicts) -> list[GroupDifference]:
    """
    Return the differences from the baseline by place; empty where these are not asked for.

    Parameters
    ----------
    samples
        The alternatives, over the same replications; the first is the baseline.
    verdicts
        What was concluded from them.

    Raises
    ------
    SimError
        When alternatives have different replications.

    """
    if len(samples) < 2 or not all(sample.standards.by_place for sample in samples):
        return []
    tables = [by_place(sample, judged_in_groups(sample)) for sample in samples]
    return _judged(samples, tables, verdicts)


def window_differences(samples: Sequence[Sample], verdicts: Verdicts) -> list[GroupDifference]:
    """
    Return the differences from the baseline in windows; empty where these are not asked for.

    Those of the whole run come first, with the verdicts that they have there. For parameters and
    errors see `place_differences`.
    """
    windows = {sample.standards.windows for sample in samples}
    if len(samples) < 2 or len(windows) > 1 or not samples[0].standards.windows:
        return []
    baseline, wanted = samples[0].name, judged_in_groups(samples[0])
    whole = [
        _row(row, baseline) for row in verdicts.rows if row.group == ALL and row.measure in wanted
    ]
    tables = [list(in_windows(sample, judged_in_groups(sample)))[1:] for sample in samples]
    return [*whole, *_judged(samples, tables, verdicts)]


def _judged(
    samples: Sequence[Sample], tables: Sequence[list[GroupedMeasures]], verdicts: Verdicts
) -> list[GroupDifference]:
    """Return the differences of tables of groups, judged among each other."""
    found = list(_in_groups(samples, tables))
    judged = iter(explored([each.found for each in found if each.enough], verdicts.gates))
    rows = [next(judged) if each.enough else _too_few(each) for each in found]
    gates = _gates(samples[0], found, rows)
    gated = [_gated(row, gates.get((row.alternative, row.group))) for row in rows]
    ps, _ = adjusted(
        [each.p_from_all for each in found], [each.found.same for each in found],
        benjamini_hochberg,
    )  # fmt: skip
    each_row = zip(gated, found, ps, strict=True)
    return [_row(row, samples[0].name, of.from_all, p) for row, of, p in each_row]


def _in_groups(
    samples: Sequence[Sample], tables: Sequence[list[GroupedMeasures]]
) -> Iterator[_InGroup]:
    """Yield the differences in each group, with p values that a few callouts cannot make small."""
    each = zip(samples, tables, strict=True)
    own = {sample.name: (_GroupColumns(table), _whole(sample)) for sample, table in each}
    baseline, base_of_all = own[samples[0].name]
    for found in against_first(samples, tables):
        columns, of_all = own[found.alternative]
        key = found.label.name, found.group
        callouts = np.minimum(columns.callouts(key), baseline.callouts(key))
        total = int(callouts.sum())
        carrying = int(np.count_nonzero(callouts))
        if total < LEAST or carrying < min(FEW, found.replications):
            yield _InGroup(found, total, enough=False)
            continue
        least = _least_p(columns.values(key), baseline.values(key))
        p = None if found.p is None else max(found.p, least)
        floored = replace(found, p=p)
        whole = _minus(of_all.get(found.label.name), base_of_all.get(found.label.name))
        apart = found.paired.apart
        if whole is None or apart is None or found.label.direction == "none":
            yield _InGroup(floored, total, enough=True)
            continue
        from_all = pair(apart, whole)
        p = None if from_all.apart is None else max(p_different(from_all.apart), least)
        yield _InGroup(floored, total, True, from_all, p)


def _least_p(own: Floats, baseline: Floats) -> float:
    """
    Return the smallest p value that a difference may have: that of a sign test.

    Where few replications differ at all, how much they differ by says little: each of them might
    as well have differed the other way.
    """
    differing = np.count_nonzero(~((own == baseline) | (np.isnan(own) & np.isnan(baseline))))
    return min(1.0, float(f"{math.pow(2.0, 1 - int(differing)):.6g}"))


class _GroupColumns:
    """The columns of some tables, by measure and group."""

    def __init__(self, tables: Sequence[GroupedMeasures]) -> None:
        self._at: dict[tuple[str, str], tuple[Column, int]] = {}
        self._in_all: dict[str, tuple[Column, int]] = {}
        self._values: dict[ByIdentity[Column], Floats] = {}
        for table in tables:
            for number, group in table.groups:
                for column in table.columns:
                    self._at[column.label.name, group] = column, number
                    if column.label.name == "callouts":
                        self._in_all[group] = column, number

    def callouts(self, key: tuple[str, str]) -> Floats:
        """Return how many callouts a value rests on. Shape (replications,)"""
        column, number = self._at[key]
        if isinstance(column, RatioColumn) and column.rule == "share":
            return column.size[:, number]
        in_all, number = self._in_all[key[1]]
        assert isinstance(in_all, RatioColumn)
        return in_all.amount[:, number]

    def values(self, key: tuple[str, str]) -> Floats:
        """Return the value in each replication. Shape (replications,)"""
        column, number = self._at[key]
        itself = ByIdentity(column)
        if itself not in self._values:
            self._values[itself] = column.values()
        return self._values[itself][:, number]


def _whole(sample: Sample) -> dict[str, Spread | None]:
    """Return the main measures over all callouts, by name."""
    tables = read_together(sample, judged_in_groups(sample))
    return {c.label.name: c.spread(0) for table in tables for c in table.columns}


def _minus(own: Spread | None, baseline: Spread | None) -> Spread | None:
    return None if own is None or baseline is None else own.minus(baseline)


def _too_few(of: _InGroup) -> Comparison:
    """Return a difference of few callouts: a number without an interval and a verdict."""
    found = of.found
    value = found.paired.difference
    directed = found.label.direction != "none"
    return Comparison(
        found.alternative, found.label.name, found.group,
        None if value is None else settled(value, found.size), None, None, found.label.unit,
        EXPLORATORY if directed else DESCRIPTION, TOO_FEW if directed else NO_WORD,
        None, None, None, None, None, found.replications, None, f"{FEW_IN_ALL} {of.callouts}",
    )  # fmt: skip


def _gates(
    baseline: Sample, found: Sequence[_InGroup], rows: Sequence[Comparison]
) -> dict[tuple[str, str], Gate]:
    """Return the gate of each group under each alternative, from its share not reached."""
    gates = {}
    for of, row in zip(found, rows, strict=True):
        if row.measure == NOT_REACHED and of.enough:
            high = 0.0 if row.verdict == IDENTICAL else of.found.paired.high
            clear = row.p_adjusted is not None and row.p_adjusted < ALPHA
            worse = clear and (row.difference or 0.0) > 0
            margin = baseline.standards.margin_unreached
            gates[row.alternative, row.group] = gate(row.replications, high, worse, margin, ())
    return gates


def _gated(row: Comparison, own: Gate | None) -> Comparison:
    """Return a difference in a group behind the gate of that group."""
    if row.verdict != BETTER or (own is not None and own.state == OPEN):
        return row
    if row.measure == NOT_REACHED:  # that more are reached is itself what the gate asks for
        return row
    if own is not None and own.state == FAILED:
        return row._replace(verdict=AT_A_PRICE)
    note = "; ".join(filter(None, [row.note, NOT_SHOWN]))
    return row._replace(verdict=INCONCLUSIVE, note=note)


def _row(
    row: Comparison, baseline: str, from_all: Paired | None = None, p: float | None = None
) -> GroupDifference:
    value, low, high = (
        (None, None, None)
        if from_all is None
        else (
            None if x is None else settled(x)
            for x in (from_all.difference, from_all.low, from_all.high)
        )
    )
    return GroupDifference(
        row.alternative, baseline, row.measure, row.group, row.difference, row.low, row.high,
        row.unit, row.family, row.verdict, row.p, row.p_adjusted, row.p_equivalence,
        value, low, high, p, row.replications, row.note,
    )  # fmt: skip
