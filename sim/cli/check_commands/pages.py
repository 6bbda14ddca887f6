"""Pages that studies write of themselves: numbers for people, tables in Markdown, whole files."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sim.errors import ResultsError
from sim.whole_file import whole_file

Row = TypeVar("Row", bound=NamedTuple)
MINUS = "\N{MINUS SIGN}"


def as_written(row: Row) -> Row:
    """Return a row with its numbers as CSV has them, so that page and tables never differ."""
    written: dict[str, Any] = {
        name: float(f"{value:.6g}")
        for name, value in row._asdict().items()
        if isinstance(value, float)
    }
    return row._replace(**written)


def write(place: Path, texts: dict[str, str]) -> None:
    """
    Write files into a folder, each atomically.

    Raises
    ------
    ResultsError
        When they cannot be written.

    """
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            with whole_file(place / name) as partial:
                partial.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ResultsError(f"cannot write results to {place}: {error.strerror}") from error


def within(value: float, low: float, high: float, digits: int, sign: str = "") -> str:
    """Return an estimate and its interval in brackets."""
    ends = f"{number(low, digits, sign)}, {number(high, digits, sign)}"
    return f"{number(value, digits, sign)} [{ends}]"


def number(value: float, digits: int, sign: str = "") -> str:
    """Return a number for people; with ``sign`` "+", rises are marked, too."""
    if not math.isfinite(value):
        return "?"
    return f"{value:{sign}.{digits}f}".replace("-", MINUS)


def markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
