"""From what the page says to one file: template, styles, script, and the content policy."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from sim.errors import ResultsError
from sim.report.phrasing.words import clean
from sim.whole_file import whole_file

from .languages import name_of, said, word
from .page_words import LANGUAGES, WORDS

_POLICY = (
    "default-src 'none'; style-src {styles}; script-src {scripts}; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


@cache
def environment() -> Environment:
    """Return what templates are filled in by: all that is not markup of ours is escaped."""
    made = Environment(
        loader=PackageLoader("sim.page", "templates"),
        autoescape=select_autoescape(default_for_string=True, default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(w=word, say=said, name=name_of)
    for column, language in enumerate(LANGUAGES):
        table = {key: row[column] for key, row in WORDS.items()}
        made.globals[f"words_{language}"] = table
    made.filters.update(plain=clean, ours=Markup)
    return made


def asset(name: str) -> str:
    """Return a style sheet or a script of the page."""
    return files("sim.page").joinpath("assets", name).read_text(encoding="utf-8")


def rendered(
    template: str,
    parts: Mapping[str, Any],
    styles: Sequence[str],
    scripts: Sequence[str],
    words: Mapping[str, tuple[str, ...]],
) -> str:
    """
    Return a page as text.

    Parameters
    ----------
    template
        Its name.
    parts
        What it says.
    styles, scripts, words
        Those of parts of the page, next to its own.

    """
    style_sheets = [asset("page.css"), *filter(None, styles)]
    scripts = [*scripts, asset("page.js")]  # the page's speaks last, in the language asked for
    policy = _POLICY.format(styles=_hashes(style_sheets), scripts=_hashes(scripts))
    table = json.dumps({**WORDS, **words}, ensure_ascii=False, separators=(",", ":"))
    return environment().get_template(template).render(
        parts,
        policy=policy,
        style_sheets=[*map(Markup, style_sheets)],  # ours, and hashed
        scripts=[*map(Markup, scripts)],
        words=Markup(table.replace("<", "\\u003c")),  # noqa: S704 - no element can begin in it
    )  # fmt: skip


def _hashes(texts: Sequence[str]) -> str:
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return " ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in digests)


def save_page(path: Path, text: str) -> None:
    """
    Write a page; an earlier one is replaced only when the new one is whole.

    Raises
    ------
    ResultsError
        When it cannot be written.

    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as partial, partial.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise ResultsError(f"cannot write the page to {path}: {error.strerror}") from None
