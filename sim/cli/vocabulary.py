"""Every word that users meet, with its meaning, read from the code that defines it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import click

from sim.glossary import COLUMNS, ENDINGS, EVENTS, FILES, OUTCOMES

Schema = dict[str, Any]
_SHARED = {"Distribution": "any duration"}  # parts that very many fields are made of
_UNIT = re.compile(r"\s*\[([^\]]*)\]$")


@dataclass(frozen=True, slots=True)
class Word:
    """
    One name that users write or read.

    ``sort`` says what it is: a field, a measure, a column; ``where`` in which part of a scenario,
    in which file or of which rule. ``choices`` are the values it may have, where they are words.
    """

    name: str
    sort: str
    where: str = ""
    meaning: str = ""
    unit: str = ""
    source: str = ""
    choices: tuple[str, ...] = ()


def vocabulary() -> list[Word]:
    """Return all words, in the order of the page."""
    return [*fields(), *measures(), *log_words(), *files(), *columns(), *figures(), *rules(),
            *commands()]  # fmt: skip


def fields() -> Iterator[Word]:
    """Yield the fields of scenario files, each once, under the first part that has them."""
    from sim.scenario.fields.schema import part_schema

    schema = part_schema()
    parts: Mapping[str, Schema] = schema["$defs"]
    seen: set[str] = set()  # titles: each part has one of its own
    waiting: list[tuple[Schema, str]] = [(schema, "")]
    while waiting:
        part, where = waiting.pop(0)
        for name, about in _properties(part, parts):
            path = f"{where}.{name}" if where else name
            meaning, unit = _with_unit(_described(about, parts))
            yield Word(name, "field", where or "scenario", meaning, unit, "", _choices(about))
            for below, step in _below(about, parts):
                title = below["title"]
                if title not in seen:
                    seen.add(title)
                    waiting.append((below, _SHARED.get(title, path + step)))


def _properties(part: Schema, parts: Mapping[str, Schema]) -> Iterator[tuple[str, Schema]]:
    for branch in _branches(part, parts):
        yield from branch.get("properties", {}).items()


def _described(about: Schema, parts: Mapping[str, Schema]) -> str:
    """Return a field's description; one that says the same as its part has it there alone."""
    named = parts.get(str(about.get("$ref", "")).rpartition("/")[2], {})
    return str(about.get("description") or named.get("description", ""))


def _branches(part: Schema, parts: Mapping[str, Schema]) -> Iterator[Schema]:
    """Yield the plain schemas that one stands for."""
    if "$ref" in part:
        yield from _branches(parts[part["$ref"].rpartition("/")[2]], parts)
    elif choices := [*part.get("anyOf", ()), *part.get("oneOf", ())]:
        for choice in choices:
            yield from _branches(choice, parts)
    else:
        yield part


def _below(about: Schema, parts: Mapping[str, Schema]) -> Iterator[tuple[Schema, str]]:
    """Yield the parts under a field that have fields of their own, each with the step to it."""
    for branch in _branches(about, parts):
        if branch.get("properties"):
            yield branch, ""
        for inner, step in (
            (branch.get("items"), "[]"),
            (branch.get("additionalProperties"), ".*"),
        ):
            if isinstance(inner, dict):
                yield from ((below, step + more) for below, more in _below(inner, parts))


def _choices(about: Schema) -> tuple[str, ...]:
    """Return the words a field may be, its own or those of its items."""
    found = [about, about.get("items", {}), *about.get("anyOf", ())]
    named = [value for part in found for value in (*part.get("enum", ()), part.get("const"))]
    return tuple(dict.fromkeys(v for v in named if isinstance(v, str) and v not in ("yes", "no")))


def _with_unit(description: str) -> tuple[str, str]:
    text = " ".join(description.split())
    found = _UNIT.search(text)
    return (text[: found.start()], found[1]) if found else (text, "")


def measures() -> Iterator[Word]:
    """Yield the measures of results."""
    from sim.definitions import MEASURES

    for found in MEASURES.values():
        title = found.title.replace("{horizon}", "the horizon")
        meaning = f"{title[:1].upper()}{title[1:]}. {found.formula}"
        yield Word(found.name, "measure", "", meaning, found.unit)


