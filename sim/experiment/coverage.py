"""
How often intervals contain the true value and verdicts are wrong, counted on known studies.

Shipped scenarios are run for many replications, studies are drawn from these pools (`pools`), and
`counting` counts what is concluded from each. `rescuesim coverage` writes what comes out, and fails
where a bound is broken.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.definitions import DIFFERENCE, NOT_REACHED, RESTRICTED_MEAN, TARGET
from sim.outcomes import Sample
from sim.outcomes.verdicts.comparisons import BETTER

from .counting import (
    ABOVE,
    ANY_CLEAR,
    ANY_FOUND,
    ANY_HARM,
    ANY_WORD,
    BELOW,
    BESIDE_ONE,
    COVERED,
    NAMED,
    ROW_BETTER,
    SHARE_FALSE,
    STAYS_IN,
    VALUE,
    Counted,
    Key,
    Truth,
    alike,
    facts,
    intervals,
    refusals,
)
from .pools import ReplicationPool, RunCardPool

QUEUE, RING, REFUSAL = "coverage-queue", "coverage-ring", "coverage-refusal"
STEPS = 8  # of the ring in a study, all alike; the alternatives that follow are not
LOADS = ("3 per hour", "4.4 per hour")
RATES = ("12 per day", "24 per day", "44 per day")
REFUSED = {"starve": ("kind", "fire"), "nohill": ("place", "Hill")}
ABANDONING = (*REFUSED, "noqueue")
BLOCK = 5  # studies
# Replications, studies of each size, those explored: of the queue, the ring, refusals; the sizes.
FULL = (2000, 1500, 0), (500, 600, 60), (40, 150, 0), (10, 30, 100)
QUICK = (200, 400, 0), (60, 150, 5), (10, 30, 0), (10, 30)
QUICK_POOL = QUICK[0][0]  # the largest of the small form
Tally = dict[tuple[int, Key], tuple[float, int]]  # sum of what is counted, and of how many


class CountedShare(NamedTuple):
    """
    Something counted: ``value`` is the share, or mean, over ``studies`` studies of ``replications``
    replications.

    ``measure`` is a name as in the summary, or "difference:" and such a name. What is a fact of
    the pool itself has 0 for ``replications`` and ``studies``.
    """

    scenario: str
    settings: str
    seed: int
    pool: int  # replications
    alternative: str
    measure: str
    what: str
    replications: int
    studies: int
    value: float


@dataclass(frozen=True, slots=True)
class CoverageScenario:
    """A scenario to run, and the studies to draw from it."""

    scenario: str
    settings: tuple[tuple[str, str], ...]
    pool: int  # replications
    studies: int  # of each size
    explored: int  # how many of them are read in every group, too
    sizes: tuple[int, ...]  # replications of a study

    @property
    def said(self) -> str:
        """The settings as people write them."""
        return ", ".join(f"{path}={value}" for path, value in self.settings)

    def blocks(self) -> list[StudyBlock]:
        """Return the studies in blocks, the largest first."""
        return [
            StudyBlock(size, range(first, min(first + BLOCK, self.studies)))
            for size in sorted(self.sizes, reverse=True)
            for first in range(0, self.studies, BLOCK)
        ]


@dataclass(frozen=True, slots=True)
class StudyBlock:
    """Some of the studies of one size, by number."""

    replications: int
    numbers: range


def parts(quick: bool) -> tuple[CoverageScenario, ...]:
    """Return what is run: in full, or in a small form for every change."""
    queue, ring, refusal, sizes = QUICK if quick else FULL
    return (
        *(CoverageScenario(QUEUE, (("demand.rate", load),), *queue, sizes) for load in LOADS),
        CoverageScenario(RING, (), *ring, sizes),
        *(
            CoverageScenario(REFUSAL, (("demand.rate", rate),), *refusal, sizes[:2])
            for rate in RATES
        ),
    )


@dataclass(frozen=True, slots=True)
class PooledScenario:
    """A part that has been run: its pool, and the facts of it."""

    part: CoverageScenario
    pool: ReplicationPool
    facts: tuple[tuple[Key, float], ...]
    truth: Truth


def drawn_from(part: CoverageScenario, samples: Sequence[Sample], seed: int) -> PooledScenario:
    """Return a part with the alternatives of its pool, ready to draw studies from."""
    pool = (
        RunCardPool(samples, seed, STEPS)
        if part.scenario == RING
        else ReplicationPool(samples, seed)
    )
    known = tuple(facts(pool.whole))
    truth = {
        (alternative, measure): value
        for (alternative, measure, what), value in known
        if what == VALUE
    }
    return PooledScenario(part, pool, known, truth)


def count(drawn: PooledScenario, block: StudyBlock) -> Tally:
    """Return what is counted in a block of studies."""
    found: dict[Key, list[float]] = defaultdict(list)
    for number in block.numbers:
        samples = drawn.pool.study(block.replications, number)
        for key, value in _look(drawn, samples, number):
            found[key].append(value)
    return {
        (block.replications, key): (math.fsum(values), len(values)) for key, values in found.items()
    }


def _look(drawn: PooledScenario, samples: Sequence[Sample], number: int) -> Counted:
    if drawn.part.scenario == QUEUE:
        return intervals(samples, drawn.truth)
    if drawn.part.scenario == RING:
        return alike(samples, STEPS, number < drawn.part.explored)
    return refusals(samples, REFUSED)


def found_in(drawn: PooledScenario, tallies: Iterable[Tally]) -> list[CountedShare]:
    """Return the facts of a pool and what was counted in its studies, as rows in a fixed order."""
    each: dict[tuple[int, Key], list[tuple[float, int]]] = defaultdict(list)
    for tally in tallies:  # in the order in which the blocks were done
        for at, counted in tally.items():
            each[at].append(counted)
    part, pool = drawn.part, drawn.pool
    same = part.scenario, part.said, pool.seed, pool.size
    rows = [CountedShare(*same, *key, 0, 0, value) for key, value in drawn.facts]
    for replications, key in sorted(each):
        own = each[replications, key]
        studies = sum(n for _, n in own)
        share = math.fsum(total for total, _ in own) / studies
        rows.append(CountedShare(*same, *key, replications, studies, share))
    return rows


class ShareLimit(NamedTuple):
    """What a share has to keep to: at least or at most ``limit``."""

    limit: float
    at_most: bool


JUDGED = (NOT_REACHED, RESTRICTED_MEAN)
RARE = 30  # replications from which a share that comes from rare weeks is held to its bounds
ON_RING = {
    ANY_CLEAR: ShareLimit(0.065, True),
    ANY_WORD: ShareLimit(0.065, True),
    BESIDE_ONE: ShareLimit(0.065, True),
    ANY_FOUND: ShareLimit(0.065, True),
    SHARE_FALSE: ShareLimit(0.05, True),
    ANY_HARM: ShareLimit(0.05, True),
    STAYS_IN: ShareLimit(0.95, False),
}
ON_REFUSAL = {
    BETTER: ShareLimit(0.0, True),
    ROW_BETTER: ShareLimit(0.0, True),
    NAMED: ShareLimit(0.95, False),
}
SURE = 3  # standard deviations of a share counted in these studies


def bound_of(row: CountedShare) -> ShareLimit | None:
    """Return the bound of a row, None where it has none."""
    measure = row.measure.removeprefix(DIFFERENCE)
    if measure == NOT_REACHED and row.replications < RARE:
        return None
    if row.scenario == QUEUE and (measure in JUDGED or measure.startswith(TARGET)):
        if row.what == COVERED:
            return ShareLimit(0.925 if row.replications < 30 else 0.935, at_most=False)
        return {ABOVE: ShareLimit(0.04, True), BELOW: ShareLimit(0.04, True)}.get(row.what)
    if row.scenario == RING:
        return ON_RING.get(row.what)
    if row.scenario == REFUSAL and row.alternative in ABANDONING:
        return ON_REFUSAL.get(row.what)
    return None


def breaks(row: CountedShare) -> bool:
    """Return whether a row is beyond its bound by more than chance."""
    bound = bound_of(row)
    if bound is None:
        return False
    slack = SURE * math.sqrt(bound.limit * (1 - bound.limit) / row.studies)
    if bound.at_most:
        return row.value > bound.limit + slack
    return row.value < bound.limit - slack


def broken(rows: Iterable[CountedShare]) -> Iterator[str]:
    """Yield in words which rows are beyond their bounds."""
    for row in rows:
        if breaks(row):
            bound = bound_of(row)
            assert bound is not None
            about = ", ".join(filter(None, (row.settings, row.alternative, row.measure)))
            limit = f"at {'most' if bound.at_most else 'least'} {bound.limit:.1%}"
            yield (
                f"{row.scenario} ({about}): {row.what}: {row.value:.1%} of {row.studies} studies "
                f"of {row.replications}, {limit}"
            )
