"""What ``check`` does. Imports neither numpy nor the engine: it has to be quick."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

import click

from sim.by_identity import ByIdentity
from sim.errors import Diagnostic, ScenarioError, UsageError
from sim.policies import policy_sets, read_with_rules, warn_without_effect
from sim.scenario import Scenario, ScenarioFile, Variant, find_scenario, in_order, variants
from sim.scenario.diagnostics.diagnostic import join
from sim.scenario.duty_hours.spoken_hours import say_clock_changes
from sim.units import say_duration

from ..terminal.messages import as_json as json_text
from ..terminal.messages import show_diagnostics


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
            for line in _clock_changes(file.scenario):
                click.echo(f"  {line}")
    if as_json:
        click.echo(json_text({"format": 1, "diagnostics": [asdict(m) for m in found]}))
    return 2 if any(not m.warning for m in found) else 0


def _check(name: str) -> tuple[list[Diagnostic], ScenarioFile | None]:
    try:
        file = read_with_rules(find_scenario(name))
    except ScenarioError as error:
        return error.diagnostics, None
    except UsageError as error:
        return [Diagnostic(str(error), file=name)], None
    try:
        alternatives = variants(file)
    except ScenarioError as error:
        return in_order([*error.diagnostics, *_errors([file])]), None
    if errors := _errors([variant.file for variant in alternatives]):
        return in_order(errors), None
    return in_order([*_warnings(alternatives), *warn_without_effect(alternatives)]), file


def _errors(files: Iterable[ScenarioFile]) -> list[Diagnostic]:
    """Return what is wrong with the rules of some scenarios."""
    errors: list[Diagnostic] = []
    for each in dict.fromkeys(map(ByIdentity, files)):  # alternatives share one
        try:
            policy_sets(each.kept)
        except ScenarioError as error:
            errors += error.diagnostics
    return errors


def _warnings(alternatives: Sequence[Variant]) -> list[Diagnostic]:
    """
    Return the warnings of all alternatives; one that is of some alone names them.

    What is not used under one alternative may be under another, so that is told where all agree.
    """
    found: dict[Diagnostic, list[str]] = {}
    for variant in alternatives:
        for warning in dict.fromkeys(variant.file.warnings):
            found.setdefault(warning, []).append(variant.name)
    return [
        warning
        if len(names) == len(alternatives)
        else replace(warning, message=f"{warning.message}; under {_named(names)}")
        for warning, names in found.items()
        if len(names) == len(alternatives) or _is_of_one(warning)
    ]


def _is_of_one(warning: Diagnostic) -> bool:
    """Return whether a warning means something for one alternative by itself."""
    return warning.where in ("shifts", "teams") or warning.where.startswith(("demand.", "map."))


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(f"'{name}'" for name in names[:3]) + more


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


def _clock_changes(scenario: Scenario) -> list[str]:
    """Say when clocks are put forward or back in the run, and when it ends by them."""
    clock, told = scenario.clock, say_clock_changes(scenario)
    if not told:
        return []
    said = join(told) if len(told) <= 3 else f"{', '.join(told[:3])} and {len(told) - 3} times more"
    ends = f"{clock.local.moment(clock.length):%Y-%m-%d %H:%M}"
    return [
        f"in {clock.timezone} {said}, and those of the run with them; its "
        f"{say_duration(clock.length)} end on {ends}"
    ]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
