"""Running a results folder again, and the first field in which the two differ."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import ResultsError

from ..running.alternatives import Design
from ..running.journal import Journal
from ..running.processes import Workers
from ..running.runner import Runner
from ..running.study import Progress, run_study
from ..running.study_tables import tabulate
from ..selection.selection_study import run_selection, wanted_of
from .bounded_reading import bytes_of, hash_of, unpacked
from .column_archive import open_columns
from .design_reading import design_again
from .folder import content_hash, write_selection, write_study
from .folder_layout import ANSWER, INPUTS, MANIFEST, RESULTS_VERSION
from .manifest_reading import read_manifest

MOST_BYTES = 2_000_000_000  # of a table


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What running again found: ``difference`` is empty where all is the same."""

    compared: tuple[str, ...]
    difference: str

    @property
    def identical(self) -> bool:
        """Whether every file came out the same."""
        return not self.difference


def run_again(
    folder: Path,
    workers: Callable[[Design, Runner], Workers],
    on_progress: Callable[[Progress], None] | None = None,
) -> Reproduction:
    """
    Run what a results folder holds once more, and compare every file but the figures, the answer in
    words and what rests on a record.

    Raises
    ------
    ResultsError
        When the folder is not whole, or was made by a version whose runs differ from this one's.

    """
    manifest = read_manifest(folder)
    if manifest["results_version"] != RESULTS_VERSION:
        raise ResultsError(
            f"{folder} was made by rescuesim {manifest['rescuesim']} (results version "
            f"{manifest['results_version']}); this one gives results version {RESULTS_VERSION}"
        )
    design = design_again(folder, manifest)
    runner = Runner(design.alternatives, design.seed)
    with tempfile.TemporaryDirectory(prefix="rescuesim-") as own:
        new = Path(own) / "results"
        with Journal(new, content_hash(design)) as journal:
            if "selection" in manifest:
                wanted = wanted_of(manifest["selection"].get("wanted"))
                found = run_selection(
                    design, wanted, runner=runner, workers=workers(design, runner)
                )
                write_selection(new, found, "reproduce", {})
                (new / MANIFEST).unlink()
            else:
                study = run_study(
                    design,
                    runner=runner,
                    workers=workers(design, runner),
                    journal=journal,
                    on_progress=on_progress,
                    fresh="confirmation" in manifest,
                )
                tables = tabulate(study, manifest.get("control", False))
                write_study(new, study, tables, journal)
            journal.done()
        names = [
            name
            for name in manifest["outputs"]
            if not name.startswith("figures/") and name not in (ANSWER, INPUTS)
        ]
        made = {p.relative_to(new).as_posix() for p in new.rglob("*") if p.is_file()}
        for name in sorted({*names, *made}):
            if name not in names or name not in made:
                where = "there" if name in names else "now"
                return Reproduction(tuple(names), f"{name}: only {where}")
            difference = _difference(name, folder, new)
            if difference:
                return Reproduction(tuple(names), f"{name}{difference}")
    return Reproduction(tuple(names), "")


def _difference(name: str, there: Path, now: Path) -> str:
    """Return the first field in which two files differ, or nothing."""
    if hash_of(there, name) == hash_of(now, name):
        return ""
    try:
        if name.endswith(".npz"):
            return _columns(there, now, name)
        old, new = _lines(there, name), _lines(now, name)
        shown = name.removesuffix(".gz")
        if shown.endswith(".csv"):
            return _told(_cells(old, new))
        if shown.endswith(".jsonl"):
            return _told(_keys(old, new))
        return _told(
            (f", line {i}", a, b)
            for i, (a, b) in enumerate(zip_longest(old, new), start=1)
            if a != b
        )
    except (ResultsError, ValueError, LookupError, AttributeError, RecursionError, csv.Error):
        return ": it is damaged there"


def _lines(folder: Path, name: str) -> list[str]:
    if name.endswith(".gz"):
        return unpacked(folder, name).decode().splitlines()
    return bytes_of(folder, name, MOST_BYTES).decode().splitlines()


def _told(differences: Iterator[tuple[str, Any, Any]]) -> str:
    for where, old, new in differences:
        return f"{where}: {_short(old)} there, {_short(new)} now"
    return ""  # the same words, packed in another way


def _short(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _cells(old: list[str], new: list[str]) -> Iterator[tuple[str, Any, Any]]:
    head = next(csv.reader(new[:1]), [])
    rows = zip_longest(csv.reader(old), csv.reader(new), fillvalue=list[str]())
    for line, (ours, theirs) in enumerate(rows, start=1):
        for column, (a, b) in enumerate(zip_longest(ours, theirs)):
            if a != b:
                field = head[column] if column < len(head) else f"column {column + 1}"
                yield f", line {line}, {field}", a, b


def _keys(old: list[str], new: list[str]) -> Iterator[tuple[str, Any, Any]]:
    for line, (ours, theirs) in enumerate(zip_longest(old, new, fillvalue="{}"), start=1):
        if ours != theirs:
            a, b = json.loads(ours), json.loads(theirs)
            for key in dict.fromkeys([*a, *b]):
                if a.get(key) != b.get(key):
                    yield f", line {line}, {key}", a.get(key), b.get(key)


def _columns(there: Path, now: Path, name: str) -> str:
    with open_columns(there, name) as ours, open_columns(now, name) as theirs:
        for column in theirs.names:
            if column not in ours.names:
                return f", {column}: not there"
            b = theirs.column(column)
            length = ours.length(column)
            if length != len(b):
                return f", {column}: {length} values there, {len(b)} now"
            a = ours.column(column, b.shape)
            same = (a == b) | ((a != a) & (b != b))
            if not same.all():
                at = tuple(int(i[0]) for i in np.nonzero(~same))
                return f", {column}, number {at[0] + 1}: {a[at]} there, {b[at]} now"
    return ""
