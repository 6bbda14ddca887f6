"""
Surges: more callouts, or fewer, for a time, and days that differ beyond chance.

What a surge adds are points of a plane of its own, and what it takes away are callouts whose own
keyed number says so. Every other callout stays what it is, with all its draws. So surges that add
are added up where they meet, each ``factor - 1`` times the demand without any; those that take
away multiply, and take from what others add, too.

The factor of a day multiplies every rate in it, so its count is gamma-Poisson, that is negative
binomial [1]_. Assumptions: days are independent of each other (no bad weeks), a day's factor is the
same in all its hours and places, and it changes at midnight.

References
----------
.. [1] M. Greenwood, G. U. Yule, "An inquiry into the nature of frequency distributions
   representative of multiple happenings", *J. R. Stat. Soc.* 83(2), 1920, 255-279 (recalled, not
   checked).

"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from math import ceil

import numpy as np

from sim import random_streams
from sim.errors import UsageError
from sim.log import MS_PER_DAY
from sim.random_streams import Race
from sim.scenario import Scenario
from sim.scenario.fields.demand_models import MOST_A_DAY, Surge

from ..variates.poisson_thinning import (
    BAND,
    DAY_ZERO,
    KIND,
    PLACE,
    CalloutBlock,
    Ints,
    Rates,
    points,
)


class Days:
    """
    The factor by which each calendar day's rate is multiplied: gamma, with mean 1.

    A count with mean m on a day whose factor has variance V has variance over mean 1 + m V. V is
    set for the mean over all weekdays at the scenario's ``rate``, without ``scale`` or surges: the
    factors are the same at every scale, so that the callouts of a smaller scale are among those of
    a larger, and days with more callouts, for any reason, vary by more.
    """

    def __init__(self, scenario: Scenario, seed: int, replication: int) -> None:
        self.seed, self.replication = seed, replication
        self.clock = scenario.clock.local
        mixing, rate = scenario.demand.day_to_day, scenario.demand.rate
        self.variance = 0.0
        if mixing is not None and rate:
            self.variance = (mixing.dispersion_index - 1) / rate

    def factors(self, first: int, days: int) -> Rates:
        """
        Return the factors of some calendar days, counted from that of the start. Shape (days,)

        A day's is the same whichever days are asked for. Days must differ (``variance`` above 0).
        """
        return self._factors(self._uniforms(first, days))

    def _uniforms(self, first: int, days: int) -> Rates:
        numbers = (DAY_ZERO + np.arange(first, first + days)).astype(np.uint64)
        return random_streams.uniforms(
            random_streams.hashed(self.seed, self.replication, random_streams.DAYS, numbers, 1)
        )[:, 0]

    def _factors(self, u: Rates) -> Rates:
        from scipy.special import gammaincinv

        shape = 1 / self.variance
        return np.asarray(gammaincinv(shape, u) / shape, dtype=np.float64)

    def about_most(self, first: int, days: int) -> float:
        """Return ``most`` from the largest uniform alone: quick for years of replications."""
        largest = self._uniforms(*self._calendar(first, days)).max(keepdims=True)
        return float(self._factors(largest)[0]) if self.variance else 1.0

    def factors_at(self, at: Ints) -> Rates | float:
        """Return the factor of the day of each instant; 1.0 for all where days do not differ."""
        if not self.variance or not len(at):
            return 1.0
        day = self.clock.day(at)
        first = int(day.min())
        return np.asarray(self.factors(first, int(day.max()) - first + 1)[day - first])

    def most(self, first: int, days: int) -> float:
        """
        Return the largest factor of the calendar days that touch some days of the run.

        Those are one more than the days, since a day of the run begins at the clock's start, or
        another one where clocks are changed.
        """
        return float(self.factors(*self._calendar(first, days)).max()) if self.variance else 1.0

    def _calendar(self, first: int, days: int) -> tuple[int, int]:
        """Return the first calendar day that touches some days of the run, and how many do."""
        begins, last = first * MS_PER_DAY, (first + days) * MS_PER_DAY - 1
        least = min(first, self.clock.day(begins))
        return least, max(first + days, self.clock.day(last)) - least + 1


class Surges:
    """
    The surges of a scenario.

    Parameters
    ----------
    scenario
        The scenario as written.
    places, areas
        The name and the area of each place. Shape (places,)
    weights
        Demand of each place, relative to the others. Shape (places,)
    shares
        Share of each kind in all callouts. Shape (kinds,)
    by_place
        Share of each place in the callouts of each kind, if they differ. Shape (places, kinds)

    """

    def __init__(
        self, scenario: Scenario, places: Sequence[str], areas: Sequence[str],
        weights: Sequence[float], shares: Sequence[float], by_place: Rates | None = None,
    ) -> None:  # fmt: skip
        kinds = list(scenario.demand.kinds)
        total = sum(weights) or 1.0
        self.weights, self.shares = np.array(weights) / total, np.array(shares)
        self.by_place = self.weights[:, None] if by_place is None else by_place
        self.all = [
            Surged(surge, number, scenario, places, areas, self.weights, kinds, self.shares)
            for number, surge in enumerate(scenario.demand.surges)
        ]

    def added(
        self,
        seed: int,
        replication: int,
        first: int,
        days: int,
        rate_at: Callable[[Ints], Rates],
        top: float,
    ) -> Iterator[CalloutBlock]:
        """
        Yield what surges add in some days, in blocks in no order.

        Parameters
        ----------
        seed, replication
            The key.
        first, days
            The first day, from that of instant 0 on, and how many.
        rate_at
            The rate without surges at instants [ms], days that differ included. [1/day]
        top
            Its largest value in these days, or more. [1/day]

        Raises
        ------
        UsageError
            When one adds more callouts a day than can be drawn (``MOST_A_DAY``).

        """
        self.refuse_too_many(first, days, top)
        for surge in self.all:
            if surge.more > 0:
                yield from surge.added(seed, replication, first, days, rate_at, top)

    def adding(self, first: int, days: int) -> Iterator[Surged]:
        """Yield the surges that add callouts in some days, from that of instant 0 on."""
        for surge in self.all:
            if surge.more > 0 and surge.touches(first, days):
                yield surge

    def refuse_too_many(self, first: int, days: int, top: float) -> None:
        """Refuse a surge that adds more than can be drawn; parameters as ``added`` has them."""
        for surge in self.all:
            if surge.more > 0:
                surge.refuse_too_many(first, days, top)

    def kept(self, seed: int, replication: int, block: CalloutBlock) -> CalloutBlock:
        """
        Return what surges leave of a block, of those whose factor is below 1.

        Each callout has a number of its own for each surge and is kept if that is below the
        factor: so a smaller factor takes away more, and gives none back.
        """
        for surge in self.all:
            if surge.more < 0 and len(block.at):
                block = surge.kept(seed, replication, block)
        return block

    def edges(self, begins: int, ends: int) -> Ints:
        """Return the instants from ``begins`` to ``ends`` between which no surge changes. [ms]"""
        found = [np.array([begins, ends], dtype=np.int64)]
        for surge in self.all:
            found.append(np.array([x for x in (surge.begins, surge.until) if x is not None]))
            if surge.hours is not None:
                found.append(np.array(surge.clock.edges(begins, ends, *surge.hours)))
        every = np.unique(np.concatenate(found).astype(np.int64))
        return every[(every >= begins) & (every <= ends)]

    def expected_shares(self, at: Ints) -> Rates:
        """
        Return the demand of each kind at instants, as a share of all demand without surges.

        Over all places; the exact mean of what ``added`` and ``kept`` do. Shape (instants, kinds).
        """
        holds = np.array([surge.holds(at) for surge in self.all]).reshape(len(self.all), len(at))
        patterns, which = np.unique(holds, axis=1, return_inverse=True)
        found = [self._shares(pattern) for pattern in patterns.T]
        return np.array(found)[which.ravel()]

    def _shares(self, holds: Rates) -> Rates:
        """Return the demand of each kind while some surges hold, of all demand without."""
        plus, left = np.ones((2, len(self.weights), len(self.shares)))
        for surge, now in zip(self.all, holds.tolist(), strict=True):
            if surge.more > 0:
                plus = plus + now * surge.more * surge.about
            else:
                left = left * (1 + now * surge.more * surge.about)
        return np.asarray((self.by_place * self.shares * plus * left).sum(axis=0))


class Surged:
    """A surge on the clock of the run."""

    def __init__(
        self, surge: Surge, number: int, scenario: Scenario, places: Sequence[str],
        areas: Sequence[str], weights: Rates, kinds: Sequence[str], shares: Rates,
    ) -> None:  # fmt: skip
        clock = self.clock = scenario.clock.local
        self.begins = None if surge.begins is None else clock.instant_of(surge.begins)
        self.until = None if surge.until is None else clock.instant_of(surge.until)
        self.hours = surge.hours
        self.name = surge.name or f" {number}"  # no name begins with a space
        self.more = surge.factor - 1
        about = [
            i
            for i, (place, area) in enumerate(zip(places, areas, strict=True))
            if surge.place in (None, place) and surge.area in (None, area)
        ]
        of = [i for i, kind in enumerate(kinds) if not surge.kinds or kind in surge.kinds]
        self.places, self.kinds = np.array(about, dtype=np.int64), np.array(of, dtype=np.int64)
        self.weights, self.shares = weights, shares
        self.place_race = Race("place", [places[i] for i in about], weights[self.places])
        self.kind_race = Race("kind", [kinds[i] for i in of], shares[self.kinds])

    @cached_property
    def about(self) -> Rates:
        """Return 1 for each place and kind that it is about, else 0. Shape (places, kinds)."""
        found = np.zeros((len(self.weights), len(self.shares)))
        found[np.ix_(self.places, self.kinds)] = 1.0
        return found

    def holds(self, at: Ints) -> Rates:
        """Return 1 for each instant at which it holds, else 0."""
        held = np.ones(len(at), dtype=bool)
        if self.begins is not None:
            held &= at >= self.begins
        if self.until is not None:
            held &= at < self.until
        if self.hours is not None:
            time, (first, last) = self.clock.local(at) % MS_PER_DAY, self.hours
            inside = (time >= first, time < last)
            held &= inside[0] & inside[1] if first < last else inside[0] | inside[1]
        return held.astype(np.float64)

    def _share(self) -> float:
        """Return what it adds as a share of the rate."""
        return float(self.weights[self.places].sum() * self.shares[self.kinds].sum() * self.more)

    def refuse_too_many(self, first: int, days: int, top: float) -> None:
        """Refuse to add more in some days than can be drawn."""
        most = top * self._share()  # callouts a day in the hour with most of them
        if most > MOST_A_DAY and self.touches(first, days):
            raise UsageError(
                f"the surge {self.name.strip()!r} adds up to {most:,.0f} callouts a day; "
                f"{MOST_A_DAY:,} are the most that can be drawn: lower its factor"
            )

    def added(
        self,
        seed: int,
        replication: int,
        first: int,
        days: int,
        rate_at: Callable[[Ints], Rates],
        top: float,
    ) -> Iterator[CalloutBlock]:
        """Yield what it adds, a block for each band of its plane."""
        share = self._share()
        if not share or not self.touches(first, days):
            return

        def rate(at: Ints) -> Rates:
            return np.asarray(rate_at(at) * share * self.holds(at))

        for band in range(ceil(top * share / BAND)):
            label = f"{self.name}|{band}"
            streams = (
                random_streams.stream_of(random_streams.SURGE_COUNTS, label),
                random_streams.stream_of(random_streams.SURGE_POINTS, label),
            )
            at, numbers, u = points(seed, replication, streams, first, days, band, rate)
            own = np.full(len(at), streams[1], dtype=np.uint64)
            keys = random_streams.keys_of(numbers.astype(np.uint64) ^ own, own)
            place = self.places[self.place_race.winners(u[:, PLACE])]
            kind = self.kinds[self.kind_race.winners(u[:, KIND])]
            yield CalloutBlock(at, keys, place, kind, u)

    def touches(self, first: int, days: int) -> bool:
        """Return whether it may hold in some days, from that of instant 0 on."""
        begins, ends = first * MS_PER_DAY, (first + days) * MS_PER_DAY
        return (self.begins is None or self.begins < ends) and (
            self.until is None or self.until > begins
        )

    def kept(self, seed: int, replication: int, block: CalloutBlock) -> CalloutBlock:
        """Return a block without the callouts that it takes away."""
        concerned = self.holds(block.at) * self.about[block.place, block.kind] > 0
        stream = random_streams.stream_of(random_streams.THINNED, self.name)
        u = random_streams.uniforms(
            random_streams.hashed(seed, replication, stream, block.keys.astype(np.uint64), 1)
        )[:, 0]
        return block.of(~concerned | (u < 1 + self.more))
