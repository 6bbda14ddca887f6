"""The rows of the tables that a scenario names: places, roads, hospitals, times, callouts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

from sim import units
from sim.local_clock import LocalClock

from ..diagnostics.diagnostic import enumerated, nearest
from .csv_tables import CsvTable, Row

MAX_MINUTES = 100 * 366 * 1440
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place; ``weight`` is its demand relative to the others. Coordinates in degrees."""

    name: str
    name_ar: str | None
    area: str
    lat: float | None
    lon: float | None
    weight: float


class RoadNode(NamedTuple):
    """A point of the road network. Coordinates in degrees."""

    id: str
    lat: float
    lon: float


class RoadEdge(NamedTuple):
    """
    A road between two nodes, both ways unless ``one_way``; its own speed is ``kmh``.

    ``sd`` is the standard deviation of the time along it, as a share of that time; ``exposure``
    a declared danger, 0 for none; a ``no_go`` road is never taken by rules that heed it.
    """

    start: str
    end: str
    metres: int
    kmh: float
    road_class: str
    provenance: str
    one_way: bool
    sd: float = 0.0
    exposure: float = 0.0
    no_go: bool = False
    road: str = ""  # its name, for closures

    def between(self, start: str, end: str, metres: int) -> RoadEdge:
        """Return a road like this one between other nodes."""
        return self._replace(start=start, end=end, metres=metres)


@dataclass(frozen=True, slots=True)
class HospitalRow:
    """A hospital, the place it stands in and what it can take; None: any number."""

    name: str
    place: str
    name_ar: str | None
    offload_bays: int | None = None  # handovers at the same time
    diverts_at: int | None = None  # teams there or on their way at which it is full
    referral: bool = False  # outside the region
    begins: int | datetime | None = None  # when it opens, as written
    until: int | datetime | None = None  # when it closes, as written
    hours: tuple[int, int] | None = None  # of each day in which it is open [ms]


@dataclass(frozen=True, slots=True)
class ListedRow:
    """
    A callout written down; ``at_ms`` counts from the scenario's start.

    What is None is drawn from the kind.
    """

    at_ms: int
    place: str
    kind: str
    on_scene_ms: int | None
    handling_ms: int | None = None  # received to ready
    transported: bool | None = None
    hand_over_ms: int | None = None


def read_places(table: CsvTable, column: str | None) -> list[PlaceRow]:
    """
    Return the places of a table, weighted by a column of it.

    Without a column each weighs 1; the caller weights them otherwise.
    """
    if not table.require("name", "lat", "lon"):
        return []
    places, seen = [], SeenNames(table, "name", "place")
    for row in table.rows:
        name = seen.new(row)
        lat = table.number(row, "lat", -90, 90)
        lon = table.number(row, "lon", -180, 180)
        weight = 1.0 if column is None else table.number(row, column)
        if name is None or lat is None or lon is None or weight is None:
            continue
        area = table.cell(row, "area") or name
        places.append(PlaceRow(name, table.cell(row, "name_ar") or None, area, lat, lon, weight))
    return places


def numeric_columns(table: CsvTable) -> list[str]:
    """Return the columns that could be a demand weight: numbers in every row, none negative."""

    def could_weigh(column: str) -> bool:
        numbers = [table.as_number(table.cell(row, column)) for row in table.rows]
        return bool(numbers) and all(n is not None and n >= 0 for n in numbers)

    return [c for c in table.columns if c not in ("lat", "lon") and could_weigh(c)]


def missing_weight(table: CsvTable, column: str) -> tuple[str, str]:
    """Return what to say when the weight column is not in the table, and what to do."""
    choices = numeric_columns(table)
    hint = nearest(column, choices) or f"columns of numbers: {enumerated(choices) or 'none'}"
    return f"the table of places has no column '{column}'", f"{hint}   or write: where: equal"


def read_hospitals(table: CsvTable, places: Collection[str] | None) -> list[HospitalRow]:
    """Return the hospitals of a table; without places theirs are not looked up."""
    if not table.require("name", "place"):
        return []
    known = None if places is None else dict.fromkeys(places)
    hospitals, seen = [], SeenNames(table, "name", "hospital")
    for row in table.rows:
        name = seen.new(row)
        place = table.refers(row, "place", "place", known, "places")
        if name and place:
            name_ar = table.cell(row, "name_ar") or None
            offload_bays, diverts_at = (
                _limit(table, row, c) for c in ("offload_bays", "diverts_at")
            )
            referral = table.yes(row, "referral")
            begins, until = (_written(table, row, c, units.moment) for c in ("from", "until"))
            hours = _written(table, row, "hours", units.hours)
            hospitals.append(
                HospitalRow(
                    name, place, name_ar, offload_bays, diverts_at, referral, begins, until, hours
                )
            )
    return hospitals


