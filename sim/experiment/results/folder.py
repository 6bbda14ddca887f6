"""
The results folder: written atomically, named by its content.

Everything is written in the journal's folder next to that place, the manifest last, and then
renamed; an interrupted command leaves nothing that could be taken for a result. The manifest's
``run`` block holds all that may differ between two equal runs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from sim.local_clock import LocalClock
from sim.outcomes import (
    OPTIONAL_COLUMNS,
    Observations,
    summarise_disruptions,
    summarise_places,
    summarise_staff,
    summarise_windows,
)
from sim.outcomes.observed.columns import plain
from sim.policies import LIBRARY, PolicySet, parameters
from sim.policies.contract.declarations import declared
from sim.scenario import ScenarioFile

from ..running import drive_text, log_text
from ..running.alternatives import Design
from ..running.confirming import Confirmation, ConfirmationRow
from ..running.journal import Journal
from ..running.replication_file import COLUMNS as OBSERVED
from ..running.replication_file import member, narrow
from ..running.runner import Task
from ..running.study import Study
from ..running.study_tables import EstimateRow, Table, Tables, estimate_table
from ..selection.selection_study import Selection
from .folder_layout import (
    ANSWER,
    CALLOUTS,
    DECISIONS,
    DRIVES,
    EVENTS,
    FORMAT,
    MANIFEST,
    MISSIONS,
    OBSERVATIONS,
    PARTIAL,
    RANDOM_NUMBERS,
    RESULTS_VERSION,
    folder_of_scenario,
    scenario_path,
)


def content_hash(design: Design, *more: str) -> str:
    """Return the hash of all that determines the results."""
    digest = hashlib.sha256()
    parts = [part for file in design.files for part in _content_of(file)]
    parts += [*design.names, *(repr(a.policies) for a in design.alternatives)]
    parts += [p for a in design.alternatives for q in LIBRARY if (p := _package(a.policies, q))]
    parts += [repr((design.plan, design.logged)), *more]
    versions = f"results {RESULTS_VERSION}, format {FORMAT}, rescuesim {version('rescuesim')}"
    parts.append(versions)
    for part in parts:
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()


def _package(policies: PolicySet, question: str) -> str:
    """Return the package that has a policy, with its version; empty for this one."""
    return str(getattr(getattr(policies, question), "package", ""))


def _content_of(file: ScenarioFile) -> list[str]:
    return [file.resolved_yaml(), *(f"{i.name}:{i.sha256}" for i in file.inputs[1:])]


def default_place(design: Design, under: Path, *more: str) -> Path:
    """Return where the results of a study go if no place is named."""
    name = "+".join(file.scenario.name for file in design.files)[:80]
    return under / f"{name}-{content_hash(design, *more)[:8]}"


def write_study(folder: Path, study: Study, tables: Tables, journal: Journal | None) -> None:
    """Write all that does not depend on when and where the study was run."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = (tables.summary, tables.replications, tables.comparisons, tables.controlled)
    more = (tables.fairness, staff_of(study), disruptions_of(study), confirmed(study.confirmation))
    for table in (*shown, *more, places_of(study), windows_of(study)):
        if len(table):
            (folder / f"{table.name}.csv").write_text(table.csv(), encoding="utf-8", newline="")
    _write_observations(folder / OBSERVATIONS, study.observations)
    _write_scenarios(folder, study.design)
    if journal is not None:
        logged = [n for n in study.numbers if n < study.design.logged]
        if logged:
            _write_logs(folder, journal, logged, study.design.names)


def write_answer(folder: Path, lines: Sequence[str]) -> None:
    """Write what is printed of a study: the answer in words."""
    text = "\n".join(lines) + "\n"
    (folder / ANSWER).write_text(text, encoding="utf-8", newline="")


def staff_of(study: Study) -> Table[EstimateRow]:
    """Return the workload of each crew, on duty or on call, and each pool of volunteers."""
    return estimate_table("staff", ((s.name, summarise_staff(s)) for s in study.samples))


def disruptions_of(study: Study) -> Table[EstimateRow]:
    """Return disruptions: roads, scene hazards, deferrals and hospitals, or no row."""
    return estimate_table(
        "disruptions", ((s.name, summarise_disruptions(s)) for s in study.samples)
    )


def places_of(study: Study) -> Table[EstimateRow]:
    """Return the main measures by place, or no row where the scenario does not ask for them."""
    return estimate_table("places", ((s.name, summarise_places(s)) for s in study.samples))


def windows_of(study: Study) -> Table[EstimateRow]:
    """Return the main measures in closures, surges and after incidents, or no row, as above."""
    return estimate_table("windows", ((s.name, summarise_windows(s)) for s in study.samples))


def confirmed(found: Confirmation | None) -> Table[ConfirmationRow]:
    """Return what fresh replications say of the one chosen, or no row."""
    return Table("confirmation", ConfirmationRow._fields, () if found is None else found.rows)


def _write_observations(path: Path, observations: dict[str, Observations]) -> None:
    columns = {
        f"{name}/{column}": narrow(values)
        for name, obs in observations.items()
        for column, values in ((column, plain(getattr(obs, column))) for column in OBSERVED)
        if column not in OPTIONAL_COLUMNS or values.any()
    }
    np.savez_compressed(path, **columns)


