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

from hashlib import blake2b
from math import exp, log, log1p, sqrt
from statistics import NormalDist
from struct import pack, unpack

import numpy as np

from sim import random_streams
from sim.scenario import Distribution

from .scenario_world import World
from .variates.durations import durations, lognormal_parameters


class DriveDraws:
    """
    The draws of the drives of a replication.

    Teams and checkpoints enter the key by their names, so one more of either changes no draw of
    another.
    """

    def __init__(self, world: World, seed: int, replication: int) -> None:
        names, scenario = world.names, world.scenario
        self._drives = blake2b(
            pack("<QQQ", seed, replication, random_streams.DRIVES), digest_size=8
        )
        self._checks = blake2b(
            pack("<QQQ", seed, replication, random_streams.CHECKS), digest_size=16
        )
        self._teams = [_hash(name) for name in names.teams]
        self._points = [
            (_hash(name), c)
            for name, c in zip(names.checkpoints, scenario.map.checkpoints, strict=True)
        ]
        self._normal = NormalDist().inv_cdf

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
        h = self._drives.copy()
        h.update(pack("<QQQ", key, self._teams[team], leg))
        u = ((int.from_bytes(h.digest(), "little") >> 12) + 0.5) * 2.0**-52
        variance = log1p((spread / mean) ** 2)
        return max(round(exp(log(mean) - variance / 2 + sqrt(variance) * self._normal(u))), 1)

    def passage(self, key: int, team: int, checkpoint: int, nth: int) -> tuple[int, bool]:
        """
        Return how long a team is held up at a checkpoint [ms], and whether it is refused.

        Delay and refusal are independent: who is refused has waited as long as the others. ``key``
        and ``team`` as in ``factor``; ``nth`` tells apart the times that a team comes to the
        checkpoint for one callout.
        """
        name, point = self._points[checkpoint]
        h = self._checks.copy()
        h.update(pack("<QQQQ", key, self._teams[team], name, nth))
        u, v = (((half >> 12) + 0.5) * 2.0**-52 for half in unpack("<QQ", h.digest()))
        return self._delay(point.delay, u), v < point.refusal

    def _delay(self, law: Distribution, u: float) -> int:
        """Return a delay at a uniform: one number needs no array, but for the gamma's inverse."""
        if law.value is not None:
            return law.value
        if law.distribution == "lognormal":
            mu, sigma = lognormal_parameters(law)
            return round(exp(mu + sigma * self._normal(u)))
        return int(durations(law, np.array([u]))[0])


def _hash(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")
