"""What pydantic refuses, in plain words: what was found, what would be right, the nearest name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from sim.units import shown

from ..text.source import Loc, Node
from ..text.tags import FILE, HERE
from .diagnostic import join, nearest
from .findings import Findings

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a smaller whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "yes or no",
    "bool_parsing": "yes or no",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
}
# What a bare number probably means, where it is not minutes as most durations are.
_BARE_UNIT = {
    **dict.fromkeys(("length", "warm_up"), "days"),
    **dict.fromkeys(("time_to_repair", "minimum_rest", "max_hold", "half_life", "horizon"), "h"),
    **dict.fromkeys(("stagger", "relief_after"), "h"),
}
_INSTEAD = {
    ("demand", "rate"): "write 'callouts: []' in place of rate for a run with incidents alone, or "
    "give an hour or a kind without callouts 0 in `hours` or as its share",
}
_LIMITS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("above", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("below", "lt"),
}


def note_refusals(error: ValidationError, findings: Findings, schema: dict[str, Any]) -> None:
    """Note each thing that pydantic refused as an error at its place."""
    details = error.errors(include_url=False, include_input=False)
    misspelt = set()
    for detail in details:
        if detail["type"] == "extra_forbidden":
            loc = _written(detail["loc"], findings.tree)
            misspelt.add((loc[:-1], _note_unknown_key(loc, findings, schema)))
    for detail in details:
        if findings.full:
            findings.uncounted += detail["type"] != "extra_forbidden"
            continue
        loc = _written(detail["loc"], findings.tree)
        if detail["type"] == "missing" and (loc[:-1], loc[-1]) not in misspelt:
            findings.error(loc[:-1], f"'{loc[-1]}' is missing", _meaning(schema, loc), on_key=True)
        elif detail["type"] not in ("missing", "extra_forbidden"):
            _note(detail, loc, findings, schema)


def _written(loc: tuple[int | str, ...], tree: Node) -> Loc:
    """Return the path without the branches of unions that pydantic names in it."""
    written: list[int | str] = []
    node: Node | None = tree
    for step in loc:
        child = node.child(step) if node is not None else None
        if child is None and step in (FILE, HERE, "[key]"):
            continue
        written.append(step)
        node = child
    return tuple(written)


def _note_unknown_key(loc: Loc, findings: Findings, schema: dict[str, Any]) -> str:
    """Note an unknown key; return the key that was probably meant."""
    if findings.full:  # looking for the nearest name of many is slow
        findings.uncounted += 1
        return ""
    key = str(loc[-1])
    known = sorted(_properties(schema, loc[:-1]))
    hint = nearest(key, known)
    findings.unknown_key(loc, hint or f"known here: {', '.join(known)}")
    return hint.removeprefix("did you mean '").removesuffix("'?")


def _note(detail: Any, loc: Loc, findings: Findings, schema: dict[str, Any]) -> None:
    kind, ctx = detail["type"], detail.get("ctx") or {}
    node = findings.tree.at(loc)
    found = shown(node.plain()) if node is not None else "nothing"
    if kind == "refused":
        on_key = detail["loc"][-1:] == ("[key]",)
        findings.error((*loc, *ctx["at"]), ctx["said"], _with_unit(loc, ctx["help"]), on_key)
    elif kind in _EXPECTED or kind in _LIMITS:
        findings.error(loc, said_plainly(kind, ctx, found), _fix(kind, node, loc))
    elif kind == "literal_error":
        choices = [c.strip("'") for c in str(ctx["expected"]).replace(" or ", ", ").split(", ")]
        hint = nearest(str(node.value), choices) if node is not None else ""
        findings.error(loc, f"expected {join(choices, 'or')}, found {found}", hint)
    elif kind in ("too_short", "string_too_short"):
        if node is None or not node.value:  # pydantic counts only the items that are right
            findings.error(loc, "at least one is needed, found none", _meaning(schema, loc))
        elif isinstance(node.value, list) and len(node.value) < ctx.get("min_length", 0):
            said = f"at least {ctx['min_length']} are needed, found {len(node.value)}"
            findings.error(loc, said, _meaning(schema, loc))
    elif kind in ("too_long", "string_too_long"):
        findings.error(loc, f"at most {ctx['max_length']} are allowed", _meaning(schema, loc))
    elif kind == "string_pattern_mismatch":
        findings.error(loc, f"expected letters, digits, - and _, found {found}")
    else:
        findings.error(loc, f"{_meaning(schema, loc) or 'not readable'} Found {found}.")


def said_plainly(kind: str, ctx: Mapping[str, Any], found: str) -> str:
    """Return what was expected and what was found, for a kind of refusal of pydantic's."""
    if kind in _LIMITS:
        word, name = _LIMITS[kind]
        return f"it must be {word} {ctx[name]}, found {found}"
    if kind in _EXPECTED:
        return f"expected {_EXPECTED[kind]}, found {found}"
    if kind == "literal_error":
        return f"expected {ctx['expected']}, found {found}"
    return f"this is not readable, found {found}"


def _with_unit(loc: Loc, help: str) -> str:
    """Return a hint at a bare duration with the unit that fits the field: 28 days, not 28 min."""
    bare = re.fullmatch(r"did you mean '([0-9.e-]+) min'\?", help)
    units = [_BARE_UNIT[step] for step in loc[-2:] if step in _BARE_UNIT]
    if bare is None or not units:
        return help
    unit = "day" if units[0] == "days" and bare[1] == "1" else units[0]
    return f"did you mean '{bare[1]} {unit}'?"


def _fix(kind: str, node: Node | None, loc: Loc) -> str:
    if kind == "greater_than" and loc in _INSTEAD:
        return _INSTEAD[loc]
    if kind == "string_type" and node is not None and isinstance(node.value, (bool, int, float)):
        return f'write it in quotes: "{shown(node.value)}"'
    return ""


def _branches(schema: dict[str, Any], part: Any) -> list[dict[str, Any]]:
    """Return the plain schemas that a schema may stand for."""
    if not isinstance(part, dict):
        return []
    if "$ref" in part:
        return _branches(schema, schema["$defs"][part["$ref"].rsplit("/", 1)[1]])
    choices = [*part.get("anyOf", ()), *part.get("oneOf", ())]
    return [b for c in choices for b in _branches(schema, c)] if choices else [part]


def _parts_at(schema: dict[str, Any], loc: Loc) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = [schema]
    for step in loc:
        under: list[Any] = []
        for branch in (b for p in parts for b in _branches(schema, p)):
            if isinstance(step, int):
                under.append(branch.get("items"))
            else:
                under.append(
                    branch.get("properties", {}).get(step) or branch.get("additionalProperties")
                )
        parts = [p for p in under if isinstance(p, dict)]
    return parts


def _properties(schema: dict[str, Any], loc: Loc) -> set[str]:
    branches = [b for p in _parts_at(schema, loc) for b in _branches(schema, p)]
    return {key for b in branches for key in b.get("properties", {})}


def _meaning(schema: dict[str, Any], loc: Loc) -> str:
    """Return the description of a field, the nearest there is to a manual."""
    for part in _parts_at(schema, loc):
        if "description" in part:
            return str(part["description"])
    return ""
