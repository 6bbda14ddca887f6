"""How teams moved: each drive with the points it passed and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sim.experiment import Reported, TeamDrive
from sim.log import MissionRow

from .packed_log import PackedLog
from .packed_world import SharedNames
from .packing import Numbered, differences, seconds, transposed

PARTS = 2000  # of a drive: passing a junction is told in these


class Moved(NamedTuple):
    """
    A drive of a team as the map shows it; it holds until the team's next one.

    ``way`` are instants [ms] with the longitude and latitude at which the team was then. Between
    them it moves in a straight line at even speed, before them it stands at the first, after them
    at the last. Empty where there is no map.
    """

    team: int
    at: int  # from when it holds [ms]
    callout: int | None  # None: home, or relocated
    departs: int  # [ms]
    arrives: int  # or is stopped [ms]
    way: Sequence[tuple[int, float, float]]


def logged_drives(drives: Iterable[TeamDrive]) -> Iterator[Moved]:
    """Yield the drives of a results folder, from where the team begins to move on."""
    for drive in drives:
        way = list(drive.way)
        while len(way) > 1 and way[0][1:] == way[1][1:]:  # it stands at first
            way.pop(0)
        departs, arrives = (way[0].at, way[-1].at) if way else (drive.departs, drive.arrives)
        yield Moved(drive.team, drive.at, drive.callout, departs, arrives, way)


def straight_drives(run: Reported) -> Iterator[Moved]:
    """
    Yield the drives of missions as straight lines, where the folder has no table of drives.

    Only those of which both ends are known: to a scene that was reached, and to a hospital.
    """
    where = {row.callout: row.place for row in run.log.callouts}
    stands = {crew.number: crew.place for crew in run.world.fleet.crews}
    for m in sorted(run.log.missions, key=lambda m: (m.dispatched, m.team)):
        for begins, ends, goal in _legs(run, m, where.get(m.callout)):
            ends_at = (_point(run, begins, stands[m.team]), _point(run, ends, goal))
            way = [point for point in ends_at if point is not None]
            yield Moved(m.team, begins, m.callout, begins, ends, way if len(way) == 2 else ())
            stands[m.team] = goal
        if m.cleared is not None:
            stands[m.team] = run.world.fleet.crews[m.team].place
            home = _point(run, m.cleared, stands[m.team])
            way = [] if home is None else [home]
            yield Moved(m.team, m.cleared, None, m.cleared, m.cleared, way)


def _point(run: Reported, at: int, place: int) -> tuple[int, float, float] | None:
    row = run.world.file.places[place]
    return None if row.lon is None or row.lat is None else (at, row.lon, row.lat)


def _legs(run: Reported, m: MissionRow, scene: int | None) -> Iterator[tuple[int, int, int]]:
    if m.en_route is not None and m.on_scene is not None and scene is not None:
        yield m.en_route, m.on_scene, scene
    if m.left is not None and m.at_hospital is not None and m.hospital is not None:
        yield m.left, m.at_hospital, run.world.hospitals[m.hospital]


class PackedWays:
    """Drives in columns; a way that is driven often is there once."""

    def __init__(self, names: SharedNames) -> None:
        self.names = names
        self.ways = Numbered[tuple[tuple[int, ...], tuple[int, ...]]]()

    def drives(self, log: PackedLog, moved: Sequence[Moved]) -> list[list[int]]:
        """Return at, team, seconds to departure, drive, callout and way of each drive."""
        rows = []
        for drive in sorted(moved, key=lambda drive: (drive.at, drive.team)):
            if not log.thinning.shows(drive.at):
                continue
            way = drive.way if log.thinning.ways else _ends(drive.way)
            callout = 0 if drive.callout is None else log.number_of.get(drive.callout, -1) + 1
            at, departs = seconds(max(drive.at, 0)), seconds(max(drive.departs, 0))
            rows.append((
                at, log.teams[drive.team], departs - at, seconds(drive.arrives) - departs, callout,
                self._number(way),
            ))  # fmt: skip
        first, *others = transposed(sorted(rows, key=lambda row: row[0]), 6)
        return [differences(first), *others]

    def _number(self, way: Sequence[tuple[int, float, float]]) -> int:
        begins, ends = (way[0][0], way[-1][0]) if way else (0, 0)
        lasts = max(ends - begins, 1)
        points = tuple(self.names.point(lon, lat) for _, lon, lat in way)
        shares = tuple(round(PARTS * (at - begins) / lasts) for at, _, _ in way[1:-1])
        return self.ways.number((points, shares))

    def content(self) -> list[list[Any]]:
        """Return the ways: points passed, and between first and last when, in parts of a drive."""
        return [[differences(p), differences(s)] for p, s in self.ways.entries]


def _ends(way: Sequence[tuple[int, float, float]]) -> Sequence[tuple[int, float, float]]:
    return way if len(way) < 3 else (way[0], way[-1])
