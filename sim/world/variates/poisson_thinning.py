"""
Points of a Poisson process in the plane of time and height, and what they are as callouts.

A point at ``(t, h)`` counts wherever the rate at ``t`` exceeds ``h``, so raising a rate only adds
points and lowering it only takes some away (thinning [1]_). The plane is cut into days and bands of
height; each point has its own keyed numbers, and nothing depends on what was drawn before. The
number of points in a day of a band is Poisson with mean ``BAND``; each lies anywhere in it.

References
----------
.. [1] P. A. W. Lewis, G. S. Shedler, "Simulation of nonhomogeneous Poisson processes by thinning",
   *Nav. Res. Logist. Q.* 26(3), 1979, 403-413.

"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim import random_streams
from sim.log import MS_PER_DAY

BAND = 64  # height of a band: mean points a day in each [1/day]
SLOTS = 160  # entities reserved for a day of a band: twelve standard deviations above the mean
WORDS = 12  # uniforms to a callout; below, what each is for
DAY_ZERO = 1 << 20  # days are counted from far enough back that a warm-up has its own

(
    AT,
    HEIGHT,
    PLACE,
    KIND,
    ON_SCENE,
    TURNOUT,
    LOCAL_TRAVEL,
    TRANSPORT,
    HANDOVER,
    ABANDONS_AFTER,
    HANDLING,
    _,
) = range(WORDS)

Ints = npt.NDArray[np.int64]
Rates = npt.NDArray[np.float64]
"""Callouts a day, or factors of that."""


class GivenColumns(NamedTuple):
    """
    What is written down of callouts, each column with None where it is to be drawn.

    A row for each callout of the block; what is given replaces what would be drawn.
    """

    on_scene: Sequence[int | None]  # work of a full crew [ms]
    handling: Sequence[int | None]  # received to ready [ms]
    transported: Sequence[bool | None]
    handover: Sequence[int | None]  # [ms]


class CalloutBlock(NamedTuple):
    """Callouts of some days, in no order or in order of time, with their uniforms."""

    at: Ints  # received [ms], shape (callouts,)
    keys: Ints  # of their further draws, shape (callouts,)
    place: Ints  # shape (callouts,)
    kind: Ints  # shape (callouts,)
    u: random_streams.Uniforms  # shape (callouts, WORDS)
    given: GivenColumns | None = None

    @classmethod
    def empty(cls) -> CalloutBlock:
        """Return a block without callouts."""
        none = np.empty(0, dtype=np.int64)
        return cls(none, none, none, none, np.empty((0, WORDS)))

    def of(self, rows: Ints | npt.NDArray[np.bool_]) -> CalloutBlock:
        """Return some rows of a block: by number, in that order, or by a mask."""
        given = self.given
        if given is not None:
            numbers = np.arange(len(self.at))[rows].tolist()
            given = GivenColumns(*([column[i] for i in numbers] for column in given))
        return CalloutBlock(
            self.at[rows], self.keys[rows], self.place[rows], self.kind[rows], self.u[rows], given
        )


def joined(blocks: Sequence[CalloutBlock]) -> CalloutBlock:
    """Return blocks as one, in order of time and key."""
    some = [block for block in blocks if len(block.at)]
    if not some:
        return CalloutBlock.empty()
    if len(some) == 1:
        return some[0].of(np.lexsort((some[0].keys, some[0].at)))
    at, keys, place, kind = (np.concatenate([block[i] for block in some]) for i in range(4))
    u = np.concatenate([block.u for block in some])
    given = None
    if any(block.given is not None for block in some):
        columns = [block.given or _nothing(len(block.at)) for block in some]
        given = GivenColumns(*([x for column in columns for x in column[i]] for i in range(4)))  # type: ignore[arg-type]
    return CalloutBlock(at, keys, place, kind, u, given).of(np.lexsort((keys, at)))


def _nothing(count: int) -> GivenColumns:
    none = [None] * count
    return GivenColumns(none, none, none, none)


def points(
    seed: int,
    replication: int,
    streams: tuple[int, int],
    first: int,
    days: int,
    band: int,
    rate_at: Callable[[Ints], Rates],
) -> tuple[Ints, Ints, random_streams.Uniforms]:
    """
    Return instants, keys and uniforms of the points below a rate, in one band of some days.

    Parameters
    ----------
    seed, replication
        The key.
    streams
        Those of the counts and of the points, with the band in them.
    first, days
        The first day, from that of instant 0 on, and how many; any days give the same points as
        the days one by one. A day here is 24 h from instant 0, not the calendar's.
    band
        Which band, from 0 at the bottom; the caller asks for all that the rate reaches.
    rate_at
        The rate at instants [ms]. [1/day]

    Returns
    -------
    tuple
        Instants [ms] in no order, shape (points,); keys, unique within the band, shape (points,);
        uniforms, shape (points, WORDS).

    """
    entity = DAY_ZERO + first
    # a Philox block holds four numbers, so days go in fours: read the whole fours around
    before = entity % 4
    raw = random_streams.bits(
        seed, replication, streams[0], entity // 4, (before + days + 3) // 4, 4
    )
    counts = random_streams.uniforms(raw.ravel()[before : before + days])
    count = np.searchsorted(_POISSON, counts, side="right")
    raw = random_streams.bits(seed, replication, streams[1], entity * SLOTS, days * SLOTS, WORDS)
    slot = np.flatnonzero(np.arange(SLOTS) < count[:, np.newaxis])
    # less than half are kept, and of the others no further draw is needed
    into_day, height = random_streams.uniforms(raw[slot, :2]).T
    at = (first + slot // SLOTS) * MS_PER_DAY + (into_day * MS_PER_DAY).astype(np.int64)
    kept = (band + height) * BAND < rate_at(at)
    slot = slot[kept]
    return at[kept], entity * SLOTS + slot, random_streams.uniforms(raw[slot])


def poisson_table(mean: float, most: int) -> Rates:
    """
    Return P(N <= k) of a Poisson number N for k from 0. Shape (most,)

    ``searchsorted(table, u, side="right")`` inverts it, and gives at most ``most``: what is beyond
    is cut off. For means below about 700, where ``exp(-mean)`` is still a number.

    Examples
    --------
    >>> import numpy as np
    >>> np.searchsorted(poisson_table(2.0, 50), [0.1, 0.5, 0.99], side="right").tolist()
    [0, 2, 6]

    """
    term, total, table = exp(-mean), 0.0, []
    for k in range(most):
        total += term
        table.append(total)
        term *= mean / (k + 1)
    return np.array(table)


_POISSON = poisson_table(BAND, SLOTS)
