"""What ``policies`` prints."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import click

from sim.policies import LIBRARY, parameters
from sim.policies.contract.plugins import usable
from sim.policies.registry import our_names
from sim.units import safe

QUESTIONS = {
    "dispatch": "which team goes",
    "reassignment": "which teams under way may be sent on to another callout",
    "queue": "which pending callout is next",
    "relocation": "where free teams stand by",
    "destination": "which hospital people are taken to",
    "staffing": "which teams are called in beyond the roster",
    "routing": "which road teams take",
}


def policy_list(on_refusal: Callable[[str], None] | None = None) -> list[dict[str, Any]]:
    """Return every policy with its meaning, parameters and source; report those not usable."""
    more = usable(our_names(), on_refusal or _tell)
    return [
        {
            "question": question,
            "name": name,
            "meaning": inspect.getdoc(policy) or "",
            "source": getattr(policy, "source", ""),
            "parameters": [
                {"name": p.name, "meaning": p.meaning, "default": p.default}
                for p in parameters(policy)
            ],
        }
        | ({"package": package} if package else {})
        for question in LIBRARY
        for name, policy, package in _of(question, more)
    ]


def _of(question: str, more: list[Any]) -> Iterator[tuple[str, type, str]]:
    yield from ((name, policy, "") for name, policy in LIBRARY[question].items())
    yield from ((rule.name, own, rule.package) for rule, own in more if own.question == question)


def _tell(refusal: str) -> None:
    click.echo(f"rescuesim: {safe(refusal)}", err=True)


def policies_text() -> None:
    """Print the policies for people."""
    asked = ""
    for policy in policy_list():
        if policy["question"] != asked:
            asked = policy["question"]
            click.secho(f"\n{asked}: {QUESTIONS[asked]}", bold=True)
        package = f"  (package {policy['package']})" if "package" in policy else ""
        click.echo(f"\n  {policy['name']}{safe(package)}")
        for line in policy["meaning"].replace("``", "").splitlines():
            click.echo(f"    {safe(line)}".rstrip())
        for p in policy["parameters"]:
            click.echo(f"      {p['name']} ({safe(p['default'])}): {safe(p['meaning'])}")
        if policy["source"]:
            click.echo(f"    Source: {safe(policy['source'])}")
