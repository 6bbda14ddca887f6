"""
Public names of a package, each imported from its module when it is first asked for.

A process that runs replications, or a command, so loads no more of a stage than it needs.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


def names_from(package: str, path: str) -> Callable[[str], Any]:
    """
    Return a package's ``__getattr__``.

    Which name is in which module is read from what the package imports ``if TYPE_CHECKING``, so
    that it is said once, where type checkers look.

    Parameters
    ----------
    package
        Its name.
    path
        Its ``__file__``.

    """
    module_of = dict(_imported_for_types(ast.parse(Path(path).read_text(encoding="utf-8"))))

    def public_name(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{module_of[name]}"), name)
        setattr(sys.modules[package], name, value)  # not asked for again
        return value

    return public_name


def _imported_for_types(tree: ast.Module) -> list[tuple[str, str]]:
    """Return names and their modules, as from within the package."""
    blocks = [node for node in tree.body if isinstance(node, ast.If)]
    return [
        (name.name, statement.module or "")
        for block in blocks
        if ast.unparse(block.test) == "TYPE_CHECKING"
        for statement in block.body
        if isinstance(statement, ast.ImportFrom) and statement.level == 1
        for name in statement.names
    ]


__all__ = ["names_from"]
