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

from sim.log import NO_WAY
from sim.scenario.quantities import Duration

from .common import MILLION, Level, Within
from .dispatch import NOBODY_FREE
from .views import Atlas, CalloutView, Coming, Decision, DeskView

MASK = (1 << 64) - 1

Cost = Annotated[
    Literal["mean", "late"],
    Field(description="What is least: the mean response, or the share that comes late."),
]
Weights = Annotated[
    dict[Level, Annotated[float, Field(ge=0, le=1000)]] | None,
    Field(description="What a callout counts, by priority, as {1: 2, 5: 0.2}; 1 if not named."),
]
Considered = Annotated[
    int, Field(ge=1, le=1000, description="How many of the nearest candidates are tried.")
]

Way = tuple[int, int, Sequence[int], int]
"""Of a team: free from [ms], turnout [ms], times from where it is to every place [ms], home."""


@dataclass(frozen=True, slots=True)
class Random:
    """
    Send any of the candidates, by lot: a reference that no rule should fail to beat.

    The lot is keyed by ``salt``, the callout's number and the time it was ready, so it is the same
    each time the same is asked. Teams are taken in order of number, whatever order they come in.
    """

    source = "a reference; lots by splitmix64: G. Steele, D. Lea, C. Flood, OOPSLA 2014"
    draws = True  # by lot: of equals not always the lowest number

    salt: Annotated[int, Field(ge=0, description="Another salt is another lot.")] = 0

    def __call__(self, callout: CalloutView, desk: DeskView) -> Decision:
        """Return a candidate by lot."""
        if not desk.teams:
            return NOBODY_FREE
        lot = mixed(mixed(mixed(self.salt) ^ callout.number) ^ (callout.ready & MASK))
        teams = sorted(desk.teams)
        return teams[lot * len(teams) >> 64], "by lot"


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
    expected to be free; a team that is done is where its callout ended until it could be at its
    base. The cost is the mean response, or the share that comes late, each callout weighted by
    its priority; this callout counts too. Of equals the sooner goes, then the lower number. The
    nearest ``considered`` candidates are tried.
    """

    source = (
        "after V. Guigues, A. Kleywegt, V. Nascimento, Operation of an ambulance fleet under "
        "uncertainty (2022); rollout: D. Bertsekas and D. Castanon, J. Heuristics 5 (1999)"
    )
    wants = ("idle", "busy", "futures")
    foresees = False

    futures: Annotated[int, Field(ge=1, le=1000, description="How many futures are tried.")] = 10
    ahead: Annotated[
        Duration, Field(gt=0, description="How far each future reaches. [duration]")
    ] = 7_200_000
    cost: Cost = "mean"
    within: Within = 900_000
    weights: Weights = None
    considered: Considered = 6

    def __call__(self, callout: CalloutView, desk: DeskView) -> Decision:
        """Return the candidate with the least cost over the futures."""
        if not desk.teams:
            return NOBODY_FREE
        return tried(self, callout, desk, f"{self.futures} futures")


@dataclass(frozen=True, slots=True)
class Clairvoyant:
    """
    Try each candidate on the callouts that will come, and send the best: a reference.

    As ``rollout``, on the one true future: it knows what no desk can, who will call within
    ``ahead`` and how long the work there will take. It does not plan further than one team at a
    time, expects busy teams when a desk would, and takes this callout to last as long as others:
    the further it sees the less that helps, so an hour is enough. It is no bound on what could be
    done; that is worked out in docs/effects.md.
    """

    source = "a reference; clairvoyant rollout"
    wants = ("idle", "busy", "futures")
    foresees = True
    futures = 1

    ahead: Annotated[Duration, Field(gt=0, description="How far it sees. [duration]")] = 3_600_000
    cost: Cost = "mean"
    within: Within = 900_000
    weights: Weights = None
    considered: Considered = 6

    def __call__(self, callout: CalloutView, desk: DeskView) -> Decision:
        """Return the candidate with the least cost on what will come."""
        if not desk.teams:
            return NOBODY_FREE
        return tried(self, callout, desk, "what will come")


def tried(rule: Rollout | Clairvoyant, callout: CalloutView, desk: DeskView, on: str) -> Decision:
    """Return the candidate with the least cost over the board's futures."""
    near = sorted(zip(desk.arrivals, desk.teams, strict=True))[: rule.considered]
    if len(near) == 1:
        return near[0][1], "the only candidate"
    ways = ways_of(desk)
    gone = desk.now - callout.received
    scored = []
    for arrival, team in near:
        total = cost_of(rule, gone + arrival, callout.priority) * len(desk.board.futures)
        for future in desk.board.futures:
            total += _served(rule, ways, team, arrival, callout, future, desk)
        scored.append((total, arrival, team))
    total, arrival, team = min(scored)
    saved = next(cost for cost, _, other in scored if other == near[0][1]) - total
    if team == near[0][1]:
        return team, f"closest, and the least cost on {on}"
    said = saved / max(len(desk.board.futures), 1) / MILLION
    unit = "min" if rule.cost == "mean" else "late callouts"
    return team, f"costs {said / 60_000 if unit == 'min' else said:.2f} {unit} less on {on}"


