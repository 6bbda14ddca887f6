"""
The results folder: written whole or not at all, named by its content, readable again.

Everything is written under a temporary name beside its place, the manifest last, and then
renamed; an interrupted command leaves nothing that could be taken for a result. The manifest's
``run`` block holds all that may differ between two equal runs.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import secrets
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.errors import ResultsError
from sim.log import KeptLog
from sim.outcomes import Observations, compare, per_replication, stack, summarise
from sim.policies import parameters
from sim.scenario import ScenarioFile, read_scenario

from . import rows
from .study import Replication, Runner, Study

RESULTS_VERSION = 1  # raised whenever the same scenario and seed give other numbers
MANIFEST = "manifest.json"
CALLOUTS, MISSIONS, DECISIONS = "callouts.csv.gz", "missions.csv.gz", "decisions.jsonl.gz"
SUMMARY_COLUMNS = (
    "alternative", "measure", "group", "value", "low", "high", "unit", "replications", "weak",
)  # fmt: skip
REPLICATION_COLUMNS = ("alternative", "replication", "measure", "group", "value", "unit")
COMPARISON_COLUMNS = (
    "alternative", "baseline", "measure", "group", "difference", "low", "high", "unit",
    "correlation", "variance_ratio", "replications", "weak",
)  # fmt: skip


def content_hash(file: ScenarioFile, alternatives: Sequence[str]) -> str:
    """Return the hash of all that determines the results."""
    digest = hashlib.sha256()
    parts = [
        file.resolved_yaml(),
        *(f"{i.name}:{i.sha256}" for i in file.inputs[1:]),
        *alternatives,
        f"results {RESULTS_VERSION}, rescuesim {version('rescuesim')}",
    ]
    for part in parts:
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()


def default_place(file: ScenarioFile, alternatives: Sequence[str], under: Path) -> Path:
    """Return where the results of a scenario go if no place is named."""
    return under / f"{file.scenario.name}-{content_hash(file, alternatives)[:8]}"


@contextmanager
def written_whole(place: Path) -> Iterator[Path]:
    """
    Give a folder to write in, and put it in its place when all went well.

    An earlier result in that place is replaced only then. A folder that is not a result of ours,
    or that holds files of somebody else's, is never replaced. Folders made on the way are taken
    away again where it fails.

    Raises
    ------
    ResultsError
        When the place holds something else, or cannot be written.

    """
    shown, place = place, place.resolve()  # a link stays a link, and "." has a name
    if place.exists():
        _check_replaceable(place, shown)
    missing = [parent for parent in place.parents if not parent.exists()]
    work = place.with_name(f".{place.name}.{secrets.token_hex(4)}.part")
    try:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            work.mkdir()
        except OSError as error:
            raise ResultsError(f"cannot write to {shown.parent}: {error.strerror}") from None
        try:
            yield work
            _put(work, place)
        except OSError as error:
            raise ResultsError(f"cannot write results to {shown}: {error.strerror}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
        for parent in missing:
            with suppress(OSError):
                parent.rmdir()  # only where nothing is in it


def _check_replaceable(place: Path, shown: Path) -> None:
    """Refuse a place that holds anything that is not of an earlier result."""
    if place.is_dir() and not any(place.iterdir()):
        return
    try:
        ours = {MANIFEST, *_read_manifest(place)["outputs"]}
    except ResultsError:
        raise ResultsError(
            f"{shown} exists and is not a results folder; name another place with --out"
        ) from None
    found = {p.relative_to(place).as_posix() for p in place.rglob("*") if not p.is_dir()}
    others = sorted(f for f in found - ours if not f.startswith("figures/"))
    if others:
        raise ResultsError(
            f"{shown} holds {others[0]!r}, which is not part of the result there; move it away, "
            "or name another place with --out"
        )


def _put(work: Path, place: Path) -> None:
    old = work.with_suffix(".old")
    if place.exists():
        place.rename(old)
    try:
        work.rename(place)
    except BaseException:
        if old.exists():
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


class LogFiles:
    """The three files of the log, appended to as replications come in."""

    def __init__(self, folder: Path) -> None:
        self._open = ExitStack()
        self._files = {n: self._gzip(folder / n) for n in (CALLOUTS, MISSIONS, DECISIONS)}
        self._write(CALLOUTS, rows.header(rows.CALLOUT_COLUMNS))
        self._write(MISSIONS, rows.header(rows.MISSION_COLUMNS))

    def _gzip(self, path: Path) -> gzip.GzipFile:
        # no name and no time inside, so that equal logs are equal files
        under = self._open.enter_context(path.open("wb"))
        return self._open.enter_context(gzip.GzipFile("", "wb", 6, under, mtime=0))

    def _write(self, name: str, text: str) -> None:
        self._files[name].write(text.encode())

    def add(self, replication: Replication) -> None:
        """Append one replication, its alternatives in order."""
        for text in replication.logs.values():
            self._write(CALLOUTS, text.callouts)
            self._write(MISSIONS, text.missions)
            self._write(DECISIONS, text.decisions)

    def close(self) -> None:
        """Finish the files."""
        self._open.close()


@dataclass(frozen=True, slots=True)
class Tables:
    """A study's results as rows; the columns are named in this module."""

    summary: list[tuple[Any, ...]]
    replications: list[tuple[Any, ...]]
    comparisons: list[tuple[Any, ...]]


