"""
The folder of a validation: its tables, and what they are of.

`validation.json` is to a validation what the manifest is to a study, with another name, so that
neither is taken for the other. It is written last: while it is not there, the rest is not whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from sim.errors import UsageError

from ..results.folder_layout import MANIFEST, PARTIAL
from ..results.measured_place import MEASURED, write_whole
from .validation_study import Validation

FACTS = "validation.json"
TABLES = ("validation.csv", "distributions.csv", "calibration.csv", "quantiles.csv")


def check_validation_place(place: Path) -> None:
    """
    Refuse a place that holds anything but an earlier validation.

    Raises
    ------
    UsageError
        When it is a file, or holds something else.

    """
    if place.exists() and not place.is_dir():
        raise UsageError(f"--out: {place} is a file, not a folder")
    held = sorted(p.name for p in place.iterdir()) if place.is_dir() else []
    if {MANIFEST, PARTIAL, MEASURED} & {*held}:
        raise UsageError(f"--out: {place} holds the results of a study; name another place")
    others = [name for name in held if name not in (FACTS, *TABLES, "figures")]
    if others:
        raise UsageError(
            f"--out: {place} holds {others[0]!r}, which is no part of a validation; name another "
            "place"
        )


def write_tables(place: Path, found: Validation) -> list[Path]:
    """Write the tables of a validation, each atomically, and return their paths."""
    place.mkdir(parents=True, exist_ok=True)
    (place / FACTS).unlink(missing_ok=True)  # until all that it describes is there
    tables = found.compared, found.distributions, found.shares, found.quantiles
    texts = [table.csv() for table in tables]
    paths = [place / name for name in TABLES]
    for path, text in zip(paths, texts, strict=True):
        write_whole(path, text)
    return paths


def write_facts(place: Path, found: Validation, paths: Sequence[Path]) -> None:
    """Write what was validated, with the hashes of its files, atomically."""
    outputs = {
        path.relative_to(place).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(paths)
    }
    text = json.dumps({**facts_of_validation(found), "outputs": outputs}, indent=2) + "\n"
    write_whole(place / FACTS, text)


def facts_of_validation(found: Validation) -> dict[str, object]:
    """Return what was validated: scenario, record, period, tolerance, replications, seed."""
    recorded = found.recorded
    return {
        "format": 1,
        "rescuesim": version("rescuesim"),
        "scenario": found.scenario,
        "policy": found.policy,
        "record": recorded.name,
        "record_sha256": hashlib.sha256(recorded.data).hexdigest(),
        "start": recorded.period.first.isoformat(timespec="minutes"),
        "days": recorded.period.days,
        "callouts": len(recorded.callouts),
        "left_out": recorded.left_out,
        "demands": list(found.demands),
        "tolerance": {"share": found.tolerance.share, "time_ms": found.tolerance.time},
        "replications": found.replications,
        "seed": found.seed,
        "agrees": found.agrees,
        "not_compared": list(found.not_compared),
        "warnings": [warning.message for warning in found.warnings],
    }
