"""
Kilometres driven and relocations of each team, by what the drives were for.

A drive is *to a scene* or *to hospital* while its team is on a mission, and *home* from a mission
to the team's own base. Any other drive to a base is a *relocation*: after a mission to another one,
or from the base at which a team waits, or for which it is bound, to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from sim.log import DriveRow

from .columns import Facts, facts_named

UNKNOWN = -1  # metres where the world has no distances
PURPOSES = ("to_scene", "to_hospital", "home", "relocation")
# What is kept of each team in each replication where it is asked: metres, and a number.
DRIVING_FACTS = facts_named(*PURPOSES, "relocations")

Driven = Sequence[tuple[DriveRow, float | None]]
"""The drives of a team that held for a time, with the metres driven of each; None: not known."""


def driving_facts(
    driven: Mapping[int, Driven], base_places: Sequence[int], begins: int = 0
) -> Facts:
    """
    Return metres and relocations of each team in a replication: `DRIVING_FACTS`. Shape (teams,)

    Parameters
    ----------
    driven
        The drives of each team, in order, from the start of the run.
    base_places
        The place of each team's own base. Shape (teams,)
    begins
        Relocations are counted from then on. [ms]

    """
    facts = np.zeros(len(base_places), dtype=DRIVING_FACTS)
    for team, drives in driven.items():
        home = base_places[team]
        purposes = _purposes((row for row, _ in drives), home)
        metres = dict.fromkeys(PURPOSES, 0.0)
        for (row, length), (purpose, begun) in zip(drives, purposes, strict=True):
            metres[purpose] += length or 0.0
            facts["relocations"][team] += begun and row.at >= begins
        known = all(length is not None for _, length in drives)
        for purpose in PURPOSES:
            facts[purpose][team] = round(metres[purpose]) if known else UNKNOWN
    return facts


def _purposes(drives: Iterable[DriveRow], home: int) -> Iterable[tuple[str, bool]]:
    """Yield what each drive of a team was for, and whether a relocation began with it."""
    scenes: dict[int, int] = {}  # the place of each callout: its first drive leads there
    waits_at: int | None = home  # the place of the base it waits at or is bound for
    purpose = "home"
    for row in drives:
        goal = row.destination
        if row.callout is not None:
            scene = scenes.setdefault(row.callout, goal)
            waits_at, purpose = None, "to_scene" if goal == scene else "to_hospital"
            yield purpose, False
            continue
        if row.origin is None or row.arrives <= row.at:  # it stands
            if row.origin == goal == home:
                waits_at = home
            yield "home", False
            continue
        begins = goal != (home if waits_at is None else waits_at)
        if waits_at is None or begins:
            purpose = "relocation" if begins else "home"
        waits_at = goal
        yield purpose, begins
