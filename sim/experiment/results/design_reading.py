"""What a results folder was made from, read back and checked against its manifest."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.errors import ResultsError
from sim.scenario import read_scenario

from ..running.alternatives import Design, design_of
from .bounded_reading import hash_of


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


@contextmanager
def damage_told(path: Path) -> Iterator[None]:
    """Say which file of a log is damaged."""
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, csv.Error) as error:
        told = f"no {error}" if isinstance(error, KeyError) else error
        raise ResultsError(f"{path} is damaged: {told}") from None
