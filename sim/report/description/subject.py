"""What is described: a scenario, or a results folder with the scenario that made it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import ScenarioError
from sim.experiment.results.design_reading import check_outputs
from sim.experiment.results.manifest_reading import read_manifest
from sim.policies import policy_sets, read_with_rules
from sim.scenario import ScenarioFile, Variant, find_scenario, read_scenario, variants


class Fact(NamedTuple):
    """Something known of a study, with the fields of the scenario that say it."""

    text: str
    fields: tuple[str, ...] = ()


Facts = dict[str, list[Fact]]  # by the number of the item


@dataclass(frozen=True)
class Subject:
    """
    A scenario with its alternatives; of results also the manifest, and files no longer there.

    ``others`` are the further scenarios of a study of several.
    """

    file: ScenarioFile
    variants: tuple[Variant, ...]
    manifest: dict[str, Any] | None = None
    others: tuple[ScenarioFile, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def run(self) -> dict[str, Any]:
        """What the manifest says of when and where it was run; empty for a scenario."""
        return {} if self.manifest is None else self.manifest["run"]

    @property
    def selection(self) -> dict[str, Any] | None:
        """What a selection found; None for a scenario and for the results of a study."""
        found = (self.manifest or {}).get("selection")
        return dict(found) if found is not None else None


def read_subject(name: str) -> Subject:
    """
    Read a scenario (a file, or the name of a shipped one) or a results folder.

    Raises
    ------
    ScenarioError
        With every error of the scenario, each at its place.
    ResultsError
        When the folder is partial, of another format, or has a file that was altered.

    """
    folder = Path(name)
    if "\0" not in name and folder.is_dir():
        return _of_results(folder)
    file = read_with_rules(find_scenario(name))
    found = tuple(variants(file))
    for variant in found:
        policy_sets(variant.file)
    return Subject(file, found)


def _of_results(folder: Path) -> Subject:
    manifest = read_manifest(folder)
    scenarios: list[str] = manifest["scenarios"]
    needed = [*scenarios, *(name for name in manifest["outputs"] if "inputs/" in name)]
    missing = [n for n in manifest["outputs"] if not os.path.lexists(folder / n)]
    there = [name for name in manifest["outputs"] if name not in missing]
    check_outputs(folder, manifest, dict.fromkeys([*needed, *there]))
    first, *others = (read_scenario(folder / path) for path in scenarios)
    return Subject(first, _variants(first), manifest, tuple(others), tuple(missing))


def _variants(file: ScenarioFile) -> tuple[Variant, ...]:
    """Return the alternatives in the file of a result; those from Python are in the manifest."""
    try:
        return tuple(variants(file))
    except ScenarioError:  # one that the study left out may be wrong
        return ()
