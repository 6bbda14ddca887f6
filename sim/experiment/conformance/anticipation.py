"""
Whether a policy decides by what has happened only, or also by what is still to come.

A day is run again with another end. Up to an instant the two days are the same; after it all
differs that a scenario and its draws can change: roads and hospitals close, announced or not, there
are a checkpoint and a curfew, other callouts and more of them, and turnout and work that have not
begun take longer. A policy that knows what the dispatcher knows decides the same up to that instant
on both days, with the same reasons. One that does not has found the future somewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest
from typing import Any, NamedTuple

from sim.by_identity import ByIdentity
from sim.log import KeptLog
from sim.policies.contract.decision_checks import shown
from sim.policies.contract.error_report import clock
from sim.scenario import ScenarioFile
from sim.scenario.fields.demand_models import Surge
from sim.scenario.fields.disruption_models import Checkpoint, Closure, Curfew, HospitalClosure
from sim.world import Callout, Marks, World, build
from sim.world.road_travel.network import nearest_nodes

MOST_ENDS, FEW_ENDS = 8, 2  # other ends of a day; few for rules that take long
CHANGES_AT = (0.3, 0.55, 0.8)  # of a day on a road network: when they begin
CHANGE_IF_SLOW = (0.55,)
DOORS = 3  # roads that close then, one of them unannounced
FACTOR = 3  # how many more callouts come, and how much longer work takes
LONGER = 3_600_000  # by how much longer callers wait [ms]

Handed = tuple[Any, ...]
Callouts = list[tuple[Callout, Marks]]


class Ran(NamedTuple):
    """What came of a day: its log, and what the policy was handed and answered, in order."""

    log: KeptLog
    calls: Sequence[tuple[Handed, Any]]


class OtherEnd(NamedTuple):
    """A scenario that differs from another one only after an instant [ms], and its world."""

    at: int
    file: ScenarioFile
    world: World


Runs = Callable[[OtherEnd, Callouts], Ran]
"""Runs a day under the policy that is tried, with these callouts."""


def foreseen(world: World, seed: int, first: Ran, run: Runs, is_slow: bool) -> str:
    """
    Return how a policy shows that it knows what is still to come; empty if it does not.

    Parameters
    ----------
    world
        That of the day.
    seed
        Of its draws, in replication 0.
    first
        What came of it.
    run
        Runs the same day with another end, up to where it begins: what comes later is not judged.
    is_slow
        Whether the policy takes long: then fewer ends are tried.

    """
    for end in other_ends(world.file, first.calls, is_slow):
        again = run(end, callouts_with_other_end(world, end, seed, first.log))
        if told := _first_difference(first, again, end):
            return f"{world.scenario.name}, {told}"
    return ""


# -- another end of the day ---------------------------------------------------------------------


def other_ends(
    file: ScenarioFile, calls: Sequence[tuple[Handed, Any]], is_slow: bool = False
) -> Iterator[OtherEnd]:
    """
    Yield the same day with other ends.

    They begin right after some of the calls, when all that a decision is about is still to come; on
    a road network, which takes long to build, at instants that are the same for all policies.
    """
    if file.edges:
        shares = CHANGE_IF_SLOW if is_slow else CHANGES_AT
        for share in shares:
            yield _on_network(ByIdentity(file), round(share * file.scenario.clock.length))
        return
    times = [handed[-1].now for handed, _ in calls]
    step = -(-len(times) // (FEW_ENDS if is_slow else MOST_ENDS)) or 1
    for at in sorted({at + 1 for at in times[step - 1 :: step]}):
        yield _other_end(file, at)


@lru_cache(maxsize=2 * len(CHANGES_AT))
def _on_network(key: ByIdentity[ScenarioFile], at: int) -> OtherEnd:
    return _other_end(key.kept, at)


def _other_end(file: ScenarioFile, at: int) -> OtherEnd:
    other = _with_other_end(file, at)
    return OtherEnd(at, other, replace(build(other), ends=at))


def _with_other_end(file: ScenarioFile, at: int) -> ScenarioFile:
    """Return a scenario in which everything that can differs from an instant on. [ms]"""
    scenario, own = file.scenario, file.scenario.map
    since = {"from": scenario.clock.local.moment(at)}
    more: dict[str, Any] = {
        "curfews": (*own.curfews, Curfew.model_validate({**since, "speed": "50%"})),
        "hospital_closures": (
            *own.hospital_closures,
            *(HospitalClosure.model_validate({**since, "hospital": row.name})
              for row in file.hospitals[:-1]),
        ),
    }  # fmt: skip
    if doors := _doors(file):
        known = ["discovered", *["announced"] * (len(doors) - 1)]
        shut = [
            Closure.model_validate({**since, "edge": edge, "known": how})
            for edge, how in zip(doors, known, strict=True)
        ]
        stop = {**since, "edge": doors[-1], "delay": "30 min"}
        more["closures"] = (*own.closures, *shut)
        more["checkpoints"] = (*own.checkpoints, Checkpoint.model_validate(stop))
    surge = Surge.model_validate({**since, "factor": FACTOR})
    demand = scenario.demand.model_copy(update={"surges": (surge,)})
    changed = {"map": own.model_copy(update=more), "demand": demand}
    return replace(file, scenario=scenario.model_copy(update=changed))


def _doors(file: ScenarioFile) -> list[tuple[str, str]]:
    """Return a road from each of the first bases; none where there is no road network."""
    if not file.edges:
        return []
    names = [place.name for place in file.places]
    nodes = dict(zip(names, nearest_nodes(file.places, file.nodes), strict=True))
    found: dict[tuple[str, str], None] = {}
    for name, base in file.scenario.bases.items():
        node = file.nodes[nodes[base.place or name]].id
        roads = [(e.start, e.end) for e in file.edges if node in (e.start, e.end)]
        found |= dict.fromkeys(roads[:1])
    return list(found)[:DOORS]


def callouts_with_other_end(world: World, end: OtherEnd, seed: int, log: KeptLog) -> Callouts:
    """
    Return the day's callouts up to the instant, then those of the other end.

    What of the first had not begun by then differs too: how long work takes where nobody had
    arrived, and turnout where nobody had left, and when callers abandon who had not done so.
    """
    # a team that was sent on to another callout while it got ready takes its turnout along
    moved = {m.callout for m in log.missions if m.en_route is None or m.en_route < end.at}
    reached = {c.callout for c in log.callouts if c.on_scene is not None and c.on_scene < end.at}
    found = [
        (
            callout,
            marks
            if callout.number in reached
            else _longer(callout, marks, end.at, callout.number in moved),
        )
        for callout, marks in world.demand.callouts(seed, 0)
        if callout.ready < end.at
    ]
    number = max((callout.number for callout, _ in found), default=-1)
    for callout, marks in end.world.demand.callouts(seed, 0):
        if callout.ready >= end.at:
            number += 1
            found.append((callout._replace(number=number), marks))
    return found


def _longer(callout: Callout, marks: Marks, at: int, is_moved: bool) -> Marks:
    """Return draws of which all that is still open at an instant turns out otherwise."""
    turnout = marks.turnout if is_moved else tuple(FACTOR * time for time in marks.turnout)
    abandons = marks.abandons_after
    if abandons is not None and callout.ready + abandons > at:
        abandons += LONGER
    return marks._replace(
        on_scene=tuple(FACTOR * time for time in marks.on_scene),
        turnout=turnout,
        local_travel=FACTOR * marks.local_travel,
        handover=FACTOR * marks.handover,
        transported=not marks.transported,
        abandons_after=abandons,
    )


# -- what differs before ------------------------------------------------------------------------


def _first_difference(first: Ran, again: Ran, end: OtherEnd) -> str:
    """Return what was first decided otherwise before the other end begins."""
    start = end.world.clock
    begins = clock(end.at, start)
    calls = zip(_before(first, end), _before(again, end), strict=False)
    for (handed, answer), (handed_now, now) in calls:
        if handed != handed_now:
            break  # it follows from what was answered before, which the decisions show
        if answer != now:
            about = f", callout {handed[0].number}" if len(handed) > 1 else ""
            return (
                f"{clock(handed[-1].now, start)}{about}: it answered {shown(answer)}, but "
                f"{shown(now)} when only what comes after {begins} is different"
            )
    rows = ([row for row in ran.log.decisions if row.at < end.at] for ran in (first, again))
    for row, other in zip_longest(*rows):
        if row != other:
            at = min(r.at for r in (row, other) if r is not None)
            return (
                f"{clock(at, start)}: decisions differ when only what comes after {begins} is "
                "different"
            )
    return ""


def _before(ran: Ran, end: OtherEnd) -> Iterator[tuple[Handed, Any]]:
    """Yield the calls before an instant; none where a policy is not shown the time."""
    for handed, answer in ran.calls:
        if getattr(handed[-1], "now", end.at) < end.at:
            yield handed, answer
