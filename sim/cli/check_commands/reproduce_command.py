"""What ``reproduce`` does."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from sim.experiment import Design, Runner, Workers
from sim.experiment.results.reproduce import run_again

from ..study_commands.run_and_compare import show_progress, workers_of

DIFFERS = 1


def reproduce(results: Path, jobs: int | None, cluster: str | None, quiet: bool) -> int:
    """Run a results folder again, say what was found, and return the exit code."""
    with ExitStack() as stack:
        hear = stack.enter_context(show_progress(quiet))

        def workers(design: Design, runner: Runner) -> Workers:
            return stack.enter_context(workers_of(design, runner, jobs, cluster))

        again = run_again(results, workers, hear)
    if again.identical:
        click.echo(f"IDENTICAL: {len(again.compared)} files (figures are not compared)")
        return 0
    click.echo(f"DIFFERENT: {again.difference}")
    return DIFFERS