def tabulate(study: Study) -> Tables:
    """Work out every measure of every alternative, and the paired differences."""
    scenario, names, end = study.world.scenario, study.world.names, study.world.ends
    targets = scenario.targets
    tables = Tables([], [], [])
    baseline = study.observations[study.baseline]
    for name, obs in study.observations.items():
        tables.summary.extend((name, *e) for e in summarise(obs, names, targets, end))
        tables.replications.extend((name, *v) for v in per_replication(obs, names, targets, end))
        if name != study.baseline:
            paired = compare(obs, baseline, names, targets)
            tables.comparisons.extend((name, study.baseline, *c) for c in paired)
    return tables


def write_tables(folder: Path, tables: Tables) -> None:
    """Write summary, replications and, where there are several alternatives, comparisons."""
    _csv(folder / "summary.csv", SUMMARY_COLUMNS, tables.summary)
    _csv(folder / "replications.csv", REPLICATION_COLUMNS, tables.replications)
    if tables.comparisons:
        _csv(folder / "comparisons.csv", COMPARISON_COLUMNS, tables.comparisons)


def _csv(path: Path, columns: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(value) for value in line] for line in lines)


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str):
        return rows.guarded(value)
    return f"{value:.6g}" if isinstance(value, float) else value


def write_inputs(folder: Path, file: ScenarioFile) -> None:
    """Write the resolved scenario and copies of the files it names: enough to run it again."""
    (folder / "scenario.yaml").write_text(file.resolved_yaml(), encoding="utf-8")
    (folder / "inputs").mkdir()
    named = set(file.input_names.values())
    for given in file.inputs:
        if given.name in named:
            (folder / "inputs" / given.name).write_bytes(given.data)


def write_manifest(folder: Path, study: Study, command: str, run: dict[str, Any]) -> None:
    """Write the manifest, the last file of a result: its being there says complete."""
    file, scenario = study.world.file, study.world.scenario
    manifest = {
        "format": 1,
        "complete": True,
        "results_version": RESULTS_VERSION,
        "rescuesim": version("rescuesim"),
        "scenario": scenario.name,
        "title": scenario.title or scenario.name,
        "seed": scenario.study.seed,
        "replications": study.replications,
        "warm_up_ms": scenario.clock.warm_up,
        "run_ms": scenario.clock.run,
        "alternatives": {name: _described(p) for name, p in study.policies.items()},
        "callouts": {n: len(o.callout) for n, o in study.observations.items()},
        "content": content_hash(file, list(study.observations)),
        "inputs": {i.name: i.sha256 for i in file.inputs},
        "defaults": list(file.defaults),
        "warnings": [w.message for w in file.warnings],
        "random_numbers": "Philox4x64-10, keyed by seed and replication, counted by callout",
        "outputs": _hashes(folder),
        "run": {"command": command, **run},
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _described(policies: Any) -> dict[str, Any]:
    found = {}
    for question in ("dispatch", "queue", "relocation", "destination"):
        policy = getattr(policies, question)
        values = {p.name: getattr(policy, p.name) for p in parameters(type(policy))}
        found[question] = {"rule": type(policy).__name__, "parameters": values}
    return found


def _hashes(folder: Path) -> dict[str, str]:
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths
    }


@dataclass(frozen=True)
class Results:
    """A results folder read back."""

    folder: Path
    manifest: dict[str, Any]
    study: Study
    logs: dict[tuple[str, int], KeptLog]  # by alternative and replication; no decisions


def read_results(folder: Path) -> Results:
    """
    Read a results folder back, far enough to draw its figures again.

    Raises
    ------
    ResultsError
        When the folder is not there, not complete, or not as the manifest says.

    """
    manifest = _read_manifest(folder)
    inputs = [name for name in manifest["outputs"] if name.startswith("inputs/")]
    for name in ("scenario.yaml", *inputs, CALLOUTS, MISSIONS):
        _check(folder, name, manifest)
    runner = Runner(read_scenario(folder / "scenario.yaml"), list(manifest["alternatives"]))
    logs: dict[tuple[str, int], KeptLog] = defaultdict(KeptLog)
    names = runner.world.names
    with gzip.open(folder / CALLOUTS, "rt", encoding="utf-8", newline="") as lines:
        for alternative, r, callout in rows.read_callouts(lines, names):
            logs[alternative, r].callout(callout)
    with gzip.open(folder / MISSIONS, "rt", encoding="utf-8", newline="") as lines:
        for alternative, r, mission in rows.read_missions(lines, names):
            logs[alternative, r].mission(mission)
    alternatives = list(manifest["alternatives"])
    observed: dict[str, Observations] = {
        a: stack(
            [runner.observe(logs[rows.guarded(a), r]) for r in range(manifest["replications"])]
        )
        for a in alternatives
    }
    study = Study(runner.world, {a: runner.policies[a] for a in alternatives}, observed)
    return Results(folder, manifest, study, logs)


def _read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a results folder, and refuse what is not one of ours."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise ResultsError(
            f"{folder} is not a results folder: there is no {MANIFEST} in it"
        ) from None
    except (OSError, ValueError) as error:
        raise ResultsError(f"{folder / MANIFEST} cannot be read: {error}") from None
    if not isinstance(manifest, dict) or not {"rescuesim", "outputs", "alternatives"} <= {
        *manifest
    }:
        raise ResultsError(f"{folder} is not a results folder: its {MANIFEST} is not one of ours")
    return manifest


def _check(folder: Path, name: str, manifest: dict[str, Any]) -> None:
    path = folder / name
    if not path.is_file():
        raise ResultsError(f"{folder} is not whole: {name} is missing")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != manifest["outputs"].get(name):
        raise ResultsError(
            f"{path} is not the file that the manifest describes; run the scenario again"
        )
