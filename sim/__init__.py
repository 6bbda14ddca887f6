"""
Simulate volunteer rescue dispatch: what users need, from one place; `rescuesim` is its name.

>>> import sim
>>> found = sim.compare("first-steps", replications=2)
>>> found.study.replications
2

Names are imported when first used, so that ``rescuesim --help`` does not wait for numpy.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .names_on_demand import names_from

if TYPE_CHECKING:
    from .api import (
        ComparisonResult,
        Figure,
        FittedScenario,
        compare,
        fit,
        load,
        validate,
        write_page,
    )  # fmt: skip
    from .engine import simulate
    from .errors import ScenarioError, SimError
    from .experiment import Study, Table, design_of, read_results, run_study, tabulate
    from .log import KeptLog
    from .outcomes import Observations, Sample, summarise
    from .policies import PolicySet, policy_sets
    from .scenario import Scenario, find_scenario, read_scenario, shipped_scenarios
    from .world import World, build

_imported = names_from(__name__, __file__)

__all__ = [
    "ComparisonResult",
    "Figure",
    "FittedScenario",
    "KeptLog",
    "Observations",
    "PolicySet",
    "Sample",
    "Scenario",
    "ScenarioError",
    "SimError",
    "Study",
    "Table",
    "World",
    "build",
    "compare",
    "design_of",
    "find_scenario",
    "fit",
    "load",
    "policy_sets",
    "read_results",
    "read_scenario",
    "run_study",
    "shipped_scenarios",
    "simulate",
    "summarise",
    "tabulate",
    "validate",
    "write_page",
]


def __getattr__(name: str) -> Any:
    return public_name(name, "sim")


def public_name(name: str, package: str) -> Any:
    """Return a public name, imported when it is first asked for."""
    if name == "__version__":
        return import_module("importlib.metadata").version("rescuesim")
    if name not in __all__:
        close = get_close_matches(name, __all__, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise AttributeError(f"module {package!r} has no attribute {name!r}{hint}")
    return _imported(name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
