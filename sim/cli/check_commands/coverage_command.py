"""What ``coverage`` does: count how often verdicts are wrong, and write it as a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sim.experiment import Table
from sim.experiment.coverage import (
    CountedShare,
    CoverageScenario,
    PooledScenario,
    broken,
    count,
    drawn_from,
    found_in,
    parts,
)
from sim.experiment.running.blocks import in_blocks
from sim.scenario import find_scenario, read_scenario

from ..study_commands.run_and_compare import cores, run_scenario, tell
from ..terminal.stopping import stop_if_asked
from .pages import as_written, write
from .verdict_page import as_page

NOT_KEPT = 1  # exit code


def coverage(out: Path | None, quick: bool, jobs: int | None, quiet: bool) -> int:
    """Run all parts, write the page and its table, print it, and return the exit code."""
    place = out or Path("results") / "coverage"
    rows = [as_written(row) for part in parts(quick) for row in counted(part, jobs, quiet)]
    page = as_page(rows)
    table = Table("verdicts", CountedShare._fields, tuple(rows))
    write(place, {"verdicts.md": page, "verdicts.csv": table.csv()})
    click.echo(page, nl=False)
    click.echo(f"\nResults: {place}", err=True)
    return report(rows)


def report(rows: Sequence[CountedShare]) -> int:
    """Tell which bounds are broken, and return the exit code."""
    complaints = list(broken(rows))
    for complaint in complaints:
        tell(f"exceeds its bound by more than chance: {complaint}")
    return NOT_KEPT if complaints else 0


def counted(part: CoverageScenario, jobs: int | None, quiet: bool) -> list[CountedShare]:
    """Run a part and return its rows."""
    if not quiet:
        about = f" ({part.said})" if part.said else ""
        sizes = ", ".join(map(str, part.sizes))
        tell(f"{part.scenario}{about}: {part.pool} replications; {part.studies} studies of {sizes}")
    return rows_of(run_part(part, jobs, quiet), jobs)


def rows_of(drawn: PooledScenario, jobs: int | None) -> list[CountedShare]:
    """Return what is counted in the studies of a part that has been run."""
    tallies = []
    for tally in in_blocks(count, drawn, drawn.part.blocks(), jobs or cores()):
        stop_if_asked()
        tallies.append(tally)
    return found_in(drawn, tallies)


def run_part(part: CoverageScenario, jobs: int | None, quiet: bool) -> PooledScenario:
    """Run the replications of a part's pool."""
    file = read_scenario(
        find_scenario(part.scenario), {"study.replications": part.pool, **dict(part.settings)}
    )
    study = run_scenario(file, jobs, quiet)
    return drawn_from(part, study.samples, study.design.seed)
