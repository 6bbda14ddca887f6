"""Who goes where: teams matched with slots, in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence

from sim.errors import UsageError

EXACT = 1 << 53  # whole numbers below this are exact where the solver computes with floats

Costs = Sequence[Sequence[int | None]]


def least_total(costs: Costs) -> list[int]:
    """
    Return a slot for each team so that the costs together are least.

    Parameters
    ----------
    costs
        Cost of each team in each slot, shape (teams, slots), at least as many slots as teams.
        Whole numbers, negative ones allowed; None where there is no way, taken only where
        it cannot be avoided.

    Raises
    ------
    UsageError
        When a row is shorter than others, or there are fewer slots than teams.

    Notes
    -----
    Of equal sums, that in which the first teams have the first slots: the least sum of
    (teams still to come) times (number of the slot), added to the costs as whole numbers too
    small to change them. What ties in that too is decided by SciPy's method [1]_, which computes
    exactly here and has no chance in it. (A fleet so large that the sum would be inexact goes
    without the addition.)

    References
    ----------
    .. [1] D. F. Crouse, "On implementing 2D rectangular assignment algorithms", *IEEE Trans.
       Aerosp. Electron. Syst.* 52(4), 2016, 1679-1696: SciPy's method
       (volume and pages recalled, not checked).

    Examples
    --------
    Crosswise costs 1 + 1, straight 2 + 1:

    >>> least_total([[2, 1], [1, 1]])
    [1, 0]

    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    if not costs:
        return []
    known, teams, slots = _known(costs), len(costs), len(costs[0])
    lowest = min(map(min, known))
    highest = max(map(max, known)) - lowest
    step = teams * (teams + 1) // 2 * slots + 1
    if (highest + 1) * step * teams >= EXACT:
        whole = [[cost - lowest for cost in row] for row in known]
    else:
        whole = [
            [(cost - lowest) * step + (teams - team) * slot for slot, cost in enumerate(row)]
            for team, row in enumerate(known)
        ]
    _, chosen = linear_sum_assignment(np.array(whole, dtype=float))
    return [int(slot) for slot in chosen]


def least_largest(costs: Costs) -> list[int]:
    """
    Return a slot for each team so that the largest cost is least, then the costs together.

    Parameters
    ----------
    costs
        As in `least_total`.

    Raises
    ------
    UsageError
        As in `least_total`.

    Notes
    -----
    The bottleneck assignment. The least largest cost is found by halving: a limit can be kept
    where no team need be given a slot beyond it. Ties as in `least_total`. Derived from general
    knowledge; checked against all assignments in tests/test_location.py.

    Examples
    --------
    The least total is 0 + 5; with 3 + 3 nobody has more than 3:

    >>> least_largest([[0, 3], [3, 5]])
    [1, 0]

    """
    known = _known(costs)
    limits = sorted({cost for row in known for cost in row})
    low, high = 0, len(limits) - 1
    while low < high:
        middle = (low + high) // 2
        beyond = [[int(cost > limits[middle]) for cost in row] for row in known]
        if any(row[slot] for row, slot in zip(beyond, least_total(beyond), strict=True)):
            low = middle + 1
        else:
            high = middle
    if not limits:
        return []
    limit = limits[low]
    return least_total([[cost if cost <= limit else None for cost in row] for row in known])


def _known(costs: Costs) -> list[list[int]]:
    """Return the costs, checked, with a number for None: one costs more than all others can."""
    if costs and (any(len(row) != len(costs[0]) for row in costs) or len(costs) > len(costs[0])):
        raise UsageError(
            f"{len(costs)} teams need rows of one length with a slot for each of them at least; "
            f"the shortest row has {min(map(len, costs))}"
        )
    numbers = [cost for row in costs for cost in row if cost is not None] or [0]
    far = max(numbers) + len(costs) * (max(numbers) - min(numbers)) + 1
    return [[far if cost is None else cost for cost in row] for row in costs]
