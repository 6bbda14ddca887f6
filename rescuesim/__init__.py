"""
Simulate volunteer rescue dispatch, and compare staffing and routing rules.

>>> import rescuesim
>>> found = rescuesim.compare("first-steps", replications=2)
>>> found.study.replications
2

`load` reads a scenario, `compare` runs its policies and returns a `ComparisonResult`. All names
come from the package `sim`, which is installed with this one. They are imported when first used, so
that `import rescuesim` is fast.
"""

from __future__ import annotations

from importlib.util import find_spec as _find_spec
from pathlib import Path as _Path
from typing import TYPE_CHECKING, Any

_OURS = _Path(__file__).resolve().parent.parent / "sim" / "__init__.py"
_found = _find_spec("sim")
if _found is None or _found.origin is None or _Path(_found.origin).resolve() != _OURS:
    raise ImportError(
        f"rescuesim needs its own package 'sim', and {_found.origin if _found else 'nothing'} "
        "is found under that name; rename that file or folder, or start Python elsewhere"
    )

from sim import __all__ as __all__  # noqa: E402
from sim import public_name as _public_name  # noqa: E402

if TYPE_CHECKING:
    from sim import *  # noqa: F403

    __version__: str


def __getattr__(name: str) -> Any:
    return _public_name(name, "rescuesim")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
