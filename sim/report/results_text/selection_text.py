"""A selection as text on the terminal."""

from __future__ import annotations

import math
import sys
from shutil import get_terminal_size

from rich.console import Console
from rich.table import Table

from sim.definitions import definition
from sim.experiment.selection.selection_study import EQUAL, Selection, SelectionRow
from sim.units import say_duration

from ..phrasing.words import bracketed, clean
from .confirmation_text import confirmation_lines
from .foreseeing import foreseeing_lines


def print_selection(found: Selection) -> None:
    """Print who was chosen, what is promised, and how each alternative ended."""
    console, wrap = _console()
    scenario = found.design.files[0].scenario
    measure = definition(found.wanted.measure)
    direction = "most" if found.wanted.maximise else "least"
    console.print("\n" + clean(scenario.title or scenario.name), style="bold")
    console.print(f"Chosen: {clean(found.best)}", style="bold")
    for line in chosen_lines(found):
        console.print(line, soft_wrap=not wrap)
    console.print(
        f"\nBest by {clean(measure.titled(found.horizon))} ({direction}), on the same callouts · "
        f"runs of {say_duration(scenario.clock.length)} · seed {found.design.seed}",
        soft_wrap=not wrap,
    )
    console.print(_table(found, measure.unit))


def _console() -> tuple[Console, bool]:
    """Return where to print, and whether lines are to be wrapped: not in a file or a pipe."""
    terminal = sys.stdout.isatty()
    width = get_terminal_size().columns if terminal else 110
    return Console(width=width, highlight=False, markup=False), terminal


def _table(found: Selection, unit: str) -> Table:
    """Return a row an alternative: the best first, those that are no candidates last."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("alternative")
    table.add_column("runs", justify="right")
    table.add_column(unit, justify="right")
    table.add_column("")
    for row in sorted(found.trace, key=lambda row: _rank(row, found)):
        value = bracketed(row.value, row.low, row.high, unit, False)
        fate = clean(row.status) or "perhaps as good" * (row.alternative in found.near)
        table.add_row(clean(row.alternative), str(row.replications), value, fate)
    return table


def _rank(row: SelectionRow, found: Selection) -> tuple[bool, bool, bool, float]:
    """Return what sorts a row: who could be the best, then by value, those refused last."""
    value, best = row.value, row.alternative == found.best
    loss = math.inf if value is None else -value if found.wanted.maximise else value
    return (bool(row.gate) and not best, not best, row.alternative not in found.near, loss)


def chosen_lines(found: Selection) -> list[str]:
    """Return what is promised of the one chosen, who may be as good, and what fresh runs say."""
    lines = [clean(found.guarantee), *foreseeing_lines(found.design.alternatives)]
    if found.near:
        names = "; ".join(map(clean, found.near))
        if found.wanted.method == EQUAL:
            lines.append(f"Not clearly worse, so that they may be as good: {names}")
        else:
            lines.append(f"Less than {found.wanted.said} from it, perhaps as good: {names}")
    return lines + confirmation_lines(found)
