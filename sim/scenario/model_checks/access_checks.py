"""Places and bases between which there is no access: never, or while roads are closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from ..duty_hours.expected_demand import ExpectedDemand
from ..duty_hours.rosters import Interval
from ..duty_hours.spoken_hours import about, named, say_stretches, touching
from ..duty_hours.windows import RunWindow
from ..tables.table_rows import RoadEdge
from .disruption_checks import DisruptionChecks
from .feasibility import all_joined, nodes_reached

MOST_STATES = 200  # different sets of closures that are looked at
MOST_BASES = 100


class AccessChecks:
    """Checks of access from bases with teams to places with demand, on the finished model."""

    def __init__(
        self,
        expected: ExpectedDemand,
        disruptions: DisruptionChecks,
        times: Mapping[tuple[str, str], int] | None,
    ) -> None:
        self.scenario, self.expected = expected.scenario, expected
        self.findings, self.disruptions = disruptions.findings, disruptions
        self.edges, self.snapped, self.times = disruptions.edges, disruptions.snapped, times
        manned = {team.base for team in self.scenario.teams.values()}
        bases = self.scenario.bases.items()
        self.bases = list(dict.fromkeys(b.place or name for name, b in bases if name in manned))

    def reach(self) -> dict[str, frozenset[str]] | None:
        """Return the places of bases with access to each place; None where all have to all."""
        places = [place.name for place in self.expected.places]
        if self.times is not None:
            found = {
                p: frozenset(b for b in self.bases if b == p or (b, p) in self.times)
                for p in places
            }
        elif self.snapped and self.edges and len(self.bases) <= MOST_BASES:
            if all_joined(set(self.snapped.values()), self.edges):
                return None
            reached = {b: nodes_reached({self.snapped[b]}, self.edges) for b in self.bases}
            found = {
                p: frozenset(b for b in self.bases if self.snapped[p] in reached[b]) for p in places
            }
        else:
            return None
        return None if all(len(near) == len(self.bases) for near in found.values()) else found

    def closures(self) -> None:
        """Warn of places that no team has access to while roads are closed, with the hours."""
        if not self.snapped or not self.scenario.map.closures:
            return
        everything = set(range(len(self.scenario.map.closures)))
        usual, worst = self._cut_off(set()), self._cut_off(everything)
        if worst <= usual:
            return
        hours: dict[str, list[Interval]] = {}
        causes: dict[str, set[int]] = {}
        for stretch, closed, cut_off in self._states():
            for place in cut_off - usual:
                hours.setdefault(place, []).append(stretch)
                causes.setdefault(place, closed)
        together: dict[tuple[Interval, ...], list[str]] = {}
        for place, stretches in hours.items():
            together.setdefault(tuple(touching(stretches)), []).append(place)
        for held, places in together.items():
            self._warn(sorted(places), held, causes[places[0]])

    def _states(self) -> Iterator[tuple[Interval, set[int], set[str]]]:
        """Yield stretches of the run with the closures in force and the places cut off by them."""
        clock, ends = self.scenario.clock.local, self.scenario.clock.length
        windows = [RunWindow(c, clock, 0, ends) for c in self.scenario.map.closures]
        edges = sorted({0, ends, *(at for window in windows for at in window.changes())})
        known: dict[frozenset[int], set[str]] = {}
        for begins, until in pairwise(edges):
            closed = {i for i, window in enumerate(windows) if window.holds(begins)}
            key = frozenset(closed)
            if key not in known:
                if len(known) == MOST_STATES:
                    return
                known[key] = self._cut_off(closed)
            yield (begins, until), closed, known[key]

    def _cut_off(self, closed: set[int]) -> set[str]:
        """Return the places with demand that no base has access to while closures are in force."""
        rows = {row for i in closed for row in self.disruptions.rows_of(i)}
        edges: Sequence[RoadEdge] = self.edges
        if rows:
            edges = [edge for i, edge in enumerate(edges) if i not in rows]
        found = nodes_reached({self.snapped[base] for base in self.bases}, edges)
        return {p for p in self._wanted if self.snapped[p] not in found}

    @cached_property
    def _wanted(self) -> list[str]:
        """The places from which callouts come."""
        listed = {callout.place for callout in self.expected.listed or ()}
        incidents = {incident.place for incident in self.scenario.demand.incidents}
        generated = self.scenario.demand.rate is not None
        return [
            p.name
            for p in self.expected.places
            if (generated and p.weight) or p.name in listed or p.name in incidents
        ]

    def _warn(self, places: Sequence[str], stretches: Sequence[Interval], closed: set[int]) -> None:
        kinds = self.scenario.demand.kinds
        number = sum(self.expected.during(kind, places, stretches) for kind in kinds)
        alone = [i for i in sorted(closed) if places[0] in self._cut_off({i})]
        self.findings.warn(
            ("map", "closures", (alone or sorted(closed))[0]),
            f"closed roads cut {named(places)} off from every base "
            f"{say_stretches(self.scenario, stretches)}; {about(number)} then have no access",
            "leave a road open, or station a team there",
        )
