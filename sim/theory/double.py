"""The dynamic double standard: where free teams should wait, against the cost of moving them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.errors import UsageError

from .assignment import least_total
from .program import Program

Cover = Mapping[tuple[int, ...], int]
"""The demand that each set of bases covers, in whole numbers."""

SHORT = 10  # what each part of demand below the share asked for counts, against covered twice
OUT = 100  # what each part of demand out of reach counts


def double_standard(
    near: Cover, far: Cover, needed: int, charges: Sequence[Sequence[int | None]]
) -> list[int]:
    """
    Return a base for each team.

    Parameters
    ----------
    near, far
        Demand by the bases that cover it within the short and within the long time; places that
        no base covers left out. Whole numbers.
    needed
        Demand to be covered once within the short time.
    charges
        What it costs to send each team to each base, in the unit of the demand.
        Whole numbers, shape (teams, bases); None where it cannot go, though every team must
        have one base at least.

    Raises
    ------
    UsageError
        When there is no team, a row is shorter than others, or a team has no base to go to.

    Notes
    -----
    ``max sum_i d_i y2_i - sum charges`` with all demand covered within the long and ``needed``
    within the short time [1]_. Where there are too few teams for that, what is missing is
    charged ten times (short) and a hundred times (long) instead of refused. How many teams a
    base gets is decided by the program, in a tie with the least sum of the numbers of the
    bases; who goes, by the least charges as in `least_total`. Derived from general knowledge;
    checked against all arrangements in tests/test_location.py.

    References
    ----------
    .. [1] M. Gendreau, G. Laporte, F. Semet, "A dynamic model and parallel tabu search heuristic
       for real-time ambulance relocation", *Parallel Comput.* 27(12), 2001, 1641-1653.

    Examples
    --------
    Two teams, one at each of two bases; a move costs 1. Where covering 6 of 10 once is enough,
    covering those 6 twice is worth the move; where 8 are asked for, both stay.

    >>> near, far, charges = {(0,): 6, (1,): 4}, {(0, 1): 10}, [[0, 1], [1, 0]]
    >>> double_standard(near, far, 6, charges)
    [0, 0]
    >>> double_standard(near, far, 8, charges)
    [0, 1]

    """
    if not charges or any(len(row) != len(charges[0]) for row in charges):
        raise UsageError("every team needs a row of charges with one for each base")
    if any(all(charge is None for charge in row) for row in charges):
        raise UsageError("a team has no base to go to; each needs one charge at least")
    teams, bases = len(charges), len(charges[0])
    program = Program()
    # ties: a part of one in all, less than any difference between whole numbers
    counts = [program.variable(-j / (teams * bases), most=teams, whole=True) for j in range(bases)]
    goes = [
        [
            program.variable(most=0) if charge is None else program.variable(-charge)
            for charge in row
        ]
        for row in charges
    ]
    for row in goes:
        program.row([(x, 1) for x in row], 1, 1)
    for j, count in enumerate(counts):
        program.row([*((row[j], 1) for row in goes), (count, -1)], 0, 0)
    once = []
    for group, demand in near.items():
        y1, y2 = program.variable(whole=True), program.variable(demand)  # y1: else half and half
        program.row([(y1, 1), (y2, 1), *((counts[j], -1) for j in group)], most=0)
        program.row([(y2, 1), (y1, -1)], most=0)
        once.append((y1, demand))
    missing = program.variable(-SHORT, most=needed)
    program.row([*once, (missing, 1)], least=needed)
    for group, demand in far.items():
        y = program.variable(OUT * demand)
        program.row([(y, 1), *((counts[j], -1) for j in group)], most=0)
    values = program.solve()
    assert values is not None  # any arrangement will do
    slots = [j for j, count in enumerate(counts) for _ in range(round(values[count]))]
    chosen = least_total([[row[j] for j in slots] for row in charges])
    return [slots[slot] for slot in chosen]
