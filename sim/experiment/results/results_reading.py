"""Results read back: the study for its figures, the logs of a replication for narratives."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.errors import ResultsError
from sim.log import KeptLog, Names
from sim.outcomes.explanation.whereabouts import Whereabouts
from sim.scenario import CrewRequirement, crew_requirements, read_scenario
from sim.world import World

from ..running import log_text
from ..running.alternatives import Design, design_of
from ..running.confirming import Confirmation, confirmation_of
from ..running.runner import Runner
from ..running.study import Study
from .bounded_reading import hash_of, lines_of
from .folder import CALLOUTS, DECISIONS, EVENTS, MISSIONS, OBSERVATIONS, RESULTS_VERSION
from .manifest_reading import study_manifest
from .observation_reading import read_observations


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
    world: World

    @cached_property
    def whereabouts(self) -> Whereabouts:
        """Where its teams were."""
        return Whereabouts(self.log, self.world)

    @cached_property
    def crews(self) -> tuple[CrewRequirement | None, ...]:
        """What each crew on call waits for."""
        return crew_requirements(self.world.scenario)


def read_results(folder: str | Path) -> Results:
    """
    Read a results folder back, far enough to draw its figures again.

    Raises
    ------
    ResultsError
        When the folder is not there, not complete, or not as the manifest says.

    """
    folder = Path(folder)
    manifest = study_manifest(folder)
    check_outputs(folder, manifest, [OBSERVATIONS])
    design = design_again(folder, manifest)
    runner = Runner(design.alternatives, design.seed)
    replications = manifest["replications"]
    expected = design.callouts / len(design.alternatives)
    found = read_observations(folder, runner, replications, expected)
    numbers = tuple(range(replications))
    confirmation = _confirmed(folder, manifest, design)
    study = Study(design, runner.worlds, found, numbers, confirmation=confirmation)
    return Results(folder, manifest, study)


def _confirmed(folder: Path, manifest: dict[str, Any], design: Design) -> Confirmation | None:
    """Return what fresh replications said of the best of several, where there were any."""
    if "confirmation" not in manifest:
        return None
    try:
        found = confirmation_of(manifest["confirmation"])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        found = None
    if found is None or not {found.best, found.baseline} <= {*design.names}:
        raise ResultsError(f"{folder}: what its manifest says of fresh replications is damaged")
    return found


def design_again(folder: Path, manifest: dict[str, Any]) -> Design:
    """
    Return the design that made a results folder, from the scenarios and inputs in it.

    Raises
    ------
    ResultsError
        When a file is missing or is not as the manifest says, or a policy came from Python.

    """
    scenarios = manifest["scenarios"]
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
    if manifest.get("replications", 1) > design.plan.at_most:
        raise ResultsError(
            f"{folder}: its scenario asks for {design.plan.at_most} replications at most, its "
            f"manifest has {manifest['replications']}"
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
        if not os.path.lexists(folder / name):
            raise ResultsError(f"{folder} is not complete: {name} is missing")
        if hash_of(folder, name) != manifest["outputs"].get(name):
            raise ResultsError(
                f"{folder / name} is not the file that the manifest describes; run the scenario "
                "again"
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
    manifest = study_manifest(folder)
    check_replication(folder, manifest, replication)
    design = design_again(folder, manifest)
    runner = Runner(design.alternatives, design.seed)
    if _is_logged(design, manifest, replication):
        logs = _read_logs(folder, manifest, runner.worlds, replication)
    elif manifest["results_version"] != RESULTS_VERSION:
        raise ResultsError(
            f"{folder} holds no log of replication {replication} and was made by rescuesim "
            f"{manifest['rescuesim']}, whose runs this version does not repeat"
        )
    else:
        logs = {name: runner.log(name, replication) for name in design.names}
    return {name: _reported(log, runner.worlds[name]) for name, log in logs.items()}


def logs_in(results: Results, replication: int) -> dict[str, Reported]:
    """Return what `logs_of` does, of results that were read: nothing is built again for it."""
    folder, manifest, worlds = results.folder, results.manifest, results.study.worlds
    if not _is_logged(results.study.design, manifest, replication):
        return logs_of(folder, replication)
    check_replication(folder, manifest, replication)
    logs = _read_logs(folder, manifest, worlds, replication)
    return {name: _reported(log, worlds[name]) for name, log in logs.items()}


def _is_logged(design: Design, manifest: dict[str, Any], replication: int) -> bool:
    return replication < design.logged and CALLOUTS in manifest["outputs"]


def _reported(log: KeptLog, world: World) -> Reported:
    return Reported(log, world.names, world.scenario.clock.start, world)


def check_replication(folder: Path, manifest: dict[str, Any], replication: int) -> None:
    """
    Check that a results folder has a replication.

    Raises
    ------
    ResultsError
        When it has not.

    """
    if not 0 <= replication < manifest["replications"]:
        raise ResultsError(
            f"{folder} has replications 0 to {manifest['replications'] - 1}, not {replication}"
        )


def _read_logs(
    folder: Path, manifest: dict[str, Any], worlds: Mapping[str, World], replication: int
) -> dict[str, KeptLog]:
    """Return the logs of a replication by alternative; each file is read once for all of them."""
    has_events = EVENTS in manifest["outputs"]
    files = [CALLOUTS, MISSIONS, DECISIONS, *([EVENTS] if has_events else [])]
    check_outputs(folder, manifest, files)
    names = {name: world.names for name, world in worlds.items()}
    logs = {name: KeptLog() for name in names}
    with damage_told(folder / CALLOUTS):
        lines = lines_of(folder, CALLOUTS)
        for name, _, callout in log_text.read_callouts(lines, names, replication):
            logs[name].callout(callout)
    with damage_told(folder / MISSIONS):
        lines = lines_of(folder, MISSIONS)
        for name, _, mission in log_text.read_missions(lines, names, replication):
            logs[name].mission(mission)
    with damage_told(folder / DECISIONS):
        lines = lines_of(folder, DECISIONS)
        for name, _, decision in log_text.read_decisions(lines, names, replication):
            logs[name].decision(decision)
    with damage_told(folder / EVENTS):
        lines = lines_of(folder, EVENTS) if has_events else iter(())
        for name, _, event in log_text.read_events(lines, names, replication):
            logs[name].event(event)
    return logs


@contextmanager
def damage_told(path: Path) -> Iterator[None]:
    """Say which file of a log is damaged."""
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, csv.Error) as error:
        told = f"no {error}" if isinstance(error, KeyError) else error
        raise ResultsError(f"{path} is damaged: {told}") from None
