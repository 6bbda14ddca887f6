"""
What ``explain`` does: what differs between two alternatives and why, or the narrative of one
callout.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from functools import partial
from math import fsum
from pathlib import Path
from shutil import get_terminal_size
from textwrap import fill

from rich.console import Console
from rich.table import Table

from sim.errors import UsageError
from sim.experiment import Reported, logs_of
from sim.outcomes.explanation.divergence import Divergence, changes
from sim.report.narratives.attribution import ENDED, in_short, told
from sim.report.narratives.callout_page import Causes, callout_page
from sim.report.narratives.narrative import find, storyline
from sim.report.narratives.storyline import printed
from sim.report.narratives.team_differences import teams_as_written
from sim.report.phrasing.saying import lasting, minutes
from sim.report.phrasing.words import clean

Runs = dict[str, Reported]
WIDTH = 100  # of a narrative: longer lines are hard to read


def explain(
    results: Path,
    callout: int | None,
    alternative: str | None,
    against: str | None,
    replication: int,
    most: int,
    everything: bool = False,
) -> None:
    """
    Print which callouts differ between two alternatives, or what happened to one of them.

    Parameters
    ----------
    results
        A results folder.
    callout
        Number of a callout within the replication, for its narrative; all that differ if None.
    alternative
        The baseline if None; for one callout, all under which it differs.
    against
        The alternative compared with it; the first of the others if None.
    replication
        Which replication, from 0.
    most
        How many callouts to list.
    everything
        Whether all of one callout is told, however long.

    Raises
    ------
    UsageError
        When there is no such alternative or callout, or only one alternative to compare.

    """
    runs = logs_of(results, replication)
    for flag, name in (("--policy", alternative), ("--against", against)):
        if name is not None and name not in runs:
            raise UsageError(f"{flag}: {name!r} is not among {', '.join(runs)}")
    if against is not None and against == alternative:
        others = ", ".join(name for name in runs if name != against)
        raise UsageError(f"--against: {against!r} compared with itself; try {others}")
    if callout is None:
        _list(_two(runs, alternative, against), replication, most)
    else:
        _tell(runs, callout, alternative, against, everything)


def _two(runs: Runs, alternative: str | None, against: str | None) -> Runs:
    """Return the two alternatives to compare; differences are second minus first."""
    first = alternative or next((name for name in runs if name != against), None)
    second = against or next((name for name in runs if name != first), None)
    if first is None or second is None:
        raise UsageError(f"there is one alternative only, {', '.join(runs)}: nothing to compare")
    return {first: runs[first], second: runs[second]}


def _changes(two: Runs) -> list[Divergence]:
    a, b = two.values()
    return changes(a.log, b.log, a.names, b.names, teams_as_written(a, b))


def _console() -> Console:
    width = max(get_terminal_size().columns, 100) if sys.stdout.isatty() else 120
    return Console(width=width, highlight=False, markup=False)  # names may hold brackets


# -- one callout ----------------------------------------------------------------------------------


def _tell(
    runs: Runs, number: int, alternative: str | None, against: str | None, everything: bool
) -> None:
    """Print a callout's narrative, and why it differs under other alternatives."""
    first = alternative or next(name for name in runs if name != against or len(runs) == 1)
    key = find(runs[first], number).key
    others = [against] if against else [name for name in runs if name != first]
    if alternative and not against:
        others = others[:1]
    causes: dict[str, Causes] = {}
    differ = []
    for other in others:
        two = {first: runs[first], other: runs[other]}
        change = next((c for c in _changes(two) if c.key == key), None)
        if change is not None:
            differ.append(other)
            title = f"Why {clean(other)} and {clean(first)} differ"
            causes[title] = partial(told, change, two)
    stories, closing = {}, []
    for name in [first, *([] if alternative else differ)]:
        own = next((c for c in runs[name].log.callouts if c.key == key), None)
        if own is not None:
            stories[f"Under {clean(name)}"] = storyline(runs[name], own.callout)
        else:
            closing.append(f"It is not in the demand of {clean(name)}.")
    same = ", ".join(name for name in others if name not in differ and name != first)
    if same:
        what = "First team, response time, queue time and outcome are the same under"
        closing.append(f"{what} {clean(same)}.")
    console = _console()
    width = min(console.width, WIDTH)
    page = callout_page(stories, causes, closing, width, everything)
    for title, lines in page.blocks:
        _print(console, title, lines, width)
    if page.left_out:
        items = "1 item is" if page.left_out == 1 else f"{page.left_out} items are"
        console.print(f"\n{items} left out or cut; --all tells everything.")


