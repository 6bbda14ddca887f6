"""
Callouts as they come in, each with its luck.

Callouts are points of a Poisson process in the plane of time and height: a point at ``(t, h)``
is a callout wherever the rate at ``t`` exceeds ``h``. Raising the rate, an hour's demand or the
scale therefore only adds callouts and lowering it only takes some away; all others keep their
time, place, kind and every mark. The plane is cut into days and bands, each point has its own
keyed numbers, and nothing depends on what was drawn before.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from math import ceil, exp, fsum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim import marks
from sim.log import MS_PER_DAY, MS_PER_HOUR
from sim.scenario import Distribution, ListedRow, Scenario

from .durations import Durations, durations

BAND = 64  # height of a band: mean points a day in each
SLOTS = 160  # entities reserved for a day of a band: twelve standard deviations above the mean
WORDS = 12
BLOCK = 32  # days generated at a time
DAY_ZERO = 1 << 20  # days are counted from far enough back that a warm-up has its own

(
    AT,
    HEIGHT,
    PLACE,
    KIND,
    ON_SCENE,
    TURNOUT,
    LAST_MILE,
    TRANSPORT,
    HAND_OVER,
    GIVES_UP,
    HANDLING,
    _,
) = range(WORDS)

Ints = npt.NDArray[np.int64]


class Callout(NamedTuple):
    """What the desk and its policies know of a callout: need, place and time, never identity."""

    number: int  # in the order received
    kind: int
    priority: int
    place: int
    received: int
    ready: int


class Trouble(NamedTuple):
    """What is rare in a callout's luck. Times in ms."""

    permission: int = 0  # wait for it, counted in ``Callout.ready`` already
    safe: int | None = None  # received to safe to enter; None: safe from the start
    device: int | None = None  # work of the team that clears a device there; None: none is found


class Marks(NamedTuple):
    """A callout's luck, which nobody at the desk knows beforehand. Times in ms."""

    key: int
    on_scene: tuple[int, ...]  # by pace: 0 the kind's own, then teams with their own
    turnout: tuple[int, ...]  # by distinct turnout
    last_mile: int
    transported: bool
    hand_over: int
    gives_up: int | None
    trouble: Trouble | None = None


# named tuples built without their constructor's detour through Python
_callout = partial(tuple.__new__, Callout)
_marks = partial(tuple.__new__, Marks)


class Laws(NamedTuple):
    """The distinct distributions that teams bring along, in the order their numbers refer to."""

    paces: tuple[Distribution, ...]  # on scene, of teams that differ from the kind
    turnouts: tuple[Distribution, ...]


