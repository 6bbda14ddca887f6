"""
Text that remembers how it was put together, so that it can be said in another language.

A phrase is an ordinary string in English. Its template and parts are kept with it: a translation
needs the sentence, not its characters, and names in it must not be taken for words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

from .words import clean


class ProperName(str):
    """A name of a scenario's author: an alternative, a place, a kind. It is not translated."""

    __slots__ = ()


class Phrase(str):
    """A text made from a template; ``parts`` are what was put into it, by name."""

    template: str
    parts: Mapping[str, str]


def phrase(template: str, **parts: str) -> Phrase:
    """
    Return a text put together from a template.

    Examples
    --------
    >>> told = phrase("{name} stays the best.", name=named("today"))
    >>> print(told, told.template, sep=" / ")
    today stays the best. / {name} stays the best.

    """
    told = Phrase(template.format(**parts))
    told.template, told.parts = template, parts
    return told


def named(name: str) -> ProperName:
    """Return a name as it is printed, without control characters."""
    return ProperName(clean(name))


def in_turn(words: Sequence[str], template: str = "{first}, {next}") -> str:
    """
    Return texts one after the other.

    Examples
    --------
    >>> print(in_turn(["a", "b", "c"]))
    a, b, c

    """
    return reduce(lambda first, following: phrase(template, first=first, next=following), words)
