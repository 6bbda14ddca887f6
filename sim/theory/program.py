"""
Mixed-integer programs for HiGHS, and one answer where several are equally good.

The gains of the variables that decide are whole numbers, so that two plans differ by nothing or
by at least one: far more than the solver's tolerances. A plan's worth is worked out again in whole
numbers, never read from the solver.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from sim.errors import SimError

WHOLE = 10_000_000  # demand is kept in whole parts of this: fine enough, and far from rounding


class Program:
    """A program to be maximised, put together variable by variable and row by row."""

    def __init__(self) -> None:
        self._gains: list[float] = []
        self._most: list[float] = []
        self._whole: list[int] = []
        self._rows: list[list[tuple[int, float]]] = []
        self._ranges: list[tuple[float, float]] = []

    def variable(self, gain: float = 0, most: float = 1, *, whole: bool = False) -> int:
        """Add a variable from 0 to ``most`` and return its number."""
        self._gains.append(gain)
        self._most.append(most)
        self._whole.append(int(whole))
        return len(self._gains) - 1

    def row(
        self,
        terms: Iterable[tuple[int, float]],
        least: float = -math.inf,
        most: float = math.inf,
    ) -> None:
        """Demand that a sum of variables times numbers lies from ``least`` to ``most``."""
        self._rows.append(list(terms))
        self._ranges.append((least, most))

    def most(self, variable: int) -> int:
        """Return the largest whole value that a variable may take."""
        return int(self._most[variable])

    def solve(
        self, between: Mapping[int, tuple[float, float]] | None = None
    ) -> Sequence[float] | None:
        """Return the best values, some held ``between`` bounds; None where nothing fits."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        lower, upper = np.zeros(len(self._most)), np.array(self._most, dtype=float)
        for variable, (least, most) in (between or {}).items():
            lower[variable], upper[variable] = least, most
        entries = [
            (row, variable, number)
            for row, terms in enumerate(self._rows)
            for variable, number in terms
        ]
        rows, columns, numbers = zip(*entries, strict=True)
        matrix = csr_array(
            (np.array(numbers, dtype=float), (rows, columns)),
            shape=(len(self._rows), len(self._gains)),
        )
        ranges = np.array(self._ranges)
        found = milp(
            -np.array(self._gains, dtype=float),
            integrality=np.array(self._whole),
            bounds=Bounds(lower, upper),
            constraints=LinearConstraint(matrix, ranges[:, 0], ranges[:, 1]),
            options={"mip_rel_gap": 0.0},  # else it stops within 1 in 10000 of the best
        )
        if found.status == 2:
            return None
        if found.x is None or found.status != 0:
            raise SimError(f"the integer program was not solved: {found.message}")
        return [float(value) for value in found.x]

    def best(
        self, variables: Sequence[int], worth: Callable[[Sequence[int]], int]
    ) -> tuple[int, ...] | None:
        """
        Return the best plan; ties go to the one with most at the first variable, then the second.

        Solvers return any of several optima, and which one changes with their version. So each
        variable in turn is asked for one more, those before it held: if a plan of the same worth
        is found, it is kept. The answer depends on the program alone.
        """
        found = self._plan(variables, {})
        if found is None:
            return None
        plan, worth_of_plan = found, worth(found)
        held: dict[int, tuple[float, float]] = {}
        for i, variable in enumerate(variables):
            while any(plan[i + 1 :]) and plan[i] < self.most(variable):
                asked = held | {variable: (plan[i] + 1, self.most(variable))}
                other = self._plan(variables, asked)
                if other is None or worth(other) < worth_of_plan:
                    break
                plan = other
            held[variable] = (plan[i], plan[i])
        return plan

    def _plan(
        self, variables: Sequence[int], between: Mapping[int, tuple[float, float]]
    ) -> tuple[int, ...] | None:
        values = self.solve(between)
        return None if values is None else tuple(round(values[v]) for v in variables)
