"""
The manifest of a results folder read back: every value of the kind that we write, or refused.

A folder may be damaged, of another version, or a stranger's: what reads it afterwards may rely on
each value.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from sim import units
from sim.errors import ResultsError

from .bounded_reading import bytes_of
from .folder_layout import FORMAT, MANIFEST, PARTIAL, scenario_path

MOST_BYTES = 20_000_000
MOST_SCENARIOS = 1000


def _path(name: str) -> str:
    """Check that a name is that of a file within the folder."""
    parts = name.split("/")
    if not name.isprintable() or "\\" in name or {"", ".", ".."} & {*parts}:
        raise ValueError("it is not the name of a file in a results folder")
    return name


Span = Annotated[int, Field(ge=0, le=2 * units.LONGEST)]
Word = Annotated[str, Field(max_length=40, pattern=r"^[\w.+!-]+$")]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Outputs = dict[Annotated[str, Field(max_length=1000), AfterValidator(_path)], Hash]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")


class ManifestBase(_Part):
    """What every format has."""

    rescuesim: Word
    outputs: Outputs
    alternatives: dict[str, dict[str, Any]]
    format: int = 0
    run: dict[str, Any] = {}


class RuleEntry(_Part):
    """A rule of an alternative."""

    rule: str
    parameters: dict[str, Any]
    package: str = ""
    from_python: bool = False
    foresees: bool = False


class Manifest(ManifestBase):
    """The manifest of a result; the last fields only of a study, or only of a selection."""

    results_version: int
    scenarios: list[str] = Field(min_length=1, max_length=MOST_SCENARIOS)
    policies: list[str] | None
    seed: int
    warm_up_ms: Span
    run_ms: Annotated[Span, Field(gt=0)]
    clock_changes: list[Annotated[list[int], Field(min_length=2, max_length=2)]] = []
    scenario: str
    title: str
    content: str
    inputs: dict[str, str]
    defaults: list[str]
    warnings: list[str]
    random_numbers: str
    complete: bool
    replications: Annotated[int, Field(ge=1, le=100_000)] | None = None
    failed_replications: list[int] = []
    logged: Annotated[int, Field(ge=0)] = 0
    precision: list[dict[str, Any]] = []
    horizon_ms: Annotated[Span, Field(gt=0)] | None = None
    primary: list[str] = []
    callouts: dict[str, Annotated[int, Field(ge=0)]] = {}
    control: bool = False
    confirmation: Any = None  # checked where it is read
    selection: dict[str, Any] = {}


def read_manifest(folder: Path) -> dict[str, Any]:
    """
    Return the manifest of a results folder.

    Raises
    ------
    ResultsError
        When the folder is not one of ours, not complete, damaged, or of another format.

    """
    manifest = manifest_of(folder, partial=False)
    if manifest.get("format") != FORMAT:
        raise ResultsError(
            f"{folder} has results format {manifest.get('format', 'unknown')}, written by "
            f"rescuesim {manifest['rescuesim']}; this version reads format {FORMAT}, "
            "so run the scenario again"
        )
    _check(folder, Manifest, manifest)
    scenarios = manifest["scenarios"]
    if scenarios != [scenario_path(number) for number in range(len(scenarios))]:
        raise ResultsError(_damaged(folder, "scenarios are not those of a results folder"))
    for name, described in manifest["alternatives"].items():
        for question, rule in described.items():
            if question != "settings":
                where = f"alternatives.{name}.{question}"
                _check(folder, RuleEntry, rule, where)
    if "selection" not in manifest:
        missing = [name for name in ("replications", "horizon_ms") if manifest.get(name) is None]
        if missing:
            raise ResultsError(_damaged(folder, f"{missing[0]} is missing"))
    return manifest


def study_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a study; that of a selection is refused, which holds no callouts."""
    manifest = read_manifest(folder)
    if "selection" in manifest:
        raise ResultsError(
            f"{folder} holds a selection, not a study: there is nothing to read back"
        )
    return manifest


def manifest_next_to(folder: Path) -> dict[str, Any] | None:
    """Return the manifest next to a log, None where there is none; refuses as `read_manifest`."""
    there = (folder / MANIFEST).exists() or (folder / MANIFEST).is_symlink()
    return read_manifest(folder) if there else None


def manifest_of(folder: Path, partial: bool) -> dict[str, Any]:
    """
    Return the manifest of a results folder of any format, incomplete ones if ``partial``.

    Raises
    ------
    ResultsError
        When there is none, or it is not one of ours.

    """
    name = MANIFEST
    if not (folder / MANIFEST).exists() and (folder / PARTIAL).exists():
        name = PARTIAL
        if not partial:
            raise ResultsError(f"{folder} is not complete: {PARTIAL} says what is missing")
    elif not (folder / MANIFEST).exists() and not (folder / MANIFEST).is_symlink():
        raise ResultsError(f"{folder} is not a results folder: there is no {MANIFEST} in it")
    data = bytes_of(folder, name, MOST_BYTES)
    try:
        manifest = json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise ResultsError(f"{folder / name} cannot be read: {error}") from None
    wanted = {"rescuesim", "outputs", "alternatives"}
    if not isinstance(manifest, dict) or not wanted <= {*manifest}:
        raise ResultsError(f"{folder} is not a results folder: its {MANIFEST} is not one of ours")
    _check(folder, ManifestBase, manifest)
    return manifest


def _check(folder: Path, model: type[BaseModel], value: Any, where: str = "") -> None:
    """Refuse a value that is not as a model says, naming the first thing that is wrong."""
    try:
        model.model_validate(value)
    except (ValidationError, RecursionError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        loc = () if first is None else first["loc"]
        at = ".".join(str(step) for step in (where, *loc) if step != "")
        said = "too many levels" if first is None else first["msg"]
        raise ResultsError(_damaged(folder, f"{at}: {said[:1].lower()}{said[1:]}")) from None


def _damaged(folder: Path, what: str) -> str:
    shown = "".join(c if c.isprintable() else "?" for c in what)[:200]
    return f"{folder}: its {MANIFEST} is damaged: {shown}"
