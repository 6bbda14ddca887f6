"""The logs of a replication read back from a results folder, for narratives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultsError
from sim.local_clock import LocalClock
from sim.log import KeptLog, Names
from sim.outcomes.explanation.whereabouts import Whereabouts
from sim.scenario import CrewRequirement, crew_requirements
from sim.world import World

from ..running import log_text
from ..running.alternatives import Design, worlds_of
from .bounded_reading import check_whole, lines_of
from .design_reading import check_outputs, check_replication, damage_told, design_again
from .folder_layout import CALLOUTS, DECISIONS, EVENTS, MISSIONS, RESULTS_VERSION
from .manifest_reading import study_manifest

if TYPE_CHECKING:
    from .results_reading import Results


@dataclass(frozen=True)
class Reported:
    """The log of one replication of an alternative, with the data needed for its narrative."""

    log: KeptLog
    names: Names
    start: datetime  # local clock at instant 0
    world: World

    @property
    def clock(self) -> LocalClock:
        """The local clock of the run."""
        return self.world.clock

    @cached_property
    def whereabouts(self) -> Whereabouts:
        """Where its teams were."""
        return Whereabouts(self.log, self.world)

    @cached_property
    def crews(self) -> tuple[CrewRequirement | None, ...]:
        """What each crew on call waits for."""
        return crew_requirements(self.world.scenario)


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
    if _is_logged(design, manifest, replication):
        worlds = worlds_of(design.alternatives)
        logs = _read_logs(folder, manifest, worlds, replication)
    elif manifest["results_version"] != RESULTS_VERSION:
        raise ResultsError(
            f"{folder} holds no log of replication {replication} and was made by rescuesim "
            f"{manifest['rescuesim']}, whose runs this version does not repeat"
        )
    else:
        from ..running.runner import Runner  # loads the engine

        runner = Runner(design.alternatives, design.seed)
        worlds = runner.worlds
        logs = {name: runner.log(name, replication) for name in design.names}
    return {name: _reported(log, worlds[name]) for name, log in logs.items()}


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


def _read_logs(
    folder: Path, manifest: dict[str, Any], worlds: Mapping[str, World], replication: int
) -> dict[str, KeptLog]:
    """
    Return the logs of a replication by alternative; each file is read once for all of them.

    What comes after the replication is not taken apart, and only known to be whole.
    """
    has_events = EVENTS in manifest["outputs"]
    files = [CALLOUTS, MISSIONS, DECISIONS, *([EVENTS] if has_events else [])]
    check_outputs(folder, manifest, files)
    for file in files:
        check_whole(folder, file)
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