def cost_of(rule: Rollout | Clairvoyant, response: int, priority: int) -> int:
    """Return what a response time costs, by the rule. [per million]"""
    weight = round((rule.weights or {}).get(priority, 1.0) * MILLION)
    return weight * (response if rule.cost == "mean" else int(response > rule.within))


def ways_of(desk: DeskView) -> dict[int, Way]:
    """Return of each team from when and where it can be sent."""
    atlas, board, now = desk.atlas, desk.board, desk.now
    rows = atlas.times[desk.period]
    found: dict[int, Way] = {
        team: (now, turnout, drives, -1)
        for team, turnout, drives in zip(board.idle, board.turnouts, board.drives, strict=True)
    }
    for team, free, place in board.busy:
        found[team] = (free, 0, rows[place], _home(atlas, team))
    return found


def _home(atlas: Atlas, team: int) -> int:
    return atlas.base_places[atlas.team_bases[team]]


def _served(
    rule: Rollout | Clairvoyant,
    ways: Mapping[int, Way],
    sent: int,
    arrival: int,
    callout: CalloutView,
    future: Sequence[Coming],
    desk: DeskView,
) -> int:
    """Return the cost of a future if a team is sent to this callout. [per million]"""
    atlas, rows = desk.atlas, desk.atlas.times[desk.period]
    state = dict(ways)
    # how long this callout keeps the team nobody knows: as long as the future's mean
    busy = sum(c.busy for c in future) // len(future) if future else 0
    state[sent] = (desk.now + arrival + busy, 0, rows[callout.place], _home(atlas, sent))
    total = 0
    for coming in future:
        best: tuple[int, int] | None = None
        for team, way in state.items():
            if coming.brings and not atlas.team_brings[team] & coming.brings:
                continue
            at = _there(way, coming, rows) + atlas.last_mile
            if at < NO_WAY and (best is None or (at, team) < best):
                best = (at, team)
        if best is None:
            continue
        at, team = best
        total += cost_of(rule, at - coming.ready, coming.priority)
        state[team] = (at + coming.busy, 0, rows[coming.ends], _home(atlas, team))
    return total


def _there(way: Way, coming: Coming, rows: Sequence[Sequence[int]]) -> int:
    """Return when a team could be at a coming callout, the last mile apart. [ms]"""
    free, turnout, drives, home = way
    begins = max(coming.ready, free)
    if home >= 0 and begins > free + drives[home]:
        return begins + rows[home][coming.place]
    return begins + turnout + drives[coming.place]


RULES: dict[str, type] = {"random": Random, "rollout": Rollout, "clairvoyant": Clairvoyant}
