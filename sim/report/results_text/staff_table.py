"""Workload of staff as text tables: crews on duty, crews on call, volunteers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from math import fsum
from typing import NamedTuple

from rich.table import Table

from sim.experiment import EstimateRow

from ..phrasing.phrases import in_turn, named, phrase
from ..phrasing.words import clean, say


class Column(NamedTuple):
    """A heading, and how one value is found among those of all crews or pools."""

    heading: str
    choose: Callable[..., EstimateRow] | None  # the most burdened; None: all added up


# all amounts but spells and rests are a week's, as the titles of the tables say
ON_DUTY = {
    "hours_on_duty": Column("most hours on duty", max),
    "longest_spell": Column("longest spell", max),
    "shortest_rest": Column("shortest rest", min),
    "nights_on_duty": Column("most nights", max),
    "overtime": Column("most overtime", max),
    "night_callouts": Column("most callouts at night", max),
    "breaks_missed": Column("most breaks missed", max),
    "mandatory_rest": Column("most mandatory rest", max),
}
ON_CALL = {
    "hours_on_call": Column("most hours on call", max),
    "hours_turned_out": Column("most hours turned out", max),
    "night_callouts": Column("most callouts at night", max),
    "short_crews": Column("turned out short, all crews", None),
    "crews_without_capability": Column("of these without a required capability", None),
    "no_crew_assembled": Column("no crew assembled, all crews", None),
}
DRIVING = {  # a day, not a week
    "kilometres": Column("km, all", None),
    "kilometres_to_scene": Column("to scenes", None),
    "kilometres_to_hospital": Column("to hospital", None),
    "kilometres_home": Column("home", None),
    "kilometres_relocation": Column("in relocations", None),
    "relocations": Column("relocations, all", None),
}
FUEL = {  # a day, but for the last
    "litres": Column("l, all", None),
    "litres_to_scene": Column("to scenes", None),
    "litres_to_hospital": Column("to hospital", None),
    "litres_home": Column("home", None),
    "litres_relocation": Column("in relocations", None),
    "litres_on_scene": Column("on scene", None),
    "without_fuel": Column("most without fuel, a week", max),
}
DEPOTS = {
    "fuel_taken": Column("l taken, all", None),
    "fuel_left": Column("least left", min),
    "days_of_supply": Column("fewest days of supply", min),
    "depot_empty": Column("longest empty, a week", max),
    "depot_first_empty": Column("first empty, hours from the start", min),
}
VOLUNTEERS = {
    "alerts": Column("alerts, all", None),
    "alerts_most": Column("most alerts, a person", max),
    "nights_disturbed_most": Column("most nights disturbed, a person", max),
    "hours_out_most": Column("most hours out, a person", max),
    "arrived_too_late": Column("arrived too late, all", None),
    "share_accepted": Column("lowest acceptance", min),
    "time_to_full_crew": Column("slowest full crew", max),
}


def staff_tables(rows: Sequence[EstimateRow], alternatives: Sequence[str]) -> Iterator[Table | str]:
    """
    Yield a table of crews on duty, of crews on call, of kilometres driven, of fuel, and of
    volunteers.

    Each where there are any. ``rows`` are those of ``staff.csv``. A crew that is always on duty is
    the most burdened in hours, spell and rest, and hides the others; so under an alternative that
    has both, those whose duty ends have a row of their own. Where every crew is always on duty and
    misses no break, there is nothing to compare, and one sentence says so.
    """
    rows = [row for row in rows if row.value is not None]
    always, waits = _groups(rows, "always_on_duty"), _groups(rows, "hours_on_call")
    crews = [row for row in rows if row.group.startswith("team:")]
    on_duty = [row for row in crews if _whose(row) not in waits]
    if _groups(on_duty, "hours_on_duty") - always or _groups(on_duty, "breaks_missed"):
        title = "Staff, amounts a week: the most burdened crew in each respect"
        yield _filled(title, ON_DUTY, on_duty, alternatives, always)
    yield from _said_of_always(on_duty, alternatives, always)
    on_call = [row for row in crews if _whose(row) in waits]
    if on_call:
        title = "Staff on call, amounts a week: the most burdened crew, or all"
        yield _filled(title, ON_CALL, on_call, alternatives)
    if driving := [row for row in crews if row.measure in DRIVING]:
        yield _filled("Kilometres driven and relocations, a day", DRIVING, driving, alternatives)
        if not any(row.measure == "kilometres" for row in driving):
            yield "Kilometres are not known: the scenario has times, and no distances."
    if fuel := [row for row in crews if row.measure in FUEL]:
        yield _filled("Fuel burnt, litres a day", FUEL, fuel, alternatives)
    if depots := [row for row in rows if row.group.startswith("base:")]:
        yield _filled("Fuel at bases", DEPOTS, depots, alternatives)
    volunteers = [row for row in rows if row.group.startswith("volunteers:")]
    if volunteers:
        title = "Volunteers, amounts a week: the most burdened person, or all"
        yield _filled(title, VOLUNTEERS, volunteers, alternatives)


def _said_of_always(
    on_duty: Sequence[EstimateRow], alternatives: Sequence[str], always: Set[tuple[str, str]]
) -> Iterator[str]:
    """Yield a sentence on how many crews are always on duty, where any are."""
    if not always:
        return
    counts: list[str] = []
    for name in alternatives:
        there = sum(alternative == name for alternative, _ in always)
        crews = sum(row.alternative == name and row.measure == "hours_on_duty" for row in on_duty)
        of_all = phrase("{number} of {whole}", number=str(there), whole=str(crews))
        counts.append(of_all if there else "none")
    if len(set(counts)) == 1:
        each = counts[0]
    else:
        pairs = zip(alternatives, counts, strict=True)
        each = in_turn([
            phrase("{name} {number}", name=named(name), number=count) for name, count in pairs
        ])  # fmt: skip
    yield phrase(
        "Crews always on duty (168 h a week, no rest declared; the scenario does not say who "
        "takes turns there): {each}.",
        each=each,
    )


def _groups(rows: Sequence[EstimateRow], measure: str) -> set[tuple[str, str]]:
    """Return alternative and group of the rows that have a value of a measure."""
    return {_whose(row) for row in rows if row.measure == measure and row.value is not None}


def _whose(row: EstimateRow) -> tuple[str, str]:
    """Return which crew or pool a row is of, under which alternative."""
    return row.alternative, row.group


def _filled(
    title: str,
    columns: Mapping[str, Column],
    rows: Sequence[EstimateRow],
    alternatives: Sequence[str],
    always: Set[tuple[str, str]] = frozenset(),
) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("alternative")
    told = [measure for measure in columns if any(row.measure == measure for row in rows)]
    for measure in told:
        table.add_column(columns[measure].heading, justify="right")
    for name in alternatives:
        own = [row for row in rows if row.alternative == name]
        ends = [row for row in own if _whose(row) not in always]
        both = 0 < len(ends) < len(own)
        for label, some in ((clean(name), own), ("  those with shifts", ends)):
            by_measure = [[row for row in some if row.measure == measure] for measure in told]
            if (some is own or both) and any(row.value for each in by_measure for row in each):
                cells = [
                    _cell(each, columns[measure], measure, always)
                    for each, measure in zip(by_measure, told, strict=True)
                ]
                table.add_row(label, *cells)
    return table


def _cell(
    rows: Sequence[EstimateRow], column: Column, measure: str, always: Set[tuple[str, str]]
) -> str:
    """Return the sum, or the value of the most burdened and their name; a dash: not known."""
    if not rows:
        return "never off duty" if measure == "overtime" else "-"
    if column.choose is None:
        total = fsum(map(_amount, rows))
        return _said(total, rows[0].unit) if total else "none"
    row = column.choose(rows, key=_amount)
    name = clean(row.group.partition(":")[2])
    if _whose(row) in always:
        if measure == "shortest_rest":
            return f"none declared\n{name}"
        if measure == "longest_spell":
            return f"at least {_said(_amount(row), row.unit)}\n{name}"
    return f"{_said(row.value, row.unit)}\n{name}" if row.value else "none"


def _amount(row: EstimateRow) -> float:
    """Return the value of a row that has one."""
    return row.value or 0.0


def _said(value: float, unit: str) -> str:
    """Return an amount; that it is a week's is said above."""
    said = {
        "h per week": f"{value:.1f} h",
        "per week": f"{value:.1f}",
        "km per day": f"{value:.1f}",
        "l per day": f"{value:.1f}",
        "per day": f"{value:.2f}",
    }
    return said.get(unit) or say(value, unit)
