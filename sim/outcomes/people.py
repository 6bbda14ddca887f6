"""
What alternatives ask of people: overtime, rest and nights of crews, alerts to volunteers.

Measured only where a scenario has what is counted: duties where a roster leaves gaps or a team is
called in, alerts where volunteers are on call. Definitions only; `duties` and `alerts` count them
in a log.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from sim.log import MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE

from . import alerts, duties
from .censoring import Bools, Floats, Ints
from .measures import Better, Label, Ratio
from .sample import Sample
from .tallies import RatioColumn, Table, Tally

MS_PER_WEEK = 7 * MS_PER_DAY
_NOBODY = np.zeros(0, dtype=np.bool_)


def together(sample: Sample, only: Collection[str] | None = None) -> Table:
    """
    Return what alternatives are compared in, over all teams and all volunteers.

    * *overtime*: hours a week on missions after the end of duty, of all crews with a roster.
    * *alerts*: sent to volunteers a day.
    * *redundant*: volunteers a day who came when the crew had left or been called off.
    * *nights_disturbed*: nights a week, for each volunteer, with at least one alert.
    """
    columns = [column for column in _together(sample) if only is None or column.label.name in only]
    return Table(((0, "all"),), tuple(columns))


def by_person(sample: Sample) -> list[Table]:
    """
    Return what is asked of each crew and of each pool of volunteers.

    Of a crew with a roster or in reserve:

    * *hours_on_duty*: a week, overtime included.
    * *overtime*: hours a week on missions after the end of duty.
    * *longest_duty*: of a run, overtime included; the mean over replications.
    * *least_rest*: between two duties in a run; the mean over the replications that have two.
    * *night_callouts*: dispatched between 22:00 and 06:00, for each of the crew, a week.
    * *breaks_missed*: of those due.

    Of a pool of volunteers:

    * *alerts*, *redundant*: as above, a week. *alerts_per_callout*: of those it was alerted for.
    * *share_accepted*: of alerts. Who had not answered when the crew left did not accept.
    * *time_to_full_crew*: dispatched to complete, of the crews that were.
    * *short_crews*: a week that left with less. *no_crew*: a week that never gathered.
    * *nights_disturbed*: as above.
    """
    obs = sample.observations
    found = []
    if obs.duties.shape[1]:
        teams = tuple(
            (number, f"team:{name}")
            for number, name in enumerate(sample.names.teams)
            if _is_followed(obs.duties[:, number])
        )
        if teams:
            found.append(Table(teams, tuple(_of_teams(sample)), compared=False))
    if _has_pools(sample):
        pools = tuple(
            (number, f"volunteers:{name}")
            for number, (name, _) in enumerate(sample.standards.pools)
        )
        found.append(Table(pools, tuple(_of_pools(sample)), compared=False))
    return found


def _is_followed(facts: Ints) -> bool:
    """Return whether there is a duty or a break to tell of; ``facts`` are those of one team."""
    breaks = facts[:, [duties.BREAKS, duties.BREAKS_MISSED]].sum()
    return bool(breaks or (facts[:, duties.LONGEST_DUTY] >= 0).any())


def _has_pools(sample: Sample) -> bool:
    pools = len(sample.standards.pools)
    return pools > 0 and sample.observations.alerts.shape[1] == pools


def _together(sample: Sample) -> Iterator[RatioColumn]:
    obs, weeks = sample.observations, sample.end / MS_PER_WEEK
    if (obs.duties[:, :, duties.LONGEST_DUTY] >= 0).any():
        overtime = obs.duties[:, :, duties.OVERTIME].sum(axis=1, keepdims=True)
        yield _rate("overtime", "h per week", overtime, weeks, "less", MS_PER_HOUR)
    if _has_pools(sample):
        facts = obs.alerts.sum(axis=1, keepdims=True)
        people = sum(people for _, people in sample.standards.pools)
        days = sample.end / MS_PER_DAY
        yield _rate("alerts", "per day", facts[:, :, alerts.ALERTS], days, "less")
        yield _rate("redundant", "per day", facts[:, :, alerts.TOO_LATE], days, "less")
        nights = facts[:, :, alerts.NIGHTS]
        yield _rate("nights_disturbed", "per week", nights, weeks * people, "less")


def _of_teams(sample: Sample) -> Iterator[RatioColumn]:
    obs, weeks = sample.observations, sample.end / MS_PER_WEEK
    facts = np.moveaxis(obs.duties, 2, 0)
    followed = facts[duties.LONGEST_DUTY] >= 0
    longest, rest = facts[duties.LONGEST_DUTY], facts[duties.LEAST_REST]
    due = facts[duties.BREAKS] + facts[duties.BREAKS_MISSED]
    for name, time in (("hours_on_duty", obs.on_duty), ("overtime", facts[duties.OVERTIME])):
        yield _mean(name, "h per week", time, weeks * followed, MS_PER_HOUR)
    yield _mean("longest_duty", "h", longest, longest > 0, MS_PER_HOUR)
    yield _mean("least_rest", "h", rest, rest >= 0, MS_PER_HOUR)
    yield _mean("night_callouts", "per week", facts[duties.NIGHT_CALLOUTS], weeks * followed)
    yield _share("breaks_missed", facts[duties.BREAKS_MISSED], due)


def _of_pools(sample: Sample) -> Iterator[RatioColumn]:
    weeks = sample.end / MS_PER_WEEK
    facts = np.moveaxis(sample.observations.alerts, 2, 0)
    sent, full = facts[alerts.ALERTS], facts[alerts.FULL_CREWS]
    people = np.array([people for _, people in sample.standards.pools], dtype=np.float64)
    each = np.ones(sent.shape)
    yield _rate("alerts", "per week", sent, weeks)
    yield _mean("alerts_per_callout", "alerts", sent, facts[alerts.CALLOUTS])
    yield _share("share_accepted", facts[alerts.ACCEPTED], sent)
    yield _rate("redundant", "per week", facts[alerts.TOO_LATE], weeks)
    yield _mean("time_to_full_crew", "min", facts[alerts.TIME_TO_FULL], full, MS_PER_MINUTE)
    yield _rate("short_crews", "per week", facts[alerts.SHORT_CREWS], weeks)
    yield _rate("no_crew", "per week", facts[alerts.NO_CREWS], weeks)
    yield _mean("nights_disturbed", "per week", facts[alerts.NIGHTS], weeks * people * each)


def _rate(
    name: str, unit: str, amount: Ints, per: float, better: Better = "neither", scale: float = 1.0
) -> RatioColumn:
    """Return a count, or a time, for every so much of a replication."""
    ratio = Ratio(Label(name, unit, better, scale=scale), "count", _NOBODY, per=per)
    size = np.ones(amount.shape)
    return RatioColumn(ratio, Tally(amount.astype(np.float64), size, size))


def _mean(
    name: str, unit: str, amount: Ints, size: Ints | Floats | Bools, scale: float = 1.0
) -> RatioColumn:
    """Return a mean over what has it; without any there is nothing to measure."""
    divisor = np.asarray(size, dtype=np.float64)
    sums = np.where(divisor > 0, amount, 0).astype(np.float64)
    ratio = Ratio(Label(name, unit, scale=scale), "count", _NOBODY)
    return RatioColumn(ratio, Tally(sums, divisor, divisor))


def _share(name: str, amount: Ints, size: Ints) -> RatioColumn:
    sums, divisor = amount.astype(np.float64), size.astype(np.float64)
    return RatioColumn(Ratio(Label(name, "share"), "share", _NOBODY), Tally(sums, divisor, divisor))
