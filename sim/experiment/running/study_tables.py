"""A study's numbers as tables: every measure, replication by replication, and the differences."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from types import NoneType
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from sim.cycle_collector import no_collector
from sim.errors import UsageError
from sim.outcomes import (
    Controlled,
    Estimate,
    FairnessRow,
    GroupDifference,
    Sample,
    Verdicts,
    conclude,
    controlled,
    fairness_rows,
    per_replication,
    place_differences,
    summarise,
    window_differences,
)
from sim.units import printable

from . import log_text
from .study import Study

Row = tuple[Any, ...]
AnyRow = TypeVar("AnyRow", bound=Row)


class EstimateRow(NamedTuple):
    """An estimate of an alternative, as in `summary.csv`, `staff.csv`, `places.csv` and others."""

    alternative: str
    measure: str
    group: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    replications: int
    note: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Alternative, measure and group: what tells a row of a table from the others."""
        return self.alternative, self.measure, self.group

    @property
    def estimate(self) -> Estimate:
        """The estimate without the alternative."""
        return Estimate._make(self[1:])


class ValueRow(NamedTuple):
    """A measure of an alternative in one replication, as in `replications.csv`."""

    alternative: str
    replication: int
    measure: str
    group: str
    value: float
    unit: str


class ComparisonRow(NamedTuple):
    """A `sim.outcomes.Comparison` with the name of the baseline, as in `comparisons.csv`."""

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
    correlation: float | None
    variance_reduction_factor: float | None
    replications: int
    needed: int | None
    note: str


@dataclass(frozen=True, eq=False)
class Table(Generic[AnyRow]):
    """Rows under named columns; prints as text, shows as a table in a notebook."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[AnyRow, ...]

    def __iter__(self) -> Iterator[AnyRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, **wanted: Any) -> Table[AnyRow]:
        """
        Return the rows in which columns have these values, as in ``where(group="all")``.

        Raises
        ------
        UsageError
            When there is no such column.

        """
        at = {self._at(column): value for column, value in wanted.items()}
        kept = tuple(r for r in self.rows if all(r[i] == value for i, value in at.items()))
        return Table(self.name, self.columns, kept)

    def column(self, name: str) -> Any:
        """Return a column as an array: numbers, ``nan`` where there is none, or words."""
        values = [row[self._at(name)] for row in self.rows]
        if all(v is None or (isinstance(v, (int, float)) and v is not True) for v in values):
            return np.array([np.nan if v is None else v for v in values])
        return np.array(["" if v is None else v for v in values], dtype=str)

    def arrays(self) -> dict[str, Any]:
        """Return every column as an array, by name."""
        return {name: self.column(name) for name in self.columns}

    def frame(self) -> Any:
        """
        Return the table as a pandas DataFrame.

        Raises
        ------
        UsageError
            When pandas is not installed; it is no part of this package.

        """
        try:
            pandas = import_module("pandas")
        except ImportError:
            raise UsageError(
                "pandas is not installed; pip install pandas, or use .arrays()"
            ) from None
        return pandas.DataFrame(list(self.rows), columns=list(self.columns))

    def csv(self) -> str:
        """Return the table as CSV; text that a spreadsheet takes for a formula is quoted."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(zip(*map(_cells, zip(*self.rows, strict=True)), strict=True))
        return text.getvalue()

    def _at(self, column: str) -> int:
        try:
            return self.columns.index(column)
        except ValueError:
            known = ", ".join(self.columns)
            raise UsageError(f"there is no column {column!r}; there are {known}") from None

    def __str__(self) -> str:
        cells = [list(self.columns), *([_shown(v) for v in row] for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
            for row in cells
        ]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(c)}</th>" for c in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(_shown(v))}</td>" for v in row) + "</tr>"
            for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


@dataclass(frozen=True)
class Tables:
    """A study's results as tables; the alternative comes first in each row."""

    samples: Sequence[Sample] = field(repr=False)
    summary: Table[EstimateRow]
    comparisons: Table[ComparisonRow]
    controlled: Table[Controlled]
    fairness: Table[FairnessRow]
    place_differences: Table[GroupDifference]
    window_differences: Table[GroupDifference]
    verdicts: Verdicts

    @cached_property
    def replications(self) -> Table[ValueRow]:
        """Every measure in each replication: many rows, made when they are asked for."""
        with no_collector():  # a hundred thousand rows, of which none is garbage
            values = tuple(ValueRow(s.name, *v) for s in self.samples for v in per_replication(s))
        return Table("replications", ValueRow._fields, values)


def estimate_table(
    name: str, found: Iterable[tuple[str, Iterable[Estimate]]]
) -> Table[EstimateRow]:
    """Return the estimates of some alternatives, each with its name, as a table."""
    rows = tuple(EstimateRow(alternative, *e) for alternative, own in found for e in own)
    return Table(name, EstimateRow._fields, rows)


def tabulate(study: Study, control: bool = False) -> Tables:
    """
    Work out every measure of every alternative, and the paired differences.

    ``control`` asks for the estimates with the number of callouts as control variate, too.
    """
    with no_collector():
        return _tabulated(study, control)


def _tabulated(study: Study, control: bool) -> Tables:
    samples = study.samples
    verdicts = conclude(samples)
    demands = [study.worlds[s.name].demand for s in samples]
    expected = [d.expected if d.mean_is_exact else None for d in demands]
    with_control = controlled(samples, expected) if control else []
    paired = (ComparisonRow(r.alternative, study.baseline, *r[1:]) for r in verdicts.rows)
    return Tables(
        samples,
        estimate_table("summary", ((s.name, summarise(s)) for s in samples)),
        Table("comparisons", ComparisonRow._fields, tuple(paired)),
        Table("controlled", Controlled._fields, tuple(with_control)),
        Table("fairness", FairnessRow._fields, tuple(fairness_rows(samples, verdicts))),
        _by_group("places_differences", place_differences(samples, verdicts)),
        _by_group("windows_differences", window_differences(samples, verdicts)),
        verdicts,
    )


def _by_group(name: str, rows: Iterable[GroupDifference]) -> Table[GroupDifference]:
    return Table(name, GroupDifference._fields, tuple(rows))


def _cells(column: Sequence[Any]) -> list[Any]:
    """Return the cells of a column, all at once where they are of one kind."""
    kinds = set(map(type, column))
    if kinds == {str}:
        words = {word: _cell(word) for word in set(column)}
        return [words[word] for word in column]
    if kinds <= {float, NoneType}:
        return ["" if value is None else f"{value:.6g}" for value in column]
    if kinds == {int}:
        return list(column)
    return [_cell(value) for value in column]


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str):
        return log_text.guarded(value)
    return f"{value:.6g}" if isinstance(value, float) else value


def _shown(value: Any) -> str:
    text = "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
    return printable(text)
