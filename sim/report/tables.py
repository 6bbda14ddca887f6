"""Results as text tables on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from shutil import get_terminal_size
from typing import Any

from rich.console import Console
from rich.table import Table

from sim.experiment import Study, Tables
from sim.experiment.folder import access_of, staff_of
from sim.experiment.selection import Selection
from sim.units import say_duration

from .access import WORDS as ACCESS_WORDS
from .access import access_tables
from .staff import staff_tables
from .words import bracketed, clean, say, with_difference, with_interval

MAIN = (
    "response_mean",
    "response_median",
    "response_p90",
    "attendance_mean",
    "attendance_p90",
    "wait_mean",
    "wait_p90",
    "share_waiting",
    "survival",
    "utilisation",
    "overtime",
    "crews_without_capability",
    "alerts",
    "redundant",
    "nights_disturbed_most",
)
SIDE_BY_SIDE = 3  # alternatives that fit side by side; more get a row each
SHOWN_PAIRS = 12
WORDS = {
    "response_mean": "response time, mean",
    "response_median": "response time, median",
    "response_p90": "response time, 9 of 10",
    "attendance_mean": "full attendance, mean",
    "attendance_p90": "full attendance, 9 of 10",
    "wait_mean": "wait for a free team",
    "wait_p90": "wait, 9 of 10",
    "share_waiting": "callouts that waited",
    "survival": "declared survival",
    "utilisation": "utilisation of teams",
    "overtime": "overtime, crews with shifts",
    "crews_without_capability": "crews without a required capability",
    "alerts": "alerts to volunteers",
    "redundant": "who came too late to leave",
    "nights_disturbed": "nights disturbed, a volunteer",
    "nights_disturbed_most": "nights disturbed, most burdened",
    "callouts": "callouts",
    "unfinished": "unfinished, per run",
    "not_reached": "not reached, per run",
    "lost": "lost, per run",
    "gave_up": "gave up, per run",
    "dropped": "dropped, per run",
    "not_attended": "never fully attended, per run",
    **ACCESS_WORDS,
}
SHARES = ("survival", "utilisation")
PLAIN = ("callouts", "not_reached", "not_attended", "unfinished", "lost", "gave_up", "dropped")

Row = tuple[Any, ...]
__all__ = ["clean", "print_selection", "print_study", "said_measure", "say", "with_interval"]


def print_study(study: Study, tables: Tables) -> None:
    """Print what a study found: overall, by area and kind, of teams and of staff."""
    width = max(get_terminal_size().columns, 100) if sys.stdout.isatty() else 110
    console = Console(width=width, highlight=False, markup=False)  # names may hold brackets
    scenario = study.world.scenario
    names = list(study.observations)
    pairs = "paired replications" if len(names) > 1 else "replications"
    console.print("\n" + clean(scenario.title or scenario.name), style="bold")
    console.print(
        f"{study.replications} {pairs} of {say_duration(scenario.clock.run)} · "
        f"seed {study.design.seed} · 95 % intervals in brackets\n"
        "Response time runs from received to first team on scene."
    )
    if len(names) <= SIDE_BY_SIDE:
        console.print(_overall(study, tables, names))
        for title, prefix in (("By kind", "kind:"), ("By area", "area:")):
            table = _by_group(tables, names, title, prefix)
            if table.row_count > 1:
                console.print(table)
        console.print(_utilisation(tables, names))
    else:
        console.print(_one_a_row(study, tables, names))
    for told in staff_tables(staff_of(study).rows, names):
        console.print(told)
    for table in access_tables(access_of(study).rows, tables.comparisons.rows, names):
        console.print(table)
    if len(tables.controlled):
        console.print(_controlled(tables))
    _judge(console, study, tables, names)
    _warn(console, study, tables)


def print_selection(found: Selection) -> None:
    """Print which alternative a selection chose, how long each was run, and what is promised."""
    width = max(get_terminal_size().columns, 100) if sys.stdout.isatty() else 110
    console = Console(width=width, highlight=False, markup=False)
    scenario = found.design.files[0].scenario
    console.print("\n" + clean(scenario.title or scenario.name), style="bold")
    measure = found.wanted.measure
    direction = "most" if found.wanted.maximise else "least"
    console.print(
        f"Best by {said_measure(measure)} ({direction}), on the same callouts · runs of "
        f"{say_duration(scenario.clock.run)} · seed {found.design.seed}"
    )
    unit = "share" if measure.startswith("share") or measure in SHARES else "min"
    at = found.trace.columns.index("alternative")
    last = {row[at]: dict(zip(found.trace.columns, row, strict=True)) for row in found.trace}
    table = Table()
    table.add_column("alternative")
    for column in ("replications", "mean", ""):
        table.add_column(column, justify="right" if column else "left")
    for name in found.design.names:
        row = last.get(name, {})
        left_out = row.get("eliminated")
        fate = "best" if name == found.best else f"left out after {left_out}" if left_out else ""
        table.add_row(
            clean(name), str(row.get("replications", 0)), say(row.get("mean"), unit), fate
        )
    console.print(table)
    console.print(f"Chosen: {clean(found.best)}", style="bold")
    console.print(found.guarantee)
    means = {name: row["mean"] for name, row in last.items() if row["mean"] is not None}
    near = [
        name
        for name, mean in means.items()
        if name != found.best and abs(mean - means[found.best]) < found.wanted.delta
    ]
    if near:
        told = f"Less than {found.wanted.said} from it, so that they may be as good: "
        console.print(told + ", ".join(map(clean, near)), style="yellow")


def _measures(study: Study) -> list[str]:
    shares = [f"share:{t.name}" for t in study.world.scenario.targets]
    return [*MAIN[:3], *shares, *MAIN[3:], *PLAIN]


def _overall(study: Study, tables: Tables, names: list[str]) -> Table:
    table = Table()
    table.add_column("all callouts")
    for name in names:
        table.add_column(clean(name), justify="right")
    for name in names[1:]:
        table.add_column(clean(f"{name} minus {names[0]}"), justify="right")
    found = {(r[0], r[1], r[2]): r for r in tables.summary}
    paired = {(r[0], r[2], r[3]): r for r in tables.comparisons}
    for measure in _measures(study):
        rows = [found.get((name, measure, "all")) for name in names]
        if all(r is None or (measure in PLAIN[1:] and not r[3]) for r in rows):
            continue
        cells = ["-" if r is None else with_interval(r) for r in rows]
        differences = [with_difference(paired.get((name, measure, "all"))) for name in names[1:]]
        table.add_row(said_measure(measure), *cells, *differences)
    return table


def said_measure(measure: str) -> str:
    """Return a measure as people say it."""
    return clean(WORDS.get(measure, measure.removeprefix("share:")))


def _one_a_row(study: Study, tables: Tables, names: list[str]) -> Table:
    """Return a row an alternative: what one looks at first, and the verdict beside it."""
    target = next((f"share:{t.name}" for t in study.world.scenario.targets), None)
    measures = [m for m in ("response_mean", "response_p90", target, "utilisation") if m]
    table = Table()
    table.add_column("alternative")
    for measure in measures:
        table.add_column(said_measure(measure), justify="right")
    table.add_column("mean response time, minus the first", justify="right")
    found = {(r[0], r[1], r[2]): r for r in tables.summary}
    paired = {(r[0], r[2], r[3]): r for r in tables.comparisons}
    for name in names:
        rows = [found.get((name, m, "all")) for m in measures]
        cells = ["-" if r is None else with_interval(r).replace("  ", "\n") for r in rows]
        difference = with_difference(paired.get((name, "response_mean", "all")))
        table.add_row(clean(name), *cells, difference.replace("  ", "\n") or "baseline")
    return table


def _controlled(tables: Tables) -> Table:
    table = Table(title="With the number of callouts as control variate", title_justify="left")
    for column in ("alternative", "measure", "value", "variance left"):
        table.add_column(
            column, justify="right" if column in ("value", "variance left") else "left"
        )
    for alternative, measure, value, low, high, unit, left, *_ in tables.controlled:
        paired = measure.startswith("difference:")
        cells = bracketed(value, low, high, unit, paired)
        said = said_measure(measure.removeprefix("difference:")) + ", difference" * paired
        table.add_row(clean(alternative), said, cells, "-" if left is None else f"{left:.0%}")
    return table


def _by_group(tables: Tables, names: list[str], title: str, prefix: str) -> Table:
    table = Table(title=f"{title}: response time", title_justify="left")
    table.add_column(title.removeprefix("By "))
    table.add_column("callouts", justify="right")
    for name in names:
        table.add_column(f"{name}: mean", justify="right")
        table.add_column("9 of 10 within", justify="right")
    found = {(r[0], r[1], r[2]): r for r in tables.summary}
    groups = [
        r[2]
        for r in tables.summary
        if r[0] == names[0] and r[1] == "callouts" and r[2].startswith(prefix)
    ]
    per_day = _lookup(found, names[0], "callouts")
    for group in sorted(groups, key=lambda g: -(per_day(g) or 0)):
        cells = [say(per_day(group), "per day")]
        for name in names:
            for measure in ("response_mean", "response_p90"):
                row = found.get((name, measure, group))
                cells.append("-" if row is None else say(row[3], row[6]))
        table.add_row(group.removeprefix(prefix), *cells)
    return table


def _lookup(found: dict[Any, Row], name: str, measure: str) -> Callable[[str], float | None]:
    def value(group: str) -> float | None:
        row = found.get((name, measure, group))
        return None if row is None else row[3]

    return value


def _utilisation(tables: Tables, names: list[str]) -> Table:
    title = "Utilisation: time committed over time on duty"
    table = Table(title=title, title_justify="left")
    table.add_column("team")
    for name in names:
        table.add_column(name, justify="right")
    found = {(r[0], r[2]): r for r in tables.summary if r[1] == "utilisation"}
    teams = dict.fromkeys(group for _, group in found if group.startswith("team:"))
    for team in teams:
        rows = [found.get((name, team)) for name in names]
        table.add_row(
            team.removeprefix("team:"), *("-" if r is None else with_interval(r) for r in rows)
        )
    return table


def _judge(console: Console, study: Study, tables: Tables, names: list[str]) -> None:
    """Say how well the pairing worked, what the words mean, and what precision was reached."""
    if len(tables.comparisons):
        margin = study.world.scenario.study.margin
        console.print(
            "Better and worse hold for all rows together (Holm, 5 %). No material difference: "
            f"shown to be under {say_duration(margin.time)} or {margin.share * 100:g} pp (TOST).",
        )
    paired = {r[0]: r for r in tables.comparisons if (r[2], r[3]) == ("response_mean", "all")}
    for name in names[1:][:SHOWN_PAIRS]:
        row = paired.get(name)
        if row is None or row[9] is None:
            continue
        correlation, ratio = row[8] or 0.0, row[9]
        health = (
            f"differences vary {ratio:.1f} times less than unpaired ones"
            if ratio >= 1
            else f"PAIRING FAILS: differences vary {1 / ratio:.1f} times more than unpaired ones"
        )
        style = "" if ratio >= 1 else "bold red"
        told = f"Pairing of {clean(name)}: correlation {correlation:.3f}, {health}."
        console.print(told, style=style)
    for width in study.widths:
        reached = "reached" if width.met else "NOT REACHED"
        half = "no interval" if width.half_width is None else _half(width.half_width, width.unit)
        console.print(
            f"Precision {reached}: {clean(width.measure)} of {clean(width.alternative)} within "
            f"{half}, wanted {_half(width.wanted, width.unit)}",
            style="" if width.met else "yellow",
        )


def _half(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{value * 100:.2f} pp" if unit == "share" else f"{value:.2f} {unit}"


def _warn(console: Console, study: Study, tables: Tables) -> None:
    """Say where numbers should not be leant on."""
    shown = [r for r in tables.summary if r[2] == "all" and r[1] in (*MAIN, "callouts")]
    reasons = [_telling(r[8]) for r in shown]
    weak = [each for each in reasons if each]
    if weak:
        told = "; ".join(dict.fromkeys(reason for each in weak for reason in each))
        console.print(
            f"{len(weak)} of {len(shown)} intervals for all callouts may be too short ({told}); "
            "more replications help. Each is marked in summary.csv, column weak.",
            style="yellow",
        )
    if study.set_aside:
        numbers = ", ".join(map(str, study.set_aside))
        console.print(f"PARTIAL: without replications {numbers}", style="bold red")
    for sentence in _losers(tables.comparisons):
        console.print(sentence, style="yellow")


def _telling(weak: str) -> list[str]:
    """
    Return the reasons why an interval may be too short, but for one.

    That one replication makes up over a tenth of the variance is the rule with thirty of them,
    so it is left to the table.
    """
    return [reason for reason in weak.split("; ") if reason and "makes up" not in reason]


def _losers(comparisons: Iterable[Row]) -> list[str]:
    """Return a sentence for each alternative that wins one measure and loses another."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in comparisons:
        name, measure, group, verdict = row[0], row[2], row[3], row[13]
        if group == "all" and verdict in ("better", "worse"):
            words = found.setdefault(name, {"better": [], "worse": []})
            words[verdict].append(said_measure(measure))
    return [
        f"{clean(name)} is better on {', '.join(words['better'])} but worse on "
        f"{', '.join(words['worse'])}: decide which matters."
        for name, words in found.items()
        if words["better"] and words["worse"]
    ]
