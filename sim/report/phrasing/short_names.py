"""Names where there is little room: cut, and still told apart."""

from __future__ import annotations

from collections.abc import Sequence

_NUMBER = 4  # characters that a number behind a name takes, as " (1)"


def cut_in_middle(line: str, most: int) -> str:
    """Return a line of at most ``most`` characters, cut in its middle: many differ at the end."""
    if len(line) <= most:
        return line
    end = (most - 1) // 2
    return f"{line[: most - 1 - end].rstrip()}…{line[len(line) - end :].lstrip()}"


def numbered(names: Sequence[str], cut: Sequence[str]) -> list[str]:
    """Return ``cut``, with "(1)", "(2)" after what stands for more than one of the names."""
    known: dict[str, list[str]] = {}
    for name, own in zip(names, cut, strict=True):
        alike = known.setdefault(own, [])
        if name not in alike:
            alike.append(name)
    return [
        own if len(known[own]) == 1 else f"{own} ({known[own].index(name) + 1})"
        for name, own in zip(names, cut, strict=True)
    ]


def told_apart(names: Sequence[str], most: int) -> list[str]:
    """Return names of about ``most`` characters, no two that differ alike."""
    cut = [cut_in_middle(name, most) for name in names]
    if len({*cut}) == len({*names}):
        return cut
    return numbered(names, [cut_in_middle(name, most - _NUMBER) for name in names])
