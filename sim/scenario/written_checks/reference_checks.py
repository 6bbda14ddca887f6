"""
Checks that whatever is referred to by its name is there.

Made on the scenario as written, as those of ``cross_field`` are. Which fields refer to what is
declared in their types; here stands how to list the names of each sort. What takes more than the
name (a base in a place of another name, as many teams as are needed) is checked elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Protocol

from pydantic import BaseModel

from ..diagnostics.findings import Findings
from ..fields.models import Scenario
from ..fields.references import references_of
from ..text.source import Loc, Node
from .scenario_query import Keys, ScenarioQuery


class NamesInFiles(Protocol):
    """The names in the files of a scenario or, where a file may hold them, in itself."""

    @property
    def place_names(self) -> Keys:
        """Places; None where an error hides them, here and below."""

    @property
    def hospital_names(self) -> Keys:
        """Hospitals of a table; None also where there is none."""

    @property
    def area_names(self) -> Keys:
        """Areas of a table of places; None also where there is none."""

    @property
    def road_names(self) -> Keys:
        """Names of roads; None also where there is no network."""

    @property
    def node_names(self) -> Keys:
        """Road nodes; None also where there is no network."""


def _hospitals(look: ScenarioQuery, files: NamesInFiles) -> Keys:
    """Return the hospitals written here or in a table."""
    written = look.names("map", "hospitals")
    return files.hospital_names if written is None else written


def _areas(look: ScenarioQuery, files: NamesInFiles) -> Keys:
    """Return the areas of places; a place that gives none is an area of its own."""
    if look.keys("map", "places") is None:
        return files.area_names
    found = []
    for place in look.parts("map", "places"):
        area = look.tree.at(("map", "places", place, "area"))
        name = None if area is None else area.value
        if not isinstance(name, str | None):
            return None  # told by pydantic
        found.append(name or place)
    return list(dict.fromkeys(found))


# How to list the names of each sort; None where an error hides them, which is told elsewhere.
NAMES: Mapping[str, Callable[[ScenarioQuery, NamesInFiles], Keys]] = {
    "place": lambda _, files: files.place_names,
    "area": _areas,
    "hospital": _hospitals,
    "road": lambda _, files: files.road_names,
    "road node": lambda _, files: files.node_names,
    "kind": lambda look, _: look.keys("demand", "kinds"),
    "base": lambda look, _: look.keys("bases"),
    "shift": lambda look, _: look.names("shifts"),
    "volunteer group": lambda look, _: look.names("volunteers"),
    "vehicle": lambda look, _: look.names("vehicles"),
}
# Any word may be a capability: who has it, and how many, is for ``capability_checks``,
# ``crew_checks`` and ``transport_checks``.
OPEN = frozenset({"capability"})


def check_references(look: ScenarioQuery, files: NamesInFiles) -> None:
    """Note each name in a scenario that refers to nothing."""
    note_unknown(look.findings, Scenario, lambda sort: NAMES[sort](look, files), look.tree)


def note_unknown(
    findings: Findings,
    part: type[BaseModel],
    names: Callable[[str], Iterable[str] | None],
    tree: Node,
    at: Loc = (),
) -> None:
    """
    Note each name in a part of a scenario, written at a path, that refers to nothing.

    ``names`` lists the names of a sort; None where they are not known, so that all pass.
    """
    known: dict[str, Collection[str] | None] = {}
    for reference in references_of(part).found_in(tree, at):
        sort, name = reference.to.sort, reference.name
        if sort in OPEN or name in reference.to.but:
            continue
        if sort not in known:
            listed = names(sort)
            known[sort] = None if listed is None else dict.fromkeys(listed)
        there = known[sort]
        if there is not None and name not in there:
            if sort == "place" and name in (names("area") or ()):
                said = f"'{name}' is an area, not a place"
                findings.error(
                    reference.loc, said, "an area is given by `area` or `areas`", reference.is_key
                )
                continue
            findings.unknown(reference.loc, sort, name, there, on_key=reference.is_key)
