"""Results as text tables on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from shutil import get_terminal_size
from typing import Any

from rich.console import Console
from rich.table import Table

from sim.experiment import Study, Tables
from sim.units import say_duration

MAIN = (
    "response_mean",
    "response_median",
    "response_p90",
    "wait_mean",
    "share_waiting",
    "busy_fraction",
)
WORDS = {
    "response_mean": "response time, mean",
    "response_median": "response time, median",
    "response_p90": "response time, 9 of 10",
    "wait_mean": "wait for a free team",
    "share_waiting": "callouts that waited",
    "busy_fraction": "busy fraction of teams",
    "callouts": "callouts",
    "unfinished": "unfinished, per run",
    "not_reached": "not reached, per run",
    "lost": "lost, per run",
    "gave_up": "gave up, per run",
    "dropped": "dropped, per run",
}
PLAIN = ("callouts", "not_reached", "unfinished", "lost", "gave_up", "dropped")

Row = tuple[Any, ...]


def say(value: float | None, unit: str, sign: bool = False) -> str:
    """Return a value with its unit, as people read it; a dash where there is none."""
    if value is None:
        return "-"
    plus = "+" if sign else ""
    if unit == "share":
        return f"{100 * value:{plus}.1f}" + (" pp" if sign else " %")
    if unit == "min":
        return f"{value:{plus}.1f} min"
    return f"{value:{plus}.2f}" + (" a day" if unit == "per day" else "")


def clean(text: str) -> str:
    """Return a text without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)


def with_interval(row: Row) -> str:
    """Return a summary row's value and interval."""
    value, low, high, unit = row[3:7]
    if low is None or high is None:
        return say(value, unit)
    scale = 100 if unit == "share" else 1
    least = max(low, 0.0)  # of few replications an interval may reach below nought
    return f"{say(value, unit)}  [{least * scale:.1f}, {high * scale:.1f}]"


def print_study(study: Study, tables: Tables) -> None:
    """Print what a study found: overall, by area and kind, and how busy the teams are."""
    width = max(get_terminal_size().columns, 100) if sys.stdout.isatty() else 110
    console = Console(width=width, highlight=False, markup=False)  # names may hold brackets
    scenario = study.world.scenario
    names = list(study.observations)
    pairs = "paired replications" if len(names) > 1 else "replications"
    console.print("\n" + clean(scenario.title or scenario.name), style="bold")
    console.print(
        f"{study.replications} {pairs} of {say_duration(scenario.clock.run)} · "
        f"seed {scenario.study.seed} · 95 % intervals in brackets\n"
        "Response time runs from received to first team on scene."
    )
    console.print(_overall(study, tables, names))
    for title, prefix in (("By kind", "kind:"), ("By area", "area:")):
        table = _by_group(tables, names, title, prefix)
        if table.row_count > 1:
            console.print(table)
    console.print(_busy(tables, names))
    _warn(console, tables)


def _overall(study: Study, tables: Tables, names: list[str]) -> Table:
    table = Table()
    table.add_column("all callouts", no_wrap=True)
    for name in names:
        table.add_column(name, justify="right")
    for name in names[1:]:
        table.add_column(f"{name} minus {names[0]}", justify="right")
    shares = [f"share:{t.name}" for t in study.world.scenario.targets]
    found = {(r[0], r[1], r[2]): r for r in tables.summary}
    paired = {(r[0], r[2], r[3]): r for r in tables.comparisons}
    for measure in (*MAIN[:3], *shares, *MAIN[3:], *PLAIN):
        group = _group_of(study, measure)
        rows = [found.get((name, measure, group)) for name in names]
        if all(r is None or (measure in PLAIN[1:] and not r[3]) for r in rows):
            continue
        cells = ["-" if r is None else with_interval(r) for r in rows]
        differences = [_difference(paired.get((name, measure, group))) for name in names[1:]]
        table.add_row(WORDS.get(measure, measure.removeprefix("share:")), *cells, *differences)
    return table


def _group_of(study: Study, measure: str) -> str:
    for target in study.world.scenario.targets:
        if measure == f"share:{target.name}":
            if target.kind is not None:
                return f"kind:{target.kind}"
            if target.priority is not None:
                return f"priority:{target.priority}"
    return "all"


def _difference(row: Row | None) -> str:
    if row is None:
        return ""
    difference, low, high, unit = row[4:8]
    if low is None or high is None:
        return say(difference, unit, sign=True)
    scale = 100 if unit == "share" else 1
    return f"{say(difference, unit, sign=True)}  [{low * scale:+.1f}, {high * scale:+.1f}]"


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


def _busy(tables: Tables, names: list[str]) -> Table:
    table = Table(title="Busy fraction", title_justify="left")
    table.add_column("team")
    for name in names:
        table.add_column(name, justify="right")
    found = {(r[0], r[2]): r for r in tables.summary if r[1] == "busy_fraction"}
    teams = [group for name, group in found if name == names[0] and group.startswith("team:")]
    for team in teams:
        rows = [found.get((name, team)) for name in names]
        table.add_row(
            team.removeprefix("team:"), *("-" if r is None else with_interval(r) for r in rows)
        )
    return table


def _warn(console: Console, tables: Tables) -> None:
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
    better: dict[str, list[str]] = {}
    worse: dict[str, list[str]] = {}
    for name, _, measure, group, _, low, high, *_ in comparisons:
        if group != "all" or low is None or measure == "busy_fraction" or low <= 0 <= high:
            continue
        good_if_less = not measure.startswith("share:")
        kept = better if (high < 0) == good_if_less else worse
        kept.setdefault(name, []).append(WORDS.get(measure, measure.removeprefix("share:")))
    return [
        f"{name} is better on {', '.join(better[name])} but worse on {', '.join(worse[name])}: "
        "decide which matters."
        for name in better
        if name in worse
    ]
