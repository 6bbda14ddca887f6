"""
Dispatch rules that look ahead, and the references to judge rules by.

``random`` knows nothing and ``clairvoyant`` what will come: how far apart they are, and where
``closest`` lies between them, is what information is worth to a scenario.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from sim.log import NO_ACCESS
from sim.scenario.fields.quantities import Duration

from ..rule_basis.board import CalloutView, FutureCallout
from ..rule_basis.common import MILLION, Level, Within
from ..rule_basis.views import Atlas, Decision, DispatchView
from .dispatch import NOBODY_FREE

MASK = (1 << 64) - 1

Way = tuple[int, int, Sequence[int], int]
"""
How a team can be sent: from when [ms], after which turnout [ms], times from where it is then to
every place [ms]; and from when it is at its base [ms], from where it is sent again.
"""

Base = tuple[int, Sequence[int]]
"""From its base: a team's turnout [ms], times to every place [ms]."""

Cost = Annotated[
    Literal["mean", "late"],
    Field(description="What to minimise: the mean response, or the share late."),
]
PriorityWeights = Annotated[
    dict[Level, Annotated[float, Field(ge=0, le=1000)]] | None,
    Field(description="What a callout counts, by priority, as {1: 2, 5: 0.2}; 1 if not named."),
]
Considered = Annotated[
    int, Field(ge=1, le=1000, description="How many of the nearest candidates are tried.")
]


@dataclass(frozen=True, slots=True)
class Random:
    """
    Send one of the candidates at random: a reference that every rule should beat.

    The draw is keyed by ``salt``, the callout's number and the time it was ready, so the same
    question always gets the same answer. Teams are taken in order of number, in any order of the
    candidates.
    """

    source = (
        'a reference; drawn by splitmix64: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable '
        'pseudorandom number generators", Proc. OOPSLA, 2014, 453-472'
    )
    draws = True  # at random: in a tie not always the lowest number

    salt: Annotated[int, Field(ge=0, description="Another salt gives other random numbers.")] = 0

    def __call__(self, callout: CalloutView, view: DispatchView) -> Decision:
        """Return a candidate at random."""
        if not view.teams:
            return NOBODY_FREE
        drawn = mixed(mixed(mixed(self.salt) ^ callout.number) ^ (callout.ready & MASK))
        teams = sorted(view.teams)
        return teams[drawn * len(teams) >> 64], "at random"


def mixed(number: int) -> int:
    """Return 64 bits that tell nothing of those given: the finalizer of splitmix64."""
    z = (number + 0x9E3779B97F4A7C15) & MASK
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


@dataclass(frozen=True, slots=True)
class Rollout:
    """
    Try each candidate on possible futures, served by the closest rule, and send the best.

    A future is another sample path of the demand, keyed, for the next ``ahead``. In it each
    callout takes the one team that would be there first, busy ones counted from when they are
    expected to be free; a team that is done goes home, and where the dispatcher sends teams that
    are returning it can be sent again at once: until it could be at its base it counts as where its
    callout ended. Shifts that begin or end within ``ahead``, pending callouts, and teams beyond the
    first are left out. The cost is the mean response, or the share late, each callout weighted by
    its priority; this callout counts too. Ties go to the sooner, then to the lower number. The
    nearest ``considered`` candidates are tried.
    """

    source = (
        'after V. Guigues, A. J. Kleywegt, V. H. Nascimento, "Operation of an ambulance fleet '
        'under uncertainty", arXiv:2203.16371, 2022; rollout: D. P. Bertsekas, D. A. Castañón, '
        '"Rollout algorithms for stochastic scheduling problems", J. Heuristics 5(1), 1999, 89-108'
    )
    wants = ("idle", "busy", "futures")
    foresees = False

    futures: Annotated[int, Field(ge=1, le=1000, description="How many futures are tried.")] = 10
    ahead: Annotated[
        Duration, Field(gt=0, description="How far each future reaches. [duration]")
    ] = 7_200_000
    cost: Cost = "mean"
    within: Within = 900_000
    weights: PriorityWeights = None
    considered: Considered = 6

    def __call__(self, callout: CalloutView, view: DispatchView) -> Decision:
        """Return the candidate with the least cost over the futures."""
        return tried(self, callout, view, f"{self.futures} futures")


@dataclass(frozen=True, slots=True)
class Clairvoyant:
    """
    Try each candidate on the callouts that will come, and send the best: a reference.

    Like ``rollout``, but on the actual future: it knows what no dispatcher can know, the callouts
    within ``ahead`` and how long all work takes: theirs, this callout's, and that of busy teams. It
    does not plan further than one team at a time, so it is no bound on what could be done; that is
    ``clairvoyant_bound`` of the effects.
    """

    source = "a reference; clairvoyant rollout"
    wants = ("idle", "busy", "futures")
    foresees = True
    futures = 1

    ahead: Annotated[Duration, Field(gt=0, description="How far ahead it knows. [duration]")] = (
        14_400_000
    )
    cost: Cost = "mean"
    within: Within = 900_000
    weights: PriorityWeights = None
    considered: Considered = 6

    def __call__(self, callout: CalloutView, view: DispatchView) -> Decision:
        """Return the candidate with the least cost on what will come."""
        return tried(self, callout, view, "what will come")


