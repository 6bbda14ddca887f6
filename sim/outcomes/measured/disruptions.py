"""
Disruptions as measures: closures, scene hazards, permission, deferrals, offload delays.

Measured only where a scenario declares them. Definitions only; `disruption_counts` counts them in a
log. Closures hold on certain days of a run, so counts and hours are per run, not per week.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from sim.definitions import DISRUPTIONS

from ..inference.censoring import Bools, Floats, Ints, ReachedBy
from ..inference.quantiles import SortedTimes, pooled
from ..observed.columns import Facts
from ..observed.sample import Disruption, Sample
from .grouped_sums import Column, GroupedMeasures, GroupedSums, QuantileColumn, RatioColumn
from .measures import Ratio

_NOBODY = np.zeros(0, dtype=np.bool_)
_LEVEL = 0.95


def together(sample: Sample, only: Collection[str] | None = None) -> GroupedMeasures:
    """
    Return what alternatives are compared in, over all teams and callouts.

    * *no_access_hours*: a run, of pending callouts to which no base had access and no team was on
      its way; those still so when the run ended count until then.
    * *closures_met*: by teams, a run. *refusals*: at checkpoints, a run.
    * *exposure*: declared, in person-hours a run, of people on missions that ended in it.
    * *deferred_queue_time_mean*, *deferred_queue_time_longest*: see `in_full`.
    * *share_offload_delayed*, *referred*: of the teams that took somebody to a hospital, the share
      that waited for an offload bay, and that went outside the region.
    """
    columns = [c for c in _all(sample) if c.label.compared]
    wanted = [c for c in columns if only is None or c.label.name in only]
    return GroupedMeasures(((0, "all"),), tuple(wanted))


def in_full(sample: Sample) -> list[GroupedMeasures]:
    """
    Return all that is counted of disruptions, then by team and by hospital.

    What `together` has, and a run:

    * *no_access_callouts*, and of them *no_access_at_end*: still so when the run ended.
    * *closures_told*: times that a team under way was told of a closure ahead.
    * *missions_refused*, *missions_no_access*, *missions_withdrawn*: that ended so: at a
      checkpoint, at a closure with no other road to the scene, at a scene that stayed unsafe.
    * *staged*: times that a team waited for a safe scene, and *staging_hours*.
    * *explosive_hazards_found*, of them *explosive_hazards_cleared*, and
      *explosive_hazard_clearance_mean*: from found to cleared, of those cleared.
    * *permission_wait*: mean, of the callouts that received it.
    * *held*: deferrable callouts held so that teams stay free for others.
    * *deferred_queue_time_mean*: from ready to dispatched, of the deferrable callouts that were
      sent a team. *deferred_queue_time_longest*: the longest in a run, mean over runs; one still
      pending when the run ends counts with its queue time so far.
    * *offload_delay_mean*, *offload_delay_p90*: of the teams that waited for an offload bay.

    Of a team its *exposure*; of a hospital its share of those *taken* to any, and the delays.
    """
    found = [GroupedMeasures(((0, "all"),), tuple(_all(sample)), compared=False)]
    obs, asked = sample.observations, sample.standards.disruptions
    if Disruption.EXPOSURE in asked and obs.exposure.shape[1] == len(sample.names.teams):
        teams = tuple((n, f"team:{name}") for n, name in enumerate(sample.names.teams))
        found.append(GroupedMeasures(teams, (_exposure(obs.exposure),), compared=False))
    if _has_hospitals(sample):
        hospitals = tuple((n, f"hospital:{name}") for n, name in enumerate(sample.names.hospitals))
        found.append(GroupedMeasures(hospitals, tuple(_by_hospital(sample)), compared=False))
    return [table for table in found if table.columns]


def _all(sample: Sample) -> Iterator[Column]:
    """Yield every measure over all teams and callouts together."""
    asked = sample.standards.disruptions
    facts = sample.observations.disruptions
    if Disruption.ROADS in asked:
        yield from _of_roads(facts)
    if Disruption.SCENE_HAZARD in asked:
        yield _rate("staged", facts["staged"])
        yield _rate("staging_hours", facts["staging_time"])
        yield _rate("missions_withdrawn", facts["missions_withdrawn"])
    if Disruption.EXPLOSIVE_HAZARDS in asked:
        yield _rate("explosive_hazards_found", facts["explosive_hazards_found"])
        yield _rate("explosive_hazards_cleared", facts["explosive_hazards_cleared"])
        yield _mean(
            "explosive_hazard_clearance_mean",
            facts["clearance_time"],
            facts["explosive_hazards_cleared"],
        )
    if Disruption.EXPOSURE in asked:
        yield _exposure(sample.observations.exposure.sum(axis=1, keepdims=True))
    if Disruption.PERMISSION in asked:
        yield _mean("permission_wait", facts["permission_time"], facts["permitted"])
    if Disruption.DEFERRAL in asked:
        yield _rate("held", facts["held"])
        yield from _deferred(sample)
    if _has_hospitals(sample):
        yield from _of_hospitals(sample)


def _of_roads(facts: Facts) -> Iterator[Column]:
    yield _rate("no_access_callouts", facts["no_access"])
    yield _rate("no_access_hours", facts["no_access_time"])
    yield _rate("no_access_at_end", facts["no_access_at_end"])
    yield _rate("closures_met", facts["closures_met"])
    yield _rate("closures_told", facts["closures_told"])
    yield _rate("refusals", facts["refusals"])
    yield _rate("missions_refused", facts["missions_refused"])
    yield _rate("missions_no_access", facts["missions_no_access"])


def _deferred(sample: Sample) -> Iterator[Column]:
    """Yield queue times of deferrable callouts, by replication."""
    obs, kinds = sample.observations, sample.names.kinds
    numbers = [kinds.index(name) for name in sample.standards.deferrable if name in kinds]
    own = np.isin(obs.kind, numbers)
    sent = own & (obs.queue_time >= 0)
    size = obs.replications
    waits = np.bincount(obs.replication[sent], obs.queue_time[sent], size)
    sizes = np.bincount(obs.replication[sent], minlength=size)
    longest = np.zeros(size, dtype=np.int64)
    np.maximum.at(longest, obs.replication[own], obs.queue_time_known[own])
    there = np.bincount(obs.replication[own], minlength=size) > 0
    for name, amount, of in (
        ("deferred_queue_time_mean", waits, sizes),
        ("deferred_queue_time_longest", longest, there),
    ):
        yield _ratio(name, amount[:, None], of[:, None])


def _has_hospitals(sample: Sample) -> bool:
    there = sample.observations.hospitals.shape[1]
    return Disruption.HOSPITALS in sample.standards.disruptions and there > 0


def _of_hospitals(sample: Sample) -> Iterator[Column]:
    """Yield offload delays and referrals of all teams that went to a hospital."""
    facts = sample.observations.hospitals
    names, referrals = sample.names.hospitals, sample.standards.referrals
    outside = np.array([name in referrals for name in names], dtype=np.bool_)
    received = facts["received"].sum(axis=1, keepdims=True)
    delayed = facts["delayed"].sum(axis=1, keepdims=True)
    yield _share("share_offload_delayed", delayed, received)
    one = np.zeros(len(sample.observations.offload_delays), dtype=np.int64)
    yield from _offload_delays(sample, one, 1)
    if outside.any():
        referred = facts["received"][:, outside].sum(axis=1, keepdims=True)
        yield _share("referred", referred, received)


def _by_hospital(sample: Sample) -> Iterator[Column]:
    facts = sample.observations.hospitals
    received, delayed = facts["received"], facts["delayed"]
    whole = np.broadcast_to(received.sum(axis=1, keepdims=True), received.shape)
    yield _share("taken", received, whole)
    yield _share("share_offload_delayed", delayed, received)
    yield from _offload_delays(
        sample, sample.observations.offload_delays["hospital"], received.shape[1]
    )


def _offload_delays(sample: Sample, group: Ints, groups: int) -> Iterator[Column]:
    """Yield mean and 90th percentile of offload delays, by group."""
    delays, size = sample.observations.offload_delays, sample.observations.replications
    replication, time, over = delays["replication"], delays["time"], delays["ended"] > 0
    cell = (replication * groups + group)[over]
    shape = size, groups
    sums = np.bincount(cell, time[over], size * groups).reshape(shape)
    sizes = np.bincount(cell, minlength=size * groups).reshape(shape)
    yield _ratio("offload_delay_mean", sums, sizes)
    every = np.bincount(replication * groups + group, minlength=size * groups).reshape(shape)
    grouped = SortedTimes.of(time, over, replication).grouped(group, groups)
    found = [
        pooled(ReachedBy(grouped.keys[a:b]), grouped.replication[a:b], size, 0.9, _LEVEL)
        for a, b in zip(grouped.bounds, grouped.bounds[1:], strict=False)
    ]
    by_replication = grouped.by_replication([0.9], every)[0]
    yield QuantileColumn(DISRUPTIONS["offload_delay_p90"], 0.9, found, by_replication)


def _exposure(person_seconds: Ints) -> RatioColumn:
    return _ratio("exposure", person_seconds, None)


def _rate(name: str, amount: Ints) -> RatioColumn:
    """Return a count, or a time, for a replication."""
    return _ratio(name, amount[:, None], None)


def _mean(name: str, time: Ints, number: Ints) -> RatioColumn:
    return _ratio(name, time[:, None], number[:, None])


def _share(name: str, amount: Ints, size: Ints) -> RatioColumn:
    sums, divisor = amount.astype(np.float64), size.astype(np.float64)
    return RatioColumn(
        Ratio(DISRUPTIONS[name], "share", _NOBODY), GroupedSums(sums, divisor, divisor)
    )


def _ratio(name: str, amount: Ints | Floats, size: Ints | Bools | None) -> RatioColumn:
    """Return an amount over what it is divided by, or for one replication."""
    sums = amount.astype(np.float64)
    divisor = np.ones(amount.shape) if size is None else size.astype(np.float64)
    ratio = Ratio(DISRUPTIONS[name], "count", _NOBODY, per=0.0 if size is not None else 1.0)
    return RatioColumn(ratio, GroupedSums(np.where(divisor > 0, sums, 0.0), divisor, divisor))
