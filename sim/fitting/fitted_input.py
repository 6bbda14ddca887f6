"""
A record as arrays, as everything that is fitted sees it: the one place that knows how it was read.

What could identify a person or a caller stays behind: names of units are numbers here, a kind or a
place of fewer than five callouts is joined with others, and a place with coordinates is where the
middle of its callouts is, to a hundredth of a degree (about a kilometre).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim import units
from sim.errors import Diagnostic, ScenarioError, UsageError
from sim.scenario.diagnostics.findings import Findings
from sim.scenario.fields.records import INSTANTS, Layout
from sim.scenario.recorded import read_layout, record_bytes, units_of
from sim.scenario.tables.record_days import NOT_COVERED
from sim.scenario.tables.same_words import NOT_RECORDED, OTHER_KINDS, OTHER_PLACES
from sim.scenario.tables.unit_rows import UnitRow, by_callout

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FEWEST = 5  # callouts of a kind, at a place or of a unit that is written on its own
MOST_PLACES, MOST_KINDS = 40, 30
LONGEST_NAME = 90  # characters of the name of a kind or a place
CELL = 0.02  # side of the smallest cell of a grid of places [degrees]
ROUNDED = 2  # decimals of the coordinates of a place [degrees]
WHOLE_AREA = "whole area"
HELD_OUT = "received on a day that is held out (--from, --until), or not covered"


@dataclass(frozen=True, eq=False)
class FittedInput:
    """
    A record as arrays: callouts in the order received, and the units' parts in them.

    Attributes
    ----------
    file, sha256, timezone
        Which record.
    warnings
        What was said when it was read; it may quote the record, so it is not written anywhere.
    left_out
        How many rows were left out, and why, in sentences without a word of the record.
    start
        Local midnight of instant 0.
    received
        When each callout was received, since the start, as clocks showed it: so every day has 24
        hours. Hours, weekdays and months are counted by it. [ms], shape (callouts,)
    kind, place
        Numbers into ``kinds`` and ``places``; a place of -1 is not known. Shape (callouts,)
    lat, lon
        Where each callout was; ``nan`` where that is not recorded. [degrees]
    positions
        Latitude and longitude of each place, ``nan`` without coordinates. Shape (places, 2)
    callout, unit
        Of each row: its callout, and the number of its unit, -1 where it has none. Shape (rows,)
    at
        Instants of the rows by name, ``nan`` where they did not happen. [ms], shape (rows,)
    unit_names
        Names as written, which are for matching a table of bases and nothing else.
    named
        The instants that the mapping names a column for.
    starts
        Latitude and longitude of each row's unit when it was dispatched, ``nan`` where that is not
        recorded. Shape (rows, 2)

    """

    file: str
    sha256: str
    timezone: str | None
    warnings: tuple[Diagnostic, ...]
    left_out: tuple[str, ...]
    start: datetime
    received: Ints
    kind: Ints
    kinds: tuple[str, ...]
    place: Ints
    places: tuple[str, ...]
    lat: Floats
    lon: Floats
    positions: Floats
    callout: Ints
    unit: Ints
    unit_names: tuple[str, ...]
    at: Mapping[str, Floats]
    named: frozenset[str]
    starts: Floats

    @property
    def until(self) -> float:
        """The last instant of any kind: what had not ended then was not seen to end. [ms]"""
        last = [np.nanmax(times) for times in self.at.values() if np.isfinite(times).any()]
        return float(max([float(self.received[-1]), *map(float, last)]))

    @property
    def mapped(self) -> bool:
        """Whether places have coordinates."""
        return bool(len(self.places)) and bool(np.isfinite(self.positions).all())

    def has(self, instant: str) -> bool:
        """Return whether an instant happened in any row."""
        return bool(np.isfinite(self.at[instant]).any())

    def first(self, instant: str) -> Floats:
        """Return each callout's first such instant among its units. [ms], shape (callouts,)"""
        found = np.full(len(self.received), np.inf)
        np.fmin.at(found, self.callout, self.at[instant])
        found[~np.isfinite(found)] = np.nan
        return found


def read_input(
    record: Path, mapping: Path, begin: datetime | None = None, until: datetime | None = None
) -> FittedInput:
    """
    Read a record by its mapping: callouts received from one midnight until another.

    Raises
    ------
    ScenarioError, UsageError
        When either cannot be read, each error with its line or row.

    """
    if not record.exists():
        raise UsageError(f"there is no file '{record}'")
    layout, tree = read_layout(mapping)
    layout = _only_days(layout, begin, until)
    findings = Findings(tree)
    data = record_bytes(record)
    read = units_of(data, str(record), layout, findings, None)
    if findings.diagnostics:
        raise ScenarioError(findings.in_order())
    if read.dated_only:
        raise UsageError(
            f"{record}: callouts have dates and no times of day: nothing can be fitted"
        )
    held = {} if begin is None and until is None else {NOT_COVERED: HELD_OUT}
    left_out = tuple(
        f"{use.rows:,} row{'s' * (use.rows != 1)} not used: {held.get(use.use, use.use)}"
        for use in read.use[1:]
    )
    digest = hashlib.sha256(data).hexdigest()
    warnings = tuple(findings.warnings)
    return input_of(read.rows, layout, read.start, record.name, digest, warnings, left_out)


