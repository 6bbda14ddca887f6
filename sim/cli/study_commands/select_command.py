"""What ``select`` does: run a procedure, write what it found whole, print the choice."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from sim.definitions import MEASURES, RESTRICTED_MEAN, TARGET, definition
from sim.errors import UsageError
from sim.experiment import Journal, Runner, check_place, default_place, design_of, put
from sim.experiment.looks import look_of, looks_at
from sim.experiment.results.folder import content_hash, write_selection
from sim.experiment.selection.selection_study import KN, Selection, SelectionGoal, run_selection
from sim.scenario import Precision, Scenario
from sim.scenario.diagnostics.diagnostic import nearest

from ..terminal.messages import as_json as json_text
from ..terminal.stopping import stop_if_asked
from .run_and_compare import Flags, read_files, run_facts, settled, tell, workers_of

CONFIDENCE = 0.95


def select(
    scenarios: tuple[str, ...],
    policies: tuple[str, ...],
    measure: str | None,
    delta: str | None,
    confidence: float | None,
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
    by = measure or RESTRICTED_MEAN
    check_method(method, delta, confidence, budget, batch)
    files = read_files(flags)
    check_measure(by, files[0].scenario)
    wanted = _wanted(by, delta, confidence, method, budget, batch)
    files = settled(files, policies or None, flags)
    design = design_of(files, policies or None)
    place = out or default_place(design, Path("results"), repr(wanted))
    check_place(place)
    runner = Runner(design.alternatives, design.seed)

    def hear(runs: int, left: int) -> None:
        stop_if_asked()
        if not flags.quiet:
            tell(f"{runs} runs, {left} of {len(design.names)} alternatives left")

    def hear_fresh(done: int, wanted: int) -> None:
        stop_if_asked()
        if done == 1 and not flags.quiet:
            tell(f"running the best and the baseline again on {wanted} fresh replications")

    with Journal(place, content_hash(design, repr(wanted)), fresh) as journal:
        with (
            journal.writing(),
            workers_of(design, runner, flags.jobs, flags.cluster, journal.folder) as workers,
        ):
            found = run_selection(
                design,
                wanted,
                runner=runner,
                workers=workers,
                journal=journal,
                on_round=hear,
                on_fresh=hear_fresh,
            )
        work = journal.folder / "whole"
        look = look_of(design, runner.worlds[design.names[0]], by, asked=measure is not None)
        looks = looks_at(place, design.files[0].scenario.name, look)
        with journal.writing():
            facts = {**run_facts(began, cpu, flags.jobs), "looks": looks}
            write_selection(work, found, "select", facts)
        put(work, place)
        journal.done()
    _print(found, looks, place, as_json)
    return 0


def check_measure(measure: str, scenario: Scenario) -> None:
    """
    Check that alternatives can be ranked by a measure.

    Raises
    ------
    UsageError
        When it is a description, or there is no such measure.

    """
    known = [name for name, found in MEASURES.items() if found.direction != "none"]
    known += [TARGET + target.name for target in scenario.targets]
    if measure in known:
        return
    if measure == "response_mean_reached":
        raise UsageError(
            "--by: response_mean_reached is a mean over those reached: it falls where people are "
            f"abandoned, so it cannot be chosen by; use {RESTRICTED_MEAN}"
        )
    if measure in MEASURES:
        raise UsageError(
            f"--by: {measure} has no direction: neither more nor less is better; choose by "
            f"{', '.join(known[:4])}, ..."
        )
    hint = nearest(measure, known, "measures here")
    raise UsageError(f"--by: there is no measure {measure!r}   {hint}")


def check_method(
    method: str,
    delta: str | None,
    confidence: float | None,
    budget: int | None,
    batch: int | None,
) -> None:
    """
    Check that a method has all the options it needs, and none that it would ignore.

    Raises
    ------
    UsageError
        When it is not.

    """
    if method == KN:
        if budget is not None:
            raise UsageError("--budget: kn runs until its promise holds; give --method equal")
        if delta is None:
            raise UsageError(
                "--delta: kn needs to know the least difference that matters, as '30 s'"
            )
        return
    if budget is None:
        raise UsageError(
            f"--budget: {method} needs to know how many replications it may spend, over all "
            "alternatives"
        )
    unheeded = {"--delta": delta, "--confidence": confidence, "--batch": batch}
    for flag, given in unheeded.items():
        if given is not None:
            raise UsageError(f"{flag}: {method} promises nothing, so it takes none; leave it out")


def _wanted(
    measure: str,
    delta: str | None,
    confidence: float | None,
    method: str,
    budget: int | None,
    batch: int | None,
) -> SelectionGoal:
    if delta is None:
        return SelectionGoal(measure, method, 0.0, "", budget=budget or 0)
    try:
        least = Precision.read(delta)
    except ValueError as error:
        said = getattr(error, "context", None) or {}
        raise UsageError(f"--delta: {said.get('said', error)}; write '30 s' or '1 pp'") from None
    label = definition(measure)
    if label.unit not in ("share", "min") and not label.unit.startswith("h "):
        raise UsageError(
            f"--delta: {measure} is in {label.unit}, of which no least difference can be given; "
            "take --method equal --budget N"
        )
    share = label.unit == "share"
    value = least.points if share else None if least.time is None else least.time / label.scale
    if value is None:
        raise UsageError(f"--delta: {measure} takes {'1 pp' if share else '30 s'}, found {delta!r}")
    return SelectionGoal(measure, method, value, str(least), confidence or CONFIDENCE, batch=batch)


def _print(found: Selection, looks: dict[str, Any], place: Path, as_json: bool) -> None:
    if as_json:
        rows = [dict(zip(found.trace.columns, row, strict=True)) for row in found.trace]
        told = {
            "format": 2,
            "results": str(place),
            **found.record(),
            "selection": rows,
            "confirmation": None if found.confirmation is None else found.confirmation.record(),
            "looks": looks,
        }
        click.echo(json_text(told, indent=1))
        return
    from sim.report.results_text.looks_text import looks_lines
    from sim.report.results_text.selection_text import print_selection

    print_selection(found)
    for line in looks_lines(looks, place):
        click.echo(line)
    click.echo(f"Results: {place}")
