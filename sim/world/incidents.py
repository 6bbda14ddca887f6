"""Single large incidents: their sites, and the people found there over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim import marks
from sim.log import MS_PER_HOUR
from sim.scenario.pressure import Incident
from sim.scenario.rows import since_start

from .durations import durations
from .planes import WORDS, Block, Given, Ints, joined


def callouts_of(
    incidents: Sequence[Incident],
    start: object,
    places: Mapping[str, int],
    kinds: Mapping[str, int],
    seed: int,
    replication: int,
) -> Block:
    """Return the callouts of incidents: sites with their work, and people as they are found."""
    found = []
    for number, incident in enumerate(incidents):
        name = incident.name or f" {number}"  # no name begins with a space
        at = since_start(incident.at, start)  # type: ignore[arg-type]
        luck = _Luck(seed, replication, name)
        u = luck.uniforms(marks.SITES, incident.sites)
        hours = incident.team_hours
        work = None if hours is None else round(hours * MS_PER_HOUR / incident.sites)
        received = at + np.rint(u[:, 0] * incident.over).astype(np.int64)
        place = places[incident.place]
        found.append(luck.block(marks.SITES, received, place, kinds[incident.kind], u, work))
        people = incident.casualties
        if people is not None:
            u = luck.uniforms(marks.CASUALTIES, people.number)
            received = at + durations(people.found, u[:, 0])
            found.append(luck.block(marks.CASUALTIES, received, place, kinds[people.kind], u, None))
    return joined(found)


def expected_number(incidents: Sequence[Incident], start: datetime, ends: int) -> float:
    """Return the mean number of callouts of incidents from instant 0 to ``ends``."""
    total = 0.0
    for incident in incidents:
        at = since_start(incident.at, start)
        evenly = Distribution(law="fixed", value=0)
        if incident.over:
            evenly = Distribution(law="values", values=(0,))
    return total


class _Luck:
    def __init__(self, seed: int, replication: int, name: str) -> None:
        self.seed, self.replication, self.name = seed, replication, name

    def uniforms(self, what: int, count: int) -> marks.Uniforms:
        stream = marks.stream_of(what, self.name)
        return marks.uniforms(marks.bits(self.seed, self.replication, stream, 0, count, WORDS))

    def block(
        self, what: int, at: Ints, place: int, kind: int, u: marks.Uniforms, work: int | None
    ) -> Block:
        count = len(at)
        own = np.full(count, marks.stream_of(what, self.name), dtype=np.uint64)
        keys = marks.keys_of(own, np.arange(count, dtype=np.uint64))
        none: list[None] = [None] * count
        given = None if work is None else Given([work] * count, none, none, none)
        return Block(at, keys, np.full(count, place), np.full(count, kind), u, given)
