"""What ``check`` does. Imports neither numpy nor the engine: it has to be quick."""

from __future__ import annotations

from dataclasses import asdict

import click

from sim.errors import Diagnostic, ScenarioError, UsageError
from sim.policies import policy_sets
from sim.scenario import ScenarioFile, find_scenario, read_scenario, variants

from .messages import as_json as json_text
from .messages import show_diagnostics


def check_files(scenarios: tuple[str, ...], as_json: bool, quiet: bool) -> int:
    """Check files, print what is wrong, and return the exit code."""
    found: list[Diagnostic] = []
    for name in scenarios:
        diagnostics, file = _check(name)
        found += diagnostics
        if as_json:
            continue
        show_diagnostics(diagnostics)
        if file is not None and not quiet:
            click.echo(_fine(file, len(diagnostics)))
    if as_json:
        click.echo(json_text({"format": 1, "diagnostics": [asdict(m) for m in found]}))
    return 2 if any(not m.warning for m in found) else 0


def _check(name: str) -> tuple[list[Diagnostic], ScenarioFile | None]:
    try:
        file = read_scenario(find_scenario(name))
        policy_sets(file)
        for each in {id(v.file): v.file for v in variants(file)}.values():
            if each is not file:
                policy_sets(each)
    except ScenarioError as error:
        return error.diagnostics, None
    except UsageError as error:
        return [Diagnostic(str(error), file=name)], None
    return list(file.warnings), file


def _fine(file: ScenarioFile, warnings: int) -> str:
    scenario = file.scenario
    teams = sum(team.count for team in scenario.teams.values())
    demand = (
        f"{len(file.callouts)} callouts listed"
        if file.callouts is not None
        else f"{(scenario.demand.rate or 0) * scenario.demand.scale:g} callouts a day"
    )
    noted = f", {_count(warnings, 'warning')}" if warnings else ""
    return (
        f"{scenario.name}: fine{noted} ({_count(len(file.places), 'place')}, "
        f"{_count(teams, 'team')} at {_count(len(scenario.bases), 'base')}, {demand}; "
        f"policies: {', '.join(scenario.policies)})"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
