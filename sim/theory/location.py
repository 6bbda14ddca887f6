"""
Where to put bases so that teams are near: the p-median, Rawls' principle and survival.

In all models of location ``weights`` is the demand of each place in any unit, ``times[j][i]`` the
time from base ``j`` to place ``i`` (``math.inf``: no way), and the answer says how many teams each
base has. They are solved exactly, as integer programs. Of equally good plans the one with most
teams at the first base is taken, then at the second, and so on; demand is counted in whole parts
of ten million, and plans nearer than that are equal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.errors import UsageError

from .plan import LocationPlan, Times, Weights, add_bases, check_busy, checked, mean
from .program import WHOLE


def p_median(
    weights: Weights, times: Times, teams: int, *, longest: float = math.inf
) -> LocationPlan:
    """
    Make the mean time to the nearest team least, and no time above ``longest``.

    ``value`` is that mean, in the unit of ``times``.

    Parameters
    ----------
    weights
        Demand of each place, in any unit. Shape (places,)
    times
        Time from each base to each place, ``math.inf`` where there is no way. Any unit, shape
        (bases, places)
    teams
        How many there are, no more than bases: one at a base suffices.
    longest
        Longest time allowed to a place with demand, in the unit of ``times``.

    Raises
    ------
    UsageError
        When no plan reaches every place that has demand, or as in `mclp`.

    Notes
    -----
    Every team is taken to be free at every callout, so it holds where few are ever busy.
    ``min sum d_i tau_ji y_ij``, ``sum_j y_ij = 1``, ``y_ij <= x_j`` [1]_.

    References
    ----------
    .. [1] S. L. Hakimi, "Optimum locations of switching centers and the absolute centers and
       medians of a graph", *Oper. Res.* 12(3), 1964, 450-459.

    Examples
    --------
    From the first base (5 x 0 + 3 x 8 + 2 x 20)/10, from the second twice that:

    >>> p_median([5, 3, 2], [[0, 8, 20], [20, 8, 0]], 1)
    LocationPlan(teams=(1, 0), value=6.4)

    """
    shares = checked(weights, times, teams, 1)
    ways = {
        i: [j for j, row in enumerate(times) if row[i] <= longest and row[i] < math.inf]
        for i, share in enumerate(shares)
        if share
    }
    top = max((times[j][i] for i, near in ways.items() for j in near), default=0) or 1
    costs = {
        (i, j): round(shares[i] * WHOLE * times[j][i] / top)
        for i, near in ways.items()
        for j in near
    }
    program, bases = add_bases(len(times), teams, 1)
    for i, near in ways.items():
        served = [(j, program.variable(-costs[i, j])) for j in near]
        program.row([(y, 1) for _, y in served], 1, 1)
        for j, y in served:
            program.row([(y, 1), (bases[j], -1)], most=0)

    def worth(plan: Sequence[int]) -> int:
        return -sum(min(costs[i, j] for j in near if plan[j]) for i, near in ways.items())

    plan = program.best(bases, worth)
    if plan is None:
        raise UsageError(f"no plan of {teams} bases reaches every place that has demand")
    return LocationPlan(plan, mean(shares, lambda i: min(times[j][i] for j in ways[i] if plan[j])))


def rawls(weights: Weights, times: Times, teams: int) -> LocationPlan:
    """
    Make the worst-off place as well off as can be: the longest time to a team is least.

    ``value`` is that longest time. Of the plans that achieve it, the one with the least mean
    time. Any utility that falls with time gives the same, as long as it is the same everywhere.

    Parameters
    ----------
    weights, times, teams
        As in `p_median`; how large a weight is decides only between plans with the same longest
        time.

    Raises
    ------
    UsageError
        As in `p_median`.

    Notes
    -----
    The p-centre, after Rawls' principle of the least advantaged [1]_: found by halving over the
    times there are, each step a covering problem; then `p_median` below that time.

    References
    ----------
    .. [1] J. Rawls, *A Theory of Justice*, 1971 (recalled, not checked); as compared by
       C. J. Jagtenberg, A. J. Mason, "Improving fairness in ambulance planning by time sharing",
       *Eur. J. Oper. Res.* 280(3), 2020, 1095-1107.

    Examples
    --------
    From the first base most are near, but the last place is 20 away; from the second nobody is
    farther than 12:

    >>> rawls([5, 1, 1], [[0, 12, 20], [11, 12, 9]], 1)
    LocationPlan(teams=(0, 1), value=12)

    """
    shares = checked(weights, times, teams, 1)
    places = [i for i, share in enumerate(shares) if share]
    limits = sorted({row[i] for row in times for i in places if row[i] < math.inf})
    low, high = 0, len(limits)  # high: not even the longest time suffices
    while low < high:
        middle = (low + high) // 2
        program, bases = add_bases(len(times), teams, 1)
        for i in places:
            program.row([(b, int(times[j][i] <= limits[middle])) for j, b in enumerate(bases)], 1)
        if program.solve() is None:
            low = middle + 1
        else:
            high = middle
    if low == len(limits):
        raise UsageError(f"no plan of {teams} bases reaches every place that has demand")
    return LocationPlan(p_median(weights, times, teams, longest=limits[low]).teams, limits[low])


def survival(
    weights: Weights, utilities: Times, teams: int, *, busy_fraction: float = 0.0
) -> LocationPlan:
    """
    Make the expected utility largest, as the chance to survive, where the best free team goes.

    Parameters
    ----------
    weights
        Demand of each place, in any unit. Shape (places,)
    utilities
        What a team at base ``j`` is worth at place ``i``, in [0, 1]; shape (bases, places). A
        survival function of the time, in place of covered or not.
    teams
        How many there are; several may stand at a base.
    busy_fraction
        Share of the time each is busy. With 0 the best team always goes.

    Raises
    ------
    UsageError
        As in `mclp`, and when a utility or ``busy_fraction`` is out of its range.

    Notes
    -----
    ``value`` is that expected utility, over all demand. Teams are taken to be busy independently
    of each other, and all equally.
    ``max sum_i d_i sum_k (1 - q) q^(k-1) S_i(k-th best team)``: maximal survival [1]_, and its
    probabilistic form. The k-th variable takes the k-th best team of itself, because what comes
    first counts most.

    References
    ----------
    .. [1] E. Erkut, A. Ingolfsson, G. Erdoğan, "Ambulance location for maximum survival",
       *Nav. Res. Logist.* 55(1), 2008, 42-58 (volume and pages recalled, not checked).

    Examples
    --------
    (0.9 + 0.2)/2 from the first base, 0.5 from the second:

    >>> plan = survival([1, 1], [[0.9, 0.2], [0.5, 0.5]], 1)
    >>> plan.teams, round(plan.value, 3)
    ((1, 0), 0.55)

    """
    shares = checked(weights, utilities, teams, teams)
    check_busy(busy_fraction)
    if any(not 0 <= u <= 1 for row in utilities for u in row):
        raise UsageError("a utility lies outside 0 to 1")
    powers = [(1 - busy_fraction) * busy_fraction**k for k in range(teams)]
    if not busy_fraction:
        powers = [1.0]
    program, bases = add_bases(len(utilities), teams, teams)
    gains = [
        [[round(share * WHOLE * power * row[i]) for row in utilities] for power in powers]
        for i, share in enumerate(shares)
    ]
    for rows in gains:
        served = [[program.variable(gain) for gain in row] for row in rows]
        for row in served:
            program.row([(y, 1) for y in row], most=1)
        for j, base in enumerate(bases):
            program.row([*((row[j], 1) for row in served), (base, -1)], most=0)

    def ranked(i: int, plan: Sequence[int]) -> list[int]:
        by_worth = sorted(range(len(plan)), key=lambda j: (-utilities[j][i], j))
        return [j for j in by_worth for _ in range(plan[j])][: len(powers)]

    def worth(plan: Sequence[int]) -> int:
        return sum(
            gains[i][k][j] for i in range(len(shares)) for k, j in enumerate(ranked(i, plan))
        )

    plan = program.best(bases, worth)
    assert plan is not None  # any plan will do
    return LocationPlan(
        plan,
        sum(
            share * sum(powers[k] * utilities[j][i] for k, j in enumerate(ranked(i, plan)))
            for i, share in enumerate(shares)
        ),
    )
