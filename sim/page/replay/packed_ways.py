"""How teams moved: each drive with the points it passed and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sim.experiment import Reported
from sim.log import MissionRow

from .packed_log import PackedLog
from .packed_world import SharedNames
from .packing import Numbered, differences, seconds, transposed

PARTS = 1000  # of a drive: passing a junction is told in these


class Moved(NamedTuple):
    """
    A drive of a team as the map shows it; it holds until the team's next one.

    ``way`` are instants [ms] with the longitude and latitude at which the team was then. Between
    them it moves in a straight line at even speed, before them it stands at the first, after them
    at the last.
    """

    team: int
    at: int  # from when it holds [ms]
    callout: int | None  # None: home, or relocated
    way: Sequence[tuple[int, float, float]]


def straight_drives(run: Reported) -> Iterator[Moved]:
    """
    Yield the drives of missions as straight lines, where the log has no table of drives.

    Only those of which both ends are known: to a scene that was reached, and to a hospital.
    """
    where = {row.callout: row.place for row in run.log.callouts}
    stands = {crew.number: crew.place for crew in run.world.fleet.crews}
    for m in sorted(run.log.missions, key=lambda m: (m.dispatched, m.team)):
        for begins, ends, goal in _legs(run, m, where.get(m.callout)):
            a, b = (run.world.file.places[n] for n in (stands[m.team], goal))
            if None not in (a.lon, a.lat, b.lon, b.lat):
                way = ((begins, a.lon or 0.0, a.lat or 0.0), (ends, b.lon or 0.0, b.lat or 0.0))
                yield Moved(m.team, begins, m.callout, way)
            stands[m.team] = goal
        crew = run.world.fleet.crews[m.team]
        if m.cleared is not None:
            stands[m.team] = crew.place
            home = run.world.file.places[crew.place]
            if home.lon is not None and home.lat is not None:
                yield Moved(m.team, m.cleared, None, ((m.cleared, home.lon, home.lat),))


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
            way = drive.way if log.thinning.ways else (drive.way[0], drive.way[-1])
            departs, arrives = seconds(way[0][0]), seconds(way[-1][0])
            callout = 0 if drive.callout is None else log.number_of.get(drive.callout, -1) + 1
            rows.append((
                seconds(drive.at), log.teams[drive.team], departs - seconds(drive.at),
                arrives - departs, callout, self._number(way),
            ))  # fmt: skip
        at, *others = transposed(rows, 6)
        return [differences(at), *others]

    def _number(self, way: Sequence[tuple[int, float, float]]) -> int:
        begins, ends = way[0][0], way[-1][0]
        lasts = max(ends - begins, 1)
        points = tuple(self.names.point(lon, lat) for _, lon, lat in way)
        shares = tuple(round(PARTS * (at - begins) / lasts) for at, _, _ in way[1:-1])
        return self.ways.number((points, shares))

    def content(self) -> list[list[Any]]:
        """Return the ways: points passed, and between first and last when, in parts of a drive."""
        return [[differences(p), differences(s)] for p, s in self.ways.entries]
