"""
Simulate volunteer rescue dispatch: the package's documented name.

>>> import rescuesim
>>> found = rescuesim.compare("first-steps", replications=2)
>>> found.study.replications
2

Everything here is that of the package `sim`, which stands next to this one. Names are imported when
first used, so that nobody waits for numpy who does not need it.
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
