"""Checks of targets and groups in results: each is about callouts that can come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..diagnostics.findings import Findings
from ..duty_hours.expected_demand import ExpectedDemand
from ..duty_hours.named_windows import named_windows
from ..duty_hours.rosters import Interval
from ..duty_hours.target_cohorts import is_for_place, times_of
from ..fields.models import Scenario
from ..fields.studies import Target

WHERE_AND_WHEN = {
    "where": "where", "areas": "areas", "hours": "hours", "weekdays": "weekdays",
    "months": "months", "begins": "from", "until": "until",
}  # fmt: skip


def check_targets(findings: Findings, scenario: Scenario, expected: ExpectedDemand) -> None:
    """Note each target with places or times of its own for which no callout can come."""
    clock = scenario.clock
    for i, target in enumerate(scenario.targets):
        given = [w for field, w in WHERE_AND_WHEN.items() if getattr(target, field) is not None]
        if not given:
            continue
        times = times_of(target, clock.local, clock.length)
        loc = ("targets", i, given[-1] if times == () else given[0])
        if times == ():
            findings.error(loc, f"the target '{target.name}' has no hour of the run")
        elif not _may_come(target, expected, times or ((0, clock.length),)):
            findings.error(loc, f"no callout can come that the target '{target.name}' is for")


def warn_of_windows(findings: Findings, scenario: Scenario) -> None:
    """Tell where results in windows of the run are asked for and there are none."""
    if "window" in scenario.study.by and not named_windows(scenario):
        findings.warn(
            ("study", "by"),
            "there is no closure, surge or incident in a part of the run: no results by window",
        )


def _may_come(target: Target, expected: ExpectedDemand, times: Sequence[Interval]) -> bool:
    """Return whether any callout can come in its places and times, with whatever triggers it."""
    scenario = expected.scenario
    clusters, clock = scenario.demand.clusters, scenario.clock
    places = {p.name for p in expected.places if is_for_place(target, p.name, p.area)}
    for name, kind in scenario.demand.kinds.items():
        if target.kind in (None, name) and target.priority in (None, kind.priority):
            is_triggered = clusters is not None and name in (clusters.kinds or (name,))
            when = ((-clock.warm_up, clock.length),) if is_triggered else times
            if expected.during(name, places, when) or any(
                begins < last and first < until
                for first, last in _of_incidents(scenario, name, places)
                for begins, until in times
            ):
                return True
    return False


def _of_incidents(scenario: Scenario, kind: str, places: set[str]) -> Iterator[Interval]:
    """Yield from when until when incidents in some places have callouts of a kind."""
    for incident in scenario.demand.incidents:
        at = scenario.clock.local.instant_of(incident.at)
        if incident.place in places and incident.kind == kind:
            yield at, at + incident.over + 1
        if incident.place in places and incident.casualties and incident.casualties.kind == kind:
            yield at, scenario.clock.length
