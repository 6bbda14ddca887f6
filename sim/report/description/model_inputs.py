"""The data of a scenario: every input with its source, distributions, defaults, assumptions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from sim.scenario import Distribution, ScenarioFile
from sim.scenario.text.source import Loc, Node, Position
from sim.scenario.text.yaml_writing import flow
from sim.units import say_duration

from .model_features import counted
from .subject import Fact, Facts, Subject

_MARK = re.compile(r"\((?P<mark>source|assumed)(?::\s*(?P<said>[^)]*))?\)(?P<more>[^#]*)")
_TOLD_ELSEWHERE = {
    *("format", "name", "title", "about", "sources", "assumptions"),
    *("clock", "policies", "targets", "study"),
}
_FAMILIES = {"lognormal": "log-normal", "gamma": "gamma", "exponential": "exponential"}


def data(subject: Subject) -> Facts:
    """Return what is known of the items of data."""
    file = subject.file
    return {
        "3.1": list(_sources(subject)),
        "3.2": list(_preparation(file)),
        "3.3": list(_inputs(subject)),
        "3.4": list(_assumptions(file)),
    }


def _sources(subject: Subject) -> Iterator[Fact]:
    file = subject.file
    for source in file.scenario.sources:
        yield Fact(f"Source: {source}", ("sources",))
    for line in file.scenario.map.attribution:
        yield Fact(f"Attribution: {line}", ("map.attribution",))
    if subject.manifest is None:
        for given in file.inputs:
            yield Fact(f"File {given.name}: {len(given.data):,} bytes, SHA-256 {given.sha256}.")
        marks = Counter(mark.partition(":")[0] or "neither" for _, _, mark in inputs(file))
        yield Fact(
            f"Of {counted(sum(marks.values()), 'input')} written in the scenario, "
            f"{marks['source']} have a source next to them, {marks['assumed']} are marked as "
            f"assumed, {marks['neither']} are neither."
        )
    else:
        for name, digest in subject.manifest["inputs"].items():
            yield Fact(f"File {name}, as it was read for the run: SHA-256 {digest}.")
        yield Fact("A results folder keeps no comments: what stood next to each input is in the "
                   "scenario file.")  # fmt: skip


def _preparation(file: ScenarioFile) -> Iterator[Fact]:
    roads = file.scenario.map.roads
    if roads is not None and roads.is_network:
        kept = Counter(edge.provenance or "no provenance given" for edge in file.edges)
        said = ", ".join(f"{count} {name}" for name, count in kept.most_common())
        yield Fact(
            f"Road network: {counted(len(file.nodes), 'node')}, {counted(len(file.edges), 'road')} "
            f"({said}); places are moved to their nearest node.",
            ("map.roads",),
        )
    elif file.times is not None:
        yield Fact("Travel times are a table, used as given.", ("map.roads.table",))
    elif roads is not None:
        circuity = f"{roads.circuity:g}" if roads.circuity is not None else "none"
        yield Fact(f"Roads are straight lines with circuity {circuity}.", ("map.roads.circuity",))
    record = file.scenario.demand.record
    if record is not None:
        yield Fact(
            f"Rows of the record out of order: {record.disordered}; callouts outside: "
            f"{record.outside}; coordinates within {record.within} m of a place.",
            ("demand.record",),
        )
    for path, own in distributions(file.scenario):
        if own.values is not None:
            where = f"{own.file}, column {own.column}"
            yield Fact(f"{dotted(path)}: drawn from recorded values ({where}).", (dotted(path),))


def _inputs(subject: Subject) -> Iterator[Fact]:
    """Yield every input that the scenario gives, and every default that stands for another."""
    file = subject.file
    for path, said, mark in inputs(file):
        note = f" ({mark})" if mark else ""
        yield Fact(f"{dotted(path)}: {said}{note}", (dotted(path),))
    yield Fact(f"Places: {len(file.places)}; each has a weight of the demand.", ("map.places",))
    for said in file.defaults:
        yield Fact(f"Default, the scenario is silent: {said}", (said.partition(": ")[0],))
    yield Fact("What each field means, with its unit: docs/glossary.md, or rescuesim glossary.")


def inputs(file: ScenarioFile) -> list[tuple[Loc, str, str]]:
    """Return every input that a scenario gives: its path, its value, and its source if marked."""
    scenario = file.scenario
    drawn = {path: distribution_words(own) for path, own in distributions(scenario)}
    whole = scenario.model_dump(mode="json", by_alias=True, exclude_unset=True)
    found = []
    for name, part in whole.items():
        if name not in _TOLD_ELSEWHERE:
            for path, value in _values(part, (name,), drawn):
                plain = value if isinstance(value, str) else flow(_plainly(value))
                said = drawn.get(path) or plain
                found.append((path, said, provenance(file.tree, path)))
    return found


def _values(value: Any, path: Loc, drawn: Mapping[Loc, str]) -> Iterator[tuple[Loc, Any]]:
    """Yield inputs; what fits on a line, as a place, is one."""
    plain = not any(isinstance(part, (dict, list)) for part in _parts(value))
    below = any(known[: len(path)] == path for known in drawn)
    if path in drawn or not isinstance(value, (dict, list)) or (plain and not below):
        yield path, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _values(part, (*path, key), drawn)
    else:
        for number, part in enumerate(value):
            yield from _values(part, (*path, number), drawn)


def _plainly(value: Any) -> Any:
    """Return data in which a whole number is written as one."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plainly(part) for key, part in value.items()}
    return [_plainly(part) for part in value] if isinstance(value, list) else value


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def distributions(part: Any, path: Loc = ()) -> Iterator[tuple[Loc, Distribution]]:
    """Yield every distribution that is given below a part of a scenario, with its path."""
    if isinstance(part, Distribution):
        yield path, part
    elif isinstance(part, BaseModel):
        for name, about in type(part).model_fields.items():
            if name in part.model_fields_set:
                yield from distributions(getattr(part, name), (*path, about.alias or name))
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from distributions(value, (*path, key))
    elif isinstance(part, tuple):
        for number, value in enumerate(part):
            yield from distributions(value, (*path, number))