def _only_days(layout: Layout, begin: datetime | None, until: datetime | None) -> Layout:
    """Return a layout with the days between two midnights only, of those that it covers."""
    first, last = layout.first_day, layout.last_day
    if begin is not None:
        first = begin if first is None else max(first, begin)
    if until is not None:
        end = until - timedelta(days=1)
        last = end if last is None else min(last, end)
    if first is not None and last is not None and last < first:
        raise UsageError(
            f"--from, --until: no day is left to fit, from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        )
    return layout.model_copy(update={"first_day": first, "last_day": last})


def input_of(
    rows: Sequence[UnitRow],
    layout: Layout,
    start: datetime,
    file: str = "record",
    sha256: str = "",
    warnings: tuple[Diagnostic, ...] = (),
    left_out: tuple[str, ...] = (),
) -> FittedInput:
    """Return rows that were read as arrays, without what could identify anybody."""
    parts = sorted(by_callout(rows), key=lambda own: own[0].received)
    firsts = [own[0] for own in parts]
    received = np.array([first.received for first in firsts], dtype=np.int64)
    lat, lon = (_coordinates(firsts, name) for name in ("lat", "lon"))
    absent = (lat == 0) & (lon == 0)  # what an empty position is often written as
    lat[absent], lon[absent] = np.nan, np.nan
    kind, kinds = _joined([r.kind or NOT_RECORDED for r in firsts], MOST_KINDS, OTHER_KINDS)
    if layout.columns.place is not None or layout.columns.area is not None:
        words = [first.place or first.area or NOT_RECORDED for first in firsts]
        place, places = _joined(words, MOST_PLACES, OTHER_PLACES)
    else:
        place, places = _cells(lat, lon)
    place, places, positions = _positioned(place, places, lat, lon)
    flat = [row for own in parts for row in own]
    names = {name: n for n, name in enumerate(dict.fromkeys(r.unit for r in flat if r.unit))}
    return FittedInput(
        file, sha256, layout.timezone, warnings, left_out, start, received,
        kind, kinds, place, places, lat, lon, positions,
        np.repeat(np.arange(len(parts)), [len(own) for own in parts]),
        np.array([names.get(row.unit, -1) for row in flat], dtype=np.int64), tuple(names),
        {name: _instants(flat, name) for name in INSTANTS}, frozenset(layout.columns.instants),
        np.array([row.start for row in flat], dtype=np.float64),
    )  # fmt: skip


def _coordinates(firsts: Sequence[UnitRow], name: str) -> Floats:
    found = [getattr(first, name) for first in firsts]
    return np.array([np.nan if value is None else value for value in found], dtype=np.float64)


def _instants(rows: Sequence[UnitRow], name: str) -> Floats:
    found = [row.received + row.at[name] if name in row.at else np.nan for row in rows]
    return np.array(found, dtype=np.float64)


def _joined(words: Sequence[str], most: int, rest: str) -> tuple[Ints, tuple[str, ...]]:
    """Number words by how often they occur; rare ones are one, called ``rest``."""
    words = [" ".join(units.printable(word).split())[:LONGEST_NAME] for word in words]
    counts = Counter(words)
    often = [word for word, n in counts.most_common() if n >= FEWEST]
    kept = often if len(often) == len(counts) <= most else often[: most - 1]
    if len(counts) == 1:
        kept = list(counts)
    numbers = {word: n for n, word in enumerate(kept)}
    other = numbers.get(rest, len(kept))
    names = (*kept, rest) if len(kept) < len(counts) and rest not in numbers else tuple(kept)
    return np.array([numbers.get(word, other) for word in words], dtype=np.int64), names


def _cells(lat: Floats, lon: Floats) -> tuple[Ints, tuple[str, ...]]:
    """
    Return places on a grid, where a record names none: cells of five callouts or more.

    The grid is the finest of at most forty such cells, from 0.02 degrees on; other callouts are in
    the nearest of them.
    """
    known = np.isfinite(lat) & np.isfinite(lon)
    if known.sum() < FEWEST:
        return np.zeros(len(lat), dtype=np.int64), (WHOLE_AREA,)
    points, step = np.column_stack([lat[known], lon[known]]), CELL
    while True:
        cells, counts = np.unique(np.floor(points / step), axis=0, return_counts=True)
        often = cells[counts >= FEWEST]
        if 0 < len(often) <= MOST_PLACES:
            break
        step *= 2
    middle = (often + 0.5) * step
    away = ((points[:, None, :] - middle[None, :, :]) ** 2).sum(axis=2)
    place = np.full(len(lat), -1, dtype=np.int64)
    place[known] = away.argmin(axis=1)
    return place, tuple(f"cell {i + 1}" for i in range(len(often)))


def _positioned(
    place: Ints, places: tuple[str, ...], lat: Floats, lon: Floats
) -> tuple[Ints, tuple[str, ...], Floats]:
    """Return places with their positions; those without are not known where others have one."""
    positions = np.full((len(places), 2), np.nan)
    for number in range(len(places)):
        here = (place == number) & np.isfinite(lat) & np.isfinite(lon)
        if here.sum() >= FEWEST:
            positions[number] = np.median(lat[here]), np.median(lon[here])
    positions = positions.round(ROUNDED)
    known = np.isfinite(positions[:, 0])
    if known.all() or not known.any():
        return place, places, positions
    renumbered = np.where(known, np.cumsum(known) - 1, -1)
    kept = tuple(name for name, has in zip(places, known, strict=True) if has)
    return np.where(place >= 0, renumbered[place], -1), kept, positions[known]


__all__ = ["FEWEST", "FittedInput", "Floats", "Ints", "input_of", "read_input"]
