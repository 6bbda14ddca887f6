"""Which defaults were used because the file was silent, said in people's units."""

from __future__ import annotations

from typing import Any

from .models import Scenario

# What an empty default means, where the word "none" would not say it.
_MEANINGS = {
    "teams.*.shifts": "always on duty",
    "bases.*.place": "the base's own name",
    "map.roads.speed.day": "each road's own speed",
    "map.roads.speed.night": "as by day",
}
_NAMED = {
    ("bases",), ("teams",), ("shifts",), ("capabilities",), ("policies",), ("demand", "kinds"),
    ("targets",),
}  # fmt: skip
Step = str | int
Loc = tuple[Step, ...]


def defaults_used(scenario: Scenario) -> tuple[str, ...]:
    """
    Return every default used, as "dispatch_centre.shift_end: finish".

    Where all teams (kinds, bases, ...) share one, it is said once: "teams.*.count: 1".
    """
    whole = scenario.model_dump(mode="json", by_alias=True)
    given = scenario.model_dump(mode="json", by_alias=True, exclude_unset=True)
    found: dict[Loc, str] = {}
    _compare(whole, given, (), found)
    found = {loc: said for loc, said in found.items() if _matters(loc, scenario)}
    groups: dict[Loc, list[Loc]] = {}
    for loc in found:
        groups.setdefault(_pattern(loc), []).append(loc)
    said = []
    for pattern, locs in groups.items():
        values = {found[loc] for loc in locs}
        if len(values) == 1 and len(locs) == _size(whole, pattern):
            said.append(f"{_dotted(pattern)}: {values.pop()}")
        else:
            said += [f"{_dotted(loc)}: {found[loc]}" for loc in locs]
    return tuple(said)


def _compare(whole: Any, given: Any, loc: Loc, found: dict[Loc, str]) -> None:
    if isinstance(whole, dict):
        for key, value in whole.items():
            under = given.get(key) if isinstance(given, dict) else None
            _compare(value, under, (*loc, key), found)
    elif isinstance(whole, list) and whole and isinstance(whole[0], dict):
        for i, value in enumerate(whole):
            _compare(value, given[i] if given else None, (*loc, i), found)
    elif given is None:
        value = _MEANINGS.get(_dotted(_pattern(loc))) if whole in (None, []) else _say(whole)
        if value:
            found[loc] = value


def _matters(loc: Loc, scenario: Scenario) -> bool:
    """Return whether a default has any effect, given the rest."""
    if loc[:2] == ("demand", "kinds") and loc[-1] in ("transported", "handover"):
        return scenario.demand.kinds[str(loc[2])].to is not None
    if loc[-2:] == ("transport", "by"):
        return False  # whoever carries; where it is left open, `check` asks
    if loc[:1] == ("capabilities",):
        return bool(scenario.volunteers)
    if loc == ("map", "roads", "unit"):
        return scenario.map.roads is not None and isinstance(scenario.map.roads.table, str)
    if loc == ("map", "roads", "snap"):
        return scenario.map.roads is not None and scenario.map.roads.is_network
    if loc == ("map", "night"):
        return scenario.map.roads is not None and scenario.map.roads.speed.night is not None
    if loc in (("demand", "scale"), ("demand", "hours"), ("demand", "weekdays")):
        return scenario.demand.rate is not None
    return True


def _pattern(loc: Loc) -> Loc:
    """Return the path with each name that the planner gave as a star."""
    starred: list[Step] = []
    for step in loc:
        named = tuple(starred) in _NAMED or starred[-1:] in (["on_scene_at"], ["places"])
        starred.append("*" if named else step)
    return tuple(starred)


def _size(whole: Any, pattern: Loc) -> int:
    """Return how many parts a pattern stands for."""
    if not pattern:
        return 1
    if pattern[0] == "*":
        parts = whole.values() if isinstance(whole, dict) else whole
        return sum(_size(part, pattern[1:]) for part in parts)
    try:
        return _size(whole[pattern[0]], pattern[1:])
    except (KeyError, IndexError, TypeError):
        return 0


def _dotted(loc: Loc) -> str:
    return ".".join(map(str, loc))


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        alike = len(value) > 1 and len(set(map(str, value))) == 1
        return f"{len(value)} x {_say(value[0])}" if alike else ", ".join(_say(v) for v in value)
    return f"{value:g}" if isinstance(value, float) else str(value or "")
