"""An alternative's policies, one for each question."""

from __future__ import annotations

from dataclasses import dataclass

from .cover_rules.relocation import Home
from .cover_rules.staffing import Fixed
from .queue_rules.queueing import Priority
from .queue_rules.reassignment import Never
from .rule_basis.views import (
    Destination,
    Dispatch,
    FleetRelocation,
    Queue,
    Reassignment,
    Relocation,
    Routing,
    Staffing,
)
from .travel_rules.destination import NearestHospital
from .travel_rules.routing import Fastest

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
