"""
How demand changes with the hour of the week and with the date, relative to its mean.

Hours and weekdays have mean 1 over the week, months over the year (365.25 days, February having
28.25 of them). Kinds with a pattern of their own are measured in the same way, so a kind's share
is that of whole weeks of a whole year. A trend is 1 on the day of the start and changes at each
midnight; seasons multiply what there would be without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from sim import units
from sim.local_clock import LocalClock

from ..fields.demand_models import Season
from ..fields.models import Kind, Scenario
from ..fields.quantities import Moment

DAY = units.MS_PER["day"]
OWN_PATTERN = ("where", "areas", "hours", "weekdays", "months", "seasons", "begins", "until")
MONTH_DAYS = (31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
Profile = Sequence[float]


def week_of(hours: Profile, weekdays: Profile) -> list[float]:
    """Return relative demand in each hour of the week from Monday 00:00, with mean 1."""
    total_hours, total_days = sum(hours) / 24, sum(weekdays) / 7
    return [d / total_days * (h / total_hours) for d in weekdays for h in hours]


def week_of_kind(scenario: Scenario, kind: Kind) -> list[float]:
    """Return the week of a kind of callout; what it does not give is the demand's own."""
    demand = scenario.demand
    return week_of(kind.hours or demand.hours, kind.weekdays or demand.weekdays)


def has_own_pattern(kind: Kind) -> bool:
    """Return whether a kind has places or times of its own."""
    return any(getattr(kind, field) is not None for field in OWN_PATTERN)


class DemandCalendar:
    """
    Relative demand by date: the product of months, trend, seasons and first and last instants.

    Parameters
    ----------
    clock
        The local clock of the run.
    months
        Relative demand a day, from January; all alike if not given.
    trend
        Relative change a year.
    seasons
        With their scale.
    dates
        From when and until when there is any.

    """

    def __init__(
        self,
        clock: LocalClock,
        months: Profile | None = None,
        trend: float | None = None,
        seasons: Sequence[Season] = (),
        dates: tuple[Moment | None, Moment | None] = (None, None),
    ) -> None:
        self.clock = clock
        self.months: list[float] = []
        if months is not None:
            mean = sum(d * month for d, month in zip(MONTH_DAYS, months, strict=True)) / 365.25
            self.months = [month / mean for month in months]
        self.growth = 1 + (trend or 0.0)
        self.seasons = [
            (*span, season.scale) for season in seasons for span in spans_of(season, clock)
        ]
        self.dates = _span(*dates, clock)
        self.is_constant = not (months or trend or seasons or dates != (None, None))

    def factor(self, at: int) -> float:
        """Return demand at an instant over its mean."""
        begins, until = self.dates
        if not (begins is None or at >= begins) or not (until is None or at < until):
            return 0.0
        days = self.clock.day(at)
        found = 1.0
        if self.months:
            found *= self.months[(self.clock.midnight + timedelta(days=days)).month - 1]
        if self.growth != 1:
            found *= self.growth ** (days / 365.25)
        for begins, until, scale in self.seasons:
            if (begins is None or at >= begins) and (until is None or at < until):
                found *= scale
        return found

    def edges(self, begins: int, ends: int) -> list[int]:
        """Return the instants from ``begins`` to ``ends`` between which it does not change. [ms]"""
        if self.is_constant:
            return [begins, ends]
        found = {begins, ends, *self.clock.edges(begins, ends, 0), *self.dates}
        found |= {at for season in self.seasons for at in season[:2]}
        return sorted(at for at in found if at is not None and begins <= at <= ends)

    def mean_with(self, other: DemandCalendar, begins: int, ends: int) -> float:
        """Return the mean of the product with another calendar's factor in a part of the run."""
        if self.is_constant and other.is_constant:
            return 1.0
        edges = sorted({*self.edges(begins, ends), *other.edges(begins, ends)})
        parts = ((self.factor(a) * other.factor(a), b - a) for a, b in pairwise(edges))
        return sum(factor * time for factor, time in parts) / (ends - begins)


def spans_of(season: Season, clock: LocalClock) -> list[tuple[int | None, int | None]]:
    """Return from when until when a season is: once, or on each of its dates. [ms]"""
    if season.dates is None:
        return [_span(season.begins, season.until, clock)]
    days = (clock.local_of(day) for day in season.dates)
    return [(clock.instant(day), clock.instant(day + DAY)) for day in days]


def common_calendar(scenario: Scenario) -> DemandCalendar:
    """Return what changes the demand of all kinds alike: trend and seasons of the demand."""
    demand = scenario.demand
    return DemandCalendar(scenario.clock.local, None, demand.trend, demand.seasons)


def usual_calendar(scenario: Scenario) -> DemandCalendar:
    """Return the calendar of kinds without one of their own, but for what all have in common."""
    return DemandCalendar(scenario.clock.local, scenario.demand.months)


def calendar_of_kind(scenario: Scenario, kind: Kind) -> DemandCalendar:
    """Return the calendar of a kind, but for what all have in common."""
    months = kind.months or scenario.demand.months
    dates = (kind.begins, kind.until)
    return DemandCalendar(scenario.clock.local, months, None, kind.seasons or (), dates)


def _span(
    begins: Moment | None, until: Moment | None, clock: LocalClock
) -> tuple[int | None, int | None]:
    return (
        None if begins is None else clock.instant_of(begins),
        None if until is None else clock.instant_of(until),
    )
