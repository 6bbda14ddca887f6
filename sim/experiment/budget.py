"""
Choosing the best of several alternatives for a budget of replications, without a guarantee.

Told values and asked for what is needed next in the same way as `ranking.Selector`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from sim.errors import UsageError

from .ranking import Needed, checked, finite, variance


def ocba_allocation(
    means: Sequence[float], sds: Sequence[float], budget: float, maximise: bool = False
) -> list[float]:
    r"""
    Return how a budget of replications is best divided over alternatives.

    Parameters
    ----------
    means, sds
        What is known of each: its mean, and the standard deviation of its replications.
    budget
        Replications over all alternatives.
    maximise
        Whether more is better.

    Returns
    -------
    Replications of each, as fractions that add up to the budget.

    Raises
    ------
    UsageError
        When there is nothing to divide over, or lengths differ.

    Notes
    -----
    For the best, `b`, and the others, `i`, with differences :math:`\delta_i` from the best [1]_:

    .. math:: N_i \propto \sigma_i^2 / \delta_i^2, \quad
       N_b \propto \sigma_b \sqrt{\textstyle\sum_i \sigma_i^2 / \delta_i^4}

    Alternatives equal to the best take all of the budget, in the limit; where nothing varies,
    each gets the same.

    References
    ----------
    .. [1] C.-H. Chen, J. Lin, E. Yücesan, S. E. Chick, "Simulation budget allocation for further
       enhancing the efficiency of ordinal optimization", *Discrete Event Dyn. Syst.* 10, 2000,
       251-270.

    Examples
    --------
    >>> [round(n, 1) for n in ocba_allocation([1, 2, 3], [1, 1, 1], 100)]
    [45.2, 43.8, 11.0]

    """
    if not means or len(means) != len(sds):
        raise UsageError(f"{len(means)} means and {len(sds)} standard deviations")
    best = (max if maximise else min)(range(len(means)), key=means.__getitem__)
    apart = [abs(mean - means[best]) for mean in means]
    nearest = min((d for i, d in enumerate(apart) if i != best), default=0.0)
    weights, squares = [0.0] * len(means), []
    for i, (d, sd) in enumerate(zip(apart, sds, strict=True)):
        if i != best:
            # in units of the smallest difference, so that nothing overflows
            nearness = 1.0 if d == nearest else (nearest / d) ** 2
            weights[i] = sd**2 * nearness
            squares.append((sd * nearness) ** 2)
    weights[best] = sds[best] * math.sqrt(math.fsum(squares))
    total = math.fsum(weights)
    if total <= 0:
        return [budget / len(means)] * len(means)
    return [budget * weight / total for weight in weights]


class Budget:
    """
    Optimal computing budget allocation: spend replications where they tell most.

    Parameters
    ----------
    names
        The alternatives; of equally good ones the first is chosen.
    budget
        Replications over all alternatives.
    first
        Replications of each alternative before any is favoured.
    increment
        Replications between two allocations; a twentieth of the budget if not given, and at least
        one for each alternative.
    maximise
        Whether more is better.

    Raises
    ------
    UsageError
        When names are not one each, or the budget is too small for the first replications.

    Notes
    -----
    After each increment `ocba_allocation` says how many replications each alternative should have
    had by the end of the next; those that are short of that share it. Alternatives have their
    replications from the first without a gap, so those that two have in common are paired, which
    the allocation does not count on.

    """

    columns = ("replications", "alternative", "mean", "sd")

    def __init__(
        self,
        names: Sequence[str],
        budget: int,
        *,
        first: int = 10,
        increment: int | None = None,
        maximise: bool = False,
    ) -> None:
        self.names = checked(names)
        if first < 2 or (increment is not None and increment < 1):
            raise UsageError(f"{first} replications first, then {increment}; at least 2, then 1")
        if budget < first * len(self.names):
            raise UsageError(
                f"a budget of {budget} replications is too small for {len(self.names)} "
                f"alternatives: it takes {first} of each to begin with"
            )
        self.budget, self.maximise = budget, maximise
        self.increment = increment or max(len(self.names), budget // 20)
        self.trace: list[tuple[int, str, float, float]] = []
        self._values: dict[str, list[float]] = {name: [] for name in self.names}
        self._wanted = dict.fromkeys(self.names, first)
        self.done = len(self.names) == 1

    @property
    def spent(self) -> int:
        """How many replications there have been, over all alternatives."""
        return sum(map(len, self._values.values()))

    @property
    def best(self) -> str:
        """The alternative that looks best."""
        if not self.spent:
            return self.names[0]
        return (max if self.maximise else min)(self.names, key=self._mean)  # the first of equals

    @property
    def guarantee(self) -> str:
        """What is promised, in a sentence."""
        if len(self.names) == 1:
            return "There is only one alternative."
        return "No guarantee: the budget was spent where it tells most."

    def needs(self) -> Needed:
        """Return the replications wanted next, by number from 0, and of which alternatives."""
        if self.done:
            return []
        numbers = range(min(map(len, self._values.values())), max(self._wanted.values()))
        needed = [
            (n, tuple(a for a in self.names if len(self._values[a]) <= n < self._wanted[a]))
            for n in numbers
        ]
        return [(number, names) for number, names in needed if names]

    def add(self, values: Mapping[str, float]) -> None:
        """
        Take the values of the next replication of those alternatives that it is wanted of.

        Raises
        ------
        UsageError
            When a value is not a finite number.

        """
        for name in self.names:
            if name in values and len(self._values[name]) < self._wanted[name]:
                self._values[name].append(finite(values, name))
        if not self.done and all(len(self._values[a]) == self._wanted[a] for a in self.names):
            self._allot()

    def _allot(self) -> None:
        """Divide the next increment over the alternatives that are short of their share."""
        had = [len(self._values[name]) for name in self.names]
        means = [self._mean(name) for name in self.names]
        sds = [math.sqrt(variance(self._values[name])) for name in self.names]
        self.trace += zip(had, self.names, means, sds, strict=True)
        more = min(self.increment, self.budget - sum(had))
        if more <= 0:
            self.done = True
            return
        share = ocba_allocation(means, sds, sum(had) + more, self.maximise)
        short = [max(0.0, wanted - n) for wanted, n in zip(share, had, strict=True)]
        for name, n in zip(self.names, _whole(short, more), strict=True):
            self._wanted[name] += n

    def _mean(self, name: str) -> float:
        return math.fsum(self._values[name]) / len(self._values[name])


def _whole(shares: Sequence[float], total: int) -> list[int]:
    """Return whole numbers in proportion to shares that add up to the total."""
    scale = total / math.fsum(shares)
    exact = [share * scale for share in shares]
    found = [math.floor(share) for share in exact]
    largest = sorted(range(len(found)), key=lambda i: (found[i] - exact[i], i))  # remainder first
    for i in largest[: total - sum(found)]:
        found[i] += 1
    return found