class Demand:
    """The callouts of a scenario, for any seed and replication."""

    def __init__(
        self,
        scenario: Scenario,
        weights: Sequence[float],
        places: Sequence[str],
        laws: Laws,
        listed: Sequence[ListedRow] | None = None,
    ) -> None:
        self.scenario = scenario
        self.laws = laws
        self.listed = listed
        self.kinds = list(scenario.demand.kinds.values())
        self.place_number = {name: i for i, name in enumerate(places)}
        self.kind_number = {name: i for i, name in enumerate(scenario.demand.kinds)}
        self.begins = -scenario.clock.warm_up
        self.ends = scenario.clock.run
        start = scenario.clock.start
        self.start_of_day = (start.hour * 60 + start.minute) * 60_000
        self.weekday = start.weekday()
        self.handling_varies = scenario.desk.call_handling.value is None
        self._place_shares = _cumulative(weights)
        self._kind_shares = _cumulative([kind.share for kind in self.kinds])

    @cached_property
    def week(self) -> npt.NDArray[np.float64]:
        """Callouts a day, at the rate of each hour of the week from Monday. Shape (168,)."""
        demand = self.scenario.demand
        hours = np.array(demand.hours) * (24 / sum(demand.hours))
        days = np.array(demand.weekdays) * (7 / sum(demand.weekdays))
        rate: npt.NDArray[np.float64] = (
            (demand.rate or 0.0) * demand.scale * np.outer(days, hours).ravel()
        )
        return rate

    def rate_at(self, at: Ints) -> npt.NDArray[np.float64]:
        """Return the rate at instants. [1/day]"""
        hour = (at + self.start_of_day + self.weekday * MS_PER_DAY) // MS_PER_HOUR
        return self.week[hour % 168]

    @cached_property
    def expected(self) -> float:
        """Mean number of callouts received in the measured period."""
        if self.listed is not None:
            return float(len(self.listed))
        weeks, rest = divmod(self.ends, 7 * MS_PER_DAY)
        into = (self.start_of_day + self.weekday * MS_PER_DAY) % MS_PER_HOUR
        edges = np.unique(np.clip(np.arange(-into, rest + MS_PER_HOUR, MS_PER_HOUR), 0, rest))
        part = self.rate_at(edges[:-1]) * np.diff(edges) / MS_PER_DAY
        return weeks * fsum(self.week) / 24 + fsum(part)

    def callouts(self, seed: int, replication: int) -> Iterator[tuple[Callout, Marks]]:
        """
        Yield the callouts of a replication with their luck, in the order they become ready.

        Numbers count the callouts in the order received, warm-up included; a callout's key
        names its point in the plane and is the same in every alternative and horizon.
        """
        number = 0
        waiting: list[tuple[Callout, Marks]] = []
        for block_end, block in self._blocks(seed, replication):
            rows = self._rows(block, number)
            number += len(block.at)
            if waiting or self.handling_varies:
                rows = sorted(waiting + rows, key=_by_ready)
            # the next block may still hold one that is ready before these
            cut = bisect_left(rows, (block_end, -1), key=_by_ready)
            yield from rows[:cut]
            waiting = rows[cut:]
        yield from waiting

    def _blocks(self, seed: int, replication: int) -> Iterator[tuple[int, _Block]]:
        if self.listed is not None:
            yield self.ends, self._listed_block(seed, replication)
            return
        first, last = self.begins // MS_PER_DAY, -(-self.ends // MS_PER_DAY)
        for day in range(first, last, BLOCK):
            days = min(BLOCK, last - day)
            yield (day + days) * MS_PER_DAY, self._generated_block(seed, replication, day, days)

    def _generated_block(self, seed: int, replication: int, first: int, days: int) -> _Block:
        bands = range(ceil(self.week.max() / BAND))
        found = [self._band(seed, replication, first, days, band) for band in bands]
        if not found:
            return _Block.empty()
        at, keys = (np.concatenate([f[i] for f in found]) for i in (0, 1))
        u = np.concatenate([f[2] for f in found])
        order = np.lexsort((keys, at))
        at, keys, u = at[order], keys[order], u[order]
        place = np.searchsorted(self._place_shares, u[:, PLACE], side="right")
        kind = np.searchsorted(self._kind_shares, u[:, KIND], side="right")
        return _Block(at, keys, place, kind, u, None)

    def _band(
        self, seed: int, replication: int, first: int, days: int, band: int
    ) -> tuple[Ints, Ints, marks.Uniforms]:
        """Return instants, keys and uniforms of the callouts in one band of some days."""
        entity = DAY_ZERO + first
        stream = marks.COUNTS | band << 8
        # a Philox block holds four numbers, so days go in fours: read the whole fours around
        before = entity % 4
        raw = marks.bits(seed, replication, stream, entity // 4, (before + days + 3) // 4, 4)
        counts = marks.uniforms(raw.ravel()[before : before + days])
        count = np.searchsorted(_POISSON, counts, side="right")
        raw = marks.bits(
            seed, replication, marks.POINTS | band << 8, entity * SLOTS, days * SLOTS, WORDS
        )
        slot = np.flatnonzero(np.tile(np.arange(SLOTS), days) < np.repeat(count, SLOTS))
        u = marks.uniforms(raw[slot])
        at = (first + slot // SLOTS) * MS_PER_DAY + (u[:, AT] * MS_PER_DAY).astype(np.int64)
        kept = (band + u[:, HEIGHT]) * BAND < self.rate_at(at)
        kept &= (at >= self.begins) & (at < self.ends)
        keys = (band << 40) + entity * SLOTS + slot
        return at[kept], keys[kept], u[kept]

    def _listed_block(self, seed: int, replication: int) -> _Block:
        assert self.listed is not None
        rows = [(i, row) for i, row in enumerate(self.listed) if row.at_ms < self.ends]
        u = marks.uniforms(marks.bits(seed, replication, marks.LISTED, 0, len(self.listed), WORDS))
        given = [row.on_scene_ms for _, row in rows]
        return _Block(
            np.array([row.at_ms for _, row in rows], dtype=np.int64),
            np.array([i for i, _ in rows], dtype=np.int64),
            np.array([self.place_number[row.place] for _, row in rows], dtype=np.int64),
            np.array([self.kind_number[row.kind] for _, row in rows], dtype=np.int64),
            u[[i for i, _ in rows]],
            given if any(g is not None for g in given) else None,
        )

    def _rows(self, block: _Block, first_number: int) -> list[tuple[Callout, Marks]]:
        """Return a block's callouts and marks as the engine takes them."""
        n = len(block.at)
        if not n:
            return []
        desk, u, kind = self.scenario.desk, block.u, block.kind
        ready = block.at + durations(desk.call_handling, u[:, HANDLING])
        priority = np.array([k.priority for k in self.kinds])[kind]
        callouts = zip(
            range(first_number, first_number + n),
            kind.tolist(),
            priority.tolist(),
            block.place.tolist(),
            block.at.tolist(),
            ready.tolist(),
            strict=True,
        )
        paces = [self._on_scene(block), *(durations(d, u[:, ON_SCENE]) for d in self.laws.paces)]
        if block.on_scene is not None:
            paces = [_given(block.on_scene, column) for column in paces]
        turnouts = [durations(d, u[:, TURNOUT]) for d in self.laws.turnouts]
        luck = zip(
            block.keys.tolist(),
            zip(*(column.tolist() for column in paces), strict=True),
            zip(*(column.tolist() for column in turnouts), strict=True),
            durations(self.scenario.map.last_mile, u[:, LAST_MILE]).tolist(),
            self._transported(block).tolist(),
            self._by_kind(block, [k.hand_over for k in self.kinds], HAND_OVER).tolist(),
            self._gives_up(block),
            [None] * n,
            strict=True,
        )
        return list(zip(map(_callout, callouts), map(_marks, luck), strict=True))

    def _by_kind(self, block: _Block, laws: Sequence[Distribution], word: int) -> Durations:
        found = np.zeros(len(block.at), dtype=np.int64)
        for number, law in enumerate(laws):
            if law.value != 0:
                mine = block.kind == number
                found[mine] = durations(law, block.u[mine, word])
        return found

    def _on_scene(self, block: _Block) -> Durations:
        found = self._by_kind(block, [k.on_scene for k in self.kinds], ON_SCENE)
        for number, kind in enumerate(self.kinds):
            for place, law in kind.on_scene_at.items():
                here = (block.kind == number) & (block.place == self.place_number[place])
                found[here] = durations(law, block.u[here, ON_SCENE])
        return found

    def _transported(self, block: _Block) -> npt.NDArray[np.bool_]:
        share = np.array([k.transported if k.to else 0.0 for k in self.kinds])
        taken: npt.NDArray[np.bool_] = block.u[:, TRANSPORT] < share[block.kind]
        return taken

    def _gives_up(self, block: _Block) -> Sequence[int | None]:
        if all(k.gives_up is None for k in self.kinds):
            return [None] * len(block.at)
        never = Distribution(law="fixed", value=0)
        waits = self._by_kind(block, [k.gives_up or never for k in self.kinds], GIVES_UP)
        patient = [k.gives_up is None for k in self.kinds]
        return [
            None if patient[k] else w
            for k, w in zip(block.kind.tolist(), waits.tolist(), strict=True)
        ]


class _Block(NamedTuple):
    at: Ints
    keys: Ints
    place: Ints
    kind: Ints
    u: marks.Uniforms
    on_scene: list[int | None] | None  # as given in a list of callouts

    @classmethod
    def empty(cls) -> _Block:
        none = np.empty(0, dtype=np.int64)
        return cls(none, none, none, none, np.empty((0, WORDS)), None)


def _by_ready(row: tuple[Callout, Marks]) -> tuple[int, int]:
    return row[0].ready, row[0].number


def _given(given: Sequence[int | None], drawn: Durations) -> Durations:
    return np.array([d if g is None else g for g, d in zip(given, drawn.tolist(), strict=True)])


def _cumulative(weights: Sequence[float]) -> npt.NDArray[np.float64]:
    """Return the inner cumulative shares, so that ``searchsorted`` never runs off the end."""
    summed = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.asarray(summed[:-1] / summed[-1])


def _poisson_table(mean: float, most: int) -> npt.NDArray[np.float64]:
    """Return P(N <= k) for k from 0; the inverse by ``searchsorted`` is at most ``most``."""
    term, total, table = exp(-mean), 0.0, []
    for k in range(most):
        total += term
        table.append(total)
        term *= mean / (k + 1)
    return np.array(table)


_POISSON = _poisson_table(BAND, SLOTS)
