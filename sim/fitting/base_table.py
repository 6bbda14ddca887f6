"""
Where units start: a table of bases from the planner, for a record says nothing of it.

Its columns are ``unit`` (a name as in the record), ``lat`` and ``lon``; ``base``, a name that may
be published, may follow.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim import units
from sim.errors import ScenarioError, UsageError
from sim.scenario.diagnostics.findings import Findings
from sim.scenario.tables.csv_tables import CsvTable
from sim.scenario.text.files import FileProblemError, read_named
from sim.scenario.text.source import Source, UnreadableError, read_tree

from .drive_speeds import UnitBase
from .fitted_input import LONGEST_NAME, FittedInput

MAX_BYTES = 1_000_000


def read_bases(path: Path, found: FittedInput) -> dict[int, UnitBase]:
    """
    Return the base of each unit of a record that a table names, by the unit's number.

    Raises
    ------
    ScenarioError, UsageError
        When the table cannot be read, names a unit twice, or none of the record.

    """
    findings = Findings(read_tree(Source(str(path), "{}", path.parent)))
    try:
        table = CsvTable(read_named(path, MAX_BYTES), str(path), findings)
    except FileProblemError as problem:
        raise UsageError(f"--bases: {problem}; {problem.help}".removesuffix("; ")) from None
    except UnreadableError as error:
        raise ScenarioError(list(error.diagnostics)) from None
    bases: dict[int, UnitBase] = {}
    numbers = {name: number for number, name in enumerate(found.unit_names)}
    positions: dict[tuple[float, float], str] = {}
    seen: set[str] = set()
    if table.require("unit", "lat", "lon"):
        for row in table.rows:
            unit = table.cell(row, "unit")
            lat = table.number(row, "lat", -90, 90)
            lon = table.number(row, "lon", -180, 180)
            if unit in seen:
                table.wrong(row, "unit", f"the unit {units.shown(unit)} is in two rows", "")
            seen.add(unit)
            if lat is None or lon is None:
                if not findings.diagnostics:
                    table.wrong(row, "lat", "a base needs both lat and lon", "")
                continue
            name = table.cell(row, "base")[:LONGEST_NAME] if "base" in table.columns else ""
            name = name or positions.setdefault((lat, lon), f"base {len(positions) + 1}")
            if unit in numbers:
                bases[numbers[unit]] = UnitBase(name, lat, lon, True)
    if findings.diagnostics:
        raise ScenarioError(findings.in_order())
    if not bases:
        raise UsageError(f"--bases: none of the units in {path} is in the record")
    return bases


def illustrative_bases(found: FittedInput) -> dict[int, UnitBase]:
    """
    Return a base for each unit at the place where most of its callouts were.

    Unit -1 stands for rows without a unit's name.
    """
    place = found.place[found.callout]
    bases = {}
    for unit in np.unique(found.unit):
        mine = place[(found.unit == unit) & (place >= 0)]
        if len(mine):
            most = int(np.bincount(mine).argmax())
            lat, lon = (float(part) for part in found.positions[most])
            bases[int(unit)] = UnitBase(found.places[most], lat, lon, False)
    return bases


__all__ = ["UnitBase", "illustrative_bases", "read_bases"]
