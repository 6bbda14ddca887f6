"""
Getting about: travel times between places, and where a team is while it drives.

A *spot* is where a drive may begin: a place (0 to places - 1), a road node (places + node) or,
on straight lines, a point in metres. A drive takes the speed of the hour in which it begins.
Times between places are computed before the run; from where a team is on the road they follow from
these by a few additions.

Three ways of getting about, by what a scenario has: a table of times (``TravelTimeTable``),
straight lines times a circuity (``StraightLines``) [1]_, or a road network (`network.Network`).

References
----------
.. [1] R. Ballou, H. Rahardja, N. Sakai, "Selected country circuity factors for road travel distance
   estimation", *Transp. Res. Part A* 36(9), 2002, 843-848 (pages recalled, not checked).

"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from math import cos, hypot, isqrt, radians
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from sim.log import MS_PER_DAY, NO_ACCESS
from sim.scenario import PlaceRow

from .travel_rows import Matrix, matrix

Point = tuple[int, int]
"""Metres east and north, from where latitude and longitude are 0 (`to_metres`)."""
Spot = int | Point
Whole = npt.NDArray[np.int64]

METRES_PER_DEGREE = 111_320  # of latitude

Rerouted = tuple[int, Spot, int]
"""Time to the new place, through which spot, and time until it is there. [ms]"""


class Leg(Protocol):
    """
    The drive a team is on, or was on last.

    It may begin a little in the future: when the crew has turned out, or when a team that was sent
    on has come to the spot where its new way begins.
    """

    @property
    def origin(self) -> Spot:
        """Where it begins."""

    @property
    def destination(self) -> int:
        """The place where it ends."""

    @property
    def departs(self) -> int:
        """When it begins. [ms]"""

    @property
    def arrives(self) -> int:
        """When it ends, as known to the engine: the actual time, where drives vary. [ms]"""

    @property
    def period(self) -> int:
        """The travel period by which its way was chosen."""


class Travel(Protocol):
    """
    Travel times as the engine asks for them.

    Times are expected ones; what a drive actually takes is drawn by `drives.DriveDraws`. A period
    is a position in ``times``.
    """

    times: tuple[Matrix, ...]  # per period: place to place [ms], shape (places, places)

    @property
    def memo(self) -> dict[Any, Any]:
        """
        What runs have worked out from the times and keep for the next run.

        A cache and no state: a run gives the same with an empty one.
        """

    @property
    def has_gaps(self) -> bool:
        """Whether a way is missing between two places, in any period."""

    def row(self, origin: int, period: int) -> Sequence[int]:
        """
        Return the times from a place to all: ``times[period][origin]``. [ms], shape (places,)

        For who asks for few rows: of a small network those of other places are not worked out.
        """

    def reroute(self, leg: Leg, now: int, target: int, period: int) -> Rerouted:
        """
        Return how a team on ``leg`` would get to the place ``target``.

        From where it is at ``now`` [ms], by the roads of ``period``. Before it has set out it is at
        its origin, and sets out when it would have.
        """

    def drives(self, leg: Leg, now: int, period: int) -> tuple[int, ...]:
        """
        Return the time from where a team on ``leg`` is to every place: as ``reroute`` says.

        All at once, which is faster where many places are asked for. [ms], shape (places,)
        """

    def way_of(self, origin: Spot, destination: int, period: int) -> Route:
        """Return what disrupts the drive from a spot to a place, and how sure its time is."""


class Route(NamedTuple):
    """What a drive meets on its way."""

    passages: tuple[Passage, ...]  # roads that closures or checkpoints are about, in order
    delay: int  # expected at its checkpoints, counted in its time [ms]
    spread: int  # standard deviation of its time without them [ms]
    exposure: int  # declared exposure of its roads, each times the time on it [ms]


class CachedTravel:
    """A way of getting about that keeps what runs work out from it."""

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """What runs have worked out from the times and keep for the next run."""
        return {}


class UndisruptedTravel(CachedTravel):
    """A way of getting about without roads of its own: without closures and checkpoints."""

    travel_time_cv = 0.0  # standard deviation of a drive over its mean; 0: as expected
    times: tuple[Matrix, ...]

    def row(self, origin: int, period: int) -> Sequence[int]:
        """Return the times from a place to all. [ms], shape (places,)"""
        return self.times[period][origin]

    def way_of(self, origin: Spot, destination: int, period: int) -> Route:
        """Return no disruption; the standard deviation is ``travel_time_cv`` of the time."""
        if not self.travel_time_cv:
            return NOTHING
        return Route((), 0, round(self.travel_time_cv * self._time(origin, destination, period)), 0)

    def _time(self, origin: Spot, destination: int, period: int) -> int:
        assert isinstance(origin, int)
        return self.times[period][origin][destination]


class Passage(NamedTuple):
    """A road on a way that a closure or a checkpoint of the scenario is about."""

    at: int  # expected time from the start of the way to where it is: the road's beginning [ms]
    spot: Spot  # the node there
    closures: tuple[int, ...]  # those that close this road while they are in force
    checkpoint: int | None  # its number; None: none on this road
    delay: int  # expected at the checkpoint, as it is counted in the way's time [ms]


NOTHING = Route((), 0, 0, 0)


class RoadView(NamedTuple):
    """
    A road in one direction, as routing rules see it.

    Neither its name nor where it is, so that a rule cannot treat a neighbourhood apart.
    """

    metres: int
    drive: int  # expected time along it, with its checkpoints [ms]
    sd: int  # standard deviation of that time, of its checkpoints none [ms]
    exposure: float  # declared danger, 0 none
    open: bool  # False: a no-go road


def periods_of_day(night: tuple[int, int], differ: bool) -> list[int]:
    """
    Return for each minute of the day whether it is day (0) or night (1). Shape (1440,)

    ``night`` is from when until when [ms of the day], past midnight too; where speeds do not
    ``differ`` it is day all the time.
    """
    begins, ends = night
    minutes = range(0, MS_PER_DAY, 60_000)
    if not differ:
        return [0 for _ in minutes]
    if begins <= ends:
        return [int(begins <= m < ends) for m in minutes]
    return [int(m >= begins or m < ends) for m in minutes]


class TravelTimeTable(UndisruptedTravel):
    """
    Travel times given as a table; a team on the road goes on or turns round.

    Nothing is known of the roads between, so both ways through its ends are all there is: an
    assumption that makes a team on the road seem farther from other places than it is. Times may
    differ by direction, and the way back from the road takes as long as it took so far.

    Parameters
    ----------
    times
        Expected time from one place to another, by name. [ms] A pair that is missing has no
        access; from a place to itself it is then 0.
    places
        The names of all places.
    speeds
        In each period, of the one at which the table holds.

    """

    def __init__(
        self,
        times: dict[tuple[str, str], int],
        places: Sequence[str],
        speeds: Sequence[float] = (1.0,),
    ) -> None:
        table = tuple(
            tuple(
                0 if a == b and (a, b) not in times else times.get((a, b), NO_ACCESS)
                for b in places
            )
            for a in places
        )
        self.times: tuple[Matrix, ...] = tuple(
            table if speed == 1.0 else _at_speed(table, speed) for speed in speeds
        )
        self.has_gaps = any(NO_ACCESS in row for row in table)

    def reroute(self, leg: Leg, now: int, target: int, period: int) -> Rerouted:
        """Return the sooner of going on to where it was bound, also on a tie, and turning back."""
        times, origin = self.times[period], leg.origin
        assert isinstance(origin, int)
        if now < leg.departs:
            to_spot = leg.departs - now
            return to_spot + times[origin][target], origin, to_spot
        if self.travel_time_cv:
            ahead, behind = self._parts(leg, now)
        else:
            ahead, behind = max(leg.arrives - now, 0), now - leg.departs
        on = ahead + times[leg.destination][target]
        back = behind + times[origin][target]
        return (back, origin, behind) if back < on else (on, leg.destination, ahead)

    def drives(self, leg: Leg, now: int, period: int) -> tuple[int, ...]:
        """Return the time from where a team on ``leg`` is to every place. [ms]"""
        times, origin = self.times[period], leg.origin
        assert isinstance(origin, int)
        if now < leg.departs:
            to_spot = leg.departs - now
            return tuple([to_spot + time for time in times[origin]])
        ahead, behind = self._parts(leg, now)
        ways = zip(times[leg.destination], times[origin], strict=True)
        return tuple([min(ahead + on, behind + back) for on, back in ways])

    def _parts(self, leg: Leg, now: int) -> tuple[int, int]:
        """Return the expected time ahead on a drive and the time back, by how far it has gone."""
        lasts, behind = leg.arrives - leg.departs, now - leg.departs
        assert isinstance(leg.origin, int)
        whole = self.times[leg.period][leg.origin][leg.destination]
        if not self.travel_time_cv or lasts <= 0 or whole >= NO_ACCESS:
            return max(lasts - behind, 0), behind
        gone = min(behind * whole // lasts, whole)
        return whole - gone, gone


def _at_speed(table: Matrix, speed: float) -> Matrix:
    """Return the times of a table at another speed."""
    return tuple(
        tuple(time if time >= NO_ACCESS else round(time / speed) for time in row) for row in table
    )


class StraightLines(UndisruptedTravel):
    """
    Straight lines times a circuity factor; a team on the road is somewhere on its line.

    Assumptions: the circuity is the same everywhere and in every direction, and the ground is flat
    and passable: bays and mountains are no obstacle. A first estimate where roads are not known.

    Parameters
    ----------
    places
        Those of the scenario, each with coordinates.
    circuity
        Road length over straight-line distance.
    kmh
        Speed in each period. [km/h]

    """

    def __init__(self, places: Sequence[PlaceRow], circuity: float, kmh: Sequence[float]) -> None:
        self.points = to_metres([(p.lat or 0.0, p.lon or 0.0) for p in places])
        self.circuity = circuity
        self.ms_per_metre = [circuity * 3600 / speed for speed in kmh]
        self._east, self._north = np.array(self.points, dtype=np.int64).reshape(-1, 2).T
        self.times: tuple[Matrix, ...] = tuple(map(self._matrix, range(len(kmh))))
        self.has_gaps = False

    def _matrix(self, period: int) -> Matrix:
        row = partial(self._row, period)
        return matrix(len(self.points), len(self.ms_per_metre), row, row)  # as long there as back

    def _row(self, period: int, place: int) -> tuple[int, ...]:
        return self._to_all(self.points[place], period)

    def _to_all(self, here: Point, period: int) -> tuple[int, ...]:
        """Return the time from a point to every place. [ms]"""
        # floor and rint give what isqrt and round give: squares of distances on Earth are < 2^52
        metres = np.floor(np.sqrt((self._east - here[0]) ** 2 + (self._north - here[1]) ** 2))
        return tuple(np.rint(metres * self.ms_per_metre[period]).astype(np.int64).tolist())

    def _drive(self, a: Point, b: Point, period: int) -> int:
        metres = isqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2)
        return round(metres * self.ms_per_metre[period])

    def metres(self, origin: Spot, destination: int) -> float:
        """Return how long the way from a spot to a place is. [m]"""
        (ax, ay), (bx, by) = self._point(origin), self.points[destination]
        return hypot(ax - bx, ay - by) * self.circuity

    def _point(self, spot: Spot) -> Point:
        return self.points[spot] if isinstance(spot, int) else spot

    def _time(self, origin: Spot, destination: int, period: int) -> int:
        return self._drive(self._point(origin), self.points[destination], period)

    def _here(self, leg: Leg, now: int) -> Point:
        (ax, ay), (bx, by) = self._point(leg.origin), self.points[leg.destination]
        whole = max(leg.arrives - leg.departs, 1)
        gone = min(max(now - leg.departs, 0), whole)
        return ax + (bx - ax) * gone // whole, ay + (by - ay) * gone // whole

    def reroute(self, leg: Leg, now: int, target: int, period: int) -> Rerouted:
        """Return the straight way from where it is: no junction has to be reached first."""
        here = self._here(leg, now)
        return self._drive(here, self.points[target], period), here, 0

    def drives(self, leg: Leg, now: int, period: int) -> tuple[int, ...]:
        """Return the time from where a team on ``leg`` is to every place. [ms]"""
        return self._to_all(self._here(leg, now), period)


def to_metres(coordinates: Sequence[tuple[float, float]]) -> list[Point]:
    """
    Return (lat, lon) as whole metres east and north: flat, which is fine for a region.

    Degrees of longitude are shortened by the cosine of the mean latitude (equirectangular
    projection, one degree of latitude 111.32 km). A distance of 100 km at a latitude of 35 degrees
    is 0.1 % too short from west to east and 0.3 % too long from south to north.
    """
    if not coordinates:
        return []
    middle = sum(lat for lat, _ in coordinates) / len(coordinates)
    shrink = cos(radians(middle))
    scale = METRES_PER_DEGREE
    return [(round(lon * scale * shrink), round(lat * scale)) for lat, lon in coordinates]
