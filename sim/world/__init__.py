"""
The world of a scenario: places and ways, callouts, teams and hospitals.

Built once from a scenario file and shared by every policy and replication; it holds no state of
a run. May use scenario, random streams and log; knows neither policies nor SimPy. Its folders:

* **arrivals**: when callouts are received, where and of what kind, and each one's draws;
* **road_travel**: how long every drive takes in every state of the roads;
* **resources**: teams, volunteers and vehicles, what callouts need of them, and what is drawn for
  them and not for a callout;
* **variates**: random times and instants from uniforms.

`scenario_world` puts them together; `drives` has the draws of drives.

Times and instants are whole milliseconds, distances whole metres, and what has a name is a number
(``World.names`` has the words). Instant 0 is the start of the measured period; the warm-up is
before it. Everything that varies is drawn by keyed random numbers (`sim.random_streams`), so it is
the same whatever is decided. What the model assumes is in ``docs/model.md``.
"""

from __future__ import annotations

from sim.log import NO_ACCESS
from sim.scenario.duty_hours.rosters import Interval
from sim.scenario.duty_hours.windows import RunWindow

from .arrivals.demand import Callout, Complications, Demand, Marks
from .drives import DriveDraws
from .resources.depots import Depot, Tank
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
from .road_travel.distances import Distances
from .road_travel.epochs import Disruptions, Epoch
from .road_travel.road_graph import Routing
from .road_travel.travel import Leg, Passage, Rerouted, Spot, Travel
from .road_travel.waypoints import Courses, Waypoint, waypoints
from .scenario_world import World, build, rerouted
from .variates.durations import expected
from .world_sharing import SharedWorlds

__all__ = [
    "NO_ACCESS",
    "CallInTimes",
    "Callout",
    "Complications",
    "Courses",
    "CrewAssembly",
    "Demand",
    "Depot",
    "Disruptions",
    "Distances",
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
    "SharedWorlds",
    "Spot",
    "Tank",
    "TeamSpec",
    "Travel",
    "Vehicle",
    "VolunteerPool",
    "Waypoint",
    "World",
    "build",
    "expected",
    "rerouted",
    "waypoints",
]
