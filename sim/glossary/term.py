"""One term of the field, as the glossary has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Term:
    """
    A word or phrase of the field and the one thing it means here.

    ``also`` are abbreviations and names under which the literature knows it, ``named`` the forms it
    has in names of fields and columns.
    ``not_said`` are phrases that no text for users has in its place. ``not_named`` are names of
    fields, columns, measures and events that it replaces; as plain words they may occur in a text.
    """

    name: str
    meaning: str
    unit: str = ""
    source: str = ""
    also: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    not_said: tuple[str, ...] = ()
    not_named: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[tuple[str, ...], ...]:
        """The words of the term, and of each other form it has."""
        return tuple(bare(form) for form in (self.name, *self.also, *self.named))

    @property
    def avoided(self) -> tuple[str, ...]:
        """All that is not said in its place, each once, whatever its number or hyphens."""
        return tuple(
            {bare(phrase): phrase for phrase in (*self.not_named, *self.not_said)}.values()
        )


def term(
    name: str,
    meaning: str,
    unit: str = "",
    *,
    source: str = "",
    also: str = "",
    named: str = "",
    not_said: str = "",
    not_named: str = "",
) -> Term:
    """
    Return a term; of several words that are not said, each ends at a semicolon.

    Examples
    --------
    >>> term("roster", "Who is on duty when.", not_said="duty list; list of duties").avoided
    ('duty list', 'list of duties')
    """
    lists = map(_listed, (also, named, not_said, not_named))
    return Term(name, meaning, unit, source, *lists)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


@cache
def bare(text: str) -> tuple[str, ...]:
    """Return the words of a name or phrase: in lower case, each in the singular."""
    return tuple(singular(word) for word in re.findall(r"[a-z]+|[0-9]+", text.lower()))


def singular(word: str) -> str:
    """
    Return a word without the ending of a plural.

    Examples
    --------
    >>> singular("callouts"), singular("bodies"), singular("cross"), singular("bus")
    ('callout', 'body', 'cross', 'bus')
    """
    if len(word) < 4 or word.endswith(("ss", "us", "is", "ways")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") else word
