"""
Road networks that people bring: osmnx's GraphML, GeoJSON lines, OpenStreetMap extracts.

Told apart by the end of the file's name. Of what they hold the largest connected part is kept, and
what was dropped is reported. The result is what tables of nodes and edges would have given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from sim.errors import Diagnostic

from ..diagnostics.diagnostic import nearest
from ..diagnostics.findings import Findings
from ..tables.csv_tables import MAX_ROWS
from ..tables.table_rows import RoadEdge, RoadNode
from ..text.source import Loc, Source, UnreadableError, decode
from .components import largest_part, pieces
from .drafts import DamagedError, Draft
from .osm import PROVENANCE, read_osm
from .road_speeds import FASTEST, SLOWEST, RoadSpeeds

LOC: Loc = ("map", "roads", "network")
KMH: Loc = ("map", "roads", "kmh")
MAX_BYTES = 200_000_000
ENDINGS = (".graphml", ".geojson", ".osm", ".osm.pbf")
CREDIT = "Roads (c) OpenStreetMap contributors, ODbL 1.0."

__all__ = ["FASTEST", "SLOWEST", "read_network", "with_credit"]

Network = tuple[list[RoadNode], list[RoadEdge]]


def read_network(name: str, data: bytes, kmh: Mapping[str, float], findings: Findings) -> Network:
    """
    Return the nodes and edges of the largest connected part of a network.

    ``kmh`` are the scenario's speeds by class. Errors and what was dropped are noted; with an
    error there is nothing to return.
    """
    try:
        draft = draft_of(name, data, RoadSpeeds(kmh))
    except UnreadableError as error:
        for diagnostic in error.diagnostics:
            findings.add(diagnostic)
        return [], []
    missing = Counter(edge.road_class for edge in draft.edges if not edge.kmh)
    if missing:
        _note_missing(findings, missing)
        return [], []
    met = {edge.road_class for edge in draft.edges}
    for road_class in kmh:
        if road_class not in met:
            hint = nearest(road_class, sorted(filter(None, met)), "classes here")
            findings.warn((*KMH, road_class), f"no road is of the class '{road_class}'", hint)
    return _largest(draft, findings)


def _reader(ending: str) -> Callable[[str, RoadSpeeds, bool], Draft]:
    """Return what reads a text by the end of its name; few scenarios need either."""
    if ending == ".graphml":
        from .graphml import read_graphml

        return read_graphml
    from .geojson_roads import read_geojson

    return read_geojson


def draft_of(name: str, data: bytes, speeds: RoadSpeeds, shapes: bool = False) -> Draft:
    """
    Return a network as its file gives it, with the shapes of its roads if they are wanted.

    Raises
    ------
    UnreadableError
        For what cannot be read.

    """
    ending = next((e for e in reversed(ENDINGS) if name.lower().endswith(e)), "")
    text = None
    try:
        if ending in (".osm", ".osm.pbf"):
            draft = read_osm(data, ending[1:], speeds, shapes)
        elif ending:
            text = decode(data, name)
            draft = _reader(ending)(text, speeds, shapes)
        else:
            raise DamagedError(
                "this kind of network is not read", f"the name ends in one of: {', '.join(ENDINGS)}"
            )
        if not draft.edges:
            raise DamagedError(
                "there is no road in this file", "lines or edges with a highway class are expected"
            )
        if max(len(draft.edges), len(draft.nodes)) > MAX_ROWS:
            raise DamagedError(
                f"more than {MAX_ROWS:,} roads or junctions", "cut out the part that you need"
            )
    except DamagedError as error:
        raise UnreadableError(_diagnostic(error, name, data, text)) from None
    return draft


def _diagnostic(error: DamagedError, name: str, data: bytes, text: str | None) -> Diagnostic:
    """Return a damage as an error in the file, with its line where it has one."""
    line, column = error.line, error.column
    if text is None and line:  # XML that osmium read
        text = data.decode("utf-8", "replace")
    if text is None:
        return Diagnostic(str(error), name, where=error.where, help=error.help)
    if error.at >= 0:
        line = text.count("\n", 0, error.at) + 1
        column = error.at - text.rfind("\n", 0, error.at)
    source = Source(name, text)
    return source.diagnostic(max(1, line), max(1, column), str(error), error.help, error.where)


def _note_missing(findings: Findings, missing: Mapping[str, int]) -> None:
    for road_class, count in sorted(missing.items()):
        roads = f"{count:,} road{'s' if count > 1 else ''}"
        if road_class:
            findings.error(
                LOC,
                f"there is no speed for {roads} of the class '{road_class}'",
                f"write the speed next to the network: kmh: {{{road_class}: 30}}",
            )
        else:
            findings.error(
                LOC,
                f"{roads} in it {'have' if count > 1 else 'has'} neither a speed nor a class",
                "give kmh or maxspeed, or highway or road_class",
            )


def _largest(draft: Draft, findings: Findings) -> Network:
    """Return the largest connected part of a network; tell what is dropped."""
    names, edges = list(draft.nodes), draft.edges
    kept = largest_part(names, edges)
    if len(kept) < len(names):
        dropped = [n for n in names if n not in kept]
        gone = [e for e in edges if e.start not in kept or e.end not in kept]
        parts, km = pieces(dropped, gone), sum(e.metres for e in gone) / 1000
        findings.warn(
            LOC,
            f"kept the largest connected part: {len(kept):,} of {len(names):,} nodes; dropped "
            f"{_count(len(dropped), 'node')} in {_count(parts, 'part')}, {km:,.1f} km of road",
        )
        edges = [e for e in edges if e.start in kept and e.end in kept]
    if not edges:
        findings.error(LOC, "no two nodes of this network can be reached from each other")
    return [node for name, node in draft.nodes.items() if name in kept], edges


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def with_credit(attribution: Sequence[str], edges: Sequence[RoadEdge]) -> tuple[str, ...]:
    """Return what stands under every map: OpenStreetMap is named where roads came from it."""
    named = any("openstreetmap" in line.lower() for line in attribution)
    if named or all(edge.provenance != PROVENANCE for edge in edges):
        return tuple(attribution)
    return (*attribution, CREDIT)
