"""A description written out: for a terminal, as Markdown, and as data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from textwrap import fill
from typing import Any

from sim.units import safe

from .described_items import FILLED, MISSING, PARTLY, DescribedItem, DescribedList, Description
from .report_items import QUESTIONS
from .subject import Fact

FORMAT = 1  # of the data, raised whenever its names or words change
WIDTH = 96
_TICKS = {FILLED: "[x]", PARTLY: "[~]", MISSING: "[ ]"}
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~!$&]")
_LEADING = re.compile(r"^(?=[-+=])|^(\d{1,9})(?=[.)])")


def as_text(found: Description) -> str:
    """Return a description for a terminal; control characters of a file are written out."""
    lines = [safe(f"{found.title}: {_kind(found)} described"), *_legend()]
    for own in found.lists:
        lines += ["", f"{own.about.name}: {_totals(own)}", *_wrapped(f"From: {own.about.source}.")]
        for title, items in own.sections.items():
            lines += ["", title]
            for item in items:
                lines += _item_lines(item)
    lines += ["", *_wrapped(_ending(found))]
    return "\n".join(lines) + "\n"


def _kind(found: Description) -> str:
    return "scenario" if found.subject.manifest is None else "results"


def _legend() -> list[str]:
    return [", ".join(f"{tick} {status}" for status, tick in _TICKS.items())]


def _totals(own: DescribedList) -> str:
    total = sum(own.statuses.values())
    return f"{total} items, " + ", ".join(f"{n} {status}" for status, n in own.statuses.items())


def _ending(found: Description) -> str:
    number = len(found.open_questions)
    if not number:
        return "No question is open."
    questions = "1 question is" if number == 1 else f"{number} questions are"
    return (
        f"{questions} open, which only the author can answer: --template writes them into a file, "
        "--answers FILE fills them in."
    )


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    folded = fill(
        " ".join(safe(text.replace("\n", " ")).split()), WIDTH, initial_indent=first,
        subsequent_indent=rest, break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return folded.splitlines()


def _item_lines(item: DescribedItem) -> Iterator[str]:
    yield f"{_TICKS[item.status]} {item.item.number} {item.item.title}"
    for fact in item.facts:
        yield from _wrapped(_with_fields(fact), "    ", "      ")
    for name, words in item.answers.items():
        yield from _wrapped(f'author ({name}): "{words}"', "    ", "      ")
    for fact in item.gaps:
        yield from _wrapped(f"gap: {_with_fields(fact)}", "    ", "      ")
    for name in item.open_questions:
        yield from _wrapped(f"missing ({name}): {QUESTIONS[name]}", "    ", "      ")


def _with_fields(fact: Fact) -> str:
    named = _named(fact)
    return f"{fact.text} [{', '.join(named)}]" if named else fact.text


def _named(fact: Fact) -> list[str]:
    """Return the fields to name after a fact: those that it does not begin with."""
    return [field for field in fact.fields if field not in fact.text]


def as_markdown(found: Description) -> str:
    """Return a description as Markdown, in which nothing from a file is markup."""
    lines = [f"# {escaped(found.title)}", "", f"The {_kind(found)} as `rescuesim describe` tells."]
    for own in found.lists:
        lines += ["", f"## {own.about.name}", "", f"{_totals(own)}. From: {own.about.source}."]
        for title, items in own.sections.items():
            lines += ["", f"### {title}", ""]
            for item in items:
                lines += _markdown_item(item)
    lines += ["", escaped(_ending(found))]
    return "\n".join(lines) + "\n"


def _markdown_item(item: DescribedItem) -> Iterator[str]:
    box = "[x]" if item.status == FILLED else "[ ]"
    note = " (partly)" if item.status == PARTLY else ""
    yield f"- {box} **{item.item.number} {item.item.title}**{note}"
    for fact in item.facts:
        yield f"  - {_markdown_fact(fact)}"
    for name, words in item.answers.items():
        yield f"  - *Author* ({code(name)}): \u201c{escaped(words)}\u201d"
    for fact in item.gaps:
        yield f"  - *Gap*: {_markdown_fact(fact)}"
    for name in item.open_questions:
        yield f"  - *Missing* ({code(name)}): {escaped(QUESTIONS[name])}"


def _markdown_fact(fact: Fact) -> str:
    named = _named(fact)
    return escaped(fact.text) + (f" ({', '.join(map(code, named))})" if named else "")


def escaped(text: str) -> str:
    r"""
    Return a text on one line in which no character is Markdown or HTML.

    Examples
    --------
    >>> print(escaped("<b>*bold*</b>"))
    \<b\>\*bold\*\</b\>

    """
    line = _SPECIAL.sub(r"\\\g<0>", " ".join(safe(text.replace("\n", " ")).split()))
    return _LEADING.sub(lambda m: f"{m[1]}\\" if m[1] else "\\", line)


def code(text: str) -> str:
    """
    Return a text in the type of code, whatever backticks it has.

    Examples
    --------
    >>> code("demand.rate"), code("a`b")
    ('`demand.rate`', '`` a`b ``')

    """
    plain = " ".join(safe(text.replace("\n", " ")).split())
    longest = max(map(len, re.findall("`+", plain)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {plain} {fence}" if longest else f"{fence}{plain}{fence}"


def as_data(found: Description) -> dict[str, Any]:
    """Return a description as plain data, for JSON."""
    manifest = found.subject.manifest
    return {
        "format": FORMAT,
        "described": _kind(found),
        "scenario": found.subject.file.scenario.name,
        "title": found.title,
        "content": None if manifest is None else manifest["content"],
        "lists": [_list_data(own) for own in found.lists],
        "open_questions": {name: QUESTIONS[name] for name in found.open_questions},
    }


def _list_data(own: DescribedList) -> dict[str, Any]:
    return {
        "name": own.about.name,
        "source": own.about.source,
        "statuses": own.statuses,
        "items": [
            {"section": title, **_item_data(item)}
            for title, items in own.sections.items()
            for item in items
        ],
    }


def _item_data(item: DescribedItem) -> dict[str, Any]:
    return {
        "number": item.item.number,
        "title": item.item.title,
        "status": item.status,
        "facts": _facts_data(item.facts),
        "author": item.answers,
        "gaps": _facts_data(item.gaps),
        "missing": list(item.open_questions),
    }


def _facts_data(facts: Iterable[Fact]) -> list[dict[str, Any]]:
    return [{"text": fact.text, "fields": list(fact.fields)} for fact in facts]
