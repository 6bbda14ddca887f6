"""Parameters and units that rules of several questions share."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field

from sim.scenario.fields.quantities import Duration, refuse

ONE = 1 << 30  # unit of the powers of the assumed utilisation, which are kept as whole numbers
FINE = 1 << 50  # unit of one over a time, so that sums of them are whole numbers
MILLION = 1_000_000


def falling(numbers: tuple[float, ...]) -> tuple[float, ...]:
    """Return numbers none of which is larger than the one before it; refuse others."""
    if any(later > earlier for earlier, later in pairwise(numbers)):
        raise refuse("each number must be no larger than the one before it")
    return numbers


Level = Annotated[int, Field(ge=1, le=9)]  # a priority
# q of MEXCLP. What a run measures of it is its utilisation: `sim.outcomes.utilisation`.
BusyFraction = Annotated[
    float, Field(ge=0, le=0.99, description="Assumed utilisation q of a team.")
]
Within = Annotated[Duration, Field(description="Response time that counts as in time. [duration]")]
Contributions = Annotated[
    tuple[Annotated[float, Field(gt=0, le=1)], ...],
    AfterValidator(falling),
    Field(
        min_length=1,
        max_length=10,
        description="What the nearest team, the second, ... contributes; falling.",
    ),
]
