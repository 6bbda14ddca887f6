"""
Kinds of callout with places and times of their own: demand by place, hour and kind.

All callouts are drawn by the pattern of all demand first. Of a kind that has its own, with a mean
number of callouts ``own`` at a place and instant where that pattern gives ``usual``, each callout
is kept with probability ``own / usual`` where that is below 1, by a keyed number of its own, and
``own - usual`` are added where that is above 0: points of planes of its own, one for each place. So
a kind that gets its own pattern changes no other kind, and where the mean of a kind falls, by a
place, an hour or as a whole, its callouts are some of those before [1]_.

Assumptions: hour, weekday and month multiply; places have the same hours, but for what the mix of
kinds brings.

References
----------
.. [1] P. A. W. Lewis, G. S. Shedler, "Simulation of nonhomogeneous Poisson processes by thinning",
   *Nav. Res. Logist. Q.* 26(3), 1979, 403-413.

"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import count
from math import ceil, sqrt

import numpy as np

from sim import random_streams
from sim.errors import UsageError
from sim.log import MS_PER_DAY
from sim.scenario import Scenario
from sim.scenario.duty_hours.demand_calendar import (
    calendar_of_kind,
    has_own_pattern,
    usual_calendar,
    week_of,
    week_of_kind,
)
from sim.scenario.fields.demand_models import MOST_A_DAY

from ..variates.poisson_thinning import (
    AT,
    BAND,
    DAY_ZERO,
    HEIGHT,
    WORDS,
    CalloutBlock,
    Ints,
    Rates,
    poisson_table,
)
from .dated_factors import DatedFactors

RateAt = Callable[[Ints], Rates]


class KindPatterns:
    """
    The kinds of a scenario by place and hour, relative to the rate of all demand.

    Parameters
    ----------
    scenario
        The scenario as written.
    places
        The name of each place. Shape (places,)
    weights
        Demand of each place for kinds without places of their own. Shape (places,)
    own
        The share of each place for the other kinds, by name. Shape (places,) each

    """

    def __init__(
        self,
        scenario: Scenario,
        places: Sequence[str],
        weights: Sequence[float],
        own: Mapping[str, Sequence[float]],
    ) -> None:
        demand, self.clock = scenario.demand, scenario.clock.local
        self.names, kinds = list(demand.kinds), list(demand.kinds.values())
        self.numbers = [n for n, kind in enumerate(kinds) if has_own_pattern(kind)]
        self.shares = np.array([kind.share for kind in kinds])
        self.usual = np.array(weights) / (sum(weights) or 1.0)
        by_place = [np.array(own.get(name, self.usual)) for name in self.names]
        self.by_place = np.array(by_place).T  # each column adds up to 1; shape (places, kinds)
        self.usual_week = np.array(week_of(demand.hours, demand.weekdays))
        self.weeks = np.array([week_of_kind(scenario, kind) for kind in kinds])
        run = -scenario.clock.warm_up, scenario.clock.length
        self.usual_dates = DatedFactors(usual_calendar(scenario), *run)
        self.dates = [DatedFactors(calendar_of_kind(scenario, kind), *run) for kind in kinds]
        self.place_keys = np.array(
            [random_streams.key_of("place", place) for place in places], dtype=np.uint64
        )

    def relative(self, at: Ints) -> Rates:
        """Return each kind's demand over its mean, at instants. Shape (instants, kinds)"""
        dated = np.array([dates.at(at) for dates in self.dates])
        return np.asarray((self.weeks[:, self.clock.hour_of_week(at)] * dated).T)

    def _means(self, number: int, at: Ints, place: Ints) -> tuple[Rates, Rates]:
        """Return a kind's usual and own demand over its mean at all places, at some points."""
        hour = self.clock.hour_of_week(at)
        usual = self.usual_week[hour] * self.usual_dates.at(at) * self.usual[place]
        own = self.weeks[number][hour] * self.dates[number].at(at)
        return usual, own * self.by_place[place, number]

    def kept(self, seed: int, replication: int, block: CalloutBlock) -> CalloutBlock:
        """Return what their own patterns leave of callouts drawn by that of all demand."""
        stays = np.ones(len(block.at), dtype=bool)
        for number in self.numbers:
            mine = np.flatnonzero(block.kind == number)
            usual, own = self._means(number, block.at[mine], block.place[mine])
            stream = random_streams.stream_of(random_streams.KIND_THINNED, self.names[number])
            raw = random_streams.hashed(
                seed, replication, stream, block.keys[mine].astype(np.uint64), 1
            )
            stays[mine] = random_streams.uniforms(raw)[:, 0] * usual < own
        return block.of(stays)

    def added(
        self,
        seed: int,
        replication: int,
        first: int,
        days: int,
        common_at: RateAt,
        top: float,
        about: Rates | None = None,
        label: str = "",
    ) -> Iterator[CalloutBlock]:
        """
        Yield what their own patterns add in some days, in blocks in no order.

        Parameters
        ----------
        seed, replication
            The key.
        first, days
            The first day, from that of instant 0 on, and how many.
        common_at
            The mean demand over a year at instants, of all kinds and places. [1/day]
        top
            Its largest value in these days, or more. [1/day]
        about
            Which places and kinds, 1 or 0; all if not given. Shape (places, kinds)
        label
            The name of what has these callouts, as a surge; empty for the demand itself.

        Raises
        ------
        UsageError
            When there are more callouts a day than can be drawn (``MOST_A_DAY``).

        """
        for number in self.numbers:
            share, name = self.shares[number], self.names[number]
            highest = self.weeks[number].max() * self.dates[number].most(first, days)
            tops = top * share * highest * self.by_place[:, number]
            if about is not None:
                tops = tops * about[:, number]
            if tops.sum() > MOST_A_DAY:
                raise UsageError(
                    f"callouts of kind '{name}' come to {tops.sum():,.0f} a day in the busiest "
                    f"hour; {MOST_A_DAY:,} are the most that can be drawn: lower the rate"
                )
            for band, (low, high) in enumerate(_bands(float(tops.max()))):
                cells = _Cells(
                    seed, replication, f"{label}|{name}|{band}", self.place_keys,
                    np.flatnonzero(tops > low), first, days,
                )  # fmt: skip
                at, place, height, keys = cells.points(low, high)
                usual, own = self._means(number, at, place)
                below = height < common_at(at) * share * (own - usual)
                at, place, keys = at[below], place[below], keys[below]
                kind = np.full(len(at), number, dtype=np.int64)
                yield CalloutBlock(at, keys, place, kind, cells.uniforms(keys, WORDS))


