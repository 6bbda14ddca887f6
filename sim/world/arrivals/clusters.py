"""
Clusters: callouts that set off others, as families of a self-exciting process.

Seen as families, the process needs no history: each callout sets off a Poisson number of others,
and its family is keyed by its own key alone [1]_. With ``n`` set off directly on average, a family
counts ``1 / (1 - n)``, with variance ``n / (1 - n)^3``.

References
----------
.. [1] A. G. Hawkes, D. Oakes, "A cluster process representation of a self-exciting process",
   *J. Appl. Probab.* 11(3), 1974, 493-503.

"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from sim import random_streams
from sim.scenario.fields.demand_models import Clusters

from ..variates.durations import durations
from ..variates.poisson_thinning import WORDS, CalloutBlock, joined, poisson_table

MOST_CHILDREN = 64
COUNT, AFTER = range(2)


class Families:
    """What callouts set off, for a seed and replication."""

    def __init__(
        self, clusters: Clusters, kinds: Collection[int], seed: int, replication: int
    ) -> None:
        self.clusters, self.kinds = clusters, np.array(sorted(kinds), dtype=np.int64)
        self.seed, self.replication = seed, replication
        self.table = poisson_table(clusters.branching_ratio, MOST_CHILDREN)
        self.pending = CalloutBlock.empty()  # set off, and received in a later block

    def grown(self, block: CalloutBlock, block_end: int, ends: int) -> CalloutBlock:
        """Return a block with all that is set off by its callouts, or was by earlier ones."""
        family = [block]
        parents = block
        while len(parents.at):
            parents = self._children(parents, ends)
            family.append(parents)
        everybody = joined([self.pending, *family])
        now = everybody.at < block_end
        self.pending = everybody.of(~now)
        return everybody.of(now)

    def _children(self, parents: CalloutBlock, ends: int) -> CalloutBlock:
        """Return what callouts set off directly, before the end of the run."""
        able = np.isin(parents.kind, self.kinds)
        keys = parents.keys[able].astype(np.uint64)
        counts = np.searchsorted(self.table, self._uniforms(keys, COUNT), side="right")
        first = np.repeat(np.cumsum(counts) - counts, counts)
        nth = (np.arange(counts.sum()) - first).astype(np.uint64)
        own = random_streams.keys_of(np.repeat(keys, counts), nth)
        after = durations(self.clusters.after, self._uniforms(own.astype(np.uint64), AFTER))
        at, place, kind = (
            np.repeat(column[able], counts) for column in (parents.at, parents.place, parents.kind)
        )
        at = at + after
        inside = at < ends
        raw = random_streams.hashed(
            self.seed,
            self.replication,
            random_streams.OFFSPRING,
            own[inside].astype(np.uint64),
            WORDS,
        )
        return CalloutBlock(
            at[inside], own[inside], place[inside], kind[inside], random_streams.uniforms(raw)
        )

    def _uniforms(self, keys: random_streams.Bits, word: int) -> random_streams.Uniforms:
        raw = random_streams.hashed(self.seed, self.replication, random_streams.CHILDREN, keys, 2)
        return np.asarray(random_streams.uniforms(raw)[:, word])
