"""
Nobody can buy a verdict by abandoning people: whoever is refused is named, and nothing is better.

Every rule here serves the others sooner, so that means over those reached, percentiles and targets
improve; a rule that refuses a kind, a place, a priority or a time of day is worse all the same.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

import sim
from sim.outcomes.measured.judged import judged_times
from sim.policies.dispatch_rules.dispatch import Closest, Cutoff, RunCard
from sim.policies.queue_rules.queueing import RULES as QUEUES

from ..long_cases import quick_first

HOUR = 3_600_000
STARTS = 6  # first-steps begins at 06:00
TAU = 8  # hours, its horizon: 24 times its target of 20 min
KINDS, PLACES = ("injury", "fire"), ("Harbour", "Bridge", "Hill")


@dataclass(frozen=True)
class Refuses:
    """The closest team, but for one kind, place, priority or four hours of the day: never."""

    by: str
    what: int

    def __call__(self, callout, view):
        own = {
            "kind": callout.kind,
            "place": callout.place,
            "priority": callout.priority,
            "time": (callout.received // HOUR + STARTS) % 24 // 4,
        }
        if own[self.by] == self.what:
            return None, "refused"
        return Closest()(callout, view)


CLASSES = [
    *(("kind", n, name) for n, name in enumerate(KINDS)),
    *(("place", n, name) for n, name in enumerate(PLACES)),
    *(("priority", n, str(n)) for n in (1, 2)),
    *(("time", n, f"{4 * n:02d}:00-{4 * (n + 1) % 24:02d}:00") for n in range(6)),
]
# What each refuses: priority 2 is fire, and a kind is named before a priority.
OTHERS = {
    "starve": ({"dispatch": Cutoff({2: 9})}, ("kind", "fire")),
    "no hill": (
        {"dispatch": RunCard({"Harbour": ("Harbour", "Hill"), "Bridge": ("Harbour", "Hill"),
                              "Hill": ()}, "wait")},
        ("place", "Hill"),
    ),
}  # fmt: skip


@cache
def studied(rate, days, replications=10):
    """The alternatives over the same callouts; a day of warm-up goes before."""
    values = {"clock.length": f"{days} days", "demand.rate": f"{rate} per day"}
    policies = {"today": "today"}
    policies |= {f"{by} {name}": {"dispatch": Refuses(by, n)} for by, n, name in CLASSES}
    policies |= {name: rules for name, (rules, _) in OTHERS.items()}
    policies["nobody waits"] = {"queue": QUEUES["none"]()}
    found = sim.compare(
        sim.load("first-steps", values), policies=policies, replications=replications
    )
    return found, {j.alternative: j for j in found.tables.verdicts.judgements}


LONG = ((12, 14), (24, 10), (44, 7))  # the queue of those refused costs more, the more come
LOADS = [(24, 5), *(pytest.param(*load, marks=pytest.mark.long) for load in LONG)]
NAMED = {f"{by} {name}": (by, name) for by, _, name in CLASSES}
NAMED |= {name: refused for name, (_, refused) in OTHERS.items()}
NAMED["priority 1"], NAMED["priority 2"] = ("kind", "injury"), ("kind", "fire")


@pytest.mark.parametrize(("rate", "days"), LOADS)
@pytest.mark.parametrize("alternative", quick_first(NAMED, 5))
def test_a_class_that_is_refused_is_named_first_and_the_rule_is_worse(alternative, rate, days):
    found, judgements = studied(rate, days)

    own = judgements[alternative]
    assert own.verdict == "worse"
    named = own.gate.abandoned[0]
    assert (named.by, named.name) == NAMED[alternative]
    assert named.not_reached == 1
    rows = found.comparisons.where(alternative=alternative)
    assert "better" not in set(rows.column("verdict"))
    assert alternative not in found.tables.verdicts.best


@pytest.mark.parametrize(("rate", "days"), LOADS)
def test_the_times_of_a_class_that_is_refused_are_the_horizon(rate, days):
    """Exactly, of every callout whose fate is known; the run cuts off the last few."""
    found, _ = studied(rate, days)

    for sample in found.study.samples:
        if sample.name in NAMED:
            obs, names, times = sample.observations, sample.names, judged_times(sample)
            by, name = NAMED[sample.name]
            own = {
                "kind": obs.kind == (KINDS.index(name) if by == "kind" else -1),
                "place": obs.place == (PLACES.index(name) if by == "place" else -1),
                "time": obs.hour // 4 == (int(name[:2]) // 4 if by == "time" else -1),
            }[by]
            assert names.kinds == KINDS
            assert own.any()
            assert set(times.restricted[own & times.known]) == {TAU * HOUR}
            assert (times.restricted[own] <= TAU * HOUR).all()


@pytest.mark.parametrize(("rate", "days"), LOADS)
def test_where_nobody_waits_some_are_lost_and_that_is_worse(rate, days):
    """No class of its own is refused: whoever calls when all are out is."""
    found, judgements = studied(rate, days)

    own = judgements["nobody waits"]
    assert (own.verdict, own.gate.state) == ("worse", "failed")
    assert own.row("not_reached").low > 0
    assert "better" not in set(
        found.comparisons.where(alternative=own.alternative).column("verdict")
    )


def test_they_look_better_to_whoever_asks_only_those_reached():
    """Else these tests would prove nothing: the old measure falls for most of them."""
    found, judgements = studied(24, 5)
    means = found.comparisons.where(measure="response_mean_reached", group="all")

    sooner = [row for row in means.rows if row[means.columns.index("difference")] < 0]
    assert len(sooner) > len(judgements) / 2
    assert set(means.column("verdict")) == {""}
    gained = found.comparisons.where(verdict="at a price", group="all")
    assert {"share:injury in 20 min"} <= set(gained.column("measure"))


def test_a_rule_that_refuses_nobody_is_better_where_it_is():
    """The gate lets through what leaves nobody behind: a third team at the harbour."""
    values = {"clock.length": "5 days", "demand.rate": "24 per day"}
    base = sim.load("first-steps", values)
    more = sim.load("first-steps", values | {"teams.Harbour.count": 4, "name": "four"})

    found = sim.compare(base, more, policies=["today"], replications=10)

    (own,) = found.tables.verdicts.judgements
    assert (own.verdict, own.gate.state) == ("better", "open")
    assert np.isfinite(found.comparisons.where(group="all", family="primary").column("low")).all()


@dataclass(frozen=True)
class ComesLate:
    """The closest team, but to fires not before hours have passed: nobody is refused."""

    hours: float = 6.5

    def __call__(self, callout, view):
        if callout.kind == 1 and view.now - callout.received < self.hours * HOUR:
            return None, "later"
        return Closest()(callout, view)


def judged_of(policies, values):
    found = sim.compare(sim.load("first-steps", values), policies=policies, replications=10)
    return found.tables.verdicts.judgements[0]


def test_to_come_after_hours_is_not_to_come():
    """Every fire is reached within the horizon, most of it later; no share shows it."""
    values = {"clock.length": "7 days", "demand.rate": "24 per day"}

    judged = judged_of({"today": "today", "late": {"dispatch": ComesLate()}}, values)

    (fires,) = (harm for harm in judged.gate.harmed if (harm.by, harm.name) == ("kind", "fire"))
    assert (judged.verdict, judged.gate.state) == ("worse", "failed")
    assert fires.kept_waiting
    assert not fires.abandoned
    assert fires.mean > 6.5 * 60


def test_a_short_horizon_buys_nothing():
    """
    With 44 callouts a day hardly any fire is reached within 30 min, so to refuse them all would
    cost nothing by then; who is not reached is judged by the horizon that the targets give.
    """
    values = {"clock.length": "4 days", "demand.rate": "44 per day", "study.horizon": "30 min"}

    judged = judged_of({"today": "today", "starve": {"dispatch": Cutoff({2: 9})}}, values)

    assert judged.verdict == "worse"
    assert ("kind", "fire") in {(harm.by, harm.name) for harm in judged.gate.abandoned}
