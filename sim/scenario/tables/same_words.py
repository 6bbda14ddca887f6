"""Words of a record that differ only in case, accents or white space, and are meant as one."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

# What empty cells, and words too rare to stand on their own, are called where a record is fitted;
# a scenario with one of these takes what a record calls by another name.
NOT_RECORDED, OTHER_KINDS, OTHER_PLACES = "not recorded", "other kinds", "other places"


@lru_cache(maxsize=100_000)
def folded(word: str) -> str:
    """Return a word without case, accents and doubled white space, to compare it by."""
    bare = (c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return " ".join("".join(bare).casefold().split())


class Joined(NamedTuple):
    """Spellings that are read as one word, each with how often it stands in the record."""

    word: str
    spellings: Mapping[str, int]

    def told(self) -> str:
        """Return what was joined, as people say it."""
        others = ", ".join(f"'{w}' ({n})" for w, n in self.spellings.items() if w != self.word)
        return f"{others} as '{self.word}'"


def join_words(
    words: Iterable[str], known: Collection[str] = ()
) -> tuple[dict[str, str], list[Joined]]:
    """
    Return the word that each is read as, where that is another, and what was joined.

    Parameters
    ----------
    words
        Cells of a column, each as often as it is there.
    known
        Words that mean something: one of them is always itself, and others that differ from just
        one of them in nothing else are read as it. Else the most frequent spelling is taken.

    """
    counts = Counter(words)
    groups: dict[str, list[str]] = {}
    for word in counts:
        if word:
            groups.setdefault(folded(word), []).append(word)
    meant: dict[str, list[str]] = {}
    for word in known:
        meant.setdefault(folded(word), []).append(word)
    read_as: dict[str, str] = {}
    joined = []
    for key, spellings in groups.items():
        own = meant.get(key, [])
        if len(own) > 1 or (len(spellings) == 1 and own in ([], spellings)):
            continue
        word = own[0] if own else max(spellings, key=lambda w: counts[w])
        others = {w: word for w in spellings if w != word}
        if others:
            read_as |= others
            joined.append(Joined(word, {w: counts[w] for w in spellings}))
    return read_as, joined
