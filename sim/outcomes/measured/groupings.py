"""
A sample read once for all tables: every measure over every grouping of callouts.

A study holds millions of callouts, and its tables need the same few sums of them. They are taken
in one pass over each division, the times sorted once, and the result, which is small, is kept for
as long as the sample is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from weakref import WeakKeyDictionary

import numpy as np

from sim.definitions import FAIRNESS, NOT_REACHED, P90, RESTRICTED_MEAN, TARGET, WORST_AREA
from sim.log import MS_PER_DAY

from ..inference.censoring import Floats, Ints
from ..inference.quantiles import AtQuantile, SortedGroups, SortedTimes, quantiles_of
from ..observed.cohorts import received_in
from ..observed.observations import Observations
from ..observed.sample import Sample
from ..observed.utilisation import time_committed
from .disruptions import together as disruptions_together
from .grouped_sums import (
    Column,
    Division,
    GroupedMeasures,
    GroupedSums,
    QuantileColumn,
    RatioColumn,
)
from .inequality import Groups
from .measures import Measure, Quantile, Ratio, measures, utilisation
from .staff import together as staff_together
from .worst import WorstColumn

_LEVEL = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Groups of callouts; ``group`` indexes ``labels``. Shape (callouts,)"""

    labels: tuple[str, ...]
    group: Ints
    over: tuple[int, ...] = ()  # the features of its division that it adds up over
    compared: bool = True

    def sizes(self, division: Division) -> Ints:
        """Return how many callouts there are. Shape (replications, groups)"""
        each: Floats = division.everyone.sum(axis=self.over)
        return each.reshape(len(each), -1).astype(np.int64)


def read(sample: Sample) -> list[GroupedMeasures]:
    """Return every measure over every grouping; kept, so that all tables share the work."""
    if sample not in _kept:
        _kept[sample] = list(_tables(sample, _divisions(sample), None))
    return _kept[sample]


def read_together(sample: Sample, only: Collection[str] | None = None) -> list[GroupedMeasures]:
    """Return the measures of these names (all if not given) over all callouts together."""
    return list(_tables(sample, _together(sample), only))


def by_place(sample: Sample, only: Collection[str] | None = None) -> list[GroupedMeasures]:
    """Return the main measures (of these names, if given) of the callouts from each place."""
    obs, places = sample.observations, sample.names.places
    labels = tuple(f"place:{place}" for place in places)
    division = Division.of(obs, (obs.place, len(places)))
    grouped = [(division, [Grouping(labels, obs.place)])]
    return list(_of_callouts(sample, grouped, measures(sample, only or main_measures(sample))))


def in_windows(sample: Sample, only: Collection[str] | None = None) -> Iterator[GroupedMeasures]:
    """
    Yield the main measures of all callouts, and of those received in each window of the run.

    ``only`` names the measures wanted; the main ones if not given. Callouts a day are those of a
    day of the window.
    """
    obs, wanted = sample.observations, measures(sample, only or main_measures(sample))
    yield from _of_callouts(sample, _together(sample), wanted)
    for name, stretches in sample.standards.windows:
        inside = received_in(stretches, obs.received)
        days = sum(until - begins for begins, until in stretches) / MS_PER_DAY
        own = [
            replace(m, per=days) if isinstance(m, Ratio) and m.label.name == "callouts" else m
            for m in wanted
        ]
        grouping = Grouping((f"window:{name}", ""), np.where(inside, 0, 1))
        division = Division.of(obs, (grouping.group, 2))
        for found in _of_callouts(sample, [(division, [grouping])], own):
            yield replace(found, groups=((0, grouping.labels[0]),))


def judged_in_groups(sample: Sample) -> tuple[str, ...]:
    """
    Return the measures in which alternatives are compared in many groups, and callouts counted.

    Percentiles are not: near one there are few times in a group. In overloaded random worlds of
    twelve replications a difference of two that did not exist was found at 5 % in 13 % of groups.
    """
    targets = (TARGET + target.name for target in sample.standards.targets)
    return ("callouts", NOT_REACHED, RESTRICTED_MEAN, *targets)


def main_measures(sample: Sample) -> tuple[str, ...]:
    """Return the measures of many groups: how many callouts, who is not reached, how soon."""
    targets = (TARGET + target.name for target in sample.standards.targets)
    return ("callouts", NOT_REACHED, RESTRICTED_MEAN, "response_median", P90, *targets)


_kept: WeakKeyDictionary[Sample, list[GroupedMeasures]] = WeakKeyDictionary()


def _tables(
    sample: Sample,
    divisions: Sequence[tuple[Division, list[Grouping]]],
    only: Collection[str] | None,
) -> Iterator[GroupedMeasures]:
    yield from _of_callouts(sample, divisions, measures(sample, only))
    if only is None or utilisation().name in only:
        yield from _utilisation(sample)
    yield staff_together(sample, only)
    yield disruptions_together(sample, only)
    yield _worst_area(sample, only)