def _write_logs(folder: Path, journal: Journal, logged: list[int], names: tuple[str, ...]) -> None:
    with (
        (folder / CALLOUTS).open("wb") as callouts,
        (folder / MISSIONS).open("wb") as missions,
        (folder / DECISIONS).open("wb") as decisions,
        (folder / EVENTS).open("wb") as events,
        (folder / DRIVES).open("wb") as drives,
    ):
        callouts.write(member(log_text.header(log_text.CALLOUT_COLUMNS)))
        missions.write(member(log_text.header(log_text.MISSION_COLUMNS)))
        drives.write(member(log_text.header(drive_text.DRIVE_COLUMNS)))
        any_events = any_drives = False
        for replication in journal.replications(Task(number, names, True) for number in logged):
            for log in (replication.logs[name] for name in names):
                callouts.write(log.callouts)
                missions.write(log.missions)
                decisions.write(log.decisions)
                if log.events and not any_events:
                    events.write(member(log_text.header(log_text.EVENT_COLUMNS)))
                    any_events = True
                events.write(log.events)
                drives.write(log.drives)
                any_drives = any_drives or bool(log.drives)
    if not any_events:
        (folder / EVENTS).unlink()
    if not any_drives:
        (folder / DRIVES).unlink()


def _write_scenarios(folder: Path, design: Design) -> None:
    """Write the resolved scenarios and copies of the files they name: enough to run them again."""
    for number, file in enumerate(design.files):
        own = folder / folder_of_scenario(number)
        (own / "inputs").mkdir(parents=True)
        (folder / scenario_path(number)).write_text(file.resolved_yaml(), encoding="utf-8")
        named = set(file.input_names.values())
        for given in file.inputs:
            if given.name in named:
                (own / "inputs" / given.name).write_bytes(given.data)


def write_selection(folder: Path, found: Selection, command: str, run: dict[str, Any]) -> None:
    """Write what a selection found: its choice, how it came to it, and what it was made from."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in (found.trace, found.values, confirmed(found.confirmation)):
        if len(table):
            (folder / f"{table.name}.csv").write_text(table.csv(), encoding="utf-8", newline="")
    _write_scenarios(folder, found.design)
    described = {
        **_about(found.design),
        "complete": True,
        "selection": found.record(),
        **_confirmation(found.confirmation),
    }
    _write_json(folder / MANIFEST, folder, described, {"command": command, **run})


def write_manifest(
    folder: Path, study: Study, command: str, run: dict[str, Any], **more: Any
) -> None:
    """Write the manifest, the last file of a result: its being there says complete."""
    standards = study.samples[0].standards
    found = {
        "complete": not study.failed_replications,
        "replications": study.replications,
        "failed_replications": list(study.failed_replications),
        "logged": study.design.logged,
        "precision": [width._asdict() for width in study.widths],
        "horizon_ms": standards.horizon,
        "primary": list(standards.primary),
        "callouts": {n: len(o.callout) for n, o in study.observations.items()},
        **_confirmation(study.confirmation),
    }
    path = folder / (PARTIAL if study.failed_replications else MANIFEST)
    _write_json(
        path, folder, {**_about(study.design), **found, **more}, {"command": command, **run}
    )


def _confirmation(found: Confirmation | None) -> dict[str, Any]:
    return {} if found is None else {"confirmation": found.record()}


def _about(design: Design) -> dict[str, Any]:
    """Return what a manifest says of how the results were made."""
    first = design.files[0]
    scenario = first.scenario
    return {
        "format": FORMAT,
        "results_version": RESULTS_VERSION,
        "rescuesim": version("rescuesim"),
        "scenario": scenario.name,
        "title": scenario.title or scenario.name,
        "scenarios": [scenario_path(i) for i in range(len(design.files))],
        "policies": None if design.policies is None else list(design.policies),
        "seed": design.seed,
        "warm_up_ms": scenario.clock.warm_up,
        "run_ms": scenario.clock.length,
        **_clock_changes(scenario.clock.local),
        "alternatives": {a.name: _described(a) for a in design.alternatives},
        "content": content_hash(design),
        "inputs": {i.name: i.sha256 for file in design.files for i in file.inputs},
        "defaults": list(first.defaults),
        "warnings": [w.message for file in design.files for w in file.warnings],
        "random_numbers": RANDOM_NUMBERS,
    }


def _clock_changes(clock: LocalClock) -> dict[str, list[list[int]]]:
    """Return when clocks were put forward in the run, and by how much, where they were. [ms]"""
    return {"clock_changes": [[c.at, c.by] for c in clock.changes]} if clock.changes else {}


def _write_json(path: Path, folder: Path, found: dict[str, Any], run: dict[str, Any]) -> None:
    whole = {**found, "outputs": hashes(folder), "run": run}
    text = json.dumps(whole, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def _described(alternative: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for question in LIBRARY:
        policy = getattr(alternative.policies, question)
        values = {p.name: getattr(policy, p.name) for p in parameters(type(policy))}
        found[question] = {"rule": type(policy).__name__, "parameters": values}
        if declared(policy, question).foresees:
            found[question]["foresees"] = True
        package = getattr(policy, "package", "")
        if package:
            found[question]["package"] = package
        elif type(policy) not in LIBRARY[question].values():
            found[question]["from_python"] = True
    if alternative.settings:
        found["settings"] = {s.path: s.value for s in alternative.settings}
    return found


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in a folder, by its path there."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths
    }
