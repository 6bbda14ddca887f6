"""
How demand changes with the hour of the week and with the date, relative to its mean.

Hours and weekdays have mean 1 over the week, months over the year (365.25 days, February having
28.25 of them). Kinds with a pattern of their own are measured in the same way, so a kind's share
is that of whole weeks of a whole year.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim import units

from ..fields.models import Kind, Scenario

DAY = units.MS_PER["day"]
OWN_PATTERN = ("where", "areas", "hours", "weekdays")  # fields of a kind, in place of demand's
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
