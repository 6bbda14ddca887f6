"""What ``fit`` does: fit a record, write the scenario and its picture, print what was found."""

from __future__ import annotations

from pathlib import Path

from sim.fitting.fitted_record import fit_record
from sim.report.fit_report import print_fit, refuse_place, write_fit

from ..terminal.held_days import held_days
from ..terminal.messages import show_diagnostics


def fit(
    record: Path,
    mapping: Path,
    bases: Path | None,
    out: Path,
    no_figures: bool,
    quiet: bool,
    days: tuple[str | None, str | None] = (None, None),
) -> int:
    """Fit a record, or its days from one until another; write it, and return the exit code."""
    refuse_place(out, not no_figures)
    found = fit_record(record, mapping, bases, *held_days(*days))
    paths = write_fit(found, out, not no_figures)
    if not quiet:
        show_diagnostics(found.input.warnings)
        print_fit(found, paths)
    return 0
