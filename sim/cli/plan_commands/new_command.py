"""What ``new`` does: write a starter scenario, with what it needs."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from sim.errors import ResultsError, UsageError
from sim.scenario import read_scenario, shipped_scenarios

from .schema_command import schema_text

SCHEMA, LICENCES = "scenario.schema.json", "data/LICENSES.md"


def start(file: Path, template: str) -> list[Path]:
    """Write a starter scenario, the data it names and the schema; never over what is there."""
    shipped = shipped_scenarios()
    if template not in shipped:
        raise UsageError(
            f"--from: there is no shipped scenario {template!r}; there are {', '.join(shipped)}"
        )
    if file.suffix not in (".yaml", ".yml"):
        raise UsageError(f"a scenario file ends in .yaml, found {str(file)!r}")
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", file.stem).strip("-_") or "my-scenario"
    text = shipped[template].read_text(encoding="utf-8")
    text = re.sub(r"(?m)^name: .*$", f"name: {name[:64]}", text, count=1)
    if os.path.lexists(file):
        raise UsageError(f"{file} is there already; name another file")
    files = {file: text.encode()}
    for path, data in _next_to(shipped[template]).items():
        if not os.path.lexists(file.parent / path):
            files[file.parent / path] = data
    _write(files)
    return list(files)


def _next_to(template: Path) -> dict[str, bytes]:
    """Return the files a template needs next to it, by their names as it gives them."""
    read = read_scenario(template)
    given = {i.name: i.data for i in read.inputs}
    found = {SCHEMA: schema_text().encode()}
    for base in read.inputs[1:]:
        if base.name.endswith((".yaml", ".yml")):
            found[base.name] = base.data
    for loc, name in read.input_names.items():
        value: Any = read.resolved
        for step in loc:
            value = value[step]
        found[str(value)] = given[name]
    if read.input_names:
        licences = template.parent / LICENCES
        found[LICENCES] = licences.read_bytes()
    return found


def _write(files: dict[Path, bytes]) -> None:
    """Write all of the files or none."""
    written: list[Path] = []
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as out:
                written.append(path)
                out.write(data)
    except BaseException as error:
        for done in written:
            done.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise ResultsError(f"cannot write {path}: {error.strerror}") from None
        raise
