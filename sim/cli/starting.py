"""What ``new`` and ``schema`` do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from sim.errors import ResultsError, UsageError
from sim.policies import LIBRARY
from sim.scenario import read_scenario, scenario_schema, shipped_scenarios

SCHEMA = "scenario.schema.json"


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
    source = shipped[template]
    text = re.sub(r"(?m)^name: .*$", f"name: {name}", source.read_text(encoding="utf-8"), count=1)
    files: dict[Path, bytes] = {file: text.encode()}
    for given in read_scenario(source).inputs:
        if not given.name.endswith((".yaml", ".yml")):
            files[file.parent / given.name] = given.data
    if file.exists():
        raise UsageError(f"{file} is there already; name another file")
    files = {path: data for path, data in files.items() if not path.exists()}
    if not (file.parent / SCHEMA).exists():
        files[file.parent / SCHEMA] = schema_text().encode()
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    except OSError as error:
        raise ResultsError(f"cannot write {path}: {error.strerror}") from None
    return list(files)


def schema_text() -> str:
    """Return the JSON Schema of scenario files, the policies and their parameters included."""
    schema = scenario_schema()
    alternative = schema["$defs"]["Alternative"]["properties"]
    for question, choices in LIBRARY.items():
        old = alternative[question]
        alternative[question] = {
            **{k: v for k, v in old.items() if k in ("description", "default", "title")},
            "anyOf": [
                {"enum": list(choices)},
                *(_with_parameters(n, p) for n, p in choices.items()),
            ],
        }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _with_parameters(name: str, policy: type) -> dict[str, Any]:
    parameters = TypeAdapter(policy).json_schema()
    parameters.pop("$defs", None)
    return {
        "type": "object",
        "properties": {name: {**parameters, "additionalProperties": False}},
        "required": [name],
        "additionalProperties": False,
    }
