"""
What scenario format 1 called the fields of format 2: one table, and who reads it.

A path holds the names of format 2 but for its last step, which is the old one; ``*`` stands for a
name that the planner gave, or for a number in a list. So a file that is half in format 2 is told
of, too. ``check`` and `upgrade` read the same table; nothing runs format 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from shlex import quote
from typing import NamedTuple

from sim.errors import Diagnostic

from .text.source import Loc, Node, Position

FORMAT = 2
_KIND = "demand.kinds.*"
FIELDS = {
    "desk": "dispatch_centre",
    "dispatch_centre.send_returning": "dispatch_while_returning",
    "clock.run": "length",
    "map.last_mile": "local_travel",
    "map.roads.detour": "circuity",
    "map.roads.uncertainty": "travel_time_cv",
    "map.checkpoints.*.turned_back": "refusal",
    "map.checkpoints.*.tries_again": "retry_after",
    "map.hospitals.*.doors": "offload_bays",
    "demand.day_to_day.variance_over_mean": "dispersion_index",
    "demand.surges.*.multiply": "factor",
    "demand.clusters.sets_off": "branching_ratio",
    f"{_KIND}.hand_over": "handover",
    f"{_KIND}.people.hand_over": "handover",
    f"{_KIND}.gives_up": "abandons_after",
    f"{_KIND}.relieved_after": "relief_after",
    f"{_KIND}.danger": "scene_hazard",
    f"{_KIND}.scene_hazard.aborts_after": "withdraw_after",
    f"{_KIND}.device": "explosive_hazard",
    f"{_KIND}.explosive_hazard.clears": "clearance",
    f"{_KIND}.deferrable.keeps_free": "min_free_teams",
    f"{_KIND}.deferrable.at_most": "max_hold",
    f"{_KIND}.survival.at_once": "initial",
    "teams.*.has": "capabilities",
    "teams.*.breaks.*.lasts": "duration",
    "teams.*.on_call.skills": "capabilities",
    "teams.*.on_call.leaves_after": "assembly_timeout",
    "teams.*.reserve.lasts": "duration",
    "teams.*.reserve.rests": "minimum_rest",
    "vehicles.*.has": "capabilities",
    "vehicles.*.repair": "time_to_repair",
    "volunteers.*.skills": "capabilities",
    "volunteers.*.accepts": "acceptance",
    "volunteers.*.answers": "answer_delay",
    "volunteers.*.comes": "travel_to_base",
    "volunteers.*.tires": "alert_fatigue",
    "policies.*.diversion": "reassignment",
}
DISTRIBUTIONS = (
    "dispatch_centre.call_handling",
    "dispatch_centre.turnout",
    "map.local_travel",
    "map.checkpoints.*.delay",
    "demand.clusters.after",
    "demand.incidents.*.casualties.found",
    f"{_KIND}.on_scene",
    f"{_KIND}.on_scene_at.*",
    f"{_KIND}.handover",
    f"{_KIND}.abandons_after",
    f"{_KIND}.people.on_scene",
    f"{_KIND}.people.handover",
    f"{_KIND}.permission",
    f"{_KIND}.documentation",
    f"{_KIND}.scene_hazard.safe_after",
    f"{_KIND}.explosive_hazard.clearance",
    "teams.*.turnout",
    "teams.*.on_scene",
    "teams.*.reserve.delay",
    "vehicles.*.time_to_repair",
    "volunteers.*.answer_delay",
    "volunteers.*.travel_to_base",
)
"""Where a distribution may stand: there ``law`` is now ``distribution``."""
VALUES = {"demand.record.uses.*": {"hand_over": "handover"}}
COLUMNS = {"map.hospitals": {"doors": "offload_bays"}}
"""Columns of the tables named at these paths."""

_STEP, _ANY = "\0", r"[^\0]+"
_VARIED = ("study", "vary")
_OLD = {path.rsplit(".", 1)[-1] for path in FIELDS} | {"law"}
_OLD_VALUES = {old for names in VALUES.values() for old in names}


class OldName(NamedTuple):
    """A name of format 1 that is written somewhere: where, as what, and what it is called now."""

    loc: Loc
    spot: Position
    old: str
    new: str

    def diagnostic(self, help: str = "") -> Diagnostic:
        """Return it as an error at its place, told in one line: there may be many."""
        if self.loc == ("format",):
            said = f"format 1 is no longer read; this version reads format {FORMAT}"
        else:
            said = f"'{self.old}' is now '{self.new}'"
        where = ".".join(map(str, self.loc))
        return replace(self.spot.diagnostic(said, help, where), text="")


def old_names(tree: Node) -> list[OldName]:
    """Return every name of format 1 that a scenario, or an overlay, is written with, in order."""
    found = list(_old_in(tree, (), ()))
    declared = tree.child("format")
    if declared is not None and declared.value == 1 and declared.value is not True:
        found.append(OldName(("format",), declared.spot, "1", str(FORMAT)))
    return sorted(found, key=lambda name: (name.spot.line, name.spot.column))


def told_of(tree: Node) -> list[Diagnostic]:
    """Return an error for every old name in a file; the last one says the way out."""
    names, shown = old_names(tree), tree.spot.source.name
    if not names:
        return []
    way_out = (
        f"this file is in scenario format 1; 'rescuesim upgrade {quote(shown)}' renames these "
        "fields and keeps comments"
    )
    return [*(name.diagnostic() for name in names[:-1]), names[-1].diagnostic(way_out)]


def in_flag(path: str, node: Node) -> list[OldName]:
    """Return the old names in a flag that sets a dotted path: in the path and in its value."""
    new = new_path(path)
    flag = Position(node.spot.source, 0, 0, max(1, node.spot.column - 1))
    found = [] if new == path else [OldName((), flag, path, new)]
    return [*found, *_old_at(node, (), tuple(new.split(".")))]


def new_path(path: str) -> str:
    """
    Return a dotted path, as ``--set`` takes it, with the names of format 2.

    A name in it may hold dots itself.
    """
    steps = path.replace(".", _STEP)
    for rule, new in _rules(loose=True):
        match = rule.match(steps)
        if match:
            steps = f"{match[1]}{new}{match[2]}"
    return steps.replace(_STEP, ".")


def new_question(question: str) -> str:
    """Return what the question that a policy answers is called now, empty if it never moved."""
    return FIELDS.get(f"policies.*.{question}", "")


def _old_in(node: Node, loc: Loc, known: Loc) -> Iterator[OldName]:
    """Yield the old names below; ``known`` is the path in the names of format 2."""
    if isinstance(node.value, dict):
        paths = known == _VARIED or (
            len(known) == 3 and (known[0], known[2]) == ("policies", "set")
        )
        for key, child in node.value.items():
            new = new_path(key) if paths else _renamed(key, known)
            if new != key:
                yield OldName((*loc, key), child.key or child.spot, key, new)
            if paths:
                yield from _old_at(child, (*loc, key), tuple(new.split(".")))
            else:
                yield from _old_in(child, (*loc, key), (*known, new))
    elif isinstance(node.value, list):
        for i, child in enumerate(node.value):
            yield from _old_in(child, (*loc, i), (*known, i))
    elif isinstance(node.value, str) and node.value in _OLD_VALUES:
        new = _values(_joined(known)).get(node.value, node.value)
        if new != node.value:
            yield OldName(loc, node.spot, node.value, new)


def _old_at(node: Node, loc: Loc, known: Loc) -> Iterator[OldName]:
    """Yield the old names in a value that a path is set to, or in each of those it is varied by."""
    yield from _old_in(node, loc, known)
    if isinstance(node.value, list):
        for i, child in enumerate(node.value):
            yield from _old_in(child, (*loc, i), known)


def _renamed(key: str, known: Loc) -> str:
    """Return the name of format 2 for a key at a path of format 2."""
    if key not in _OLD:
        return key
    steps = _joined((*known, key))
    return next((new for rule, new in _rules(loose=False) if rule.fullmatch(steps)), key)


def _joined(loc: Loc) -> str:
    return _STEP.join(map(str, loc))


@cache
def _rules(loose: bool) -> list[tuple[re.Pattern[str], str]]:
    """Return the table as patterns, the shortest paths first, so that parents are renamed first."""
    table = {**FIELDS, **{f"{path}.law": "distribution" for path in DISTRIBUTIONS}}
    any_name = r".+?" if loose else _ANY
    rules = []
    for path in sorted(table, key=lambda path: path.count(".")):
        *above, old = (any_name if s == "*" else re.escape(s) for s in path.split("."))
        steps = "".join(f"{step}{_STEP}" for step in above)
        rules.append((re.compile(f"({steps}){old}((?:{_STEP}.*)?)", re.DOTALL), table[path]))
    return rules


def _values(steps: str) -> dict[str, str]:
    for path, names in VALUES.items():
        if re.fullmatch(_STEP.join(_ANY if s == "*" else s for s in path.split(".")), steps):
            return names
    return {}


def old_columns(loc: Loc, columns: Iterable[str]) -> dict[str, str]:
    """Return which columns of the table named at a path have a new name, and which."""
    known = COLUMNS.get(".".join(map(str, loc)), {})
    return {column: known[column] for column in columns if column in known}