def _of_callouts(
    sample: Sample,
    divisions: Sequence[tuple[Division, list[Grouping]]],
    wanted: Sequence[Measure],
) -> Iterator[GroupedMeasures]:
    obs = sample.observations
    sources = dict.fromkeys(m.times for m in wanted if isinstance(m, Quantile))
    times = {source: _sorted(obs, source) for source in sources}
    for division, groupings in divisions:
        shown = [m for m in wanted if m.label.brief or not division.brief]
        tallies = {m: division.tally(m) for m in shown if isinstance(m, Ratio)}
        for grouping in groupings:
            sizes = grouping.sizes(division)
            found: dict[Measure, Column] = {
                ratio: RatioColumn(ratio, tally.over(grouping.over))
                for ratio, tally in tallies.items()
            }
            for source, callouts in times.items():
                own = [m for m in shown if isinstance(m, Quantile) and m.times == source]
                if own:
                    grouped = callouts.grouped(grouping.group, len(grouping.labels))
                    found |= _quantiles(own, grouped, sizes)
            columns = tuple(found[m] for m in shown)
            in_all = tuple(sizes.sum(axis=0).tolist())
            yield GroupedMeasures(_present(grouping, sizes), columns, grouping.compared, in_all)


def _worst_area(sample: Sample, only: Collection[str] | None) -> GroupedMeasures:
    """Return the worst area as a measure of the whole, where it is primary or asked for."""
    wanted = sample.standards.primary if only is None else only
    if WORST_AREA not in wanted:
        return GroupedMeasures((), ())
    groups = Groups.of(sample, "area", RESTRICTED_MEAN)
    return GroupedMeasures(((0, "all"),), (WorstColumn(FAIRNESS[WORST_AREA], groups),))


def _divisions(sample: Sample) -> list[tuple[Division, list[Grouping]]]:
    """Return all callouts together, then by kind, priority, area and hour of the day received."""
    obs, names = sample.observations, sample.names
    areas = tuple(dict.fromkeys(names.areas))
    area_of = np.array([areas.index(area) for area in names.areas], dtype=np.int64)
    priorities = int(obs.priority.max(initial=0)) + 1
    need = Division.of(obs, (obs.kind, len(names.kinds)), (obs.priority, priorities))
    labelled = [
        Grouping(("all",), np.zeros_like(obs.kind), over=(1, 2)),
        Grouping(tuple(f"kind:{kind}" for kind in names.kinds), obs.kind, over=(2,)),
        Grouping(tuple(f"priority:{n}" for n in range(priorities)), obs.priority, over=(1,)),
    ]
    found = [(need, labelled)]
    by_area = Grouping(tuple(f"area:{area}" for area in areas), area_of[obs.place])
    hours = tuple(f"hour:{hour:02d}" for hour in range(24))
    for grouping in (by_area, Grouping(hours, obs.hour, compared=False)):
        feature = (grouping.group, len(grouping.labels))
        found.append((Division.of(obs, feature, brief=True), [grouping]))
    return found


def _together(sample: Sample) -> list[tuple[Division, list[Grouping]]]:
    obs = sample.observations
    one = np.zeros_like(obs.kind)
    return [(Division.of(obs, (one, 1)), [Grouping(("all",), one)])]


def _present(grouping: Grouping, sizes: Ints) -> tuple[tuple[int, str], ...]:
    """Return the groups that hold callouts; all callouts together are one even without."""
    callouts = sizes.sum(axis=0).tolist()
    return tuple(
        (number, label)
        for number, label in enumerate(grouping.labels)
        if callouts[number] or label == "all"
    )


def _sorted(obs: Observations, source: str) -> SortedTimes:
    read_ = {
        "response": obs.response_times,
        "wait": obs.queue_times,
        "attendance": obs.attendance_times,
    }
    times, known = read_[source]()
    return SortedTimes.of(times, known, obs.replication)


def _quantiles(
    wanted: Sequence[Quantile], callouts: SortedGroups, sizes: Ints
) -> dict[Measure, Column]:
    """Return quantiles of the same times over sorted groups."""
    ps = [quantile.p for quantile in wanted]
    each = callouts.by_replication(ps, sizes)
    found: list[list[AtQuantile]] = [[] for _ in ps]
    for begin, end in pairwise(callouts.bounds):
        keys, replication = callouts.keys[begin:end], callouts.replication[begin:end]
        own = quantiles_of(keys, replication, len(sizes), ps, _LEVEL)
        for at, column in zip(own, found, strict=True):
            column.append(at)
    return {
        quantile: QuantileColumn(quantile.label, quantile.p, column, times)
        for quantile, column, times in zip(wanted, found, each, strict=True)
    }


def _utilisation(sample: Sample) -> Iterator[GroupedMeasures]:
    """Yield time committed over time on duty: of all teams together, and of each."""
    teams = tuple(f"team:{team}" for team in sample.names.teams)
    for labels, add in ((("all",), True), (teams, False)):
        committed, on_duty = (
            time.sum(axis=1, keepdims=True) if add else time
            for time in time_committed(sample.observations)
        )
        fraction = Ratio(utilisation(), "time share", np.zeros(0, dtype=np.bool_))
        column = RatioColumn(fraction, GroupedSums(committed, on_duty, on_duty))
        yield GroupedMeasures(tuple(enumerate(labels)), (column,), compared=add)
