"""What ``select`` does: run a procedure, write what it found whole, print the choice."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from sim.errors import UsageError
from sim.experiment import Journal, Runner, check_place, default_place, design_of, put
from sim.experiment.folder import content_hash, write_selection
from sim.experiment.selection import Selection, Wanted, run_selection
from sim.scenario import Precision

from .messages import as_json as json_text
from .stopping import stop_if_asked
from .studying import Flags, read_files, run_facts, settled, tell, workers_of

MS_PER_MINUTE = 60_000


def select(
    scenarios: tuple[str, ...],
    policies: tuple[str, ...],
    measure: str,
    delta: str | None,
    confidence: float,
    method: str,
    budget: int | None,
    batch: int | None,
    out: Path | None,
    fresh: bool,
    as_json: bool,
    **more: Any,
) -> int:
    """Choose the best alternative, write how, print it, and return the exit code."""
    began, cpu = time.monotonic(), time.process_time()
    flags = Flags(scenarios, policies, out=out, fresh=fresh, as_json=as_json, **more)
    wanted = _wanted(measure, delta, confidence, method, budget, batch)
    files = settled(read_files(flags), policies or None, flags)
    design = design_of(files, policies or None)
    place = out or default_place(design, Path("results"), repr(wanted))
    check_place(place)
    runner = Runner(design.alternatives, design.seed)

    def hear(runs: int, left: int) -> None:
        stop_if_asked()
        if not flags.quiet:
            tell(f"{runs} runs, {left} of {len(design.names)} alternatives left")

    with Journal(place, content_hash(design, repr(wanted)), fresh) as journal:
        with (
            journal.writing(),
            workers_of(design, runner, flags.jobs, flags.cluster, journal.folder) as workers,
        ):
            found = run_selection(
                design, wanted, runner=runner, workers=workers, journal=journal, on_round=hear
            )
        work = journal.folder / "whole"
        with journal.writing():
            write_selection(work, found, "select", run_facts(began, cpu, flags.jobs))
        put(work, place)
        journal.done()
    _print(found, place, as_json)
    return 0


def _wanted(
    measure: str,
    delta: str | None,
    confidence: float,
    method: str,
    budget: int | None,
    batch: int | None,
) -> Wanted:
    if method == "ocba":
        if budget is None:
            raise UsageError("--budget: ocba needs to know how many replications it may spend")
        return Wanted(measure, method, 0.0, "", budget=budget)
    if delta is None:
        raise UsageError("--delta: kn needs to know the least difference that matters, as '30 s'")
    try:
        least = Precision.read(delta)
    except ValueError as error:
        said = getattr(error, "context", None) or {}
        raise UsageError(f"--delta: {said.get('said', error)}; write '30 s' or '1 pp'") from None
    share = measure.startswith("share") or measure in ("survival", "utilisation")
    value = least.points if share else None if least.time is None else least.time / MS_PER_MINUTE
    if value is None:
        raise UsageError(f"--delta: {measure} takes {'1 pp' if share else '30 s'}, found {delta!r}")
    return Wanted(measure, method, value, str(least), confidence, batch=batch)


def _print(found: Selection, place: Path, as_json: bool) -> None:
    if as_json:
        told = {
            "format": 2,
            "results": str(place),
            "best": found.best,
            "guarantee": found.guarantee,
            "wanted": asdict(found.wanted),
            "selection": [dict(zip(found.trace.columns, row, strict=True)) for row in found.trace],
        }
        click.echo(json_text(told, indent=1))
        return
    from sim.report.tables import print_selection

    print_selection(found)
    click.echo(f"Results: {place}")
