"""
Public names of a package, each imported from its module when it is first asked for.

A process that runs replications, or a command, so loads no more of a stage than it needs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


def names_from(package: str, modules: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """
    Return a package's ``__getattr__``.

    Parameters
    ----------
    package
        Its name.
    modules
        Its modules, as from within it, each with the names that it is asked for.

    """
    module_of = {name: module for module, names in modules.items() for name in names}

    def public_name(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{module_of[name]}"), name)
        setattr(sys.modules[package], name, value)  # not asked for again
        return value

    return public_name


__all__ = ["names_from"]
