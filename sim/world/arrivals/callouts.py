"""
A callout and its draws, as the engine takes them.

What the dispatcher knows (``Callout``) and what nobody knows beforehand (``Marks``) are apart, so
that a rule cannot see the future by accident. Marks belong to the callout and not to the team that
is sent: whoever goes, the same work waits there (common random numbers [1]_).

Assumptions: the durations of one callout are independent of each other and of its place and time,
unless the scenario gives a place its own work on scene. A team with its own time on scene or its
own turnout gets the same quantile of its own distribution: a hard callout is hard for every team.

References
----------
.. [1] A. M. Law, *Simulation Modeling and Analysis*, 5th ed., 2015, chapter 11.

"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.scenario import Distribution, Scenario
from sim.scenario.fields.transports import carrier_of

from ..variates.durations import Durations, durations
from ..variates.poisson_thinning import (
    ABANDONS_AFTER,
    HANDLING,
    HANDOVER,
    LOCAL_TRAVEL,
    ON_SCENE,
    TRANSPORT,
    TURNOUT,
    CalloutBlock,
)
from .complications import ComplicationDraws, Complications, without_permission


class Callout(NamedTuple):
    """What dispatcher and policies know of a callout: need, place and time, never identity."""

    number: int  # in the order received, from 0, those of the warm-up included
    kind: int
    priority: int  # 1 is the most urgent
    place: int
    received: int  # [ms]
    ready: int  # to be dispatched: after call handling and the wait for permission [ms]


class Marks(NamedTuple):
    """
    A callout's draws, which nobody at the dispatcher knows beforehand. Times in ms.

    ``TeamSpec.on_scene_index`` and ``TeamSpec.turnout`` say which entry is a team's.
    """

    key: int  # of its random numbers: the same callout in every alternative and at any run length
    on_scene: tuple[int, ...]  # work of a full crew; 0 the kind's own, then those of teams
    turnout: tuple[int, ...]  # dispatched to wheels turning, by distinct distribution
    local_travel: int  # from the place's centre to the door; again on the way to hospital
    transported: bool  # whether it ends in a transport to hospital
    handover: int  # at the hospital, of the first transport
    abandons_after: int | None  # from ready, if no team has been sent; None: the caller waits
    complications: Complications | None = None  # None: none of them


# named tuples built directly, without their slower Python constructor
_callout = partial(tuple.__new__, Callout)
_marks = partial(tuple.__new__, Marks)


class TeamDistributions(NamedTuple):
    """
    The distinct distributions that teams bring along, in the order their numbers refer to.

    A duration is drawn once per callout and distribution, not once per team.
    """

    on_scene_distributions: tuple[Distribution, ...]  # on scene, of teams that differ from the kind
    turnouts: tuple[Distribution, ...]


class RowBuilder:
    """
    Turns blocks of callouts into rows: what the dispatcher knows, and each one's draws.

    Parameters
    ----------
    scenario
        Where the distributions of the kinds come from.
    team_distributions
        Those of teams that have their own.
    place_number
        The number of each place, by name.

    """

    def __init__(
        self,
        scenario: Scenario,
        team_distributions: TeamDistributions,
        place_number: Mapping[str, int],
    ) -> None:
        self.scenario, self.team_distributions, self.place_number = (
            scenario,
            team_distributions,
            place_number,
        )
        self.kinds = list(scenario.demand.kinds.values())
        carriers = (carrier_of(scenario, kind) for kind in self.kinds)
        self.complications = ComplicationDraws(
            self.kinds, [None if carrier is None else carrier.carries for carrier in carriers]
        )

    def of(
        self, seed: int, replication: int, block: CalloutBlock, first_number: int
    ) -> list[tuple[Callout, Marks]]:
        """
        Return a block's callouts and marks as the engine takes them, in the order of the block.

        What a record or an incident gives is taken as it is: a recorded time on scene or handling
        time replaces the drawn one with all that would be added to it, permission included.

        Parameters
        ----------
        seed, replication
            The key of the draws that are not in the block: those of complications.
        block
            In order of time, so that numbers are in the order received.
        first_number
            The number of the first of them.

        """
        n = len(block.at)
        if not n:
            return []
        desk, u, kind, given = self.scenario.dispatch_centre, block.u, block.kind, block.given
        handling = durations(desk.call_handling, u[:, HANDLING])
        on_scene_distributions = [
            self._on_scene(block),
            *(durations(d, u[:, ON_SCENE]) for d in self.team_distributions.on_scene_distributions),
        ]
        handover = self._by_kind(block, [k.handover for k in self.kinds], HANDOVER)
        transported = self._transported(block).tolist()
        complications: list[Complications | None] = [None] * n
        if self.complications.any or self.complications.further:
            v = self.complications.uniforms(seed, replication, block.keys)
            complications = self.complications.of(kind, v)
            handling = handling + self.complications.permission(kind, v)
            further = self.complications.added(seed, replication, block.keys, kind, v)
            on_scene_distributions = [
                column + further.on_scene for column in on_scene_distributions
            ]
            handover = handover + further.handover
            for row, handovers in further.handovers.items():
                known = complications[row] or Complications()
                complications[row] = known._replace(handovers=handovers)
        if given is not None:
            on_scene_distributions = [
                _given(given.on_scene, column) for column in on_scene_distributions
            ]
            handling = _given(given.handling, handling)
            complications = [
                t if g is None else without_permission(t)
                for g, t in zip(given.handling, complications, strict=True)
            ]
            handover = _given(given.handover, handover)
            transported = [
                t if g is None else g for g, t in zip(given.transported, transported, strict=True)
            ]
        ready = block.at + handling
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
        turnouts = [durations(d, u[:, TURNOUT]) for d in self.team_distributions.turnouts]
        draws = zip(
            block.keys.tolist(),
            zip(*(column.tolist() for column in on_scene_distributions), strict=True),
            zip(*(column.tolist() for column in turnouts), strict=True),
            durations(self.scenario.map.local_travel, u[:, LOCAL_TRAVEL]).tolist(),
            transported,
            handover.tolist(),
            self._gives_up(block),
            complications,
            strict=True,
        )
        return list(zip(map(_callout, callouts), map(_marks, draws), strict=True))

    def _by_kind(
        self, block: CalloutBlock, team_distributions: Sequence[Distribution], word: int
    ) -> Durations:
        found = np.zeros(len(block.at), dtype=np.int64)
        for number, law in enumerate(team_distributions):
            if law.value != 0:
                mine = block.kind == number
                found[mine] = durations(law, block.u[mine, word])
        return found

    def _on_scene(self, block: CalloutBlock) -> Durations:
        found = self._by_kind(block, [k.on_scene for k in self.kinds], ON_SCENE)
        for number, kind in enumerate(self.kinds):
            for place, law in kind.on_scene_at.items():
                here = (block.kind == number) & (block.place == self.place_number[place])
                found[here] = durations(law, block.u[here, ON_SCENE])
        return found

    def _transported(self, block: CalloutBlock) -> npt.NDArray[np.bool_]:
        share = np.array([k.transported if k.to else 0.0 for k in self.kinds])
        taken: npt.NDArray[np.bool_] = block.u[:, TRANSPORT] < share[block.kind]
        return taken

    def _gives_up(self, block: CalloutBlock) -> Sequence[int | None]:
        if all(k.abandons_after is None for k in self.kinds):
            return [None] * len(block.at)
        never = Distribution(distribution="fixed", value=0)
        waits = self._by_kind(
            block, [k.abandons_after or never for k in self.kinds], ABANDONS_AFTER
        )
        patient = [k.abandons_after is None for k in self.kinds]
        return [
            None if patient[k] else w
            for k, w in zip(block.kind.tolist(), waits.tolist(), strict=True)
        ]


def _given(given: Sequence[int | None], drawn: Durations) -> Durations:
    return np.array([d if g is None else g for g, d in zip(given, drawn.tolist(), strict=True)])
