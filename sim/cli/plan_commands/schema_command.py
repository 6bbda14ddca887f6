"""What ``schema`` prints."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from sim.policies import LIBRARY
from sim.scenario import scenario_schema


def schema_text() -> str:
    """Return the JSON Schema of scenario files, the policies and their parameters included."""
    schema = scenario_schema()
    alternative = schema["$defs"]["AlternativeEntry"]["properties"]
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