class _Cells:
    """The planes of some places, in some days, each drawn by keys of its own."""

    def __init__(
        self, seed: int, replication: int, name: str, place_keys: random_streams.Bits,
        places: Ints, first: int, days: int,
    ) -> None:  # fmt: skip
        self.seed, self.replication, self.name = seed, replication, name
        self.place = np.repeat(places, days)
        self.day = np.tile(np.arange(first, first + days), len(places))
        numbers = (DAY_ZERO + self.day).astype(np.uint64)
        self.keys = random_streams.keys_of(place_keys[self.place], numbers).astype(np.uint64)

    def uniforms(self, keys: Ints, words: int) -> random_streams.Uniforms:
        """Return the draws of points; with more words the first stay the same."""
        return random_streams.uniforms(
            random_streams.hashed(
                self.seed, self.replication, random_streams.KIND_POINTS,
                keys.astype(np.uint64), words,
            )
        )  # fmt: skip

    def points(self, low: float, high: float) -> tuple[Ints, Ints, Rates, Ints]:
        """Return instants, places, heights and keys of the points between two heights. [1/day]"""
        stream = random_streams.stream_of(random_streams.KIND_COUNTS, self.name)
        raw = random_streams.hashed(self.seed, self.replication, stream, self.keys, 1)
        table = _table(high - low)
        counts = np.searchsorted(table, random_streams.uniforms(raw)[:, 0], side="right")
        row = np.repeat(np.arange(len(counts)), counts)
        nth = np.arange(len(row)) - (np.cumsum(counts) - counts)[row]
        own = self.keys[row] ^ np.uint64(stream)
        keys = random_streams.keys_of(own, nth.astype(np.uint64))
        u = self.uniforms(keys, max(AT, HEIGHT) + 1)
        at = self.day[row] * MS_PER_DAY + (u[:, AT] * MS_PER_DAY).astype(np.int64)
        return at, self.place[row], low + u[:, HEIGHT] * (high - low), keys


def _bands(top: float) -> Iterator[tuple[float, float]]:
    """Yield heights from and to, up to a rate, fine at the bottom, where most places are."""
    low = 0.0
    for high in (2.0**n if n <= 6 else BAND * (n - 5.0) for n in count(-4)):
        if low >= top:
            return
        yield low, high
        low = high


@cache
def _table(mean: float) -> Rates:
    return poisson_table(mean, ceil(mean + 12 * sqrt(mean)) + 12)
