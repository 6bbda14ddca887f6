"""
A scenario as written, asked for what stands at a path.

Checks across fields ask it and not the finished model, which is there only if nothing is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sim import units

from ..diagnostics.findings import Findings
from ..text.source import Node

Keys = list[str] | None
T = TypeVar("T")


class ScenarioQuery:
    """Looks at a scenario as written; what is missing or wrong in itself reads as nothing."""

    def __init__(self, findings: Findings, places: Keys) -> None:
        self.findings, self.tree, self.places = findings, findings.tree, places

    def parts(self, *loc: str | int) -> dict[str, Node]:
        """Return the mapping at a path; empty where there is none."""
        node = self.tree.at(loc)
        return node.value if node is not None and isinstance(node.value, dict) else {}

    def keys(self, *loc: str | int) -> Keys:
        """Return the names given at a path; None where an error hides them."""
        node = self.tree.at(loc)
        return list(node.value) if node is not None and isinstance(node.value, dict) else None

    def names(self, *loc: str | int) -> Keys:
        """Return the names given at a path, none if nothing is; None where an error hides them."""
        node = self.tree.at(loc)
        return [] if node is None or node.value is None else self.keys(*loc)

    def value(self, *loc: str | int) -> Any:
        """Return the scalar at a path; None where there is none."""
        node = self.tree.at(loc)
        return None if node is None or isinstance(node.value, (dict, list)) else node.value

    def clash(self, loc: tuple[str, ...], keys: Sequence[str]) -> tuple[tuple[str, ...], str]:
        """
        Return where to tell that only one of some keys may be given, and how to mend it.

        That is where an overlay gives one next to its base's, for the base may be ours.
        """
        nodes = self.parts(*loc)
        *before, last = [key for key in nodes if key in keys]  # an overlay's come last
        written = nodes[last].spot.source
        theirs = [key for key in before if nodes[key].spot.source is not written]
        if not theirs:
            return loc, f"remove {'one of the two' if len(keys) == 2 else 'all but one'}"
        gives, null = nodes[theirs[0]].spot.source.name, ", ".join(f"{key}: null" for key in theirs)
        return (*loc, last), f"write {null} next to it to take away what {gives} gives"

    def whole(self, *loc: str | int) -> int | None:
        """Return the whole number at a path; None where there is none."""
        value = self.value(*loc)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def is_given(self, *loc: str | int) -> bool:
        """Return whether anything is written at a path; an empty list is nothing."""
        node = self.tree.at(loc)
        return node is not None and node.value not in (None, [], {})

    def is_yes(self, *loc: str | int) -> bool:
        """Return whether yes is written at a path."""
        value = self.value(*loc)
        return value is True or (isinstance(value, str) and value.lower() == "yes")

    def items(self, *loc: str | int) -> list[Any]:
        """Return the scalars of the list at a path."""
        node = self.tree.at(loc)
        if node is None or not isinstance(node.value, list):
            return []
        return [n.value for n in node.value]

    def words(self, *loc: str | int) -> list[str]:
        """Return the names in the list at a path."""
        return [item for item in self.items(*loc) if isinstance(item, str)]

    def read(self, reader: Callable[[Any], T], *loc: str | int) -> T | None:
        """Return the quantity at a path; None where there is none or it is wrong."""
        node = self.tree.at(loc)
        if node is None or isinstance(node.value, (dict, list)):
            return None
        try:
            return reader(node.value)
        except units.QuantityError:
            return None
