"""What ``describe`` does: read a scenario or results, and write what is known as a page."""

from __future__ import annotations

import json
from pathlib import Path

from sim.errors import UsageError
from sim.report.description.author_answers import read_answers, template
from sim.report.description.described_items import Description
from sim.report.description.describing import describe
from sim.report.description.description_text import as_data, as_markdown, as_text
from sim.report.description.subject import read_subject

from ..terminal.messages import as_json

ENDINGS = {".txt": "text", ".md": "markdown", ".json": "json"}


def described(
    name: str, answers: Path | None, as_template: bool, style: str | None, out: Path | None
) -> str:
    """Return the page, or the template of what is asked of the author."""
    if as_template and style is not None:
        raise UsageError("--template writes YAML; leave out --format")
    chosen = style or ("yaml" if as_template else _style_of(out))
    given = {} if answers is None else read_answers(answers)
    found = describe(read_subject(name), given)
    if as_template:
        asked = [question for own in found.items for question in own.item.questions]
        return template(asked, given)
    return _page(found, chosen, out)


def _style_of(out: Path | None) -> str:
    if out is None:
        return "text"
    if out.suffix.lower() not in ENDINGS:
        raise UsageError(
            f"--out: {out} does not tell a format; end it in {', '.join(ENDINGS)}, or add --format"
        )
    return ENDINGS[out.suffix.lower()]


def _page(found: Description, style: str, out: Path | None) -> str:
    if style == "text":
        return as_text(found)
    if style == "markdown":
        return as_markdown(found)
    data = as_data(found)
    text = as_json(data, 2) if out is None else json.dumps(data, ensure_ascii=False, indent=2)
    return f"{text}\n"
