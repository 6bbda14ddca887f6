"""
Relocation rules that may move any free team.

They are asked when a team has become free and when the teams that are free have changed. The
freed team always gets a base; the others stay where they wait, or are bound, unless moved. Demand
is counted in whole parts per million and drives in whole milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from sim.log import MS_PER_HOUR, NO_ACCESS
from sim.scenario.fields.quantities import Duration, Share
from sim.scenario.text.tags import FILE, HERE
from sim.theory import chances_of_free, double_standard, least_largest, least_total, mecrp

from ..rule_basis.caching import cached_on_map
from ..rule_basis.common import MILLION, ONE, BusyFraction, Within, falling
from ..rule_basis.views import Atlas, FleetView
from .dynaroc import Dynaroc
from .moving import (
    Answer,
    Moves,
    Named,
    covers,
    drive,
    movable,
    resting,
    said,
)
from .relocation import powers

BILLION = 1_000_000_000


Row = dict[str, Annotated[int, Field(ge=1, le=1000)]]
Rows = Annotated[
    Annotated[Row, Tag(HERE)] | Annotated[tuple[Row, ...], Field(min_length=1), Tag(FILE)],
    Discriminator(lambda written: HERE if isinstance(written, dict) else FILE),
]
HourCosts = Annotated[
    Share, Field(description="Share of the demand that an hour's drive of one team is worth.")
]


@dataclass(frozen=True, slots=True)
class ComplianceTable:
    """
    Keep to a table: which bases are filled for each number of free teams.

    Teams are matched with the slots of the row by the least total travel, or the smallest maximum
    and then the least total; of several rows the one with the least is taken; ties go to the first.
    A number of free teams that the table lacks takes the next lower row, or the first. Where a row
    has fewer slots than teams, the surplus teams stay (the freed team goes home); where it has
    more, those that cost most travel stay empty. A team moved ``moves`` times already stays and
    fills a slot of its base, if there is one. With a ``benefit``, teams that wait are moved only if
    the expected covered demand, as in the relocation rule dmexclp, rises by so much for each of
    them; else only the freed team is placed.

    Without a table it is made beforehand by `sim.theory.mecrp`: the covered demand over how many
    teams are free, each busy a fraction ``busy_fraction`` of the time, with a hundredth for
    demand covered twice. Ties are those of `sim.theory.least_total` and `mecrp`.
    """

    moves_all = True
    source = (
        'M. Gendreau, G. Laporte, F. Semet, "The maximal expected coverage relocation problem for '
        'emergency vehicles", J. Oper. Res. Soc. 57(1), 2006, 22-28; K. Sudtachat, M. E. Mayorga, '
        'L. A. McLay, "A nested-compliance table policy for emergency medical service systems '
        'under relocation", Omega 58, 2016, 154-168'
    )

    table: Annotated[
        dict[Annotated[int, Field(ge=1, le=1000)], Rows] | None,
        Field(
            min_length=1,
            description="For each number of free teams, teams by base, as {2: {North: 1, South: "
            "1}}, or a list of such; made from demand and times if left out.",
        ),
    ] = None
    objective: Annotated[
        Literal["total", "largest"],
        Field(description="Whether the total or the largest travel of a change is least."),
    ] = "total"
    benefit: Annotated[
        Share,
        Field(description="Least rise of the expected covered demand for each waiting team moved."),
    ] = 0.0
    moves: Moves = None
    busy_fraction: BusyFraction = 0.4
    within: Within = 900_000
    changes: Annotated[
        int,
        Field(
            ge=0,
            le=1000,
            description="Teams that may have to leave their base when one more is free; for a "
            "table that is made.",
        ),
    ] = 0

    def __call__(self, view: FleetView) -> Answer:
        """Return the bases that fill the row for this number of free teams."""
        free = len(view.teams)
        rows = self._rows(view, free)
        bases = self._filled(view, rows, movable(view, self.moves))
        moved = [i for i in range(free) if view.teams[i] != view.freed and bases[i] != view.at[i]]
        if moved and self.benefit:
            alone = self._filled(view, rows, movable(view, 0))
            rise = self._cover(view, bases) - self._cover(view, alone)
            if rise < round(self.benefit * MILLION * ONE) * len(moved):
                return said(view, alone, "fills the row; moving others would not cover enough")
        also = f"; {len(moved)} that wait are moved" if moved else ""
        return said(view, bases, f"fills the row for {free} free teams{also}")

    def names(self) -> Named:
        """Yield what the parameters name: the path inside them, what it is, and the name."""
        for free, rows in (self.table or {}).items():
            if isinstance(rows, dict):
                yield from ((("table", free, name), "base", name) for name in rows)
            else:
                for i, row in enumerate(rows):
                    yield from ((("table", free, i, name), "base", name) for name in row)

    def _rows(self, view: FleetView, free: int) -> Sequence[Sequence[int]]:
        atlas = view.atlas
        if self.table is None:
            q, within, changes = self.busy_fraction, self.within, self.changes
            made = made_table(atlas, q, within, changes)
            return (made[min(free, len(made)) - 1],)
        number = max((k for k in self.table if k <= free), default=min(self.table, default=0))
        given = self.table.get(number, {})
        return [
            [row.get(name, 0) for name in atlas.bases]
            for row in ((given,) if isinstance(given, dict) else given)
        ]

    def _filled(
        self, view: FleetView, rows: Sequence[Sequence[int]], movers: Sequence[int]
    ) -> list[int]:
        """Return the bases that fill the row with the least travel."""
        choices = [self._matched(view, row, movers) for row in rows]
        return min(choices, key=lambda choice: choice[0])[1]

    def _matched(
        self, view: FleetView, row: Sequence[int], movers: Sequence[int]
    ) -> tuple[tuple[int, ...], list[int]]:
        """Return what filling a row costs, and the bases."""
        bases = resting(view)
        left = list(row)
        for i in set(range(len(bases))) - set(movers):
            left[bases[i]] = max(0, left[bases[i]] - 1)
        slots = [base for base, teams in enumerate(left) for _ in range(teams)]
        over = max(0, len(movers) - len(slots))
        costs = [
            [drive(view, i, b) for b in slots] + [drive(view, i, bases[i])] * over for i in movers
        ]
        total = self.objective == "total"
        chosen = (least_total if total else least_largest)(costs)
        for i, slot in zip(movers, chosen, strict=True):
            if slot < len(slots) and view.drives[i][slots[slot]] < NO_ACCESS:
                bases[i] = slots[slot]
        travel = [view.drives[i][bases[i]] for i in movers]
        return ((sum(travel),) if total else (max(travel, default=0), sum(travel))), bases

    def _cover(self, view: FleetView, bases: Sequence[int]) -> int:
        """Return the demand that is covered by a free team on average. [ppm, times ONE]"""
        share = powers(self.busy_fraction, len(bases))
        return sum(
            weight * sum(share[: sum(base in near for base in bases)])
            for near, weight in covers(view.atlas, self.within).items()
        )


@cached_on_map
def made_table(
    atlas: Atlas, busy_fraction: float, within: int, changes: int
) -> tuple[tuple[int, ...], ...]:
    """Return the table of `sim.theory.mecrp`: teams by base, for each number of free teams."""
    weights = atlas.weights if any(atlas.weights) else (1,) * len(atlas.places)
    times = [atlas.times[place] for place in atlas.base_places]
    chances = chances_of_free(len(atlas.teams), busy_fraction)
    return mecrp(weights, times, within - atlas.delay, chances, changes=changes, again=0.01).rows


@dataclass(frozen=True, slots=True)
class DoubleStandard:
    """
    Cover most demand twice ``within`` the short time, less the cost of moving.

    All demand should be covered within the ``longest`` time and a share of it within the short
    one. An hour's drive costs ``hour_costs`` of the demand; a free team costs this once more for
    each time it was moved in the last 24 hours, so that the same teams are not moved again and
    again. Solved again at each decision by `sim.theory.double_standard`, which says what happens
    where there are too few teams, and how ties break. Derived from general knowledge; checked by
    hand in tests/policies/test_compliance.py.
    """

    moves_all = True
    source = (
        'M. Gendreau, G. Laporte, F. Semet, "A dynamic model and parallel tabu search heuristic '
        'for real-time ambulance relocation", Parallel Comput. 27(12), 2001, 1641-1653'
    )

    within: Within = 900_000
    longest: Annotated[
        Duration, Field(description="Response time within which all should be. [duration]")
    ] = 1_800_000
    share: Annotated[
        Share, Field(description="Share of the demand to be covered within the short time.")
    ] = 0.9
    hour_costs: HourCosts = 0.1
    moves: Moves = None

    def __call__(self, view: FleetView) -> Answer:
        """Return the bases with the best double cover less the cost of moving."""
        atlas = view.atlas
        rests, may_move = resting(view), set(movable(view, self.moves))
        charges = [
            [self._charge(view, i, b, rests[i], i in may_move) for b in range(len(atlas.bases))]
            for i in range(len(view.teams))
        ]
        needed = round(self.share * sum(atlas.weights))
        near = covers(atlas, self.within)
        bases = double_standard(near, covers(atlas, self.longest), needed, charges)
        once, twice = (
            sum(w for group, w in near.items() if sum(b in group for b in bases) >= least)
            for least in (1, 2)
        )
        why = f"covers {once / 10_000:.2f}% of the demand once and {twice / 10_000:.2f}% twice"
        return said(view, bases, why)

    def names(self) -> Named:
        """Yield nothing: no parameter names anything."""
        yield from ()

    def _charge(self, view: FleetView, i: int, base: int, rests: int, may_move: bool) -> int | None:
        way = drive(view, i, base)
        freed = view.teams[i] == view.freed
        if base == rests and (not freed or way is None):
            return 0
        if way is None or not may_move:
            return None
        times = 1 if freed else 1 + view.moves[i]
        return round(self.hour_costs * MILLION * way * times / MS_PER_HOUR)


@dataclass(frozen=True, slots=True)
class Diminishing:
    """
    Add teams to a base while the next one is worth its drive.

    The m-th team at base j is worth ``b_jm``, less for each further one; an hour's drive costs
    ``hour_costs``. The largest sum is an assignment of teams to slots, because falling benefits
    fill the slots of a base in order. Benefits that are not given are ``D_j (1 - q) q^(m-1)``,
    with ``D_j`` the share of the demand to which base j is the nearest (ties go to the first).
    Ties are those of `sim.theory.least_total`. Checked by hand in
    tests/policies/test_compliance.py.
    """

    moves_all = True
    source = (
        'L. Zhang, "Simulation optimisation and Markov models for dynamic ambulance redeployment", '
        "PhD thesis, University of Auckland, 2012 (year recalled, not checked)"
    )

    benefits: Annotated[
        dict[str, Annotated[tuple[Share, ...], AfterValidator(falling)]] | None,
        Field(
            description="For each base what its first, second, ... team is worth, as a share of "
            "the demand; from demand and times if left out."
        ),
    ] = None
    hour_costs: HourCosts = 0.1
    busy_fraction: BusyFraction = 0.4
    moves: Moves = None

    def __call__(self, view: FleetView) -> Answer:
        """Return the bases with the largest sum of benefits less the cost of moving."""
        bases = resting(view)
        movers = movable(view, self.moves)
        taken = [0] * len(view.atlas.bases)
        for i in set(range(len(bases))) - set(movers):
            taken[bases[i]] += 1
        worths = self._worths(view.atlas)
        slots = [
            (base, row[m] if m < len(row) else 0)
            for base, row in enumerate(worths)
            for m in range(taken[base], taken[base] + len(movers))
        ]
        costs = [
            [
                None if way is None else self._paid(way) - worth
                for base, worth in slots
                for way in [drive(view, i, base)]
            ]
            for i in movers
        ]
        for i, slot in zip(movers, least_total(costs), strict=True):
            if view.drives[i][slots[slot][0]] < NO_ACCESS:
                bases[i] = slots[slot][0]
        return said(view, bases, "its benefit there, less the drive, is largest for all together")

    def names(self) -> Named:
        """Yield what the parameters name: the path inside them, what it is, and the name."""
        yield from ((("benefits", name), "base", name) for name in self.benefits or {})

    def _paid(self, way: int) -> int:
        """Return what a drive costs. [1e-9 of the demand]"""
        return round(self.hour_costs * BILLION * way / MS_PER_HOUR)

    def _worths(self, atlas: Atlas) -> Sequence[Sequence[int]]:
        """Return what each team at each base is worth. [1e-9 of the demand]"""
        if self.benefits is not None:
            given = [self.benefits.get(name, ()) for name in atlas.bases]
            return [[round(b * BILLION) for b in row] for row in given]
        return made_worths(atlas, self.busy_fraction)


@cached_on_map
def made_worths(atlas: Atlas, busy_fraction: float) -> tuple[tuple[int, ...], ...]:
    """Return ``D_j (1 - q) q^(m-1)`` for each team m at each base j. [1e-9 of the demand]"""
    nearest = [0] * len(atlas.bases)
    for zone, weight in enumerate(atlas.weights):
        times = [atlas.times[place][zone] for place in atlas.base_places]
        nearest[times.index(min(times))] += weight
    q = busy_fraction
    return tuple(
        tuple(round(1000 * demand * (1 - q) * q**m) for m in range(len(atlas.teams)))
        for demand in nearest
    )


RULES: dict[str, type] = {
    "compliance_table": ComplianceTable,
    "ddsm": DoubleStandard,
    "diminishing": Diminishing,
    "dynaroc": Dynaroc,
}
