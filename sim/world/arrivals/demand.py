"""
Callouts as they come in, each with its draws.

Callouts are points of a Poisson process in the plane of time and height (``poisson_thinning``), so
that raising the rate, an hour's demand or the scale only adds callouts and lowering it only takes
some away; all others keep their time, place, kind and every mark. Surges have planes of their own,
and the callouts that one triggers are keyed by its key: when something is switched on or off, all
else stays the same.

Assumptions: the rate is constant within an hour and repeats every week, but for months, trend and
seasons; hour, weekday and month multiply (the pattern of hours is that of every weekday); place and
kind are independent of each other and
of the time, except in surges and for kinds with a pattern of their own (`kind_patterns`). More
variation than Poisson comes only from what is declared: days that differ (`surges.Days`), surges,
clusters and incidents.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import ceil, fsum

import numpy as np
import numpy.typing as npt

from sim import random_streams
from sim.errors import UsageError
from sim.log import MS_PER_DAY, MS_PER_HOUR
from sim.scenario import ListedRow, Scenario, ScenarioFile
from sim.scenario.duty_hours.demand_calendar import common_calendar, usual_calendar
from sim.scenario.fields.demand_models import MOST_A_DAY

from ..variates.poisson_thinning import (
    BAND,
    KIND,
    PLACE,
    WORDS,
    CalloutBlock,
    GivenColumns,
    Ints,
    Rates,
    joined,
    points,
)
from .callouts import Callout, Marks, RowBuilder, TeamDistributions
from .clusters import Families
from .complications import Complications
from .dated_factors import DatedFactors
from .incidents import callouts_of, expected_number
from .kind_patterns import KindPatterns
from .surges import Days, Surged, Surges

BLOCK = 32  # days generated at a time: bounds the memory of a long run, and changes no number


class Demand:
    """
    The callouts of a scenario, for any seed and replication.

    Parameters
    ----------
    scenario
        The scenario as written.
    weights
        Demand of each place, relative to the others. Shape (places,)
    places
        Their names; a place's number is its position here.
    team_distributions
        Of teams with a time on scene or a turnout of their own.
    listed
        Recorded or written callouts that take the place of generated ones.
    areas
        The area of each place, for surges; each is its own if not given.
    own_places
        The share of each place for kinds with places of their own, by name. Shape (places,) each

    """

    def __init__(
        self,
        scenario: Scenario,
        weights: Sequence[float],
        places: Sequence[str],
        team_distributions: TeamDistributions,
        listed: Sequence[ListedRow] | None = None,
        areas: Sequence[str] | None = None,
        own_places: Mapping[str, Sequence[float]] | None = None,
    ) -> None:
        self.scenario = scenario
        self.weights, self.own_places = weights, own_places or {}
        self.team_distributions = team_distributions
        self.listed = listed
        self.kinds = list(scenario.demand.kinds.values())
        self.place_number = {name: i for i, name in enumerate(places)}
        self.kind_number = {name: i for i, name in enumerate(scenario.demand.kinds)}
        self.begins = -scenario.clock.warm_up
        self.ends = scenario.clock.length
        self.clock = scenario.clock.local
        self.rows = RowBuilder(scenario, team_distributions, self.place_number)
        self.handling_varies = (
            scenario.dispatch_centre.call_handling.value is None
            or listed is not None
            or any(k.permission for k in self.kinds)
        )
        shares = [kind.share for kind in self.kinds]
        calendars = usual_calendar(scenario), common_calendar(scenario)
        self.is_dated = not all(calendar.is_constant for calendar in calendars)
        self.usual_dates, self.common_dates = (
            DatedFactors(calendar, self.begins, self.ends) for calendar in calendars
        )
        patterns = KindPatterns(scenario, places, weights, self.own_places)
        self.patterns = patterns if patterns.numbers else None
        by_place = patterns.by_place if patterns.numbers else None
        self.surges = Surges(scenario, places, areas or places, weights, shares, by_place)
        clusters = scenario.demand.clusters
        named = clusters.kinds if clusters else ()
        self.clustered = [n for k, n in self.kind_number.items() if not named or k in named]
        self._places = random_streams.Race("place", places, weights)
        self._kinds = random_streams.Race("kind", list(self.kind_number), shares)

    @cached_property
    def week(self) -> npt.NDArray[np.float64]:
        """
        The rate in each hour of the week, from Monday 00:00. [1/day], shape (168,)

        Mean over the week: ``rate`` times ``scale``; without dates, surges and days that differ.
        """
        demand = self.scenario.demand
        hours = np.array(demand.hours) * (24 / sum(demand.hours))
        days = np.array(demand.weekdays) * (7 / sum(demand.weekdays))
        rate: npt.NDArray[np.float64] = (
            (demand.rate or 0.0) * demand.scale * np.outer(days, hours).ravel()
        )
        return rate

    def rate_at(self, at: Ints) -> npt.NDArray[np.float64]:
        """Return the rate at instants, in the clock's hour of each. [1/day], shape as ``at``"""
        rate = self.week[self.clock.hour_of_week(at)]
        if self.is_dated:
            rate = rate * self.usual_dates.at(at) * self.common_dates.at(at)
        return rate

    def common_at(self, at: Ints) -> Rates:
        """Return the mean over a year of the rate at instants. [1/day], shape as ``at``"""
        demand = self.scenario.demand
        return (demand.rate or 0.0) * demand.scale * self.common_dates.at(at)

    def work_at(self, at: int, each: Sequence[float]) -> float:
        """
        Return the demand of a day at an instant in some measure of kinds, without surges.

        ``each`` is what a kind counts, times its share. Shape (kinds,), in the order of the kinds.
        """
        now = np.array([at])
        if self.patterns is None:
            return float(self.rate_at(now)[0]) * sum(each)
        return float(self.common_at(now)[0] * (self.patterns.relative(now)[0] @ np.array(each)))

    @cached_property
    def expected(self) -> float:
        """
        Mean number of callouts received in the measured period.

        Exact, but for clusters: each callout is counted with all that it triggers, also what comes
        after the end or was triggered before the run (``mean_is_exact``). With clusters each kind
        that triggers others counts ``1 / (1 - branching_ratio)`` times (`clusters`).
        """
        demand = self.scenario.demand
        found = expected_number(demand.incidents, self.clock, self.ends)
        if self.listed is not None:
            return len(self.listed) + found
        is_steady = not (self.surges.all or self.patterns or self.is_dated or self.clock.changes)
        by_kind = None if is_steady else self._by_kind()
        mean = self._steady() if by_kind is None else fsum(by_kind)
        clusters = demand.clusters
        if clusters is not None:
            if by_kind is None:
                shares = self.surges.shares
                by_kind = mean * shares / shares.sum()
            mean += (
                fsum(by_kind[self.clustered])
                * clusters.branching_ratio
                / (1 - clusters.branching_ratio)
            )
        return mean + found

    @property
    def mean_is_exact(self) -> bool:
        """
        Whether ``expected`` is exact, as a control variate needs it; with clusters it is not.

        A control variate with a wrong mean shifts every estimate that it corrects.
        """
        clusters = self.scenario.demand.clusters
        return self.listed is not None or clusters is None or not clusters.branching_ratio

    def _steady(self) -> float:
        """Return the mean number of callouts without surges."""
        weeks, rest = divmod(self.ends, 7 * MS_PER_DAY)
        edges = self._hours(rest)
        part = self.rate_at(edges[:-1]) * np.diff(edges) / MS_PER_DAY
        return weeks * fsum(self.week) / 24 + fsum(part)

    def _by_kind(self) -> Rates:
        """Return the mean number of callouts of each kind, with all but clusters."""
        dated = [self.usual_dates, self.common_dates]
        if self.patterns is not None:
            dated += self.patterns.dates
        edges = np.union1d(self._hours(self.ends), self.surges.edges(0, self.ends))
        edges = np.unique(np.concatenate([edges, *(dates.edges for dates in dated)]))
        edges = edges[(edges >= 0) & (edges <= self.ends)]
        begins, days = edges[:-1], np.diff(edges) / MS_PER_DAY
        if self.patterns is None:
            part = self.rate_at(begins) * days
            return np.asarray(part @ self.surges.expected_shares(begins))
        part = self.common_at(begins) * days
        shares = self.patterns.relative(begins) * self.surges.expected_shares(begins)
        return np.asarray(part @ shares)

    def _hours(self, ends: int) -> Ints:
        """Return the edges of the clock's hours from 0 to an instant, with these two."""
        into = {shift % MS_PER_HOUR for shift in self.clock.shifts}  # one, but where half hours are
        found = [np.arange(-one, ends + MS_PER_HOUR, MS_PER_HOUR) for one in into]
        changes = np.array([change.at for change in self.clock.changes], dtype=np.int64)
        return np.unique(np.clip(np.concatenate([*found, changes]), 0, ends))

    def callouts(self, seed: int, replication: int) -> Iterator[tuple[Callout, Marks]]:
        """
        Yield the callouts of a replication with their draws, in the order they become ready.

        Numbers count the callouts in the order received, warm-up included; a callout's key
        names its point in the plane and is the same in every alternative and horizon. Those that
        become ready after the end of the run are yielded too.

        Raises
        ------
        UsageError
            When days that differ, or a surge, come to more callouts a day than can be drawn.
        """
        number = 0
        waiting: list[tuple[Callout, Marks]] = []
        for block_end, block in self._blocks(seed, replication):
            rows = self.rows.of(seed, replication, block, number)
            number += len(block.at)
            if waiting or self.handling_varies:
                rows = sorted(waiting + rows, key=_by_ready)
            # the next block may still hold one that is ready before these
            cut = bisect_left(rows, (block_end, -1), key=_by_ready)
            yield from rows[:cut]
            waiting = rows[cut:]
        yield from waiting

    def refuse_extreme_days(self, seed: int, replications: Iterable[int]) -> None:
        """
        Refuse a study, before it runs, in which a day comes to more than can be drawn.

        Raises
        ------
        UsageError
            As ``callouts`` would, for the first of the replications that it concerns.

        """
        if self.listed is not None:
            return
        first, last = self.begins // MS_PER_DAY, -(-self.ends // MS_PER_DAY)
        busiest = float(self.week.max())
        for replication in replications:
            mixing = Days(self.scenario, seed, replication)
            top = busiest * mixing.about_most(first, last - first)
            if mixing.variance and not self.is_dated:
                self._refuse_extreme_day(top, replication)
            for day in range(first, last, BLOCK):
                count = min(BLOCK, last - day)
                if self.is_dated or (mixing.variance and self.surges.all):
                    top = busiest * self._dated_most(day, count) * mixing.most(day, count)
                if self.is_dated and mixing.variance:
                    self._refuse_extreme_day(top, replication)
                self.surges.refuse_too_many(day, count, top)
                if not (self.surges.all or self.is_dated):
                    break
            if not mixing.variance:
                return  # every replication has the same rates

    def _dated_most(self, first: int, days: int) -> float:
        """Return the largest factor by date in some days, 1.0 where there are none."""
        if not self.is_dated:
            return 1.0
        return self.usual_dates.most(first, days) * self.common_dates.most(first, days)

    def _refuse_extreme_day(self, most: float, replication: int) -> None:
        if most > max(float(self.week.max()), MOST_A_DAY):
            raise UsageError(
                f"by day_to_day, replication {replication} comes to {most:,.0f} callouts a day "
                f"in the busiest hour; {MOST_A_DAY:,} are the most that can be drawn: lower "
                "dispersion_index or the rate"
            )

    def _blocks(self, seed: int, replication: int) -> Iterator[tuple[int, CalloutBlock]]:
        """Yield the end of some days and the callouts received in them, in order of time."""
        demand = self.scenario.demand
        extra = CalloutBlock.empty()
        if demand.incidents:
            extra = self._of_incidents(seed, replication)
        if self.listed is not None:
            block = self._listed_block(seed, replication)
            yield self.ends, joined([block, extra]) if len(extra.at) else block
            return
        families = None
        if demand.clusters is not None:
            families = Families(demand.clusters, self.clustered, seed, replication)
        days = Days(self.scenario, seed, replication)
        first, last = self.begins // MS_PER_DAY, -(-self.ends // MS_PER_DAY)
        for day in range(first, last, BLOCK):
            count = min(BLOCK, last - day)
            end = (day + count) * MS_PER_DAY
            block = self._generated_block(seed, replication, day, count, days)
            if families is not None:
                block = families.grown(block, end, self.ends)
            if len(extra.at):
                now = extra.at < end
                block, extra = joined([block, extra.of(now)]), extra.of(~now)
            yield end, block

    def _of_incidents(self, seed: int, replication: int) -> CalloutBlock:
        demand = self.scenario.demand
        found = callouts_of(
            demand.incidents, self.clock, self.place_number, self.kind_number, seed, replication
        )
        return found.of((found.at >= self.begins) & (found.at < self.ends))

    def _generated_block(
        self, seed: int, replication: int, first: int, days: int, mixing: Days
    ) -> CalloutBlock:
        top = float(self.week.max())
        if self.is_dated:
            top *= self._dated_most(first, days)
        bands = ceil(top / BAND)
        if mixing.variance:
            most = top * mixing.most(first, days)
            self._refuse_extreme_day(most, replication)
            top, bands = most, max(bands, ceil(most / BAND))

        def rate_at(at: Ints) -> Rates:
            return self.rate_at(at) * mixing.factors_at(at)

        found = []
        for band in range(bands):
            streams = random_streams.COUNTS | band << 8, random_streams.POINTS | band << 8
            at, numbers, u = points(seed, replication, streams, first, days, band, rate_at)
            place, kind = self._places.winners(u[:, PLACE]), self._kinds.winners(u[:, KIND])
            found.append(CalloutBlock(at, (band << 40) + numbers, place, kind, u))
        found += self.surges.added(seed, replication, first, days, rate_at, top)
        if self.patterns is not None:
            found = [self.patterns.kept(seed, replication, block) for block in found]
            found += self._added_by_kinds(seed, replication, first, days, mixing)
        block = joined([b.of((b.at >= self.begins) & (b.at < self.ends)) for b in found])
        return self.surges.kept(seed, replication, block)

    def _added_by_kinds(
        self, seed: int, replication: int, first: int, days: int, mixing: Days
    ) -> Iterator[CalloutBlock]:
        """Yield what patterns of kinds add to the demand, and to what surges add to it."""
        assert self.patterns is not None
        top = (self.scenario.demand.rate or 0.0) * self.scenario.demand.scale
        top *= self.common_dates.most(first, days) * mixing.most(first, days)

        def common_at(at: Ints) -> Rates:
            return self.common_at(at) * mixing.factors_at(at)

        yield from self.patterns.added(seed, replication, first, days, common_at, top)
        for surge in self.surges.adding(first, days):

            def more_at(at: Ints, surge: Surged = surge) -> Rates:
                return np.asarray(common_at(at) * surge.more * surge.holds(at))

            yield from self.patterns.added(
                seed, replication, first, days, more_at, top * surge.more, surge.about, surge.name
            )

    def _listed_block(self, seed: int, replication: int) -> CalloutBlock:
        assert self.listed is not None
        rows = [(i, row) for i, row in enumerate(self.listed) if row.at_ms < self.ends]
        u = random_streams.uniforms(
            random_streams.bits(
                seed, replication, random_streams.LISTED, 0, len(self.listed), WORDS
            )
        )
        given = GivenColumns(
            [row.on_scene_ms for _, row in rows],
            [row.handling_ms for _, row in rows],
            [row.transported for _, row in rows],
            [row.hand_over_ms for _, row in rows],
        )
        is_given = any(value is not None for column in given for value in column)
        return CalloutBlock(
            np.array([row.at_ms for _, row in rows], dtype=np.int64),
            np.array([i for i, _ in rows], dtype=np.int64),
            np.array([self.place_number[row.place] for _, row in rows], dtype=np.int64),
            np.array([self.kind_number[row.kind] for _, row in rows], dtype=np.int64),
            u[[i for i, _ in rows]],
            given if is_given else None,
        )


def expected_callouts(file: ScenarioFile) -> float:
    """
    Return the mean number of callouts received in the measured period of a scenario.

    As ``Demand.expected``, without building the world: no road is looked at.
    """
    places = [place.name for place in file.places]
    areas = [place.area for place in file.places]
    weights = file.place_shares.usual
    none = TeamDistributions((), ())
    own = file.place_shares.own
    return Demand(file.scenario, weights, places, none, file.callouts, areas, own).expected


def _by_ready(row: tuple[Callout, Marks]) -> tuple[int, int]:
    return row[0].ready, row[0].number


__all__ = ["Callout", "Complications", "Demand", "Marks", "TeamDistributions", "expected_callouts"]
