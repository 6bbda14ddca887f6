"""Results of groups of callouts as text tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.table import Table

from sim.definitions import NOT_REACHED, RESTRICTED_MEAN
from sim.outcomes import FairnessRow

from ..phrasing.phrases import named, phrase
from ..phrasing.words import bracketed, clean

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


def fairness_tables(
    rows: Iterable[FairnessRow], alternatives: Sequence[str]
) -> Iterator[Table | str]:
    """
    Yield what is said of areas and of kinds of callouts: tables, or a line why there is none.

    Parameters
    ----------
    rows
        Those of `fairness.csv`.
    alternatives
        The baseline first.

    """
    found = list(rows)
    for by in BY:
        if not any(row.by == by for row in found):
            yield phrase(f"All callouts are of one {by}: there is nothing to compare by {by}.")
            continue
        for measure in (RESTRICTED_MEAN, NOT_REACHED):
            own = _by_measure(found, by, measure)
            if any(row.estimate for row in own.values()):
                yield _table(own, by, measure, alternatives)
            elif own:
                yield phrase(f"Everybody is reached in every {by}.")


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
        template = words.replace("{by}", by)
        line: str = phrase(template, baseline=named(alternatives[0]))
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
