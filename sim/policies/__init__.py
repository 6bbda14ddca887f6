"""
Policies: who goes, who is served next, where free teams wait, where people are taken, by which
road, and who is called in.

Each is a small frozen dataclass whose fields are its parameters and whose call is the decision.
They see need, place and time, and nothing else. Imports neither numpy nor SimPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.names_on_demand import names_from

if TYPE_CHECKING:
    from .policy_set import PolicySet
    from .registry import LIBRARY, Parameter, parameters, policy_sets
    from .rule_basis.board import (
        CalloutView,
        Forecast,
        FutureCallout,
        HospitalLoad,
        LocalTime,
        StatusBoard,
    )
    from .rule_basis.caching import cached_on_map
    from .rule_basis.views import (
        Atlas,
        Decision,
        DispatchView,
        FleetView,
        FreeTeamView,
        HospitalView,
        QueueView,
        ReassignmentView,
        Road,
        StaffingView,
    )
    from .without_effect import warn_without_effect
    from .written_rules import read_with_rules

__getattr__ = names_from(__name__, __file__)

__all__ = [
    "LIBRARY",
    "Atlas",
    "CalloutView",
    "Decision",
    "DispatchView",
    "FleetView",
    "Forecast",
    "FreeTeamView",
    "FutureCallout",
    "HospitalLoad",
    "HospitalView",
    "LocalTime",
    "Parameter",
    "PolicySet",
    "QueueView",
    "ReassignmentView",
    "Road",
    "StaffingView",
    "StatusBoard",
    "cached_on_map",
    "parameters",
    "policy_sets",
    "read_with_rules",
    "warn_without_effect",
]
