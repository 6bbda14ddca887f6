"""
Complications of callouts: permission, unsafe scenes, explosive hazards, more people.

Drawn apart from a callout's other marks, by its key: switching one on changes no other draw, and
nothing is spent on them where a scenario has none.

Assumptions: whether a scene is unsafe, has an explosive hazard or needs permission are independent
of each other, of place and hour, and of how long the work takes. The number of people is one and a
Poisson number of others; work and handover for each of them add up. All these choices, and every
number behind them, are the scenario's and no estimate of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim import random_streams
from sim.scenario import Distribution, Kind

from ..variates.durations import Durations, durations
from ..variates.poisson_thinning import Ints, poisson_table

WORDS = 8  # uniforms to a callout; the next line says what each is for
PERMISSION, UNSAFE, SAFE, FOUND, CLEARS, PEOPLE, RECORD, _ = range(WORDS)
MOST_PEOPLE = 4096  # beyond the first; their mean is at most 499


class Complications(NamedTuple):
    """What is rare in a callout's draws. Times in ms."""

    permission: int = 0  # wait for it, counted in ``Callout.ready`` already
    safe: int | None = None  # from received until it is safe to enter; None: safe from the start
    clearance: int | None = (
        None  # work of the team that clears an explosive hazard; None: none there
    )
    handovers: tuple[int, ...] = ()  # of the transports after the first, where there are several


class AddedTimes(NamedTuple):
    """What is added to the times of callouts. [ms]"""

    on_scene: Durations  # for the record and for further people, shape (callouts,)
    handover: Durations  # for further people of the first transport, shape (callouts,)
    handovers: dict[int, tuple[int, ...]]  # by row, of the transports after the first


