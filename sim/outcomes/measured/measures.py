"""
How measures are worked out: ratios of sums over callouts (means, shares, counts), and quantiles.

`sim.definitions` says what each is; `grouped_sums` counts them for each group of callouts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.definitions import (
    CALLOUTS,
    NOT_REACHED,
    P90,
    RESTRICTED_MEAN,
    TARGET,
    TEAMS,
    UNDETERMINED,
    Definition,
    of_target,
    undetermined,
)
from sim.log import MS_PER_DAY, Outcome

from ..inference.censoring import Bools, Floats, Ints
from ..observed.cohorts import meant_by
from ..observed.observations import Observations
from ..observed.sample import Sample
from .judged import judged_attendance, judged_times

if TYPE_CHECKING:
    from sim.scenario.fields.models import Target

_GRID = 2.0**30  # values of coming soon are whole multiples of 1 / this: their sums are exact


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """
    A ratio of sums over callouts.

    ``amount`` is summed over ``counted`` (or it is counted how many of them ``met`` a standard)
    and divided by their number or, where ``per`` is given, by that much for each replication
    (days, or 1 for a mean count). A *time share* is a share of time, of which "none in ten
    replications" says nothing. ``meant`` are the callouts it would be known of if the run
    were longer. Columns have shape (callouts,).
    """

    label: Definition
    rule: Literal["mean", "share", "count", "time share"]
    counted: Bools
    meant: Bools | None = None  # None: those counted
    amount: Floats | Ints | None = None  # 0 where not counted; without it and ``met``: 1 each
    met: Bools | None = None  # only among those counted
    per: float = 0.0
    most: float | None = None  # the largest value there can be, in the unit of the amount


@dataclass(frozen=True, slots=True, eq=False)
class Quantile:
    """The time within which a share ``p`` of callouts is reached or dispatched."""

    label: Definition
    p: float
    times: Literal["response", "wait", "attendance"]


Measure = Ratio | Quantile


def utilisation() -> Definition:
    """Return the definition of utilisation, which is measured over teams, not callouts."""
    return TEAMS["utilisation"]


def measures(sample: Sample, only: Collection[str] | None = None) -> list[Measure]:
    """Return the measures over callouts, in the order of tables; ``only`` those of these names."""
    return [define() for name, define in _all(sample) if only is None or name in only]


def _all(sample: Sample) -> Iterator[tuple[str, Callable[[], Measure]]]:
    """Yield the name of each measure and how to work it out: a look at every callout."""
    obs, targets = sample.observations, sample.standards.targets
    yield "callouts", partial(_callouts, obs, sample.end)
    yield NOT_REACHED, partial(_not_reached, sample)
    yield RESTRICTED_MEAN, partial(_restricted, sample, RESTRICTED_MEAN)
    yield P90, partial(_quantile, P90, 0.9, "response")
    for target in targets:
        yield TARGET + target.name, partial(_share, sample, target)
    yield "response_median", partial(_quantile, "response_median", 0.5, "response")
    yield "response_mean_reached", partial(_mean, "response_mean_reached", obs.response)
    if is_attendance_measured(sample):
        mean = "attendance_restricted_mean"
        yield mean, partial(_restricted, sample, mean)
        yield "attendance_p90", partial(_quantile, "attendance_p90", 0.9, "attendance")
    if sample.standards.survival:
        yield "survival", partial(_survival, sample)
    yield "queue_time_mean", partial(_mean, "queue_time_mean", obs.queue_time)
    yield "queue_time_p90", partial(_quantile, "queue_time_p90", 0.9, "wait")
    yield "share_queued", partial(_share_queued, obs)
    yield "never_reached", lambda: _count(CALLOUTS["never_reached"], obs.response < 0)
    if is_attendance_measured(sample):
        yield "never_attended", lambda: _count(CALLOUTS["never_attended"], obs.attendance < 0)
    for name, outcome in (
        ("unfinished", Outcome.UNFINISHED),
        ("lost", Outcome.LOST),
        ("abandoned", Outcome.ABANDONED),
        ("dropped", Outcome.DROPPED),
    ):
        yield name, partial(_ended, obs, name, outcome)
    for target in targets:
        yield UNDETERMINED + target.name, partial(_undetermined, sample, target)


def is_attendance_measured(sample: Sample) -> bool:
    """Return whether full attendance is measured."""
    obs = sample.observations
    return sample.standards.attendance and len(obs.attendance) == len(obs.callout)


def _callouts(obs: Observations, end: int) -> Ratio:
    return Ratio(CALLOUTS["callouts"], "count", _everyone(obs), per=end / MS_PER_DAY)


def _not_reached(sample: Sample) -> Ratio:
    """Share not reached within the horizon, of the callouts of which that is known."""
    found = judged_times(sample)
    everyone = _everyone(sample.observations)
    return Ratio(CALLOUTS[NOT_REACHED], "share", found.known, everyone, met=found.late)


def _restricted(sample: Sample, name: str) -> Ratio:
    times = judged_attendance(sample) if name.startswith("attendance") else judged_times(sample)
    return Ratio(
        CALLOUTS[name], "mean", _everyone(sample.observations), amount=times.restricted,
        most=float(sample.standards.horizon),
    )  # fmt: skip


def _mean(name: str, times: Ints) -> Ratio:
    """Mean of the times known: a description, since who is left out makes it smaller."""
    known = times >= 0
    return Ratio(CALLOUTS[name], "mean", known, np.ones_like(known), np.maximum(times, 0))


def _quantile(name: str, p: float, times: Literal["response", "wait", "attendance"]) -> Quantile:
    return Quantile(CALLOUTS[name], p, times)


def _share(sample: Sample, target: Target) -> Ratio:
    """Share reached within a target, of the callouts of which that can be said."""
    meant, determined, within = judged_by(sample, target)
    return Ratio(of_target(target.name), "share", determined, meant, met=within)


def _undetermined(sample: Sample, target: Target) -> Ratio:
    meant, determined, _ = judged_by(sample, target)
    return _count(undetermined(target.name), meant & ~determined)


def _survival(sample: Sample) -> Ratio:
    """
    Mean declared value of coming soon, of the callouts whose kind declares it.

    The chance at once, halved with every half-life of response time; 0 for a callout that ended
    without being reached. An unfinished one that nobody has reached has no value yet. Where a kind
    says that it counts until the rescue, the time runs from received until the work on scene is
    done (`disruption_counts.rescue_times`), and reached means rescued.
    """
    obs, standards = sample.observations, sample.standards
    meant, amount = np.zeros_like(_everyone(obs)), np.zeros(len(obs.kind))
    known = ~obs.ended_as(Outcome.UNFINISHED)
    for kind, (at_once, half_life) in standards.survival.items():
        times = obs.rescue if kind in standards.rescued else obs.response
        if kind in sample.names.kinds and len(times) == len(obs.kind):
            own = obs.kind == sample.names.kinds.index(kind)
            reached = own & (times >= 0)
            chance = at_once * np.exp2(-(times[reached] / half_life))
            # The last bit of a power differs between processors; this far up it does not.
            amount[reached] = np.rint(chance * _GRID) / _GRID
            meant |= own
            known |= reached
    counted = meant & known
    return Ratio(CALLOUTS["survival"], "share", counted, meant, amount)


def _share_queued(obs: Observations) -> Ratio:
    """Share of callouts that queued, of those that were handled."""
    waited = obs.queue_time_known > 0
    handled = (obs.queue_time >= 0) | waited | ~obs.ended_as(Outcome.UNFINISHED)
    return Ratio(CALLOUTS["share_queued"], "share", handled, _everyone(obs), met=waited)


def _ended(obs: Observations, name: str, outcome: str) -> Ratio:
    return _count(CALLOUTS[name], obs.ended_as(outcome))


def _count(label: Definition, counted: Bools) -> Ratio:
    """Mean number per replication of callouts that did not end as they should."""
    return Ratio(label, "count", counted, per=1.0)


def _everyone(obs: Observations) -> Bools:
    return np.ones(len(obs.kind), dtype=np.bool_)


def judged_by(sample: Sample, target: Target) -> tuple[Bools, Bools, Bools]:
    """
    Return the callouts a target is meant for, those that can be judged, and those within it.

    A callout that ended without being reached is late, and so is an unfinished one as soon as
    the target has passed; before that, it cannot be judged. Where the target is for full
    attendance, reached means by all that the callout needs.
    """
    obs, full = sample.observations, target.attendance == "full"
    times, so_far = (obs.attendance, obs.attending) if full else (obs.response, obs.elapsed)
    meant = meant_by(sample, target)
    reached = times >= 0
    undetermined = obs.ended_as(Outcome.UNFINISHED) & ~reached & (so_far < target.within)
    determined = meant & ~undetermined
    return meant, determined, determined & reached & (times <= target.within)
