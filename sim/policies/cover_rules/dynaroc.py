"""Keep every place prepared, with the least largest drive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Annotated

from pydantic import Field

from ..rule_basis.caching import cached_on_map
from ..rule_basis.common import FINE, MILLION, Contributions
from ..rule_basis.views import Atlas, FleetView
from .moving import Answer, Moves, Named, drive, movable, resting, said

MS_PER_MINUTE = 60_000

Zone = tuple[int, tuple[tuple[int, int], ...]]
"""What a place needs, and its bases, nearest first, each with one over the time from it."""
Move = tuple[int, int, int]
"""A drive, the position of the team, and the base: in this order, so that ties break on teams."""


@dataclass(frozen=True, slots=True)
class Dynaroc:
    """
    Keep the preparedness of every place at a level, with the smallest maximum drive.

    The preparedness of place i is ``p_i = (1/c_i) sum over l of g_l / t_i^l`` [teams per minute]:
    ``t_i^l`` the response time of the l-th nearest free team at the base where it stands by or is
    going, ``g_l`` its contribution, and ``c_i`` the demand of the place over that of a place with
    an average share. Places without demand need nothing.

    Where all places are at the ``level``, no team is moved and the freed team goes home. Else, of
    all sets of at most ``at_once`` moves that bring all places to the level, the one with the
    smallest maximum drive is chosen; ties go to the fewest moves, then the least total, then the
    first teams and bases. The freed team, sent elsewhere than home, counts as moved. Where no set
    suffices, the single move is made that raises the least preparedness most. The paper searches a
    tree and may miss the best set; here all sets are tried in order of their largest drive. Derived
    from general knowledge; checked by hand in tests/policies/test_compliance.py.
    """

    moves_all = True
    source = (
        'T. Andersson, P. Värbrand, "Decision support tools for ambulance dispatch and '
        'relocation", J. Oper. Res. Soc. 58(2), 2007, 195-201'
    )

    level: Annotated[
        float,
        Field(ge=0, le=1000, description="Least preparedness of every place. [teams per minute]"),
    ] = 0.005
    contributions: Contributions = (1.0, 0.5, 0.25)
    at_once: Annotated[
        int,
        Field(
            ge=1,
            le=3,
            description="Largest number of teams moved at a time; three take long to compute.",
        ),
    ] = 2
    moves: Moves = None

    def __call__(self, view: FleetView) -> Answer:
        """Return the bases that bring all places to the level."""
        bases = resting(view)
        if self._least(view, bases) >= MILLION:
            return said(view, bases, "every place is prepared; goes home")
        ways = sorted(
            (way, i, base)
            for i in movable(view, self.moves)
            for base in range(len(view.atlas.bases))
            if base != bases[i]
            for way in [drive(view, i, base)]
            if way is not None
        )
        found = self._enough(view, bases, ways)
        if found is not None:
            return said(view, _moved(bases, found), "brings every place to the level")
        best = self._most(view, bases, ways)
        if best is None:
            return said(view, bases, "no move prepares the least prepared place better; goes home")
        return said(view, _moved(bases, (best,)), "prepares the least prepared place best")

    def names(self) -> Named:
        """Yield nothing: no parameter names anything."""
        yield from ()

    def _enough(
        self, view: FleetView, bases: Sequence[int], ways: Sequence[Move]
    ) -> tuple[Move, ...] | None:
        """Return the moves after which all places are prepared, with the least largest drive."""
        worst = self._zones(view)[self._worst(view, bases)]
        best: tuple[tuple[int, int, int, tuple[Move, ...]], tuple[Move, ...]] | None = None
        for last, longest in enumerate(ways):
            if best is not None and longest[0] > best[0][0]:
                break
            for others in range(self.at_once):
                for earlier in combinations(ways[:last], others):
                    chosen = (*earlier, longest)
                    if len({i for _, i, _ in chosen}) <= others:
                        continue  # one team, moved twice
                    after = _moved(bases, chosen)
                    # the least prepared place first: most sets fail there, and it is one of many
                    if ratio(worst, _counted(view, after), self.contributions) < MILLION:
                        continue
                    if self._least(view, after) >= MILLION:
                        total = sum(way for way, _, _ in chosen)
                        key = (longest[0], others, total, chosen)
                        best = min(best or (key, chosen), (key, chosen))
        return None if best is None else best[1]

    def _most(self, view: FleetView, bases: Sequence[int], ways: Sequence[Move]) -> Move | None:
        """Return the move that raises the least preparedness most; ties go to the shortest."""
        now = self._least(view, bases)
        raised = [(-self._least(view, _moved(bases, (move,))), move) for move in ways]
        best = min(raised, default=None)
        return best[1] if best is not None and -best[0] > now else None

    def _least(self, view: FleetView, bases: Sequence[int]) -> int:
        """Return the least preparedness over what is needed. [per million]"""
        return self._known(view, bases)[0]

    def _worst(self, view: FleetView, bases: Sequence[int]) -> int:
        """Return which place that is, among those with demand."""
        return self._known(view, bases)[1]

    def _known(self, view: FleetView, bases: Sequence[int]) -> tuple[int, int]:
        counts = _counted(view, bases)
        return least_ratio(view.atlas, self.level, self.contributions, counts)

    def _zones(self, view: FleetView) -> tuple[Zone, ...]:
        return zones_of(view.atlas, self.level)


@cached_on_map
def zones_of(atlas: Atlas, level: float) -> tuple[Zone, ...]:
    """Return what each place with demand needs, and from where it is reached how fast."""
    rows = [atlas.times[place] for place in atlas.base_places]
    average = sum(atlas.weights) / len(atlas.weights)
    found = []
    for zone, weight in enumerate(atlas.weights):
        if weight:
            near = sorted((row[zone] + atlas.delay, base) for base, row in enumerate(rows))
            needed = level * weight / average * MILLION * FINE / MS_PER_MINUTE
            parts = tuple((base, FINE // max(1, time)) for time, base in near)
            found.append((max(1, round(needed)), parts))
    return tuple(found)


@cached_on_map
def least_ratio(
    atlas: Atlas,
    level: float,
    contributions: tuple[float, ...],
    counts: tuple[int, ...],
) -> tuple[int, int]:
    """Return the least preparedness over what is needed [per million], and of which place."""
    zones = zones_of(atlas, level)
    return min(
        ((ratio(zone, counts, contributions), n) for n, zone in enumerate(zones)),
        default=(MILLION, 0),
    )


def ratio(zone: Zone, counts: Sequence[int], contributions: Sequence[float]) -> int:
    """Return the preparedness of a place over what it needs. [per million]"""
    needed, near = zone
    prepared, rank = 0, 0
    for base, part in near:
        for _ in range(min(counts[base], len(contributions) - rank)):
            prepared += round(contributions[rank] * MILLION) * part
            rank += 1
    return prepared * MILLION // needed


def _moved(bases: Sequence[int], moves: Sequence[Move]) -> list[int]:
    """Return where teams wait after some moves."""
    found = list(bases)
    for _, i, base in moves:
        found[i] = base
    return found


def _counted(view: FleetView, bases: Sequence[int]) -> tuple[int, ...]:
    """Return how many teams each base has."""
    counts = [0] * len(view.atlas.bases)
    for base in bases:
        counts[base] += 1
    return tuple(counts)
