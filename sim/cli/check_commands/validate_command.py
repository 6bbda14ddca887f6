"""What ``validate`` does: run a scenario on the period of a record, and put both side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import click

from sim import units
from sim.errors import UsageError
from sim.experiment.validating.recorded_side import record_next_to
from sim.experiment.validating.validation_folder import (
    check_validation_place,
    facts_of_validation,
    write_facts,
    write_tables,
)
from sim.experiment.validating.validation_study import Validation, validate_scenario
from sim.outcomes.validation.agreement import Tolerance
from sim.policies import read_with_rules
from sim.scenario import find_scenario

from ..study_commands.run_and_compare import Flags
from ..terminal.held_days import held_days
from ..terminal.messages import as_json, show_diagnostics

TOLERANCE = re.compile(r"\s*(?P<share>[^%]+%)\s*(?:,|or)?\s*(?P<time>\S.*)?")
EXAMPLE = "--tolerance '10% 1 min'"


@dataclass(frozen=True)
class ValidationFlags:
    """The flags of ``validate``."""

    mapping: Path | None
    begin: str | None
    until: str | None
    demands: tuple[str, ...]
    tolerance: str | None
    policy: str | None
    replications: int
    seed: int | None
    set: tuple[str, ...]
    jobs: int | None
    out: Path | None
    no_figures: bool
    as_json: bool
    quiet: bool


def validate(scenario: str, record: Path, flags: ValidationFlags) -> int:
    """Validate a scenario, write its tables and figures, and return the exit code."""
    place = flags.out or Path("results") / f"validated-{_name(scenario)}-{_name(record)}"
    check_validation_place(place)
    tolerance = read_tolerance(flags.tolerance)
    begin, until = held_days(flags.begin, flags.until)
    overrides = Flags((scenario,), set=flags.set).overrides()
    file = read_with_rules(find_scenario(scenario), overrides)
    recorded = record_next_to(file, record, flags.mapping, begin, until)
    if not flags.quiet:
        show_diagnostics([*dict.fromkeys((*file.warnings, *recorded.warnings))])
    found = validate_scenario(
        file, recorded, demands=flags.demands or None, tolerance=tolerance, policy=flags.policy,
        replications=flags.replications, seed=flags.seed, jobs=flags.jobs or 1,
    )  # fmt: skip
    _write(place, found, flags.no_figures)
    if flags.as_json:
        _print_json(found, place)
        return 0
    from sim.report.validation_report import print_validation

    print_validation(found)
    click.echo(f"Results: {place}")
    return 0


def _write(place: Path, found: Validation, no_figures: bool) -> None:
    paths = write_tables(place, found)
    if not no_figures:
        from sim.report.validation_report import draw_validation

        paths += draw_validation(found, place / "figures")
    write_facts(place, found, paths)


def _print_json(found: Validation, place: Path) -> None:
    from sim.report.results_text.validation_sentences import validation_sentences

    tables = {
        table.name: [dict(zip(table.columns, row, strict=True)) for row in table]
        for table in (found.compared, found.distributions)
    }
    told: dict[str, object] = {
        **facts_of_validation(found),
        "results": str(place),
        "answer": validation_sentences(found),
    }
    click.echo(as_json({**told, **tables}, indent=1))


def read_tolerance(written: str | None) -> Tolerance:
    """
    Return a tolerance from words, as ``10% 1 min``; that of nobody's choice for None.

    Raises
    ------
    UsageError
        When it is none.

    """
    if written is None:
        return Tolerance()
    found = TOLERANCE.fullmatch(units.western_digits(written).replace("٪", "%"))
    try:
        if found is None:
            raise units.QuantityError(f"expected a share and a time, found {units.shown(written)}")
        share = units.share(found["share"].strip())
        time = Tolerance().time if found["time"] is None else units.duration(found["time"].strip())
    except units.QuantityError as error:
        raise UsageError(f"--tolerance: {error}; write something as {EXAMPLE}") from None
    if share <= 0 or time < 0:
        raise UsageError(f"--tolerance: nothing agrees to the last digit; write {EXAMPLE}")
    return Tolerance(share, time)


def _name(path: str | Path) -> str:
    """Return a file's name without what says how it is written."""
    return Path(path).name.removesuffix(".gz").partition(".")[0] or "record"
