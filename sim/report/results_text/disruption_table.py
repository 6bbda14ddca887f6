"""Disruptions of a study as text tables: of all callouts, and by hospital."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from rich.table import Table

from sim.definitions import DISRUPTIONS
from sim.experiment import EstimateRow
from sim.outcomes import Comparison, Estimate

from ..phrasing.words import clean, say, with_difference, with_interval

R = TypeVar("R", Estimate, Comparison)
Found = Mapping[tuple[str, str, str], Estimate]
IN_CSV_ONLY = ("no_access_at_end", "closures_told", "missions_refused", "explosive_hazards_cleared")
FIRST = (
    "no_access_hours", "refusals", "missions_withdrawn", "exposure", "deferred_queue_time_longest",
    "share_offload_delayed",
)  # fmt: skip
TITLE = "Disruptions: counts and hours per run"
MOST_HOSPITALS = 8  # shown on the terminal
SIDE_BY_SIDE = 3  # alternatives that fit side by side; more get a row each


def disruption_tables(
    rows: Sequence[EstimateRow], comparisons: Sequence[Comparison], alternatives: Sequence[str]
) -> Iterator[Table]:
    """Yield disruptions and offload delays, where there were any."""
    found = {row.key: _a_run(row.estimate) for row in rows}
    happened = [
        measure for measure in DISRUPTIONS
        if measure not in IN_CSV_ONLY
        and any(row.value for row in rows if row.measure == measure and row.group == "all")
    ]  # fmt: skip
    if not happened:
        return
    if len(alternatives) <= SIDE_BY_SIDE:
        paired = {(r.alternative, r.measure): _a_run(r) for r in comparisons if r.group == "all"}
        yield _overall(found, paired, happened, alternatives)
        if {"share_offload_delayed", "referred"} & set(happened):
            yield _hospitals(found, alternatives)
    else:
        yield _one_a_row(found, [m for m in FIRST if m in happened], alternatives)


def _a_run(row: R) -> R:
    """Return a row without "per run" in its unit: the table's title says it."""
    return row._replace(unit=row.unit.removesuffix("per run").rstrip())


def _overall(
    found: Found,
    paired: Mapping[tuple[str, str], Comparison],
    happened: Sequence[str],
    alternatives: Sequence[str],
) -> Table:
    table = Table(title=TITLE, title_justify="left")
    table.add_column("all callouts")
    for name in alternatives:
        table.add_column(clean(name), justify="right")
    for name in alternatives[1:]:
        table.add_column(clean(f"{name} minus {alternatives[0]}"), justify="right")
    for measure in happened:
        own = [found.get((name, measure, "all")) for name in alternatives]
        cells = ["-" if row is None else with_interval(row) for row in own]
        differences = [with_difference(paired.get((name, measure))) for name in alternatives[1:]]
        table.add_row(DISRUPTIONS[measure].title, *cells, *differences)
    return table


def _hospitals(found: Found, alternatives: Sequence[str]) -> Table:
    """Return share of transports and offload delays of the hospitals with most transports."""
    table = Table(title="Hospitals: share of transports, offload delay", title_justify="left")
    table.add_column("hospital")
    for name in alternatives:
        table.add_column(f"{clean(name)}: share", justify="right")
        table.add_column("delayed", justify="right")
        table.add_column("90th percentile", justify="right")
    taken: dict[str, float] = {}
    for (_, measure, group), each in found.items():
        if measure == "taken" and each.value:
            taken[group] = max(taken.get(group, 0.0), each.value)
    for group in sorted(taken, key=lambda group: -taken[group])[:MOST_HOSPITALS]:
        cells = []
        for name in alternatives:
            for measure in ("taken", "share_offload_delayed", "offload_delay_p90"):
                row = found.get((name, measure, group))
                cells.append("-" if row is None else say(row.value, row.unit))
        table.add_row(clean(group.partition(":")[2]), *cells)
    return table


def _one_a_row(
    found: Found,
    happened: Sequence[str],
    alternatives: Sequence[str],
) -> Table:
    table = Table(title=TITLE, title_justify="left")
    table.add_column("alternative")
    for measure in happened:
        table.add_column(DISRUPTIONS[measure].title, justify="right")
    for name in alternatives:
        rows = [found.get((name, measure, "all")) for measure in happened]
        table.add_row(
            clean(name), *("-" if row is None else say(row.value, row.unit) for row in rows)
        )
    return table
