"""
Clusters: callouts that trigger others, as families of a self-exciting (Hawkes) process.

Seen as families, the process needs no history: each callout triggers a Poisson number of others,
and its family is keyed by its own key alone [1]_. With ``n`` triggered directly on average (the
branching ratio), a family counts ``1 / (1 - n)`` on average, with variance ``n / (1 - n)^3``.

Assumptions: what is triggered is of the same kind and at the same place as what triggers it; the
time from one to the other is drawn from one distribution, whatever the hour; callouts before the
warm-up trigger nothing in it. So the first hours have fewer than a process that has always run.

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

MOST_CHILDREN = 64  # triggered directly; with a ratio of at most 0.95 the chance of more is nil
COUNT, AFTER = range(2)  # words: how many a callout triggers; how long after the one before it


class Families:
    """
    What callouts trigger, for a seed and replication.

    It holds what was triggered and is not yet received, so blocks are given in order of time.

    Parameters
    ----------
    clusters
        Branching ratio, and the distribution of the time between.
    kinds
        The numbers of the kinds that trigger others.
    seed, replication
        The key.

    """

    def __init__(
        self, clusters: Clusters, kinds: Collection[int], seed: int, replication: int
    ) -> None:
        self.clusters, self.kinds = clusters, np.array(sorted(kinds), dtype=np.int64)
        self.seed, self.replication = seed, replication
        self.table = poisson_table(clusters.branching_ratio, MOST_CHILDREN)
        self.pending = CalloutBlock.empty()  # triggered, and received in a later block

    def grown(self, block: CalloutBlock, block_end: int, ends: int) -> CalloutBlock:
        """
        Return a block with all that its callouts trigger in it, or earlier ones did.

        Parameters
        ----------
        block
            The callouts of some days that nothing triggered.
        block_end
            The end of these days; what comes later is kept for the next block. [ms]
        ends
            The end of the run, after which nothing is generated. [ms]

        Returns
        -------
        CalloutBlock
            In order of time and key.

        """
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
        """Return what callouts trigger directly, before the end of the run."""
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
