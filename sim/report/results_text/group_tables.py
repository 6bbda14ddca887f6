"""Results by place, and of the parts of a run: closures, surges and the time after incidents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table

from sim.definitions import NOT_REACHED, P90, RESTRICTED_MEAN
from sim.experiment import EstimateRow
from sim.outcomes.measured.summary import FEW_IN_ALL

from ..phrasing.phrases import named, phrase
from ..phrasing.saying import title_of
from ..phrasing.words import clean, say, with_interval

PLACE, WINDOW, ALL = "place:", "window:", "all"
MOST_PLACES = 20  # shown on the terminal and on the page
SIDE_BY_SIDE = 3  # alternatives whose intervals have room


def windows_table(
    rows: Sequence[EstimateRow], alternatives: Sequence[str], horizon: int
) -> Table | None:
    """
    Return the main measures of the whole run, and under them those of its windows; None: no rows.

    Parameters
    ----------
    rows
        Those of ``windows.csv``.
    alternatives
        The baseline first.
    horizon
        After which a callout counts as not reached. [ms]

    """
    if not rows:
        return None
    found = {row.key: row for row in rows}
    table = Table(title="During closures and surges, and after incidents", title_justify="left")
    for column in ("measure", "callouts received in"):
        table.add_column(column)
    for name in alternatives:
        table.add_column(clean(name), justify="right")
    windows = dict.fromkeys(row.group for row in rows)
    for measure in dict.fromkeys(row.measure for row in rows):
        title = title_of(measure, horizon)
        for window in windows:
            own = [found.get((name, measure, window)) for name in alternatives]
            if any(own):
                cells = [_cell(row, len(alternatives) <= SIDE_BY_SIDE) for row in own]
                table.add_row(title, _said(window), *cells)
                title = ""
    return table


def places_table(rows: Sequence[EstimateRow], alternatives: Sequence[str]) -> Table | None:
    """
    Return response times by place, those with most callouts first; None: no rows.

    Parameters
    ----------
    rows
        Those of ``places.csv``.
    alternatives
        The baseline first.

    """
    if not rows:
        return None
    found = {row.key: row for row in rows}
    often = {
        r.group: r for r in rows if r.alternative == alternatives[0] and r.measure == "callouts"
    }
    ranked = sorted(often, key=lambda place: -(often[place].value or 0.0))
    title = "By place: response time"
    if len(ranked) > MOST_PLACES:
        more = str(len(ranked) - MOST_PLACES)
        title = phrase("By place: response time; {number} more places in places.csv", number=more)
    table = Table(title=title, title_justify="left")
    for column in _columns(alternatives):
        table.add_column(column, justify="right" if column != "place" else "left")
    for place in ranked[:MOST_PLACES]:
        cells = [
            _cell(found.get((name, measure, place)), False)
            for name in alternatives
            for measure in (NOT_REACHED, RESTRICTED_MEAN, P90)
        ]
        few = ", few callouts" if FEW_IN_ALL in often[place].note else ""
        name, callouts = clean(place.removeprefix(PLACE)), say(often[place].value, "per day")
        table.add_row(name + few, callouts, *cells)
    return table


def _columns(alternatives: Sequence[str]) -> Iterator[str]:
    yield from ("place", "callouts")
    for name in alternatives:
        yield from (f"{clean(name)}: not reached", "restricted mean", "90th percentile")


def _said(window: str) -> str:
    if window == ALL:
        return "the whole run"
    sort, _, name = window.removeprefix(WINDOW).partition(" ")
    return phrase(sort + " {name}", name=named(name))


def _cell(row: EstimateRow | None, intervals: bool) -> str:
    if row is None:
        return "none"
    said = with_interval(row.estimate) if intervals else say(row.value, row.unit)
    return f"{said} (few)" if FEW_IN_ALL in row.note else said
