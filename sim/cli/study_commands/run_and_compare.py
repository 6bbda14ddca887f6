"""What ``run`` and ``compare`` do: read, run, write whole, print."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from sim.errors import PartialError, UsageError
from sim.experiment import (
    Design,
    InProcess,
    Journal,
    Processes,
    Progress,
    Runner,
    Study,
    Tables,
    Workers,
    check_place,
    content_hash,
    default_place,
    design_of,
    put,
    run_study,
    tabulate,
    write_answer,
    write_manifest,
    write_study,
)
from sim.experiment.looks import look_of, looks_at
from sim.experiment.results.folder import places_of, windows_of
from sim.experiment.results.folder_layout import LIBRARIES
from sim.policies import read_with_rules
from sim.scenario import ScenarioFile, find_scenario

from ..terminal.messages import as_json, show_diagnostics
from ..terminal.stopping import stop_if_asked
from .record_flags import RecordFlags, RecordPart, record_part

FIRST = ""  # in place of a policy's name: the first in the file
# Callouts for which a process is started. Measured on coast-march-2025: it takes 0.8 s of processor
# time before its first callout, and 1.8 s for 10,000 callouts with their log, so that two are as
# quick as one from 9,000 on; from twice that on they save more than a fifth of the time.
WORTH_A_PROCESS = 10_000


@dataclass(frozen=True, slots=True)
class Flags:
    """The flags of the commands that run a study."""

    scenarios: tuple[str, ...]
    policies: tuple[str, ...] = ()
    seed: int | None = None
    replications: int | None = None
    days: float | None = None
    warm_up: str | None = None
    set: tuple[str, ...] = ()
    vary: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    at_most: int | None = None
    log: int | None = None
    control: bool = False
    jobs: int | None = None
    cluster: str | None = None
    out: Path | None = None
    fresh: bool = False
    no_figures: bool = False
    everything: bool = False
    as_json: bool = False
    quiet: bool = False
    inputs: RecordFlags = field(default_factory=RecordFlags)
    more: dict[str, Any] = field(default_factory=dict)

    def overrides(self) -> dict[str | tuple[str, ...], object]:
        """Return what the flags replace in the scenario."""
        found: dict[str | tuple[str, ...], object] = {}
        for given in self.set:
            path, value = _split(given, "--set", "teams.Jablah A.crew=6")
            found[path] = value
        for given in self.vary:
            path, values = _split(given, "--vary", "teams.Jablah A.crew=4,6,8")
            found["study", "vary", path] = f"[{values}]"
        if self.seed is not None:
            found["study.seed"] = self.seed
        if self.replications is not None and (self.until or self.at_most):
            raise UsageError("--replications fixes their number; give --until and --at-most, or it")
        if self.replications is not None:
            found["study.replications"] = self.replications
        for given in self.until:
            measure, width = _split(given, "--until", "response_mean=5%")
            found["study", "replications", "until", measure] = width
        if self.at_most is not None:
            found["study.replications.at_most"] = self.at_most
        if self.log is not None:
            found["study.logged"] = self.log
        if self.days is not None:
            found["clock.length"] = f"{_plain(self.days)} days"
        if self.warm_up not in (None, "auto"):
            found["clock.warm_up"] = "0 min" if self.warm_up == "none" else self.warm_up
        return found


def _split(given: str, flag: str, example: str) -> tuple[str, str]:
    path, equals, value = given.partition("=")
    if flag == "--until":
        path, equals, value = given.rpartition("=")  # a target's name may hold one
    if not (path.strip() and equals and value.strip()):
        raise UsageError(f"{flag}: expected something as {flag} '{example}', found {given!r}")
    return path.strip(), value.strip()


def _plain(days: float) -> str:
    """Return a number of days as a scenario file has it: without an exponent."""
    if not days * 1440 >= 1:
        raise UsageError(f"--days: a run lasts at least a minute, found {days:g} days")
    return f"{days:.9f}".rstrip("0").rstrip(".")


def read_files(flags: Flags) -> list[ScenarioFile]:
    """Read the scenarios with the flags laid over, and show their warnings."""
    overrides = flags.overrides()
    files = [read_with_rules(find_scenario(name), overrides) for name in flags.scenarios]
    if not flags.quiet:
        show_diagnostics([warning for file in files for warning in file.warnings])
    return files


def settled(
    files: list[ScenarioFile], policies: Sequence[str] | None, flags: Flags
) -> list[ScenarioFile]:
    """Return the scenarios with the warm-up they need laid over, where it is to be found."""
    if flags.warm_up != "auto":
        return files
    from sim.experiment.pilot import needed

    days = needed(files, policies)
    if not flags.quiet:
        tell(f"warm-up of {days} days, by MSER-5 on a pilot study")
    return [file.replace({"clock.warm_up": f"{days} days" if days else "0 min"}) for file in files]


def study(command: str, flags: Flags) -> int:
    """Run a study, write its results, print them, and return the exit code."""
    began, cpu = time.monotonic(), time.process_time()
    files = read_files(flags)
    first = next(iter(files[0].scenario.policies))
    policies = [policy or first for policy in flags.policies]
    files = settled(files, policies or None, flags)
    design = design_of(files, policies or None)
    part = record_part(flags.inputs, files, design)
    place = flags.out or default_place(design, Path("results"), *part.key)
    check_place(place)
    if (cost := part.told(design)) and not flags.quiet:
        tell(cost)
    runner = Runner(design.alternatives, design.seed)
    with Journal(place, content_hash(design), flags.fresh) as journal:
        with journal.writing():
            done = _run(design, runner, journal, flags)
        tables = tabulate(done, flags.control)
        part = _with_record(part, done, tables, flags)
        work = journal.folder / "whole"
        from sim.report.results_text.answer import WIDTH, answer

        look = look_of(design, runner.worlds[design.names[0]])
        looks = looks_at(place, design.files[0].scenario.name, look)
        with journal.writing():
            write_study(work, done, tables, journal)
            write_answer(work, [*answer(done, tables), *part.lines(WIDTH)])
            part.write(work)
            if not flags.no_figures:
                from sim.report import draw_all

                draw_all(done, tables, work / "figures")
            facts = {**run_facts(began, cpu, flags.jobs), "looks": looks}
            more = {"control": flags.control, **part.facts()}
            write_manifest(work, done, command, facts, **more)
        if done.failed_replications:
            place = place.with_name(f"{place.name}-partial")
            check_place(place)
        put(work, place)
        if not done.failed_replications:
            journal.done()
    _print(done, tables, place, flags, looks, part)
    return _told_of_failures(done, place)


def _with_record(part: RecordPart, done: Study, tables: Tables, flags: Flags) -> RecordPart:
    """Return what the record adds to a study that is done, where it was asked for."""

    def workers_for(design: Design, runner: Runner) -> AbstractContextManager[Workers]:
        return workers_of(design, runner, flags.jobs, flags.cluster)

    with show_progress(flags.quiet) as hear:
        return part.run(done, tables, workers_for, hear)


def _told_of_failures(done: Study, place: Path) -> int:
    """Return the exit code of a study whose replications were all done; else say which were not."""
    if not done.failed_replications:
        return 0
    numbers = ", ".join(map(str, done.failed_replications))
    raise PartialError(
        f"failed replications (each ended its process three times): {numbers}; "
        f"the results of the other {done.replications} are in {place}, marked as partial; "
        "run the same command again to retry them"
    )


def _run(design: Design, runner: Runner, journal: Journal, flags: Flags) -> Study:
    with (
        show_progress(flags.quiet) as hear,
        workers_of(design, runner, flags.jobs, flags.cluster, journal.folder) as workers,
    ):
        if not flags.quiet:
            _tell_kept(journal)
        done = run_study(
            design,
            runner=runner,
            workers=workers,
            journal=journal,
            on_progress=hear,
            fresh=True,
        )
    if journal.damaged:
        numbers = ", ".join(map(str, journal.damaged))
        tell(f"damaged on disk and run again: replications {numbers}")
    return done


def run_scenario(file: ScenarioFile, jobs: int | None, quiet: bool) -> Study:
    """Run a scenario under all its policies, with no folder of its own."""
    design = design_of([file])
    runner = Runner(design.alternatives, design.seed)
    with (
        show_progress(quiet) as hear,
        workers_of(design, runner, jobs, None) as workers,
    ):
        return run_study(design, runner=runner, workers=workers, on_progress=hear)


def _tell_kept(journal: Journal) -> None:
    kept = len(journal.kept())
    if kept:
        click.echo(f"rescuesim: going on from {kept} replications kept", err=True)


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processes_that_pay(callouts: float, processors: int) -> int:
    """
    Return in how many processes a study is run where nobody says it: one, if it is short.

    Parameters
    ----------
    callouts
        How many it simulates, over all alternatives and the replications it runs in any case.
    processors
        How many this process may use; there are no more processes.

    """
    return max(1, min(processors, int(callouts / WORTH_A_PROCESS)))


@contextmanager
def workers_of(
    design: Design,
    runner: Runner,
    jobs: int | None,
    cluster: str | None,
    scratch: Path | None = None,
) -> Iterator[Workers]:
    """Give where replications run: here, in processes, or on a cluster."""
    if cluster is not None:
        from sim.experiment.running.cluster import connected

        with connected(cluster, design.alternatives, design.seed, jobs) as workers:
            yield workers
        return
    pays = processes_that_pay(design.callouts * design.plan.first, cores())
    wanted = min(jobs or pays, design.plan.at_most)
    if wanted <= 1:
        yield InProcess(runner)
    else:
        own = design.alternatives, design.seed
        with Processes(*own, wanted, tell, scratch, runner) as workers:
            yield workers


def tell(told: str) -> None:
    """Say something about the run on standard error."""
    click.echo(f"rescuesim: {told}", err=True)


@contextmanager
def show_progress(quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """Give what hears of progress: it stops if asked to, and shows it where there is a terminal."""
    with _progress_bars(quiet) as show:

        def hear(progress: Progress) -> None:
            stop_if_asked()
            show(progress)

        yield hear


@contextmanager
def _progress_bars(quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """Show progress on standard error where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda progress: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("replications"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, left="")

        def show(progress: Progress) -> None:
            left = said_left(progress.left)
            bar.update(task, completed=progress.done, total=progress.wanted, left=left)

        yield show