def distribution_words(own: Distribution) -> str:
    """
    Return a distribution as a sentence has it.

    Examples
    --------
    >>> distribution_words(Distribution(median=1_200_000, p90=2_100_000))
    'log-normal, median 20 min, 90th percentile 35 min'
    >>> distribution_words(Distribution(distribution="fixed", value=0))
    'fixed, 0 min'

    """
    if own.distribution == "fixed":
        return f"fixed, {say_duration(own.value or 0)}"
    if own.distribution == "empirical":
        return f"empirical, {own.file}, column {own.column}, in {own.unit}"
    names = {"mean": "mean", "sd": "sd", "median": "median", "p90": "90th percentile"}
    given = [
        f"{said} {say_duration(value)}"
        for name, said in names.items()
        if (value := getattr(own, name)) is not None
    ]
    return ", ".join([_FAMILIES[own.distribution], *given])


def provenance(tree: Node, path: Loc) -> str:
    """
    Return what a comment next to a value says of its source, as ``(source: ...)`` or ``(assumed)``.

    That is the mark with the rest of the comment, or nothing where there is none. The comment
    stands on the value's line, or on its own lines above it; for an item of a list also at the
    list.
    """
    for steps in range(len(path), 0, -1):
        node = tree.at(path[:steps])
        for spot in () if node is None else (node.key, node.spot):
            mark = "" if spot is None else _marked(spot)
            if mark:
                return mark
        if not any(isinstance(step, int) for step in path[steps - 1 :]):
            return ""
    return ""


def _marked(spot: Position) -> str:
    lines = spot.source.lines
    if not 0 <= spot.line < len(lines):
        return ""
    _, there, comment = lines[spot.line][spot.column :].rpartition(" #")
    comment = comment if there else ""
    above = spot.line - 1
    while above >= 0 and lines[above].lstrip().startswith("#"):
        comment = f"{lines[above].lstrip()} # {comment}"
        above -= 1
    found = _MARK.search(comment)
    if found is None:
        return ""
    said = [" ".join(part.split()) for part in (found["said"] or "", found["more"])]
    return ": ".join([found["mark"], *(["; ".join(filter(None, said))] if any(said) else [])])


def _assumptions(file: ScenarioFile) -> Iterator[Fact]:
    for said in file.scenario.assumptions:
        yield Fact(f"Assumed: {said}", ("assumptions",))
    if file.defaults:
        yield Fact(
            f"{counted(len(file.defaults), 'default')} stand where the scenario is silent: see 3.3."
        )
    for warning in file.warnings:
        where = f"{warning.where}: " if warning.where else ""
        yield Fact(f"Warning of check: {where}{warning.message}")
    yield Fact("What the model itself assumes: docs/model.md and docs/disruptions.md.")


def dotted(path: Loc) -> str:
    """Return a path as people write it."""
    return ".".join(map(str, path))
