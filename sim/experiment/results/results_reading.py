"""A results folder read back: its study, for figures and tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import ResultsError

from ..running.alternatives import Design
from ..running.confirming import Confirmation, confirmation_of
from ..running.runner import Runner
from ..running.study import Study
from .design_reading import check_outputs, design_again
from .folder_layout import OBSERVATIONS
from .manifest_reading import study_manifest
from .observation_reading import read_observations


@dataclass(frozen=True)
class Results:
    """A results folder read back."""

    folder: Path
    manifest: dict[str, Any]
    study: Study


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