def tried(
    rule: Rollout | Clairvoyant, callout: CalloutView, view: DispatchView, on: str
) -> Decision:
    """Return the candidate with the least cost over the board's futures."""
    if not view.teams:
        return NOBODY_FREE
    near = sorted(zip(view.arrivals, view.teams, strict=True))[: rule.considered]
    if len(near) == 1:
        return near[0][1], "the only candidate"
    ways, bases = ways_of(view), bases_of(view)
    gone = view.now - callout.received
    scored = []
    for arrival, team in near:
        total = cost_of(rule, gone + arrival, callout.priority) * len(view.board.futures)
        for future in view.board.futures:
            total += _served(rule, ways, bases, team, arrival, callout, future, view)
        scored.append((total, arrival, team))
    total, arrival, team = min(scored)
    saved = next(cost for cost, _, other in scored if other == near[0][1]) - total
    if team == near[0][1]:
        return team, f"closest, and the least cost on {on}"
    said = saved / max(len(view.board.futures), 1) / MILLION
    unit = "min" if rule.cost == "mean" else "late callouts"
    return team, f"costs {said / 60_000 if unit == 'min' else said:.2f} {unit} less on {on}"


def cost_of(rule: Rollout | Clairvoyant, response: int, priority: int) -> int:
    """Return what a response time costs, by the rule. [per million]"""
    weight = round((rule.weights or {}).get(priority, 1.0) * MILLION)
    return weight * (response if rule.cost == "mean" else int(response > rule.within))


def ways_of(view: DispatchView) -> dict[int, Way]:
    """Return of each team from when and where it can be sent."""
    atlas, board, now = view.atlas, view.board, view.now
    found: dict[int, Way] = {}
    for team, turnout, drives in zip(board.idle, board.turnouts, board.drives, strict=True):
        home = atlas.base_places[atlas.team_bases[team]]
        # on the road it goes home; one that rests stays where it is
        found[team] = (now, turnout, drives, NO_ACCESS if turnout else now + drives[home])
    for team, free, place in board.busy:
        found[team] = _freed(view, team, free, place)
    return found


def bases_of(view: DispatchView) -> list[Base]:
    """Return each team's base; who does not rest now is taken to turn out as the others do."""
    atlas, board = view.atlas, view.board
    turnouts = {team: t for team, t in zip(board.idle, board.turnouts, strict=True) if t}
    usual = sum(turnouts.values()) // max(len(turnouts), 1)
    return [
        (turnouts.get(team, usual), atlas.times_of(team)[atlas.base_places[base]])
        for team, base in enumerate(atlas.team_bases)
    ]


def _freed(view: DispatchView, team: int, free: int, place: int) -> Way:
    """Return how a team can be sent that is done at an instant and a place."""
    atlas = view.atlas
    drives = atlas.times_of(team)[place]
    home = free + drives[atlas.base_places[atlas.team_bases[team]]]
    return (free if atlas.dispatch_while_returning else home, 0, drives, home)


def _served(
    rule: Rollout | Clairvoyant,
    ways: Mapping[int, Way],
    bases: Sequence[Base],
    sent: int,
    arrival: int,
    callout: CalloutView,
    future: Sequence[FutureCallout],
    view: DispatchView,
) -> int:
    """Return the cost of a future if a team is sent to this callout. [per million]"""
    atlas = view.atlas
    brings, based, local_travel = atlas.team_capabilities, atlas.team_bases, atlas.local_travel
    state = dict(ways)
    busy, ends = _keeps(callout, future, atlas, sent)
    state[sent] = _freed(view, sent, view.now + arrival + busy, ends)
    total = 0
    for coming in future:
        if coming.ready <= view.now:
            continue  # this callout, or one at the same instant
        best: tuple[int, ...] | None = None
        for team, way in state.items():
            if coming.capabilities and not brings[team] & coming.capabilities:
                continue
            at = _there(way, bases[team], coming) + local_travel
            if at < NO_ACCESS and (best is None or at <= best[0]):
                # ties by what they are, so that the cost does not depend on their numbers
                found = (at, way[0], based[team], brings[team], team)
                best = found if best is None else min(best, found)
        if best is None:
            continue
        at, team = best[0], best[-1]
        total += cost_of(rule, at - coming.ready, coming.priority)
        busy, ends = _lasts(coming, atlas, team)
        state[team] = _freed(view, team, at + busy, ends)
    return total


def _lasts(coming: FutureCallout, atlas: Atlas, team: int) -> tuple[int, int]:
    """Return how long a callout keeps a team, and where it ends. [ms]"""
    if coming.carrier and not atlas.team_capabilities[team] & coming.carrier:
        return coming.on_scene, coming.place
    if not atlas.team_speeds:
        return coming.busy, coming.ends
    longer = round(coming.drive / atlas.team_speeds[team]) - coming.drive
    return coming.busy + longer, coming.ends


def _keeps(
    callout: CalloutView, future: Sequence[FutureCallout], atlas: Atlas, team: int
) -> tuple[int, int]:
    """
    Return how long this callout keeps a team, once there, and where it ends. [ms]

    Of the true future that is known, unless the callout has waited; of others as long as their
    mean, because it is as uncertain as they are.
    """
    if not future:
        return 0, callout.place
    for coming in future:
        if coming.ready > callout.ready:
            break
        if (coming.ready, coming.kind, coming.place) == (
            callout.ready,
            callout.kind,
            callout.place,
        ):
            return _lasts(coming, atlas, team)
    return sum(coming.busy for coming in future) // len(future), callout.place


def _there(way: Way, base: Base, coming: FutureCallout) -> int:
    """Return when a team could be at a coming callout, without local travel. [ms]"""
    free, turnout, drives, home = way
    begins = max(coming.ready, free)
    if begins >= home:
        return begins + base[0] + base[1][coming.place]
    return begins + turnout + drives[coming.place]


RULES: dict[str, type] = {"random": Random, "rollout": Rollout, "clairvoyant": Clairvoyant}
