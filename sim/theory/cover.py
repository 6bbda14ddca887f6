"""
Where to put teams so that they cover most: MCLP, MALP, MEXCLP and Bernoulli-Nash.

Arguments, ties and precision as in `location`: a base covers a place where its time to it is
``within`` what is asked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from sim.errors import UsageError

from .plan import LocationPlan, Times, Weights, add_bases, check_busy, checked, mean
from .program import WHOLE, Program


def mclp(weights: Weights, times: Times, teams: int, within: float) -> LocationPlan:
    """
    Cover most demand: a place is covered where a base with a team is ``within`` reach.

    ``value`` is the share of the demand covered. One team at a base suffices, so none has more.

    Parameters
    ----------
    weights
        Demand of each place, in any unit. Shape (places,)
    times
        Time from each base to each place, ``math.inf`` where there is no way. Any unit, shape
        (bases, places)
    teams
        How many there are, no more than bases.
    within
        Longest time at which a place is covered, in the unit of ``times``.

    Raises
    ------
    UsageError
        When there is no demand, rows differ in length, or teams do not fit the bases.

    Notes
    -----
    Every team is taken to be free at every callout, so it holds where few are ever busy.
    ``max sum d_i y_i``, ``y_i <= sum of x_j in reach``, ``sum x_j = teams`` [1]_. Checked against
    all subsets in tests/test_location.py, as are all models of this module.

    References
    ----------
    .. [1] R. Church, C. ReVelle, "The maximal covering location problem", *Pap. Reg. Sci. Assoc.*
       32(1), 1974, 101-118.

    Examples
    --------
    Two places of three are reached from the first base:

    >>> mclp([5, 3, 2], [[0, 8, 20], [20, 8, 0]], 1, within=10)
    LocationPlan(teams=(1, 0), value=0.8)

    """
    return _covered(weights, times, teams, within, needed=1, most=1)


def malp(
    weights: Weights,
    times: Times,
    teams: int,
    within: float,
    *,
    busy_fraction: float,
    reliability: float,
) -> LocationPlan:
    """
    Cover most demand reliably: a place is covered where enough teams are ``within`` reach.

    Enough is `covers_needed` for the utilisation and the reliability asked for, the same
    everywhere. ``value`` is the share of the demand covered so.

    Parameters
    ----------
    weights, times, teams, within
        As in `mclp`; a base may have several teams.
    busy_fraction
        q, the share of the time each team is busy, in [0, 1).
    reliability
        Chance that a team is free in reach of a covered place, at least. In [0, 1)

    Raises
    ------
    UsageError
        As in `mclp`, and when a share is out of its range.

    Notes
    -----
    MALP I [1]_: as `mclp` with ``b`` teams needed. The utilisation is one number and teams are
    taken as independent.

    References
    ----------
    .. [1] C. ReVelle, K. Hogan, "The maximum availability location problem", *Transp. Sci.* 23(3),
       1989, 192-200.

    Examples
    --------
    Of 0.9 reliability with teams busy 0.3 of the time there have to be two in reach:

    >>> malp([5, 3], [[0, 20], [20, 0]], 2, within=10, busy_fraction=0.3, reliability=0.9)
    LocationPlan(teams=(2, 0), value=0.625)

    """
    needed = covers_needed(busy_fraction, reliability)
    return _covered(weights, times, teams, within, needed=needed, most=teams)


def covers_needed(busy_fraction: float, reliability: float) -> int:
    """
    Return how many teams must be in reach so that one is free with the chance asked for.

    Parameters
    ----------
    busy_fraction
        q, the share of the time each team is busy, in [0, 1).
    reliability
        The chance asked for, in [0, 1).

    Raises
    ------
    UsageError
        When a share is out of its range.

    Notes
    -----
    The least ``b`` with ``1 - q^b >= reliability``, which is ``ceil(ln(1 - reliability)/ln q)``;
    counted up, because the quotient of two logarithms may pass a whole number by rounding. Teams
    are taken to be busy independently of each other.

    Examples
    --------
    >>> covers_needed(0.3, 0.9)  # 0.3 and 0.09 busy: 70 %, then 91 %
    2

    """
    check_busy(busy_fraction)
    if not 0 <= reliability < 1:
        raise UsageError(f"the reliability is {reliability}; it must be at least 0 and below 1")
    covers, none_free = 1, busy_fraction
    while 1 - none_free < reliability - 1e-12:
        covers, none_free = covers + 1, none_free * busy_fraction
    return covers


def mexclp(
    weights: Weights, times: Times, teams: int, within: float, *, busy_fraction: float
) -> LocationPlan:
    """
    Cover most demand on average where each team is busy ``busy_fraction`` of the time.

    That is q, what a run reports as the utilisation of all teams. ``value`` is the expected share
    of the demand that finds a free team ``within`` reach:
    ``sum d_i (1 - q^k_i)`` with ``k_i`` teams in reach of place ``i``. Bases may have several.

    Parameters
    ----------
    weights, times, teams, within
        As in `mclp`; a base may have several teams.
    busy_fraction
        q, the share of the time each team is busy, in [0, 1).

    Raises
    ------
    UsageError
        As in `mclp`, and when ``busy_fraction`` is out of its range.

    Notes
    -----
    Teams are taken to be busy independently of each other, and all equally.
    ``max sum_i sum_k d_i (1 - q) q^(k-1) y_ik``, ``sum_k y_ik <= sum of x_j in reach`` [1]_.

    References
    ----------
    .. [1] M. S. Daskin, "A maximum expected covering location model: formulation, properties and
       heuristic solution", *Transp. Sci.* 17(1), 1983, 48-70.

    Examples
    --------
    Where nine of ten callouts are, a second team is worth more than a first elsewhere:
    0.9 (1 - 0.3^2) = 0.819 against 0.7.

    >>> plan = mexclp([9, 1], [[0, 20], [20, 0]], 2, within=10, busy_fraction=0.3)
    >>> plan.teams, round(plan.value, 3)
    ((2, 0), 0.819)

    """
    check_busy(busy_fraction)
    q = busy_fraction
    return _counted(weights, times, teams, within, [1 - q**k for k in range(teams + 1)])


def bernoulli_nash(
    weights: Weights,
    times: Times,
    teams: int,
    within: float,
    *,
    busy_fraction: float,
    least: float = 0.001,
) -> LocationPlan:
    """
    Make the chances of all people together best: largest product of the chance of each.

    ``P_i = 1 - q^k_i`` is the chance that a free team is ``within`` reach of place ``i``; the
    weights are its people. ``value`` is the geometric mean of ``P`` over all people. A place
    out of reach of every team counts as if it had the chance ``least``, because a single 0 would
    make all plans equal.

    Parameters
    ----------
    weights, times, teams, within
        As in `mclp`; a base may have several teams.
    busy_fraction
        q, the share of the time each team is busy, in [0, 1).
    least
        The chance that a place out of reach counts as having. Above 0, and at most
        ``(1 - q)/(1 + q)``, so that a first team gains more than a second.

    Raises
    ------
    UsageError
        As in `mclp`, and when ``busy_fraction`` or ``least`` is out of its range.

    Notes
    -----
    ``max sum_i pop_i ln P_i`` [1]_. The logarithm is concave in ``k_i``, so it is written exactly
    as a sum of falling gains, one for each further team. This is one plan for all of the time, as
    in [1]_; sharing the time between several plans, as in [2]_, is not done.

    References
    ----------
    .. [1] C. J. Jagtenberg, A. J. Mason, "Fairness in the ambulance location problem: maximizing
       the Bernoulli-Nash social welfare", working paper (recalled, not checked).
    .. [2] C. J. Jagtenberg, A. J. Mason, "Improving fairness in ambulance planning by time
       sharing", *Eur. J. Oper. Res.* 280(3), 2020, 1095-1107.

    Examples
    --------
    Nobody is left without a team, where `mexclp` would put both at the first base:

    >>> plan = bernoulli_nash([9, 1], [[0, 20], [20, 0]], 2, within=10, busy_fraction=0.3)
    >>> plan.teams, round(plan.value, 3)
    ((1, 1), 0.7)

    """
    check_busy(busy_fraction)
    highest = (1 - busy_fraction) / (1 + busy_fraction)  # else the second team gains the more
    if not 0 < least <= highest:
        raise UsageError(f"least is {least}; it must be above 0 and at most {highest:.3g}")
    logs = [math.log(least)] + [math.log(1 - busy_fraction**k) for k in range(1, teams + 1)]
    plan = _counted(weights, times, teams, within, logs)
    return LocationPlan(plan.teams, math.exp(plan.value))


def covered_by(
    shares: Sequence[float], times: Times, within: float
) -> dict[tuple[int, ...], float]:
    """Return the demand that each set of bases covers; places covered alike are one."""
    found: dict[tuple[int, ...], float] = {}
    for i, share in enumerate(shares):
        near = tuple(j for j, row in enumerate(times) if row[i] <= within)
        if share:
            found[near] = found.get(near, 0.0) + share
    return found


def add_gains(
    program: Program, bases: Sequence[int], near: Sequence[int], gains: Sequence[int]
) -> None:
    """Let the k-th team among the bases ``near`` gain ``gains[k]``; gains must not rise."""
    taken = [program.variable(gain) for gain in gains if gain]
    if taken:
        program.row([*((y, 1) for y in taken), *((bases[j], -1) for j in near)], most=0)


def _covered(
    weights: Weights, times: Times, teams: int, within: float, *, needed: int, most: int
) -> LocationPlan:
    """Cover most demand where a place needs some number of teams in reach."""
    shares = checked(weights, times, teams, most)
    groups = covered_by(shares, times, within)
    gains = {near: round(share * WHOLE) for near, share in groups.items() if near}
    program, bases = add_bases(len(times), teams, most)
    for near, gain in gains.items():
        y = program.variable(gain, whole=True)
        program.row([(y, needed), *((bases[j], -1) for j in near)], most=0)

    def worth(plan: Sequence[int]) -> int:
        return sum(g for near, g in gains.items() if sum(plan[j] for j in near) >= needed)

    plan = program.best(bases, worth)
    assert plan is not None  # any plan will do
    return LocationPlan(
        plan,
        math.fsum(share for near, share in groups.items() if sum(plan[j] for j in near) >= needed),
    )


def _counted(
    weights: Weights, times: Times, teams: int, within: float, worths: Sequence[float]
) -> LocationPlan:
    """Make the mean of ``worths[k]`` largest, k teams in reach; its gains must not rise."""
    shares = checked(weights, times, teams, teams)
    groups = covered_by(shares, times, within)
    gains = {
        near: [round(share * WHOLE * (b - a)) for a, b in pairwise(worths)]
        for near, share in groups.items()
        if near
    }
    program, bases = add_bases(len(times), teams, teams)
    for near, falling in gains.items():
        add_gains(program, bases, near, falling)

    def worth(plan: Sequence[int]) -> int:
        return sum(sum(falling[: sum(plan[j] for j in near)]) for near, falling in gains.items())

    plan = program.best(bases, worth)
    assert plan is not None  # any plan will do
    return LocationPlan(
        plan,
        mean(
            shares,
            lambda i: worths[
                sum(n for n, row in zip(plan, times, strict=True) if row[i] <= within)
            ],
        ),
    )
