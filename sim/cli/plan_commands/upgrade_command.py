"""What ``upgrade`` does."""

from __future__ import annotations

import os
from pathlib import Path
from shlex import quote

import click

from sim.errors import UsageError
from sim.scenario.format1 import FORMAT
from sim.scenario.upgrade import Upgraded, upgraded, write


def upgrade_file(file: Path, out: Path | None, tables: bool) -> int:
    """Rewrite a scenario in the present names, tell each, and return the exit code."""
    if out is not None and tables:
        raise UsageError("--tables rewrites the tables where they are; leave out --out")
    if out is not None and os.path.lexists(out):
        raise UsageError(f"--out: {out} is there already; name another file")
    found = upgraded(file)
    if found.changes or out is not None:
        write(found, out)
    _tell(found)
    if not found.changes:
        copied = "" if out is None else f"; {out} is a copy"
        click.echo(f"{file}: already format {FORMAT}{copied}")
    elif out is None:
        click.echo(f"{file}: {_count(found)}; it is format {FORMAT} now")
    else:
        click.echo(f"{out}: {_count(found)}; it is format {FORMAT}, and {file} is as it was")
    for table in found.tables:
        _upgrade_table(file, table, tables)
    for base in found.bases:
        click.echo(f"it extends {base}, which is in format 1: rescuesim upgrade {quote(base)}")
    return 0


def _upgrade_table(file: Path, table: Upgraded, wanted: bool) -> None:
    if wanted:
        write(table)
        _tell(table)
        click.echo(f"{table.path}: {_count(table)}")
    else:
        names = ", ".join(f"{change.old} -> {change.new}" for change in table.changes)
        way_out = f"rescuesim upgrade {quote(str(file))} --tables"
        click.echo(f"{table.path} has columns of format 1 ({names}): {way_out}")


def _tell(found: Upgraded) -> None:
    for line, where, old, new in found.changes:
        inside = where.removesuffix(old).removesuffix(".")
        click.echo(f"{found.path}:{line}: {old} -> {new}{f'   ({inside})' if inside else ''}")


def _count(found: Upgraded) -> str:
    count = len(found.changes)
    return f"{count} name{'' if count == 1 else 's'} replaced"
