"""A measured record on the terminal: what a run shows, as far as it is recorded."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from shutil import get_terminal_size
from typing import Any

from rich.console import Console
from rich.table import Table

from sim.definitions import NOT_REACHED, P90, RECORD_TIMES, RESTRICTED_MEAN, TARGET, definition
from sim.experiment.results.measured_place import MeasuredFacts, facts_of
from sim.experiment.results.measured_record import Measured
from sim.log import MS_PER_DAY
from sim.outcomes import Estimate
from sim.outcomes.measured.record_log import NOT_RECORDED
from sim.outcomes.measured.record_times import TimeRow
from sim.scenario.recorded import RecordRead
from sim.units import say_duration

from .figure_input.figure_basis.table_lookup import Key, estimates
from .phrasing.phrases import phrase
from .phrasing.words import bracketed, clean, say

MOST_KINDS, MOST_REASONS = 4, 3  # told in the first lines
Rows = Mapping[Key, Estimate]
ENDED = "closed, no unit arrived"  # what a record tells of a callout that nobody reached
FIRST = (
    "callouts", "response_mean_reached", "reached_median", "reached_p90", NOT_REACHED,
    RESTRICTED_MEAN, P90,
)  # fmt: skip
AFTER_TARGETS = (
    "response_median", "attendance_restricted_mean", "attendance_p90", "survival",
    "queue_time_mean", "queue_time_p90", "share_queued",
)  # fmt: skip
GROUPINGS = {"By kind": "kind:", "By area": "area:", "By hour": "hour:"}
NO_DUTY = "Who was on duty is not in a record, so there is no utilisation."
COUNTS = ("never_reached", "never_attended", "unfinished", "lost", "abandoned", "dropped")


def period_told(found: Measured) -> str:
    """Return how long a record is, and since when."""
    return f"{say_duration(found.end)} from {found.start:%Y-%m-%d %H:%M}"


def print_measured(
    found: Measured, tables: Mapping[str, Iterable[Any]] | None = None, everything: bool = False
) -> None:
    """
    Print what a record or a log says: at most 25 lines of a record, unless everything is asked.

    ``tables`` are those of a record by the names of their files.
    """
    width = max(get_terminal_size().columns, 100) if sys.stdout.isatty() else 110
    console = Console(width=width, highlight=False, markup=False)  # names may hold brackets
    console.print("\n" + clean(found.name), style="bold")
    facts = facts_of(found)
    rows = estimates(found.summary)
    if found.read is None or not tables:
        console.print(f"{period_told(found)} · measured from simulated callouts")
        console.print(f"{intervals_told(facts)}\nResponse time runs from received to first unit on "
                      "scene.")  # fmt: skip
        shown = [*measured_tables(facts, rows)]
        for table in shown if everything else shown[:1]:
            console.print(table)
        console.print(NO_DUTY)
        return
    for line in _record_lines(found, facts, rows):
        console.print(line)
    console.print(_times_table(found, tables["times.csv"]))
    for line in _rows_lines(found.read):
        console.print(line, overflow="ellipsis", no_wrap=True)
    if everything:
        for table in measured_tables(facts, rows):
            console.print(table)
        console.print(NO_DUTY)
    else:
        console.print("By kind, area, hour, weekday and month: times.csv, rates.csv, summary.csv; "
                      "on the terminal: --all")  # fmt: skip


def _record_lines(found: Measured, facts: MeasuredFacts, rows: Rows) -> Iterator[str]:
    """Yield what is said of a record in sentences, above its times."""
    read = found.read
    assert read is not None
    used, total = read.use[0].rows, sum(use.rows for use in read.use)
    yield (
        f"{period_told(found)} · measured, nothing is simulated · {used:,} of {total:,} rows are "
        "used"
    )
    yield f"Read as {'; '.join(clean(told) for told in read.told)}."
    yield intervals_told(facts)
    name = found.samples[0].name
    told = [
        f"{_said(facts, measure)} {_cell(rows.get((name, measure, 'all')))}"
        for measure in ("callouts", NOT_REACHED)
        if (name, measure, "all") in rows
    ]
    mean = rows.get((name, "response_mean_reached", "all"))
    if mean is not None:
        told.append(f"mean of those reached {_cell(mean)}")
    yield " · ".join(told).replace("  ", " ")
    for _, measure, group in rows:
        if measure.startswith(TARGET) and group == "all":
            yield f"{_said(facts, measure)}: {_cell(rows[name, measure, group])}"


def _times_table(found: Measured, times: Iterable[TimeRow]) -> Table:
    """Return the times within callouts, all of them together, and which kinds these are."""
    kinds = [kind for kind in found.samples[0].names.kinds if kind != NOT_RECORDED]
    rest = f" and {len(kinds) - MOST_KINDS} more kinds" if len(kinds) > MOST_KINDS else ""
    whose = ", ".join(clean(kind) for kind in kinds[:MOST_KINDS]) + rest
    table = Table(
        title=f"Times of all callouts{': ' + whose if whose else ''}", title_justify="left",
        box=None, pad_edge=False,
    )  # fmt: skip
    table.add_column("time, of callouts (response to dispatched) or units")
    for head in ("count", "mean", "median", "90th percentile"):
        table.add_column(head, justify="right")
    for row in times:
        if row.group == "all":
            cells = (say(value, row.unit) for value in (row.mean, row.median, row.p90))
            table.add_row(RECORD_TIMES[row.time].title, f"{row.number:,}", *cells)
    return table


def _rows_lines(read: RecordRead) -> Iterator[str]:
    """Yield the rows that are not used and why, and what a record has not."""
    left = read.use[1:]
    for use in left[:MOST_REASONS]:
        yield f"{use.rows:,} rows not used, {use.use}: {use.first}"
    if len(left) > MOST_REASONS:
        more = sum(use.rows for use in left[MOST_REASONS:])
        yield f"{more:,} more rows not used: rows.csv says why"
    if read.end < 7 * MS_PER_DAY:
        yield "It spans less than a week: nothing can be said of weekdays."
    if not any("on_scene" in part.at for part in read.rows):
        yield "Response times are not known: no column says when units were on scene (on_scene)."
    if not any(part.start != (None, None) for part in read.rows):
        yield "Speeds are not known: no column says where units were dispatched from (unit_point)."


def measured_tables(facts: MeasuredFacts, rows: Rows) -> Iterator[Table]:
    """Yield what a record says: all callouts, by kind, by area and by hour."""
    yield _overall(facts, rows)
    for title, prefix in GROUPINGS.items():
        table = _by_group(facts, rows, title, prefix)
        if table.row_count > 1:
            yield table


def intervals_told(facts: MeasuredFacts) -> str:
    """Say what intervals of a measurement rest on."""
    number = str(facts.replications)
    if facts.unit == "day":
        return phrase(
            "95 % intervals in brackets: each of {number} days a unit, as if independent",
            number=number,
        )
    if facts.unit == "replication":
        return phrase("{number} replications · 95 % intervals in brackets", number=number)
    return phrase("one record of less than two whole days: no intervals")


def _overall(facts: MeasuredFacts, rows: Rows) -> Table:
    names = facts.alternatives
    table = Table()
    table.add_column("all callouts")
    for name in names:
        table.add_column(clean(name), justify="right")
    targets = list(dict.fromkeys(m for _, m, g in rows if m.startswith(TARGET) and g == "all"))
    for measure in (*FIRST, *targets, *AFTER_TARGETS, *COUNTS):
        each = [rows.get((name, measure, "all")) for name in names]
        if all(own is None or (measure in COUNTS and not own.value) for own in each):
            continue
        table.add_row(_said(facts, measure), *map(_cell, each))
    return table


def _said(facts: MeasuredFacts, measure: str) -> str:
    """Return a measure as people say it; of a record counts are a day's, not a run's."""
    if measure.startswith(TARGET):
        return clean(measure.removeprefix(TARGET))
    title = definition(measure).titled(facts.horizon_ms)
    if facts.unit == "replication" or measure not in COUNTS:
        return title
    title = ENDED if measure == "abandoned" else title
    return title.removesuffix(", per run") + ", per day" * (facts.unit == "day")


def _cell(row: Estimate | None) -> str:
    """Return a value with its interval; in place of a percentile that is not reached, a word."""
    if row is None:
        return "-"
    if row.value is None:
        return row.note.partition(":")[0]
    return bracketed(row.value, row.low, row.high, row.unit, False)


def _by_group(facts: MeasuredFacts, rows: Rows, title: str, prefix: str) -> Table:
    names = facts.alternatives
    mean, p90 = shown_by_group(facts.unit)
    table = Table(title=f"{title}: response time", title_justify="left")
    table.add_column(title.removeprefix("By "))
    table.add_column("callouts", justify="right")
    for name in names:
        label = f"{clean(name)}: " * (len(names) > 1)
        for measure in (mean, p90):
            words = definition(measure).title.removeprefix("response time, ")
            table.add_column(label + words, justify="right")
    first = [g for n, m, g in rows if n == names[0] and m == "callouts" and g.startswith(prefix)]

    def often(group: str) -> float:
        return float(rows[names[0], "callouts", group].value or 0.0)

    for group in sorted(first, key=(lambda g: g) if prefix == "hour:" else (lambda g: -often(g))):
        cells = [say(often(group), "per day")]
        for name in names:
            cells += [_cell(rows.get((name, measure, group))) for measure in (mean, p90)]
        table.add_row(clean(group.removeprefix(prefix)), *cells)
    return table


def shown_by_group(unit: str) -> tuple[str, str]:
    """Return the mean and percentile shown by group: of those reached where it is a record."""
    if unit == "replication":
        return RESTRICTED_MEAN, P90
    return "response_mean_reached", "reached_p90"
