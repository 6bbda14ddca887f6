"""
Workload of staff under each alternative: crews on duty, crews on call, volunteers.

Definitions only; `working_time` and `alerts` count in a log. Every crew has its rows, also one that
is always on duty and one on call, of which less is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from sim.definitions import STAFF
from sim.log import MS_PER_DAY

from ..inference.censoring import Bools, Floats, Ints
from ..observed.columns import Facts
from ..observed.driving import PURPOSES, UNKNOWN
from ..observed.fuel_use import NEVER_EMPTY, NO_LIMIT
from ..observed.sample import Sample
from ..observed.utilisation import is_on_call
from .grouped_sums import GroupedMeasures, GroupedSums, RatioColumn
from .measures import Ratio

MS_PER_WEEK = 7 * MS_PER_DAY
_NOBODY = np.zeros(0, dtype=np.bool_)


def together(sample: Sample, only: Collection[str] | None = None) -> GroupedMeasures:
    """
    Return what alternatives are compared in, over all teams and all volunteers.

    * *overtime*: hours a week on duty after the end of a duty, of all crews whose duty ends. A
      crew that is always on duty cannot have any, so less is not better.
    * *crews_without_capability*: crews on call a week that turned out without a required one.
    * *alerts*: sent to volunteers a week. *arrived_too_late*: volunteers a week who arrived after
      the crew had turned out or been stood down. Both are less, too, where callouts are not served.
    * *nights_disturbed*: nights a week, for each volunteer, with at least one alert.
    * *nights_disturbed_most*: the same of the volunteer most burdened.
    * *mandatory_rest*: hours a week, of all crews, where any has limits.
    * *kilometres*, *relocations*: of all teams, a day, and kilometres by purpose, where asked.
    * *litres*: burnt by all teams, a day, and by purpose; *without_fuel*: hours a week, of all.
    """
    columns = [column for column in _together(sample) if only is None or column.label.name in only]
    return GroupedMeasures(((0, "all"),), tuple(columns))


def by_person(sample: Sample) -> list[GroupedMeasures]:
    """
    Return the workload of each crew and of each pool of volunteers.

    Of a crew that is not on call:

    * *hours_on_duty*: a week, overtime included; 168 where it is always on duty.
    * *always_on_duty*: 1; no row for the others. Its turns are not declared.
    * *longest_spell*: of duty in a run, overtime included; the mean over replications. Of a crew
      always on duty the whole run, a lower bound.
    * *shortest_rest*: between two spells in a run; the mean over replications that have two. 0
      where a crew is always on duty: no rest is declared.
    * *overtime*: hours a week on duty after its end; no row where a crew is always on duty.
    * *nights_on_duty*: a week, with three hours or more between 22:00 and 06:00.
    * *night_callouts*: dispatched between 22:00 and 06:00, a week.
    * *breaks_missed*: of those due.
    * *mandatory_rest*: hours a week for which its limits have it off duty, and its roster on duty.

    Of a crew on call:

    * *hours_on_call*: a week, turned out or not. *hours_turned_out*: from dispatched until it is
      available again, a week. *share_turned_out*: the second over the first.
    * *callouts_on_call*: dispatched, a week. *night_callouts*: as above.
    * *short_crews*: a week that turned out with less than the minimum crew.
      *crews_without_capability*: of these, without a required capability. *no_crew_assembled*: a
      week that never assembled.

    Of any crew, where kilometres are asked for:

    * *kilometres*: a day, and of these *kilometres_to_scene*, *kilometres_to_hospital*,
      *kilometres_home* and *kilometres_relocation*; *relocations*: a day. See `driving`.

    Where any team has a tank, of any crew:

    * *litres*: burnt a day, and of these *litres_to_scene*, *litres_to_hospital*, *litres_home*,
      *litres_relocation* and *litres_on_scene*; *without_fuel*: hours a week. See `fuel_use`.

    And of a base with fuel:

    * *fuel_taken*: a day. *fuel_left*: at the end, where there is a limit; *days_of_supply*: how
      long that would last at what was taken a day. *depot_empty*: hours a week.
      *depot_first_empty*: hours from the start until it was, of the replications in which it was.

    Of a pool of volunteers:

    * *alerts*, *arrived_too_late*: as in `together`, a week. *alerts_per_callout*: of those it was
      alerted for.
    * *share_accepted*: of alerts. No answer before the crew turned out counts as not accepted.
    * *time_to_full_crew*: dispatched to complete, of the crews that were complete.
    * *short_crews*, *crews_without_capability*, *no_crew_assembled*: as above, of all its crews.
    * *nights_disturbed*, *hours_out*: a week, the mean over its people. Out: from accepting an
      alert until free again.
    * *alerts_most*, *nights_disturbed_most*, *hours_out_most*: of the most burdened person in a
      run, who may differ from measure to measure; the mean over replications.
    """
    obs, names = sample.observations, sample.names.teams
    found = []
    groups = tuple((number, f"team:{name}") for number, name in enumerate(names))
    if _has_driving(sample):
        driving = tuple(_of_driving(sample, obs.driving))
        found.append(GroupedMeasures(groups, driving, compared=False))
    if obs.fuel.shape[1]:
        found.append(GroupedMeasures(groups, tuple(_of_fuel(sample, obs.fuel)), compared=False))
        found += _of_depots(sample)
    waits = is_on_call(obs)
    on_duty = tuple(group for group in groups if not waits[group[0]])
    on_call = tuple(group for group in groups if waits[group[0]])
    if obs.working_time.shape[1] and on_duty:
        found.append(GroupedMeasures(on_duty, tuple(_of_crews(sample, ~waits)), compared=False))
    if obs.working_time.shape[1] and on_call:
        found.append(GroupedMeasures(on_call, tuple(_of_crews_on_call(sample)), compared=False))
    if _has_pools(sample):
        pools = tuple(
            (number, f"volunteers:{name}")
            for number, (name, _) in enumerate(sample.standards.pools)
        )
        found.append(GroupedMeasures(pools, tuple(_of_pools(sample)), compared=False))
    return found


def _has_pools(sample: Sample) -> bool:
    pools = len(sample.standards.pools)
    return pools > 0 and sample.observations.alerts.shape[1] == pools


def _together(sample: Sample) -> Iterator[RatioColumn]:
    obs, weeks = sample.observations, sample.end / MS_PER_WEEK
    duty = obs.working_time
    ends = (duty["longest_spell"] >= 0) & (duty["always"] == 0)
    if ends.any():
        overtime = duty["overtime"].sum(axis=1, keepdims=True)
        yield _rate("overtime", overtime, weeks)
    if obs.resting.shape[1]:
        yield _rate("mandatory_rest", obs.resting.sum(axis=1, keepdims=True), weeks)
    if sample.standards.asks_capabilities and obs.crews.shape[1]:
        lacking = obs.crews["lacking"].sum(axis=1, keepdims=True)
        yield _rate("crews_without_capability", lacking, weeks)
    if _has_pools(sample):
        facts = obs.alerts
        people = sum(people for _, people in sample.standards.pools)
        yield _rate("alerts", _over_pools(facts["alerts"]), weeks)
        yield _rate("arrived_too_late", _over_pools(facts["too_late"]), weeks)
        yield _rate("nights_disturbed", _over_pools(facts["nights"]), weeks * people)
        most = facts["most_nights"].max(axis=1, keepdims=True)
        yield _rate("nights_disturbed_most", most, weeks)
    if _has_driving(sample):
        yield from _of_driving(sample, obs.driving, together=True)
    if obs.fuel.shape[1]:
        yield from _of_fuel(sample, obs.fuel, together=True)


def _has_driving(sample: Sample) -> bool:
    return bool(sample.observations.driving.shape[1] == len(sample.names.teams))


def _of_driving(sample: Sample, facts: Facts, together: bool = False) -> Iterator[RatioColumn]:
    """Yield kilometres, where they are known, and relocations; of each team, or of all together."""
    days = sample.end / MS_PER_DAY
    every = [facts[purpose] for purpose in PURPOSES]

    def over(fact: Ints) -> Ints:
        return np.asarray(fact.sum(axis=1, keepdims=True)) if together else fact

    if not any((each == UNKNOWN).any() for each in every):
        yield _rate("kilometres", over(sum(every[1:], start=every[0])), days)
        for purpose, each in zip(PURPOSES, every, strict=True):
            yield _rate(f"kilometres_{purpose}", over(each), days)
    yield _rate("relocations", over(facts["relocations"]), days)


def _of_fuel(sample: Sample, facts: Facts, together: bool = False) -> Iterator[RatioColumn]:
    """Yield litres and hours without fuel; of each team, or of all together."""

    def over(fact: Ints) -> Ints:
        return np.asarray(fact.sum(axis=1, keepdims=True)) if together else fact

    every = {purpose: over(facts[purpose]) for purpose in (*PURPOSES, "on_scene")}
    days = sample.end / MS_PER_DAY
    yield _rate("litres", np.sum([*every.values()], axis=0), days)
    for purpose, each in every.items():
        yield _rate(f"litres_{purpose}", each, days)
    yield _rate("without_fuel", over(facts["without_fuel"]), sample.end / MS_PER_WEEK)


def _of_depots(sample: Sample) -> Iterator[GroupedMeasures]:
    """Yield what is known of each base with fuel."""
    facts, names = sample.observations.depots, sample.names.bases
    weeks = sample.end / MS_PER_WEEK
    some = [base for base in range(len(names)) if (facts["left"][:, base] != 0).any()]
    some = [base for base in range(len(names)) if base in some or facts["empty"][:, base].any()]
    groups = tuple((base, f"base:{names[base]}") for base in some)
    if groups:
        left, first, taken = facts["left"], facts["first_empty"], facts["taken"]
        days = sample.end / MS_PER_DAY
        columns = (
            _rate("fuel_taken", taken, days),
            _mean("fuel_left", left, left != NO_LIMIT),
            _mean("days_of_supply", left * days, np.where(left == NO_LIMIT, 0, taken)),
            _rate("depot_empty", facts["empty"], weeks),
            _mean("depot_first_empty", first, first != NEVER_EMPTY),
        )
        yield GroupedMeasures(groups, columns, compared=False)


def _over_pools(fact: Ints) -> Ints:
    """Return a fact of the pools of each replication, added up. Shape (replications, 1)"""
    return np.asarray(fact.sum(axis=1, keepdims=True))


def _of_crews(sample: Sample, on_duty: Bools) -> Iterator[RatioColumn]:
    obs, weeks = sample.observations, sample.end / MS_PER_WEEK
    facts = obs.working_time
    always = facts["always"] > 0
    each = np.broadcast_to(on_duty, always.shape).astype(np.float64)
    longest, rest = facts["longest_spell"], facts["shortest_rest"]
    due = facts["breaks"] + facts["breaks_missed"]
    yield _mean("hours_on_duty", obs.on_duty, weeks * each)
    yield _mean("always_on_duty", facts["always"], each * always.any(axis=0))
    yield _mean("longest_spell", longest, longest > 0)
    yield _mean("shortest_rest", rest, rest >= 0)
    overtime = facts["overtime"]
    yield _mean("overtime", overtime, weeks * (each * ~always))
    yield _mean("nights_on_duty", facts["nights"], weeks * each)
    yield _mean("night_callouts", facts["night_callouts"], weeks * each)
    yield _share("breaks_missed", facts["breaks_missed"], due)
    if obs.resting.shape[1]:
        yield _mean("mandatory_rest", obs.resting, weeks * each)


def _of_crews_on_call(sample: Sample) -> Iterator[RatioColumn]:
    obs, weeks = sample.observations, sample.end / MS_PER_WEEK
    facts = obs.crews
    hours, out = np.maximum(facts["on_call"], 0), obs.on_duty
    yield _rate("hours_on_call", hours, weeks)
    yield _rate("hours_turned_out", out, weeks)
    yield _mean("share_turned_out", out, hours)
    yield _rate("callouts_on_call", facts["dispatched"], weeks)
    yield _rate("night_callouts", obs.working_time["night_callouts"], weeks)
    yield from _crews_left(sample, facts)


def _crews_left(sample: Sample, facts: Facts) -> Iterator[RatioColumn]:
    """Yield how many crews turned out short or without a capability, or never assembled."""
    weeks = sample.end / MS_PER_WEEK
    yield _rate("short_crews", facts["short_crews"], weeks)
    if sample.standards.asks_capabilities:
        yield _rate("crews_without_capability", facts["lacking"], weeks)
    yield _rate("no_crew_assembled", facts["no_crews"], weeks)


def _of_pools(sample: Sample) -> Iterator[RatioColumn]:
    weeks = sample.end / MS_PER_WEEK
    facts = sample.observations.alerts
    sent = facts["alerts"]
    people = np.array([people for _, people in sample.standards.pools], dtype=np.float64)
    everyone = weeks * people * np.ones(sent.shape)
    full, time = facts["full_crews"], facts["time_to_full"]
    yield _rate("alerts", sent, weeks)
    yield _rate("alerts_most", facts["most_alerts"], weeks)
    yield _mean("alerts_per_callout", sent, facts["callouts"])
    yield _share("share_accepted", facts["accepted"], sent)
    yield _rate("arrived_too_late", facts["too_late"], weeks)
    yield _mean("time_to_full_crew", time, full)
    yield from _crews_left(sample, facts)
    yield _mean("nights_disturbed", facts["nights"], everyone)
    yield _rate("nights_disturbed_most", facts["most_nights"], weeks)
    yield _mean("hours_out", facts["out"], everyone)
    most = facts["most_out"]
    yield _rate("hours_out_most", most, weeks)


def _rate(name: str, amount: Ints, per: float) -> RatioColumn:
    """Return a count, or a time, for every so much of a replication."""
    size = np.ones(amount.shape)
    ratio = Ratio(STAFF[name], "count", _NOBODY, per=per)
    return RatioColumn(ratio, GroupedSums(amount.astype(np.float64), size, size))


def _mean(name: str, amount: Ints | Floats, size: Ints | Floats | Bools) -> RatioColumn:
    """Return a mean over what has it; without any there is nothing to measure."""
    divisor = np.asarray(size, dtype=np.float64)
    sums = np.where(divisor > 0, amount, 0).astype(np.float64)
    return RatioColumn(Ratio(STAFF[name], "count", _NOBODY), GroupedSums(sums, divisor, divisor))


def _share(name: str, amount: Ints, size: Ints) -> RatioColumn:
    sums, divisor = amount.astype(np.float64), size.astype(np.float64)
    return RatioColumn(Ratio(STAFF[name], "share", _NOBODY), GroupedSums(sums, divisor, divisor))
