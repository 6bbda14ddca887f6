"""How fast roads are, where a network tells only their class or their speed limit."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sim import units
from sim.units import western_digits

# Assumed, not measured: what a loaded vehicle keeps up over a road's whole length, with its bends
# and junctions. Classes as OpenStreetMap's `highway` has them. A scenario's `kmh` goes before.
DEFAULT_KMH: Mapping[str, float] = {
    "motorway": 100, "motorway_link": 50,
    "trunk": 80, "trunk_link": 45,
    "primary": 65, "primary_link": 40,
    "secondary": 60, "secondary_link": 40,
    "tertiary": 50, "tertiary_link": 35,
    "unclassified": 40, "road": 30,
    "residential": 30, "living_street": 15, "service": 20, "track": 15,
}  # fmt: skip
SLOWEST, FASTEST = 0.1, 1000.0  # km/h, as in a table of edges
SLOW, FAST = 3.0, 250.0  # usual: on foot, and by helicopter [km/h]

_LIMIT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,15})?)\s*(km/h|kmh|kph|mph|knots)?")
_IN_KMH = {"mph": 1.609344, "knots": 1.852}
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_ALONG = {"yes", "true", "1", "1.0"}
_AGAINST = {"-1", "-1.0", "reverse"}


def several(written: str) -> list[str]:
    """Return what a value lists: osmnx writes "['30', '50']" where it joined roads, OSM "30;50"."""
    if written.startswith("[") and written.endswith("]"):
        return [a or b for a, b in _QUOTED.findall(written)] or [
            part.strip() for part in written[1:-1].split(",")
        ]
    return [part.strip() for part in written.split(";")]


def limit_kmh(written: str) -> float | None:
    """Return the least of the speed limits written; None where there is none in figures. [km/h]"""
    found = []
    for part in several(western_digits(written.strip())):
        limit = _LIMIT.fullmatch(part.strip().lower())
        if limit:
            found.append(float(limit[1]) * _IN_KMH.get(limit[2], 1.0))
    fitting = [kmh for kmh in found if SLOWEST <= kmh <= FASTEST]
    return round(min(fitting), 3) if fitting else None


def direction(written: object) -> int:
    """Return 1 for a road that may be taken along its line only, -1 against it, 0 both ways."""
    word = str(written).strip().lower()
    return int(word in _ALONG) - int(word in _AGAINST)


class RoadSpeeds:
    """
    Finds the speed of a road: its own, else that of its class.

    ``given`` are the scenario's speeds by class.
    """

    def __init__(self, given: Mapping[str, float]) -> None:
        self.by_class = {**DEFAULT_KMH, **given}
        self._limits: dict[str, float | None] = {}
        self._classes: dict[str, tuple[str, float | None]] = {}

    def of(self, limit: str, road_class: str, own: float | None = None) -> tuple[float, str]:
        """
        Return a road's speed and its class, of several classes the slowest. [km/h]

        The speed is 0 where there is none. ``limit`` is the speed limit as written, empty where
        there is none; ``own`` goes before it.
        """
        if road_class not in self._classes:
            self._classes[road_class] = self._slowest(road_class)
        one_class, by_class = self._classes[road_class]
        if own is None and limit:
            if limit not in self._limits:
                self._limits[limit] = limit_kmh(limit)
            own = self._limits[limit]
        return own or by_class or 0.0, one_class

    def _slowest(self, written: str) -> tuple[str, float | None]:
        classes = several(written)
        strange = [c for c in classes if c not in self.by_class]
        slowest = strange[0] if strange else min(classes, key=lambda c: (self.by_class[c], c))
        return slowest, self.by_class.get(slowest)


def ask_of_speed(kmh: float) -> tuple[str, str] | None:
    """Return a question about a speed, and what is usual; None where it is usual."""
    if SLOW <= kmh <= FAST:
        return None
    usual = f"usually {SLOW:g} to {FAST:g} km/h"
    return f"a speed of {units.say_speed(kmh)}: is that meant?", usual
