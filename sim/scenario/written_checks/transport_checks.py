"""
Checks of who transports: that people are taken to hospital by teams that carry.

Made on the scenario as written, as those of ``cross_field`` are.
"""

from __future__ import annotations

from ..diagnostics.diagnostic import join, nearest
from .capability_checks import had_by
from .scenario_query import ScenarioQuery


def check_transport(look: ScenarioQuery) -> None:
    """Note what is wrong with who transports, and ask where it is left open."""
    declared = look.parts("capabilities")
    carrying = [name for name in declared if look.whole("capabilities", name, "carries")]
    for kind in look.parts("demand", "kinds"):
        loc = ("demand", "kinds", kind)
        if look.is_given(*loc, "transport") and not look.is_given(*loc, "to"):
            look.findings.error(
                (*loc, "transport"),
                f"nobody of '{kind}' is taken anywhere",
                "write to: hospital, or take transport out",
            )
        elif look.is_given(*loc, "transport", "by"):
            _by(look, kind, carrying)
        elif carrying and look.is_given(*loc, "to"):
            _ask(look, kind, carrying)


def _by(look: ScenarioQuery, kind: str, carrying: list[str]) -> None:
    """Who is to take people to hospital carries them, and some team has it."""
    loc = ("demand", "kinds", kind, "transport", "by")
    name = look.value(*loc)
    if not isinstance(name, str):
        return
    had = {has for team in look.parts("teams") for has in had_by(look, team)}
    if name not in carrying:
        known = name in had or name in look.parts("capabilities")
        write = f"write capabilities: {{{name}: {{carries: 1}}}}"
        look.findings.error(
            loc,
            f"'{name}' carries nobody",
            write if known or not carrying else nearest(name, carrying, "those that carry"),
        )
    elif look.parts("teams") and name not in had:
        look.findings.error(
            loc,
            f"no team has '{name}', so nobody could ever take people to hospital",
            nearest(name, sorted(had), "teams have"),
        )


def _ask(look: ScenarioQuery, kind: str, carrying: list[str]) -> None:
    """Ask who takes people to hospital where no need of the kind carries and others do."""
    loc = ("demand", "kinds", kind)
    if set(look.words(*loc, "needs")) & set(carrying):
        return
    ways = [f"transport: {{by: {name}}}" for name in carrying[:3]]
    look.findings.warn(
        (*loc, "to"),
        f"nothing that '{kind}' needs carries people, so the first team sent takes them to "
        "hospital: is that meant?",
        f"write {join(ways, 'or')}",
    )
