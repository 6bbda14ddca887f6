"""Checks of disruptions: closures, checkpoints, curfews, weather, hospitals that are closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim import units

from ..diagnostics.findings import Findings
from ..fields.disruption_models import Closure, Window
from ..fields.models import Scenario
from ..networks.stretches import Stretches
from ..tables.table_rows import PlaceRow, RoadEdge, RoadNode
from ..text.source import Loc

MOST_HIDDEN = 6  # closures unannounced at a time: each doubles the travel times worked out before


class DisruptionChecks:
    """Checks on the finished model, with its places, roads and hospitals."""

    def __init__(
        self,
        findings: Findings,
        scenario: Scenario,
        places: Sequence[PlaceRow],
        nodes: Sequence[RoadNode],
        edges: Sequence[RoadEdge],
        snapped: Mapping[str, str],
    ) -> None:
        self.findings, self.scenario, self.edges = findings, scenario, edges
        self.snapped = snapped  # the road node of each place
        self.stretches = Stretches(places, snapped, nodes, edges)
        self._rows: dict[int, list[int]] = {}

    def all(self) -> None:
        """Make all of them."""
        map_ = self.scenario.map
        self._speeds()
        for i, closure in enumerate(map_.closures):
            loc = ("map", "closures", i)
            if self._has_network(loc, "a closure"):
                self._closure(closure, loc, i)
            self.window(closure, loc)
        self._hidden()
        for i, point in enumerate(map_.checkpoints):
            loc = ("map", "checkpoints", i)
            if self._has_network(loc, "a checkpoint") and point.edge is not None:
                self._edge(point.edge, (*loc, "edge"))
            if point.refusal and point.delay.value == 0:
                self.findings.error(
                    (*loc, "delay"),
                    "a team that is refused has lost some time",
                    "write delay: 1 min",
                )
            self.window(point, loc)
        for i, curfew in enumerate(map_.curfews):
            if map_.roads is not None and map_.roads.table is not None:
                self.findings.error(("map", "curfews", i), "a table of times has no speeds")
            self.window(curfew, ("map", "curfews", i))
        for i, weather in enumerate(map_.weather):
            if map_.roads is not None and map_.roads.table is not None:
                self.findings.error(("map", "weather", i), "a table of times has no speeds")
            self.window(weather, ("map", "weather", i))
        for i, closed in enumerate(map_.hospital_closures):
            self.window(closed, ("map", "hospital_closures", i))

    def rows_of(self, number: int) -> list[int]:
        """Return the rows of the edges that a closure closes, by its number."""
        if number not in self._rows:
            closure = self.scenario.map.closures[number]
            self._rows[number] = self.stretches.closed_by(closure)
        return self._rows[number]

    def window(self, window: Window, loc: Loc) -> None:
        """Note a window that ends before it begins, or that is not of this run."""
        clock = self.scenario.clock
        begins = None if window.begins is None else clock.local.instant_of(window.begins)
        until = None if window.until is None else clock.local.instant_of(window.until)
        if begins is not None and until is not None and begins >= until:
            self.findings.error((*loc, "until"), "it ends before it begins")
        elif begins is not None and begins >= clock.length:
            self.findings.warn((*loc, "from"), "this is after the run and changes nothing")
        elif until is not None and until <= -clock.warm_up:
            self.findings.warn((*loc, "until"), "this is before the run and changes nothing")

    def _speeds(self) -> None:
        roads = self.scenario.map.roads
        if roads is None or roads.speed.hours is None:
            return
        loc = ("map", "roads", "speed")
        if roads.table is not None:
            self.findings.error((*loc, "hours"), "a table of times has no speeds")
        if roads.speed.night is not None:
            self.findings.error((*loc, "night"), "speeds by hour are in place of a night speed")
        if any(share <= 0 for share in roads.speed.hours):
            self.findings.error((*loc, "hours"), "a speed of 0% never arrives")

    def _has_network(self, loc: Loc, what: str) -> bool:
        if self.edges:
            return True
        roads = self.scenario.map.roads
        if roads is None or roads.table is not None or roads.circuity is not None:
            kind = "a table" if roads and roads.table is not None else "straight lines"
            said = "there are no roads here" if roads is None else f"these are {kind}"
            self.findings.error(
                loc, f"{what} needs a road network; {said}", "give the map nodes and edges"
            )
        return False

    def _closure(self, closure: Closure, loc: Loc, number: int) -> None:
        if closure.edge is not None:
            self._edge(closure.edge, (*loc, "edge"))
        elif closure.area is not None:
            for i, (lat, lon) in enumerate(closure.area):
                if not (-90 <= lat <= 90 and -180 <= lon <= 180):
                    self.findings.error(
                        (*loc, "area", i), f"({lat:g}, {lon:g}) is no latitude and longitude"
                    )
        self._finds_roads(closure, loc, number)

    def _finds_roads(self, closure: Closure, loc: Loc, number: int) -> None:
        """A closure that names what there is closes some road."""
        named = closure.between or ()
        known = all(place in self.snapped for place in named)
        if closure.edge is not None or not known or self.findings.diagnostics:
            return
        if not self.rows_of(number):
            if closure.area is not None:
                said, where = "no road lies in this area", "area"
            else:
                along = f" along '{closure.road}'" if closure.road else ""
                ends = "' and '".join(named)
                said, where = f"there is no route{along} between '{ends}'", "between"
            self.findings.error((*loc, where), said)

    def _edge(self, edge: tuple[str, str], loc: Loc) -> None:
        pairs = {frozenset((e.start, e.end)) for e in self.edges if edge[0] in (e.start, e.end)}
        if frozenset(edge) not in pairs:
            start, end = edge
            ends = sorted(next(iter(p - {start}), start) for p in pairs)
            self.findings.error(
                loc,
                f"no road leads from '{start}' to '{end}'",
                f"from '{start}' roads lead to {', '.join(ends[:8])}",
            )

    def _hidden(self) -> None:
        """At most so many closures are in force unannounced at a time."""
        scenario = self.scenario
        clock, changes = scenario.clock, list[tuple[int, int, int]]()
        for i, closure in enumerate(scenario.map.closures):
            begins, until = -clock.warm_up, clock.length
            closed = begins
            if closure.begins is not None:
                closed = clock.local.instant_of(closure.begins)
                begins = max(begins, closed)
            if closure.until is not None:
                until = min(until, clock.local.instant_of(closure.until))
            if closure.known == "announced":
                until = min(until, closed + closure.known_after)
            if begins < until:
                changes += [(begins, 1, i), (until, -1, i)]
        hidden = 0
        for at, change, i in sorted(changes):
            hidden += change
            if hidden > MOST_HIDDEN:
                self.findings.error(
                    ("map", "closures", i),
                    f"more than {MOST_HIDDEN} closures are in force and not announced "
                    f"{units.say_duration(max(at, 0))} after the start",
                    "announce some of them, or make one closure of several roads",
                )
                return
