"""What a study asks of people, as text tables: of crews and of volunteers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import fsum
from typing import Any

from rich.table import Table

from .words import clean, say

Row = tuple[Any, ...]
CREWS: dict[
    str, tuple[str, Callable[..., Row] | None]
] = {  # measure: heading, and which crew is told of
    "longest_duty": ("longest duty", max),
    "least_rest": ("least rest", min),
    "overtime": ("most overtime", max),
    "night_callouts": ("most calls at night", max),
    "breaks_missed": ("most breaks missed", max),
}
VOLUNTEERS: dict[str, tuple[str, Callable[..., Row] | None]] = {  # None: all pools added up
    "alerts": ("alerts", None),
    "share_accepted": ("least accepted", min),
    "redundant": ("came too late", None),
    "time_to_full_crew": ("slowest full crew", max),
    "no_crew": ("no crew", None),
    "nights_disturbed": ("most nights disturbed", max),
}


def people_tables(rows: Sequence[Row], alternatives: Sequence[str]) -> Iterator[Table]:
    """Yield a table of crews and one of volunteers, where there is something to tell."""
    for prefix, draw in (("team:", _crews), ("volunteers:", _volunteers)):
        own = [row for row in rows if row[2].startswith(prefix) and row[3] is not None]
        if own:
            yield draw(own, alternatives)


def _crews(rows: Sequence[Row], alternatives: Sequence[str]) -> Table:
    """Return the crew worst off in each respect, a row an alternative."""
    table = Table(title="Crews: the one worst off", title_justify="left")
    return _filled(table, CREWS, rows, alternatives)


def _volunteers(rows: Sequence[Row], alternatives: Sequence[str]) -> Table:
    """Return what alerts came to, a row an alternative: all pools, or the one worst off."""
    table = Table(title="Volunteers: all together, or those worst off", title_justify="left")
    return _filled(table, VOLUNTEERS, rows, alternatives)


def _filled(
    table: Table,
    columns: Mapping[str, tuple[str, Callable[..., Row] | None]],
    rows: Sequence[Row],
    alternatives: Sequence[str],
) -> Table:
    table.add_column("alternative")
    told = [measure for measure in columns if any(row[1] == measure for row in rows)]
    for measure in told:
        table.add_column(columns[measure][0], justify="right")
    for name in alternatives:
        found = [[row for row in rows if row[:2] == (name, measure)] for measure in told]
        if any(row[3] for own in found for row in own):
            cells = [
                _cell(own, columns[measure][1]) for own, measure in zip(found, told, strict=True)
            ]
            table.add_row(clean(name), *cells)
    return table


def _cell(rows: Sequence[Row], choose: Callable[..., Row] | None) -> str:
    """Return the sum, or the value of those worst off and their name; a dash: not known."""
    if not rows:
        return "-"
    if choose is None:
        total = fsum(row[3] for row in rows)
        return say(total, rows[0][6]) if total else "none"
    row = choose(rows, key=lambda row: row[3])
    if not row[3]:
        return "none"
    return f"{say(row[3], row[6])}\n{clean(row[2].partition(':')[2])}"
