"""What is put together from results, said in each language, with names and numbers isolated."""

from __future__ import annotations

import re
from string import Formatter

from markupsafe import Markup, escape

from sim.report.phrasing.phrases import Phrase, ProperName
from sim.report.phrasing.words import clean

from .page_words import LANGUAGES, RIGHT_TO_LEFT, SENTENCES, WORDS

ENGLISH = LANGUAGES[0]
_DURATION = re.compile(r"(?:\d+ (?:days?|h|min|s|ms))(?: \d+ (?:h|min|s|ms))*")
_ARABIC_UNITS = {"day": "يوم", "days": "يوماً", "h": "ساعة", "min": "دقيقة", "s": "ثانية",
                 "ms": "ملي ثانية"}  # fmt: skip
_FORMATTER = Formatter()


def word(key: str) -> Markup:
    """Return a word of the interface, which the page's script puts into other languages."""
    return Markup('<span data-word="{}">{}</span>').format(key, WORDS[key][0])


def said(text: str) -> Markup:
    """Return a text in every language, of which one is shown; once where all are the same."""
    each = {language: said_in(text, language) for language in LANGUAGES}
    if len(set(each.values())) == 1:
        return each[ENGLISH]
    return Markup("").join(
        Markup('<span data-language="{0}" lang="{0}" dir="{1}"{2}>{3}</span>').format(
            language, _direction(language), escape("" if language == ENGLISH else " hidden"), own
        )
        for language, own in each.items()
    )


def _direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def said_in(text: str, language: str) -> Markup:
    """Return a text in a language; what has no translation is in English and marked as such."""
    if isinstance(text, ProperName):
        return name_of(text)
    if isinstance(text, Phrase):
        template = _translated(text.template, language)
        if template is None:
            return _marked(text.template, text, language)
        return _filled(template, text, language)
    if language == ENGLISH:
        return escape(clean(text))
    return _plain(clean(text), language)


def name_of(name: str) -> Markup:
    """Return a name on its own, so that its letters do not reorder the line it stands in."""
    return Markup("<bdi>{}</bdi>").format(clean(name))


def _translated(template: str, language: str) -> str | None:
    row = SENTENCES.get(template)
    if row is None:
        return template if language == ENGLISH else None
    return row[LANGUAGES.index(language)]


def _filled(template: str, told: Phrase, language: str) -> Markup:
    found = Markup("")
    for literal, field, _, _ in _FORMATTER.parse(template):
        found += escape(literal.replace(" %", "\N{NO-BREAK SPACE}%"))
        if field is not None:
            found += said_in(told.parts[field], language)
    return found


def _marked(template: str, told: Phrase, language: str) -> Markup:
    return Markup('<span lang="en" dir="ltr">{}</span>').format(_filled(template, told, ENGLISH))


def _plain(text: str, language: str) -> Markup:
    """Return a word or number that is no name, in another language."""
    row = SENTENCES.get(text)
    if row is not None:
        return escape(row[LANGUAGES.index(language)])
    if _DURATION.fullmatch(text):
        return Markup(" ").join(
            Markup("<bdi>{}</bdi>").format(part) if part.isdigit() else escape(_ARABIC_UNITS[part])
            for part in text.split()
        )
    if not any(c.isalpha() for c in text):
        return Markup('<bdi dir="ltr">{}</bdi>').format(text) if text.strip() else escape(text)
    return Markup('<span lang="en" dir="ltr">{}</span>').format(text)
