"""
The draws of drives: how long one actually takes, and what happens at a checkpoint.

Keyed by seed, replication, callout and team, as all draws are, so that no decision changes any. A
hash (BLAKE2b [1]_) gives the bits, because a drive needs one number and not a block.

Assumptions: a drive is log-normal about its expected time, independent of all other drives, and one
quantile holds for the whole of it: a team that is slow is as slow on every road of its way. Who is
rerouted, or sent to the same callout again, keeps its quantile. Drives home take their expected
time.

References
----------
.. [1] M.-J. Saarinen, J.-P. Aumasson, "The BLAKE2 cryptographic hash and message authentication
   code (MAC)", RFC 7693, 2015.

"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from math import exp, log, log1p, sqrt
from statistics import NormalDist
from struct import pack, unpack

import numpy as np

from sim import random_streams
from sim.scenario import Distribution

from .scenario_world import World
from .variates.durations import durations, lognormal_parameters

# Draws of a replication and parameters of its drives are kept for its next alternative: most of
# them it asks for again. 10 MB at the most.
KEPT = 1 << 15

_standard_normal = NormalDist().inv_cdf


class DriveDraws:
    """
    The draws of the drives of a replication.

    Teams and checkpoints enter the key by their names, so one more of either changes no draw of
    another.
    """

    def __init__(self, world: World, seed: int, replication: int) -> None:
        names, scenario = world.names, world.scenario
        self._seed, self._replication = seed, replication
        self._teams = [_hash(name) for name in names.teams]
        self._points = [
            (_hash(name), c)
            for name, c in zip(names.checkpoints, scenario.map.checkpoints, strict=True)
        ]

    def factor(self, key: int, team: int, leg: int, mean: int, spread: int) -> int:
        """
        Return how long a drive takes that is expected to take ``mean``; at least 1. [ms]

        Log-normal with that mean and the standard deviation ``spread``, so the parameters of its
        logarithm are ``sigma^2 = log(1 + (spread / mean)^2)`` and ``log(mean) - sigma^2 / 2``.

        Parameters
        ----------
        key
            The callout's (``Marks.key``).
        team
            Number of the team.
        leg
            Which drive of its mission: 0 to the scene, 1 to hospital.
        mean, spread
            Expected time without checkpoints, and its standard deviation; with a spread of 0 the
            drive takes its mean. [ms]

        """
        if spread <= 0 or mean <= 0:
            return mean
        z = _drive_quantile(self._seed, self._replication, key, self._teams[team], leg)
        mu, sigma = _of_logarithm(mean, spread)
        return max(round(exp(mu + sigma * z)), 1)

    def passage(self, key: int, team: int, checkpoint: int, nth: int) -> tuple[int, bool]:
        """
        Return how long a team is held up at a checkpoint [ms], and whether it is refused.

        Delay and refusal are independent: who is refused has waited as long as the others. ``key``
        and ``team`` as in ``factor``; ``nth`` tells apart the times that a team comes to the
        checkpoint for one callout.
        """
        name, point = self._points[checkpoint]
        seed, replication = self._seed, self._replication
        u, v = _check_uniforms(seed, replication, key, self._teams[team], name, nth)
        return self._delay(point.delay, u), v < point.refusal

    def _delay(self, law: Distribution, u: float) -> int:
        """Return a delay at a uniform: one number needs no array, but for the gamma's inverse."""
        if law.value is not None:
            return law.value
        if law.distribution == "lognormal":
            mu, sigma = lognormal_parameters(law)
            return round(exp(mu + sigma * _standard_normal(u)))
        return int(durations(law, np.array([u]))[0])


@lru_cache(KEPT)
def _drive_quantile(seed: int, replication: int, key: int, team: int, leg: int) -> float:
    """Return the draw of a drive, as a quantile of the standard normal; a team is its hash."""
    drive = pack("<QQQQQQ", seed, replication, random_streams.DRIVES, key, team, leg)
    digest = blake2b(drive, digest_size=8).digest()
    return _standard_normal(((int.from_bytes(digest, "little") >> 12) + 0.5) * 2.0**-52)


@lru_cache(KEPT)
def _check_uniforms(
    seed: int, replication: int, key: int, team: int, checkpoint: int, nth: int
) -> tuple[float, float]:
    """Return the draws of a delay and of a refusal; team and checkpoint are hashes."""
    passed = pack("<QQQQQQQ", seed, replication, random_streams.CHECKS, key, team, checkpoint, nth)
    halves = unpack("<QQ", blake2b(passed, digest_size=16).digest())
    delay, refusal = (((half >> 12) + 0.5) * 2.0**-52 for half in halves)
    return delay, refusal


@lru_cache(KEPT)
def _of_logarithm(mean: int, spread: int) -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm of a drive's time."""
    variance = log1p((spread / mean) ** 2)
    return log(mean) - variance / 2, sqrt(variance)


def _hash(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")
