"""
The log of drives as text: where every team was at every instant, in one table.

Kept of the first replication only: it shows what happened, and measures nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from sim.log import DriveRow, KeptLog, Names
from sim.world import Courses, Spot, Waypoint, World, waypoints

from . import log_text

DRIVES_KEPT = 1  # replications of a study, the first ones, of which drives are logged
MOST_CALLOUTS = 200_000  # expected of a replication of which drives are kept, for their memory
DRIVE_COLUMNS = (
    "alternative", "replication", "team", "at_ms", "callout", "origin", "destination",
    "departs_ms", "arrives_ms", "way",
)  # fmt: skip
DECIMALS = 5  # of a degree: to a metre
_POINT = f"%d %.{DECIMALS}f %.{DECIMALS}f"  # of a ``Waypoint``


class TeamDrive(NamedTuple):
    """
    A drive as a results folder has it: where a team is until its next one. Instants in ms.

    ``way`` begins when the drive begins to hold; between two of its points the team goes straight
    and at even speed, and from the last one on it stands. Empty where places have no coordinates.
    """

    team: int
    at: int
    callout: int | None
    origin: str  # a place, a road node or a point; empty where it stands midway
    destination: int  # a place
    departs: int
    arrives: int  # unless something stops it before
    way: tuple[Waypoint, ...]


def drives_text(log: KeptLog, world: World, alternative: str, r: int) -> str:
    """Return the drives of one replication as CSV lines, team by team, in order."""
    courses = Courses(world.travel, world.file.places)
    rows: dict[int, list[DriveRow]] = {}
    for row in log.drives:
        rows.setdefault(row.team, []).append(row)
    return log_text.csv_lines(
        _drive(row, way, world, alternative, r)
        for _, own in sorted(rows.items())
        for row, way in waypoints(courses, own, 0, world.ends)
    )


def _drive(
    row: DriveRow, way: Iterable[Waypoint], world: World, alternative: str, r: int
) -> list[Any]:
    guarded, names = log_text.guarded, world.names
    return [
        guarded(alternative), r, guarded(names.teams[row.team]), row.at, row.callout,
        guarded(_spot(row.origin, world)), guarded(names.places[row.destination]), row.departs,
        row.arrives, ";".join(map(_POINT.__mod__, way)),
    ]  # fmt: skip


def _spot(spot: Spot | None, world: World) -> str:
    """Return what a spot is called: a place by its name, a node by its own, a point in metres."""
    if spot is None:
        return ""
    if not isinstance(spot, int):
        return "{} m east, {} m north".format(*spot)
    places = world.names.places
    return places[spot] if spot < len(places) else world.file.nodes[spot - len(places)].id


def read_drive_rows(
    lines: Iterable[str], names: Mapping[str, Names], replication: int
) -> Iterator[tuple[str, int, TeamDrive]]:
    """Yield alternative, replication and drive from a drives file; as `log_text.read_callouts`."""
    teams = {name: log_text.numbers_of(own.teams) for name, own in names.items()}
    places = {name: log_text.numbers_of(own.places) for name, own in names.items()}
    instant = log_text.instant
    for name, row in log_text.rows_of(lines, names, replication):
        yield name, replication, TeamDrive(
            teams[name][row["team"]], instant(row["at_ms"]), log_text.count_or_none(row["callout"]),
            row["origin"], places[name][row["destination"]], instant(row["departs_ms"]),
            instant(row["arrives_ms"]), _way(row["way"]),
        )  # fmt: skip


def _way(cell: str) -> tuple[Waypoint, ...]:
    """Return a way as it is written, refused where it is none."""
    found = []
    for point in cell.split(";") if cell else ():
        at, lon, lat = point.split(" ")
        found.append(Waypoint(log_text.instant(at), float(lon), float(lat)))
        if not (abs(found[-1].lon) <= 360 and abs(found[-1].lat) <= 90):  # not a number, too
            raise ValueError(f"there is no place at {point[:60]!r}")
    if any(a.at > b.at for a, b in pairwise(found)):
        raise ValueError("a way goes back in time")
    return tuple(found)
