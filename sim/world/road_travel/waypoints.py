"""
The ways of drives as points on a map, for whoever shows where teams were.

A course is where a drive passes when, as the engine itself would say it; between two of its points
a team moves in a straight line at even speed. On a network these are the nodes of the way that was
chosen; on straight lines, and by a table of times, the two ends are all there is.

A logged drive begins where the one before has brought the team, which may be midway between two
nodes: who is rerouted there goes on, or turns back, to a node first. And it ends where the next one
begins.

Assumptions: what the model says of a place on a road is its share of the time between two nodes, so
curves of a road are cut; a place is where its node is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import cos, radians
from typing import NamedTuple

from sim.log import DriveRow
from sim.scenario import PlaceRow

from .network import Network
from .travel import METRES_PER_DEGREE, Leg, Spot, Travel

Position = tuple[float, float]
"""Longitude and latitude. [degrees]"""
Course = list[tuple[int, Position]]
"""Where a drive passes when [ms], in order."""


class Waypoint(NamedTuple):
    """Where a team is at an instant; from there to its next one it goes straight and evenly."""

    at: int  # [ms]
    lon: float
    lat: float


class Courses:
    """
    The courses of drives in a world.

    Parameters
    ----------
    travel
        The travel times by which the drives were made.
    places
        The places of the scenario.

    """

    def __init__(self, travel: Travel, places: Sequence[PlaceRow]) -> None:
        self.travel, self.places = travel, places
        middle = sum(place.lat or 0.0 for place in places) / max(len(places), 1)
        self._shrink = cos(radians(middle))  # as in `travel.to_metres`

    @property
    def on_map(self) -> bool:
        """Whether it is known where everything is; in a table of times it need not be."""
        if isinstance(self.travel, Network):
            return True
        return all(place.lat is not None and place.lon is not None for place in self.places)

    def is_node(self, spot: Spot | None) -> bool:
        """Return whether a spot is a road node and no place."""
        return isinstance(spot, int) and spot >= len(self.places)

    def position(self, spot: Spot) -> Position:
        """Return where a spot is; a place stands at its node, if there are roads."""
        if not isinstance(spot, int):
            east, north = spot
            return east / (METRES_PER_DEGREE * self._shrink), north / METRES_PER_DEGREE
        if isinstance(self.travel, Network):
            node = self.travel.nodes[self.travel.node_at(spot)]
            return node.lon, node.lat
        return self.places[spot].lon or 0.0, self.places[spot].lat or 0.0

    def course(self, leg: Leg) -> Course:
        """Return where a drive passes when, from its origin on; one that stands has one point."""
        first, lasts = (leg.departs, self.position(leg.origin)), leg.arrives - leg.departs
        if lasts <= 0:
            return [first]
        if not isinstance(self.travel, Network):
            return [first, (leg.arrives, self.position(leg.destination))]
        nodes, passed = self.travel.way(leg.origin, leg.destination, leg.period)
        points = [self.travel.nodes[node] for node in nodes]
        whole = max(passed[-1], 1)
        # the first instant at which the engine takes it to have come that far
        instants = [leg.departs - (-at * lasts // whole) for at in passed]
        return [(at, (p.lon, p.lat)) for at, p in zip(instants, points, strict=True)]


def waypoints(
    courses: Courses, drives: Sequence[DriveRow], begins: int, ends: int
) -> Iterator[tuple[DriveRow, tuple[Waypoint, ...]]]:
    """
    Yield the drives of one team that held for a time between two instants, each with its way.

    A way begins when the drive begins to hold, or at ``begins``, and ends where it is over or the
    next drive begins: the next way begins at its last point. From its last point on the team stands
    there. A drive that something stops at a node is timed to be there when it is stopped: where
    checkpoints took longer than expected, that is another instant than that of an undisturbed
    drive. Empty ways where no map is known.

    Parameters
    ----------
    courses
        Those of the world.
    drives
        All of a team, in the order in which they were logged; the first one has an origin.
    begins, ends
        The measured period. [ms]

    """
    before: Course = []
    instants = [[*rows] for _, rows in groupby(drives, key=lambda drive: drive.at)]
    for (*_, drive), later in zip(instants, (*instants[1:], None), strict=True):
        after = None if later is None else later[0]
        until = ends if after is None else after.at
        if drive.at >= ends:
            return
        course: Course = []
        if courses.on_map:
            course = _joined(courses, drive, before)
            if after is not None:
                course = _in_time(courses, drive, course, after)
        if until > begins:
            way = _cut(course, max(drive.at, begins), until)
            yield drive, tuple(Waypoint(at, *position) for at, position in way)
        before = course


def place_at(course: Course, at: int) -> Position:
    """Return where a course is at an instant: before its first point, and after its last, there."""
    earlier = course[0]
    for later in course:
        if later[0] > at:
            if later is course[0]:
                return later[1]
            return _between(earlier, later, at)
        earlier = later
    return earlier[1]


def _between(a: tuple[int, Position], b: tuple[int, Position], at: int) -> Position:
    share = (at - a[0]) / (b[0] - a[0])
    (ax, ay), (bx, by) = a[1], b[1]
    return ax + (bx - ax) * share, ay + (by - ay) * share


def _joined(courses: Courses, drive: DriveRow, before: Course) -> Course:
    """Return the course of a drive from where the one before has brought the team."""
    origin = drive.origin
    if origin is None:
        return [(drive.at, place_at(before, drive.at))]
    course = courses.course(_as_leg(drive, origin))
    if drive.departs <= drive.at or not before:
        return course
    return [(drive.at, place_at(before, drive.at)), *course]


class _Driven(NamedTuple):
    """A drive whose origin is known."""

    origin: Spot
    destination: int
    departs: int
    arrives: int
    period: int


def _as_leg(drive: DriveRow, origin: Spot) -> Leg:
    return _Driven(origin, drive.destination, drive.departs, drive.arrives, drive.period)


def _in_time(courses: Courses, drive: DriveRow, course: Course, after: DriveRow) -> Course:
    """Return a course that is at the node where the next drive says that something stopped it."""
    spot, at, departs = after.origin, after.at, drive.departs
    if not (courses.is_node(spot) and after.departs == at):
        return course
    assert spot is not None
    there = courses.position(spot)
    ahead = [i for i, (t, position) in enumerate(course) if t >= departs and position == there]
    if not ahead or place_at(course, at) == there:
        return course
    number = min(ahead, key=lambda i: abs(course[i][0] - at))
    expected, lasted = course[number][0] - departs, at - departs
    timed = [
        (t if t <= departs else departs + (t - departs) * lasted // expected, position)
        for t, position in course[:number]
    ]
    return [*timed, (departs, there), (at, there)] if not expected else [*timed, (at, there)]


def _cut(course: Course, begins: int, until: int) -> Course:
    """Return the part of a course between two instants."""
    if not course:
        return []
    inner = [point for point in course if begins < point[0] < until]
    found = [(begins, place_at(course, begins)), *inner]
    if course[-1][0] >= until and until > begins:
        found.append((until, place_at(course, until)))
    return found
