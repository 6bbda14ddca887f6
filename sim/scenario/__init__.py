"""
The scenario: what people write, read with positions and checked across fields.

``read_scenario`` is the door: it returns a ``ScenarioFile`` or raises a ``ScenarioError`` that
holds every error at its place. May use units and errors; imports nothing that simulates, and
SciPy only where a road network is read (`components`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.names_on_demand import names_from

if TYPE_CHECKING:
    from .diagnostics.diagnostic import render
    from .diagnostics.findings import in_order
    from .duty_hours.crew_requirements import CrewRequirement, crew_requirement, crew_requirements
    from .fields.crews import OnCall, Reserve, VehicleEntry, Volunteers
    from .fields.models import (
        AlternativeEntry,
        Base,
        ClockSection,
        DemandSection,
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
        StudySection,
        Survival,
        Target,
        TeamEntry,
    )
    from .fields.quantities import Precision, RoadSpeed, Roster
    from .fields.schema import MODELINE, scenario_schema
    from .flag_values import FlagValues, given
    from .reading import ScenarioFile, read_scenario, scenario_as_written
    from .tables.coastline import Line
    from .tables.table_rows import HospitalRow, ListedRow, PlaceRow, RoadEdge, RoadNode
    from .text.files import InputFile
    from .text.shipped import find_scenario, shipped_scenarios
    from .varying import Setting, Variant, variants, with_tables_of

__getattr__ = names_from(__name__, __file__)

__all__ = [
    "MODELINE",
    "AlternativeEntry",
    "Base",
    "ClockSection",
    "CrewRequirement",
    "DemandSection",
    "DispatchCentre",
    "Distribution",
    "FlagValues",
    "HospitalRow",
    "InputFile",
    "Kind",
    "Line",
    "ListedCallout",
    "ListedRow",
    "Map",
    "Margin",
    "OnCall",
    "Place",
    "PlaceRow",
    "Precision",
    "Replications",
    "Reserve",
    "RoadEdge",
    "RoadNode",
    "RoadSpeed",
    "Roads",
    "Roster",
    "Rule",
    "Scenario",
    "ScenarioFile",
    "Setting",
    "Shift",
    "Speed",
    "StudySection",
    "Survival",
    "Target",
    "TeamEntry",
    "Variant",
    "VehicleEntry",
    "Volunteers",
    "crew_requirement",
    "crew_requirements",
    "find_scenario",
    "given",
    "in_order",
    "read_scenario",
    "render",
    "scenario_as_written",
    "scenario_schema",
    "shipped_scenarios",
    "variants",
    "with_tables_of",
]
