"""Telling people what is wrong with a file."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Sequence
from typing import Any

import click

from sim.errors import Diagnostic
from sim.scenario import render

MOST = 20


def as_json(data: Any, indent: int | None = None) -> str:
    """Return JSON that standard output can carry, in any encoding."""
    unicode = codecs.lookup(sys.stdout.encoding or "ascii").name.startswith("utf")
    return json.dumps(data, ensure_ascii=not unicode, indent=indent)


def show_diagnostics(diagnostics: Sequence[Diagnostic]) -> None:
    """Print errors and warnings on standard error: at most twenty that quote their line."""
    quoted = 0
    for diagnostic in diagnostics:
        quoted += bool(diagnostic.text)
        if quoted <= MOST or not diagnostic.text:
            click.echo(render(diagnostic), err=True)
    errors = sum(not m.warning for m in diagnostics)
    if quoted > MOST:
        click.echo(f"... and {quoted - MOST} more", err=True)
    if errors:
        click.echo(f"{errors} error{'s' if errors > 1 else ''}", err=True)
