"""
A bound that no dispatch rule can beat, even with full information, in worlds of a simple kind. It
is computed from a replication's own callouts and draws, so a rule's result on the same replication
can be set next to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import SimError, UsageError
from sim.log import NO_ACCESS
from sim.world import Callout, Marks, World

SLACK = 1e-3  # what the solver may be off by; the bound is a whole number, so this costs nothing


@dataclass(frozen=True, slots=True)
class HindsightBound:
    """What no dispatch rule can better in a replication."""

    late: int  # callouts that come late, at least
    callouts: int
    mean_response: float  # as if all teams were free at their bases all the time [ms]

    @property
    def late_share(self) -> float:
        """The same as a share of the callouts."""
        return self.late / self.callouts if self.callouts else 0.0


@dataclass(frozen=True, slots=True)
class _ReachablePair:
    """A callout that a team could reach in time, and when the team is surely out for it. [ms]"""

    callout: int
    team: int
    begins: int
    ends: int


def clairvoyant_bound(world: World, seed: int, replication: int, within: int) -> HindsightBound:
    """
    Return a lower bound on the callouts reached later than ``within`` under any dispatch rule.

    A team that reaches a callout in time is sent at some instant between ready and the last at
    which it would still be in time, so it is out from that last instant until the earliest at
    which it could be home again, whenever it is sent. No team is out for two callouts at once. So
    the callouts that a schedule reaches in time, each with its team, satisfy: each callout at most
    one team, and at each instant at most one of the callouts that a team is surely out for. The
    largest number of callouts under these conditions alone, whole or not (a linear program), is
    at least what any schedule reaches in time; the rest come late. Callouts that come late, and
    those of the warm-up, keep nobody busy here, so the bound may be better than any rule can be.
    Rules of relocation, reassignment and pre-emption are outside it.

    Parameters
    ----------
    world
        One in which every team is always on duty, is free only at its base
        (``dispatch_while_returning: false``), goes home when done, and is all that a callout
        needs; without hospitals.
    seed, replication
        The draws.
    within
        Response time that counts as in time. [ms]

    Raises
    ------
    UsageError
        When the world is another, for which this would be no bound.

    """
    _check(world)
    callouts = [
        (callout, marks)
        for callout, marks in world.demand.callouts(seed, replication)
        if callout.received >= 0
    ]
    pairs = [
        pair
        for number, (callout, marks) in enumerate(callouts)
        for pair in _in_time(world, number, callout, marks, within)
    ]
    most = _most(pairs, len(callouts))
    soonest = [_soonest(world, callout, marks) for callout, marks in callouts]
    mean = sum(soonest) / len(soonest) if soonest else 0.0
    return HindsightBound(len(callouts) - int(most + SLACK), len(callouts), mean)


def _check(world: World) -> None:
    scenario, fleet = world.scenario, world.fleet
    centre = scenario.dispatch_centre
    if centre.dispatch_while_returning or centre.dispatch_when_cleared:
        raise UsageError("the bound holds where teams are free at their bases only")
    if any(kind.to for kind in scenario.demand.kinds.values()):
        raise UsageError("the bound holds without hospitals")
    always = ((world.begins, world.ends),)
    for crew in fleet.crews:
        enough = all(
            n.people <= crew.people and not n.capabilities & ~crew.capabilities for n in fleet.needs
        )
        leaves = crew.duty != always or crew.breaks or crew.limits or crew.tank
        if leaves or crew.assembly_spec or crew.vehicles or not enough:
            raise UsageError(f"the bound holds for teams that are always there; {crew.name} is not")


def _soonest(world: World, callout: Callout, marks: Marks) -> int:
    """Return the response time of the nearest team, were it free; what nobody reaches counts 0."""
    handling = callout.ready - callout.received
    reached = [
        handling
        + marks.turnout[crew.turnout]
        + world.travel.times[period][crew.place][callout.place]
        + marks.local_travel
        for crew in world.fleet.crews
        for period in world.periods_of(crew.number)
        if world.travel.times[period][crew.place][callout.place] < NO_ACCESS
    ]
    return min(reached, default=0)


def _in_time(
    world: World, number: int, callout: Callout, marks: Marks, within: int
) -> list[_ReachablePair]:
    """Return the teams that could reach a callout in time."""
    place = callout.place
    found = []
    for crew in world.fleet.crews:
        times = [world.travel.times[period] for period in world.periods_of(crew.number)]
        # by day or by night, whichever is the quicker at each step: a bound
        there = min(period[crew.place][place] for period in times)
        back = min(period[place][crew.place] for period in times)
        if there >= NO_ACCESS:
            continue
        reached = marks.turnout[crew.turnout] + there + marks.local_travel
        last = callout.received + within - reached
        if last >= callout.ready:
            ends = (
                callout.ready + reached + marks.on_scene[crew.on_scene_index] + min(back, NO_ACCESS)
            )
            found.append(_ReachablePair(number, crew.number, last, min(ends, world.ends)))
    return found


def _most(pairs: list[_ReachablePair], callouts: int) -> float:
    """Return the largest number of callouts reached in time under the conditions above."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    if not pairs:
        return 0.0
    rows: list[int] = [pair.callout for pair in pairs]
    columns = list(range(len(pairs)))
    row = callouts
    by_team: dict[int, list[int]] = {}
    for i, pair in enumerate(pairs):
        if pair.ends > pair.begins:
            by_team.setdefault(pair.team, []).append(i)
    for mine in by_team.values():
        mine.sort(key=lambda i: pairs[i].begins)
        out: list[int] = []
        for i in mine:  # it is enough to look whenever another interval begins
            out = [other for other in out if pairs[other].ends > pairs[i].begins]
            out.append(i)
            rows += [row] * len(out)
            columns += out
            row += 1
    table = coo_array((np.ones(len(rows)), (rows, columns)), shape=(row, len(pairs)))
    limits: Any = table.tocsr()  # sparse is fine, though not all stubs know it
    solved = linprog(
        -np.ones(len(pairs)),
        A_ub=limits,
        b_ub=np.ones(row),
        bounds=(0, 1),
        method="highs",
    )
    if solved.status != 0:
        raise SimError(f"the bound could not be worked out: {solved.message}")
    return float(-solved.fun)
