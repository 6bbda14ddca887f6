"""
When a study is precise enough: half-widths wanted, and the looks at which they are judged.

Results are looked at after fixed numbers of replications, always those from the first without a
gap; a replication that was finished early waits. So where a study stops depends neither on the
number of processes nor on their speed. Stopping at the first look at which the interval is narrow
enough costs little coverage if the first look comes late enough: in a trial with a share of 90 %,
an interval that promises 95 % kept 92 % with a first look at 3 replications and 94 % with one
at 30. Intervals read while a study runs, stopping when one likes what one sees, promise nothing:
none is shown before the study stops on its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.definitions import DIFFERENCE
from sim.errors import UsageError
from sim.outcomes import Comparison, Estimate
from sim.scenario import Precision
from sim.scenario import StudySection as StudyPart
from sim.units import MS_PER

_TIMES = ("response_", "queue_time_", "attendance_")
_SHARES = ("share", "survival", "utilisation", "not_reached")


@dataclass(frozen=True, slots=True)
class Goal:
    """
    A half-width wanted of the 95 % interval of a measure, over all callouts.

    ``measure`` is a name as in the summary, or "difference:" and such a name: the paired
    difference from the baseline. The half-width is ``relative`` to the value (0.05: 5 % of it)
    or ``absolute`` in the unit of the tables (minutes; shares from 0 to 1); where both are given,
    both must be met. A difference that is close to zero is never known to 5 % of itself: for
    differences ``absolute`` is the sensible one.
    """

    measure: str
    relative: float | None = None
    absolute: float | None = None

    def wanted(self, value: float) -> float:
        """
        Return the half-width at which the goal is met, in the unit of the value.

        Notes
        -----
        An interval of half-width ``g/(1+g)`` of the estimate ensures an error of at most ``g`` of
        the true value, which is what is wanted, and not known [1]_.

        References
        ----------
        .. [1] A. M. Law, *Simulation Modeling and Analysis*, 5th ed., 2015, sec. 9.4.1
           (recalled, not checked).

        Examples
        --------
        >>> Goal("response_restricted_mean", relative=0.25).wanted(20.0)
        4.0

        """
        wanted = math.inf if self.absolute is None else self.absolute
        if self.relative is not None:
            wanted = min(wanted, self.relative / (1 + self.relative) * abs(value))
        return wanted


@dataclass(frozen=True, slots=True)
class ReplicationPlan:
    """
    How many replications: the first look, where to stop at the latest, and what is wanted.

    Raises
    ------
    UsageError
        When there would be no replication, or no next look.

    """

    first: int
    at_most: int
    goals: tuple[Goal, ...] = ()
    every: int = 10  # replications from one look to the next

    def __post_init__(self) -> None:
        if min(self.first, self.at_most, self.every) < 1:
            raise UsageError(
                f"replications: first look at {self.first}, at most {self.at_most}, then every "
                f"{self.every}; each must be at least 1"
            )

    def looks(self) -> Iterator[int]:
        """Yield after how many replications to look; the last is ``at_most``."""
        look = self.first if self.goals else self.at_most
        while look < self.at_most:
            yield look
            look += self.every
        yield self.at_most


def plan_of(study: StudyPart) -> ReplicationPlan:
    """
    Return how often the replications of a scenario's study are to be run.

    Raises
    ------
    UsageError
        When a time is wanted of a share, or points of a share are wanted of a time.

    """
    wanted = study.replications
    if isinstance(wanted, int):
        return ReplicationPlan(wanted, wanted)
    goals = tuple(_goal(measure, precision) for measure, precision in wanted.until.items())
    return ReplicationPlan(wanted.at_least, wanted.at_most, goals)


def _goal(measure: str, wanted: Precision) -> Goal:
    name = measure.removeprefix(DIFFERENCE)
    if wanted.points is not None and name.startswith(_TIMES):
        raise UsageError(
            f"study.replications.until.{measure}: {name} is a time, found '{wanted}'; "
            "write '30 s' or '5%'"
        )
    if wanted.time is not None and name.startswith(_SHARES):
        raise UsageError(
            f"study.replications.until.{measure}: {name} is a share, found '{wanted}'; "
            "write '1 pp' or '5%'"
        )
    absolute = wanted.points if wanted.time is None else wanted.time / MS_PER["min"]
    return Goal(measure, wanted.relative, absolute)


class Width(NamedTuple):
    """
    The half-width reached of a measure of an alternative, and that which is wanted.

    The half-width is the larger side of the interval, None where there is no interval; ``wanted``
    is None where there is no value to which it would be relative. Both are in ``unit``.
    """

    alternative: str
    measure: str
    half_width: float | None
    wanted: float | None
    unit: str
    met: bool


def widths(
    plan: ReplicationPlan,
    estimates: Mapping[str, Sequence[Estimate]],
    comparisons: Sequence[Comparison],
) -> list[Width]:
    """
    Return how precise the results are, for each goal and alternative.

    Parameters
    ----------
    plan
        What is wanted.
    estimates
        By alternative, the baseline first; those of the group "all" are looked at.
    comparisons
        Of the same alternatives with the baseline.

    Notes
    -----
    What has no interval is not precise, whether it is too early for one or nothing was measured.
    The baseline has no difference from itself, so that it has no row for a goal that is one.

    """
    each = {(name, row.measure): row for name, rows in estimates.items() for row in _all(rows)}
    apart = {(row.alternative, row.measure): row for row in comparisons if row.group == "all"}
    found = []
    for goal in plan.goals:
        name = goal.measure.removeprefix(DIFFERENCE)
        if name == goal.measure:
            for alternative in estimates:
                e = each.get((alternative, name))
                interval = (None,) * 3 if e is None else (e.value, e.low, e.high)
                found.append(_width(goal, alternative, "" if e is None else e.unit, *interval))
            continue
        for alternative in list(estimates)[1:]:
            c = apart.get((alternative, name))
            interval = (None,) * 3 if c is None else (c.difference, c.low, c.high)
            found.append(_width(goal, alternative, "" if c is None else c.unit, *interval))
    return found


def _all(rows: Sequence[Estimate]) -> Iterator[Estimate]:
    return (row for row in rows if row.group == "all")


def _width(
    goal: Goal,
    alternative: str,
    unit: str,
    value: float | None,
    low: float | None,
    high: float | None,
) -> Width:
    if value is None:
        return Width(alternative, goal.measure, None, goal.absolute, unit, False)
    wanted = goal.wanted(value)
    if low is None or high is None:
        return Width(alternative, goal.measure, None, wanted, unit, False)
    half = max(value - low, high - value)
    return Width(alternative, goal.measure, half, wanted, unit, half <= wanted)


def precise(found: Sequence[Width]) -> bool:
    """Tell whether every goal is met for every alternative."""
    return all(width.met for width in found)