def _print(console: Console, title: str, lines: Iterable[str], width: int) -> None:
    """Print lines under a title, each from a new line on."""
    console.print()
    if title:
        console.print(title, style="bold")
    for line in lines:
        for part in printed(clean(line), width):
            console.print(part)


# -- all that differ ------------------------------------------------------------------------------


def _list(two: Runs, replication: int, most: int) -> None:
    """Print the callouts that differ, the largest differences first, and their sum."""
    (a, b), console = two, _console()
    found = _changes(two)
    keys = {row.key for run in two.values() for row in run.log.callouts}
    console.print(f"\nReplication {replication}: {clean(b)} compared with {clean(a)}", style="bold")
    if found:
        console.print(_table(found[:most], two))
    for line in _summary(found, len(keys), two):
        console.print(fill(line, console.width, subsequent_indent="    "))
    if len(found) > most:
        console.print(f"The {most} largest differences are shown; --most shows more.")
    if found:
        number = next(n for n in found[0].chain[0].callouts if n is not None)
        console.print(f"To explain one callout: --callout {number}")


def _table(found: Sequence[Divergence], two: Runs) -> Table:
    table = Table()
    a, b = two
    for column in ("callout", "received", "kind", "place"):
        table.add_column(column, justify="right" if column == "callout" else "left")
    for column in (a, b, "difference"):
        table.add_column(clean(column), justify="right")
    table.add_column("cause")
    for change in found:
        x = 0 if change.rows[0] is not None else 1
        row, run = change.rows[x], list(two.values())[x]
        assert row is not None
        moment = run.clock.moment(row.received)
        table.add_row(
            str(row.callout),
            f"{moment.day} {moment:%b %H:%M}",
            clean(run.names.kinds[row.kind]),
            clean(run.names.places[row.place]),
            *(_response(change, side) for side in (0, 1)),
            "-" if change.difference is None else f"{change.difference / 60_000:+.1f} min",
            clean(in_short(change, two)),
        )
    return table


def _response(change: Divergence, side: int) -> str:
    row, response = change.rows[side], change.responses[side]
    if response is not None:
        return minutes(response)
    return "not there" if row is None else ENDED[row.outcome]


def _summary(found: Sequence[Divergence], callouts: int, two: Runs) -> list[str]:
    """Return the sum of the differences."""
    a, b = (clean(name) for name in two)
    differences = [c.difference for c in found if c.difference is not None]
    sooner, later = sum(d < 0 for d in differences), sum(d > 0 for d in differences)
    lines = [
        f"{len(found)} of {callouts} callouts differ. Under {b}, {sooner} were reached sooner "
        f"than under {a}, {later} later, {len(differences) - sooner - later} in the same time."
    ]
    first, second = (
        {row.key for row in run.log.callouts if row.on_scene is not None} for run in two.values()
    )
    both = len(first & second)
    if both:
        total = fsum(differences)
        lines.append(
            f"The differences in response time add up to {'-' if total < 0 else '+'}"
            f"{lasting(abs(round(total)))}, which is {total / both / 60_000:+.2f} min for each of "
            f"the {both} reached under both."
        )
    for name, alone in ((a, len(first - second)), (b, len(second - first))):
        if alone:
            lines.append(f"{alone} reached under {name} only.")
    return lines
