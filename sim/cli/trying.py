"""What ``policies --try`` does: find somebody's policies, try each, tell check by check."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from collections.abc import Iterator
from dataclasses import MISSING, asdict, dataclass, fields
from types import ModuleType
from typing import Any

import click

from sim.errors import PolicyError, UsageError
from sim.experiment.conformance import Finding, conforms, trial_files
from sim.policies.failing import did
from sim.policies.library import OURS
from sim.policies.plugins import UnusableError, clash, installed, not_a_rule
from sim.scenario.messages import safe

from .messages import as_json as json_text

MARKS = {True: "ok  ", False: "FAIL", None: "-   "}


@dataclass(frozen=True, slots=True)
class Found:
    """A policy's class by name, or why there is none."""

    name: str
    rule: Any = None
    refused: str = ""


def try_policies(target: str, as_json: bool) -> int:
    """Try the policies of a module or a package, print what came of it, return the exit code."""
    files, failed = trial_files(), False
    told: list[dict[str, Any]] = []
    for found in _policies_of(target):
        question = str(getattr(found.rule, "question", ""))
        findings = _tried(found, question, files)
        failed |= any(finding.passed is False for finding in findings)
        told.append({
            "name": found.name, "question": question, "findings": [asdict(f) for f in findings]
        })  # fmt: skip
        if not as_json:
            _print(found.name, question, findings)
    if as_json:
        click.echo(json_text({"format": 1, "tried": told}, indent=2))
    return PolicyError.exit_code if failed else 0


def _print(name: str, question: str, findings: list[Finding]) -> None:
    click.echo(safe(f"{name} ({question})" if question else name))
    for finding in findings:
        said = f": {finding.said}" if finding.said else ""
        click.echo(safe(f"  {MARKS[finding.passed]}  {finding.check}{said}"))


def _tried(found: Found, question: str, files: Any) -> list[Finding]:
    if found.refused:
        return [Finding("is a policy", False, found.refused)]
    needed = [
        f.name
        for f in fields(found.rule)
        if f.init and f.default is MISSING and f.default_factory is MISSING
    ]
    if needed:
        said = f"not tried: it has no default for {', '.join(needed)}"
        return [Finding("can be made", None, said)]
    try:
        policy = found.rule()
    except Exception as error:
        return [Finding("can be made", False, f"it {did(error)}")]
    return conforms(policy, question, found.name, files)


def _policies_of(target: str) -> list[Found]:
    """
    Return the policies of an installed package, by its name, or of a module.

    Raises
    ------
    UsageError
        When there is neither, or it has no policies.
    PolicyError
        When the module cannot be imported.

    """
    wanted = target.lower().replace("-", "_")
    offered = [r for r in installed() if r.package.split()[0].lower().replace("-", "_") == wanted]
    if offered:
        return [_loaded(rule) for rule in offered]
    module = _imported(target)
    found = list(_in_module(module))
    if not found:
        raise UsageError(
            f"--try: there is no policy in {target!r}: a policy is a frozen dataclass with a class "
            'attribute `question`, as in question = "dispatch"'
        )
    return found


def _loaded(rule: Any) -> Found:
    if told := clash(rule, OURS):
        return Found(rule.name, refused=told)
    try:
        return Found(rule.name, rule.load())
    except UnusableError as error:
        return Found(rule.name, refused=str(error))


def _imported(name: str) -> ModuleType:
    sys.path.append(os.getcwd())  # somebody who tries a module is where it is
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            hint = f"; write {name[:-3]}" if name.endswith(".py") else ""
            raise UsageError(
                f"--try: there is no installed package and no module called {name!r}{hint}"
            ) from None
        raise PolicyError(f"{name} cannot be imported: it {did(error)}") from error
    except (Exception, SystemExit) as error:
        raise PolicyError(f"{name} cannot be imported: it {did(error)}") from error
    finally:
        sys.path.pop()


def _in_module(module: ModuleType) -> Iterator[Found]:
    """Yield the classes of a module that say which question they answer."""
    package = module.__name__.partition(".")[0]
    for name, thing in inspect.getmembers(module, inspect.isclass):
        own = thing.__module__.partition(".")[0] == package
        if own and not name.startswith("_") and hasattr(thing, "question"):
            told = not_a_rule(thing)
            yield Found(name, thing, f"{name} {told}" if told else "")
