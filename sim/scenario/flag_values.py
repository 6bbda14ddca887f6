"""Values that flags give to something that stands in no scenario, and where they were written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import Diagnostic, ScenarioError

from .diagnostics.findings import spot_of
from .overlays import lay_flags
from .text.source import FLAG, Node, Position, Source, UnreadableError


@dataclass(frozen=True)
class FlagValues:
    """Values by name, each read as it would be in a scenario's file."""

    tree: Node

    def plain(self) -> Any:
        """Return the values as plain data."""
        return self.tree.plain()

    def diagnostic(
        self, loc: Sequence[object], message: str, help: str = "", on_key: bool = False
    ) -> Diagnostic:
        """Return an error at a path of the values."""
        spot, known = spot_of(self.tree, loc, on_key)
        return spot.diagnostic(message, help, ".".join(map(str, known)))


def given(values: Mapping[str, str]) -> FlagValues:
    """
    Return the values of flags, as in ``{"reserve": "{2: 1}"}``.

    Raises
    ------
    ScenarioError
        With an error for each that cannot be read.

    """
    written = ", ".join(f"{name}={value}" for name, value in values.items())
    empty = Node({}, Position(Source(FLAG, written), 0, 0, max(len(written), 1)))
    try:
        return FlagValues(
            lay_flags(empty, {(name,): text for name, text in values.items()}, Path())
        )
    except UnreadableError as error:
        raise ScenarioError(list(error.diagnostics)) from None
