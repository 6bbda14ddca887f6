"""
Whether a simulation agrees with a record, within a tolerance that was stated before.

Agreement is never concluded from a difference that is not significant: with few callouts nothing
is. It is declared where the interval of the difference lies inside the tolerance with both ends
and two one-sided tests [1]_ say so after adjustment for how many were asked.

References
----------
.. [1] D. J. Schuirmann, "A comparison of the two one-sided tests procedure and the power approach
   for assessing the equivalence of average bioavailability", *J. Pharmacokinet. Biopharm.* 15(6),
   1987, 657-680 (recalled, not checked).

"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.log import MS_PER_MINUTE

from ..inference.families import Adjust, adjusted, benjamini_hochberg, holm
from .callout_times import CHAIN, RESPONSE
from .compared_times import FEWEST_CALLOUTS, FEWEST_DAYS, MEDIAN, P90, ComparedStatistic

AGREES, DIFFERS, NOT_SHOWN, TOO_FEW = "agrees", "differs", "not shown", "too few"
ALPHA = 0.05
PRIMARY_ROWS, EXPLORATORY_ROWS = "primary", "exploratory"
CALLOUTS = "callouts"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """
    How far a simulation may be off: a share of what is recorded, but at least ``time``. [ms]

    The parts of the response share ``time``: call handling, queue, turnout and travel have a
    quarter each, so that four that agree add up to a response that does. Counts have the share
    alone.
    """

    share: float = 0.1
    time: int = MS_PER_MINUTE

    def of(self, part: str, recorded: float) -> float:
        """Return the tolerance of a statistic of a part, in the unit of what is recorded."""
        least = 0.0 if part == CALLOUTS else float(self.time)
        elementary = [name for name in CHAIN.values() if name in part.split(" and ")]
        if part != RESPONSE and elementary:
            least *= len(elementary) / len(CHAIN)
        return max(self.share * abs(recorded), least)


class ComparedRow(NamedTuple):
    """
    One statistic of record and simulation, with what may be said of it.

    ``demand`` says whose callouts were simulated: the record's, or the scenario's. Times are in
    ``unit`` min, callouts in per day.
    """

    demand: str
    part: str
    group: str
    statistic: str
    recorded: float
    simulated: float
    difference: float
    low: float | None
    high: float | None
    unit: str
    tolerance: float
    family: str
    verdict: str
    p: float | None
    p_adjusted: float | None
    p_equivalence: float | None
    callouts: int
    days: int


def row_of(
    demand: str,
    part: str,
    group: str,
    found: ComparedStatistic,
    tolerance: Tolerance,
    primary: bool,
) -> ComparedRow:
    """Return a difference as a row, before it is judged together with others."""
    size = 1 if part == CALLOUTS else MS_PER_MINUTE
    unit = "min" if part != CALLOUTS else "per day" if found.statistic == "mean" else ""
    within = tolerance.of(part, found.recorded)
    apart = found.simulated - found.recorded
    few = found.callouts < FEWEST_CALLOUTS or found.days < FEWEST_DAYS
    low = high = p = p_equal = None
    if found.chance is not None and found.days > 1:
        low, high = (end / size for end in found.chance.interval(apart))
        if not few:
            p = found.chance.p_different(apart)
            p_equal = found.chance.p_equivalence(apart, within)
    return ComparedRow(
        demand, part, group, found.statistic, found.recorded / size, found.simulated / size,
        apart / size, low, high, unit, within / size,
        PRIMARY_ROWS if primary else EXPLORATORY_ROWS,
        TOO_FEW if p is None else NOT_SHOWN, p, None, p_equal, found.callouts, found.days,
    )  # fmt: skip


def judged_rows(rows: Sequence[ComparedRow]) -> list[ComparedRow]:
    """Return rows with their verdicts: primary ones by Holm, others by Benjamini and Hochberg."""
    found = list(rows)
    families: tuple[tuple[str, Adjust], ...] = (
        (PRIMARY_ROWS, holm), (EXPLORATORY_ROWS, benjamini_hochberg),
    )  # fmt: skip
    for family, adjust in families:
        at = [i for i, row in enumerate(found) if row.family == family]
        different, _ = adjusted([found[i].p for i in at], at, adjust)
        equal, _ = adjusted([found[i].p_equivalence for i in at], at, adjust)
        for i, p, p_equal in zip(at, different, equal, strict=True):
            found[i] = _judged(found[i], p, p_equal)
    return found


def _judged(row: ComparedRow, p: float | None, p_equal: float | None) -> ComparedRow:
    verdict = row.verdict
    if p is not None and p_equal is not None and row.low is not None and row.high is not None:
        inside = -row.tolerance < row.low and row.high < row.tolerance
        if inside and p_equal < ALPHA:
            verdict = AGREES
        elif p < ALPHA:
            verdict = DIFFERS
    return row._replace(verdict=verdict, p_adjusted=p, p_equivalence=p_equal)


def is_primary(part: str, group: str, statistic: str) -> bool:
    """Return whether a statistic is among those judged first: median and p90 of all callouts."""
    return group == "all" and (part == CALLOUTS or statistic in (MEDIAN, P90))
