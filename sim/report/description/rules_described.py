"""The alternatives of a study: which rule answers each question, and what else differs."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sim.policies import LIBRARY
from sim.policies.registry import rules
from sim.scenario import ScenarioFile, Variant
from sim.scenario.text.source import Loc
from sim.scenario.text.yaml_writing import flow

from .subject import Fact, Subject

MOST_CHANGES = 40  # values listed that differ between two scenarios


class RuleWords(NamedTuple):
    """A rule of an alternative: the question, its name, its parameters and its class if known."""

    question: str
    name: str
    parameters: str
    known: type | None
    note: str = ""

    def __str__(self) -> str:
        given = f" {self.parameters}" if self.parameters else ""
        return f"{self.question}: {self.name}{given}" + (f" ({self.note})" if self.note else "")


def rules_of(subject: Subject) -> dict[str, list[RuleWords]]:
    """Return the rules of every alternative, the baseline first, by question."""
    if subject.manifest is None:
        return {v.name: list(_as_written(v)) for v in subject.variants}
    return {
        name: [_as_recorded(question, entry[question]) for question in LIBRARY if question in entry]
        for name, entry in subject.manifest["alternatives"].items()
    }


def _as_written(variant: Variant) -> Iterator[RuleWords]:
    entry = variant.file.scenario.policies[variant.policy]
    for question in LIBRARY:
        rule = getattr(entry, question)
        name, given = (rule, {}) if isinstance(rule, str) else next(iter(rule.items()))
        known = rules(question).get(name)
        package = "" if known is None else str(getattr(known, "package", ""))
        note = f"from the package {package}" if package else ""
        yield RuleWords(question, name, flow(given) if given else "", known, note)


def _as_recorded(question: str, rule: Mapping[str, Any]) -> RuleWords:
    """Return a rule from a manifest, by its name in scenario files where the library has it."""
    ours = {known.__name__: (name, known) for name, known in LIBRARY[question].items()}
    package, given = rule.get("package", ""), rule["parameters"]
    parameters = flow(given) if given else ""
    if rule.get("from_python"):
        note = "a Python class that this folder does not hold"
        return RuleWords(question, rule["rule"], parameters, None, note)
    if package or rule["rule"] not in ours:
        return RuleWords(question, rule["rule"], parameters, None, f"from the package {package}")
    name, known = ours[rule["rule"]]
    return RuleWords(question, name, parameters, known)


def differences(subject: Subject) -> list[Fact]:
    """Return how alternatives differ from the baseline, which is told whole."""
    found = rules_of(subject)
    if not found:
        return []
    baseline, *others = found
    facts = [Fact(f"Baseline {baseline}: {'; '.join(map(str, found[baseline]))}.", ("policies",))]
    facts += [Fact(f"{baseline} also sets {said}.", ("policies.*.set",))
              for said in _also(subject, baseline)]  # fmt: skip
    for name in others:
        changed = [str(r) for r in found[name] if r not in found[baseline]]
        changed += [f"sets {said}" for said in _also(subject, name)]
        said = "; ".join(changed) or "the same rules"
        facts.append(Fact(f"{name} differs from it in: {said}.", ("policies",)))
    for number, file in enumerate(subject.others, start=2):
        facts.append(Fact(_other(number, file, subject.file)))
    return facts


def _also(subject: Subject, name: str) -> list[str]:
    """Return the values that an alternative sets, and those of what is varied."""
    for variant in subject.variants:
        if variant.name == name:
            own = variant.file.scenario.policies[variant.policy].set
            values = {**own, **{s.path: s.value for s in variant.settings}}
            return [f"{path}: {flow(_plain(value))}" for path, value in values.items()]
    recorded = (subject.manifest or {}).get("alternatives", {}).get(name, {}).get("settings", {})
    return [f"{path}: {flow(value)}" for path, value in recorded.items()]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _other(number: int, file: ScenarioFile, first: ScenarioFile) -> str:
    """Say in which values a further scenario of a study differs from the first."""
    here, there = dict(_leaves(first.resolved)), dict(_leaves(file.resolved))
    changed = [
        f"{'.'.join(map(str, path))}: {_said(here, path)} -> {_said(there, path)}"
        for path in dict.fromkeys([*here, *there])
        if here.get(path) != there.get(path)
    ]
    more = len(changed) - MOST_CHANGES
    listed = "; ".join(changed[:MOST_CHANGES]) + (f"; and {more} more" if more > 0 else "")
    named = f"Scenario {number}, {file.scenario.name}"
    return f"{named}, differs from the first in: {listed or 'nothing'}."


def _said(leaves: Mapping[Loc, Any], path: Loc) -> str:
    return flow(leaves[path]) if path in leaves else "not given"


def _leaves(value: Any, path: Loc = ()) -> Iterator[tuple[Loc, Any]]:
    steps = (
        value.items() if isinstance(value, dict)
        else enumerate(value) if isinstance(value, list) else ()
    )  # fmt: skip
    if not value or not isinstance(value, (dict, list)):
        yield path, value
    for step, part in steps:
        yield from _leaves(part, (*path, step))


def algorithms(subject: Subject) -> list[Fact]:
    """Return every rule in use once, with what it does and its source."""
    seen: dict[tuple[str, str], RuleWords] = {}
    for words in rules_of(subject).values():
        for rule in words:
            seen.setdefault((rule.question, rule.name), rule)
    facts = []
    for rule in seen.values():
        about = inspect.getdoc(rule.known) or "" if rule.known is not None else ""
        first = " ".join(about.partition("\n\n")[0].replace("``", "").split())
        source = str(getattr(rule.known, "source", "") or "")
        said = [
            f"{rule.question}: {rule.name}.",
            first,
            *([f"Source: {source}."] if source else []),
        ]
        if rule.known is None:
            said.append(f"It is {rule.note}, so its author has to describe it.")
        facts.append(
            Fact(" ".join(part for part in said if part), (f"policies.*.{rule.question}",))
        )
    return facts
