"""Results of groups of callouts: a sentence on the worst of them, and text tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.table import Table

from sim.definitions import NOT_REACHED, RESTRICTED_MEAN
from sim.outcomes import FairnessRow

from .words import bracketed, clean, say

Row = tuple[Any, ...]
BY = ("area", "kind")
_END = {RESTRICTED_MEAN: "", NOT_REACHED: "_" + NOT_REACHED}
_TITLES = {
    RESTRICTED_MEAN: "Response time by {by}, restricted mean",
    NOT_REACHED: "Share not reached by {by}",
}
_LINES = {
    "worst": "worst {by}",
    "baseline_worst": "worst under {baseline}",
    "gap": "gap",
    "gini": "Gini",
    "ede": "equivalent (Kolm-Pollak)",
}
_CLEAR = ("worse", "better", "at a price")


def fairness_tables(rows: Iterable[Row], alternatives: Sequence[str]) -> Iterator[Table | str]:
    """
    Yield what is said of areas and of kinds of callouts: tables, or a line why there is none.

    Parameters
    ----------
    rows
        Those of `fairness.csv`.
    alternatives
        The baseline first.

    """
    found = [FairnessRow(*row) for row in rows]
    for by in BY:
        if not any(row.by == by for row in found):
            yield f"All callouts are of one {by}: there is nothing to compare by {by}."
            continue
        for measure in (RESTRICTED_MEAN, NOT_REACHED):
            own = _by_measure(found, by, measure)
            if any(row.estimate for row in own.values()):
                yield _table(own, by, measure, alternatives)
            elif own:
                yield f"Everybody is reached in every {by}."


def _by_measure(
    rows: Iterable[FairnessRow], by: str, measure: str
) -> dict[tuple[str, str], FairnessRow]:
    """Return what is said of a grouping in a measure, by what it is and alternative."""
    names = {f"{what}_{by}{_END[measure]}": what for what in _LINES}
    return {(names[row.measure], row.alternative): row for row in rows if row.measure in names}


def _table(
    found: dict[tuple[str, str], FairnessRow], by: str, measure: str, alternatives: Sequence[str]
) -> Table:
    table = Table(title=_TITLES[measure].format(by=by), title_justify="left", box=None)
    for column in ("", "", "value", "difference", ""):
        table.add_column(column, justify="right" if column else "left")
    for what, words in _LINES.items():
        line = words.format(by=by, baseline=clean(alternatives[0]))
        for name in alternatives:
            row = found.get((what, name))
            if row is not None:
                table.add_row(line, clean(name), _estimate(row), _difference(row), _said(row))
                line = ""
    return table


def _estimate(row: FairnessRow) -> str:
    if row.unit == "":  # the Gini coefficient
        return _plain(row.estimate, row.low, row.high, "")
    return bracketed(row.estimate, row.low, row.high, row.unit, False)


def _difference(row: FairnessRow) -> str:
    if row.difference is None:
        return ""
    if row.unit == "":
        return _plain(row.difference, row.difference_low, row.difference_high, "+")
    return bracketed(row.difference, row.difference_low, row.difference_high, row.unit, True)


def _plain(value: float | None, low: float | None, high: float | None, sign: str) -> str:
    if value is None:
        return "-"
    limits = "" if low is None or high is None else f"  [{low:{sign}.3f}, {high:{sign}.3f}]"
    return f"{value:{sign}.3f}{limits}"


def _said(row: FairnessRow) -> str:
    """Return the groups that it is about, the verdict, or why there is no interval."""
    why = row.note if row.low is None and row.difference_low is None else ""
    return ", ".join(filter(None, (clean(row.group), row.verdict, why)))


def worst_sentence(
    rows: Iterable[Row],
    alternatives: Sequence[str],
    by: str = "area",
    measure: str = RESTRICTED_MEAN,
) -> str:
    """
    Return in one sentence which group is worst under the baseline, and how others change that.

    Parameters
    ----------
    rows
        Those of `fairness.csv`.
    alternatives
        The baseline first, then those that something is to be said of.
    by
        *area* or *kind*.
    measure
        `response_restricted_mean` or `not_reached`.

    Returns
    -------
    str
        Empty where there is nothing to say: one group, or everybody reached by all.

    """
    every = [FairnessRow(*row) for row in rows]
    found = _by_measure(every, by, measure)
    groups = {row.group for row in every if row.by == by and row.measure == measure}
    worst, alone = (found.get((what, alternatives[0])) for what in ("worst", "baseline_worst"))
    if worst is None or worst.estimate is None:
        return ""
    if worst.estimate == 0:
        return _of_nobody(found, groups, by, alternatives)
    known = alone is not None and alone.group == worst.group
    parts = [_of_baseline(worst, by, measure, clean(alternatives[0]))]
    for name in alternatives[1:]:
        row = found.get(("baseline_worst" if known else "worst", name))
        said = "" if row is None else _effect(row, "it" if known else "the worst")
        own = found.get(("worst", name))
        if said and known and own is not None and own.group in groups - {worst.group}:
            said += f", and {clean(own.group)} is then the worst, {_amount(own.estimate, own.unit)}"
        parts.append(said)
    return "; ".join(filter(None, parts)) + "."


def _of_nobody(
    found: dict[tuple[str, str], FairnessRow], groups: set[str], by: str, names: Sequence[str]
) -> str:
    """Return which groups others do not reach, where the baseline reaches all; else nothing."""
    parts = []
    for name in names[1:]:
        row = found.get(("worst", name))
        if row is not None and row.verdict == "worse":
            who = clean(row.group) if row.group in groups else f"the worst {by}"
            value = _amount(row.estimate, row.unit)
            parts.append(f"{clean(name)} leaves {value} of {who} not reached")
    if not parts:
        return ""
    return "; ".join([f"Everybody is reached under {clean(names[0])}", *parts]) + "."


def _of_baseline(row: FairnessRow, by: str, measure: str, name: str) -> str:
    value = _amount(row.estimate, row.unit)
    if row.low is not None and row.high is not None:
        low, high = (_amount(x, row.unit).rpartition(" ")[0] for x in (row.low, row.high))
        value += f" ({low} to {high})"
    if row.group == f"no {by} stands out":
        return f"No {by} stands out under {name}: the worst has {value}"
    words = "Longest wait" if measure == RESTRICTED_MEAN else "Most often not reached"
    return f"{words}: {clean(row.group)}, {value} under {name}"


def _effect(row: FairnessRow, it: str) -> str:
    """Return what an alternative does to the worst; nothing where there is no verdict."""
    name, low, high = clean(row.alternative), row.difference_low, row.difference_high
    if row.verdict == "identical" or low == high == 0:
        return f"{name} changes nothing there"
    if row.difference is None or low is None or high is None or row.verdict == "no verdict":
        return ""
    if row.verdict in _CLEAR:
        return f"{name} makes {it} {_change(row.difference, row.unit)}"
    if row.verdict == "no material difference":
        scale = 1000 if row.unit == "share" else 10
        most = math.ceil(max(abs(low), abs(high)) * scale) / scale  # a limit is not rounded down
        return f"{name} changes {it} by at most {_change(most, row.unit).rpartition(' ')[0]}"
    if low >= 0 or high <= 0:
        return f"under {name} {it} may be {_change(row.difference, row.unit)}"
    limits = _change(low, row.unit), _change(high, row.unit)
    return f"under {name} {it} is between {limits[0]} and {limits[1]}"


def _amount(value: float | None, unit: str) -> str:
    if value is None or unit == "share":
        return say(value, unit)
    return f"{value:.{0 if value >= 10 else 1}f} {unit}"


def _change(value: float, unit: str) -> str:
    if unit == "share":
        return f"{abs(100 * value):.1f} points {'more' if value > 0 else 'less'}"
    return f"{_amount(abs(value), unit)} {'longer' if value > 0 else 'shorter'}"
