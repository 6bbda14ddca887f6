"""Procedures of selection without a simulation: rows of numbers, and estimates over them."""

import math

import numpy as np

from sim.outcomes.inference.replications import Spread, spread
from sim.outcomes.verdicts.gate import FAILED, OPEN, Gate

FIVE = ("a", "b", "c", "d", "e")


class Means:
    """The mean of plain numbers, each replication weighing the same."""

    def __init__(self):
        self.values, self.sums = {}, {}

    def add(self, name, value):
        self.values.setdefault(name, []).append(value)
        self.sums[name] = self.sums.get(name, 0.0) + value

    def value(self, name):
        return self.sums[name] / len(self.values[name])

    def spread(self, name):
        values = np.array(self.values[name])
        return Spread(self.value(name), values - self.value(name), len(values))

    def is_never(self, name, level):
        return False


class Ratios:
    """A ratio of sums: pairs of an amount and what it is divided by."""

    def __init__(self):
        self.pairs = {}

    def add(self, name, pair):
        self.pairs.setdefault(name, []).append(pair)

    def value(self, name):
        amounts, sizes = zip(*self.pairs[name], strict=True)
        return sum(amounts) / sum(sizes)

    def spread(self, name):
        return spread(*map(np.array, zip(*self.pairs[name], strict=True)))

    def is_never(self, name, level):
        return False


class Sometimes(Means):
    """Means, of which those of one alternative do not exist before so many replications."""

    def __init__(self, name, first, is_clear=False):
        super().__init__()
        self.name, self.first, self.is_clear = name, first, is_clear

    def value(self, name):
        early = name == self.name and len(self.values[name]) < self.first
        return None if early else super().value(name)

    def spread(self, name):
        return None if self.value(name) is None else super().spread(name)

    def is_never(self, name, level):
        return name == self.name and self.is_clear


class Gates:
    """Gates by alternative: open, but for those that fail from so many replications on."""

    def __init__(self, state=OPEN, **failing):
        self.state, self.failing, self.asked = state, failing, []

    def __call__(self, names, replications):
        self.asked.append((replications, names))
        return {
            name: Gate(FAILED if replications >= self.failing.get(name, math.inf) else self.state)
            for name in names[1:]
        }


def told(procedure, rows, names=FIVE):
    """Tell a procedure rows of values until it is done; return it and how many values it took."""
    taken = 0
    while not procedure.done:
        for number, wanted in procedure.needs():
            row = dict(zip(names, rows(number), strict=True))
            procedure.add(number, {name: row[name] for name in wanted})
            taken += len(wanted)
            if procedure.done:
                break
    return procedure, taken


def trace(procedure):
    """Return where each alternative ended, its value there, and whether it was left out."""
    own = procedure.candidates
    return [
        (ended, name, own.value(name, ended), None if name in procedure.survivors else ended)
        for name, ended in procedure.ends.items()
    ]


def normal(means, sds, rng, common=0.0):
    """Return rows of normal values by number; ``common`` is their correlation."""
    means, sds, blocks = np.array(means, dtype=float), np.array(sds, dtype=float), []

    def row(number):
        while number >= 256 * len(blocks):
            noise = math.sqrt(1 - common) * rng.standard_normal((256, len(means)))
            noise += math.sqrt(common) * rng.standard_normal((256, 1))
            blocks.append((means + sds * noise).tolist())
        return blocks[number // 256][number % 256]

    return row
