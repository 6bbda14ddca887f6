"""Who is how busy when each place has its own order of teams: the hypercube, approximately."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.errors import OverloadError, SimError, UsageError


@dataclass(frozen=True, slots=True)
class Workload:
    """
    What `hypercube` finds.

    ``busy`` is the share of the time each team is busy; ``shares`` has, for each place, the share
    of its callouts that each team takes at once; ``not_at_once`` is the share of all callouts that
    find every team busy.
    """

    busy: tuple[float, ...]
    shares: tuple[tuple[float, ...], ...]
    not_at_once: float


def hypercube(
    rates: Sequence[float],
    orders: Sequence[Sequence[int]],
    busy_times: Sequence[Sequence[float]],
    *,
    waits: bool = True,
) -> Workload:
    """
    Return how busy each team is where each place sends the first free team of its own order.

    Parameters
    ----------
    rates
        Mean callouts of each place. [1/h]
    orders
        For each place, every team once, in the order it is sent.
    busy_times
        Mean time a callout of the place (row) keeps the team (column) busy. [h], shape
        (places, teams)
    waits
        Whether callouts wait when every team is busy, or are lost.

    Raises
    ------
    OverloadError
        When callouts wait and more work arrives than the teams can do.
    UsageError
        When an order does not name every team once, or a number is negative or not finite.
    SimError
        When the busy shares do not settle.

    Notes
    -----
    Larson's approximation [1]_ with busy times by place and team as Jarvis has them [2]_. With
    ``r`` the busy shares, team ``n`` standing ``k``-th for place ``i``::

        V_n = sum over i of  rate_i  time_in  Q(k - 1)  product of r over those before n
        r_n = (V_n + W) / (1 + V_n)

    because work reaches an idle team at ``V_n`` and it is idle ``1 - r_n`` of the time; ``W`` is
    its part of the work that waited, the same for every team (0 where callouts are lost). ``Q``
    corrects for teams being busy together: with ``P_k`` the chance that ``k`` of ``N`` are busy
    and ``r`` the mean busy share ::

        Q(j) = f_j / (r^j (1 - r)),   f_j = sum over k of P_k C(N-j-1, k-j) / C(N, k)

    where ``f_j`` is the chance that the first ``j`` are busy and the next is free if any ``k``
    teams are busy as likely as any others. The shares are scaled in each round so that their
    mean is that of all the work. Poisson callouts, exponential busy times. Derived
    from general knowledge; checked in tests/test_location.py: exact where all teams stand alike,
    and near the solved chain of two and three teams elsewhere.

    References
    ----------
    .. [1] R. C. Larson, "Approximating the performance of urban emergency service systems",
       *Oper. Res.* 23(5), 1975, 845-868.
    .. [2] J. P. Jarvis, "Approximating the equilibrium behavior of multi-server loss systems",
       *Manag. Sci.* 31(2), 1985, 235-239.

    Examples
    --------
    One place, two teams, callouts lost. Truly the first is busy a third of the time (it takes
    every callout when free, as if alone) and both together 0.5 (1 - 1/13) = 6/13, so 0.128:

    >>> found = hypercube([0.5], [(0, 1)], [[1.0, 1.0]], waits=False)
    >>> [round(busy, 2) for busy in found.busy]
    [0.33, 0.13]

    """
    teams = _checked(rates, orders, busy_times)
    total = sum(rates)
    mean_busy = sum(
        rate * times[order[0]] for rate, times, order in zip(rates, busy_times, orders, strict=True)
    ) / (total or 1)
    busy = [_BusyDistribution(total, mean_busy, teams, waits).mean] * teams
    for _ in range(1000):
        law = _BusyDistribution(total, mean_busy, teams, waits)
        chances = [_chances(order, busy, law) for order in orders]
        arrives = [0.0] * teams
        for rate, times, chance in zip(rates, busy_times, chances, strict=True):
            for team in range(teams):
                arrives[team] += rate * times[team] * chance[team]
        raw = [(work + law.waited / teams) / (1 + work) for work in arrives]
        # all work is done by somebody: without this, large fleets run away to busy all the time
        scale = law.mean * teams / (sum(raw) or 1)
        found = [min(1 - 1e-9, share * scale) for share in raw]
        shares = [_shared(chance, found, 1 - law.not_at_once) for chance in chances]
        taken = total * (1 - law.not_at_once)
        new_mean = sum(
            rate * sum(map(math.prod, zip(share, times, strict=True)))
            for rate, share, times in zip(rates, shares, busy_times, strict=True)
        ) / (taken or 1)
        change = max(abs(a - b) for a, b in zip(found, busy, strict=True))
        busy = found
        if change < 1e-12 and abs(new_mean - mean_busy) <= 1e-12 * mean_busy:
            return Workload(tuple(busy), tuple(map(tuple, shares)), law.not_at_once)
        mean_busy = new_mean
    raise SimError("the busy shares did not settle in 1000 rounds")


class _BusyDistribution:
    """How many teams are busy if all were alike, and what follows for those in an order."""

    def __init__(self, rate: float, mean_busy: float, teams: int, waits: bool) -> None:
        load = rate * mean_busy
        if waits and load >= teams:
            raise OverloadError(
                f"{load:.2f} teams' worth of work arrives, but there are only {teams}; "
                f"at least {int(load) + 1} are needed for the queue to settle"
            )
        terms = [1.0]
        for k in range(1, teams + 1):
            terms.append(terms[-1] * load / k)
        if waits:
            terms[-1] /= 1 - load / teams  # all busy: this many or more
        whole = sum(terms)
        number_busy = [term / whole for term in terms]
        self.not_at_once = number_busy[-1]
        self.waited = load * self.not_at_once if waits else 0.0
        self.mean = (load if waits else load * (1 - self.not_at_once)) / teams
        self.first_free = [  # chance that the first j are busy and the next is free
            sum(
                number_busy[k] * math.comb(teams - j - 1, k - j) / math.comb(teams, k)
                for k in range(j, teams)
            )
            for j in range(teams)
        ]


def _chances(order: Sequence[int], busy: Sequence[float], law: _BusyDistribution) -> list[float]:
    """Return for each team the chance that, if it is free, those before it are all busy."""
    found = [0.0] * len(order)
    before = 1.0
    for rank, team in enumerate(order):
        # the busy shares over their mean, because powers of the mean underflow for large fleets
        found[team] = law.first_free[rank] / (1 - law.mean) * before
        before *= busy[team] / law.mean if law.mean else 0.0
    return found


def _shared(chance: Sequence[float], busy: Sequence[float], at_once: float) -> list[float]:
    """Return the share of a place's callouts that each team takes at once."""
    free = [c * (1 - b) for c, b in zip(chance, busy, strict=True)]
    whole = sum(free)
    return [at_once * share / whole for share in free]


def _checked(
    rates: Sequence[float],
    orders: Sequence[Sequence[int]],
    busy_times: Sequence[Sequence[float]],
) -> int:
    """Return the number of teams, after checking the arguments."""
    if not rates or not len(rates) == len(orders) == len(busy_times):
        raise UsageError(
            f"found {len(rates)} rates, {len(orders)} orders and {len(busy_times)} rows of busy "
            "times; there must be one of each for every place"
        )
    teams = len(orders[0])
    for place, (rate, order, times) in enumerate(zip(rates, orders, busy_times, strict=True)):
        if not teams or sorted(order) != list(range(teams)) or len(times) != teams:
            raise UsageError(
                f"place {place} has the order {list(order)} and {len(times)} busy times; each "
                f"team from 0 to {teams - 1} must be there once"
            )
        for number in (rate, *times):
            if not 0 <= number < math.inf:
                raise UsageError(f"place {place} has {number}; it must be 0 or more and finite")
    return teams
