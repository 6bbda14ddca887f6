"""What ``run`` and ``compare`` do: read, run, write whole, print."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from sim.errors import UsageError
from sim.experiment import (
    LogFiles,
    Replication,
    Study,
    Tables,
    default_place,
    expected_callouts,
    run_study,
    tabulate,
    write_inputs,
    write_manifest,
    write_tables,
    written_whole,
)
from sim.experiment.folder import COMPARISON_COLUMNS, SUMMARY_COLUMNS
from sim.experiment.study import SPAWN_PAYS_FROM
from sim.scenario import ScenarioFile, find_scenario, read_scenario

from .commands import cores
from .messages import as_json, show_mistakes
from .stopping import stop_if_asked

LIBRARIES = ("simpy", "numpy", "scipy", "matplotlib", "pydantic", "PyYAML")


@dataclass(frozen=True, slots=True)
class Flags:
    """The flags of ``run`` and ``compare``."""

    scenario: str
    seed: int | None
    replications: int | None
    days: float | None
    jobs: int | None
    out: Path | None
    no_figures: bool
    as_json: bool
    quiet: bool

    def overrides(self) -> dict[str, object]:
        """Return what the flags replace in the scenario."""
        found: dict[str, object] = {}
        if self.seed is not None:
            found["study.seed"] = self.seed
        if self.replications is not None:
            found["study.replications"] = self.replications
        if self.days is not None:
            found["clock.run"] = f"{_plain(self.days)} days"
        return found


def _plain(days: float) -> str:
    """Return a number of days as a scenario file has it: without an exponent."""
    if not days * 1440 >= 1:
        raise UsageError(f"--days: a run lasts at least a minute, found {days:g} days")
    return f"{days:.9f}".rstrip("0").rstrip(".")


def study(command: str, flags: Flags, choose: Callable[[list[str]], list[str]]) -> None:
    """Run a scenario, write its results and print them."""
    began, cpu = time.monotonic(), time.process_time()
    file = read_scenario(find_scenario(flags.scenario), flags.overrides())
    if not flags.quiet:
        show_mistakes(file.warnings)
    alternatives = choose(list(file.scenario.policies))
    place = flags.out or default_place(file, alternatives, Path("results"))
    with written_whole(place) as folder:
        done = _run(file, alternatives, folder, flags)
        tables = tabulate(done)
        write_tables(folder, tables)
        write_inputs(folder, file)
        if not flags.no_figures:
            from sim.report import draw_all

            draw_all(done, tables, folder / "figures")
        write_manifest(folder, done, command, _run_facts(began, cpu, flags))
    _print(done, tables, place, flags)


def _run(file: ScenarioFile, alternatives: list[str], folder: Path, flags: Flags) -> Study:
    total = file.scenario.study.replications
    small = expected_callouts(file) < SPAWN_PAYS_FROM
    jobs = flags.jobs or (1 if small else cores())
    files = LogFiles(folder)
    with _progress(total, flags.quiet) as advance:

        def add(replication: Replication) -> None:
            stop_if_asked()
            files.add(replication)
            advance()

        try:
            return run_study(file, alternatives, jobs=jobs, on_replication=add)
        finally:
            files.close()


@contextmanager
def _progress(total: int, quiet: bool) -> Iterator[Callable[[], None]]:
    """Show progress on standard error where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


def _run_facts(began: float, cpu: float, flags: Flags) -> dict[str, Any]:
    """Return all that may differ between two equal runs; nothing that names a person or machine."""
    return {
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - began, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "jobs": flags.jobs,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def _print(done: Study, tables: Tables, place: Path, flags: Flags) -> None:
    if flags.as_json:
        found = {
            "format": 1,
            "results": str(place),
            "scenario": done.world.scenario.name,
            "seed": done.world.scenario.study.seed,
            "replications": done.replications,
            "summary": [dict(zip(SUMMARY_COLUMNS, row, strict=True)) for row in tables.summary],
            "comparisons": [
                dict(zip(COMPARISON_COLUMNS, r, strict=True)) for r in tables.comparisons
            ],
        }
        click.echo(as_json(found, indent=1))
        return
    from sim.report.tables import print_study

    print_study(done, tables)
    click.echo(f"Results: {place}")
