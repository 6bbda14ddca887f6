"""
How often results were looked at: seeds, horizons and primary measures that were tried.

Who tries seeds, horizons or measures until a result pleases will find one that does, and the
interval printed next to it is then worth nothing. So each result counts the others of its scenario
in the folder it is put in, and says which choices were declared in the scenario file beforehand.
What is counted may differ between two equal runs, so it stands in the manifest's ``run`` block.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from stat import S_ISREG
from typing import Any

from sim.outcomes import Standards
from sim.scenario import ScenarioFile
from sim.scenario.text.source import FLAG
from sim.units import say_duration, say_share
from sim.world import World

from .running.alternatives import Design
from .running.precision import ReplicationPlan
from .running.samples import standards_for

FILE, FLAGGED, DEFAULT, UNKNOWN = "file", "flag", "default", "unknown"
# What may be chosen, and where a scenario has it.
CHOICES: dict[str, tuple[str, ...]] = {
    "seed": ("study", "seed"),
    "replications": ("study", "replications"),
    "length": ("clock", "length"),
    "warm_up": ("clock", "warm_up"),
    "horizon": ("study", "horizon"),
    "primary": ("study", "primary"),
    "margin": ("study", "margin"),
    "by": (),  # the measure that `select` chooses by: no scenario has it
    "other": (),  # all other values that flags replace
}
MOST_FOLDERS, MOST_READ, MOST_BYTES = 10_000, 1000, 4_000_000
MOST_KEPT = 1000  # looks a manifest remembers
_MANIFESTS = ("manifest.json", "PARTIAL.json")


@dataclass(frozen=True, slots=True)
class Look:
    """The choices behind a result, as text by what was chosen, and where each came from."""

    values: dict[str, str]
    sources: dict[str, str]

    def record(self) -> dict[str, dict[str, str]]:
        """Return it as plain data."""
        return {
            name: {"value": value, "from": self.sources.get(name, UNKNOWN)}
            for name, value in self.values.items()
        }


def look_of(design: Design, world: World, by: str = "", asked: bool = False) -> Look:
    """
    Return the choices behind a result.

    Parameters
    ----------
    design
        What was run; its first scenario says how.
    world
        The baseline's.
    by
        The measure that a selection chose by.
    asked
        Whether a flag named that measure.

    """
    file, standards = design.files[0], standards_for(world)
    values = {
        "seed": str(design.seed),
        "replications": _said(design.plan),
        "length": say_duration(file.scenario.clock.length),
        "warm_up": say_duration(file.scenario.clock.warm_up),
        "horizon": say_duration(standards.horizon),
        "primary": ", ".join(standards.primary),
        "margin": _margin(standards),
        "by": by,
        "other": "; ".join(f"{path}={value}" for path, value in _others(file)),
    }
    sources = {name: _source(file, loc) for name, loc in CHOICES.items() if loc}
    sources["by"] = FLAGGED if asked else DEFAULT
    sources["other"] = FLAGGED if values["other"] else FILE
    kept = {name: value for name, value in values.items() if value or name != "by"}
    return Look(kept, {name: sources[name] for name in kept})


def _said(plan: ReplicationPlan) -> str:
    if not plan.goals:
        return str(plan.at_most)
    goals = ", ".join(f"{g.measure} {g.relative or ''} {g.absolute or ''}" for g in plan.goals)
    return f"{plan.first} to {plan.at_most} until {' '.join(goals.split())}"


def _margin(standards: Standards) -> str:
    shares = (standards.margin_share, standards.margin_unreached)
    return ", ".join([say_duration(standards.margin_time), *map(say_share, shares)])


def _source(file: ScenarioFile, loc: tuple[str, ...]) -> str:
    """Return whether a value, or any part of it, was given by a flag, in the file, or not."""
    node = file.tree.at(loc)
    if node is None:
        return DEFAULT
    flagged = any(each.spot.source.name == FLAG for _, each in node.walk())
    return FLAGGED if flagged else FILE


def _others(file: ScenarioFile) -> Iterator[tuple[str, str]]:
    """Yield the other values that flags replace, with their paths."""
    own = [loc for loc in CHOICES.values() if loc]
    for path, node in file.tree.walk():
        if isinstance(node.value, (dict, list)) or node.spot.source.name != FLAG:
            continue
        if not any(path[: len(loc)] == loc for loc in own):
            yield ".".join(map(str, path)), str(node.value)


def looks_at(place: Path, scenario: str, this: Look) -> dict[str, Any]:
    """
    Return how often a scenario was looked at in the folder that a result is put in.

    Parameters
    ----------
    place
        Where the result will be; an earlier one there counts, and what it remembers.
    scenario
        Name of the scenario: results of others in that folder are not looked at.
    this
        The choices behind the result.

    Returns
    -------
    dict
        For the manifest: ``number`` of this look; ``tried``, how many values of what was varied;
        ``not_declared``, which of these the scenario file did not say beforehand; ``this`` and
        ``earlier`` looks. What is damaged, or not of this program, is skipped.

    """
    known = [
        look
        for manifest in _manifests(place.resolve())
        if manifest.get("scenario") == scenario
        for look in _looks_in(manifest)
    ]
    distinct = _distinct([*known, this])
    earlier = [look for look in distinct if look.values != this.values][:MOST_KEPT]
    tried = {name: len(values) for name in CHOICES if len(values := _values(name, distinct)) > 1}
    return {
        "scenario": scenario,
        "number": len(distinct),
        "tried": tried,
        "not_declared": [name for name in tried if not _is_declared(name, this, [*known, this])],
        "this": this.record(),
        "earlier": [look.record() for look in earlier],
    }


def _distinct(looks: Iterable[Look]) -> list[Look]:
    """
    Return looks that differ, in a fixed order.

    One that says less and agrees in all it says with another is no other look: what a comparison
    has, a selection has, too.
    """
    found = {json.dumps(look.values, sort_keys=True): look for look in looks}
    fullest = sorted(found.items(), key=lambda item: (-len(item[1].values), item[0]))
    kept: list[Look] = []
    for _, look in fullest:
        more = (other for other in kept if len(other.values) > len(look.values))
        if not any(look.values.items() <= other.values.items() for other in more):
            kept.append(look)
    return kept


def _values(name: str, looks: Iterable[Look]) -> set[str]:
    return {look.values[name] for look in looks if name in look.values}


def _is_declared(name: str, this: Look, looks: Iterable[Look]) -> bool:
    """
    Return whether a choice is the one that the scenario file declared before any result.

    It is not where a flag made it, or where the file said something else at an earlier look.
    """
    if name not in this.values:
        return True
    declared = {
        look.values[name]
        for look in looks
        if name in look.values and look.sources.get(name) in (FILE, DEFAULT)
    }
    return declared == {this.values[name]}


def _manifests(place: Path) -> Iterator[dict[str, Any]]:
    """Yield the manifests of results at a place and next to it, if written by this program."""
    try:
        with os.scandir(place.parent) as entries:
            folders = sorted(e.path for e in islice(entries, MOST_FOLDERS) if e.is_dir())
    except OSError:
        return
    nearby = [Path(folder) for folder in folders if Path(folder) != place]
    paths = (folder / name for folder in (place, *nearby) for name in _MANIFESTS)
    whole = (path for path in paths if _is_readable(path))
    for path in islice(whole, MOST_READ):
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(manifest, dict):
            yield manifest


def _is_readable(path: Path) -> bool:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return False
    return S_ISREG(found.st_mode) and found.st_size <= MOST_BYTES


def _looks_in(manifest: dict[str, Any]) -> list[Look]:
    """Return the look behind a result, and those it remembers."""
    run = manifest.get("run")
    recorded = run.get("looks") if isinstance(run, dict) else None
    if not isinstance(recorded, dict):
        return _before_looks(manifest)
    earlier = recorded.get("earlier")
    listed = earlier[:MOST_KEPT] if isinstance(earlier, list) else []
    return [look for record in (recorded.get("this"), *listed) if (look := _look(record))]


def _look(record: object) -> Look | None:
    """Return a look from plain data; None where that is something else."""
    if not isinstance(record, dict):
        return None
    found = {
        name: each
        for name, each in record.items()
        if name in CHOICES and isinstance(each, dict) and isinstance(each.get("value"), str)
    }
    values = {name: each["value"] for name, each in found.items()}
    sources = {name: str(each.get("from", UNKNOWN)) for name, each in found.items()}
    return Look(values, sources) if values else None


def _before_looks(manifest: dict[str, Any]) -> list[Look]:
    """Return what a result tells that was made before looks were counted, or from Python."""
    seed, run = manifest.get("seed"), manifest.get("run_ms")
    if type(seed) is not int or type(run) is not int or run <= 0:
        return []
    return [Look({"seed": str(seed), "length": say_duration(run)}, {})]
