"""Results by place, and in windows of the run: closures, surges, seasons and others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table

from sim.definitions import NOT_REACHED, P90, RESTRICTED_MEAN
from sim.experiment import EstimateRow
from sim.outcomes import GroupDifference
from sim.outcomes.measured.summary import FEW_IN_ALL
from sim.scenario.duty_hours.named_windows import sort_and_name

from ..phrasing.phrases import named, phrase
from ..phrasing.saying import title_of
from ..phrasing.words import clean, say, with_difference, with_interval
from .group_sentences import PLACE, WINDOW

ALL = "all"
MOST_PLACES = 20  # shown on the terminal and on the page
SIDE_BY_SIDE = 3  # alternatives whose intervals have room


def windows_table(
    rows: Sequence[EstimateRow],
    alternatives: Sequence[str],
    horizon: int,
    differences: Sequence[GroupDifference] = (),
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
    differences
        Those of ``windows_differences.csv``; told where there is room.

    """
    if not rows:
        return None
    found, paired = {row.key: row for row in rows}, _paired(differences)
    compared = _compared(alternatives, differences)
    table = Table(title="By window of the run", title_justify="left")
    for column in ("measure", "callouts received in"):
        table.add_column(column)
    for name in alternatives:
        table.add_column(clean(name), justify="right")
    for name in compared:
        table.add_column(phrase("{name}: difference", name=named(name)), justify="right")
    windows = dict.fromkeys(row.group for row in rows)
    for measure in dict.fromkeys(row.measure for row in rows):
        title = title_of(measure, horizon)
        for window in windows:
            own = [found.get((name, measure, window)) for name in alternatives]
            if any(own):
                cells = [_cell(row, len(alternatives) <= SIDE_BY_SIDE) for row in own]
                apart = [with_difference(paired.get((n, measure, window))) for n in compared]
                table.add_row(title, _said(window), *cells, *apart)
                title = ""
    return table


def places_table(
    rows: Sequence[EstimateRow],
    alternatives: Sequence[str],
    differences: Sequence[GroupDifference] = (),
) -> Table | None:
    """
    Return response times by place, those with most callouts first; None: no rows.

    Parameters
    ----------
    rows
        Those of ``places.csv``.
    alternatives
        The baseline first.
    differences
        Those of ``places_differences.csv``; of the restricted mean, told where there is room.

    """
    if not rows:
        return None
    found, paired = {row.key: row for row in rows}, _paired(differences)
    compared = _compared(alternatives, differences)
    often = {
        r.group: r for r in rows if r.alternative == alternatives[0] and r.measure == "callouts"
    }
    ranked = sorted(often, key=lambda place: -(often[place].value or 0.0))
    title = "By place: response time"
    if len(ranked) > MOST_PLACES:
        more = str(len(ranked) - MOST_PLACES)
        title = phrase("By place: response time; {number} more places in places.csv", number=more)
    table = Table(title=title, title_justify="left")
    for column in _columns(alternatives, compared):
        table.add_column(column, justify="right" if column != "place" else "left")
    for place in ranked[:MOST_PLACES]:
        cells = [
            _cell(found.get((name, measure, place)), False)
            for name in alternatives
            for measure in (NOT_REACHED, RESTRICTED_MEAN, P90)
        ]
        few = ", few callouts" if FEW_IN_ALL in often[place].note else ""
        name, callouts = clean(place.removeprefix(PLACE)), say(often[place].value, "per day")
        apart = [with_difference(paired.get((n, RESTRICTED_MEAN, place))) for n in compared]
        table.add_row(name + few, callouts, *cells, *apart)
    return table


def _compared(alternatives: Sequence[str], differences: Sequence[GroupDifference]) -> Sequence[str]:
    """Return the alternatives whose differences from the baseline have room."""
    return alternatives[1:] if differences and len(alternatives) <= SIDE_BY_SIDE else ()


def _paired(
    differences: Sequence[GroupDifference],
) -> dict[tuple[str, str, str], GroupDifference]:
    return {(row.alternative, row.measure, row.group): row for row in differences}


def _columns(alternatives: Sequence[str], compared: Sequence[str]) -> Iterator[str]:
    yield from ("place", "callouts")
    for name in alternatives:
        yield from (f"{clean(name)}: not reached", "restricted mean", "90th percentile")
    for name in compared:
        yield phrase("{name}: restricted mean, difference", name=named(name))


def _said(window: str) -> str:
    if window == ALL:
        return "the whole run"
    sort, name = sort_and_name(window.removeprefix(WINDOW))
    return phrase(sort + " {name}", name=named(name))


def _cell(row: EstimateRow | None, intervals: bool) -> str:
    if row is None:
        return "none"
    said = with_interval(row.estimate) if intervals else say(row.value, row.unit)
    return f"{said} (few)" if FEW_IN_ALL in row.note else said
