"""What ``policies`` prints."""

from __future__ import annotations

import inspect
from typing import Any

import click

from sim.policies import LIBRARY, parameters

QUESTIONS = {
    "dispatch": "who goes",
    "queue": "who is served next",
    "relocation": "where free teams wait",
    "destination": "where people are taken",
}


def policy_list() -> list[dict[str, Any]]:
    """Return every policy with its meaning, parameters and source."""
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
        for question, choices in LIBRARY.items()
        for name, policy in choices.items()
    ]


def policies_text() -> None:
    """Print the policies for people."""
    asked = ""
    for policy in policy_list():
        if policy["question"] != asked:
            asked = policy["question"]
            click.secho(f"\n{asked}: {QUESTIONS[asked]}", bold=True)
        click.echo(f"\n  {policy['name']}")
        for line in policy["meaning"].replace("``", "").splitlines():
            click.echo(f"    {line}".rstrip())
        for p in policy["parameters"]:
            click.echo(f"      {p['name']} ({p['default']}): {p['meaning']}")
        click.echo(f"    Source: {policy['source']}")
