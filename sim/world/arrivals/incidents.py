"""
Single large incidents: their sites, and the people found there over time.

An incident is written into the scenario, so it happens in every replication; what varies is when
its sites are reported, when people are found, and the draws of each as of any callout.

Assumptions: sites are reported evenly over the time given; the work of all sites together
(``team_hours``) is shared equally between them and is then fixed; people are found independently of
how far the work has come. So a rule that reaches the sites sooner does not find people sooner.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from sim import random_streams
from sim.local_clock import LocalClock
from sim.log import MS_PER_HOUR
from sim.scenario.fields.demand_models import Incident

from ..variates.durations import Durations, durations
from ..variates.poisson_thinning import AT, WORDS, CalloutBlock, GivenColumns, Ints, joined


def callouts_of(
    incidents: Sequence[Incident],
    clock: LocalClock,
    places: Mapping[str, int],
    kinds: Mapping[str, int],
    seed: int,
    replication: int,
) -> CalloutBlock:
    """
    Return the callouts of incidents: sites with their work, and people as they are found.

    Also those outside the run: the caller cuts them off. Draws are keyed by the incident's name, or
    by its row where it has none.

    Parameters
    ----------
    incidents
        As the scenario has them.
    clock
        The local clock of the run.
    places, kinds
        Their numbers, by name.
    seed, replication
        The key.

    """
    found = []
    for number, incident in enumerate(incidents):
        name = incident.name or f" {number}"  # no name begins with a space
        at = clock.instant_of(incident.at)
        draws = _SiteDraws(seed, replication, name)
        u = draws.uniforms(random_streams.SITES, incident.sites)
        hours = incident.team_hours
        work = None if hours is None else round(hours * MS_PER_HOUR / incident.sites)
        received = at + _reported(incident, u[:, AT])
        place = places[incident.place]
        found.append(
            draws.block(random_streams.SITES, received, place, kinds[incident.kind], u, work)
        )
        people = incident.casualties
        if people is not None:
            u = draws.uniforms(random_streams.CASUALTIES, people.number)
            received = at + durations(people.found, u[:, AT])
            found.append(
                draws.block(random_streams.CASUALTIES, received, place, kinds[people.kind], u, None)
            )
    return joined(found)


def expected_number(incidents: Sequence[Incident], clock: LocalClock, ends: int) -> float:
    """
    Return the mean number of callouts of incidents from instant 0 to ``ends`` [ms].

    Exact to the precision of a float: whole milliseconds are drawn, so the probability of an
    instant is found by inverting the draw and not from the distribution's formula.
    """
    total = 0.0
    for incident in incidents:
        at = clock.instant_of(incident.at)
        total += incident.sites * _share_within(partial(_reported, incident), -at, ends - at)
        people = incident.casualties
        if people is not None:
            found = partial(durations, people.found)
            total += people.number * _share_within(found, -at, ends - at)
    return total


def _reported(incident: Incident, u: random_streams.Uniforms) -> Durations:
    """Return when sites are reported, since the incident. [ms]"""
    return np.rint(u * incident.over).astype(np.int64)


def _share_within(
    drawn: Callable[[random_streams.Uniforms], Durations], begins: int, ends: int
) -> float:
    """Return the chance that a time drawn by inversion lies from ``begins`` to before ``ends``."""
    within = 0.0
    for limit, sign in ((ends, 1), (begins, -1)):
        below, above = 0.0, 1.0
        for _ in range(53):  # by halving: more digits a float does not have
            middle = (below + above) / 2
            if drawn(np.array([middle]))[0] < limit:
                below = middle
            else:
                above = middle
        within += sign * (1.0 if above == 1 else below)
    return within


class _SiteDraws:
    def __init__(self, seed: int, replication: int, name: str) -> None:
        self.seed, self.replication, self.name = seed, replication, name

    def uniforms(self, what: int, count: int) -> random_streams.Uniforms:
        stream = random_streams.stream_of(what, self.name)
        return random_streams.uniforms(
            random_streams.bits(self.seed, self.replication, stream, 0, count, WORDS)
        )

    def block(
        self,
        what: int,
        at: Ints,
        place: int,
        kind: int,
        u: random_streams.Uniforms,
        work: int | None,
    ) -> CalloutBlock:
        count = len(at)
        own = np.full(count, random_streams.stream_of(what, self.name), dtype=np.uint64)
        keys = random_streams.keys_of(own, np.arange(count, dtype=np.uint64))
        none: list[None] = [None] * count
        given = None if work is None else GivenColumns([work] * count, none, none, none)
        return CalloutBlock(at, keys, np.full(count, place), np.full(count, kind), u, given)
