"""
Variants of a scenario: each of its alternatives, under every combination of what is varied.

What an alternative sets (``policies.X.set``) and what the study varies (``study.vary``) is laid
over the scenario as one more overlay, so an error in it is reported where it is written.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, NamedTuple

from sim.errors import Diagnostic, ScenarioError

from .diagnostics.diagnostic import nearest
from .overlays import lay_node
from .reading import ScenarioFile, build
from .text.source import Node, UnreadableError
from .text.yaml_writing import flow

MOST = 1000  # alternatives of one study
_TABLES = (
    "places", "nodes", "edges", "times", "hospitals", "callouts", "coastline", "inputs", "read",
)  # fmt: skip
_NAMED = {("teams",), ("bases",), ("shifts",), ("policies",), ("demand", "kinds")}
# These make runs that cannot be paired, or mean nothing for one alternative alone.
_COMMON = ("study", "clock", "name", "title", "format", "extends", "about")


class Setting(NamedTuple):
    """A value laid over the scenario: its path, a short name for it, and what was written."""

    path: str
    label: str
    value: Any


@dataclass(frozen=True)
class Variant:
    """One alternative: a name, which of the scenario's policies, and the scenario it runs in."""

    name: str
    policy: str
    settings: tuple[Setting, ...]  # what is varied, not what the alternative itself sets
    file: ScenarioFile


def variants(file: ScenarioFile, policies: Sequence[str] | None = None) -> list[Variant]:
    """
    Return all alternatives of a scenario, the baseline first.

    Parameters
    ----------
    file
        The scenario as read.
    policies
        Which of its policies, in the order wanted; all if not given.

    Raises
    ------
    ScenarioError
        When a value that is set or varied cannot be, each error at its place.

    """
    chosen = list(file.scenario.policies) if policies is None else list(policies)
    diagnostics = [
        m for path, node in _settings_in(file, chosen) for m in _refused(file, path, node)
    ]
    varied = file.scenario.study.vary
    if prod(len(values) for values in varied.values()) * len(chosen) > MOST:
        where = ("study", "vary")
        diagnostics.append(
            file.diagnostic(where, f"more than {MOST} alternatives", "vary fewer values")
        )
    if diagnostics:
        raise ScenarioError(list(dict.fromkeys(diagnostics)))
    found: list[Variant] = []
    read: dict[Any, ScenarioFile] = {(): file}
    for settings, nodes in _combinations(file):
        for policy in chosen:
            own, rest = _concerning(policy, settings)
            if rest and settings != _first(file):
                continue  # what is varied belongs to another policy: one run of this is enough
            laid = tuple(path for s in own for path in [(s.path, repr(s.value))])
            extra = _set_by(file, policy)
            key = (policy if extra else "", laid) if laid or extra else ()
            if key not in read:
                wanted = [*extra, *((s.path, nodes[s.path]) for s in own)]
                read[key] = _laid(file, wanted)
            name = ", ".join([*_policy_named(policy, chosen, own), *map(_said, own)])
            found.append(Variant(name, policy, own, read[key]))
    return found


def _settings_in(file: ScenarioFile, policies: Sequence[str]) -> Iterator[tuple[str, Node]]:
    for policy in policies:
        yield from _set_by(file, policy)
    varied = file.tree.at(("study", "vary"))
    if varied is not None and isinstance(varied.value, dict):
        yield from varied.value.items()


def _set_by(file: ScenarioFile, policy: str) -> list[tuple[str, Node]]:
    node = file.tree.at(("policies", policy, "set"))
    return list(node.value.items()) if node is not None and isinstance(node.value, dict) else []


def _refused(file: ScenarioFile, dotted: str, node: Node) -> Iterator[Diagnostic]:
    """Yield what is wrong with a path: not for one alternative alone, or leading nowhere."""
    spot = node.key or node.spot
    if dotted.split(".")[0] in _COMMON:
        yield spot.diagnostic(
            f"{dotted.split('.')[0]} is the same for all alternatives",
            "give it with --set, or in a scenario of its own",
        )
        return
    for path in _NAMED:
        if dotted.startswith(".".join(path) + "."):
            known = file.tree.at(path)
            names = list(known.value) if known is not None and isinstance(known.value, dict) else []
            rest = dotted[len(".".join(path)) + 1 :]
            if not any(rest == name or rest.startswith(f"{name}.") for name in names):
                name = rest.split(".")[0]
                yield spot.diagnostic(
                    f"{'.'.join(path)}: there is no '{name}'", nearest(name, names, "there are")
                )


def _combinations(
    file: ScenarioFile,
) -> Iterator[tuple[tuple[Setting, ...], dict[str, Node]]]:
    """Yield every combination of varied values, the first value of each first."""
    varied = file.tree.at(("study", "vary"))
    if varied is None or not isinstance(varied.value, dict) or not varied.value:
        yield (), {}
        return
    labels = _short(list(varied.value))
    columns = [
        [(Setting(path, labels[path], node.plain()), node) for node in values.value]
        for path, values in varied.value.items()
        if isinstance(values.value, list)
    ]
    for combination in product(*columns):
        yield tuple(s for s, _ in combination), {s.path: node for s, node in combination}


def _first(file: ScenarioFile) -> tuple[Setting, ...]:
    return next(_combinations(file))[0]


def _concerning(
    policy: str, settings: tuple[Setting, ...]
) -> tuple[tuple[Setting, ...], tuple[Setting, ...]]:
    """Return the settings that matter to a policy, and those that are about another one."""
    others = [
        s for s in settings
        if s.path.startswith("policies.") and not s.path.startswith(f"policies.{policy}.")
    ]  # fmt: skip
    return tuple(s for s in settings if s not in others), tuple(others)


def _short(paths: list[str]) -> dict[str, str]:
    """Return the shortest endings that tell the paths apart."""
    for length in range(1, max(path.count(".") for path in paths) + 2):
        labels = {path: ".".join(path.split(".")[-length:]) for path in paths}
        told = set(labels.values())
        if len(told) == len(paths) and not any(label.isdigit() for label in told):
            break
    return labels


def _policy_named(policy: str, chosen: Sequence[str], own: tuple[Setting, ...]) -> list[str]:
    return [] if own and len(chosen) == 1 else [policy]


def _said(setting: Setting) -> str:
    return f"{setting.label}={flow(setting.value)}"


def _laid(file: ScenarioFile, wanted: Sequence[tuple[str, Node]]) -> ScenarioFile:
    tree = file.tree
    try:
        for path, node in wanted:
            tree = lay_node(tree, path, node)
    except UnreadableError as error:
        raise ScenarioError(list(error.diagnostics)) from None
    return with_tables_of(build(file.path, tree, file.read), file)


def with_tables_of(file: ScenarioFile, other: ScenarioFile) -> ScenarioFile:
    """
    Return a scenario whose tables are those of another one, where they are equal.

    So that a network is in memory once, goes to a process once, and is known to be the same.
    """
    equal = {
        name: theirs
        for name in _TABLES
        if (theirs := getattr(other, name)) is not None and getattr(file, name) == theirs
    }
    return dataclasses.replace(file, **equal)
