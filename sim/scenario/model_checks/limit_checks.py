"""Checks of limits of duty: of crews that have others, and limits that never count."""

from __future__ import annotations

from sim import units

from ..diagnostics.findings import Findings
from ..fields.models import Scenario


def check_limits(findings: Findings, scenario: Scenario) -> None:
    """Note limits of crews on call and in reserve, and of what does not happen; warn of the odd."""
    length = scenario.clock.warm_up + scenario.clock.length
    exposes = any(kind.exposure for kind in scenario.demand.kinds.values())
    for name, team in scenario.teams.items():
        loc, limits = ("teams", name, "limits"), team.limits
        if limits is None:
            continue
        if team.on_call is not None:
            said = (
                "a team on call has no limits of duty: its people come from home, others each time"
            )
            findings.error(loc, said, "remove limits or on_call")
        elif team.reserve is not None:
            said = "a team in reserve has limits of its own: `duration` and `minimum_rest`"
            findings.error(loc, said, "remove limits or reserve")
        if limits.exposing_callouts is not None and not exposes:
            findings.error(
                (*loc, "exposing_callouts"),
                "no kind of callout has an exposure, so this limit is never reached",
                "give a kind its exposure, as 1",
            )
        if limits.minimum_rest >= length:
            findings.warn(
                (*loc, "minimum_rest"),
                f"the run is over after {units.say_duration(length)}, so a crew that rests for "
                f"{units.say_duration(limits.minimum_rest)} never comes back in it",
            )
