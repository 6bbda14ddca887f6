"""
Published effects: what others found, and what this package gives, in one table.

Each claim has its source, the number published, and a band in which our result should lie; it is
judged by the interval of our own study. Changes are ratios of two estimates over the same
replications, with intervals by the delta method on replication pairs, so they respect the pairing.

The table cites without titles; they are "An efficient heuristic for real-time ambulance
redeployment" (2015), "Dynamic ambulance dispatching: is the closest-idle policy always optimal?"
and "Benchmarking online dispatch algorithms for Emergency Medical Services" (both 2017).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from sim.log import MS_PER_DAY, MS_PER_MINUTE
from sim.outcomes import Sample, headline
from sim.outcomes.inference.envelope import envelope
from sim.outcomes.inference.replications import Spread, spread
from sim.outcomes.measured.groupings import read_together

from .hindsight_bound import HindsightBound, clairvoyant_bound
from .running.study import Study

RELOCATION, DISPATCH, SMALL = "effects-relocation", "effects-dispatch", "effects-small-city"
INFORMATION = ("effects-information", "effects-small-information")  # those that have a bound
AMBULANCE = "ambulance-1"
CITIES = (RELOCATION, DISPATCH, SMALL, *INFORMATION)
SCENARIOS = (*CITIES, AMBULANCE)
MEAN, MEDIAN, P90 = "response_mean_reached", "response_median", "response_p90"
BOUND = "hindsight bound"

JAGTENBERG_2015 = (
    "C. J. Jagtenberg, S. Bhulai, R. D. van der Mei, Oper. Res. Health Care 4, 2015, 27-35"
)
JAGTENBERG_2017 = (
    "C. J. Jagtenberg, S. Bhulai, R. D. van der Mei, Health Care Manag. Sci. 20(4), 2017, 517-531"
)
BENCHMARK_2017 = (
    "C. J. Jagtenberg, P. L. van den Berg, R. D. van der Mei, Eur. J. Oper. Res. 258, 2017, 715-725"
)
SIMOPT = "SimOpt, AMBULANCE-1 (simoptlib)"


@dataclass(frozen=True, slots=True)
class Claim:
    """
    What was published, and what would reproduce it.

    ``side`` is where the effect must lie for the claim to hold: -1 below ``no_effect``, 1 above.
    Its size is as expected where our interval meets ``band``, which was fixed before the first run.
    Without a side (0) our result is only a limit, and the claim can at best not be ruled out.
    """

    text: str
    source: str
    published: str
    unit: str
    side: int = 0
    no_effect: float = 0.0
    band: tuple[float, float] | None = None


class EffectFinding(NamedTuple):
    """A claim next to what we find; ``low`` and ``high`` are a 95 % interval, in ``unit``."""

    claim: str
    source: str
    published: str
    ours: float
    low: float
    high: float
    unit: str
    holds: str
    scenario: str
    replications: int
    seed: int


class RuleOutcome(NamedTuple):
    """A rule's outcome next to the others' on the same callouts: times [min], late a share."""

    scenario: str
    rule: str
    mean: float
    mean_low: float
    mean_high: float
    median: float | None
    p90: float | None
    late: float
    late_low: float
    late_high: float


FEWER = Claim(
    "DMEXCLP relocation makes fewer callouts late",
    JAGTENBERG_2015,
    "−16.8 % (an urban case)",
    "%",
    side=-1,
    band=(-35.0, -10.0),
)
FEWER_BY_DISPATCH = Claim(
    "DMEXCLP dispatch makes fewer callouts late",
    JAGTENBERG_2017,
    "−18 %",
    "%",
    side=-1,
)
SLOWER_BY_DISPATCH = Claim(
    "... and raises the mean response time",
    JAGTENBERG_2017,
    "+37 %",
    "%",
    side=1,
    band=(15.0, 45.0),
)
CLOSEST_AT_LEAST = Claim(
    "Closest-idle makes more callouts late than the best possible: lower bound of the ratio",
    BENCHMARK_2017,
    "2.7 times",
    "times",
    side=1,
    no_effect=1.0,
    band=(1.0, 2.7),
)
CLOSEST_AT_MOST = replace(
    CLOSEST_AT_LEAST, text="... upper bound of the ratio", side=0, band=(2.7, math.inf)
)
COVER_AT_MOST = replace(
    CLOSEST_AT_MOST,
    text="The same for DMEXCLP dispatch: upper bound of the ratio",
    published="1.9 times",
    band=(1.9, math.inf),
)
AMBULANCE_1 = (
    Claim("AMBULANCE-1 at its default: mean response time", SIMOPT, "16.12 ± 0.14 min", "min"),
    Claim("... as its own program gives it", SIMOPT, "16.24 ± 0.27 min", "min"),
)
PUBLISHED = ((16.12, 0.14), (16.24, 0.27))  # mean and half-width of its 95 % interval [min]


def late(sample: Sample) -> Spread:
    """Return the share of callouts later than the scenario's first target, with its errors."""
    reached = measured(sample, f"share:{sample.standards.targets[0].name}")
    return replace(reached, value=1 - reached.value, errors=-reached.errors)


