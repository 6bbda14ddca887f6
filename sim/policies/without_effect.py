"""Rules that can change nothing in a scenario, or reckon without a part of it; and duplicates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sim.errors import Diagnostic
from sim.scenario import ScenarioFile, Variant
from sim.scenario.diagnostics.diagnostic import join
from sim.scenario.fields.vehicle_speeds import speed_of
from sim.units import say_share

from .cover_rules.compliance import ComplianceTable, Diminishing, DoubleStandard
from .cover_rules.dynaroc import Dynaroc
from .cover_rules.relocation import Dmexclp, Home
from .cover_rules.staffing import Fixed
from .dispatch_rules.covering import LeastBusyInRange
from .policy_set import PolicySet
from .registry import policy_sets
from .rule_basis.library_rules import is_ours

# What their models know is that a base has so many teams, and not which: all alike.
_ALIKE = (ComplianceTable, Diminishing, Dmexclp, DoubleStandard, Dynaroc, LeastBusyInRange)


def warn_without_effect(variants: Sequence[Variant]) -> list[Diagnostic]:
    """
    Return warnings about alternatives of a scenario in which something can make no difference.

    Raises
    ------
    ScenarioError
        For unknown policies and wrong parameters.

    """
    found: dict[Diagnostic, None] = {}
    seen: list[tuple[ScenarioFile, PolicySet, str]] = []
    for variant in variants:
        rules = policy_sets(variant.file)[variant.policy]
        found |= dict.fromkeys(_idle_rules(variant.file, variant.policy, rules))
        found |= dict.fromkeys(_by_ordinary_times(variant.file, variant.policy, rules))
        alone = replace(rules, name="")
        same = [n for file, other, n in seen if file is variant.file and other == alone]
        if same:
            said = f"'{variant.name}' is the same as '{same[0]}': no difference can be found"
            help = "change a rule, or take one of the two out"
            found[_warning(variant.file, ("policies", variant.policy), said, help)] = None
        seen.append((variant.file, alone, variant.name))
    return list(found)


def _idle_rules(file: ScenarioFile, policy: str, rules: PolicySet) -> Iterator[Diagnostic]:
    """Yield a warning for each rule of the library that has nothing to choose from."""
    bases = {base.place or name for name, base in file.scenario.bases.items()}
    if len(bases) == 1 and is_ours(rules.relocation) and not isinstance(rules.relocation, Home):
        said = "there is one base, so free teams wait there under every relocation rule"
        yield _warning(file, ("policies", policy, "relocation"), said, "write relocation: home")
    reserves = any(team.reserve is not None for team in file.scenario.teams.values())
    if not reserves and is_ours(rules.staffing) and not isinstance(rules.staffing, Fixed):
        said = "no team is in reserve, so nobody can be called in"
        help = "give a team reserve: {delay: 1 h}, or write staffing: fixed"
        yield _warning(file, ("policies", policy, "staffing"), said, help)
    if not file.place_shares.own:
        yield from _by_hour(file, policy, rules)


def _by_hour(file: ScenarioFile, policy: str, rules: PolicySet) -> Iterator[Diagnostic]:
    """Yield a warning for each rule that weighs places by the hour where all hours are alike."""
    for question in ("dispatch", "relocation"):
        rule = getattr(rules, question)
        if is_ours(rule) and getattr(rule, "by_hour", False):
            said = "no kind of callout has places of its own, so places count alike in every hour"
            help = "give a kind where or areas of its own, or leave by_hour out"
            yield _warning(file, ("policies", policy, question), said, help)


def _by_ordinary_times(file: ScenarioFile, policy: str, rules: PolicySet) -> Iterator[Diagnostic]:
    """Yield a warning for each rule that takes vehicles of other speeds to be ordinary."""
    slow = [
        f"{name} {say_share(speed)}"
        for name, team in file.scenario.teams.items()
        if (speed := speed_of(file.scenario, team)) != 1
    ]
    for question in ("dispatch", "relocation"):
        if slow and isinstance(getattr(rules, question), _ALIKE):
            said = (
                "this rule counts what a base covers with ordinary vehicles, whichever team waits "
                f"there: of {join(slow)} that is approximate; drives and arrivals are their own"
            )
            yield _warning(
                file, ("policies", policy, question), said, "read differences with that in mind"
            )


def _warning(file: ScenarioFile, loc: tuple[str, ...], message: str, help: str) -> Diagnostic:
    return replace(file.diagnostic(loc, message, help, on_key=len(loc) == 2), warning=True)
