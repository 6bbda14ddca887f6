"""Whether the teams on duty can keep up: work that comes in against teams there are on average."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, log

from sim import units

from ..diagnostics.diagnostic import join
from ..diagnostics.findings import Findings
from ..duty_hours.expected_demand import ExpectedDemand
from ..duty_hours.rosters import duty_of
from ..fields.distribution import Distribution
from ..fields.models import Scenario
from ..fields.transports import carrier_of, may_have, mean_transports

DAY = units.MS_PER["day"]
NORMAL_P90 = 1.2815515655446004
MOST_TURNS = 100_000  # that are worked out; further teams of a roster are taken to be alike


def warn_of_load(findings: Findings, scenario: Scenario, expected: ExpectedDemand) -> None:
    """Warn of more work than teams, where callouts that find nobody free wait for ever."""
    queues = [name for name, rule in queue_rules(scenario) if rule != "none"]
    load, teams = _load(scenario, expected), _teams_on_duty(scenario)
    if not queues or load <= teams:
        return
    some = len(queues) < len(scenario.policies)
    under = f" under {join([repr(name) for name in queues[:3]])}" if some else ""
    findings.warn(
        ("demand", "rate"),
        f"the work on scene alone would keep {load:.1f} teams busy day and night, and "
        f"{teams:.1f} are on duty on average; the queue will grow all the time{under}",
        "lower the rate, add teams, or say when callers stop waiting: abandons_after",
    )


def warn_of_transports(findings: Findings, scenario: Scenario, expected: ExpectedDemand) -> None:
    """Warn of more handovers at hospital than teams that carry, as ``warn_of_load`` does."""
    queues = any(rule != "none" for _, rule in queue_rules(scenario))
    load: dict[str, float] = {}
    for name, kind in scenario.demand.kinds.items():
        carrier = carrier_of(scenario, kind)
        if carrier is None or kind.abandons_after is not None or not queues:
            continue
        each = kind.transported * mean_transports(kind, carrier.carries) * mean_of(kind.handover)
        callouts = sum(expected.per_day(name, place) for place in expected.places)
        load[carrier.name] = load.get(carrier.name, 0.0) + callouts * each / DAY
    for name, busy in load.items():
        teams = _teams_on_duty(scenario, name)
        if busy > teams:
            findings.warn(
                ("capabilities", name),
                f"handovers at hospital alone would keep {busy:.1f} teams with '{name}' busy day "
                f"and night, and {teams:.1f} are on duty on average; the queue will grow all the "
                "time",
                f"lower the rate, give '{name}' to more teams, or let it carry more people",
            )


def queue_rules(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield each alternative and the name of its queue rule."""
    for name, alternative in scenario.policies.items():
        rule = alternative.queue
        yield name, rule if isinstance(rule, str) else next(iter(rule), "")


def calls_in(scenario: Scenario) -> bool:
    """Return whether an alternative may call in teams in reserve."""
    rules = (alternative.staffing for alternative in scenario.policies.values())
    return any(rule != "fixed" and rule != {"fixed": {}} for rule in rules)


def _teams_on_duty(scenario: Scenario, capability: str | None = None) -> float:
    """
    Return how many teams are on duty on average; those that may be called in count as on.

    Of a capability those that may have it.
    """
    run = scenario.clock.warm_up + scenario.clock.length
    total = 0.0
    for team in scenario.teams.values():
        if capability is not None and capability not in may_have(scenario, team):
            continue
        if team.reserve is not None:
            total += team.count * calls_in(scenario)
        elif team.roster is None and not team.shifts:
            total += team.count
        else:
            some = max(1, MOST_TURNS // (1 + run // DAY)) if team.roster is not None else 1
            copies = min(team.count, some)
            on = sum(b - a for i in range(copies) for a, b in duty_of(scenario, team, i))
            total += team.count * on / copies / run
    return total


def _load(scenario: Scenario, expected: ExpectedDemand) -> float:
    """
    Return how many teams the work on scene would keep busy, were one enough for each callout.

    Of callers who stop waiting none is counted: their queue is bounded.
    """
    quickest = min(
        (mean_of(t.on_scene) for t in scenario.teams.values() if t.on_scene), default=None
    )
    load = 0.0
    for name, kind in scenario.demand.kinds.items():
        if kind.abandons_after is not None or not kind.share:
            continue
        usual, elsewhere = mean_of(kind.on_scene), kind.on_scene_at
        for place in expected.places:
            there = elsewhere.get(place.name)
            work = usual if there is None else mean_of(there)
            load += (
                expected.per_day(name, place)
                * min(work, work if quickest is None else quickest)
                / DAY
            )
    return load


def mean_of(duration: Distribution) -> float:
    """Return the mean of a duration. [ms]"""
    if duration.values:
        return sum(duration.values) / len(duration.values)
    if duration.median is not None and duration.p90 is not None:
        sigma = log(duration.p90 / duration.median) / NORMAL_P90
        return duration.median * exp(min(sigma**2 / 2, 50))
    return float(duration.mean if duration.mean is not None else duration.value or 0)