def said_left(seconds: float | None) -> str:
    """Return the time left as people say it."""
    if seconds is None:
        return ""
    if seconds < 90:
        return f"{seconds:.0f} s left"
    minutes = seconds / 60
    return f"{minutes:.0f} min left" if minutes < 90 else f"{minutes / 60:.1f} h left"


def run_facts(began: float, cpu: float, jobs: int | None) -> dict[str, Any]:
    """Return all that may differ between two equal runs; nothing that names a person or machine."""
    return {
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - began, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "jobs": jobs,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def _print(
    done: Study, tables: Tables, place: Path, flags: Flags, looks: dict[str, Any],
    part: RecordPart,
) -> None:  # fmt: skip
    if flags.as_json:
        from sim.report.results_text.answer import answer_as_data

        found = {
            "format": 3,
            "results": str(place),
            "scenario": done.world.scenario.name,
            "seed": done.design.seed,
            "replications": done.replications,
            "precision": [width._asdict() for width in done.widths],
            "looks": looks,
            "confirmation": None if done.confirmation is None else done.confirmation.record(),
            "answer": answer_as_data(done, tables),
            "summary": _records(tables.summary),
            "comparisons": _records(tables.comparisons),
            "fairness": _records(tables.fairness),
            "controlled": _records(tables.controlled),
            "places": _records(places_of(done)),
            "windows": _records(windows_of(done)),
            "places_differences": _records(tables.place_differences),
            "windows_differences": _records(tables.window_differences),
            **part.as_data(),
        }
        click.echo(as_json(found, indent=1))
        return
    from sim.report.results_text.looks_text import looks_lines
    from sim.report.results_text.text_tables import print_study

    print_study(done, tables, flags.everything, looks_lines(looks, place))
    for line in part.lines(shutil.get_terminal_size().columns if sys.stdout.isatty() else 80):
        click.echo(line)
    more = "" if flags.everything else " (every number: --all)"
    click.echo(f"Results: {place}{more}")


def _records(table: Any) -> Sequence[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table]
