"""
The scenario: what people write, read with positions and checked across fields.

``read_scenario`` is the door: it returns a ``ScenarioFile`` or raises a ``ScenarioError`` that
holds every mistake at its place. May use units and errors; imports neither numpy nor anything
that simulates.
"""

from __future__ import annotations

from .coastline import Line
from .crews import OnCall, Reserve, Vehicle, Volunteers
from .files import InputFile
from .given import Given, given
from .messages import render
from .models import (
    Alternative,
    Base,
    Clock,
    Demand,
    DispatchCentre,
    Distribution,
    Kind,
    ListedCallout,
    Map,
    Margin,
    Place,
    Replications,
    Roads,
    Rule,
    Scenario,
    Shift,
    Speed,
    Study,
    Survival,
    Target,
    Team,
)
from .quantities import Pace, Precision, Roster
from .reading import ScenarioFile, read_scenario
from .rows import HospitalRow, ListedRow, PlaceRow, RoadEdge, RoadNode
from .schema import MODELINE, scenario_schema
from .shipped import find_scenario, shipped_scenarios
from .variants import Setting, Variant, variants

__all__ = [
    "MODELINE",
    "Alternative",
    "Base",
    "Clock",
    "Demand",
    "DispatchCentre",
    "Distribution",
    "Given",
    "HospitalRow",
    "InputFile",
    "Kind",
    "Line",
    "ListedCallout",
    "ListedRow",
    "Map",
    "Margin",
    "OnCall",
    "Pace",
    "Place",
    "PlaceRow",
    "Precision",
    "Replications",
    "Reserve",
    "RoadEdge",
    "RoadNode",
    "Roads",
    "Roster",
    "Rule",
    "Scenario",
    "ScenarioFile",
    "Setting",
    "Shift",
    "Speed",
    "Study",
    "Survival",
    "Target",
    "Team",
    "Variant",
    "Vehicle",
    "Volunteers",
    "find_scenario",
    "given",
    "read_scenario",
    "render",
    "scenario_schema",
    "shipped_scenarios",
    "variants",
]
