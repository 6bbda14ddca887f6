"""
Quantiles of times over replications: one sort serves every group and every replication.

Callouts that nobody has reached yet are censored, not dropped (`censoring`). The interval holds
the times at which the share reached may be the one asked for (as Woodruff's does [1]_), with the
errors of that share, by replication, taken at each of those times.

References
----------
.. [1] R. S. Woodruff, "Confidence intervals for medians and other position measures",
   *J. Am. Stat. Assoc.* 47, 1952, 635-646.

"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from .censoring import NEVER, SLACK, Bools, Floats, Ints, ReachedBy, influence, sort_keys
from .envelope import HallTransform
from .replications import FEW, FEW_REPLICATIONS, NOTHING, Interval, Spread

Narrow = npt.NDArray[np.integer[Any]]  # half as wide, where it is often put in another order
HEAPED = "times heap at the quantile: no interval"
NO_LOWER = "too few callouts for a lower bound"
NO_UPPER = "too few reached for an upper bound"
_WINDOW = 0.2  # of min(p, 1 - p): how far from p the density is read off
_DIGIT = 16  # bits: numpy sorts this many by radix, several times as fast as it compares


@dataclass(frozen=True, slots=True, eq=False)
class SortedGroups:
    """
    Callouts sorted by group and, within it, by time; group g is ``bounds[g]:bounds[g + 1]``.

    ``keys`` are those of `censoring.sort_keys`. Shape (callouts,)
    """

    keys: Ints
    replication: Narrow
    bounds: list[int]

    def by_replication(self, ps: Sequence[float], sizes: Ints) -> Floats:
        """
        Return quantiles of each group in each replication alone. [ms]

        ``nan`` where there is no callout or too many are not reached. ``sizes`` says how many
        callouts there are, shape (replications, groups).
        Shape (quantiles, replications, groups)
        """
        order = _stable_order(self.replication, len(sizes))
        found = _quantiles_by_cell(self.keys, order, sizes.reshape(-1), ps)
        return found.reshape(len(ps), *sizes.shape)


@dataclass(frozen=True, slots=True, eq=False)
class SortedTimes:
    """Callouts sorted by time: the one sort that every group and replication shares."""

    keys: Ints
    replication: Narrow
    order: Ints  # which callout stands here

    @classmethod
    def of(cls, times: Ints, reached: Bools, replication: Ints) -> SortedTimes:
        """Return them sorted; parameters as in `intervals.quantile`."""
        never = times >= NEVER
        # Nothing is gained by sorting through all the digits of never.
        last = int(times.max(initial=0, where=~never)) + 1
        keys = sort_keys(np.where(never, last, times), reached)
        order = _stable_order(keys, 2 * last + 2)
        return cls(keys[order], replication.astype(np.int32)[order], order)

    def grouped(self, group: Ints, groups: int) -> SortedGroups:
        """Return them by group; ``group`` is in the order in which the times were given."""
        if groups == 1:
            return SortedGroups(self.keys, self.replication, [0, len(self.keys)])
        codes = group[self.order]
        place = _stable_order(codes, groups)
        bounds = [0, *np.cumsum(np.bincount(codes, minlength=groups)).tolist()]
        return SortedGroups(self.keys[place], self.replication[place], bounds)


def _quantiles_by_cell(keys: Ints, order: Ints, size: Ints, ps: Sequence[float]) -> Floats:
    """
    Return the quantiles of each cell, ``nan``: none. [ms], shape (quantiles, cells)

    ``keys[order]`` are the keys cell by cell, ascending in each; ``size`` has shape (cells,).
    """
    bounds = np.concatenate([[0], np.cumsum(size)])
    censored = np.flatnonzero((keys & 1).astype(np.bool_)[order])
    cut_before = np.searchsorted(censored, bounds[:-1])
    values = np.full((len(ps), len(size)), np.nan)
    odd: set[int] = set()
    for p, found in zip(ps, values, strict=True):
        # The rank that `ReachedBy.first_at` finds where none of those up to it are censored.
        rank = np.maximum(size - 1 - np.floor(size * (1 - p) + SLACK).astype(np.int64), 0)
        at = bounds[:-1] + rank
        plain = (size > 0) & (np.searchsorted(censored, at, side="right") == cut_before)
        found[plain] = keys[order[at[plain]]] >> 1
        odd |= set(np.flatnonzero((size > 0) & ~plain).tolist())
    for cell in sorted(odd):
        by = ReachedBy(keys[order[bounds[cell] : bounds[cell + 1]]])
        for p, found in zip(ps, values, strict=True):
            time = by.first_at(p)
            found[cell] = np.nan if time is None else time
    return values


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class AtQuantile:
    """
    A quantile over all replications with its interval.

    ``spread`` holds its linearised errors, None where it does not exist or there is nothing to
    measure; ``ever`` is the share ever reached, by which to judge a quantile that does not exist.
    """

    interval: Interval
    spread: Spread | None
    ever: Spread | None


def quantiles_of(
    keys: Ints, replication: Narrow, replications: int, ps: Sequence[float], level: float
) -> list[AtQuantile]:
    """
    Return `pooled` quantiles of a group of callouts, those that are known of an equal group.

    Alternatives leave many groups as they are: of 20 crews of one team on the coast, six groups in
    seven have the times that they have under another. ``keys`` and ``replication`` as in
    `SortedGroups`; ``ps`` are the shares.
    """
    data = blake2b(keys.tobytes(), digest_size=16)
    data.update(replication.tobytes())
    group = data.digest(), replication.dtype.str, replications, level
    held = [at for p in ps if (at := _held.get((*group, p))) is not None]
    if len(held) == len(ps):
        return held
    by = ReachedBy(keys)
    found = [pooled(by, replication, replications, p, level) for p in ps]
    _held.update({(*group, p): at for p, at in zip(ps, found, strict=True)})
    return found


# as long as any sample holds them
_held: WeakValueDictionary[tuple[bytes, str, int, float, float], AtQuantile] = WeakValueDictionary()


def pooled(
    by: ReachedBy, replication: Narrow, replications: int, p: float, level: float
) -> AtQuantile:
    """
    Return a quantile over all replications with its interval and its linearised errors.

    Parameters
    ----------
    by
        The callouts' times.
    replication
        Of each callout, in the order of ``by.keys``. Shape (callouts,)
    replications, p, level
        As in `intervals.quantile`.

    Notes
    -----
    The interval is that of the times t for which p lies in Hall's interval of the share reached
    by t, its errors taken at t. It ends where the data end: then there is no upper limit.

    With F the share reached and f its density at the true quantile, Bahadur's representation [1]_
    is q̂ - q = (p - F̂(q)) / f to first order. Replication r adds e_r to the error of the share
    F̂, the mean of the e_r over replications, so it adds z_r = -e_r / f to that of the quantile:
    where more callouts than usual were reached in time, the quantile is pushed down. The density
    is read from the times at which p - h and p + h are reached, h a fifth of the smaller of p and
    1 - p, or from the lower half alone where there is no upper one.

    Differences of the z_r between alternatives keep what their replications have in common, as
    those of a mean do; the difference of the two intervals would not.

    References
    ----------
    .. [1] R. R. Bahadur, "A note on quantiles in large samples", *Ann. Math. Stat.* 37(3),
       1966, 577-580.

    """
    if not by.total:
        return AtQuantile(Interval(None, None, None, NOTHING), None, None)
    at = _shares_reached(by, replication, replications)
    value = by.first_at(p)
    if value is None:
        never = f"never: fewer than {p:.0%} were reached"
        ever = at(by.time(by.reached - 1)) if by.reached else Spread(0.0, np.zeros(replications), 0)
        return AtQuantile(Interval(None, None, None, never), None, ever)
    share = at(value)
    if share.no_interval:
        found = replace(share, value=float(value))
        return AtQuantile(Interval(float(value), None, None, share.no_interval), found, None)
    low, high = _limits(by, at, p, level, share)
    notes = [] if replications >= FEW else [FEW_REPLICATIONS]
    notes += [told for told, end in ((NO_LOWER, low), (NO_UPPER, high)) if end is None]
    ends = (by.time(0) if low is None else low, high)
    interval = Interval(
        float(value), float(ends[0]), None if high is None else float(high), "; ".join(notes)
    )
    return AtQuantile(interval, _linear(by, share, value, p), None)


def _shares_reached(
    by: ReachedBy, replication: Narrow, replications: int
) -> Callable[[int], Spread]:
    """Return what gives the share reached by a time with its errors."""
    sizes = np.bincount(replication, minlength=replications)
    carrying = int(np.count_nonzero(sizes))
    # An influence is measured per callout, so its mean per replication is N / R of the share.
    scale = replications / by.total

    def at(time: int) -> Spread:
        return Spread(by.share(time), influence(by, time, replication, sizes) * scale, carrying)

    return at


def _limits(
    by: ReachedBy, at: Callable[[int], Spread], p: float, level: float, share: Spread
) -> tuple[int | None, int | None]:
    """Return the first and last time at which p lies in the interval of the share; None: none."""

    def limits(rank: int) -> tuple[float, float]:
        here = at(by.time(rank))
        return HallTransform.of_share(here).limits(here.value, level)

    def near(reached: float) -> int:  # where the limits would be with the errors at the quantile
        time = by.first_at(reached)
        return by.reached - 1 if time is None else by.rank(time)

    low, high = HallTransform.of_share(share).limits(p, level)
    first = _first(lambda rank: limits(rank)[1] >= p, by.reached, near(low))
    last = _first(lambda rank: limits(rank)[0] >= p, by.reached, near(high))
    return (
        None if first == 0 else by.time(first - 1),
        None if last == by.reached else by.time(last),
    )


def _first(holds: Callable[[int], bool], count: int, guess: int) -> int:
    """Return the first of ``count`` ranks at which something holds from there on, else ``count``.

    It looks near the guess first: to ask costs a pass over the callouts.
    """
    step = max(1, count // 256)
    if holds(guess):
        low, high = guess - step, guess
        while low >= 0 and holds(low):
            step *= 2
            low, high = low - step, low
    else:
        low, high = guess, guess + step
        while high < count and not holds(high):
            step *= 2
            low, high = high, high + step
    low, high = max(low, -1), min(high, count)
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high


def _linear(by: ReachedBy, share: Spread, value: int, p: float) -> Spread:
    """Return the errors of a quantile, from those of the share reached at it."""
    found = replace(share, value=float(value))
    if share.squares() <= 0:  # the share reached is the same in every replication
        return found
    window = _WINDOW * min(p, 1 - p)
    low, high = by.first_at(p - window), by.first_at(p + window)
    assert low is not None  # the quantile itself is reached
    width, shares = (value - low, window) if high is None else (high - low, 2 * window)
    if width <= 0:
        return replace(found, unusable=HEAPED)
    return replace(found, errors=-share.errors * (width / shares))


def _stable_order(numbers: Narrow, below: int) -> Ints:
    """Return the order that sorts whole numbers from 0 to ``below - 1``, equal ones as they are."""
    order: Ints = np.argsort((numbers & 0xFFFF).astype(np.uint16), kind="stable")
    for shift in range(_DIGIT, (below - 1).bit_length(), _DIGIT):
        digit = ((numbers >> shift) & 0xFFFF).astype(np.uint16)
        order = order[np.argsort(digit[order], kind="stable")]
    return order
