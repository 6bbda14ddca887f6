"""
Errors of rules and their parameters, told together with all else that is wrong in a scenario.

A scenario with errors has no model yet, so rules are looked at as written. What needs the whole
scenario, as whether a rule fits its roads, is told once there is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.errors import Diagnostic, ScenarioError
from sim.scenario import FlagValues, ScenarioFile, in_order, read_scenario, scenario_as_written

from .registry import LIBRARY, errors_of_rule

Overrides = Mapping[str | tuple[str, ...], object]


def read_with_rules(path: str | Path, overrides: Overrides | None = None) -> ScenarioFile:
    """
    Read a scenario; where it has errors, those of its rules are among them.

    Raises
    ------
    ScenarioError
        With every error, up to twenty, each at its place.

    """
    try:
        return read_scenario(path, overrides)
    except ScenarioError as error:
        found = error.diagnostics
    try:
        tree = scenario_as_written(path, overrides)
    except ScenarioError:
        raise ScenarioError(found) from None  # not readable, so there are no rules either
    raise ScenarioError(in_order([*found, *_errors_of_rules(FlagValues(tree))])) from None


def _errors_of_rules(written: FlagValues) -> list[Diagnostic]:
    """Return what is wrong with the rules of every alternative."""
    policies = written.plain().get("policies")
    found: list[Diagnostic] = []
    for name, alternative in policies.items() if isinstance(policies, dict) else ():
        for question in LIBRARY:
            rule = alternative.get(question) if isinstance(alternative, dict) else None
            if isinstance(rule, str) or _is_rule(rule):
                at = ("policies", name, question)
                found += errors_of_rule(written, at, question, rule, _names(written.plain()))
    return found


def _is_rule(written: Any) -> bool:
    """Return whether this is a mapping of rules to parameters; what is not is told elsewhere."""
    return isinstance(written, dict) and all(
        given is None or isinstance(given, dict) for given in written.values()
    )


def _names(plain: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """Return the names that parameters may use, of each sort of which all are known as written."""
    found: dict[str, Sequence[str]] = {}
    teams, bases = plain.get("teams"), plain.get("bases")
    if isinstance(teams, dict) and all(isinstance(team, dict) for team in teams.values()):
        counts = {name: team.get("count", 1) for name, team in teams.items()}
        if all(type(count) is int and 1 <= count <= 10_000 for count in counts.values()):
            found["team"] = [
                copy
                for name, n in counts.items()
                for copy in ([name] if n == 1 else (f"{name} {i + 1}" for i in range(n)))
            ]
    if isinstance(bases, dict):
        found["base"] = [*bases]
    if "team" in found and "base" in found:
        found["team or base"] = [*dict.fromkeys([*found["team"], *found["base"]])]
    for what, section, part in (
        ("kind", "demand", "kinds"), ("place", "map", "places"), ("hospital", "map", "hospitals"),
    ):  # fmt: skip
        parts = plain.get(section)
        if isinstance(parts, dict) and isinstance(parts.get(part), dict):
            found[what] = [*parts[part]]
    return found
