"""
The tables of road nodes and edges.

They may have a million rows, so that columns are read all at once where every cell is clean; row by
row, which is twenty times slower, where one is not, and then each error is reported at its cell.
"""

from __future__ import annotations

from collections.abc import Collection
from operator import eq

from sim import units

from ..tables.csv_tables import CsvTable, Row
from ..tables.table_rows import RoadEdge, RoadNode, SeenNames
from .road_speeds import ask_of_speed


def read_nodes(table: CsvTable) -> list[RoadNode]:
    """Return the nodes of a road network."""
    if not table.require("node", "lat", "lon"):
        return []
    at_once = _nodes_at_once(table)
    if at_once is not None:
        return at_once
    nodes, seen = [], SeenNames(table, "node", "node")
    for row in table.rows:
        name = seen.new(row)
        lat = table.number(row, "lat", -90, 90)
        lon = table.number(row, "lon", -180, 180)
        if name is not None and lat is not None and lon is not None:
            nodes.append(RoadNode(name, lat, lon))
    return nodes


def _nodes_at_once(table: CsvTable) -> list[RoadNode] | None:
    """Return what reading row by row would; None where a row may hold an error."""
    names = table.whole_names("node")
    lats, lons = table.whole_numbers("lat", -90, 90), table.whole_numbers("lon", -180, 180)
    if names is None or lats is None or lons is None or len(set(names)) < len(names):
        return None
    return list(map(RoadNode._make, zip(names, lats, lons, strict=True)))


def node_names(table: CsvTable) -> list[str] | None:
    """Return every name in a table of nodes, those of rows with an error too."""
    if "node" not in table.columns:
        return None
    return table.whole("node") or [table.cell(row, "node") for row in table.rows]


def read_edges(table: CsvTable, nodes: Collection[str] | None) -> list[RoadEdge]:
    """Return the edges of a road network; without nodes their ends are not looked up."""
    speed = table.first_of("kmh", "kmh_assumed") or "kmh"
    edges = _edges(table, nodes, speed)
    odd = {edge.kmh for edge in edges if ask_of_speed(edge.kmh)}
    if odd:
        _ask_of_speeds(table, speed, odd)
    return edges


def _ask_of_speeds(table: CsvTable, speed: str, odd: Collection[float]) -> None:
    """Ask about the first row with a speed that is seldom meant, and say how many there are."""
    rows = [row for row in table.rows if table.as_number(table.cell(row, speed)) in odd]
    asked = ask_of_speed(table.as_number(table.cell(rows[0], speed)) or 0.0)
    if asked is not None:
        more = f" ({len(rows)} rows are slower or faster than usual)" if len(rows) > 1 else ""
        table.warn(rows[0], speed, asked[0] + more, asked[1])


def _edges(table: CsvTable, nodes: Collection[str] | None, speed: str) -> list[RoadEdge]:
    if not table.require("from", "to", "km", speed):
        return []
    known = None if nodes is None else dict(zip(nodes, nodes, strict=True))
    at_once = None if known is None else _edges_at_once(table, known, speed)
    if at_once is not None:
        return at_once
    edges = []
    for row in table.rows:
        start = table.refers(row, "from", "node", known, "nodes")
        end = table.refers(row, "to", "node", known, "nodes")
        km = table.number(row, "km", 0, 20_000)
        kmh = table.number(row, speed, 0.1, 1000)
        one_way, no_go = table.yes(row, "one_way"), table.yes(row, "no_go")
        sd, exposure = table.share(row, "sd"), _exposure(table, row)
        if start is not None and start == end:
            table.wrong(row, "to", f"this road leads from '{start}' to itself")
        elif start and end and km is not None and kmh is not None:
            about = table.cell(row, "road_class"), table.cell(row, "provenance")
            road = table.cell(row, "road")
            edges.append(
                RoadEdge(
                    start, end, round(km * 1000), kmh, *about, one_way, sd, exposure, no_go, road
                )
            )
    return edges


def _exposure(table: CsvTable, row: Row) -> float:
    written = table.cell(row, "exposure")
    return (table.number(row, "exposure", 0, 1000) or 0.0) if written else 0.0


def _edges_at_once(table: CsvTable, known: dict[str, str], speed: str) -> list[RoadEdge] | None:
    """Return what reading row by row would; None where a row may hold an error."""
    kms, kmhs = table.whole_numbers("km", 0, 20_000), table.whole_numbers(speed, 0.1, 1000)
    # the nodes' own strings: to look them up again is quicker than to look up equal ones
    starts, ends = (list(map(known.get, table.whole(c) or ())) for c in ("from", "to"))
    if kms is None or kmhs is None or None in starts or None in ends or any(map(eq, starts, ends)):
        return None
    one_ways, no_goes = table.whole_yes("one_way"), table.whole_yes("no_go")
    sds = table.whole_as("sd", _said_share, 0.0)
    exposures = table.whole_as("exposure", _said_exposure, 0.0)
    if one_ways is None or no_goes is None or sds is None or exposures is None:
        return None
    texts = (table.whole_as(c, str, "") or () for c in ("road_class", "provenance", "road"))
    classes, provenances, roads = texts
    said = {km: round(km * 1000) for km in set(kms)}
    metres = list(map(said.__getitem__, kms))
    rest = (classes, provenances, one_ways, sds, exposures, no_goes, roads)
    return list(map(RoadEdge._make, zip(starts, ends, metres, kmhs, *rest, strict=True)))


def _said_share(written: str) -> float | None:
    try:
        return units.share(written) if written else 0.0
    except units.QuantityError:
        return None


def _said_exposure(written: str) -> float | None:
    try:
        exposure = float(written or 0)
    except ValueError:
        return None
    return exposure if 0 <= exposure <= 1000 and "_" not in written else None
