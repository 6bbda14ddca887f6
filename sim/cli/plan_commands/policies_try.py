"""What ``policies --try`` does: find the policies of a package, try each, report every check."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from types import ModuleType
from typing import Any

import click

from sim.errors import PolicyError, UsageError
from sim.experiment.conformance.policy_conformance import CheckResult, conforms, trial_files
from sim.policies import LIBRARY, parameters
from sim.policies.contract.error_report import did
from sim.policies.contract.plugins import UnusableError, clash, installed, not_a_rule
from sim.policies.registry import made, our_names
from sim.program_end import foreign_code
from sim.scenario import given
from sim.units import safe

from ..terminal.messages import as_json as json_text

MARKS = {True: "ok  ", False: "FAIL", None: "-   "}


@dataclass(frozen=True, slots=True)
class FoundPolicy:
    """A policy's class by name, or why there is none."""

    name: str
    rule: Any = None
    refused: str = ""
    answers: str = ""  # the question, where the class does not say it

    @property
    def question(self) -> str:
        """The question that it answers."""
        return self.answers or str(getattr(self.rule, "question", ""))


def try_policies(target: str, parts: Sequence[str], as_json: bool) -> int:
    """
    Try the policies of a module or a package, or a rule; print what came of it.

    Parameters
    ----------
    target
        A package, a module, or the name of a rule.
    parts
        Parameters, as ``keep=2``, or ``rule.keep=2`` where only one of the rules is meant.
    as_json
        Whether to print for machines.

    Returns
    -------
    The exit code.

    """
    files, failed = trial_files(), False
    told: list[dict[str, Any]] = []
    policies = _policies_of(target)
    values = _values_of(policies, parts)
    made_first = [_made(found, own) for found, own in zip(policies, values, strict=True)]
    for found, policy in zip(policies, made_first, strict=True):
        if isinstance(policy, CheckResult):
            findings = [policy]
        else:
            findings = conforms(policy, found.question, found.name, files)
        failed |= any(finding.passed is False for finding in findings)
        told.append({
            "name": found.name, "question": found.question,
            "findings": [asdict(f) for f in findings],
        })  # fmt: skip
        if not as_json:
            _print(found.name, found.question, findings)
    if as_json:
        click.echo(json_text({"format": 1, "tried": told}, indent=2))
    return PolicyError.exit_code if failed else 0


def _values_of(policies: Sequence[FoundPolicy], parts: Sequence[str]) -> list[dict[str, str]]:
    """
    Return the parameters given for each policy, as written.

    Raises
    ------
    UsageError
        When one is for none of them.

    """
    values: list[dict[str, str]] = [{} for _ in policies]
    usable = [(found, own) for found, own in zip(policies, values, strict=True) if found.rule]
    for part in parts:
        path, equals, value = part.partition("=")
        if not (path.strip() and equals and value.strip()):
            raise UsageError(f"--set: expected something as --set 'keep=2', found {part!r}")
        rule, dot, name = path.strip().rpartition(".")
        named = [(found, own) for found, own in usable if not dot or found.name == rule]
        fitting = [own for found, own in named if name in _names_of(found)]
        if len(named) == 1:  # whose it is, is clear: the nearest of its parameters is told
            fitting = [own for _, own in named]
        if not fitting:
            known = ", ".join(f"{f.name}.{n}" for f, _ in usable for n in _names_of(f)) or "none"
            raise UsageError(f"--set: no policy has a parameter {path.strip()!r}; known: {known}")
        for own in fitting:
            own[name] = value.strip()
    return values


def _names_of(found: FoundPolicy) -> list[str]:
    return [parameter.name for parameter in parameters(found.rule)]


def _print(name: str, question: str, findings: list[CheckResult]) -> None:
    click.echo(safe(f"{name} ({question})" if question else name))
    for finding in findings:
        said = f": {finding.said}" if finding.said else ""
        click.echo(safe(f"  {MARKS[finding.passed]}  {finding.check}{said}"))


def _made(found: FoundPolicy, values: dict[str, str]) -> Any:
    """
    Return a policy with the parameters given for it, or what came of making it.

    Raises
    ------
    ScenarioError
        When a parameter is wrong.

    """
    if found.refused:
        return CheckResult("is a policy", False, found.refused)
    if values:
        return made(given(values), found.name, found.rule)
    needed = [
        f.name
        for f in fields(found.rule)
        if f.init and f.default is MISSING and f.default_factory is MISSING
    ]
    if needed:
        said = f"not tried: it has no default for {', '.join(needed)}"
        return CheckResult("can be made", None, f"{said}; give it as in --set '{needed[0]}=...'")
    try:
        with foreign_code():
            return found.rule()
    except (Exception, SystemExit) as error:
        return CheckResult("can be made", False, f"it {did(error)}")


def _policies_of(target: str) -> list[FoundPolicy]:
    """
    Return the policies of an installed package, by its name, or of a module; or a rule by its name.

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
    rules = [_loaded(rule) for rule in installed() if rule.name == target] or [
        FoundPolicy(target, choices[target], answers=question)
        for question, choices in LIBRARY.items()
        if target in choices
    ]
    try:
        found = list(_in_module(_imported(target)))
    except UsageError:
        if not rules:
            raise
        return rules
    if not (found or rules):
        raise UsageError(
            f"--try: there is no policy in {target!r}: a policy is a frozen dataclass with a class "
            'attribute `question`, as in question = "dispatch"'
        )
    return found or rules


def _loaded(rule: Any) -> FoundPolicy:
    if told := clash(rule, our_names()):
        return FoundPolicy(rule.name, refused=told)
    try:
        return FoundPolicy(rule.name, rule.load())
    except UnusableError as error:
        return FoundPolicy(rule.name, refused=str(error))


def _imported(name: str) -> ModuleType:
    sys.path.append(os.getcwd())  # somebody who tries a module is where it is
    try:
        with foreign_code():
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            hint = f"; write {name[:-3]}" if name.endswith(".py") else ""
            raise UsageError(
                f"--try: there is no installed package, no module and no rule called {name!r}{hint}"
            ) from None
        raise PolicyError(f"{name} cannot be imported: it {did(error)}") from error
    except (Exception, SystemExit) as error:
        raise PolicyError(f"{name} cannot be imported: it {did(error)}") from error
    finally:
        sys.path.pop()


def _in_module(module: ModuleType) -> Iterator[FoundPolicy]:
    """Yield the classes of a module that say which question they answer."""
    package = module.__name__.partition(".")[0]
    for name, thing in inspect.getmembers(module, inspect.isclass):
        own = thing.__module__.partition(".")[0] == package
        if own and not name.startswith("_") and hasattr(thing, "question"):
            told = not_a_rule(thing)
            yield FoundPolicy(name, thing, f"{name} {told}" if told else "")
