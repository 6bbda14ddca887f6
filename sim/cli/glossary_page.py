"""What ``glossary`` prints: the words of the field and of this package, all or one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from textwrap import fill

from sim.definitions import MEASURES
from sim.errors import UsageError
from sim.glossary import PLAIN, SECTIONS, TERMS, Term, bare

from .vocabulary import Word, vocabulary

HEAD = """\
# Glossary

Written by `rescuesim glossary --out docs/glossary.md`; `rescuesim glossary TERM` looks up one word.
The terms come from `sim/glossary/`; all else is read from the code that defines it: the fields of
scenarios from their schema, measures from `sim/definitions.py`, rules from their own descriptions.

One word per thing: what stands under *not* is not used for it, and a test keeps it so.
"""
MOST = 8  # names listed under a term on the page
WIDTH = 80
_SORTS = {
    "outcome": "Outcomes of callouts", "ending": "Endings of missions", "event": "Events",
    "file": "Files of results", "figure": "Figures", "command": "Commands",
}  # fmt: skip
_LISTED = ("field", "measure", "outcome", "ending", "event", "column", "rule", "command")


def glossary_page() -> str:
    """Return the glossary as a page."""
    words = vocabulary()
    parts = [HEAD]
    parts += [f"\n## {title}\n\n{_terms(terms, words)}" for title, terms in SECTIONS.items()]
    parts.append(f"\n## Fields of scenarios\n\n{_fields(words)}")
    parts.append(f"\n## Measures\n\n{_measures()}")
    parts += [f"\n## {title}\n\n{_words(words, sort)}" for sort, title in _SORTS.items()]
    parts.append(f"\n## Columns of results\n\n{_columns(words)}")
    parts.append(f"\n## Rules\n\n{_rules(words)}")
    return "".join(parts)


def _terms(terms: Iterable[Term], words: Sequence[Word]) -> str:
    rows = [
        (
            _headed(own), own.unit, own.meaning,
            ", ".join(f"`{name}`" for name in _names(own, words)[:MOST]),
            ", ".join(own.avoided), own.source,
        )
        for own in sorted(terms, key=lambda term: term.name.lower())
    ]  # fmt: skip
    return _table(("term", "unit", "meaning", "in names", "not", "source"), rows)


def _headed(own: Term) -> str:
    return f"**{own.name}**" + (f" ({', '.join(own.also)})" if own.also else "")


def _fields(words: Sequence[Word]) -> str:
    rows = []
    for word in words:
        if word.sort == "field":
            said = word.meaning + (f" One of {', '.join(word.choices)}." if word.choices else "")
            rows.append((f"`{_path(word)}`", word.unit, said))
    return _table(("field", "unit", "meaning"), rows)


def _path(word: Word) -> str:
    return word.name if word.where == "scenario" else f"{word.where}.{word.name}"


def _measures() -> str:
    rows = [
        (f"`{found.name}`", found.unit, found.title.replace("{horizon}", "the horizon"))
        for found in MEASURES.values()
    ]
    return "Formulas: [measures.md](measures.md).\n\n" + _table(
        ("measure", "unit", "what it is"), rows
    )


def _words(words: Sequence[Word], sort: str) -> str:
    rows = [(f"`{word.name}`", word.meaning) for word in words if word.sort == sort]
    return _table((sort, "meaning"), rows)


def _columns(words: Sequence[Word]) -> str:
    files: dict[str, list[str]] = {}
    about: dict[str, Word] = {}
    for word in words:
        if word.sort == "column":
            files.setdefault(word.name, []).append(word.where.partition(".")[0])
            about.setdefault(word.name, word)
    rows = [
        (f"`{name}`", word.unit, word.meaning, ", ".join(files[name]))
        for name, word in about.items()
    ]
    return _table(("column", "unit", "meaning", "in"), rows)


def _rules(words: Sequence[Word]) -> str:
    rows = []
    for number, word in enumerate(words):
        if word.sort == "rule":
            own = []
            for after in words[number + 1 :]:
                if after.sort != "parameter":
                    break
                own.append(f"`{after.name}`")
            rows.append((f"`{word.name}`", word.where, word.meaning, ", ".join(own), word.source))
    return _table(("rule", "question", "meaning", "parameters", "source"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _names(own: Term, words: Iterable[Word]) -> list[str]:
    """Return the names that a term is part of, each once."""
    listed = [word.name for word in words if word.sort in _LISTED]
    found = [name for name in listed if any(_holds(bare(name), form) for form in own.forms)]
    return list(dict.fromkeys(found))


def _holds(words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    length = len(wanted)
    return any(words[at : at + length] == wanted for at in range(len(words) - length + 1))


def look_up(asked: str) -> str:
    """
    Return all that is known of a word: the term, and the names that are written so.

    Raises
    ------
    UsageError
        When there is no such word; it names the nearest.

    """
    wanted = bare(asked)
    words = vocabulary()
    parts = [_told(own, words) for own in TERMS if wanted in map(bare, (own.name, *own.also))]
    for own in TERMS:
        if wanted in map(bare, own.avoided):
            parts += [
                f"{asked!r} is not a term here; the word is {own.name!r}.\n",
                _told(own, words),
            ]
    if asked in PLAIN:
        parts.append(f"{asked!r} is not used here; write {PLAIN[asked]!r}.\n")
    parts += _listed(word for word in words if bare(word.name) == wanted)
    if not parts:
        raise UsageError(f"the glossary has no word {asked!r}{_nearest(asked, words)}")
    return "\n".join(parts)


def _nearest(asked: str, words: Iterable[Word]) -> str:
    known = {own.name.lower(): own.name for own in TERMS} | {w.name.lower(): w.name for w in words}
    close = get_close_matches(asked.lower(), known, n=3, cutoff=0.7)
    return f"; did you mean {' or '.join(repr(known[name]) for name in close)}?" if close else ""


def _told(own: Term, words: Iterable[Word]) -> str:
    head = own.name + (f" ({', '.join(own.also)})" if own.also else "")
    lines = [
        head + (f"  [{own.unit}]" if own.unit else ""),
        _indented(own.meaning.replace("*", "")),
    ]
    found = _names(own, words)
    more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
    told = (
        ("in names: ", ", ".join(found[:MOST]) + more),
        ("not: ", ", ".join(own.avoided)),
        ("source: ", own.source),
    )
    lines += [_indented(title + text) for title, text in told if text]
    return "\n".join(lines) + "\n"


def _listed(words: Iterable[Word]) -> list[str]:
    """Return each name with its meaning; one that says the same in several places, once."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for word in words:
        key = (f"{word.sort} {word.name}", word.unit, word.meaning)
        places.setdefault(key, []).append(word.where)
    return [
        f"{name}{_of(where)}" + (f"  [{unit}]" if unit else "") + f"\n{_indented(meaning)}\n"
        for (name, unit, meaning), where in places.items()
    ]


def _of(where: Sequence[str]) -> str:
    named = [place for place in where if place]
    return f"  ({', '.join(named)})" if named else ""


def _indented(text: str) -> str:
    return fill(text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
