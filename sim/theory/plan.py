"""What the models of location have in common: their arguments, and the plan they make."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.errors import UsageError

from .program import Program

Weights = Sequence[float]
Times = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class LocationPlan:
    """
    A plan and what it achieves.

    ``teams`` is how many teams each base has, in the order of the bases; ``value`` what the
    model made best, in the unit that its description says.
    """

    teams: tuple[int, ...]
    value: float


def checked(weights: Weights, times: Times, teams: int, most: int) -> list[float]:
    """Return the share of the demand of each place, after checking the arguments."""
    if not times or any(len(row) != len(weights) for row in times):
        raise UsageError(f"every base needs a row with {len(weights)} numbers, one for each place")
    total = math.fsum(weights)
    if not 0 < total < math.inf or min(weights) < 0:
        raise UsageError("weights must be 0 or more, finite, and not all 0")
    if not 1 <= teams <= most * len(times):
        raise UsageError(
            f"teams is {teams}; there must be at least 1, and room for them at {len(times)} bases"
        )
    return [weight / total for weight in weights]


def check_busy(busy_fraction: float) -> None:
    """
    Check that a utilisation q is at least 0 and below 1.

    It is q of the MEXCLP family; what a run measures of it is `sim.outcomes.utilisation`.
    """
    if not 0 <= busy_fraction < 1:
        raise UsageError(f"the utilisation q is {busy_fraction}; it must be at least 0, below 1")


def add_bases(bases: int, teams: int, most: int) -> tuple[Program, list[int]]:
    """Return a program with the number of teams at each base, which sum up to all teams."""
    program = Program()
    found = [program.variable(most=most, whole=True) for _ in range(bases)]
    program.row([(base, 1) for base in found], teams, teams)
    return program, found


def mean(shares: Sequence[float], value: Callable[[int], float]) -> float:
    """Return the mean of a value over the places with demand."""
    return math.fsum(share * value(i) for i, share in enumerate(shares) if share)