def log_words() -> Iterator[Word]:
    """Yield what a log says of callouts, missions and all else that happens."""
    from sim import log

    tables = (
        (log.Outcome, "outcome", "callouts.csv.gz", OUTCOMES),
        (log.Ending, "ending", "missions.csv.gz", ENDINGS),
        (log.Event, "event", "events.csv.gz", EVENTS),
    )
    for words, sort, where, meanings in tables:
        for name in constants(words):
            yield Word(name, sort, where, meanings.get(name, ""))


def constants(words: type) -> list[str]:
    """Return the words that a class of constants holds, in order."""
    return [v for k, v in vars(words).items() if not k.startswith("_") and isinstance(v, str)]


def files() -> Iterator[Word]:
    """Yield the files of a results folder."""
    for name, meaning in FILES.items():
        yield Word(name, "file", "results", meaning)


def columns() -> Iterator[Word]:
    """Yield the columns of every table in a results folder."""
    for file, names in tables().items():
        for name in names:
            meaning, unit = COLUMNS.get(name, ("", ""))
            yield Word(name, "column", file, meaning, unit)


def tables() -> dict[str, tuple[str, ...]]:
    """Return the columns of each table in a results folder, by its file."""
    from sim.experiment.running import confirming, drive_text, log_text
    from sim.experiment.selection import selection_study
    from sim.experiment.validating import validation_study
    from sim.outcomes import Comparison, Controlled, Estimate, FairnessRow, GroupDifference, Value
    from sim.outcomes.validation.agreement import ComparedRow

    estimates = ("alternative", *Estimate._fields)
    first, *rest = Comparison._fields
    return {
        "summary.csv": estimates,
        "comparisons.csv": (first, "baseline", *rest),
        "fairness.csv": FairnessRow._fields,
        "confirmation.csv": confirming.ConfirmationRow._fields,
        "controlled.csv": Controlled._fields,
        "replications.csv": ("alternative", *Value._fields),
        "selection.csv": selection_study.SelectionRow._fields,
        "staff.csv": estimates,
        "disruptions.csv": estimates,
        "places.csv": estimates,
        "windows.csv": estimates,
        "places_differences.csv": GroupDifference._fields,
        "windows_differences.csv": GroupDifference._fields,
        "validation.csv": ComparedRow._fields,
        "distributions.csv": validation_study.DistributionRow._fields,
        "calibration.csv": validation_study.SharesRow._fields,
        "quantiles.csv": validation_study.QuantileRow._fields,
        "callouts.csv.gz": log_text.CALLOUT_COLUMNS,
        "missions.csv.gz": log_text.MISSION_COLUMNS,
        "events.csv.gz": log_text.EVENT_COLUMNS,
        "drives.csv.gz": drive_text.DRIVE_COLUMNS,
    }


def figures() -> Iterator[Word]:
    """Yield the figures of results."""
    from sim.report.figure_input.declared_figures import declared_figures

    for own in declared_figures():
        yield Word(own.name, "figure", "figures", own.meaning)


def rules() -> Iterator[Word]:
    """Yield the questions to policies, the library's rules, and their parameters."""
    from sim.policies import LIBRARY, parameters

    from .plan_commands.policies_command import QUESTIONS

    for question, found in LIBRARY.items():
        yield Word(question, "question", "policies", QUESTIONS.get(question, "").capitalize())
        for name, rule in found.items():
            first = (inspect.getdoc(rule) or "").partition("\n\n")[0]
            source = str(getattr(rule, "source", ""))
            yield Word(name, "rule", question, _plain(first), "", source)
            for own in parameters(rule):
                meaning, unit = _with_unit(own.meaning)
                yield Word(own.name, "parameter", name, meaning, unit)


def commands() -> Iterator[Word]:
    """Yield the commands and their options."""
    from .commands import main

    for name, command in main.commands.items():
        yield Word(name, "command", "", command.get_short_help_str(200))
        for option in command.params:
            if isinstance(option, click.Option) and option.help:
                flag = max(option.opts, key=len)
                meaning, unit = _with_unit(option.help)
                yield Word(flag, "option", name, meaning, unit)


def _plain(text: str) -> str:
    return " ".join(text.replace("``", "`").split())
