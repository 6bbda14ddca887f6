"""What ``explain --instead`` does: runs a replication again with one decision changed."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import get_terminal_size
from textwrap import fill

from rich.console import Console

from sim.errors import UsageError
from sim.experiment.results.counterfactual import WatchedRun, watched_run
from sim.outcomes.explanation.consequences import Consequences, consequences
from sim.report.narratives.narrative import find
from sim.report.narratives.one_decision import (
    CAVEAT,
    by_group,
    decision_changed,
    others,
    others_in_lines,
    own_course,
    refusal,
    what_followed,
)
from sim.report.phrasing.words import clean
from sim.scenario.diagnostics.diagnostic import nearest

NOBODY = "nobody"
WIDTH, TABLE, NARROWEST = 120, 100, 40  # without a terminal, of the table, at least [columns]


def change(
    results: Path,
    callout: int | None,
    instead: str,
    alternative: str | None,
    against: str | None,
    replication: int,
    most: int,
) -> None:
    """
    Print what followed from sending another team first to a callout, or nobody.

    Parameters
    ----------
    results
        A results folder.
    callout
        Number of the callout within the replication.
    instead
        Name of the team; ``nobody`` leaves the callout pending then.
    alternative
        The baseline if None.
    against
        Must be None: one decision is changed under one alternative.
    replication
        Which replication, from 0.
    most
        How many other callouts to list.

    Raises
    ------
    UsageError
        When there is no such alternative, callout or team, or the team could not be sent then.

    """
    if callout is None:
        raise UsageError("--instead: add --callout N, whose first team is to be another")
    if against is not None:
        raise UsageError(
            "--instead changes a decision under one alternative: leave --against out, and name "
            "the alternative with --policy"
        )
    watched = watched_run(results, replication, alternative, callout)
    row = find(watched.run, callout)
    team = _team(watched, instead)
    question = watched.question_for(team)
    if question is None or (team is None and not watched.waits):
        raise UsageError(f"--instead: {refusal(watched, row, team)}")
    now = watched.changed(question, team)
    world = watched.world
    found = consequences(
        watched.run.log, now.log, world.names, callout, watched.asked[question].at,
        world.scenario.targets, world.clock, world.ends,
    )  # fmt: skip
    console = _console()
    baseline = ", the baseline" if watched.is_baseline and alternative is None else ""
    console.print(
        f"\nReplication {replication} under {clean(watched.alternative)}{baseline}: one decision "
        "changed",
        style="bold",
    )
    _print(console, decision_changed(watched, row, question, team))
    console.print(own_course(watched, now, found))
    console.print("What followed", style="bold")
    for line in what_followed(watched.run, found):
        _print(console, line)
    _print_others(console, watched, found, most)
    _print(console, CAVEAT)


def _team(watched: WatchedRun, name: str) -> int | None:
    """Return the number of a team; None for nobody."""
    teams = watched.run.names.teams
    if name in teams:
        return teams.index(name)
    if name.casefold() == NOBODY:
        return None
    raise UsageError(
        f"--instead: no team is called {name!r}; {nearest(name, [*teams, NOBODY], 'teams')}"
    )


def _console() -> Console:
    width = max(get_terminal_size().columns, NARROWEST) if sys.stdout.isatty() else WIDTH
    return Console(width=width, highlight=False, markup=False)  # names may hold brackets


def _print(console: Console, line: str) -> None:
    console.print(fill(clean(line), console.width, subsequent_indent="    "))


def _print_others(console: Console, watched: WatchedRun, found: Consequences, most: int) -> None:
    """Print the other callouts that differ, by group and then one by one."""
    if not found.others:
        return
    groups = by_group(watched.run, found)
    if groups is not None:
        console.print(groups)
    shown = found.others[:most]
    if console.width >= TABLE:
        console.print(others(watched.run, shown))
    else:
        for line in others_in_lines(watched.run, shown):
            _print(console, line)
    if len(found.others) > most:
        console.print(f"The first {most} of {len(found.others)} are shown; --most shows more.")
