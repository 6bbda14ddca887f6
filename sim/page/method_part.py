"""The last part of the page: how the study was done, and how to do it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from sim.errors import ScenarioError
from sim.experiment import Study
from sim.report.description.described_items import FILLED, MISSING, PARTLY, DescribedItem
from sim.report.description.describing import describe
from sim.report.description.report_items import QUESTIONS
from sim.report.description.subject import Fact, Subject
from sim.report.phrasing.phrases import named, phrase
from sim.report.phrasing.words import clean
from sim.scenario import ScenarioFile, Variant, variants

from .languages import said

_TICKS = {FILLED: ("filled", "✓"), PARTLY: ("partly", "◐"), MISSING: ("missing", "○")}


class Tick(NamedTuple):
    """An item of a checklist: its state as a word and a sign, and what is known or missing."""

    number: str
    title: str
    word: str
    sign: str
    facts: Sequence[str]
    author: Sequence[tuple[str, str]]
    gaps: Sequence[str]
    questions: Sequence[str]


class Checklist(NamedTuple):
    """A checklist, its source, how much of it is filled in, and its items by section."""

    name: str
    source: str
    total: Markup
    sections: Mapping[str, Sequence[Tick]]


class MethodPart(NamedTuple):
    """How it was done."""

    about: str
    sources: Sequence[str]
    checklists: Sequence[Checklist]
    attribution: Sequence[str]
    hashes: Sequence[tuple[str, str]]
    content: str
    random_numbers: str
    command: str
    made: Markup


def folder_name(folder: Path) -> str:
    """Return the name of a results folder, without the path of the machine it lies on."""
    return folder.resolve().name


def method_part(
    study: Study,
    manifest: Mapping[str, Any],
    attribution: Sequence[str],
    answers: Mapping[str, str],
    folder: str,
    missing: Sequence[str] = (),
) -> MethodPart:
    """
    Return how a study was done, as `describe` tells it, and what is needed to do it again.

    ``answers`` are the author's by question, ``folder`` is the folder's name, ``missing`` are files
    no longer in it.
    """
    first, *others = study.design.files
    subject = Subject(first, _variants(first), dict(manifest), tuple(others), tuple(missing))
    made = phrase(
        "Results folder {folder}, finished {moment}, rescuesim {version}",
        folder=named(folder), moment=named(str(manifest["run"].get("finished", "-"))[:19]),
        version=named(manifest["rescuesim"]),
    )  # fmt: skip
    return MethodPart(
        first.scenario.about,
        first.scenario.sources,
        [_checklist(own) for own in describe(subject, answers).lists],
        attribution,
        [*manifest["inputs"].items()],
        manifest["content"],
        manifest["random_numbers"],
        f"rescuesim reproduce {shlex.quote(clean(folder))}",
        said(made),
    )


def _variants(file: ScenarioFile) -> tuple[Variant, ...]:
    """Return the alternatives in the file of a result; those from Python are in the manifest."""
    try:
        return tuple(variants(file))
    except ScenarioError:  # one that the study left out may be wrong
        return ()


def _checklist(own: Any) -> Checklist:
    statuses = own.statuses
    total = phrase(
        "{filled} of {total} items filled in",
        filled=str(statuses[FILLED]), total=str(sum(statuses.values())),
    )  # fmt: skip
    sections = {title: [_tick(item) for item in items] for title, items in own.sections.items()}
    return Checklist(own.about.name, own.about.source, said(total), sections)


def _tick(item: DescribedItem) -> Tick:
    return Tick(
        item.item.number,
        item.item.title,
        *_TICKS[item.status],
        [_with_fields(fact) for fact in item.facts],
        [*item.answers.items()],
        [_with_fields(fact) for fact in item.gaps],
        [QUESTIONS[name] for name in item.open_questions],
    )


def _with_fields(fact: Fact) -> str:
    fields = [field for field in fact.fields if field not in fact.text]
    return clean(f"{fact.text} [{', '.join(fields)}]" if fields else fact.text)
