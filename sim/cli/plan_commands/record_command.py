"""What ``record new`` does: propose how a record is written, as a file to correct."""

from __future__ import annotations

import os
from pathlib import Path
from shlex import quote

import click

from sim.errors import ScenarioError, UsageError
from sim.scenario.record_mapping.proposal import Proposal, propose
from sim.scenario.recorded import record_bytes
from sim.scenario.text.source import UnreadableError
from sim.whole_file import whole_file


def propose_mapping(record: Path, out: Path | None, sheet: str | None) -> Path:
    """
    Write a proposal of how a record is written, and say what to do about it.

    Raises
    ------
    UsageError
        When the record cannot be opened, or there is a file where the proposal would be.
    ScenarioError
        When it is no table.

    """
    target = out or Path(f"{_stem(record)}.columns.yaml")
    if os.path.lexists(target):
        raise UsageError(f"{target} is there already; name another file with --out")
    try:
        found = propose(record_bytes(record), str(record), sheet)
    except UnreadableError as error:
        raise ScenarioError(list(error.diagnostics)) from None
    try:
        with whole_file(target) as partial:
            partial.write_text(found.text, encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}") from None
    _tell(found, record, target)
    return target


def _tell(found: Proposal, record: Path, target: Path) -> None:
    click.echo(found.text, nl=False)
    click.echo(f"\nWritten to {target}, of {found.rows:,} rows. Before it is used:")
    for what in found.to_do:
        click.echo(f"  - {what}")
    click.echo(f"Then: rescuesim measure {quote(str(record))} --map {quote(str(target))}")


def _stem(record: Path) -> str:
    return record.name.rsplit(".", 1)[0] or "record"
