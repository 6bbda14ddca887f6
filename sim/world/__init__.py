"""
The world of a scenario: places and ways, callouts, teams and hospitals.

Built once from a scenario file and shared by every policy and replication; it holds no state of
a run. May use scenario, marks and log; knows neither policies nor SimPy.
"""

from __future__ import annotations

from sim.log import NO_ACCESS
from sim.scenario.duty_hours.rosters import Interval
from sim.scenario.duty_hours.windows import RunWindow

from .arrivals.demand import Callout, Complications, Demand, Marks
from .drives import DriveDraws
from .resources.draws import Draws
from .resources.fleet import (
    CallInTimes,
    CrewAssembly,
    Fleet,
    Need,
    TeamSpec,
    Vehicle,
    VolunteerPool,
)
from .road_travel.epochs import Disruptions, Epoch
from .road_travel.road_graph import Routing
from .road_travel.travel import Leg, Passage, Rerouted, Spot, Travel
from .scenario_world import World, build, rerouted
from .variates.durations import expected

__all__ = [
    "NO_ACCESS",
    "CallInTimes",
    "Callout",
    "Complications",
    "CrewAssembly",
    "Demand",
    "Disruptions",
    "Draws",
    "DriveDraws",
    "Epoch",
    "Fleet",
    "Interval",
    "Leg",
    "Marks",
    "Need",
    "Passage",
    "Rerouted",
    "Routing",
    "RunWindow",
    "Spot",
    "TeamSpec",
    "Travel",
    "Vehicle",
    "VolunteerPool",
    "World",
    "build",
    "expected",
    "rerouted",
]