def measured(sample: Sample, measure: str) -> Spread:
    """Return a measure over all callouts together, with its errors."""
    for table in read_together(sample, [measure]):
        for column in table.columns:
            found = column.spread(0)
            if column.label.name == measure and found is not None:
                return found
    raise AssertionError(f"nothing to measure {measure} by")


def times_of(a: Spread, b: Spread) -> Spread:
    """
    Return how many times ``b`` the estimate ``a`` is, over the same replications.

    Notes
    -----
    The delta method on replication pairs: to first order the error of ``A / B`` is
    ``(e_a - (A / B) e_b) / B``, where ``e_a`` and ``e_b`` are what the same replication adds to
    each [1]_. What both share cancels, which is what pairing is for. Fieller's interval differs
    from this one by the square of B's relative error, here less than a thousandth of the value.

    References
    ----------
    .. [1] W. G. Cochran, *Sampling Techniques*, 3rd ed., 1977, sec. 6.3 (recalled, not checked).

    """
    value = a.value / b.value
    errors = (a.errors - value * b.errors) / b.value
    carrying = min(a.carrying, b.carrying)
    return Spread(value, errors, carrying).without_rounding(value)


def change(a: Spread, b: Spread) -> Spread:
    """Return by how much ``a`` lies above ``b``, in percent of ``b``, see `times_of`."""
    times = times_of(a, b)
    return replace(times, value=100 * (times.value - 1), errors=100 * times.errors)


def bounds(found: Spread) -> tuple[float, float]:
    """Return the 95 % interval of an estimate, as every study has it."""
    return envelope(found)


def sent_within(sample: Sample, day: int = MS_PER_DAY) -> Spread:
    """
    Return the mean response time of the callouts sent to within the first day. [min]

    As SimOpt has it: a mean in each replication, and the mean of these. Callouts are sent to in
    the order they come, so what happens after the day changes none of them.
    """
    obs = sample.observations
    counted = (obs.queue_time >= 0) & (obs.received + obs.queue_time < day)
    if (obs.response[counted] < 0).any():
        raise AssertionError("a team sent within the day is still on the road at the end")
    own = obs.replication[counted]
    sums = np.bincount(own, obs.response[counted] / MS_PER_MINUTE, obs.replications)
    means = sums / np.bincount(own, minlength=obs.replications)
    found = spread(means, np.ones(len(means)))
    assert found is not None
    return found


def findings(
    studies: Mapping[str, Study], limits: Mapping[str, Sequence[HindsightBound]]
) -> Iterator[EffectFinding]:
    """Yield what each claim comes to; ``limits`` are the bounds of each replication."""
    samples = {name: {s.name: s for s in study.samples} for name, study in studies.items()}
    for name, base in ((RELOCATION, "home"), (SMALL, "today")):
        own = samples[name]
        found = change(late(own["relocation"]), late(own[base]))
        yield judged(FEWER, found, studies[name])
    for name, base in ((DISPATCH, "closest"), (SMALL, "today")):
        own, study = samples[name], studies[name]
        yield judged(FEWER_BY_DISPATCH, change(late(own["cover"]), late(own[base])), study)
        slower = change(measured(own["cover"], MEAN), measured(own[base], MEAN))
        yield judged(SLOWER_BY_DISPATCH, slower, study)
    for name in INFORMATION:
        own, study, least = samples[name], studies[name], least_late(limits[name])
        closest = late(own[study.baseline])
        best = min(map(late, own.values()), key=lambda found: found.value)
        yield judged(CLOSEST_AT_LEAST, times_of(closest, best), study)
        yield judged(CLOSEST_AT_MOST, times_of(closest, least), study)
        yield judged(COVER_AT_MOST, times_of(late(own["cover"]), least), study)
    yield from ambulance_1(studies[AMBULANCE])


