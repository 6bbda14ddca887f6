"""
Pools of replications, from which studies are drawn with replacement.

In a study drawn at random from a pool, the pool's own value is exactly the true value. So one can
count how often an interval contains it, and how often a difference is found that does not exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim.outcomes import Observations, Sample, drawn, stack
from sim.outcomes.inference.censoring import Ints
from sim.random_streams import RESAMPLED, bits


class ReplicationPool:
    """
    Many replications of alternatives over the same callouts.

    Parameters
    ----------
    samples
        The alternatives, the baseline first.
    seed
        Of what is drawn.

    """

    def __init__(self, samples: Sequence[Sample], seed: int) -> None:
        self.samples, self.seed = tuple(samples), seed

    @property
    def size(self) -> int:
        """How many replications there are."""
        return len(self.samples[0].numbers)

    @property
    def whole(self) -> list[Sample]:
        """The distribution that studies are drawn from: its values are the true values."""
        return list(self.samples)

    def study(self, replications: int, number: int) -> list[Sample]:
        """
        Return a study of a number of replications, drawn with replacement.

        The alternatives have the same ones, so they stay paired. ``number`` tells one of many
        studies from another; what it holds depends on nothing else.
        """
        which = self._numbers(replications, number)[0] % self.size
        return [_redrawn(s, drawn(s.observations, which)) for s in self.samples]

    def _numbers(self, replications: int, number: int) -> Ints:
        """Return random whole numbers, four to a replication. Shape (4, replications)"""
        raw = bits(self.seed, number, RESAMPLED, 0, replications, 4, within=replications)
        return np.asarray((raw >> np.uint64(1)).astype(np.int64).T)


class RunCardPool(ReplicationPool):
    """
    A pool of run cards whose results have exactly the same distribution.

    Parameters
    ----------
    samples
        First the cards of steps 1, 2, ... to one less than there are towns, then others.
    seed
        Of what is drawn.
    shown
        How many of the steps are in a study.

    Notes
    -----
    A prime number p of towns, alike and equally far apart, lie round a ring. The card of step k
    sends to town i the team of i, then those of i + k, i + 2 k, ... (mod p). To call town i
    ``u i + s`` turns this card into that of step ``u k`` and changes nothing else. So each draw
    takes u and s at random, gives step k what was observed under step ``u k``, and calls the towns
    back. Then every step has the same distribution in the pool, in every town, to the last digit:
    a difference that is found between two steps is false. Teams are not called back, since
    nothing is compared team by team. The others are drawn as they are.

    """

    def __init__(self, samples: Sequence[Sample], seed: int, shown: int) -> None:
        super().__init__(samples, seed)
        self.towns, self.shown = len(samples[0].names.places), shown
        steps = samples[: self.towns - 1]
        self._steps = stack([step.observations for step in steps])

    @property
    def whole(self) -> list[Sample]:
        """All steps as one, since they are alike, under the name of the first; then the others."""
        return [_redrawn(self.samples[0], self._steps), *self.samples[self.towns - 1 :]]

    def study(self, replications: int, number: int) -> list[Sample]:
        """Return a study of a number of replications: the steps shown, then the others."""
        raw, turn, shift, _ = self._numbers(replications, number)
        which, turn, shift = raw % self.size, 1 + turn % (self.towns - 1), shift % self.towns
        found = []
        for step, sample in enumerate(self.samples[: self.shown], 1):
            source = step * turn % self.towns - 1
            obs = drawn(self._steps, source * self.size + which)
            found.append(_redrawn(sample, replace(obs, place=self._called(obs, turn, shift))))
        others = self.samples[self.towns - 1 :]
        return found + [_redrawn(s, drawn(s.observations, which)) for s in others]

    def _called(self, obs: Observations, turn: Ints, shift: Ints) -> Ints:
        """Return the places of callouts by the names they have for their replication's turn."""
        inverse = np.array([pow(int(u), -1, self.towns) for u in turn], dtype=np.int64)
        own = obs.replication
        return np.asarray((obs.place - shift[own]) * inverse[own] % self.towns)


def _redrawn(sample: Sample, observations: Observations) -> Sample:
    numbers = tuple(range(observations.replications))
    return replace(sample, observations=observations, numbers=numbers)
