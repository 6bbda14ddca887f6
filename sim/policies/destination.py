"""Destination: where people are taken."""

from __future__ import annotations

from dataclasses import dataclass

from sim.log import NO_WAY

from .views import CalloutView, Decision, HospitalView


@dataclass(frozen=True, slots=True)
class NearestHospital:
    """Take people to the hospital that is reached first; of equals the first in the file."""

    source = "standard practice"

    def __call__(self, callout: CalloutView, view: HospitalView) -> Decision:
        """Return the nearest hospital by driving time."""
        drives = view.drives
        shortest = min(drives)
        if shortest >= NO_WAY:
            return (None, "there is no way to any hospital")
        return (view.hospitals[drives.index(shortest)], "reached first")
