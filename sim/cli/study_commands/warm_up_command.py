"""What ``warm-up`` does: a pilot from an empty start, a number, and a figure to judge it by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.errors import UsageError
from sim.experiment.pilot import DAYS, REPLICATIONS, Pilot, run_pilot

from .run_and_compare import Flags, read_files

FORMATS = ("png", "svg", "pdf")


def settle(
    scenario: str, policy: str | None, out: Path | None, days: float | None, **more: Any
) -> int:
    """Find how long a scenario takes to reach a steady state, print it, and draw it where asked."""
    if out is not None and out.suffix.removeprefix(".") not in FORMATS:
        raise UsageError(f"--out: a figure ends in .png, .svg or .pdf, found {str(out)!r}")
    files = read_files(Flags((scenario,), **more))
    policies = [policy] if policy else list(files[0].scenario.policies)[:1]
    pilot = run_pilot(files, policies, DAYS if days is None else max(10, round(days)))
    _say(pilot, scenario)
    if out is not None:
        from sim.report import draw_warm_up

        click.echo(draw_warm_up(pilot, out))
    return 0


def _say(pilot: Pilot, scenario: str) -> None:
    for name, found in pilot.settled.items():
        length = len(pilot.series[name])
        told = (
            f"steady after {found.delete} days"
            if found.found
            else f"no steady state found in {length} days: run longer (--days)"
        )
        click.echo(
            f"{name}: {told} (MSER-5 on {length} day means of response time over "
            f"{REPLICATIONS} replications)"
        )
    if pilot.days is not None:
        click.echo(
            f"next: clock: {{warm_up: {pilot.days} days}} in {scenario}, or --warm-up "
            f"'{pilot.days} days'; for a figure: --out warm-up.png"
        )
