"""
The callouts that a dispatch centre expects: what is declared of demand, and no draw.

Assumed: what repeats is known to everybody, as hours, weekdays, months, trend, seasons, and dates
of kinds are; what is announced to nobody is not, as days that differ, surges, incidents, and what
a callout triggers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.log import MS_PER_DAY, MS_PER_HOUR
from sim.scenario import Scenario
from sim.scenario.duty_hours.demand_calendar import (
    calendar_of_kind,
    common_calendar,
    week_of_kind,
)

BILLION = 1_000_000_000
MILLION = 1_000_000
MOST_KNOWN = 1000  # hours kept: a bound on memory


class DemandForecast:
    """
    The mean number of callouts in each clock hour, by kind and place.

    Parameters
    ----------
    scenario
        The scenario as written; where it lists its callouts it has no rate, and none are expected.
    weights
        Demand of each place for kinds without places of their own. Shape (places,)
    own_places
        The share of each place for the other kinds, by name. Shape (places,) each

    """

    def __init__(
        self,
        scenario: Scenario,
        weights: Sequence[float],
        own_places: Mapping[str, Sequence[float]],
    ) -> None:
        demand, kinds = scenario.demand, scenario.demand.kinds
        self._clock = scenario.clock.local
        mean = (demand.rate or 0.0) * demand.scale * MS_PER_HOUR / MS_PER_DAY
        self._common = common_calendar(scenario)
        self._kinds = [
            (mean * kind.share, week_of_kind(scenario, kind), calendar_of_kind(scenario, kind))
            for kind in kinds.values()
        ]
        usual = _per_million(weights)
        self.shares = tuple(
            _per_million(own_places[name]) if name in own_places else usual for name in kinds
        )
        """Of each kind: the share of each place. [per million], shape (kinds, places)"""
        self._known: dict[int, tuple[int, ...]] = {}

    def begin_of_hour(self, at: int) -> int:
        """Return when the clock hour of an instant begins. [ms]"""
        return at - self._clock.local(at) % MS_PER_HOUR

    def by_kind(self, begins: int) -> tuple[int, ...]:
        """
        Return the callouts of each kind that are expected in a clock hour. [1e-9 callouts]

        ``begins`` is when the hour does; what changes within it is taken as it is then. [ms]
        """
        if begins not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[begins] = self._by_kind(begins)
        return self._known[begins]

    def _by_kind(self, begins: int) -> tuple[int, ...]:
        shown = self._clock.moment(begins)
        hour, common = shown.weekday() * 24 + shown.hour, self._common.factor(begins)
        return tuple(
            round(BILLION * mean * week[hour] * common * calendar.factor(begins))
            for mean, week, calendar in self._kinds
        )


def _per_million(weights: Sequence[float]) -> tuple[int, ...]:
    total = sum(weights) or 1.0
    return tuple(round(MILLION * weight / total) for weight in weights)


__all__ = ["DemandForecast"]
