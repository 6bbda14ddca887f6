"""The JSON Schema of scenario files, for editors that complete and check while one types."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from .distribution import Part
from .models import Scenario
from .quantities import DURATION_SCHEMA

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MODELINE = "# yaml-language-server: $schema=scenario.schema.json"


def part_schema() -> dict[str, Any]:
    """Return the schema of a whole scenario, without ``extends``."""
    _build(Part)
    schema = Scenario.model_json_schema()
    distribution = schema["$defs"]["Distribution"]
    distribution["properties"].pop("values")  # filled from a file, never written
    schema["$defs"]["Distribution"] = {"anyOf": [dict(DURATION_SCHEMA), distribution]}
    return schema


def _build(part: type[Part]) -> None:
    """Build all parts: pydantic before 2.14 writes no default whose class is not built yet."""
    for kind in part.__subclasses__():
        kind.model_rebuild()
        _build(kind)


def scenario_schema() -> dict[str, Any]:
    """
    Return the JSON Schema (Draft 2020-12) of a scenario file.

    A file that says ``extends`` is an overlay: there nothing is required and null removes.
    """
    schema = part_schema()
    parts: dict[str, Any] = schema.pop("$defs")
    title, about = schema.pop("title"), schema.pop("description")
    parts["Scenario"] = schema
    overlays = {f"Overlay{name}": _overlay(part) for name, part in parts.items()}
    overlay = overlays["OverlayScenario"]
    overlay["properties"]["extends"] = {
        "type": "string",
        "description": "The scenario this one extends: a file next to it, or the bare name of "
        "a shipped scenario.",
    }
    return {
        "$schema": DIALECT,
        "title": title,
        "description": about,
        "if": {"type": "object", "required": ["extends"]},
        "then": {"$ref": "#/$defs/OverlayScenario"},
        "else": {"$ref": "#/$defs/Scenario"},
        "$defs": parts | overlays,
    }


def _overlay(part: Any) -> Any:
    """Return a schema in which nothing is required and every value may be null."""
    if isinstance(part, list):
        return [_overlay(p) for p in part]
    if not isinstance(part, dict):
        return part
    looser = {
        key: value if key in ("default", "examples", "enum") else _overlay(value)
        for key, value in deepcopy(part).items()
        if key not in ("required", "minProperties")
    }
    if "$ref" in looser:
        looser["$ref"] = str(looser["$ref"]).replace("#/$defs/", "#/$defs/Overlay")
    for key in ("properties", "additionalProperties"):
        if isinstance(looser.get(key), dict):
            looser[key] = _or_null(looser[key], one=key == "additionalProperties")
    return looser


def _or_null(part: dict[str, Any], one: bool) -> dict[str, Any]:
    if one:
        return {"anyOf": [part, {"type": "null"}]}
    return {name: _or_null(value, one=True) for name, value in part.items()}
