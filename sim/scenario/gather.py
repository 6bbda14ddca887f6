"""Reading every file that a scenario names; each is read once and kept for the results folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import TypeVar, get_args

from sim import units
from sim.cycle_collector import no_collector
from sim.local_clock import local_clock

from . import format1
from .diagnostics.findings import Findings
from .fields.distribution import TimeUnit
from .fields.models import ClockSection, DemandSection, Roads
from .model_checks.coordinate_checks import odd_places
from .model_checks.hospital_checks import warn_of_columns
from .model_checks.local_times import warn_of_rows
from .networks import network_files, road_rows
from .tables import record_callouts, table_rows
from .tables.coastline import Line, read_coastline
from .tables.csv_tables import CsvTable, Row
from .tables.table_rows import HospitalRow, ListedRow, PlaceRow, RoadEdge, RoadNode
from .text import files
from .text.files import FileProblemError, InputFile
from .text.source import Loc, UnreadableError

T = TypeVar("T")


@dataclass
class FileContents:
    """What the files named in a scenario hold; None or empty where none is named."""

    place_names: list[str] | None = None  # None: not known, because the places are wrong
    area_names: list[str] | None = None  # these two are of tables, None also where there is none
    hospital_names: list[str] | None = None
    places: list[PlaceRow] = field(default_factory=list)
    kind_columns: dict[str, list[float]] = field(default_factory=dict)  # weights, by kind
    nodes: list[RoadNode] = field(default_factory=list)
    edges: list[RoadEdge] = field(default_factory=list)
    is_network_read: bool = False  # with no error, so that what it has not is nowhere
    times: dict[tuple[str, str], int] | None = None
    hospitals: list[HospitalRow] = field(default_factory=list)
    callouts: list[ListedRow] | None = None
    coastline: tuple[Line, ...] = ()
    values: dict[Loc, tuple[int, ...]] = field(default_factory=dict)
    names: dict[Loc, str] = field(default_factory=dict)  # where a file is named: its input's name

    @property
    def road_names(self) -> list[str] | None:
        """The names of roads; None where there is no network, or an error in it."""
        if not self.is_network_read:
            return None
        return list(dict.fromkeys(edge.road for edge in self.edges if edge.road))

    @property
    def node_names(self) -> list[str] | None:
        """The names of road nodes; None where there is no network, or an error in it."""
        return [node.id for node in self.nodes] if self.is_network_read else None


class _FileGatherer:
    def __init__(self, findings: Findings, read: Sequence[tuple[str, bytes]]) -> None:
        self.findings, self.tree = findings, findings.tree
        self.taken: set[str] = set()
        self.inputs = [files.as_input(name, data, self.taken) for name, data in read]
        self.known: dict[tuple[Path | None, str], InputFile | None] = {}
        self.found = FileContents()

    def text(self, *loc: str) -> str | None:
        """Return the text written at a path, or None."""
        node = self.tree.at(loc)
        return node.value if node is not None and isinstance(node.value, str) else None

    def keys(self, *loc: str) -> list[str] | None:
        """Return the keys of the mapping at a path, or None."""
        node = self.tree.at(loc)
        return list(node.value) if node is not None and isinstance(node.value, dict) else None

    def data(self, loc: Loc, cap: int = files.MAX_FILE_BYTES) -> tuple[str, bytes] | None:
        """Return the shown name and the bytes of the file named at a path."""
        node = self.tree.at(loc)
        if node is None or not isinstance(node.value, str):
            return None
        source, name = node.spot.source, node.value
        key = (source.folder, name)
        if key not in self.known:
            self.known[key] = None
            try:
                data = files.read_next_to(source.folder or Path(), name, cap)
            except FileProblemError as problem:
                self.findings.error(loc, str(problem), problem.help)
            else:
                self.known[key] = files.as_input(name, data, self.taken)
                self.inputs.append(self.known[key])  # type: ignore[arg-type]
        read = self.known[key]
        if read is None:
            return None
        self.found.names[loc] = read.name
        return os.path.join(os.path.dirname(source.name), name), read.data

    def table(self, *loc: str | int) -> CsvTable | None:
        """Return the table named at a path; None where none is named or it cannot be read."""
        read = self.data(loc)
        if read is None:
            return None
        try:
            table = CsvTable(read[1], read[0], self.findings)
        except UnreadableError as error:
            for diagnostic in error.diagnostics:
                self.findings.add(diagnostic)
            return None
        self._note_old_columns(table, loc)
        return table

    def _note_old_columns(self, table: CsvTable, loc: Loc) -> None:
        """Note each column that is still called as in format 1."""
        node = self.tree.at(loc)
        for old, new in format1.old_columns(loc, table.columns).items():
            shown = quote(node.spot.source.name) if node is not None else ""
            said = f"the column '{old}' is now '{new}'"
            help = f"rescuesim upgrade {shown} --tables"
            table.note(Row(table.header_line, []), table.columns[old], said, help)

    def from_table(self, loc: Loc, reader: Callable[[CsvTable], T], otherwise: T) -> T:
        """Return what a reader makes of the table named at a path."""
        table = self.table(*loc)
        return otherwise if table is None else reader(table)

    def unit(self, *loc: str | int) -> str:
        """Return the unit of time at a path; where there is none, what it is of roads."""
        node = self.tree.at(loc)
        if node is not None and node.value in get_args(TimeUnit):
            return str(node.value)
        return str(Roads.default_of("unit"))

    def gather_places(self) -> None:
        """Read the places, and which column weighs them."""
        self.found.place_names = self.keys("map", "places")
        table = self.table("map", "places")
        if table is None:
            return
        self.found.places = table_rows.read_places(table, self._weight_column(table))
        self._read_kind_columns(table)
        rows = {table.cell(row, "name"): row for row in table.rows}
        for odd in odd_places(self.found.places):
            table.warn(rows[odd.name], "lat", odd.message, odd.help)
        if "name" in table.columns:
            names = self.found.place_names = [table.cell(row, "name") for row in table.rows]
            areas = (table.cell(row, "area") for row in table.rows)
            self.found.area_names = list(
                dict.fromkeys(area or name for area, name in zip(areas, names, strict=True))
            )
            if not table.rows:
                self.findings.error(("map", "places"), "there is no place in this table")

    def _weight_column(self, table: CsvTable) -> str | None:
        written = self.tree.at(("demand", "where"))
        if written is not None and not isinstance(written.value, str):
            return None
        where = self.text("demand", "where") or DemandSection.default_of("where")
        if where == "equal" or where in table.columns:
            return None if where == "equal" else where
        listed = (self.tree.at(("demand", way)) for way in ("callouts", "record"))
        if written is None and any(node is not None for node in listed):
            return None  # callouts written down need no weights
        loc = ("demand", "where") if written is not None else ("map", "places")
        self.findings.error(loc, *table_rows.missing_weight(table, where))
        return None

    def _read_kind_columns(self, table: CsvTable) -> None:
        """Read the columns that weigh the places of single kinds."""
        for kind in self.keys("demand", "kinds") or ():
            loc = ("demand", "kinds", kind, "where")
            column = self.text(*loc)
            if column is None or column == "equal":
                continue
            if column not in table.columns:
                self.findings.error(loc, *table_rows.missing_weight(table, column))
                continue
            numbers = [table.number(row, column) for row in table.rows]
            self.found.kind_columns[kind] = [n for n in numbers if n is not None]

    def gather_roads(self) -> None:
        """Read the road network or the table of times."""
        found, errors = self.found, self.findings.count
        kmh = self._kmh()
        read = self.data(network_files.LOC, network_files.MAX_BYTES)
        if read is not None:
            found.nodes, found.edges = network_files.read_network(*read, kmh, self.findings)
        nodes = self.table("map", "roads", "nodes")
        ids = None
        if nodes is not None:
            found.nodes, ids = road_rows.read_nodes(nodes), road_rows.node_names(nodes)
        found.edges = self.from_table(
            ("map", "roads", "edges"), lambda t: road_rows.read_edges(t, ids), found.edges
        )
        found.is_network_read = bool(found.edges) and self.findings.count == errors
        unit = self.unit("map", "roads", "unit")
        found.times = self.from_table(
            ("map", "roads", "table"),
            lambda t: table_rows.read_times(t, unit, found.place_names),
            None,
        )

    def _kmh(self) -> dict[str, float]:
        """Return the scenario's speeds by class of road; pydantic reports what is not a number."""
        node = self.tree.at(network_files.KMH)
        given = node.value if node is not None and isinstance(node.value, dict) else {}
        network = self.tree.at(network_files.LOC)
        if given and (network is None or network.value is None):
            said = "speeds by class are for a `network`; a table of edges has its own"
            self.findings.warn(network_files.KMH, said)
        kmh = {}
        for road_class, written in given.items():
            try:
                speed = float(units.western_digits(str(written.value)))
            except ValueError:
                continue
            if network_files.SLOWEST <= speed <= network_files.FASTEST:
                kmh[road_class] = speed
            else:
                span = f"from {network_files.SLOWEST:g} to {network_files.FASTEST:g} km/h"
                loc = (*network_files.KMH, road_class)
                self.findings.error(loc, f"a speed is {span}, found {units.shown(written.value)}")
        return kmh

    def gather_hospitals(self) -> None:
        """Read the hospitals; a misspelt limit would be none, so it is told."""
        table = self.table("map", "hospitals")
        if table is not None:
            self.found.hospitals = table_rows.read_hospitals(table, self.found.place_names)
            warn_of_columns(table)
            if "name" in table.columns:
                self.found.hospital_names = [table.cell(row, "name") for row in table.rows]

    def gather_callouts(self) -> None:
        """Read the callouts written down in a table; their times need the scenario's start."""
        table = self.table("demand", "callouts")
        try:
            start = units.start_time(self.text("clock", "start"))
        except units.QuantityError:
            return
        if table is not None:
            kinds = self.keys("demand", "kinds")
            zone = self.text("clock", "timezone") or ClockSection.default_of("timezone")
            warn_of_rows(table, "at", start, zone)
            try:
                length = units.duration(self.text("clock", "length"))
            except units.QuantityError:
                length = 0
            self.found.callouts = table_rows.read_callouts(
                table, local_clock(start, zone, 0, length), self.found.place_names, kinds
            )
        record = self.table("demand", "record", "file")
        if record is not None:
            self.found.callouts = record_callouts.from_tree(
                record, self.tree, start, self.found.place_names, self.found.places
            )

    def gather_values(self) -> None:
        """Read the recorded durations that distributions draw from."""
        for loc, node in self.tree.walk():
            recorded = isinstance(node.value, dict) and {"file", "column"} <= node.value.keys()
            column = self.text(*map(str, loc), "column") if recorded else None
            if column is None or loc[:1] == ("policies",):
                continue
            table = self.table(*loc, "file")
            if table is None:
                continue
            values = table_rows.read_values(table, column, self.unit(*loc, "unit"))
            if values:
                self.found.values[loc] = values
            elif values is not None and not self.findings.full:
                self.findings.error((*loc, "column"), f"the column '{column}' holds no durations")

    def gather_coastline(self) -> None:
        """Read the coastline."""
        read = self.data(("map", "coastline"))
        if read is not None:
            try:
                self.found.coastline = read_coastline(read[1])
            except ValueError as error:
                self.findings.error(("map", "coastline"), str(error))


def gather(
    findings: Findings, read: Sequence[tuple[str, bytes]]
) -> tuple[FileContents, list[InputFile]]:
    """
    Return what the files named in a scenario hold, and every file read.

    Works on the tree as written, so that tables are checked even where the scenario itself has
    errors. ``read`` are the scenario files read so far.
    """
    gatherer = _FileGatherer(findings, read)
    gatherer.gather_values()
    gatherer.gather_places()
    with no_collector():
        gatherer.gather_roads()
    gatherer.gather_hospitals()
    gatherer.gather_callouts()
    gatherer.gather_coastline()
    return gatherer.found, gatherer.inputs
