"""An error shown as ``file:line:column``, the line, a caret, and what would be right."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from sim.errors import Diagnostic
from sim.units import safe

WINDOW = 96  # columns of the quoted line that are shown


def render(diagnostic: Diagnostic) -> str:
    """
    Return an error as text for a terminal, several lines long.

    Control characters and marks that turn the direction of text are written out, so that a file
    from a stranger cannot make a message say something else than what is there.
    """
    grade = "warning" if diagnostic.warning else "error"
    place = [diagnostic.file] if diagnostic.file else []
    if diagnostic.line:
        place += [str(diagnostic.line), str(diagnostic.column)]
    said = f"{diagnostic.where}: {diagnostic.message}" if diagnostic.where else diagnostic.message
    head = ":".join(place) + ": " if place else ""
    lines = [safe(f"{head}{grade}: {said}")]
    if diagnostic.line and diagnostic.text.strip():
        quoted, caret = _quoted(diagnostic)
        gutter = f"{diagnostic.line:>6} | "
        lines += [gutter + quoted, " " * (len(gutter) - 2) + "| " + caret]
    if diagnostic.help:
        lines.append(safe(f"  help: {diagnostic.help}"))
    return "\n".join(lines)


def _columns(shown: str) -> int:
    """Return how many columns of a terminal the text takes."""
    return sum(
        0
        if unicodedata.combining(c) or c in "\u200c\u200d"
        else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in shown
    )


def _quoted(diagnostic: Diagnostic) -> tuple[str, str]:
    """Return the line, cut around the caret where it is long, and the caret under it."""
    begin = min(max(diagnostic.column - 1, 0), len(diagnostic.text))
    end = min(begin + max(diagnostic.width, 1), len(diagnostic.text))
    fits = end <= WINDOW and _columns(safe(diagnostic.text[:end])) <= WINDOW
    first, before = (0, "") if fits else (max(0, begin - WINDOW // 3), "...")
    cells = [safe(c) for c in diagnostic.text[first : first + WINDOW]]
    shown: list[str] = []
    used = len(before)
    for cell in cells:
        used += _columns(cell)
        if used > WINDOW:
            break
        shown.append(cell)
    last = first + len(shown)
    after = "..." if last < len(diagnostic.text) else ""
    indent = len(before) + _columns("".join(cells[: begin - first]))
    width = max(1, _columns("".join(cells[begin - first : min(end, last) - first])))
    return before + "".join(shown) + after, " " * indent + "^" * width


def nearest(word: str, known: Iterable[str], what: str = "") -> str:
    """
    Return a hint: the nearest of the known names, and what names there are.

    ``what`` names the known ("bases"); without it only the nearest name is given.
    """
    names = [k for _, k in zip(range(1000), known, strict=False)]
    folded = {n.casefold(): n for n in names}
    close = get_close_matches(word.casefold()[:100], folded, n=1)
    hint = f"did you mean '{folded[close[0]]}'?" if close else ""
    if not what:
        return hint
    listed = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
    return "   ".join(part for part in (hint, f"{what}: {listed or 'none'}") if part)


def join(words: Sequence[str], last: str = "and") -> str:
    """Return words as a phrase: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def enumerated(words: Sequence[str], most: int = 12) -> str:
    """Return words as a phrase, cut short where they are many or long."""
    few = [word if len(word) <= 60 else f"{word[:57]}..." for word in words[:most]]
    return join(few) if len(words) <= most else ", ".join([*few, "..."])
