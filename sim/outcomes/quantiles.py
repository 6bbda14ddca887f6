"""
Quantiles of times over replications: one sort serves every group and every replication.

Callouts that nobody has reached yet are cut off, not dropped (`censoring`). The interval is
Woodruff's [1]_, the errors behind it those of the share reached, by replication.

References
----------
.. [1] R. S. Woodruff, "Confidence intervals for medians and other position measures",
   *J. Am. Stat. Assoc.* 47, 1952, 635-646.

"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from .censoring import NEVER, SLACK, Bools, Floats, Ints, ReachedBy, influence, sort_keys
from .replications import NOTHING, Interval, Spread, reliability, student_t

Narrow = npt.NDArray[np.integer[Any]]  # half as wide, where it is often put in another order
HEAPED = "times heap at the quantile: no interval"
_DIGIT = 16  # bits: numpy sorts so many by radix, several times as fast as it compares


@dataclass(frozen=True, slots=True, eq=False)
class Sorted:
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

        ``nan`` where there is no callout or so many are not reached. ``sizes`` says how many
        callouts there are, shape (replications, groups).
        Shape (quantiles, replications, groups)
        """
        order = _stable_order(self.replication, len(sizes))
        found = _quantiles_by_cell(self.keys, order, sizes.reshape(-1), ps)
        return found.reshape(len(ps), *sizes.shape)


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """Callouts sorted by time: the one sort that every group and replication shares."""

    keys: Ints
    replication: Narrow
    order: Ints  # which callout stands here

    @classmethod
    def of(cls, times: Ints, reached: Bools, replication: Ints) -> Times:
        """Return them sorted; parameters as in `intervals.quantile`."""
        never = times >= NEVER
        # Nothing is gained by sorting through all the digits of never.
        last = int(times.max(initial=0, where=~never)) + 1
        keys = sort_keys(np.where(never, last, times), reached)
        order = _stable_order(keys, 2 * last + 2)
        return cls(keys[order], replication.astype(np.int32)[order], order)

    def grouped(self, group: Ints, groups: int) -> Sorted:
        """Return them by group; ``group`` is in the order in which the times were given."""
        if groups == 1:
            return Sorted(self.keys, self.replication, [0, len(self.keys)])
        codes = group[self.order]
        place = _stable_order(codes, groups)
        bounds = [0, *np.cumsum(np.bincount(codes, minlength=groups)).tolist()]
        return Sorted(self.keys[place], self.replication[place], bounds)


def _quantiles_by_cell(keys: Ints, order: Ints, size: Ints, ps: Sequence[float]) -> Floats:
    """
    Return the quantiles of each cell, ``nan``: none. [ms], shape (quantiles, cells)

    ``keys[order]`` are the keys cell by cell, ascending in each; ``size`` has shape (cells,).
    """
    bounds = np.concatenate([[0], np.cumsum(size)])
    cut_off = np.flatnonzero((keys & 1).astype(np.bool_)[order])
    cut_before = np.searchsorted(cut_off, bounds[:-1])
    values = np.full((len(ps), len(size)), np.nan)
    odd: set[int] = set()
    for p, found in zip(ps, values, strict=True):
        # The rank that `ReachedBy.first_at` finds where none of those up to it are cut off.
        rank = np.maximum(size - 1 - np.floor(size * (1 - p) + SLACK).astype(np.int64), 0)
        at = bounds[:-1] + rank
        plain = (size > 0) & (np.searchsorted(cut_off, at, side="right") == cut_before)
        found[plain] = keys[order[at[plain]]] >> 1
        odd |= set(np.flatnonzero((size > 0) & ~plain).tolist())
    for cell in sorted(odd):
        by = ReachedBy(keys[order[bounds[cell] : bounds[cell + 1]]])
        for p, found in zip(ps, values, strict=True):
            time = by.first_at(p)
            found[cell] = np.nan if time is None else time
    return values


def pooled(
    by: ReachedBy, replication: Narrow, replications: int, p: float, level: float
) -> tuple[Interval, Spread | None]:
    """
    Return a quantile over all replications, and its linearised errors; None: no value.

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
    With F the share reached and f its density at the true quantile, Bahadur's representation [1]_
    is q̂ - q = (p - F̂(q)) / f to first order. Replication r adds e_r to the error of the share
    F̂, the mean of the e_r over replications, so it adds z_r = -e_r / f to that of the quantile:
    where more callouts than usual were reached in time, the quantile is pushed down. The density
    is read from Woodruff's interval, whose ends are the times at which p - h and p + h are
    reached: f = 2 h / (high - low), or from the lower half alone where there is no upper end. By
    construction t standard errors of the z_r are then half the width of that interval.

    Differences of the z_r between alternatives keep what their replications have in common, as
    those of a mean do; the difference of the two intervals would not.

    References
    ----------
    .. [1] R. R. Bahadur, "A note on quantiles in large samples", *Ann. Math. Stat.* 37, 1966,
       577-580.

    """
    if not by.total:
        return Interval(None, None, None, NOTHING), None
    value = by.first_at(p)
    if value is None:
        return Interval(None, None, None, f"fewer than {p:.0%} were reached"), None
    sizes = np.bincount(replication, minlength=replications)
    # An influence is measured per callout, so its mean per replication is N / R of the share.
    errors = influence(by, value, replication, sizes) * (replications / by.total)
    share = Spread(float(value), errors, int(np.count_nonzero(sizes)))
    if share.hindrance:
        return Interval(float(value), None, None, share.hindrance), share
    half = student_t(level, replications - 1) * share.standard_error()
    low, high = by.last_at(p - half), by.first_at(p + half)
    reasons = [reliability(share)]
    if low is None:
        low = by.time(0)
        reasons.append("too few callouts for a lower bound")
    if high is None:
        reasons.append("too few reached for an upper bound")
    weak = "; ".join(filter(None, reasons))
    interval = Interval(float(value), float(low), None if high is None else float(high), weak)
    return interval, _linear(share, half, min(half, p), low, high)


def _linear(share: Spread, half: float, below: float, low: int, high: int | None) -> Spread:
    """Return the errors of a quantile, from those of the share reached at it."""
    if high is None:
        width, shares = share.value - low, below
    else:
        width, shares = high - low, below + half
    if half <= 0:  # the share reached is the same in every replication
        return share
    if width <= 0:
        return replace(share, hindered=HEAPED)
    return replace(share, errors=-share.errors * (width / shares))


def _stable_order(numbers: Narrow, below: int) -> Ints:
    """Return the order that sorts whole numbers from 0 to ``below - 1``, equal ones as they are."""
    order: Ints = np.argsort((numbers & 0xFFFF).astype(np.uint16), kind="stable")
    for shift in range(_DIGIT, (below - 1).bit_length(), _DIGIT):
        digit = ((numbers >> shift) & 0xFFFF).astype(np.uint16)
        order = order[np.argsort(digit[order], kind="stable")]
    return order
