"""The fourth and fifth parts of the page: what it asks of staff, and how sure all of it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from sim.experiment import Study, Tables
from sim.experiment.results.folder import staff_of
from sim.report.results_text.judging_text import judging_lines, pairing_lines, precision_lines
from sim.report.results_text.looks_text import looks_lines
from sim.report.results_text.sentences import Facts
from sim.report.results_text.staff_table import staff_tables

from .groups_part import told_of
from .languages import said, word
from .page_tables import PageTable, as_printed


class StaffPart(NamedTuple):
    """What the staff has to bear: tables, and sentences where a table would say nothing."""

    tables: Sequence[PageTable]
    lines: Sequence[Markup]
    not_shown: Markup = Markup("")


class CertaintyPart(NamedTuple):
    """What intervals and verdicts rest on; ``warned`` are lines that may not be overlooked."""

    lines: Sequence[Markup]
    warned: Sequence[Markup]
    looks: Sequence[Markup]
    assumptions: Sequence[str]
    defaults: Sequence[tuple[str, str]]
    warnings: Sequence[str]


def staff_part(study: Study, facts: Facts) -> StaffPart:
    """Return hours, nights, rest, and the most burdened crew and volunteer."""
    shown, missing = told_of(facts)
    rows = [row for row in staff_of(study).rows if row.alternative in shown]
    names = {*shown, *(row.group.partition(":")[2] for row in rows)}
    printed = [*staff_tables(rows, shown)]
    return StaffPart(
        [as_printed(table, names) for table in printed if not isinstance(table, str)],
        [said(line) for line in printed if isinstance(line, str)],
        said(missing),
    )


def certainty_part(
    study: Study, tables: Tables, manifest: Mapping[str, Any], folder: Path
) -> CertaintyPart:
    """Return how sure results are: intervals, precision, looks taken, and what is assumed."""
    told = [*pairing_lines(tables, [*study.observations]), *precision_lines(study)]
    good = [line for line, holds in told if holds]
    looks = manifest["run"].get("looks")
    scenario = study.world.scenario
    taken = looks_lines(looks, folder) if isinstance(looks, dict) else None
    first = [word("first_look")] if taken == [] else []
    return CertaintyPart(
        [said(line) for line in (*judging_lines(study, tables), *good)],
        [said(line) for line, holds in told if not holds],
        [*map(said, taken or ()), *first],
        scenario.assumptions,
        [_split(line) for line in manifest["defaults"]],
        manifest["warnings"],
    )


def _split(default: str) -> tuple[str, str]:
    """Return a field and the value it has where the file is silent."""
    field, _, value = default.rpartition(": ")
    return (field, value) if field else (value, "")
