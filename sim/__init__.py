"""
Simulate volunteer rescue dispatch: what users need, from one place.

>>> import sim
>>> file = sim.read_scenario(sim.find_scenario("first-steps"), {"study.replications": 2})
>>> study = sim.run_study(file)
>>> study.replications
2

Names are imported when first used, so that ``rescuesim --help`` does not wait for numpy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .engine import simulate
    from .errors import ScenarioError, SimError
    from .experiment import Study, read_results, run_study, tabulate
    from .log import KeptLog
    from .outcomes import Observations, compare, summarise
    from .policies import PolicySet, policy_sets
    from .scenario import Scenario, find_scenario, read_scenario, shipped_scenarios
    from .world import World, build

_FROM = {
    "simulate": "engine",
    "ScenarioError": "errors",
    "SimError": "errors",
    "Study": "experiment",
    "read_results": "experiment",
    "run_study": "experiment",
    "tabulate": "experiment",
    "KeptLog": "log",
    "Observations": "outcomes",
    "compare": "outcomes",
    "summarise": "outcomes",
    "PolicySet": "policies",
    "policy_sets": "policies",
    "Scenario": "scenario",
    "find_scenario": "scenario",
    "read_scenario": "scenario",
    "shipped_scenarios": "scenario",
    "World": "world",
    "build": "world",
}

__all__ = [
    "KeptLog",
    "Observations",
    "PolicySet",
    "Scenario",
    "ScenarioError",
    "SimError",
    "Study",
    "World",
    "build",
    "compare",
    "find_scenario",
    "policy_sets",
    "read_results",
    "read_scenario",
    "run_study",
    "shipped_scenarios",
    "simulate",
    "summarise",
    "tabulate",
]


def __getattr__(name: str) -> Any:
    if name not in _FROM:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(f"sim.{_FROM[name]}"), name)
