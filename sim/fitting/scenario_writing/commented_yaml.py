"""YAML line by line, with comments: what stands at the end of a line, or above it if it is long."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from sim import units
from sim.scenario.text.yaml_writing import WIDTH, flow


class CommentedYaml:
    """
    Lines of YAML with comments.

    Comments are one line of printable characters each: a name from a record cannot end one.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []

    def comment(self, text: str, depth: int = 0) -> None:
        """Write a comment on lines of its own."""
        pad = "  " * depth
        said = " ".join(units.printable(text).split())
        for line in wrap(said, WIDTH - len(pad), break_long_words=False) or [""]:
            self.lines.append(f"{pad}# {line}".rstrip())

    def blank(self) -> None:
        """Write an empty line."""
        self.lines.append("")

    def entry(self, key: str, value: Any, note: str = "", depth: int = 0) -> None:
        """Write a key with its value on one line, and what is to be said of it."""
        self._line(f"{flow(str(key))}: {flow(value)}", note, depth)

    def section(self, key: str, note: str = "", depth: int = 0) -> None:
        """Write a key whose value follows, one level deeper."""
        self._line(f"{flow(str(key))}:", note, depth)

    def items(self, key: str, values: Sequence[Any], notes: Sequence[str], depth: int) -> None:
        """Write a list below a key, a line an item, each with its comment."""
        self.section(key, depth=depth)
        for value, note in zip(values, notes, strict=True):
            self._line(f"- {flow(value)}", note, depth + 1)

    def _line(self, text: str, note: str, depth: int) -> None:
        line = "  " * depth + text
        said = " ".join(units.printable(note).split())
        if said and len(line) + len(said) + 4 > WIDTH:
            self.comment(said, depth)
            said = ""
        self.lines.append(f"{line}  # {said}" if said else line)

    def text(self) -> str:
        """Return all lines."""
        return "\n".join(self.lines) + "\n"