class ComplicationDraws:
    """
    The rarer draws of callouts, keyed by their keys.

    Parameters
    ----------
    kinds
        The kinds of callout, in the order of their numbers.
    carries
        For each kind how many people a team takes to hospital at once; None: all of them.

    """

    def __init__(self, kinds: Sequence[Kind], carries: Sequence[int | None]) -> None:
        self.kinds, self.carries = kinds, carries
        self.any = any(k.permission or k.scene_hazard or k.explosive_hazard for k in kinds)
        self.further = any(k.people or k.documentation for k in kinds)
        self.others = {  # tables of how many further people there are, by kind
            number: poisson_table(kind.people.mean - 1, MOST_PEOPLE)
            for number, kind in enumerate(kinds)
            if kind.people is not None
        }

    def uniforms(self, seed: int, replication: int, keys: Ints) -> random_streams.Uniforms:
        """Return the uniforms of callouts, given their keys. Shape (callouts, WORDS)."""
        raw = random_streams.hashed(
            seed, replication, random_streams.COMPLICATIONS, keys.astype(np.uint64), WORDS
        )
        return random_streams.uniforms(raw)

    def of(self, kind: Ints, u: random_streams.Uniforms) -> list[Complications | None]:
        """
        Return the complications of each callout, None where there is none.

        Without ``handovers``, which follow from the number of people (``added``).

        Parameters
        ----------
        kind
            The kind of each. Shape (callouts,)
        u
            As ``uniforms`` gives them. Shape (callouts, WORDS)

        """
        found: list[Complications | None] = [None] * len(kind)
        for number, written in enumerate(self.kinds):
            if not (written.permission or written.scene_hazard or written.explosive_hazard):
                continue
            rows = np.flatnonzero(kind == number)
            own = u[rows]
            waits = _drawn(written.permission, own[:, PERMISSION]).tolist()
            danger, device = written.scene_hazard, written.explosive_hazard
            safe = _drawn(danger.safe_after if danger else None, own[:, SAFE]).tolist()
            unsafe = (own[:, UNSAFE] < (danger.share if danger else 0)).tolist()
            clears = _drawn(device.clearance if device else None, own[:, CLEARS]).tolist()
            there = (own[:, FOUND] < (device.share if device else 0)).tolist()
            for i, row in enumerate(rows.tolist()):
                if waits[i] or unsafe[i] or there[i]:
                    found[row] = Complications(
                        waits[i], safe[i] if unsafe[i] else None, clears[i] if there[i] else None
                    )
        return found

    def permission(self, kind: Ints, u: random_streams.Uniforms) -> Durations:
        """Return how long each callout waits for permission; 0: none asked. [ms], shape (n,)"""
        found = np.zeros(len(kind), dtype=np.int64)
        for number, written in enumerate(self.kinds):
            if written.permission is not None:
                mine = kind == number
                found[mine] = durations(written.permission, u[mine, PERMISSION])
        return found

    def added(
        self, seed: int, replication: int, keys: Ints, kind: Ints, u: random_streams.Uniforms
    ) -> AddedTimes:
        """
        Return what the record and further people add to work on scene and handover.

        Where teams carry fewer than all, only those of the first transport add to its handover;
        the handovers of the others are in ``handovers``. Each person's times are words of their
        own, so a larger mean number of people adds people and changes none.

        Parameters
        ----------
        seed, replication
            The key of the draws of people.
        keys, kind
            Of the callouts. Shape (callouts,)
        u
            As ``uniforms`` gives them. Shape (callouts, WORDS)

        """
        scene, handover = (np.zeros(len(kind), dtype=np.int64) for _ in range(2))
        handovers: dict[int, tuple[int, ...]] = {}
        for number, written in enumerate(self.kinds):
            rows = np.flatnonzero(kind == number)
            if written.documentation is not None:
                scene[rows] += durations(written.documentation, u[rows, RECORD])
            if written.people is None or not len(rows):
                continue
            counts = np.searchsorted(self.others[number], u[rows, PEOPLE], side="right")
            most = int(counts.max(initial=0))
            if not most:
                continue
            raw = random_streams.hashed(
                seed, replication, random_streams.PEOPLE, keys[rows].astype(np.uint64), 2 * most
            )
            v = random_streams.uniforms(raw).reshape(len(rows), most, 2)
            there = np.arange(most)[None, :] < counts[:, None]
            for column, law, word in (
                (scene, written.people.on_scene, 0),
                (handover, written.people.handover, 1),
            ):
                times = durations(law, v[:, :, word].ravel()).reshape(len(rows), most)
                each = np.where(there, times, 0)
                carries = self.carries[number]
                if word == 1 and carries is not None and carries <= most:
                    firsts = durations(written.handover, v[:, carries - 1 :: carries, 1].ravel())
                    each[:, carries - 1 :: carries] = firsts.reshape(len(rows), -1)
                    handovers |= _by_transport(rows.tolist(), counts.tolist(), each, carries)
                    each = each[:, : carries - 1]
                column[rows] += each.sum(axis=1)
        return AddedTimes(scene, handover, handovers)


def _by_transport(
    rows: Sequence[int], counts: Sequence[int], each: Ints, carries: int
) -> dict[int, tuple[int, ...]]:
    """
    Return by row the handovers of the transports after the first, where there are any. [ms]

    ``counts`` are the people after the first, ``each`` what the handover of each of them takes,
    that of the first of a transport whole. Those of one transport are handed over together.
    """
    return {
        row: tuple(
            int(own[first : min(first + carries, count)].sum())
            for first in range(carries - 1, count, carries)
        )
        for row, count, own in zip(rows, counts, each, strict=True)
        if count >= carries
    }


_NONE = Complications()


def without_permission(complications: Complications | None) -> Complications | None:
    """
    Return the complications of a callout whose handling time is recorded.

    The recorded time contains whatever permission took, so none is drawn on top of it.
    """
    rest = complications and complications._replace(permission=0)
    return None if rest == _NONE else rest


def _drawn(law: Distribution | None, u: random_streams.Uniforms) -> Durations:
    return np.zeros(len(u), dtype=np.int64) if law is None else durations(law, u)
