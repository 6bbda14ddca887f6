"""
The folder of a measurement: what was measured, next to its table, so that it can be read back.

`measured.json` is to a measurement what the manifest is to a study, with another name, so that
neither is taken for the other.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim import units
from sim.errors import ResultsError
from sim.whole_file import whole_file

from ..running.study_tables import EstimateRow
from .bounded_reading import bytes_of, hash_of
from .measured_record import Measured

MEASURED, SUMMARY = "measured.json", "summary.csv"
FORMAT: Literal[1] = 1
_MOST_BYTES = 50_000_000
_MOST_NAMES = 1000

Span = Annotated[int, Field(gt=0, le=2 * units.LONGEST)]


class MeasuredFacts(BaseModel):
    """What was measured, and when: names, period, what intervals rest on, hashes of the files."""

    model_config = ConfigDict(strict=True, frozen=True)

    format: Literal[1]
    rescuesim: str
    name: str
    start: str
    end_ms: Span
    end: str | None = None  # by the local clock, where that was changed in between
    unit: Literal["replication", "day", ""]
    replications: Annotated[int, Field(ge=1)]
    horizon_ms: Span
    alternatives: Annotated[list[str], Field(min_length=1, max_length=_MOST_NAMES)]
    warnings: list[str]
    outputs: dict[str, str]

    @property
    def simulated(self) -> bool:
        """Whether the callouts are those of a simulation: records have no replications."""
        return self.unit == "replication"

    @property
    def begins(self) -> datetime:
        """When the period begins, local time."""
        return datetime.fromisoformat(self.start)

    @property
    def ends(self) -> datetime:
        """When the period ends, local time."""
        if self.end is not None:
            return datetime.fromisoformat(self.end)
        return self.begins + timedelta(milliseconds=self.end_ms)


class MeasuredResults(NamedTuple):
    """A measurement read back: what was measured, and its table."""

    folder: Path
    facts: MeasuredFacts
    rows: tuple[EstimateRow, ...]
    changed: tuple[str, ...]  # figures that are not as they were drawn
    missing: tuple[str, ...]


def facts_of(found: Measured, outputs: dict[str, str] | None = None) -> MeasuredFacts:
    """Return what was measured, as it is written next to its table."""
    first = found.samples[0]
    return MeasuredFacts(
        format=FORMAT,
        rescuesim=version("rescuesim"),
        name=found.name,
        start=found.start.isoformat(timespec="seconds"),
        end_ms=found.end,
        end=found.clock.moment(found.end).isoformat(timespec="seconds")
        if found.clock.changes
        else None,
        unit=found.unit,  # type: ignore[arg-type]  # checked by the model
        replications=first.observations.replications,
        horizon_ms=first.standards.horizon,
        alternatives=[sample.name for sample in found.samples],
        warnings=[warning.message for warning in found.warnings],
        outputs=outputs or {},
    )


def write_measured(folder: Path, found: Measured, paths: Sequence[Path]) -> None:
    """Write what was measured, with the hashes of its files, atomically."""
    outputs = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(paths)
    }
    text = facts_of(found, outputs).model_dump_json(indent=2, exclude_none=True) + "\n"
    write_whole(folder / MEASURED, text)


def write_whole(path: Path, text: str) -> None:
    """Write a file of a measurement, or leave what is there."""
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="")


def is_measured(folder: Path) -> bool:
    """Return whether a folder is that of a measurement."""
    return (folder / MEASURED).is_file()


def read_measured(folder: Path) -> MeasuredResults:
    """
    Read a measurement back.

    Raises
    ------
    ResultsError
        When a file is missing, damaged, or not as it was written.

    """
    try:
        loaded: Any = json.loads(bytes_of(folder, MEASURED, _MOST_BYTES).decode())
        facts = MeasuredFacts.model_validate(loaded)
        _ = facts.ends
    except (ValueError, ValidationError, RecursionError, OverflowError) as error:
        told = " ".join(str(error).split())[:200]
        raise ResultsError(f"{folder / MEASURED} is damaged: {told}") from None
    if hash_of(folder, SUMMARY) != facts.outputs.get(SUMMARY):
        raise ResultsError(
            f"{folder / SUMMARY} is not the file that {MEASURED} describes; measure the record "
            "again"
        )
    others = [name for name in facts.outputs if name != SUMMARY]
    missing = tuple(name for name in others if not os.path.lexists(folder / name))
    changed = tuple(n for n in others if n not in missing and _altered(folder, n, facts))
    return MeasuredResults(folder, facts, _rows(folder), changed, missing)


def _altered(folder: Path, name: str, facts: MeasuredFacts) -> bool:
    try:
        return hash_of(folder, name) != facts.outputs[name]
    except ResultsError:
        return True


def _rows(folder: Path) -> tuple[EstimateRow, ...]:
    text = bytes_of(folder, SUMMARY, _MOST_BYTES).decode()
    try:
        return tuple(
            EstimateRow(
                row["alternative"], row["measure"], row["group"], _number(row["value"]),
                _number(row["low"]), _number(row["high"]), row["unit"], int(row["replications"]),
                row["note"],
            )
            for row in csv.DictReader(io.StringIO(text))
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise ResultsError(f"{folder / SUMMARY} is damaged: {error!r}") from None


def _number(text: str) -> float | None:
    if not text:
        return None
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is no measured value")
    return value
