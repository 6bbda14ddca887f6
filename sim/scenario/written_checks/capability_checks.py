"""
Checks that every capability is one that some callout needs, and every declared one is there.

Made on the scenario as written, as those of ``cross_field`` are. A team may have more than is
needed, so this warns: mostly it is a misspelt name, or two names without the comma between them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..diagnostics.diagnostic import nearest
from ..text.source import Loc, Node, Source
from .scenario_query import ScenarioQuery


def warn_of_unneeded(look: ScenarioQuery) -> None:
    """
    Warn of capabilities that no kind of callout needs, each once.

    Of a file under an overlay that changes the kinds of callout nothing is said: what it gives its
    teams is not meant for this scenario alone.
    """
    needs, whole = _needs(look), _sources(look.tree.at(("demand", "kinds")))
    alerts = {
        need
        for team in look.parts("teams")
        for need in look.words("teams", team, "on_call", "capabilities")
    }
    declared = look.parts("capabilities")
    never = {n for n in declared if look.is_yes("capabilities", n, "never_without")}
    varied = set(written_words(look.tree.at(("policies",)))) | set(
        written_words(look.tree.at(("study",)))
    )
    told: set[str] = set()
    for name, loc, node in _given(look):
        used = needs | never | (alerts if loc[0] == "volunteers" else set())
        where = (node.key or node.spot).source
        if not needs or name in used | varied | told or whole - {where.name}:
            continue
        told.add(name)
        help = missing_comma(name, needs) or nearest(name, sorted(used), "needed here")
        who = "no team on call wants" if loc[0] == "volunteers" else "no kind of callout needs"
        look.findings.warn(loc, f"{who} '{name}'", help)


def warn_of_unmentioned(look: ScenarioQuery) -> None:
    """
    Warn of capabilities that are declared, and that nobody has and no callout needs.

    As above, nothing is said of a file whose teams are those of another.
    """
    known = {name for name, _, _ in _given(look)} | _needs(look)
    for team in look.parts("teams"):
        known.update(look.words("teams", team, "on_call", "capabilities"))
    varied = set(written_words(look.tree.at(("policies",)))) | set(
        written_words(look.tree.at(("study",)))
    )
    written = ("teams", "vehicles", "volunteers")
    whole = set[str]().union(*(_sources(look.tree.at((section,))) for section in written))
    for name, node in look.parts("capabilities").items():
        where = (node.key or node.spot).source
        if not known or name in known | varied or whole - {where.name}:
            continue
        help = missing_comma(name, known) or nearest(name, sorted(known), "named here")
        look.findings.warn(("capabilities", name), f"nobody here has or needs '{name}'", help)


def missing_comma(name: str, known: Collection[str]) -> str:
    """Return a hint where a name is several known ones in a row: the comma was forgotten."""
    parts = _split(name.split(), known)
    return f"is a comma missing? write [{', '.join(parts)}]" if len(parts) > 1 else ""


def _split(words: list[str], known: Collection[str]) -> list[str]:
    """Return the known names that words are in a row, none if they are not."""
    for length in range(len(words), 0, -1):
        name = " ".join(words[:length])
        if name in known:
            rest = _split(words[length:], known)
            if rest or length == len(words):
                return [name, *rest]
    return []


def had_by(look: ScenarioQuery, team: str) -> set[str]:
    """Return what a team can have: its own, a vehicle's, or what must be among its people."""
    loc = ("teams", team)
    found = {
        *look.words(*loc, "capabilities"),
        *look.words(*loc, "on_call", "capabilities"),
    }
    for vehicle in look.words(*loc, "vehicles"):
        found.update(look.words("vehicles", vehicle, "capabilities"))
    return found


def _needs(look: ScenarioQuery) -> set[str]:
    """Return what kinds of callout need, explosive hazards and transport included."""
    found: set[str] = set()
    for kind in look.parts("demand", "kinds"):
        loc = ("demand", "kinds", kind)
        found.update(look.words(*loc, "needs"), look.words(*loc, "explosive_hazard", "needs"))
        if isinstance(by := look.value(*loc, "transport", "by"), str):
            found.add(by)
    return found


def _given(look: ScenarioQuery) -> Iterator[tuple[str, Loc, Node]]:
    """Yield each capability that teams, vehicles and volunteers have, and where it is written."""
    for section in ("teams", "vehicles", "volunteers"):
        for owner in look.parts(section):
            loc = (section, owner, "capabilities")
            node = look.tree.at(loc)
            listed = node.value if node is not None else None
            if isinstance(listed, list):
                for i, each in enumerate(listed):
                    if isinstance(each.value, str):
                        yield each.value, (*loc, i), each
            elif isinstance(listed, dict):
                for name, each in listed.items():
                    yield name, (*loc, name), each


def _sources(node: Node | None) -> set[str]:
    """Return the files in which something is written."""
    sources: list[Source] = [n.spot.source for _, n in node.walk()] if node is not None else []
    return {source.name for source in sources}


def written_words(node: Node | None) -> Iterator[str]:
    """Yield all text below a node: what alternatives set and a study varies."""
    for _, each in node.walk() if node is not None else ():
        if isinstance(each.value, str):
            yield each.value
