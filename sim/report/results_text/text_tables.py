"""Everything a study found, as text tables on the terminal: what ``--all`` adds to the answer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from shutil import get_terminal_size
from typing import Any

from rich.console import Console
from rich.table import Table

from sim.definitions import DIFFERENCE, MEASURES, NOT_REACHED, P90, RESTRICTED_MEAN, definition
from sim.experiment import Study, Tables
from sim.experiment.results.folder import disruptions_of, places_of, staff_of, windows_of
from sim.outcomes import Comparison, Estimate, Harm

from ..phrasing.words import bracketed, clean, say, with_difference, with_interval
from .answer import WIDTH, answer
from .disruption_table import disruption_tables
from .fairness_tables import fairness_tables
from .group_tables import places_table, windows_table
from .judging_text import judging_lines, pairing_lines, precision_lines
from .staff_table import staff_tables

SIDE_BY_SIDE = 3  # alternatives that fit side by side; more get a row each
PLACES, KINDS = "area:", "kind:"

Row = tuple[Any, ...]
Found = dict[tuple[str, str, str], Estimate]
Paired = dict[tuple[str, str, str], Comparison]


def print_study(
    study: Study, tables: Tables, everything: bool = False, more: Sequence[str] = ()
) -> None:
    """
    Print the answer of a study.

    ``everything`` adds every table, ``more`` are further sentences, as on looks taken before.
    """
    columns = get_terminal_size((WIDTH, 24)).columns if sys.stdout.isatty() else WIDTH
    console = Console(width=max(columns, 40), highlight=False, markup=False, soft_wrap=True)
    for number, line in enumerate(answer(study, tables, max(columns, 40), more)):
        console.print(line, style="bold" if number == 0 else "")
    _warn(console, study)
    if everything:
        print_everything(study, tables, max(columns, 110))


def print_everything(study: Study, tables: Tables, width: int) -> None:
    """Print every measure over all callouts, by kind and area, of teams, staff and disruptions."""
    console = Console(width=width, highlight=False, markup=False)  # names may hold brackets
    names, found, paired = list(study.observations), _found(tables), _paired(tables)
    horizon = study.samples[0].standards.reach
    if len(names) <= SIDE_BY_SIDE:
        console.print(_overall(found, paired, names, horizon))
        for title, prefix in (("By kind", KINDS), ("By area", PLACES)):
            table = _by_group(found, names, title, prefix)
            if table.row_count > 1:
                console.print(table)
        console.print(_utilisation(found, names))
    else:
        console.print(_one_a_row(study, found, paired, names, horizon))
    if tables.verdicts.harmed:
        console.print(harmed_table(tables.verdicts.harmed))
    for shown in fairness_tables(tables.fairness.rows, names):
        console.print(shown)
    for asked in staff_tables(staff_of(study).rows, names):
        console.print(asked)
    for table in disruption_tables(disruptions_of(study).rows, tables.verdicts.rows, names):
        console.print(table)
    for asked_for in (
        windows_table(windows_of(study).rows, names, horizon, tables.window_differences.rows),
        places_table(places_of(study).rows, names, tables.place_differences.rows),
    ):
        if asked_for is not None:
            console.print(asked_for)
    if len(tables.controlled):
        console.print(_controlled(tables))
    _judge(console, study, tables, names)


def _found(tables: Tables) -> Found:
    return {row.key: row.estimate for row in tables.summary}


def _paired(tables: Tables) -> Paired:
    return {(r.alternative, r.measure, r.group): r for r in tables.verdicts.rows}


def said_measure(measure: str, horizon: int = 0) -> str:
    """Return a measure as people say it."""
    try:
        return clean(definition(measure).titled(horizon))
    except KeyError:
        return clean(measure)


def _overall(found: Found, paired: Paired, names: list[str], horizon: int) -> Table:
    table = Table()
    table.add_column("all callouts")
    for name in names:
        table.add_column(clean(name), justify="right")
    for name in names[1:]:
        table.add_column(clean(f"{name} minus {names[0]}"), justify="right")
    measures = dict.fromkeys(
        measure for _, measure, group in found
        if group == "all" and (measure in MEASURES or ":" in measure)
    )  # fmt: skip
    for measure in measures:
        rows = [found.get((name, measure, "all")) for name in names]
        if definition(measure).role == "counted" and not any(
            r is not None and r.value for r in rows
        ):
            continue
        cells = ["none" if r is None else with_interval(r) for r in rows]
        differences = [with_difference(paired.get((name, measure, "all"))) for name in names[1:]]
        table.add_row(said_measure(measure, horizon), *cells, *differences)
    return table


def _one_a_row(study: Study, found: Found, paired: Paired, names: list[str], horizon: int) -> Table:
    """Return a row an alternative: what one looks at first, and the verdict with it."""
    target = next((f"share:{t.name}" for t in study.world.scenario.targets), None)
    measures = [m for m in (NOT_REACHED, RESTRICTED_MEAN, P90, target) if m]
    table = Table()
    table.add_column("alternative")
    for measure in measures:
        table.add_column(said_measure(measure, horizon), justify="right")
    table.add_column("restricted mean, minus the first", justify="right")
    for name in names:
        rows = [found.get((name, m, "all")) for m in measures]
        cells = ["none" if r is None else with_interval(r).replace("  ", "\n") for r in rows]
        difference = with_difference(paired.get((name, RESTRICTED_MEAN, "all")))
        table.add_row(clean(name), *cells, difference.replace("  ", "\n") or "baseline")
    return table


def harmed_table(harmed: Sequence[Harm]) -> Table:
    """Return the classes of which clearly more are not reached."""
    table = Table(title="Left without help: share not reached", title_justify="left")
    for column in ("alternative", "class", "callouts", "before", "after", "difference"):
        table.add_column(column, justify="left" if column in ("alternative", "class") else "right")
    for harm in harmed:
        table.add_row(
            clean(harm.alternative),
            clean(f"{harm.by} {harm.name}") + (": abandoned" if harm.abandoned else ""),
            f"{harm.callouts:,}",
            say(harm.baseline, "share"),
            say(harm.not_reached, "share"),
            bracketed(harm.not_reached - harm.baseline, harm.low, harm.high, "share", True),
        )
    return table


def _controlled(tables: Tables) -> Table:
    table = Table(title="With the number of callouts as control variate", title_justify="left")
    for column in ("alternative", "measure", "value", "variance left"):
        table.add_column(
            column, justify="right" if column in ("value", "variance left") else "left"
        )
    for alternative, measure, value, low, high, unit, left, *_ in tables.controlled:
        paired = measure.startswith(DIFFERENCE)
        cells = bracketed(value, low, high, unit, paired)
        said = said_measure(measure.removeprefix(DIFFERENCE)) + ", difference" * paired
        table.add_row(clean(alternative), said, cells, "-" if left is None else f"{left:.0%}")
    return table


def _by_group(found: Found, names: list[str], title: str, prefix: str) -> Table:
    table = Table(title=f"{title}: response time", title_justify="left")
    table.add_column(title.removeprefix("By "))
    table.add_column("callouts", justify="right")
    for name in names:
        table.add_column(f"{name}: not reached", justify="right")
        table.add_column("restricted mean", justify="right")
        table.add_column("90th percentile", justify="right")
    groups = [g for n, m, g in found if n == names[0] and m == "callouts" and g.startswith(prefix)]
    per_day = _lookup(found, names[0], "callouts")
    for group in sorted(groups, key=lambda g: -(per_day(g) or 0)):
        cells = [say(per_day(group), "per day")]
        for name in names:
            for measure in (NOT_REACHED, RESTRICTED_MEAN, P90):
                row = found.get((name, measure, group))
                cells.append("none" if row is None else say(row.value, row.unit))
        table.add_row(clean(group.removeprefix(prefix)), *cells)
    return table


def _lookup(found: Found, name: str, measure: str) -> Callable[[str], float | None]:
    def value(group: str) -> float | None:
        row = found.get((name, measure, group))
        return None if row is None else row.value

    return value


def _utilisation(found: Found, names: list[str]) -> Table:
    table = Table(title="Utilisation", title_justify="left")
    table.add_column("team")
    for name in names:
        table.add_column(clean(name), justify="right")
    teams = dict.fromkeys(g for _, m, g in found if m == "utilisation" and g.startswith("team:"))
    for team in teams:
        rows = [found.get((name, "utilisation", team)) for name in names]
        table.add_row(
            clean(team.removeprefix("team:")),
            *("none" if r is None else with_interval(r) for r in rows),
        )
    return table


def _judge(console: Console, study: Study, tables: Tables, names: list[str]) -> None:
    """Say how well the pairing worked, what the words mean, and what precision was reached."""
    for line in judging_lines(study, tables):
        console.print(line)
    for told, worked in pairing_lines(tables, names):
        console.print(told, style="" if worked else "bold red")
    for told, met in precision_lines(study):
        console.print(told, style="" if met else "yellow")


def _warn(console: Console, study: Study) -> None:
    """Say what is missing, or not as precise as was asked for."""
    if study.failed_replications:
        numbers = ", ".join(map(str, study.failed_replications))
        console.print(f"PARTIAL: without replications {numbers}", style="bold red")
    missed = [width for width in study.widths if not width.met]
    if missed:
        said = ", ".join(dict.fromkeys(clean(width.measure) for width in missed))
        console.print(f"Precision NOT REACHED: {said}; see --all", style="yellow")
