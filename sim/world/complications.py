"""Complications of callouts: permission, unsafe scenes, explosive hazards, more people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim import random_streams
from sim.scenario import Distribution, Kind

from .durations import Durations, durations
from .poisson_thinning import Ints, poisson_table

WORDS = 8
PERMISSION, UNSAFE, SAFE, FOUND, CLEARS, PEOPLE, RECORD, _ = range(WORDS)
MOST_PEOPLE = 4096


class Complications(NamedTuple):
    """What is rare in a callout's draws. Times in ms."""

    permission: int = 0  # wait for it, counted in ``Callout.ready`` already
    safe: int | None = None  # received to safe to enter; None: safe from the start
    clearance: int | None = (
        None  # work of the team that clears an explosive hazard; None: none there
    )


class AddedTimes(NamedTuple):
    """What is added to the times of callouts. [ms]"""

    on_scene: Durations
    handover: Durations


class ComplicationDraws:
    """The rarer draws of callouts, keyed by their keys."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self.kinds = kinds
        self.any = any(k.permission or k.scene_hazard or k.explosive_hazard for k in kinds)
        self.further = any(k.people or k.documentation for k in kinds)
        self.others = {  # tables of how many further people there are, by kind
            number: poisson_table(kind.people.mean - 1, MOST_PEOPLE)
            for number, kind in enumerate(kinds)
            if kind.people is not None
        }

    def uniforms(self, seed: int, replication: int, keys: Ints) -> random_streams.Uniforms:
        """Return the uniforms of callouts. Shape (callouts, WORDS)."""
        raw = random_streams.hashed(
            seed, replication, random_streams.COMPLICATIONS, keys.astype(np.uint64), WORDS
        )
        return random_streams.uniforms(raw)

    def of(self, kind: Ints, u: random_streams.Uniforms) -> list[Complications | None]:
        """Return the complications of each callout, None where there is none."""
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
        """Return how long each callout waits for permission. [ms]"""
        found = np.zeros(len(kind), dtype=np.int64)
        for number, written in enumerate(self.kinds):
            if written.permission is not None:
                mine = kind == number
                found[mine] = durations(written.permission, u[mine, PERMISSION])
        return found

    def added(
        self, seed: int, replication: int, keys: Ints, kind: Ints, u: random_streams.Uniforms
    ) -> AddedTimes:
        """Return what the record and further people add to work on scene and handover. [ms]"""
        scene, handover = (np.zeros(len(kind), dtype=np.int64) for _ in range(2))
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
                column[rows] += np.where(there, times, 0).sum(axis=1)
        return AddedTimes(scene, handover)


_NONE = Complications()


def without_permission(complications: Complications | None) -> Complications | None:
    """Return the complications of a callout of which it is written when it was ready."""
    rest = complications and complications._replace(permission=0)
    return None if rest == _NONE else rest


def _drawn(law: Distribution | None, u: random_streams.Uniforms) -> Durations:
    return np.zeros(len(u), dtype=np.int64) if law is None else durations(law, u)
