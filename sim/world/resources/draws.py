"""
Draws beyond callouts: which volunteers come, which vehicles are out of service.

Keyed as the draws of callouts are (``sim.random_streams``): each number depends on the seed, the
replication, its purpose and the person or vehicle, so one more of these changes no other draw, and
no decision changes any.

Assumptions: people answer independently of each other; alert fatigue lowers the chance that they
accept, and nothing else; vehicles fail independently of how much they are used.
"""

from __future__ import annotations

import numpy as np

from sim import random_streams
from sim.scenario import Distribution

from ..variates.durations import Durations, durations, expected, lognormal_parameters
from .fleet import Fleet

WORDS = 4
ACCEPTS, ANSWERS, COMES, SHOWS = range(WORDS)  # of a person alerted for a callout
STATE, SERVICE, REPAIR, LEFT = range(WORDS)  # of a vehicle's nth stretch in service and its repair
BLOCK = 64  # stretches drawn at a time

Answer = tuple[float, int, int, bool]
"""
How a person answers an alert for a callout.

A uniform number, below the acceptance of the moment if they accept; alert to answer and answer to
base, both [ms]; and whether they show up there.
"""


class Draws:
    """The draws of a replication, for a fleet."""

    def __init__(self, fleet: Fleet, seed: int, replication: int) -> None:
        self.fleet, self.seed, self.replication = fleet, seed, replication

    def volunteers(self, pool: int, key: int) -> list[Answer]:
        """
        Return how each person of a pool would answer an alert for a callout, in their order.

        For all of them, also those whom nobody alerts: who is asked first is a matter of the run,
        what they answer is not. ``key`` is the callout's (``Marks.key``).
        """
        people = self.fleet.pools[pool]
        stream = random_streams.stream_of(random_streams.VOLUNTEERS, people.name)
        u = self._uniforms(stream, 0, people.people, within=key)
        answers = durations(people.answer_delay, u[:, ANSWERS]).tolist()
        comes = durations(people.travel_to_base, u[:, COMES]).tolist()
        shows = (u[:, SHOWS] >= people.no_show).tolist()
        return list(zip(u[:, ACCEPTS].tolist(), answers, comes, shows, strict=True))

    def outages(self, vehicle: int, begins: int, ends: int) -> list[tuple[int, int]]:
        """
        Return when a vehicle is out of service, as (from, until), begun before ``ends``. [ms]

        Times in service and repairs follow each other. Times in service are exponential, with
        the mean ``repair * a / (1 - a)`` that makes ``a`` the share of time in service. It is so
        from ``begins`` on, as if it had gone on forever: in service at ``begins`` with
        probability ``a``, with a whole exponential time to come, which has no memory; else in the
        midst of a repair, of which the rest is drawn by ``_rest_of``.

        Derived from general knowledge of alternating renewal processes; checked in
        ``tests/world/test_draws.py``.

        Parameters
        ----------
        vehicle
            Its number in the fleet.
        begins, ends
            Start of the warm-up and end of the run. The last outage may end after it. [ms]

        Returns
        -------
        list
            In order and apart. Empty for a vehicle that is always in service.

        """
        car = self.fleet.vehicles[vehicle]
        if car.time_to_repair is None or car.available >= 1 or not expected(car.time_to_repair):
            return []
        in_service = expected(car.time_to_repair) * car.available / (1 - car.available)
        stream = random_streams.stream_of(random_streams.OUTAGES, car.key)
        at, first, found = begins, 0, list[tuple[int, int]]()
        while at < ends:
            u = self._uniforms(stream, first, BLOCK)
            repairs = durations(car.time_to_repair, u[:, REPAIR])
            lasts = np.rint(-in_service * np.log1p(-u[:, SERVICE])).astype(np.int64)
            if not first and u[0, STATE] >= car.available:
                lasts[0] = 0
                repairs[0] = _rest_of(car.time_to_repair, u[:1, REPAIR], u[:1, LEFT])[0]
            for service, repair in zip(lasts.tolist(), repairs.tolist(), strict=True):
                fails, at = at + service, at + service + max(repair, 1)
                if fails < ends:
                    found.append((fails, at))
            first += BLOCK
        return found

    def call_in(self, team: int, nth: int) -> int:
        """
        Return the time from the nth call to a team in reserve until it is on duty. [ms]

        ``nth`` counts the calls to this team within the run, from 0; the team must be in reserve.
        """
        recall = self.fleet.crews[team].reserve
        assert recall is not None
        u = self._uniforms(random_streams.stream_of(random_streams.CALL_INS, recall.key), nth, 1)
        return int(durations(recall.delay, u[:, 0])[0])

    def _uniforms(
        self, stream: int, first: int, count: int, within: int = 0
    ) -> random_streams.Uniforms:
        return random_streams.uniforms(
            random_streams.bits(self.seed, self.replication, stream, first, count, WORDS, within)
        )


def _rest_of(
    law: Distribution, u: random_streams.Uniforms, v: random_streams.Uniforms
) -> Durations:
    """
    Return what is left of durations that are in progress at a moment picked at random. [ms]

    A long one is the likelier to be met, in proportion to its length, and the moment falls
    anywhere in it: the rest is ``v`` of a length-biased duration, drawn by ``u``. Length-biased,
    a log-normal has its ``mu`` greater by ``sigma`` squared, and a gamma its shape by 1.
    Derived from general knowledge of renewal processes; checked in ``tests/world/test_draws.py``.
    """
    if law.value is not None:
        met = np.full(u.shape, float(law.value))
    elif law.values is not None:
        recorded = np.asarray(law.values, dtype=np.float64)
        met = recorded[np.searchsorted(np.cumsum(recorded), u * recorded.sum(), side="right")]
    elif law.mean is not None and law.distribution in ("exponential", "gamma"):
        from scipy.special import gammaincinv

        shape = 1.0 if law.sd is None else (law.mean / law.sd) ** 2
        met = gammaincinv(shape + 1, u) * (law.mean / shape)
    else:
        from scipy.special import ndtri

        mu, sigma = lognormal_parameters(law)
        met = np.exp(mu + sigma * sigma + sigma * ndtri(u))
    return np.asarray(np.rint(met * v), dtype=np.int64)
