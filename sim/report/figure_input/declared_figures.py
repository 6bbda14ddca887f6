"""
Which figures there are: those that the modules of this folder declare, read and not run.

A module of numbers loads numpy and matplotlib, for which nobody who looks up a word should wait.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

_DECLARED = re.compile(r"^@(figure_kind\(.*?\))\ndef (\w+)", re.MULTILINE | re.DOTALL)


class DeclaredFigure(NamedTuple):
    """A figure's declaration, and the module and function that it stands in."""

    place: int
    name: str
    meaning: str
    module: str
    function: str


def declared_figures() -> list[DeclaredFigure]:
    """Return the figures that the modules of this folder declare, in the order of their places."""
    folders = import_module(__package__).__path__
    paths = (path for folder in folders for path in sorted(Path(folder).glob("*.py")))
    return sorted(own for path in paths for own in _of(path))


def _of(path: Path) -> Iterator[DeclaredFigure]:
    """Yield the figures that one module declares; of its text no more is parsed than that."""
    for declaration, function in _DECLARED.findall(path.read_text(encoding="utf-8")):
        (call,) = ast.parse(declaration).body
        assert isinstance(call, ast.Expr), declaration
        assert isinstance(call.value, ast.Call), declaration
        name, meaning = map(ast.literal_eval, call.value.args)
        (place,) = (ast.literal_eval(own.value) for own in call.value.keywords)
        yield DeclaredFigure(place, name, meaning, path.stem, function)
