"""Columns of whole numbers as the page's script reads them: small, and the same on every run."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Generic, TypeVar

Entry = TypeVar("Entry", bound=Hashable)

MS_PER_SECOND = 1000
DECIMALS = 5  # of a degree, in the table of drives and here: about a metre
SCALE = 10**DECIMALS


class Numbered(Generic[Entry]):
    """Numbers things in the order in which they are first met; alternatives share the numbers."""

    def __init__(self) -> None:
        self.numbers: dict[Entry, int] = {}

    def number(self, entry: Entry) -> int:
        """Return the number of something, a new one where it has none."""
        return self.numbers.setdefault(entry, len(self.numbers))

    @property
    def entries(self) -> list[Entry]:
        """All that was numbered, in the order of the numbers."""
        return list(self.numbers)


def seconds(ms: int) -> int:
    """Return an instant in whole seconds, rounded down so that the order of instants stays."""
    return ms // MS_PER_SECOND


def after(at: int | None, begin: int) -> int:
    """Return how many whole seconds after another an instant is, plus 1; 0 where it is not."""
    return 0 if at is None else seconds(at) - seconds(begin) + 1


def differences(values: Iterable[int]) -> list[int]:
    """Return each value less the one before, the first less 0: they rise, so these are small."""
    found, last = [], 0
    for value in values:
        found.append(value - last)
        last = value
    return found


def transposed(rows: Sequence[Sequence[int]], width: int) -> list[list[int]]:
    """Return rows as columns, ``width`` of them also where there is no row."""
    return [[row[i] for row in rows] for i in range(width)]


def packed(content: Any) -> str:
    """Return what `unpacked` in the page's script takes: JSON, gzip without a date, base64."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode("ascii")
