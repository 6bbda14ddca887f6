"""
Keyed random numbers: the draws of each callout, the same under all decisions.

Each number is a function of (seed, replication, stream, entity, word) and of nothing else, so
another policy, one more team or a longer run changes no draw (common random numbers [1]_). numpy's
``Philox`` does the work: its raw output is stable between numpy versions, which is not promised of
its distributions, so uniforms become durations in this package (``sim.world.variates.durations``).

Three generators, by what is drawn: ``bits`` for entities that are counted (days, people), since
Philox makes many at once; ``hashed`` for entities with scattered keys (what callouts trigger);
``Race`` for one of several names. A stream is never used by two of them.

Who adds a draw adds a stream, at the end of those below: a number that is used for two things makes
them depend on each other, and one that moves changes every result.

References
----------
.. [1] A. M. Law, *Simulation Modeling and Analysis*, 5th ed., 2015, chapter 11.

"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint64]
"""Random bits, 64 to a number."""
Uniforms = npt.NDArray[np.float64]
"""Uniform numbers, strictly between 0 and 1."""

# streams: how many callouts, their marks, marks of listed ones; then `sim.world.resources.draws`
COUNTS, POINTS, LISTED, VOLUNTEERS, OUTAGES, CALL_INS = range(6)
DAYS, SURGE_COUNTS, SURGE_POINTS, THINNED, CHILDREN, OFFSPRING = range(6, 12)  # `sim.world`
SITES, CASUALTIES, COMPLICATIONS, PEOPLE, DRIVES, CHECKS = range(12, 18)
RESAMPLED = 18  # which replications of a pool make up a study (`sim.experiment.pools`)
KIND_THINNED, KIND_COUNTS, KIND_POINTS = range(19, 22)  # `sim.world.arrivals.kind_patterns`
DAY_BLOCKS = 22  # which days of a record are drawn, in blocks (`sim.outcomes.validation`)
DRAWN_REPLICATIONS = 23  # which replications are drawn with them
DRAWN_WEEKS = 24  # which weeks of a record are drawn, to fit it again (`sim.fitting`)


def bits(
    seed: int, replication: int, stream: int, first: int, count: int, words: int, within: int = 0
) -> Bits:
    """
    Return the keyed random bits of entities ``first`` to ``first + count - 1``, by Philox [1]_.

    Parameters
    ----------
    seed, replication
        The key: any two differ in every number.
    stream
        What the numbers are for; streams never share one.
    first, count
        The entities, counted from 0.
    words
        Numbers to each entity, a multiple of four (one Philox block holds four).
    within
        What the entities are counted within, as the callout for which volunteers are alerted: the
        second word of Philox's counter; 0 where there is nothing of the kind.

    Returns
    -------
    Bits
        64 at a time, shape (count, words).

    Raises
    ------
    ValueError
        When ``words`` is not a multiple of four.

    References
    ----------
    .. [1] J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy
       as 1, 2, 3", *Proc. SC11*, 2011, 1-12.

    """
    if words % 4:
        raise ValueError(f"words must be a multiple of four, not {words}")
    key = np.array([seed, replication], dtype=np.uint64)
    counter = np.array([first * (words // 4), within, stream, 0], dtype=np.uint64)
    raw: Bits = np.random.Philox(key=key, counter=counter).random_raw(count * words)
    return raw.reshape(count, words)


def stream_of(what: int, name: str) -> int:
    """
    Return the stream of what has a name: a vehicle, or a group of volunteers.

    By name and not by number, so that one more before it in the scenario changes nothing. The
    low byte says what for, as that of every stream; the other 56 bits are a hash (BLAKE2b), so two
    names share their numbers with probability 2^-56. Who is renamed gets other numbers.
    """
    digest = blake2b(name.encode(), digest_size=7).digest()
    return int.from_bytes(digest, "little") << 8 | what


def uniforms(raw: Bits) -> Uniforms:
    """Return random bits as numbers strictly between 0 and 1, of the same shape."""
    # 52 bits and a half: with 53 the largest would round to 1 and its inverse to infinity
    return np.asarray(((raw >> np.uint64(12)) + 0.5) * 2.0**-52, dtype=np.float64)


def hashed(seed: int, replication: int, stream: int, keys: Bits, words: int) -> Bits:
    """
    Return keyed random bits of entities that have no row of their own: those with scattered keys.

    By SplitMix64 [1]_, whose output is a permutation of a counter: here with a start hashed from
    key, seed, replication and stream.

    Parameters
    ----------
    seed, replication, stream
        As for ``bits``.
    keys
        The entities, any 64-bit numbers. Shape (entities,)
    words
        Numbers to each entity; with more of them the first stay the same.

    Returns
    -------
    Bits
        64 at a time, shape (entities, words).

    References
    ----------
    .. [1] G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators",
       *Proc. OOPSLA*, 2014, 453-472.

    """
    digest = blake2b(b"%d %d %d" % (seed, replication, stream), digest_size=16).digest()
    first, second = (np.uint64(int.from_bytes(digest[i : i + 8], "little")) for i in (0, 8))
    start = _mixed(_mixed(np.asarray(keys, dtype=np.uint64) ^ first) + second)
    steps = np.arange(1, words + 1, dtype=np.uint64) * _GOLDEN
    return _mixed(start[:, None] + steps)


class Race:
    """
    A draw of one among several names, in proportion to their weights, whatever their order.

    Each name gets an exponential time of its own for each uniform, keyed by both, at a rate in
    proportion to its weight; the earliest wins [1]_. So the order of the names changes nothing,
    and a name that is added, or gains weight, takes from the others and moves nothing else.

    Parameters
    ----------
    what
        What the names are of, so that a kind and a place of one name have draws of their own.
    names, weights
        The names and how likely each is relative to the others; one of weight 0 never wins, if
        another has more. Shape (names,)

    References
    ----------
    .. [1] P. S. Efraimidis, P. G. Spirakis, "Weighted random sampling with a reservoir",
       *Inf. Process. Lett.* 97(5), 2006, 181-185.

    """

    def __init__(
        self, what: str, names: Sequence[str], weights: Sequence[float] | Uniforms
    ) -> None:
        self._keys = np.array([key_of(what, name) for name in names], dtype=np.uint64)
        self._weights = np.asarray(weights, dtype=np.float64)

    def winners(self, u: Uniforms) -> npt.NDArray[np.int64]:
        """
        Return for each uniform which of the names wins it, by number. Shape as ``u``, (n,)

        A uniform is the key of the race: the same one gives the same winner, and no other draw may
        be made from it.
        """
        rows = max(1, _RACERS // len(self._keys))
        seeds = np.ascontiguousarray(u).view(np.uint64)
        parts = [self._first(seeds[i : i + rows]) for i in range(0, len(seeds), rows)]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)

    def _first(self, seeds: Bits) -> npt.NDArray[np.int64]:
        times = -np.log(uniforms(_mixed(seeds[:, None] ^ self._keys)))
        with np.errstate(divide="ignore"):
            return np.asarray((times / self._weights).argmin(axis=1))


_RACERS = 1 << 18  # at a time: what fits into a processor's cache


def key_of(what: str, name: str) -> int:
    """
    Return the number by which draws are keyed that concern a name of some sort (BLAKE2b).

    ``what`` is the sort, of at most 16 bytes: a place and a kind of one name have two numbers.
    """
    digest = blake2b(name.encode(), digest_size=8, person=what.encode()).digest()
    return int.from_bytes(digest, "little")


def keys_of(parents: Bits, nth: Bits) -> npt.NDArray[np.int64]:
    """
    Return keys of what others trigger, from 2^62 on: apart from all that count from 0.

    Parameters
    ----------
    parents
        The keys of the others. Shape (n,)
    nth
        The how many-th of its parent each is, from 0. Shape (n,)

    """
    mixed = _mixed(_mixed(np.asarray(parents, dtype=np.uint64)) + (nth + np.uint64(1)) * _GOLDEN)
    return ((mixed >> np.uint64(2)) | np.uint64(1 << 62)).astype(np.int64)


_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def _mixed(z: Bits) -> Bits:
    """Return SplitMix64's finishing step: a permutation of 64-bit numbers that looks random."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
