"""How many callouts a scenario expects, by kind, place and time; for checks, without numpy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import prod

from sim import units

from ..fields.demand_models import Surge
from ..fields.models import Scenario
from ..tables.table_rows import ListedRow, PlaceRow
from .demand_calendar import calendar_of_kind, common_calendar, week_of_kind
from .kind_places import PlaceShares
from .rosters import Interval
from .windows import RunWindow

DAY = units.MS_PER["day"]


class ExpectedDemand:
    """The mean demand of a scenario: generated, listed, and of its incidents."""

    def __init__(
        self,
        scenario: Scenario,
        places: Sequence[PlaceRow],
        listed: Sequence[ListedRow] | None,
        place_shares: PlaceShares,
    ) -> None:
        self.scenario, self.places, self.listed = scenario, places, listed
        names = [place.name for place in places]
        self.shares = {
            kind: dict(zip(names, place_shares.of(kind), strict=True))
            for kind in scenario.demand.kinds
        }
        self.weeks = {
            name: week_of_kind(scenario, kind) for name, kind in scenario.demand.kinds.items()
        }
        self.common = common_calendar(scenario)
        self.calendars = {
            name: calendar_of_kind(scenario, kind) for name, kind in scenario.demand.kinds.items()
        }
        run = -scenario.clock.warm_up, scenario.clock.length
        self.run_means = {
            name: calendar.mean_with(self.common, *run) for name, calendar in self.calendars.items()
        }
        self.surges = [(surge, self._share_of_run(surge)) for surge in scenario.demand.surges]

    def per_day(self, kind: str, place: PlaceRow) -> float:
        """
        Return the callouts generated in a day on average, what surges add for a time apart.

        Over the run: with its months, trend and seasons.
        """
        return self._yearly(kind, place) * self.run_means[kind]

    def _yearly(self, kind: str, place: PlaceRow) -> float:
        demand = self.scenario.demand
        if demand.rate is None:
            return 0.0
        share = demand.kinds[kind].share * self.shares[kind][place.name]
        return demand.rate * demand.scale * share * self._factor(kind, place)

    def during(self, kind: str, places: Collection[str], stretches: Sequence[Interval]) -> float:
        """Return the mean number of callouts of a kind that come from places in some stretches."""
        generated = sum(self._yearly(kind, p) for p in self.places if p.name in places)
        if generated:
            generated *= sum(self._days(kind, *stretch) for stretch in stretches)
        listed = [c.at_ms for c in self.listed or () if c.kind == kind and c.place in places]
        for incident in self.scenario.demand.incidents:
            if incident.place in places:
                at = self.scenario.clock.local.instant_of(incident.at)
                listed += [at] * (incident.sites * (incident.kind == kind))
                if incident.casualties is not None and incident.casualties.kind == kind:
                    listed += [at] * incident.casualties.number
        return generated + sum(any(a <= at < b for a, b in stretches) for at in listed)

    def _factor(self, kind: str, place: PlaceRow) -> float:
        """
        Return demand over what it would be without surges, on average over the run.

        What a surge adds for a time only is left out: a queue that it makes shrinks again.
        """
        more, less = 1.0, 1.0
        for surge, held in self.surges:
            here = surge.place in (None, place.name) and surge.area in (None, place.area)
            if not here or (surge.kinds and kind not in surge.kinds):
                continue
            if surge.factor < 1:
                less *= 1 - held * (1 - surge.factor)
            elif held == 1:
                more += surge.factor - 1
        return more * less

    def _share_of_run(self, surge: Surge) -> float:
        """Return in which share of the run a surge holds."""
        clock = self.scenario.clock
        begins, ends = -clock.warm_up, clock.length
        window = RunWindow(surge, clock.local, begins, ends)
        held = sum(until - at for at, until in window.stretches())
        return held / (ends - begins)

    def _days(self, kind: str, begins: int, until: int) -> float:
        """Return how many average days' demand of a kind falls into a stretch of the run."""
        clock, week, found, at = self.scenario.clock.local, self.weeks[kind], 0.0, begins
        dated = [c for c in (self.common, self.calendars[kind]) if not c.is_constant]
        while at < until:
            ends = min(until, clock.hour_ends(at))
            factor = prod(calendar.factor(at) for calendar in dated)
            found += week[clock.hour_of_week(at)] * factor * (ends - at) / DAY
            at = ends
        return found
