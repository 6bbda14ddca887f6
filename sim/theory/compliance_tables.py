"""Compliance tables: which bases are to be filled for each number of free teams."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sim.errors import UsageError

from .cover import add_gains, covered_by
from .plan import Times, Weights, check_busy, checked
from .program import Program

PARTS = 1_000_000  # of the demand; the chances of the rows are kept in hundredths next to it


@dataclass(frozen=True, slots=True)
class ComplianceLevels:
    """
    How many teams are to wait at each base, by how many are free.

    ``rows[k - 1]`` is for ``k`` free teams, a number for each base; ``value`` the expected share
    of the demand covered, over how many teams are free.
    """

    rows: tuple[tuple[int, ...], ...]
    value: float


def chances_of_free(teams: int, busy_fraction: float) -> list[float]:
    """
    Return the chance that 1, 2, ... all teams are free, each busy by itself (binomial).

    Parameters
    ----------
    teams
        How many there are.
    busy_fraction
        q, the share of the time each team is busy, in [0, 1).

    Raises
    ------
    UsageError
        When ``busy_fraction`` is out of its range.

    Notes
    -----
    Teams are taken to be busy independently of each other. In a queue they are not: when one is
    busy the others are likelier to be.

    Examples
    --------
    Two teams, each free 0.6 of the time: one of them 2 x 0.6 x 0.4, both 0.6 x 0.6.

    >>> [round(chance, 2) for chance in chances_of_free(2, 0.4)]
    [0.48, 0.36]

    """
    check_busy(busy_fraction)
    q = busy_fraction
    return [math.comb(teams, k) * (1 - q) ** k * q ** (teams - k) for k in range(1, teams + 1)]


def mecrp(
    weights: Weights,
    times: Times,
    within: float,
    chances: Sequence[float],
    *,
    changes: int = 0,
    again: float = 0.0,
) -> ComplianceLevels:
    """
    Return the table that covers most demand, over how many teams are free.

    Parameters
    ----------
    weights, times, within
        As in `mclp`.
    chances
        Chance that 1, 2, ... teams are free, as from `chances_of_free`; as many as teams. A row
        has at least a hundredth of the weight of the largest, so that rare rows are sensible too.
    changes
        How many teams may have to leave their bases when one team more is free: 0 makes each
        row the one before and one base more.
    again
        Weight of demand covered twice, relative to covered once, from 0 (as published) to 1: a
        small weight puts spare teams where they help.

    Raises
    ------
    UsageError
        As in `mclp`, and when ``changes`` or ``again`` is out of its range.

    Notes
    -----
    Maximal expected coverage relocation problem [1]_::

        max sum_k P_k sum_i d_i y_ik,   sum of x_jk in reach >= y_ik,   sum_j x_jk = k,
        x_jk - x_j,k+1 <= u_jk,   sum_j u_jk <= changes

    A base has at most ``k`` over the number of bases, rounded up: one until all are filled.
    Derived from general knowledge; checked against all tables in tests/test_location.py. Of
    equal tables the one with the first bases in its first row is taken, then in its second.

    References
    ----------
    .. [1] M. Gendreau, G. Laporte, F. Semet, "The maximal expected coverage relocation problem
       for emergency vehicles", *J. Oper. Res. Soc.* 57(1), 2006, 22-28.

    Examples
    --------
    One free team waits where most callouts are, two at both bases: 0.48 x 5/8 + 0.36 x 1.

    >>> table = mecrp([5, 3], [[0, 20], [20, 0]], within=10, chances=[0.48, 0.36])
    >>> table.rows, round(table.value, 3)
    (((1, 0), (1, 1)), 0.66)

    """
    count = len(chances)
    shares = checked(weights, times, count, count)
    if changes < 0 or not 0 <= again <= 1:
        raise UsageError(f"changes is {changes} and again {again}; 0 or more, and from 0 to 1")
    top = max(chances) or 1
    worths = [max(1, round(100 * chance / top)) for chance in chances]
    groups = {near: share for near, share in covered_by(shares, times, within).items() if near}
    gains = [
        {
            near: [round(share * PARTS * worth), round(share * PARTS * worth * again)]
            for near, share in groups.items()
        }
        for worth in worths
    ]
    program, rows = _program(len(times), gains, changes)
    flat = [variable for row in rows for variable in row]

    def split(plan: Sequence[int]) -> list[tuple[int, ...]]:
        return [tuple(plan[k * len(times) : (k + 1) * len(times)]) for k in range(count)]

    def worth_of(plan: Sequence[int]) -> int:
        return sum(
            sum(falling[: sum(row[j] for j in near)])
            for row, gain in zip(split(plan), gains, strict=True)
            for near, falling in gain.items()
        )

    plan = program.best(flat, worth_of)
    assert plan is not None  # adding bases in any order will do
    table = tuple(split(plan))
    covered = [
        math.fsum(share for near, share in groups.items() if any(row[j] for j in near))
        for row in table
    ]
    return ComplianceLevels(table, math.fsum(c * p for c, p in zip(covered, chances, strict=True)))


def _program(
    bases: int, gains: Sequence[dict[tuple[int, ...], list[int]]], changes: int
) -> tuple[Program, list[list[int]]]:
    """Return the program and, for each number of free teams, the variables of the bases."""
    program = Program()
    rows: list[list[int]] = []
    for k, gain in enumerate(gains, 1):
        row = [program.variable(most=-(-k // bases), whole=True) for _ in range(bases)]
        program.row([(base, 1) for base in row], k, k)
        for near, falling in gain.items():
            add_gains(program, row, near, falling)
        rows.append(row)
    for before, after in pairwise(rows):
        left = [program.variable(most=changes) for _ in before]
        program.row([(u, 1) for u in left], most=changes)
        for x, y, u in zip(before, after, left, strict=True):
            program.row([(x, 1), (y, -1), (u, -1)], most=0)
    return program, rows