def _written(table: CsvTable, row: Row, column: str, read: Callable[[object], T]) -> T | None:
    """Return what a cell says, None where it is empty or, with an error noted, wrong."""
    written = table.cell(row, column)
    if not written:
        return None
    try:
        return read(written)
    except (units.QuantityError, OverflowError) as error:
        table.wrong(row, column, str(error), getattr(error, "help", ""))
        return None


def _limit(table: CsvTable, row: Row, column: str) -> int | None:
    """Return the whole number in a cell, None where it is empty or, with an error noted, wrong."""
    if not table.cell(row, column):
        return None
    number = table.number(row, column, 1, 1000)
    if number is not None and number != round(number):
        table.wrong(row, column, f"{column} must be a whole number, found {number:g}")
        return None
    return None if number is None else round(number)


def read_times(
    table: CsvTable, unit: str, places: Collection[str] | None
) -> dict[tuple[str, str], int]:
    """Return travel times by (from, to); an empty cell is no way. [ms]"""
    columns = list(table.columns)
    if not columns:
        return {}
    known = dict.fromkeys(places or ())
    goals = [c for c in columns if table.columns[c] > 0]
    header = Row(table.header_line, [])
    for goal in goals:
        if places is not None and goal not in known:
            hint = nearest(goal, list(known), "places")
            table.wrong(header, goal, f"no place is called '{goal}'", hint)
    corner = next((c for c in columns if table.columns[c] == 0), None)
    if corner is None:  # the cell above the row names may be left empty
        corner = ""
        table.columns[corner] = 0
    seen = SeenNames(table, corner, "row")
    times = {}
    for row in table.rows:
        start = seen.new(row)
        if start is not None and places is not None and start not in known:
            table.refers(row, corner, "place", known, "places")
        for goal in goals:
            if table.cell(row, goal):
                what = f"the time to {goal}"
                time = table.number(row, goal, 0, MAX_MINUTES, what)
                if start is not None and time is not None:
                    times[start, goal] = round(time * units.MS_PER[unit])
    return times


def read_values(table: CsvTable, column: str, unit: str) -> tuple[int, ...] | None:
    """Return the recorded durations in a column, sorted; empty cells are passed over. [ms]"""
    if not table.require(column):
        return None
    found = []
    for row in table.rows:
        if table.cell(row, column):
            number = table.number(row, column, 0, MAX_MINUTES)
            if number is not None:
                found.append(round(number * units.MS_PER[unit]))
    return tuple(sorted(found))


def read_callouts(
    table: CsvTable,
    clock: LocalClock,
    places: Collection[str] | None,
    kinds: Collection[str] | None,
) -> list[ListedRow]:
    """Return the callouts of a table in the order written."""
    if not table.require("at", "place", "kind"):
        return []
    known_places = None if places is None else dict.fromkeys(places)
    callouts = []
    for row in table.rows:
        at = _instant(table, row, clock)
        place = table.refers(row, "place", "place", known_places, "places")
        kind = table.refers(row, "kind", "kind", kinds, "kinds")
        on_scene = _written(table, row, "on_scene", units.duration)
        if at is not None and place and kind:
            callouts.append(ListedRow(at, place, kind, on_scene))
    return callouts


def _instant(table: CsvTable, row: Row, clock: LocalClock) -> int | None:
    try:
        at = clock.instant_of(units.moment(table.cell(row, "at")))
    except (units.QuantityError, OverflowError) as error:
        table.wrong(row, "at", str(error), getattr(error, "help", ""))
        return None
    if at < 0:
        table.wrong(row, "at", f"this is before the start, {clock.start:%Y-%m-%d %H:%M}")
        return None
    return at


class SeenNames:
    """The names in a column so far: each may be given once."""

    def __init__(self, table: CsvTable, column: str, what: str) -> None:
        self.table, self.column, self.what = table, column, what
        self.lines: dict[str, int] = {}

    def new(self, row: Row) -> str | None:
        """Return the row's name; None, with the error noted, if it is missing or not new."""
        name = self.table.text(row, self.column)
        if name is None:
            return None
        if name in self.lines:
            self.table.wrong(
                row,
                self.column,
                f"the {self.what} '{name}' is given twice",
                f"first given at line {self.lines[name] + 1}",
            )
            return None
        self.lines[name] = row.line
        return name
