"""The errors found in a scenario so far, each reported at the line where it was written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sim.errors import Diagnostic

from ..text.source import MAX_DIAGNOSTICS, Loc, Node, Position
from .diagnostic import nearest


def spot_of(tree: Node, loc: Sequence[object], on_key: bool = False) -> tuple[Position, Loc]:
    """
    Return where a path is written, and the path without what the tree does not know.

    A mapping or list is shown at its key, a scalar at itself. Where the path leads to what is not
    written (a missing key), the longest part that is written is shown.
    """
    node = tree
    known: list[str | int] = []
    for step in loc:
        child = node.child(step) if isinstance(step, (str, int)) else None
        if child is None:
            break
        node = child
        known.append(step if isinstance(step, int) else str(step))
    composed = isinstance(node.value, (dict, list))
    at_key = node.key is not None and (on_key or composed or node.value is None)
    return (node.key if at_key and node.key is not None else node.spot), tuple(known)


MAX_KEPT = 100  # enough to show the first twenty in the order of the file; the rest are counted


class Findings:
    """Collects errors and warnings; the first twenty in the order of the file are shown."""

    def __init__(self, tree: Node) -> None:
        self.tree = tree
        self.diagnostics: list[Diagnostic] = []
        self.warnings: list[Diagnostic] = []
        self.uncounted = 0

    @property
    def full(self) -> bool:
        """Whether there is no room for another error."""
        return len(self.diagnostics) >= MAX_KEPT

    @property
    def count(self) -> int:
        """How many errors there are."""
        return len(self.diagnostics) + self.uncounted

    def add(self, diagnostic: Diagnostic) -> None:
        """Note an error that has its place already, unless it was noted before."""
        if self.full:
            self.uncounted += 1
        elif diagnostic not in self.diagnostics:
            self.diagnostics.append(diagnostic)

    def error(
        self, loc: Sequence[object], message: str, help: str = "", on_key: bool = False
    ) -> None:
        """Note an error at a path of the scenario; ``on_key``: the key is wrong, not its value."""
        if self.full:
            self.uncounted += 1
            return
        spot, known = spot_of(self.tree, loc, on_key)
        self.add(spot.diagnostic(message, help, ".".join(map(str, known))))

    def unknown_key(self, loc: Sequence[object], help: str) -> None:
        """Note a key that means nothing in its mapping."""
        spot, _ = spot_of(self.tree, loc, on_key=True)
        self.add(spot.diagnostic(f"unknown key '{loc[-1]}'", help, ".".join(map(str, loc[:-1]))))

    def unknown(
        self,
        loc: Sequence[object],
        what: str,
        name: str,
        known: Iterable[str],
        on_key: bool = False,
    ) -> None:
        """Note that a name refers to nothing, with the nearest that there is."""
        if self.full:  # looking for the nearest name of many is slow
            self.uncounted += 1
            return
        hint = nearest(name, known, f"{what}s here")
        self.error(loc, f"no {what} is called '{name}'", hint, on_key)

    def is_written_in(self, loc: Sequence[object], source: str) -> bool:
        """Return whether the value at a path is written in a source of this name, as a flag."""
        spot, known = spot_of(self.tree, loc)
        return len(known) == len(loc) and spot.source.name == source

    def warn(self, loc: Sequence[object], message: str, help: str = "") -> None:
        """Note something that can be meant, but seldom is."""
        spot, known = spot_of(self.tree, loc)
        self.warnings.append(
            spot.diagnostic(message, help, ".".join(map(str, known)), warning=True)
        )

    def in_order(self) -> list[Diagnostic]:
        """Return the errors file by file and line by line, and how many more there are."""
        ordered = _sorted(self.diagnostics)
        rest = len(ordered[MAX_DIAGNOSTICS:]) + self.uncounted
        more = f"{rest} more error{'s are' if rest > 1 else ' is'} not shown; fix these first"
        return ordered[:MAX_DIAGNOSTICS] + ([Diagnostic(more)] if rest else [])


def in_order(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return errors found in several passes as of one; how many more there are stays the last."""
    placed = [m for m in diagnostics if m.file]
    return [*_sorted(dict.fromkeys(placed)), *(m for m in diagnostics if not m.file)]


def _sorted(diagnostics: Collection[Diagnostic]) -> list[Diagnostic]:
    files = list(dict.fromkeys(m.file for m in diagnostics))
    return sorted(diagnostics, key=lambda m: (files.index(m.file), m.line, m.column))
