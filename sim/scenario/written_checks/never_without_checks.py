"""
Checks of capabilities that a crew of volunteers never turns out without.

Made on the scenario as written, as those of ``cross_field`` are.
"""

from __future__ import annotations

from ..diagnostics.diagnostic import join
from .capability_checks import written_words
from .scenario_query import ScenarioQuery


def check_never_without(look: ScenarioQuery) -> None:
    """Tell crews that could never turn out, and declarations that concern no crew."""
    never = [n for n in look.parts("capabilities") if look.is_yes("capabilities", n, NEVER)]
    crews = [team for team in look.parts("teams") if look.parts("teams", team, "on_call")]
    concerned: set[str] = set()
    for team in crews:
        concerned.update(look.words("teams", team, "on_call", "capabilities"))
        concerned.update(look.words("teams", team, "capabilities"))
        _own(look, team, never)
    varied = set(written_words(look.tree.at(("policies",))))
    varied |= set(written_words(look.tree.at(("study",))))
    for name in never:
        if crews and name not in concerned | varied:
            look.findings.warn(
                ("capabilities", name, NEVER),
                f"no crew on call must have '{name}' among its people, so this changes nothing",
                f"write capabilities: [{name}] in the on_call of {_named(crews)}",
            )


def _own(look: ScenarioQuery, team: str, never: list[str]) -> None:
    """Tell what a team on call has as its own, never turns out without, and no volunteer has."""
    pool = look.value("teams", team, "on_call", "volunteers")
    if not isinstance(pool, str) or pool not in look.parts("volunteers"):
        return
    has = look.names("volunteers", pool, "capabilities")
    told = look.words("teams", team, "on_call", "capabilities")  # of these another check tells
    for i, name in enumerate(look.items("teams", team, "capabilities")):
        if has is not None and name in never and name not in has and name not in told:
            look.findings.error(
                ("teams", team, "capabilities", i),
                f"nobody of '{pool}' has '{name}', and a crew never turns out without it",
                f"write capabilities: {{{name}: 2}} in '{pool}', or the number who have it",
            )


def _named(crews: list[str]) -> str:
    return join([f"'{team}'" for team in crews[:3]] + ["others"] * (len(crews) > 3))


NEVER = "never_without"
