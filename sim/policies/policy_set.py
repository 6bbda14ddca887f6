"""An alternative's policies, one for each question."""

from __future__ import annotations

from dataclasses import dataclass

from .destination import NearestHospital
from .queueing import Priority
from .reassignment import Never
from .relocation import Home
from .routing import Fastest
from .staffing import Fixed
from .views import (
    Destination,
    Dispatch,
    FleetRelocation,
    Queue,
    Reassignment,
    Relocation,
    Routing,
    Staffing,
)

# what most services do; frozen, so one of each serves everywhere
_QUEUE, _RELOCATION, _DESTINATION = Priority(), Home(), NearestHospital()
_REASSIGNMENT, _STAFFING, _ROUTING = Never(), Fixed(), Fastest()


@dataclass(frozen=True, slots=True)
class PolicySet:
    """An alternative's policies, one for each question."""

    name: str
    dispatch: Dispatch
    queue: Queue = _QUEUE
    relocation: Relocation | FleetRelocation = _RELOCATION
    destination: Destination = _DESTINATION
    reassignment: Reassignment = _REASSIGNMENT
    staffing: Staffing = _STAFFING
    routing: Routing = _ROUTING
