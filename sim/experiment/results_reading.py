"""Results read back: the study for its figures, the logs of a replication for narratives."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import ResultsError
from sim.log import KeptLog, Names
from sim.outcomes import DISRUPTION_COLUMNS, Observations, unknown
from sim.scenario import read_scenario

from . import log_text
from .alternatives import Design, design_of
from .confirming import Confirmation, confirmation_of
from .folder import (
    CALLOUTS,
    DECISIONS,
    EVENTS,
    MISSIONS,
    OBSERVATIONS,
    RESULTS_VERSION,
    read_manifest,
)
from .replication_file import COLUMNS, widened
from .runner import Runner
from .study import Study


@dataclass(frozen=True)
class Results:
    """A results folder read back."""

    folder: Path
    manifest: dict[str, Any]
    study: Study


@dataclass(frozen=True)
class Reported:
    """The log of one replication of an alternative, with the data needed for its narrative."""

    log: KeptLog
    names: Names
    start: datetime  # local clock at instant 0


def read_results(folder: str | Path) -> Results:
    """
    Read a results folder back, far enough to draw its figures again.

    Raises
    ------
    ResultsError
        When the folder is not there, not complete, or not as the manifest says.

    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    check_outputs(folder, manifest, [OBSERVATIONS])
    design = design_again(folder, manifest)
    runner = Runner(design.alternatives, design.seed)
    found: dict[str, Observations] = {}
    numbers = tuple(range(manifest["replications"]))
    try:
        with np.load(folder / OBSERVATIONS, allow_pickle=False) as columns:
            for name in design.names:
                own = {c: _column(columns, name, c, len(numbers)) for c in COLUMNS}
                found[name] = Observations(**own)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ResultsError(f"{folder / OBSERVATIONS} cannot be read: {error}") from None
    study = Study(design, runner.worlds, found, numbers, confirmation=_confirmed(folder, manifest))
    return Results(folder, manifest, study)


def _confirmed(folder: Path, manifest: dict[str, Any]) -> Confirmation | None:
    """Return what fresh replications said of the best of several, where there were any."""
    if "confirmation" not in manifest:
        return None
    try:
        return confirmation_of(manifest["confirmation"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ResultsError(
            f"{folder}: what its manifest says of fresh replications is damaged"
        ) from None


def _column(columns: Any, name: str, column: str, replications: int) -> Any:
    """Return a column of an alternative; disruptions are left out where there are none."""
    name = f"{name}/{column}"
    if column in DISRUPTION_COLUMNS and name not in columns:
        return unknown(column, replications)
    return widened(column, columns[name])


def design_again(folder: Path, manifest: dict[str, Any]) -> Design:
    """
    Return the design that made a results folder, from the scenarios and inputs in it.

    Raises
    ------
    ResultsError
        When a file is missing or is not as the manifest says, or a policy came from Python.

    """
    scenarios = manifest.get("scenarios", ["scenario.yaml"])
    inputs = [name for name in manifest["outputs"] if "inputs/" in name]
    check_outputs(folder, manifest, [*scenarios, *inputs])
    for name, described in manifest["alternatives"].items():
        for question, policy in described.items():
            if isinstance(policy, dict) and policy.get("from_python"):
                raise ResultsError(
                    f"{folder}: the {question} rule of {name!r} is {policy['rule']}, which came "
                    "from Python; run the study there again"
                )
    files = [read_scenario(folder / path) for path in scenarios]
    design = design_of(files, manifest.get("policies"))
    if list(design.names) != list(manifest["alternatives"]):
        raise ResultsError(
            f"{folder}: its scenarios have the alternatives {', '.join(design.names)}, "
            f"its manifest says {', '.join(manifest['alternatives'])}"
        )
    return replace(design, logged=manifest.get("logged", design.logged))


def check_outputs(folder: Path, manifest: dict[str, Any], names: Iterable[str]) -> None:
    """
    Check that files are there and are the ones that the manifest describes.

    Raises
    ------
    ResultsError
        When one is not.

    """
    for name in names:
        path = folder / name
        if not path.is_file():
            raise ResultsError(f"{folder} is not complete: {name} is missing")
        if hashlib.sha256(path.read_bytes()).hexdigest() != manifest["outputs"].get(name):
            raise ResultsError(
                f"{path} is not the file that the manifest describes; run the scenario again"
            )


def logs_of(folder: Path, replication: int) -> dict[str, Reported]:
    """
    Return the logs of one replication by alternative, the baseline first.

    They are read from the folder if it holds them, or else run again: a run is a pure function
    of what the folder holds.

    Raises
    ------
    ResultsError
        When the folder is not complete, was made by another version without this log, or has no
        such replication.

    """
    manifest = read_manifest(folder)
    if not 0 <= replication < manifest["replications"]:
        raise ResultsError(
            f"{folder} has replications 0 to {manifest['replications'] - 1}, not {replication}"
        )
    design = design_again(folder, manifest)
    runner = Runner(design.alternatives, design.seed)
    if replication < design.logged and CALLOUTS in manifest["outputs"]:
        has_events = EVENTS in manifest["outputs"]
        files = [CALLOUTS, MISSIONS, DECISIONS, *([EVENTS] if has_events else [])]
        check_outputs(folder, manifest, files)
        logs = _read_logs(folder, runner, replication, has_events)
    elif manifest["results_version"] != RESULTS_VERSION:
        raise ResultsError(
            f"{folder} holds no log of replication {replication} and was made by rescuesim "
            f"{manifest['rescuesim']}, whose runs this version does not repeat"
        )
    else:
        logs = {name: runner.log(name, replication) for name in design.names}
    return {
        name: Reported(log, runner.worlds[name].names, runner.worlds[name].scenario.clock.start)
        for name, log in logs.items()
    }


def _read_logs(
    folder: Path, runner: Runner, replication: int, has_events: bool
) -> dict[str, KeptLog]:
    """Return the logs of a replication by alternative; each file is read once for all of them."""
    names = {name: world.names for name, world in runner.worlds.items()}
    logs = {name: KeptLog() for name in names}
    for name, _, callout in log_text.read_callouts(_lines(folder / CALLOUTS), names, replication):
        logs[name].callout(callout)
    for name, _, mission in log_text.read_missions(_lines(folder / MISSIONS), names, replication):
        logs[name].mission(mission)
    for name, _, decision in log_text.read_decisions(
        _lines(folder / DECISIONS), names, replication
    ):
        logs[name].decision(decision)
    if has_events:
        for name, _, event in log_text.read_events(_lines(folder / EVENTS), names, replication):
            logs[name].event(event)
    return logs


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from lines