def judged(claim: Claim, found: Spread, study: Study) -> EffectFinding:
    """Return a claim with our estimate and whether it holds."""
    low, high = bounds(found)
    return _finding(claim, found, verdict(claim, low, high), study)


def verdict(claim: Claim, low: float, high: float) -> str:
    """Return whether an interval reproduces a claim: its direction and, with a band, its size."""
    within = claim.band is None or (low <= claim.band[1] and high >= claim.band[0])
    if not claim.side:
        return "not ruled out" if within else "no"
    clear = low > claim.no_effect if claim.side > 0 else high < claim.no_effect
    if not clear:
        against = high < claim.no_effect if claim.side > 0 else low > claim.no_effect
        return "no" if against else "inconclusive"
    if claim.band is None or within:
        return "yes"
    beyond = low > claim.band[1] if claim.side > 0 else high < claim.band[0]
    return f"no: outside the expected band ({'larger' if beyond else 'smaller'})"


def ambulance_1(study: Study) -> Iterator[EffectFinding]:
    """Yield our mean next to each published one: they agree where zero is in their difference."""
    (sample,) = study.samples
    found = sent_within(sample)
    low, high = bounds(found)
    for claim, (mean, half) in zip(AMBULANCE_1, PUBLISHED, strict=True):
        apart = abs(found.value - mean)
        agree = apart <= math.hypot(half, (high - low) / 2)
        yield _finding(claim, found, "yes" if agree else "no", study)


def _finding(claim: Claim, found: Spread, holds: str, study: Study) -> EffectFinding:
    return EffectFinding(
        claim.text,
        claim.source,
        claim.published,
        found.value,
        *bounds(found),
        claim.unit,
        holds,
        study.world.scenario.name,
        study.replications,
        study.design.seed,
    )


def limits_of(study: Study) -> list[HindsightBound]:
    """Return the hindsight bound on all dispatch rules, in each replication of a study."""
    within = study.world.scenario.targets[0].within
    seed = study.design.seed
    return [clairvoyant_bound(study.world, seed, number, within) for number in study.numbers]


def least_late(limits: Sequence[HindsightBound]) -> Spread:
    """Return the share of callouts that every rule makes late, with its errors."""
    return _of_bounds(limits, [limit.late_share for limit in limits])


def _of_bounds(limits: Sequence[HindsightBound], means: Sequence[float]) -> Spread:
    callouts = np.array([limit.callouts for limit in limits], dtype=np.float64)
    found = spread(np.array(means) * callouts, callouts)
    assert found is not None
    return found


def rule_outcomes(
    study: Study, limits: Sequence[HindsightBound] | None = None
) -> Iterator[RuleOutcome]:
    """Yield each rule's outcome and, where it was worked out, the hindsight bound on all."""
    name = study.world.scenario.name
    for sample in study.samples:
        mean, behind = measured(sample, MEAN), late(sample)
        found = {e.measure: e.value for e in headline(sample, [MEDIAN, P90])}
        yield RuleOutcome(
            name,
            sample.name,
            mean.value,
            *bounds(mean),
            found[MEDIAN],
            found[P90],
            behind.value,
            *bounds(behind),
        )
    if limits is not None:
        mean = _of_bounds(limits, [limit.mean_response / MS_PER_MINUTE for limit in limits])
        behind = least_late(limits)
        yield RuleOutcome(
            name,
            BOUND,
            mean.value,
            *bounds(mean),
            None,
            None,
            behind.value,
            *bounds(behind),
        )
