"""
Policies: who goes, who is served next, where free teams wait, where people are taken.

Each is a small frozen dataclass whose fields are its parameters and whose call is the decision.
They see need, place and time, and nothing else. Imports neither numpy nor SimPy.
"""

from __future__ import annotations

from .library import LIBRARY, Parameter, parameters, policy_sets
from .views import (
    Atlas,
    CalloutView,
    Decision,
    DeskView,
    FreeTeamView,
    HospitalView,
    PolicySet,
)

__all__ = [
    "LIBRARY",
    "Atlas",
    "CalloutView",
    "Decision",
    "DeskView",
    "FreeTeamView",
    "HospitalView",
    "Parameter",
    "PolicySet",
    "parameters",
    "policy_sets",
]
